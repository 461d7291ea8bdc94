"""CSV and TSV: the encoding found out, the records with the line each begins on."""

import codecs
import csv
import io
from collections.abc import Iterator
from pathlib import Path

from fairlot.registers.problems import Problem, report
from fairlot.registers.table import Record, Table, Unreadable, assemble

__all__ = ["DELIMITERS", "read_delimited"]

DELIMITERS = {".csv": ",", ".tsv": "\t"}

WANTED = "utf-8"

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig", "utf-8 (BOM)"),
    (codecs.BOM_UTF16_LE, "utf-16", "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16", "utf-16"),
)

_SIGNATURES = (
    (b"PK\x03\x04", "zip (.xlsx)"),
    (b"\xd0\xcf\x11\xe0", "Office 97 (.xls)"),
    (b"PAR1", "Parquet"),
    (b"%PDF", "PDF"),
)


def read_delimited(path: Path) -> Table:
    """Return the table in a CSV or TSV file of UTF-8 or, with a notice, UTF-16 or GB18030 (GBK)."""
    data = path.read_bytes()
    _refuse_binary(data, path.name)
    text, problems = _decoded(data, path.name)
    _refuse_nul(text, path.name)
    delimiter = DELIMITERS[path.suffix.lower()]
    return assemble(path.name, _records(text, path.name, delimiter), problems)


def _refuse_binary(data: bytes, file: str) -> None:
    for signature, kind in _SIGNATURES:
        if data.startswith(signature):
            raise Unreadable(report("file_kind", file, got=kind, want="CSV / TSV"))


def _decoded(data: bytes, file: str) -> tuple[str, list[Problem]]:
    for mark, encoding, name in _MARKS:
        if data.startswith(mark):
            return _decode(data, encoding, file), [_notice(file, name)]
    try:
        return data.decode("utf-8"), []
    except UnicodeDecodeError:
        return _decode(data, "gb18030", file), [_notice(file, "gb18030 (GBK)")]


def _decode(data: bytes, encoding: str, file: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError:
        raise Unreadable(report("encoding_unknown", file, want=WANTED)) from None


def _notice(file: str, encoding: str) -> Problem:
    return report("encoding", file, got=encoding, want=WANTED)


def _refuse_nul(text: str, file: str) -> None:
    at = text.find("\0")
    if at >= 0:
        raise Unreadable(report("nul", file, row=text.count("\n", 0, at) + 1))


def _records(text: str, file: str, delimiter: str) -> Iterator[Record]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    row = 1
    try:
        for cells in reader:
            # A tuple of text, unlike a list, costs the garbage collector nothing.
            yield row, tuple(cells)
            row = reader.line_num + 1
    except csv.Error as error:
        raise Unreadable(report("csv_syntax", file, row=row, got=str(error))) from None
