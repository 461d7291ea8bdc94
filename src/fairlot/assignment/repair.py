"""Whole amounts brought within their limits, along shortest paths of the residual network.

What is over at one vertex is routed to where it is wanted (``evening``), forwards over arcs with
room and backwards over arcs with something to give: that mends both. As all is whole, and limits
that can be kept are kept by whole amounts, nothing is left over (Hoffman's theorem).

The arcs are the edges, then the arc onward of every bundle and node; ``routing`` says in which order
the ways along them are tried. First every chance keeps its grain, and its grain less than 1; what is
still over after that may take those.
"""

import numpy as np

from fairlot._base.arrays import Floats, Ints
from fairlot._base.errors import NotConverged
from fairlot.assignment.evening import Onward
from fairlot.assignment.network import WHOLE, Numbers
from fairlot.assignment.routing import Routing, Ways, route, ways_of

__all__ = ["repair"]


def repair(ptr: Ints, x: Floats, numerator: Ints, onward: Onward) -> None:
    """Send all surplus where it is wanted, in place; chances of 0 and 1 only where there must be.

    Raises NotConverged when the limits contradict each other.
    """
    ways, way = _ways(ptr, onward)
    back, edge = ways.twin[way], slice(x.size)
    below_1, above_0 = x < 1.0, x > 0.0
    left = np.empty(ways.to.size, np.int64)
    left[way] = np.concatenate([WHOLE - below_1 - numerator, onward.most - onward.amount])
    left[back] = np.concatenate([numerator - above_0, onward.amount - onward.least])
    routing = Routing(left, np.maximum(onward.surplus, 0), np.maximum(-onward.surplus, 0))
    route(ways, routing)
    left[way[edge]] += below_1  # what is still over may make chances 0 and 1
    left[back[edge]] += above_0
    route(ways, routing)
    _refuse(int(routing.excess.sum()))
    numerator[:] = left[back[edge]]


def _ways(ptr: Ints, onward: Onward) -> tuple[Ways, Numbers]:
    """Return the ways along the edges, then along the arc onward of every other vertex but the top."""
    seats = np.arange(ptr.size - 1, dtype=np.int32)
    others = np.int32(seats.size) + np.arange(onward.above.size, dtype=np.int32)
    tail = np.concatenate([np.repeat(seats, np.diff(ptr)), others])
    return ways_of(tail, np.concatenate([onward.end, onward.above]), onward.surplus.size)


def _refuse(left: int) -> None:
    if left:
        raise NotConverged(
            "the limits contradict each other: {left} grains of {whole} a place are left over",
            zh="限额相互矛盾：余下 {left} 份无处安放（每席 {whole} 份）",
            left=left,
            whole=WHOLE,
        )
