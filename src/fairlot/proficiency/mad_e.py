"""Median and MADe: half of the results may be wild.

ISO 13528:2022 C.2.1 and C.2.2.
"""

import numpy as np
from numpy.typing import ArrayLike

from fairlot._base.arrays import Floats, Ints
from fairlot._kernels.compile import kernel
from fairlot.proficiency.batch import Batch, in_parts, sample_or_batch
from fairlot.proficiency.estimate import Estimate, estimate
from fairlot.proficiency.ordered import median_deviation, middle
from fairlot.proficiency.words import one_of

__all__ = ["MAD_FACTOR", "mad_e"]

MAD_FACTOR = {"exact": 1.482602218505602, "iso2022": 1.483}
"""What makes the median deviation a standard deviation: 1 / Phi^-1(3/4), and as it is printed."""


def mad_e(x: ArrayLike | Batch, *, edition: str = "exact") -> Estimate:
    """Return the median and MADe, the scaled median of the absolute deviations from it.

    x        a sample (p,) or a :class:`Batch`
    edition  "exact": the factor is 1.4826022; "iso2022": 1.483, as the standard prints it

    More than half of the results equal: MADe is 0 and ``no_scale`` says so. Raises InvalidInput for
    another edition or what is no finite number.

    >>> mad_e([1.0, 2.0, 3.0, 5.0, 90.0], edition="iso2022").s_star
    2.966
    """
    batch, many = sample_or_batch(x)
    factor = MAD_FACTOR[one_of("edition", edition, MAD_FACTOR)]
    median, scale = np.empty(len(batch)), np.empty(len(batch))
    in_parts(_every, batch, batch.ordered, median, scale)
    return estimate(batch, many, median, factor * scale, algorithm="mad_e/1", edition=edition)


@kernel
def _every(starts: Ints, first: int, last: int, x: Floats, median: Floats, scale: Floats) -> None:
    for i in range(first, last):
        part = x[starts[i] : starts[i + 1]]
        median[i] = middle(part)
        scale[i] = median_deviation(part)
