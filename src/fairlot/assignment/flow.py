"""Fill every place that can be filled, with whole numbers and without chance.

First each seat, those with the fewest officers first, takes the officers with the smallest load
beside their cap; then places still empty are filled along shortest paths, which move others to
other seats but never empty one; then nodes below their minimum are raised in the same way.
"""

from dataclasses import dataclass

import numpy as np

from fairlot._base.arrays import Flags, Ints
from fairlot._kernels import kernel, piece
from fairlot.assignment.network import Network
from fairlot.assignment.paths import Search, augment, search_of
from fairlot.assignment.seating import BARRED, KEPT, NONE, OPEN, USED, Seating, seated, sit

__all__ = ["Flow", "fill"]


@dataclass(frozen=True, eq=False)
class Flow:
    """As many places filled as can be.

    used          (edges,) True where the officer takes the seat
    load          (nodes,) places of each officer and each group
    missing       (seats,) places of each seat left empty
    lacking       (nodes,) places below ``least``; a full bundle without a place counts for its
                  officer
    seat_reached  (seats,) what searches from all seats with empty places reach: the seats and
    node_reached  (nodes,) nodes on the near side of the smallest minimum cut, the same for every
                  maximum flow (Picard and Queyranne 1980, doi:10.1007/BFb0120902)
    """

    used: Flags
    load: Ints
    missing: Ints
    lacking: Ints
    seat_reached: Flags
    node_reached: Flags

    @property
    def complete(self) -> bool:
        """Whether every place is filled and every minimum met."""
        return not (self.missing.any() or self.lacking.any())


def fill(network: Network) -> Flow:
    """Return a maximum flow: as many places filled as the rows, caps and groups allow.

    Of what is missing none can be had by any other choice. Minima are met as far as can be without
    emptying a place; they are all met, and every full bundle is used, whenever some assignment that
    fills every place does so. About .01 s for 2 million edges, and tight caps cost little more.

    >>> network = Network(  # P1 alone may go to S2, so S1 must leave P1
    ...     ptr=np.array([0, 2, 3]), idx=np.array([0, 1, 0], np.int32), quota=np.array([1, 1]),
    ...     bundle=np.full(3, -1, np.int32), bundle_ptr=np.zeros(1, np.int64),
    ...     bundle_edge=np.zeros(0, np.int64), full=np.zeros(0, bool), least=np.zeros(2, np.int64),
    ...     most=np.ones(2, np.int64), parent=np.full(2, -1, np.int32),
    ... )
    >>> fill(network).used.tolist()
    [False, True, True]
    """
    seating, search = seated(network), search_of(network)
    if network.full.any():
        _keep_full(network, seating, search)
    reached = take_places(network, seating, search)
    seating.floor[:-1] = network.least
    for around in groups_lacking(network, seating):
        raise_in(around, network, seating, search)
    seats, nodes = network.quota.size, network.most.size
    return Flow(
        used=seating.mark >= USED,
        load=seating.load[:-1],
        missing=network.quota - seating.filled,
        lacking=below_least(network, seating) + _bundles_left(network, seating),
        seat_reached=reached[:seats],
        node_reached=reached[seats : seats + nodes],
    )


def take_places(network: Network, seating: Seating, search: Search) -> Flags:
    """Fill the places that can be filled; return what the seats left with empty ones reach."""
    few_first = np.argsort(np.diff(network.ptr), kind="stable")
    _take_lightest(network, seating, few_first)
    search.want[-1] = seating.seat.size
    augment(network, seating, search, np.arange(network.quota.size))
    search.want[-1] = 0
    return search.level >= 0


def groups_lacking(network: Network, seating: Seating) -> Ints:
    """Return the groups, or the top, in which an officer or a group is below its minimum."""
    lacks = below_least(network, seating) > 0
    return np.unique(seating.above[:-1][lacks].astype(np.int64))


def raise_in(around: np.int64, network: Network, seating: Seating, search: Search) -> Flags:
    """Raise to their minimum the nodes right below ``around``; return what it reaches in the end.

    A way from ``around`` to the node, and the step up from there, are a circle: no place is emptied.
    """
    inside = seating.above[:-1] == around
    want = search.want[network.quota.size : -1]
    want[:] = np.where(inside, below_least(network, seating), 0)
    augment(network, seating, search, around + np.array([network.quota.size]))
    want[:] = 0
    return search.level >= 0


def below_least(network: Network, seating: Seating) -> Ints:
    """Return how many places each node (nodes,) lacks of its minimum."""
    lacks: Ints = np.maximum(network.least - seating.load[:-1], 0)
    return lacks


def _keep_full(network: Network, seating: Seating, search: Search) -> None:
    """Let every full bundle have a place, and keep it."""
    full = np.zeros(network.idx.size, np.bool_)
    full[network.bundle_edge] = np.repeat(network.full, np.diff(network.bundle_ptr))
    seating.mark[~full] = BARRED
    take_places(network, seating, search)
    seating.mark[~full] = OPEN
    seating.mark[seating.mark == USED] = KEPT


def _bundles_left(network: Network, seating: Seating) -> Ints:
    """Return how many full bundles of each node (nodes,) have no place."""
    left = network.bundle_ptr[:-1][network.full & (seating.taken == NONE)]
    officers = network.idx[network.bundle_edge[left]]
    return np.bincount(officers, minlength=network.most.size).astype(np.int64)


@kernel
def _take_lightest(network: Network, seating: Seating, order: Ints) -> None:
    """Fill seat by seat with the officers whose load is the smallest part of their cap."""
    for seat in order:
        while seating.filled[seat] < network.quota[seat]:
            e = _lightest(network, seating, seat)
            if e == NONE:
                break
            sit(network, seating, seating.first[seat] + seating.filled[seat], e)
            seating.filled[seat] += 1
            node = np.int64(network.idx[e])
            while node != NONE:
                seating.load[node] += 1
                node = np.int64(seating.above[node])


@piece
def _lightest(network: Network, seating: Seating, seat: int) -> int:
    best, load, cap = NONE, np.int64(1), np.int64(1)
    for e in range(network.ptr[seat], network.ptr[seat + 1]):
        o = network.idx[e]
        # load / cap of a full officer is 1, and so is that of nobody.
        if seating.load[o] * cap >= load * seating.ceiling[o] or seating.mark[e] != OPEN:
            continue
        bundle = network.bundle[e]
        if bundle >= 0 and seating.taken[bundle] != NONE:
            continue
        if network.parent[o] >= 0 and not _room_above(seating, network.parent[o]):
            continue
        best, load, cap = e, seating.load[o], seating.ceiling[o]
    return best


@piece
def _room_above(seating: Seating, node: int) -> bool:
    while seating.above[node] != NONE:
        if seating.load[node] >= seating.ceiling[node]:
            return False
        node = seating.above[node]
    return True
