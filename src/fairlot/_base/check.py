"""Checks at the door: each refuses, with what, where, got and wanted, or gives back a clean array.

Kernels trust what has passed here.
"""

import operator
import reprlib
from collections.abc import Hashable, Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from fairlot._base.arrays import Floats, Ints
from fairlot._base.coding import coded
from fairlot._base.errors import InvalidInput

__all__ = [
    "COLUMNS",
    "STRATA",
    "SUM_TOLERANCE",
    "UNITS",
    "at_least",
    "codes",
    "fixed_size",
    "floats",
    "function",
    "not_all_zero",
    "numbers",
    "probabilities",
    "same_length",
    "unmasked",
]

SUM_TOLERANCE = 1e-6
"""How far from a whole number a sum of probabilities may be: 10^7 roundings err by less."""

UNITS = ("units", "单位")
STRATA = ("strata", "层")
COLUMNS = ("columns", "列")

SPAN_PER_UNIT = 4  # labels that are whole numbers are counted where they lie this close together


def numbers(
    name: str, values: ArrayLike, *, units: int | None = None, of: tuple[str, str] = UNITS
) -> Floats:
    """Return ``values`` as a one-dimensional array of finite floats, of length ``units`` if given.

    of  what there are ``units`` of, for the refusal, such as :data:`STRATA`

    >>> numbers("y", [1, 2])
    array([1., 2.])
    """
    array = _column(name, values)
    if units is not None:
        same_length(name, array.size, units, of)
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
        _refuse_first(name, array, outside, "0 <= {name} <= 1", " 0 与 1 之间的数")
    not_all_zero(name, high > 0, array.size)
    return array


def not_all_zero(name: str, positive: Any, units: int) -> None:
    """Refuse a column without a ``positive`` entry."""
    if not positive:
        raise InvalidInput(
            "{name} is 0 for all {units} units; want at least one above 0",
            zh="全部 {units} 个单位的 {name} 均为 0，至少应有一个大于 0",
            name=name,
            units=units,
        )


def at_least(name: str, value: Any, least: int) -> int:
    """Return ``value`` as an int of ``least`` or more; refuse 2.0, "3" and True.

    >>> at_least("reps", np.int64(3), 1)
    3
    """
    try:
        whole = None if isinstance(value, bool) else operator.index(value)
    except TypeError:
        whole = None
    if whole is None or whole < least:
        raise InvalidInput(
            "{name} is {got!r}; want a whole number of at least {least}",
            zh="{name} 为 {got!r}，应为不小于 {least} 的整数",
            name=name,
            got=value if whole is None else whole,
            least=least,
        )
    return whole


def fixed_size(pi: Floats) -> int:
    """Return the whole number that ``pi`` adds up to, within :data:`SUM_TOLERANCE`."""
    total = float(pi.sum())
    n = round(total)
    if abs(total - n) > SUM_TOLERANCE:
        raise InvalidInput(
            "pi adds up to {got}; a fixed size needs a whole number (within {tolerance}):"
            " inclusion_probabilities(pi, n) brings it to n, poisson and cube take any sum",
            zh="pi 之和为 {got}，固定样本量需要整数（误差不超过 {tolerance}）："
            "inclusion_probabilities(pi, n) 可将其调整为 n，poisson 与 cube 不要求整数",
            got=total,
            tolerance=SUM_TOLERANCE,
        )
    return n


def same_length(name: str, got: int, units: int, of: tuple[str, str] = UNITS) -> None:
    """Refuse a column of another length than the frame."""
    if got != units:
        raise InvalidInput(
            "{name} has {got} entries for {want} {of}",
            zh="{name} 有 {got} 项，而{of_zh}有 {want} 个",
            name=name,
            got=got,
            want=units,
            of=of[0],
            of_zh=of[1],
        )


def function(name: str, given: object, want: str) -> None:
    """Refuse what cannot be called."""
    if not callable(given):
        raise InvalidInput(
            "{name} is {got}; want a function {want}",
            zh="{name} 为 {got}，应为函数 {want}",
            name=name,
            got=type(given).__name__,
            want=want,
        )


def unmasked(name: str, values: Any) -> None:
    """Refuse a masked entry: NumPy would give back the number under the mask."""
    masked = np.ma.getmask(values)
    if np.any(masked):
        place = np.unravel_index(int(np.argmax(masked)), np.shape(masked))
        raise InvalidInput(
            "{name}[{i}] is masked; want a value, or leave it out",
            zh="{name}[{i}] 被掩码，应给出数值或将其去掉",
            name=name,
            i=", ".join(map(str, place)),
        )


def codes(name: str, labels: ArrayLike | Sequence[Hashable], units: int) -> tuple[list[Any], Ints]:
    """Return the distinct labels and, for each unit, the place of its label among them.

    Labels come in some order, the same for the same labels; what matters to a design is only which
    units share one. None and NaN are refused.

    >>> codes("stratum", [30, 10, 30], 3)
    ([30, 10], array([0, 1, 0]))
    """
    if not hasattr(labels, "__array__"):
        return _first_seen(name, labels, units)
    unmasked(name, labels)
    array = np.asarray(labels)
    if array.ndim != 1:
        raise InvalidInput(
            "{name} has shape {got}; want one label per unit",
            zh="{name} 的形状为 {got}，应为每个单位一个标签",
            name=name,
            got=array.shape,
        )
    same_length(name, array.size, units)
    if array.dtype.kind in "iu":
        low = int(array.min())
        if int(array.max()) - low < SPAN_PER_UNIT * units:
            return _counted((array - array.min()).astype(np.int64), low)
    return _first_seen(name, array, units)


def _counted(shifted: Ints, low: int) -> tuple[list[int], Ints]:
    """Code whole numbers by counting: several times faster than sorting or hashing them."""
    present = np.zeros(int(shifted.max()) + 1, dtype=np.bool_)
    present[shifted] = True
    place = np.cumsum(present) - 1
    return (np.flatnonzero(present) + low).tolist(), place[shifted]


def _first_seen(name: str, labels: Any, units: int) -> tuple[list[Any], Ints]:
    try:
        distinct, code = coded(labels)
    except TypeError:  # not iterable, or an entry has no hash, like a list
        raise InvalidInput(
            "{name} is {got}; want a label, such as a text or a number, for each unit",
            zh="{name} 为 {got}，应为每个单位一个标签（如文字或数字）",
            name=name,
            got=type(labels).__name__,
        ) from None
    same_length(name, code.size, units)
    for k, label in enumerate(distinct):
        if not _is_label(label):
            raise InvalidInput(
                "{name}[{i}] is {got}; want a label",
                zh="{name}[{i}] 为 {got}，应为标签",
                name=name,
                i=int(np.argmax(code == k)),
                got=label,
            )
    return distinct, code


def _is_label(label: Any) -> bool:
    try:
        return label is not None and bool(label == label)
    except TypeError:  # pandas.NA does not say whether it is itself
        return False


def floats(name: str, values: Any) -> Floats:
    """Return ``values`` as a contiguous array of floats, of any shape, not copied when it is one.

    >>> floats("x", [[1, 2]])
    array([[1., 2.]])
    """
    unmasked(name, values)
    got = type(values).__name__
    try:
        array = values if hasattr(getattr(values, "dtype", None), "kind") else np.asarray(values)
        if array.dtype.kind in "biufO":  # NumPy would count days, and drop the imaginary part
            return np.asarray(array, dtype=np.float64, order="C")
        if array.dtype.kind in "mM":
            got = str(array.dtype)
    except (TypeError, ValueError):
        pass
    raise InvalidInput(
        "{name} is {got}; want numbers", zh="{name} 为 {got}，应为数字", name=name, got=got
    )


def _column(name: str, values: ArrayLike) -> Floats:
    try:
        array = floats(name, values)
    except InvalidInput:
        _refuse_entry(name, values)
        raise
    if array.ndim != 1 or not array.size:
        raise InvalidInput(
            "{name} has shape {got}; want one number per unit",
            zh="{name} 的形状为 {got}，应为每个单位一个数",
            name=name,
            got=array.shape,
        )
    return array


def _refuse_entry(name: str, values: object) -> None:
    """Refuse the first entry of a list that is no number."""
    for i, value in enumerate(values if isinstance(values, list | tuple) else ()):
        if not _is_number(value):
            raise InvalidInput(
                "{name}[{i}] is {got}; want a number",
                zh="{name}[{i}] 为 {got}，应为数字",
                name=name,
                i=i,
                got=reprlib.repr(value),
            )


def _is_number(value: Any) -> bool:
    try:
        float(value)
    except (TypeError, ValueError):
        return False
    return not isinstance(value, str | bytes)


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
