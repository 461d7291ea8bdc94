"""Which rule decides a site's chance: the first that applies, in the order of ``RULES``."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from fairlot.planning.terms import Terms

__all__ = ["APPLIED", "RULES", "Rule", "apply", "key"]


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule, what it does to the probability, and how it is told."""

    name: str
    effect: str  # "zero", "one" or "weighted"
    en: str
    zh: str


RULES = {
    rule.name: rule
    for rule in (
        Rule("excluded", "zero", "not in operation: {detail}", "登记状态不在抽查范围：{detail}"),
        Rule("counted", "zero", "already visited in a joint draw: {detail}",
             "已计入联合抽查：{detail}"),
        Rule("yearly_cap", "zero", "visited {detail} times this year, the most allowed",
             "本年已检查 {detail} 次，达到年度上限"),
        Rule("listed", "one", "listed as seriously dishonest", "列入严重违法失信名单，必查"),
        Rule("key", "one", "key sector {detail}, covered in full", "重点领域全覆盖：{detail}"),
        Rule("gap", "zero", "visited on {detail}, inside the minimum gap",
             "上次检查 {detail}，未满最小间隔"),
        Rule("weighted", "weighted", "weight {detail}", "权重 {detail}"),
        Rule("quota_met", "zero", "the sites covered in full already meet the quota",
             "全覆盖已满足抽查比例"),
        Rule("no_weight", "zero", "weight 0 in this plan", "方案权重为 0"),
    )
}  # fmt: skip
"""The rules by name, in the order in which they bind; the last two arise from the quota."""

APPLIED = tuple(RULES)[:-2]
"""Those that ``apply`` gives: what stands of a site before its quota is known."""


def apply(plan: Terms, sites: pd.DataFrame) -> tuple[NDArray[np.str_], NDArray[np.object_]]:
    """Return the name of the rule of every site and its detail (a class, a date, a number)."""
    weight = sites["credit_class"].map(plan.weights.of)
    cases = {
        "excluded": (sites["status"].isin(plan.rules.excluded_status), sites["status"]),
        "counted": (sites["counted"] != "", sites["counted"]),
        "yearly_cap": (
            sites["visits_ytd"] >= plan.rules.max_visits_per_year,
            sites["visits_ytd"].astype(str),
        ),
        "listed": (sites["listed"] & plan.rules.listed_take_all, None),
        "key": (key(plan, sites) & plan.key.take_all, sites["sector"]),
        "gap": (_inside_gap(plan, sites["last_inspected"]), sites["last_inspected"]),
    }
    holds = [np.asarray(condition, dtype=bool) for condition, _ in cases.values()]
    blank = np.full(len(sites), "", dtype=object)
    details = [blank if d is None else np.asarray(d, dtype=object) for _, d in cases.values()]
    classed = (sites["credit_class"].replace("", "unrated") + " x" + weight).to_numpy(object)
    return np.select(holds, list(cases), "weighted"), np.select(holds, details, classed)


def key(plan: Terms, sites: pd.DataFrame) -> NDArray[np.bool_]:
    """Return which sites are key, by their sector or by the roster's flag."""
    named = sites["sector"].isin(plan.key.sectors)
    return np.asarray(named | (sites["is_key"] & plan.key.flagged), dtype=bool)


def _inside_gap(plan: Terms, last: pd.Series) -> NDArray[np.bool_]:
    """Return whether fewer than the minimum of days lie between a visit and the first visit day."""
    since = np.datetime64(plan.visits.first) - last.replace("", "NaT").to_numpy("datetime64[D]")
    return np.asarray(since < np.timedelta64(plan.rules.min_gap_days, "D"))
