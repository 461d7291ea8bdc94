"""The factors of seats that share officers: the tied seats of one task, fitted together.

An officer in several seats of a task has a *bundle* of edges that add up to at most 1: the edge in
seat s is ``u_s * w / max(1, w * U)`` with U the sum of u over the seats of the bundle. Where w * U
is above 1, and in a *full* bundle always, that is ``u_s / U``, whatever w. A *knot* is a run of
seats tied by bundles; its factors minimise a convex function, found by Newton's method in log u
with a matrix of seats x seats. Sums go over single edges in their order, then over the bundles.

The steps for a knot, from the factors of the last point:

1. What each seat lacks of its quota, and the matrix of how sums follow log u (``_lacking``): on the
   diagonal what live edges (x < 1) and bundles bring; a held bundle takes x_s * x_t from (s, t).
   Stop when no seat lacks more than ``CLOSE`` of its quota, or after ``STEPS`` steps.
2. Add ``DAMPING`` * min(1, worst miss) * quota to the diagonal, eliminate without pivoting, leave
   out pivots up to ``FLAT`` (``arithmetic``) of their diagonal, solve for what is lacking. Where a step is above
   ``LONGEST`` the whole vector is scaled down to it.
3. Take it (``grown``), then halve it up to ``HALVINGS`` times, until the miss is half the last one
   or the slope at the end is upwards by at most a quarter of what it was downwards.
"""

from typing import NamedTuple

import numpy as np

from fairlot._base.arrays import Flags, Floats, Ints
from fairlot._kernels import kernel, piece
from fairlot.assignment.arithmetic import dot, eliminate, grown, solve
from fairlot.assignment.balance_seats import Fit, Seats, bend
from fairlot.assignment.network import Network, Numbers

__all__ = ["Knots", "answered_knots", "fit_knots", "knots_of", "shares"]

CLOSE = 1e-13
"""Relative miss of a quota that is small enough."""

STEPS, HALVINGS = 60, 30
"""Most steps for a knot, and how often a step that leads astray is halved."""

LONGEST = 2.0
"""Longest step of a log factor."""

DAMPING = 1e-3
"""What is added to the diagonal, as a share of the quota and of its miss."""


class Knots(NamedTuple):
    """Runs of tied seats, and the bundles that tie them.

    first, stop  (knots,) seats ``first`` to ``stop - 1``
    begin        (knots + 1,) bundles ``begin[k]`` to ``begin[k + 1] - 1`` tie knot k
    at           (knots + 1,) where the matrix of a knot lies among all entries
    ptr, seat    seats of bundle b: ``seat[ptr[b]:ptr[b + 1]]``
    who, full    (bundles,) its officer, and whether it is full in every assignment
    """

    first: Ints
    stop: Ints
    begin: Ints
    at: Ints
    ptr: Ints
    seat: Ints
    who: Numbers
    full: Flags


class _System(NamedTuple):
    """Newton's equation of a knot, ``matrix @ step = lack``, and what does not change with u.

    row     (seats, 2) the sum and the largest of the weights on the single edges of a seat
    matrix  (seats, seats) how the sum of one seat follows log u of another
    lack    (seats,) quota less sum
    """

    row: Floats
    matrix: Floats
    lack: Floats


def knots_of(network: Network) -> Knots:
    """Return the knots in the order of their seats: a bundle ties all seats from first to last."""
    seat = np.searchsorted(network.ptr, network.bundle_edge, side="right") - 1
    edge = network.bundle_edge[network.bundle_ptr[:-1]]
    opening, closing = seat[network.bundle_ptr[:-1]], seat[network.bundle_ptr[1:] - 1]
    ends = np.bincount(opening, minlength=network.quota.size + 1)
    ends = ends - np.bincount(closing, minlength=network.quota.size + 1)
    onward = np.cumsum(ends) > 0  # tied to the next seat
    first = np.flatnonzero(onward & ~np.roll(onward, 1))
    stop = np.flatnonzero(~onward & np.roll(onward, 1)) + 1
    return Knots(
        first=first,
        stop=stop,
        begin=np.searchsorted(opening, np.append(first, network.quota.size)),
        at=np.concatenate([[0], np.cumsum((stop - first) ** 2)]),
        ptr=network.bundle_ptr,
        seat=seat,
        who=network.idx[edge],
        full=network.full,
    )


@kernel
def fit_knots(seats: Seats, knots: Knots, w: Floats, fit: Fit, matrices: Floats) -> None:
    """Fit the seats of every knot, from the factors in ``fit``, and add up, in place.

    ``matrices`` receives the matrix of each knot, eliminated.
    """
    for k in range(knots.first.size):
        a, b = knots.first[k], knots.stop[k]
        matrix = matrices[knots.at[k] : knots.at[k + 1]].reshape(b - a, b - a)
        _fit_knot(seats, knots, k, w, fit.u, matrix)
        _add(seats, knots, k, w, fit, matrix)
        eliminate(matrix)


@piece
def _fit_knot(seats: Seats, knots: Knots, k: int, w: Floats, u: Floats, matrix: Floats) -> None:
    """Step until no quota is missed; a step whose end still slopes upwards is halved."""
    a, b = knots.first[k], knots.stop[k]
    lack = np.empty(b - a)
    system = _System(_rows(seats, a, b, w), matrix, lack)
    miss = _lacking(seats, knots, k, w, u, system)
    for _ in range(STEPS):
        if miss <= CLOSE:
            break
        before = u[a:b].copy()
        step = _newton(matrix, lack, seats.quota[a:b], DAMPING * min(miss, 1.0))
        slope, reach, last = dot(step, lack), 1.0, miss
        for _ in range(HALVINGS):
            for s in range(a, b):
                u[s] = grown(before[s - a], reach * step[s - a])
            miss = _lacking(seats, knots, k, w, u, system)
            if miss <= 0.5 * last or -dot(step, lack) <= 0.25 * slope:
                break
            reach *= 0.5


@piece
def _rows(seats: Seats, a: int, b: int, w: Floats) -> Floats:
    """Return the sum and the largest of the weights on the single edges of every seat."""
    row = np.zeros((b - a, 2))
    for s in range(a, b):
        total = 0.0
        top = 0.0
        for e in range(seats.ptr[s], seats.ptr[s + 1]):
            total += w[seats.idx[e]]
            top = max(top, w[seats.idx[e]])
        row[s - a, 0], row[s - a, 1] = total, top
    return row


@piece
def _newton(matrix: Floats, lack: Floats, quota: Floats, damping: float) -> Floats:
    """Return the step of log u; damped, as sums do not answer where every edge is held."""
    for s in range(quota.size):
        matrix[s, s] += damping * quota[s]
    eliminate(matrix)
    step = lack.copy()
    solve(matrix, step)
    longest = LONGEST
    for s in range(quota.size):
        longest = max(longest, abs(step[s]))
    for s in range(quota.size):
        step[s] *= LONGEST / longest
    return step


@piece
def _lacking(seats: Seats, knots: Knots, k: int, w: Floats, u: Floats, system: _System) -> float:
    """Set what seats lack of their quota and how sums follow log u; return the worst miss."""
    a, b = knots.first[k], knots.stop[k]
    _count_single(seats, a, b, w, u, system)
    _count_bundles(knots, k, w, u, system)
    miss = 0.0
    for s in range(a, b):
        miss = max(miss, abs(system.lack[s - a]) / max(seats.quota[s], 1.0))
    return miss


@piece
def _count_single(seats: Seats, a: int, b: int, w: Floats, u: Floats, system: _System) -> None:
    """Begin with the single edges, which leave the seats apart."""
    row, matrix, lack = system
    matrix[:, :] = 0.0
    for s in range(a, b):
        live, held = u[s] * row[s - a, 0], 0.0
        if u[s] * row[s - a, 1] >= 1.0:
            live, held = _divided(seats, s, w, u[s])
        lack[s - a] = seats.quota[s] - held - live
        matrix[s - a, s - a] = live


@piece
def _count_bundles(knots: Knots, k: int, w: Floats, u: Floats, system: _System) -> None:
    """Add the bundles: one that is held takes from its other seats what one of them gains."""
    _, matrix, lack = system
    a = knots.first[k]
    for q in range(knots.begin[k], knots.begin[k + 1]):
        over, held = _over(knots, q, w, u)
        for f in range(knots.ptr[q], knots.ptr[q + 1]):
            s = knots.seat[f] - a
            x = u[s + a] * over
            lack[s] -= x
            matrix[s, s] += x
            if held:
                for g in range(knots.ptr[q], knots.ptr[q + 1]):
                    matrix[s, knots.seat[g] - a] -= x * (u[knots.seat[g]] * over)


@piece
def _divided(seats: Seats, s: int, w: Floats, u: float) -> tuple[float, float]:
    """Return what the live single edges of a seat add up to, and how many are held at 1."""
    live = 0.0
    held = 0.0
    for e in range(seats.ptr[s], seats.ptr[s + 1]):
        if u * w[seats.idx[e]] < 1.0:
            live += u * w[seats.idx[e]]
        else:
            held += 1.0
    return live, held


@piece
def _over(knots: Knots, q: int, w: Floats, u: Floats) -> tuple[float, bool]:
    """Return by what u is multiplied in bundle ``q``, and whether that does not follow w."""
    total = 0.0
    for f in range(knots.ptr[q], knots.ptr[q + 1]):
        total += u[knots.seat[f]]
    if knots.full[q] or total * w[knots.who[q]] > 1.0:
        return 1.0 / total, True
    return w[knots.who[q]], False


@piece
def _add(seats: Seats, knots: Knots, k: int, w: Floats, fit: Fit, matrix: Floats) -> None:
    """Add what the edges of a knot come to."""
    a, b = knots.first[k], knots.stop[k]
    by = np.zeros(b - a)
    for s in range(a, b):
        by[s - a] = bend(fit.u[s], matrix[s - a, s - a])
        for e in range(seats.ptr[s], seats.ptr[s + 1]):
            if fit.u[s] * w[seats.idx[e]] < 1.0:
                fit.live[seats.idx[e]] += fit.u[s]
                fit.bend[seats.idx[e]] += by[s - a]
            else:
                fit.held[seats.idx[e]] += 1.0
    for q in range(knots.begin[k], knots.begin[k + 1]):
        if _over(knots, q, w, fit.u)[1]:
            fit.held[knots.who[q]] += 1.0
            continue
        for f in range(knots.ptr[q], knots.ptr[q + 1]):
            fit.live[knots.who[q]] += fit.u[knots.seat[f]]
            fit.bend[knots.who[q]] += by[knots.seat[f] - a]


@kernel
def answered_knots(
    seats: Seats, knots: Knots, w: Floats, fit: Fit, matrices: Floats, push: Floats, answer: Floats
) -> None:
    """As ``answered_seats``, for the seats of knots."""
    u = fit.u
    for k in range(knots.first.size):
        a, b = knots.first[k], knots.stop[k]
        fall = np.zeros(b - a)
        for s in range(a, b):
            for e in range(seats.ptr[s], seats.ptr[s + 1]):
                if u[s] * w[seats.idx[e]] < 1.0:
                    fall[s - a] += u[s] * push[seats.idx[e]]
        for q in range(knots.begin[k], knots.begin[k + 1]):
            if not _over(knots, q, w, u)[1]:
                for f in range(knots.ptr[q], knots.ptr[q + 1]):
                    fall[knots.seat[f] - a] += u[knots.seat[f]] * push[knots.who[q]]
        solve(matrices[knots.at[k] : knots.at[k + 1]].reshape(b - a, b - a), fall)
        for s in range(a, b):
            for e in range(seats.ptr[s], seats.ptr[s + 1]):
                if u[s] * w[seats.idx[e]] < 1.0:
                    answer[seats.idx[e]] += u[s] * fall[s - a]
        for q in range(knots.begin[k], knots.begin[k + 1]):
            if not _over(knots, q, w, u)[1]:
                for f in range(knots.ptr[q], knots.ptr[q + 1]):
                    answer[knots.who[q]] += u[knots.seat[f]] * fall[knots.seat[f] - a]


@kernel
def shares(knots: Knots, w: Floats, u: Floats) -> Floats:
    """Return x of every edge in a bundle, bundle by bundle."""
    x = np.empty(knots.seat.size)
    for q in range(knots.who.size):
        over, _ = _over(knots, q, w, u)
        for f in range(knots.ptr[q], knots.ptr[q + 1]):
            x[f] = u[knots.seat[f]] * over
    return x
