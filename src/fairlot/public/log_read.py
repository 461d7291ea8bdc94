"""A log read whole from a folder of a stranger's bytes: every hash made again, then proofs of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from fairlot._base.errors import FairlotError, InvalidInput, VerificationError, within
from fairlot.public import merkle
from fairlot.public.checkpoint import Checkpoint, open_checkpoint, read_checkpoint
from fairlot.public.entries import Entry
from fairlot.public.inclusion import Inclusion
from fairlot.public.stored import (
    CHECKPOINT,
    EARLIER,
    faults,
    read_bundles,
    read_earlier,
    read_note,
    read_tile,
)
from fairlot.public.tiles import Edge, edge_root, grow, path, prefix_roots

__all__ = ["ReadLog", "read_log", "refuse_other_history", "same_root"]

LANGS = ("en", "zh")
SHOWN = 5  # faults that a message tells; the error carries all


@dataclass(frozen=True, slots=True)
class ReadLog:
    """A log that was read whole, and found to be what its checkpoint says.

    note     the checkpoint with its signatures
    leaves   the leaf hash of every entry
    earlier  the notes of this log's earlier checkpoints, with the cosignatures they got, by size
    """

    note: str
    checkpoint: Checkpoint
    entries: tuple[Entry, ...]
    leaves: tuple[bytes, ...]
    earlier: tuple[str, ...]

    def inclusion(self, index: int, text: str | None = None) -> Inclusion:
        """Return the proof that entry ``index`` is in the log of a checkpoint, by default the last."""
        text = self.note if text is None else text
        size = read_checkpoint(text).size
        proof = merkle.inclusion_proof(merkle.levels(self.leaves[:size]), index)
        return Inclusion(index, tuple(proof), text)

    def consistency(self, old: int, new: int | None = None) -> list[bytes]:
        """Return the proof that the log of ``new`` entries begins with the one of ``old``."""
        return merkle.consistency_proof(merkle.levels(self.leaves[:new]), old) if old else []


def read_log(folder: str | Path, vkey: str | None = None, older: str | None = None) -> ReadLog:
    """Return a stranger's log, every hash of it made again; refuse what does not fit.

    vkey   the log's key as the reader knows it; without it, whoever signed is believed
    older  the note of a checkpoint seen before: refused if the log does not begin with it

    Raises VerificationError (what is there does not hold) or InvalidInput (it cannot be read).
    """
    folder = Path(folder)
    # Before the last: the log may grow while it is read.
    earlier = read_earlier(folder)
    text = read_note(folder)
    checkpoint = _opened(CHECKPOINT, text, vkey)
    _refuse_faults(tuple(faults(folder, checkpoint.size)))
    raw = read_bundles(folder, checkpoint.size)
    leaves = tuple(map(merkle.leaf_hash, raw))
    same_root(_refuse_other_tiles(folder, leaves), checkpoint)
    entries = tuple(_entry(index, data) for index, data in enumerate(raw))
    found = ReadLog(text, checkpoint, entries, leaves, tuple(earlier.values()))
    seen = [_opened(f"{EARLIER}/{size}", kept, vkey) for size, kept in earlier.items()]
    refuse_other_history(found, [*seen, *([_opened("older", older, vkey)] if older else [])])
    return found


def refuse_other_history(log: ReadLog, older: Sequence[Checkpoint]) -> None:
    """Refuse a log that lost or changed what older checkpoints of it held."""
    now = log.checkpoint
    for each in older:
        if each.origin != now.origin:
            raise InvalidInput("a checkpoint of {got}; this log is {want}",
                               zh="检查点属于 {got}，而本日志为 {want}",
                               got=each.origin, want=now.origin)  # fmt: skip
        if each.size > now.size:
            raise VerificationError("the log was rolled back: {got} entries, but {want} were signed",
                                    zh="日志被回退：现有 {got} 个条目，而曾签署 {want} 个",
                                    got=now.size, want=each.size)  # fmt: skip
    roots = prefix_roots(log.leaves, {each.size for each in older})
    for each in older:
        if roots[each.size] != each.root:
            raise VerificationError("the log was forked: its first {size} entries are not those signed",
                                    zh="日志被分叉：前 {size} 个条目与曾签署的不一致",
                                    size=each.size)  # fmt: skip


def _opened(name: str, text: str, vkey: str | None) -> Checkpoint:
    with within(name):
        return open_checkpoint(text, vkey) if vkey else read_checkpoint(text)


def _refuse_faults(found: Sequence[FairlotError]) -> None:
    if found:
        shown, shown_zh = ("; ".join(each.text(lang) for each in found[:SHOWN]) for lang in LANGS)
        raise VerificationError("{count} files are missing or cut: {shown}",
                                zh="{count} 个文件缺失或残缺：{shown_zh}", count=len(found),
                                shown=shown, shown_zh=shown_zh, faults=found)  # fmt: skip


def _refuse_other_tiles(folder: Path, leaves: Sequence[bytes]) -> bytes:
    """Refuse a tile that is not made of the entries; return the root of those that are."""
    edge: Edge = []
    for level, index, hashes in grow(edge, 0, leaves):
        if read_tile(folder, level, index, len(hashes)) != list(hashes):
            raise VerificationError("{name} is not the tree of the entries",
                                    zh="{name} 与条目不符",
                                    name=path(level, index, len(hashes)))  # fmt: skip
    return edge_root(edge)


def _entry(index: int, data: bytes) -> Entry:
    with within(f"entry {index}", f"条目 {index}"):
        return Entry.decode(data)


def same_root(got: bytes, checkpoint: Checkpoint) -> None:
    """Refuse a root that is not the one signed."""
    if got != checkpoint.root:
        raise VerificationError("the entries have the root {got}; {want} was signed",
                                zh="条目的根为 {got}，而签署的是 {want}",
                                got=got.hex(), want=checkpoint.root.hex())  # fmt: skip
