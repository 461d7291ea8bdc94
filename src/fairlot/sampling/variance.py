"""Variances from the drawn units' values and probabilities alone.

Each function takes ``y`` and ``pi`` of the drawn units and estimates the variance of
``sum(y / pi)`` over all samples. Most are ``sum_i c_i (y_i / pi_i - centre)^2`` about the centre
``sum_i a_i y_i / pi_i``, and differ in c and a only. The last three count units of probability 1
like all others: leave such units out, as ``total`` does, unless R's survey is to be matched.

Tillé (2006), Sampling Algorithms, chapter 7, doi:10.1007/0-387-34240-0, compares most of them.
"""

from collections.abc import Callable

import numpy as np

from fairlot._base.arrays import Floats
from fairlot._base.errors import InvalidInput

__all__ = [
    "SCATTERS",
    "brewer",
    "conservative",
    "deville",
    "hajek_rosen",
    "hansen_hurwitz",
    "overton",
    "two_units",
]


def conservative(y: Floats, pi: Floats) -> float:
    """Return ``sum (1 - pi) y^2 / pi^2``, which exists from one drawn unit on.

    Unbiased when units are drawn independently (Poisson, Bernoulli). Where no two units are drawn
    together more often than independent ones and no ``y`` is negative, it is at least as large as
    the variance on average, and for a fixed size mostly much larger.

    >>> conservative(np.array([3.0]), np.array([0.5]))
    18.0
    """
    return _scatter(y, pi, *_about_zero(pi))


def deville(y: Floats, pi: Floats) -> float:
    """Return Deville's estimator: spread of ``y / pi`` about its mean, both weighted by ``1 - pi``.

    For designs of fixed size near the largest entropy (conditional Poisson, Sampford, Brewer...).
    For equal probabilities it is the textbook ``N^2 (1 - n / N) s^2 / n``, which is unbiased.
    Never negative.

    Deville (1999), Variance estimation for complex statistics and estimators: linearization and
    residual techniques, Survey Methodology 25(2), 193-203; Tillé (2006), 7.5.

    >>> deville(np.array([1.0, 3.0]), np.array([0.5, 0.5]))
    8.0
    """
    return _scatter(y, pi, *_deville(pi))


def hajek_rosen(y: Floats, pi: Floats) -> float:
    """Return the estimator made for order sampling (Pareto, successive, sequential Poisson).

    As Deville's, with the factor ``n / (n - 1)``, n the drawn units of ``pi < 1``. Never negative.

    Rosén (1997), Journal of Statistical Planning and Inference 62, 159-191,
    doi:10.1016/S0378-3758(96)00186-3.

    >>> hajek_rosen(np.array([1.0, 3.0]), np.array([0.5, 0.5]))
    8.0
    """
    return _scatter(y, pi, *_hajek_rosen(pi))


def hansen_hurwitz(y: Floats, pi: Floats) -> float:
    """Return ``n / (n - 1) sum (y / pi - mean)^2``: as if drawn n times with replacement.

    Its expectation exceeds the variance after any design of fixed size by ``n / (n - 1)`` times
    what the design gains over drawing with replacement, so it is at least the variance after every
    design that is no worse. Never negative.

    Durbin (1953), Some results in sampling theory when the units are selected with unequal
    probabilities, Journal of the Royal Statistical Society B 15(2), 262-269; Hansen, Hurwitz (1943), Annals of Mathematical Statistics 14, 333-362,
    doi:10.1214/aoms/1177731356.

    >>> hansen_hurwitz(np.array([1.0, 3.0]), np.array([0.5, 0.5]))
    16.0
    """
    return _scatter(y, pi, *_hansen_hurwitz(pi))


def brewer(y: Floats, pi: Floats) -> float:
    """Return ``n / (n - 1) sum (1 - pi) (y / pi - mean)^2`` with the plain mean of ``y / pi``.

    The ``brewer`` of R's survey. Never negative.

    Brewer (2002), Combined Survey Sampling Inference: Weighing Basu's Elephants, Arnold, London.

    >>> brewer(np.array([1.0, 3.0]), np.array([0.5, 0.5]))
    8.0
    """
    spread, share = _hansen_hurwitz(pi)
    return _scatter(y, pi, (1 - pi) * spread, share)


def overton(y: Floats, pi: Floats) -> float:
    """Return the Horvitz-Thompson estimator with Overton's joint probabilities; may be negative.

    They are ``pi_ij = 2 (n - 1) pi_i pi_j / (2 n - pi_i - pi_j)``; the double sum has a closed form.

    Stehman, Overton (1994), Comparison of variance estimators of the Horvitz-Thompson estimator for
    randomized variable probability systematic sampling, Journal of the American Statistical
    Association 89(425), 30-43.

    >>> overton(np.array([1.0, 3.0]), np.array([0.5, 0.5]))
    8.0
    """
    two_units(y.size)
    expanded = y / pi
    total = float(np.sum(expanded))
    crossed = total * (total - float(np.sum(y)))
    return (y.size * conservative(y, pi) - crossed) / (y.size - 1)


def _scatter(y: Floats, pi: Floats, spread: Floats, share: Floats) -> float:
    expanded = y / pi
    return float(np.sum(spread * (expanded - np.sum(share * expanded)) ** 2))


def _about_zero(pi: Floats) -> tuple[Floats, Floats]:
    return 1 - pi, np.zeros_like(pi)


def _deville(pi: Floats) -> tuple[Floats, Floats]:
    two_units(int(np.count_nonzero(pi < 1)))
    share = (1 - pi) / np.sum(1 - pi)
    return (1 - pi) / (1 - np.sum(share**2)), share


def _hajek_rosen(pi: Floats) -> tuple[Floats, Floats]:
    n = int(np.count_nonzero(pi < 1))
    two_units(n)
    return (1 - pi) * n / (n - 1), (1 - pi) / np.sum(1 - pi)


def _hansen_hurwitz(pi: Floats) -> tuple[Floats, Floats]:
    two_units(pi.size)
    return np.full(pi.size, pi.size / (pi.size - 1)), np.full(pi.size, 1 / pi.size)


SCATTERS: dict[str, Callable[[Floats], tuple[Floats, Floats]]] = {
    "conservative": _about_zero,
    "deville": _deville,
    "hajek_rosen": _hajek_rosen,
    "hansen_hurwitz": _hansen_hurwitz,
}
"""(c, a) of the estimators that a bootstrap can reproduce."""


def two_units(units: int) -> None:
    """Refuse to tell from fewer than two units how much units differ."""
    if units < 2:
        raise InvalidInput(
            "{got} drawn unit that chance decided: how much units differ cannot be estimated from "
            "fewer than {want}; variance='conservative' exists for one unit, variance=None gives "
            "the value alone, and collapse(strata, sample) joins strata",
            zh="由随机决定的被抽单位只有 {got} 个，少于 {want} 个无法估计单位之间的差异；"
            "variance='conservative' 一个单位即可，variance=None 只给出估计值，"
            "collapse(strata, sample) 可合并各层",
            got=units,
            want=2,
        )
