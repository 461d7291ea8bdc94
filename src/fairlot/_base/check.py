"""Checks at the door: each refuses, with what, where, got and wanted, or gives back a clean array.

Kernels trust what has passed here.
"""

from collections.abc import Hashable, Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from fairlot._base.arrays import Floats, Ints
from fairlot._base.errors import InvalidInput

__all__ = ["SUM_TOLERANCE", "codes", "fixed_size", "numbers", "probabilities", "same_length"]

SUM_TOLERANCE = 1e-6
"""How far from a whole number a sum of probabilities may be: 10^7 roundings err by less."""

SPAN_PER_UNIT = 4  # labels that are whole numbers are counted where they lie this close together


def numbers(name: str, values: ArrayLike, *, units: int | None = None) -> Floats:
    """Return ``values`` as a one-dimensional array of finite floats, of length ``units`` if given.

    >>> numbers("y", [1, 2])
    array([1., 2.])
    """
    array = _column(name, values)
    if units is not None:
        same_length(name, array.size, units)
    _refuse_not_finite(name, array, array.min(), array.max())
    return array


def probabilities(pi: ArrayLike, *, name: str = "pi") -> Floats:
    """Return ``pi`` as an array of floats in [0, 1], not all of them 0.

    The array may be the caller's own: it is not copied and must not be written to.
    """
    array = _column(name, pi)
    low, high = array.min(), array.max()  # NaN if any is; two passes over up to 10^7 units
    _refuse_not_finite(name, array, low, high)
    if not (low >= 0 and high <= 1):
        outside = (array < 0) | (array > 1)
        _refuse_first(name, array, outside, "0 <= {name} <= 1", "0 与 1 之间的数")
    if not high > 0:
        raise InvalidInput(
            "{name} is 0 for all {units} units; want at least one above 0",
            zh="全部 {units} 个单位的 {name} 均为 0，至少应有一个大于 0",
            name=name,
            units=array.size,
        )
    return array


def fixed_size(pi: Floats) -> int:
    """Return the whole number that ``pi`` adds up to, within :data:`SUM_TOLERANCE`."""
    total = float(pi.sum())
    n = round(total)
    if abs(total - n) > SUM_TOLERANCE:
        raise InvalidInput(
            "pi adds up to {got}; a fixed size needs a whole number (within {tolerance})",
            zh="pi 之和为 {got}，固定样本量需要整数（误差不超过 {tolerance}）",
            got=total,
            tolerance=SUM_TOLERANCE,
        )
    return n


def same_length(name: str, got: int, units: int) -> None:
    """Refuse a column of another length than the frame."""
    if got != units:
        raise InvalidInput(
            "{name} has {got} entries for {want} units",
            zh="{name} 有 {got} 项，而单位有 {want} 个",
            name=name,
            got=got,
            want=units,
        )


def codes(name: str, labels: ArrayLike | Sequence[Hashable], units: int) -> tuple[list[Any], Ints]:
    """Return the distinct labels and, for each unit, the place of its label among them.

    Labels come in some order, the same for the same labels; what matters to a design is only which
    units share one. None and NaN are refused.

    >>> codes("stratum", [30, 10, 30], 3)
    ([30, 10], array([0, 1, 0]))
    """
    if not hasattr(labels, "__array__"):
        plain = list(labels)  # type: ignore[arg-type]
        same_length(name, len(plain), units)
        return _first_seen(name, plain)
    array = np.asarray(labels)
    same_length(name, len(array), units)
    if array.dtype.kind in "iu":
        low = int(array.min())
        if int(array.max()) - low < SPAN_PER_UNIT * units:
            return _counted((array - array.min()).astype(np.int64), low)
    return _first_seen(name, array.tolist())


def _counted(shifted: Ints, low: int) -> tuple[list[int], Ints]:
    """Code whole numbers by counting: several times faster than sorting or hashing them."""
    present = np.zeros(int(shifted.max()) + 1, dtype=np.bool_)
    present[shifted] = True
    place = np.cumsum(present) - 1
    return (np.flatnonzero(present) + low).tolist(), place[shifted]


def _first_seen(name: str, labels: list[Any]) -> tuple[list[Any], Ints]:
    places: dict[Any, int] = {}
    code = np.array([places.setdefault(label, len(places)) for label in labels], dtype=np.int64)
    for label, k in places.items():
        if label is None or label != label:
            raise InvalidInput(
                "{name}[{i}] is {got}; want a label",
                zh="{name}[{i}] 为 {got}，应为标签",
                name=name,
                i=int(np.argmax(code == k)),
                got=label,
            )
    return list(places), code


def _column(name: str, values: ArrayLike) -> Floats:
    try:
        array = np.ascontiguousarray(values, dtype=np.float64)
    except (TypeError, ValueError):
        raise InvalidInput(
            "{name} is {got}; want numbers",
            zh="{name} 为 {got}，应为数字",
            name=name,
            got=type(values).__name__,
        ) from None
    if np.ndim(values) != 1 or not array.size:
        raise InvalidInput(
            "{name} has shape {got}; want one number per unit",
            zh="{name} 的形状为 {got}，应为每个单位一个数",
            name=name,
            got=np.shape(values),
        )
    return array


def _refuse_not_finite(name: str, array: Floats, low: np.float64, high: np.float64) -> None:
    if not (np.isfinite(low) and np.isfinite(high)):
        _refuse_first(name, array, ~np.isfinite(array), "a finite number", "有限数")


def _refuse_first(name: str, array: Floats, broken: Any, want: str, want_zh: str) -> None:
    i = int(np.argmax(broken))
    raise InvalidInput(
        "{name}[{i}] is {got}; want {want}",
        zh="{name}[{i}] 为 {got}，应为{want_zh}",
        name=name,
        i=i,
        got=float(array[i]),
        want=want.format(name=name),
        want_zh=want_zh,
    )
