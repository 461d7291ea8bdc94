"""Rules beyond "who may take which seat": groups with limits, pairs kept apart, teams that need."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from fairlot._base.arrays import Ints
from fairlot._base.errors import InvalidInput

__all__ = ["Barred", "Group", "Need", "apart", "laminar"]


@dataclass(frozen=True)
class Group:
    """Officers who together take at least ``least`` and at most ``most`` seats.

    A department, a district: any two groups are disjoint, or one lies within the other (laminar).
    """

    name: str
    officers: tuple[int, ...]
    least: int = 0
    most: int = 2**31 - 1


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
    array = np.asarray(pairs, dtype=np.int64).reshape(-1, 3)
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
    return array


def laminar(groups: Sequence[Group], officers: int) -> tuple[Group, ...]:
    """Return the groups, inner before outer; refuse groups that overlap without being nested."""
    inner_first = sorted(groups, key=lambda group: len(group.officers))
    for at, group in enumerate(inner_first):
        members = set(group.officers)
        if not members or not members <= set(range(officers)) or group.least > group.most:
            raise InvalidInput(
                "group {name} has no officers, unknown ones, or least {least} above most {most}",
                zh="组 {name} 没有人员、含未知人员，或下限 {least} 高于上限 {most}",
                name=group.name,
                least=group.least,
                most=group.most,
            )
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
