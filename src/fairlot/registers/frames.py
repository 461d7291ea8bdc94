"""Frames of pandas, polars and pyarrow, and Parquet files, as tables of text."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from fairlot._base.errors import InvalidInput
from fairlot.registers.problems import report
from fairlot.registers.table import MAX_ROWS, Table, Unreadable
from fairlot.registers.written import count_numbers, written

__all__ = ["read_frame", "read_parquet"]


def read_parquet(path: Path) -> Table:
    """Return the table in a Parquet file."""
    from pyarrow import ArrowException
    from pyarrow.parquet import ParquetFile

    # The file is opened here so that an OSError below is Arrow's word for a damaged page.
    with path.open("rb") as opened:
        try:
            file = ParquetFile(opened)
            _refuse_long(file.metadata.num_rows, path.name)
            _refuse_twice(file.schema_arrow.names, path.name)
            table = file.read()
        except (ArrowException, OSError) as error:
            problem = report("file_kind", path.name, got=str(error).split(":")[0], want="Parquet")
            raise Unreadable(problem) from None
    return read_frame(table, path.name)


def read_frame(frame: Any, file: str = "") -> Table:
    """Return the table in a pandas, polars or pyarrow frame; its row numbers begin at 1."""
    headers, columns, missing = _parts(frame)
    if not columns:
        raise Unreadable(report("file_empty", file))
    _refuse_long(len(columns[0]), file)
    rows = range(1, len(columns[0]) + 1)
    texts = [_texts(values, gaps) for values, gaps in zip(columns, missing, strict=True)]
    counts = {at: count_numbers(values, rows) for at, values in enumerate(columns)}
    return Table(file, headers, texts, rows, numbers={at: n for at, n in counts.items() if n})


def _parts(frame: Any) -> tuple[list[str], list[list[Any]], list[list[bool]]]:
    """Return headers, values, and which values are missing."""
    import narwhals as nw

    try:
        series = list(nw.from_native(frame, eager_only=True).iter_columns())
    except (TypeError, nw.exceptions.DuplicateError) as error:
        raise InvalidInput(
            "source is {got}; want a path or a pandas, polars or pyarrow frame with one column "
            "of each name: {why}",
            zh="来源为 {got}，应为文件路径或列名不重复的 pandas、polars、pyarrow 表：{why}",
            got=type(frame).__name__,
            why=str(error).splitlines()[0],
        ) from None
    names = [str(column.name) for column in series]
    return names, [c.to_list() for c in series], [c.is_null().to_list() for c in series]


def _texts(values: Sequence[Any], missing: Sequence[bool]) -> list[str]:
    return ["" if gap else written(v) for v, gap in zip(values, missing, strict=True)]


def _refuse_twice(names: Sequence[str], file: str) -> None:
    twice = [name for name in names if names.count(name) > 1]
    if twice:
        raise Unreadable(report("header_duplicate", file, got=", ".join(twice)))


def _refuse_long(rows: int, file: str) -> None:
    if rows > MAX_ROWS:
        raise Unreadable(report("rows_many", file, want=f"{MAX_ROWS:,}"))
