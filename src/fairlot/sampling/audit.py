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


@dataclass(frozen=True, eq=False)
class Audit:
    """What many draws of one design showed.

    design       name and version, as its samples say
    reps         number of draws
    pi           (N,) the probabilities that were expected
    frequency    (N,) the share of draws in which each unit was drawn
    sizes        smallest and largest sample
    unit         the unit whose frequency is the least likely under ``pi``
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

    def __str__(self) -> str:
        return (
            f"{self.design}: {self.reps} draws, largest deviation {self.deviation:+.5f} at unit"
            f" {self.unit}, false-alarm rate {self.false_alarm:.2g}"
        )

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
    given = check.probabilities(pi)
    wanted = given if expected is None else check.probabilities(expected, name="expected")
    check.same_length("expected", wanted.size, given.size)
    _refuse_what_repeats(reps, rng)
    counts = np.zeros(given.size, dtype=np.int64)
    sizes = []
    for done in range(reps):
        sample = design(given, rng=rng)
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


def _refuse_what_repeats(reps: int, rng: object) -> None:
    if reps < 1:
        raise InvalidInput("reps is {got}; want at least 1", zh="reps 为 {got}，至少为 1", got=reps)
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
