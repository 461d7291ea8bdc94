"""People appointed before the lottery: each takes a seat of the team that takes them."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from itertools import chain
from typing import Any, NamedTuple

import numpy as np

from fairlot.assignment.barring import ABSENCE, INACTIVE, LICENCE, OWN_STATION
from fairlot.assignment.exclusions import DISTANCE, EMPLOYER, LAST_TEAM
from fairlot.assignment.people import People, numbered
from fairlot.assignment.rotation import ANYWHERE
from fairlot.registers.problems import SENTENCES, refuse
from fairlot.registers.problems import Problem as Fault

__all__ = ["Appointed", "appoint"]

Appointed = Mapping[str, Sequence[str]]
"""By site, who goes there whatever the lottery says."""

WHY = {
    ABSENCE: "appointed_absent",
    DISTANCE: "appointed_far",
    EMPLOYER: "appointed_employed",
    INACTIVE: "appointed_inactive",
    LAST_TEAM: "appointed_again",
    LICENCE: "appointed_unlicensed",
    OWN_STATION: "appointed_at_home",
}
"""The refusal for each rule; conflicts go by the names of their kinds, and have one for all."""

SHOWN = 5
"""So many ids of those who might be appointed are named in a refusal."""


class _Row(NamedTuple):
    """A seat as it will stand: the old one it comes from, its places, who may take it."""

    seat: int
    quota: int
    idx: Any
    tier: Any


def appoint(fields: Mapping[str, Any], people: People, appointed: Appointed) -> dict[str, Any]:
    """Return the fields of a Problem with one seat of one candidate for everyone appointed.

    By id, each takes the first seat of the team that has room, and moves on where another finds
    none otherwise. Nobody appointed stands in another seat of the team.

    Raises InvalidInput, with all of them at once, for appointments that contradict the rules:
    unknown people and sites, somebody appointed twice, kept from every seat or from each other,
    beyond the seats or beyond the cap.
    """
    refuse(_strangers(fields, people, appointed))
    task = numbered(fields["tasks"])
    wanted = {
        task[site]: sorted(people.number[n] for n in names) for site, names in appointed.items()
    }
    faults = [*_beyond_cap(fields, wanted), *_together(fields, wanted)]
    rows: list[_Row] = []
    first = np.searchsorted(fields["seat_task"], np.arange(len(task) + 1))
    for at in range(len(task)):
        team = [_row(fields, seat) for seat in range(first[at], first[at + 1])]
        seated, unseated = _seated(team, wanted.get(at, []))
        faults += [_unseated(fields, at, person, team) for person in unseated]
        rows += _split(team, seated)
    refuse(faults)
    return {**fields, **_fields(fields, rows)}


def _row(fields: Mapping[str, Any], seat: int) -> _Row:
    part = slice(fields["ptr"][seat], fields["ptr"][seat + 1])
    return _Row(seat, int(fields["quota"][seat]), fields["idx"][part], fields["tier"][part])


def _seated(team: Sequence[_Row], wanted: Sequence[int]) -> tuple[dict[int, int], list[int]]:
    """Return the place in ``team`` of everyone who finds one, and who finds none."""
    seated: dict[int, int] = {}
    left = [person for person in wanted if not _finds_seat(person, team, seated, set())]
    return seated, left


def _finds_seat(person: int, team: Sequence[_Row], seated: dict[int, int], tried: set[int]) -> bool:
    """Seat ``person``, where there is room or others can move on to make it; say if it worked."""
    fitting = [at for at, row in enumerate(team) if person in row.idx and at not in tried]
    tried.update(fitting)
    there = {at: [other for other, place in seated.items() if place == at] for at in fitting}
    room = [at for at in fitting if len(there[at]) < team[at].quota]
    made = (at for at in fitting if any(_finds_seat(o, team, seated, tried) for o in there[at]))
    place = next(chain(room, made), None)
    if place is not None:
        seated[person] = place
    return place is not None


def _split(team: Sequence[_Row], seated: Mapping[int, int]) -> Iterator[_Row]:
    """Yield the seats of the appointed, then what is left of each seat, without the appointed."""
    fixed = np.array(sorted(seated), dtype=np.int32)
    for place, row in enumerate(team):
        own = [person for person in sorted(seated) if seated[person] == place]
        for person in own:
            yield _Row(row.seat, 1, np.array([person], np.int32), np.zeros(1, np.int8))
        if row.quota > len(own):
            free = ~np.isin(row.idx, fixed)
            yield _Row(row.seat, row.quota - len(own), row.idx[free], row.tier[free])


def _fields(fields: Mapping[str, Any], rows: Sequence[_Row]) -> dict[str, Any]:
    seat = np.array([row.seat for row in rows], dtype=np.int64)
    return {
        **{
            name: np.asarray(fields[name])[seat]
            for name in ("seat_task", "seat_kind", "seat_skill")
        },
        "quota": np.array([row.quota for row in rows], dtype=np.int64),
        "ptr": np.cumsum([0, *(row.idx.size for row in rows)], dtype=np.int64),
        "idx": np.concatenate([row.idx for row in rows]),
        "tier": np.concatenate([row.tier for row in rows]),
    }


def _strangers(fields: Mapping[str, Any], people: People, appointed: Appointed) -> Iterator[Fault]:
    sites = set(fields["tasks"])
    for site, names in appointed.items():
        for name, times in Counter(names).items():
            if site not in sites:
                yield _fault("appointed_site", site, name)
            elif name not in people.number:
                yield _fault("appointed_unknown", site, name, "officer_id / expert_id")
            elif times > 1:
                yield _fault("appointed_twice", site, name)


def _beyond_cap(fields: Mapping[str, Any], wanted: Mapping[int, Sequence[int]]) -> Iterator[Fault]:
    load = Counter(person for people in wanted.values() for person in people)
    for person, times in sorted(load.items()):
        if times > fields["cap"][person]:
            name = fields["officers"][person]
            yield _fault("appointed_cap", "", name, str(fields["cap"][person]))


def _together(fields: Mapping[str, Any], wanted: Mapping[int, Sequence[int]]) -> Iterator[Fault]:
    for task, one, other in fields["apart"].tolist():
        for at in wanted if task == ANYWHERE else {task}.intersection(wanted):
            if {one, other} <= set(wanted[at]):
                pair = f"{fields['officers'][one]}, {fields['officers'][other]}"
                yield _fault("appointed_apart", fields["tasks"][at], pair)


def _unseated(fields: Mapping[str, Any], task: int, person: int, team: Sequence[_Row]) -> Fault:
    site, name = fields["tasks"][task], fields["officers"][person]
    fitting = [row for row in team if person in row.idx]
    if fitting:
        return _fault("appointed_seats", site, name, str(sum(row.quota for row in fitting)))
    free = sorted({int(other) for row in team for other in row.idx})
    shown = ", ".join(fields["officers"][other] for other in free[:SHOWN])
    reasons = sorted(fields["barred"].reasons(task, person))
    code = WHY.get(reasons[0], "appointed_conflict") if reasons else "appointed_unfit"
    return _fault(code, site, name, shown + " ..." * (len(free) > SHOWN))


def _fault(code: str, site: str, got: str, want: str = "") -> Fault:
    return Fault(SENTENCES[code][0], code, "appointed", 0, "", site, got, want)
