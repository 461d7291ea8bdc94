"""The tables of a round as one workbook, a sheet a table, in which no text becomes a formula."""

import io
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from fairlot._base.errors import InvalidInput
from fairlot.proficiency import Round, tables
from fairlot.proficiency.pictured import tone
from fairlot.report.pt_words import language_of

__all__ = ["pt_workbook"]

SHEETS = {
    "levels": "样品水平",
    "scores": "比分数",
    "verdicts": "结论",
    "orders": "整改",
    "choices": "说明",
    "problems": "问题",
}
"""Name of every table in Chinese."""

COLOURS = {
    "g1": {"bg_color": "#ffe9b8", "font_color": "#7a4a00"},
    "g2": {"bg_color": "#f9cfca", "font_color": "#8c1d18"},
}
AS_TEXT = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False,
           "strings_to_numbers": False}  # fmt: skip
NARROWEST, WIDEST = 8, 60


def pt_workbook(found: Round, *, lang: str = "en") -> bytes:
    """Return the tables of a round as an XLSX file; the same round gives the same bytes.

    lang  "en" or "zh", of headers and words

    Every text is a text, also where it begins like a formula; bad grades and verdicts are coloured.
    Needs XlsxWriter, and raises InvalidInput without it.
    """
    writer, held = _writer(), io.BytesIO()
    chinese = language_of(lang) == "zh"
    book = writer.Workbook(held, AS_TEXT)
    book.set_properties({"created": datetime.fromisoformat(found.scheme.issued)})
    head = book.add_format({"bold": True, "bottom": 1})
    colours = _colours(book, found)
    for name, frame in tables(found, lang).items():
        sheet = book.add_worksheet(SHEETS[name] if chinese else name)
        sheet.freeze_panes(1, 1)
        for at, header in enumerate(frame.columns):
            sheet.write_string(0, at, str(header), head)
            _write(sheet, at, frame[header].tolist(), colours)
            sheet.set_column(at, at, _width(str(header), frame[header].tolist()))
    book.close()
    return held.getvalue()


def _writer() -> Any:
    try:
        import xlsxwriter
    except ImportError:
        raise InvalidInput(
            'writing .xlsx needs XlsxWriter: pip install "fairlot[excel]"',
            zh='写出 .xlsx 需要 XlsxWriter：pip install "fairlot[excel]"',
        ) from None
    return xlsxwriter


def _colours(book: Any, found: Round) -> Mapping[str, Any]:
    """Return label -> format of the grades and verdicts that are not the best."""
    scales = found.scheme.grades_e_n.labels, found.scheme.grades.labels
    kinds = {label: tone(i, len(labels)) for labels in scales for i, label in enumerate(labels)}
    kinds[found.scheme.verdict.labels[1]] = "g2"
    return {
        label: book.add_format(COLOURS[kind]) for label, kind in kinds.items() if kind in COLOURS
    }


def _write(sheet: Any, at: int, cells: list[Any], colours: Mapping[str, Any]) -> None:
    for row, cell in enumerate(cells, start=1):
        if isinstance(cell, str):
            sheet.write_string(row, at, cell, colours.get(cell))
        elif cell == cell:  # what is missing is not equal to itself
            sheet.write_number(row, at, cell)


def _width(header: str, cells: list[Any]) -> int:
    """Return a width in characters; a Chinese one takes two."""
    texts = [header, *(cell for cell in cells if isinstance(cell, str))]
    widest = max(sum(1 + (letter > "\u2e7f") for letter in text) for text in texts)
    return min(max(NARROWEST, widest + 2), WIDEST)
