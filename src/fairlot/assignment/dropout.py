"""An officer drops out: the problem without them, and who could take each vacated place."""

from dataclasses import replace
from itertools import accumulate

import numpy as np
from numpy.typing import NDArray

from fairlot._base.arrays import Flags, Ints
from fairlot._base.errors import Infeasible
from fairlot.assignment.problem import Problem
from fairlot.assignment.rules import Group
from fairlot.assignment.teams import Teams

__all__ = ["vacated", "without"]

WHY = {
    "team": ("{who} in the team already", "{who} 已在组内"),
    "cap": ("{who} without room under the cap", "{who} 已达任务上限"),
    "group": ("{who} in a group without room", "{who} 所在组已达上限"),
    "apart": ("{who} not to serve with a colleague", "{who} 不得与组员同组"),
    "need": ("{who} without what the team needs", "{who} 不具备检查组所需条件"),
}
"""Why an eligible officer cannot take a vacated place; the first that holds is said."""

NAMED = 5
"""How many officers a refusal names for one reason."""


def without(problem: Problem, teams: Teams, officer: int, places: Ints) -> Problem:
    """Return ``problem`` as it stands once ``officer`` has left ``places``.

    The officer may take no seat of those tasks, and no more places than they keep, so that nobody
    gets to another site by leaving one. Minimum loads, their own and those of the groups they are
    in, fall by what they give up: a vacated place is no debt of those who stay.
    """
    left = np.unique(problem.seat_task[problem.place_seat[places]])
    task = problem.seat_task[problem.edge_seat]
    stays = (problem.idx != officer) | ~np.isin(task, left)
    load = teams.loads
    cap, least = problem.cap.copy(), problem.least.copy()
    cap[officer] = load[officer] - places.size
    least[officer] = min(least[officer], cap[officer])
    return replace(
        problem,
        ptr=np.concatenate([[0], np.cumsum(stays)])[problem.ptr],
        idx=problem.idx[stays],
        tier=problem.tier[stays],
        cap=cap,
        least=least,
        groups=tuple(_eased(group, officer, load, places.size) for group in problem.groups),
    )


def _eased(group: Group, officer: int, load: Ints, places: int) -> Group:
    if officer not in group.officers:
        return group
    kept = int(load[list(group.officers)].sum()) - places
    return replace(group, least=min(group.least, kept))


def vacated(after: Problem, teams: Teams, officer: int, places: Ints) -> Problem:
    """Return the vacated places as a problem of their own, with the room that is left.

    after  the problem without the officer; its tasks lose one place each, as nobody sits twice

    Raises Infeasible for the first place that nobody can take, saying why each officer cannot.
    """
    stays = np.ones(teams.officer.size, np.bool_)
    stays[places] = False
    load = np.bincount(teams.officer[stays], minlength=len(after.officers))
    seats = after.place_seat[places]
    rows = []
    for seat in seats:
        colleagues = stays & (after.seat_task[after.place_seat] == after.seat_task[seat])
        why = _why_not(after, seat, teams.officer[colleagues], load)
        if all(why):
            raise _nobody(after, officer, seat, why)
        rows.append(after.ptr[seat] + np.flatnonzero(why == ""))
    return _alone(after, seats, rows, load)


def _why_not(after: Problem, seat: int, team: Ints, load: Ints) -> NDArray[np.str_]:
    """Return of each officer of the row the first reason that keeps them away, "" if none does."""
    row, task = after.row(seat), int(after.seat_task[seat])
    full = [o for group in after.groups if load[list(group.officers)].sum() >= group.most
            for o in group.officers]  # fmt: skip
    held = {
        "team": np.isin(row, team),
        "cap": load[row] >= after.cap[row],
        "group": np.isin(row, full),
        "apart": np.isin(row, _foes(after, task, team)),
        "need": ~_serves(after, task, team, row),
    }
    return np.select([*held.values()], [*held], default="")


def _foes(after: Problem, task: int, team: Ints) -> Ints:
    """Return who may not serve with somebody of ``team``."""
    where, one, other = after.apart.T
    here = (where < 0) | (where == task)
    return np.concatenate([other[here & np.isin(one, team)], one[here & np.isin(other, team)]])


def _serves(after: Problem, task: int, team: Ints, row: NDArray[np.int32]) -> Flags:
    """Say of each officer of ``row`` whether the team with them has all that it needs."""
    serves = np.ones(row.size, np.bool_)
    for need in after.needs:
        if need.task == task:
            among = list(need.officers)
            serves &= np.isin(team, among).sum() + np.isin(row, among) >= need.least
    return serves


def _alone(after: Problem, seats: Ints, rows: list[Ints], load: Ints) -> Problem:
    edges = np.concatenate(rows)
    room = tuple(
        Group(g.name, g.officers, most=g.most - int(load[list(g.officers)].sum()))
        for g in after.groups
    )
    return Problem(
        tasks=tuple(after.tasks[task] for task in after.seat_task[seats]),
        officers=after.officers,
        seat_task=np.arange(seats.size),
        seat_kind=after.seat_kind[seats],
        seat_skill=after.seat_skill[seats],
        ptr=np.array([*accumulate(map(len, rows), initial=0)]),
        idx=after.idx[edges],
        tier=after.tier[edges],
        cap=after.cap - load,
        bureau=after.bureau[after.seat_task[seats]],
        home=after.home,
        groups=room,
    )


def _nobody(after: Problem, officer: int, seat: int, why: NDArray[np.str_]) -> Infeasible:
    row = after.row(seat)
    kept_away = {
        reason: [after.officers[o] for o in row[why == reason]] for reason in WHY if reason in why
    }
    en, zh = ([WHY[r][k].format(who=_listed(kept_away[r], k)) for r in kept_away] for k in (0, 1))
    return Infeasible(
        "nobody can replace officer {officer} on seat {seat} of site {site}: {told}",
        zh="场所 {site} 的 {seat} 席位上无人可替补检查人员 {officer}：{told_zh}",
        officer=after.officers[officer],
        seat=str(after.seat_kind[seat]),
        site=after.tasks[after.seat_task[seat]],
        kept_away=kept_away,
        because=en,
        because_zh=zh,
        told="; ".join(en) or "nobody else is eligible",
        told_zh="；".join(zh) or "没有其他合格人员",
    )


def _listed(who: list[str], lang: int) -> str:
    """Name a few officers and count the rest."""
    listed = (", ", "、")[lang].join(who[:NAMED])
    more = len(who) - NAMED
    return listed if more <= 0 else listed + (" and {n} more", " 等另 {n} 人")[lang].format(n=more)
