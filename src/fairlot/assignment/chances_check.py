"""Chances that are those of a lottery of this very problem, or a refusal that says what is not."""

from collections.abc import Iterator

import numpy as np

from fairlot._base.arrays import Ints
from fairlot._base.errors import InvalidInput
from fairlot._kernels import kernel
from fairlot.assignment.chances import Chances, Columns
from fairlot.assignment.network import WHOLE, Numbers
from fairlot.assignment.problem import Problem
from fairlot.assignment.rules import Group

__all__ = ["check_chances"]

MOST = 1 << 30
"""Eligible pairs that fit into the numbers of 32 bits of the lottery."""


def check_chances(problem: Problem, chances: Chances) -> None:
    """Refuse chances that are not those of a lottery of ``problem``.

    They may list fewer pairs, those of the tiers that are open, and narrower loads, those that are
    certain then; everything else is the same. A seat's chances add up to its quota, nobody has more
    than one place of a team, and every expected load is within its limits, so that both numbers it
    is rounded to are. Some ms for a million pairs.
    """
    of = chances.problem
    if of.idx.size > MOST:
        raise InvalidInput(
            "there are {got} eligible pairs; want at most {most}",
            zh="可选组合共 {got} 对，至多 {most} 对",
            got=of.idx.size,
            most=MOST,
        )
    _refuse_another(problem, chances)
    _refuse_stray(problem, of)
    _refuse_sums(of, chances.numerator)
    load = _refuse_twice(of, chances.numerator)
    _refuse_loads(of, load)
    if chances.columns is not None:
        _refuse_columns(chances, chances.columns)


def _refuse_another(problem: Problem, chances: Chances) -> None:
    for what, zh, alike in _compared(problem, chances):
        if not alike:
            raise InvalidInput(
                "chances are of {got} pairs of another problem: {what} differ",
                zh="所给概率属于另一问题（{got} 对）：{zh_what}不同",
                got=chances.numerator.size,
                what=what,
                zh_what=zh,
            )


def _compared(problem: Problem, chances: Chances) -> Iterator[tuple[str, str, bool]]:
    of = chances.problem
    yield "tasks", "任务", of.tasks == problem.tasks
    yield "officers", "检查人员", of.officers == problem.officers
    yield "pairs", "可选组合", chances.numerator.shape == of.idx.shape
    yield "seats", "席位", np.array_equal(of.seat_task, problem.seat_task)
    yield "kinds of seats", "席位种类", np.array_equal(of.seat_kind, problem.seat_kind)
    yield "quotas", "席位名额", np.array_equal(of.quota, problem.quota)
    within = (problem.least <= of.least) & (of.cap <= problem.cap)
    yield "loads", "任务上下限", bool(within.all())
    yield "groups", "组", _groups_within(of.groups, problem.groups)
    yield "pairs kept apart", "互斥人员", np.array_equal(of.apart, problem.apart)
    yield "needs", "检查组所需条件", of.needs == problem.needs
    ruled = chances.columns is not None or chances.bias is not None
    yield "rules of the lottery", "抽取规则", ruled or not problem.combinatorial
    yield "pairs", "可选组合", bool(problem.tier.any()) or of.idx.size == problem.idx.size


def _groups_within(groups: tuple[Group, ...], given: tuple[Group, ...]) -> bool:
    return len(groups) == len(given) and all(
        (one.name, one.officers) == (other.name, other.officers)
        and other.least <= one.least
        and one.most <= other.most
        for one, other in zip(groups, given, strict=True)
    )


def _refuse_stray(problem: Problem, of: Problem) -> None:
    if of is problem or (of.ptr is problem.ptr and of.idx is problem.idx):
        return
    edge = _stray(problem.ptr, problem.idx, of.ptr, of.idx)
    if edge >= 0:
        raise _of_edge(
            "chances are of another problem: officer {officer} may not take seat {seat} of site"
            " {site}",
            "所给概率属于另一问题：检查人员 {officer} 不得担任场所 {site} 的 {seat}",
            of,
            edge,
        )


def _refuse_sums(of: Problem, numerator: Ints) -> None:
    seat = _unsound(of.ptr, of.quota, numerator)
    if seat >= 0:
        raise InvalidInput(
            "the chances of seat {seat} of site {site} are not parts of 2^30 that add up to {quota}",
            zh="场所 {site} 席位 {seat} 的概率不是以 2^30 为分母、和为 {quota} 的分数",
            seat=str(of.seat_kind[seat]),
            site=of.tasks[of.seat_task[seat]],
            quota=int(of.quota[seat]),
        )


def _refuse_twice(of: Problem, numerator: Ints) -> Ints:
    """Return the expected loads (officers,) in grains."""
    load = np.zeros(len(of.officers), np.int64)
    edge = _added(of.seat_task, of.ptr, of.idx, numerator, load)
    if edge >= 0:
        raise _of_edge(
            "the chances of officer {officer} on the seats of site {site} add up to more than 1",
            "检查人员 {officer} 在场所 {site} 各席位的概率之和大于 1",
            of,
            edge,
        )
    return load


def _refuse_loads(of: Problem, load: Ints) -> None:
    wrong = np.flatnonzero((load < of.least * WHOLE) | (load > of.cap * WHOLE))
    limits = [(of.officers[o], int(load[o]), of.least[o], of.cap[o]) for o in wrong[:1]]
    for group in of.groups:
        together = int(load[list(group.officers)].sum())
        if not group.least * WHOLE <= together <= group.most * WHOLE:
            limits.append((group.name, together, group.least, group.most))
    for name, grains, least, most in limits:
        raise InvalidInput(
            "the chances of {name} add up to {load} places; want {least} to {most}",
            zh="{name} 的概率之和为 {load} 个任务，应为 {least} 至 {most} 个",
            name=name,
            load=grains / WHOLE,
            least=int(least),
            most=int(most),
        )


def _refuse_columns(chances: Chances, columns: Columns) -> None:
    """Refuse columns that are not of the places, or whose weights do not give the numerators."""
    of = chances.problem
    shape = columns.weight.size, of.place_seat.size
    sound = columns.officer.shape == shape and (columns.weight >= 0).all()
    if not sound or not np.array_equal(_given_by(of, columns), chances.numerator):
        raise InvalidInput(
            "the {count} whole assignments and their weights do not give the chances",
            zh="{count} 个整体分派及其权重与概率不符",
            count=columns.weight.size,
        )


def _given_by(of: Problem, columns: Columns) -> Ints:
    """Return the numerators that the columns and their weights come to; -1 where a pair is none."""
    people = len(of.officers)
    key = of.place_seat * people + columns.officer
    pairs = of.edge_seat * people + of.idx
    at = np.minimum(np.searchsorted(pairs, key), max(pairs.size - 1, 0))
    known = (columns.officer >= 0) & (columns.officer < people)
    if key.size and not (known & (pairs[at] == key)).all():
        return np.full(pairs.size, -1)
    total = np.zeros(pairs.size, np.int64)
    np.add.at(total, at, np.broadcast_to(columns.weight[:, None], at.shape))
    return total


def _of_edge(en: str, zh: str, of: Problem, edge: int) -> InvalidInput:
    seat = of.edge_seat[edge]
    return InvalidInput(
        en,
        zh=zh,
        officer=of.officers[of.idx[edge]],
        seat=str(of.seat_kind[seat]),
        site=of.tasks[of.seat_task[seat]],
    )


@kernel
def _stray(ptr: Ints, idx: Numbers, of_ptr: Ints, of_idx: Numbers) -> int:
    """Return the first edge of the second rows that is not in the first, -1 if all are."""
    for seat in range(ptr.size - 1):
        e = ptr[seat]
        for f in range(of_ptr[seat], of_ptr[seat + 1]):
            while e < ptr[seat + 1] and idx[e] < of_idx[f]:
                e += 1
            if e == ptr[seat + 1] or idx[e] != of_idx[f]:
                return f
    return -1


@kernel
def _unsound(ptr: Ints, quota: Ints, numerator: Ints) -> int:
    """Return the first seat with a chance outside [0, 1] or with another sum than its quota."""
    for seat in range(quota.size):
        left = quota[seat] * WHOLE
        for e in range(ptr[seat], ptr[seat + 1]):
            if not 0 <= numerator[e] <= WHOLE:
                return seat
            left -= numerator[e]
        if left != 0:
            return seat
    return -1


@kernel
def _added(task: Ints, ptr: Ints, idx: Numbers, numerator: Ints, load: Ints) -> int:
    """Add up the loads; return the first edge that brings an officer above 1 in a team, or -1."""
    before = np.zeros(load.size, np.int64)  # the load before the task that is the last one seen
    seen = np.full(load.size, -1)
    for seat in range(task.size):
        for e in range(ptr[seat], ptr[seat + 1]):
            o = idx[e]
            if seen[o] != task[seat]:
                seen[o], before[o] = task[seat], load[o]
            load[o] += numerator[e]
            if load[o] - before[o] > WHOLE:
                return e
    return -1
