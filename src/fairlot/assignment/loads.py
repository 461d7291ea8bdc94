"""Leximin loads: the expected load of every officer as even as the rules let it be.

Among all lotteries, raise the smallest expected load as far as it goes, then the next smallest, and
so on. The loads that can be had are the bases of a polymatroid cut by lower and upper bounds, where
the leximin vector also has the least largest load and the least sum of squares (Fujishige 1980,
Lexicographically optimal base of a polymatroid, Math. Oper. Res. 5(2), doi:10.1287/moor.5.2.186).

Found by decomposition: give every officer of a *part* the same load, lambda within their bounds, such
that the sum is right. If the places can be routed to these loads, the part is done. If not, the
smallest minimum cut says who gets too little: what the stuck places reach is one new part, the rest
another; an arc from the first to the second is always used, one back never. All in whole numbers:
the amounts of a part are counted in units of 1/scale, with scale officers sharing lambda.
"""

from typing import NamedTuple

import numpy as np

from fairlot._base.arrays import Flags, Floats, Ints
from fairlot._base.errors import InvalidInput
from fairlot._kernels import kernel
from fairlot.assignment.network import WHOLE, Network, Numbers
from fairlot.assignment.quantise import quantise
from fairlot.assignment.routing import Routing, Ways, go, route, ways_of

__all__ = ["leximin"]


class _Arcs(NamedTuple):
    """Nodes are officers, then seats, then bundles; arcs are a seat's edges, then those of bundles.

    tail, head  (arcs,) nodes
    way         (arcs,) the way from tail to head
    """

    tail: Ints
    head: Ints
    way: Numbers
    ways: Ways


def leximin(network: Network) -> tuple[Ints, Ints]:
    """Return a feasible value (edges,) with leximin loads, and those loads (officers,), in grains.

    The loads are exact up to a grain, and add up exactly. ``network`` has an assignment and no
    groups: a limit in common is another kind of fairness, and the two are not weighed here. About
    .2 s for 2 million edges.

    >>> network = Network(  # P1 alone may go to S1, all three may go to S2
    ...     ptr=np.array([0, 1, 4]), idx=np.array([0, 0, 1, 2], np.int32), quota=np.array([1, 2]),
    ...     bundle=np.full(4, -1, np.int32), bundle_ptr=np.zeros(1, np.int64),
    ...     bundle_edge=np.zeros(0, np.int64), full=np.zeros(0, bool), least=np.zeros(3, np.int64),
    ...     most=np.full(3, 9), parent=np.full(3, -1, np.int32),
    ... )
    >>> leximin(network)[1] / 2**30
    array([1., 1., 1.])
    """
    if (network.parent >= 0).any():
        raise InvalidInput(
            "leximin loads with limits of groups are not defined here; want one of the two",
            zh="均衡负荷（leximin）与组的上下限不能同时使用",
        )
    x, low, high = _decomposed(network)
    value, _ = quantise(network, x, low, high)
    load = np.zeros(network.most.size, np.int64)
    np.add.at(load, network.idx, value)
    return value, load


def _decomposed(network: Network) -> tuple[Floats, Ints, Ints]:
    """Return the routing (edges,) in places, and loads (officers,) in grains rounded down and up."""
    arcs, people, edges = _arcs(network), network.most.size, network.idx.size
    supply = np.zeros(arcs.ways.ptr.size - 1, np.int64)
    supply[people : people + network.quota.size] = network.quota
    part, live = np.zeros(supply.size, np.int64), np.ones(supply.size, np.bool_)
    used, in_play = np.zeros(arcs.way.size), np.ones(arcs.way.size, np.bool_)
    low, high = np.zeros_like(supply), np.zeros_like(supply)
    _settle(arcs, edges + np.flatnonzero(network.full), in_play, supply, used)
    while live.any():
        scale, excess, room = _shared_out(network, part, supply, live)
        low[live], high[live] = _grains(supply * scale + room, scale)[:, live]
        left = np.zeros(arcs.ways.to.size, np.int64)
        left[arcs.way] = scale[arcs.tail] * in_play
        routing = Routing(left, excess, room)
        _spread(network, arcs, routing)
        reached = route(arcs.ways, routing)
        np.divide(left[arcs.ways.twin[arcs.way]], scale[arcs.tail], out=used, where=in_play)
        live &= np.isin(part, part[routing.excess > 0])
        in_play &= live[arcs.tail]
        across = np.flatnonzero(in_play & (reached[arcs.tail] != reached[arcs.head]))
        used[across], in_play[across] = 0.0, False
        _settle(arcs, across[reached[arcs.tail[across]]], in_play, supply, used)
        part = np.unique(2 * part + reached, return_inverse=True)[1]
    return used[:edges], low[:people], high[:people]


def _grains(amount: Ints, scale: Ints) -> Ints:
    """Return ``amount / scale`` places in grains, rounded down and rounded up: two rows.

    >>> (_grains(np.array([4, 6]), np.array([3, 3])) - WHOLE).tolist()
    [[357913941, 1073741824], [357913942, 1073741824]]
    """
    places, rest = np.divmod(amount, scale)
    grains, over = np.divmod(rest * WHOLE, scale)
    low = places * WHOLE + grains
    return np.stack([low, low + (over > 0)])


def _arcs(network: Network) -> _Arcs:
    people, seats = network.most.size, network.quota.size
    bundles = people + seats + np.arange(network.full.size)
    seat = people + np.repeat(np.arange(seats), np.diff(network.ptr))
    to = np.where(network.bundle >= 0, network.bundle + people + seats, network.idx)
    tail = np.concatenate([seat, bundles])
    head = np.concatenate([to, network.idx[network.bundle_edge[network.bundle_ptr[:-1]]]])
    head = head.astype(np.int64)
    ways, way = ways_of(tail, head, people + seats + bundles.size)
    return _Arcs(tail, head, way, ways)


def _shared_out(network: Network, part: Ints, supply: Ints, live: Flags) -> tuple[Ints, Ints, Ints]:
    """Return scale, excess and room of the nodes: of a live part, all officers get the same load.

    What is known to come to an officer counts towards the load, and takes no room.
    """
    people, parts = network.most.size, int(part.max(initial=-1)) + 1
    least = np.maximum(network.least, supply[:people])
    wanted, scales = np.zeros(parts, np.int64), np.ones(parts, np.int64)
    np.add.at(wanted, part, supply)
    by_part = np.argsort(part[:people], kind="stable")
    first = np.searchsorted(part[by_part], np.arange(parts + 1))
    load = np.zeros(people, np.int64)
    for one in np.unique(part[live]):
        mine = by_part[first[one] : first[one + 1]]
        load[mine], scales[one] = _level(int(wanted[one]), least[mine], network.most[mine])
    scale = scales[part]
    excess, room = np.maximum(supply, 0) * scale * live, np.maximum(-supply, 0) * scale
    excess[:people], room[:people] = 0, load - supply[:people] * scale[:people]
    return scale, excess, room * live


def _level(wanted: int, least: Ints, most: Ints) -> tuple[Ints, int]:
    """Return equal loads within the bounds that add up to ``wanted``, and the unit's denominator.

    >>> _level(4, np.array([0, 0, 3]), np.array([9, 9, 9]))
    (array([1, 1, 6]), 2)
    """
    low, high = 0, int(most.max(initial=0))
    while low < high:
        middle = (low + high + 1) // 2
        if int(np.clip(middle, least, most).sum()) <= wanted:
            low = middle
        else:
            high = middle - 1
    level = np.clip(low, least, most)
    rises = (least <= low) & (low < most)
    scale = max(1, int(rises.sum()))
    return level * scale + rises * (wanted - int(level.sum())), scale


def _settle(arcs: _Arcs, whole: Ints, in_play: Flags, supply: Ints, used: Floats) -> None:
    """Use some arcs for certain: what they carry is no longer routed."""
    used[whole], in_play[whole] = 1.0, False
    np.subtract.at(supply, arcs.tail[whole], 1)
    np.add.at(supply, arcs.head[whole], 1)


@kernel
def _spread(network: Network, arcs: _Arcs, routing: Routing) -> None:
    """Route from seats to officers in proportion to their room, then to whoever has any left."""
    left, excess, room = routing.left, routing.excess, routing.room
    people, edges = network.most.size, network.idx.size
    for seat in range(network.quota.size):
        node, supply, total = people + seat, excess[people + seat], np.int64(0)
        for e in range(network.ptr[seat], network.ptr[seat + 1] if supply > 0 else 0):
            total += room[network.idx[e]] if left[arcs.way[e]] > 0 else 0
        for last in range(2 if total > 0 else 0):
            for e in range(network.ptr[seat], network.ptr[seat + 1]):
                way, o = arcs.way[e], network.idx[e]
                onward = arcs.way[edges + network.bundle[e]] if network.bundle[e] >= 0 else way
                amount = min(left[way], left[onward], room[o])
                amount = min(amount, excess[node] if last else supply * room[o] // total)
                go(left, arcs.ways.twin, way, amount)
                if onward != way:
                    go(left, arcs.ways.twin, onward, amount)
                excess[node] -= amount
                room[o] -= amount
