"""Which column of a table is which column of the register."""

import unicodedata
from collections.abc import Iterator, Sequence

from fairlot.registers.columns import Column
from fairlot.registers.problems import Finding
from fairlot.registers.table import Table

__all__ = ["match_headers", "placed"]


def _folded(header: str) -> str:
    """Return ``header`` without what people vary: width, case, spaces, hyphens, underscores."""
    text = unicodedata.normalize("NFKC", header).casefold().strip("\ufeff")
    return "".join(text.split()).replace("_", "").replace("-", "")


def match_headers(headers: Sequence[str], columns: Sequence[Column]) -> list[str]:
    """Return the field name each header stands for, "" where it is none of ``columns``.

    >>> from fairlot.registers.columns import REGISTERS
    >>> match_headers(["场所编号", "Credit Class", "备注"], REGISTERS["sites"])
    ['site_id', 'credit_class', '']
    """
    written = {h: column.name for column in columns for h in (column.name, *column.zh)}
    folded = {_folded(h): name for h, name in written.items()}
    # As written first: u is a standard uncertainty and U an expanded one.
    return [written.get(h.strip(), folded.get(_folded(h), "")) for h in headers]


def placed(
    table: Table, columns: Sequence[Column], advised: Sequence[str]
) -> tuple[dict[str, int], list[Finding]]:
    """Return field name -> position in the table, and what is wrong with the headers."""
    names = match_headers(table.headers, columns)
    at = {name: position for position, name in reversed(list(enumerate(names))) if name}
    found = [*_unknown(table, names), *_repeated(table, names)]
    found += [_absent(table, column, advised) for column in columns if column.name not in at]
    return at, [finding for finding in found if finding.code]


def _unknown(table: Table, names: Sequence[str]) -> Iterator[Finding]:
    for position, (header, name) in enumerate(zip(table.headers, names, strict=True), start=1):
        # A header-less column without content is what a trailing comma leaves behind.
        if not name and (header.strip() or any(map(str.strip, table.columns[position - 1]))):
            yield Finding("header_unknown", None, "", header.strip() or f"(column {position})")


def _repeated(table: Table, names: Sequence[str]) -> Iterator[Finding]:
    for name in dict.fromkeys(filter(None, names)):
        same = [h for h, n in zip(table.headers, names, strict=True) if n == name]
        if len(same) > 1:
            yield Finding("header_duplicate", None, name, ", ".join(same))


def _absent(table: Table, column: Column, advised: Sequence[str]) -> Finding:
    if column.required:
        want = " / ".join((column.name, *column.zh))
        return Finding("header_missing", None, column.name, ", ".join(table.headers), want)
    if column.default:
        return Finding("column_default", None, column.name, "", column.default)
    return Finding("column_absent" if column.name in advised else "", None, column.name)
