"""Sn: the typical distance from a result to a typical other one."""

import numpy as np
from numpy.typing import ArrayLike

from fairlot._base.arrays import Floats, Ints
from fairlot._kernels.compile import kernel
from fairlot.proficiency.batch import Batch, in_parts, sample_or_batch
from fairlot.proficiency.enough import enough
from fairlot.proficiency.scale import PairScale, scale

__all__ = ["sn"]

CONSTANT = 1.1926
SMALL = (0.743, 1.851, 0.954, 1.351, 0.993, 1.198, 1.005, 1.131)
"""The correction for p = 2 .. 9, by simulation (Croux, Rousseeuw 1992)."""


def sn(x: ArrayLike | Batch) -> PairScale:
    """Return the scale Sn: ``1.1926 * correction * lomed_i himed_j |x_i - x_j|``.

    x  (p,) results of at least two laboratories, or a batch of such samples

    The high median over j is number p // 2 + 1 of the p distances from x_i, that to itself
    included; the low median over i number (p + 1) // 2. Up to half of the results may be anything.
    O(p log p). Raises InvalidInput where a measurand has one result only.

    >>> round(sn([9.8, 10.0, 10.1, 10.2, 10.4, 13.0]).s_star, 6)
    0.355276

    Not in ISO 13528. Rousseeuw, Croux (1993), Alternatives to the median absolute deviation, JASA
    88(424), 1273-1283, doi:10.1080/01621459.1993.10476408.
    """
    batch, many = sample_or_batch(x)
    enough("sn", batch.sizes, batch.labels, 2)
    typical, factor = np.empty(len(batch)), CONSTANT * _corrections(batch.sizes)
    in_parts(_every, batch, batch.ordered, typical)
    return scale(batch, many, typical, factor, algorithm="sn/1", edition="rousseeuw_croux_1993")


def _corrections(p: Ints) -> Floats:
    small = np.array([np.nan, np.nan, *SMALL])
    large = np.where(p % 2 == 1, p / (p - 0.9), 1.0)
    return np.where(p < small.size, small[np.minimum(p, small.size - 1)], large)


@kernel
def _every(starts: Ints, first: int, last: int, ordered: Floats, typical: Floats) -> None:
    for i in range(first, last):
        typical[i] = _typical_distance(ordered[starts[i] : starts[i + 1]])


@kernel
def _typical_distance(x: Floats) -> float:
    """Slide a window of p // 2 + 1 results along: those nearest to x_i never move back."""
    near = x.size // 2 + 1
    far = np.empty(x.size)
    begin = 0
    for i in range(x.size):
        while begin + near < x.size and x[i] - x[begin] > x[begin + near] - x[i]:
            begin += 1
        far[i] = max(x[i] - x[begin], x[begin + near - 1] - x[i])
    return float(np.partition(far, (x.size + 1) // 2 - 1)[(x.size + 1) // 2 - 1])
