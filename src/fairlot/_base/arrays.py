"""The arrays that rooms hand to each other, by their short names, and how a result keeps one."""

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, DTypeLike, NDArray

__all__ = ["Flags", "Floats", "Ints", "Words", "own", "sealed"]

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Words = NDArray[np.uint64]
Flags = NDArray[np.bool_]


def own(values: ArrayLike, dtype: DTypeLike | None = None) -> NDArray[Any]:
    """Return ``values`` as an array that nobody writes to: a copy, or itself if it is one already.

    >>> own([1, 2]).flags.writeable
    False
    """
    array = np.asarray(values, dtype=dtype)
    if array.flags.writeable or array.base is not None:  # the base of a view may be written to
        return sealed(np.array(array, order="C"))
    return array


def sealed(array: NDArray[Any]) -> NDArray[Any]:
    """Return ``array``, made by the caller and known to nobody else, from now on read-only."""
    array.setflags(write=False)
    return array
