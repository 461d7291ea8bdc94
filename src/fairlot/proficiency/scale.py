"""What the estimators of scale from differences between results give back."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from fairlot._base.arrays import Floats, Ints
from fairlot.proficiency.batch import Batch, per_measurand

__all__ = ["PairScale", "scale"]


@dataclass(frozen=True, eq=False)
class PairScale:
    """A scale without a location: numbers for a sample, arrays, one entry a measurand, for a batch.

    s_star      the scale as a standard deviation, ``factor * difference``; 0.0 where there is none
    difference  the difference between results that it rests on, in their unit
    factor      what makes it the standard deviation of normal results
    p           number of results; of laboratories, where some sent several
    algorithm   name and version
    edition     whose constants and rules
    iterations  0: differences are found exactly
    converged   True
    no_scale    True where s_star is 0.0: too many equal results; nothing may be divided by it
    """

    s_star: Any
    difference: Any
    factor: Any
    p: Any
    algorithm: str
    edition: str
    iterations: Any
    converged: Any
    no_scale: Any


def scale(
    batch: Batch,
    many: bool,
    difference: Floats,
    factor: Floats,
    *,
    algorithm: str,
    edition: str,
    p: Ints | None = None,
) -> PairScale:
    """Return the columns of a batch as a :class:`PairScale`; p is the number of results by default."""
    s_star = np.where(difference == 0, 0.0, factor * difference)
    steps, done = np.zeros(len(batch), np.int64), np.ones(len(batch), np.bool_)
    count = batch.sizes if p is None else p
    columns = (s_star, difference, factor, count, steps, done, s_star == 0.0)
    s, d, f, n, taken, reached, flat = (per_measurand(column, many) for column in columns)
    return PairScale(s, d, f, n, algorithm, edition, taken, reached, flat)
