"""Minimum loads that cannot all be met, though every place can be filled."""

from dataclasses import replace
from itertools import chain

import numpy as np

from fairlot._base.arrays import Ints
from fairlot.assignment.blocking import Blocking
from fairlot.assignment.deletion import minimal
from fairlot.assignment.flow import fill
from fairlot.assignment.network import Network, network_of
from fairlot.assignment.problem import Problem

__all__ = ["too_many"]


def too_many(problem: Problem) -> Blocking:
    """Return officers, or groups, whose minimum loads are too many, none of whom can be left out.

    Without groups the sites have, for these officers alone, fewer places than they must take: who
    meets all minima and who fills all places can be made one (Mendelsohn and Dulmage 1958,
    doi:10.4153/CJM-1958-027-8).
    """
    network = network_of(problem)
    held = np.flatnonzero(network.least)
    fewest_first = held[np.argsort(network.least[held], kind="stable")]
    nodes = minimal(fewest_first, lambda some: not fill(_only(network, some)).complete)
    names = [*problem.officers, *(group.name for group in problem.groups)]
    officers = _members(problem, nodes)
    need = int(network.least[nodes].sum())
    places = _places(problem, officers)
    return Blocking(
        sites=tuple(site for site, _ in places),
        officers=tuple(problem.officers[o] for o in officers),
        need=need,
        available=need - int(fill(_only(network, nodes)).lacking.sum()),
        counts=() if problem.groups else places,
        kind="least",
        limits=tuple((names[node], int(network.least[node])) for node in nodes),
    )


def _only(network: Network, nodes: Ints) -> Network:
    held = np.isin(np.arange(network.least.size), nodes)
    return network._replace(least=np.where(held, network.least, 0))


def _members(problem: Problem, nodes: Ints) -> Ints:
    people = len(problem.officers)
    inside = [problem.groups[node - people].officers for node in nodes if node >= people]
    return np.unique([*nodes[nodes < people], *chain.from_iterable(inside)]).astype(np.int64)


def _places(problem: Problem, officers: Ints) -> tuple[tuple[str, int], ...]:
    """Count how many places each site has for ``officers``, were nobody else there."""
    theirs = np.isin(problem.idx, officers)
    rows = np.add.reduceat(np.append(theirs, False), problem.ptr[:-1]) * (np.diff(problem.ptr) > 0)
    alone = replace(
        problem,
        ptr=np.append(0, np.cumsum(rows)),
        idx=problem.idx[theirs],
        tier=problem.tier[theirs],
        groups=(),
    )
    network = network_of(alone)
    flow = fill(network._replace(most=np.full_like(network.most, problem.quota.sum())))
    taken = problem.quota - flow.missing
    count = np.bincount(problem.seat_task, weights=taken, minlength=len(problem.tasks))
    return tuple((site, int(n)) for site, n in zip(problem.tasks, count, strict=True) if n)
