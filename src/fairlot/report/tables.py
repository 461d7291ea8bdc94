"""The published lists as a report reads them: rows of text, checked for their columns once."""

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass, fields
from decimal import Decimal
from fractions import Fraction

from fairlot._base.errors import InvalidInput

__all__ = ["CITY", "Bureau", "Row", "read_coverage", "read_rows"]

Row = dict[str, str]
CITY = "*"
"""The bureau_id of the city's own row."""


@dataclass(frozen=True, slots=True)
class Bureau:
    """One row of coverage.csv; ``floor`` counts sites to draw beside those already ``counted``."""

    bureau_id: str
    roster: int
    base: int
    counted: int
    take_all: int
    floor: int
    ceiling: int
    quota: int
    drawn: int
    share: str

    @property
    def is_city(self) -> bool:
        """Whether this row is the whole city's."""
        return self.bureau_id == CITY

    @property
    def met(self) -> bool:
        """Whether as many sites were drawn as the floor asks for."""
        return self.drawn >= self.floor

    @property
    def margin(self) -> Fraction:
        """How far the share drawn lies above the floor's."""
        return Fraction(self.drawn - self.floor, max(self.base, 1))

    @property
    def percent(self) -> str:
        """The share as the file gives it, in percent; a share of nothing is a dash."""
        return f"{Decimal(self.share) * 100:.2f}%" if self.share else "–"


def read_coverage(data: bytes) -> tuple[Bureau, ...]:
    """Return the rows of coverage.csv; refuse it without its columns, whole numbers or city row."""
    columns = [field.name for field in fields(Bureau)]
    rows = read_rows("coverage.csv", data, columns)
    found = tuple(_bureau(line, row) for line, row in enumerate(rows, 2))
    if [row.is_city for row in found].count(True) != 1:
        raise InvalidInput("coverage.csv has no single row {want} for the city",
                           zh="coverage.csv 应有且仅有一行 {want}（全市）", want=CITY)  # fmt: skip
    return found


def read_rows(name: str, data: bytes, columns: Sequence[str]) -> list[Row]:
    """Return the rows of a published CSV as they were before ``public.csv_bytes``, all text.

    Refuses a file that is not UTF-8 or lacks a column.
    """
    try:
        text = io.StringIO(data.decode("utf-8-sig"), newline="")
    except UnicodeDecodeError:
        raise InvalidInput("{file} is not UTF-8", zh="{file} 不是 UTF-8 编码", file=name) from None
    reader = csv.DictReader(text, restval="")
    missing = [column for column in columns if column not in (reader.fieldnames or ())]
    if missing:
        raise InvalidInput("{file} lacks the columns {list}", zh="{file} 缺少列 {list}",
                           file=name, list=", ".join(missing))  # fmt: skip
    names = reader.fieldnames or ()
    return [{name: row[name].removeprefix("'") for name in names} for row in reader]


def _bureau(line: int, row: Row) -> Bureau:
    numbers = {field.name: field.name for field in fields(Bureau) if field.type is int}
    cells = {name: _whole(line, name, row[name]) for name in numbers}
    return Bureau(bureau_id=row["bureau_id"], share=_share(line, row["share"]), **cells)


def _whole(line: int, column: str, got: str) -> int:
    if not (got.isascii() and got.isdigit()):
        raise _not(line, column, got, "a whole number", "非负整数")
    return int(got)


def _share(line: int, got: str) -> str:
    if got and not (got.isascii() and got.replace(".", "", 1).isdigit()):
        raise _not(line, "share", got, "a plain decimal", "小数")
    return got


def _not(line: int, column: str, got: str, want: str, want_zh: str) -> InvalidInput:
    return InvalidInput(
        "coverage.csv line {line}: {column} is {got!r}; want {want}",
        zh="coverage.csv 第 {line} 行：{column} 为 {got!r}，应为{want_zh}",
        line=line, column=column, got=got, want=want, want_zh=want_zh,
    )  # fmt: skip
