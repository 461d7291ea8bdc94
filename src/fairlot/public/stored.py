"""The files of a log, read without trust: what the checkpoint needs, and what of it is not there."""

import os
import re
from collections.abc import Iterator
from pathlib import Path

from fairlot._base.errors import FairlotError, InvalidInput, VerificationError, within
from fairlot.public.disk import read_plain
from fairlot.public.entries import MAX_ENTRY
from fairlot.public.note import MAX_NOTE
from fairlot.public.tiles import ENTRIES, WIDTH, hashes_of, path, tiles, unbundle

__all__ = [
    "CHECKPOINT",
    "EARLIER",
    "MAX_ENTRIES",
    "faults",
    "read_bundles",
    "read_earlier",
    "read_note",
    "read_tile",
]  # fmt: skip

CHECKPOINT = "checkpoint"
EARLIER = "checkpoints"
MAX_ENTRIES = 1_000_000
MAX_TOTAL = 1 << 29  # bytes of entries
MAX_BUNDLE = WIDTH * (2 + MAX_ENTRY)
MAX_KEPT = 1 << 14  # bytes of a note that was kept
SIZE = re.compile(r"0|[1-9][0-9]{0,6}")


def read_note(folder: Path, name: str = CHECKPOINT, most: int = MAX_NOTE) -> str:
    """Return the text of a signed note of the log, unverified."""
    with within(name):
        try:
            return read_plain(folder / name, most).decode()
        except UnicodeDecodeError as error:
            raise InvalidInput("byte {at} is not UTF-8", zh="第 {at} 字节不是 UTF-8 编码",
                               at=error.start) from None  # fmt: skip


def read_tile(folder: Path, level: int | str, index: int, width: int) -> list[bytes]:
    """Return the first ``width`` hashes of a tile, or entries of a bundle.

    A partial tile may be gone once the full one is there (C2SP tlog-tiles, Partial Tiles).
    """
    try:
        return _read(folder, level, index, width)
    except InvalidInput:
        if width == WIDTH or not (folder / path(level, index)).exists():
            raise
    return _read(folder, level, index, WIDTH)[:width]


def read_bundles(folder: Path, size: int) -> list[bytes]:
    """Return the bytes of all ``size`` entries; refuse more of them, or more bytes, than is sane."""
    _refuse_beyond(size, MAX_ENTRIES, "entries", "个条目")
    found: list[bytes] = []
    total = 0
    for index, width in _bundles(size):
        found += read_tile(folder, ENTRIES, index, width)
        total += sum(map(len, found[-width:]))
        _refuse_beyond(total, MAX_TOTAL, "bytes of entries", "字节的条目")
    return found


def faults(folder: Path, size: int) -> Iterator[FairlotError]:
    """Yield what is wrong with each file that a log of this size needs: it is missing, or cut."""
    _refuse_beyond(size, MAX_ENTRIES, "entries", "个条目")
    for level, index, width in tiles(size):
        for kind in (ENTRIES, level) if level == 0 else (level,):
            try:
                read_tile(folder, kind, index, width)
            except InvalidInput as error:
                yield error


def read_earlier(folder: Path) -> dict[int, str]:
    """Return the notes of earlier checkpoints that were kept, by the size they name, unverified."""
    shelf = folder / EARLIER
    names = [name for name in os.listdir(shelf) if SIZE.fullmatch(name)] if shelf.is_dir() else []
    notes: dict[int, str] = {}
    total = 0
    for size in sorted(map(int, names)):
        notes[size] = read_note(folder, f"{EARLIER}/{size}", MAX_KEPT)
        total += len(notes[size])
        _refuse_beyond(total, MAX_TOTAL, "characters of checkpoints", "字符的检查点")
    return notes


def _refuse_beyond(got: int, most: int, what: str, what_zh: str) -> None:
    if got > most:
        raise VerificationError("{got} {what}; want at most {most}", zh="共 {got} {what_zh}，上限为 {most}",
                                got=got, most=most, what=what, what_zh=what_zh)  # fmt: skip


def _read(folder: Path, level: int | str, index: int, width: int) -> list[bytes]:
    name = path(level, index, width)
    unpack = unbundle if level == ENTRIES else hashes_of
    with within(name):
        return unpack(read_plain(folder / name, MAX_BUNDLE), width)


def _bundles(size: int) -> Iterator[tuple[int, int]]:
    return ((index, width) for level, index, width in tiles(size) if level == 0)
