"""Sites that cannot be staffed together, and the count that proves it."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from fairlot.assignment.wording import (
    LISTED,
    listed,
    listed_zh,
    people,
    people_zh,
    places,
    places_zh,
)

__all__ = ["Blocking"]


@dataclass(frozen=True)
class Blocking:
    """What cannot be, with the count that proves it; everything else follows from the registers.

    ``kind`` says what is counted.

    "hall"           The places of ``sites`` counted by ``seats``, (kind, field) to number, are
                     ``need`` in all. Only ``officers`` may take any of them, and ``counts`` says
                     how many each of them can take at most: the smaller of the cap and the number
                     of these sites the officer may go to; a group with a limit in common stands
                     there in place of its members. They add up to ``available``, less than
                     ``need`` (Hall 1935, doi:10.1112/jlms/s1-10.37.26).
    "least"          ``officers`` must take at least ``need`` places, by ``limits``, but ``counts``
                     says how many each site has for them, ``available`` in all. ``counts`` is empty
                     where limits of groups are in play and no sum so simple proves it.
    "combinatorial"  Every choice of teams for ``sites`` breaks a rule: among ``apart``, the pairs
                     who may not serve together, and ``needs``, (site, what, number), none can be
                     left out; but no count of one kind of officer proves it.

    smallest  no fewer sites are in the way, among these and all they compete with for officers;
              otherwise none of the sites can be left out. Of the "least" kind no officer can be
              left out.
    rivals    so many sites compete, these included, and ``short_of_all`` places of theirs stay
              empty; 0 where nothing of the sort was counted
    """

    sites: tuple[str, ...]
    officers: tuple[str, ...]
    need: int
    available: int
    seats: tuple[tuple[str, str, int], ...] = ()
    counts: tuple[tuple[str, int], ...] = ()
    kind: Literal["hall", "least", "combinatorial"] = "hall"
    smallest: bool = True
    rivals: int = 0
    short_of_all: int = 0
    limits: tuple[tuple[str, int], ...] = ()
    apart: tuple[tuple[str, str], ...] = ()
    needs: tuple[tuple[str, str, int], ...] = ()

    @property
    def short(self) -> int:
        """How many places are missing."""
        return self.need - self.available

    def text(self, lang: str = "en") -> str:
        """Say it in one sentence, ``lang`` "en" or "zh"; long lists are shortened."""
        zh = lang == "zh"
        if self.kind == "least":
            return _least_zh(self) if zh else _least(self)
        if self.kind == "combinatorial":
            return _rules_zh(self) if zh else _rules(self)
        return _hall_zh(self) if zh else _hall(self)


def _hall(block: Blocking) -> str:
    one = len(block.sites) == 1
    sites = f"site{'' if one else 's'} {listed(block.sites)} need{'s' if one else ''}"
    wanted = listed([people(*seats) for seats in _shown(block)])
    return f"{sites} {wanted}; {_remain(block)}: {block.short} short{_note(block)}"


def _hall_zh(block: Blocking) -> str:
    wanted = listed_zh([people_zh(*seats) for seats in _shown(block)])
    sites = f"场所 {listed_zh(block.sites, '个场所')} 需要{wanted}"
    return f"{sites}；{_remain_zh(block)}：缺 {block.short} 名{_note_zh(block)}"


def _shown(block: Blocking) -> Sequence[tuple[str, str, int]]:
    """Return the seats as they are told: without their fields where these are too many."""
    if len(block.seats) <= LISTED:
        return block.seats
    total: Counter[str] = Counter()
    for kind, _, n in block.seats:
        total[kind] += n
    return [(kind, "", n) for kind, n in total.items()]


def _remain(block: Blocking) -> str:
    if not block.officers:
        return f"{people(*_one_seat(block), 0)} remains"
    noun = "expert" if {kind for kind, _, _ in block.seats} == {"expert"} else "officer"
    many = "s" if len(block.officers) > 1 else ""
    who = f"{noun}{many} {listed(block.officers)} remain{'' if many else 's'}"
    return f"only {who} ({places(block.available)}{_each(block)})"


def _remain_zh(block: Blocking) -> str:
    if not block.officers:
        return f"没有可派的{people_zh(*_one_seat(block), 0)}"
    who = listed_zh(block.officers, "人")
    return f"仅余 {who}（共 {places_zh(block.available)}{_each_zh(block)}）"


def _each(block: Blocking) -> str:
    """Say how the places come about, where that is short enough to read."""
    alike = {n for _, n in block.counts}
    if len(block.counts) == 1 and block.counts[0][0] in block.officers:
        return ""
    if len(alike) == 1 and len(block.counts) == len(block.officers):
        return f", {alike.pop()} each"
    if len(block.counts) > LISTED:
        return ""
    return ": " + listed([f"{name} {n}" for name, n in block.counts])


def _each_zh(block: Blocking) -> str:
    alike = {n for _, n in block.counts}
    if len(block.counts) == 1 and block.counts[0][0] in block.officers:
        return ""
    if len(alike) == 1 and len(block.counts) == len(block.officers):
        return f"，每人 {alike.pop()} 个"
    if len(block.counts) > LISTED:
        return ""
    return "：" + listed_zh([f"{name} {n} 个" for name, n in block.counts])


def _one_seat(block: Blocking) -> tuple[str, str]:
    """Return the kind and the field of all the seats, ("officer", "") where they differ."""
    asked = {(kind, skill) for kind, skill, _ in block.seats}
    return asked.pop() if len(asked) == 1 else ("officer", "")


def _note(block: Blocking) -> str:
    notes = []
    if len(block.sites) > 1:
        fewest = "no smaller set of sites is in the way here"
        notes = [fewest if block.smallest else "none of these sites can be left out"]
    if block.short_of_all > block.short:
        among = f"among all {block.rivals} sites that compete for them"
        notes += [f"{block.short_of_all} short {among}"]
    return f" ({'; '.join(notes)})" if notes else ""


def _note_zh(block: Blocking) -> str:
    notes = []
    if len(block.sites) > 1:
        fewest = "此处没有更少的场所构成障碍"
        notes = [fewest if block.smallest else "去掉其中任一场所，其余即可安排"]
    if block.short_of_all > block.short:
        notes += [f"争用这些人员的 {block.rivals} 个场所合计缺 {block.short_of_all} 名"]
    return f"（{'；'.join(notes)}）" if notes else ""


def _least(block: Blocking) -> str:
    must = listed([f"{name} {n}" for name, n in block.limits])
    who = f"officer{'' if len(block.officers) == 1 else 's'} {listed(block.officers)}"
    said = f"{who} must take at least {places(block.need)} ({must})"
    if not block.sites:
        return f"{said} and may visit no site"
    if not block.counts:
        return f"{said}, which no assignment gives them"
    have = listed([f"{site} {n}" for site, n in block.counts])
    return (
        f"{said}; the sites they may visit have {block.available} ({have}): {block.short} too few"
    )


def _least_zh(block: Blocking) -> str:
    must = listed_zh([f"{name} {n} 个" for name, n in block.limits], "项")
    said = f"{listed_zh(block.officers, '人')} 至少须承担 {places_zh(block.need)}（{must}）"
    if not block.sites:
        return f"{said}，但没有可去的场所"
    if not block.counts:
        return f"{said}，任何分派都无法满足"
    have = listed_zh([f"{site} {n} 个" for site, n in block.counts], "个场所")
    return f"{said}；其可去的场所只有 {places_zh(block.available)}（{have}）：少 {block.short} 个"


def _rules(block: Blocking) -> str:
    held = [f"{people(kind, '', n)} at {site}" for site, kind, n in block.needs]
    rules = {
        "not together": [f"{one} with {other}" for one, other in block.apart],
        "required": held,
        "at least": [f"{who} {places(n)}" for who, n in block.limits],
    }
    kept = "; ".join(f"{rule}: {listed(said)}" for rule, said in rules.items() if said)
    broken = f"every choice breaks a rule or a cap ({kept})"
    if len(block.sites) == 1:
        return f"no team fits site {block.sites[0]}: {broken}"
    return f"no teams fit sites {listed(block.sites)} together: {broken}{_note(block)}"


def _rules_zh(block: Blocking) -> str:
    held = [f"{site} 须有{people_zh(kind, '', n)}" for site, kind, n in block.needs]
    rules = {
        "不得同组": [f"{one} 与 {other}" for one, other in block.apart],
        "组成要求": held,
        "任务下限": [f"{who} {n} 个" for who, n in block.limits],
    }
    kept = "；".join(f"{rule}：{listed_zh(said, '项')}" for rule, said in rules.items() if said)
    together = "" if len(block.sites) == 1 else "同时"
    sites = f"场所 {listed_zh(block.sites, '个场所')} 无法{together}组成检查组"
    return f"{sites}：任何人选都违反规则或超出任务上限（{kept}）{_note_zh(block)}"
