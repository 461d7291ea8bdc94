"""One row of a committed register, alone: some fields open, the others as digests, and its place.

::

    {"index":17,"private":"9f…","proof":["5a…",…],"public":[["site","<salt>","S0042"],"c3…",…]}

An open field is [column, salt, value], a closed one its digest. The private part is such a list
too, or its one digest, or "" in a register without private columns. From these alone follows the
leaf, from the leaf and the proof the root (see ``rows`` and ``merkle``): nothing about any other
row is told, and of this one nothing but the open fields.
"""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from fairlot._base.errors import VerificationError
from fairlot.public import merkle, rows
from fairlot.public.canonical import Json
from fairlot.public.suite import HASH, SHA256, Suite

__all__ = ["Columns", "Field", "Part", "Row", "hexed", "open_row", "refuse_other_keys"]

Cell = str | int | bool
Columns = Mapping[str, type]
LONGEST_PROOF = 32  # a register has at most 2^32 rows
SHOWN = 80  # characters of a hostile value that a message repeats


@dataclass(frozen=True, slots=True)
class Field:
    """One open field; the 16 bytes of salt make its digest."""

    column: str
    salt: bytes
    value: Cell


@dataclass(frozen=True, slots=True)
class Part:
    """The public or the private part of a row in full: its cells in order, its row key.

    shown  the columns to open
    """

    cells: Mapping[str, Cell]
    key: bytes
    shown: Collection[str]


@dataclass(frozen=True, slots=True)
class Row:
    """A row at ``index`` of a tree, with the sibling hashes up to the root.

    public, private  fields, the closed ones as 32-byte digests; ``private`` may be one digest for
                     the whole part, empty in a register without private columns
    """

    index: int
    proof: tuple[bytes, ...]
    public: tuple[Field | bytes, ...]
    private: tuple[Field | bytes, ...] | bytes = b""

    @property
    def shown(self) -> dict[str, Cell]:
        """The open public fields by column."""
        return _open_cells(self.public)

    @property
    def shown_private(self) -> dict[str, Cell]:
        """The open private fields by column; a name may stand in both parts."""
        return {} if isinstance(self.private, bytes) else _open_cells(self.private)

    def leaf(self, suite: Suite = SHA256) -> bytes:
        """Return the leaf that these fields and digests make."""
        private = self.private
        if not isinstance(private, bytes):
            private = rows.private_digest(_digests(private, suite), suite)
        return rows.leaf_of(_digests(self.public, suite), private, suite)

    def verify(self, size: int, root: bytes, suite: Suite = SHA256) -> None:
        """Refuse unless this row stands at its index in the tree of ``size`` rows."""
        merkle.verify_inclusion(self.leaf(suite), self.index, size, self.proof, root, suite)

    def encode(self) -> dict[str, Json]:
        """Return the row as JSON."""
        private = self.private
        return {
            "index": self.index,
            "proof": [each.hex() for each in self.proof],
            "public": _told(self.public),
            "private": private.hex() if isinstance(private, bytes) else _told(private),
        }

    @classmethod
    def decode(cls, value: Any, public: Columns, private: Columns | None = None) -> "Row":
        """Read a row back; refuse columns other than these, in order, and cells of another kind."""
        refuse_other_keys(value, {"index", "proof", "public", "private"})
        if type(value["index"]) is not int or value["index"] < 0:
            raise VerificationError("index is {got!r}; want a whole number",
                                    zh="index 为 {got!r}，应为非负整数",
                                    got=str(value["index"])[:SHOWN])  # fmt: skip
        proof = value["proof"]
        if not isinstance(proof, list) or len(proof) > LONGEST_PROOF:
            raise VerificationError("proof is no list of at most {want} hashes",
                                    zh="proof 应为至多 {want} 个哈希的列表",
                                    want=LONGEST_PROOF)  # fmt: skip
        return cls(
            value["index"],
            tuple(hexed(each, HASH) for each in proof),
            _read_part(value["public"], public),
            _read_private(value["private"], private or {}),
        )


def open_row(
    tree: Sequence[rows.Bytes],
    index: int,
    public: Part,
    private: Part | bytes = b"",
    suite: Suite = SHA256,
) -> Row:
    """Return row ``index`` of a tree (``merkle.levels``) with what its parts show open.

    private  bytes where only the digest of the private part is known, or there is none

    >>> cells = {"site": ["S1", "S2"], "sector": ["noodles", "tea"]}
    >>> leaves = rows.leaves(rows.field_digests(cells, bytes(32)))
    >>> second = Part({"site": "S2", "sector": "tea"}, rows.row_key(bytes(32), 1), {"site"})
    >>> row = open_row(merkle.levels(leaves), 1, second)
    >>> row.verify(2, merkle.root(leaves))
    >>> row.shown
    {'site': 'S2'}
    """
    return Row(
        index,
        tuple(merkle.inclusion_proof(tree, index)),
        _opened(public, suite),
        private if isinstance(private, bytes) else _opened(private, suite),
    )


def hexed(value: object, length: int) -> bytes:
    """Return the bytes that lower-case hex digits stand for; refuse anything else.

    >>> hexed("00ff", 2)
    b'\\x00\\xff'
    """
    if not isinstance(value, str) or not re.fullmatch(f"[0-9a-f]{{{2 * length}}}", value):
        raise VerificationError("{got!r} is not {want} hex digits",
                                zh="{got!r} 不是 {want} 位十六进制数",
                                got=str(value)[:SHOWN], want=2 * length)  # fmt: skip
    return bytes.fromhex(value)


def refuse_other_keys(value: Any, want: Collection[str]) -> None:
    """Refuse what is no object with exactly these keys."""
    if not isinstance(value, dict) or value.keys() != set(want):
        got = ", ".join(value) if isinstance(value, dict) else type(value).__name__
        raise VerificationError("has {got}; want the keys {want}", zh="含有 {got}，应为键 {want}",
                                got=got[:SHOWN], want=", ".join(sorted(want)))  # fmt: skip


def _opened(part: Part, suite: Suite) -> tuple[Field | bytes, ...]:
    fields = (
        Field(column, rows.salt(part.key, j, suite), cell)
        for j, (column, cell) in enumerate(part.cells.items())
    )
    return tuple(f if f.column in part.shown else _digest(f, suite) for f in fields)


def _digests(part: Sequence[Field | bytes], suite: Suite) -> list[bytes]:
    return [each if isinstance(each, bytes) else _digest(each, suite) for each in part]


def _digest(field: Field, suite: Suite) -> bytes:
    return rows.field_digest(field.salt, field.column, field.value, suite)


def _open_cells(part: Sequence[Field | bytes]) -> dict[str, Cell]:
    return {each.column: each.value for each in part if isinstance(each, Field)}


def _told(part: Sequence[Field | bytes]) -> list[Json]:
    return [
        each.hex() if isinstance(each, bytes) else [each.column, each.salt.hex(), each.value]
        for each in part
    ]


def _read_private(value: Any, columns: Columns) -> tuple[Field | bytes, ...] | bytes:
    if isinstance(value, str):
        return hexed(value, HASH if columns else 0)
    return _read_part(value, columns)


def _read_part(value: Any, columns: Columns) -> tuple[Field | bytes, ...]:
    if not isinstance(value, list) or len(value) != len(columns) or not columns:
        raise VerificationError("a part of the row is no list of {want} fields",
                                zh="行的一部分应为 {want} 个字段的列表",
                                want=len(columns))  # fmt: skip
    pairs = zip(value, columns.items(), strict=True)
    return tuple(_read_field(each, *column) for each, column in pairs)


def _read_field(value: Any, column: str, kind: type) -> Field | bytes:
    match value:
        case str():
            return hexed(value, HASH)
        case [named, salt, str() | int() as cell] if named == column and type(cell) is kind:
            return Field(column, hexed(salt, rows.SALT), cell)
    raise VerificationError("field is {got!r}; want {column} with its salt, or a digest",
                            zh="字段为 {got!r}，应为 {column} 及其盐值，或摘要",
                            got=str(value)[:SHOWN], column=column)  # fmt: skip
