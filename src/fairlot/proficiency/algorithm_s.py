"""Algorithm S: a pooled standard deviation or range that a few wild laboratories cannot move.

ISO 13528:2022 C.4, as ISO 5725-5.
"""

from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from fairlot._base import check
from fairlot._base.arrays import Floats, Ints
from fairlot._base.errors import InvalidInput
from fairlot._kernels.compile import kernel
from fairlot.proficiency.batch import Batch, in_parts, per_measurand, sample_or_batch
from fairlot.proficiency.words import one_of

__all__ = ["AlgorithmS", "algorithm_s", "limit_and_adjustment"]

EDITIONS = ("exact", "iso2022")
KEPT = 0.9  # share of normal results that stay below the limit


@dataclass(frozen=True, eq=False)
class AlgorithmS:
    """Numbers for a sample, arrays, one entry a measurand, for a batch.

    w_star      robust pooled value of the deviations or ranges given, in their unit
    s_r         repeatability standard deviation: w_star, or w_star / sqrt(2) of ranges
    p           number of laboratories
    iterations  leaps taken
    no_scale    True where w_star is 0.0: too many deviations are 0
    eta, xi     limit factor and adjustment factor
    """

    w_star: Any
    s_r: Any
    p: Any
    iterations: Any
    no_scale: Any
    eta: float
    xi: float
    edition: str
    converged: bool = True
    algorithm: str = "algorithm_s/1"


def algorithm_s(
    w: ArrayLike | Batch, nu: int = 1, *, ranges: bool = False, edition: str = "exact"
) -> AlgorithmS:
    """Return the robust pooled value of within-laboratory deviations or ranges.

    w        a sample (p,) or a :class:`Batch`: one value a laboratory, each >= 0
    nu       degrees of freedom of each: replicates - 1; 1 for the range of two
    ranges   w are ranges of two results instead of standard deviations
    edition  "exact", or "iso2022": the factors to three decimals, as the standard prints them

    The fixed point is exact up to rounding and above 0 wherever there is one, also where more than
    half of the deviations are 0 and the printed iteration, which starts at their median, stays at
    0. Raises InvalidInput for a negative w, ranges with nu > 1 or what is no finite number.

    >>> found = algorithm_s([0.28, 0.49, 0.40, 0.0, 0.35, 1.98, 0.80, 0.32, 0.95], ranges=True)
    >>> round(found.w_star, 4), round(found.s_r, 4)
    (0.6858, 0.4849)
    """
    batch, many = sample_or_batch(w)
    _refuse_negative(batch)
    _refuse_ranges_of_more(nu, ranges)
    eta, xi = limit_and_adjustment(nu, edition)
    w_star, steps = np.empty(len(batch)), np.empty(len(batch), np.int64)
    in_parts(_every, batch, batch.ordered, eta, xi, w_star, steps)
    s_r = w_star / np.sqrt(2.0) if ranges else w_star.copy()
    columns = (w_star, s_r, batch.sizes, steps, w_star == 0.0)
    found, repeatability, p, taken, flat = (per_measurand(column, many) for column in columns)
    return AlgorithmS(found, repeatability, p, taken, flat, eta, xi, edition)


@cache
def limit_and_adjustment(nu: int, edition: str = "exact") -> tuple[float, float]:
    """Return eta and xi for deviations of ``nu`` degrees of freedom.

    >>> limit_and_adjustment(1, "iso2022")
    (1.645, 1.097)
    """
    from scipy.stats import chi2

    check.at_least("nu", nu, 1)
    one_of("edition", edition, EDITIONS)
    limit = float(chi2.ppf(KEPT, nu))
    eta = (limit / nu) ** 0.5
    xi = float(chi2.cdf(limit, nu + 2) + (1 - KEPT) * limit / nu) ** -0.5
    return (eta, xi) if edition == "exact" else (round(eta, 3), round(xi, 3))


def _refuse_negative(batch: Batch) -> None:
    if batch.values.min() < 0:
        i = int(batch.values.argmin())
        raise InvalidInput(
            "w[{i}] is {got}; want a standard deviation or range of at least 0",
            zh="w[{i}] 为 {got}，标准差或极差应不小于 0",
            i=i,
            got=float(batch.values[i]),
        )


def _refuse_ranges_of_more(nu: int, ranges: bool) -> None:
    if ranges and nu != 1:
        raise InvalidInput(
            "ranges with nu = {nu}; want ranges of two results, nu = 1",
            zh="极差的自由度为 {nu}，应为两次结果的极差（自由度 1）",
            nu=nu,
        )


@kernel
def _every(
    starts: Ints, first: int, last: int, w: Floats, eta: float, xi: float, w_star: Floats,
    steps: Ints,
) -> None:  # fmt: skip
    for i in range(first, last):
        w_star[i], steps[i] = _fixed_point(w[starts[i] : starts[i + 1]], eta, xi)


@kernel
def _fixed_point(w: Floats, eta: float, xi: float) -> tuple[float, int]:
    """Return the largest solution of ``w*^2 = xi^2 mean(min(w, eta w*)^2)``, and the leaps to it.

    The right side is concave in w*^2 and straight while the same results are cut: leaps from line
    to line, begun with nothing cut, come down to the solution and never pass it.
    """
    squares = 0.0
    for value in w:
        squares += value * value
    kept, cut, leaps = w.size, 0.0, 0
    found = xi * (squares / w.size) ** 0.5
    while kept > 0 and w[kept - 1] > eta * found:
        while kept > 0 and w[kept - 1] > eta * found:
            kept -= 1
        squares = 0.0
        for i in range(kept):
            squares += w[i] * w[i]
        cut = (xi * eta) ** 2 * (w.size - kept)
        if squares == 0.0 or cut >= w.size:
            return 0.0, leaps
        leaps += 1
        found = xi * (squares / (w.size - cut)) ** 0.5
    return found, leaps
