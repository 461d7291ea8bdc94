"""Whole numbers for a table of fractions, at random, with every margin controlled.

Each cell becomes its expectation rounded down or up, and is right on average. In a table with one
or two margins (rows and columns) every margin and the total are rounded down or up as well (Cox
1987). Of three or more margins that is not always possible (Causey, Cox, Ernst 1985): there the
total is rounded, and a margin of one of k columns of labels is off by less than k.

Two margins: a margin that is not whole gets a slack cell that makes it so; then cells are raised
and lowered in turn around cycles, as in :mod:`~fairlot.sampling.two_way`, in whole numbers over
2^40. More margins: a step along a direction in which no margin moves, as in the cube method; when
there is none left, the margin with the fewest undecided cells is let go. Cells stand in k margins
each, so one with at most k undecided cells can be found (Beck, Fiala 1981).
"""

from collections.abc import Hashable, Sequence

import numpy as np
from numpy.typing import ArrayLike

from fairlot._base import check
from fairlot._base.arrays import Flags, Floats, Ints, Words
from fairlot._base.chance import as_chance
from fairlot._base.errors import InvalidInput
from fairlot.sampling.two_way import graph, settle
from fairlot.sampling.whole_numbers import D

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

    One or two columns: in whole numbers, expectations rounded to 2^-40; O(N (R + C)) at worst, 3 ms
    for 100 x 100 cells, half a second for 1000 x 1000.
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
    down = np.floor(table + WHOLE)
    rest = np.maximum(table - down, 0)
    rest[rest < WHOLE] = 0
    if len(columns) <= 2:
        up = _round_two_way(rest, columns, chance.words(table.size))
    else:
        up = _round_many(rest, columns, chance.random(table.size))
    return (down + up).astype(np.int64).reshape(np.shape(expected))


def _read(
    expected: ArrayLike, margins: Sequence[Sequence[Hashable]] | None
) -> tuple[Floats, list[Ints]]:
    """Return the cells, row by row, and for each column of labels the code of every cell."""
    cells = _cells(expected)
    shape, table = cells.shape, cells.reshape(-1)
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


def _cells(expected: ArrayLike) -> Floats:
    """Return the table; refuse the first cell that is no finite number >= 0."""
    try:
        np.shape(expected)
    except ValueError:
        raise InvalidInput(
            "expected has rows of different lengths; want a table of numbers",
            zh="expected 各行长度不同，应为数字表",
        ) from None
    cells = check.floats("expected", expected)
    if not cells.ndim or not cells.size:
        raise InvalidInput(
            "expected has shape {got}; want a table of numbers",
            zh="expected 的形状为 {got}，应为数字表",
            got=cells.shape,
        )
    if not (cells.min() >= 0 and cells.max() < np.inf):
        place = np.unravel_index(int(np.argmin((cells >= 0) & (cells < np.inf))), cells.shape)
        raise InvalidInput(
            "expected[{i}] is {got}; want a finite number >= 0",
            zh="expected[{i}] 为 {got}，应为不小于 0 的有限数",
            i=", ".join(map(str, place)),
            got=float(cells[place]),
        )
    return cells


def _round_two_way(rest: Floats, columns: list[Ints], word: Words) -> Floats:
    """Round cells within [0, 1) so that all sums over the one or two columns are rounded too."""
    row, column = [*columns, *[np.zeros(rest.size, dtype=np.int64)] * 2][:2]
    value, tail, head = _with_slack(np.rint(rest * D).astype(np.int64), row, column)
    edges = graph(tail, head, int(head.max()) + 1)
    settle(value, *edges, np.zeros(rest.size, dtype=np.int64), word)
    up: Floats = value[: rest.size] / D
    return up


def _with_slack(amount: Ints, row: Ints, column: Ints) -> tuple[Ints, Ints, Ints]:
    """Return cells and slack cells as edges from rows to columns: every sum of a node is whole.

    Slack stands in one more row and one more column; where they cross stands what the total lacks.
    In a block it has at most one edge more than it has new nodes, so there are at most as many
    rotations as cells, and no word serves twice.
    """
    rows, columns = int(row.max()) + 1, int(column.max()) + 1
    corner = _lack(-amount, np.zeros_like(row))
    value = np.concatenate([amount, _lack(amount, row), _lack(amount, column), corner])
    tail = np.concatenate([row, np.arange(rows), np.full(columns + 1, rows)])
    head = np.concatenate([column, np.full(rows, columns), np.arange(columns + 1)])
    return value, tail, head + rows + 1


def _lack(amount: Ints, code: Ints) -> Ints:
    """Return what each sum lacks to the next multiple of D; 0 where it counts as one."""
    lack = np.zeros(int(code.max()) + 1, dtype=np.int64)
    np.subtract.at(lack, code, amount)
    lack %= D
    lack[np.minimum(lack, D - lack) <= check.SUM_TOLERANCE * D] = 0
    return lack


def _round_many(rest: Floats, columns: list[Ints], u: Floats) -> Floats:
    """Round cells within [0, 1] so that the total is rounded too, and margins stay close."""
    total = rest.sum()
    whole = abs(total - np.rint(total)) <= check.SUM_TOLERANCE
    value: Floats = np.append(rest, 0.0 if whole else np.ceil(total) - total)
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
