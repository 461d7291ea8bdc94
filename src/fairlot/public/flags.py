"""Marks that a log bears, and the view of the log from which the rules make them."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from fairlot.public.calendar import Calendar, Foretold
from fairlot.public.entries import Entry
from fairlot.public.log_read import ReadLog
from fairlot.public.sightings import Clock, Sighting

__all__ = ["GRACE", "MARGIN", "Draw", "Flag", "View", "fails", "not_shown"]

GRACE = 7 * 86400
"""Seconds after its round by which a draw has an outcome."""
MARGIN = 600
"""Seconds before its round by which an announcement is public, where its record is not at hand."""

Draw = tuple[str, str, str, str]
"""Authority, scope, period and task."""


@dataclass(frozen=True, slots=True)
class Flag:
    """One mark, in both languages, with the indices of the entries concerned.

    verdict  "fails": the log itself shows it; "not shown": nothing at hand says otherwise
    """

    kind: str
    verdict: Literal["fails", "not shown"]
    en: str
    zh: str
    entries: tuple[int, ...]

    def text(self, lang: str = "en") -> str:
        """Return the message in ``lang`` ("en" or "zh")."""
        return self.zh if lang == "zh" else self.en


class View:
    """A log as the rules look at it: its announcements, and all that belongs to one draw."""

    def __init__(
        self,
        log: ReadLog,
        now: int,
        calendars: Mapping[str, Calendar],
        rosters: Mapping[str, frozenset[str] | None],
        sightings: Sequence[Sighting],
        margins: Mapping[str, int],
        grace: int,
    ) -> None:
        self.log, self.now, self.calendars, self.rosters = log, now, calendars, rosters
        self.sightings, self.margins, self.grace = sightings, margins, grace
        self.clock = Clock(sightings)
        self.entries = log.entries
        self.announced = self.of("announcement")
        self.places: dict[tuple[Draw, str], list[int]] = defaultdict(list)
        for index, entry in enumerate(self.entries):
            self.places[entry.draw, entry.kind].append(index)
        self._foretold: dict[Draw, int] = {}
        for index, entry in self.of("calendar"):
            for row in self.rows(entry):
                self._foretold.setdefault(row.draw, index)

    def of(self, kind: str) -> list[tuple[int, Entry]]:
        """Return the entries of a kind, with their indices."""
        return [(i, entry) for i, entry in enumerate(self.entries) if entry.kind == kind]

    def rows(self, entry: Entry) -> tuple[Foretold, ...]:
        """Return the rows of a calendar; none when it is not at hand."""
        calendar = self.calendars.get(entry.digest)
        return calendar.rows if calendar else ()

    def followed(self, index: int, kind: str) -> bool:
        """Tell whether an entry of a kind follows in the same draw."""
        return self.places.get((self.entries[index].draw, kind), [-1])[-1] > index

    def preceded(self, index: int, kind: str) -> bool:
        """Tell whether an entry of a kind stands before in the same draw."""
        return self.places.get((self.entries[index].draw, kind), [index])[0] < index

    def foretold_at(self, draw: Draw) -> int | None:
        """Return the first calendar's entry that names this draw."""
        return self._foretold.get(draw)

    def foretold(self, index: int) -> bool:
        """Tell whether a calendar that was logged before names this draw."""
        return self._foretold.get(self.entries[index].draw, index) < index


def fails(kind: str, entries: Sequence[int], en: str, zh: str) -> Flag:
    """Return a mark of what the log itself shows."""
    return Flag(kind, "fails", en, zh, tuple(entries))


def not_shown(kind: str, entries: Sequence[int], en: str, zh: str) -> Flag:
    """Return a mark of what nothing at hand shows."""
    return Flag(kind, "not shown", en, zh, tuple(entries))
