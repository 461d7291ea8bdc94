"""How a report of a round calls what the scheme's terms name, in English and Chinese."""

from collections.abc import Iterable
from datetime import date, timedelta

from fairlot._base.errors import InvalidInput
from fairlot._base.workdays import Workdays
from fairlot.proficiency.choice import SENTENCES
from fairlot.proficiency.followup import ORDERED
from fairlot.proficiency.round import Round
from fairlot.proficiency.scoring import REASONS
from fairlot.proficiency.terms import GradeTerms
from fairlot.proficiency.verdict import ABSENT, OPEN

__all__ = ["WORDS", "language_of", "scale_in_words", "time_in_words", "word"]

WORDS = {
    "formulation": ("formulation", "配制值"),
    "crm": ("certified reference material", "有证标准物质证书值"),
    "reference": ("reference laboratory", "参考实验室赋值"),
    "experts": ("consensus of expert laboratories", "专家实验室一致值"),
    "mean": ("mean of the participants", "参加者平均值"),
    "median": ("median of the participants", "参加者中位值"),
    "algorithm_a": ("robust mean of the participants (Algorithm A)", "参加者稳健平均值（算法 A）"),
    "n_iqr": ("median of the participants, normalised interquartile range", "参加者中位值（标准化四分位距）"),
    "huber": ("Huber estimate of the participants", "参加者 Huber 稳健估计"),
    "hampel": ("Hampel estimate of the participants", "参加者 Hampel 稳健估计"),
    "likelihood": ("maximum likelihood, results below limits included", "最大似然估计（含低于检出限的结果）"),
    "fixed": ("fixed", "规定值"),
    "percent": ("percent of the assigned value", "指定值的百分比"),
    "delta_e": ("a third of the error allowed", "允许误差的三分之一"),
    "horwitz": ("Horwitz’s curve", "霍维茨曲线"),
    "precision": ("precision of the method", "方法精密度"),
    "earlier": ("earlier rounds", "以往轮次"),
    "round": ("spread of this round", "本轮稳健标准差"),
    "z": ("z score", "z 比分数"),
    "z_prime": ("z′ score", "z′ 比分数"),
    "zeta": ("ζ score", "ζ 比分数"),
    "e_n": ("E_n score", "E_n 值"),
    "pa": ("percent of the error allowed", "占允许误差百分比"),
    "初测": ("first test", "初测"),
    "补测": ("retest", "补测"),
    ABSENT: ("did not take part", ABSENT),
    OPEN: ("not graded", OPEN),
    "laboratory": ("over all measurands", "按实验室综合评定"),
    "measurand": ("by measurand", "按检测参数评定"),
    **ORDERED,
    **REASONS,
}  # fmt: skip
"""A word of the terms -> the word of a report in English and in Chinese."""


def word(name: str, lang: str) -> str:
    """Return what a report calls ``name``; the scheme's own labels stay as they are."""
    return WORDS[name][lang == "zh"] if name in WORDS else name


def language_of(lang: str) -> str:
    """Return ``lang``, "en" or "zh"; refuse another."""
    if lang not in ("en", "zh"):
        raise InvalidInput(
            "lang is {got!r}; want en or zh", zh="lang 为 {got!r}，应为 en 或 zh", got=lang
        )
    return lang


def scale_in_words(scale: GradeTerms) -> str:
    """Return the whole scale, limits with their side.

    >>> scale_in_words(GradeTerms())
    '满意 ≤ 2 < 可疑 < 3 ≤ 不满意'
    """
    return " ".join(_parts(scale))


def _parts(scale: GradeTerms) -> Iterable[str]:
    yield scale.labels[0]
    for limit, label, side in zip(scale.limits, scale.labels[1:], scale.at_limit, strict=True):
        yield f"≤ {limit} < {label}" if side == "better" else f"< {limit} ≤ {label}"


def time_in_words(found: Round, lang: str) -> str:
    """Return the time to correct, its last day, and the calendar by which it was counted."""
    n, chinese = found.scheme.followup.working_days, lang == "zh"
    issued = date.fromisoformat(found.scheme.issued)
    last = (found.calendar or Workdays()).after(issued, n)
    told = f"{n} 个工作日，至 {last}" if chinese else f"{n} working days, to {last}"
    return f"{told}{'；' if chinese else '; '}{_calendar(found.calendar, issued, last, chinese)}"


def _calendar(calendar: Workdays | None, issued: date, last: date, chinese: bool) -> str:
    """Return the days that count otherwise than Monday to Friday does."""
    if calendar is None:
        return SENTENCES["weekdays"][chinese]
    between = [issued + timedelta(days=n) for n in range(1, (last - issued).days + 1)]
    other = [day for day in between if calendar.works(day) != Workdays().works(day)]
    off, on = (", ".join(str(day) for day in other if calendar.works(day) is works)
               for works in (False, True))  # fmt: skip
    none = "无" if chinese else "none"
    return (f"其间节假日：{off or none}；调休上班：{on or none}" if chinese else
            f"holidays in it: {off or none}; weekend days worked: {on or none}")  # fmt: skip
