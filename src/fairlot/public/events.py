"""What happens after the draw: each event is written down before the randomness that answers it.

``event-001.json`` says which officer steps back from which site and why, and names randomness to
come; it holds the digests of the outcome and of the event before it, so none can be slipped in or
left out later. ``replacement-001.json`` answers it (see ``replacing``). The lists of the draw are
never rewritten: today's teams are ``teams.csv`` and the replacements, in the order of their numbers.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

from fairlot._base.errors import InvalidInput, VerificationError, within
from fairlot.public import beacon, canonical, note
from fairlot.public.announcement import MAX_JSON, MOMENT, SPEC, read_body, refuse_other_hand
from fairlot.public.folder import LATER, numbered
from fairlot.public.lists import csv_rows
from fairlot.public.seal import seal

__all__ = ["Event", "gone", "read_events", "recuse", "standing", "waiting"]

FIELDS = {
    "spec", "number", "event", "site", "officer", "reason", "evidence", "recorded_at", "outcome",
    "previous", "randomness",
}  # fmt: skip
LONGEST_REASON = 200


@dataclass(frozen=True, slots=True)
class Event:
    """One event that was read and found in its place; ``answer`` is its replacement, once drawn."""

    number: int
    digest: bytes
    body: Mapping[str, Any]
    answer: Mapping[str, Any] | None

    @property
    def name(self) -> str:
        """The name of its file, without the suffix."""
        return numbered("event", self.number).removesuffix(".json")

    @property
    def site(self) -> str:
        """The site whose team changes."""
        return str(self.body["site"])

    @property
    def officer(self) -> str:
        """The officer who steps back."""
        return str(self.body["officer"])

    @property
    def value(self) -> beacon.Value:
        """The randomness that came out, as its answer has it."""
        return self.source.canonical((self.answer or {}).get("randomness", {}))

    @property
    def source(self) -> beacon.Source:
        """Where the randomness of the answer comes from."""
        return beacon.source(self.body["randomness"])


def recuse(
    files: Mapping[str, bytes],
    source: beacon.Source,
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
    events = read_events(files)
    _refuse_absent(files, events, site, officer)
    source.refuse_if_known(recorded_at)
    number = len(events) + 1
    body: dict[str, canonical.Json] = {
        "spec": SPEC,
        "number": number,
        "event": "recusal",
        "site": site,
        "officer": officer,
        "reason": reason,
        "evidence": sha256(evidence).hexdigest() if evidence is not None else "",
        "recorded_at": recorded_at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "outcome": sha256(files["outcome.json"]).hexdigest(),
        "previous": events[-1].digest.hex() if events else "",
        "randomness": source.identity(),
    }
    added = {**files, numbered("event", number): canonical.encode(body) + b"\n"}
    added.pop("notice.html", None)
    read_events(added)  # what nobody could read back is refused before it is signed
    return seal(added, signer)


def read_events(files: Mapping[str, bytes]) -> tuple[Event, ...]:
    """Return the events of a record in order; refuse a gap, a broken chain or an early answer."""
    names = [name for name in files if LATER.fullmatch(name)]
    count = sum(name.startswith("event") for name in names)
    events: list[Event] = []
    for number in range(1, count + 1):
        events.append(_event(files, number, events))
    answers = sum(event.answer is not None for event in events)
    if len(names) != count + answers or any(event.answer for event in events[answers:]):
        raise VerificationError("events and replacements are not numbered without gaps: {list}",
                                zh="事件与替换的编号不连续：{list}",
                                list=", ".join(sorted(names)))  # fmt: skip
    return tuple(events)


def waiting(files: Mapping[str, bytes]) -> Event:
    """Return the first event without a replacement: the one to be drawn next."""
    for event in read_events(files):
        if event.answer is None:
            return event
    raise InvalidInput("no event of this record waits for a replacement",
                       zh="本记录没有待替换的事件")  # fmt: skip


def standing(files: Mapping[str, bytes]) -> list[dict[str, str]]:
    """Return today's teams: the rows of teams.csv with every replacement made, as text.

    A seat that nobody could take keeps the name of who stepped back; ``gone`` tells which.
    """
    rows = csv_rows(files["teams.csv"])
    for event in read_events(files):
        if event.answer is not None and event.answer["officer"]:
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
        left[event.site, event.officer] = event
        if event.answer is not None and event.answer["officer"]:
            del left[event.site, event.officer]
    return left


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
    _seat(standing(files), site, officer)
    for event in events:
        if event.answer is None and (event.site, event.officer) == (site, officer):
            raise InvalidInput("event {number} already says so and waits for its randomness",
                               zh="第 {number} 号事件已作记录，等待其随机数",
                               number=event.number)  # fmt: skip


def _event(files: Mapping[str, bytes], number: int, before: list[Event]) -> Event:
    name = numbered("event", number)
    body = _read(files, name)
    with within(name):
        if set(body) != FIELDS:
            raise VerificationError("has the fields {got}; want {want}",
                                    zh="字段为 {got}，应为 {want}",
                                    got=sorted(body), want=sorted(FIELDS))  # fmt: skip
        _check_text(body)
        _check_place(body, number, files, before)
        recorded_at = datetime.fromisoformat(body["recorded_at"])
        beacon.source(body["randomness"]).refuse_if_known(recorded_at)
    answer = numbered("replacement", number)
    return Event(
        number,
        sha256(files[name]).digest(),
        body,
        _read(files, answer) if answer in files else None,
    )


def _read(files: Mapping[str, bytes], name: str) -> Mapping[str, Any]:
    if name not in files:
        raise VerificationError("{file} is missing", zh="缺少 {file}", file=name)
    with within(name):
        body = canonical.decode(files[name].removesuffix(b"\n"), limit=MAX_JSON)
        if not isinstance(body, dict) or not files[name].endswith(b"\n"):
            raise VerificationError("is not one object on one line", zh="应为一行一个对象")
    return body


def _check_place(
    body: Mapping[str, Any], number: int, files: Mapping[str, bytes], before: list[Event]
) -> None:
    """Refuse an event that belongs elsewhere: to another draw, or after another event."""
    earlier = before[-1].body["recorded_at"] if before else read_body(files)["announced_at"]
    want = {
        "spec": SPEC,
        "number": number,
        "event": "recusal",
        "outcome": sha256(files.get("outcome.json", b"")).hexdigest(),
        "previous": before[-1].digest.hex() if before else "",
    }
    for field, wanted in want.items():
        if body[field] != wanted:
            raise VerificationError("{field} is {got}; want {want}",
                                    zh="{field} 为 {got}，应为 {want}",
                                    field=field, got=body[field], want=wanted)  # fmt: skip
    if body["recorded_at"] < earlier:
        raise VerificationError("recorded at {got}, before what it follows, {want}",
                                zh="记录时间 {got} 早于其前一事项 {want}",
                                got=body["recorded_at"], want=earlier)  # fmt: skip


def _check_text(body: Mapping[str, Any]) -> None:
    forms = {
        "recorded_at": MOMENT,
        "evidence": "([0-9a-f]{64})?",
        "site": ".{1,64}",
        "officer": ".{1,64}",
        "reason": f".{{1,{LONGEST_REASON}}}",
    }
    for field, form in forms.items():
        got = body[field]
        if not (isinstance(got, str) and got.isprintable() and re.fullmatch(form, got)):
            raise VerificationError("{field} is {got!r}", zh="{field} 为 {got!r}，格式不符",
                                    field=field, got=str(got)[:LONGEST_REASON])  # fmt: skip
