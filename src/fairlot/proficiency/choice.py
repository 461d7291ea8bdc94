"""What was chosen or left out on the way from results to grades, and why, in words."""

from dataclasses import dataclass
from typing import Any

__all__ = ["SENTENCES", "WITHOUT_CODES", "Choice", "Unassigned"]

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
        "{got} expert results with uncertainty; want two or more of {labs}",
        "带不确定度的专家实验室结果仅 {got} 个，应有 {labs} 中的两个以上",
    ),
    "sigma": ("sigma_pt would be {got}; want a number above 0", "能力评定标准差为 {got}，应大于 0"),
    "horwitz": (
        "the assigned value is {got}; Horwitz's curve wants a mass fraction above 0",
        "指定值为 {got}，霍维茨曲线要求质量分数大于 0",
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
    "left_below": (
        "{n} results below a limit are left out of the consensus, which raises it; the method "
        "likelihood would use them",
        "{n} 个低于检出限的结果未参与求一致值，一致值因此偏高；采用最大似然法可将其计入",
    ),
    "coverage": (
        "{n} laboratories state u only, or U with another coverage factor than 2: E_n is by U = 2 u",
        "{n} 家实验室仅给出 u，或 U 的包含因子不为 2：按 U = 2 u 计算 E_n",
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
    "methods": (
        "results differ by method, Kruskal-Wallis p = {p} below {alpha}; medians: {each}; methods that "
        "differ should share no consensus",
        "不同方法的结果有差异（Kruskal-Wallis 检验 p = {p}，小于 {alpha}），中位值：{each}；"
        "有差异的方法不宜共用一致值",
    ),
    "modes": (
        "the results have {n} modes at the bandwidth {h}: {each}; look for groups",
        "结果的核密度在带宽 {h} 下有 {n} 个众数：{each}，应查明是否存在不同的组",
    ),
    "gap": (
        "nobody's result lies within {h} of the assigned value: the consensus stands between groups",
        "指定值上下 {h} 以内没有任何结果：一致值处于各组之间",
    ),
    "unchecked": (
        "there is neither sigma_pt nor delta_E to hold the homogeneity of the items to",
        "没有 sigma_pt 或 δ_E，无法判定均匀性",
    ),
    "odd_item": (
        "the replicates of item {n} differ more than those of the others (Cochran, 1 %): look into it "
        "before homogeneity is judged",
        "第 {n} 个物品的重复测定差异过大（科克伦检验，1 %），判定均匀性之前应查明原因",
    ),
    "homogeneous": (
        "{g} items in {m} replicates: s_s = {s_s} is at most {limit}, sufficiently homogeneous",
        "{g} 个物品各测 {m} 次：s_s = {s_s}，不大于 {limit}，均匀性满足要求",
    ),
    "homogeneous_expanded": (
        "{g} items in {m} replicates: s_s = {s_s} is above {limit}, but within the expanded criterion "
        "{expanded}",
        "{g} 个物品各测 {m} 次：s_s = {s_s}，大于 {limit}，但满足扩展准则 {expanded}",
    ),
    "inhomogeneous": (
        "{g} items in {m} replicates: s_s = {s_s} is above {limit} and above the expanded criterion "
        "{expanded}: not homogeneous; widen sigma_pt or count s_s in u(x_pt)",
        "{g} 个物品各测 {m} 次：s_s = {s_s}，大于 {limit} 和扩展准则 {expanded}，均匀性不满足要求，"
        "应放宽 sigma_pt 或将 s_s 计入 u(x_pt)",
    ),
    "stable": (
        "the items changed by {d}, at most {limit}: stable",
        "物品前后之差 {d}，不大于 {limit}，稳定性满足要求",
    ),
    "stable_expanded": (
        "the items changed by {d}, above {limit}, but within the expanded criterion {expanded}",
        "物品前后之差 {d}，大于 {limit}，但满足扩展准则 {expanded}",
    ),
    "unstable": (
        "the items changed by {d}, above {limit} and the expanded criterion {expanded}: not stable; "
        "count it in u(x_pt) or give up the level",
        "物品前后之差 {d}，大于 {limit} 和扩展准则 {expanded}，稳定性不满足要求，"
        "应计入 u(x_pt) 或放弃该样品",
    ),
    "weekdays": (
        "no holidays were handed in: deadlines count Monday to Friday",
        "未提供节假日安排，整改期限按周一至周五为工作日计算",
    ),
    "own_spread": (
        "sigma_pt is the spread of these {n} results: |z| can hardly exceed {most}",
        "sigma_pt 取自这 {n} 个结果本身，|z| 难以超过 {most}",
    ),
}
"""Code -> the sentence in English and in Chinese.

Only the facts ``lab``, whom a choice concerns, and ``labs`` hold codes of laboratories.
"""

WITHOUT_CODES: dict[str, tuple[str, str]] = {
    "experts": (
        "{got} expert results with uncertainty; want two or more",
        "带不确定度的专家实验室结果仅 {got} 个，应有两个以上",
    ),
}
"""What a single participant is told where the sentence has ``labs``."""


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

    def told_to(self, lab: str, lang: str = "en") -> str:
        """Return what one laboratory is told: nobody else's code, "" of what concerns another.

        >>> Choice("Pb", "1", "experts", {"got": 1, "labs": "L1, L2"}).told_to("L7")
        '1 expert results with uncertainty; want two or more'
        """
        if self.facts.get("lab", lab) != lab:
            return ""
        return WITHOUT_CODES.get(self.code, SENTENCES[self.code])[lang == "zh"].format(**self.facts)


class Unassigned(Exception):
    """A level that has no assigned value or no sigma_pt; ``code`` and ``facts`` make a Choice."""

    def __init__(self, code: str, **facts: Any) -> None:
        super().__init__(code)
        self.code, self.facts = code, facts
