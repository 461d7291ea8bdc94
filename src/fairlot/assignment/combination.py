"""Sites whose teams break some rule whatever is chosen: pairs kept apart, needs, and caps together.

A count of one kind of officer often proves it even so, and is then what is told. An integer
programme decides the rest, for private use.
"""

from collections.abc import Iterator
from dataclasses import replace
from itertools import combinations

import numpy as np

from fairlot._base.arrays import Ints
from fairlot.assignment.blocking import Blocking
from fairlot.assignment.broken import broken
from fairlot.assignment.certificate import certificate
from fairlot.assignment.deletion import minimal
from fairlot.assignment.flow import fill
from fairlot.assignment.minima import too_many
from fairlot.assignment.narrowing import Narrow, narrow
from fairlot.assignment.network import network_of
from fairlot.assignment.part import part
from fairlot.assignment.problem import Problem
from fairlot.assignment.rules import Need
from fairlot.assignment.staffable import staffable

__all__ = ["in_combination"]

EVERY = 10
"""Up to so many tasks every set of them is looked at, the smallest first."""


def in_combination(problem: Problem) -> Iterator[Blocking]:
    """Yield what is in the way of a combinatorial problem, once, if anything is.

    The fewest tasks up to ten; beyond, tasks of which none can be left out.
    """
    if staffable(problem):
        return
    every = np.arange(len(problem.tasks))
    if not staffable(part(problem, every)):
        yield _fewest(problem) if every.size <= EVERY else _irreducible(problem)
    elif fill(network_of(_plain(problem))).complete:
        yield broken(problem, smallest=True)
    else:
        yield too_many(_plain(problem))


def _fewest(problem: Problem) -> Blocking:
    counted = min(_counted(problem), key=lambda n: len(n.problem.tasks), default=None)
    below = len(counted.problem.tasks) if counted else len(problem.tasks) + 1
    smaller = next((here for here in _parts(problem, below) if not staffable(here)), None)
    if counted is None or smaller is not None:
        return broken(smaller or problem, smallest=True)
    return certificate(counted._replace(smallest=True))


def _parts(problem: Problem, below: int) -> Iterator[Problem]:
    """Yield the parts of fewer than ``below`` tasks, small ones first."""
    for size in range(1, below):
        for some in combinations(range(len(problem.tasks)), size):
            yield part(problem, np.array(some))


def _irreducible(problem: Problem) -> Blocking:
    first = next(_counted(problem), None)
    known = set(first.problem.tasks if first else problem.tasks)
    tasks = np.flatnonzero([task in known for task in problem.tasks])
    tasks = minimal(tasks, lambda some: not staffable(part(problem, np.sort(some))))
    here = part(problem, tasks)
    for counted in _counted(here):
        return certificate(counted._replace(smallest=False))
    return broken(here, smallest=False)


def _counted(problem: Problem) -> Iterator[Narrow]:
    """Yield the tasks that a count of all officers, or of one kind of them, shows to fail."""
    yield from narrow(_plain(problem))
    for kind in sorted({need.kind for need in problem.needs}):
        yield from narrow(_pool(problem, kind))


def _plain(problem: Problem) -> Problem:
    return replace(problem, apart=problem.apart[:0], needs=())


def _pool(problem: Problem, kind: str) -> Problem:
    """Return the problem of filling the needs of a ``kind`` alone, as if they were the seats."""
    most: dict[int, Need] = {}
    for need in sorted((n for n in problem.needs if n.kind == kind), key=lambda n: n.least):
        most[need.task] = need
    tasks = np.array(sorted(most), np.int64)
    rows = [np.intersect1d(_may_go(problem, task), most[task].officers) for task in tasks.tolist()]
    return replace(
        _plain(part(problem, tasks)),
        seat_task=np.arange(tasks.size),
        seat_kind=np.full(tasks.size, kind),
        seat_skill=np.full(tasks.size, ""),
        quota=np.array([most[task].least for task in tasks.tolist()], np.int64),
        ptr=np.cumsum([0, *map(len, rows)]),
        idx=np.concatenate(rows).astype(np.int64),
        tier=problem.tier[:0],
    )


def _may_go(problem: Problem, task: int) -> Ints:
    first, last = np.searchsorted(problem.seat_task, [task, task + 1])
    return np.unique(problem.idx[problem.ptr[first] : problem.ptr[last]]).astype(np.int64)
