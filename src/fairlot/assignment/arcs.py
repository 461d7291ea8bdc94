"""The chances that are left to coins, as arcs in the order of the tickets: see ``rounding``."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from fairlot._base.arrays import Ints, Words
from fairlot._kernels import kernel, piece
from fairlot.assignment.network import WHOLE, Network, Numbers

__all__ = ["Arcs", "Index", "Indices", "arcs_of", "places"]

Index = int | np.uint64
Indices = NDArray[np.uint32]
"""Without a sign: to ask of each index whether it counts from the end costs a third of the time."""

ONE = np.uint64(1)


class Arcs(NamedTuple):
    """Arcs out of seats, in order. Nodes are bundles, officers, groups, top, each in order.

    value  (arcs,) grains
    head   (arcs,) the node an arc leads to
    edge   (arcs,) which edge of the problem it is
    first  the k-th seat has the arcs from ``first[k]`` to ``first[k + 1]``
    above  (nodes,) where the arc out of a node leads; the top, which is last, has none
    """

    value: Indices
    head: Indices
    edge: Indices
    first: Indices
    above: Indices


def places(word: Words) -> Indices:
    """Return the place of every word in the order of (word, position), row by row.

    >>> places(np.array([7, 5, 7], np.uint64)).tolist()
    [1, 0, 2]
    """
    place = np.empty(word.shape, np.uint32)
    rising = np.arange(word.shape[-1], dtype=np.uint32)
    np.put_along_axis(place, np.argsort(word, axis=-1, kind="stable"), rising, axis=-1)
    return place


@kernel
def arcs_of(
    network: Network, seat_task: Ints, numerator: Ints, task_place: Indices, place: Indices
) -> Arcs:
    """Return the arcs out of seats, in the order of the places of tasks and officers."""
    by_officer, seat = _by_officer(network.ptr, network.idx, numerator, place)
    edge, first = _by_seat(by_officer, seat, _seat_places(seat_task, task_place))
    head, above = _nodes(
        edge, network.idx, place, network.bundle, network.full.size, network.parent
    )
    value = np.empty_like(edge)
    for a in range(edge.size):
        value[a] = numerator[edge[a]]
    return Arcs(value, head, edge, first, above)


@piece
def _seat_places(seat_task: Ints, task_place: Indices) -> Indices:
    """Return the place of every seat by (place of the task, position)."""
    at, place = np.zeros(task_place.size + 1, np.uint32), np.empty(seat_task.size, np.uint32)
    for task in seat_task:
        at[task_place[task] + ONE] += ONE
    for k in range(task_place.size):
        at[k + 1] += at[k]
    for s in range(seat_task.size):
        place[s] = at[task_place[seat_task[s]]]
        at[task_place[seat_task[s]]] += ONE
    return place


@piece
def _by_officer(
    ptr: Ints, idx: Numbers, numerator: Ints, place: Indices
) -> tuple[Indices, Indices]:
    """Return the edges neither 0 nor 1 by place of the officer, and their seats."""
    at = np.zeros(place.size + 1, np.uint32)
    for e in range(idx.size):
        if numerator[e] & (WHOLE - 1):
            at[place[idx[e]] + ONE] += ONE
    for k in range(place.size):
        at[k + 1] += at[k]
    edge, seat = np.empty(at[-1], np.uint32), np.empty(at[-1], np.uint32)
    for s in range(ptr.size - 1):
        for e in range(ptr[s], ptr[s + 1]):
            if numerator[e] & (WHOLE - 1):
                k = place[idx[e]]
                edge[at[k]], seat[at[k]] = e, s
                at[k] += ONE
    return edge, seat


@piece
def _by_seat(by_officer: Indices, seat: Indices, place: Indices) -> tuple[Indices, Indices]:
    """Return the edges by place of the seat, else as they come, and where each seat begins."""
    first = np.zeros(place.size + 1, np.uint32)
    for s in seat:
        first[place[s] + ONE] += ONE
    for k in range(place.size):
        first[k + 1] += first[k]
    at, edge = first.copy(), np.empty_like(by_officer)
    for k in range(edge.size):
        p = place[seat[k]]
        edge[at[p]] = by_officer[k]
        at[p] += ONE
    return edge, first


@piece
def _nodes(
    edge: Indices, idx: Numbers, place: Indices, bundle: Numbers, bundles: int, parent: Numbers
) -> tuple[Indices, Indices]:
    """Number the nodes; return the head of every arc, and the node above every node."""
    top = bundles + parent.size
    above = np.full(top + 1, top, np.uint32)
    for k in range(parent.size):
        node = np.int64(place[k]) if k < place.size else k
        if parent[k] >= 0:
            above[bundles + node] = bundles + parent[k]
    head, number, seen = np.empty_like(edge), np.full(bundles, -1), 0
    for a in range(edge.size):
        b = bundle[edge[a]]
        head[a] = bundles + np.int64(place[idx[edge[a]]])
        if b >= 0:
            if number[b] < 0:
                number[b], above[seen] = seen, head[a]
                seen += 1
            head[a] = number[b]
    return head, above
