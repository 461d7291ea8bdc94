"""The published lists: CSV that spreadsheets open and nobody can turn into formulas."""

import csv
import io
from typing import Any

import pandas as pd

__all__ = ["csv_bytes", "csv_rows"]

# What a spreadsheet runs or hides at the start of a cell; the apostrophe itself, so that a name
# that begins with one can be told apart.
FORMULAS = ("=", "+", "-", "@", "\t", "\r", "\n", "'")


def csv_bytes(table: pd.DataFrame) -> bytes:
    """Return a table as CSV that spreadsheets open: UTF-8 with its mark, CRLF line ends.

    A text that a spreadsheet would run as a formula is published behind an apostrophe.
    """
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(table.columns)
    columns = [_harmless(table[name].tolist()) for name in table.columns]
    writer.writerows(zip(*columns, strict=True))
    return text.getvalue().encode("utf-8-sig")


def csv_rows(data: bytes) -> list[dict[str, str]]:
    """Return the rows that :func:`csv_bytes` wrote, as text, each apostrophe taken off again.

    >>> csv_rows(csv_bytes(pd.DataFrame({"id": ["-1", "'"], "seats": [2, 3]})))
    [{'id': '-1', 'seats': '2'}, {'id': "'", 'seats': '3'}]
    """
    rows = csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline=""))
    return [{name: cell.removeprefix("'") for name, cell in row.items()} for row in rows]


def _harmless(column: list[Any]) -> list[Any]:
    return [
        f"'{cell}" if isinstance(cell, str) and cell.startswith(FORMULAS) else cell
        for cell in column
    ]
