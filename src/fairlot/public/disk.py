"""Files that outlive a crash: read without trust, written whole or not at all."""

import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from fairlot._base.errors import InvalidInput

__all__ = ["locked", "put", "read_plain"]

# Opened without following a link, and without waiting for whoever writes into a pipe.
OPEN = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)  # fmt: skip


def read_plain(path: Path, most: int) -> bytes:
    """Return the bytes of a plain file; refuse a link, a folder, a pipe, or more than ``most``."""
    try:
        handle = os.open(path, OPEN)
    except OSError as error:
        raise InvalidInput("{name} cannot be read: {why}", zh="{name} 无法读取：{why}",
                           name=path.name, why=error.strerror) from None  # fmt: skip
    try:
        if not stat.S_ISREG(os.fstat(handle).st_mode):
            raise InvalidInput("{name} is not a plain file", zh="{name} 不是普通文件",
                               name=path.name)  # fmt: skip
        with os.fdopen(handle, "rb", closefd=False) as file:
            data = file.read(most + 1)
    finally:
        os.close(handle)
    if len(data) > most:
        raise InvalidInput("{name} has more than {most} bytes", zh="{name} 超过 {most} 字节",
                           name=path.name, most=most)  # fmt: skip
    return data


def put(path: Path, data: bytes) -> None:
    """Write a file so that a crash leaves the old one or the new one, on disk when this returns."""
    _make(path.parent)
    draft = path.with_name(f".{path.name}.part")
    with draft.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)
    _sync(path.parent)


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Hold the operating system's lock on this file; it is let go even when the process dies."""
    import fcntl  # POSIX alone has it

    with path.open("ab") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _make(folder: Path) -> None:
    if not folder.is_dir():
        _make(folder.parent)
        folder.mkdir(exist_ok=True)
        _sync(folder.parent)


def _sync(folder: Path) -> None:
    """Bring the names in a folder to disk: a rename is not there before its folder is."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
