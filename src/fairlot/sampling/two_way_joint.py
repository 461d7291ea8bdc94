"""How likely two entries of a table rounded at random are to be rounded up together.

Blocks are independent. Inside a block each rotation has two outcomes, and what comes next depends
on the amounts only, so all outcomes can be followed, alike ones together. Where they are too many,
the table is rounded many times instead, and the answer has a standard error.
"""

from collections import defaultdict
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from fairlot._base.arrays import Floats, Ints, Words
from fairlot._base.chance import Chance
from fairlot.sampling.two_way import Graph, laid_out, onward, rotate, round_two_way
from fairlot.sampling.whole_numbers import D

__all__ = ["RoundedTogether", "rounded_together"]

ROTATIONS_MOST = 8
"""Rotations of a block whose outcomes, up to 2^8, are all followed, at some 50 us each."""

LOWEST, HIGHEST = np.uint64(0), np.uint64((1 << 64) - 1)


class _Block(NamedTuple):
    """The joint probabilities of a block's entries, and how many trials they rest on (0: exact)."""

    both: Floats
    trials: int


@dataclass(frozen=True, eq=False)
class RoundedTogether:
    """Joint probabilities of the entries of one table."""

    share: Floats
    block: Ints
    place: Ints  # of an entry in its block
    of_block: list[_Block]

    def __call__(self, i: Ints, j: Ints) -> tuple[Floats, Floats]:
        """Return the joint probabilities of entries i != j, and their standard errors."""
        value, error = self.share[i] * self.share[j], np.zeros(i.size)
        near = self.block[i] == self.block[j]
        for b in np.unique(self.block[i[near]]):
            both, trials = self.of_block[b]
            at = near & (self.block[i] == b)
            value[at] = both[self.place[i[at]], self.place[j[at]]]
            error[at] = _standard_error(value[at], trials)
        return value, error


def rounded_together(
    amount: Ints, row: Ints, column: Ints, order: Words, *, chance: Chance, trials: int
) -> RoundedTogether:
    """Return the joint probabilities of :func:`~fairlot.sampling.two_way.round_two_way`.

    amount, row, column, order  as there
    chance                      asked for words only where a block has too many outcomes,
                                ``trials`` times for one word an entry
    """
    _, _, edge, root = laid_out(amount, row, column, order)
    block, place = np.empty((2, amount.size), dtype=np.int64)
    of_block: list[_Block] = []
    for at in np.split(edge, np.flatnonzero(np.diff(root)) + 1):
        block[at], place[at] = len(of_block), np.arange(at.size)
        table = amount[at], row[at], column[at], order[at]
        of_block.append(_followed(*table) or _tried(*table, chance, trials))
    return RoundedTogether(amount / D, block, place, of_block)


def _followed(amount: Ints, row: Ints, column: Ints, order: Words) -> _Block | None:
    """Return the exact answer for one block, or None where it takes too many rotations."""
    graph, value, edge, _ = laid_out(amount, row, column, order)
    if _rotations_at_most(graph) > ROTATIONS_MOST:
        return None
    both = np.zeros((amount.size, amount.size))
    ways = {value.tobytes(): 1.0}
    while ways:
        onward_ways: dict[bytes, float] = defaultdict(float)
        for way, chance in ways.items():
            value = np.frombuffer(way, dtype=np.int64).copy()
            if not np.any((value > 0) & (value < D)):
                up = edge[np.flatnonzero(value[: amount.size] == D)]
                both[np.ix_(up, up)] += chance
                continue
            for after, share in _rotations(value, graph):
                onward_ways[after.tobytes()] += chance * share
        ways = onward_ways
    return _Block(both, 0)


def _rotations_at_most(graph: Graph) -> int:
    """Return the cycle rank, which every rotation lowers."""
    return graph.tail.size - np.unique([graph.tail, graph.head]).size + 1


def _rotations(value: Ints, graph: Graph) -> list[tuple[Ints, float]]:
    """Return both outcomes of the next rotation, with their chances."""
    cycle = _next_cycle(value, graph)
    outcomes = []
    for word in (LOWEST, HIGHEST):
        after = value.copy()
        rotate(after, cycle, 0, cycle.size, word)
        outcomes.append(after)
    up, down = (abs(int(after[cycle[0]]) - int(value[cycle[0]])) for after in outcomes)
    return [(outcomes[0], down / (up + down)), (outcomes[1], up / (up + down))]


def _next_cycle(value: Ints, graph: Graph) -> Ints:
    """Walk from the first undecided edge until a node comes again.

    Cutting the path and walking on, as the rounding itself does, comes to the same: what is kept
    are the edges that a new walk would take.
    """
    node = graph.tail[np.argmax((value > 0) & (value < D))]
    place: dict[int, int] = {}
    path: list[int] = []
    while node not in place:
        place[node] = len(path)
        came = path[-1] if path else -1
        path.append(
            onward(value, graph.incident, graph.first[node + 1], graph.first.copy(), node, came)
        )
        node = graph.tail[path[-1]] + graph.head[path[-1]] - node
    return np.array(path[place[node] :])


def _tried(
    amount: Ints, row: Ints, column: Ints, order: Words, chance: Chance, trials: int
) -> _Block:
    up = np.empty((trials, amount.size))
    for one in up:
        one[:] = round_two_way(amount, row, column, order, chance.words(amount.size)) == D
    return _Block(up.T @ up / trials, trials)


def _standard_error(share: Floats, trials: int) -> Floats:
    """Return the standard error of a share of trials; two more, one of each kind, keep it above 0."""
    if not trials:
        return np.zeros(share.size)
    share = (share * trials + 1) / (trials + 2)
    return np.sqrt(share * (1 - share) / trials)
