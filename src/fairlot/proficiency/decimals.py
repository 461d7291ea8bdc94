"""Numbers as they were written: doubles to compute with, and each one exactly when it decides.

A result of 0.9 is nine tenths. The nearest double is not, and (0.9 - 0.3) / 0.3 in doubles is
2.0000000000000004; so what lies near a limit is looked at again as a :class:`~fractions.Fraction`.
"""

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from numbers import Rational
from typing import Any

import numpy as np

from fairlot._base import check
from fairlot._base.arrays import Floats, Ints
from fairlot._base.errors import InvalidInput
from fairlot._kernels import kernel

__all__ = ["Decimals", "aligned", "decimal", "single"]

DECIMAL = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d{1,3})?", re.ASCII)
SMALLEST, GREATEST = 1e-100, 1e100
"""Squares of such numbers, and sums and quotients of the squares, are ordinary doubles."""

PLACES = 22
"""Decimal places tried: the powers of ten up to 10^22 are doubles."""
POWERS = np.array([float(10**k) for k in range(PLACES + 1)] + [1.0])
WHOLE = 1e15
"""Decimals of up to 15 digits are told apart by their doubles, so each is the shortest text of its own."""


def decimal(value: object) -> Fraction | None:
    """Return ``value`` exactly, or None when it is no finite number.

    A text is the decimal it shows; a float is the shortest decimal that reads back as it.

    >>> decimal("0.30"), decimal(0.9), decimal(Decimal("2.5")), decimal("<0.01")
    (Fraction(3, 10), Fraction(9, 10), Fraction(5, 2), None)
    """
    if isinstance(value, bool | np.bool_):
        return None
    if isinstance(value, Rational):
        return Fraction(int(value.numerator), int(value.denominator))
    text = str(value) if isinstance(value, str | Decimal | float | np.floating) else ""
    return Fraction(text) if DECIMAL.fullmatch(text) else None


def single(values: object) -> bool:
    """Return whether this is one number, such as "0.30", and no column.

    >>> single("0.30"), single(["0.30"])
    (True, False)
    """
    return isinstance(values, str) or not np.iterable(values)


@dataclass(frozen=True, eq=False)
class Decimals:
    """A column of numbers.

    floats   the nearest doubles
    written  the numbers themselves; None when each is the shortest text of its double
    """

    floats: Floats
    written: Sequence[Fraction] | None = None

    @classmethod
    def of(cls, name: str, values: Any) -> "Decimals":
        """Return a column of text, decimals, fractions, whole numbers or floats, or a single one.

        Refuses what is no finite number, and any but 0 that is not within 1e-100 to 1e100.

        >>> Decimals.of("x", ["0.9", 0.3]).exact(1)
        Fraction(3, 10)
        """
        check.unmasked(name, values)
        values = [values] if single(values) else values
        column = _of_floats(name, values) or _of_anything(name, list(values))
        size = np.abs(column.floats)
        outside = (size != 0) & ~((size >= SMALLEST) & (size <= GREATEST))
        if outside.any():
            i = int(np.argmax(outside))
            raise InvalidInput(
                "{name}[{i}] is {got}; want 0 or a size of {least} to {most}",
                zh="{name}[{i}] 为 {got}，应为 0，或绝对值在 {least} 与 {most} 之间",
                name=name, i=i, got=float(column.floats[i]), least=SMALLEST, most=GREATEST,
            )  # fmt: skip
        return column

    def exact(self, i: int) -> Fraction:
        """Return entry i exactly."""
        if self.written is not None:
            return self.written[i]
        return _shortest(float(self.floats[i]))

    def negated(self) -> "Decimals":
        """Return the column times -1."""
        return Decimals(-self.floats, self.written and [-number for number in self.written])


@lru_cache(1 << 16)  # rounded results are the same few numbers again and again
def _shortest(value: float) -> Fraction:
    return Fraction(Decimal(repr(value)))


def _of_floats(name: str, values: Any) -> Decimals | None:
    """Return a column of doubles, None when there is anything else in it."""
    if isinstance(values, list | tuple):
        if not all(type(value) is float for value in values):
            return None
    elif np.asarray(values).dtype != np.float64:
        return None
    return Decimals(check.numbers(name, values))


def _of_anything(name: str, values: list[Any]) -> Decimals:
    exact = [decimal(value) for value in values]
    for i, (value, fraction) in enumerate(zip(values, exact, strict=True)):
        if fraction is None:
            raise InvalidInput(
                "{name}[{i}] is {got!r}; want a number such as 0.25 or '0.25'",
                zh="{name}[{i}] 为 {got!r}，应为数字，如 0.25 或 '0.25'",
                name=name, i=i, got=value,
            )  # fmt: skip
    written = [fraction for fraction in exact if fraction is not None]
    return Decimals(check.numbers(name, [_nearest(fraction) for fraction in written]), written)


def _nearest(fraction: Fraction) -> float:
    try:
        return float(fraction)
    except OverflowError:
        return math.inf


def aligned(columns: Sequence[Floats]) -> list[Floats]:
    """Return the columns with each row times the power of ten that makes it whole.

    Sums and differences of a row are then exact. A row with a number of more than 15 digits stays
    as it is.

    >>> x, x_pt = aligned([np.array([0.9, 1 / 3]), np.array([0.3, 0.3])])
    >>> x - x_pt
    array([6.        , 0.03333333])
    """
    places = np.zeros(columns[0].size, dtype=np.int64)
    for column in columns:
        _raise_places(column, places)
    powers = POWERS[places]
    for column in columns:
        powers[np.abs(column) * powers >= WHOLE] = 1.0
    whole = powers > 1.0
    return [np.where(whole, np.rint(column * powers), column) for column in columns]


@kernel
def _raise_places(column: Floats, places: Ints) -> None:
    """Raise places[i] to the decimal places of column[i]; above PLACES when it has too many."""
    for i in range(column.size):
        k = places[i]
        while k <= PLACES and np.rint(column[i] * POWERS[k]) / POWERS[k] != column[i]:
            k += 1
        places[i] = k
