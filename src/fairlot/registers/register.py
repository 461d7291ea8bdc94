"""One register of the 名录库: read, cleaned, and everything found in it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from fairlot._base.errors import InvalidInput
from fairlot.registers.checks import ADVISED, check_rows, lost_zeros
from fairlot.registers.cleaning import Value, empty_value, read_cells
from fairlot.registers.columns import KINDS, REGISTERS, Column
from fairlot.registers.headers import placed
from fairlot.registers.problems import SENTENCES, Finding, Problem, refuse
from fairlot.registers.reading import name_of, read_table
from fairlot.registers.table import Table, Unreadable

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Register", "clean_table", "empty", "inspect", "read", "read_columns"]


@dataclass(frozen=True, eq=False)
class Register:
    """A cleaned register.

    kind      one of ``KINDS``
    frame     every column of the register's schema, rows in the order of the source; ids, codes,
              texts, sectors (joined by ";"), classes, dates (YYYY-MM-DD) and decimals are str, ""
              where missing; integers int64, -1 where missing; flags bool
    problems  every repair, warning and error, in the order of rows
    source    name of the file, "" for a frame
    rows      row number in the source of each row of ``frame``
    """

    kind: str
    frame: pd.DataFrame
    problems: tuple[Problem, ...] = ()
    source: str = ""
    rows: Sequence[int] = ()

    def row_number(self, at: int) -> int:
        """Return the row number in the source of row ``at`` of the frame."""
        return self.rows[at] if self.rows else at + 1


def read(source: Any, kind: str) -> Register:
    """Return the cleaned register in ``source``, or refuse it with every problem found.

    source  path to .csv or .tsv (UTF-8; UTF-16 and GB18030 with a notice), .xlsx (first sheet) or
            .parquet, or a pandas, polars or pyarrow frame; headers in Chinese or English
    kind    one of "sites", "officers", "experts", "conflicts", "absences", "items", "history"

    Nothing is dropped or changed silently: repairs and warnings stand in ``Register.problems``.
    Raises InvalidInput when there is any error; its ``problems`` holds all of them.

    >>> import pandas as pd
    >>> table = pd.DataFrame({"场所编号": ["S1"], "检查日期": ["2021.10.12"]})
    >>> register = read(table, "history")
    >>> register.frame.loc[0, "visited"]
    '2021-10-12'
    >>> print(register.problems[0].text())
    row 1, S1, 检查日期: '2021.10.12' is not written year-month-day; read as 2021-10-12
    """
    register = inspect(source, kind)
    refuse(register.problems)
    return register


def inspect(source: Any, kind: str) -> Register:
    """Return what :func:`read` would, without refusing bad content.

    Where a cell is in error its value is the empty one or the text as written; rows with too many
    or too few cells are not in the frame. Only a missing file, an unknown kind or suffix raises.

    >>> import pandas as pd
    >>> [p.code for p in inspect(pd.DataFrame({"场所编号": ["S 1"]}), "history").problems]
    ['header_missing', 'id_alphabet']
    """
    frame, rows, problems = read_columns(source, _schema(kind), kind)
    return Register(kind, frame, problems, name_of(source), rows)


def empty(kind: str) -> Register:
    """Return the register of ``kind`` without rows.

    >>> len(empty("conflicts").frame)
    0
    """
    return Register(kind, _frame({column.name: [] for column in _schema(kind)}, _schema(kind)))


def _schema(kind: str) -> tuple[Column, ...]:
    if kind not in REGISTERS:
        raise InvalidInput(
            "kind is {got!r}; want one of {want}",
            zh="名录类型为 {got!r}，应为 {want} 之一",
            got=kind,
            want=", ".join(KINDS),
        )
    return REGISTERS[kind]


def read_columns(
    source: Any, schema: Sequence[Column], kind: str = ""
) -> tuple[pd.DataFrame, Sequence[int], tuple[Problem, ...]]:
    """Return the cleaned columns of ``schema`` in ``source``, their row numbers and problems.

    The rules between cells are those of ``kind``; "" knows none.
    """
    try:
        table = read_table(source)
    except Unreadable as unreadable:
        return _frame({c.name: [] for c in schema}, schema), (), (unreadable.problem,)
    return clean_table(table, schema, kind)


def clean_table(
    table: Table, schema: Sequence[Column], kind: str = ""
) -> tuple[pd.DataFrame, Sequence[int], tuple[Problem, ...]]:
    """Return what :func:`read_columns` would, of a table that is read already."""
    advised = ADVISED.get(kind, ())
    at, found = placed(table, schema, advised)
    values, cells = _cleaned(table, schema, at)
    found += cells
    for name in filter(at.__contains__, advised):
        found += [Finding("blank", i, name) for i, value in enumerate(values[name]) if not value]
    if kind:
        found += check_rows(kind, values, table.rows)
    return _frame(values, schema), table.rows, _problems(table, schema, at, values, found)


def _cleaned(
    table: Table, schema: Sequence[Column], at: dict[str, int]
) -> tuple[dict[str, list[Value]], list[Finding]]:
    values: dict[str, list[Value]] = {}
    found: list[Finding] = []
    for column in schema:
        if column.name in at:
            values[column.name], problems = _column(table, column, at[column.name])
            found += problems
        else:
            values[column.name] = [empty_value(column)] * len(table.rows)
    return values, found


def _column(table: Table, column: Column, at: int) -> tuple[list[Value], list[Finding]]:
    raw = table.columns[at]
    values, flagged = read_cells(column, raw)
    at_fault = (i for i, text in enumerate(raw) if text in flagged) if flagged else ()
    found = [
        Finding(flagged[raw[i]].code, i, column.name, raw[i], flagged[raw[i]].want)
        for i in at_fault
    ]
    if column.read in ("id", "code"):
        found += lost_zeros(column.name, values)
        found += _number_cells(table, column, at)
    return values, found


def _number_cells(table: Table, column: Column, at: int) -> list[Finding]:
    if at not in table.numbers:
        return []
    count, row = table.numbers[at]
    return [Finding("id_number_cells", table.rows.index(row), column.name, str(count))]


def _frame(values: dict[str, list[Value]], schema: Sequence[Column]) -> pd.DataFrame:
    import pandas as pd

    kinds = {"integer": "int64", "flag": "bool"}
    return pd.DataFrame(
        {c.name: pd.Series(values[c.name], dtype=kinds.get(c.read, "object")) for c in schema}
    )


def _problems(
    table: Table,
    schema: Sequence[Column],
    at: dict[str, int],
    values: dict[str, list[Value]],
    found: Sequence[Finding],
) -> tuple[Problem, ...]:
    """Return all problems in the order of rows, then of the schema's columns."""
    ids = values[schema[0].name]
    order = {column.name: place for place, column in enumerate(schema)}
    headers = {name: table.headers[position] for name, position in at.items()}

    def problem(finding: Finding) -> Problem:
        code, i, column, got, want = finding
        row, name = (table.top, "") if i is None else (table.rows[i], str(ids[i]))
        header = headers.get(column, "")
        return Problem(SENTENCES[code][0], code, table.file, row, column, name, got, want, header)

    every = [*table.problems, *map(problem, found)]
    return tuple(sorted(every, key=lambda p: (p.row, order.get(p.column, -1))))
