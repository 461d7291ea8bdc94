"""The events of a record as they are read: in their order, each in its place, bound to the last."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any

from fairlot._base.errors import VerificationError, within
from fairlot._base.visible import is_visible
from fairlot.public import beacon, canonical
from fairlot.public.announcement import MAX_JSON, read_body
from fairlot.public.folder import LATER, SPEC, numbered
from fairlot.public.moments import MOMENT
from fairlot.public.published import Value

__all__ = ["EVENT", "Event", "read_events"]

FIELDS = {
    "@spec", "number", "event", "site", "officer", "reason", "evidence", "recorded_at", "outcome",
    "previous", "beacon",
}  # fmt: skip
EVENT = f"{SPEC} event"
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
    def closure(self) -> bool:
        """Whether the site is closed, and another stands in for it."""
        return bool(self.body["event"] == "closure")

    @property
    def value(self) -> Value:
        """What the beacon gave, as its answer has it."""
        value: Any = (self.answer or {}).get("value")
        if not isinstance(value, dict) or self.source.canonical(value) != value:
            raise VerificationError("value is not in the form of {beacon}",
                                    zh="value 不符合 {beacon} 的形式", beacon=str(self.source))  # fmt: skip
        return value

    @property
    def source(self) -> beacon.Beacon:
        """Where the randomness of the answer comes from."""
        return beacon.source(self.body["beacon"])


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
        beacon.source(body["beacon"]).refuse_if_known(_moment(body["recorded_at"]))
    return Event(number, sha256(files[name]).digest(), body, _answer(files, number, body["event"]))


def _answer(files: Mapping[str, bytes], number: int, event: str) -> Mapping[str, Any] | None:
    """Return the answer to an event, if there is one; its form alone is looked at."""
    name = numbered("replacement", number)
    if name not in files:
        return None
    body = _read(files, name)
    match event, body:
        case "recusal", {"officer": str(), "borrowed": bool()}:
            return body
        case "closure", {"substitute": str(), "team": list(team)} if all(map(_is_seat, team)):
            return body
    with within(name):
        raise VerificationError("is no answer to a {event}", zh="不是对 {event} 的应答",
                                event=event)  # fmt: skip


def _is_seat(value: object) -> bool:
    match value:
        case {"seat": str(), "officer": str(), "borrowed": bool()}:
            return True
    return False


def _moment(text: str) -> datetime:
    try:
        return datetime.fromisoformat(text)
    except ValueError as error:
        raise VerificationError(
            "recorded_at: {why}", zh="recorded_at：{why}", why=str(error)
        ) from None


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
        "@spec": EVENT,
        "number": number,
        "outcome": sha256(files.get("outcome.json", b"")).hexdigest(),
        "previous": before[-1].digest.hex() if before else "",
    }
    for field, wanted in want.items():
        if type(body[field]) is not type(wanted) or body[field] != wanted:
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
        "event": "recusal|closure",
        "officer": ".{1,64}" if body["event"] == "recusal" else "",
        "reason": f".{{1,{LONGEST_REASON}}}",
    }
    for field, form in forms.items():
        got = body[field]
        if not (isinstance(got, str) and is_visible(got) and re.fullmatch(form, got, re.ASCII)):
            raise VerificationError("{field} is {got!r}", zh="{field} 为 {got!r}，格式不符",
                                    field=field, got=str(got)[:LONGEST_REASON])  # fmt: skip
