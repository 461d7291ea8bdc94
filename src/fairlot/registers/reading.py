"""From a path or a frame to a table of text."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

from fairlot._base.errors import InvalidInput
from fairlot.registers.delimited import read_delimited
from fairlot.registers.frames import read_frame, read_parquet
from fairlot.registers.problems import report
from fairlot.registers.table import Table, Unreadable
from fairlot.registers.workbook import read_workbook

__all__ = ["MAX_BYTES", "SUFFIXES", "name_of", "read_table"]

MAX_BYTES = 512 * 2**20

_READERS: dict[str, Callable[[Path], Table]] = {
    ".csv": read_delimited,
    ".tsv": read_delimited,
    ".xlsx": read_workbook,
    ".parquet": read_parquet,
}

SUFFIXES = tuple(_READERS)


def name_of(source: Any) -> str:
    """Return the name of the file ``source`` points to, "" for a frame."""
    return Path(source).name if isinstance(source, str | os.PathLike) else ""


def read_table(source: Any) -> Table:
    """Return the table in ``source``: a path (.csv, .tsv, .xlsx, .parquet) or a frame.

    Raises Unreadable when the content is no table, OSError when there is no such file, and
    InvalidInput when ``source`` is of no kind that could be read.
    """
    return _read_path(Path(source)) if name_of(source) else read_frame(source)


def _read_path(path: Path) -> Table:
    reader = _READERS.get(path.suffix.lower())
    if reader is None:
        raise InvalidInput(
            "{file} ends in '{got}'; want {want}",
            zh="{file} 的扩展名为“{got}”，应为 {want}",
            file=path.name,
            got=path.suffix,
            want=", ".join(SUFFIXES),
        )
    size = path.stat().st_size
    if size > MAX_BYTES:
        raise Unreadable(report("file_large", path.name, got=f"{size:,}", want=f"{MAX_BYTES:,}"))
    return reader(path)
