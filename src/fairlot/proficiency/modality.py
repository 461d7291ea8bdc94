"""Are the results of more groups than one: the number of modes against the bandwidth.

The number of modes of a Gaussian kernel density never rises as the bandwidth grows, so for every k
there is one bandwidth from which on there are at most k: the critical one. Data of k groups have a
small one; a sample drawn from the density at that bandwidth tells what small is.

Silverman (1981), Using kernel density estimates to investigate multimodality, Journal of the Royal
Statistical Society B 43(1), 97-99, doi:10.1111/j.2517-6161.1981.tb01155.x.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from fairlot._base import check
from fairlot._base.arrays import Floats, Ints
from fairlot._base.chance import as_chance
from fairlot._kernels.compile import kernel
from fairlot.proficiency.batch import Batch, in_parts, per_measurand, sample_or_batch
from fairlot.proficiency.density import turns

__all__ = ["Modality", "critical_bandwidth", "silverman_test"]

NEAR = 1e-9
"""The critical bandwidth is bracketed this closely, relative to itself."""

APART = 0.125
"""A bandwidth of so much of the smallest gap leaves a mode to every distinct result."""

LEAST = 2.0**-1022  # below it a float has no full digits

HALF_A_STEP = 2.0**-54


@dataclass(frozen=True, eq=False)
class Modality:
    """Silverman's test of one sample (numbers), or of each measurand of a batch (arrays).

    p_value     small when the results have more groups than ``modes``
    h_critical  the least bandwidth with at most so many modes, in the unit of the results
    modes       the number of modes that is tested
    reps        samples that were drawn
    p           number of results
    """

    p_value: Any
    h_critical: Any
    modes: int
    reps: int
    p: Any
    algorithm: str = "silverman/1"


def critical_bandwidth(x: ArrayLike | Batch, *, modes: int = 1) -> Any:
    """Return the least bandwidth at which the kernel density has at most ``modes`` modes.

    x  (p,) results, or a batch of such samples; a number for a sample, an array for a batch

    Found by halving to a relative 1e-9; 0.0 where there are no more distinct results than that.
    An outlier is a mode until the bandwidth is about half its distance: leave blunders out first.

    >>> round(critical_bandwidth([9.8, 9.9, 10.0, 10.1, 12.0, 12.1]), 4)
    0.7953

    Silverman (1981), doi:10.1111/j.2517-6161.1981.tb01155.x.
    """
    batch, many = sample_or_batch(x)
    return per_measurand(_critical(batch, check.at_least("modes", modes, 1)), many)


def silverman_test(
    x: ArrayLike | Batch, *, modes: int = 1, reps: int = 1000, rng: object
) -> Modality:
    """Test whether the results have more than ``modes`` modes.

    x      (p,) results, or a batch of such samples
    modes  the hypothesis, 1 as a rule: the results are of one group
    reps   samples drawn from the density at the critical bandwidth, scaled to the variance of the
           results
    rng    asked 2 ``reps`` times for a number a result: whom to draw among the ascending results,
           and how far beside it

    The p-value is ``(1 + a) / (1 + reps)``, a the samples with more modes at that bandwidth; 1.0
    where h_critical is 0 and there is nothing to test. Conservative: less than a share alpha of
    normal samples has a p-value up to alpha.

    >>> groups = np.r_[np.linspace(9, 10, 12), np.linspace(12, 13, 12)]
    >>> silverman_test(groups, reps=200, rng=np.random.default_rng(1)).p_value < 0.05
    True

    Silverman (1981), doi:10.1111/j.2517-6161.1981.tb01155.x.
    """
    batch, many = sample_or_batch(x)
    most, reps = check.at_least("modes", modes, 1), check.at_least("reps", reps, 1)
    width, chance = _critical(batch, most), as_chance(rng)
    beyond = np.zeros(len(batch), np.int64)
    for _ in range(reps):
        whom, beside = chance.random(batch.values.size), _normal(chance.random(batch.values.size))
        in_parts(_drawn_anew, batch, batch.ordered, width, most, whom, beside, beyond)
    p_value = np.where(width > 0, (1 + beyond) / (1 + reps), 1.0)
    columns = (per_measurand(column, many) for column in (p_value, width, batch.sizes))
    p_value, h_critical, p = columns
    return Modality(p_value, h_critical, most, reps, p)


def _critical(batch: Batch, most: int) -> Floats:
    width = np.empty(len(batch))
    in_parts(_bracketed, batch, batch.ordered, most, width)
    return width


def _normal(chance: Floats) -> Floats:
    from scipy.special import ndtri

    beside: Floats = ndtri(chance + HALF_A_STEP)
    return beside


@kernel
def _modes(x: Floats, h: float) -> int:
    return int(turns(x, np.ones(x.size), h, np.empty(2 * x.size)))


@kernel
def _smallest_gap(x: Floats) -> float:
    gap = np.inf
    for i in range(1, x.size):
        if x[i] > x[i - 1]:
            gap = min(gap, x[i] - x[i - 1])
    return gap


@kernel
def _bracketed(
    starts: Ints, first: int, last: int, ordered: Floats, most: int, width: Floats
) -> None:
    for i in range(first, last):
        x = ordered[starts[i] : starts[i + 1]]
        low, high = (
            max(APART * _smallest_gap(x), LEAST),
            x[-1] - x[0],
        )  # at the range no place bends up
        if high <= low or _modes(x, low) <= most:
            width[i] = 0.0
            continue
        while high > low * (1 + NEAR):
            h = np.sqrt(low) * np.sqrt(high)
            if _modes(x, h) <= most:
                high = h
            else:
                low = h
        width[i] = high


@kernel
def _drawn_anew(
    starts: Ints, first: int, last: int, ordered: Floats, width: Floats, most: int,
    whom: Floats, beside: Floats, beyond: Ints,
) -> None:  # fmt: skip
    """Count a sample, drawn from the density and shrunk to the variance of the results."""
    for i in range(first, last):
        if width[i] == 0:
            continue
        a, b = starts[i], starts[i + 1]
        x = ordered[a:b]
        mean, variance = np.mean(x), np.var(x)
        shrink = 1 / np.sqrt(1 + width[i] ** 2 / variance)
        again = np.empty(x.size)
        for k in range(x.size):
            drawn = x[int(whom[a + k] * x.size)] + width[i] * beside[a + k]
            again[k] = mean + (drawn - mean) * shrink
        again.sort()
        if _modes(again, width[i]) > most:
            beyond[i] += 1
