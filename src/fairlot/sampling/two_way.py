"""Rounding a table at random: rows keep their whole sums, columns land on floor or ceiling.

The table is a graph: an entry strictly between 0 and ``D`` is an edge from its row to its column.
A column whose sum is not whole gets one *slack* edge to a node of its own connected block, so that
every node has a whole sum. Then an undecided edge is never alone at a node, and walking along
undecided edges must close a cycle. Around a cycle the amounts are raised and lowered in turn, by
``up`` or back by ``down``, each the most that keeps all within [0, D]: no sum changes, at least one
edge is decided, and with probability ``down / (up + down)`` for ``up`` no expectation changes.

Gandhi, Khuller, Parthasarathy, Srinivasan (2006), Dependent rounding and its applications to
approximation algorithms, J. ACM 53(3), doi:10.1145/1147954.1147956.
"""

from typing import NamedTuple

import numpy as np

from fairlot._base.arrays import Ints, Words
from fairlot._kernels import kernel
from fairlot.sampling.whole_numbers import D, below

__all__ = ["Graph", "graph", "laid_out", "onward", "rotate", "round_two_way", "settle"]


class Graph(NamedTuple):
    """Edges from ``tail`` (rows, slack nodes) to ``head`` (columns), listed node by node."""

    tail: Ints
    head: Ints
    first: Ints  # the edges of node v are incident[first[v] : first[v + 1]], in edge order
    incident: Ints


def round_two_way(amount: Ints, row: Ints, column: Ints, order: Words, word: Words) -> Ints:
    """Return every amount rounded to 0 or D, with its expectation kept to 2^-64 a rotation.

    amount  (E,) whole numbers in (0, D); the sum of each row is a multiple of D
    row     (E,) codes from 0; no (row, column) comes twice
    column  (E,) codes from 0
    order   (E,) words that put the edges in order, ties by position
    word    (E,) words that decide the rotations

    The text that another implementation must follow: Edges are taken in their order, slack edges
    last, in the order of their columns' first edges. From the row of the first undecided edge, walk
    along the first undecided edge other than the one just walked, until a node comes again. Rotate
    that cycle, its first walked edge by +up or -down. Cut the path before its first decided edge
    and walk on. The k-th rotation in a block uses the word of the k-th edge of the block, so blocks
    cannot disturb each other; codes only say which entries share a row or column.

    >>> half = np.full(4, D // 2)
    >>> rows, columns = np.array([0, 0, 1, 1]), np.array([0, 1, 0, 1])
    >>> words = np.zeros(4, dtype=np.uint64)
    >>> (round_two_way(half, rows, columns, words, words) // D).tolist()
    [1, 0, 0, 1]
    """
    edges, value, edge, block = laid_out(amount, row, column, order)
    settle(value, *edges, block, word[edge])
    rounded = np.empty_like(amount)
    rounded[edge] = value[: amount.size]
    return rounded


def laid_out(amount: Ints, row: Ints, column: Ints, order: Words) -> tuple[Graph, Ints, Ints, Ints]:
    """Return the graph and the amounts of its edges; which entry the k-th edge is, and its block.

    Entries stand block by block, in their order inside; slack edges follow, and are no entries.
    """
    head = column + row.max(initial=-1) + 1
    block = _blocks(row, head, int(head.max(initial=-1)) + 1)
    edge = np.lexsort((order, block[row]))
    edges, value = _with_slack(amount[edge], row[edge], head[edge], block)
    return edges, value, edge, block[row[edge]]


def _with_slack(amount: Ints, row: Ints, head: Ints, block: Ints) -> tuple[Graph, Ints]:
    """Return the graph of entries and slack edges, and their amounts."""
    nodes = block.size
    missing = np.zeros(nodes, dtype=np.int64)
    np.subtract.at(missing, head, amount)
    missing %= D
    columns = head[np.sort(np.unique(head, return_index=True)[1])]
    columns = columns[missing[columns] > 0]
    tail = np.concatenate([row, nodes + block[columns]])
    return graph(tail, np.concatenate([head, columns]), 2 * nodes), np.concatenate(
        [amount, missing[columns]]
    )


def graph(tail: Ints, head: Ints, nodes: int) -> Graph:
    """Return the graph of these edges; no node has both tails and heads."""
    ends = np.concatenate([tail, head])
    first = np.concatenate([[0], np.cumsum(np.bincount(ends, minlength=nodes))])
    # A node has tails only or heads only, so a stable sort lists its edges in edge order.
    incident = np.argsort(ends, kind="stable") % max(tail.size, 1)
    return Graph(tail, head, first, incident)


@kernel
def _blocks(tail: Ints, head: Ints, nodes: int) -> Ints:
    """Return for each node the lowest node of its connected block."""
    root = np.arange(nodes)
    for e in range(tail.size):
        a, b = tail[e], head[e]
        while root[a] != a:
            root[a] = root[root[a]]
            a = root[a]
        while root[b] != b:
            root[b] = root[root[b]]
            b = root[b]
        root[max(a, b)] = min(a, b)
    for v in range(nodes):  # root[v] <= v, and the roots below are final
        root[v] = root[root[v]]
    return root


@kernel
def settle(
    value: Ints, tail: Ints, head: Ints, first: Ints, incident: Ints, block: Ints, word: Words
) -> None:
    """Decide every entry, in place; ``block`` and ``word`` are theirs, and slack edges follow.

    A node whose sum only counts as whole, being off by some grains, hands them on: an edge that is
    left alone there is rounded to the nearer of 0 and D, which takes no word.
    """
    place = np.full(first.size, -1)  # where a node stands on the path
    path = np.empty(first.size, dtype=np.int64)
    begin = first.copy()
    rotation = 0
    for e in range(block.size):
        # A rotation lowers the cycle rank, at first edges - nodes + 1. Slack adds at most one edge
        # per column and one node, so a block of E entries and R rows has at most E - R rotations
        # (E - R - C + 1 without slack): fewer than E, and no word serves twice.
        if e == 0 or block[e] != block[e - 1]:
            rotation = e
        node = tail[e]
        length = 0
        # e is the first undecided edge of its row, so the path starts with it.
        while 0 < value[e] < D:
            came = path[length - 1] if length else -1
            step = onward(value, incident, first[node + 1], begin, node, came)
            if step < 0:
                value[came] = D if 2 * value[came] > D else 0
                length -= 1
                node = tail[came] + head[came] - node
                place[node] = -1
                continue
            place[node] = length
            path[length] = step
            length += 1
            node = tail[step] + head[step] - node
            if place[node] >= 0:
                cut = rotate(value, path, place[node], length, word[rotation])
                rotation += 1
                while length > cut:
                    length -= 1
                    node = tail[path[length]] + head[path[length]] - node
                    place[node] = -1


@kernel
def onward(value: Ints, incident: Ints, end: int, begin: Ints, node: int, came: int) -> int:
    """Return the first undecided edge at ``node`` other than ``came``; -1 only if its sum is off."""
    at = begin[node]
    while at < end and not 0 < value[incident[at]] < D:
        at += 1
    begin[node] = at
    if at < end and incident[at] == came:
        at += 1
        while at < end and not 0 < value[incident[at]] < D:
            at += 1
    return incident[at] if at < end else -1


@kernel
def rotate(value: Ints, path: Ints, start: int, stop: int, word: np.uint64) -> int:
    """Rotate the cycle ``path[start:stop]``; return where its first decided edge stands."""
    up = D
    down = D
    for k in range(start, stop):
        x = value[path[k]]
        rises = (k - start) % 2 == 0
        up = min(up, D - x if rises else x)
        down = min(down, x if rises else D - x)
    change = up if below(word, down, up + down) else -down
    cut = stop
    for k in range(stop - 1, start - 1, -1):
        value[path[k]] += change if (k - start) % 2 == 0 else -change
        if not 0 < value[path[k]] < D:
            cut = k
    return cut
