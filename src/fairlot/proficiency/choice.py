"""What was chosen or left out on the way from results to grades, and why, in words."""

from dataclasses import dataclass
from typing import Any

__all__ = ["SENTENCES", "Choice", "Unassigned"]

SENTENCES: dict[str, tuple[str, str]] = {
    "too_few": (
        "only {got} numeric results; a consensus wants at least {want}: use a reference value",
        "数值结果仅 {got} 个，少于求一致值所需的 {want} 个，应采用参考值",
    ),
    "no_scale": (
        "too many of the {got} results are equal: they have no robust scale, and nothing is scored",
        "{got} 个结果中相同者过多，稳健标准差为零，不予评分",
    ),
    "experts": (
        "{got} expert results with uncertainty; want two or more of {want}",
        "带不确定度的专家实验室结果仅 {got} 个，应有 {want} 中的两个以上",
    ),
    "sigma": ("sigma_pt would be {got}; want a number above 0", "能力评定标准差为 {got}，应大于 0"),
    "horwitz": (
        "the assigned value is {got}; Horwitz's curve wants a mass fraction above 0",
        "指定值为 {got}，霍维茨曲线要求质量分数大于 0",
    ),
    "round": (
        "sigma_pt of the round wants a consensus, and the value is by {got}",
        "以本轮稳健标准差作 sigma_pt 需有一致值，而指定值来自 {got}",
    ),
    "z": (
        "u(x_pt) = {u} is negligible beside 0.3 sigma_pt = {limit}: z scores",
        "u(x_pt) = {u} 相对 0.3 sigma_pt = {limit} 可忽略，采用 z 比分数",
    ),
    "z_prime": (
        "u(x_pt) = {u} is not negligible beside 0.3 sigma_pt = {limit}: z' scores",
        "u(x_pt) = {u} 相对 0.3 sigma_pt = {limit} 不可忽略，采用 z' 比分数",
    ),
    "unstated": (
        "the uncertainty of the assigned value is not stated: z scores, as if it were negligible",
        "未给出指定值的不确定度，按可忽略处理，采用 z 比分数",
    ),
    "blunder": (
        "{lab} is left out of the statistics and scored as reported: {why}",
        "{lab} 的结果不参与统计，按上报值评分：{why_zh}",
    ),
    "below": (
        "{n} results are below a limit; each has the range of scores that it allows",
        "{n} 个结果低于检出限，给出其可能的比分数范围",
    ),
    "replicates": (
        "{n} laboratories report replicates; the {rule} of each is scored",
        "{n} 家实验室上报了重复测定，取其{rule_zh}评分",
    ),
    "agrees": (
        "the participants' robust mean {x_star} agrees with the assigned value",
        "参加者稳健平均值 {x_star} 与指定值一致",
    ),
    "differs": (
        "the participants' robust mean {x_star} differs from the assigned value by more than twice "
        "the uncertainty of the difference: look into it before the scores are sent",
        "参加者稳健平均值 {x_star} 与指定值之差超过其不确定度的 2 倍，发出结果前应查明原因",
    ),
    "flat": (
        "so many results are equal that they have no robust scale: the value is what they report, "
        "and its uncertainty cannot be told; z scores",
        "相同结果过多，没有稳健标准差：以其共同值为指定值，不确定度无法得出，采用 z 比分数",
    ),
    "own_spread": (
        "sigma_pt is the spread of these {n} results: |z| can hardly exceed {most}",
        "sigma_pt 取自这 {n} 个结果本身，|z| 难以超过 {most}",
    ),
}
"""Code -> the sentence in English and in Chinese."""


@dataclass(frozen=True)
class Choice:
    """A choice made for a level, its code a key of ``SENTENCES``, with the facts of the sentence."""

    measurand: str
    level: str
    code: str
    facts: dict[str, Any]

    def text(self, lang: str = "en") -> str:
        """Return the sentence in ``lang`` ("en" or "zh").

        >>> Choice("Pb", "1", "too_few", {"got": 5, "want": 12}).text("zh")
        '数值结果仅 5 个，少于求一致值所需的 12 个，应采用参考值'
        """
        return SENTENCES[self.code][lang == "zh"].format(**self.facts)


class Unassigned(Exception):
    """A level that has no assigned value or no sigma_pt; ``code`` and ``facts`` make a Choice."""

    def __init__(self, code: str, **facts: Any) -> None:
        super().__init__(code)
        self.code, self.facts = code, facts
