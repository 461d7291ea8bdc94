"""Instances of ``fairlot-assign/1``: plain JSON, used to exchange and to test assignments."""

from collections.abc import Iterator, Mapping
from itertools import accumulate
from typing import Any

import numpy as np

from fairlot._base.errors import InvalidInput

__all__ = ["read_instance"]

TASK_NEEDS = ("field", "departments", "min_enforcement", "min_lead")
"""What a task may ask of its team beyond a number of officers."""


def read_instance(instance: Mapping[str, Any]) -> dict[str, Any]:
    """Return the fields of a Problem; refuse by name what is not built yet."""
    if missing := list(_not_built(instance)):
        raise InvalidInput("not built yet: {what}", zh="尚未实现：{what}", what=", ".join(missing))
    tasks = sorted(instance["tasks"], key=lambda task: task["id"])
    officers = sorted(instance["officers"], key=lambda officer: officer["id"])
    recused = _recused(instance, {t["id"] for t in tasks}, {o["id"] for o in officers})
    quota = [task["quota"] for task in tasks]
    rows = [_row(task, officers, recused) for task in tasks for _ in range(task["quota"])]
    return {
        "tasks": tuple(task["id"] for task in tasks),
        "officers": tuple(officer["id"] for officer in officers),
        "seat_task": np.repeat(np.arange(len(tasks)), quota),
        "seat_kind": np.full(sum(quota), "officer"),
        "ptr": list(accumulate(map(len, rows), initial=0)),
        "idx": [position for row in rows for position in row],
        "cap": [officer["cap"] for officer in officers],
    }


def _not_built(instance: Mapping[str, Any]) -> Iterator[str]:
    for need in TASK_NEEDS:
        if any(task.get(need) for task in instance["tasks"]):
            yield need
    if any(officer.get("min") for officer in instance["officers"]):
        yield "minimum loads"
    if instance["pair_exclusions"]:
        yield "pair_exclusions"
    yield from (rule for rule, on in instance["rules"].items() if on)


def _recused(
    instance: Mapping[str, Any], tasks: set[str], officers: set[str]
) -> set[tuple[str, str]]:
    for task, officer, _reason in instance["recusals"]:
        if task not in tasks or officer not in officers:
            raise InvalidInput(
                "recusal of officer {officer} from task {task}: one of them is unknown",
                zh="检查人员 {officer} 对任务 {task} 的回避：编号不存在",
                officer=officer,
                task=task,
            )
    return {(task, officer) for task, officer, _reason in instance["recusals"]}


def _row(
    task: Mapping[str, Any], officers: list[dict[str, Any]], recused: set[tuple[str, str]]
) -> list[int]:
    return [
        position
        for position, officer in enumerate(officers)
        if (task["id"], officer["id"]) not in recused and _serves(officer, task.get("district"))
    ]


def _serves(officer: Mapping[str, Any], district: str | None) -> bool:
    return district is None or "districts" not in officer or district in officer["districts"]
