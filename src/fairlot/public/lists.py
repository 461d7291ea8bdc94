"""The published lists: CSV that spreadsheets open and nobody can turn into formulas."""

import csv
import io
from typing import Any

import pandas as pd

from fairlot._base.errors import InvalidInput
from fairlot.public.folder import SPEC

__all__ = ["csv_bytes", "csv_rows", "list_bytes"]

# What a spreadsheet runs or hides at the start of a cell; the apostrophe itself, so that a name
# that begins with one can be told apart.
FORMULAS = ("=", "+", "-", "@", "\t", "\r", "\n", "'")


def list_bytes(name: str, table: pd.DataFrame) -> bytes:
    """Return a list of a record: as :func:`csv_bytes`, its format and row numbers first.

    >>> list_bytes("drawn", pd.DataFrame({"site_id": ["S1"]})).decode("utf-8-sig")
    'fairlot.draw/v1 drawn,site_id\\r\\n1,S1\\r\\n'
    """
    numbered = table.copy(deep=False)
    numbered.insert(0, f"{SPEC} {name}", range(1, len(table) + 1))
    return csv_bytes(numbered)


def csv_bytes(table: pd.DataFrame) -> bytes:
    """Return a table as CSV that spreadsheets open: UTF-8 with its mark, CRLF line ends.

    A text that a spreadsheet would run as a formula is published behind an apostrophe.
    """
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(table.columns)
    # As objects first: a column of text may be kept by Arrow, which gives out one cell at a time.
    columns = [_harmless(table[name].to_numpy(object).tolist()) for name in table.columns]
    writer.writerows(zip(*columns, strict=True))
    return text.getvalue().encode("utf-8-sig")


def csv_rows(data: bytes) -> list[dict[str, str]]:
    """Return the rows that :func:`csv_bytes` wrote, as text, each apostrophe taken off again.

    >>> csv_rows(csv_bytes(pd.DataFrame({"id": ["-1", "'"], "seats": [2, 3]})))
    [{'id': '-1', 'seats': '2'}, {'id': "'", 'seats': '3'}]
    """
    try:
        head, *rows = csv.reader(io.StringIO(data.decode("utf-8-sig"), newline=""), strict=True)
        cells = [[cell.removeprefix("'") for cell in row] for row in rows]
        return [dict(zip(head, row, strict=True)) for row in cells]
    except (ValueError, csv.Error) as error:
        raise InvalidInput(
            "not a list: {why}", zh="不是有效的名单：{why}", why=str(error)[:200]
        ) from None


def _harmless(column: list[Any]) -> list[Any]:
    kinds = set(map(type, column))
    if str not in kinds or (kinds == {str} and {cell[:1] for cell in column}.isdisjoint(FORMULAS)):
        return column
    return [
        f"'{cell}" if isinstance(cell, str) and cell.startswith(FORMULAS) else cell
        for cell in column
    ]
