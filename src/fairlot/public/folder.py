"""A record on disk: a flat folder of known files, read with bounds and written in one move."""

import os
import re
import shutil
import stat
import tempfile
from collections.abc import Mapping
from pathlib import Path

from fairlot._base.errors import InvalidInput
from fairlot.public import canonical

__all__ = [
    "ANNOUNCED",
    "BOUND",
    "DIGESTS",
    "LATER",
    "OUTCOME",
    "PROOFS",
    "SPEC",
    "SWITCH",
    "TABLES",
    "numbered",
    "read_folder",
    "replace_folder",
    "subject",
    "write_folder",
    "write_private",
]

SPEC = "fairlot.draw/v1"
"""The name and version of the protocol; every file begins with it."""

TABLES = ("standings", "sites", "officers", "experts", "conflicts", "absences", "items")
ANNOUNCED = ("announcement.json", "opening.json", *(f"{name}.jsonl" for name in TABLES))
OUTCOME = (
    "outcome.json", "probabilities.csv", "drawn.csv", "visits.csv", "teams.csv", "schedule.csv",
    "coverage.csv", "openings.jsonl",
)  # fmt: skip
BOUND = ("notice.html",)
DIGESTS = "digests.txt"
SWITCH = "switch.txt"
KNOWN = {*ANNOUNCED, *OUTCOME, *BOUND, DIGESTS, SWITCH}
LATER = re.compile(r"(event|replacement)-(?!000)[0-9]{3}\.json")
PROOFS = re.compile(r"(announcement|outcome|switch|event-(?!000)[0-9]{3})\.(tsr|log\.json)")
"""Who else saw a file, and when: an RFC 3161 time stamp, a place in the public log."""
MOST_EVENTS = 999

MAX_OPENING = 1 << 16
MAX_FILE = 1 << 28
MAX_TOTAL = 1 << 29


def numbered(kind: str, number: int) -> str:
    """Return the name of the file of one event, or of its replacement.

    >>> numbered("event", 7)
    'event-007.json'
    """
    if number > MOST_EVENTS:
        raise InvalidInput("a record keeps at most {most} events", zh="一份记录至多 {most} 号事件",
                           most=MOST_EVENTS)  # fmt: skip
    return f"{kind}-{number:03d}.json"


def subject(proof: str) -> str:
    """Return the file that a proof of time is of.

    >>> subject("event-001.log.json")
    'event-001.json'
    """
    name = proof.partition(".")[0]
    return SWITCH if name == "switch" else f"{name}.json"


def read_folder(path: str | Path) -> dict[str, bytes]:
    """Return the files of a record by name.

    A record comes from strangers: only known names, only plain files (no links, no folders), and
    no more than 256 MiB a file and 512 MiB in all are read; anything else is refused by name.
    """
    path = Path(path)
    if not path.is_dir():
        raise InvalidInput("{path} is not a folder", zh="{path} 不是文件夹", path=path)
    names = sorted(os.listdir(path))
    strangers = [name for name in names if not _known(name)]
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


def _known(name: str) -> bool:
    return name in KNOWN or bool(LATER.fullmatch(name) or PROOFS.fullmatch(name))


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


def write_folder(path: str | Path, files: Mapping[str, bytes], *, private: bool = False) -> Path:
    """Write a new folder with these files, whole or not at all; never over anything that exists.

    private  whether its owner alone may read it, from the first byte on
    """
    path = Path(path)
    if path.exists() or path.is_symlink():
        raise InvalidInput(
            "{path} exists; a record is never overwritten, choose another name",
            zh="{path} 已存在；记录从不覆盖，请另选名称", path=path,
        )  # fmt: skip
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = _draft(path, files, private)
    try:
        draft.rename(path)
    except BaseException:
        shutil.rmtree(draft, ignore_errors=True)
        raise
    return path


def replace_folder(path: str | Path, files: Mapping[str, bytes], *, private: bool = False) -> Path:
    """Put a record that has grown in the place of the same record, whole or not at all.

    Refused when a file that was there is no longer, or differs, but for the notice, the digests, the
    proofs by others, and the value that opens time locks: a record only grows.
    """
    path = Path(path)
    for name, data in read_folder(path).items():
        remade = name in (*BOUND, DIGESTS) or PROOFS.fullmatch(name)
        if not remade and not _grows(name, data, files.get(name, b"")):
            raise InvalidInput(
                "{path}: {name} would change; a record only grows",
                zh="{path}：{name} 将被改动；记录只增不改", path=path, name=name,
            )  # fmt: skip
    draft = _draft(path, files, private)
    # Between the two renames a crash leaves the old record whole beside the new one.
    before = draft.with_name(f"{draft.name}.before")
    path.rename(before)
    draft.rename(path)
    shutil.rmtree(before)
    return path


def _grows(name: str, before: bytes, after: bytes) -> bool:
    """Say whether a file stays as it is; time locks open, once, after the draw."""
    if before == after or name != "opening.json":
        return before == after
    old, new = (canonical.parse(data, limit=MAX_OPENING) for data in (before, after))
    return isinstance(old, dict) and isinstance(new, dict) and old == {**new, "lock": {}}


def write_private(path: str | Path, data: bytes) -> None:
    """Write what stays with the authority, readable by its owner alone; never over a file."""
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except OSError as error:
        raise InvalidInput("{path} cannot be written: {why}; a secret is never overwritten",
                           zh="{path} 无法写入：{why}；密钥与秘密文件从不覆盖",
                           path=str(path), why=error.strerror) from None  # fmt: skip
    with os.fdopen(handle, "wb") as file:
        file.write(data)


def _draft(path: Path, files: Mapping[str, bytes], private: bool) -> Path:
    """Write the files into a hidden folder beside ``path``, its owner's alone until it is whole."""
    draft = Path(tempfile.mkdtemp(prefix=f".{path.name}.", dir=path.parent))
    try:
        for name, data in files.items():
            write_private(draft / name, data)
            if not private:
                (draft / name).chmod(0o644)
        if not private:
            draft.chmod(0o755)
    except BaseException:
        shutil.rmtree(draft, ignore_errors=True)
        raise
    return draft
