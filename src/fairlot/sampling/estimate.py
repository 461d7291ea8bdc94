"""What an estimate says: the number, how sure, from how many, and about whom."""

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import numpy as np

from fairlot._base.arrays import Floats
from fairlot._base.errors import FairlotError, Infeasible
from fairlot.sampling.sample import Sample

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["FEWEST", "LEAST", "LEVEL", "Covered", "Estimate", "covered_by", "interval"]

LEVEL = 0.95
LEAST = 30
"""Fewer units that chance decided than this give no approximate interval. Means of 30 exponential
values are covered 0.93 of the time, of 30 lognormal ones 0.88: benchmarks/variance_bias.py."""
FEWEST = 10
"""An outcome of two values gives no approximate interval unless each was seen this often."""


@dataclass(frozen=True)
class Covered:
    """Whom an estimate is about: the units of the frame that could be drawn.

    units   how many have pi > 0
    never   how many have pi = 0: no sample can say anything about them
    model   whether a model's predictions for those ``never`` drawn are part of the value; for them
            the estimate is that of the model alone

    >>> print(Covered(units=950, never=50))
    950 of 1000 units of the frame; 50 (5.0 %) have pi = 0 and are not covered
    """

    units: int
    never: int
    model: bool = False

    @property
    def share_never(self) -> float:
        """Share of the frame with pi = 0."""
        return self.never / (self.units + self.never)

    def text(self, lang: str = "en") -> str:
        """Return whom an estimate is about in ``lang`` ("en" or "zh")."""
        frame, share = self.units + self.never, f"{100 * self.share_never:.1f} %"
        if lang == "zh":
            fate = "只由模型涵盖" if self.model else "未被涵盖"
            gap = f"；{self.never} 个（{share}）pi = 0，{fate}" if self.never else ""
            return f"总体 {frame} 个单位中的 {self.units} 个{gap}"
        if not self.never:
            return f"all {frame} units of the frame"
        fate = "are covered by the model alone" if self.model else "are not covered"
        gap = f"{self.never} ({share}) have pi = 0 and {fate}"
        return f"{self.units} of {frame} units of the frame; {gap}"

    def __str__(self) -> str:
        return self.text()


@dataclass(frozen=True)
class Estimate:
    """A number from a sample, with what is known about its error.

    value     the estimate
    se        its standard error; NaN when not asked for, or when the variance came out negative
    ci        (low, high) of ``level``, *approximate*: Student's t around the value; None when
              refused
    n         drawn units that it rests on
    design    name and version of the design that drew them
    covered   whom it is about
    variance  the estimated variance as it came out, be it negative
    method    which estimator of the variance
    refused   why there is no interval and what can be used instead; ``refused.text("zh")`` says it
              in Chinese
    level     of the interval

    >>> print(Estimate(18.0, 2.5, (13.1, 22.9), 40, "srs/1", Covered(80, 0), 6.25, "deville"))
    18, se 2.5, 95 % interval 13.1 to 22.9; all 80 units of the frame
    """

    value: float
    se: float
    ci: tuple[float, float] | None
    n: int
    design: str
    covered: Covered
    variance: float
    method: str
    refused: FairlotError | None = field(default=None, compare=False)
    level: float = LEVEL

    def text(self, lang: str = "en") -> str:
        """Return the number, how sure, and about whom, in ``lang`` ("en" or "zh")."""
        words = _WORDS[lang]
        told = words["value"].format(value=_short(self.value), se=_short(self.se))
        if self.ci is None:
            told += words["no interval"]
        else:
            low, high = map(_short, self.ci)
            told += words["interval"].format(level=f"{100 * self.level:g}", low=low, high=high)
        return told + words["about"].format(covered=self.covered.text(lang))

    def __str__(self) -> str:
        return self.text()

    def to_frame(self) -> "pd.DataFrame":
        """Return one row; an end of an interval that was refused is NaN."""
        import pandas as pd

        low, high = self.ci or (np.nan, np.nan)
        row = {"value": self.value, "se": self.se, "low": low, "high": high, "level": self.level}
        rest = {name: [getattr(self, name)] for name in ("n", "design", "method")}
        never = {"units": [self.covered.units], "never": [self.covered.never]}
        return pd.DataFrame({name: [number] for name, number in row.items()} | rest | never)

    def times(self, factor: float) -> "Estimate":
        """Return the estimate of ``factor`` times what this one estimates, ``factor`` being known.

        >>> share = Estimate(0.25, 0.1, (0.05, 0.45), 40, "srs/1", Covered(80, 0), 0.01, "deville")
        >>> share.times(80).value, share.times(80).se, share.times(80).ci
        (20.0, 8.0, (4.0, 36.0))
        """
        low, high = sorted(factor * end for end in self.ci or (0.0, 0.0))
        return replace(
            self,
            value=factor * self.value,
            se=abs(factor) * self.se,
            ci=(low, high) if self.ci else None,
            variance=factor**2 * self.variance,
        )


def _short(number: float) -> str:
    """Return a number as it is read: whole digits all, five figures at least."""
    return f"{number:.0f}" if abs(number) >= 1e5 else f"{number:.5g}"


_WORDS = {
    "en": {
        "value": "{value}, se {se}",
        "interval": ", {level} % interval {low} to {high}",
        "no interval": ", no interval",
        "about": "; {covered}",
    },
    "zh": {
        "value": "{value}，标准误 {se}",
        "interval": "，{level} % 区间 {low} 至 {high}",
        "no interval": "，无区间",
        "about": "；{covered}",
    },
}


def covered_by(sample: Sample, *, model: bool = False) -> Covered:
    """Return whom ``sample`` can speak for."""
    units = int(np.count_nonzero(sample.pi))
    return Covered(units, sample.pi.size - units, model)


def interval(
    value: float, variance: float, seen: Floats, strata: int, level: float = LEVEL
) -> tuple[tuple[float, float] | None, FairlotError | None]:
    """Return an approximate interval of ``level``, or why there is none.

    seen    the outcomes of the units that chance decided
    strata  in how many groups the variance was estimated; each costs a degree of freedom
    """
    if refused := _refused(variance, seen):
        return None, refused
    from scipy.special import stdtrit

    half = stdtrit(max(seen.size - strata, 1), (1 + level) / 2) * np.sqrt(variance)
    return (float(value - half), float(value + half)), None


def _refused(variance: float, seen: Floats) -> FairlotError | None:
    if np.isnan(variance):
        return Infeasible(
            "no variance was estimated, so there is no interval",
            zh="没有估计方差，因此没有区间",
        )
    if seen.size < LEAST:
        return Infeasible(
            "{got} units decided by chance; an approximate interval needs {want}; "
            "exact_interval needs no such number, for outcomes of two values",
            zh="由随机决定的单位只有 {got} 个，近似区间至少需要 {want} 个；"
            "结果只有两种取值时 exact_interval 不受此限",
            got=seen.size,
            want=LEAST,
        )
    kinds, times = np.unique(seen, return_counts=True)
    if kinds.size == 1 or (kinds.size == 2 and times.min() < FEWEST):
        return Infeasible(
            "of two outcomes the rarer was seen {got} times; an approximate interval needs {want}; "
            "use exact_interval",
            zh="两种结果中较少的一种只出现 {got} 次，近似区间至少需要 {want} 次；请使用 exact_interval",
            got=int(times.min()) if kinds.size == 2 else 0,
            want=FEWEST,
        )
    if not variance > 0:
        return Infeasible(
            "the estimated variance is {got}; want a positive one; "
            "variance='deville' or 'hansen_hurwitz' is never negative",
            zh="方差估计值为 {got}，应为正数；variance='deville' 或 'hansen_hurwitz' 不会为负",
            got=variance,
        )
    return None
