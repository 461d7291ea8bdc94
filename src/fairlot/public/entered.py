"""A record and the public log: what it enters there, and the proof that it did."""

from collections.abc import Mapping

from fairlot._base.errors import InvalidInput
from fairlot.public import note
from fairlot.public.announced import Announced, head_of
from fairlot.public.checkpoint import read_checkpoint
from fairlot.public.entries import Entry
from fairlot.public.events import read_events
from fairlot.public.folder import SWITCH
from fairlot.public.inclusion import Inclusion
from fairlot.public.log_read import ReadLog
from fairlot.public.seal import seal
from fairlot.public.seen import entry_of

__all__ = ["entries_of", "refuse_other_log", "with_places"]


def entries_of(files: Mapping[str, bytes]) -> dict[str, Entry]:
    """Return the log entries of a record by the file that each is of, without its suffix."""
    head = head_of(files)
    names = ["announcement", *(["outcome"] if "outcome.json" in files else [])]
    if "outcome.json" in files:
        names += [event.name for event in read_events(files)]
    names += ["switch"] if SWITCH in files else []
    return {name: entry_of(files, name, head) for name in names}


def with_places(files: Mapping[str, bytes], log: ReadLog, signer: note.Signer) -> dict[str, bytes]:
    """Return the record with a proof, ``*.log.json``, of every entry that the log holds, sealed.

    Each proof carries the earliest checkpoint that holds the entry and has more than the log's own
    signature: a witness who saw it early shows more than one who saw it late.
    """
    refuse_other_log(head_of(files), log)
    places = {
        name: log.entries.index(e) for name, e in entries_of(files).items() if e in log.entries
    }
    proofs = {f"{name}.log.json": _place(log, index).encode() for name, index in places.items()}
    return seal({**files, **proofs}, signer)


def _place(log: ReadLog, index: int) -> Inclusion:
    notes = [text for text in (*log.earlier, log.note) if read_checkpoint(text).size > index]
    witnessed = [text for text in notes if len(note.split(text)[1]) > 1]
    first = min(witnessed or [log.note], key=lambda text: read_checkpoint(text).size)
    return log.inclusion(index, first)


def refuse_other_log(head: Announced, log: ReadLog) -> None:
    """Refuse a log that is not the one that the announcement names."""
    want, got = head.before.log, log.checkpoint.origin
    if want and got != want:
        raise InvalidInput("this is the log {got}; the announcement names {want}",
                           zh="该日志为 {got}，公告指定的是 {want}", got=got, want=want)  # fmt: skip
