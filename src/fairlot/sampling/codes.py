"""Labels and repeated values as small whole numbers."""

from collections.abc import Hashable, Iterable, Sequence
from typing import Any, TypeVar, cast

import numpy as np
from numpy.typing import ArrayLike

from fairlot._base.arrays import Ints
from fairlot._base.errors import InvalidInput

__all__ = ["Labels", "coded", "crossed", "group_codes"]

T = TypeVar("T", bound=Hashable)
Labels = ArrayLike | Sequence[Hashable]


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


def group_codes(name: str, labels: Labels, units: int) -> tuple[Ints, int]:
    """Return a code in [0, groups) for each unit, the same where labels are equal; and ``groups``.

    Codes may have gaps: whole numbers in a narrow range are only moved to 0, which spares looking
    each of them up. Raises InvalidInput for another length, None and NaN.

    >>> group_codes("bureau", np.array([310101, 310104, 310101]), 3)
    (array([0, 3, 0]), 4)
    """
    array = np.asarray(labels) if hasattr(labels, "dtype") else None
    whole = array is not None and array.ndim == 1 and array.dtype.kind in "iu" and array.size
    if array is not None and whole:
        _refuse_length(name, array.size, units)
        return _moved(array)
    distinct, code = coded(cast(Iterable[Hashable], labels))
    _refuse_length(name, code.size, units)
    _refuse_missing(name, distinct, code)
    return code, len(distinct)


def crossed(a: Ints, groups_a: int, b: Ints, groups_b: int) -> tuple[Ints, int]:
    """Return one code for each pair of codes, and how many there may be.

    >>> crossed(np.array([0, 1, 1]), 2, np.array([2, 0, 2]), 3)
    (array([2, 3, 5]), 6)
    """
    return _narrow(a * groups_b + b, groups_a * groups_b)


def _moved(array: Any) -> tuple[Ints, int]:
    low, high = int(array.min()), int(array.max())
    if high - low < _wide(array.size):
        # Signed ones first to 64 bits, where the difference fits; unsigned ones fit as they are.
        whole = array if array.dtype.kind == "u" else array.astype(np.int64, copy=False)
        return (whole - whole.dtype.type(low)).astype(np.int64, copy=False), high - low + 1
    return _distinct(array)


def _narrow(code: Ints, groups: int) -> tuple[Ints, int]:
    return (code, groups) if groups <= _wide(code.size) else _distinct(code)


def _distinct(code: Any) -> tuple[Ints, int]:
    distinct, place = np.unique(code, return_inverse=True)
    return place.astype(np.int64, copy=False), distinct.size


def _wide(units: int) -> int:
    """Return how many groups are still worth a counter each."""
    return units + 1024


def _refuse_length(name: str, got: int, units: int) -> None:
    if got != units:
        raise InvalidInput(
            "{name} has {got} labels for {want} units",
            zh="{name} 有 {got} 个标签，而单位有 {want} 个",
            name=name,
            got=got,
            want=units,
        )


def _refuse_missing(name: str, distinct: list[Any], code: Ints) -> None:
    for k, label in enumerate(distinct):
        if label is None or label != label:
            raise InvalidInput(
                "{name}[{i}] is {got}; want a label",
                zh="{name}[{i}] 为 {got}，应为标签",
                name=name,
                i=int(np.argmax(code == k)),
                got=label,
            )
