"""One lottery of given chances: coins for a flow, a single word for whole assignments."""

import numpy as np

from fairlot._base.arrays import Flags, Ints, Words
from fairlot._base.chance import Chance
from fairlot._base.errors import InvalidInput
from fairlot._base.progress import Progress, silent
from fairlot._kernels import kernel
from fairlot.assignment.arcs import arcs_of
from fairlot.assignment.chances import Chances, Columns
from fairlot.assignment.network import BITS, WHOLE, network_of
from fairlot.assignment.problem import Problem
from fairlot.assignment.rounding import COINS, room, split, turn

__all__ = ["check_chances", "drawn", "picked"]

TO_GRAIN = np.uint64(64 - BITS)

MOST = 1 << 30
"""Eligible pairs that fit into the numbers of 32 bits of the lottery."""


def drawn(chances: Chances, chance: Chance, progress: Progress = silent) -> Ints:
    """Return the officer of every place (places,), before any repair."""
    if chances.columns is not None:
        column = int(picked(chances.columns, chance.words(1))[0])
        officer: Ints = chances.columns.officer[column]
        return officer
    used = _rounded(chances, chance, progress)
    return np.compress(used, chances.problem.idx).astype(np.int64)


def picked(columns: Columns, word: Words) -> Ints:
    """Return the column that each word draws: its highest bits are a grain, weights lie in order.

    >>> pair = Columns(officer=np.array([[0], [1]]), weight=np.array([1, WHOLE - 1]))
    >>> picked(pair, np.array([2**34 - 1, 2**34], np.uint64))
    array([0, 1])
    """
    grain = (word >> TO_GRAIN).astype(np.int64)
    return np.searchsorted(np.cumsum(columns.weight), grain, side="right").astype(np.int64)


def _rounded(chances: Chances, chance: Chance, progress: Progress) -> Flags:
    """Return which edges are used."""
    problem, numerator, network = chances.problem, chances.numerator, network_of(chances.problem)
    rows = network.ptr, network.idx, problem.seat_task, network.bundle, network.parent
    words = chance.words(len(problem.tasks)), chance.words(len(problem.officers))
    arcs = arcs_of(*rows, numerator, *words)
    level = room(arcs)
    for bit in range(BITS):
        progress("lottery", bit, BITS)
        odd, cycles = split(arcs, level, bit)
        turn(arcs, level, odd, bit, chance.words(-(-int(cycles) // COINS)))
    progress("lottery", BITS, BITS)
    used = np.equal(numerator, WHOLE)
    used[arcs.edge] = arcs.value == WHOLE
    return used


def check_chances(problem: Problem, chances: Chances) -> None:
    """Refuse chances of another problem, too many, or that do not add up to a seat's quota."""
    of = chances.problem
    if of.idx.size > MOST:
        raise InvalidInput(
            "there are {got} eligible pairs; want at most {most}",
            zh="可选组合共 {got} 对，至多 {most} 对",
            got=of.idx.size,
            most=MOST,
        )
    alike = of.tasks == problem.tasks and of.officers == problem.officers
    if not alike or chances.numerator.shape != of.idx.shape:
        raise InvalidInput(
            "chances are of {got} pairs of another problem",
            zh="所给概率属于另一问题（{got} 对）",
            got=chances.numerator.size,
        )
    seat = _unsound(of.ptr, of.quota, chances.numerator)
    if seat >= 0:
        raise InvalidInput(
            "the chances of seat {seat} of site {site} are not parts of 2^30 that add up to {quota}",
            zh="场所 {site} 席位 {seat} 的概率不是以 2^30 为分母、和为 {quota} 的分数",
            seat=str(of.seat_kind[seat]),
            site=of.tasks[of.seat_task[seat]],
            quota=int(of.quota[seat]),
        )


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
