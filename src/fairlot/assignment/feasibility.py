"""Can every seat be filled? If not: which sites stand in the way, proved by a count."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from itertools import accumulate, islice

import numpy as np
from numpy.typing import NDArray

from fairlot._base.errors import Infeasible
from fairlot.assignment.blocking import Blocking
from fairlot.assignment.flow import Filled, reached, unchanced
from fairlot.assignment.problem import Problem

__all__ = ["feasible"]

SMALL = 30
"""Up to so many sites a blocking set is reduced until no site can be left out."""
NAMED = 5
"""So many blocking sets are explained."""


def feasible(problem: Problem) -> None:
    """Return when teams exist for every site of ``problem``; otherwise say what is in the way.

    Raises Infeasible. Its ``because`` holds a sentence per blocking set (``because_zh`` the same in
    Chinese), ``blocking`` the sets themselves with every id, ``empty`` the number of seats nobody
    can take. Every set can be checked by hand: its seats are more than its officers can take.

    >>> lone = Problem(
    ...     tasks=("S1", "S2"), officers=("P1", "P2"), cap=[1, 1],
    ...     seat_task=[0, 0, 1, 1], seat_kind=["officer"] * 4,
    ...     ptr=[0, 2, 4, 4, 4], idx=[0, 1, 0, 1],
    ... )
    >>> feasible(lone)  # doctest: +ELLIPSIS
    Traceback (most recent call last):
        ...
    fairlot._base.errors.Infeasible: no valid teams (seats left empty: 2): site S2 needs 2 officers; ...
    """
    filled = unchanced(problem)
    if filled.empty.size:
        raise _refusal(int(filled.empty.size), tuple(islice(_blockings(problem, filled), NAMED)))


def _refusal(empty: int, blocking: tuple[Blocking, ...]) -> Infeasible:
    because = tuple(block.text("en") for block in blocking)
    because_zh = tuple(block.text("zh") for block in blocking)
    return Infeasible(
        "no valid teams (seats left empty: {empty}): {said}",
        zh="无法组成检查组，空缺 {empty} 席：{said_zh}",
        empty=empty,
        said="; ".join(because),
        said_zh="；".join(because_zh),
        because=because,
        because_zh=because_zh,
        blocking=blocking,
    )


def _blockings(problem: Problem, filled: Filled) -> Iterator[Blocking]:
    """Explain one blocking set after the other; none shares a site with an earlier one."""
    told: set[int] = set()
    for seat in filled.empty:
        if problem.seat_task[seat] in told:
            continue
        near, alike = (np.unique(problem.seat_task[seats]) for seats in reached(filled, seat))
        every = np.union1d(near, alike)
        if told.isdisjoint(near.tolist()):
            tasks = near if near.size <= SMALL else every  # a large set at least tells how many
            yield _blocking(_part(problem, tasks, filled.level))
        told.update(every.tolist())


def _blocking(problem: Problem) -> Blocking:
    """Prove that the seats of ``problem`` cannot be filled."""
    minimal = len(problem.tasks) <= SMALL
    part = _reduced(problem) if minimal else problem
    seats = np.flatnonzero(unchanced(part).dead)
    officers, available = _available(part, seats)
    return Blocking(
        sites=tuple(part.tasks[task] for task in np.unique(part.seat_task[seats])),
        seats=_counted(part, seats),
        officers=tuple(part.officers[o] for o in officers),
        need=seats.size,
        available=available,
        minimal=minimal,
    )


def _reduced(problem: Problem) -> Problem:
    """Leave out one site after the other as long as the rest cannot be staffed without it."""
    for site in problem.tasks:
        rest = np.flatnonzero(np.array(problem.tasks) != site)
        fewer = _part(problem, rest, np.zeros(len(problem.tasks), np.int8))
        if unchanced(fewer).empty.size:
            problem = fewer
    return problem


def _part(problem: Problem, tasks: NDArray[np.int64], level: NDArray[np.int8]) -> Problem:
    """Return the problem of ``tasks`` alone, with the officers whose tier is open to each."""
    seats = np.flatnonzero(np.isin(problem.seat_task, tasks))
    rows = [_open(problem, seat, level) for seat in seats]
    return replace(
        problem,
        tasks=tuple(problem.tasks[task] for task in tasks),
        seat_task=np.searchsorted(tasks, problem.seat_task[seats]),
        seat_kind=problem.seat_kind[seats],
        seat_skill=problem.seat_skill[seats],
        bureau=problem.bureau[tasks],
        ptr=np.array([*accumulate(map(len, rows), initial=0)]),
        idx=np.concatenate([*rows, problem.idx[:0]]),
        tier=problem.tier[:0],
    )


def _open(problem: Problem, seat: np.int64, level: NDArray[np.int8]) -> NDArray[np.int32]:
    tier = problem.tier[problem.ptr[seat] : problem.ptr[seat + 1]]
    return np.compress(tier <= level[problem.seat_task[seat]], problem.row(seat))


def _available(problem: Problem, seats: NDArray[np.int64]) -> tuple[NDArray[np.int64], int]:
    """Return who may take one of ``seats``, and how many of them they can take together."""
    lists = [problem.row(seat) for seat in seats]
    task = np.repeat(problem.seat_task[seats], [len(row) for row in lists])
    pairs = np.unique(np.column_stack([task, np.concatenate(lists)]), axis=0)
    sites = np.bincount(pairs[:, 1], minlength=len(problem.officers))
    gives = np.minimum(sites, problem.cap)
    return np.flatnonzero(gives), int(gives.sum())


def _counted(problem: Problem, seats: NDArray[np.int64]) -> tuple[tuple[str, str, int], ...]:
    kinds = zip(problem.seat_kind[seats].tolist(), problem.seat_skill[seats].tolist(), strict=True)
    return tuple((kind, skill, n) for (kind, skill), n in sorted(Counter(kinds).items()))
