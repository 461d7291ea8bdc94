"""A drawn record as the notice tells it: what its files say, and digests anyone can compare."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

from fairlot._base.errors import InvalidInput
from fairlot.planning import Plan
from fairlot.public import Event, read_events
from fairlot.report.tables import Bureau, Row, read_coverage, read_rows

__all__ = ["Record", "Seat", "read_record"]

TOLD = ("announcement.json", "outcome.json", "coverage.csv", "drawn.csv", "teams.csv")
DRAWN = ("site_id", "uscc", "name", "bureau_id", "sector", "rule", "detail", "pi")
TEAMS = ("site_id", "seat", "officer_id", "borrowed")


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
class Record:
    """What the announcement and the outcome say, the lists as rows, and today's teams by site.

    digest      SHA-256 of announcement.json, which the outcome repeats
    randomness  what is known of the randomness, name by name: announced, then come out
    """

    announcement: Mapping[str, Any]
    plan: Plan
    outcome: Mapping[str, Any]
    digest: str
    randomness: Mapping[str, str]
    coverage: tuple[Bureau, ...]
    drawn: list[Row]
    teams: Mapping[str, list[Seat]]

    @property
    def city(self) -> Bureau:
        """The coverage of the whole city."""
        return next(row for row in self.coverage if row.is_city)

    @property
    def officers(self) -> int:
        """How many different officers were drawn."""
        return len({seat.officer for team in self.teams.values() for seat in team})

    @property
    def replaced(self) -> int:
        """How many seats were drawn anew, wait for it, or stay vacant."""
        seats = [seat for team in self.teams.values() for seat in team]
        return sum(bool(seat.before or seat.waiting or seat.vacant) for seat in seats)


def read_record(files: Mapping[str, bytes]) -> Record:
    """Read the files of one draw; refuse them when one is missing or belongs to another draw."""
    missing = [name for name in TOLD if name not in files]
    if missing:
        raise InvalidInput("{list} is missing; a notice tells of a draw that was made",
                           zh="缺少 {list}；公示页只能由已完成的抽取生成", list=", ".join(missing))  # fmt: skip
    announcement, outcome = json.loads(files[TOLD[0]]), json.loads(files[TOLD[1]])
    digests = {name: sha256(files[name]).hexdigest() for name in TOLD}
    _refuse_mixture(digests, outcome)
    return Record(
        announcement=announcement,
        plan=Plan.of(announcement["plan"], source="announcement.json: plan"),
        outcome=outcome,
        digest=digests["announcement.json"],
        randomness=_randomness(announcement["randomness"], outcome["randomness"]),
        coverage=read_coverage(files["coverage.csv"]),
        drawn=read_rows("drawn.csv", files["drawn.csv"], DRAWN),
        teams=_today(read_rows("teams.csv", files["teams.csv"], TEAMS), read_events(files)),
    )


def _refuse_mixture(digests: Mapping[str, str], outcome: Mapping[str, Any]) -> None:
    """Refuse files of different draws: the outcome names every other file by its digest."""
    wanted = {**outcome["files"], "announcement.json": outcome["announcement"]}
    strange = [name for name in TOLD if name in wanted and digests[name] != wanted[name]]
    if strange:
        raise InvalidInput("{list} is not the file that outcome.json names",
                           zh="{list} 与 outcome.json 所载摘要不符", list=", ".join(strange))  # fmt: skip


def _randomness(announced: Mapping[str, Any], out: Mapping[str, Any]) -> dict[str, str]:
    facts = {**announced, **out}
    if "round_time" in facts:
        moment = datetime.fromtimestamp(facts["round_time"], UTC)
        facts["round_time"] = moment.strftime("%Y-%m-%dT%H:%M:%SZ")
    return {name: str(value) for name, value in facts.items()}


def _today(rows: list[Row], events: Iterable[Event]) -> dict[str, list[Seat]]:
    """Return the seats by site, every event applied in its order."""
    teams: dict[str, list[Seat]] = {}
    for row in rows:
        seat = Seat(row["officer_id"], row["borrowed"] == "True")
        teams.setdefault(row["site_id"], []).append(seat)
    for event in events:
        team = teams.get(event.site, [])
        for at, seat in enumerate(team):
            if seat.officer == event.officer:
                team[at] = _changed(seat, event)
    return teams


def _changed(seat: Seat, event: Event) -> Seat:
    reason = str(event.body["reason"])
    if event.answer is None:
        return replace(seat, waiting=reason, vacant="")
    if not event.answer["officer"]:
        return replace(seat, waiting="", vacant=reason)
    before = (*seat.before, (seat.officer, reason))
    return Seat(str(event.answer["officer"]), event.answer["borrowed"] is True, before)
