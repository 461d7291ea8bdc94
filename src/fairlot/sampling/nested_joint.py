"""Joint probabilities of nested pivotal: exact given the order, and averaged over orders.

Given the two order columns, the design is a tree: units duel in cells, the left-overs of cells in
bureau x sector, and theirs are rounded. Amounts are known beforehand at every place of the tree and
all decisions are independent, so a joint probability is a formula of the level where the two units
part. Below it, each is drawn by itself (``A``) or holds what its group leaves over (``w``); with
``r`` for what the groups leave over and ``K`` for the chance that both left-overs are drawn,

    pi_ij = A_i A_j + A_i w_j r_j + w_i r_i A_j + w_i w_j K

and ``K`` is the joint probability of the two groups one level up.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from fairlot._base import check
from fairlot._base.arrays import Floats, Ints, Words
from fairlot._base.chance import Chance, as_chance
from fairlot._base.errors import InvalidInput
from fairlot.sampling.codes import Labels
from fairlot.sampling.duel_chances import Chain, drawn_by, duel_chances, holds_at, together
from fairlot.sampling.joint import Joint, Pairs, count_pairs, pair_positions
from fairlot.sampling.nested_pivotal import NESTED, Left, Nest, duels, nest
from fairlot.sampling.shuffle import shuffled
from fairlot.sampling.two_way_joint import rounded_together
from fairlot.sampling.whole_numbers import D

__all__ = ["NestedJoint", "nested_pivotal_joint", "nested_pivotal_joint_over_orders"]

Together = Callable[[Ints, Ints], tuple[Floats, Floats]]
"""Joint probabilities of different items, and their standard errors."""


@dataclass(frozen=True, eq=False)
class NestedJoint(Joint):
    """Joint probabilities of pairs of units, in the shape of the pairs.

    standard_error  of each value; 0 where it is exact
    """

    standard_error: Floats


def nested_pivotal_joint(
    numerators: ArrayLike,
    bureau: Labels,
    sector: Labels,
    credit: Labels,
    *,
    order_1: ArrayLike,
    order_2: ArrayLike,
    pairs: Pairs,
    rng: object,
    trials: int = 1000,
) -> NestedJoint:
    """Return how likely units are drawn together by nested pivotal, given the order.

    numerators, bureau, sector, credit  as in
                :func:`~fairlot.sampling.nested_pivotal.nested_pivotal`
    order_1     (N,) the words of order 1 that were used, or are to be: the first of the five
                columns that the draw asks for
    order_2     (N,) those of order 2: the third
    pairs       two arrays of positions, of one shape or broadcast to one:
                ``(units[:, None], units)`` asks for a matrix
    rng, trials  where the left-overs of a connected block of bureaux and sectors may need more than
                8 rotations, the rounding is tried out: ``trials`` times, each for one word a
                left-over

    Exact, and exactly 0 where two units never come together, for units of one bureau x sector, of
    different blocks, and of blocks with few roundings. Elsewhere the values are unbiased and have a
    standard error, at most ``1 / (2 sqrt(trials))``.

    Raises InvalidInput. O(N + pairs) and the square of a block's left-overs.

    >>> from fairlot._base.chance import Given
    >>> from fairlot.sampling import nested_pivotal
    >>> frame = np.full(8, D // 4, dtype=np.uint64), ["east"] * 8, ["food", "water"] * 4, ["A"] * 8
    >>> columns = np.random.default_rng(1).integers(0, 1 << 64, (5, 8), dtype=np.uint64)
    >>> sample = nested_pivotal(*frame, rng=Given(columns.ravel()))
    >>> joint = nested_pivotal_joint(*frame, order_1=columns[0], order_2=columns[2],
    ...                              pairs=([0, 0, 0], [0, 1, 2]), rng=np.random.default_rng(2))
    >>> print(joint, joint.values)
    3 joint probabilities, nested_pivotal/1, exact; 1 pair never comes together [0.25   0.0625 0.    ]
    """
    units = nest(numerators, bureau, sector, credit)
    trials = check.at_least("trials", trials, 1)
    n = units.amount.size
    first, second = _words("order_1", order_1, n), _words("order_2", order_2, n)
    tree = _tree(units, first, second, as_chance(rng), trials)
    i, j = pair_positions(pairs, n)
    values, error = _of_pairs(tree, units, i, j)
    return _answer(values, error, not error.any(), units, i, j)


def nested_pivotal_joint_over_orders(
    numerators: ArrayLike,
    bureau: Labels,
    sector: Labels,
    credit: Labels,
    *,
    pairs: Pairs,
    orders: int,
    rng: object,
) -> NestedJoint:
    """Return how likely units are drawn together by nested pivotal, whatever the order.

    orders  how many random orders are averaged, at least 2 for a standard error
    rng     asked for 2 N words an order, and for the rounding as in :func:`nested_pivotal_joint`,
            where trying it out once is enough

    The rest is as in :func:`nested_pivotal_joint`, for one order after another. The values are
    unbiased; the standard error comes from how they differ between orders. ``zeros`` counts pairs
    that came together in none of these orders; those of a cell whose expectation is at most 1 never
    will in any.

    >>> quarter = np.full(8, D // 4, dtype=np.uint64)
    >>> joint = nested_pivotal_joint_over_orders(
    ...     quarter, ["east"] * 8, ["food", "water"] * 4, ["A"] * 8, pairs=([0, 0], [1, 2]),
    ...     orders=10, rng=np.random.default_rng(1))
    >>> joint.values, joint.zeros
    (array([0.0625, 0.    ]), 1)
    """
    units = nest(numerators, bureau, sector, credit)
    n = units.amount.size
    i, j = pair_positions(pairs, n)
    orders = check.at_least("orders", orders, 2)
    chance = as_chance(rng)
    mean, squares = np.zeros((2, *i.shape))
    for k in range(orders):
        tree = _tree(units, chance.words(n), chance.words(n), chance, trials=1)
        gap = _of_pairs(tree, units, i, j)[0] - mean
        mean += gap / (k + 1)
        squares += gap * gap * (k / (k + 1))
    return _answer(mean, np.sqrt(squares / (orders - 1) / orders), False, units, i, j)


class _Level(NamedTuple):
    """Items of one level, which duel in groups."""

    chain: Chain
    place: Ints  # of an item along the chain
    group: Ints  # of an item
    last: Ints  # of a group: its last place
    above: Ints  # of a group: which item it is one level up, -1 when it leaves nothing over


def _tree(units: Nest, order_1: Words, order_2: Words, chance: Chance, trials: int) -> Together:
    """Return the joint probabilities of different units."""
    cells, left = _level(units.amount, units.cell, units.cells, order_1)
    speaker = left.speaker
    pairs, over = _level(left.rest, units.pair[speaker], units.pairs, order_2[speaker])
    speaker = speaker[over.speaker]
    rounded = rounded_together(
        over.rest,
        units.bureau[speaker],
        units.sector[speaker],
        order_2[speaker],
        chance=chance,
        trials=trials,
    )
    return _parting(cells, _parting(pairs, rounded))


def _level(amount: Ints, group: Ints, groups: int, order_word: Words) -> tuple[_Level, Left]:
    order, first = shuffled(group, groups, order_word)
    _, left = duels(order, first, amount, order_word)  # speakers and rests, whoever wins
    place = np.empty_like(order)
    place[order] = np.arange(order.size)
    above = np.full(groups, -1)
    above[group[left.speaker]] = np.arange(left.rest.size)
    chain = duel_chances(amount[order] / D, first)
    return _Level(chain, place, group, first[1:] - 1, above), left


def _parting(level: _Level, above: Together) -> Together:
    """Return the joint probabilities of the items of a level, from those of the level above."""

    def of_pairs(i: Ints, j: Ints) -> tuple[Floats, Floats]:
        value, error = np.zeros((2, i.size))
        same = level.group[i] == level.group[j]
        places = np.sort([level.place[i[same]], level.place[j[same]]], axis=0)
        value[same] = together(level.chain, *places)
        value[~same], error[~same] = _parted(level, above, i[~same], j[~same])
        return value, error

    return of_pairs


def _parted(level: _Level, above: Together, i: Ints, j: Ints) -> tuple[Floats, Floats]:
    """Return the joint probabilities of items of different groups."""
    (drawn_i, holds_i, rest_i), (drawn_j, holds_j, rest_j) = (_end(level, one) for one in (i, j))
    both, error = np.zeros((2, i.size))
    a, b = level.above[level.group[i]], level.above[level.group[j]]
    over = (a >= 0) & (b >= 0)
    both[over], error[over] = above(a[over], b[over])
    apart = drawn_i * drawn_j + drawn_i * holds_j * rest_j + holds_i * rest_i * drawn_j
    return apart + holds_i * holds_j * both, holds_i * holds_j * error


def _end(level: _Level, item: Ints) -> tuple[Floats, Floats, Floats]:
    """Return how likely an item is drawn in its group, or holds its left-over; and how much it is."""
    place, last = level.place[item], level.last[level.group[item]]
    chain = level.chain
    return drawn_by(chain, place, last), holds_at(chain, place, last), chain.after[last]


def _of_pairs(tree: Together, units: Nest, i: Ints, j: Ints) -> tuple[Floats, Floats]:
    """Return values and standard errors in the shape of the pairs."""
    value, error = np.zeros((2, *i.shape))
    value[i == j] = units.amount[i[i == j]] / D
    value[i != j], error[i != j] = tree(i[i != j], j[i != j])
    return value, error


def _answer(
    values: Floats, error: Floats, exact: bool, units: Nest, i: Ints, j: Ints
) -> NestedJoint:
    possible = units.amount > 0
    never = (values == 0) & (error == 0) & (i != j) & possible[i] & possible[j]
    return NestedJoint(values, units.amount / D, NESTED, exact, count_pairs(i, j, never), error)


def _words(name: str, order: ArrayLike, units: int) -> Words:
    words = np.asarray(order)
    check.same_length(name, words.size, units)
    if words.ndim != 1 or words.dtype.kind not in "iu":
        raise InvalidInput(
            "{name} is {got}; want one word of 64 bits per unit",
            zh="{name} 为 {got}，应为每个单位一个 64 位整数",
            name=name,
            got=f"{words.dtype} of shape {words.shape}",
        )
    return words.astype(np.uint64)
