"""Mandel's h and k: how far each laboratory lies from the others, and how widely it scatters."""

from dataclasses import dataclass
from math import sqrt
from typing import Any

import numpy as np

from fairlot._base import check
from fairlot._base.arrays import Floats, sealed
from fairlot.proficiency.cells import Cells, as_cells, means, usual_size, variances
from fairlot.proficiency.grubbs import ROUNDING
from fairlot.proficiency.significance import OUTLIER, STRAGGLER, level_of

__all__ = ["Mandel", "mandel", "mandel_h_critical", "mandel_k_critical"]


@dataclass(frozen=True, eq=False)
class Mandel:
    """Both statistics of each laboratory, with their indicator lines.

    labels                  the laboratories
    h                       ``(mean_i - mean) / sd(means)``
    k                       ``s_i / sqrt(mean s^2)``; NaN for a laboratory of one result
    h_critical_5, _1        two-sided lines for ``abs(h)`` at 5 % and 1 %
    k_critical_5, _1        lines for k; NaN without replicates
    no_scale                all means are equal and h says nothing, being NaN
    no_spread               no laboratory scatters and k says nothing, being NaN
    """

    labels: tuple[Any, ...]
    h: Floats
    k: Floats
    h_critical_5: float
    h_critical_1: float
    k_critical_5: float
    k_critical_1: float
    no_scale: bool
    no_spread: bool
    algorithm: str = "mandel/1"


def mandel(results: Cells) -> Mandel:
    """Return h and k of three or more laboratories, for one measurand or level.

    results  by laboratory, one result or more each, with the same true value

    Replicates should be as many everywhere; where they are not, the lines are those of the usual
    number. Raises InvalidInput when there are fewer than three laboratories.

    ISO 5725-2:2019 7.3.2.

    >>> found = mandel({"A": [1.0, 1.2], "B": [1.1, 1.2], "C": [2.0, 2.1]})
    >>> found.h.round(2), found.k.round(2)
    (array([-0.62, -0.53,  1.15]), array([1.41, 0.71, 0.71]))
    """
    batch = as_cells(results, 3)
    averages, squares = means(batch), variances(batch)
    centred = averages - averages.mean()
    spread = sqrt(float(centred @ centred) / (len(batch) - 1))
    if spread <= ROUNDING * float(np.abs(averages).max()):
        spread = 0.0
    replicated = ~np.isnan(squares)
    within = sqrt(float(squares[replicated].mean())) if replicated.any() else 0.0
    p, n = int(replicated.sum()), usual_size(batch.sizes)
    return Mandel(
        batch.labels,
        sealed(_over(centred, spread)),
        sealed(_over(np.sqrt(squares), within)),
        mandel_h_critical(len(batch), STRAGGLER),
        mandel_h_critical(len(batch), OUTLIER),
        _k_or_nan(p, n, STRAGGLER),
        _k_or_nan(p, n, OUTLIER),
        spread == 0,
        within == 0,
    )


def mandel_h_critical(p: int, alpha: float = STRAGGLER) -> float:
    """Return the line that ``abs(h)`` of one of p laboratories crosses with chance alpha.

    >>> round(mandel_h_critical(5), 2)
    1.57
    """
    from scipy import stats

    p = check.at_least("p", p, 3)
    t = float(stats.t.isf(level_of(alpha) / 2, p - 2))
    return (p - 1) * t / sqrt(p * (t * t + p - 2))


def mandel_k_critical(p: int, n: int, alpha: float = STRAGGLER) -> float:
    """Return the line that k of one of p laboratories with n replicates crosses with chance alpha.

    >>> round(mandel_k_critical(5, 2), 2)
    1.81
    """
    from scipy import stats

    p, n = check.at_least("p", p, 2), check.at_least("n", n, 2)
    f = float(stats.f.ppf(level_of(alpha), (p - 1) * (n - 1), n - 1))
    return sqrt(p / (1 + (p - 1) * f))


def _k_or_nan(p: int, n: int, alpha: float) -> float:
    return mandel_k_critical(p, n, alpha) if p > 1 and n > 1 else float("nan")


def _over(numbers: Floats, scale: float) -> Floats:
    return numbers / scale if scale > 0 else np.full(numbers.size, np.nan)
