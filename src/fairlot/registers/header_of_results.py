"""What the header of a column of results says: measurand, level, replicate and unit."""

import re
from collections.abc import Collection, Sequence
from typing import NamedTuple

from fairlot.registers.columns import Column
from fairlot.registers.headers import match_headers
from fairlot.registers.plain import plain
from fairlot.registers.units import known

__all__ = ["UNCERTAINTY", "Head", "Key", "head_beside", "head_of", "spaced"]

Key = tuple[str, str]
"""Measurand and level, "" for all of its levels."""

MARKS = " /_-|:·"
"""What stands between a measurand and its level."""
UNCERTAINTY = ("u", "U", "k")
_BRACKETS = re.compile(r"\(([^()]*)\)")
_NUMBERED = re.compile(r"(.+?)[ _#-]*([0-9]{0,2})")
_LEVEL = re.compile(r"(?:S|L|样品|样|水平|浓度|sample|level)?[ _-]?[0-9]{1,2}#?", re.I)


class Head(NamedTuple):
    """Which result stands below a header, and which of its fields."""

    measurand: str = ""
    level: str = ""
    replicate: str = ""
    unit: str = ""
    field: str = "value"


def spaced(header: str) -> str:
    """Return a header in Unicode form NFKC with one space where there are blanks."""
    return " ".join(plain(header).split())


def head_of(text: str, measurand: str, keys: Collection[Key]) -> Head | None:
    """Return what a header says that begins with a measurand, None where that is not clear.

    >>> head_of("铅 S1(mg/kg) U", "铅", {("铅", "")})
    Head(measurand='铅', level='S1', replicate='', unit='mg/kg', field='U')
    >>> head_of("铬VI", "铬", {("铬", "")}), head_of("铬VI", "铬", {("铬", "VI")}).level
    (None, 'VI')
    """
    rest, unit = text[len(measurand) :], ""
    for inside in _BRACKETS.findall(rest):
        # A bracket holds a unit, or the level: "铅(S1)".
        is_unit = (measurand, inside) not in keys and known(inside)
        unit = inside if is_unit else unit
        rest = rest.replace(f"({inside})", " " if is_unit else f" {inside} ")
    last = (rest.split() or [""])[-1]
    name = last if last in UNCERTAINTY and (measurand, last) not in keys else "value"
    rest = rest.rstrip().removesuffix(name)
    level = rest.strip(MARKS)
    apart = not level or rest[0] in MARKS or (measurand, level) in keys
    return Head(measurand, level, unit=unit, field=name) if apart else None


def head_beside(text: str, columns: Sequence[Column], keys: Collection[Key]) -> Head | None:
    """Return what a header says in a table that has its measurands in a column.

    >>> from fairlot.registers.results import COLUMNS
    >>> head_beside("结果2(mg/kg)", COLUMNS, set())
    Head(measurand='', level='', replicate='2', unit='mg/kg', field='value')
    >>> head_beside("S1 U", COLUMNS, {("铅", "")})
    Head(measurand='', level='S1', replicate='', unit='', field='U')
    >>> head_beside("备注", COLUMNS, {("铅", "")})
    """
    unit = next(filter(known, _BRACKETS.findall(text)), "")
    words = text.replace(f"({unit})", " ").split()
    name = words.pop() if words[1:] and words[-1] in UNCERTAINTY else "value"
    rest = " ".join(words)
    numbered = _NUMBERED.fullmatch(rest)
    column = match_headers([numbered[1]], columns)[0] if numbered else ""
    if numbered and (column == "value" or (column == "replicate" and numbered[2])):
        return Head(replicate=numbered[2], unit=unit, field=name)
    levels = {level for _, level in keys}
    is_level = rest and (rest in levels or ("" in levels and _LEVEL.fullmatch(rest)))
    return Head(level=rest, unit=unit, field=name) if is_level else None
