"""One lottery of given chances: coins for a flow, a single word for whole assignments."""

import numpy as np

from fairlot._base.arrays import Flags, Ints, Words
from fairlot._base.chance import Chance
from fairlot._base.progress import Progress, silent
from fairlot.assignment.arcs import arcs_of, places
from fairlot.assignment.chances import Chances, Columns
from fairlot.assignment.network import BITS, WHOLE, network_of
from fairlot.assignment.rounding import COINS, room, split, turn

__all__ = ["drawn", "picked"]

TO_GRAIN = np.uint64(64 - BITS)


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
    order = (places(chance.words(len(each))) for each in (problem.tasks, problem.officers))
    arcs = arcs_of(network, problem.seat_task, numerator, *order)
    level = room(arcs)
    for bit in range(BITS):
        progress("lottery", bit, BITS)
        odd, cycles = split(arcs, level, bit)
        turn(arcs, level, odd, bit, chance.words(-(-int(cycles) // COINS)))
    progress("lottery", BITS, BITS)
    used = np.equal(numerator, WHOLE)
    used[arcs.edge] = arcs.value == WHOLE
    return used
