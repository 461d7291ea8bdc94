"""Arithmetic mean and standard deviation: without any outlier there is nothing better."""

import numpy as np
from numpy.typing import ArrayLike

from fairlot._base.arrays import Floats, Ints
from fairlot._kernels.compile import kernel
from fairlot.proficiency.batch import Batch, in_parts, sample_or_batch
from fairlot.proficiency.estimate import OF_A_MEAN, Estimate, estimate
from fairlot.proficiency.ordered import mean_and_sd, middle

__all__ = ["mean_sd"]


def mean_sd(x: ArrayLike | Batch) -> Estimate:
    """Return the arithmetic mean and the standard deviation with p - 1.

    x  a sample (p,) or a :class:`Batch`

    One wild result moves both without limit, and hides itself: with mean and sd of the same
    results no ``|z|`` exceeds ``(p - 1) / sqrt(p)``, which is below 2 for p < 6 and below 3 for
    p < 11. Raises InvalidInput for what is no finite number.

    >>> mean_sd([9.0, 10.0, 14.0]).x_star
    11.0
    """
    batch, many = sample_or_batch(x)
    mean, sd = np.empty(len(batch)), np.empty(len(batch))
    in_parts(_every, batch, batch.ordered, mean, sd)
    return estimate(batch, many, mean, sd, algorithm=OF_A_MEAN)


@kernel
def _every(starts: Ints, first: int, last: int, x: Floats, mean: Floats, sd: Floats) -> None:
    for i in range(first, last):
        part = x[starts[i] : starts[i + 1]]
        mean[i], sd[i] = mean_and_sd(part, middle(part))
