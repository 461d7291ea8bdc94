"""Whether a cure takes from other sites what it gives: tried on all that compete with its sites."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from fairlot._base.arrays import Ints
from fairlot.assignment.cure import Barring, Cure, Lending
from fairlot.assignment.flow import fill
from fairlot.assignment.network import network_of
from fairlot.assignment.part import part
from fairlot.assignment.problem import Problem

__all__ = ["Elsewhere"]


@dataclass(frozen=True, eq=False)
class Elsewhere:
    """All sites of ``problem`` beside ``sites`` (tasks), where ``short`` places stay empty."""

    problem: Problem
    sites: Ints
    short: int

    def unharmed(self, cure: Cure) -> bool:
        """Say whether the other sites lack no more than before once ``cure`` has staffed these.

        Two bureaux that are short of officers could else be told to lend them to each other. Pairs
        kept apart and needs are not looked at.
        """
        around = part(self.problem, self._competing(cure))
        return _missing(cure.made(around)) + self.short <= _missing(around)

    def _competing(self, cure: Cure) -> Ints:
        """Return the tasks that share officers, or limits, with the sites or with who is to come."""
        coming = np.isin(self.problem.officers, _coming(cure))
        tasks = len(self.problem.tasks)
        start = np.concatenate([self.sites, tasks + np.flatnonzero(coming)])
        return np.flatnonzero(np.isin(self._group[:tasks], self._group[start]))

    @cached_property
    def _group(self) -> Ints:
        """Which tasks, officers and limits hang together, in this order."""
        from scipy.sparse import coo_array
        from scipy.sparse.csgraph import connected_components

        problem, parent = self.problem, network_of(self.problem).parent
        tasks, inner = len(problem.tasks), np.flatnonzero(parent >= 0)
        start = np.concatenate([problem.seat_task[problem.edge_seat], tasks + inner])
        end = tasks + np.concatenate([problem.idx, parent[inner]])
        size = tasks + parent.size
        links = coo_array((np.ones(start.size, np.int8), (start, end)), (size, size))
        return connected_components(links, directed=False)[1].astype(np.int64)


def _coming(cure: Cure) -> list[str]:
    """Return who comes to sites they could not go to before."""
    if isinstance(cure, Lending):
        return [opening.officer for opening in cure.openings]
    return [cure.opening.officer] if isinstance(cure, Barring) else []


def _missing(problem: Problem) -> int:
    return int(fill(network_of(problem)).missing.sum())
