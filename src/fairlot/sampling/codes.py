"""Labels as small whole numbers, and units group by group."""

from collections.abc import Hashable, Iterator, Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from fairlot._base import check
from fairlot._base.arrays import Ints
from fairlot._kernels import kernel

__all__ = ["Labels", "bounds", "by_code", "crossed", "group_codes", "grouped"]

Labels = ArrayLike | Sequence[Hashable]


def group_codes(name: str, labels: Labels, units: int) -> tuple[Ints, int]:
    """Return a code in [0, groups) for each unit, the same where labels are equal; and ``groups``.

    As :func:`fairlot._base.check.codes`, but codes may have gaps: whole numbers in a narrow range
    are only moved to 0, which spares looking each of them up.

    >>> group_codes("bureau", np.array([310101, 310104, 310101]), 3)
    (array([0, 3, 0]), 4)
    """
    array = np.asarray(labels) if hasattr(labels, "__array__") else np.empty(0)
    if array.shape == (units,) and array.dtype.kind in "iu":
        low, high = int(array.min()), int(array.max())
        if high - low < _wide(units):
            return _moved(array, low), high - low + 1
    distinct, code = check.codes(name, labels, units)
    return code, len(distinct)


def crossed(a: Ints, groups_a: int, b: Ints, groups_b: int) -> tuple[Ints, int]:
    """Return one code for each pair of codes, and how many there may be.

    >>> crossed(np.array([0, 1, 1]), 2, np.array([2, 0, 2]), 3)
    (array([2, 3, 5]), 6)
    """
    code, groups = a * groups_b + b, groups_a * groups_b
    if groups <= _wide(code.size):
        return code, groups
    distinct, place = np.unique(code, return_inverse=True)
    return place.astype(np.int64, copy=False), distinct.size


def grouped(code: Ints, groups: int) -> tuple[Ints, Ints]:
    """Return the units group by group, rising inside, and the bounds.

    Group g is ``units[first[g] : first[g + 1]]``. O(N + groups).

    >>> units, first = grouped(np.array([1, 0, 1]), 3)
    >>> units.tolist(), first.tolist()
    ([1, 0, 2], [0, 1, 3, 3])
    """
    first = bounds(code, groups)
    return _filled(code, first), first


def by_code(code: Ints, groups: int) -> Iterator[tuple[int, Ints]]:
    """Yield each code that occurs, rising, with the units that bear it.

    >>> [(k, some.tolist()) for k, some in by_code(np.array([2, 0, 2]), 3)]
    [(0, [1]), (2, [0, 2])]
    """
    units, first = grouped(code, groups)
    for k, some in enumerate(np.split(units, first[1:-1])):
        if some.size:
            yield k, some


@kernel
def bounds(code: Ints, groups: int) -> Ints:
    """Return where each group begins, and where the last one ends."""
    first = np.zeros(groups + 1, dtype=np.int64)
    for c in code:
        first[c + 1] += 1
    for k in range(groups):
        first[k + 1] += first[k]
    return first


@kernel
def _filled(code: Ints, first: Ints) -> Ints:
    units = np.empty(code.size, dtype=np.int64)
    place = first.copy()
    for i in range(code.size):
        units[place[code[i]]] = i
        place[code[i]] += 1
    return units


def _moved(array: Any, low: int) -> Ints:
    # Signed ones first to 64 bits, where the difference fits; unsigned ones fit as they are.
    whole = array if array.dtype.kind == "u" else array.astype(np.int64, copy=False)
    moved: Ints = (whole - whole.dtype.type(low)).astype(np.int64, copy=False)
    return moved


def _wide(units: int) -> int:
    """Return how many groups are still worth a counter each."""
    return units + 1024
