"""What was found in a register: every repair, warning and error, with its place and its words.

An ``error`` stops the reading, a ``warning`` lets it pass, a ``repair`` says what was read instead
of what was written. The table ``SENTENCES`` holds all codes with their English and Chinese text.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

from fairlot._base.errors import InvalidInput
from fairlot.registers.sentences_of_cells import OF_CELLS, Sentence, Severity
from fairlot.registers.sentences_of_results import OF_RESULTS
from fairlot.registers.sentences_of_rows import OF_ROWS

__all__ = ["SENTENCES", "Finding", "Problem", "Severity", "refuse", "report"]

SHOWN = 20
"""Errors spelt out in one refusal; the exception carries all of them."""

WIDEST = 60
"""Characters of a cell shown in a sentence."""

SENTENCES: dict[str, Sentence] = {**OF_CELLS, **OF_ROWS, **OF_RESULTS}
"""Code -> severity, English sentence, Chinese sentence."""

_EMPTY = {"en": "empty", "zh": "空"}


class Finding(NamedTuple):
    """A problem before its place in the file is known: ``at`` counts the rows of the frame.

    ``at`` is None for what concerns the header or the whole table.
    """

    code: str
    at: int | None
    column: str
    got: str = ""
    want: str = ""


@dataclass(frozen=True, slots=True)
class Problem:
    """One repair, warning or error of a register.

    severity  "error", "warning" or "repair"
    code      name of the kind of problem, a key of ``SENTENCES``
    file      name of the file, "" for a frame
    row       line or sheet row where the record begins, the header included; for a frame the
              number of the row, from 1; 0 for the table as a whole
    column    field name of the column, "" for a whole row
    id        what the first column of the register holds in that row
    got       what was written
    want      what was wanted, or read instead
    header    header of the column as the file has it
    """

    severity: Severity
    code: str
    file: str
    row: int
    column: str
    id: str
    got: str
    want: str
    header: str = ""

    def text(self, lang: str = "en") -> str:
        """Return the problem as one line in ``lang`` ("en" or "zh").

        >>> Problem("error", "flag", "a.csv", 7, "active", "P01", "maybe", "yes or no").text()
        "a.csv row 7, P01, active: 'maybe' is neither yes nor no; want yes or no"
        """
        return f"{self.place(lang)}{': ' if lang == 'en' else '：'}{self.sentence(lang)}"

    def place(self, lang: str = "en") -> str:
        """Return where it is: file, row, id and column, as far as there are such."""
        row = ("row {}" if lang == "en" else "第{}行").format(self.row) if self.row else ""
        file_row = " ".join(filter(None, (self.file, row)))
        names = (file_row, self.id, self.header or self.column)
        return (", " if lang == "en" else "，").join(filter(None, names)) or "table"

    def sentence(self, lang: str = "en") -> str:
        """Return what it is, without the place."""
        _, en, zh = SENTENCES[self.code]
        sentence = en if lang == "en" else zh
        return sentence.format(got=_short(self.got), want=self.want or _EMPTY[lang])


def _short(text: str) -> str:
    return text if len(text) <= WIDEST else text[: WIDEST - 1] + "…"


def report(code: str, file: str, *, row: int = 0, got: str = "", want: str = "") -> Problem:
    """Return the problem of a whole file or row, with the severity its code has."""
    return Problem(SENTENCES[code][0], code, file, row, "", "", got, want)


def refuse(problems: Iterable[Problem]) -> None:
    """Raise InvalidInput when any of ``problems`` is an error; it carries *all* problems."""
    every = tuple(problems)
    errors = [problem for problem in every if problem.severity == "error"]
    if errors:
        raise InvalidInput(
            "errors: {count}\n{lines}",
            zh="错误 {count} 处\n{lines_zh}",
            count=len(errors),
            lines=_lines(errors, "en", "... and {} more"),
            lines_zh=_lines(errors, "zh", "……另有 {} 处"),
            problems=every,
        )


def _lines(errors: list[Problem], lang: str, more: str) -> str:
    shown = [error.text(lang) for error in errors[:SHOWN]]
    left = len(errors) - len(shown)
    return "\n".join([*shown, more.format(left)] if left else shown)
