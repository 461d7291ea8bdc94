"""Repeated values as small whole numbers."""

from collections.abc import Hashable, Iterable
from typing import TypeVar

import numpy as np

from fairlot._base.arrays import Ints

__all__ = ["coded"]

T = TypeVar("T", bound=Hashable)


def coded(values: Iterable[T]) -> tuple[list[T], Ints]:
    """Return the distinct values in order of first appearance, and the place of each value there.

    >>> coded(["b", "a", "b"])
    (['b', 'a'], array([0, 1, 0]))
    """
    # Plain Python objects hash several times faster than NumPy's scalars.
    plain = values.tolist() if isinstance(values, np.ndarray) else values
    places: dict[T, int] = {}
    codes = [places.setdefault(value, len(places)) for value in plain]
    return list(places), np.array(codes, dtype=np.int64)
