"""``replacement/1``: an officer drops out, and only the places they leave are drawn anew."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from math import prod
from typing import Any, Final, Literal

import numpy as np
import pandas as pd

from fairlot._base.arrays import Ints
from fairlot._base.chance import Chance, as_chance
from fairlot._base.errors import InvalidInput, NotConverged, within
from fairlot.assignment.completions import Completions, completions
from fairlot.assignment.dropout import vacated, without
from fairlot.assignment.feasibility import feasible
from fairlot.assignment.one_by_one import first_choices, rest
from fairlot.assignment.problem import Problem
from fairlot.assignment.team_check import check_teams
from fairlot.assignment.teams import Teams, entries

__all__ = ["COMBINATIONS", "Replacement", "replace", "replacement"]

DESIGN: Final = "replacement/1"

COMBINATIONS = 100_000
"""Where the candidates combine in more ways, places are filled one after the other."""

TRIES = 8
"""Words of which one is good for at most 10^5 choices, but for a chance of 2^-47 each."""


@dataclass(frozen=True, eq=False)
class Replacement:
    """The places somebody leaves, who may take each, and with what chance.

    problem      as it stands without them: they may not come back, nor get to another site instead
    teams        the teams they were drawn into
    officer      their position
    places       (vacated,) the places they leave, ascending
    candidates   of each place, the officers who may take it, ascending
    chances      of each place, beside its candidates, their exact chances; () where they depend on
                 the places before it
    completions  in how many valid ways the places can be filled together; None if not counted
    method       "joint": every completion is equally likely. "in order": one place after the other
                 in the order of the tasks, everyone equally likely with whom the places after it
                 can still be filled (which differs only as far as their room runs out)
    vacant       the vacated places as a problem of their own
    """

    problem: Problem
    teams: Teams
    officer: int
    places: Ints
    candidates: tuple[Ints, ...]
    chances: tuple[tuple[Fraction, ...], ...]
    completions: int | None
    method: Literal["joint", "in order"]
    vacant: Problem = field(repr=False)
    counted: Completions | None = field(default=None, repr=False)

    def to_frame(self) -> pd.DataFrame:
        """Return one row per place and candidate: site_id, seat, officer_id, chance as a fraction.

        The chance is "" where it depends on the places before.
        """
        rows = [
            (task, kind, self.problem.officers[officer], str(chance))
            for task, kind, officers, chances in zip(
                self.vacant.tasks,
                self.vacant.seat_kind.tolist(),
                self.candidates,
                self.chances,
                strict=True,
            )
            for officer, chance in zip(officers, chances or [""] * officers.size, strict=True)
        ]
        return pd.DataFrame(rows, columns=["site_id", "seat", "officer_id", "chance"])


def replacement(
    problem: Problem, teams: Teams, officer: str, *, tasks: Sequence[str] | None = None
) -> Replacement:
    """Return who can take the places of ``officer``, and with what chance; draws nothing.

    All other places stay as they are. A candidate is eligible, not in that team, has room under
    their cap and their groups' limits, may serve with those who stay, and gives the team what it
    needs; nobody is borrowed where an officer of the bureau's own will do. Minimum loads refuse
    nobody. As few places as one officer leaves are decided exactly: all valid completions are
    equally likely, counted in whole numbers; ``COMBINATIONS`` says up to where.

    problem  the problem the teams were drawn for; after an earlier replacement, its ``problem``
    officer  the id of who drops out
    tasks    the ids of the sites they leave; all of theirs if left out

    Raises Infeasible, naming who is missing and why, and InvalidInput for an unknown id, a site
    that is not theirs, and teams that break a rule (whether somebody was borrowed in vain is not
    asked: a replacement before this one may have given others room).

    >>> pool = Problem(
    ...     tasks=("S1", "S2"), officers=("P1", "P2", "P3", "P4"), cap=[2, 1, 2, 2], quota=[2, 2],
    ...     seat_task=[0, 1], seat_kind=["officer"] * 2, ptr=[0, 4, 8], idx=[0, 1, 2, 3] * 2,
    ... )
    >>> teams = Teams(pool, np.array([0, 1, 0, 2]), np.zeros(4, bool), "by hand")
    >>> replacement(pool, teams, "P3").to_frame()
      site_id     seat officer_id chance
    0      S2  officer         P4      1
    >>> replacement(pool, teams, "P1").to_frame()
      site_id     seat officer_id chance
    0      S1  officer         P3    1/2
    1      S1  officer         P4    1/2
    2      S2  officer         P4      1
    """
    check_teams(problem, teams, replaced=True)
    who = _position(problem, officer)
    places = _places(problem, teams, who, tasks)
    after = without(problem, teams, who, places)
    vacant = vacated(after, teams, who, places)
    few = prod(np.diff(vacant.ptr).tolist()) <= COMBINATIONS
    with within(f"replacing officer {officer}", f"替补检查人员 {officer}"):
        found = _joint(vacant) if few else _in_order(vacant)
    return Replacement(
        problem=after, teams=teams, officer=who, places=places, vacant=vacant, **found
    )


def _joint(vacant: Problem) -> dict[str, Any]:
    counted = completions(vacant)
    if not counted.number:
        feasible(vacant)
    shares = counted.chances()
    return {
        "candidates": tuple(vacant.idx[[*share]].astype(np.int64) for share in shares),
        "chances": tuple(tuple(share.values()) for share in shares),
        "completions": counted.number,
        "method": "joint",
        "counted": counted,
    }


def _in_order(vacant: Problem) -> dict[str, Any]:
    first, *later = (vacant.row(place).astype(np.int64) for place in range(len(vacant.tasks)))
    first = first[first_choices(vacant)]
    return {
        "candidates": (first, *later),
        "chances": ((Fraction(1, first.size),) * first.size, *[()] * len(later)),
        "completions": None,
        "method": "in order",
    }


def replace(replacement: Replacement, *, rng: object) -> Teams:
    """Draw the officers of the vacated places; every other place stays as it was.

    "joint" takes one of the completions, numbered from 0 in lexicographic order (places in order,
    officers by position); "in order" takes for each place one of its candidates, numbered from 0
    likewise. One of n is taken by the first word of 64 bits below the last multiple of n, modulo
    n: exactly uniform, the same everywhere.

    Returns teams of ``replacement.problem``, of the design ``"replacement/1"``.

    >>> from fairlot._base.chance import Given
    >>> pool = Problem(
    ...     tasks=("S1",), officers=("P1", "P2", "P3", "P4"), cap=[1] * 4, quota=[2],
    ...     seat_task=[0], seat_kind=["officer"], ptr=[0, 4], idx=[0, 1, 2, 3],
    ... )
    >>> teams = Teams(pool, np.array([0, 1]), np.zeros(2, bool), "by hand")
    >>> replace(replacement(pool, teams, "P1"), rng=Given([3])).officer  # P3 or P4, 3 mod 2 = 1
    array([1, 3])
    """
    chance = as_chance(rng)
    vacant, counted = replacement.vacant, replacement.counted
    if counted:
        return _seated(replacement, vacant.idx[counted[_one_of(counted.number, chance)]].tolist())
    taken = []
    for left in range(len(vacant.tasks), 0, -1):
        edges = first_choices(vacant)
        taken.append(int(vacant.idx[edges[_one_of(edges.size, chance)]]))
        vacant = rest(vacant, taken[-1]) if left > 1 else vacant
    return _seated(replacement, taken)


def _one_of(n: int, chance: Chance) -> int:
    """Return one of 0 to n - 1, all equally likely."""
    below = (1 << 64) // n * n
    for _ in range(TRIES):
        word = int(chance.words(1)[0])
        if word < below:
            return word % n
    raise NotConverged(
        "{tries} words in a row are at or above {below}: that is not chance",
        zh="连续 {tries} 个随机数不小于 {below}：并非随机",
        tries=TRIES,
        below=below,
    )


def _seated(replacement: Replacement, taken: list[int]) -> Teams:
    problem, officer = replacement.problem, replacement.teams.officer.copy()
    officer[replacement.places] = taken
    officer = officer[np.lexsort((officer, problem.place_seat))]
    borrowed = problem.tier[entries(problem, officer)] > 0
    return Teams(problem, officer, borrowed, DESIGN)


def _position(problem: Problem, officer: str) -> int:
    if officer not in problem.officers:
        raise InvalidInput(
            "officer {officer} is unknown", zh="检查人员 {officer} 不存在", officer=officer
        )
    return problem.officers.index(officer)


def _places(problem: Problem, teams: Teams, officer: int, tasks: Sequence[str] | None) -> Ints:
    theirs = np.flatnonzero(teams.officer == officer)
    at = {problem.tasks[problem.seat_task[problem.place_seat[p]]]: int(p) for p in theirs}
    named = at if tasks is None else tasks
    if not named:
        raise InvalidInput(
            "officer {officer} has no place to leave, or no site is named",
            zh="检查人员 {officer} 没有可退出的任务，或未指明场所",
            officer=problem.officers[officer],
        )
    for site in named:
        if site not in at:
            raise InvalidInput(
                "officer {officer} is not in the team of site {site}",
                zh="检查人员 {officer} 不在场所 {site} 的检查组中",
                officer=problem.officers[officer],
                site=site,
            )
    return np.array(sorted({at[site] for site in named}), dtype=np.int64)
