"""How the values of a plan or a scheme are written: decimals, shares, dates and names, each in one way."""

import re
from datetime import date
from fractions import Fraction
from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator, Field

from fairlot._base.visible import LONGEST, is_line, one_line

__all__ = ["DECIMAL", "Date", "DateOrNone", "Decimal", "Ratio", "Text", "as_text"]

DECIMAL = re.compile(r"(0|[1-9][0-9]{0,8})(\.[0-9]{1,12})?")
DATE = re.compile(r"\d{4}-\d{2}-\d{2}")


def _decimal(value: str) -> str:
    if not DECIMAL.fullmatch(value):
        raise ValueError(f'got "{value}"; want a plain decimal such as "0.15"')
    return value


def _ratio(value: str) -> str:
    if Fraction(_decimal(value)) > 1:
        raise ValueError(
            f'got "{value}": {value} percent or {value} times everything? '
            f'want a share between 0 and 1, such as "0.15"'
        )
    return value


def _iso(value: str) -> str:
    if not DATE.fullmatch(value):
        raise ValueError(f'got "{value}"; want a date such as 2024-07-01')
    return date.fromisoformat(value).isoformat()


def _iso_or_blank(value: str) -> str:
    return _iso(value) if value else value


def _line(value: str) -> str:
    """One name, one spelling: NFKC, no space around it, nothing that cannot be seen."""
    line = one_line(value)
    if not is_line(line) and len(line) <= LONGEST:
        raise ValueError(f"got {value!r}; want one line of visible text")
    return line


def as_text(value: Any) -> Any:
    """TOML's whole numbers and dates become the text that is published."""
    return str(value) if isinstance(value, int | date) and not isinstance(value, bool) else value


Decimal = Annotated[str, BeforeValidator(as_text), AfterValidator(_decimal)]
Ratio = Annotated[str, BeforeValidator(as_text), AfterValidator(_ratio)]
Date = Annotated[str, BeforeValidator(as_text), AfterValidator(_iso)]
DateOrNone = Annotated[str, BeforeValidator(as_text), AfterValidator(_iso_or_blank)]
Text = Annotated[
    str, BeforeValidator(as_text), AfterValidator(_line), Field(min_length=1, max_length=LONGEST)
]
