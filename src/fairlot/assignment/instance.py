"""Instances of ``fairlot-assign/1``: plain JSON, used to exchange and to test assignments."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import accumulate, combinations
from typing import Any

import numpy as np

from fairlot.assignment.instance_faults import RULES, refuse_faults
from fairlot.assignment.rules import Need

__all__ = ["read_instance"]

LAST_OFFICER, LAST_PAIR = RULES

Entry = Mapping[str, Any]


def read_instance(instance: Entry) -> dict[str, Any]:
    """Return the fields of a Problem; a task is one seat, and what else it asks for is a need.

    Raises InvalidInput with all that is wrong at once: what is no list, object or text where one
    must be; unknown ids and keys, an officer listed twice or kept apart from himself, a cap below
    the minimum, a department without officers.
    """
    refuse_faults(instance)
    tasks = sorted(instance["tasks"], key=lambda task: str(task["id"]))
    officers = sorted(instance["officers"], key=lambda officer: str(officer["id"]))
    rows = _rows(instance, tasks, officers)
    return {
        "tasks": tuple(task["id"] for task in tasks),
        "officers": tuple(officer["id"] for officer in officers),
        "seat_task": np.arange(len(tasks)),
        "seat_kind": np.full(len(tasks), "officer"),
        "ptr": list(accumulate(map(len, rows), initial=0)),
        "idx": [position for row in rows for position in row],
        "cap": [officer["cap"] for officer in officers],
        "quota": [task["quota"] for task in tasks],
        "least": [officer.get("min", 0) for officer in officers],
        "apart": list(_apart(instance, tasks, officers)),
        "needs": tuple(need for t, task in enumerate(tasks) for need in _needs(t, task, officers)),
    }


def _rows(instance: Entry, tasks: Sequence[Entry], officers: Sequence[Entry]) -> list[list[int]]:
    kept_out = {(task, officer) for task, officer, _reason in instance.get("recusals", ())}
    if instance.get("rules", {}).get(LAST_OFFICER):
        kept_out |= {(task["id"], one) for task in tasks for one in task.get("last_team", ())}
    return [
        [
            position
            for position, officer in enumerate(officers)
            if (task["id"], officer["id"]) not in kept_out and _serves(officer, task)
        ]
        for task in tasks
    ]


def _serves(officer: Entry, task: Entry) -> bool:
    district = task.get("district")
    return district is None or "districts" not in officer or district in officer["districts"]


def _needs(t: int, task: Entry, officers: Sequence[Entry]) -> Iterator[Need]:
    """What the team must hold besides its number; one officer may meet several."""

    def need(kind: str, meets: list[bool], least: int = 1) -> Need:
        return Need(t, kind, tuple(position for position, one in enumerate(meets) if one), least)

    if least := task.get("min_enforcement", 0):
        yield need("enforcement", [o.get("enforcement", True) for o in officers], least)
    if field := task.get("field"):
        yield need(f"field:{field}", [field in o.get("fields", ()) for o in officers])
    for name in task.get("departments", ()):
        yield need(f"department:{name}", [o.get("department") == name for o in officers])
    if rank := task.get("min_lead", 0):
        yield need(f"lead>={rank}", [o.get("seniority", 0) >= rank for o in officers])


def _apart(
    instance: Entry, tasks: Sequence[Entry], officers: Sequence[Entry]
) -> Iterator[tuple[int, int, int]]:
    at = {officer["id"]: position for position, officer in enumerate(officers)}
    for one, other in instance.get("pair_exclusions", ()):
        yield -1, at[one], at[other]
    if instance.get("rules", {}).get(LAST_PAIR):
        for t, task in enumerate(tasks):
            for one, other in combinations(task.get("last_team", ()), 2):
                yield t, at[one], at[other]
