"""Things listed by key, in their order: a counting sort."""

from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from fairlot._base.arrays import Ints
from fairlot._kernels import kernel

__all__ = ["listed", "placed"]

Item = TypeVar("Item", bound=NDArray[Any])


def listed(key: NDArray[Any], item: Item, keys: int) -> tuple[Ints, Item]:
    """Return where the items of each key begin, and the items key by key, in order.

    >>> ptr, items = listed(np.array([1, 0, 1]), np.array([7, 8, 9]), 3)
    >>> ptr.tolist(), items.tolist()
    ([0, 1, 3, 3], [8, 7, 9])
    """
    ptr, place = placed(key, keys)
    items = np.empty_like(item)
    items[place] = item
    return ptr, items


@kernel
def placed(key: NDArray[Any], keys: int) -> tuple[Ints, NDArray[np.int32]]:
    """Return where the items of each key begin, and the place of every item in such a list."""
    ptr = np.zeros(keys + 1, np.int64)
    for k in key:
        ptr[k + 1] += 1
    for k in range(keys):
        ptr[k + 1] += ptr[k]
    end = ptr[:-1].copy()
    place = np.empty(key.size, np.int32)
    for i in range(key.size):
        place[i] = end[key[i]]
        end[key[i]] += 1
    return ptr, place
