"""A record on disk: a flat folder of known files, read with bounds and written in one move."""

import os
import shutil
import stat
import tempfile
from collections.abc import Mapping
from pathlib import Path

from fairlot._base.errors import InvalidInput

__all__ = ["ANNOUNCED", "BOUND", "DIGESTS", "OUTCOME", "REGISTERS", "read_folder", "write_folder"]

REGISTERS = ("sites", "officers", "conflicts", "absences", "items")
ANNOUNCED = ("announcement.json", *(f"{name}.jsonl" for name in REGISTERS))
OUTCOME = ("outcome.json", "probabilities.csv", "drawn.csv", "teams.csv", "coverage.csv")
BOUND = ("notice.html",)
DIGESTS = "digests.txt"
KNOWN = {*ANNOUNCED, *OUTCOME, *BOUND, DIGESTS}

MAX_FILE = 1 << 28
MAX_TOTAL = 1 << 29


def read_folder(path: str | Path) -> dict[str, bytes]:
    """Return the files of a record by name.

    A record comes from strangers: only known names, only plain files (no links, no folders), and
    no more than 256 MiB a file and 512 MiB in all are read; anything else is refused by name.
    """
    path = Path(path)
    if not path.is_dir():
        raise InvalidInput("{path} is not a folder", zh="{path} 不是文件夹", path=path)
    names = sorted(os.listdir(path))
    strangers = [name for name in names if name not in KNOWN]
    if strangers:
        raise InvalidInput(
            "{list} does not belong to a record; if it is yours, delete it and verify again",
            zh="记录中不应有 {list}；如系自己所加，请删除后重新核验",
            list=", ".join(map(ascii, strangers[:5])), strangers=strangers,
        )  # fmt: skip
    files: dict[str, bytes] = {}
    for name in names:
        files[name] = _read_file(path / name, MAX_TOTAL - sum(map(len, files.values())))
    return files


def _read_file(path: Path, left: int) -> bytes:
    most = min(MAX_FILE, left)
    try:
        # Opened without following links and judged by the open file, so nothing can be swapped in.
        handle = os.open(path, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)
                         | getattr(os, "O_NONBLOCK", 0))  # fmt: skip
    except OSError as error:
        raise InvalidInput("{name} cannot be read: {why}", zh="{name} 无法读取：{why}",
                           name=path.name, why=error.strerror) from None  # fmt: skip
    try:
        if not stat.S_ISREG(os.fstat(handle).st_mode):
            raise InvalidInput(
                "{name} is not a plain file", zh="{name} 不是普通文件", name=path.name
            )
        with os.fdopen(handle, "rb", closefd=False) as file:
            data = file.read(most + 1)
    finally:
        os.close(handle)
    if len(data) > most:
        raise InvalidInput(
            "{name} has more than the {most} bytes that are read", zh="{name} 超过可读取的 {most} 字节",
            name=path.name, most=most,
        )  # fmt: skip
    return data


def write_folder(path: str | Path, files: Mapping[str, bytes]) -> Path:
    """Write a new folder with these files, whole or not at all; never over anything that exists."""
    path = Path(path)
    if path.exists() or path.is_symlink():
        raise InvalidInput(
            "{path} exists; a record is never overwritten, choose another name",
            zh="{path} 已存在；记录从不覆盖，请另选名称", path=path,
        )  # fmt: skip
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = Path(tempfile.mkdtemp(prefix=f".{path.name}.", dir=path.parent))
    try:
        for name, data in files.items():
            (draft / name).write_bytes(data)
        draft.chmod(0o755)
        draft.rename(path)
    except BaseException:
        shutil.rmtree(draft, ignore_errors=True)
        raise
    return path
