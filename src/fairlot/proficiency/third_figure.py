"""The printed stopping rule of Algorithm A: until the third significant figures stay.

ISO 13528:2022 C.3.1 leaves open whether the starting values count as an iteration and how a figure
is rounded. Here they do not count, and halves of the double go up.
"""

import numpy as np

from fairlot._base.arrays import Floats
from fairlot._kernels.compile import kernel
from fairlot.proficiency.clipping import clipped_mean_and_sd

__all__ = ["STEPS", "third_figure", "three_figures"]

STEPS = 1_000
LEAST = -300
POWERS = np.array([float(f"1e{e}") for e in range(LEAST, 309)])
SETTLED = 1e-15  # of the scale: x_star may be 0, which has no third figure to keep


@kernel
def third_figure(
    x: Floats, median: float, s: float, factor: float, k: float
) -> tuple[float, float, int]:
    """Return mean (from the median) and scale where the rule stops, and the updates made."""
    t = 0.0
    for step in range(1, STEPS):
        before, was = t, s
        t, s = clipped_mean_and_sd(x, median, t, k * s)
        s *= factor
        same = _same(median + t, median + before) and _same(s, was)
        settled = abs(t - before) + abs(s - was) <= SETTLED * s
        if step > 1 and (same or settled):
            return t, s, step
    return t, s, STEPS


@kernel
def _same(a: float, b: float) -> bool:
    return three_figures(a) == three_figures(b)


@kernel
def three_figures(value: float) -> tuple[int, int]:
    """Return (n, e) with 100 <= |n| < 1000 of the value n * 10^e to three figures; (0, 0) of 0."""
    place = int(np.searchsorted(POWERS, abs(value), side="right")) - 3
    if place < 0:
        return 0, 0
    n = int(abs(value) / POWERS[place] + 0.5)
    if n == 1000:
        n, place = 100, place + 1
    return (n if value > 0.0 else -n), place + LEAST
