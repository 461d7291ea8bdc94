"""What registers, rules and joint lists may not say of each other, refused together."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain

import numpy as np
import pandas as pd

from fairlot.assignment.people import People
from fairlot.assignment.presence import Window
from fairlot.assignment.seats import Joint, guests
from fairlot.assignment.team_rules import TeamRules
from fairlot.registers.problems import SENTENCES, refuse
from fairlot.registers.problems import Problem as Fault

__all__ = ["refuse_registers", "refuse_rules"]

PERSON = "officer_id / expert_id"


def refuse_registers(
    sites: pd.DataFrame,
    officers: pd.DataFrame,
    experts: pd.DataFrame | None,
    conflicts: pd.DataFrame,
) -> None:
    """Refuse ids that stand twice, people in conflict with themselves, impossible loads.

    Rows are numbered as in the frames, from 1.
    """
    faults = [
        *_twice("sites", "site_id", sites["site_id"]),
        *_twice("officers", "officer_id", officers["officer_id"]),
        *_with_themselves(conflicts),
        *_loads(officers),
    ]
    if experts is not None:
        faults += _twice("experts", "expert_id", experts["expert_id"])
        faults += _both(officers, set(experts["expert_id"]))
    refuse(faults)


def refuse_rules(
    sites: pd.DataFrame,
    people: People,
    team: TeamRules,
    joint: Joint,
    apart: Iterable[Sequence[str]],
    window: Window,
) -> None:
    """Refuse rules, joint lists and pairs that name bureaux, departments and people there are not.

    An expired licence is no fault, unless with it a bureau of a drawn site that nobody helps has
    nobody left.
    """
    refuse(
        [
            *_lenders(people, team),
            *_limits(people, team),
            *_departments(people, team, joint),
            *_pairs(people, apart),
            *_expired(sites, people, team, window),
        ]
    )


def _twice(table: str, column: str, ids: "pd.Series[str]") -> Iterator[Fault]:
    rows: dict[str, list[int]] = {}
    names, again = ids.tolist(), ids.duplicated(keep=False).to_numpy()
    for at in np.flatnonzero(again).tolist():
        rows.setdefault(names[at], []).append(at + 1)
    for name, at_rows in rows.items():
        where = ", ".join(map(str, at_rows))
        yield _fault("id_twice", table, at_rows[1], column, name, where)


def _with_themselves(conflicts: pd.DataFrame) -> Iterator[Fault]:
    pairs = zip(conflicts["person_id"].tolist(), conflicts["target"].tolist(), strict=True)
    for at, (person, target) in enumerate(pairs):
        if person == target:
            yield _fault("conflict_self", "conflicts", at + 1, "target", person, target)


def _loads(officers: pd.DataFrame) -> Iterator[Fault]:
    if "min_tasks" in officers:
        above = (officers["min_tasks"] > officers["max_tasks"]).to_numpy()
        for at in np.flatnonzero(above).tolist():
            name, least, most = officers.iloc[at][["officer_id", "min_tasks", "max_tasks"]]
            yield _fault("min_tasks", "officers", at + 1, "min_tasks", name, least, f"0 - {most}")


def _both(officers: pd.DataFrame, experts: set[str]) -> Iterator[Fault]:
    for at, name in enumerate(officers["officer_id"]):
        if name in experts:
            yield _fault("person_twice", "officers", at + 1, "officer_id", name, name)


def _lenders(people: People, team: TeamRules) -> Iterator[Fault]:
    staffed = set(people.frame["bureau_id"])
    for bureau, lenders in team.support.items():
        for lender in lenders:
            if lender not in staffed:
                yield _fault("lender_unknown", "support", 0, "", bureau, lender)


def _limits(people: People, team: TeamRules) -> Iterator[Fault]:
    for limit in team.limits:
        if not people.within(limit):
            yield _fault("limit_empty", "limits", 0, "", "", limit.name)


def _departments(people: People, team: TeamRules, joint: Joint) -> Iterator[Fault]:
    sent = set(people.frame["department"][people.able & ~people.expert])
    first: dict[str, str] = {}  # one refusal tells enough of a department
    for site, names in joint.items():
        for name in guests(names, team):
            first.setdefault(name, site)
    for name, site in first.items():
        if name not in sent:
            yield _fault("department_empty", "departments", 0, "", site, name)


def _pairs(people: People, apart: Iterable[Sequence[str]]) -> Iterator[Fault]:
    for name in chain.from_iterable(apart):
        if name not in people.number:
            yield _fault("apart_unknown", "apart", 0, "", "", name, PERSON)


def _expired(
    sites: pd.DataFrame, people: People, team: TeamRules, window: Window
) -> Iterator[Fault]:
    bureau_of = people.frame["bureau_id"].to_numpy(dtype=object)
    alone = set(sites["bureau_id"]) - set(team.support) - set(bureau_of[people.able])
    for number in np.flatnonzero(~people.there.licensed).tolist():
        if bureau_of[number] in alone:
            name, bureau = people.ids[number], bureau_of[number]
            # The tables of a plan are sorted, so no row here need be a line of the file.
            yield _fault(
                "licences_expired", "officers", 0, "license_expiry", name, bureau, window[1]
            )


def _fault(
    code: str, table: str, row: int, column: str, name: str, got: object, want: str = ""
) -> Fault:
    return Fault(SENTENCES[code][0], code, table, row, column, name, str(got), want)
