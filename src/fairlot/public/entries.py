"""What stands in the public log of draws: one small entry for every file of a draw, nobody named.

An entry says which draw it belongs to and what was published: the SHA-256 of the file. That of an
announcement says more, so that a reader of the log alone sees what must follow, and when.
"""

import re
from dataclasses import asdict, dataclass, fields
from datetime import date
from typing import Any

from fairlot._base.errors import InvalidInput
from fairlot._base.visible import LONGEST, is_line
from fairlot.public import canonical

__all__ = ["KINDS", "LOG_SPEC", "Entry"]

LOG_SPEC = "fairlot.log/v1"
HEADING = f"{LOG_SPEC} entry"
KINDS = (
    "calendar", "human", "announcement", "outcome", "opening", "event", "replacement", "switch",
)  # fmt: skip
ANNOUNCED = ("sequence", "round_time", "opens", "rosters")
KEY = ("authority", "scope", "period", "task")
LAST_MOMENT = 253_402_300_799  # Unix seconds: the end of the year 9999, the last that has a name
MAX_ENTRY = 1 << 13  # bytes: a tile's length field would allow 2^16 - 1
DIGEST = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry; the last four fields are an announcement's alone.

    kind        one of :data:`KINDS`
    digest      SHA-256 of the published file, in hex
    sequence    the authority's announcements are numbered 1, 2, … without a gap
    round_time  when the randomness comes into being, Unix seconds
    opens       the date (ISO) by which a sealed draw is opened, or "" when it is not sealed
    rosters     the root of the sites, in hex

    A calendar belongs to no single draw: its scope, period and task may be "".

    >>> entry = Entry("outcome", "示例局", "检验检测", "2026", "2026-001", "0" * 64)
    >>> Entry.decode(entry.encode()) == entry
    True
    """

    kind: str
    authority: str
    scope: str
    period: str
    task: str
    digest: str
    sequence: int = 0
    round_time: int = 0
    opens: str = ""
    rosters: str = ""

    def __post_init__(self) -> None:
        _one_of("kind", self.kind, KINDS)
        for name in KEY:
            empty = self.kind == "calendar" and name != "authority"
            check_name(name, getattr(self, name), empty=empty)
        _check_digest("digest", self.digest)
        if self.kind == "announcement":
            _check_announced(self)
        elif (self.sequence, self.round_time, self.opens, self.rosters) != (0, 0, "", ""):
            raise InvalidInput("an entry of kind {kind} has {want} of an announcement",
                               zh="{kind} 条目含有公告专用字段（{want}）",
                               kind=self.kind, want=" or ".join(ANNOUNCED))  # fmt: skip

    @property
    def draw(self) -> tuple[str, str, str, str]:
        """Which draw it belongs to: authority, scope, period and task."""
        return self.authority, self.scope, self.period, self.task

    def encode(self) -> bytes:
        """Return the bytes that are logged: canonical JSON (RFC 8785) without a line end."""
        values = asdict(self)
        if self.kind != "announcement":
            for name in ANNOUNCED:
                del values[name]
        return canonical.encode({"@spec": HEADING, **values})

    @classmethod
    def decode(cls, data: bytes) -> "Entry":
        """Read the bytes of an entry; any other spelling of it, and any other key, is refused."""
        value: Any = canonical.decode(data, limit=MAX_ENTRY)
        names = {each.name for each in fields(cls)}
        announced = isinstance(value, dict) and value.get("kind") == "announcement"
        check_keys(value, names if announced else names - set(ANNOUNCED), HEADING)
        return cls(**{name: value[name] for name in value if name != "@spec"})


def check_keys(value: object, want: set[str], heading: str = "") -> None:
    """Refuse what is not an object with these keys, and ``"@spec": heading`` when one is given."""
    keys = set(value) if isinstance(value, dict) else set()
    if not isinstance(value, dict) or value.get("@spec", "") != heading:
        raise InvalidInput('want an object with "@spec" {want!r}',
                           zh="应为 “@spec” 为 {want!r} 的对象", want=heading)  # fmt: skip
    if keys - {"@spec"} != want:
        got, wanted = ", ".join(sorted(keys)), ", ".join(sorted(want))
        raise InvalidInput("has the keys {got}; want {want}", zh="字段为 {got}，应为 {want}",
                           got=got[: 5 * LONGEST], want=wanted)  # fmt: skip


def check_name(name: str, value: object, *, empty: bool = False) -> None:
    """Refuse what is not one visible line of at most 200 characters in NFKC.

    Under one spelling a name is one name: no second draw hides behind a wide letter.
    """
    if not isinstance(value, str) or not (is_line(value) or (empty and value == "")):
        raise InvalidInput("{name} is {got!r}; want one visible line of at most {want} characters in NFKC",
                           zh="{name} 为 {got!r}，应为不超过 {want} 个字符的一行可见文字（NFKC）",
                           name=name, got=str(value)[:LONGEST], want=LONGEST)  # fmt: skip


def check_date(name: str, value: object) -> None:
    """Refuse what is not a date as 2026-07-01."""
    try:
        good = isinstance(value, str) and date.fromisoformat(value).isoformat() == value
    except ValueError:
        good = False
    if not good:
        raise InvalidInput("{name} is {got!r}; want a date such as 2026-07-01",
                           zh="{name} 为 {got!r}，应为日期，如 2026-07-01",
                           name=name, got=str(value)[:LONGEST])  # fmt: skip


def _check_announced(entry: Entry) -> None:
    for name in ("sequence", "round_time"):
        value = getattr(entry, name)
        if type(value) is not int or not 1 <= value <= LAST_MOMENT:
            raise InvalidInput("{name} is {got!r}; want a whole number from 1 to {most}",
                               zh="{name} 为 {got!r}，应为 1 至 {most} 的整数",
                               name=name, got=value, most=LAST_MOMENT)  # fmt: skip
    if entry.opens != "":
        check_date("opens", entry.opens)
    _check_digest("rosters", entry.rosters)


def _check_digest(name: str, value: object) -> None:
    if not isinstance(value, str) or not DIGEST.fullmatch(value):
        raise InvalidInput("{name} is {got!r}; want 64 hex digits",
                           zh="{name} 为 {got!r}，应为 64 位十六进制数",
                           name=name, got=str(value)[:LONGEST])  # fmt: skip


def _one_of(name: str, value: object, known: tuple[str, ...]) -> None:
    if value not in known:
        raise InvalidInput("{name} is {got!r}; want one of {want}",
                           zh="{name} 为 {got!r}，应为 {want} 之一",
                           name=name, got=str(value)[:LONGEST], want=", ".join(known))  # fmt: skip
