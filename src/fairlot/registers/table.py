"""A table as it stands in a source: headers, columns of text, and the row number of each row."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from fairlot.registers.problems import Problem, report

__all__ = ["MAX_ROWS", "Table", "Unreadable", "assemble"]

MAX_ROWS = 2_000_000

Record = tuple[int, Sequence[str]]
"""Row number and cells."""


class Unreadable(Exception):
    """No table could be made of the source; ``problem`` says why."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.text())
        self.problem = problem


@dataclass(frozen=True, slots=True)
class Table:
    """Text read from a source, before anything is made of it.

    file      name of the file, "" for a frame
    headers   as written, one a column
    columns   the cells of each column
    rows      row number in the source, one a row
    top       row number of the header, 0 for a frame
    numbers   column position -> (how many cells hold a number, row number of the first)
    others    the sheets that were not read: name -> headers
    problems  what was found while reading
    """

    file: str
    headers: Sequence[str]
    columns: Sequence[Sequence[str]]
    rows: Sequence[int]
    top: int = 0
    numbers: dict[int, tuple[int, int]] = field(default_factory=dict)
    problems: Sequence[Problem] = ()
    others: Mapping[str, Sequence[str]] = field(default_factory=dict)


def assemble(file: str, records: Iterable[Record], problems: Sequence[Problem] = ()) -> Table:
    """Return the table whose header is the first record with content.

    Rows without content are left out and listed; rows longer or shorter than the header are errors.
    """
    found = list(problems)
    filled = _filled(file, records, found)
    top, headers = next(filled, (0, ()))
    if not headers:
        raise Unreadable(report("file_empty", file))
    body = list(_even(file, filled, len(headers), found))
    columns = list(zip(*(cells for _, cells in body), strict=True)) or [()] * len(headers)
    return Table(file, list(headers), columns, [row for row, _ in body], top, problems=found)


def _filled(file: str, records: Iterable[Record], found: list[Problem]) -> Iterator[Record]:
    """Yield the records with content; add one repair to ``found`` for each run without."""
    blank = 0
    for row, cells in records:
        if any(map(str.strip, cells)):
            if blank:
                found.append(report("blank_rows", file, row=row - blank, got=str(blank)))
            blank = 0
            yield row, cells
        else:
            blank += 1


def _even(
    file: str, records: Iterable[Record], width: int, found: list[Problem]
) -> Iterator[Record]:
    """Yield the records of ``width`` cells; add one error to ``found`` for each other."""
    for count, (row, cells) in enumerate(records, start=1):
        if count > MAX_ROWS:
            raise Unreadable(report("rows_many", file, want=f"{MAX_ROWS:,}"))
        if len(cells) == width:
            yield row, cells
        else:
            found.append(report("ragged", file, row=row, got=str(len(cells)), want=str(width)))
