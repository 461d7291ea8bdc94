"""XLSX: the first sheet as a table of text, with the row numbers the sheet shows."""

from dataclasses import replace
from pathlib import Path
from typing import Any

from fairlot._base.errors import InvalidInput
from fairlot.registers.problems import Problem, report
from fairlot.registers.table import Table, Unreadable, assemble
from fairlot.registers.written import count_numbers, written

__all__ = ["read_workbook"]


def read_workbook(path: Path) -> Table:
    """Return the table in the first sheet; a cell that shows an error is read as empty."""
    others, grid = _sheets(path)
    records = ((row, [written(cell) for cell in cells]) for row, cells in enumerate(grid, start=1))
    table = assemble(path.name, records, _other_sheets(path.name, list(others)))
    return replace(table, numbers=_numbers(grid, table.top), others=others)


def _sheets(path: Path) -> tuple[dict[str, list[str]], list[list[Any]]]:
    """Return the headers of every sheet but the first, by its name, and the cells of the first."""
    calamine = _calamine()
    try:
        book = calamine.CalamineWorkbook.from_path(path)
        # Keeping the empty rows at the top keeps the numbers the user sees.
        first, *others = map(book.get_sheet_by_index, range(len(book.sheet_names)))
        headers = {each.name: each.to_python(nrows=1) for each in others}
        grid = first.to_python(skip_empty_area=False)
    except calamine.CalamineError as error:
        raise Unreadable(report("file_kind", path.name, got=str(error), want="XLSX")) from None
    return {name: [written(c) for row in rows for c in row] for name, rows in headers.items()}, grid


def _calamine() -> Any:
    try:
        import python_calamine
    except ImportError:
        raise InvalidInput(
            'reading .xlsx needs python-calamine: pip install "fairlot[excel]", '
            "or save the sheet as CSV in UTF-8",
            zh='读取 .xlsx 需要 python-calamine：pip install "fairlot[excel]"，'
            "或将工作表另存为 UTF-8 编码的 CSV",
        ) from None
    return python_calamine


def _other_sheets(file: str, names: list[str]) -> list[Problem]:
    return [report("sheets", file, got=", ".join(names))] if names else []


def _numbers(grid: list[list[Any]], top: int) -> dict[int, tuple[int, int]]:
    """Return the columns that hold numbers below the header, see :class:`Table`."""
    body = grid[top:]
    rows = range(top + 1, top + 1 + len(body))
    counts = {at: count_numbers(column, rows) for at, column in enumerate(zip(*body, strict=True))}
    return {at: count for at, count in counts.items() if count}
