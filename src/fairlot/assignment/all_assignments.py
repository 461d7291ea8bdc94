"""Every valid assignment of a problem that has few, task by task; of others, nothing."""

from itertools import combinations, product
from math import comb, prod

import numpy as np

from fairlot._base.arrays import Flags, Ints
from fairlot.assignment.problem import Problem

__all__ = ["all_assignments"]

AT_ONCE = 10  # times as many are looked at in one step as are kept


def all_assignments(problem: Problem, most: int) -> Flags | None:
    """Return (assignments, edges), True where used, or None where there are more.

    Also None where some of the tasks alone have more. Every tier is open. Starts from the tasks
    with the fewest teams and drops whatever goes beyond the cap of an officer or a group.

    >>> pool = Problem(
    ...     tasks=("S1",), officers=("P1", "P2", "P3"), cap=[1, 1, 1], seat_task=[0],
    ...     seat_kind=["officer"], quota=[2], ptr=[0, 3], idx=[0, 1, 2], apart=[(-1, 1, 2)],
    ... )
    >>> all_assignments(pool, most=9).astype(int)
    array([[1, 0, 1],
           [1, 1, 0]])
    >>> all_assignments(pool, most=1) is None
    True
    """
    choices = []
    for task in range(len(problem.tasks)):
        if _count(problem, task) > most:
            return None
        choices.append(_teams(problem, task))
    found = np.zeros((1, problem.idx.size), np.bool_)
    for teams in sorted(choices, key=len):
        if len(found) * len(teams) > most * AT_ONCE:
            return None
        found = (found[:, None] | teams[None]).reshape(-1, problem.idx.size)
        found = found[_within_limits(problem, found)]
        if len(found) > most:
            return None
    found = found[_above_least(problem, found)]
    return np.unique(found, axis=0)


def _seats(problem: Problem, task: int) -> list[int]:
    return np.flatnonzero(problem.seat_task == task).tolist()


def _count(problem: Problem, task: int) -> int:
    """Return how many teams there are to look at."""
    sizes = np.diff(problem.ptr)
    return prod(comb(int(sizes[s]), int(problem.quota[s])) for s in _seats(problem, task))


def _teams(problem: Problem, task: int) -> Flags:
    """Return the valid teams of a task, as the edges they use."""
    rows = [
        combinations(range(problem.ptr[s], problem.ptr[s + 1]), problem.quota[s])
        for s in _seats(problem, task)
    ]
    picked = [sum(edges, ()) for edges in product(*rows)]
    teams = np.zeros((len(picked), problem.idx.size), np.bool_)
    for row, edges in zip(teams, picked, strict=True):
        row[list(edges)] = True
    times = _loads(problem, teams)
    keeps = (times <= 1).all(axis=1)
    for t, one, other in problem.apart:
        keeps &= (t not in (-1, task)) | (times[:, one] * times[:, other] == 0)
    for need in problem.needs:
        if need.task == task:
            keeps &= times[:, sorted(set(need.officers))].sum(axis=1) >= need.least
    return teams[keeps]


def _loads(problem: Problem, used: Flags) -> Ints:
    """Return the number of places (rows, officers) that each officer takes."""
    loads = np.zeros((len(used), len(problem.officers)), np.int64)
    for edge, officer in enumerate(problem.idx):
        loads[:, officer] += used[:, edge]
    return loads


def _within_limits(problem: Problem, used: Flags) -> Flags:
    loads = _loads(problem, used)
    keeps = (loads <= problem.cap).all(axis=1)
    for group in problem.groups:
        keeps &= loads[:, sorted(set(group.officers))].sum(axis=1) <= group.most
    return np.asarray(keeps)


def _above_least(problem: Problem, used: Flags) -> Flags:
    loads = _loads(problem, used)
    keeps = (loads >= problem.least).all(axis=1)
    for group in problem.groups:
        keeps &= loads[:, sorted(set(group.officers))].sum(axis=1) >= group.least
    return np.asarray(keeps)
