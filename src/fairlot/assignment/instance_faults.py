"""All that is wrong with an instance of ``fairlot-assign/1``, told at once."""

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from fairlot._base.errors import InvalidInput
from fairlot.assignment.instance_form import Fault, form_faults
from fairlot.assignment.rules import MOST

__all__ = ["RULES", "refuse_faults"]

RULES = ("no_same_last_officer", "no_same_last_pair")

REQUIRED = {
    "instance": {"tasks", "officers"},
    "task": {"id", "quota"},
    "officer": {"id", "cap"},
    "rules": set[str](),
}
OPTIONAL = {
    "instance": {"recusals", "pair_exclusions", "rules"}
    | {"schema", "id", "family", "eligible", "answer"},  # beside the question: names and answers
    "task": {"district", "field", "departments", "min_enforcement", "min_lead", "last_team"},
    "officer": {"min", "enforcement", "fields", "department", "seniority", "districts"},
    "rules": set(RULES),
}
FEWEST = {
    "task": {"quota": 1, "min_enforcement": 0, "min_lead": 0},
    "officer": {"cap": 0, "min": 0, "seniority": 0},
}
"""Whole numbers, and the least each may be."""

ZH = {"task": "任务", "officer": "检查人员"}


def refuse_faults(instance: Any) -> None:
    """Raise InvalidInput with every fault: of form, then of keys first, for the rest needs both."""
    for faults in (form_faults(instance), _key_faults(instance), _value_faults(instance)):
        told = list(dict.fromkeys(faults))
        if told:
            raise InvalidInput(
                "{told}",
                zh="{told_zh}",
                told="; ".join(en for en, _ in told),
                told_zh="；".join(zh for _, zh in told),
                faults=tuple(en for en, _ in told),
            )


def _key_faults(instance: Mapping[str, Any]) -> Iterator[Fault]:
    yield from _keys("instance", "instance", instance)
    yield from _keys("rules", "rules", instance.get("rules", {}))
    for what in ("task", "officer"):
        for i, entry in enumerate(instance.get(f"{what}s", ())):
            yield from _keys(what, f"{what}s[{i}]", entry)


def _keys(what: str, where: str, entry: Mapping[str, Any]) -> Iterator[Fault]:
    for key in sorted(REQUIRED[what] - entry.keys()):
        yield f"{where} lacks {key}", f"{where} 缺少 {key}"
    for key in sorted(entry.keys() - REQUIRED[what] - OPTIONAL[what]):
        yield f"{where} has an unknown key {key}", f"{where} 含未知项 {key}"


def _value_faults(instance: Mapping[str, Any]) -> Iterator[Fault]:
    ids = {what: [entry["id"] for entry in instance[f"{what}s"]] for what in ("task", "officer")}
    for what, names in ids.items():
        for name, times in Counter(names).items():
            if times > 1:
                yield f"{what} {name} is listed twice", f"{ZH[what]} {name} 重复"
        for entry in instance[f"{what}s"]:
            yield from _numbers(what, entry)
    yield from _unknown(instance, ids)
    for one, other in instance.get("pair_exclusions", ()):
        if one == other:
            yield f"officer {one} is kept apart from himself", f"检查人员 {one} 与本人互斥"
    yield from _empty_departments(instance)


def _numbers(what: str, entry: Mapping[str, Any]) -> Iterator[Fault]:
    name, before = entry["id"], f"{ZH[what]} {entry['id']} 的"
    whole = True
    for key, least in FEWEST[what].items():
        got = entry.get(key, least)
        if not isinstance(got, int) or isinstance(got, bool) or not least <= got <= MOST:
            whole = False
            yield (
                f"{key} of {what} {name} is {got!r}; want a whole number of at least {least}"
                + " and less than 2^31" * _above(got),
                f"{before} {key} 为 {got!r}，应为不小于 {least}"
                + "且小于 2^31 " * _above(got)
                + "的整数",
            )
    if whole and what == "officer" and entry["cap"] < entry.get("min", 0):
        yield (
            f"officer {name} takes at least {entry['min']} tasks and at most {entry['cap']}",
            f"{before}任务下限 {entry['min']} 高于上限 {entry['cap']}",
        )


def _above(got: Any) -> bool:
    return isinstance(got, int) and got > MOST


def _unknown(instance: Mapping[str, Any], ids: Mapping[str, list[str]]) -> Iterator[Fault]:
    for i, (task, officer, _reason) in enumerate(instance.get("recusals", ())):
        if task not in ids["task"]:
            yield f"recusals[{i}] names unknown task {task}", f"recusals[{i}] 的任务 {task} 不存在"
        yield from _nobody(f"recusals[{i}]", [officer], ids)
    for i, pair in enumerate(instance.get("pair_exclusions", ())):
        yield from _nobody(f"pair_exclusions[{i}]", pair, ids)
    for task in instance["tasks"]:
        yield from _nobody(f"last_team of task {task['id']}", task.get("last_team", ()), ids)


def _nobody(where: str, officers: Any, ids: Mapping[str, list[str]]) -> Iterator[Fault]:
    for officer in officers:
        if officer not in ids["officer"]:
            yield (
                f"{where} names unknown officer {officer}",
                f"{where} 的检查人员 {officer} 不存在",
            )


def _empty_departments(instance: Mapping[str, Any]) -> Iterator[Fault]:
    staffed = {officer.get("department") for officer in instance["officers"]}
    for task in instance["tasks"]:
        for name in task.get("departments", ()):
            if name not in staffed:
                yield (
                    f"task {task['id']} needs department {name}, which has no officers",
                    f"任务 {task['id']} 需要部门 {name}，该部门没有检查人员",
                )
