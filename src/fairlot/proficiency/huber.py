"""Huber's location with the scale held: results far out are brought to a fixed distance.

Huber (1964), Robust estimation of a location parameter, Annals of Mathematical Statistics 35(1),
doi:10.1214/aoms/1177703732. With k = 1.5 this is the fixed-scale form of Algorithm A.
"""

import numpy as np
from numpy.typing import ArrayLike

from fairlot._base import check
from fairlot._base.arrays import Flags, Floats, Ints
from fairlot._base.errors import InvalidInput
from fairlot._kernels.compile import kernel
from fairlot.proficiency.batch import Batch, in_parts, sample_or_batch
from fairlot.proficiency.clipping import window, within
from fairlot.proficiency.estimate import Estimate, estimate
from fairlot.proficiency.mad_e import mad_e
from fairlot.proficiency.ordered import middle

__all__ = ["at_fixed_scale", "huber"]

STEPS = 200
"""More than halving needs to part two neighbouring floats; leaps need a few."""


def huber(x: ArrayLike | Batch, *, k: float = 1.5, scale: ArrayLike | None = None) -> Estimate:
    """Return the location t with ``sum psi((x - t) / s) = 0``, psi(z) = z within +-k, else +-k.

    x      a sample (p,) or a :class:`Batch`
    k      where clipping begins, in scales, > 0
    scale  s, >= 0, in the unit of x: a number, or one a measurand; MADe if not given

    The solution is exact up to rounding. Where s = 0 the median is returned and ``no_scale`` says
    so. Raises InvalidInput for another k or scale or what is no finite number.

    >>> round(huber([2.0, 3.0, 4.0, 5.0, 60.0]).x_star, 4)
    4.056
    """
    batch, many = sample_or_batch(x)
    s_star = mad_e(batch).s_star if scale is None else scales(scale, batch, many)
    reach = _positive(k) * s_star
    return at_fixed_scale(batch, many, s_star, reach, algorithm="huber/1")


def scales(scale: ArrayLike, batch: Batch, many: bool) -> Floats:
    """Return one scale a measurand, each at least 0."""
    given = check.numbers("scale", np.atleast_1d(scale) if not many else scale, units=len(batch))
    if given.min() < 0:
        i = int(given.argmin())
        raise InvalidInput(
            "scale[{i}] is {got}; want a number of at least 0",
            zh="scale[{i}] 为 {got}，应不小于 0",
            i=i,
            got=float(given[i]),
        )
    return given


def _positive(k: float) -> float:
    given = float(check.numbers("k", [k])[0])
    if given <= 0:
        raise InvalidInput(
            "k is {got}; want a number above 0", zh="k 为 {got}，应大于 0", got=given
        )
    return given


def at_fixed_scale(
    batch: Batch,
    many: bool,
    s_star: Floats,
    reach: Floats,
    *,
    algorithm: str,
    edition: str = "exact",
) -> Estimate:
    """Return the location of every measurand that results further than ``reach`` pull no harder."""
    x_star, steps = np.empty(len(batch)), np.empty(len(batch), np.int64)
    done = np.empty(len(batch), np.bool_)
    in_parts(_every, batch, batch.ordered, reach, x_star, steps, done)
    return estimate(
        batch, many, x_star, s_star, algorithm=algorithm, edition=edition, iterations=steps,
        converged=done,
    )  # fmt: skip


@kernel
def _every(
    starts: Ints, first: int, last: int, x: Floats, reach: Floats, x_star: Floats, steps: Ints,
    done: Flags,
) -> None:  # fmt: skip
    for i in range(first, last):
        x_star[i], steps[i], done[i] = _balance(x[starts[i] : starts[i + 1]], reach[i])


@kernel
def _balance(x: Floats, reach: float) -> tuple[float, int, bool]:
    """Return the point where the pulls of the results add up to 0, and the steps to it.

    The sum of pulls falls in t and changes its sign within ``reach`` of the median. It is a
    straight line as long as the window stays: leap to its zero, which is the answer if the window
    there is the same; else halve what is left.
    """
    median = middle(x)
    low, high, t = -reach, reach, 0.0
    for step in range(STEPS):
        begin, end = window(x, median, t, reach)
        pull = (x.size - end - begin) * reach
        if end > begin:
            mean, _ = within(x, begin, end)
            leap = mean - median + pull / (end - begin)
            if window(x, median, leap, reach) == (begin, end):
                return median + leap, step, True
            pull = leap - t
        if pull == 0.0:
            return median + t, step, True
        low, high = (t, high) if pull > 0.0 else (low, t)
        t = leap if end > begin and low < leap < high else 0.5 * (low + high)
        if not low < t < high:
            return median + t, step, True
    return median + t, STEPS, False
