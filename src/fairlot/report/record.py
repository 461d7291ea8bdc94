"""A record as the notice tells it: what its files say, and digests anyone can compare."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from fairlot._base.errors import InvalidInput
from fairlot.planning import Plan, standings
from fairlot.public import (
    Announced,
    Event,
    canonical,
    head_of,
    open_seal,
    read_events,
    value_of,
)
from fairlot.public.committed import read_sheet
from fairlot.public.disclosure import OPENINGS
from fairlot.public.outcome import read_outcome
from fairlot.public.published import Beacon, Value
from fairlot.report.tables import Bureau, Row, read_coverage, read_rows
from fairlot.report.today import Closure, Today, today

__all__ = ["Draw", "Record", "read_draw", "read_record"]

DRAW = ("announcement.json", "outcome.json", "digests.txt")
LISTS = ("coverage.csv", "drawn.csv", "schedule.csv", "teams.csv")
DRAWN = ("site_id", "uscc", "name", "bureau_id", "sector", "rule", "detail", "pi")
TEAMS = ("site_id", "seat", "officer_id", "borrowed")
SCHEDULE = ("site_id", "first", "last", "clash")
LONGEST = 400  # characters of one value on the page; a NIST pulse has thousands


@dataclass(frozen=True, slots=True)
class Draw:
    """What the announcement and the outcome say.

    beacon  the one that the draw used, a fallback where a witnessed note switched to it
    seen    whether somebody else's proof of time is there, of the announcement and of every event
    """

    announced: Announced
    outcome: Mapping[str, Any]
    beacon: Beacon
    value: Value
    seen: bool

    @property
    def plan(self) -> Plan:
        """The plan."""
        return self.announced.plan

    @property
    def digest(self) -> str:
        """SHA-256 of announcement.json, which the outcome repeats."""
        return self.announced.digest.hex()

    @property
    def switched(self) -> bool:
        """Whether a fallback was used."""
        return self.beacon.identity() != self.announced.beacon.identity()

    @property
    def due(self) -> str:
        """When the randomness came out, or could first come out, UTC."""
        moment = datetime.fromtimestamp(self.beacon.time, UTC)
        return moment.strftime("%Y-%m-%dT%H:%M:%SZ")

    @property
    def randomness(self) -> Mapping[str, str]:
        """What is known of the randomness, name by name: announced, then come out."""
        facts = {**self.beacon.identity(), **self.value}
        return {name: _short(value) for name, value in facts.items()}


@dataclass(frozen=True, slots=True)
class Record:
    """A draw with its lists as rows, and how it stands today.

    drawn      rows of drawn.csv with the week of each visit (first, last, clash) and, in a
               pseudonymous record, what was opened of the site (opened_id, sector, detail)
    stand_ins  every closure for which somebody stands in, with the site that does
    """

    draw: Draw
    coverage: tuple[Bureau, ...]
    drawn: list[Row]
    today: Today
    stand_ins: list[tuple[Closure, Row]]

    @property
    def city(self) -> Bureau:
        """The coverage of the whole city."""
        return next(row for row in self.coverage if row.is_city)


def read_draw(files: Mapping[str, bytes]) -> Draw:
    """Read announcement and outcome; refuse files that were not signed together."""
    _refuse_missing(files, DRAW)
    announced = head_of(files)
    open_seal(files, announced.body["key"])
    return Draw(announced, read_outcome(files), *value_of(files), seen=_seen(files))


def read_record(files: Mapping[str, bytes]) -> Record:
    """Read the files of one draw; refuse them when one is missing or belongs to another draw."""
    _refuse_missing(files, (*DRAW, *LISTS))
    draw, events = read_draw(files), read_events(files)
    now = today(read_rows("teams.csv", files["teams.csv"], TEAMS), events)
    shown = _stand_ins(files, events)
    return Record(
        draw=draw,
        coverage=read_coverage(files["coverage.csv"]),
        drawn=_drawn(files, draw.plan),
        today=now,
        stand_ins=[(each, shown[each.substitute]) for each in now.stand_ins],
    )


def _seen(files: Mapping[str, bytes]) -> bool:
    told = ("announcement", *(event.name for event in read_events(files)))
    return all(f"{name}.tsr" in files or f"{name}.log.json" in files for name in told)


def _refuse_missing(files: Mapping[str, bytes], names: Iterable[str]) -> None:
    missing = [name for name in names if name not in files]
    if missing:
        raise InvalidInput("{list} is missing; a notice tells of a draw that was made",
                           zh="缺少 {list}；公示页只能由已完成的抽取生成", list=", ".join(missing))  # fmt: skip


def _short(value: canonical.Json) -> str:
    text = value if isinstance(value, str) else canonical.encode(value).decode()
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}…"


def _drawn(files: Mapping[str, bytes], plan: Plan) -> list[Row]:
    """Return the drawn sites, each with its week and with what a pseudonymous record opens of it."""
    rows = read_rows("drawn.csv", files["drawn.csv"], DRAWN)
    found = read_rows("schedule.csv", files["schedule.csv"], SCHEDULE)
    weeks = {row["site_id"]: {name: row[name] for name in SCHEDULE} for row in found}
    opened = _opened(files, plan) if plan.proof.view == "pseudonymous" else {}
    blank = {**dict.fromkeys(SCHEDULE, ""), "opened_id": ""}
    return [
        {
            **blank,
            **row,
            **weeks.get(row["site_id"], {}),
            **opened.get(row.get("opened_id", ""), {}),
        }
        for row in rows
    ]


def _opened(files: Mapping[str, bytes], plan: Plan) -> dict[str, Row]:
    """Return sector and reason of every opened site, which a pseudonymous list leaves out."""
    found = standings(plan, read_sheet(files, "openings", OPENINGS))
    rows = zip(*(found[name].tolist() for name in ("site", "sector", "detail")), strict=True)
    return {site: {"sector": sector, "detail": detail} for site, sector, detail in rows}


def _stand_ins(files: Mapping[str, bytes], events: Iterable[Event]) -> dict[str, Row]:
    """Return the sites that stand in for others, by their names in the record."""
    answers = [event.answer for event in events if event.closure and event.answer is not None]
    wanted = {str(answer["substitute"]): answer.get("opened") for answer in answers}
    shown = {
        site: {**opened, "site_id": site, "opened_id": opened["site_id"]}
        for site, opened in wanted.items()
        if opened
    }
    if named := wanted.keys() - {"", *shown}:
        sites = read_sheet(files, "sites")
        rows = sites[sites["site_id"].isin(named)].to_dict("records")
        shown |= {str(row["site_id"]): {**row, "opened_id": ""} for row in rows}
    return shown
