"""Pairs that must not meet: conflicts in force, employers, the last team, distance."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence, Set
from typing import NamedTuple

import numpy as np
import pandas as pd

from fairlot._base.arrays import Ints
from fairlot.assignment.people import People, numbered
from fairlot.assignment.presence import Window
from fairlot.assignment.team_rules import TeamRules
from fairlot.registers.recusals import binding

__all__ = ["CONFLICT", "DISTANCE", "EMPLOYER", "LAST_TEAM", "Excluded", "LastTeams", "excluded"]

CONFLICT, EMPLOYER, LAST_TEAM, DISTANCE = "conflict", "employer", "last team", "distance"

LastTeams = Mapping[str, Sequence[str]]
"""By site, who went there last."""

Pair = tuple[int, int, str]

DATES = ("valid_from", "valid_to")


class Excluded(NamedTuple):
    """Per pair: site, person, and the reason as a place in ``reasons``; sites ascending."""

    site: Ints
    person: Ints
    reason: Ints
    reasons: tuple[str, ...]


def excluded(
    sites: pd.DataFrame,
    people: People,
    conflicts: pd.DataFrame,
    window: Window,
    team: TeamRules,
    last_teams: LastTeams,
    distances: pd.DataFrame | None,
) -> Excluded:
    """Return the pairs of a site and a person that a rule on the pair keeps apart."""
    pairs = {*_in_conflict(sites, people, conflicts, window), *_employed(sites, people)}
    if team.rotation == "officer":
        pairs.update(_there_last(sites, people, last_teams))
    if distances is not None and team.farthest_km is not None:
        pairs.update(_too_far(sites, people, distances, team.farthest_km))
    reasons = sorted({reason for _, _, reason in pairs})
    code = numbered(reasons)
    rows = sorted((site, person, code[reason]) for site, person, reason in pairs)
    site, person, reason = np.array(rows, dtype=np.int64).reshape(-1, 3).T.copy()
    return Excluded(site, person, reason, tuple(reasons))


def _in_conflict(
    sites: pd.DataFrame, people: People, conflicts: pd.DataFrame, window: Window
) -> Iterator[Pair]:
    """A conflict with a code is one with all its sites; any day of the window is enough."""
    first, last = window
    named = _named(sites, set(conflicts["target"]))
    kinded = "kind" in conflicts  # what is published of a conflict leaves its kind out
    table = binding(conflicts) if kinded else conflicts.assign(kind=CONFLICT)
    columns = (table[name].tolist() for name in ("person_id", "target", "kind", *DATES))
    for person, target, kind, start, end in zip(*columns, strict=True):
        if start <= last and (not end or end >= first) and person in people.number:
            for site in named.get(target, ()):
                yield site, people.number[person], kind


def _named(sites: pd.DataFrame, asked: Set[str]) -> dict[str, list[int]]:
    """Return the sites that an id or a code stands for, of those asked for."""
    named: dict[str, list[int]] = defaultdict(list)
    for column in ("site_id", "uscc"):
        for at, name in enumerate(sites[column].tolist()):
            if name in asked:
                named[name].append(at)
    named.pop("", None)
    return dict(named)


def _employed(sites: pd.DataFrame, people: People) -> Iterator[Pair]:
    employers = people.frame["employer_uscc"].tolist()
    named = _named(sites, set(employers)) if people.expert.any() else {}
    for number, employer in enumerate(employers):
        for site in named.get(employer, ()):
            yield site, number, EMPLOYER


def _there_last(sites: pd.DataFrame, people: People, last_teams: LastTeams) -> Iterator[Pair]:
    for at, site in enumerate(sites["site_id"]):
        for name in last_teams.get(site, ()):
            if name in people.number:  # who has left the register since needs no rule
                yield at, people.number[name], LAST_TEAM


def _too_far(
    sites: pd.DataFrame, people: People, distances: pd.DataFrame, farthest: float
) -> Iterator[Pair]:
    named = numbered(list(sites["site_id"]))
    staff: dict[str, list[int]] = defaultdict(list)
    for number, station in enumerate(people.frame["station_id"]):
        staff[station].append(number)
    far = distances[distances["km"] > farthest]
    for station, site in zip(far["station_id"], far["site_id"], strict=True):
        if site in named:
            for number in staff.get(station, ()):
                yield named[site], number, DISTANCE
