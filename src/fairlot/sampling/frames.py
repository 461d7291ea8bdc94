"""Overlapping rosters: units that several records lead to, in one list or in several.

Each record carries a share of its unit; the shares of a unit's records add up to 1. So the total
over units is a total over records, which each draw estimates without bias, whether a unit was drawn
once, twice or not at all, and nothing need be known of which records come together.

Sirken (1970), Household surveys with multiplicity, Journal of the American Statistical Association
65, 257-266, doi:10.1080/01621459.1970.10481077. Hartley (1962), Multiple frame surveys, Proceedings
of the Social Statistics Section, American Statistical Association, 203-206. Bankier (1986),
Estimators based on several stratified samples with applications to multiple frame surveys, Journal
of the American Statistical Association 81, 1074-1079, doi:10.1080/01621459.1986.10478376. Kalton,
Anderson (1986), Sampling rare populations, Journal of the Royal Statistical Society A 149, 65-82,
doi:10.2307/2981886. Mecatti (2007), A single frame multiplicity estimator for multiple frame
surveys, Survey Methodology 33(2), 151-157.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike

from fairlot._base import check
from fairlot._base.arrays import Floats, Ints
from fairlot._base.errors import InvalidInput
from fairlot.sampling.codes import Labels
from fairlot.sampling.design_variance import BY_DESIGN
from fairlot.sampling.dispositions import Units
from fairlot.sampling.estimate import Covered, Estimate, interval
from fairlot.sampling.pair_variance import Variance
from fairlot.sampling.sample import Sample
from fairlot.sampling.totals import total

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Combined", "combine_frames"]

METHODS = ("single_frame", "multiplicity", "hartley")


@dataclass(frozen=True, eq=False)
class Combined:
    """The drawn records of all frames, one after the other, each with the share of its unit.

    units    the unit that each drawn record leads to; one drawn twice stands here twice
    frame    (n,) number of the frame that the record was drawn from
    share    (n,) its part of the unit
    weights  (n,) share / pi
    samples  the draws
    covered  distinct units that some record with pi > 0 leads to, and the others
    method   how units are shared
    """

    units: tuple[Any, ...]
    frame: Ints
    share: Floats
    weights: Floats
    samples: tuple[Sample, ...]
    covered: Covered
    method: str

    def total(
        self,
        y: ArrayLike,
        *,
        variance: str | Variance | None = BY_DESIGN,
        strata: Sequence[Labels | None] | None = None,
    ) -> Estimate:
        """Return the estimated total over distinct units; unbiased.

        y         (n,) outcomes in the order of ``units``: the same for the same unit
        variance  as in :func:`~fairlot.sampling.total`, for each frame; draws are independent, so
                  that the variances add up
        strata    for each frame labels or None
        """
        outcome = self._column(y)
        return self._estimate(float(self.weights @ outcome), outcome, outcome, variance, strata)

    def mean(
        self,
        y: ArrayLike,
        *,
        variance: str | Variance | None = BY_DESIGN,
        strata: Sequence[Labels | None] | None = None,
    ) -> Estimate:
        """Return the estimated mean over distinct units, their number estimated too (Hajek's)."""
        outcome = self._column(y)
        size = float(self.weights.sum())
        if not self.units:
            raise InvalidInput("nobody was drawn; no mean", zh="没有抽中任何单位，无法估计均值")
        value = float(self.weights @ outcome) / size
        return self._estimate(value, (outcome - value) / size, outcome, variance, strata)

    def to_frame(self) -> "pd.DataFrame":
        """Return one row per drawn record."""
        import pandas as pd

        index = np.concatenate([sample.index for sample in self.samples])
        pi = self.share / self.weights
        return pd.DataFrame(
            {
                "unit": list(self.units),
                "frame": self.frame,
                "index": index,
                "pi": pi,
                "share": self.share,
                "weight": self.weights,
            }
        )

    def _column(self, y: ArrayLike) -> Floats:
        if np.size(y) == len(self.units) == 0:
            return np.empty(0)
        outcome = check.numbers("y", y, units=len(self.units))
        first: dict[Any, int] = {}
        for i, unit in enumerate(self.units):
            if outcome[i] != outcome[first.setdefault(unit, i)]:
                raise InvalidInput(
                    "y[{i}] is {got} and y[{first}] is {want}, both of {unit!r}; want one outcome "
                    "per unit",
                    zh="y[{i}] 为 {got}，y[{first}] 为 {want}，同属 {unit!r}；每个单位只应有一个结果",
                    i=i,
                    got=float(outcome[i]),
                    first=first[unit],
                    want=float(outcome[first[unit]]),
                    unit=unit,
                )
        return outcome

    def _estimate(
        self,
        value: float,
        influence: Floats,
        outcome: Floats,
        variance: str | Variance | None,
        strata: Sequence[Labels | None] | None,
    ) -> Estimate:
        labels = [None] * len(self.samples) if strata is None else list(strata)
        check.same_length("strata", len(labels), len(self.samples))
        column = influence * self.share
        parts = [
            total(column[self.frame == q], sample, variance=variance, strata=own)
            for q, (sample, own) in enumerate(zip(self.samples, labels, strict=True))
        ]
        spread = sum(part.variance for part in parts)
        by_chance = np.concatenate([sample.pi[sample.index] < 1 for sample in self.samples])
        ci, refused = interval(value, spread, outcome[by_chance], len(parts))
        return Estimate(
            value,
            float(np.sqrt(spread)) if spread >= 0 else np.nan,
            ci,
            len(self.units),
            " + ".join(sample.design for sample in self.samples),
            self.covered,
            spread,
            " + ".join(dict.fromkeys(part.method for part in parts)),
            refused,
        )


def combine_frames(
    samples: Sequence[Sample],
    ids: Sequence[Units],
    *,
    method: str = "single_frame",
    shares: ArrayLike | None = None,
) -> Combined:
    """Return the records drawn from overlapping frames, weighted so that each unit counts once.

    samples  one independent draw per frame; a single frame with duplicates is one frame
    ids      for each frame the unit of each of its records: (N,) labels, repeated where several
             records lead to a unit
    method   "single_frame": a record's share is its pi over the sum of pi of all records of the
             unit, so that each weighs ``1 / sum pi`` (Bankier; Kalton, Anderson); "multiplicity":
             all records of a unit share alike (Sirken; Mecatti); "hartley": like ``shares``
    shares   (frames,) how much a record of each frame counts where frames overlap, for "hartley"

    Estimates are unbiased for the total over all units that some record with pi > 0 leads to;
    records with pi = 0 have no share. Every record of a drawn unit must be known, drawn or not: one
    overlooked makes its unit count too much. Raises InvalidInput. O(N).

    >>> lists = [["a", "b", "c", "d"], ["c", "d", "e"]]
    >>> samples = [Sample(np.array([1, 2]), np.full(4, 0.5), "srs/1"),
    ...            Sample(np.array([0]), np.full(3, 1 / 3), "srs/1")]
    >>> both = combine_frames(samples, lists)
    >>> both.units, both.weights.round(9).tolist()
    (('b', 'c', 'c'), [2.0, 1.2, 1.2])
    >>> round(both.total([10, 1, 1], variance=None).value, 9)
    22.4
    """
    scale = _scale(samples, ids, method, shares)
    codes, names = _coded(samples, ids)
    reachable = [(sample.pi > 0) * part for sample, part in zip(samples, scale, strict=True)]
    sums = np.zeros(len(names))
    for code, part in zip(codes, reachable, strict=True):
        sums += np.bincount(code, part, len(names))
    drawn = [code[sample.index] for code, sample in zip(codes, samples, strict=True)]
    own = [part[sample.index] for part, sample in zip(reachable, samples, strict=True)]
    unit = np.concatenate(drawn)
    share = np.concatenate(own) / sums[unit]
    pi = np.concatenate([sample.pi[sample.index] for sample in samples])
    units = int(np.count_nonzero(sums))
    return Combined(
        tuple(names[k] for k in unit),
        np.repeat(np.arange(len(samples)), [len(sample) for sample in samples]),
        share,
        share / pi,
        tuple(samples),
        Covered(units, len(names) - units),
        method,
    )


def _scale(
    samples: Sequence[Sample], ids: Sequence[Units], method: str, shares: ArrayLike | None
) -> list[Floats]:
    """Return for each record of each frame how much it counts among those of its unit."""
    if method not in METHODS:
        raise InvalidInput(
            "method is {got!r}; want one of {want}",
            zh="方法为 {got!r}，应为 {want} 之一",
            got=method,
            want=", ".join(METHODS),
        )
    check.same_length("ids", len(ids), len(samples))
    if method == "single_frame":
        return [sample.pi for sample in samples]
    each = np.ones(len(samples))
    if method == "hartley":
        each = _positive(shares, len(samples))
    return [np.full(sample.pi.size, one) for sample, one in zip(samples, each, strict=True)]


def _positive(shares: ArrayLike | None, frames: int) -> Floats:
    array = check.numbers("shares", () if shares is None else shares, units=frames)
    if array.min() <= 0:
        i = int(np.argmin(array))
        raise InvalidInput(
            "shares[{i}] is {got}; want a positive share for each frame",
            zh="shares[{i}] 为 {got}，每个名录应有大于 0 的份额",
            i=i,
            got=float(array[i]),
        )
    return array


def _coded(samples: Sequence[Sample], ids: Sequence[Units]) -> tuple[list[Ints], list[Any]]:
    """Return codes of the units of each frame's records, the same in all frames, and the units."""
    places: dict[Any, int] = {}
    codes = []
    for q, (sample, own) in enumerate(zip(samples, ids, strict=True)):
        labels, code = check.codes(f"ids[{q}]", own, sample.pi.size)
        place = np.array([places.setdefault(label, len(places)) for label in labels])
        codes.append(place[code])
    return codes, list(places)
