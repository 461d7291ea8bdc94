"""How unequal: Gini's coefficient."""

from math import fsum

import numpy as np
from numpy.typing import ArrayLike

from fairlot._base import check
from fairlot._base.errors import InvalidInput

__all__ = ["gini"]


def gini(values: ArrayLike) -> float:
    """Return the Gini coefficient: half the mean difference of two values, over their mean.

    0 when all are equal, (n - 1) / n when one of n has everything; 0 also when nobody has
    anything. Sums are exact before the one division, whatever their order. O(n log n).

    values  (n,) numbers of 0 or more

    Raises InvalidInput for a negative value.

    Gini (1912), Variabilita e mutabilita, Bologna.

    >>> gini([1, 1, 4])
    0.3333333333333333
    """
    ordered = np.sort(check.numbers("values", values))
    if ordered[0] < 0:
        raise InvalidInput(
            "values hold {got}; want 0 or more",
            zh="values 含 {got}，应不小于 0",
            got=float(ordered[0]),
        )
    total = ordered.size * fsum(ordered)
    spread = np.arange(1 - ordered.size, ordered.size, 2) * ordered
    return fsum(spread) / total if total else 0.0
