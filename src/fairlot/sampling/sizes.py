"""Sizes as whole numbers of grains, so that counts, sums and comparisons of them are exact.

Doubles are whole multiples of 2^-1074 and whole numbers below 2^53 are doubles, so a NumPy column
is summed by kernels; what people write otherwise (decimal strings, Fractions, whole numbers beyond
2^53) is summed by Python.
"""

import math
from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction
from typing import Any, NoReturn, Protocol

import numpy as np
from numpy.typing import NDArray

from fairlot._base import check
from fairlot._base.arrays import Floats, Ints
from fairlot._base.coding import coded
from fairlot._base.errors import InvalidInput
from fairlot._kernels import kernel
from fairlot.sampling.written_numbers import Number, ratio, scaled

__all__ = ["Sizes", "read_column", "read_sizes"]

GRAIN = 1074  # the smallest double above 0 is 2^-1074
LAST_WHOLE = 1 << 53  # up to here every whole number is a double
SPLIT = float((1 << 27) + 1)  # cuts a double into two of 26 bits (Dekker 1971)
SMALLEST = 2.0**-900  # below, the rounding error of a product may itself be lost
DOUBT = 2.0**-95  # a share is known to 2^-104 of itself; within this of a tie it is done again


class Sizes(Protocol):
    """A column of sizes >= 0; ``low`` and ``high`` are in grains."""

    units: int
    positive: int  # how many are above 0
    total: int
    top: int

    def grains(self, size: Fraction) -> int:
        """Return the least whole number of grains that is not below ``size``."""
        ...

    def between(self, low: int, high: int) -> tuple[int, int]:
        """Return how many units have ``low <= size < high``, and what they add up to."""
        ...

    def falling(self, low: int, high: int) -> Iterator[tuple[int, int]]:
        """Yield unit and grains of ``low <= size < high``, largest first, ties by position."""
        ...

    def shares(self, left: int, rest: int, bar: int) -> Floats:
        """Return ``size * left / rest`` correctly rounded, but 1 for sizes of ``bar`` and more.

        Where ``left`` is 0 the others are 0, whatever ``rest`` is.
        """
        ...


def read_sizes(name: str, values: Iterable[Number]) -> Sizes:
    """Read a column of numbers >= 0 exactly; refuse the first that is not one, by its place."""
    _refuse_no_column(name, values)
    array = _array(values)
    if array is None:
        return _Written(name, values)
    _refuse_broken(name, array)
    return _Doubles(np.ascontiguousarray(array, dtype=np.float64))


def read_column(name: str, values: Iterable[Number]) -> tuple[list[int], int, Ints]:
    """Return the distinct values >= 0 as whole numbers, their denominator, and each unit's code."""
    _refuse_no_column(name, values)
    try:
        raw, code = coded(values)
    except TypeError:  # a list of rows
        _refuse_column(name, type(values).__name__)
    if not raw:
        _refuse_empty(name)
    ratios = [ratio(value) for value in raw]
    for k, value in enumerate(ratios):
        if value is None or value[0] < 0:
            _refuse_number(name, int(np.argmax(code == k)), raw[k])
    return *scaled([value for value in ratios if value is not None]), code


def _array(values: Iterable[Number]) -> NDArray[Any] | None:
    """Return ``values`` as a NumPy column when that is quick and doubles can hold them all."""
    # A list of both would turn its large whole numbers into floats.
    plain = isinstance(values, Sequence) and set(map(type, values)) in ({int}, {float})
    if not (plain or hasattr(values, "__array__")):
        return None
    array = np.asarray(values)
    fits = array.dtype.kind == "f" or (array.dtype.kind in "iu" and _reach(array) <= LAST_WHOLE)
    return array if array.ndim == 1 and fits else None


def _reach(whole: NDArray[Any]) -> int:
    return max(-int(whole.min()), int(whole.max())) if whole.size else 0


def _refuse_no_column(name: str, values: Any) -> None:
    """Refuse what is no one column, or dates, which NumPy would give as whole numbers."""
    check.unmasked(name, values)
    if not isinstance(values, Iterable) or isinstance(values, str):
        _refuse_column(name, repr(values))
    array: Any = values
    if not hasattr(array, "__array__"):
        return
    if len(np.shape(array)) != 1:
        raise InvalidInput(
            "{name} has shape {got}; want one number per unit",
            zh="{name} 的形状为 {got}，应为每个单位一个数",
            name=name,
            got=np.shape(array),
        )
    dtype = getattr(array, "dtype", None)
    if getattr(dtype, "kind", "") in ("m", "M"):
        _refuse_column(name, str(dtype))


def _refuse_column(name: str, got: str) -> NoReturn:
    raise InvalidInput(
        "{name} is {got}; want one number per unit",
        zh="{name} 为 {got}，应为每个单位一个数",
        name=name,
        got=got,
    )


def _refuse_broken(name: str, array: NDArray[Any]) -> None:
    if not array.size:
        _refuse_empty(name)
    if not (array.min() >= 0 and array.max() < np.inf):
        i = int(np.argmin((array >= 0) & (array < np.inf)))
        _refuse_number(name, i, array[i].item())


def _refuse_empty(name: str) -> None:
    raise InvalidInput(
        "{name} is empty; want one number per unit", zh="{name} 为空，应为每个单位一个数", name=name
    )


def _refuse_number(name: str, i: int, got: object) -> None:
    raise InvalidInput(
        "{name}[{i}] is {got!r}; want a finite number >= 0",
        zh="{name}[{i}] 为 {got!r}，应为不小于 0 的有限数",
        name=name,
        i=i,
        got=got,
    )


class _Written:
    """Sizes of any kind, over their common denominator."""

    def __init__(self, name: str, values: Iterable[Number]) -> None:
        whole, self._scale, code = read_column(name, values)
        self._sizes = np.array(whole, dtype=object)[code]
        self.units = code.size
        self.top = max(whole)
        self.positive, self.total = self.between(1, self.top + 1)

    def grains(self, size: Fraction) -> int:
        return math.ceil(size * self._scale)

    def between(self, low: int, high: int) -> tuple[int, int]:
        found = self._sizes[self._within(low, high)].tolist()
        return len(found), sum(found)

    def falling(self, low: int, high: int) -> Iterator[tuple[int, int]]:
        units = np.flatnonzero(self._within(low, high)).tolist()
        for i in sorted(units, key=self._sizes.__getitem__, reverse=True):
            yield i, self._sizes[i]

    def shares(self, left: int, rest: int, bar: int) -> Floats:
        rest = rest if left else 1
        # Python divides whole numbers with one rounding.
        return np.array([1.0 if s >= bar else left * s / rest for s in self._sizes.tolist()])

    def _within(self, low: int, high: int) -> Any:
        return ((self._sizes >= low) & (self._sizes < high)).astype(bool)


class _Doubles:
    """Sizes that are doubles, over 2^1074."""

    def __init__(self, sizes: Floats) -> None:
        self._sizes = sizes
        self.units = sizes.size
        self.top = _grains(float(sizes.max()))
        self.positive, self.total = self.between(1, self.top + 1)

    def grains(self, size: Fraction) -> int:
        return math.ceil(size * (1 << GRAIN))

    def between(self, low: int, high: int) -> tuple[int, int]:
        count, sums = _sum_by_exponent(self._sizes, self._double(low), self._double(high))
        bins = np.flatnonzero(sums.any(axis=1)).tolist()
        low_half, high_half = sums[:, 0].tolist(), sums[:, 1].tolist()
        return count, sum((low_half[e] + (high_half[e] << 32)) << e for e in bins)

    def falling(self, low: int, high: int) -> Iterator[tuple[int, int]]:
        x = self._sizes
        units = np.flatnonzero((x >= self._double(low)) & (x < self._double(high)))
        for i in units[np.argsort(-x[units], kind="stable")].tolist():
            yield i, _grains(float(x[i]))

    def shares(self, left: int, rest: int, bar: int) -> Floats:
        if not left:
            return (self._sizes >= self._double(bar)).astype(np.float64)
        factor, correction = _two_doubles(Fraction(left << GRAIN, rest))
        shares = np.empty_like(self._sizes)  # NumPy asks for large pages, a kernel does not
        with np.errstate(over="ignore", invalid="ignore"):  # such shares are NaN, and done again
            _share(self._sizes, factor, correction, self._double(bar), shares)
        for i in np.flatnonzero(np.isnan(shares)).tolist():
            shares[i] = left * _grains(float(self._sizes[i])) / rest
        return shares

    def _double(self, grains: int) -> float:
        """Return the smallest double that is not below ``grains``; infinite above all sizes."""
        if grains > self.top:
            return math.inf
        cut = max(0, grains.bit_length() - 53)
        return math.ldexp(-(-grains >> cut), cut - GRAIN)


def _grains(size: float) -> int:
    top, bottom = size.as_integer_ratio()
    return (top << GRAIN) // bottom


def _two_doubles(value: Fraction) -> tuple[float, float]:
    """Return a double and what it misses; NaN where products with them could lose bits."""
    if not SMALLEST < value < 1 / SMALLEST:
        return math.nan, math.nan
    first = float(value)
    return first, float(value - Fraction(first))


@kernel
def _sum_by_exponent(sizes: Floats, low: float, high: float) -> tuple[int, Ints]:
    """Count ``low <= size < high`` and sum their significands, in halves, for each exponent."""
    sums = np.zeros((2048, 2), dtype=np.int64)
    bits = sizes.view(np.int64)
    count = 0
    for i in range(sizes.size):
        if low <= sizes[i] < high:
            count += 1
            exponent = bits[i] >> 52
            significand = bits[i] & ((1 << 52) - 1)
            if exponent > 0:
                exponent -= 1
                significand += 1 << 52
            sums[exponent, 0] += significand & 0xFFFFFFFF
            sums[exponent, 1] += significand >> 32
    return count, sums


@kernel
def _share(sizes: Floats, factor: float, correction: float, bar: float, shares: Floats) -> None:
    """Fill in ``size * (factor + correction)`` correctly rounded; NaN where that is in doubt.

    The product and its rounding error after Dekker (1971), doi:10.1007/BF01397083; the test that
    both ends of what is possible round alike after Ziv (1991), doi:10.1145/114697.116813.
    """
    cut = SPLIT * factor
    high = cut - (cut - factor)
    low = factor - high
    for i in range(sizes.size):
        size = sizes[i]
        product = size * factor
        cut = SPLIT * size
        a = cut - (cut - size)
        b = size - a
        error = ((a * high - product) + a * low + b * high) + b * low + size * correction
        doubt = product * DOUBT
        share = product + (error - doubt)
        known = share == product + (error + doubt) and (product > SMALLEST or size == 0)
        shares[i] = 1.0 if size >= bar else share if known else np.nan
