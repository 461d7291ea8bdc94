"""The tree of a log as static files (C2SP tlog-tiles): tiles of 256 hashes, bundles of 256 entries.

``tile/0/x001/067`` holds leaf hashes 273152 to 273407 (tile 1067 of level 0), ``tile/1/…`` the roots
of full tiles below, ``tile/entries/…`` the entries, each after its length. A tile that is not yet
full wears its width, ``tile/0/000.p/17``; a full one never changes.
"""

from collections.abc import Iterable, Iterator, Sequence
from functools import reduce
from hashlib import sha256

from fairlot._base.errors import InvalidInput
from fairlot.public import merkle

__all__ = [
    "ENTRIES",
    "WIDTH",
    "Edge",
    "bundle",
    "edge_root",
    "grow",
    "hashes_of",
    "path",
    "prefix_roots",
    "rows",
    "tiles",
    "unbundle",
]

WIDTH = 256
HASH = 32
ENTRIES = "entries"
LONGEST_ENTRY = (1 << 16) - 1

Edge = list[list[bytes]]
"""The hashes of the partial tile of every level, from the leaves up: what a growing tree needs."""


def path(level: int | str, index: int, width: int = WIDTH) -> str:
    """Return where a tile lies below the log's address.

    level  0 to 63, or ``"entries"`` for a bundle
    width  how many hashes or entries it holds, 1 to 256

    >>> path(0, 1234067), path("entries", 0, 5)
    ('tile/0/x001/x234/067', 'tile/entries/000.p/5')
    """
    digits = str(index)
    digits = digits.zfill(-(-len(digits) // 3) * 3)
    parts = [digits[i : i + 3] for i in range(0, len(digits), 3)]
    whole = "/".join(["tile", str(level), *(f"x{part}" for part in parts[:-1]), parts[-1]])
    return whole if width == WIDTH else f"{whole}.p/{width}"


def tiles(size: int) -> Iterator[tuple[int, int, int]]:
    """Yield level, index and width of every tile of a tree of ``size`` leaves.

    >>> list(tiles(256))
    [(0, 0, 256), (1, 0, 1)]
    """
    level = 0
    while size:
        yield from ((level, index, WIDTH) for index in range(size // WIDTH))
        if size % WIDTH:
            yield level, size // WIDTH, size % WIDTH
        level, size = level + 1, size // WIDTH


def grow(
    edge: Edge, size: int, leaves: Sequence[bytes]
) -> Iterator[tuple[int, int, Sequence[bytes]]]:
    """Add leaf hashes to a tree of ``size`` leaves: yield the level, index and hashes of new tiles.

    ``edge`` is brought up to date as the tiles are taken.
    """
    level, above = 0, list(leaves)
    while above:
        if level == len(edge):
            edge.append([])
        row = edge[level] + above
        above = []
        for index, tile in rows(row, size):
            yield level, index, tile
            if len(tile) == WIDTH:
                above.append(merkle.root(tile))
        edge[level] = row[len(row) // WIDTH * WIDTH :]
        level, size = level + 1, size // WIDTH


def rows(row: Sequence[bytes], size: int) -> Iterator[tuple[int, Sequence[bytes]]]:
    """Yield index and content of the tiles that hold ``row``.

    It begins at the last border of tiles at or before place ``size``.
    """
    for start in range(0, len(row), WIDTH):
        yield (size + start) // WIDTH, row[start : start + WIDTH]


def edge_root(edge: Edge) -> bytes:
    """Return the root of a tree from the partial tiles on its right edge (RFC 9162 2.1.1).

    >>> leaves = [merkle.leaf_hash(bytes([i])) for i in range(5)]
    >>> edge_root([leaves]) == merkle.root(leaves)
    True
    """
    return _fold([piece for tile in reversed(edge) for piece in _perfect(tile)])


def prefix_roots(leaves: Sequence[bytes], sizes: Iterable[int]) -> dict[int, bytes]:
    """Return the roots over the first ``sizes`` leaves, in one pass over all.

    >>> leaves = [merkle.leaf_hash(bytes([i])) for i in range(5)]
    >>> prefix_roots(leaves, [3])[3] == merkle.root(leaves[:3])
    True
    """
    stack: list[tuple[int, bytes]] = []  # the perfect subtrees from the left: height and root
    done, roots = 0, {}
    for size in sorted(sizes):
        for leaf in leaves[done:size]:
            height = 0
            while stack and stack[-1][0] == height:
                leaf = _node(stack.pop()[1], leaf)
                height += 1
            stack.append((height, leaf))
        done, roots[size] = size, _fold([piece for _, piece in stack])
    return roots


def bundle(entries: Sequence[bytes]) -> bytes:
    """Return entries one after the other, each after its length in two bytes.

    >>> bundle([b"ab", b""])
    b'\\x00\\x02ab\\x00\\x00'
    """
    if any(len(entry) > LONGEST_ENTRY for entry in entries):
        raise InvalidInput("an entry has more than {want} bytes", zh="条目超过 {want} 字节",
                           want=LONGEST_ENTRY)  # fmt: skip
    return b"".join(len(entry).to_bytes(2, "big") + entry for entry in entries)


def unbundle(data: bytes, width: int) -> list[bytes]:
    """Return the ``width`` entries of a bundle; refuse a byte too few or too many.

    >>> unbundle(b"\\x00\\x02ab\\x00\\x00", 2)
    [b'ab', b'']
    """
    entries, at = [], 0
    for _ in range(width):
        start = at + 2
        at = start + int.from_bytes(data[at:start], "big")
        entries.append(data[start:at])
    _check_length(len(data), at if width else 0)
    return entries


def hashes_of(data: bytes, width: int) -> list[bytes]:
    """Return the ``width`` hashes of a tile; refuse any other length."""
    _check_length(len(data), HASH * width)
    return [data[i : i + HASH] for i in range(0, len(data), HASH)]


def _fold(pieces: Sequence[bytes]) -> bytes:
    """Return the root over perfect subtrees of falling size."""
    if not pieces:
        return merkle.root([])
    return reduce(lambda top, piece: _node(piece, top), reversed(pieces))


def _node(left: bytes, right: bytes) -> bytes:
    return sha256(b"\x01" + left + right).digest()  # RFC 9162 2.1.1, one at a time


def _perfect(tile: list[bytes]) -> Iterator[bytes]:
    """Yield the roots of the largest perfect subtrees, from the left."""
    start = 0
    for bit in reversed(range(WIDTH.bit_length())):
        if len(tile) >> bit & 1:
            yield merkle.root(tile[start : start + (1 << bit)])
            start += 1 << bit


def _check_length(got: int, want: int) -> None:
    if got != want:
        raise InvalidInput("has {got} bytes; want {want}", zh="有 {got} 字节，应为 {want} 字节",
                           got=got, want=want)  # fmt: skip
