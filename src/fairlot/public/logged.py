"""Step 21 of a verification with the public log at hand: is this the only draw of its task?"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path

from fairlot._base.errors import VerificationError
from fairlot.public.announced import Announced, head_of
from fairlot.public.announcement import digest_of
from fairlot.public.calendar import read_calendars
from fairlot.public.disclosure import read_tables
from fairlot.public.entered import entries_of
from fairlot.public.events import read_events
from fairlot.public.log_read import ReadLog, read_log
from fairlot.public.seen import Pins
from fairlot.public.sightings import sightings
from fairlot.public.steps import Found, told
from fairlot.public.watch import Flag, watch

__all__ = ["in_log"]

WHOLE_LOG = ("fork", "rollback")
"""Marks that concern every draw of the log."""


def in_log(
    files: Mapping[str, bytes],
    head: Announced,
    folder: Path,
    pins: Pins,
    now: datetime,
    others: Sequence[Mapping[str, bytes]] = (),
) -> Found:
    """Judge whether the log holds this draw, once, and bears no mark against it.

    Holds only under a log key, and with a witness, that the reader named: a log that nobody else
    watched could be shown to one reader and not to another. The rosters of ``others`` are compared
    with this one.
    """
    log = read_log(folder, pins.log or None)
    entries = entries_of(files)
    missing = [name for name, entry in entries.items() if entry not in log.entries]
    if missing:
        raise VerificationError("{list} is not in the log {origin}", zh="日志 {origin} 中没有 {list}",
                                list=", ".join(missing), origin=log.checkpoint.origin)  # fmt: skip
    notes = [log.note, *log.earlier]
    seen = sightings(notes, witnesses=pins.witnesses, vkey=pins.log or None)
    calendars = read_calendars(folder, log.entries)
    rosters = dict(map(_roster, (files, *others)))
    # A sealed record shows no events: which were logged is compared when it is opened.
    shown = "opening.json" in files
    events = {digest_of(files): [e.digest.hex() for e in read_events(files)]} if shown else {}
    flags = watch(
        log, now=now, calendars=calendars, rosters=rosters, sightings=seen, events=events,
        margin=head.plan.proof.margin,
    )  # fmt: skip
    mine = [flag for flag in flags if flag.kind in WHOLE_LOG or _concerns(flag, log, head)]
    return _judged(mine, pins, bool(seen))


def _roster(files: Mapping[str, bytes]) -> tuple[str, frozenset[str]]:
    """Return the announcement's digest and the sites of its roster, none while it is sealed."""
    shown = "standings.jsonl" in files
    tables = read_tables(files, head_of(files).plan) if shown else {}
    return digest_of(files), frozenset(tables["standings"]["site"]) if shown else frozenset()


def _concerns(flag: Flag, log: ReadLog, head: Announced) -> bool:
    plan = head.plan
    return any(
        log.entries[index].draw[:3] == (plan.authority, plan.scope, plan.period)
        for index in flag.entries
    )


def _judged(flags: Sequence[Flag], pins: Pins, seen: bool) -> Found:
    text = told("; ".join(flag.en for flag in flags), "；".join(flag.zh for flag in flags))
    if any(flag.verdict == "fails" for flag in flags):
        return "fails", text
    if flags:
        return "not shown", text
    if not (pins.log and seen):
        return "not shown", told(
            "the log holds this draw once, but nobody whom you named saw that log (--log-key, --witness)",
            "日志仅载有此一次抽取，但未指定可信的日志密钥与见证人（--log-key、--witness）",
        )
    return "holds", told("the log holds this draw once, and witnesses saw it grow",
                         "日志仅载有此一次抽取，且有见证人见证其增长")  # fmt: skip
