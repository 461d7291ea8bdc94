"""Does a design keep its promise? Draw many times and look at the worst unit."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike

from fairlot._base import check
from fairlot._base.arrays import Floats, Ints
from fairlot._base.chance import as_chance
from fairlot._base.errors import InvalidInput
from fairlot._base.progress import Progress, silent
from fairlot.sampling.sample import Sample

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Audit", "audit_design"]

WORDS = {
    "en": "{design}: {reps} draws; the largest deviation is that of unit {unit}, drawn in"
    " {frequency:.5f} of them for {pi:.5f}; false-alarm rate {false_alarm:.2g}",
    "zh": "{design}：抽取 {reps} 次；偏差最大的是单位 {unit}，实际频率 {frequency:.5f}，"
    "应为 {pi:.5f}；误报率 {false_alarm:.2g}",
}


@dataclass(frozen=True, eq=False)
class Audit:
    """What many draws of one design showed.

    design       name and version, as its samples say
    reps         number of draws
    pi           (N,) the probabilities that were expected
    frequency    (N,) the share of draws in which each unit was drawn
    sizes        smallest and largest sample
    unit         the unit whose deviation is the largest, that is the least likely under ``pi``: a
                 hundredth more weighs little at 1/2 and much at 1/1000
    deviation    frequency - pi of that unit
    false_alarm  how likely a design that keeps ``pi`` shows, at any unit, a frequency as unlikely:
                 at most this (exact binomial tails, doubled, times the number of units)
    """

    design: str
    reps: int
    pi: Floats
    frequency: Floats
    sizes: tuple[int, int]
    unit: int
    deviation: float
    false_alarm: float

    def text(self, lang: str = "en") -> str:
        """Return one sentence in ``lang`` ("en" or "zh")."""
        return WORDS[lang].format(
            design=self.design,
            reps=self.reps,
            unit=self.unit,
            frequency=self.frequency[self.unit],
            pi=self.pi[self.unit],
            false_alarm=self.false_alarm,
        )

    def __str__(self) -> str:
        return self.text()

    def to_frame(self) -> "pd.DataFrame":
        """Return one row per unit: expected probability, frequency and their difference."""
        import pandas as pd

        columns = {
            "pi": self.pi,
            "frequency": self.frequency,
            "deviation": self.frequency - self.pi,
        }
        return pd.DataFrame(columns)


def audit_design(
    design: Callable[..., Sample],
    pi: ArrayLike,
    reps: int,
    rng: object,
    *,
    expected: ArrayLike | None = None,
    progress: Progress = silent,
) -> Audit:
    """Draw ``reps`` times from ``design`` and compare frequencies with probabilities.

    design    any ``(pi, *, rng) -> Sample``; bind further arguments with a lambda
    pi        (N,) given to the design
    reps      number of draws, at least 1
    rng       a source that goes on from draw to draw, such as ``numpy.random.Generator``
    expected  (N,) the probabilities to hold it to, where they are not ``pi`` itself, as for order
              designs with their exact inclusion probabilities

    Small ``false_alarm`` means: the design does not keep the probabilities, or something that rare
    has happened. Frequencies of one unit are binomial whatever the design, because draws are
    independent; no independence between units is assumed. O(reps) draws.

    >>> from fairlot.sampling import poisson
    >>> audit = audit_design(poisson, [0.2, 0.5, 1.0], 1000, np.random.default_rng(1))
    >>> audit.false_alarm > 0.01, audit.frequency[2]
    (True, np.float64(1.0))
    """
    check.function("design", design, "(pi, *, rng) -> Sample")
    given = check.probabilities(pi)
    wanted = given if expected is None else check.probabilities(expected, name="expected")
    check.same_length("expected", wanted.size, given.size)
    reps = check.at_least("reps", reps, 1)
    _refuse_what_repeats(rng)
    counts = np.zeros(given.size, dtype=np.int64)
    sizes = []
    for done in range(reps):
        sample = _drawn(design, given, rng)
        counts[sample.index] += 1
        sizes.append(len(sample))
        progress("draws", done + 1, reps)
    tails = _tails(counts, wanted, reps)
    unit = int(np.argmin(tails))
    return Audit(
        design=sample.design,
        reps=reps,
        pi=wanted,
        frequency=counts / reps,
        sizes=(min(sizes), max(sizes)),
        unit=unit,
        deviation=float(counts[unit] / reps - wanted[unit]),
        false_alarm=min(1.0, float(tails[unit]) * given.size),
    )


def _drawn(design: Callable[..., Sample], pi: Floats, rng: object) -> Sample:
    sample: object = design(pi, rng=rng)
    if not isinstance(sample, Sample):
        raise InvalidInput(
            "design returned {got}; want a Sample",
            zh="design 返回 {got}，应为 Sample",
            got=type(sample).__name__,
        )
    check.same_length("sample.pi", sample.pi.size, pi.size)
    return sample


def _refuse_what_repeats(rng: object) -> None:
    if as_chance(rng) is not rng and not isinstance(rng, np.random.Generator):
        raise InvalidInput(
            "rng is {got}, which gives every draw the same numbers; want a numpy.random.Generator",
            zh="rng 为 {got}，每次抽取的随机数都相同，应为 numpy.random.Generator",
            got=type(rng).__name__,
        )


def _tails(counts: Ints, pi: Floats, reps: int) -> Floats:
    """Return twice the smaller tail of each count; 0 where the count is impossible."""
    from scipy.stats import binom

    low, high = binom.cdf(counts, reps, pi), binom.sf(counts - 1, reps, pi)
    tails: Floats = np.minimum(1, 2 * np.minimum(low, high))
    return tails
