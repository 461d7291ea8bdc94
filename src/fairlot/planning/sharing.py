"""A standing sharing of places: the proof that every list of sites that could be drawn has teams.

One sharing for every site, whatever else is drawn: fractions of each seat's places for its officers,
an officer at most one place of a team, such that even the list that is worst for an officer keeps
the officer's cap. On every list it is a flow of fractions, so a flow of whole officers exists too.

The worst list for an officer takes the largest shares first: what may be drawn is bounded by
bureau, by bureau x sector and by bureau x sector x class, and nested bounds make a matroid, on which
the greedy choice is the best (Edmonds 1971, Matroids and the greedy algorithm, Math. Programming 1,
doi:10.1007/BF01584082).

The sharing is sought by prices: the places of a seat go to its officers in proportion to their
prices, and whoever the worst list would overload becomes cheaper. A sharing that is found is a
proof; that none is found proves nothing.
"""

from typing import NamedTuple

import numpy as np

from fairlot._base.arrays import Flags, Floats, Ints
from fairlot._kernels import kernel, piece
from fairlot.assignment.network import Network
from fairlot.sampling import D
from fairlot.sampling.nested_pivotal import Nest

__all__ = ["shared"]

ROUNDS = 40
SLIPS = 0.01
"""Fractions that miss their limits by less than 1 in all cannot leave one whole place empty."""
AIM = 1 - 1e-6
"""Prices aim a little below the caps, so that they are reached and not only approached."""


class _Bounds(NamedTuple):
    """Per task: is it always drawn, and its bureau, sector and cell, with the most drawn of each."""

    sure: Flags
    bureau: Ints
    sector: Ints
    cell: Ints
    bureau_most: Ints
    sector_most: Ints
    cell_most: Ints


class _Rows(NamedTuple):
    """The network by task and by officer.

    seat_ptr, seat  the seats of task t, fewest officers first: ``seat[seat_ptr[t]:seat_ptr[t + 1]]``
    edge_ptr, edge  the edges of officer o, by task: ``edge[edge_ptr[o]:edge_ptr[o + 1]]``
    edge_task       (edges,) the task of each edge
    """

    seat_ptr: Ints
    seat: Ints
    edge_ptr: Ints
    edge: Ints
    edge_task: Ints


def shared(network: Network, seat_task: Ints, sites: Nest) -> bool:
    """Look for a standing sharing of the places at ``sites``, the tasks of ``network``.

    Limits in common and minimum loads have no worst list of this simple kind: False with any.
    """
    if (network.parent >= 0).any() or network.least.any():
        return False
    rows, bounds = _rows(network, seat_task), _bounds(sites)
    people = network.most.size
    price, pace, over = np.ones(people), np.ones(people), np.ones(people, np.bool_)
    share, worst = np.zeros(network.idx.size), np.zeros(people)
    for _ in range(ROUNDS):
        moved = _share(network, rows, price, over, share)
        _find_worst(rows, bounds, share, moved, worst)
        if np.maximum(worst - network.most, 0).sum() + _empty(network, share) < SLIPS:
            return True
        over = worst > network.most
        ratio = np.divide(AIM * network.most, worst, out=np.ones(people), where=over)
        pace = np.where(over, pace * ratio, 1.0)  # faster and faster, as long as it is too slow
        price *= pace * ratio
    return False


def _bounds(sites: Nest) -> _Bounds:
    """Return the most that are drawn of every group besides what is drawn for certain."""
    groups = (
        (sites.bureau, sites.sizes.size),
        (sites.pair, sites.pairs),
        (sites.cell, sites.cells),
    )
    most = []
    for code, count in groups:
        total = np.zeros(count, np.int64)
        np.add.at(total, code, sites.amount % D)
        most.append(-(-total // D))
    return _Bounds(sites.amount == D, sites.bureau, sites.pair, sites.cell, *most)


def _rows(network: Network, seat_task: Ints) -> _Rows:
    sizes = np.diff(network.ptr)
    tasks, officers = int(seat_task.max(initial=-1)) + 1, network.most.size
    return _Rows(
        seat_ptr=np.searchsorted(seat_task, np.arange(tasks + 1)),
        seat=np.lexsort((sizes, seat_task)),
        edge_ptr=np.searchsorted(np.sort(network.idx), np.arange(officers + 1)),
        edge=np.argsort(network.idx, kind="stable"),
        edge_task=np.repeat(seat_task, sizes),
    )


def _empty(network: Network, share: Floats) -> float:
    """Return how much of the places has no officer."""
    # A row without officers would repeat the one behind it, hence the mask; the last, the zero.
    filled = np.add.reduceat(np.append(share, 0.0), network.ptr[:-1])
    return float(np.maximum(network.quota - filled * (np.diff(network.ptr) > 0), 0).sum())


@kernel
def _share(network: Network, rows: _Rows, price: Floats, cheaper: Flags, share: Floats) -> Flags:
    """Share the places of every team with a cheaper officer anew; return whose shares changed."""
    moved, room = np.zeros(price.size, np.bool_), np.ones(price.size)
    for task in range(rows.seat_ptr.size - 1):
        seats = rows.seat[rows.seat_ptr[task] : rows.seat_ptr[task + 1]]
        if not _any(network, seats, cheaper):
            continue
        for seat in seats:
            _share_seat(network, seat, price, room, share)
        for seat in seats:
            for e in range(network.ptr[seat], network.ptr[seat + 1]):
                room[network.idx[e]] = 1.0
                moved[network.idx[e]] = True
    return moved


@piece
def _any(network: Network, seats: Ints, officers: Flags) -> bool:
    for seat in seats:
        for e in range(network.ptr[seat], network.ptr[seat + 1]):
            if officers[network.idx[e]]:
                return True
    return False


@kernel
def _share_seat(network: Network, seat: int, price: Floats, room: Floats, share: Floats) -> None:
    """Share the places of a seat in proportion to price, nobody beyond the room they have left."""
    ptr, idx = network.ptr, network.idx
    share[ptr[seat] : ptr[seat + 1]] = 0.0
    filled, capped = 0.0, True
    while capped:
        total = 0.0
        for e in range(ptr[seat], ptr[seat + 1]):
            total += price[idx[e]] if share[e] < room[idx[e]] else 0.0
        if total == 0.0:
            break  # nobody else has time
        left, capped = network.quota[seat] - filled, False
        for e in range(ptr[seat], ptr[seat + 1]):
            if share[e] < room[idx[e]]:
                share[e] = min(room[idx[e]], left * (price[idx[e]] / total))
                if share[e] == room[idx[e]]:
                    filled, capped = filled + share[e], True
    for e in range(ptr[seat], ptr[seat + 1]):
        room[idx[e]] -= share[e]


@kernel
def _find_worst(rows: _Rows, bounds: _Bounds, share: Floats, moved: Flags, worst: Floats) -> None:
    """Write the greatest sum of shares, over all lists, of each officer whose shares have moved."""
    left = bounds.bureau_most.copy(), bounds.sector_most.copy(), bounds.cell_most.copy()
    for o in np.flatnonzero(moved):
        edges = rows.edge[rows.edge_ptr[o] : rows.edge_ptr[o + 1]]
        tasks, whole = _by_task(edges, rows.edge_task, share)
        worst[o] = 0.0
        for k in np.argsort(-whole, kind="mergesort"):
            t = tasks[k]
            b, s, c = bounds.bureau[t], bounds.sector[t], bounds.cell[t]
            fits = left[0][b] > 0 and left[1][s] > 0 and left[2][c] > 0
            if bounds.sure[t]:
                worst[o] += whole[k]
            elif fits:
                worst[o] += whole[k]
                left[0][b] -= 1
                left[1][s] -= 1
                left[2][c] -= 1
        for t in tasks:
            b, s, c = bounds.bureau[t], bounds.sector[t], bounds.cell[t]
            left[0][b] = bounds.bureau_most[b]
            left[1][s] = bounds.sector_most[s]
            left[2][c] = bounds.cell_most[c]


@kernel
def _by_task(edges: Ints, edge_task: Ints, share: Floats) -> tuple[Ints, Floats]:
    """Return the tasks of one officer's edges, and the officer's share of each."""
    tasks, whole = np.empty(edges.size, np.int64), np.zeros(edges.size)
    count = 0
    for e in edges:
        if count == 0 or tasks[count - 1] != edge_task[e]:
            tasks[count] = edge_task[e]
            count += 1
        whole[count - 1] += share[e]
    return tasks[:count], whole[:count]
