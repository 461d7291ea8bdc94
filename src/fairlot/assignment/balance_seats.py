"""The factor of a seat: the u for which ``min(1, u * w)`` over its officers adds up to its quota.

``w`` is the weight of an officer, the product of the officer's factor and those of the groups
around. An edge is *live* where u * w < 1 and *held* at 1 otherwise. Seats of one task that share
officers are tied, and fitted together in ``balance_knots``; here are the others.
"""

from typing import NamedTuple

import numpy as np

from fairlot._base.arrays import Flags, Floats, Ints
from fairlot._kernels import kernel, piece
from fairlot.assignment.network import Numbers

__all__ = ["Fit", "Seats", "answered_seats", "bend", "empty_fit", "fit_seats"]

LARGE, SMALL = 2.0**400, 2.0**-200
"""Where factors, and what they fill, are cut off for the curvature, which must not overflow."""


class Seats(NamedTuple):
    """The edges outside bundles, ``idx[ptr[s]:ptr[s + 1]]`` for seat s; tied seats marked."""

    ptr: Ints
    idx: Numbers
    quota: Floats
    tied: Flags


class Fit(NamedTuple):
    """The factors for given weights, and what the edges then come to.

    u      (seats,) the factors
    rest   (seats,) places that live edges fill; 0 for tied seats
    whole  (seats,) whether every edge is live
    live   (officers,) sum of u over live edges, so that their part of the load is ``w * live``
    held   (officers,) the part of the load that does not follow w: edges held at 1, full bundles
    bend   (officers,) sum of u * u / rest over live edges
    """

    u: Floats
    rest: Floats
    whole: Flags
    live: Floats
    held: Floats
    bend: Floats


def empty_fit(u: Floats, people: int) -> Fit:
    """Return a fit to be filled, that begins at the factors ``u``."""
    flat = np.zeros(u.size, np.bool_)
    return Fit(u.copy(), np.zeros(u.size), flat, *(np.zeros(people) for _ in range(3)))


@piece
def bend(u: float, rest: float) -> float:
    """Return ``u * u / rest``, a part of the curvature; 0 where nothing is live."""
    cut = min(u, LARGE)
    return cut * cut / max(rest, SMALL) if rest > 0.0 else 0.0


@kernel
def fit_seats(seats: Seats, w: Floats, fit: Fit) -> None:
    """Fit every seat that is not tied, and add up what its edges come to, in place."""
    idx, u, live = seats.idx, fit.u, fit.live
    for s in range(u.size):
        if seats.tied[s]:
            continue
        a, b = seats.ptr[s], seats.ptr[s + 1]
        u[s], fit.rest[s], fit.whole[s] = _factor(idx, w, a, b, seats.quota[s])
        by = bend(u[s], fit.rest[s])
        if fit.whole[s]:
            for e in range(a, b):
                live[idx[e]] += u[s]
                fit.bend[idx[e]] += by
            continue
        for e in range(a, b):
            if u[s] * w[idx[e]] < 1.0:
                live[idx[e]] += u[s]
                fit.bend[idx[e]] += by
            else:
                fit.held[idx[e]] += 1.0


@piece
def _factor(
    idx: Numbers, w: Floats, begin: int, end: int, quota: float
) -> tuple[float, float, bool]:
    """Return the factor of a seat, the places left to live edges, and whether all are live."""
    total = 0.0
    top = 0.0
    for e in range(begin, end):
        total += w[idx[e]]
        top = max(top, w[idx[e]])
    u = quota / total if total > 0.0 else 0.0
    if u * top < 1.0:
        return u, quota, True
    while True:  # u only rises and what is held stays held: at most ``quota`` rounds
        total = 0.0
        rest = quota
        for e in range(begin, end):
            if u * w[idx[e]] < 1.0:
                total += w[idx[e]]
            else:
                rest -= 1.0
        if rest <= 0.0 or total <= 0.0 or rest / total <= u:
            return u, rest, False
        u = rest / total


@kernel
def answered_seats(seats: Seats, w: Floats, fit: Fit, push: Floats, answer: Floats) -> None:
    """Add to ``answer`` (officers,) how the factors give way when log w changes by p.

    With ``push = w * p``, the log of a factor falls by z, the mean of p over the live edges as the
    chances weigh it; ``answer`` sums u * z over the live edges of every officer.
    """
    idx = seats.idx
    for s in range(fit.u.size):
        if fit.rest[s] <= 0.0:
            continue
        a, b, u = seats.ptr[s], seats.ptr[s + 1], fit.u[s]
        total = 0.0
        if fit.whole[s]:
            for e in range(a, b):
                total += push[idx[e]]
            by = u * (u * total / fit.rest[s])
            for e in range(a, b):
                answer[idx[e]] += by
            continue
        for e in range(a, b):
            if u * w[idx[e]] < 1.0:
                total += push[idx[e]]
        by = u * (u * total / fit.rest[s])
        for e in range(a, b):
            if u * w[idx[e]] < 1.0:
                answer[idx[e]] += by
