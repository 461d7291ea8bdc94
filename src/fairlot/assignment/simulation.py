"""Many lotteries of the same chances: who is drawn how often, and with whom."""

from collections.abc import Callable, Iterator
from typing import NamedTuple

import numpy as np

from fairlot._base import check
from fairlot._base.arrays import Flags, Ints, Words
from fairlot._base.chance import Chance, as_chance
from fairlot._base.progress import Progress, silent
from fairlot._kernels import kernel
from fairlot.assignment.arcs import Indices, arcs_of, places
from fairlot.assignment.chances import Chances
from fairlot.assignment.chances_check import check_chances
from fairlot.assignment.drawing import picked
from fairlot.assignment.frequencies import JOINT, Frequencies, open_edges
from fairlot.assignment.network import BITS, WHOLE, Network, Numbers, network_of
from fairlot.assignment.rounding import COINS, room, split, turn
from fairlot.assignment.teams import entries

__all__ = ["simulate"]

AT_ONCE = 1 << 22
"""How many words, or uses of edges, of the lotteries are held in memory together."""

SHORTEST = 4
"""No cycle has fewer arcs: no two arcs join the same nodes, and none joins two heads of a seat."""


def simulate(
    chances: Chances,
    lotteries: int,
    *,
    rng: object,
    pairs: bool = False,
    progress: Progress = silent,
) -> Frequencies:
    """Hold many lotteries of the same chances and count.

    Each lottery is that of ``draw_teams``, before any repair, from words of its own: one for each
    task and officer, then for each of the 30 levels as many as could be needed. Some 20
    microseconds a lottery for 12 places and 60 eligible pairs.

    lotteries  how many, at least 1
    pairs      whether to count who serves with whom

    Raises InvalidInput for no lottery, or chances that do not add up.

    >>> from fairlot.assignment.problem import Problem
    >>> pool = Problem(
    ...     tasks=("S1",), officers=("P1", "P2", "P3"), cap=[1, 1, 1], quota=[2],
    ...     seat_task=[0], seat_kind=["officer"], ptr=[0, 3], idx=[0, 1, 2],
    ... )
    >>> half = 2**29  # P1 is certain, one of P2 and P3 comes too
    >>> chances = Chances(pool, np.array([2, 1, 1]) * half, "by hand", np.ones(3))
    >>> found = simulate(chances, 1000, rng=np.random.default_rng(1), pairs=True)
    >>> found.count.tolist(), found.pair_count[1].tolist()
    ([1000, 502, 498], [502, 0, 0])
    """
    lotteries = check.at_least("lotteries", lotteries, 1)
    check_chances(chances.problem, chances)
    chance, problem, open_ = as_chance(rng), chances.problem, open_edges(chances)
    people, opened = len(problem.officers), np.count_nonzero(open_)
    count = np.zeros(problem.idx.size, np.int64)
    pair = np.zeros((people, people) if pairs else (0, 0), np.int64)
    joint = np.zeros((opened, opened)) if opened <= JOINT else None
    done = 0
    for used in _runs(chances, chance, lotteries):
        progress("lotteries", done, lotteries)
        done += len(used)
        count += np.count_nonzero(used, axis=0)
        if joint is not None:
            some = used[:, open_].astype(np.float64)
            joint += some.T @ some
        if pairs:
            _meet(problem.ptr, problem.idx, problem.seat_task, used, pair)
    progress("lotteries", lotteries, lotteries)
    return Frequencies(chances, lotteries, count, pair if pairs else None, joint)


def _runs(chances: Chances, chance: Chance, lotteries: int) -> Iterator[Flags]:
    """Yield which edges are used, (some lotteries, edges), until all have been held."""
    held = _of_columns(chances) if chances.columns else _of_coins(chances)
    at_once = max(1, AT_ONCE // max(1, held.words, chances.numerator.size))
    for done in range(0, lotteries, at_once):
        some = min(at_once, lotteries - done)
        yield held.used(chance.words(some * held.words).reshape(some, held.words))


class _Held(NamedTuple):
    """How lotteries are held: the words of one, and which edges are used, from the words of some."""

    words: int
    used: Callable[[Words], Flags]


def _of_columns(chances: Chances) -> _Held:
    columns = chances.columns
    assert columns is not None
    table = np.zeros((columns.weight.size, chances.numerator.size), np.bool_)
    for row, officer in zip(table, columns.officer, strict=True):
        row[entries(chances.problem, officer)] = True
    return _Held(1, lambda word: table[picked(columns, word[:, 0])])


def _of_coins(chances: Chances) -> _Held:
    problem, network = chances.problem, network_of(chances.problem)
    fixed = np.equal(chances.numerator, WHOLE)
    nodes = network.full.size + network.least.size
    arcs = int(np.count_nonzero(open_edges(chances))) + nodes
    width = -(-arcs // (SHORTEST * COINS))
    ends = np.cumsum([len(problem.tasks), len(problem.officers)])

    def used(word: Words) -> Flags:
        found = np.repeat(fixed[None], len(word), axis=0)
        tasks, officers, coins = np.split(word, ends, axis=1)
        order = places(tasks), places(officers)
        _hold(network, problem.seat_task, chances.numerator, *order, coins, width, found)
        return found

    return _Held(len(problem.tasks) + len(problem.officers) + BITS * width, used)


@kernel
def _hold(
    network: Network,
    seat_task: Ints,
    numerator: Ints,
    task_place: Indices,
    place: Indices,
    coins: Words,
    width: int,
    used: Flags,
) -> None:
    """Hold a lottery with every row of places and words; set what is used, in place."""
    for k in range(len(coins)):
        arcs = arcs_of(network, seat_task, numerator, task_place[k], place[k])
        level = room(arcs)
        for bit in range(BITS):
            odd, _ = split(arcs, level, bit)
            turn(arcs, level, odd, bit, coins[k, bit * width :])
        for a in range(arcs.edge.size):
            used[k, arcs.edge[a]] = arcs.value[a] == WHOLE


@kernel
def _meet(ptr: Ints, idx: Numbers, seat_task: Ints, used: Flags, pair: Ints) -> None:
    """Count, in place, who serves with whom."""
    team = np.empty(idx.size, np.int64)
    for row in used:
        size, task = 0, -1
        for seat in range(seat_task.size):
            if seat_task[seat] != task:
                size, task = 0, seat_task[seat]
            for e in range(ptr[seat], ptr[seat + 1]):
                if row[e]:
                    for k in range(size):
                        pair[team[k], idx[e]] += 1
                        pair[idx[e], team[k]] += 1
                    team[size] = idx[e]
                    size += 1
