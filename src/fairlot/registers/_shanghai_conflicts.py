"""The made-up conflicts: about 2 % of the pairs inside a bureau, and one that blocks a visit."""

from collections.abc import Sequence
from itertools import product

from fairlot.registers._dice import Dice
from fairlot.registers._shanghai_facts import Table, weekdays
from fairlot.registers._shanghai_people import SMALL, Officer, Site

__all__ = ["conflicts"]

KINDS = ("本人利害关系", "近亲属", "曾任职(3年内)", "咨询关系", "评审过", "竞争机构", "申请回避")
SAME_STATION = "同所管辖"
SHARE = 17, 1000
OF_EXPERTS = 20
LEFT, LEFT_SKILLED = 3, 2
"""Officers, and specialists among them, that conflicts leave to every site."""

STARTS = weekdays("2020-01-02", "2024-06-28")
EARLY_ENDS = weekdays("2024-01-02", "2024-06-28")
LATE_ENDS = weekdays("2025-01-02", "2028-12-29")

Row = tuple[str, str, str, str, str, str]


def conflicts(
    dice: Dice,
    people: Sequence[Officer],
    sites: dict[str, list[Site]],
    experts: Sequence[str],
    blocked: tuple[str, str] | None,
) -> Table:
    """Return conflicts.csv; ``blocked`` is an officer and a site that must not meet."""
    rows = [row for bureau, own in sites.items() for row in _of_bureau(dice, bureau, own, people)]
    everyone = [site for own in sites.values() for site in own]
    rows += [_row(dice, person, dice.pick(everyone), _expert_kind(dice)) for person in
             dice.shuffled(experts)[:OF_EXPERTS]]  # fmt: skip
    if blocked:
        rows.append((*blocked, "近亲属", "2022-03-01", "", "申报"))
    names = ("person_id", "target", "kind", "valid_from", "valid_to", "source")
    return {name: [row[i] for row in sorted(rows)] for i, name in enumerate(names)}


def _expert_kind(dice: Dice) -> str:
    return dice.pick(("咨询关系", "评审过", "竞争机构"))


def _of_bureau(
    dice: Dice, bureau: str, sites: Sequence[Site], people: Sequence[Officer]
) -> list[Row]:
    """Return the conflicts of a bureau; the small ones, where each would block, have none."""
    staff = [officer for officer in people if officer.bureau == bureau]
    if len(staff) <= SMALL:
        return []
    count = len(staff) * len(sites) * SHARE[0] // SHARE[1]
    barred: dict[str, set[str]] = {site.id: set() for site in sites}
    rows: list[Row] = []
    for officer, site in dice.shuffled(product(staff, sites)):
        if len(rows) == count:
            break
        if officer.id not in barred[site.id] and _bearable(officer, site, sites, staff, barred):
            near = officer.station == site.station
            kind = SAME_STATION if near else KINDS[len(rows) % len(KINDS)]
            rows.append(_row(dice, officer.id, site, kind))
    return rows


def _bearable(
    officer: Officer,
    site: Site,
    sites: Sequence[Site],
    staff: Sequence[Officer],
    barred: dict[str, set[str]],
) -> bool:
    """Bar the officer from all sites of the institution, unless one is left with too few."""
    same = [other for other in sites if other.uscc == site.uscc]
    for other in same:
        free = [o for o in staff if o.available and o.station != other.station
                and o.id not in barred[other.id] and o is not officer]  # fmt: skip
        skilled = sum(other.sector in o.skills for o in free)
        if len(free) < LEFT or skilled < LEFT_SKILLED:
            return False
    for other in same:
        barred[other.id].add(officer.id)
    return True


def _row(dice: Dice, person: str, site: Site, kind: str) -> Row:
    start = dice.pick(STARTS)
    if kind == "曾任职(3年内)":
        end = f"{int(start[:4]) + 3}{start[4:]}".replace("02-29", "02-28")
    else:
        end = dice.weighted({"": 4, dice.pick(LATE_ENDS): 4, max(start, dice.pick(EARLY_ENDS)): 2})
    source = "申请" if kind == "申请回避" else dice.pick(("申报", "核查"))
    return person, dice.pick((site.id, site.id, site.id, site.uscc)), kind, start, end, source
