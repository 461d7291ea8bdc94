"""The public log of draws: an append-only folder that any web server can host (C2SP tlog-tiles).

An entry once signed cannot be taken back: whoever holds an older checkpoint sees it. The folder
holds ``checkpoint``, ``tile/…`` and, as ``checkpoints/<size>``, every checkpoint before, with the
cosignatures that it got: so the time of each entry stays shown when the log has grown.
"""

import os
import shutil
from collections.abc import Sequence
from pathlib import Path

from fairlot._base.errors import FairlotError, InvalidInput, VerificationError
from fairlot.public import merkle
from fairlot.public.checkpoint import (
    Checkpoint,
    cosignature_times,
    merge,
    open_checkpoint,
    read_checkpoint,
    sign_checkpoint,
)
from fairlot.public.disk import locked, put
from fairlot.public.entries import Entry
from fairlot.public.log_read import ReadLog, read_log, same_root
from fairlot.public.note import Signer, Vkey, line, signatures_of
from fairlot.public.stored import (
    CHECKPOINT,
    EARLIER,
    MAX_ENTRIES,
    faults,
    read_note,
    read_tile,
)
from fairlot.public.tiles import ENTRIES, WIDTH, Edge, bundle, edge_root, grow, path, rows

__all__ = ["Log", "ReadLog", "read_log"]

LOCK = ".lock"


class Log:
    """A log that this machine writes.

    Two processes may append at once: one waits for the other (``flock``). Every file is written
    beside its place and renamed, entries first and the signed checkpoint last, so a crash leaves
    the log as it was; :meth:`unsigned` then tells which entries were on their way.

    >>> from tempfile import TemporaryDirectory
    >>> from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
    >>> signer = Signer("draws.example", Ed25519PrivateKey.generate())
    >>> entry = Entry("human", "示例局", "检验检测", "2026", "2026-001", "0" * 64)
    >>> with TemporaryDirectory() as folder:
    ...     log = Log.create(folder, signer)
    ...     list(log.append([entry, entry], signer)), read_log(folder, signer.vkey).entries[1].kind
    ([0, 1], 'human')
    """

    def __init__(self, folder: str | Path) -> None:
        self.folder = Path(folder)
        if not (self.folder / CHECKPOINT).is_file():
            raise InvalidInput("{path} has no checkpoint: no log was begun there",
                               zh="{path} 中没有检查点：尚未建立日志", path=str(folder))  # fmt: skip

    @classmethod
    def create(cls, folder: str | Path, signer: Signer) -> "Log":
        """Begin an empty log; its origin is the signer's name."""
        folder = Path(folder)
        folder.mkdir(parents=True, exist_ok=True)
        with locked(folder / LOCK):
            if (folder / CHECKPOINT).exists():
                raise InvalidInput("{path} holds a log; it is never begun anew",
                                   zh="{path} 已有日志，不得重新建立", path=str(folder))  # fmt: skip
            empty = Checkpoint(signer.name, 0, merkle.root([]))
            put(folder / CHECKPOINT, sign_checkpoint(empty, signer).encode())
        return cls(folder)

    def append(self, entries: Sequence[Entry], signer: Signer) -> range:
        """Sign these entries into the log and return their indices; on disk when this returns.

        Refused when the key is not the log's, or when its files do not bear out its checkpoint.
        """
        added = [entry.encode() for entry in entries]
        with locked(self.folder / LOCK):
            text = self.checkpoint()
            checkpoint = open_checkpoint(text, signer.vkey)
            start, end = checkpoint.size, checkpoint.size + len(added)
            if not added or end > MAX_ENTRIES:
                raise InvalidInput("{got} entries after {size}; want 1 or more, {want} in all",
                                   zh="在 {size} 个条目后追加 {got} 个；应至少 1 个，总数不超过 {want}",
                                   got=len(added), size=start, want=MAX_ENTRIES)  # fmt: skip
            edge = self._edge(checkpoint)
            self._put_bundles(edge, start, added)
            self._put_tiles(edge, start, added)
            put(self.folder / EARLIER / str(start), text.encode())
            grown = Checkpoint(checkpoint.origin, end, edge_root(edge))
            put(self.folder / CHECKPOINT, sign_checkpoint(grown, signer).encode())
            self._prune(start, end)
        return range(start, end)

    @property
    def origin(self) -> str:
        """The log's name, which its key bears too."""
        return read_checkpoint(self.checkpoint()).origin

    def checkpoint(self) -> str:
        """Return the signed checkpoint with its cosignatures."""
        return read_note(self.folder)

    def read(self) -> "ReadLog":
        """Return the whole log, checked: its entries and whatever can be proved of them."""
        return read_log(self.folder)

    def add_cosignature(self, text: str, witness: str) -> None:
        """Keep a checkpoint of this log that the witness with this vkey signed.

        The log may have grown since.
        """
        signed, key = read_checkpoint(text), Vkey.parse(witness)
        if not cosignature_times(text, [witness]):
            raise InvalidInput("no signature by {want}", zh="没有 {want} 的签名", want=witness)
        # Other lines are left out: they may be anything, in anybody's name.
        lines = "".join(line(key, each) for each in signatures_of(text, key)[1])
        with locked(self.folder / LOCK):
            current = read_checkpoint(self.checkpoint()).size == signed.size
            name = CHECKPOINT if current else f"{EARLIER}/{signed.size}"
            kept = read_note(self.folder, name)
            if read_checkpoint(kept) != signed:
                raise VerificationError("{got} is no checkpoint of this log: another root was signed",
                                        zh="{got} 不是本日志的检查点：所签署的根不同",
                                        got=f"{signed.origin} {signed.size}")  # fmt: skip
            put(self.folder / name, merge(kept, lines).encode())

    def faults(self) -> tuple[FairlotError, ...]:
        """Return what is missing or cut short of the files that the checkpoint needs."""
        return tuple(faults(self.folder, read_checkpoint(self.checkpoint()).size))

    def unsigned(self) -> tuple[Entry, ...]:
        """Return the entries that were written but never signed: a crash lost them from the log.

        They are in no checkpoint; append them again if they still hold.
        """
        size = read_checkpoint(self.checkpoint()).size
        signed = self._partial_bundle(size)
        index, found = size // WIDTH, list[bytes]()
        while width := self._widest(index):
            found += read_tile(self.folder, ENTRIES, index, width)
            index += 1
        # Longer bundles of an older crash may lie about: then the log went on otherwise since.
        fresh = found[len(signed) :] if found[: len(signed)] == signed else []
        return tuple(Entry.decode(each) for each in fresh)

    def _edge(self, checkpoint: Checkpoint) -> Edge:
        edge: Edge = []
        size = checkpoint.size
        while size:
            wide = size % WIDTH
            edge.append(read_tile(self.folder, len(edge), size // WIDTH, wide) if wide else [])
            size //= WIDTH
        same_root(edge_root(edge), checkpoint)
        return edge

    def _put_bundles(self, edge: Edge, size: int, added: list[bytes]) -> None:
        row = self._partial_bundle(size)
        if list(map(merkle.leaf_hash, row)) != (edge[0] if edge else []):
            raise VerificationError("{name} is not what was signed", zh="{name} 与所签署的不符",
                                    name=path(ENTRIES, size // WIDTH, len(row)))  # fmt: skip
        for index, entries in rows(row + added, size):
            put(self.folder / path(ENTRIES, index, len(entries)), bundle(entries))

    def _partial_bundle(self, size: int) -> list[bytes]:
        wide = size % WIDTH
        return read_tile(self.folder, ENTRIES, size // WIDTH, wide) if wide else []

    def _put_tiles(self, edge: Edge, size: int, added: list[bytes]) -> None:
        for level, index, hashes in grow(edge, size, [merkle.leaf_hash(each) for each in added]):
            put(self.folder / path(level, index, len(hashes)), b"".join(hashes))

    def _prune(self, start: int, end: int) -> None:
        """Drop the partial tiles of those that are full now; a crash here leaves some, harmlessly."""
        level = 0
        while end:
            for index in range(start // WIDTH, end // WIDTH):
                for kind in (level, ENTRIES) if level == 0 else (level,):
                    shutil.rmtree(self.folder / f"{path(kind, index)}.p", ignore_errors=True)
            level, start, end = level + 1, start // WIDTH, end // WIDTH

    def _widest(self, index: int) -> int:
        full = self.folder / path(ENTRIES, index)
        if full.exists():
            return WIDTH
        part = full.with_name(f"{full.name}.p")
        names = os.listdir(part) if part.is_dir() else []
        return max((int(name) for name in names if name.isdecimal()), default=0)
