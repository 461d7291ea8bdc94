"""Those that chance decides, by falling size: where elimination and Brewer's shelves begin."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from fairlot._base.arrays import Floats

__all__ = ["Places", "falling"]

Places = NDArray[Any]  # of 32 bits where they do: half the memory
NARROW = 1 << 31


def falling(pi: Floats, *, complement: bool = False) -> Places:
    """Return the positions of the units with 0 < pi < 1, the largest first, ties as they stand.

    complement  by 1 - pi, as it rounds, instead of pi

    >>> falling(np.array([1.0, 0.2, 0.0, 0.8])).tolist()
    [3, 1]
    """
    order = np.argsort(pi - 1 if complement else -pi, kind="stable")
    order = order[((pi > 0) & (pi < 1))[order]]
    return order.astype(np.int32) if pi.size < NARROW else order
