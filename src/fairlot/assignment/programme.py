"""Any assignment that keeps every rule, or the cheapest, by an integer programme: private use.

HiGHS computes in floating point, so what it finds may serve, explain and inform, and decides no
public draw. Every assignment it finds is counted again in whole numbers before it is believed.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from fairlot._base.arrays import Flags, Floats, Ints
from fairlot._base.errors import InvalidInput, NotConverged
from fairlot.assignment.problem import Problem

__all__ = [
    "Found",
    "Programme",
    "assignment",
    "at_most",
    "cheapest",
    "programme_of",
    "refuse_great",
]

SECONDS = 60.0
"""Longest time for one assignment; what is small enough for private use takes milliseconds."""

SCALE = 1e6
"""The greatest cost as HiGHS sees it: it stops within 1e-6 of the best, whatever the costs are."""

INFEASIBLE = 2  # how scipy.optimize.milp says so

Matrix = Any  # scipy.sparse.csr_array; scipy is imported where it is used

Rule = tuple[Matrix, ArrayLike, ArrayLike]
"""Rows over the edges, and the least and most that each may come to."""


@dataclass(frozen=True, eq=False)
class Programme:
    """The rules of a problem over its edges: ``low <= rows @ used <= high``, used 0 or 1.

    pairs  ascending numbers ``task * officers + officer``: who may be in which team, in any seat
    team   (pairs, edges) sparse, 1 where the edge puts the officer into the team
    rows   (rules, edges) sparse, whole numbers
    open   (edges,) the edges that may be used
    """

    problem: Problem
    pairs: Ints
    team: Matrix
    rows: Matrix
    low: Floats
    high: Floats
    open: Flags


class Found(NamedTuple):
    """A cheapest assignment, as the edges it uses; no assignment costs less than ``bound``."""

    used: Flags
    cost: float
    bound: float


def programme_of(problem: Problem) -> Programme:
    """Return the rules of ``problem`` as rows of an integer programme, every tier open."""
    from scipy.sparse import vstack

    seat = problem.edge_seat
    key = problem.seat_task[seat] * len(problem.officers) + problem.idx
    pairs, pair = np.unique(key, return_inverse=True)
    team = _ones(pair, np.arange(pair.size), (pairs.size, pair.size))
    seats = _ones(seat, np.arange(seat.size), (problem.quota.size, seat.size))
    rules: list[Rule] = [(seats, problem.quota, problem.quota)]
    rules += [*_officer_rules(problem), *_team_rules(problem, pairs, team)]
    low, high = (
        np.concatenate([np.broadcast_to(rule[side], rule[0].shape[0]) for rule in rules])
        for side in (1, 2)
    )
    rows = vstack([rule[0] for rule in rules], format="csr")
    everything = np.ones(pair.size, np.bool_)
    return Programme(problem, pairs, team, rows, low.astype(float), high.astype(float), everything)


def at_most(programme: Programme, cost: Floats, most: float) -> Programme:
    """Return the programme of the assignments whose total ``cost`` (edges,) is at most ``most``."""
    from scipy.sparse import csr_array, vstack

    return replace(
        programme,
        rows=vstack([programme.rows, csr_array(cost[None])], format="csr"),
        low=np.append(programme.low, -np.inf),
        high=np.append(programme.high, most),
    )


def assignment(problem: Problem) -> Ints | None:
    """Return the officer of every place of some assignment that keeps all rules, or None.

    ``(places,)``, the places of a seat side by side; None when no assignment exists. The rules are
    those of :class:`Problem`, pairs kept apart and needs included, with every tier open.

    Raises NotConverged when it takes longer than ``SECONDS``.

    >>> from fairlot.assignment.rules import Need
    >>> def team(*needs):
    ...     return Problem(
    ...         tasks=("S1",), officers=("P1", "P2", "P3"), cap=[1, 1, 1], seat_task=[0],
    ...         seat_kind=["officer"], quota=[2], ptr=[0, 3], idx=[0, 1, 2],
    ...         apart=[(-1, 1, 2)], needs=needs,
    ...     )
    >>> assignment(team(Need(0, "field:food", (1,))))
    array([0, 1])
    >>> assignment(team(Need(0, "field:food", (1,)), Need(0, "lead>=3", (2,)))) is None
    True
    """
    found = cheapest(programme_of(problem), np.zeros(problem.idx.size))
    return None if found is None else problem.idx[found.used].astype(np.int64)


def cheapest(programme: Programme, cost: Floats) -> Found | None:
    """Return an assignment of least total ``cost`` (edges,), or None when there is none at all.

    Raises NotConverged when HiGHS needs longer than ``SECONDS`` or breaks a rule by rounding.
    """
    from scipy.optimize import Bounds, LinearConstraint, milp

    nothing = np.zeros(cost.size, np.bool_)
    if not cost.size:  # nobody may go anywhere, which HiGHS is not asked about
        return Found(nothing, 0.0, 0.0) if _keeps_rules(programme, nothing) else None
    scale = SCALE / (float(np.abs(cost).max()) or SCALE)
    result = milp(
        cost * scale,
        integrality=np.ones(cost.size, np.int64),
        bounds=Bounds(0, programme.open.astype(np.float64)),
        constraints=LinearConstraint(programme.rows, programme.low, programme.high),
        options={"mip_rel_gap": 0.0, "time_limit": SECONDS},
    )
    if result.status == INFEASIBLE:
        return None
    used = nothing if result.x is None else result.x > 0.5
    if result.status != 0 or not _keeps_rules(programme, used):
        raise NotConverged(
            "no assignment of {edges} pairs was proved cheapest: {told}",
            zh="{edges} 对组合的最小费用分派未能求得：{told}",
            edges=cost.size,
            told=result.message,
        )
    return Found(used, float(cost[used].sum()), float(result.mip_dual_bound) / scale)


def refuse_great(problem: Problem, most: int, what: str, zh: str) -> None:
    """Refuse a problem of more than ``most`` eligible pairs, for which ``what`` would take hours."""
    if problem.idx.size > most:
        raise InvalidInput(
            "{what} up to {most} eligible pairs, the problem has {got}",
            zh="{zh_what}最多 {most} 对可选组合，本问题有 {got} 对",
            what=what,
            zh_what=zh,
            most=most,
            got=int(problem.idx.size),
        )


def _keeps_rules(programme: Programme, used: Flags) -> bool:
    amount = programme.rows @ used.astype(np.int64)
    return bool(((amount >= programme.low) & (amount <= programme.high)).all())


def _officer_rules(problem: Problem) -> Iterator[Rule]:
    people, edges = len(problem.officers), problem.idx.size
    load = _ones(problem.idx, np.arange(edges), (people, edges))
    yield load, problem.least, problem.cap
    if problem.groups:
        member = [(g, o) for g, group in enumerate(problem.groups) for o in set(group.officers)]
        group, officer = np.transpose(member)
        inside = _ones(group, officer, (len(problem.groups), people))
        least, most = zip(*((group.least, group.most) for group in problem.groups), strict=True)
        yield inside @ load, least, most


def _team_rules(problem: Problem, pairs: Ints, team: Matrix) -> Iterator[Rule]:
    people = len(problem.officers)
    twice = np.flatnonzero(np.diff(team.indptr) > 1)
    yield team[twice], 0, 1  # an officer takes at most one place in a team
    for task, one, other in problem.apart:
        every = np.arange(len(problem.tasks)) if task < 0 else np.array([task])
        both = [_where(pairs, every * people + officer) for officer in (one, other)]
        met = (both[0] >= 0) & (both[1] >= 0)
        yield team[both[0][met]] + team[both[1][met]], 0, 1
    for need in problem.needs:
        at = _where(pairs, need.task * people + np.unique(np.array(need.officers, np.int64)))
        inside = _ones(np.zeros_like(at[at >= 0]), at[at >= 0], (1, pairs.size))
        yield inside @ team, need.least, np.inf


def _where(ascending: Ints, wanted: Ints) -> Ints:
    """Return where each number stands, -1 where it does not."""
    at = np.searchsorted(ascending, wanted)
    known = ascending[np.minimum(at, ascending.size - 1)] == wanted if ascending.size else False
    return np.where(known, at, -1)


def _ones(row: ArrayLike, column: ArrayLike, shape: tuple[int, int]) -> Matrix:
    from scipy.sparse import csr_array

    return csr_array((np.ones(np.size(row), np.int64), (row, column)), shape)
