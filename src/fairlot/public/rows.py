"""A register as leaves: every field under a salt of its own, so that one can be shown alone.

``H`` is the hash of the suite, ``JCS`` canonical JSON (RFC 8785), ``u32`` and ``u64`` are whole
numbers in big-endian order. A register has public columns and maybe private ones; each of the two
parts has a 32-byte key K, and rows and columns count from 0 within it.

1. row key of row i = H(K || u64(i)); who has K has them all.
2. salt block k of a row = H(row key || u32(k)); the salt of column j is bytes 0-15 of block j // 2
   for an even j, bytes 16-31 for an odd one. Who has one salt can make no other.
3. field digest = H(salt || JCS([column, value])).
4. private digest of a row = H(JCS([the field digests of its private columns, in hex])).
5. leaf bytes = JCS([the field digests of its public columns, in hex, and if the register has
   private columns the private digest last]); leaf = H(0x00 || leaf bytes), as in ``merkle``.

A field is opened by its salt, a part of a row by its row key, a part of the register by K.
A salted digest a field is the idea of SD-JWT (RFC 9901).
"""

from binascii import hexlify
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from json import JSONEncoder
from typing import Any, cast

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from fairlot._base.errors import InvalidInput
from fairlot.public import canonical, merkle
from fairlot.public.suite import FEW, HASH, SHA256, Suite, numbers, side_by_side

__all__ = [
    "SALT",
    "field_digest",
    "field_digests",
    "leaf_bytes",
    "leaf_of",
    "leaves",
    "private_digest",
    "private_digests",
    "row_key",
    "salt",
]

Bytes = NDArray[np.uint8]
Cell = str | int | bool

SALT = 16  # bytes
CELL = 2 * HASH + 3  # signs of a digest in hex, its quotation marks, and a comma or the end
AT_ONCE = 2 * FEW  # rows in a portion: of many rows each portion still has many


def row_key(key: bytes, row: int, suite: Suite = SHA256) -> bytes:
    """Return the key that opens one part of row ``row``.

    >>> row_key(bytes(32), 0).hex()[:16]
    '2c34ce1df23b838c'
    """
    _check_key(key)
    return suite.digest(key + row.to_bytes(8, "big"))


def salt(row_key: bytes, column: int, suite: Suite = SHA256) -> bytes:
    """Return the 16 bytes that open column number ``column`` of a row's part.

    >>> salt(bytes(32), 1).hex()[:16]
    'b3b83492a16e1bf0'
    """
    block, odd = divmod(column, 2)
    return suite.digest(row_key + block.to_bytes(4, "big"))[SALT * odd :][:SALT]


def field_digest(salt: bytes, column: str, value: Cell, suite: Suite = SHA256) -> bytes:
    """Return the digest that stands for one field.

    >>> field_digest(bytes(16), "sector", "noodles").hex()[:16]
    'b1b584b54feb84af'
    """
    return suite.digest(salt + canonical.encode([column, value]))


def private_digest(digests: Sequence[bytes], suite: Suite = SHA256) -> bytes:
    """Return what stands for the private part of a row, given its field digests in order."""
    return suite.digest(canonical.encode([digest.hex() for digest in digests]))


def leaf_of(digests: Sequence[bytes], private: bytes = b"", suite: Suite = SHA256) -> bytes:
    """Return the leaf of a row, given its public field digests in order and the private digest.

    private  empty in a register without private columns

    >>> leaf_of([bytes(32)]).hex()[:16]
    '23dc1bd588f2d22f'
    """
    parts = [*digests, private] if private else digests
    return merkle.leaf_hash(canonical.encode([part.hex() for part in parts]), suite)


def field_digests(
    columns: Mapping[str, Sequence[Cell]], key: bytes, suite: Suite = SHA256
) -> Bytes:
    """Return the digests of all fields of one part of a register, (rows, columns, 32).

    columns  the part's columns in the order of its schema, each a list of text, whole numbers
             within ±(2^53 - 1) or flags
    key      the part's 32 bytes

    >>> field_digests({"id": ["S1", "S2"], "weight": [3, 1]}, bytes(32)).shape
    (2, 2, 32)
    """
    _check_key(key)
    rows = _length(columns)
    for name, column in columns.items():
        _admit(name, column)
    digests = np.empty((rows, len(columns), HASH), np.uint8)
    for first, end in _portions(rows):
        salts = _salts(key, first, end, len(columns), suite)
        for j, (name, column) in enumerate(columns.items()):
            messages, begins = _messages(name, column[first:end], salts[:, j])
            digests[first:end, j] = suite.digests(messages, begins)
    return digests


def private_digests(digests: Bytes, suite: Suite = SHA256) -> Bytes:
    """Return the private digest of every row, (rows, 32), given its (rows, columns, 32) fields.

    >>> private_digests(np.zeros((1, 2, 32), np.uint8)).tobytes() == private_digest([bytes(32)] * 2)
    True
    """
    hashed = np.empty((len(digests), HASH), np.uint8)
    for first, end in _portions(len(digests)):
        hashed[first:end] = suite.digests_of_rows(_hex_lists(digests[first:end], b""))
    return hashed


def leaf_bytes(digests: Bytes, private: Bytes | None = None) -> Bytes:
    """Return the leaf bytes of every row, (rows, 67 a digest + 1).

    digests  of the public fields, (rows, columns, 32)
    private  the private digests, (rows, 32), in a register with private columns

    >>> leaf_bytes(np.zeros((1, 1, 32), np.uint8)).tobytes()[:8]
    b'["000000'
    """
    return _hex_lists(_with(digests, private), b"")


def leaves(digests: Bytes, private: Bytes | None = None, suite: Suite = SHA256) -> Bytes:
    """Return the leaf of every row, (rows, 32); arguments as :func:`leaf_bytes`.

    >>> leaves(np.zeros((2, 1, 32), np.uint8))[1].tobytes() == leaf_of([bytes(32)])
    True
    """
    hashed = np.empty((len(digests), HASH), np.uint8)
    for first, end in _portions(len(digests)):
        some = _with(digests[first:end], None if private is None else private[first:end])
        hashed[first:end] = suite.digests_of_rows(_hex_lists(some, merkle.LEAF))
    return hashed


def _portions(rows: int) -> Iterator[tuple[int, int]]:
    """Cut the rows into even portions of at most ``AT_ONCE``."""
    count = -(-rows // AT_ONCE)
    return pairwise(rows * i // count for i in range(count + 1)) if rows else iter(())


def _salts(key: bytes, first: int, end: int, columns: int, suite: Suite) -> Bytes:
    """Return the salts of rows ``first`` to ``end``, (rows, columns or one more, 16)."""
    keys = suite.digests_of_rows(side_by_side(key, numbers(first, end)))
    blocks = [
        suite.digests_of_rows(side_by_side(keys, block.to_bytes(4, "big")))
        for block in range((columns + 1) // 2)
    ]
    return np.concatenate(blocks, axis=1).reshape(end - first, -1, SALT)


def _messages(name: str, column: Sequence[Cell], salts: Bytes) -> tuple[Bytes, NDArray[np.int64]]:
    """Return salt || JCS([name, cell]) of every cell end to end, and where each begins.

    One call writes the whole column: between two cells stand the end of a list, room for a salt
    and the beginning of the next list. The room begins with a line end, which within a text JSON
    escapes, so it can be found again.
    """
    head = "\n" + " " * (SALT - 1) + canonical.encode([name]).decode()[:-1] + ","
    data = np.frombuffer(bytearray((head + _cells(column, "]" + head) + "]").encode()), np.uint8)
    begins = np.flatnonzero(data == ord("\n"))
    sliding_window_view(data, SALT, writeable=True)[begins] = salts
    return data, np.append(begins, data.size)


def _cells(column: Sequence[Cell], between: str) -> str:
    """Return every cell as JSON, with something in between."""
    if column and isinstance(column[0], str):
        cells = cast(Sequence[str], column)
        text = "".join(cells)
        if text.isprintable() and '"' not in text and "\\" not in text:  # nothing to escape
            return '"' + f'"{between}"'.join(cells) + '"'
    return JSONEncoder(ensure_ascii=False, separators=(between, ":")).encode(list(column))[1:-1]


def _with(digests: Bytes, private: Bytes | None) -> Bytes:
    return digests if private is None else np.concatenate([digests, private[:, None]], axis=1)


def _hex_lists(digests: Bytes, before: bytes) -> Bytes:
    """Return ``before`` and JCS([the digests of a row in hex]) for (rows, digests, 32)."""
    rows, count, _ = digests.shape
    head = np.frombuffer(before + b"[", np.uint8)
    lists = np.empty((rows, head.size + count * CELL), np.uint8)
    lists[:, : head.size] = head
    cells = lists[:, head.size :].reshape(rows, count, CELL)
    cells[:, :, 0] = cells[:, :, -2] = ord('"')
    written = np.frombuffer(hexlify(np.ascontiguousarray(digests).data), np.uint8)
    cells[:, :, 1:-2] = written.reshape(rows, count, 2 * HASH)
    cells[:, :, -1] = ord(",")
    cells[:, -1, -1] = ord("]")
    return lists


def _admit(name: str, column: Sequence[Any]) -> None:
    """Refuse a column that JSON would write otherwise than RFC 8785 asks."""
    kinds = set(map(type, column))
    if kinds == {int} and min(column) >= -canonical.SAFE and max(column) <= canonical.SAFE:
        return
    if kinds <= {bool} or (kinds == {str} and _is_unicode("".join(column))):
        return
    canonical.table_lines({name: column})  # says what is wrong, and where


def _is_unicode(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _length(columns: Mapping[str, Sequence[Cell]]) -> int:
    lengths = {name: len(column) for name, column in columns.items()}
    if len(set(lengths.values())) != 1:
        raise InvalidInput("columns of lengths {lengths}; want one length, of one column or more",
                           zh="各列长度为 {lengths}，应至少有一列且长度一致",
                           lengths=lengths)  # fmt: skip
    return next(iter(lengths.values()))


def _check_key(key: bytes) -> None:
    if len(key) != HASH:
        raise InvalidInput("key has {got} bytes; want {want}",
                           zh="密钥为 {got} 字节，应为 {want}", got=len(key), want=HASH)  # fmt: skip
