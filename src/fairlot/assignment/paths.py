"""Shortest paths along which one more place finds an officer, until there are none.

The vertices of a search are the seats, then the nodes, then the top. One step leads

- from a seat to any officer of its row whom it does not have; if the officer is in the team already,
  on another seat, then to that seat, the only one from which they can be had;
- from a node that may take one more up to the group around it, or to the top;
- from an officer to the seats they may give up, from a group to its nodes that may take one less.

These are the steps of the residual network, so a flow is at its maximum exactly when no path is left
(Ford and Fulkerson 1956, doi:10.4153/CJM-1956-045-5). Searching in phases, by breadth for the
distances and then by depth for many paths of that length at once, keeps the phases few (Dinic 1970;
Hopcroft and Karp 1973, doi:10.1137/0202019).
"""

from typing import NamedTuple

import numpy as np

from fairlot._base.arrays import Ints
from fairlot._kernels import kernel, piece
from fairlot.assignment.network import Network, Numbers
from fairlot.assignment.seating import KEPT, NONE, OPEN, Seating, exchange, give_up, sit

__all__ = ["Search", "augment", "search_of"]

FAR = 2**31 - 1
UPWARDS = -2
"""The turn of a node that has not yet tried the way up."""


class Search(NamedTuple):
    """What a search knows of the vertices.

    seats  how many there are: the vertices before the nodes
    level  (vertices,) steps from the nearest start, -1 if not reached
    want   (vertices,) how many paths may end here
    queue  (vertices,) what was reached, in order
    path   (vertices,) the way that is being walked
    edge   (seats,) the edge whose turn it is
    item   (nodes + 1,) what hangs below a node and has its turn, or UPWARDS
    apart  officers who can be reached by their rows alone, FAR where bundles offer other ways
    """

    seats: int
    level: Numbers
    want: Ints
    queue: Numbers
    path: Numbers
    edge: Ints
    item: Numbers
    apart: int


def search_of(network: Network) -> Search:
    """Return a search that wants nothing yet."""
    seats, nodes = network.quota.size, network.most.size
    level, queue, path = (np.zeros(seats + nodes + 1, np.int32) for _ in range(3))
    want = np.zeros(seats + nodes + 1, np.int64)
    turn = np.zeros(seats, np.int64), np.zeros(nodes + 1, np.int32)
    groups = np.unique(network.parent[network.parent >= 0]).size
    apart = FAR if network.full.size else nodes - groups
    return Search(seats, level, want, queue, path, *turn, apart)


@kernel
def augment(network: Network, seating: Seating, search: Search, starts: Ints) -> None:
    """Move along shortest paths from ``starts`` to what is wanted until there is none.

    A seat starts as many as it has empty places, a node as many as there are. Afterwards ``level``
    is 0 or more at what can be reached from the starts that are left.
    """
    seats = network.quota.size
    while _measured(network, seating, search, starts):
        for seat in range(seats):
            search.edge[seat] = network.ptr[seat]
        search.item[:] = UPWARDS
        for start in starts:
            while start >= seats or seating.filled[start] < network.quota[start]:
                length = _walked(network, seating, search, start)
                if length == NONE:
                    break
                _move(network, seating, search, length)


@piece
def _measured(network: Network, seating: Seating, search: Search, starts: Ints) -> bool:
    """Number the vertices by their distance from the starts, as far as the nearest wanted one."""
    seats = network.quota.size
    search.level[:] = NONE
    end = 0
    for start in starts:
        if start >= seats or seating.filled[start] < network.quota[start]:
            search.level[start] = 0
            search.queue[end] = start
            end += 1
    at, nearest, unseen = 0, FAR, search.apart
    while at < end and search.level[search.queue[at]] < nearest:
        vertex = search.queue[at]
        begin = end
        if vertex >= seats:
            end = _from_node(seating, search, vertex, end)
        elif unseen > 0:
            end = _from_seat(network, seating, search, vertex, end)
            unseen -= end - begin
        for k in range(begin, end):
            if search.want[search.queue[k]] > 0:
                nearest = search.level[search.queue[k]]
        at += 1
    return nearest < FAR


@piece
def _from_seat(network: Network, seating: Seating, search: Search, seat: int, end: int) -> int:
    seats, next_level = network.quota.size, search.level[seat] + 1
    bundled = network.full.size > 0
    for e in range(network.ptr[seat], network.ptr[seat + 1]):
        to = seats + network.idx[e]
        if (search.level[to] >= 0 and not bundled) or seating.mark[e] != OPEN:
            continue
        if bundled:
            holder = _holder(network, seating, e)
            if holder != NONE:
                to = seating.seat[holder]
        if search.level[to] < 0:
            search.level[to] = next_level
            search.queue[end] = to
            end += 1
    return end


@piece
def _from_node(seating: Seating, search: Search, vertex: int, end: int) -> int:
    seats, next_level = search.seats, search.level[vertex] + 1
    node = vertex - seats
    item = UPWARDS
    while item != NONE:
        to = _leads(seating, seats, node, item)
        if to != NONE and search.level[to] < 0:
            search.level[to] = next_level
            search.queue[end] = to
            end += 1
        item = seating.head[node] if item == UPWARDS else seating.after[item]
    return end


@piece
def _leads(seating: Seating, seats: int, node: int, item: int) -> int:
    """Return the vertex that is a step from a node by ``item``, NONE if the step is not allowed."""
    places = seating.seat.size
    if item == UPWARDS:
        free = seating.load[node] < seating.ceiling[node]
        return seats + int(seating.above[node]) if free else NONE
    if item < places:
        free = seating.mark[seating.edge[item]] != KEPT
        return int(seating.seat[item]) if free else NONE
    below = item - places
    return seats + below if seating.load[below] > seating.floor[below] else NONE


@piece
def _holder(network: Network, seating: Seating, e: int) -> int:
    """Return the place that has another edge of the bundle, NONE if there is none."""
    bundle = network.bundle[e]
    return int(seating.taken[bundle]) if bundle >= 0 else NONE


@piece
def _walked(network: Network, seating: Seating, search: Search, start: int) -> int:
    """Walk from ``start``, a level at each step, to what is wanted; return the steps, or NONE."""
    seats = network.quota.size
    length = 0
    search.path[0] = start
    while True:
        vertex = search.path[length]
        if search.want[vertex] > 0:
            return length
        if vertex < seats:
            onward = _turn_of_seat(network, seating, search, vertex)
        else:
            onward = _turn_of_node(seating, search, vertex)
        if onward != NONE:
            length += 1
            search.path[length] = onward
        elif length == 0:
            return NONE
        else:
            search.level[vertex] = NONE  # no way on, until the levels are new
            length -= 1


@piece
def _turn_of_seat(network: Network, seating: Seating, search: Search, seat: int) -> int:
    seats, next_level = network.quota.size, search.level[seat] + 1
    bundled = network.full.size > 0
    for e in range(search.edge[seat], network.ptr[seat + 1]):
        to = seats + network.idx[e]
        if (search.level[to] != next_level and not bundled) or seating.mark[e] != OPEN:
            continue
        if bundled:
            holder = _holder(network, seating, e)
            if holder != NONE:
                to = seating.seat[holder]
        if search.level[to] == next_level:
            search.edge[seat] = e
            return int(to)
    search.edge[seat] = network.ptr[seat + 1]
    return NONE


@piece
def _turn_of_node(seating: Seating, search: Search, vertex: int) -> int:
    next_level = search.level[vertex] + 1
    node = vertex - search.seats
    item = int(search.item[node])
    while item != NONE:
        to = _leads(seating, search.seats, node, item)
        if to != NONE and search.level[to] == next_level:
            search.item[node] = item
            return to
        item = seating.head[node] if item == UPWARDS else seating.after[item]
    search.item[node] = NONE
    return NONE


@piece
def _move(network: Network, seating: Seating, search: Search, length: int) -> None:
    """Walk the path again: every seat on it takes the officer found and gives up the one asked for."""
    seats = network.quota.size
    place = NONE
    if search.path[0] < seats:
        seat = search.path[0]
        place = seating.first[seat] + seating.filled[seat]
        seating.filled[seat] += 1
    for k in range(length):
        vertex, to = search.path[k], search.path[k + 1]
        if vertex < seats:
            e = search.edge[vertex]
            holder = _holder(network, seating, e)
            if holder != NONE:
                _pass_by(network, seating, search, holder)
                exchange(network, seating, place, e, holder)
                place = holder
            else:
                sit(network, seating, place, e)
        elif to < seats:
            place = int(search.item[vertex - seats])
            _pass_by(network, seating, search, place)
            give_up(network, seating, place)
        elif search.item[vertex - seats] == UPWARDS:
            seating.load[vertex - seats] += 1
        else:
            seating.load[to - seats] -= 1
    search.want[search.path[length]] -= 1
    seating.load[search.path[length] - seats] += 1


@piece
def _pass_by(network: Network, seating: Seating, search: Search, place: int) -> None:
    """Give the next in the list its turn when ``place`` is about to leave the list."""
    node = network.idx[seating.edge[place]]
    if search.item[node] == place:
        search.item[node] = seating.after[place]
