"""A table of results while it is read: its columns, and what was found in them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from fairlot.registers.problems import SENTENCES, Problem

__all__ = ["Key", "Sheet"]

Key = tuple[str, str]
"""Measurand and level; level "" stands for all of them."""


@dataclass(eq=False)
class Sheet:
    """The columns by name, a row a result; whoever reads one puts it back cleaned.

    rows     row number in the source of each row, none for 1, 2, ...
    headers  field -> header in the source; row i has those at i modulo their number
    powers   the power of ten by which the value of each row was turned
    """

    columns: dict[str, list[Any]]
    file: str
    rows: Sequence[int]
    headers: Sequence[Mapping[str, str]]
    problems: list[Problem]
    powers: list[int] = field(default_factory=list)

    @property
    def keys(self) -> list[Key]:
        """Measurand and level of every row."""
        return list(zip(self.columns["measurand"], self.columns["level"], strict=True))

    def row(self, i: int) -> int:
        """Return the row number in the source of row i."""
        return self.rows[i] if self.rows else i + 1

    def tell(self, i: int, column: str, code: str, got: str = "", want: str = "") -> None:
        """Add a problem of row i."""
        severity, lab = SENTENCES[code][0], str(self.columns["lab"][i])
        header = self.headers[i % len(self.headers)].get(column, "")
        self.problems.append(
            Problem(severity, code, self.file, self.row(i), column, lab, got, want, header)
        )
