"""The units of smallest rank, without sorting: what srs and the order designs share.

Under ranks made from uniforms, about as many units as wanted fall below a middle that is known
beforehand. Units clearly below it are taken, units clearly above it are not, and only the few
between are ranked against each other. When the middle was a bad guess, as numbers that somebody
wrote by hand may make it, all units are ranked: the outcome is the same, by definition.
"""

import numpy as np
from numpy.typing import NDArray

from fairlot._base.arrays import Flags, Floats, Ints
from fairlot._kernels import kernel
from fairlot.sampling.sample import inside

__all__ = ["OWN", "PARETO", "SEQUENTIAL_POISSON", "SUCCESSIVE", "lowest"]

Sides = NDArray[np.uint8]

# A rank is named by a number: Numba does not keep compiled code of a function that takes functions.
OWN, SEQUENTIAL_POISSON, PARETO, SUCCESSIVE = range(4)

CLEARLY = 8.0  # standard deviations of the number below the middle: missed once in 10^15 draws
LEAST = 2.0**-960  # a smaller probability counts as this, so that no rank overflows
ROUNDING = 1e-12  # what a rank may be off by when it is compared without dividing

ABOVE, NEAR, BELOW = range(3)


def lowest(kind: int, u: Floats, pi: Floats, n: int, middle: float = 1.0) -> Flags:
    """Flag the ``n`` units of smallest rank, ties by position; all of pi 1 first, none of pi 0.

    The sum of ``pi`` is ``n``, to rounding; ``middle`` is the rank below which ``n`` are expected.
    """
    # The sum of pi (1 - pi) is largest when all are equal.
    deviation = max(n * (1 - n / pi.size), 1.0) ** 0.5
    low, high = middle * (1 - CLEARLY / deviation), middle * (1 + CLEARLY / deviation)
    side = np.empty(u.size, np.uint8)
    _part(kind, u, pi, low, high, side)
    near = np.flatnonzero(side == NEAR)
    more = n - int(np.count_nonzero(side == BELOW))
    if 0 < more < near.size:
        rank = _ranks(kind, u[near], pi[near])
        if low * (1 + ROUNDING) < np.partition(rank, more - 1)[more - 1] < high * (1 - ROUNDING):
            side[near[_smallest(rank, more)]] = BELOW
            chosen: Flags = side == BELOW
            return chosen
    return _ranking_all(kind, u, pi, n)


def _ranking_all(kind: int, u: Floats, pi: Floats, n: int) -> Flags:
    chosen = pi >= 1
    near = inside(pi)
    more = n - int(np.count_nonzero(chosen))
    chosen[near[_smallest(_ranks(kind, u[near], pi[near]), more)]] = True
    return chosen


@kernel
def _part(kind: int, u: Floats, pi: Floats, low: float, high: float, side: Sides) -> None:
    """Tell for each unit whether its rank is below ``low``, above ``high`` or near."""
    for i in range(u.size):
        if pi[i] >= 1:
            side[i] = BELOW
        else:
            top, bottom = _rank(kind, u[i], pi[i])
            # No branch and no division: a nanosecond a unit.
            side[i] = np.uint8(top < high * bottom) + np.uint8(top < low * bottom)


@kernel
def _ranks(kind: int, u: Floats, pi: Floats) -> Floats:
    rank = np.empty(u.size)
    for i in range(u.size):
        top, bottom = _rank(kind, u[i], max(pi[i], LEAST))
        rank[i] = top / bottom
    return rank


@kernel
def _rank(kind: int, u: float, pi: float) -> tuple[float, float]:
    """Return a rank as a fraction of numbers >= 0; its bottom is 0 only for pi 0."""
    if kind == OWN:
        return u, 1.0 if pi > 0 else 0.0
    if kind == SEQUENTIAL_POISSON:
        return u, pi
    if kind == PARETO:
        return u * (1 - pi), pi * (1 - u)
    return float(-np.log1p(-u)), float(-np.log1p(-pi))


def _smallest(rank: Floats, k: int) -> Ints:
    """Return the places of the ``k`` smallest, the earlier of equals."""
    if k == 0:
        return np.empty(0, np.int64)
    last = np.partition(rank, k - 1)[k - 1]
    below, equal = np.flatnonzero(rank < last), np.flatnonzero(rank == last)
    return np.concatenate([below, equal[: k - below.size]])
