"""How many violate, after visits that did not all come to something: bounds first, then a model.

The sample and its probabilities are those of the draw, and stay so: who could not be visited is
missing, and no substitute stands in.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import numpy as np

from fairlot._base import check
from fairlot._base.arrays import Flags, Floats, Ints
from fairlot._base.errors import FairlotError, Infeasible
from fairlot.sampling.codes import Labels
from fairlot.sampling.design_variance import BY_DESIGN
from fairlot.sampling.dispositions import MISSING, NOT_VISITED, Outcomes, Units, read_results
from fairlot.sampling.estimate import Estimate, interval
from fairlot.sampling.pair_variance import Variance
from fairlot.sampling.sample import Sample
from fairlot.sampling.totals import mean, total

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Prevalence", "prevalence"]

MODEL = "; model: alike in a class, visited or missing"


@dataclass(frozen=True, eq=False)
class Prevalence:
    """Which share of units violates, as far as the visits tell.

    low           the share if none of the missing violates
    high          the share if all of them do; with ``low`` it needs no assumption
    weighted      the share if the missing of a class are like the others in it: model-based; None
                  if a class has nobody to be like
    unweighted    why there is no ``weighted``
    refused       share of units that refuse among those that were gone to and belong; None if none
    missing       each unit of which nothing is known, and why
    dispositions  how many drawn units came to what
    if_none       (n,) who violates if none of the missing does: for
                  :func:`~fairlot.sampling.exact_interval`
    if_all        (n,) who violates if all of the missing do
    """

    low: Estimate
    high: Estimate
    weighted: Estimate | None
    refused: Estimate | None
    missing: tuple[tuple[Any, str], ...]
    dispositions: Mapping[str, int]
    if_none: Flags
    if_all: Flags
    unweighted: FairlotError | None = field(default=None)

    def to_frame(self) -> "pd.DataFrame":
        """Return one row per estimate."""
        import pandas as pd

        nowhere = (np.nan, np.nan)
        rows = [
            (name, each.value, each.se, *(each.ci or nowhere), each.n, each.method)
            for name in ("low", "high", "weighted", "refused")
            if (each := getattr(self, name)) is not None
        ]
        return pd.DataFrame(rows, columns=["what", "share", "se", "low", "high", "n", "method"])

    def text(self, lang: str = "en") -> str:
        """Return the findings as sentences in ``lang`` ("en" or "zh"), bounds first."""
        told = _WORDS[lang]
        low, high = _percent(self.low), _percent(self.high)
        first = told["bounds" if self.missing else "whole"]
        lines = [first.format(low=low, high=high, missing=len(self.missing))]
        if self.weighted is not None and self.missing:
            lines.append(told["model"].format(share=_percent(self.weighted)))
        if self.unweighted is not None:
            lines.append(told["no model"].format(why=self.unweighted.text(lang)))
        if self.refused is not None:
            lines.append(told["refused"].format(share=_percent(self.refused)))
        for name, zh in MISSING.items():
            units = [str(unit) for unit, why in self.missing if why == name]
            if units:
                word = zh if lang == "zh" else name.replace("_", " ")
                lines.append(told["missing"].format(why=word, units=told["and"].join(units)))
        return "\n".join(lines)

    def __str__(self) -> str:
        return self.text()


def prevalence(
    sample: Sample,
    results: "pd.DataFrame",
    *,
    ids: Units | None = None,
    classes: Labels | None = None,
    variance: str | Variance | None = BY_DESIGN,
    strata: Labels | None = None,
) -> Prevalence:
    """Return the share of violators among the units that belong, from what the visits came to.

    sample    as it was drawn; never with substitutes
    results   columns "unit" (id, or position without ``ids``), "disposition", "found": see
              :func:`~fairlot.sampling.dispositions.read_results`; drawn units without a row are not
              yet visited
    ids       (N,) distinct ids of the frame
    classes   (N,) labels; the missing are taken for like the others of their class. By default all
              units are one class
    variance, strata  as in :func:`~fairlot.sampling.mean`

    visited           violates or not
    out_of_frame      does not violate, and does not belong
    no_such_activity  likewise: there is nothing to inspect
    closed            missing: it may be open another day
    refused           missing, and counted as an outcome
    not_found         missing
    not_visited       missing: no row

    The two bounds take a missing unit for one that belongs; if it does not, the share lies between
    them all the same. They bear the design's error only, each end its own. The weighted share adds
    the error of the model where each unit of a class is visited by the same chance, independently
    (Shao, Steel 1999): its variance is the design's, of the linearised column, and the sum of
    ``w g (g - 1) e^2`` over the units known, g the class's weight and e the residual.

    Raises InvalidInput with the row. O(N + n).

    Shao, Steel (1999), Variance estimation for survey data with composite imputation and
    nonnegligible sampling fractions, Journal of the American Statistical Association 94, 254-265,
    doi:10.2307/2669700. Manski (2003), Partial Identification of Probability
    Distributions, doi:10.1007/b97478 (bounds).

    >>> import pandas as pd
    >>> sample = Sample(np.array([1, 4, 5, 8]), np.full(10, 0.4), "srs/1")
    >>> results = pd.DataFrame({
    ...     "unit": ["B", "E", "F"],
    ...     "disposition": ["visited", "正常检查", "拒绝检查"],
    ...     "found": [1, 0, None],
    ... })
    >>> print(prevalence(sample, results, ids=list("ABCDEFGHIJ")))
    violators: 25.0 % if none of 2 missing violates, 75.0 % if all do
    50.0 % by a model: the missing are like the others of their class
    refused: 33.3 % of those gone to
    missing, refused: F
    missing, not visited: I
    """
    outcomes = read_results(sample, results, ids)
    belongs, if_all = outcomes.belongs, outcomes.found | outcomes.missing

    def share(flags: Flags, domain: Flags) -> Estimate:
        return mean(flags, sample, domain=domain, variance=variance, strata=strata)

    low, high = share(outcomes.found, belongs), share(if_all, belongs)
    response = _Response.of(outcomes, sample, classes)
    weighted, unweighted = response.estimate(low, variance, strata)
    gone_to = belongs & ~outcomes.came_to(NOT_VISITED)
    return Prevalence(
        low,
        high,
        weighted,
        share(outcomes.came_to("refused"), gone_to) if gone_to.any() else None,
        outcomes.of_the_missing(),
        MappingProxyType(dict(Counter(outcomes.disposition))),
        outcomes.found,
        if_all,
        unweighted,
    )


@dataclass(frozen=True, eq=False)
class _Response:
    """The drawn units by class: of whom the outcome is known, and for how many each of them stands.

    weight  (n,) the class's weight g, its drawn units over those known, in estimated numbers
    """

    outcomes: Outcomes
    sample: Sample
    code: Ints
    known: Flags
    weight: Floats

    @classmethod
    def of(cls, outcomes: Outcomes, sample: Sample, classes: Labels | None) -> "_Response":
        labels = np.zeros(sample.pi.size, dtype=np.int64) if classes is None else classes
        _, code = check.codes("classes", labels, sample.pi.size)
        own, known = code[sample.index], ~outcomes.missing
        every, some = (np.bincount(own, sample.weights * part) for part in (known | True, known))
        weight = np.divide(every, some, out=np.full(every.size, np.inf), where=some > 0)
        return cls(outcomes, sample, own, known, weight[own])

    def estimate(
        self, low: Estimate, variance: str | Variance | None, strata: Labels | None
    ) -> tuple[Estimate | None, FairlotError | None]:
        """Return the weighted share, or why there is none; ``low`` itself when nobody is missing."""
        if np.all(self.known):
            return low, None
        if not np.all(np.isfinite(self.weight)):
            return None, self.nobody_known()
        adjusted = self.sample.weights * self.weight * self.known
        belongs = self.outcomes.belongs & self.known
        size = float(adjusted @ belongs)
        if size == 0:
            return None, Infeasible(
                "nobody whose outcome is known belongs", zh="已知结果的单位均不在统计范围内"
            )
        value = float(adjusted @ self.outcomes.found) / size
        residual = (self.outcomes.found - value * belongs) / size
        spread, method = self.spread(residual, variance, strata)
        seen = self.outcomes.found[self.known].astype(np.float64)
        ci, refused = interval(value, spread, seen, np.unique(self.code).size)
        se = float(np.sqrt(spread)) if spread >= 0 else np.nan
        told = Estimate(
            value, se, ci, int(belongs.sum()), low.design, low.covered, spread, method, refused
        )
        return told, None

    def spread(
        self, residual: Floats, variance: str | Variance | None, strata: Labels | None
    ) -> tuple[float, str]:
        """Return the variance of the design and of the response together."""
        base, g = self.sample.weights, self.weight
        sums, sizes = (np.bincount(self.code, base * g * self.known * e) for e in (residual, 1.0))
        fitted = (sums / np.where(sizes > 0, sizes, 1.0))[self.code]
        left = np.where(self.known, residual - fitted, 0.0)
        first = total(fitted + g * left, self.sample, variance=variance, strata=strata)
        return first.variance + float(np.sum(base * g * (g - 1) * left**2)), first.method + MODEL

    def nobody_known(self) -> Infeasible:
        """Say for which units there is nobody to be like."""
        alone = np.flatnonzero(np.isinf(self.weight))
        return Infeasible(
            "nobody is known in the class of {units}; join it with another class",
            zh="{units} 所在的类中没有已知结果的单位，请与其他类合并",
            units=", ".join(str(self.outcomes.units[k]) for k in alone),
        )


def _percent(estimate: Estimate) -> str:
    def said(share: float) -> str:
        return f"{share:.1%}".replace("%", " %")

    if estimate.ci is None:
        return said(estimate.value)
    low, high = (said(min(max(end, 0.0), 1.0)) for end in estimate.ci)
    return f"{said(estimate.value)} ({low} - {high})"


_WORDS = {
    "en": {
        "bounds": "violators: {low} if none of {missing} missing violates, {high} if all do",
        "whole": "violators: {low}; nobody is missing",
        "model": "{share} by a model: the missing are like the others of their class",
        "no model": "no share by a model: {why}",
        "refused": "refused: {share} of those gone to",
        "missing": "missing, {why}: {units}",
        "and": ", ",
    },
    "zh": {
        "bounds": "违规比例：缺失的 {missing} 家若均不违规为 {low}，若均违规为 {high}",
        "whole": "违规比例：{low}，无缺失",
        "model": "按模型（缺失者与同类其他单位相同）为 {share}",
        "no model": "无模型估计：{why}",
        "refused": "拒绝检查：占所到单位的 {share}",
        "missing": "缺失（{why}）：{units}",
        "and": "、",
    },
}
