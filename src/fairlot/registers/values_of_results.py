"""The values that were reported, turned into the unit of the scheme."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from fairlot.registers.measured import Measured, measured
from fairlot.registers.names_of_results import results_of
from fairlot.registers.problems import report
from fairlot.registers.sheet_of_results import Key, Sheet
from fairlot.registers.units import known, power_of_ten, same_unit, scaled

__all__ = ["read_values"]

BARE = {"", "1", "无量纲", "量纲一", "pH", "pH值"}
"""Units that nobody writes."""


class _Written(NamedTuple):
    """A value as it was read, the unit of its column, and the unit that the scheme wants."""

    read: Measured
    column: str
    wanted: str

    @property
    def unit(self) -> str:
        return self.read.unit or self.column


def read_values(sheet: Sheet, units: Mapping[Key, str]) -> None:
    """Read form, value and unit of every row; ``sheet.powers`` says how each was turned."""
    texts = sheet.columns["value"]
    rows = [
        _Written(measured(text), unit, units.get(key, units.get((key[0], ""), "")))
        for text, unit, key in zip(texts, sheet.columns["unit"], sheet.keys, strict=True)
    ]
    for i, row in enumerate(rows):
        if row.read.code:
            sheet.tell(i, "value", row.read.code, texts[i], row.read.want)
    sheet.powers = [_power(sheet, i, row) for i, row in enumerate(rows)]
    _refuse_mixed(sheet, rows)
    _refuse_blank(sheet, rows)
    values = zip((row.read.value for row in rows), sheet.powers, strict=True)
    sheet.columns["unit"] = [row.wanted or row.unit for row in rows]
    sheet.columns["form"] = [row.read.form for row in rows]
    sheet.columns["value"] = [scaled(value, power) if value else "" for value, power in values]
    _notice_absent(sheet)


def _power(sheet: Sheet, i: int, row: _Written) -> int:
    """Return the power of ten from the unit that was reported to the one of the scheme."""
    given, column, wanted = row.read.unit, row.column, row.wanted
    if given and column and not same_unit(given, column):
        sheet.tell(i, "unit", "unit_twice", given, column)
    if given and not wanted and not known(given):
        sheet.tell(i, "value", "result_form", sheet.columns["value"][i], row.read.value)
    if not row.unit or not wanted or row.unit == wanted:
        return 0
    power = power_of_ten(row.unit, wanted)
    if power is None:
        sheet.tell(i, "unit", "unit_unknown", row.unit, wanted)
    elif power:
        sheet.tell(i, "unit", "unit_converted", row.unit, wanted)
    return power or 0


def _refuse_mixed(sheet: Sheet, rows: Sequence[_Written]) -> None:
    """Refuse units that differ where the scheme has none that they could be turned into."""
    first: dict[Key, str] = {}
    for i, (key, row) in enumerate(zip(sheet.keys, rows, strict=True)):
        unit = "" if row.wanted else row.unit
        if known(unit) and power_of_ten(unit, first.setdefault(key, unit)) != 0:
            sheet.tell(i, "unit", "unit_mixed", f"{first[key]}, {unit}")


def _refuse_blank(sheet: Sheet, rows: Sequence[_Written]) -> None:
    """Refuse a value without a unit where the column has others; else warn, once for the file."""
    wanting = [row.wanted not in BARE for row in rows]
    blank = [i for i, row in enumerate(rows) if wanting[i] and row.read.value and not row.unit]
    if any(row.column for row, wants in zip(rows, wanting, strict=True) if wants):
        for i in blank:
            sheet.tell(i, "value", "unit_blank", want=rows[i].wanted)
    elif blank:
        want = ", ".join(sorted({rows[i].wanted for i in blank}))
        sheet.problems.append(report("units_unstated", sheet.file, got=str(len(blank)), want=want))


def _notice_absent(sheet: Sheet) -> None:
    """Notice a replicate that was left empty beside others."""
    replicates: defaultdict[tuple[object, ...], list[int]] = defaultdict(list)
    for i, key in enumerate(results_of(sheet)):
        replicates[key].append(i)
    forms = sheet.columns["form"]
    for at in replicates.values():
        absent = [i for i in at if forms[i] == "absent"]
        if len(absent) < len(at):
            for i in absent:
                sheet.tell(i, "value", "replicate_absent")
