"""Whole amounts brought within their limits, along shortest paths of the residual network.

A path leads from a vertex with surplus to one in want (``evening``), forwards over arcs with room
and backwards over arcs with something to give; what it moves mends both. Paths of one length at a
time, by Dinic's method. As all is whole, and limits that can be kept are kept by whole amounts, no
surplus is left (Hoffman's theorem).
"""

from typing import NamedTuple

import numpy as np

from fairlot._base.arrays import Floats, Ints
from fairlot._base.errors import NotConverged
from fairlot._kernels import kernel, piece
from fairlot.assignment.evening import Onward, least_of, most_of
from fairlot.assignment.network import WHOLE, Numbers

__all__ = ["repair"]


class _Arcs(NamedTuple):
    """The edges, then the arc onward of every vertex but seats and top.

    first         (seats + 1,) where the arcs out of a seat begin
    tail, head    (arcs,) where an arc begins and ends
    back_ptr, back  arcs into vertex v: ``back[back_ptr[v]:back_ptr[v + 1]]``
    least, most   (arcs that are no edges,) grains
    """

    first: Ints
    tail: Numbers
    head: Numbers
    back_ptr: Ints
    back: Numbers
    least: Ints
    most: Ints


class _Walk(NamedTuple):
    """How far each vertex is from a surplus (-1: no way from here), the next of its arcs, the path.

    queue  (vertices,) for the breadth-first search
    path   (vertices,) arcs of the path, ~arc where it goes backwards
    """

    level: Numbers
    next: Ints
    queue: Numbers
    path: Ints


def repair(ptr: Ints, x: Floats, numerator: Ints, onward: Onward) -> None:
    """Send all surplus where it is wanted, in place; chances of 0 and 1 only where there must be.

    Raises NotConverged when the limits contradict each other.
    """
    arcs, surplus = _arcs(ptr, onward), onward.surplus
    amount = np.concatenate([numerator, onward.amount])
    level, queue = np.zeros((2, surplus.size), np.int32)
    walk = _Walk(level, np.zeros_like(surplus), queue, np.zeros_like(surplus))
    left = _settle(arcs, x, amount, surplus, walk, False)
    if left:
        left = _settle(arcs, x, amount, surplus, walk, True)
    if left:
        raise NotConverged(
            "the limits contradict each other: {left} grains of {whole} a place are left over",
            zh="限额相互矛盾：余下 {left} 份无处安放（每席 {whole} 份）",
            left=left,
            whole=WHOLE,
        )
    numerator[:] = amount[: numerator.size]


def _arcs(ptr: Ints, onward: Onward) -> _Arcs:
    seats = np.arange(ptr.size - 1, dtype=np.int32)
    others = np.int32(seats.size) + np.arange(onward.above.size, dtype=np.int32)
    tail = np.concatenate([np.repeat(seats, np.diff(ptr)), others])
    head = np.concatenate([onward.end, onward.above])
    back_ptr, back = _listed(head, onward.surplus.size)
    return _Arcs(ptr, tail, head, back_ptr, back, onward.least, onward.most)


@kernel
def _listed(head: Numbers, vertices: int) -> tuple[Ints, Numbers]:
    """Return the arcs into every vertex, in their order."""
    ptr = np.zeros(vertices + 1, np.int64)
    for v in head:
        ptr[v + 1] += 1
    for v in range(vertices):
        ptr[v + 1] += ptr[v]
    end, back = ptr.copy(), np.empty(head.size, np.int32)
    for arc in range(head.size):
        back[end[head[arc]]] = arc
        end[head[arc]] += 1
    return ptr, back


@kernel
def _settle(arcs: _Arcs, x: Floats, amount: Ints, surplus: Ints, walk: _Walk, hard: bool) -> int:
    """Move surplus to want while there is a path, in place; return what is left.

    hard  whether chances may become 0 and 1
    """
    while _levels(arcs, x, amount, surplus, walk, hard):
        walk.next[:] = 0
        for v in range(surplus.size):
            while surplus[v] > 0:
                length = _found(arcs, x, amount, surplus, walk, v, hard)
                if length < 0:
                    break
                _push(arcs, x, amount, surplus, walk.path[:length], hard)
    left = 0
    for v in range(surplus.size):
        left += max(surplus[v], 0)
    return left


@kernel
def _levels(arcs: _Arcs, x: Floats, amount: Ints, surplus: Ints, walk: _Walk, hard: bool) -> bool:
    """Set how far vertices are from a surplus; return whether a want is among them."""
    level, queue = walk.level, walk.queue
    level[:] = -1
    size, done, last = 0, 0, surplus.size
    for v in range(surplus.size):
        if surplus[v] > 0:
            level[v], queue[size] = 0, v
            size += 1
    while done < size and level[queue[done]] < last:
        v = queue[done]
        done += 1
        for k in range(_degree(arcs, v, x.size)):
            to, _, most = _step(arcs, x, amount, v, k, hard)
            if most > 0 and level[to] < 0:
                level[to], queue[size] = level[v] + 1, to
                size += 1
                if surplus[to] < 0:
                    last = level[to]
    return last < surplus.size


@kernel
def _found(
    arcs: _Arcs, x: Floats, amount: Ints, surplus: Ints, walk: _Walk, source: int, hard: bool
) -> int:
    """Follow levels up from ``source`` to a want; return the length of the path, -1 if none."""
    v, length = source, 0
    while surplus[v] >= 0:
        if walk.next[v] == _degree(arcs, v, x.size):
            walk.level[v] = -1
            if length == 0:
                return -1
            length -= 1
            arc = walk.path[length]
            v = arcs.tail[arc] if arc >= 0 else arcs.head[~arc]
            walk.next[v] += 1
            continue
        to, arc, most = _step(arcs, x, amount, v, walk.next[v], hard)
        if most > 0 and walk.level[to] == walk.level[v] + 1:
            walk.path[length] = arc
            length += 1
            v = to
        else:
            walk.next[v] += 1
    return length


@piece
def _degree(arcs: _Arcs, v: int, edges: int) -> int:
    """Return how many arcs begin or end at a vertex."""
    begin, stop = _out(arcs, v, edges)
    return stop - begin + int(arcs.back_ptr[v + 1] - arcs.back_ptr[v])


@piece
def _out(arcs: _Arcs, v: int, edges: int) -> tuple[int, int]:
    """Return the range of the arcs out of a vertex; none for the top."""
    seats = arcs.first.size - 1
    if v < seats:
        return arcs.first[v], arcs.first[v + 1]
    return edges + v - seats, min(edges + v - seats + 1, arcs.head.size)


@piece
def _step(arcs: _Arcs, x: Floats, amount: Ints, v: int, k: int, hard: bool) -> tuple[int, int, int]:
    """Return where the k-th arc at ``v`` leads, the arc (~arc backwards) and what it can move."""
    begin, stop = _out(arcs, v, x.size)
    if k < stop - begin:
        return arcs.head[begin + k], begin + k, _room(arcs, x, amount, begin + k, hard)
    arc = arcs.back[arcs.back_ptr[v] + k - (stop - begin)]
    return arcs.tail[arc], ~arc, _room(arcs, x, amount, ~arc, hard)


@piece
def _room(arcs: _Arcs, x: Floats, amount: Ints, arc: int, hard: bool) -> int:
    """Return what an arc can still take, or give back if it is ~arc."""
    a = arc if arc >= 0 else ~arc
    if a >= x.size:
        least, most = arcs.least[a - x.size], arcs.most[a - x.size]
    elif hard:
        least, most = 0, WHOLE
    else:
        least, most = least_of(x[a]), most_of(x[a])
    return int(most - amount[a] if arc >= 0 else amount[a] - least)


@kernel
def _push(arcs: _Arcs, x: Floats, amount: Ints, surplus: Ints, path: Ints, hard: bool) -> None:
    """Move what the path bears, and what both its ends need."""
    first, last = path[0], path[-1]
    source = arcs.tail[first] if first >= 0 else arcs.head[~first]
    end = arcs.head[last] if last >= 0 else arcs.tail[~last]
    most = min(surplus[source], -surplus[end])
    for arc in path:
        most = min(most, _room(arcs, x, amount, arc, hard))
    for arc in path:
        if arc >= 0:
            amount[arc] += most
        else:
            amount[~arc] -= most
    surplus[source] -= most
    surplus[end] += most
