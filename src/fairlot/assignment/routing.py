"""Amounts routed through a network, as much as can be: Dinic's method, in whole numbers.

Every way between two nodes has a twin back, and an amount that may still go it; what goes one way may
go back the other. Dinic (1970), Algorithm for solution of a problem of maximum flow in networks with
power estimation, Soviet Math. Dokl. 11, 1277-1280.

Which of the greatest routings is found depends on the order. The ways from a node are those along
the arcs that begin there, in order, then those back along the arcs that end there, in order. Until
no room can be reached: nodes are numbered by breadth from all that have excess, in order, as far as
the first that is come to and has room; then each node with excess, in order, routes what it can
along its first path of rising numbers to room, again and again. A way that led nowhere is not tried
twice.
"""

from typing import NamedTuple

import numpy as np

from fairlot._base.arrays import Flags, Ints
from fairlot._kernels import kernel, piece
from fairlot.assignment.listing import placed
from fairlot.assignment.network import Numbers

__all__ = ["Routing", "Ways", "go", "route", "ways_of"]

Nodes = Ints | Numbers


class Ways(NamedTuple):
    """Nodes and the ways between them.

    ptr, to  the ways from node v lead to ``to[ptr[v]:ptr[v + 1]]``
    twin     (ways,) the way back
    """

    ptr: Ints
    to: Numbers
    twin: Numbers


class Routing(NamedTuple):
    """What is to be routed, and how far it is."""

    left: Ints  # (ways,) how much more can go that way
    excess: Ints  # (nodes,) not yet routed
    room: Ints  # (nodes,) what may still end here


def ways_of(tail: Nodes, head: Nodes, nodes: int) -> tuple[Ways, Numbers]:
    """Return the ways along arcs from ``tail`` to ``head``, and which one each arc (arcs,) is."""
    ptr, place = placed(np.concatenate([tail, head], dtype=np.int32), nodes)
    way, back = np.split(place, [tail.size])
    to, twin = np.empty_like(place), np.empty_like(place)
    to[way], to[back], twin[way], twin[back] = head, tail, back, way
    return Ways(ptr, to, twin), way


@kernel
def route(ways: Ways, routing: Routing) -> Flags:
    """Route what can be, in place; return the nodes (nodes,) that the excess left over can reach.

    They are the near side of the smallest minimum cut.
    """
    nodes = routing.excess.size
    level, path = np.empty(nodes, np.int64), np.empty(nodes, np.int64)
    while _levels(ways, routing, level):
        at = ways.ptr[:-1].copy()
        for node in range(nodes):
            while routing.excess[node] > 0 and _push(ways, routing, level, at, path, node):
                pass
    return level >= 0


@piece
def go(left: Ints, twin: Numbers, way: int, amount: int) -> None:
    """Let an amount go one way."""
    left[way] -= amount
    left[twin[way]] += amount


@kernel
def _levels(ways: Ways, routing: Routing, level: Ints) -> bool:
    """Number nodes by their distance from excess, as far as the nearest room; is there any?"""
    level[:] = -1
    queue = np.empty(level.size, np.int64)
    begin, end = 0, 0
    for node in np.flatnonzero(routing.excess):
        level[node] = 0
        queue[end] = node
        end += 1
    while begin < end and routing.room[queue[begin]] == 0:
        node = queue[begin]
        begin += 1
        for k in range(ways.ptr[node], ways.ptr[node + 1]):
            to = ways.to[k]
            if level[to] < 0 and routing.left[k] > 0:
                level[to] = level[node] + 1
                queue[end] = to
                end += 1
    return begin < end


@kernel
def _push(ways: Ways, routing: Routing, level: Ints, at: Ints, path: Ints, start: int) -> bool:
    """Route some of the excess of ``start`` to room, level by level; False if none gets there."""
    left, node, length = routing.left, start, 0
    while routing.room[node] == 0:
        k, end = at[node], ways.ptr[node + 1]
        while k < end and (level[ways.to[k]] != level[node] + 1 or left[k] <= 0):
            k += 1
        at[node] = k
        if k < end:
            path[length] = k
            node, length = ways.to[k], length + 1
        elif length > 0:
            length -= 1
            node = ways.to[ways.twin[path[length]]]
            at[node] += 1
        else:
            return False
    amount = min(routing.excess[start], routing.room[node])
    for k in path[:length]:
        amount = min(amount, left[k])
    for k in path[:length]:
        go(left, ways.twin, k, amount)
    routing.excess[start] -= amount
    routing.room[node] -= amount
    return True
