"""Totals, means and ratios from a sample, each with its standard error.

An estimator is its value and one column: by how much the value moves with each drawn unit. Its
variance is that of the Horvitz-Thompson total of this column, whatever the estimator.

Särndal, Swensson, Wretman (1992), Model Assisted Survey Sampling, chapters 5 and 6,
doi:10.1007/978-1-4612-4378-6.
"""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike

from fairlot._base import check
from fairlot._base.arrays import Flags, Floats
from fairlot._base.errors import InvalidInput
from fairlot.sampling.calibration import Calibrated
from fairlot.sampling.codes import Labels
from fairlot.sampling.design_variance import BY_DESIGN, variance_for
from fairlot.sampling.drawn_size import refuse_other_size
from fairlot.sampling.estimate import LEVEL, Estimate, covered_by, interval
from fairlot.sampling.intervals import level_between
from fairlot.sampling.pair_variance import Variance
from fairlot.sampling.sample import Sample
from fairlot.sampling.stratified_variance import drawn_by_stratum

__all__ = ["difference", "mean", "ratio", "total"]

CENSUS = "census"


def total(
    y: ArrayLike,
    sample: Sample,
    *,
    weights: Calibrated | None = None,
    domain: ArrayLike | None = None,
    variance: str | Variance | None = BY_DESIGN,
    strata: Labels | None = None,
    level: float = LEVEL,
) -> Estimate:
    """Return the estimated total of ``y`` over the units with pi > 0: ``sum(y / pi)``.

    y         (n,) outcomes of the drawn units, in the order of ``sample.index``
    weights   calibrated weights in place of ``1 / pi``: the regression estimator and its kin
    domain    (n,) flags of the drawn units, or 0 and 1: the total over these units only
    variance  by default what suits the design, said in ``Estimate.method``; or a name, as
              "deville", "hajek_rosen", "hansen_hurwitz", "sen_yates_grundy", "conservative"; or a
              function, as ``local_mean_variance(x)``; or None
    strata    (N,) labels of all units, when they were drawn stratum by stratum: the variance is
              estimated in each and added up
    level     of the interval

    Unbiased (Horvitz-Thompson), nearly so with calibrated weights. Units with pi = 1 add nothing to
    the standard error; when chance decides no unit of the frame it is 0. Raises InvalidInput with
    index, got and wanted; from one unit it says what can be estimated. O(N + n), but O(n^2) time
    with joint probabilities (20,000 drawn units: a minute or two).

    Horvitz, Thompson (1952), Journal of the American Statistical Association 47, 663-685,
    doi:10.1080/01621459.1952.10483446.

    >>> sample = Sample(np.array([0, 2, 3]), np.full(6, 0.5), "srs/1")
    >>> estimate = total([1, 2, 6], sample)
    >>> estimate.value, round(estimate.se, 9), estimate.method
    (18.0, 6.480740698, 'deville')
    >>> total([1, 2, 6], sample, domain=[True, True, False], variance=None).value
    6.0
    """
    drawn = _Drawn.of(sample, weights, domain, strata)
    outcome = drawn.column("y", y)
    value = float(drawn.weights @ outcome)
    return drawn.estimate(value, outcome, outcome, variance, strata, level)


def mean(
    y: ArrayLike,
    sample: Sample,
    *,
    weights: Calibrated | None = None,
    domain: ArrayLike | None = None,
    variance: str | Variance | None = BY_DESIGN,
    strata: Labels | None = None,
    level: float = LEVEL,
) -> Estimate:
    """Return the estimated mean of ``y``: ``sum(y / pi) / sum(1 / pi)``, Hajek's.

    Arguments as in :func:`total`; with ``domain`` it is the mean over the domain. Its size need not
    be known, and a constant ``y`` gives itself. Bias of order 1 / n; the variance is that of the
    residuals ``(y - mean) / sum(1 / pi)``. ``mean(...).times(N)`` is Hajek's total.

    Hajek (1971), in Godambe, Sprott (eds.), Foundations of Statistical Inference, page 236;
    Särndal, Swensson, Wretman (1992), 5.7.

    >>> sample = Sample(np.array([0, 2, 3]), np.full(6, 0.5), "srs/1")
    >>> estimate = mean([1, 2, 6], sample)
    >>> estimate.value, round(estimate.se, 9)
    (3.0, 1.08012345)
    """
    drawn = _Drawn.of(sample, weights, domain, strata)
    outcome, ones = drawn.column("y", y), drawn.column("ones", np.ones(len(sample)))
    value, influence = drawn.quotient(outcome, ones, "the domain's size")
    return drawn.estimate(value, influence, outcome, variance, strata, level)


def ratio(
    y: ArrayLike,
    z: ArrayLike,
    sample: Sample,
    *,
    weights: Calibrated | None = None,
    domain: ArrayLike | None = None,
    variance: str | Variance | None = BY_DESIGN,
    strata: Labels | None = None,
    level: float = LEVEL,
) -> Estimate:
    """Return the estimated ratio of the totals of ``y`` and ``z``.

    z  (n,) of the drawn units; other arguments as in :func:`total`

    Bias of order 1 / n; the variance is that of the residuals ``(y - ratio z) / sum(z / pi)``. With
    the total Z of ``z`` known, ``ratio(...).times(Z)`` is the ratio estimator of the total.

    Särndal, Swensson, Wretman (1992), 5.6.

    >>> sample = Sample(np.array([0, 2, 3]), np.full(6, 0.5), "srs/1")
    >>> estimate = ratio([1, 2, 6], [1, 1, 1], sample).times(6)
    >>> estimate.value, round(estimate.se, 9)
    (18.0, 6.480740698)
    """
    drawn = _Drawn.of(sample, weights, domain, strata)
    top, bottom = drawn.column("y", y), drawn.column("z", z)
    value, influence = drawn.quotient(top, bottom, "the total of z")
    return drawn.estimate(value, influence, influence, variance, strata, level)


def difference(
    y: ArrayLike,
    prediction: ArrayLike,
    sample: Sample,
    *,
    domain: ArrayLike | None = None,
    variance: str | Variance | None = BY_DESIGN,
    strata: Labels | None = None,
    level: float = LEVEL,
) -> Estimate:
    """Return the estimated total: all predictions, corrected by the errors seen in the sample.

    y           (n,) outcomes of the drawn units, in the order of ``sample.index``
    prediction  (N,) a model's predictions for all units
    domain      (N,) flags of *all* units, as predictions are summed over them: the total over these
                units only

    ``sum(prediction) + sum((y - prediction) / pi)``, which is AIPW with known pi. Unbiased over the
    units with pi > 0 however bad the model, provided that it was fitted without these outcomes; the
    better the model, the smaller the variance, which is that of the errors. For units with pi = 0
    the value is the model's alone, and neither bias nor standard error know of it: see
    ``Estimate.covered``. ``difference(...).times(1 / N)`` is the mean.

    Särndal, Swensson, Wretman (1992), 6.3; Robins, Rotnitzky, Zhao (1994), Journal of the American
    Statistical Association 89, 846-866, doi:10.1080/01621459.1994.10476818.

    >>> sample = Sample(np.array([0, 2, 3]), np.array([0.5, 0.5, 0.5, 1, 0.5, 0]), "poisson/1")
    >>> estimate = difference([1, 2, 6], [1, 1, 2, 5, 4, 3], sample)
    >>> estimate.value
    17.0
    >>> print(estimate.covered)
    5 of 6 units of the frame; 1 (16.7 %) have pi = 0 and are covered by the model alone
    """
    units = sample.pi.size
    part = np.ones(units, dtype=bool) if domain is None else _flags(domain, units)
    drawn = _Drawn.of(sample, None, part[sample.index], strata)
    outcome = drawn.column("y", y)
    predicted = check.numbers("prediction", prediction, units=units) * part
    error = outcome - predicted[sample.index]
    value = float(np.sum(predicted)) + float(drawn.weights @ error)
    estimate = drawn.estimate(value, error, outcome, variance, strata, level)
    return replace(estimate, covered=covered_by(sample, model=True))


@dataclass(frozen=True, eq=False)
class _Drawn:
    """The drawn units of a domain, with the weights to use."""

    sample: Sample
    calibrated: Calibrated | None
    part: Flags

    @classmethod
    def of(
        cls,
        sample: Sample,
        weights: Calibrated | None,
        domain: ArrayLike | None,
        strata: Labels | None,
    ) -> "_Drawn":
        refuse_other_size(sample, strata)
        if weights is not None:
            _refuse_uncalibrated(weights)
            check.same_length("weights", weights.weights.size, len(sample))
        part = np.ones(len(sample), dtype=bool) if domain is None else _flags(domain, len(sample))
        return cls(sample, weights, part)

    @property
    def weights(self) -> Floats:
        return self.sample.weights if self.calibrated is None else self.calibrated.weights

    def column(self, name: str, values: ArrayLike) -> Floats:
        """Return one number for each drawn unit, 0 outside the domain."""
        if np.size(values) == len(self.sample) == 0:
            return np.empty(0)
        if np.size(values) == self.sample.pi.size != len(self.sample):
            _refuse_frame(name, self.sample)
        return check.numbers(name, values, units=len(self.sample)) * self.part

    def quotient(self, top: Floats, bottom: Floats, what: str) -> tuple[float, Floats]:
        """Return the ratio of two totals, and how it moves with each unit."""
        below = float(self.weights @ bottom)
        if below == 0:
            raise InvalidInput(
                "{what} is estimated as 0 from {units} drawn units; want something to divide by",
                zh="由 {units} 个被抽单位得到的分母估计为 0，无法相除",
                what=what,
                units=int(np.count_nonzero(self.part)),
            )
        value = float(self.weights @ top) / below
        return value, (top - value * bottom) / below

    def estimate(
        self,
        value: float,
        influence: Floats,
        outcome: Floats,
        variance: str | Variance | None,
        strata: Labels | None,
        level: float,
    ) -> Estimate:
        """Return the value with the variance of ``influence``, and an interval or why there is none."""
        level = level_between(level)
        sample, n = self.sample, int(np.count_nonzero(self.part))
        chance = sample.pi[sample.index] < 1
        spread, method = self.spread(influence, variance, strata)
        se = float(np.sqrt(spread)) if spread >= 0 else np.nan
        groups = len(list(drawn_by_stratum(sample.index[chance], strata, sample.pi.size)))
        ci, refused = interval(value, spread, outcome[self.part & chance], groups, level)
        if method == CENSUS:
            ci, refused = (value, value), None
        covered = covered_by(sample)
        return Estimate(value, se, ci, n, sample.design, covered, spread, method, refused, level)

    def spread(
        self, influence: Floats, variance: str | Variance | None, strata: Labels | None
    ) -> tuple[float, str]:
        """Return the estimated variance, NaN for none, and the name of its estimator."""
        sample = self.sample
        if not np.any((sample.pi > 0) & (sample.pi < 1)):
            return 0.0, CENSUS
        if variance is None:
            return np.nan, "none"
        method, estimator = variance_for(sample, variance, strata)
        pi = sample.pi[sample.index]
        if not np.any(pi < 1):
            return np.nan, method
        if self.calibrated is not None:
            influence = self.calibrated.influence(influence)
        return estimator(influence, pi, sample.index), method


def _refuse_uncalibrated(weights: object) -> None:
    if not isinstance(weights, Calibrated):
        raise InvalidInput(
            "weights is {got}; want what calibrate(sample, x, totals) returns, as the variance "
            "needs its x; without weights it is 1 / pi",
            zh="weights 为 {got}，应为 calibrate(sample, x, totals) 的返回值（方差需要其中的 x）；"
            "不给出时权重为 1 / pi",
            got=type(weights).__name__,
        )


def _refuse_frame(name: str, sample: Sample) -> None:
    raise InvalidInput(
        "{name} has {got} entries, one for each unit of the frame; want those of the {want} drawn "
        "units: {name}[sample.index]",
        zh="{name} 有 {got} 项，为总体每个单位一项；应只给出 {want} 个被抽单位的：{name}[sample.index]",
        name=name,
        got=sample.pi.size,
        want=len(sample),
    )


def _flags(domain: ArrayLike, units: int) -> Flags:
    flags = np.asarray(domain)
    if flags.dtype.kind in "iu" and np.all((flags == 0) | (flags == 1)):
        flags = flags.astype(np.bool_)
    if flags.ndim != 1 or flags.dtype != np.bool_:
        raise InvalidInput(
            "domain is {got} of shape {shape}; want {units} times True or False, or 0 and 1",
            zh="domain 为形状 {shape} 的 {got}，应为 {units} 个 True 或 False（或 1 与 0）",
            got=str(flags.dtype),
            shape=flags.shape,
            units=units,
        )
    check.same_length("domain", flags.size, units)
    return flags
