"""The units of smallest rank, without sorting: what srs and the order designs share.

Under ranks made from uniforms, about as many units as wanted fall below a middle that is known
beforehand. Units clearly below it are taken, units clearly above it are not, and only the few
between are ranked against each other. When the middle was a bad guess, as numbers that somebody
wrote by hand may make it, all units are ranked: the outcome is the same, by definition.
"""

import numpy as np

from fairlot._base.arrays import Flags, Floats, Ints
from fairlot._kernels import kernel

__all__ = ["OWN", "PARETO", "SEQUENTIAL_POISSON", "SUCCESSIVE", "lowest"]

# A rank is named by a number: Numba does not keep compiled code of a function that takes functions.
OWN, SEQUENTIAL_POISSON, PARETO, SUCCESSIVE = range(4)

CLEARLY = 8.0  # standard deviations of the number below the middle: missed once in 10^15 draws
LEAST = 2.0**-960  # a smaller probability counts as this, so that no rank overflows


def lowest(kind: int, u: Floats, pi: Floats, n: int, middle: float = 1.0) -> Flags:
    """Flag the ``n`` units of smallest rank, ties by position; all of pi 1 first, none of pi 0.

    The sum of ``pi`` is ``n``, to rounding; ``middle`` is the rank below which ``n`` are expected.
    """
    deviation = max(n - float(pi @ pi), 1.0) ** 0.5
    low, high = middle * (1 - CLEARLY / deviation), middle * (1 + CLEARLY / deviation)
    chosen, near, rank, count = _parted(kind, u, pi, low, high)
    if not 0 <= n - count <= near.size:
        chosen, near, rank, count = _parted(kind, u, pi, -1.0, np.inf)
    chosen[near[_smallest(rank, n - count)]] = True
    return chosen


@kernel
def _parted(
    kind: int, u: Floats, pi: Floats, low: float, high: float
) -> tuple[Flags, Ints, Floats, int]:
    """Flag the certain and those below ``low``; give those up to ``high``, their ranks, the count."""
    chosen = np.empty(u.size, np.bool_)
    near, rank = np.empty(u.size, np.int64), np.empty(u.size)
    between = count = 0
    for i in range(u.size):
        taken = pi[i] >= 1
        if 0 < pi[i] < 1:
            own = _rank(kind, u[i], max(pi[i], LEAST))
            taken = own < low
            if low <= own <= high:
                near[between], rank[between] = i, own
                between += 1
        chosen[i] = taken
        count += taken
    return chosen, near[:between], rank[:between], count


@kernel
def _rank(kind: int, u: float, pi: float) -> float:
    if kind == OWN:
        return u
    if kind == SEQUENTIAL_POISSON:
        return u / pi
    if kind == PARETO:
        return u * (1 - pi) / (pi * (1 - u))
    return float(np.log1p(-u) / np.log1p(-pi))


def _smallest(rank: Floats, k: int) -> Ints:
    """Return the places of the ``k`` smallest, the earlier of equals."""
    if k == 0:
        return np.empty(0, np.int64)
    last = np.partition(rank, k - 1)[k - 1]
    below, equal = np.flatnonzero(rank < last), np.flatnonzero(rank == last)
    return np.concatenate([below, equal[: k - below.size]])
