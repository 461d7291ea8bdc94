"""From all the tasks short of officers to the few that are in the way, group by group."""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from fairlot._base.arrays import Ints
from fairlot.assignment.flow import fill
from fairlot.assignment.irreducible import irreducible
from fairlot.assignment.network import network_of
from fairlot.assignment.part import part
from fairlot.assignment.problem import Problem
from fairlot.assignment.smallest import smallest

__all__ = ["Narrow", "failing_alone", "narrow"]

EXACT = 40
"""Up to so many tasks that compete for officers, the fewest that are in the way are found; beyond,
some of which none can be left out. Any number where only one place is empty, or one task fails
alone."""


class Narrow(NamedTuple):
    """Tasks that cannot be staffed together, and those they compete with for officers.

    ``smallest``: no fewer of them all are in the way. ``rivals`` tasks compete, these included,
    and ``missing`` of their places stay empty.
    """

    problem: Problem
    smallest: bool
    rivals: int
    missing: int


def narrow(problem: Problem) -> Iterator[Narrow]:
    """Yield sets of tasks that cannot be staffed, disjoint, those that fail alone first.

    Minimum loads, pairs kept apart and needs are not looked at: a flow fills as many places with
    minima as without. Only tasks that a search from the
    empty places reaches matter: they are the source side of the smallest minimum cut, and what
    any other set lacks, its part in there lacks too, since what a set lacks is supermodular
    (Picard and Queyranne 1980, doi:10.1007/BFb0120902).
    """
    reached = _reached(problem)
    lone = failing_alone(reached)
    for task in lone:
        here = part(reached, np.array([task]))
        yield Narrow(here, True, 1, int(fill(network_of(here)).missing.sum()))
    rest = _reached(part(reached, np.setdiff1d(np.arange(len(reached.tasks)), lone)))
    for tasks in _competing(rest):
        yield _narrowed(part(rest, tasks))


def _reached(problem: Problem) -> Problem:
    flow = fill(network_of(problem))
    return part(problem, np.unique(problem.seat_task[flow.seat_reached]))


def failing_alone(problem: Problem) -> Ints:
    """Return the tasks that cannot be staffed whatever the others do: caps set aside, but for 0.

    >>> pair = Problem(tasks=("S1", "S2"), officers=("P1", "P2"), cap=[1, 1], quota=[2, 2],
    ...                seat_task=[0, 1], seat_kind=["officer"] * 2, ptr=[0, 1, 3], idx=[0, 0, 1])
    >>> failing_alone(pair)
    array([0])
    """
    network = network_of(problem)
    most = np.where(network.most > 0, problem.quota.sum(), 0)
    missing = fill(network._replace(most=most)).missing
    return np.unique(problem.seat_task[missing > 0])


def _competing(problem: Problem) -> list[Ints]:
    """Return the tasks in groups that share officers or limits all used up, fewest tasks first."""
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    network = network_of(problem)
    flow = fill(network)
    tasks, nodes = len(problem.tasks), network.most.size
    seat = problem.edge_seat
    used_up = flow.seat_reached[seat] & flow.node_reached[problem.idx]
    inner = np.flatnonzero((network.parent >= 0) & flow.node_reached[network.parent])
    start = np.concatenate([problem.seat_task[seat[used_up]], tasks + inner])
    end = tasks + np.concatenate([problem.idx[used_up], network.parent[inner]])
    size = tasks + nodes
    links = coo_array((np.ones(start.size), (start, end)), (size, size))
    label = connected_components(links, directed=False)[1][:tasks]
    groups = [np.flatnonzero(label == group) for group in np.unique(label)]
    return sorted(groups, key=len)


def _narrowed(problem: Problem) -> Narrow:
    network, rivals = network_of(problem), len(problem.tasks)
    missing = int(fill(network).missing.sum())
    if missing == 1:
        return Narrow(problem, True, rivals, 1)  # its search reaches what every such set contains
    tasks = smallest(problem) if rivals <= EXACT else None
    proved = tasks is not None
    if tasks is None:
        tasks = irreducible(network, problem.seat_task)
        proved = tasks.size == 1 or (tasks.size == 2 and not problem.groups)  # none fails alone
    return Narrow(part(problem, tasks), proved, rivals, missing)
