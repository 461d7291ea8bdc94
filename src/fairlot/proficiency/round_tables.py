"""A round as tables, a row a level, a result, a verdict, an order, a choice or a problem."""

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from fairlot.proficiency.followup import ORDERED, Order
from fairlot.proficiency.level import Level
from fairlot.proficiency.round import Round
from fairlot.proficiency.scoring import REASONS, Graded
from fairlot.proficiency.verdict import Verdict

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["HEADERS", "tables"]

HEADERS = {
    "lab": "实验室编号", "name": "实验室名称", "measurand": "检测参数", "level": "样品", "unit": "单位",
    "method": "检测方法", "attempt": "测试阶段", "value": "上报结果", "x_pt": "指定值",
    "u_xpt": "指定值标准不确定度", "sigma_pt": "能力评定标准差", "assigned_by": "指定值方法",
    "x_star": "稳健平均值", "s_star": "稳健标准差", "p": "参与统计数", "score_name": "评分方法", "score": "比分数",
    "score_low": "比分数下限", "score_high": "比分数上限", "d_percent": "相对偏差(%)", "grade": "等级",
    "reason": "未评原因", "verdict": "结论", "first": "初测结论", "retest": "补测结论", "open": "未评项数",
    "because": "依据", "why": "整改原因", "samples": "各样品", "due": "整改期限", "state": "状态", "choice": "说明",
    "severity": "类别", "row": "行", "problem": "问题", "u_x": "标准不确定度",
}  # fmt: skip
"""Chinese header of every column."""

OF_ORDERS = ("lab", "name", "measurand", "why", "samples", "due", "state")
OF_CHOICES = ("measurand", "level", "choice")
OF_PROBLEMS = ("row", "lab", "severity", "problem")
"""Columns of the tables that may be empty."""

_SEVERITIES = {"error": "错误", "warning": "提醒", "repair": "修正"}


def tables(found: Round, lang: str = "en") -> "dict[str, pd.DataFrame]":
    """Return a round as tables, headers and words in ``lang`` ("en" or "zh").

    levels, scores, verdicts, orders, choices and problems; numbers are floats, NaN where there is
    none.
    """
    chinese = lang == "zh"
    scored = ((level, one) for level in found.levels for one in level.results)
    return {
        "levels": _table(map(_level, found.levels), chinese),
        "scores": _table((_score(level, one, chinese) for level, one in scored), chinese),
        "verdicts": _table((_verdict(one, found, chinese) for one in found.verdicts), chinese),
        "orders": _table((_order(one, chinese) for one in found.orders), chinese, OF_ORDERS),
        "choices": _table(
            ({"measurand": one.measurand, "level": one.level, "choice": one.text(lang)}
             for one in found.choices), chinese, OF_CHOICES),
        "problems": _table(
            ({"row": one.row, "lab": one.id, "severity": _SEVERITIES[one.severity] if chinese
              else one.severity, "problem": one.text(lang)} for one in found.problems), chinese, OF_PROBLEMS),
    }  # fmt: skip


def _table(
    rows: Iterable[Mapping[str, Any]], chinese: bool, columns: tuple[str, ...] | None = None
) -> "pd.DataFrame":
    """Return the rows as a table; ``columns`` are its headers also where there is no row."""
    import pandas as pd

    frame = pd.DataFrame(list(rows), columns=columns)
    return frame.rename(columns=HEADERS) if chinese else frame


def _number(value: Any) -> float:
    return float("nan") if value is None else float(value)


def _level(level: Level) -> dict[str, Any]:
    ruler = level.ruler
    value = ruler.value if ruler else None
    return {
        "measurand": level.measurand,
        "level": level.level,
        "unit": level.terms.unit,
        "x_pt": _number(value and value.x_pt),
        "u_xpt": _number(value and value.u_xpt),
        "assigned_by": value.method if value else "",
        "sigma_pt": _number(ruler and ruler.sigma_pt),
        "x_star": _number(level.robust and level.robust.x_star),
        "s_star": _number(level.robust and level.robust.s_star),
        "p": len(level.used),
        "score_name": ruler.name if ruler else "",
    }


def _score(level: Level, one: Graded, chinese: bool) -> dict[str, Any]:
    row, ruler = one.result, level.ruler
    x, x_pt = row.x, ruler.value.x_pt if ruler else None
    off = 100 * (x - x_pt) / x_pt if x is not None and x_pt and row.form == "number" else None
    return {
        "lab": row.lab,
        "name": row.name,
        "measurand": row.measurand,
        "level": row.level,
        "attempt": row.attempt,
        "method": row.method,
        "value": row.text,
        "u_x": _number(row.u),
        "unit": level.terms.unit,
        "x_pt": _number(x_pt),
        "sigma_pt": _number(ruler and ruler.sigma_pt),
        "d_percent": _number(off),
        "score_name": ruler.name if ruler else "",
        "score": _number(one.score),
        "score_low": _number(one.low),
        "score_high": _number(one.high),
        "grade": one.grade,
        "reason": REASONS[one.reason][chinese] if one.reason else "",
    }


def _verdict(one: Verdict, found: Round, chinese: bool) -> dict[str, Any]:
    counted = dict(zip(found.scheme.grades.labels, one.counts, strict=True))
    return {
        "lab": one.lab,
        "name": one.name,
        "measurand": one.measurand,
        "verdict": one.final,
        "first": one.first,
        "retest": one.retest,
        **counted,
        "open": one.open,
        "because": one.because[chinese],
    }


def _order(one: Order, chinese: bool) -> dict[str, Any]:
    each = (f"{part.measurand} {part.level} {part.why} {ORDERED[part.state][chinese]}"
            for part in one.samples)  # fmt: skip
    return {
        "lab": one.lab,
        "name": one.name,
        "measurand": one.measurand,
        "why": one.why,
        "samples": "; ".join(each),
        "due": one.due.isoformat(),
        "state": ORDERED[one.state][chinese],
    }
