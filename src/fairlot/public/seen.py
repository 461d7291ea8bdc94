"""Step 20 of a verification: who else saw the announcement, and when?

Only a clock that is not the authority's shows that the announcement came first: an RFC 3161 stamp
by an authority that the reader pinned, or a place in the log under a checkpoint that a witness
cosigned whom the reader pinned. The record's own word for who that is counts for nothing.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from math import ceil

from fairlot._base.errors import within
from fairlot.public.announced import Announced
from fairlot.public.announcement import read_body
from fairlot.public.beacon import source
from fairlot.public.entries import Entry
from fairlot.public.events import read_events
from fairlot.public.folder import SWITCH, subject
from fairlot.public.inclusion import Inclusion
from fairlot.public.moments import moment_text
from fairlot.public.note import COSIGNATURE, Vkey
from fairlot.public.stamp import read_stamp
from fairlot.public.steps import Found, told
from fairlot.public.switch import check

__all__ = ["Pins", "entry_of", "seen_in_time"]

BARELY = 1
"""Seconds before a fallback comes out by which its switch was seen: in whole seconds, before it."""
WORST_FIRST = ("fails", "not shown", "holds")


@dataclass(frozen=True, slots=True)
class Pins:
    """Whose clocks the reader believes.

    stamps     certificates of time-stamping authorities (PEM, or one in DER), b"" for none
    log        vkey of the log
    witnesses  vkeys of witnesses: of the log's growth (type 4), or of a switch of beacon (type 1)
    """

    stamps: bytes = b""
    log: str = ""
    witnesses: Sequence[str] = ()

    @property
    def clocks(self) -> tuple[str, ...]:
        """The witnesses who cosign checkpoints, and with them the moment."""
        kinds = ((each, Vkey.parse(each).algorithm) for each in self.witnesses)
        return tuple(each for each, kind in kinds if kind == COSIGNATURE)


def seen_in_time(files: Mapping[str, bytes], head: Announced, pins: Pins) -> Found:
    """Judge whether the announcement, every event and a switch came before their randomness."""
    announced_at = datetime.fromisoformat(head.body["announced_at"])
    head.beacon.refuse_if_known(announced_at)
    found = [
        _judged(name, due, list(_moments(files, name, head, pins)), files)
        for name, due in _due(files, head).items()
    ]
    # Nothing follows from when an outcome was seen, yet a proof of it must be one.
    if "outcome.json" in files:
        list(_moments(files, "outcome", head, pins))
    worst = min((verdict for verdict, _ in found), key=WORST_FIRST.index)
    notes = [note for verdict, note in found if verdict == worst]
    return worst, told("; ".join(n["en"] for n in notes), "；".join(n["zh"] for n in notes))


def _due(files: Mapping[str, bytes], head: Announced) -> dict[str, tuple[int, int]]:
    """Return when the randomness of each file came out, and how many seconds before it was due."""
    margin = head.plan.proof.margin
    due = {"announcement": (head.beacon.time, margin)}
    due |= {e.name: (source(e.body["beacon"]).time, margin) for e in read_events(files)}
    if SWITCH in files:
        # The moment in the note is the witnesses' own word: by it they would choose the fallback.
        before, text = head.before, files[SWITCH].decode("utf-8", "replace")
        taken = check(text, head.digest.hex(), head.beacon, before.fallbacks, before.witnesses)
        due["switch"] = (taken.taken.time, BARELY)
    return due


def _judged(
    name: str, due: tuple[int, int], seen: Sequence[tuple[int, str]], files: Mapping[str, bytes]
) -> Found:
    if not seen:
        return "not shown", _unseen(name, files)
    (first, by), (comes, margin) = min(seen), due
    if first > comes - margin:
        return "fails", told(
            f"{name} was seen by {by} at {moment_text(first)}; its randomness came out at "
            f"{moment_text(comes)}, and the margin is {margin} s",
            f"{name} 由 {by} 于 {moment_text(first)} 见证；随机数公布于 {moment_text(comes)}，要求提前 {margin} 秒",
        )
    return "holds", told(
        f"{name} seen by {by} at {moment_text(first)}",
        f"{name} 由 {by} 于 {moment_text(first)} 见证",
    )


def entry_of(files: Mapping[str, bytes], name: str, head: Announced) -> Entry:
    """Return the log entry of the announcement, the outcome, an event or the switch of a record."""
    plan, kind = head.plan, name.split("-")[0]
    draw = (plan.authority, plan.scope, plan.period, plan.task)
    digest = sha256(files[subject(name)]).hexdigest()
    if kind != "announcement":
        return Entry(kind, *draw, digest)
    body = read_body(files)
    roots = body["registers"]["sites"]["root"]
    return Entry(kind, *draw, digest, body["sequence"], head.beacon.time, plan.proof.opens, roots)


def _moments(
    files: Mapping[str, bytes], name: str, head: Announced, pins: Pins
) -> Iterator[tuple[int, str]]:
    """Yield when a file was seen, in Unix seconds, and by whom."""
    stamp, place = files.get(f"{name}.tsr"), files.get(f"{name}.log.json")
    if stamp is not None and pins.stamps:
        with within(f"{name}.tsr"):
            found = read_stamp(stamp, files[subject(name)], pins.stamps)
        yield ceil(found.moment.timestamp()), found.authority
    if place is not None and pins.log:
        with within(f"{name}.log.json"):
            entry = entry_of(files, name, head).encode()
            times = Inclusion.decode(place).verify(entry, pins.log, pins.clocks)
        yield from ((time, "a witness of the log") for time in times[:1])


def _unseen(name: str, files: Mapping[str, bytes]) -> Mapping[str, str]:
    proofs = [proof for proof in (f"{name}.tsr", f"{name}.log.json") if proof in files]
    if proofs:
        return told(
            f"there is {' and '.join(proofs)}, by no clock that you named (--tsa, --log-key, --witness)",
            f"已有 {'、'.join(proofs)}，但未指定可信的时间戳机构或见证人（--tsa、--log-key、--witness）",
        )
    return told(
        f"only the authority says when {name} was published; a time stamp by someone else, or a "
        "witnessed log, would show it",
        f"{name} 的公布时间仅由主管机关自述；需第三方时间戳或有见证的日志证明",
    )
