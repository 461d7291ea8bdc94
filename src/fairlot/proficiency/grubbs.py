"""Grubbs' tests: whether the result farthest from the mean, or the two at one end, belong there."""

from collections.abc import Callable
from dataclasses import dataclass
from math import sqrt
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from fairlot._base import check
from fairlot._base.arrays import Floats, Ints
from fairlot._base.errors import InvalidInput
from fairlot._kernels.compile import kernel, piece
from fairlot.proficiency.batch import Batch, in_parts, per_measurand, sample_or_batch
from fairlot.proficiency.grubbs_pair import grubbs_pair_critical
from fairlot.proficiency.significance import OUTLIER, STRAGGLER, level_of, marks

__all__ = ["ROUNDING", "Grubbs", "critical_by_size", "grubbs", "grubbs_critical", "long_enough"]

ROUNDING = 8 * 2.0**-53
"""Means of equal results differ by so small a share of themselves."""


@dataclass(frozen=True, eq=False)
class Grubbs:
    """The tests for one and for two outlying results; numbers for a sample, arrays for a batch.

    g                          ``max abs(x - mean) / s``; NaN when all are equal
    suspect                    place of that result in the sample; -1 when all are equal
    high                       whether it is the largest
    critical_5, critical_1     two-sided critical values of g
    p_value                    two-sided, by Bonferroni: exact for an outlier
    verdict                    "outlier" above critical_1, "straggler" above critical_5, or "none"
    u_high, u_low              sum of squares without the two largest (smallest) over that of all;
                               NaN for 3 results or when all are equal
    u_critical_5, _1           critical values: below them the two are outlying
    pair_high                  whether the two largest are more outlying than the two smallest
    pair_verdict               for those two; the test counts when one alone is no outlier
    no_scale                   all are equal
    """

    g: Any
    suspect: Any
    high: Any
    critical_5: Any
    critical_1: Any
    p_value: Any
    verdict: Any
    u_high: Any
    u_low: Any
    u_critical_5: Any
    u_critical_1: Any
    pair_high: Any
    pair_verdict: Any
    no_scale: Any
    algorithm: str = "grubbs/1"


def grubbs(x: ArrayLike | Batch) -> Grubbs:
    """Test the result farthest from the mean, and the two farthest at either end.

    x  a sample of p >= 3 results or a :class:`Batch`; for laboratories with replicates their means

    Of a smallest and a largest result equally far the largest is the suspect. Raises InvalidInput
    for fewer than 3 results.

    ISO 5725-2:2019 7.3.4. Grubbs, Beck (1972), Extension of sample sizes and percentage points for
    significance tests of outlying observations, Technometrics 14(4),
    doi:10.1080/00401706.1972.10488981.

    >>> found = grubbs([4.5, 4.9, 5.6, 4.2, 6.2, 5.2, 9.9])
    >>> found.suspect, round(found.g, 3), found.verdict
    (6, 2.128, 'straggler')
    """
    batch, many = sample_or_batch(x)
    long_enough(batch, 3)
    g, u_high, u_low = (np.empty(len(batch)) for _ in range(3))
    suspect, high = np.empty(len(batch), np.int64), np.empty(len(batch), np.bool_)
    in_parts(_every, batch, batch.values, batch.ordered, g, suspect, high, u_high, u_low)
    at_5, at_1 = (critical_by_size(grubbs_critical, batch, a) for a in (STRAGGLER, OUTLIER))
    pair_5, pair_1 = (critical_by_size(_pair_or_nan, batch, a) for a in (STRAGGLER, OUTLIER))
    columns: tuple[NDArray[Any], ...] = (
        g,
        suspect,
        high,
        at_5,
        at_1,
        _p_value(g, batch.sizes),
        marks(g, at_5, at_1),
        u_high,
        u_low,
        pair_5,
        pair_1,
        u_high <= u_low,
        marks(-np.minimum(u_high, u_low), -pair_5, -pair_1),
        np.isnan(g),
    )
    return Grubbs(*(per_measurand(column, many) for column in columns))


def grubbs_critical(p: int, alpha: float = STRAGGLER, *, two_sided: bool = True) -> float:
    """Return the critical value of g for p results.

    ``(p - 1) / sqrt(p) sqrt(t^2 / (p - 2 + t^2))``, t at ``1 - alpha / (2 p)`` with p - 2 degrees
    of freedom, as ISO 5725-2 tabulates it; at ``1 - alpha / p`` when only one end is looked at.

    >>> round(grubbs_critical(7), 3), round(grubbs_critical(7, two_sided=False), 3)
    (2.02, 1.938)
    """
    from scipy import stats

    p = check.at_least("p", p, 3)
    tail = level_of(alpha) / p / (2 if two_sided else 1)
    t = float(stats.t.isf(tail, p - 2))
    return (p - 1) / sqrt(p) * sqrt(t * t / (p - 2 + t * t))


def long_enough(batch: Batch, least: int) -> None:
    """Refuse a measurand of too few results for a test."""
    if batch.sizes.min() < least:
        k = int(np.argmin(batch.sizes))
        raise InvalidInput(
            "{label} has {got} results; want at least {least}",
            zh="{label} 只有 {got} 个结果，至少应有 {least} 个",
            label=batch.labels[k],
            got=int(batch.sizes[k]),
            least=least,
        )


def critical_by_size(critical: Callable[[int, float], float], batch: Batch, alpha: float) -> Floats:
    """Return the critical value for each measurand; there are few different sizes."""
    sizes, places = np.unique(batch.sizes, return_inverse=True)
    return np.array([critical(size, alpha) for size in sizes.tolist()])[places]


def _pair_or_nan(p: int, alpha: float) -> float:
    return grubbs_pair_critical(p, alpha) if p > 3 else float("nan")


def _p_value(g: Floats, p: Ints) -> Floats:
    from scipy import stats

    left = np.maximum((p - 1) ** 2 - p * g * g, 0.0)
    with np.errstate(divide="ignore"):
        t = np.sqrt(p * (p - 2) * g * g / left)
    found: Floats = np.minimum(2 * p * stats.t.sf(t, p - 2), 1.0)
    return found


@kernel
def _every(
    starts: Ints,
    first: int,
    last: int,
    values: Floats,
    ordered: Floats,
    g: Floats,
    suspect: Ints,
    high: NDArray[np.bool_],
    u_high: Floats,
    u_low: Floats,
) -> None:
    for i in range(first, last):
        x = ordered[starts[i] : starts[i + 1]]
        p = x.size
        mean, squares = _mean_and_squares(x)
        above, below = x[p - 1] - mean, mean - x[0]
        high[i] = above >= below
        g[i], suspect[i], u_high[i], u_low[i] = np.nan, -1, np.nan, np.nan
        if x[p - 1] - x[0] <= ROUNDING * max(abs(x[0]), abs(x[p - 1])):
            continue
        g[i] = max(above, below) / np.sqrt(squares / (p - 1))
        farthest = x[p - 1] if high[i] else x[0]
        suspect[i] = np.argmax(values[starts[i] : starts[i + 1]] == farthest)
        if p > 3:
            u_high[i] = _mean_and_squares(x[: p - 2])[1] / squares
            u_low[i] = _mean_and_squares(x[2:])[1] / squares


@piece
def _mean_and_squares(x: Floats) -> tuple[float, float]:
    """Return the mean and the sum of squares about it; from x[0] on, so that an offset costs nothing."""
    away = 0.0
    for value in x:
        away += value - x[0]
    away /= x.size
    squares = 0.0
    for value in x:
        squares += (value - x[0] - away) ** 2
    return x[0] + away, squares
