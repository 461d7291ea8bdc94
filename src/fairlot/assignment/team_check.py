"""A check of drawn teams that trusts no solver: every rule, re-read from the problem."""

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from fairlot._base.arrays import Flags, Ints
from fairlot._base.errors import InvalidInput
from fairlot.assignment.columns import PAIRS
from fairlot.assignment.problem import Problem
from fairlot.assignment.rules import Need
from fairlot.assignment.teams import Teams, colleagues, entries

__all__ = ["RULES", "Rule", "check_teams"]

Rule = Callable[[Problem, Teams], int]
"""Raises at the first place that breaks it; else returns how many things it looked at."""


def check_teams(problem: Problem, teams: Teams, *, replaced: bool = False) -> None:
    """Check every rule of ``problem`` on ``teams`` without solving anything.

    Every place is taken by an officer of its row, once in a team, in order; loads keep to the
    officers' and the groups' limits; nobody serves with whom they may not, every team holds what
    it needs, and nobody is borrowed while one of the bureau's own with room could have gone. What
    ``teams.design`` says of itself decides nothing.

    replaced  True where officers have dropped out since: that gives room to some and keeps the
              places of the others, so whether somebody is borrowed in vain is not asked

    Raises InvalidInput naming the first site or officer at fault. O(places * log(longest row));
    where somebody is borrowed, one pass over the rows.

    >>> trio = Problem(tasks=("S1",), officers=("P1", "P2", "P3"), cap=[1, 1, 1], quota=[2],
    ...                seat_task=[0], seat_kind=["officer"], ptr=[0, 2], idx=[0, 1])
    >>> check_teams(trio, Teams(trio, np.array([0, 1]), np.zeros(2, bool), "by hand"))
    >>> check_teams(trio, Teams(trio, np.array([0, 2]), np.zeros(2, bool), "by hand"))
    Traceback (most recent call last):
    fairlot._base.errors.InvalidInput: officer P3 may not take seat officer of site S1
    """
    for name, rule in RULES.items():
        if not (replaced and name == "own"):
            rule(problem, teams)


def _places(problem: Problem, teams: Teams) -> int:
    officer, places = teams.officer, int(problem.quota.sum())
    known = (officer >= 0) & (officer < len(problem.officers))
    if officer.shape != (places,) or teams.borrowed.shape != (places,) or not known.all():
        raise InvalidInput(
            "teams fill {got} places; want an officer of the problem on each of {places}",
            zh="共填 {got} 个名额，应有 {places} 个且均为名录内人员",
            got=int(known.sum()),
            places=places,
        )
    return places


def _eligible(problem: Problem, teams: Teams) -> int:
    stray = np.flatnonzero(~_in_row(problem, teams.officer))
    if stray.size:
        raise _fault(
            "officer {officer} may not take seat {seat} of site {site}",
            "检查人员 {officer} 不得担任场所 {site} 的 {seat}",
            problem,
            teams,
            stray[0],
        )
    return teams.officer.size


def _in_row(problem: Problem, officer: Ints) -> Flags:
    entry = entries(problem, officer)
    inside = entry < problem.ptr[problem.place_seat + 1]
    inside[inside] = problem.idx[entry[inside]] == officer[inside]
    return inside


def _once(problem: Problem, teams: Teams) -> int:
    team_of = _pair(problem, problem.seat_task[problem.place_seat], teams.officer)
    _, first = np.unique(team_of, return_index=True)
    if first.size < team_of.size:
        raise _fault(
            "officer {officer} sits twice in the team of site {site}",
            "检查人员 {officer} 在场所 {site} 的检查组中重复",
            problem,
            teams,
            np.setdiff1d(np.arange(team_of.size), first)[0],
        )
    return len(problem.tasks)


def _pair(problem: Problem, task: Ints, officer: Ints) -> Ints:
    return task * len(problem.officers) + officer


def _in_order(problem: Problem, teams: Teams) -> int:
    seat = problem.place_seat
    falling = np.flatnonzero((np.diff(seat) == 0) & (np.diff(teams.officer) < 0))
    if falling.size:
        raise _fault(
            "officer {officer} stands out of order on seat {seat} of site {site}",
            "场所 {site} 的 {seat} 席位上检查人员 {officer} 未按编号升序排列",
            problem,
            teams,
            falling[0] + 1,
        )
    return problem.seat_task.size


def _loads(problem: Problem, teams: Teams) -> int:
    load = teams.loads
    off = np.flatnonzero((load > problem.cap) | (load < problem.least))
    if off.size:
        raise InvalidInput(
            "officer {officer} takes {load} places; want {least} to {cap}",
            zh="检查人员 {officer} 承担 {load} 个任务，应为 {least} 至 {cap} 个",
            officer=problem.officers[off[0]],
            load=int(load[off[0]]),
            least=int(problem.least[off[0]]),
            cap=int(problem.cap[off[0]]),
        )
    return load.size


def _groups(problem: Problem, teams: Teams) -> int:
    load = teams.loads
    for group in problem.groups:
        total = int(load[list(group.officers)].sum())
        if not group.least <= total <= group.most:
            raise InvalidInput(
                "group {group} takes {load} places; want {least} to {most}",
                zh="组 {group} 承担 {load} 个任务，应为 {least} 至 {most} 个",
                group=group.name,
                load=total,
                least=group.least,
                most=group.most,
            )
    return len(problem.groups)


def _apart(problem: Problem, teams: Teams) -> int:
    if not problem.apart.size:
        return 0
    where, a, b = problem.apart.T
    barred = np.minimum(a, b) * len(problem.officers) + np.maximum(a, b)
    task, one, other = colleagues(problem, teams.officer)
    served = one * len(problem.officers) + other
    together = np.isin(served, barred[where < 0])
    square = len(problem.officers) ** 2
    together |= np.isin(task * square + served, (where * square + barred)[where >= 0])
    if together.any():
        at = np.flatnonzero(together)[0]
        raise InvalidInput(
            "officers {officer} and {other} of site {site} may not serve together",
            zh="检查人员 {officer} 与 {other} 不得同组（场所 {site}）",
            officer=problem.officers[one[at]],
            other=problem.officers[other[at]],
            site=problem.tasks[task[at]],
        )
    return len(problem.apart)


def _needs(problem: Problem, teams: Teams) -> int:
    ends = np.searchsorted(problem.seat_task[problem.place_seat], np.arange(len(problem.tasks) + 1))
    for need in problem.needs:
        team = teams.officer[ends[need.task] : ends[need.task + 1]].tolist()
        if not _met(need, team):
            raise InvalidInput(
                "the team of site {site} holds {got} of {kind}; want at least {least}",
                zh="场所 {site} 的检查组中 {kind} 有 {got} 人，至少应有 {least} 人",
                site=problem.tasks[need.task],
                kind=need.kind,
                got=sum(officer in need.officers for officer in team),
                least=need.least,
            )
    return len(problem.needs)


def _met(need: Need, team: list[int]) -> bool:
    return sum(officer in need.officers for officer in team) >= need.least


def _said(problem: Problem, teams: Teams) -> int:
    lent = _in_row(problem, teams.officer)
    lent[lent] = problem.tier[entries(problem, teams.officer)[lent]] > 0
    if not np.array_equal(lent, teams.borrowed):
        raise _fault(
            "officer {officer} of site {site}: borrowed does not say where they come from",
            "检查人员 {officer}（场所 {site}）：借调标记与其所属机关不符",
            problem,
            teams,
            np.flatnonzero(lent != teams.borrowed)[0],
        )
    return int(lent.sum())


def _needed(problem: Problem, teams: Teams) -> int:
    if problem.combinatorial and problem.idx.size > PAIRS:  # drawn and repaired with all tiers open
        return 0
    for place, own in _own_with_room(problem, teams):
        if _could_go(problem, teams, place, own):
            raise _fault(
                "officer {officer} is borrowed for site {site}, whose bureau has {own} with room",
                "场所 {site} 借调检查人员 {officer}，而其机关尚有可用人员 {own}",
                problem,
                teams,
                place,
                own=problem.officers[own],
            )
    return int(teams.borrowed.sum())


def _own_with_room(problem: Problem, teams: Teams) -> Iterator[tuple[int, int]]:
    """Yield (borrowed place, officer of the bureau's own with room who is not in the team)."""
    if not teams.borrowed.any():
        return
    lent = np.zeros(problem.seat_task.size, np.bool_)
    lent[problem.place_seat[teams.borrowed]] = True
    seat = problem.edge_seat
    own = (problem.tier == 0) & lent[seat] & (teams.loads < problem.cap)[problem.idx]
    seat, officer = seat[own], problem.idx[own]
    team_of = _pair(problem, problem.seat_task[problem.place_seat], teams.officer)
    outside = ~np.isin(_pair(problem, problem.seat_task[seat], officer), team_of)
    for at, who in zip(seat[outside], officer[outside], strict=True):
        for place in np.flatnonzero((problem.place_seat == at) & teams.borrowed):
            yield int(place), int(who)


def _could_go(problem: Problem, teams: Teams, place: int, own: int) -> bool:
    """Whether ``own`` in the place of the borrowed officer would break no other rule."""
    officer = teams.officer.copy()
    officer[place] = own
    instead = Teams(problem, officer, teams.borrowed, teams.design)
    try:
        for rule in (_loads, _groups, _apart, _needs):
            rule(problem, instead)
    except InvalidInput:
        return False
    return True


def _fault(
    en: str, zh: str, problem: Problem, teams: Teams, place: Any, **facts: Any
) -> InvalidInput:
    seat = problem.place_seat[place]
    return InvalidInput(
        en,
        zh=zh,
        site=problem.tasks[problem.seat_task[seat]],
        seat=str(problem.seat_kind[seat]),
        officer=problem.officers[teams.officer[place]],
        **facts,
    )


RULES: dict[str, Rule] = {
    "places": _places,
    "eligible": _eligible,
    "once": _once,
    "order": _in_order,
    "loads": _loads,
    "groups": _groups,
    "apart": _apart,
    "needs": _needs,
    "borrowed": _said,
    "own": _needed,
}
"""In the order they are checked; a rule may rely on those before it."""
