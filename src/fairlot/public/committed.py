"""The registers of a record: rows as lines that people read, leaves that bind them, one root each.

A register is one table, but for the sites, which are two, row for row: ``standings`` (public:
what the selection uses) and ``sites`` (private: why). The fields of every table are salted with a
key of its own (see ``rows``), so a view shows what it shows and still fits the one root.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from fairlot._base.errors import InvalidInput, VerificationError, within
from fairlot.planning.deciding import SCHEMAS, check_table
from fairlot.public import canonical, merkle, rows
from fairlot.public.folder import SPEC, TABLES
from fairlot.public.opened_row import hexed
from fairlot.public.suite import HASH, Suite

__all__ = [
    "REGISTERS",
    "Commitment",
    "columns_of",
    "commit",
    "private_of",
    "read_sheet",
    "sheet",
]

Bytes = NDArray[np.uint8]

REGISTERS = {
    "sites": "standings", "officers": "officers", "experts": "experts", "conflicts": "conflicts",
    "absences": "absences", "items": "items",
}  # fmt: skip
"""Each register that is committed to, and its public table."""

MAX_ROWS = 2_000_000
DTYPES: Mapping[type, Any] = {str: object, int: "int64", bool: bool}


@dataclass(frozen=True, slots=True)
class Commitment:
    """One register as it is bound: a leaf for every row, and their root."""

    leaves: Bytes
    root: bytes

    def announced(self) -> dict[str, canonical.Json]:
        """Return what the announcement says of it."""
        return {"rows": len(self.leaves), "root": self.root.hex()}


def commit(
    frames: Mapping[str, pd.DataFrame], keys: Mapping[str, bytes], suite: Suite
) -> dict[str, Commitment]:
    """Return every register's commitment.

    frames  by the names of ``TABLES``; ``standings`` may have a column ``private`` with the private
            digests, and then ``sites`` is not looked at
    keys    the 32 bytes that salt each table
    """
    return {register: _commit(register, frames, keys, suite) for register in REGISTERS}


def private_of(frame: pd.DataFrame, key: bytes, suite: Suite) -> Bytes:
    """Return the private digest of every row of ``sites``."""
    digests = rows.field_digests(columns_of(frame, "sites"), key, suite)
    return rows.private_digests(digests, suite)


def columns_of(frame: pd.DataFrame, name: str) -> dict[str, list[Any]]:
    """Return the columns that a table commits to, in the order of its schema."""
    return {column: frame[column].tolist() for column in SCHEMAS[name]}


def _commit(
    register: str, frames: Mapping[str, pd.DataFrame], keys: Mapping[str, bytes], suite: Suite
) -> Commitment:
    name = REGISTERS[register]
    digests = rows.field_digests(columns_of(frames[name], name), keys[name], suite)
    private = _private(frames, keys, suite) if register == "sites" else None
    leaves = rows.leaves(digests, private, suite)
    return Commitment(leaves, merkle.root(leaves, suite))


def _private(frames: Mapping[str, pd.DataFrame], keys: Mapping[str, bytes], suite: Suite) -> Bytes:
    if "private" in frames["standings"]:
        closed = b"".join(hexed(each, HASH) for each in frames["standings"]["private"].tolist())
        return np.frombuffer(closed, np.uint8).reshape(-1, HASH)
    return private_of(frames["sites"], keys["sites"], suite)


def sheet(name: str, frame: pd.DataFrame) -> bytes:
    """Return a table as a file: its format on the first line, one canonical object a row."""
    columns = {column: frame[column].tolist() for column in _schema(name, frame)}
    return b"\n".join([_head(name), *canonical.table_lines(columns), b""])


def read_sheet(
    files: Mapping[str, bytes], name: str, schema: Mapping[str, type] | None = None
) -> pd.DataFrame:
    """Return the table of ``name``.jsonl; refuse rows that no plan could have put there.

    schema  the columns, where they are not those of the table's own (see ``SCHEMAS``)
    """
    file = f"{name}.jsonl"
    if file not in files:
        raise InvalidInput("{file} is missing", zh="缺少 {file}", file=file)
    with within(file):
        head, found, body = files[file].partition(b"\n")
        if head != _head(name) or not found:
            raise VerificationError("begins with {got!r}; want {want!r}",
                                    zh="首行为 {got!r}，应为 {want!r}",
                                    got=head[:100], want=_head(name))  # fmt: skip
        schema = schema or SCHEMAS[name]
        cells = canonical.parse_lines(body, schema, max_rows=MAX_ROWS)
        frame = pd.DataFrame({c: pd.Series(cells[c], dtype=DTYPES[k]) for c, k in schema.items()})
        if name in TABLES:
            check_table(name, frame)
    return frame


def _schema(name: str, frame: pd.DataFrame) -> list[str]:
    return list(frame.columns) if name not in TABLES else [
        *SCHEMAS[name], *(["private"] if "private" in frame else [])
    ]  # fmt: skip


def _head(name: str) -> bytes:
    return canonical.encode({"@spec": f"{SPEC} {name}"})
