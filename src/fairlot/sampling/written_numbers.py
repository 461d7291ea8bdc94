"""What people write as a number, taken exactly: a Fraction, or nothing."""

import math
import operator
import re
from collections.abc import Sequence
from fractions import Fraction
from numbers import Rational, Real

from fairlot._base.errors import InvalidInput

__all__ = ["Number", "between_0_and_1", "exact", "ratio", "scaled", "whole"]

Number = int | float | str | Fraction
DECIMAL = re.compile(r"-?\d+(\.\d+)?", re.ASCII)


def exact(value: object) -> Fraction | None:
    """Return ``value`` as a Fraction, or None when it is no finite number.

    A string is read as the decimal it shows, a float as the binary fraction it is.

    >>> exact("0.15"), exact(0.5), exact(float("nan")), exact("1/3")
    (Fraction(3, 20), Fraction(1, 2), None, None)
    """
    if isinstance(value, Fraction):
        return value
    if isinstance(value, str):
        return Fraction(value) if DECIMAL.fullmatch(value) else None
    if isinstance(value, Rational):
        # NumPy's integers are Rational too, but would overflow inside a Fraction.
        return Fraction(int(value.numerator), int(value.denominator))
    if isinstance(value, Real) and math.isfinite(value):
        return Fraction(float(value))
    return None


def whole(n: object) -> int:
    """Return ``n`` as an int; refuse 2.5, "3" and also 3.0.

    >>> whole(3)
    3
    """
    try:
        return operator.index(n)  # type: ignore[arg-type]
    except TypeError:
        raise InvalidInput(
            "n is {got!r}; want a whole number", zh="n 为 {got!r}，应为整数", got=n
        ) from None


def ratio(value: object) -> tuple[int, int] | None:
    """Return ``value`` as numerator and denominator, read like :func:`exact`, only faster.

    >>> ratio(0.75), ratio("1e3")
    ((3, 4), None)
    """
    if type(value) is float:
        return value.as_integer_ratio() if math.isfinite(value) else None
    fraction = exact(value)
    return fraction.as_integer_ratio() if fraction is not None else None


def scaled(ratios: Sequence[tuple[int, int]]) -> tuple[list[int], int]:
    """Return whole numbers and the common denominator they stand over.

    >>> scaled([(1, 2), (2, 3)])
    ([3, 4], 6)
    """
    common = math.lcm(*{bottom for _, bottom in ratios})
    return [top * (common // bottom) for top, bottom in ratios], common


def between_0_and_1(name: str, value: Number) -> Fraction:
    """Return ``value`` as a Fraction in [0, 1]; refuse anything else under its ``name``."""
    clean = exact(value)
    if clean is None or not 0 <= clean <= 1:
        raise InvalidInput(
            "{name} is {got!r}; want a number in [0, 1]",
            zh="{name} 为 {got!r}，应在 0 与 1 之间",
            name=name,
            got=value,
        )
    return clean
