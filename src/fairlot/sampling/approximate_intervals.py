"""Approximate intervals for the number of violators, after any design that has a variance.

They take the sample for a simple one of as many units as would give the same variance. How often
they cover in fact stands in ``benchmarks/results/coverage.md``; where it is proven how often, see
:mod:`~fairlot.sampling.intervals`.
"""

from collections.abc import Callable
from math import sqrt

import numpy as np
from numpy.typing import ArrayLike

from fairlot._base.arrays import Flags
from fairlot._base.errors import Infeasible, InvalidInput
from fairlot.sampling.codes import Labels
from fairlot.sampling.design_variance import BY_DESIGN
from fairlot.sampling.estimate import LEAST, LEVEL, Estimate, covered_by
from fairlot.sampling.intervals import Interval, level_between, zeros_and_ones
from fairlot.sampling.pair_variance import Variance
from fairlot.sampling.sample import Sample, inside
from fairlot.sampling.stratified_variance import drawn_by_stratum
from fairlot.sampling.totals import mean

__all__ = ["approximate_interval"]


def approximate_interval(
    found: ArrayLike,
    sample: Sample,
    *,
    method: str = "korn_graubard",
    level: float = LEVEL,
    variance: str | Variance = BY_DESIGN,
    strata: Labels | None = None,
) -> Interval:
    """Return an interval for the number of violators that covers it about ``level`` of the time.

    found     (n,) 1 for each drawn unit that violates, 0 for the others, in order of
              ``sample.index``
    method    "korn_graubard": Clopper and Pearson's for the effective number of units, at most n
              of them, made longer for the strata that cost degrees of freedom; or "wilson":
              Wilson's for the effective number, shorter and less safe
    variance  as in :func:`~fairlot.sampling.mean`, like ``strata``

    The share is estimated among units with 0 < pi < 1 by Hajek's mean p, and the effective number
    is ``p (1 - p) / variance``; where all are alike, it is Kish's ``(sum w)^2 / sum w^2``. Never
    outside what was seen: drawn violators at least, no drawn unit that is none.

    Raises Infeasible when chance decides on units that are worth less than 30 drawn with equal pi,
    ``N^2 / sum(1 / pi)`` over the N of them; InvalidInput. Korn and Graubard's was seen to cover .95
    to 1 of the time on the rosters, but .75 where pi differed a hundredfold, the units were worth
    48 and the violators were those hardest to draw. Only exact intervals are safe from that.

    Korn, Graubard (1998), Confidence intervals for proportions with small expected number of
    positive counts estimated from survey data, Survey Methodology 24(2), 193-201. Wilson (1927),
    Journal of the American Statistical Association 22, 209-212,
    doi:10.1080/01621459.1927.10502953.

    >>> sample = Sample(np.arange(0, 200, 4), np.full(200, 0.25), "systematic/1")
    >>> interval = approximate_interval([1] * 5 + [0] * 45, sample)
    >>> round(interval.low, 2), round(interval.high, 2), interval.exact
    (6.56, 43.94, False)
    """
    flags = zeros_and_ones("found", found, len(sample))
    ends = _method(method)
    alpha = 1 - level_between(level)
    decided = sample.pi[sample.index] < 1
    known, seen = int(np.count_nonzero(flags & ~decided)), int(np.count_nonzero(flags & decided))
    units = inside(sample.pi).size
    low, high = float(known), float(known)
    if units:
        _refuse_few(units**2 / float(np.sum(1 / sample.pi[inside(sample.pi)])))
        p = mean(flags, sample, domain=decided, variance=variance, strata=strata)
        lost = len(list(drawn_by_stratum(sample.index[decided], strata, sample.pi.size)))
        share = ends(p.value, _effective(p, sample, decided), p.n, lost, alpha)
        low = known + max(seen, units * share[0])
        high = known + min(units - (p.n - seen), units * share[1])
    n, covered = len(sample), covered_by(sample)
    return Interval(low, high, level, False, method, known + seen, n, sample.design, covered)


def _effective(p: Estimate, sample: Sample, decided: Flags) -> float:
    """Return how many units of a simple sample, drawn with replacement, are as good."""
    if p.variance > 0:
        return p.value * (1 - p.value) / p.variance
    weights = sample.weights[decided]
    return float(weights.sum() ** 2 / (weights @ weights))


def _korn_graubard(
    p: float, effective: float, n: int, strata: int, alpha: float
) -> tuple[float, float]:
    from scipy.special import betaincinv, stdtrit

    one, own = stdtrit([n - 1, max(n - strata, 1)], 1 - alpha / 2)
    size = min(effective * (one / own) ** 2, n)
    x = p * size
    low = betaincinv(x, size - x + 1, alpha / 2) if x > 0 else 0.0
    high = betaincinv(x + 1, size - x, 1 - alpha / 2) if x < size else 1.0
    return float(low), float(high)


def _wilson(p: float, effective: float, n: int, strata: int, alpha: float) -> tuple[float, float]:
    from scipy.special import ndtri

    z = -float(ndtri(alpha / 2))
    middle = (p + z * z / (2 * effective)) / (1 + z * z / effective)
    half = z * sqrt(p * (1 - p) / effective + (z / (2 * effective)) ** 2) / (1 + z * z / effective)
    return middle - half, middle + half


METHODS = {"korn_graubard": _korn_graubard, "wilson": _wilson}


def _method(name: str) -> Callable[[float, float, int, int, float], tuple[float, float]]:
    if name not in METHODS:
        raise InvalidInput(
            "method is {got!r}; want one of {want}",
            zh="方法为 {got!r}，应为 {want} 之一",
            got=name,
            want=", ".join(METHODS),
        )
    return METHODS[name]


def _refuse_few(units: float) -> None:
    """Refuse too few, and too unequal: one unit of a great weight may be left out most of the time."""
    if units < LEAST:
        raise Infeasible(
            "chance decides on units worth {got:.1f} equal ones; an approximate interval needs {want}; "
            "exact_interval has no such limit",
            zh="由随机决定的单位仅相当于 {got:.1f} 个等概率单位，近似区间至少需要 {want} 个；"
            "exact_interval 不受此限",
            got=units,
            want=LEAST,
        )
