"""Strongly connected components of a residual network: vertices that lead to each other."""

from typing import NamedTuple

import numpy as np

from fairlot._base.arrays import Ints
from fairlot._kernels import kernel, piece
from fairlot.assignment.network import Numbers

__all__ = ["NONE", "Residual", "components"]

NONE = np.int32(-1)


class Residual(NamedTuple):
    """What leads where: a seat along its row, any other vertex *onward* and to those *behind* it.

    ptr, to     seat s leads to ``to[ptr[s]:ptr[s + 1]]``; -1 leads nowhere
    onward      (vertices,) seats first, which have none: the vertex that takes what passes through,
                -1 if it can take no more
    behind_ptr, behind  v can give back to ``behind[behind_ptr[v]:behind_ptr[v + 1]]``
    """

    ptr: Ints
    to: Numbers
    onward: Numbers
    behind_ptr: Ints
    behind: Ints


class _Walk(NamedTuple):
    """Depth first: when a vertex was met, the first vertex met that it leads back to, its turn."""

    number: Numbers
    lowest: Numbers
    turn: Ints
    component: Numbers


@kernel
def components(residual: Residual) -> Numbers:
    """Return the component of every vertex (Tarjan 1972, doi:10.1137/0201010, without recursion)."""
    seats, vertices = residual.ptr.size - 1, residual.onward.size
    turn = np.empty(vertices, np.int64)
    for vertex in range(vertices):
        turn[vertex] = residual.ptr[vertex] if vertex < seats else residual.behind_ptr[vertex] - 1
    number, component = np.full(vertices, NONE), np.full(vertices, NONE)
    walk = _Walk(number, np.zeros(vertices, np.int32), turn, component)
    path, waiting = np.empty(vertices, np.int32), np.empty(vertices, np.int32)
    met, length, wait, closed = 0, 0, 0, 0
    for root in range(vertices):
        onward = root if number[root] == NONE else -1
        while onward >= 0 or length > 0:
            if onward >= 0:
                number[onward] = walk.lowest[onward] = met
                path[length] = waiting[wait] = onward
                met, length, wait = met + 1, length + 1, wait + 1
            else:
                length -= 1
                vertex = path[length]
                if walk.lowest[vertex] == number[vertex]:
                    wait = _close(walk, waiting, wait, vertex, closed)
                    closed += 1
                elif walk.lowest[vertex] < walk.lowest[path[length - 1]]:
                    walk.lowest[path[length - 1]] = walk.lowest[vertex]
            onward = _next(residual, walk, path[length - 1]) if length > 0 else -1
    return component


@piece
def _close(walk: _Walk, waiting: Numbers, wait: int, vertex: int, component: int) -> int:
    """Give those met since ``vertex`` that still wait for a component this one."""
    while True:
        wait -= 1
        walk.component[waiting[wait]] = component
        if waiting[wait] == vertex:
            return wait


@piece
def _next(residual: Residual, walk: _Walk, vertex: int) -> int:
    """Return the next vertex from here that was not met yet, or -1; mind those that still wait."""
    is_seat = vertex < residual.ptr.size - 1
    end = residual.ptr[vertex + 1] if is_seat else residual.behind_ptr[vertex + 1]
    begin = residual.behind_ptr[vertex]
    while walk.turn[vertex] < end:
        at = walk.turn[vertex]
        walk.turn[vertex] += 1
        if is_seat:
            to = residual.to[at]
        else:
            to = residual.behind[at] if at >= begin else residual.onward[vertex]
        if to == NONE:
            continue
        if walk.number[to] == NONE:
            return int(to)
        if walk.component[to] == NONE and walk.number[to] < walk.lowest[vertex]:
            walk.lowest[vertex] = walk.number[to]
    return -1
