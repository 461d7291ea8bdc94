"""What happens after the draw: each event is written down before the randomness that answers it.

``event-001.json`` says which officer steps back from which site, or which site turned out closed,
and why, and names randomness to come; it holds the digests of the outcome and of the event before
it, so none can be slipped in or left out later. ``replacement-001.json`` answers it (see
``replacing``). The lists of the draw are never rewritten: today's teams are ``teams.csv`` and the
replacements, in the order of their numbers.
"""

from collections.abc import Mapping
from datetime import datetime
from hashlib import sha256
from typing import Any

from fairlot._base.errors import InvalidInput
from fairlot.public import beacon, canonical, note
from fairlot.public.announcement import refuse_other_hand
from fairlot.public.folder import numbered
from fairlot.public.history import EVENT, Event, read_events
from fairlot.public.lists import csv_rows
from fairlot.public.moments import moment_text
from fairlot.public.seal import seal

__all__ = ["Event", "close", "gone", "read_events", "recuse", "standing", "waiting"]


def recuse(
    files: Mapping[str, bytes],
    source: beacon.Beacon,
    *,
    site: str,
    officer: str,
    reason: str,
    evidence: bytes | None = None,
    recorded_at: datetime,
    signer: note.Signer,
) -> dict[str, bytes]:
    """Return the record with one more event: ``officer`` (a pseudonym) steps back from ``site``.

    reason    one printable line for the public, such as 申请回避; it names nobody
    evidence  bytes of the application, of which only the SHA-256 is published
    source    where the randomness of the replacement will come from: nothing known by now

    The notice is left out: whoever writes the record makes it anew. Raises InvalidInput when the
    seals do not hold, the officer is not in the team of that site or stepped back already, or the
    round was out before ``recorded_at``.
    """
    refuse_other_hand(files, signer)
    _refuse_absent(files, read_events(files), site, officer)
    told = {"event": "recusal", "site": site, "officer": officer}
    return _recorded(files, source, told, reason, evidence, recorded_at, signer)


def close(
    files: Mapping[str, bytes],
    source: beacon.Beacon,
    *,
    site: str,
    reason: str,
    evidence: bytes | None = None,
    recorded_at: datetime,
    signer: note.Signer,
) -> dict[str, bytes]:
    """Return the record with one more event: ``site`` turned out closed; another will stand in.

    As :func:`recuse`. Raises InvalidInput when nobody goes to that site, or it is closed already.
    """
    refuse_other_hand(files, signer)
    _refuse_closing(read_events(files), site)
    if site not in {row["site_id"] for row in standing(files)}:
        raise InvalidInput("nobody goes to site {site}", zh="没有检查组前往 {site}", site=site)
    told = {"event": "closure", "site": site, "officer": ""}
    return _recorded(files, source, told, reason, evidence, recorded_at, signer)


def _recorded(
    files: Mapping[str, bytes],
    source: beacon.Beacon,
    told: Mapping[str, str],
    reason: str,
    evidence: bytes | None,
    recorded_at: datetime,
    signer: note.Signer,
) -> dict[str, bytes]:
    """Write the next event down; what nobody could read back is refused before it is signed."""
    source.refuse_if_known(recorded_at)
    events = read_events(files)
    number = len(events) + 1
    body: dict[str, canonical.Json] = {
        "@spec": EVENT,
        "number": number,
        **told,
        "reason": reason,
        "evidence": sha256(evidence).hexdigest() if evidence is not None else "",
        "recorded_at": moment_text(recorded_at.timestamp()),
        "outcome": sha256(files["outcome.json"]).hexdigest(),
        "previous": events[-1].digest.hex() if events else "",
        "beacon": source.identity(),
    }
    added = {**files, numbered("event", number): canonical.encode(body) + b"\n"}
    added.pop("notice.html", None)
    read_events(added)
    return seal(added, signer)


def waiting(files: Mapping[str, bytes]) -> Event:
    """Return the first event without a replacement: the one to be drawn next."""
    for event in read_events(files):
        if event.answer is None:
            return event
    raise InvalidInput("no event of this record waits for a replacement",
                       zh="本记录没有待替换的事件")  # fmt: skip


def standing(files: Mapping[str, bytes]) -> list[dict[str, str]]:
    """Return today's teams: the rows of teams.csv with every replacement made, as text.

    A seat that nobody could take keeps the name of who stepped back; ``gone`` tells which. A closed
    site is left out, and who stands in for it stands at the end.
    """
    rows = csv_rows(files["teams.csv"])
    for event in read_events(files):
        if event.answer is not None and event.closure:
            rows = [row for row in rows if row["site_id"] != event.site]
            rows += [_stands_in(event, seat) for seat in event.answer["team"]]
        elif event.answer is not None and event.answer["officer"]:
            row = _seat(rows, event.site, event.officer)
            row["officer_id"] = str(event.answer["officer"])
            row["borrowed"] = str(event.answer["borrowed"])
    return rows


def gone(files: Mapping[str, bytes]) -> dict[tuple[str, str], Event]:
    """Return the seats of today's teams whose officer will not come, by site and officer.

    The event waits for its randomness (no ``answer``), or nobody could take the seat.
    """
    left: dict[tuple[str, str], Event] = {}
    for event in read_events(files):
        if event.closure:
            continue
        left[event.site, event.officer] = event
        if event.answer is not None and event.answer["officer"]:
            del left[event.site, event.officer]
    return left


def _stands_in(event: Event, seat: Mapping[str, Any]) -> dict[str, str]:
    assert event.answer is not None
    told = {"site_id": event.answer["substitute"], "seat": seat["seat"],
            "officer_id": seat["officer"], "borrowed": seat["borrowed"]}  # fmt: skip
    return {name: str(value) for name, value in told.items()}


def _seat(rows: list[dict[str, str]], site: str, officer: str) -> dict[str, str]:
    for row in rows:
        if (row["site_id"], row["officer_id"]) == (site, officer):
            return row
    raise InvalidInput("officer {officer} is not in the team of site {site}",
                       zh="检查人员 {officer} 不在场所 {site} 的检查组中",
                       officer=officer, site=site)  # fmt: skip


def _refuse_absent(
    files: Mapping[str, bytes], events: tuple[Event, ...], site: str, officer: str
) -> None:
    if "teams.csv" not in files:
        raise InvalidInput("announced, but not drawn: there is no team to step back from",
                           zh="已公告但尚未抽取，没有可回避的检查组")  # fmt: skip
    _refuse_closing(events, site)
    _seat(standing(files), site, officer)
    for event in events:
        if event.answer is None and (event.site, event.officer) == (site, officer):
            raise InvalidInput("event {number} already says so and waits for its randomness",
                               zh="第 {number} 号事件已作记录，等待其随机数",
                               number=event.number)  # fmt: skip


def _refuse_closing(events: tuple[Event, ...], site: str) -> None:
    """Refuse a site whose closure waits: once it is answered, nobody goes there."""
    for event in events:
        if event.closure and event.answer is None and event.site == site:
            raise InvalidInput("event {number} says that {site} is closed, and waits for its "
                               "randomness",
                               zh="第 {number} 号事件已记录 {site} 关闭，等待其随机数",
                               number=event.number, site=site)  # fmt: skip
