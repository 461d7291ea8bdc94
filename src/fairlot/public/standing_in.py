"""A closure takes one site off the list: another stands in by lot, and a team is drawn for it.

How many may stand in within one bureau is bound by the plan (``rules.substitutes``). A site that is
closed beyond that is written down like any other, and nobody stands in: else closure after closure
would reach the substitute that somebody likes.
"""

from collections.abc import Mapping
from dataclasses import replace as changed
from typing import Any, TypeGuard

import numpy as np
import pandas as pd

from fairlot._base.arrays import Ints
from fairlot._base.errors import Infeasible, InvalidInput
from fairlot.assignment import Problem, Teams, draw_teams
from fairlot.planning.substitute import Candidates, allowed, candidates, substitute
from fairlot.public import canonical
from fairlot.public.announced import with_rows
from fairlot.public.committed import DTYPES
from fairlot.public.disclosure import OPENINGS, opened_row
from fairlot.public.history import Event
from fairlot.public.staffed import staff, staff_chances
from fairlot.public.stand import Stand
from fairlot.public.stream import Stream

__all__ = ["candidates_for", "stand_in"]

Told = dict[str, canonical.Json]


def candidates_for(stand: Stand, site: str) -> Candidates:
    """Return who may stand in for a site; raises Infeasible where nobody may."""
    frame, row = stand.quotas.frame, _row(stand, site)
    most, made = _bound(stand, site)
    if made >= most:
        raise Infeasible(
            "bureau {bureau} may have {most} of its drawn sites stood in for, and had",
            zh="监管机关 {bureau} 至多可替补 {most} 家抽中机构，已用尽",
            bureau=frame["bureau_id"].iloc[row], most=most, because=(site,),
        )  # fmt: skip
    return candidates(frame, stand.out, row)


def _bound(stand: Stand, site: str) -> tuple[int, int]:
    """Return how many sites of this one's bureau may be stood in for, and how many were."""
    bureau = stand.quotas.frame["bureau_id"].tolist()
    own = bureau[_row(stand, site)]
    drawn, made = (
        sum(bureau[row] == own for row in rows) for rows in (stand.drawn, stand.stood_in)
    )
    return allowed(stand.announced.plan.rules.substitutes, drawn), made


def stand_in(stand: Stand, event: Event, stream: Stream) -> tuple[Told, Stand]:
    """Draw who stands in for a closed site, and the team of that visit."""
    stand = changed(stand, closed=stand.closed | {event.site})
    most, made = _bound(stand, event.site)
    nobody: Told = {"substitute": "", "level": "", "candidates": [], "team": []}
    try:
        found = candidates_for(stand, event.site)
    except Infeasible:
        return {"allowed": most, "made": made, **nobody}, stand
    row = substitute(found, int(stream.words(1)[0]))
    stand, opened = _opened(stand, event, row)
    site = found.sites[found.index.index(row)]
    team = _team(stand, row, stream)
    told: Told = {
        "allowed": most,
        "made": made,
        "substitute": site,
        "level": found.level,
        "candidates": [
            {"site": one, "numerator": numerator}
            for one, numerator in zip(found.sites, found.numerators, strict=True)
        ],
        "team": _seats(team),
        **opened,
    }
    added = {**stand.added, site: team} if team else stand.added
    return told, changed(stand, stood_in=stand.stood_in | {row}, added=added)


def _opened(stand: Stand, event: Event, row: int) -> tuple[Stand, Told]:
    """Return what opens the row of a stand-in; in a pseudonymous record its file shows it."""
    announced = stand.announced
    assert announced.tables is not None
    if announced.plan.proof.view != "pseudonymous":
        return stand, {}
    if announced.whole:
        return stand, {
            "opened": opened_row(announced.tables, announced.opening, row, announced.suite)
        }
    told = (event.answer or {}).get("opened")
    if not _is_opening(told) or told["row"] != row:
        raise InvalidInput("the row of the stand-in is not opened", zh="替补场所的数据未开启")
    cells = {name: pd.Series([told[name]], dtype=DTYPES[kind]) for name, kind in OPENINGS.items()}
    return changed(stand, announced=with_rows(announced, pd.DataFrame(cells))), {"opened": told}


def _is_opening(told: object) -> TypeGuard[dict[str, Any]]:
    return (
        isinstance(told, dict)
        and set(told) == set(OPENINGS)
        and all(type(told[name]) is kind for name, kind in OPENINGS.items())
    )


def _team(stand: Stand, row: int, stream: Stream) -> Teams | None:
    """Draw the team of one more visit among the room that is left; None where there is none."""
    try:
        problem = _with_room(staff(stand.announced, np.array([row])), stand.loads())
        chances = staff_chances(stand.announced, problem)
    except (Infeasible, InvalidInput):
        return None
    return draw_teams(problem, chances=chances, rng=stream)


def _with_room(problem: Problem, loads: Mapping[str, int]) -> Problem:
    """Return a problem whose officers, and groups of them, have only the room that is left."""
    load: Ints = np.array([loads.get(officer, 0) for officer in problem.officers], np.int64)
    groups = tuple(
        changed(group, least=0, most=max(0, group.most - int(load[list(group.officers)].sum())))
        for group in problem.groups
    )
    room = np.maximum(problem.cap - load, 0)
    return changed(problem, cap=room, least=np.zeros_like(room), groups=groups)


def _seats(team: Teams | None) -> list[canonical.Json]:
    rows = team.to_frame().to_dict("records") if team else []
    return [
        {
            "seat": str(row["seat"]),
            "officer": str(row["officer_id"]),
            "borrowed": bool(row["borrowed"]),
        }
        for row in rows
    ]


def _row(stand: Stand, site: str) -> int:
    sites = stand.quotas.frame["site_id"].tolist()
    if site not in sites:
        raise InvalidInput("site {site} is not in the roster", zh="名录中没有 {site}", site=site)
    return sites.index(site)
