"""Whole numbers for a table of fractions, at random, with every margin controlled.

Each cell becomes its expectation rounded down or up, and is right on average. In a table with one
or two margins (rows and columns) every margin and the total are rounded down or up as well (Cox
1987). Of three or more margins that is not always possible (Causey, Cox, Ernst 1985): there the
total is rounded, and a margin of one of k columns of labels is off by less than k.

Two margins: a margin that is not whole gets a slack cell that makes it so; then a walk along
undecided cells, turning from row to column, must close a cycle, around which cells are raised and
lowered in turn. More margins: a step along a direction in which no margin moves, as in the cube
method; when there is none left, the margin with the fewest undecided cells is let go. Cells stand
in k margins each, so one with at most k undecided cells can be found (Beck, Fiala 1981).
"""

from collections.abc import Hashable, Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from fairlot._base import check
from fairlot._base.arrays import Flags, Floats, Ints
from fairlot._base.chance import as_chance
from fairlot._base.errors import InvalidInput
from fairlot._kernels import kernel

__all__ = ["controlled_allocation"]

WHOLE = 1e-9
"""How far from a whole number a cell may be to count as one."""


def controlled_allocation(
    expected: ArrayLike, *, margins: Sequence[Sequence[Hashable]] | None = None, rng: object
) -> Ints:
    """Round a table at random to whole numbers that are right on average, margins included.

    expected  a table of numbers >= 0, of any number of dimensions; each of its indices is a margin.
              Or (N,) the expectations of cells, with ``margins``
    margins   columns of N labels; the cells that share a label of a column are a margin
    rng       asked once for N numbers (N cells, in the table's row-major order)

    Returns whole numbers in the shape of ``expected``. Each is its expectation rounded down or up,
    and its mean over draws is the expectation, to about 1e-9. In every draw the total is rounded
    down or up too, and so is every margin when there are at most two columns of margins; of k
    columns, three or more, a margin is off by less than k. Sums within 1e-6 of a whole number count
    as whole. Cells are not drawn independently; nothing is promised of pairs of cells.

    One or two columns: only + - * / and comparisons; O(N (R + C)) at worst, 3 ms for 100 x 100
    cells, half a second for 1000 x 1000.
    Three or more: O(N M^3) for M margins, 0.1 s for 10 x 10 x 10; uses a singular value
    decomposition, so not for public draws.

    Cox (1987), doi:10.1080/01621459.1987.10478456. Causey, Cox, Ernst (1985),
    doi:10.2307/2288551. Beck, Fiala (1981), doi:10.1016/0166-218X(81)90022-6.

    >>> table = [[1.5, 0.5, 1.0], [0.5, 2.25, 0.25]]
    >>> drawn = controlled_allocation(table, rng=np.random.default_rng(2))
    >>> drawn.sum(axis=1).tolist(), bool((abs(drawn - table) < 1).all())
    ([3, 3], True)
    """
    table, columns = _read(expected, margins)
    chance = as_chance(rng)
    u = chance.random(table.size)
    down = np.floor(table + WHOLE)
    rest = np.maximum(table - down, 0)
    rest[rest < WHOLE] = 0
    up = (_round_two_way if len(columns) <= 2 else _round_many)(rest, columns, u)
    return (down + up).astype(np.int64).reshape(np.shape(expected))


def _read(
    expected: ArrayLike, margins: Sequence[Sequence[Hashable]] | None
) -> tuple[Floats, list[Ints]]:
    """Return the cells, row by row, and for each column of labels the code of every cell."""
    shape = np.shape(expected)
    table = check.numbers("expected", np.reshape(np.asarray(expected), -1))
    if table.min() < 0:
        i = int(np.argmax(table < 0))
        raise InvalidInput(
            "expected[{i}] is {got}; want a number >= 0",
            zh="expected[{i}] 为 {got}，应为不小于 0 的数",
            i=tuple(map(int, np.unravel_index(i, shape))) if len(shape) > 1 else i,
            got=float(table[i]),
        )
    if margins is None:
        columns = np.indices(shape).reshape(len(shape), -1) if len(shape) > 1 else ()
        return table, [np.ascontiguousarray(column, dtype=np.int64) for column in columns]
    if len(shape) != 1:
        raise InvalidInput(
            "expected has shape {got}; with margins, want one number per cell",
            zh="expected 的形状为 {got}；给出 margins 时应为每格一个数",
            got=shape,
        )
    return table, [check.codes(f"margins[{k}]", c, table.size)[1] for k, c in enumerate(margins)]


def _round_two_way(rest: Floats, columns: list[Ints], u: Floats) -> Floats:
    """Round cells within [0, 1] so that all sums over the one or two columns are rounded too."""
    row, column = [*columns, *[np.zeros(rest.size, dtype=np.int64)] * 2][:2]
    value, tail, head = _with_slack(rest, row, column)
    nodes = int(head.max()) + 1
    ends = np.concatenate([tail, head])
    first = np.concatenate([[0], np.cumsum(np.bincount(ends, minlength=nodes))])
    # A node has tails only or heads only, so a stable sort lists its edges in edge order.
    incident = np.argsort(ends, kind="stable") % tail.size
    _settle(value, tail, head, first, incident, u)
    return value[: rest.size]


def _with_slack(rest: Floats, row: Ints, column: Ints) -> tuple[Floats, Ints, Ints]:
    """Return cells and slack cells as edges from rows to columns: every sum of a node is whole.

    Slack stands in one more row and one more column; where they cross stands what the total lacks.
    """
    rows, columns = int(row.max()) + 1, int(column.max()) + 1
    row_lack = _lack(np.bincount(row, rest))
    column_lack = _lack(np.bincount(column, rest))
    corner = (1 - _lack(rest.sum(keepdims=True))) % 1
    value = np.concatenate([rest, row_lack, column_lack, corner])
    tail = np.concatenate([row, np.arange(rows), np.full(columns + 1, rows)])
    head = np.concatenate([column, np.full(rows, columns), np.arange(columns + 1)])
    return value, tail, head + rows + 1


def _lack(sums: NDArray[Any]) -> Floats:
    """Return what is missing to the next whole number; 0 where the sum counts as whole."""
    lack: Floats = np.ceil(sums) - sums
    lack[np.abs(sums - np.rint(sums)) <= check.SUM_TOLERANCE] = 0
    return lack


@kernel
def _settle(value: Floats, tail: Ints, head: Ints, first: Ints, incident: Ints, u: Floats) -> None:
    """Decide every edge, in place.

    Each rotation lowers the cycle rank of the undecided edges, at first edges - nodes + blocks. In
    a block slack has at most one edge more than it has new neighbours, so the rank is at most the
    number of cells, and no number serves twice.
    """
    place = np.full(first.size, -1)  # where a node stands on the path
    path = np.empty(first.size, dtype=np.int64)
    begin = first[:-1].copy()
    rotation = 0
    for e in range(value.size):
        node = tail[e]
        length = 0
        while 0 < value[e] < 1:
            came = path[length - 1] if length else -1
            step = _onward(value, incident, first[node + 1], begin, node, came)
            if step < 0:  # alone at a node whose sum is whole, so almost whole itself
                value[came] = np.rint(value[came])
                length -= 1
                node = tail[came] + head[came] - node
                place[node] = -1
                continue
            place[node] = length
            path[length] = step
            length += 1
            node = tail[step] + head[step] - node
            if place[node] >= 0:
                cut = _rotate(value, path, place[node], length, u[rotation])
                rotation += 1
                while length > cut:
                    length -= 1
                    node = tail[path[length]] + head[path[length]] - node
                    place[node] = -1


@kernel
def _onward(value: Floats, incident: Ints, end: int, begin: Ints, node: int, came: int) -> int:
    """Return the first undecided edge at ``node`` other than ``came``, or -1."""
    at = begin[node]
    while at < end and not 0 < value[incident[at]] < 1:
        at += 1
    begin[node] = at
    if at < end and incident[at] == came:
        at += 1
        while at < end and not 0 < value[incident[at]] < 1:
            at += 1
    return incident[at] if at < end else -1


@kernel
def _rotate(value: Floats, path: Ints, start: int, stop: int, u: float) -> int:
    """Raise and lower the cycle ``path[start:stop]``; return where its first decided edge stands."""
    up = 1.0
    down = 1.0
    for k in range(start, stop):
        x = value[path[k]]
        rises = (k - start) % 2 == 0
        up = min(up, 1 - x if rises else x)
        down = min(down, x if rises else 1 - x)
    change = up if u * (up + down) < down else -down
    cut = stop
    for k in range(stop - 1, start - 1, -1):
        x = value[path[k]] + (change if (k - start) % 2 == 0 else -change)
        if not WHOLE < x < 1 - WHOLE:
            x = np.rint(x)
            cut = k
        value[path[k]] = x
    return cut


def _round_many(rest: Floats, columns: list[Ints], u: Floats) -> Floats:
    """Round cells within [0, 1] so that the total is rounded too, and margins stay close."""
    slack = _lack(rest.sum(keepdims=True))
    value = np.append(rest, slack)
    margin = _members(columns)
    step = 0
    while (undecided := np.flatnonzero((value > 0) & (value < 1))).size > 1:
        window = undecided[: len(margin) + 2]
        direction = _still(margin[:, window])
        if direction is not None:
            value[window] = _stepped(value[window], direction, u[step])
            step += 1
        else:
            left = margin[:, undecided].sum(axis=1)
            fewest = np.argmin(np.where(left > 0, left, np.inf))
            margin = np.delete(margin, fewest, axis=0)
    return np.rint(value[:-1])


def _members(columns: list[Ints]) -> Flags:
    """Return for each margin which cells are in it; the last cell, slack, is in none."""
    margins = [column == code for column in columns for code in range(int(column.max()) + 1)]
    return np.pad(np.array(margins), ((0, 0), (0, 1)))


def _still(margin: Flags) -> Floats | None:
    """Return a direction in which neither a margin nor the total moves, or None."""
    touched = margin[margin.any(axis=1)]
    sums = np.vstack([touched, np.ones(margin.shape[1])])
    _, size, directions = np.linalg.svd(sums)
    if len(size) == len(directions) and size[-1] > WHOLE:
        return None
    last: Floats = directions[-1]
    return np.where(np.abs(last) > WHOLE, last, 0)


def _stepped(x: Floats, direction: Floats, u: float) -> Floats:
    """Go as far as all stay within [0, 1], ahead or back, so that nothing moves on average."""
    moving = direction != 0
    a, d = x[moving], direction[moving]
    ahead = float(np.min(np.where(d > 0, 1 - a, a) / np.abs(d)))
    back = float(np.min(np.where(d > 0, a, 1 - a) / np.abs(d)))
    moved = x + direction * (ahead if u * (ahead + back) < back else -back)
    return np.where((moved > WHOLE) & (moved < 1 - WHOLE), moved, np.rint(moved))
