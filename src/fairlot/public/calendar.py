"""The calendar of draws: what an authority will draw, and by when it will announce it.

Published in the log before the draws, it makes a second draw of the same sites visible: a draw that
the calendar does not foresee is another try.
"""

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, fields
from hashlib import sha256
from pathlib import Path
from typing import Any

from fairlot._base.errors import InvalidInput, within
from fairlot.public import canonical
from fairlot.public.disk import put, read_plain
from fairlot.public.entries import LOG_SPEC, Entry, check_date, check_keys, check_name
from fairlot.public.log import Log
from fairlot.public.note import Signer

__all__ = ["CALENDARS", "Calendar", "Foretold", "publish", "read_calendars"]

HEADING = f"{LOG_SPEC} calendar"
CALENDARS = "calendars"
MAX_ROWS = 10_000
MAX_CALENDAR = 1 << 23  # bytes
MOST = 1_000  # calendars that are read


@dataclass(frozen=True, slots=True, order=True)
class Foretold:
    """One draw to come; ``announce_by`` is the last date (ISO) for its announcement."""

    authority: str
    scope: str
    period: str
    task: str
    announce_by: str

    def __post_init__(self) -> None:
        for name in ("authority", "scope", "period", "task"):
            check_name(name, getattr(self, name))
        check_date("announce_by", self.announce_by)

    @property
    def draw(self) -> tuple[str, str, str, str]:
        """Which draw it is, as in :attr:`Entry.draw`."""
        return self.authority, self.scope, self.period, self.task


@dataclass(frozen=True, slots=True)
class Calendar:
    """The draws of one authority, each once, in order.

    >>> row = Foretold("示例局", "检验检测", "2026", "2026-001", "2026-03-31")
    >>> Calendar.decode(Calendar((row,)).encode()).rows[0].task
    '2026-001'
    """

    rows: tuple[Foretold, ...]

    def __post_init__(self) -> None:
        draws = [row.draw for row in self.rows]
        if not 1 <= len(draws) <= MAX_ROWS:
            raise InvalidInput("{got} rows; want 1 to {want}", zh="共 {got} 行，应为 1 至 {want} 行",
                               got=len(draws), want=MAX_ROWS)  # fmt: skip
        if draws != sorted(set(draws)):
            raise InvalidInput("rows are not in order, each draw once",
                               zh="各行应按顺序排列，每次抽取只列一次")  # fmt: skip
        if len({row.authority for row in self.rows}) > 1:
            raise InvalidInput("rows of several authorities; each publishes its own calendar",
                               zh="含多个机关的行；应由各机关分别公布日程")  # fmt: skip

    @property
    def authority(self) -> str:
        """Whose calendar it is."""
        return self.rows[0].authority

    def encode(self) -> bytes:
        """Return the file: one line of canonical JSON."""
        rows: list[canonical.Json] = [asdict(row) for row in self.rows]
        return canonical.encode({"@spec": HEADING, "rows": rows}) + b"\n"

    def entry(self) -> Entry:
        """Return what the log says of this calendar."""
        return Entry("calendar", self.authority, "", "", "", sha256(self.encode()).hexdigest())

    @classmethod
    def decode(cls, data: bytes) -> "Calendar":
        """Read the file; any other spelling of it is refused."""
        with within("calendar.json"):
            value: Any = canonical.decode(data.removesuffix(b"\n"), limit=MAX_CALENDAR)
            check_keys(value, {"rows"}, HEADING)
            if not data.endswith(b"\n") or not isinstance(value["rows"], list):
                raise InvalidInput("want one line with a list of rows",
                                   zh="应为一行，且 rows 为列表")  # fmt: skip
            return cls(tuple(_rows(value["rows"])))


def publish(log: Log, calendar: Calendar, signer: Signer) -> int:
    """Put a calendar beside the log and enter it; return the index of its entry."""
    entry = calendar.entry()
    put(log.folder / CALENDARS / f"{entry.digest}.json", calendar.encode())
    return log.append([entry], signer)[0]


def read_calendars(folder: Path, entries: Sequence[Entry]) -> dict[str, Calendar]:
    """Return the calendars that a log names and its folder holds, by their digests.

    A file whose bytes are not those that were logged is refused.
    """
    found: dict[str, Calendar] = {}
    for digest in [entry.digest for entry in entries if entry.kind == "calendar"][:MOST]:
        name = f"{digest}.json"
        if (folder / CALENDARS / name).exists():
            data = read_plain(folder / CALENDARS / name, MAX_CALENDAR)
            if sha256(data).hexdigest() != digest:
                raise InvalidInput("{name} is not the calendar that was logged",
                                   zh="{name} 不是所登记的日程", name=name)  # fmt: skip
            found[digest] = Calendar.decode(data)
    return found


def _rows(rows: list[Any]) -> Iterator[Foretold]:
    want = {each.name for each in fields(Foretold)}
    for number, row in enumerate(rows, 1):
        with within(f"row {number}", f"第 {number} 行"):
            check_keys(row, want)
            yield Foretold(**row)
