"""Who takes which place, and the three moves by which places change hands.

The nodes are those of the network, officers and groups, and after them the *top*, where the places
of all who are in no group end. What hangs below a node is a linked list: the places an officer
takes, or the nodes of a group, numbered on from the places. So no transposed copy of the edges is
needed, and a place changes hands in a few steps, however many edges there are.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from fairlot._base.arrays import Ints
from fairlot._kernels import kernel, piece
from fairlot.assignment.network import Network, Numbers

__all__ = [
    "BARRED",
    "KEPT",
    "NONE",
    "OPEN",
    "USED",
    "Seating",
    "exchange",
    "give_up",
    "seated",
    "sit",
]

NONE = -1

OPEN, BARRED, USED = np.uint8(0), np.uint8(1), np.uint8(2)
KEPT = np.uint8(3)
"""Used, and given up only for another edge of its bundle."""


class Seating(NamedTuple):
    """Who takes which place, and the bounds that a change must keep to.

    mark            (edges,) OPEN, BARRED, USED or KEPT
    first, filled   places of seat s: ``first[s]`` to ``first[s + 1]``, of which the first
                    ``filled[s]`` are taken
    seat, edge      (places,) the seat of a place, and the edge it takes, -1 if none
    taken           (bundles,) the place that takes an edge of the bundle, -1 if none
    load            (nodes + 1,) places below a node
    floor, ceiling  (nodes + 1,) a load above ``floor`` may fall, one below ``ceiling`` may rise
    above           (nodes + 1,) the group around a node, or the top; -1 at the top
    head            (nodes + 1,) first of what hangs below a node, -1 if nothing does
    after, before   (places + nodes,) the next and the last in the list
    """

    mark: NDArray[np.uint8]
    first: Ints
    filled: Ints
    seat: Numbers
    edge: Ints
    taken: Numbers
    load: Ints
    floor: Ints
    ceiling: Ints
    above: Numbers
    head: Numbers
    after: Numbers
    before: Numbers


def seated(network: Network) -> Seating:
    """Return the seating in which every place is empty; loads may rise to ``most``."""
    nodes = network.most.size
    quota = np.minimum(network.quota, np.diff(network.ptr))  # no more places are ever taken
    places = int(quota.sum())
    above = np.append(np.where(network.parent < 0, nodes, network.parent), NONE)
    seating = Seating(
        mark=np.full(network.idx.size, OPEN),
        first=np.concatenate([[0], np.cumsum(quota)]).astype(np.int64),
        filled=np.zeros(network.quota.size, np.int64),
        seat=np.repeat(np.arange(quota.size, dtype=np.int32), quota),
        edge=np.full(places, NONE, np.int64),
        taken=np.full(network.full.size, NONE, np.int32),
        load=np.zeros(nodes + 1, np.int64),
        floor=np.zeros(nodes + 1, np.int64),
        ceiling=np.append(network.most, 0),  # nothing is above the top
        above=above.astype(np.int32),
        head=np.full(nodes + 1, NONE, np.int32),
        after=np.full(places + nodes, NONE, np.int32),
        before=np.full(places + nodes, NONE, np.int32),
    )
    _hang(seating)
    return seating


@kernel
def _hang(seating: Seating) -> None:
    for node in range(seating.load.size - 1):
        _link(seating, seating.above[node], seating.seat.size + node)


@piece
def sit(network: Network, seating: Seating, place: int, e: int) -> None:
    """Let an empty place take an edge; the loads are the caller's."""
    seating.edge[place] = e
    seating.mark[e] = USED
    if network.bundle[e] >= 0:
        seating.taken[network.bundle[e]] = place
    _link(seating, network.idx[e], place)


@piece
def give_up(network: Network, seating: Seating, place: int) -> None:
    """Empty a place; the loads are the caller's."""
    e = seating.edge[place]
    seating.edge[place] = NONE
    seating.mark[e] = OPEN
    if network.bundle[e] >= 0:
        seating.taken[network.bundle[e]] = NONE
    _unlink(seating, network.idx[e], place)


@piece
def exchange(network: Network, seating: Seating, place: int, e: int, other: int) -> None:
    """Let an empty place take an edge of the bundle that the ``other`` place has, and gives up."""
    given = seating.edge[other]
    seating.mark[e] = seating.mark[given]
    seating.mark[given] = OPEN
    seating.edge[other] = NONE
    seating.edge[place] = e
    seating.taken[network.bundle[e]] = place
    _unlink(seating, network.idx[e], other)
    _link(seating, network.idx[e], place)


@piece
def _link(seating: Seating, node: int, item: int) -> None:
    below = seating.head[node]
    seating.before[item] = NONE
    seating.after[item] = below
    if below >= 0:
        seating.before[below] = item
    seating.head[node] = item


@piece
def _unlink(seating: Seating, node: int, item: int) -> None:
    last, then = seating.before[item], seating.after[item]
    if last >= 0:
        seating.after[last] = then
    else:
        seating.head[node] = then
    if then >= 0:
        seating.before[then] = last
