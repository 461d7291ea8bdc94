"""What a lottery of officers is about: tasks, their seats, and who may take each seat."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from fairlot._base.arrays import Ints, own, sealed
from fairlot._base.errors import InvalidInput
from fairlot.assignment.eligibility import Given, read_registers
from fairlot.assignment.instance import read_instance
from fairlot.assignment.presence import Window
from fairlot.assignment.rules import MOST, Barred, Group, Need, apart, laminar, needs
from fairlot.assignment.team_rules import TeamRules

__all__ = ["Problem"]


def _unsaid() -> NDArray[Any]:
    return np.zeros(0, np.int8)


@dataclass(frozen=True, eq=False)
class Problem:
    """Tasks with typed seats, officers with caps, and the officers each seat may take.

    An officer takes at most one place in the team of a task, and ``least`` to ``cap`` places in
    all. The equal places of a task are one seat with a ``quota``.

    tasks       ids, ascending; a task's position is its number everywhere else
    officers    ids, ascending
    seat_task   (seats,) task of each seat, the seats of a task side by side
    seat_kind   (seats,) what the seat is called, "officer" or "specialist" for example
    ptr, idx    row ``idx[ptr[s]:ptr[s + 1]]`` lists the officers who may take seat ``s``, ascending
    cap         (officers,) most places an officer takes
    quota       (seats,) how many officers take the seat; one if left out
    least       (officers,) fewest places an officer takes; none if left out
    seat_skill  (seats,) the field a seat asks for, fields joined by ";"; "" where any will do
    tier        beside ``idx``: 0 for an officer of the task's own bureau, k for one of its k-th
                supporting bureau, who may be taken only where the visits cannot be staffed without
    bureau      (tasks,) whose visits count as one bureau's; left out, all tasks are of one
    home        (officers,) the bureau of each officer, "" where it does not matter
    groups      officers with a limit in common, laminar
    apart       rows (task or -1, officer, officer): pairs who may not serve together
    needs       what a team must hold besides its seats
    barred      pairs that one rule alone keeps out of a row, for the explanation of a refusal

    A problem with ``apart`` or ``needs`` is ``combinatorial``: decided by an integer programme,
    for private use. All others are decided by whole numbers that come out alike everywhere.

    The arrays are copied, and nobody can write to them. Raises InvalidInput when an id repeats, the
    arrays do not fit together, or a number is above 2^31 - 1.

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
    quota: NDArray[np.int64] = field(default_factory=_unsaid)
    least: NDArray[np.int64] = field(default_factory=_unsaid)
    seat_skill: NDArray[np.str_] = field(default_factory=_unsaid)
    tier: NDArray[np.int8] = field(default_factory=_unsaid)
    bureau: NDArray[np.str_] = field(default_factory=_unsaid)
    home: NDArray[np.str_] = field(default_factory=_unsaid)
    groups: tuple[Group, ...] = ()
    apart: NDArray[np.int64] = field(default_factory=_unsaid)
    needs: tuple[Need, ...] = ()
    barred: Sequence[Barred] = ()

    def __post_init__(self) -> None:
        self._clean("tasks", _ids("task", "任务", self.tasks))
        self._clean("officers", _ids("officer", "检查人员", self.officers))
        self._clean("seat_task", _whole("seat_task", self.seat_task, np.int64))
        n, people, seats = len(self.tasks), len(self.officers), self.seat_task.size
        self._clean("seat_kind", _labels("seat_kind", self.seat_kind, seats))
        self._clean("seat_skill", _labels("seat_skill", self.seat_skill, seats))
        self._clean("bureau", _labels("bureau", self.bureau, n))
        self._clean("home", _labels("home", self.home, people))
        self._clean("cap", _sized("cap", _whole("cap", self.cap, np.int64), people))
        self._clean("quota", _counts("quota", self.quota, seats, 1))
        self._clean("least", _counts("least", self.least, people, 0))
        self._clean("ptr", _sized("ptr", _whole("ptr", self.ptr, np.int64), seats + 1))
        self._clean("idx", _whole("idx", self.idx, np.int32))
        tier = _whole("tier", self.tier, np.int8)
        tier = tier if tier.size else sealed(np.zeros(self.idx.size, np.int8))
        self._clean("tier", _sized("tier", tier, self.idx.size))
        _check_seats(self.seat_task, n)
        _check_rows(self.ptr, self.idx, people)
        self._clean("groups", laminar(self.groups, people))
        self._clean("apart", apart(self.apart, n, people))
        self._clean("needs", needs(self.needs, n, people))
        _check_least(self.officers, self.least, self.cap)

    def _clean(self, name: str, value: object) -> None:
        object.__setattr__(self, name, value)

    @property
    def combinatorial(self) -> bool:
        """Whether pairs or needs make this more than a flow."""
        return bool(self.apart.size or self.needs)

    @cached_property
    def place_seat(self) -> Ints:
        """The seat of each place (places,): ``quota`` places a seat, side by side."""
        return sealed(np.repeat(np.arange(self.seat_task.size), self.quota))

    @cached_property
    def edge_seat(self) -> Ints:
        """The seat of each pair (edges,), beside ``idx``."""
        return sealed(np.repeat(np.arange(self.seat_task.size), np.diff(self.ptr)))

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
        team: TeamRules,
        window: Window,
        experts: pd.DataFrame | None = None,
        last_teams: Mapping[str, Sequence[str]] | None = None,
        departments: Mapping[str, Sequence[str]] | None = None,
        appointed: Mapping[str, Sequence[str]] | None = None,
        apart: Sequence[tuple[str, str]] = (),
        distances: pd.DataFrame | None = None,
    ) -> "Problem":
        """Build the problem of the drawn ``sites`` from cleaned register frames.

        An officer may go to a site of their bureau, or of a bureau theirs supports, when they are
        active, licensed to the last day of ``window`` (a visit may fall on any of its days), not
        absent on every one of them (part of the window leaves dates to visit on), and not in
        conflict with the site or its 统一社会信用代码 on any day of it. An expert may go to any
        site in their field but those of their employer or in conflict with them.

        sites        the drawn sites, columns of the register of sites
        team         what every team holds, and whom it may not
        window       first and last day of the visits, ISO
        experts      the register of experts, where ``team`` has a seat for one
        last_teams   by site, who went there last (:func:`last_teams`), where ``team`` rotates
        departments  by site, the departments of a joint visit; each but the one that draws gets
                     seats of its own, "department:" and its name, and its officers no others
        appointed    by site, who goes there whatever the lottery says: each takes a seat that
                     would take them
        apart        pairs who may not serve together; makes the problem combinatorial
        distances    columns station_id, site_id, km, where ``team`` has a farthest distance; pairs
                     that are not listed are near

        Raises InvalidInput, all faults of a kind together and with their rows, for ids that stand
        twice or in both registers of people, a conflict with oneself, a least load above the most,
        a lender, department or limit without officers, a bureau left with expired licences only,
        appointments that contradict the rules, and a window that is none.
        """
        given = Given(
            sites,
            officers,
            conflicts,
            absences,
            experts=experts,
            last_teams=last_teams or {},
            departments=departments or {},
            appointed=appointed or {},
            apart=apart,
            distances=distances,
        )
        return cls(**read_registers(given, team, window))

    @classmethod
    def from_instance(cls, instance: Mapping[str, Any]) -> "Problem":
        """Build the problem of one ``fairlot-assign/1`` instance.

        Raises InvalidInput, naming all at once, for what is not as the format wants it.
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
    most = min(MOST, np.iinfo(dtype).max)
    if array.size and (array.min() < 0 or array.max() > most):
        raise InvalidInput(
            "{name} runs from {low} to {high}; want 0 to {most}",
            zh="{name} 取值 {low} 至 {high}，应在 0 至 {most} 之间",
            name=name,
            low=array.min(),
            high=array.max(),
            most=most,
        )
    return own(array, dtype)


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


def _counts(name: str, values: object, size: int, default: int) -> NDArray[np.int64]:
    array = _whole(name, values, np.int64)
    return _sized(name, array, size) if array.size else sealed(np.full(size, default, np.int64))


def _labels(name: str, values: object, size: int) -> NDArray[np.str_]:
    array = np.asarray(values)
    if not array.size:
        return sealed(np.full(size, "", dtype=np.str_))
    return _sized(name, own(array, np.str_), size)


def _check_least(officers: tuple[str, ...], least: Any, cap: Any) -> None:
    above = np.flatnonzero(least > cap)
    if above.size:
        raise InvalidInput(
            "officer {officer} takes at least {least} places and at most {cap}",
            zh="检查人员 {officer} 的任务下限 {least} 高于上限 {cap}",
            officer=officers[above[0]],
            least=int(least[above[0]]),
            cap=int(cap[above[0]]),
        )


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
