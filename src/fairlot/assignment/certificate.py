"""The count behind a set of sites that cannot be staffed, as anyone can make it by hand."""

from collections import Counter

import numpy as np

from fairlot._base.arrays import Flags, Ints
from fairlot.assignment.blocking import Blocking
from fairlot.assignment.flow import fill
from fairlot.assignment.narrowing import Narrow
from fairlot.assignment.network import Network, network_of
from fairlot.assignment.problem import Problem

__all__ = ["certificate", "visits"]


def certificate(narrow: Narrow) -> Blocking:
    """Count the places that cannot all be filled, and what their officers can take at most.

    What a search from the empty places reaches asks for more than its officers can take, by as many
    places as are empty (Ford and Fulkerson 1956, doi:10.4153/CJM-1956-045-5).
    """
    problem = narrow.problem
    network = network_of(problem)
    reached = fill(network).seat_reached
    able = visits(network, reached)[: len(problem.officers)]
    counts = _counts(problem, network, able)
    return Blocking(
        sites=problem.tasks,
        officers=tuple(problem.officers[o] for o in np.flatnonzero(able)),
        need=int(problem.quota[reached].sum()),
        available=sum(n for _, n in counts),
        seats=_asked(problem, np.flatnonzero(reached)),
        counts=counts,
        smallest=narrow.smallest,
        rivals=narrow.rivals,
        short_of_all=narrow.missing,
    )


def visits(network: Network, seats: Flags) -> Ints:
    """Return to how many tasks each officer may go for one of ``seats``, 0 for a cap of 0."""
    edge = np.repeat(seats, np.diff(network.ptr))
    once = np.zeros(network.full.size, np.bool_)
    once[network.bundle[edge & (network.bundle >= 0)]] = True
    first = network.idx[network.bundle_edge[network.bundle_ptr[:-1]]]
    officer = np.concatenate([network.idx[edge & (network.bundle < 0)], first[once]])
    count = np.bincount(officer, minlength=network.most.size)
    return np.where(network.most > 0, count, 0)


def _counts(problem: Problem, network: Network, able: Ints) -> tuple[tuple[str, int], ...]:
    """Count what each officer can take; a group whose limit is less takes its members' place."""
    names = [*problem.officers, *(group.name for group in problem.groups)]
    amount, binds = _amounts(network, able)
    counted = np.ones(binds.size, np.bool_)
    for node in reversed(range(binds.size)):  # outer before inner
        around = network.parent[node]
        counted[node] = around < 0 or (counted[around] and not binds[around])
    officer = np.arange(binds.size) < able.size
    shown = np.flatnonzero(counted & (binds | (officer & (amount > 0))))
    return tuple((names[node], int(amount[node])) for node in shown)


def _amounts(network: Network, able: Ints) -> tuple[Ints, Flags]:
    """Return what each officer and group can take, and where the limit of a group is less."""
    amount = np.concatenate([able, np.zeros(network.most.size - able.size, np.int64)])
    binds = np.zeros(network.most.size, np.bool_)
    for node, around in enumerate(network.parent):
        binds[node] = node >= able.size and amount[node] > network.most[node]
        amount[node] = min(amount[node], network.most[node])
        if around >= 0:
            amount[around] += amount[node]
    return amount, binds


def _asked(problem: Problem, seats: Ints) -> tuple[tuple[str, str, int], ...]:
    total: Counter[tuple[str, str]] = Counter()
    for seat in seats.tolist():
        kind, skill = str(problem.seat_kind[seat]), str(problem.seat_skill[seat])
        total[kind, skill] += int(problem.quota[seat])
    return tuple((kind, skill, n) for (kind, skill), n in sorted(total.items()))
