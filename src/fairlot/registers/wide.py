"""Results with a column for each measurand and sample, "铅 S1" or "Pb/S2 (mg/kg)", made long."""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain, repeat
from typing import NamedTuple

from fairlot.registers.columns import Column
from fairlot.registers.headers import match_headers
from fairlot.registers.plain import plain, unpadded
from fairlot.registers.problems import Problem, report
from fairlot.registers.table import Table
from fairlot.registers.units import known

__all__ = ["Long", "long"]

Key = tuple[str, str]
"""Measurand and level, "" for all of its levels."""

MARKS = " /_-|:·"
"""What stands between a measurand and its level."""
UNCERTAINTY = ("u", "U", "k")
_BRACKETS = re.compile(r"\(([^()]*)\)")


class Head(NamedTuple):
    """What a header says: the measurand, its level and unit, and which field stands below."""

    measurand: str
    level: str = ""
    unit: str = ""
    field: str = "value"


class Long(NamedTuple):
    """A table of one row a result.

    headers  field -> header in the source; row i of the table has those at i modulo their number
    """

    table: Table
    headers: Sequence[Mapping[str, str]]


@dataclass(slots=True)
class _Wide:
    """The columns of a wide table: position of each field of each result, and all the others."""

    results: dict[Head, dict[str, int]] = field(default_factory=dict)
    others: list[int] = field(default_factory=list)
    found: list[Problem] = field(default_factory=list)


def long(table: Table, columns: Sequence[Column], known_keys: Collection[Key]) -> Long:
    """Return a table with one row a result; one that is so already comes back as it is.

    columns     of the long table; what is none of them may be a result
    known_keys  the (measurand, level) that a header may name, level "" standing for any

    A header is the measurand, alone or with its level and a unit in brackets; behind that, u, U or k
    for the uncertainty of the result: "铅 S1 U". Every row keeps its row number in the source.
    """
    names = match_headers(table.headers, columns)
    own = dict(zip(names, table.headers, strict=True))
    own.pop("", None)
    if own.keys() & {"measurand", "value"}:
        return Long(table, [own])
    wide = _columns_of(table, names, known_keys)
    if not any("value" in at for at in wide.results.values()):
        return Long(table, [own])
    headers = [
        own | {name: table.headers[at] for name, at in places.items()}
        for places in wide.results.values()
    ]
    return Long(_melted(table, wide), headers)


def _columns_of(table: Table, names: Sequence[str], keys: Collection[Key]) -> _Wide:
    wide = _Wide()
    measurands = sorted({name for name, _ in keys}, key=len, reverse=True)
    for at, (header, name) in enumerate(zip(table.headers, names, strict=True)):
        text = " ".join(plain(header).split())
        # Uranium is U and potassium K: a measurand of the scheme comes before any other column.
        begin = next((m for m in measurands if text.startswith(m)), "")
        head = _head(text, begin, keys) if begin and (text == begin or not name) else None
        if head:
            _place(wide, table, at, head)
        else:
            wide.others.append(at)
            if begin and not name:
                wide.found.append(_told("header_level", table, header, f"{begin} S1"))
    shared = [at for at in wide.others if names[at] in ("u", "U")]
    if len(wide.results) > 1:
        for at in shared:
            want = f"{next(iter(wide.results)).measurand} {names[at]}"
            wide.found.append(_told("uncertainty_of_many", table, table.headers[at], want))
    return wide


def _place(wide: _Wide, table: Table, at: int, head: Head) -> None:
    key = next((each for each in wide.results if each[:2] == head[:2]), None)
    places = wide.results.setdefault(key or head._replace(field="value"), {})
    if head.field in places:
        both = f"{table.headers[places[head.field]]}, {table.headers[at]}"
        wide.found.append(_told("header_duplicate", table, both))
    places[head.field] = at


def _told(code: str, table: Table, got: str, want: str = "") -> Problem:
    return report(code, table.file, row=table.top, got=got, want=want)


def _head(text: str, measurand: str, keys: Collection[Key]) -> Head | None:
    """Return what a header says that begins with a measurand, None where that is not clear.

    >>> _head("铅 S1(mg/kg) U", "铅", {("铅", "")})
    Head(measurand='铅', level='S1', unit='mg/kg', field='U')
    >>> _head("铬VI", "铬", {("铬", "")}), _head("铬VI", "铬", {("铬", "VI")}).level
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
    return Head(measurand, level, unit, name) if apart else None


def _melted(table: Table, wide: _Wide) -> Table:
    """Return every row once for each of its results."""
    heads, n = list(wide.results), len(wide.results)
    headers = [table.headers[at] for at in wide.others]
    columns: list[Sequence[str]] = [
        [cell for cell in table.columns[at] for _ in range(n)] for at in wide.others
    ]
    for name in ("measurand", "level", "unit"):
        said = [getattr(head, name) for head in heads]
        if any(said):
            headers.append(name)
            columns.append(said * len(table.rows))
    for name in ("value", *UNCERTAINTY):
        if any(name in places for places in wide.results.values()):
            headers.append(name)
            columns.append(_interleaved(table, [at.get(name) for at in wide.results.values()]))
    return Table(
        table.file, headers, columns, [row for row in table.rows for _ in range(n)], table.top,
        {i: table.numbers[at] for i, at in enumerate(wide.others) if at in table.numbers},
        [*table.problems, *wide.found],
    )  # fmt: skip


def _interleaved(table: Table, places: Sequence[int | None]) -> list[str]:
    blank = repeat("", len(table.rows))
    cells = (blank if at is None else map(unpadded, table.columns[at]) for at in places)
    return list(chain.from_iterable(zip(*cells, strict=True)))
