"""Who goes where today: the teams as drawn, and every event after the draw, in its order."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

from fairlot.public import Event
from fairlot.report.tables import Row

__all__ = ["Closure", "Seat", "Today", "today"]


@dataclass(frozen=True, slots=True)
class Seat:
    """Who goes to a site today, who stepped back before and why, and who is about to.

    before   (officer, reason) of everybody who was replaced on this seat, the first drawn first
    waiting  the reason of a recusal whose replacement is still to be drawn, "" if there is none
    vacant   the reason of a recusal after which nobody could take the seat, "" if there is none
    """

    officer: str
    borrowed: bool
    before: tuple[tuple[str, str], ...] = ()
    waiting: str = ""
    vacant: str = ""


@dataclass(frozen=True, slots=True)
class Closure:
    """A site that turned out closed, and who stands in for it.

    waiting     whether the stand-in is still to be drawn
    substitute  the site that stands in, "" while none is drawn and where nobody can
    level       "cell": drawn among sites of the same bureau, sector and class; "bureau": of the same
                bureau
    chance      of the one drawn, among the ``among`` who could be; 0 where nobody was
    """

    site: str
    reason: str
    waiting: bool
    substitute: str
    level: str = ""
    chance: Fraction = Fraction(0)
    among: int = 0

    @property
    def pi(self) -> str:
        """The chance to nine decimals, cut as in the lists."""
        parts = self.chance.numerator * 10**9 // self.chance.denominator
        return f"{parts // 10**9}.{parts % 10**9:09d}"


@dataclass(frozen=True, slots=True)
class Today:
    """Teams by site, without the sites that are closed, and the closures by site."""

    teams: Mapping[str, Sequence[Seat]]
    closures: Mapping[str, Closure]

    @property
    def officers(self) -> int:
        """How many different officers go to some site."""
        return len({seat.officer for team in self.teams.values() for seat in team})

    @property
    def stand_ins(self) -> list[Closure]:
        """The closures for which somebody stands in."""
        return [each for each in self.closures.values() if each.substitute]

    @property
    def replaced(self) -> int:
        """How many seats were drawn anew, wait for it, or stay vacant."""
        seats = [seat for team in self.teams.values() for seat in team]
        return sum(bool(seat.before or seat.waiting or seat.vacant) for seat in seats)


def today(rows: Iterable[Row], events: Iterable[Event]) -> Today:
    """Return the teams that teams.csv lists, every event applied in its order.

    A closed site keeps its team until somebody stands in for it or nobody can.
    """
    teams: dict[str, list[Seat]] = {}
    for row in rows:
        seat = Seat(row["officer_id"], row["borrowed"] == "True")
        teams.setdefault(row["site_id"], []).append(seat)
    closures: dict[str, Closure] = {}
    for event in events:
        if event.closure:
            closures[event.site] = _closed(teams, event)
        else:
            team = teams.get(event.site, [])
            team[:] = [_reseated(s, event) if s.officer == event.officer else s for s in team]
    return Today(teams, closures)


def _reseated(seat: Seat, event: Event) -> Seat:
    reason = str(event.body["reason"])
    if event.answer is None:
        return replace(seat, waiting=reason, vacant="")
    if not event.answer["officer"]:
        return replace(seat, waiting="", vacant=reason)
    before = (*seat.before, (seat.officer, reason))
    return Seat(str(event.answer["officer"]), event.answer["borrowed"] is True, before)


def _closed(teams: dict[str, list[Seat]], event: Event) -> Closure:
    """Take the team of a closed site off, and put that of its stand-in on."""
    reason, answer = str(event.body["reason"]), event.answer
    if answer is None:
        return Closure(event.site, reason, waiting=True, substitute="")
    teams.pop(event.site, None)
    site = str(answer["substitute"])
    if not site:
        return Closure(event.site, reason, waiting=False, substitute="")
    teams[site] = [Seat(str(seat["officer"]), seat["borrowed"] is True) for seat in answer["team"]]
    level, among = str(answer["level"]), answer["candidates"]
    return Closure(event.site, reason, False, site, level, _chance(site, among), len(among))


def _chance(site: str, among: Sequence[Mapping[str, Any]]) -> Fraction:
    numerators = {each["site"]: int(each["numerator"]) for each in among}
    return Fraction(numerators[site], sum(numerators.values()))
