"""Which results lie within a distance of a centre: the window that Huber's estimators leave as is.

Results stand in ascending order; a window is ``x[low:high]``. Places are told from an origin among
the results, the median, so that a unit or an origin far away costs no digit.
"""

from fairlot._base.arrays import Floats
from fairlot._kernels.compile import kernel

__all__ = ["clipped_mean_and_sd", "count_below", "window", "within"]


@kernel
def count_below(x: Floats, origin: float, bound: float, also_at: bool) -> int:
    """Return how many results have ``x - origin < bound``, or ``<=`` with ``also_at``."""
    low, high = 0, x.size
    while low < high:
        half = (low + high) // 2
        place = x[half] - origin
        if place < bound or (also_at and place == bound):
            low = half + 1
        else:
            high = half
    return low


@kernel
def window(x: Floats, origin: float, centre: float, reach: float) -> tuple[int, int]:
    """Return the window of the results at most ``reach`` from ``origin + centre``."""
    low = count_below(x, origin, centre - reach, False)
    return low, count_below(x, origin, centre + reach, True)


@kernel
def within(x: Floats, low: int, high: int) -> tuple[float, float]:
    """Return mean and sum of squares about it of ``x[low:high]``, which has an entry.

    Deviations are taken from one of the entries: of equal results the squares are exactly 0.
    """
    pivot = x[(low + high) // 2]
    total, squares = 0.0, 0.0
    for i in range(low, high):
        step = x[i] - pivot
        total += step
        squares += step * step
    shift = total / (high - low)
    return pivot + shift, squares - total * shift


@kernel
def clipped_mean_and_sd(
    x: Floats, origin: float, centre: float, reach: float
) -> tuple[float, float]:
    """Return mean, from ``origin``, and sd (p - 1) of the results brought within ``reach``."""
    total = 0.0
    for value in x:
        total += min(max(value - origin, centre - reach), centre + reach)
    mean = total / x.size
    squares = 0.0
    for value in x:
        squares += (min(max(value - origin, centre - reach), centre + reach) - mean) ** 2
    return mean, (squares / max(x.size - 1, 1)) ** 0.5
