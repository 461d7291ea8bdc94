"""Statistics of results that stand in ascending order, for the kernels of the estimators."""

import numpy as np

from fairlot._base.arrays import Floats
from fairlot._kernels.compile import kernel

__all__ = ["mean_and_sd", "median_deviation", "middle", "quantile"]


@kernel
def middle(x: Floats) -> float:
    """Return the median."""
    return float(0.5 * (x[(x.size - 1) // 2] + x[x.size // 2]))


@kernel
def median_deviation(x: Floats) -> float:
    """Return the median of the absolute deviations from the median.

    The median of an even number of results is no result, and far from the origin it is rounded: its
    place is told from the result before it.
    """
    before = x[(x.size - 1) // 2]
    step = 0.5 * (x[x.size // 2] - before)
    upper = _deviation(x, before, step, x.size // 2 + 1)
    if x.size % 2 == 1:
        return upper
    return 0.5 * (_deviation(x, before, step, x.size // 2) + upper)


@kernel
def _deviation(x: Floats, origin: float, centre: float, k: int) -> float:
    """Return the k-th smallest distance from ``origin + centre``, k from 1 on.

    The k results nearest to a point stand side by side: among all runs of k it is the one whose
    farther end is nearest.
    """
    best = np.inf
    for i in range(x.size - k + 1):
        farther = max(x[i + k - 1] - origin - centre, centre - (x[i] - origin))
        best = min(best, farther)
    return best


@kernel
def mean_and_sd(x: Floats, centre: float) -> tuple[float, float]:
    """Return the mean and the standard deviation (p - 1; 0 of a single result).

    Deviations are taken from a ``centre`` among the results, so an origin far away costs no digit;
    results that are all equal have exactly 0.
    """
    total = 0.0
    for i in range(x.size):
        total += x[i] - centre
    shift = total / x.size
    squares = 0.0
    for i in range(x.size):
        squares += (x[i] - centre - shift) ** 2
    return centre + shift, (squares / max(x.size - 1, 1)) ** 0.5


@kernel
def quantile(x: Floats, origin: float, place: float) -> float:
    """Return the value, from ``origin``, at a place counted from 1, linear between results.

    A place before the first or after the last result is theirs.
    """
    within = min(max(place, 1.0), float(x.size)) - 1.0
    k = min(int(within), max(x.size - 2, 0))
    return float(x[k] - origin + (within - k) * (x[min(k + 1, x.size - 1)] - x[k]))
