"""What a lottery of officers is about: tasks, their seats, and who may take each seat."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from fairlot._base.errors import InvalidInput
from fairlot.assignment.eligibility import Window, read_registers
from fairlot.assignment.instance import read_instance

__all__ = ["Problem"]


def _unsaid() -> NDArray[Any]:
    return np.zeros(0, np.int8)


@dataclass(frozen=True, eq=False)
class Problem:
    """Tasks with typed seats, officers with caps, and the officers each seat may take.

    An officer takes at most one seat of a task and at most ``cap`` seats in all.

    tasks       ids, ascending; a task's position is its number everywhere else
    officers    ids, ascending
    seat_task   (seats,) task of each seat, the seats of a task side by side
    seat_kind   (seats,) what the seat is called, "officer" or "specialist" for example
    ptr, idx    row ``idx[ptr[s]:ptr[s + 1]]`` lists the officers seat ``s`` may take, ascending
    cap         (officers,) most seats an officer takes
    seat_skill  (seats,) the field a seat asks for, fields joined by ";"; "" where any will do
    tier        beside ``idx``: 0 for an officer of the task's own bureau, k for one of its k-th
                supporting bureau, who may be taken only when the bureau cannot staff its visits
    bureau      (tasks,) whose visits count as one bureau's; left out, all tasks are of one

    Raises InvalidInput when an id repeats or the arrays do not fit together.

    >>> both = Problem(
    ...     tasks=("S1", "S2"), officers=("P1", "P2", "P3"), cap=[2, 1, 1],
    ...     seat_task=[0, 0, 1, 1], seat_kind=["officer"] * 4,
    ...     ptr=[0, 2, 4, 6, 8], idx=[0, 1, 0, 1, 0, 2, 0, 2],
    ... )
    >>> both.row(3)
    array([0, 2], dtype=int32)
    """

    tasks: tuple[str, ...]
    officers: tuple[str, ...]
    seat_task: NDArray[np.int64]
    seat_kind: NDArray[np.str_]
    ptr: NDArray[np.int64]
    idx: NDArray[np.int32]
    cap: NDArray[np.int64]
    seat_skill: NDArray[np.str_] = field(default_factory=_unsaid)
    tier: NDArray[np.int8] = field(default_factory=_unsaid)
    bureau: NDArray[np.str_] = field(default_factory=_unsaid)

    def __post_init__(self) -> None:
        self._clean("tasks", _ids("task", "任务", self.tasks))
        self._clean("officers", _ids("officer", "检查人员", self.officers))
        self._clean("seat_task", _whole("seat_task", self.seat_task, np.int64))
        n, seats = len(self.tasks), self.seat_task.size
        self._clean("seat_kind", _labels("seat_kind", self.seat_kind, seats))
        self._clean("seat_skill", _labels("seat_skill", self.seat_skill, seats))
        self._clean("bureau", _labels("bureau", self.bureau, n))
        self._clean("cap", _sized("cap", _whole("cap", self.cap, np.int64), len(self.officers)))
        self._clean("ptr", _sized("ptr", _whole("ptr", self.ptr, np.int64), seats + 1))
        self._clean("idx", _whole("idx", self.idx, np.int32))
        tier = _whole("tier", self.tier, np.int8)
        tier = tier if tier.size else np.zeros(self.idx.size, np.int8)
        self._clean("tier", _sized("tier", tier, self.idx.size))
        _check_seats(self.seat_task, n)
        _check_rows(self.ptr, self.idx, len(self.officers))

    def _clean(self, name: str, value: object) -> None:
        object.__setattr__(self, name, value)

    def row(self, seat: int | np.integer[Any]) -> NDArray[np.int32]:
        """Return the officers ``seat`` may take, in every tier."""
        return self.idx[self.ptr[seat] : self.ptr[seat + 1]]

    @classmethod
    def from_registers(
        cls,
        sites: pd.DataFrame,
        officers: pd.DataFrame,
        conflicts: pd.DataFrame,
        absences: pd.DataFrame,
        *,
        seats: Sequence[str],
        window: Window,
        own_station: bool,
        support: Mapping[str, Sequence[str]] | None = None,
    ) -> "Problem":
        """Build the problem of the drawn ``sites`` from cleaned register frames.

        An officer may go to a site of their bureau, or of a bureau theirs supports, when they are
        active, licensed to the last day of ``window`` (a visit may fall on any of its days), not
        absent on every one of them (part of the window leaves dates to visit on), and not in
        conflict with the site or its 统一社会信用代码 on any day of it.

        sites        the drawn sites, columns of the register of sites
        seats        what each team holds, at least two: "officer" takes anyone who may go,
                     "specialist" someone skilled in the site's sector or second sector
        window       first and last day of the visits, ISO
        own_station  False keeps officers from the sites of their own station (所所交叉)
        support      by bureau, the bureaux that may lend it officers, first choice first; used
                     only where the bureau cannot staff its visits itself

        Raises InvalidInput for a site or officer listed twice, an unknown kind of seat, a window
        that is none, a supporting bureau without officers.
        """
        fields = read_registers(
            sites,
            officers,
            conflicts,
            absences,
            seats=tuple(seats),
            window=window,
            own_station=own_station,
            support=support or {},
        )
        return cls(**fields)

    @classmethod
    def from_instance(cls, instance: Mapping[str, Any]) -> "Problem":
        """Build the problem of one ``fairlot-assign/1`` instance.

        Raises InvalidInput naming every requirement of the instance that is not built yet.
        """
        return cls(**read_instance(instance))


def _ids(what: str, zh: str, ids: Sequence[str]) -> tuple[str, ...]:
    for before, after in pairwise(ids):
        if before == after:
            raise InvalidInput(
                "{what} {id} is listed twice",
                zh="{zh_what} {id} 重复",
                what=what,
                zh_what=zh,
                id=after,
            )
        if before > after:
            raise InvalidInput(
                "{what} {id} stands after {before}; want ids ascending",
                zh="{zh_what} {id} 排在 {before} 之后，应按编号升序",
                what=what,
                zh_what=zh,
                id=after,
                before=before,
            )
    return tuple(ids)


def _whole(name: str, values: object, dtype: type[np.signedinteger[Any]]) -> NDArray[Any]:
    array = np.asarray(values)
    if array.size and array.dtype.kind not in "iu":
        raise InvalidInput(
            "{name} holds {got}; want whole numbers",
            zh="{name} 为 {got}，应为整数",
            name=name,
            got=array.dtype,
        )
    if array.size and (array.min() < 0 or array.max() > np.iinfo(dtype).max):
        raise InvalidInput(
            "{name} runs from {low} to {high}; want 0 to {most}",
            zh="{name} 取值 {low} 至 {high}，应在 0 至 {most} 之间",
            name=name,
            low=array.min(),
            high=array.max(),
            most=np.iinfo(dtype).max,
        )
    return np.ascontiguousarray(array, dtype=dtype)


def _sized(name: str, array: NDArray[Any], size: int) -> NDArray[Any]:
    if array.shape != (size,):
        raise InvalidInput(
            "{name} has shape {got}; want ({size},)",
            zh="{name} 的形状为 {got}，应为 ({size},)",
            name=name,
            got=array.shape,
            size=size,
        )
    return array


def _labels(name: str, values: object, size: int) -> NDArray[np.str_]:
    array = np.asarray(values)
    if not array.size:
        return np.full(size, "", dtype=np.str_)
    return _sized(name, array.astype(np.str_), size)


def _check_seats(seat_task: NDArray[np.int64], n: int) -> None:
    adjacent = bool((np.diff(seat_task) >= 0).all())
    if not adjacent or not np.array_equal(np.unique(seat_task), np.arange(n)):
        raise InvalidInput(
            "seat_task must name all {n} tasks in order, the seats of a task side by side",
            zh="seat_task 应依次列出全部 {n} 个任务，同一任务的席位相邻",
            n=n,
        )


def _check_rows(ptr: NDArray[np.int64], idx: NDArray[np.int32], officers: int) -> None:
    if ptr[0] != 0 or ptr[-1] != idx.size or (np.diff(ptr) < 0).any():
        raise InvalidInput(
            "ptr must rise from 0 to {size}, the length of idx",
            zh="ptr 应由 0 递增至 idx 的长度 {size}",
            size=idx.size,
        )
    if idx.size and idx.max() >= officers:
        raise InvalidInput(
            "idx names officer {got}; there are {officers}",
            zh="idx 指向第 {got} 名检查人员，只有 {officers} 名",
            got=idx.max(),
            officers=officers,
        )
    rising = np.diff(idx) > 0
    rising[ptr[(ptr > 0) & (ptr < idx.size)] - 1] = True  # between two rows anything goes
    if not rising.all():
        seat = int(np.searchsorted(ptr, np.flatnonzero(~rising)[0], side="right")) - 1
        raise InvalidInput(
            "the officers of seat {seat} are not ascending, or one is listed twice",
            zh="第 {seat} 个席位的检查人员未按升序排列或有重复",
            seat=seat,
        )
