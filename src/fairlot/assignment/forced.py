"""Which pairs are the same in every assignment, and the smaller network of all others.

Whatever solves the network can be had from one solution by pushing amounts around circles of the
residual network: forwards where there is room below a bound, backwards where there is something to
take away. So an edge can change exactly when both its ends lie in one strongly connected component
of that network, and those are found in linear time.

The vertices are the seats, the bundles, the nodes and the top, in this order.
"""

from dataclasses import dataclass

import numpy as np

from fairlot._base.arrays import Flags, Ints
from fairlot._kernels import kernel
from fairlot.assignment.components import NONE, Residual, components
from fairlot.assignment.listing import listed
from fairlot.assignment.network import WHOLE, Network, Numbers, pushed_up

__all__ = ["Free", "free_edges", "possible"]


@dataclass(frozen=True, eq=False)
class Free:
    """What is left to decide once all that is the same in every solution is set aside.

    edge       positions of the free edges among all edges
    network    the network of the free edges alone: quotas and bounds less what is fixed; seats
               without free edges stay, with quota 0; bundles have two free edges or more
    low, high  (nodes,) grains, less what fixed edges bring; equal where every solution has the node
               at the same one of its bounds
    fixed      (edges,) grains of the fixed edges, 0 or ``WHOLE``; 0 for free ones
    """

    edge: Ints
    network: Network
    low: Ints
    high: Ints
    fixed: Ints


def free_edges(network: Network, value: Ints, low: Ints, high: Ints) -> Free:
    """Return the edges that are not the same in every solution, with their network.

    value      (edges,) grains of any solution, whole or fractional
    low, high  (nodes,) grains: every solution keeps the load of a node between them

    An edge at 0 is fixed when no solution uses it, one at ``WHOLE`` when every solution does; where
    the bounds are whole, it is enough to look at whole solutions. An edge between 0 and ``WHOLE``
    counts as free. About .04 s for 2 million edges.

    >>> network = Network(  # P1 alone may go to S1, so only P2 and P3 are left for S2
    ...     ptr=np.array([0, 1, 4]), idx=np.array([0, 0, 1, 2], np.int32), quota=np.array([1, 1]),
    ...     bundle=np.full(4, -1, np.int32), bundle_ptr=np.zeros(1, np.int64),
    ...     bundle_edge=np.zeros(0, np.int64), full=np.zeros(0, bool), least=np.zeros(3, np.int64),
    ...     most=np.ones(3, np.int64), parent=np.full(3, -1, np.int32),
    ... )
    >>> some = np.array([1, 0, 1, 0]) * WHOLE
    >>> free = free_edges(network, some, network.least * WHOLE, network.most * WHOLE)
    >>> free.edge.tolist(), (free.fixed // WHOLE).tolist()
    ([2, 3], [1, 0, 0, 0])
    """
    together, load = _sums(network, value)
    component = components(_residual(network, value, together, load, low, high))
    of_bundle, of_node = np.split(component, [network.quota.size, _first_node(network)])[1:]
    free = _free(network, value, component)
    fixed = np.where(free, 0, value)
    brought = _sums(network, fixed)[1]
    bound = of_node[:-1] != of_node[_above(network)]
    low = np.maximum(np.where(bound, load, low) - brought, 0)
    high = np.where(bound, load, high) - brought
    certain = (together == WHOLE) & (of_bundle != of_node[_officer(network)])
    edge = np.flatnonzero(free)
    reduced = _reduced(network, edge, fixed, network.full | certain)
    reduced = reduced._replace(least=low // WHOLE, most=-(-high // WHOLE))
    return Free(edge, reduced, low, high, fixed)


def possible(network: Network, used: Flags) -> Flags:
    """Say of every edge whether some assignment uses it; ``used`` is one of them."""
    low, high = network.least * WHOLE, network.most * WHOLE
    free = free_edges(network, used * np.int64(WHOLE), low, high)
    found = free.fixed > 0
    found[free.edge] = True
    return found


def _first_node(network: Network) -> int:
    return network.quota.size + network.full.size


def _above(network: Network) -> Numbers:
    """Return the group around each node, or the top."""
    return np.where(network.parent < 0, network.most.size, network.parent).astype(np.int32)


def _officer(network: Network) -> Numbers:
    """Return the officer of each bundle."""
    return network.idx[network.bundle_edge[network.bundle_ptr[:-1]]]


def _sums(network: Network, value: Ints) -> tuple[Ints, Ints]:
    """Return what the edges bring to the bundles, and to the nodes."""
    together, load = np.zeros(network.full.size, np.int64), np.zeros(network.most.size, np.int64)
    _add(network.idx, network.bundle, value, together, load)
    return together, pushed_up(load, network.parent)


@kernel
def _add(idx: Numbers, bundle: Numbers, value: Ints, together: Ints, load: Ints) -> None:
    for e in range(value.size):
        load[idx[e]] += value[e]
        if bundle[e] >= 0:
            together[bundle[e]] += value[e]


def _residual(
    network: Network, value: Ints, together: Ints, load: Ints, low: Ints, high: Ints
) -> Residual:
    """Return what leads where; neither onward nor back where a bundle is full."""
    seats, first = np.int32(network.quota.size), np.int32(_first_node(network))
    to = np.where(network.bundle < 0, first + network.idx, seats + network.bundle)
    officer, above = first + _officer(network), first + _above(network)
    used = np.flatnonzero(value)
    less = np.flatnonzero(~network.full & (together > 0))
    falls = np.flatnonzero(load > low)
    giver = np.concatenate([to[used], officer[less], above[falls]])
    behind = np.concatenate([_seat_of(network, used), seats + less, first + falls])
    onward = np.full(first + load.size + 1, NONE)
    onward[seats:first] = np.where(~network.full & (together < WHOLE), officer, NONE)
    onward[first:-1] = np.where(load < high, above, NONE)
    to[value == WHOLE] = NONE
    behind_ptr, behind = listed(giver, behind, onward.size)
    return Residual(network.ptr, to, onward, behind_ptr, behind)


def _seat_of(network: Network, edge: Ints) -> Ints:
    return np.searchsorted(network.ptr, edge, side="right") - 1


@kernel
def _free(network: Network, value: Ints, component: Numbers) -> Flags:
    """Say of every edge whether it is free."""
    seats = network.quota.size
    free = np.empty(value.size, np.bool_)
    for seat in range(seats):
        for e in range(network.ptr[seat], network.ptr[seat + 1]):
            bundle = network.bundle[e]
            end = seats + bundle if bundle >= 0 else seats + network.full.size + network.idx[e]
            free[e] = component[seat] == component[end] or 0 < value[e] < WHOLE
    return free


def _reduced(network: Network, edge: Ints, fixed: Ints, full: Flags) -> Network:
    """Return the network of the free edges alone, its bounds still those of all edges."""
    bundle = network.bundle[edge]
    sizes = np.bincount(bundle[bundle >= 0], minlength=full.size)
    kept = np.flatnonzero(sizes > 1)
    number = np.full(full.size + 1, NONE)  # the last is that of edges in no bundle
    number[kept] = np.arange(kept.size)
    bundle = number[bundle]
    held = np.flatnonzero(bundle >= 0)
    bundle_ptr, bundle_edge = listed(bundle[held], held, kept.size)
    seat = _seat_of(network, np.flatnonzero(fixed))
    return network._replace(
        ptr=np.searchsorted(edge, network.ptr).astype(np.int64),
        idx=network.idx[edge],
        quota=network.quota - np.bincount(seat, minlength=network.quota.size),
        bundle=bundle,
        bundle_ptr=bundle_ptr,
        bundle_edge=bundle_edge,
        full=full[kept],
    )
