"""From a full record to the door proof of one site."""

from collections.abc import Mapping
from datetime import datetime
from hashlib import sha256
from typing import Any

from fairlot._base.errors import InvalidInput
from fairlot.planning.deciding import SCHEMAS
from fairlot.public import merkle
from fairlot.public.announced import Announced, open_announced
from fairlot.public.committed import columns_of
from fairlot.public.door import Change, Logged
from fairlot.public.door_check import make_door
from fairlot.public.entered import entries_of
from fairlot.public.events import gone, read_events, standing
from fairlot.public.log_read import ReadLog
from fairlot.public.opened_row import Part, Row, open_row
from fairlot.public.outcome import Replay, replay, value_of
from fairlot.public.pseudonym import Names, Opening
from fairlot.public.results import commit_results, results, results_key
from fairlot.public.rows import row_key

__all__ = ["door_of"]


def door_of(
    files: Mapping[str, bytes],
    site: str,
    *,
    now: datetime,
    names: Names | None = None,
    log: ReadLog | None = None,
    provisional: bool = False,
) -> bytes:
    """Return the door file of one site of a full record; costs a replay of the draw.

    site         by its id in the record
    now          when it is made
    names        opens the pseudonyms of those who go, where the secret is at hand
    log          the public log, to show where announcement and outcome stand in it
    provisional  whether the record is still sealed

    Raises InvalidInput for a site that the roster does not have.
    """
    announced = open_announced(files)
    again = replay(announced, *value_of(files))
    sites = again.quotas.frame["site_id"].tolist()
    if site not in sites:
        raise InvalidInput("site {site} is not in the roster", zh="名录中没有 {site}", site=site)
    at = sites.index(site)
    return make_door(
        files["announcement.json"],
        files["outcome.json"],
        _roster_row(announced, at),
        _result_row(announced, again, at),
        now=now,
        team=_team(files, site, names),
        changes=_changes(files, site),
        log=_place(files, announced, log) if log else None,
        provisional=provisional,
    )


def _roster_row(announced: Announced, at: int) -> Row:
    """Open what the site is called, and every public field; the private ones stay closed."""
    assert announced.tables is not None
    assert announced.leaves is not None
    suite, keys = announced.suite, announced.opening.keys
    public = _cells(columns_of(announced.tables.standings, "standings"), at)
    private = _cells(columns_of(announced.tables.sites, "sites"), at)
    return open_row(
        merkle.levels(announced.leaves["sites"], suite),
        at,
        Part(public, row_key(keys["standings"], at, suite), set(SCHEMAS["standings"])),
        Part(private, row_key(keys["sites"], at, suite), {"site_id", "name"}),
        suite,
    )


def _result_row(announced: Announced, again: Replay, at: int) -> Row:
    suite, key = announced.suite, announced.opening.keys["standings"]
    columns = results(again.quotas, again.sample.index, again.dates, again.teams)
    tree = merkle.levels(commit_results(columns, key, suite).leaves, suite)
    row = _cells(columns, at)
    return open_row(
        tree, at, Part(row, row_key(results_key(key, suite), at, suite), set(row)), suite=suite
    )


def _cells(columns: Mapping[str, list[Any]], at: int) -> dict[str, Any]:
    return {name: cells[at] for name, cells in columns.items()}


def _team(files: Mapping[str, bytes], site: str, names: Names | None) -> list[Opening]:
    """Return what opens everybody who goes today; whoever stepped back stays closed."""
    if names is None:
        return []
    people = [row["officer_id"] for row in standing(files) if row["site_id"] == site]
    left = gone(files)
    return [names.clear[person] for person in people if (site, person) not in left]


def _changes(files: Mapping[str, bytes], site: str) -> list[Change]:
    found = []
    for event in read_events(files):
        if event.answer is not None and site in (event.site, event.answer.get("substitute")):
            name = event.name.replace("event", "replacement") + ".json"
            out, into = (
                (event.site, event.answer["substitute"])
                if event.closure
                else (event.officer, event.answer["officer"])
            )
            found.append(Change(name, sha256(files[name]).digest(), out, into))
    return found


def _place(files: Mapping[str, bytes], announced: Announced, log: ReadLog) -> Logged:
    entries = entries_of(files)
    missing = [name for name in ("announcement", "outcome") if entries[name] not in log.entries]
    if missing:
        raise InvalidInput(
            "{list} is not in the log", zh="日志中没有 {list}", list=", ".join(missing)
        )
    places = [log.inclusion(log.entries.index(entries[n])) for n in ("announcement", "outcome")]
    entry = entries["announcement"]
    return Logged(entry.sequence, entry.round_time, entry.opens, places[0], places[1])
