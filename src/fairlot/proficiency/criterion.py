"""The criterion that items may differ by: 0.3 sigma_pt, or 0.1 delta_E, held in decimals."""

from decimal import Decimal
from fractions import Fraction
from typing import Any

from fairlot._base.errors import InvalidInput
from fairlot.proficiency.decimals import decimal

__all__ = ["Number", "exactly", "tolerated"]

Number = str | Decimal | Fraction | int | float
"""A value in decimals; a float means the shortest decimal that it prints as."""

OF_SIGMA_PT = Fraction(3, 10)
OF_DELTA_E = Fraction(1, 10)


def tolerated(sigma_pt: Number | None, delta_e: Number | None) -> Fraction:
    """Return 0.3 sigma_pt or 0.1 delta_E, whichever is given (ISO 13528:2022 B.2.3, B.5)."""
    given = {
        name: value for name, value in (("sigma_pt", sigma_pt), ("delta_e", delta_e))
        if value is not None
    }  # fmt: skip
    if len(given) != 1:
        raise InvalidInput(
            "{got} given; want one of sigma_pt and delta_e",
            zh="给出了 {got}，应在 sigma_pt 与 delta_e 中给出一个",
            got=" and ".join(given) or "neither",
        )
    ((name, value),) = given.items()
    size = exactly(name, value)
    if size <= 0:
        raise InvalidInput(
            "{name} is {got}; want a number above 0",
            zh="{name} 为 {got}，应大于 0",
            name=name,
            got=str(value),
        )
    return size * (OF_SIGMA_PT if name == "sigma_pt" else OF_DELTA_E)


def exactly(name: str, value: Any) -> Fraction:
    """Return a number as the decimal that was written.

    >>> exactly("x", 0.3) == exactly("x", "0.30") == Fraction(3, 10)
    True
    """
    found = decimal(value)
    if found is None:
        raise InvalidInput(
            "{name} is {got!r}; want a number such as 0.25 or '0.25'",
            zh="{name} 为 {got!r}，应为数字，如 0.25 或 '0.25'",
            name=name,
            got=value,
        )
    return found
