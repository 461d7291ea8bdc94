"""Results with a column for each measurand and sample, "铅 S1" or "Pb/S2 (mg/kg)", made long."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain, repeat
from typing import NamedTuple

from fairlot.registers.columns import Column
from fairlot.registers.header_of_results import (
    UNCERTAINTY,
    Head,
    Key,
    head_beside,
    head_of,
    spaced,
)
from fairlot.registers.headers import match_headers
from fairlot.registers.plain import unpadded
from fairlot.registers.problems import Problem, report
from fairlot.registers.table import Table

__all__ = ["Long", "long"]

PARTS = ("measurand", "level", "replicate", "unit")


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
    for the uncertainty of the result: "铅 S1 U". Beside a column of measurands it is a replicate,
    "结果1", or a level, "S1". Every row keeps its row number in the source.
    """
    names = match_headers(table.headers, columns)
    own = dict(zip(names, table.headers, strict=True))
    own.pop("", None)
    if "value" in own:
        return Long(table, [own])
    if "measurand" in own:
        wide = _beside_measurands(table, names, columns, known_keys)
    else:
        wide = _columns_of(table, names, known_keys)
    _refuse_shared(wide, table, names)
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
        text = spaced(header)
        # Uranium is U and potassium K: a measurand of the scheme comes before any other column.
        begin = next((m for m in measurands if text.startswith(m)), "")
        head = head_of(text, begin, keys) if begin and (text == begin or not name) else None
        if head:
            _place(wide, table, at, head)
        else:
            wide.others.append(at)
            like = begin or next((m for m in measurands if _begins(text, m)), "")
            if like and not name:
                wide.found.append(_told("header_level", table, header, f"{like} S1"))
    return wide


def _begins(text: str, measurand: str) -> bool:
    """Say whether a header begins with a measurand in other letters: "PB S1", not "Pbx".

    >>> _begins("PB S1", "Pb"), _begins("Cobalt", "Co")
    (True, False)
    """
    rest = text[len(measurand) :]
    return text.casefold().startswith(measurand.casefold()) and not rest[:1].isalpha()


def _beside_measurands(
    table: Table, names: Sequence[str], columns: Sequence[Column], keys: Collection[Key]
) -> _Wide:
    """Return the columns of results where one column has the measurands."""
    wide = _Wide()
    for at, (header, name) in enumerate(zip(table.headers, names, strict=True)):
        head = None if name else head_beside(spaced(header), columns, keys)
        if head is None or (head.level and "level" in names):
            wide.others.append(at)
        else:
            _place(wide, table, at, head)
            said = [f"{part} {getattr(head, part)}" for part in PARTS if getattr(head, part)]
            want = ", ".join([*said, head.field])
            wide.found.append(_told("header_read", table, header, want))
    return wide


def _refuse_shared(wide: _Wide, table: Table, names: Sequence[str]) -> None:
    """Refuse an uncertainty that would be that of several results."""
    results = list(dict.fromkeys(head[:2] for head in wide.results))
    for at in wide.others:
        if names[at] in ("u", "U") and len(results) > 1:
            want = " ".join(filter(None, (*results[0], names[at])))
            wide.found.append(_told("uncertainty_of_many", table, table.headers[at], want))


def _place(wide: _Wide, table: Table, at: int, head: Head) -> None:
    key = next((each for each in wide.results if each[:3] == head[:3]), None)
    places = wide.results.setdefault(key or head._replace(field="value"), {})
    if head.field in places:
        both = f"{table.headers[places[head.field]]}, {table.headers[at]}"
        wide.found.append(_told("header_duplicate", table, both))
    places[head.field] = at


def _told(code: str, table: Table, got: str, want: str = "") -> Problem:
    return report(code, table.file, row=table.top, got=got, want=want)


def _melted(table: Table, wide: _Wide) -> Table:
    """Return every row once for each of its results."""
    heads, n = list(wide.results), len(wide.results)
    headers = [table.headers[at] for at in wide.others]
    columns: list[Sequence[str]] = [
        [cell for cell in table.columns[at] for _ in range(n)] for at in wide.others
    ]
    for name in PARTS:
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
