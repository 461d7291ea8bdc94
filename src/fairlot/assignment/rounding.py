"""``dyadic/1``: whole assignments with exactly the published chances, from fair coins.

Chances are whole numbers of grains, ``2^30`` to 1. An edge whose chance is neither 0 nor 1 is an
*arc* from its seat to its officer, or to the *bundle* of an officer who is on several rows of the
task, from which one arc leads on to the officer. From every officer one arc leads to the innermost
group around the officer, or to the top; from every group to the next around it, or to the top. The
value of an arc out of a bundle, officer or group is the sum of the values of the arcs into it.

Level l = 0, ..., 29 makes all values multiples of ``2^(l + 1)``. Before it they are multiples of
``2^l``; those with bit l set are odd. The sums of the seats are whole, so every node has an even
number of odd arcs, which split into simple cycles. For each a fair coin raises by ``2^l`` the arcs
walked upwards, away from the seats, and lowers those walked downwards, or the reverse. No sum at a
seat changes, no expectation changes, and nothing leaves [0, 2^30]. After the last level every arc
out of a seat or a bundle is 0 or 1, and every load is its expectation rounded down or up, so caps
and minima that hold on average hold. A cycle through a seat raises one of its arcs and lowers
another, so two officers of one seat are never positively correlated (Gandhi, Khuller,
Parthasarathy, Srinivasan 2006, Dependent rounding and its applications to approximation algorithms,
J. ACM 53(3), doi:10.1145/1147954.1147956).

What another implementation must follow to draw the same teams from the same words:

1. Tickets. One word for each task, then one for each officer. Tasks, and officers, have places in
   the order of (word, position). Without this some pairs of equal officers would never meet.
2. Order of the arcs. First those out of seats: seats by (place of the task, position of the seat),
   the arcs of a seat by the place of the officer. Then those out of bundles, in the order of the
   bundles' first arcs; out of officers, by place; out of groups, inner before outer as listed.
3. Walks. At level l the odd arcs of a seat are partners in order, walked or not: the first and the
   second, the third and the fourth, ... While odd arcs are unwalked, leave the seat of the first of
   them by it. Leave a seat by the partner of the arc that led to it, and any other node by the
   first unwalked odd arc into it, or when there is none by the arc out of it. Whenever a node comes
   again, the arcs walked since it was last left are a cycle: cut it out and walk on. A walk ends
   when it comes by the partner of its first arc.
4. Coins. A level with c cycles takes the next ceil(c / 64) words. Bit k mod 64 (0 the lowest) of
   word k div 64 is for cycle k = 0, 1, ...: at 1 its arcs walked upwards rise, at 0 they fall.
"""

from typing import NamedTuple

import numpy as np

from fairlot._base.arrays import Words
from fairlot._kernels import kernel, piece
from fairlot.assignment.arcs import Arcs, Index, Indices

__all__ = ["COINS", "Level", "room", "split", "turn"]

COINS = 64
"""In a word."""

NEXT, BACK, HEAD, TAIL = range(4)
SEATS, ODD = range(2)

BLOCK = np.uint64(1024)
"""Odd arcs read at a time: walks stay near the first unwalked arc, so what they need is at hand."""

ONE, TWO = np.uint64(1), np.uint64(2)
PER_WORD, IN_WORD = np.uint64(6), np.uint64(COINS - 1)  # 2^6 coins


class Level(NamedTuple):
    """The odd arcs of one level: out of seats, as far as read, then out of nodes.

    arc          which of ``Arcs`` an odd arc out of a seat is
    link         rows NEXT, BACK, HEAD, TAIL; unwalked arcs with one head are a ring, which starts
                 and ends in a row of its own, after those of the arcs
    cycle        2 k + 1 if walked upwards in the k-th cycle, 2 k if downwards, k from 1; else 0
    own          (nodes,) the arc out of a node; until all are read, whether there is one
    path, stood  the arcs of the walk, twice plus 1 if upwards, and the nodes they left
    at           where on the path a node stands, from 1; 0 off it; seats come after the nodes
    read         how many SEATS have been read, and how many ODD arcs out of them
    """

    arc: Indices
    link: Indices
    cycle: Indices
    own: Indices
    path: Indices
    stood: Indices
    at: Indices
    read: Words


@kernel
def room(arcs: Arcs) -> Level:
    """Return room for any level of ``arcs``."""
    size, nodes = arcs.value.size, arcs.above.size
    places = nodes + arcs.first.size - 1
    return Level(
        arc=np.empty(size, np.uint32),
        link=np.empty((size + 2 * nodes, 4), np.uint32),
        cycle=np.empty(size + nodes, np.uint32),
        own=np.empty(nodes, np.uint32),
        path=np.empty(places, np.uint32),
        stood=np.empty(places, np.uint32),
        at=np.zeros(places, np.uint32),
        read=np.empty(2, np.uint64),
    )


@kernel
def split(arcs: Arcs, level: Level, bit: int) -> tuple[Index, Index]:
    """Split the arcs with ``bit`` set into cycles; return how many of them leave seats, cycles."""
    rings, seats = level.cycle.size, np.uint64(arcs.first.size - 1)
    for node in range(level.own.size):
        level.link[rings + node, NEXT] = level.link[rings + node, BACK] = rings + node
        level.own[node] = 0
    level.read[:] = 0
    start = cycles = np.uint64(0)
    while start < level.read[ODD] or level.read[SEATS] < seats:
        if start == level.read[ODD]:
            _read(arcs, level, np.uint64(bit))
            continue
        if level.cycle[start] == 0:
            cycles = _walk(arcs, level, np.uint64(bit), start, cycles)
        start += TWO
    return level.read[ODD], cycles


@piece
def _read(arcs: Arcs, level: Level, bit: np.uint64) -> None:
    """Read the odd arcs of more seats; after the last seat, those out of nodes as well."""
    seats, nodes = np.uint64(arcs.first.size - 1), np.uint64(level.own.size)
    seat, odd = level.read[SEATS], level.read[ODD]
    enough = odd + BLOCK
    while seat < seats and odd < enough:
        begin = odd
        for a in range(arcs.first[seat], arcs.first[seat + ONE]):
            level.arc[odd] = a  # overwritten if even: a branch would be mispredicted half the time
            odd += (arcs.value[a] >> bit) & ONE
        for r in range(begin, odd):
            _join(level, r, nodes + seat, arcs.head[level.arc[r]])
        seat += ONE
    level.read[SEATS], level.read[ODD] = seat, odd
    if seat == seats:
        _read_nodes(arcs, level, odd)


@piece
def _read_nodes(arcs: Arcs, level: Level, r: Index) -> None:
    """An odd number of odd arcs into a node makes the one out of it odd; a node precedes its head."""
    for node in range(np.uint64(level.own.size - 1)):
        if level.own[node]:
            level.own[node] = r
            _join(level, r, node, arcs.above[node])
            r += ONE


@piece
def _join(level: Level, r: Index, tail: Index, head: Index) -> None:
    """Put arc ``r`` at the end of the ring of its head."""
    link, ring = level.link, np.uint64(level.cycle.size) + head
    last = link[ring, BACK]
    link[r, NEXT], link[r, BACK], link[r, HEAD], link[r, TAIL] = ring, last, head, tail
    link[last, NEXT] = link[ring, BACK] = r
    level.cycle[r] = 0
    level.own[head] ^= ONE


@piece
def _walk(
    arcs: Arcs, level: Level, bit: np.uint64, start: np.uint64, cycles: np.uint64
) -> np.uint64:
    """Walk from the seat of ``start`` until it is left no more; return the number of cycles."""
    link, at, path, stood = level.link, level.at, level.path, level.stood
    rings, nodes = np.uint64(level.cycle.size), np.uint64(level.own.size)
    seats = np.uint64(arcs.first.size - 1)
    node, depth = np.uint64(link[start, TAIL]), np.uint64(0)
    r, rising = start, ONE
    while True:
        path[depth], stood[depth] = (r << ONE) | rising, node
        depth += ONE
        at[node] = depth
        before, after = link[r, BACK], link[r, NEXT]
        link[before, NEXT], link[after, BACK] = after, before
        node = np.uint64(link[r, HEAD] if rising else link[r, TAIL])
        if at[node]:
            cycles += ONE
            depth = _cut(level, at[node] - ONE, depth, cycles)
            if r == start ^ ONE:
                return cycles
        if node >= nodes:
            r, rising = r ^ ONE, ONE
        else:
            r = link[rings + node, NEXT]
            while r == rings + node and level.read[SEATS] < seats:
                _read(arcs, level, bit)
                r = link[rings + node, NEXT]
            rising = np.uint64(r == rings + node)
            if rising:
                r = level.own[node]


@piece
def _cut(level: Level, begin: np.uint64, end: np.uint64, number: np.uint64) -> np.uint64:
    """Make a cycle of the end of the path; return the length that is left."""
    for k in range(begin, end):
        walked = level.path[k]
        level.at[level.stood[k]] = 0
        level.cycle[walked >> ONE] = (number << ONE) | (walked & ONE)
    return begin


@kernel
def turn(arcs: Arcs, level: Level, odd: Index, bit: int, word: Words) -> None:
    """Raise or lower the ``odd`` arcs out of seats: a coin for every cycle."""
    up, twice = ONE << np.uint64(bit), TWO << np.uint64(bit)
    for r in range(np.uint64(odd)):
        k = (level.cycle[r] >> ONE) - ONE
        coin = (word[k >> PER_WORD] >> (k & IN_WORD)) & ONE
        falls = coin ^ (level.cycle[r] & ONE)
        a = level.arc[r]
        arcs.value[a] = arcs.value[a] + up - falls * twice
