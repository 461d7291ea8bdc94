"""Grains over and grains wanting in one row, set off against each other.

What flows in at a vertex beyond what its arc onward takes is *surplus*, what that arc takes too
much is *want* (surplus below 0). A seat can take a grain from an officer with surplus and give it
to one in want; or to one whose arc has room, and the next vertex is in want: an officer with time
to spare, where places find too few takers in all. Nearly all rounding errors go this way, a grain a
chance; ``repair`` sees to the rest.

The steps, from the numerators of the edges:

1. Bundles, then nodes, inner ones first: each sends onward what comes in, cut to its limits; the
   rest is its surplus. A seat's surplus is its quota less its numerators; the top wants all quotas.
2. The rows in order, up to ``PASSES`` times, until no surplus is left or a pass moves nothing.
   In a row the edges in order as givers: one with a grain to spare (``least_of``) and, at its end or
   on the way up while arcs can carry less, a vertex with surplus; the nearest gives.
3. To it the next taker, from where the search of this row has got to: an edge with room for a grain
   (``most_of``) and, at its end or on the way up while arcs can carry more, a vertex in want. If
   there is none the row is done. One grain moves from giver to taker and along both ways; a taker
   takes once in a row.
"""

from typing import NamedTuple

import numpy as np

from fairlot._base.arrays import Floats, Ints
from fairlot._kernels import kernel, piece
from fairlot.assignment.network import WHOLE, Network, Numbers

__all__ = ["Onward", "evened", "least_of", "most_of", "onward_of"]

PASSES = 4
"""Most times that all rows are gone through."""


class Onward(NamedTuple):
    """Amounts beyond the edges. Vertices are the seats, the bundles, the nodes and the top.

    end      (edges,) the vertex an edge leads to: its bundle, else its officer
    above    (bundles and nodes,) the vertex after: the officer, the group around or the top
    least, most, amount  (bundles and nodes,) grains on the arc to it
    surplus  (vertices,) grains that come in and do not leave; below 0 if more leave than come in
    """

    end: Numbers
    above: Numbers
    least: Ints
    most: Ints
    amount: Ints
    surplus: Ints


@piece
def least_of(x: float) -> int:
    """Return the fewest grains of a chance."""
    return 1 if x > 0.0 else 0


@piece
def most_of(x: float) -> int:
    """Return the most grains of a chance."""
    return WHOLE - 1 if x < 1.0 else WHOLE


def onward_of(network: Network, numerator: Ints, low: Ints, high: Ints) -> Onward:
    """Return the amounts that follow from ``numerator``, each as near as its limits permit."""
    full, seats = network.full, network.quota.size
    first = seats + full.size
    end = network.idx + np.int32(first)
    if full.size:
        end = np.where(network.bundle < 0, end, np.int32(seats) + network.bundle)
    officer = network.idx[network.bundle_edge[network.bundle_ptr[:-1]]]
    around = np.where(network.parent < 0, network.parent.size, network.parent)
    onward = Onward(
        end=end,
        above=(first + np.concatenate([officer, around])).astype(np.int32),
        least=np.concatenate([np.where(full, WHOLE, 0), low]).astype(np.int64),
        most=np.concatenate([np.full(full.size, WHOLE), high]).astype(np.int64),
        amount=np.zeros(full.size + low.size, np.int64),
        surplus=np.zeros(first + low.size + 1, np.int64),
    )
    _flow(network.ptr, network.quota, numerator, onward)
    return onward


@kernel
def _flow(ptr: Ints, quota: Ints, numerator: Ints, onward: Onward) -> None:
    end, above, least, most, amount, surplus = onward
    for s in range(quota.size):
        left = quota[s] * WHOLE
        surplus[-1] -= left
        for e in range(ptr[s], ptr[s + 1]):
            left -= numerator[e]
            surplus[end[e]] += numerator[e]
        surplus[s] = left
    for k in range(above.size):  # bundles, then nodes, inner ones first
        v = quota.size + k
        amount[k] = min(max(surplus[v], least[k]), most[k])
        surplus[v] -= amount[k]
        surplus[above[k]] += amount[k]


@kernel
def evened(ptr: Ints, x: Floats, numerator: Ints, onward: Onward) -> bool:
    """Set off surplus against want row by row, in place; return whether all is even."""
    left = 0
    for v in range(onward.surplus.size):
        left += max(onward.surplus[v], 0)
    for _ in range(PASSES):
        before = left
        for s in range(ptr.size - 1):
            if left == 0:
                return True
            left -= _even_row(ptr[s], ptr[s + 1], x, numerator, onward)
        if left == before:
            break
    return left == 0


@piece
def _even_row(begin: int, stop: int, x: Floats, numerator: Ints, onward: Onward) -> int:
    """Pair givers and takers of a row, in their order; return how many pairs there were."""
    taker, moved = begin, 0
    for giver in range(begin, stop):
        if numerator[giver] <= least_of(x[giver]):
            continue
        source = _giving(onward, onward.end[giver])
        if source < 0:
            continue
        while taker < stop:
            if numerator[taker] < most_of(x[taker]) and _taking(onward, onward.end[taker]) >= 0:
                break
            taker += 1
        if taker == stop:
            break
        numerator[giver] -= 1
        numerator[taker] += 1
        _carry(onward, onward.end[giver], source, -1)
        _carry(onward, onward.end[taker], _taking(onward, onward.end[taker]), 1)
        taker += 1
        moved += 1
    return moved


@piece
def _giving(onward: Onward, v: int) -> int:
    """Return the first vertex with surplus on the way up from ``v``, if arcs can carry less; or -1."""
    seats = onward.surplus.size - 1 - onward.above.size
    while onward.surplus[v] <= 0:
        k = v - seats
        if k == onward.above.size or onward.amount[k] <= onward.least[k]:
            return -1
        v = onward.above[k]
    return v


@piece
def _taking(onward: Onward, v: int) -> int:
    """Return the first vertex in want on the way up from ``v``, if arcs can carry more; or -1."""
    seats = onward.surplus.size - 1 - onward.above.size
    while onward.surplus[v] >= 0:
        k = v - seats
        if k == onward.above.size or onward.amount[k] >= onward.most[k]:
            return -1
        v = onward.above[k]
    return v


@piece
def _carry(onward: Onward, v: int, to: int, grain: int) -> None:
    """Add a grain, or take one, on the way up from ``v`` and at its end."""
    seats = onward.surplus.size - 1 - onward.above.size
    while v != to:
        onward.amount[v - seats] += grain
        v = onward.above[v - seats]
    onward.surplus[to] += grain
