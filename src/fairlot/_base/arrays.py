"""The arrays that rooms hand to each other, by their short names."""

import numpy as np
from numpy.typing import NDArray

__all__ = ["Flags", "Floats", "Ints", "Words"]

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Words = NDArray[np.uint64]
Flags = NDArray[np.bool_]
