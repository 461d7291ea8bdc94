"""What could be changed about a problem so that sites in the way can be staffed; one class each.

Every change says itself in words and makes the changed problem, for a trial: whether to change
anything is for people to decide, and a recusal is never theirs to waive.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from fairlot.assignment.abilities import Label, labels
from fairlot.assignment.problem import Problem
from fairlot.assignment.wording import listed, listed_zh, people, people_zh, places, places_zh

__all__ = [
    "Barring",
    "Caps",
    "Cure",
    "Hands",
    "Lending",
    "Limit",
    "Minimum",
    "Opening",
    "Together",
]

REASON_ZH = {
    "absence": "缺勤",
    "conflict": "利害关系",
    "distance": "距离过远",
    "employer": "任职单位",
    "last team": "上次检查组成员",
    "licence": "执法证过期",
    "own station": "所在市场监管所",
}
"""Conflicts bring their own name from the register, 近亲属 for example."""


@dataclass(frozen=True)
class Caps:
    """Officers take more places: (officer, cap, raised cap) for each."""

    raised: tuple[tuple[str, int, int], ...]

    def text(self, lang: str = "en") -> str:
        """Say it."""
        if lang == "zh":
            return listed_zh(
                [f"{who} 的任务上限由 {was} 提高到 {to}" for who, was, to in self.raised], "人"
            )
        return listed(
            [f"{who} takes up to {places(to)} instead of {was}" for who, was, to in self.raised]
        )

    def made(self, problem: Problem) -> Problem:
        """Return the changed problem."""
        cap = problem.cap.copy()
        for who, _, to in self.raised:
            at = problem.officers.index(who)
            cap[at] = max(cap[at], to)
        return replace(problem, cap=cap)


@dataclass(frozen=True)
class Limit:
    """The officers of a group take more places together."""

    group: str
    was: int
    to: int

    def text(self, lang: str = "en") -> str:
        """Say it."""
        if lang == "zh":
            return f"{self.group} 的合计上限由 {self.was} 提高到 {self.to}"
        return f"{self.group} takes up to {places(self.to)} together instead of {self.was}"

    def made(self, problem: Problem) -> Problem:
        """Return the changed problem."""
        groups = [
            replace(g, most=max(g.most, self.to)) if g.name == self.group else g
            for g in problem.groups
        ]
        return replace(problem, groups=tuple(groups))


@dataclass(frozen=True)
class Minimum:
    """An officer, or a group, need not take so many places."""

    who: str
    was: int
    to: int

    def text(self, lang: str = "en") -> str:
        """Say it."""
        if lang == "zh":
            return f"{self.who} 的任务下限由 {self.was} 降低到 {self.to}"
        return f"{self.who} need take only {places(self.to)} instead of {self.was}"

    def made(self, problem: Problem) -> Problem:
        """Return the changed problem."""
        least = problem.least.copy()
        if self.who in problem.officers:
            least[problem.officers.index(self.who)] = self.to
        groups = [replace(g, least=self.to) if g.name == self.who else g for g in problem.groups]
        return replace(problem, least=least, groups=tuple(groups))


@dataclass(frozen=True)
class Opening:
    """An officer who could take the seats of a site that are called ``seats``."""

    site: str
    officer: str
    seats: tuple[Label, ...]


@dataclass(frozen=True)
class Barring:
    """One rule alone keeps an officer from a site, and falls away."""

    opening: Opening
    reason: str

    def text(self, lang: str = "en") -> str:
        """Say it."""
        who, site = self.opening.officer, self.opening.site
        if lang == "zh":
            return f"{who} 可去 {site}（{REASON_ZH.get(self.reason, self.reason)}）：仅当该事由消除"
        return f"{who} at {site}, only if the bar between them ({self.reason}) falls away"

    def made(self, problem: Problem) -> Problem:
        """Return the changed problem."""
        return _opened(problem, (self.opening,))


@dataclass(frozen=True)
class Lending:
    """A bureau lends officers for the sites of another; of their conflicts nothing is known."""

    lender: str
    borrower: str
    openings: tuple[Opening, ...]

    def text(self, lang: str = "en") -> str:
        """Say it."""
        if lang == "zh":
            return f"机关 {self.borrower} 向机关 {self.lender} 借调人员（回避情况须另行核对）"
        return f"bureau {self.lender} lends officers to bureau {self.borrower} (their conflicts still to be checked)"

    def made(self, problem: Problem) -> Problem:
        """Return the changed problem."""
        return _opened(problem, self.openings)


@dataclass(frozen=True)
class Together:
    """Two officers may serve together."""

    one: str
    other: str

    def text(self, lang: str = "en") -> str:
        """Say it."""
        if lang == "zh":
            return f"{self.one} 与 {self.other} 可同组：仅当该限制取消"
        return f"{self.one} with {self.other}, only if that rule falls away"

    def made(self, problem: Problem) -> Problem:
        """Return the changed problem."""
        pair = {problem.officers.index(self.one), problem.officers.index(self.other)}
        kept = [row for row in problem.apart.tolist() if set(row[1:]) != pair]
        return replace(problem, apart=np.array(kept, np.int64))


@dataclass(frozen=True)
class Hands:
    """More officers, each with a cap, who may go to every one of the sites.

    more  (number, kind of seat or need, field) of each kind
    """

    more: tuple[tuple[int, str, str], ...]
    cap: int
    sites: tuple[str, ...]

    def text(self, lang: str = "en") -> str:
        """Say it."""
        one = len(self.more) == self.more[0][0] == 1
        if lang == "zh":
            each = f"，每人至多 {places_zh(self.cap)}" if len(self.sites) > 1 else ""
            return (
                f"为此增加{listed_zh([people_zh(kind, of, n) for n, kind, of in self.more])}{each}"
            )
        said = [people(kind, of, n).replace(" ", " more ", 1) for n, kind, of in self.more]
        each = (
            f" with up to {places(self.cap)}{'' if one else ' each'}" if len(self.sites) > 1 else ""
        )
        return f"{listed(said)}{each} for these sites"

    def made(self, problem: Problem) -> Problem:
        """Return the changed problem."""
        for n, kind, skill in self.more:
            problem = self._joined(problem, n, kind, skill)
        return problem

    def _joined(self, problem: Problem, n: int, kind: str, skill: str) -> Problem:
        last, count = max(problem.officers, default=""), len(problem.officers)
        new, sites = [f"{last}+{k:04d}" for k in range(n)], set(self.sites)
        needs = [
            replace(need, officers=(*need.officers, *range(count, count + n)))
            if need.kind == kind and problem.tasks[need.task] in sites
            else need
            for need in problem.needs
        ]
        grown = replace(
            problem,
            officers=(*problem.officers, *new),
            cap=np.append(problem.cap, np.full(n, self.cap)),
            least=np.append(problem.least, np.zeros(n, np.int64)),
            home=np.append(problem.home, np.full(n, "")),
            needs=tuple(needs),
        )
        known = labels(problem)
        seats = ((kind, skill),) if (kind, skill) in known else tuple(set(known))
        return _opened(grown, [Opening(site, who, seats) for site in self.sites for who in new])


Cure = Caps | Limit | Minimum | Lending | Barring | Together | Hands


def _opened(problem: Problem, openings: Sequence[Opening]) -> Problem:
    """Add the officers of ``openings`` to the rows of their seats."""
    officer = {name: at for at, name in enumerate(problem.officers)}
    task = {name: at for at, name in enumerate(problem.tasks)}
    first = np.searchsorted(problem.seat_task, np.arange(len(problem.tasks) + 1))
    seats = labels(problem)
    people = len(problem.officers)
    new = [
        seat * people + officer[opening.officer]
        for opening in openings
        for seat in range(*first[task[opening.site] : task[opening.site] + 2])
        if seats[seat] in opening.seats
    ]
    seat = np.repeat(np.arange(problem.quota.size), np.diff(problem.ptr))
    old = seat * people + problem.idx
    fresh = np.unique(np.array(new, np.int64))
    place = np.searchsorted(old, fresh)
    unknown = np.append(old, -1)[place] != fresh
    keys = np.insert(old, place[unknown], fresh[unknown])
    starts = np.searchsorted(keys, np.arange(problem.quota.size + 1) * people)
    return replace(problem, ptr=starts, idx=keys % people, tier=problem.tier[:0])
