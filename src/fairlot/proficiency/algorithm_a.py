"""Algorithm A: robust mean and standard deviation, the workhorse of proficiency testing.

ISO 13528:2022 C.3.1; the fixed point is proposal 2 of Huber (1964), Annals of Mathematical
Statistics 35(1), doi:10.1214/aoms/1177703732, with k = 1.5.
"""

import numpy as np
from numpy.typing import ArrayLike

from fairlot._base.arrays import Flags, Floats, Ints
from fairlot._kernels.compile import kernel
from fairlot.proficiency.batch import Batch, in_parts, sample_or_batch
from fairlot.proficiency.clipping import clipped_mean_and_sd, window, within
from fairlot.proficiency.estimate import Estimate, estimate
from fairlot.proficiency.huber import at_fixed_scale, scales
from fairlot.proficiency.ordered import mean_and_sd, median_deviation, middle
from fairlot.proficiency.third_figure import STEPS, third_figure
from fairlot.proficiency.words import one_of

__all__ = ["FACTOR", "algorithm_a"]

K = 1.5
FACTOR = {"exact": 1.1333926554624896, "iso2022": 1.134}
"""What makes the sd of clipped normal results that of all: theta = 2 Phi(k) - 1 in
``1 / sqrt(theta + (1 - theta) k^2 - 2 k phi(k))``, and as the standard prints it."""

STOPS = ("converged", "third_figure")
LEAPS = 8
WALKS = 10_000
MAD_FACTOR = 1.483
SETTLED = 1e-13  # of the scale: a result that lies on the limit may be counted in or out


def algorithm_a(
    x: ArrayLike | Batch,
    *,
    edition: str = "exact",
    stop: str | None = None,
    scale: ArrayLike | None = None,
) -> Estimate:
    """Return the robust mean and standard deviation by Algorithm A.

    x        a sample (p,) or a :class:`Batch`
    edition  "exact": the factor is 1.1333926554625; "iso2022": 1.134, as the standard prints it
    stop     "converged": the fixed point itself; "third_figure": the printed rule, stop once the
             third significant figures of x_star and s_star stay. Not given: the fixed point for
             "exact", the printed rule for "iso2022"
    scale    holds the scale at a number, or one a measurand, such as MADe or Qn, and iterates the
             mean alone (C.3.2); nothing to stop early then

    Promised of the fixed point: it is the only one, so it depends neither on the order of rows,
    nor, up to rounding, on unit and origin. The printed rule keeps no such promise: it stops early,
    on the average by a fraction of a percent of s_star but in bad cases by 10, and what the third
    figure is depends on unit and origin.

    Where about two thirds or more of the results are equal, the iteration runs into s_star = 0:
    that is found beforehand by counting, the median is returned, and ``no_scale`` says so. Raises
    InvalidInput for another word, a negative scale or what is no finite number.

    >>> copper = [2.9, 3.1, 3.4, 3.4, 3.7, 3.7, 2.8, 2.5, 2.4, 2.4, 28.95]
    >>> found = algorithm_a(copper)
    >>> round(found.x_star, 4), round(found.s_star, 4), found.converged
    (3.1292, 0.6612, True)
    >>> round(algorithm_a(copper, edition="iso2022").s_star, 4)
    0.6619
    """
    batch, many = sample_or_batch(x)
    factor = FACTOR[one_of("edition", edition, FACTOR)]
    default = "converged" if edition == "exact" else "third_figure"
    loop = _converged if one_of("stop", stop or default, STOPS) == "converged" else _printed
    if scale is not None:
        held = scales(scale, batch, many)
        name = "algorithm_a_fixed_scale/1"
        return at_fixed_scale(batch, many, held, K * held, algorithm=name, edition=edition)
    x_star, s_star = np.empty(len(batch)), np.empty(len(batch))
    steps, done = np.empty(len(batch), np.int64), np.empty(len(batch), np.bool_)
    in_parts(loop, batch, batch.ordered, factor, x_star, s_star, steps, done)
    return estimate(
        batch, many, x_star, s_star, algorithm="algorithm_a/1", edition=edition, iterations=steps,
        converged=done,
    )  # fmt: skip


@kernel
def _printed(
    starts: Ints, first: int, last: int, x: Floats, factor: float, x_star: Floats, s_star: Floats,
    steps: Ints, done: Flags,
) -> None:  # fmt: skip
    for i in range(first, last):
        part = x[starts[i] : starts[i + 1]]
        median, t, s, steps[i] = middle(part), 0.0, 0.0, 0
        if not _collapses(part, median, factor):
            t, s, steps[i] = third_figure(part, median, _first_scale(part, median), factor, K)
        x_star[i], s_star[i], done[i] = median + t, s, steps[i] < STEPS


@kernel
def _converged(
    starts: Ints, first: int, last: int, x: Floats, factor: float, x_star: Floats, s_star: Floats,
    steps: Ints, done: Flags,
) -> None:  # fmt: skip
    for i in range(first, last):
        part = x[starts[i] : starts[i + 1]]
        median, t, s, steps[i] = middle(part), 0.0, 0.0, 0
        if not _collapses(part, median, factor):
            t, s, steps[i] = _fixed_point(part, median, factor)
        x_star[i], s_star[i], done[i] = median + t, s, steps[i] < WALKS


@kernel
def _first_scale(x: Floats, median: float) -> float:
    """Return where the iteration starts; C.3.1 NOTE 2: from the sd where MADe is 0."""
    scale = MAD_FACTOR * median_deviation(x)
    return scale if scale > 0.0 else mean_and_sd(x, median)[1]


@kernel
def _bracket(p: int, low: int, high: int, factor: float) -> float:
    """Return q, where ``s^2 = C / q`` if the window x[low:high] has the squares C about its mean.

    It comes from writing out the sd of n results as they are and the others at t +- 1.5 s.
    """
    outside, tilt = low + p - high, p - high - low
    return (p - 1) / factor**2 - K**2 * (outside + tilt * tilt / (high - low))


@kernel
def _collapses(x: Floats, median: float, factor: float) -> bool:
    """Whether s = 0 is the fixed point: with all clipped but the results at the median, s shrinks."""
    low, high = window(x, median, 0.0, 0.0)
    return high > low and _bracket(x.size, low, high, factor) >= 0.0


@kernel
def _fixed_point(x: Floats, median: float, factor: float) -> tuple[float, float, int]:
    """Return t (from the median) and s that a step of the algorithm leaves where they are.

    Of a window the fixed point follows in closed form: leap from window to window. A leap that
    lands in its own window is the answer, as there is only one: (t, s) is the minimum of a convex
    function (Huber 1964). Should leaps go round in circles, a step of the algorithm itself, which
    always leads towards the fixed point, is walked from where they began.
    """
    t, s = 0.0, _first_scale(x, median)
    for walk in range(WALKS):
        leapt, scale, leaps = _leap(x, median, t, s, factor)
        if leaps > 0:
            return leapt, scale, walk + leaps
        t, s = clipped_mean_and_sd(x, median, t, K * s)
        s *= factor
    return t, s, WALKS


@kernel
def _leap(x: Floats, median: float, t: float, s: float, factor: float) -> tuple[float, float, int]:
    """Return the fixed point and the number of leaps to it, 0 where they do not arrive."""
    low, high = window(x, median, t, K * s)
    for leap in range(1, LEAPS + 1):
        if high == low:
            break
        q = _bracket(x.size, low, high, factor)
        mean, squares = within(x, low, high)
        if not (q > 0.0 and squares > 0.0):
            break
        before, was = t, s
        s = (squares / q) ** 0.5
        t = mean - median + K * s * (x.size - high - low) / (high - low)
        begin, end = window(x, median, t, K * s)
        moved = abs(t - before) + abs(s - was)
        if (begin == low and end == high) or moved <= SETTLED * s:
            return t, s, leap
        low, high = begin, end
    return t, s, 0
