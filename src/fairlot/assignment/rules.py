"""Rules beyond "who may take which seat": groups with limits, pairs kept apart, teams that need."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from fairlot._base import check
from fairlot._base.arrays import Ints, own
from fairlot._base.errors import InvalidInput

__all__ = ["MOST", "Barred", "Group", "Need", "apart", "laminar", "needs"]

MOST = 2**31 - 1
"""More places than anyone fills; as many grains of 2^30 still fit into 64 bits."""


@dataclass(frozen=True)
class Group:
    """Officers who together take at least ``least`` and at most ``most`` seats.

    A department, a district: any two groups are disjoint, or one lies within the other (laminar).
    """

    name: str
    officers: tuple[int, ...]
    least: int = 0
    most: int = MOST


@dataclass(frozen=True)
class Need:
    """At least ``least`` of the team of ``task`` are among ``officers``, whatever seat they take.

    One officer may meet several needs at once. A seat of a kind of its own says the same and is
    decided by whole numbers alone; needs are for private use.
    """

    task: int
    kind: str
    officers: tuple[int, ...]
    least: int = 1


@dataclass(frozen=True)
class Barred:
    """A pair that one named rule keeps apart, and that no other rule does: what a cure may name."""

    task: int
    officer: int
    reason: str


def apart(pairs: object, tasks: int, officers: int) -> Ints:
    """Return (task, officer, officer) rows of pairs who may not serve together; task -1: anywhere."""
    array = _rows_of_three(pairs)
    task, one, other = array.T
    wrong = (task < -1) | (task >= tasks) | (one < 0) | (other < 0) | (one == other)
    wrong |= (one >= officers) | (other >= officers)
    if wrong.any():
        raise InvalidInput(
            "apart[{i}] is {got}; want (task or -1, officer, another officer)",
            zh="apart[{i}] 为 {got}，应为（任务或 -1，人员，另一人员）",
            i=int(np.flatnonzero(wrong)[0]),
            got=array[wrong][0].tolist(),
        )
    return own(array, np.int64)


def _rows_of_three(pairs: Any) -> NDArray[Any]:
    try:
        array = np.asarray(pairs)
    except ValueError:  # rows of several lengths
        array = np.asarray(pairs, dtype=object)
    if not array.size:
        return np.zeros((0, 3), np.int64)
    if array.ndim != 2 or array.shape[1] != 3 or array.dtype.kind not in "iu":
        raise InvalidInput(
            "apart is {shape} of {got}; want rows of three whole numbers",
            zh="apart 为 {shape} 的 {got}，每行应为三个整数",
            shape=array.shape,
            got=array.dtype,
        )
    return array


def laminar(groups: Sequence[Group], officers: int) -> tuple[Group, ...]:
    """Return the groups, inner before outer; refuse groups that overlap without being nested."""
    whole = (_whole_group(group, officers) for group in groups)
    inner_first = sorted(whole, key=lambda group: len(group.officers))
    for at, group in enumerate(inner_first):
        members = set(group.officers)
        for outer in inner_first[at + 1 :]:
            shared = members & set(outer.officers)
            if shared and shared != members:
                raise InvalidInput(
                    "groups {one} and {other} overlap; want them disjoint or one within the other",
                    zh="组 {one} 与 {other} 部分重叠，应互不相交或一组包含另一组",
                    one=group.name,
                    other=outer.name,
                )
    for one, other in pairwise(sorted(group.name for group in groups)):
        if one == other:
            raise InvalidInput("group {name} is given twice", zh="组 {name} 重复", name=one)
    return tuple(inner_first)


def needs(wanted: Sequence[Need], tasks: int, officers: int) -> tuple[Need, ...]:
    """Return the needs; refuse unknown tasks and officers, and a least that is no count."""
    for need in wanted:
        name = f"need {need.kind}"
        _bounded(f"task of {name}", need.task, tasks - 1)
        _bounded(f"least of {name}", need.least, MOST)
        _members(name, need.officers, officers)
    return tuple(wanted)


def _whole_group(group: Group, officers: int) -> Group:
    """Return the group in plain whole numbers; refuse one whose numbers cannot be meant."""
    name = f"group {group.name}"
    least = _bounded(f"least of {name}", group.least, MOST)
    most = _bounded(f"most of {name}", group.most, MOST)
    members = _members(name, group.officers, officers)
    if not members or len(set(members)) < len(members) or least > most:
        raise InvalidInput(
            "group {name} has no officers, one twice, or least {least} above most {most}",
            zh="组 {name} 没有人员、人员重复，或下限 {least} 高于上限 {most}",
            name=group.name,
            least=least,
            most=most,
        )
    return Group(group.name, members, least, most)


def _bounded(name: str, value: object, most: int) -> int:
    whole = check.at_least(name, value, 0)
    if whole > most:
        raise InvalidInput(
            "{name} is {got}; want at most {most}",
            zh="{name} 为 {got}，至多为 {most}",
            name=name,
            got=whole,
            most=most,
        )
    return whole


def _members(name: str, members: Sequence[int], officers: int) -> tuple[int, ...]:
    array = np.asarray(members)
    known = not array.size or (array.dtype.kind in "iu" and array.min() >= 0)
    if array.ndim != 1 or not known or array.max(initial=-1) >= officers:
        raise InvalidInput(
            "{name} holds unknown officers; want positions 0 to {last}",
            zh="{name} 含未知人员，应为 0 至 {last} 的序号",
            name=name,
            last=officers - 1,
        )
    return tuple(array.tolist())
