"""Two to a handful of results: a scale from all of them, since none can be set aside."""

import numpy as np
from numpy.typing import ArrayLike

from fairlot._base.arrays import Floats, Ints
from fairlot._kernels.compile import kernel
from fairlot.proficiency.batch import Batch, in_parts, sample_or_batch
from fairlot.proficiency.estimate import Estimate, estimate
from fairlot.proficiency.ordered import middle

__all__ = ["small_sample"]

MEAN_DEVIATION = 0.798
"""Mean absolute deviation of a normal distribution in standard deviations, as it is printed."""


def small_sample(x: ArrayLike | Batch) -> Estimate:
    """Return the median and a scale for very few results.

    x  a sample (p,) or a :class:`Batch`

    The scale is ``|x1 - x2| / sqrt(2)`` of two results, else ``sum |x - median| / (0.798 p)``. It
    uses every result and withstands no outlier: look at the results before the number. Raises
    InvalidInput for what is no finite number. ISO 13528:2022 D.1.4.2.

    >>> round(small_sample([10.0, 10.6, 12.0]).s_star, 4)
    0.8354
    """
    batch, many = sample_or_batch(x)
    median, scale = np.empty(len(batch)), np.empty(len(batch))
    in_parts(_every, batch, batch.ordered, median, scale)
    return estimate(batch, many, median, scale, algorithm="small_sample/1", edition="iso2022")


@kernel
def _every(starts: Ints, first: int, last: int, x: Floats, median: Floats, scale: Floats) -> None:
    for i in range(first, last):
        part = x[starts[i] : starts[i + 1]]
        median[i], total = middle(part), 0.0
        for j in range(part.size):
            total += abs(part[j] - median[i])
        scale[i] = total / (2.0**0.5 if part.size == 2 else MEAN_DEVIATION * part.size)
