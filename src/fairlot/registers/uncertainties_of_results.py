"""The uncertainties that were reported: u, U and k, in the unit of their results."""

import re
from decimal import Decimal

from fairlot.registers.measured import Measured, measured
from fairlot.registers.plain import plain
from fairlot.registers.sheet_of_results import Sheet
from fairlot.registers.units import power_of_ten, same_unit, scaled

__all__ = ["read_uncertainties"]

SHARES = ("%", "‰")
_WITH_K = re.compile(r"(.*?)[\s,;(]*\bk\s*[=:]\s*([^\s()]+)\)?", re.I)
"""An uncertainty with its coverage factor, "0.02 (k=2)", or the factor alone, "k=2"."""


def read_uncertainties(sheet: Sheet) -> None:
    """Read u, U and k of every row; u is U/k where it is not given.

    A number without a unit is in the unit that its result was reported in; one with another is
    turned into it by a power of ten, and told. A share of the result is refused: "5%" of what.
    """
    three = zip(*(sheet.columns[name] for name in ("u", "U", "k")), strict=True)
    rows = [_read(sheet, i, *texts) for i, texts in enumerate(three)]
    for place, name in enumerate(("u", "U", "k")):
        sheet.columns[name] = [row[place] for row in rows]


def _read(sheet: Sheet, i: int, u: str, expanded: str, k: str) -> tuple[str, str, str]:
    amount, inside = _apart(expanded)
    standard, whole = _amount(sheet, i, "u", u), _amount(sheet, i, "U", amount)
    factor = _factor(sheet, i, k or inside)
    if k and inside and factor and _differ(factor, measured(inside)):
        sheet.tell(i, "U", "uncertainty_twice", f"U = {expanded}, k = {k}")
    if whole and not (standard or k or inside):
        sheet.tell(i, "U", "expanded_without_k", expanded, "2")
    if standard and whole and factor and not _agree(standard, whole, factor):
        sheet.tell(i, "U", "uncertainty_twice", f"u = {u}, U = {expanded}, k = {k or inside}")
    if whole and factor and not standard:
        standard = f"{Decimal(whole) / Decimal(factor):f}"
    return standard, whole, factor


def _apart(text: str) -> tuple[str, str]:
    """Return an expanded uncertainty and the coverage factor that is written behind it.

    >>> _apart("0.02 mg/kg（k＝2）"), _apart("0.02 mg/kg"), _apart("k=2")
    (('0.02 mg/kg', '2'), ('0.02 mg/kg', ''), ('', '2'))
    """
    found = _WITH_K.fullmatch(plain(text))
    return (found[1], found[2]) if found else (text, "")


def _factor(sheet: Sheet, i: int, text: str) -> str:
    """Return a coverage factor, which has no unit, as decimal text; "" where there is none."""
    before, behind = _apart(text)
    read = measured(text if before else behind or text)
    if read.form == "absent":
        return ""
    if read.unit or not _above_zero(read):
        sheet.tell(i, "k", "coverage_factor", text, "2")
        return ""
    if read.value != text:
        sheet.tell(i, "k", "result_form", text, read.value)
    return read.value


def _amount(sheet: Sheet, i: int, name: str, text: str) -> str:
    """Return an uncertainty in the unit of the sheet as decimal text, "" where there is none."""
    read, unit = measured(text), sheet.columns["unit"][i]
    if read.form == "absent":
        return ""
    if not _above_zero(read):
        sheet.tell(i, name, "uncertainty", text, "2")
        return ""
    if read.unit.startswith(SHARES) and not same_unit(read.unit, unit):
        sheet.tell(i, name, "uncertainty_relative", text, unit)
        return ""
    if read.code or (read.unit and not unit):
        sheet.tell(i, name, read.code or "result_form", text, read.want or read.value)
    return scaled(read.value, _power(sheet, i, name, read.unit, unit))


def _power(sheet: Sheet, i: int, name: str, given: str, unit: str) -> int:
    """Return the power of ten from the unit of an uncertainty to that of the sheet."""
    if not (given and unit):
        return sheet.powers[i]
    power = power_of_ten(given, unit)
    if power is None:
        sheet.tell(i, name, "unit_unknown", given, unit)
    elif power:
        sheet.tell(i, name, "unit_converted", given, unit)
    return power or 0


def _differ(factor: str, other: Measured) -> bool:
    return other.form != "number" or Decimal(other.value) != Decimal(factor)


def _above_zero(read: Measured) -> bool:
    return read.form == "number" and Decimal(read.value) > 0


def _agree(u: str, expanded: str, k: str) -> bool:
    """Say whether U is k u as far as the figures that were written can tell."""
    product = Decimal(u) * Decimal(k)
    return abs(product - Decimal(expanded)) <= Decimal("0.05") * product
