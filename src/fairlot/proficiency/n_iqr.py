"""Median and nIQR: the spread of the middle half, where the quartile rule is part of the answer.

Rules by the numbers of Hyndman, Fan (1996), Sample quantiles in statistical packages, The American
Statistician 50(4), doi:10.1080/00031305.1996.10473566.
"""

import numpy as np
from numpy.typing import ArrayLike

from fairlot._base.arrays import Floats, Ints
from fairlot._kernels.compile import kernel
from fairlot.proficiency.batch import Batch, in_parts, sample_or_batch
from fairlot.proficiency.estimate import Estimate, estimate
from fairlot.proficiency.ordered import middle, quantile
from fairlot.proficiency.words import one_of

__all__ = ["IQR_FACTOR", "QUARTILES", "n_iqr"]

IQR_FACTOR = {"exact": 0.741301109252801, "iso2022": 0.7413}
"""What makes the interquartile range a standard deviation: 1 / (2 Phi^-1(3/4)), and as printed."""

QUARTILES = {"type6": 1.0, "type7": -1.0}
"""The quartiles of p results stand at 1/4 and 3/4 of the way from 0 to p + 1, or from 1 to p."""


def n_iqr(x: ArrayLike | Batch, *, quartiles: str, edition: str = "exact") -> Estimate:
    """Return the median and the normalised interquartile range.

    x          a sample (p,) or a :class:`Batch`
    quartiles  "type6": the first quartile is the result number (p + 1) / 4, as Chinese practice
               teaches; "type7": number 1 + (p - 1) / 4, as the worked table of ISO 13528 E.3 and
               most software have it; both linear between results
    edition    "exact": the factor is 0.7413011; "iso2022": 0.7413, as it is printed

    There is no default rule, because the rule decides: of 4.0 4.5 4.7 4.9 5.0 5.0 5.3 5.7 6.2 the
    last has z = 1.80 (satisfactory) by type 6 and 2.70 (questionable) by type 7. Raises
    InvalidInput for another word or what is no finite number.

    >>> nine = [4.0, 4.5, 4.7, 4.9, 5.0, 5.0, 5.3, 5.7, 6.2]
    >>> [round(n_iqr(nine, quartiles=rule).s_star, 3) for rule in ("type6", "type7")]
    [0.667, 0.445]
    """
    batch, many = sample_or_batch(x)
    beyond = QUARTILES[one_of("quartiles", quartiles, QUARTILES)]
    factor = IQR_FACTOR[one_of("edition", edition, IQR_FACTOR)]
    median, width = np.empty(len(batch)), np.empty(len(batch))
    in_parts(_every, batch, batch.ordered, beyond, median, width)
    name = f"n_iqr_{quartiles}/1"
    return estimate(batch, many, median, factor * width, algorithm=name, edition=edition)


@kernel
def _every(
    starts: Ints, first: int, last: int, x: Floats, beyond: float, median: Floats, width: Floats
) -> None:
    for i in range(first, last):
        part = x[starts[i] : starts[i + 1]]
        quarter = 0.25 * (part.size + beyond)
        below = 0.5 * (1.0 - beyond)
        median[i] = middle(part)
        upper = quantile(part, median[i], below + 3.0 * quarter)
        width[i] = upper - quantile(part, median[i], below + quarter)
