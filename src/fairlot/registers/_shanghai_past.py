"""The made-up past: three years of visits, who breaks the rules, and two rounds of testing."""

from collections.abc import Iterator, Sequence

from fairlot.registers._dice import Dice
from fairlot.registers._shanghai_facts import AS_OF, KEY_SECTORS, Table, weekdays

__all__ = ["history", "proficiency", "recent", "truth"]

VIOLATION = {"A": 0.12, "B": 0.25, "C": 0.45, "D": 0.70, "": 0.25}
FOUND = {"true": 0.6, "false": 0.125}
"""How often a visit finds something, by what is true of the site."""

YEARS = (2021, 2022, 2023)
"""Each runs from July to June; planned visits fall between August and November."""

KEY_COVERED, DRAWN = 0.97, 0.16
COMPLAINED = {"A": 0.04, "B": 0.08, "C": 0.20, "D": 0.45, "": 0.08}
CAMPAIGN, JOINT = 0.04, 0.03

# The texts of the result codes in use on provincial publicity portals.
CLEAN = {
    "未发现问题": 96,
    "未发现开展本次抽查涉及的经营活动": 2,
    "通过登记的住所（经营场所）无法联系": 2,
}
PROBLEM = {
    "发现问题经责令已改正": 62,
    "违反质量技术监督部门相关规定": 30,
    "违反其他工商行政管理规定行为": 8,
}
SECOND_PROBLEM = 0.05
LAST_WORD = {"注销": "注销", "迁出": "迁出", "停业": "已关闭停业或正在组织清算"}


def truth(dice: Dice, sites: Table) -> Table:
    """Return truth.csv: whether each site breaks the rules now, which no roster knows."""
    broken = (dice.chance(VIOLATION[credit]) for credit in sites["credit_class"])
    return {"site_id": sites["site_id"], "violation": ["true" if b else "false" for b in broken]}


def history(
    dice: Dice, sites: Table, violation: Sequence[str], staff: dict[str, list[str]]
) -> Table:
    """Return history.csv, by date; ``staff`` lists the officer ids of every bureau."""
    rows: list[tuple[str, str, str, str, str]] = []
    columns = (sites[name] for name in ("site_id", "bureau_id", "sector", "credit_class", "status"))
    for (site, bureau, sector, credit, status), bad in zip(
        zip(*columns, strict=True), violation, strict=True
    ):
        visits = sorted(set(_visits(dice, sector in KEY_SECTORS, credit)))
        for day, origin in visits:
            outcome = _outcome(dice, bad)
            if (day, origin) == visits[-1]:
                outcome = LAST_WORD.get(status, outcome)
            rows.append((day, site, origin, outcome, _team(dice, staff[bureau])))
    names = ("visited", "site_id", "origin", "outcome", "officers")
    table = {name: [row[i] for row in sorted(rows)] for i, name in enumerate(names)}
    return {name: table[name] for name in ("site_id", "visited", "origin", "outcome", "officers")}


def _visits(dice: Dice, key: bool, credit: str) -> Iterator[tuple[str, str]]:
    for season, whole in _CALENDAR:
        if dice.chance(KEY_COVERED if key else DRAWN):
            yield dice.pick(season), "全覆盖" if key else "随机抽取"
        if dice.chance(COMPLAINED[credit]):
            yield dice.pick(whole), "投诉"
        if key and dice.chance(CAMPAIGN):
            yield dice.pick(whole), "专项"
        if key and dice.chance(JOINT):
            yield dice.pick(whole), "联合"


_CALENDAR = [
    (weekdays(f"{y}-08-01", f"{y}-11-30"), weekdays(f"{y}-07-01", f"{y + 1}-06-30")) for y in YEARS
]


def _outcome(dice: Dice, violation: str) -> str:
    if not dice.chance(FOUND[violation]):
        return dice.weighted(CLEAN)
    first = dice.weighted(PROBLEM)
    if dice.chance(SECOND_PROBLEM):
        return ";".join(dict.fromkeys((first, dice.weighted(PROBLEM))))
    return first


def _team(dice: Dice, ids: Sequence[str]) -> str:
    first = dice.below(len(ids))
    second = (first + 1 + dice.below(len(ids) - 1)) % len(ids)
    return f"{ids[first]};{ids[second]}"


def recent(sites: Sequence[str], past: Table) -> Table:
    """Return the two columns of the roster that sum up the past: last visit, visits this year."""
    last = dict(zip(past["site_id"], past["visited"], strict=True))
    visits = dict.fromkeys(sites, 0)
    for site, day in zip(past["site_id"], past["visited"], strict=True):
        visits[site] += AS_OF[:4] <= day < AS_OF
    return {
        "last_inspected": [last.get(site, "") for site in sites],
        "visits_ytd": [str(visits[site]) for site in sites],
    }


def proficiency(dice: Dice) -> Table:
    """Return pt_results.csv: 38 laboratories at two levels, and a blind round of six.

    In the first one laboratory reports ten times too much and two are far off; the second has a
    reference value (REF), as six are too few for a consensus.
    """
    rows = []
    for lab in range(1, 39):
        bias = dice.normal() * 2.0
        for level, value in (("1", 24.6), ("2", 118.0)):
            off = {7: 10.0, 19: 1.32, 33: 0.71}.get(lab, 1.0)
            got = value * off * (1.0 + (bias + dice.normal() * 1.5) / 100.0)
            rows.append(("2024-01", "比对", f"L{lab:02d}", "化学需氧量", level,
                         f"{got:.1f}", f"{value * 0.05:.1f}", "2", "mg/L"))  # fmt: skip
    rows.append(("2024-02", "盲样", "REF", "颗粒物过滤效率", "1", "96.40", "0.60", "2", "%"))
    for lab in range(1, 7):
        got = 96.4 + dice.normal() * 0.5 - (2.4 if lab == 5 else 0.0)
        rows.append(("2024-02", "盲样", f"B{lab:02d}", "颗粒物过滤效率", "1",
                     f"{got:.2f}", "0.90", "2", "%"))  # fmt: skip
    names = ("round_id", "kind", "lab_code", "measurand", "level", "value", "U", "k", "unit")
    return {name: [row[i] for row in rows] for i, name in enumerate(names)}
