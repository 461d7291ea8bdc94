"""A part of a problem: some of its tasks, with all its officers."""

from dataclasses import replace
from itertools import accumulate

import numpy as np

from fairlot._base.arrays import Ints
from fairlot._kernels import kernel
from fairlot.assignment.network import Numbers
from fairlot.assignment.problem import Problem

__all__ = ["part"]


def part(problem: Problem, tasks: Ints) -> Problem:
    """Return the problem of ``tasks`` (rising positions) alone; minimum loads are left out.

    A minimum that all tasks together meet need not be met by some of them.
    """
    seats = np.flatnonzero(np.isin(problem.seat_task, tasks))
    sizes = np.diff(problem.ptr)[seats]
    edges = _edges(problem.ptr, seats, int(sizes.sum()))
    at = {task: place for place, task in enumerate(tasks.tolist())}
    anywhere = problem.apart[:, 0] < 0
    kept = problem.apart[anywhere | np.isin(problem.apart[:, 0], tasks)]
    return replace(
        problem,
        tasks=tuple(problem.tasks[task] for task in tasks),
        seat_task=np.searchsorted(tasks, problem.seat_task[seats]),
        seat_kind=problem.seat_kind[seats],
        seat_skill=problem.seat_skill[seats],
        quota=problem.quota[seats],
        bureau=problem.bureau[tasks],
        ptr=np.array([*accumulate(sizes.tolist(), initial=0)], dtype=np.int64),
        idx=problem.idx[edges],
        tier=problem.tier[edges],
        least=np.zeros_like(problem.least),
        groups=tuple(replace(group, least=0) for group in problem.groups),
        apart=np.array([[at.get(t, -1), a, b] for t, a, b in kept.tolist()]),
        needs=tuple(replace(n, task=at[n.task]) for n in problem.needs if n.task in at),
        barred=tuple(replace(b, task=at[b.task]) for b in problem.barred if b.task in at),
    )


@kernel
def _edges(ptr: Ints, seats: Ints, count: int) -> Numbers:
    """List the edges of ``seats``."""
    edges = np.empty(count, np.int32)
    found = 0
    for k in range(seats.size):
        for e in range(ptr[seats[k]], ptr[seats[k] + 1]):
            edges[found] = e
            found += 1
    return edges
