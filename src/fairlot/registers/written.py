"""A value of a sheet or a frame, written as the text a CSV file would hold."""

from collections.abc import Iterable
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

__all__ = ["count_numbers", "written"]

# From here on a float stands for several whole numbers, so its digits are not to be trusted.
_EXACT = 1e15


def written(value: Any) -> str:
    """Return ``value`` as text: dates as YYYY-MM-DD, whole floats without a point, None as "".

    >>> written(12.0), written(0.1), written(9.13101e17), written(True), written(None)
    ('12', '0.1', '9.13101E+17', 'true', '')
    """
    match value:
        case str():
            return value
        case None:
            return ""
        case bool():
            return str(value).lower()
        case float():
            return _float(value)
        case datetime() if value.time() == time():
            return value.date().isoformat()
        case date():
            return str(value)
        case list() | tuple():
            return ";".join(map(written, value))
        case _:
            return str(value)


def _float(value: float) -> str:
    if not abs(value) < _EXACT:
        return repr(float(value)).upper()
    return str(int(value)) if value.is_integer() else format(Decimal(repr(float(value))), "f")


def count_numbers(values: Iterable[Any], rows: Iterable[int]) -> tuple[int, int] | None:
    """Return how many of ``values`` are numbers or dates and the row of the first; None if none is.

    >>> count_numbers(["a", 7, True, 8.0], [2, 3, 4, 5])
    (2, 3)
    """
    at = [row for value, row in zip(values, rows, strict=True) if _is_number(value)]
    return (len(at), at[0]) if at else None


def _is_number(value: Any) -> bool:
    # A spreadsheet makes a date of an id such as 3-1. What is missing in pandas (NaN, NaT) is a
    # float or a date, and not equal to itself.
    kind = type(value) in (int, float) or isinstance(value, date)
    return kind and bool(value == value)
