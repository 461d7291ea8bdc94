"""Nested pivotal: whole numbers duel in cells, cells in bureaux, and what is left is rounded.

Between amounts a and b (of D): if ``a + b < D`` one takes the sum and the other is out (the first
takes it with probability ``a / (a + b)``); otherwise one is drawn (the first with probability
``(D - b) / (2 D - a - b)``) and the other keeps ``a + b - D``. No expectation changes, and every
duel decides at least one unit. What a group leaves over is its sum modulo D: known beforehand, and
only who holds it is chance.

Deville, Tillé (1998), Unequal probability sampling without replacement through a splitting method,
Biometrika 85(1), doi:10.1093/biomet/85.1.89.
"""

from itertools import islice
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from fairlot._base.arrays import Flags, Ints, Words
from fairlot._base.chance import Chance, as_chance
from fairlot._base.errors import FairlotError, InvalidInput
from fairlot._kernels import kernel, piece
from fairlot.sampling.codes import Labels, crossed, group_codes
from fairlot.sampling.falling import Places
from fairlot.sampling.sample import Sample
from fairlot.sampling.shuffle import shuffled
from fairlot.sampling.two_way import round_two_way
from fairlot.sampling.whole_numbers import D, below

__all__ = ["Left", "Nest", "duels", "nest", "nested_pivotal"]

NESTED = "nested_pivotal/1"
BLOCK = 256
UNITS_MOST = 1 << 27  # so that no product of two codes comes near 2^63


def nested_pivotal(
    numerators: ArrayLike, bureau: Labels, sector: Labels, credit: Labels, *, rng: object
) -> Sample:
    """Draw units with given probabilities, balanced at every level of the administration.

    numerators  (N,) whole numbers ``a_i`` in [0, D], D = 2^40: unit i is drawn with probability
                ``a_i / D``; the sum over each bureau is a multiple of D
    bureau      (N,) labels; only whether two labels are equal matters, here and below
    sector      (N,) labels
    credit      (N,) labels
    rng         asked five times for N words: order 1, duel 1, order 2, duel 2, rounding; unit i
                consumes the i-th word of each

    Promised in every draw: bureaux get exactly ``sum a_i / D`` units; every bureau x sector and
    every bureau x sector x credit count, and every sector total, is its expectation rounded down or
    up; 0 is never drawn, D always. Promised over draws: each unit has the probability ``a_i / D``,
    up to 2^-64 for each duel or rotation. Not promised: positive joint probabilities. Two units of
    a cell whose expectation is at most 1 never come together, so a variance estimator that divides
    by joint probabilities does not apply. What they are, given the two order columns, says
    :func:`~fairlot.sampling.nested_joint.nested_pivotal_joint`.

    1. In each bureau x sector x credit cell, the units with 0 < a_i < D stand in the order of their
       order-1 words, ties by position. The first holds; each next one duels with the holder, and
       the duel-1 word r of the newcomer decides: the holder, as the first of the two, has the
       chance p/q and takes it when high64(r * q) < p, that is r / 2^64 < p / q. The undecided of
       the two holds on; when none is, the next unit holds. The unit that stands first speaks for
       its cell from now on.
    2. In each bureau x sector, the cells whose sum is not a multiple of D stand in the order of
       their speakers' order-2 words, ties by position, and their left-overs duel in the same way,
       by the duel-2 words of the speakers. Who holds a left-over wins or loses what his cell does.
       The speaker of the first cell speaks for the bureau x sector.
    3. What is then left over, at most one unit per bureau x sector, is rounded by
       :func:`~fairlot.sampling.two_way.round_two_way`, with the order-2 words of the speakers as
       order and their rounding words.

    The two order columns place the units and choose the speakers, and decide nothing else; who wins
    changes neither. So every decision has a word of its own that nothing before it has looked at,
    and given the order all decisions are independent.

    A bureau's outcome depends on the words of other bureaux only through step 3, and there only
    within a connected block of the graph that joins bureau and sector where the sum of a_i is not
    a multiple of D. A bureau outside that block may come or go without any effect on it.

    Raises InvalidInput with bureau and numbers. At most 2^27 units. O(N): the duels take 4 ns a
    unit while all fits into the cache (N = 10^4) or the units already stand in their order, some 10
    to 20 in a shuffled order at N = 10^6; the whole call, with whole numbers as labels, 35 to 130
    for N = 10^4 to 10^7, most of it for the order.

    >>> half = np.full(4, D // 2, dtype=np.uint64)
    >>> rng = np.random.default_rng(7)
    >>> sample = nested_pivotal(half, ["east"] * 4, ["food", "food", "water", "water"],
    ...                         ["A", "B", "A", "B"], rng=rng)
    >>> len(sample), sample.design
    (2, 'nested_pivotal/1')
    """
    units = nest(numerators, bureau, sector, credit)
    index = np.flatnonzero(_nested(units, as_chance(rng)))
    _keep_promise(np.bincount(units.bureau[index], minlength=units.sizes.size), units, bureau)
    return Sample(index, units.amount / D, NESTED)


class Nest(NamedTuple):
    """Units and the groups they stand in, as codes below the number beside them."""

    amount: Ints
    bureau: Ints
    sector: Ints
    pair: Ints  # bureau x sector
    pairs: int
    cell: Ints  # bureau x sector x credit
    cells: int
    sizes: Ints  # (bureaux,) how many units each is promised


def nest(numerators: ArrayLike, bureau: Labels, sector: Labels, credit: Labels) -> Nest:
    """Check the columns of :func:`nested_pivotal` and group the units."""
    amount = _amounts(numerators)
    by_bureau, bureaux = group_codes("bureau", bureau, amount.size)
    by_sector, sectors = group_codes("sector", sector, amount.size)
    by_credit, classes = group_codes("credit", credit, amount.size)
    sizes = _sizes(amount, by_bureau, bureaux, bureau)
    pair, pairs = crossed(by_bureau, bureaux, by_sector, sectors)
    cell, cells = crossed(pair, pairs, by_credit, classes)
    return Nest(amount, by_bureau, by_sector, pair, pairs, cell, cells, sizes)


def _nested(units: Nest, chance: Chance) -> Flags:
    """Return who is drawn."""
    n = units.amount.size
    order, first = shuffled(units.cell, units.cells, chance.words(n))
    chosen, cells = duels(order, first, units.amount, chance.words(n))
    order_2, duel_2, rounding = (chance.words(n)[cells.speaker] for _ in range(3))
    order, first = shuffled(units.pair[cells.speaker], units.pairs, order_2)
    won, pairs = duels(order, first, cells.rest, duel_2)
    rounded = round_two_way(
        pairs.rest,
        units.bureau[cells.speaker[pairs.speaker]],
        units.sector[cells.speaker[pairs.speaker]],
        order_2[pairs.speaker],
        rounding[pairs.speaker],
    )
    won[pairs.holder[rounded == D]] = True
    chosen[cells.holder[won]] = True
    return chosen


class Left(NamedTuple):
    """What groups leave over, a row for each group whose sum is not whole, by rising speaker."""

    speaker: Ints
    holder: Ints
    rest: Ints


def duels(order: Places, first: Ints, amount: Ints, word: Words) -> tuple[Flags, Left]:
    """Let the items of each group duel; return who is drawn at once, and what is left over.

    Group g is ``order[first[g] : first[g + 1]]``; amounts are in [0, D]. Speakers and rests do not
    depend on the words.
    """
    drawn = np.zeros(amount.size, dtype=bool)
    left = np.empty((3, first.size - 1), dtype=np.int64)
    left = left[:, : _duels(order, first, amount, word, drawn, left)]
    return drawn, Left(*np.take(left, np.argsort(left[0]), axis=1))


@kernel
def _duels(order: Places, first: Ints, amount: Ints, word: Words, drawn: Flags, left: Ints) -> int:
    """Decide group by group, in place; return how many groups leave something over."""
    amounts, words = np.empty(BLOCK, dtype=np.int64), np.empty(BLOCK, dtype=np.uint64)
    count = 0
    for g in range(first.size - 1):
        speaker = -1
        holder = -1
        held = 0
        for k in range(first[g], first[g + 1]):
            if k % BLOCK == 0:
                _gather(order[k : k + BLOCK], amount, word, amounts, words)
            new, comes = order[k], amounts[k % BLOCK]
            total = held + comes
            full = total >= D
            top = D - comes if full else held
            bottom = 2 * D - total if full else total
            wins = below(words[k % BLOCK], top, bottom)  # never for a holder of 0
            if full:
                drawn[holder if wins else new] = True
            holder = holder if wins != full else new
            held = total - D if full else total
            if speaker < 0 and 0 < comes < D:
                speaker = new
        if held > 0:
            left[0, count], left[1, count], left[2, count] = speaker, holder, held
            count += 1
    return count


@piece
def _gather(units: Places, amount: Ints, word: Words, amounts: Ints, words: Words) -> None:
    """Fetch what a block of duels needs: a loop without decisions does not wait for the memory."""
    for k in range(units.size):
        amounts[k], words[k] = amount[units[k]], word[units[k]]


def _amounts(numerators: ArrayLike) -> Ints:
    raw = np.asarray(numerators)
    if raw.ndim != 1 or not raw.size or raw.dtype.kind not in "ui":
        raise InvalidInput(
            "numerators is {got}; want a list of whole numbers, one per unit",
            zh="numerators 为 {got}，应为整数列表，每个单位一个",
            got=f"{raw.dtype} of shape {raw.shape}",
        )
    if raw.size > UNITS_MOST:
        raise InvalidInput(
            "{got} units; want at most {want}",
            zh="共 {got} 个单位，至多 {want} 个",
            got=raw.size,
            want=UNITS_MOST,
        )
    if raw.min() < 0 or raw.max() > D:
        i = int(np.argmax((raw < 0) | (raw > D)))
        raise InvalidInput(
            "numerators[{i}] is {got}; want 0 to 2^40 = {want}",
            zh="numerators[{i}] 为 {got}，应在 0 与 2^40 = {want} 之间",
            i=i,
            got=int(raw[i]),
            want=D,
        )
    return np.ascontiguousarray(raw, dtype=np.int64)


def _sizes(amount: Ints, bureau: Ints, bureaux: int, labels: Labels) -> Ints:
    """Return how many units each bureau is promised."""
    whole, rest = _bureau_sums(amount, bureau, bureaux)
    broken = np.flatnonzero(rest)
    if broken.size:
        i = int(np.argmax(rest[bureau] > 0))
        sums = {"whole": int(whole[bureau[i]]), "rest": int(rest[bureau[i]])}
        raise InvalidInput(
            "bureau {bureau!r} has numerators adding up to {got} = {whole} * 2^40 + {rest};"
            " want a multiple of 2^40",
            zh="监管机关 {bureau!r} 的分子之和为 {got} = {whole} * 2^40 + {rest}，应为 2^40 的倍数",
            bureau=_label(labels, i),
            got=sums["whole"] * D + sums["rest"],
            **sums,
        )
    return whole


@kernel
def _bureau_sums(amount: Ints, bureau: Ints, bureaux: int) -> tuple[Ints, Ints]:
    """Return the sums over bureaux as whole multiples of D and the rest: no sum passes 2 D."""
    whole = np.zeros(bureaux, dtype=np.int64)
    rest = np.zeros(bureaux, dtype=np.int64)
    for i in range(amount.size):
        total = rest[bureau[i]] + amount[i]
        carry = total >= D
        whole[bureau[i]] += carry
        rest[bureau[i]] = total - D if carry else total
    return whole, rest


def _label(labels: Any, i: int) -> object:
    label = next(islice(labels, i, None))
    return label.item() if isinstance(label, np.generic) else label


def _keep_promise(drawn: Ints, units: Nest, labels: Labels) -> None:
    broken = np.flatnonzero(drawn != units.sizes)
    if broken.size:
        k = int(broken[0])
        raise FairlotError(
            "{design} drew {got} units of bureau {bureau!r}, promised {want}",
            zh="{design} 在监管机关 {bureau!r} 抽中 {got} 个单位，应为 {want} 个",
            design=NESTED,
            bureau=_label(labels, int(np.argmax(units.bureau == k))),
            got=int(drawn[k]),
            want=int(units.sizes[k]),
        )
