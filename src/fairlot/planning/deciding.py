"""The columns that decide, and nothing else: what an open record publishes and a replay reads."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from itertools import pairwise
from typing import Any

import pandas as pd

from fairlot._base.errors import InvalidInput
from fairlot._base.ids import is_canonical
from fairlot._base.visible import is_visible
from fairlot._base.written import DECIMAL
from fairlot.assignment import last_teams
from fairlot.planning.rules import APPLIED
from fairlot.planning.standings import standings
from fairlot.planning.terms import Terms
from fairlot.registers import Registers
from fairlot.registers.recusals import binding

__all__ = ["SCHEMAS", "Tables", "check_table", "deciding", "in_order", "renamed"]

SCHEMAS: dict[str, dict[str, type]] = {
    "standings": {
        "site": str, "bureau_id": str, "sector": str, "class": str, "rule": str, "key": bool,
        "weight": str,
    },
    "sites": {
        "site_id": str, "uscc": str, "name": str, "bureau_id": str, "station_id": str,
        "sector": str, "sector2": str, "is_key": bool, "listed": bool, "credit_class": str,
        "last_inspected": str, "visits_ytd": int, "status": str, "counted": str, "last_team": str,
    },
    "officers": {
        "officer_id": str, "bureau_id": str, "station_id": str, "license_expiry": str,
        "department": str, "skills": str, "seniority": int, "max_tasks": int, "min_tasks": int,
        "active": bool,
    },
    "experts": {"expert_id": str, "employer_uscc": str, "skills": str},
    "conflicts": {"person_id": str, "target": str, "valid_from": str, "valid_to": str},
    "absences": {"officer_id": str, "absent_from": str, "absent_to": str},
    "items": {
        "item_id": str, "name": str, "sector": str, "basis": str, "ratio_min": str,
        "ratio_max": str, "departments": str,
    },
}  # fmt: skip
"""The columns of each published table: ``standings`` is what every view shows of a site, ``sites``
what stays closed in some until the site is drawn. Why two people are in conflict, who complained,
and what a risk score says decide nothing here, so they stay at home."""


PEOPLE = {
    "sites": "last_team", "officers": "officer_id", "experts": "expert_id",
    "conflicts": "person_id", "absences": "officer_id",
}  # fmt: skip
"""Where a table names an officer or an expert."""

LONGEST = 2000
"""Characters of one cell: the legal basis of an item is the longest that anyone writes."""


@dataclass(frozen=True, slots=True)
class Tables:
    """The deciding columns of every register, rows sorted by all columns, ids first, as bytes.

    ``sites`` stands row for row beside ``standings``, see :func:`standings`; in the pseudonymous
    view that is the order of the pseudonyms.
    """

    standings: pd.DataFrame
    sites: pd.DataFrame
    officers: pd.DataFrame
    experts: pd.DataFrame
    conflicts: pd.DataFrame
    absences: pd.DataFrame
    items: pd.DataFrame


def deciding(plan: Terms, registers: Registers) -> Tables:
    """Return the deciding columns in canonical order, with the visit history folded in.

    Experts stand there, and conflicts of theirs, when the plan gives them a seat; who visited a
    site last, when the plan's rotation bars them.
    """
    officers, experts = registers.officers.frame, registers.experts.frame
    experts = experts if "expert" in plan.team.seats else experts.iloc[:0]
    known = {*officers["officer_id"], *experts["expert_id"]}
    conflicts, absences = binding(registers.conflicts.frame), registers.absences.frame
    frames = {
        "sites": _with_history(plan, registers.sites.frame, registers.history.frame, known),
        "officers": officers,
        "experts": experts,
        "conflicts": conflicts[conflicts["person_id"].isin(known)],
        "absences": absences[absences["officer_id"].isin(known)],
        "items": registers.items.frame,
    }
    ordered = {name: in_order(frame, SCHEMAS[name]) for name, frame in frames.items()}
    return Tables(standings(plan, ordered["sites"]), **ordered)


def renamed(tables: Tables, names: Mapping[str, str]) -> Tables:
    """Return the tables with every person under another name, rows in canonical order again."""
    frames = {}
    for name, column in PEOPLE.items():
        frame = getattr(tables, name)
        persons = [_each(cell, names) for cell in frame[column]]
        frames[name] = frame.assign(**{column: pd.Series(persons, dtype=object)})
        if name != "sites":  # their order is that of their own ids
            frames[name] = in_order(frames[name], SCHEMAS[name])
    return replace(tables, **frames)


def _each(cell: str, names: Mapping[str, str]) -> str:
    """Rename a person, or all of a team joined by ";"."""
    return ";".join(sorted(names[person] for person in cell.split(";") if person))


def in_order(frame: pd.DataFrame, schema: Mapping[str, type]) -> pd.DataFrame:
    """Keep the schema's columns and sort: code points order as UTF-8 bytes do."""
    return frame[list(schema)].sort_values(list(schema), kind="stable", ignore_index=True)


def _with_history(
    plan: Terms, sites: pd.DataFrame, history: pd.DataFrame, known: set[str]
) -> pd.DataFrame:
    """Fold visits up to ``as_of`` in: the later date, the larger count, joint visits, last team."""
    past = history[history["visited"] <= plan.as_of]
    this_year = past[past["visited"] >= plan.as_of[:4]]
    joint = this_year[this_year["origin"].isin(plan.ratio.joint_origins)]
    if not plan.ratio.joint_visits_count_toward_ratio:
        joint = joint.iloc[:0]
    visits = this_year["site_id"].value_counts().to_dict()
    ids = sites["site_id"].tolist()
    last = map(max, sites["last_inspected"], _latest(past, ids))
    count = map(max, sites["visits_ytd"], [visits.get(site, 0) for site in ids])
    return sites.assign(
        last_inspected=pd.Series(list(last), dtype=object),
        visits_ytd=pd.Series(list(count), dtype="int64"),
        counted=pd.Series(_latest(joint, ids), dtype=object),
        last_team=pd.Series(_teams(plan, past, ids, known), dtype=object),
    )


def _teams(plan: Terms, past: pd.DataFrame, ids: list[str], known: set[str]) -> list[str]:
    """Return who of the ``known`` visited every site last, "" where the plan does not mind."""
    if plan.team.rotation == "none":
        return [""] * len(ids)
    teams = last_teams(past)
    return [";".join(sorted(known.intersection(teams.get(site, ())))) for site in ids]


def _latest(visits: pd.DataFrame, ids: list[str]) -> list[str]:
    """Return the day of every site's latest visit, "" where it had none."""
    days = dict(sorted(zip(visits["site_id"], visits["visited"], strict=True)))
    return [days.get(site, "") for site in ids]


def check_table(name: str, frame: pd.DataFrame) -> None:
    """Refuse a table, read from a record, that ``deciding`` could not have made.

    Ids are canonical, dates are dates, counts are counts, rows stand in canonical order, and no
    site and no officer stands there twice. The rows of ``sites`` follow those of ``standings``, so
    only their cells are looked at: those that are known may be given alone.
    """
    for column, kind in SCHEMAS[name].items():
        admit = _ADMIT.get(column, _count if kind is int else _text)
        values = set(frame[column].tolist())
        if not all(map(admit, values)):
            raise InvalidInput(
                "{column} is {got!r}, which no register holds",
                zh="{column} 为 {got!r}，不是名录中可能的值",
                column=column, got=next(value for value in values if not admit(value)),
            )  # fmt: skip
    if name != "sites":
        _check_order(frame[[*SCHEMAS[name]]], keyed=name not in ("conflicts", "absences"))


def _check_order(frame: pd.DataFrame, *, keyed: bool) -> None:
    columns = [frame[column].tolist() for column in frame][: 1 if keyed else None]
    for before, after in pairwise(zip(*columns, strict=True)):
        if before > after or (keyed and before == after):
            raise InvalidInput(
                "{id} stands after {before}: not in canonical order, or twice",
                zh="{id} 排在 {before} 之后：次序不规范或重复", id=after[0], before=before[0],
            )  # fmt: skip


def _date(value: str) -> bool:
    try:
        return value == "" or date.fromisoformat(value).isoformat() == value
    except ValueError:
        return False


def _count(value: int) -> bool:
    return value >= 0


def _text(value: object) -> bool:
    return not isinstance(value, str) or (len(value) <= LONGEST and is_visible(value))


def _blank_or_id(value: str) -> bool:
    return value == "" or is_canonical(value)


def _ids(value: str) -> bool:
    persons = value.split(";") if value else []
    return all(map(is_canonical, persons)) and persons == sorted(set(persons))


def _credit(value: str) -> bool:
    return re.fullmatch("[A-D]?", value) is not None


def _class(value: str) -> bool:
    return value == "-" or _credit(value)


def _rule(value: str) -> bool:
    return value in APPLIED


def _decimal(value: str) -> bool:
    return DECIMAL.fullmatch(value) is not None


def _day(value: str) -> bool:
    return value != "" and _date(value)


_ADMIT: dict[str, Callable[[Any], bool]] = {
    **dict.fromkeys(
        (
            "site",
            "site_id",
            "bureau_id",
            "officer_id",
            "person_id",
            "target",
            "item_id",
            "expert_id",
        ),
        is_canonical,
    ),
    **dict.fromkeys(("last_inspected", "counted", "valid_from", "valid_to"), _date),
    **dict.fromkeys(("license_expiry", "absent_from", "absent_to"), _day),
    "station_id": _blank_or_id,
    "last_team": _ids,
    "credit_class": _credit,
    "class": _class,
    "rule": _rule,
    "weight": _decimal,
}
