"""From the registers to rows of eligible people: who may take which seat of which drawn site."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from fairlot._base.arrays import Flags, Ints
from fairlot._base.errors import InvalidInput
from fairlot._kernels import kernel
from fairlot.assignment.appointments import Appointed, appoint
from fairlot.assignment.barring import BarredPairs, Stations
from fairlot.assignment.exclusions import Excluded, LastTeams, excluded
from fairlot.assignment.people import People, numbered, people_of
from fairlot.assignment.pools import Pools
from fairlot.assignment.presence import Window, checked_window
from fairlot.assignment.refusals import refuse_registers, refuse_rules
from fairlot.assignment.rotation import apart_rows
from fairlot.assignment.rules import Group
from fairlot.assignment.seats import Joint, Seats, seats_of
from fairlot.assignment.team_rules import Limit, TeamRules

__all__ = ["Given", "read_registers"]

PAIRS_MOST = 100_000_000
"""Half a gigabyte of rows; the whole country in 18 bureaux has 15 million pairs."""

NOWHERE = -1
"""The code of a person whose station no drawn site has."""
FREE = -2
"""The code of a site whose station bars nobody: equal to no person's."""


@dataclass(frozen=True, eq=False)
class Given:
    """The registers of one draw, and what was settled before it; see ``Problem.from_registers``."""

    sites: pd.DataFrame
    officers: pd.DataFrame
    conflicts: pd.DataFrame
    absences: pd.DataFrame
    experts: pd.DataFrame | None = None
    last_teams: LastTeams = field(default_factory=dict)
    departments: Joint = field(default_factory=dict)
    appointed: Appointed = field(default_factory=dict)
    apart: Iterable[Sequence[str]] = ()
    distances: pd.DataFrame | None = None


def read_registers(given: Given, team: TeamRules, window: Window) -> dict[str, Any]:
    """Return the fields of a Problem; the rules are those of ``Problem.from_registers``."""
    window = checked_window(window)
    experts = _experts(given.experts, team)
    refuse_registers(given.sites, given.officers, experts, given.conflicts)
    sites = given.sites.sort_values("site_id", kind="stable")
    people = people_of(given.officers, given.absences, experts, window, team.expert_cap)
    refuse_rules(sites, people, team, given.departments, given.apart, window)
    seats = seats_of(sites, people, team, given.departments)
    kept = excluded(sites, people, given.conflicts, window, team, given.last_teams, given.distances)
    stations = _stations(sites, people, barring=not team.own_station)
    fields = {
        "tasks": tuple(sites["site_id"]),
        "officers": people.ids,
        "seat_task": seats.site,
        "seat_kind": np.array(seats.kind, np.str_),
        "seat_skill": np.array(seats.skill, np.str_),
        "quota": seats.quota,
        "cap": people.whole("max_tasks"),
        "least": people.least,
        "bureau": np.array([*sites["bureau_id"]], np.str_),
        "home": np.array([*people.frame["bureau_id"]], np.str_),
        "groups": tuple(_group(people, limit) for limit in team.limits),
        "barred": BarredPairs(seats, people, kept, stations),
        **_rows(seats, kept, stations, people.able),
    }
    again = given.last_teams if team.rotation == "pair" else {}
    fields["apart"] = apart_rows(people, given.apart, again, fields)
    return appoint(fields, people, given.appointed) if given.appointed else fields


def _experts(experts: pd.DataFrame | None, team: TeamRules) -> pd.DataFrame | None:
    if "expert" not in team.seats:
        return None
    if experts is None:
        raise InvalidInput(
            "the team has a seat for an expert; want the register of experts",
            zh="检查组设有专家席位，应提供专家库",
        )
    return experts


def _group(people: People, limit: Limit) -> Group:
    return Group(limit.name, tuple(people.within(limit)), limit.least, limit.most)


def _stations(sites: pd.DataFrame, people: People, *, barring: bool) -> Stations:
    named = sorted(set(sites["station_id"]) - {""}) if barring else []
    code = numbered(named)
    return Stations(
        np.array([code.get(name, FREE) for name in sites["station_id"]], dtype=np.int64),
        np.array([code.get(name, NOWHERE) for name in people.frame["station_id"]], dtype=np.int64),
    )


def _rows(seats: Seats, kept: Excluded, stations: Stations, able: Flags) -> dict[str, NDArray[Any]]:
    most = int(np.diff(seats.pools.ptr)[seats.pool].sum())
    if most > PAIRS_MOST:
        raise InvalidInput(
            "{got} pairs of seat and officer; want at most {most}",
            zh="席位与检查人员的组合有 {got} 个，至多 {most} 个",
            got=most,
            most=PAIRS_MOST,
        )
    ptr = np.zeros(seats.site.size + 1, np.int64)
    idx, tier = np.empty(most, np.int32), np.empty(most, np.int8)
    kept_ptr = np.searchsorted(kept.site, np.arange(stations.site.size + 1)).astype(np.int64)
    _list_people(
        seats.site, seats.pool, seats.pools, kept_ptr, kept.person, stations, able, ptr, idx, tier
    )
    return {"ptr": ptr, "idx": idx[: ptr[-1]].copy(), "tier": tier[: ptr[-1]].copy()}


@kernel
def _list_people(
    seat_site: Ints,
    seat_pool: Ints,
    pools: Pools,
    kept_ptr: Ints,
    kept: Ints,
    stations: Stations,
    able: Flags,
    ptr: Ints,
    idx: NDArray[np.int32],
    tier: NDArray[np.int8],
) -> None:
    """Write the row of every seat into ``ptr``, ``idx`` and ``tier``."""
    shuns = np.full(able.size, -1)  # the last site each person was found kept from
    found = 0
    for seat in range(seat_site.size):
        site, pool = seat_site[seat], seat_pool[seat]
        for k in range(kept_ptr[site], kept_ptr[site + 1]):
            shuns[kept[k]] = site
        for e in range(pools.ptr[pool], pools.ptr[pool + 1]):
            person = pools.person[e]
            if not able[person] or shuns[person] == site:
                continue
            if stations.person[person] == stations.site[site]:
                continue
            idx[found], tier[found] = person, pools.tier[e]
            found += 1
        ptr[seat + 1] = found
