"""Step 21 of a verification with the public log at hand: is this the only draw of its task?"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path

from fairlot._base.errors import VerificationError
from fairlot.public.announced import Announced, open_announced
from fairlot.public.at_hand import at_hand, proofs_in
from fairlot.public.beacon import source
from fairlot.public.calendar import read_calendars
from fairlot.public.entered import entries_of, refuse_other_log
from fairlot.public.events import read_events
from fairlot.public.log_read import ReadLog, read_log
from fairlot.public.moments import moment_text
from fairlot.public.outcome import value_of
from fairlot.public.seen import Pins
from fairlot.public.sightings import Sighting, sightings
from fairlot.public.steps import Found, told
from fairlot.public.watch import Flag, watch

__all__ = ["in_log"]

Files = Mapping[str, bytes]
WHOLE_LOG = ("fork", "rollback")
"""Marks that concern every draw of the log."""


def in_log(
    files: Files,
    head: Announced,
    folder: Path,
    pins: Pins,
    now: datetime,
    others: Sequence[Files] = (),
) -> Found:
    """Judge whether the announced log holds this draw, once, and bears no mark against it.

    Holds only under a log key that the reader named, and when a witness whom the reader named saw
    the whole draw in that log: what nobody else saw could be shown to one reader and not to
    another. ``others`` are compared with this record, and their proofs with the log.
    """
    log = read_log(folder, pins.log or None)
    refuse_other_log(head, log)
    places = _places(files, log)
    seen = _seen(log, pins, [files, *others])
    records = at_hand([(files, head), *((each, open_announced(each)) for each in others)])
    flags = watch(
        log, now=now, calendars=read_calendars(folder, log.entries), sightings=seen,
        rosters=records.rosters, events=records.events, margins=records.margins,
    )  # fmt: skip
    mine = [flag for flag in flags if flag.kind in WHOLE_LOG or _concerns(flag, log, head)]
    if mine:
        return _marked(mine)
    if not head.before.log:
        return "not shown", told(
            "the announcement names no log: this one need not hold every try",
            "公告未指定日志：本日志未必载有全部抽取",
        )
    return _saw(seen if pins.log else [], max(places), _last_round(files, head))


def _places(files: Files, log: ReadLog) -> list[int]:
    """Return where the entries of a record stand; refuse a log that lacks one."""
    entries = entries_of(files)
    missing = [name for name, entry in entries.items() if entry not in log.entries]
    if missing:
        raise VerificationError("{list} is not in the log {origin}", zh="日志 {origin} 中没有 {list}",
                                list=", ".join(missing), origin=log.checkpoint.origin)  # fmt: skip
    return [log.entries.index(entry) for entry in entries.values()]


def _seen(log: ReadLog, pins: Pins, records: Sequence[Files]) -> list[Sighting]:
    """Return every checkpoint at hand; without the log's key no record can accuse the log."""
    kept = sightings([log.note, *log.earlier], witnesses=pins.clocks, vkey=pins.log or None)
    proved = [proofs_in(each, pins.log, pins.clocks) for each in records if pins.log]
    return [*kept, *(each for proofs in proved for each in proofs)]


def _concerns(flag: Flag, log: ReadLog, head: Announced) -> bool:
    plan = head.plan
    return any(
        log.entries[index].draw[:3] == (plan.authority, plan.scope, plan.period)
        for index in flag.entries
    )


def _marked(flags: Sequence[Flag]) -> Found:
    text = told("; ".join(flag.en for flag in flags), "；".join(flag.zh for flag in flags))
    return "fails" if any(flag.verdict == "fails" for flag in flags) else "not shown", text


def _last_round(files: Files, head: Announced) -> int:
    """Return when the last randomness came out of which this record shows what it gave."""
    taken = [value_of(files)[0]] if "outcome.json" in files else []
    taken += [source(e.body["beacon"]) for e in read_events(files) if e.answer is not None]
    return max(each.time for each in (head.beacon, *taken))


def _saw(seen: Sequence[Sighting], last: int, comes: int) -> Found:
    """Hold when a witness saw the draw's last entry once its randomness was out.

    Until then another try could still be entered in time beside it; what is entered later is late.
    """
    times = [each.times[-1] for each in seen if each.times and each.checkpoint.size > last]
    if max(times, default=0) < comes:
        when = moment_text(comes)
        return "not shown", told(
            f"the log holds this draw once, but nobody whom you named saw the whole draw in it after {when} "
            "(--log-key, --witness)",
            f"日志仅载有此一次抽取，但您指定的见证人均未在 {when} 之后见证其全部条目（--log-key、--witness）",
        )
    when = moment_text(max(times))
    return "holds", told(f"the log holds this draw once, and a witness saw it at {when}",
                         f"日志仅载有此一次抽取，见证人于 {when} 见证")  # fmt: skip
