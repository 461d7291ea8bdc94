"""Pivotal designs: units meet in duels, and what one loses the other gains.

Between amounts a and b (of D): if ``a + b <= D`` one takes the sum and the other is out (the first
takes it with probability ``a / (a + b)``); otherwise one is drawn (the first with probability
``(D - b) / (2 D - a - b)``) and the other keeps ``a + b - D``. No expectation changes, and every
duel decides at least one unit.

Deville, Tillé (1998), Unequal probability sampling without replacement through a splitting method,
Biometrika 85(1), doi:10.1093/biomet/85.1.89.
"""

from collections.abc import Hashable, Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

from fairlot._base.chance import as_chance
from fairlot._base.errors import FairlotError, InvalidInput
from fairlot._kernels import kernel
from fairlot.sampling.codes import coded
from fairlot.sampling.probabilities import D
from fairlot.sampling.ratio import below
from fairlot.sampling.sample import Sample
from fairlot.sampling.two_way import round_two_way

__all__ = ["nested_pivotal"]

NESTED = "nested_pivotal/0"
UNITS_MOST = (1 << 21) - 1  # so that neither a sum of numerators nor a cell's code passes 2^63

Ints = NDArray[np.int64]
Words = NDArray[np.uint64]


def nested_pivotal(
    numerators: ArrayLike,
    bureau: Sequence[Hashable],
    sector: Sequence[Hashable],
    credit: Sequence[Hashable],
    *,
    rng: object,
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
    up to 2^-64 for each duel or rotation. Not promised: joint probabilities. They may be zero (two
    units of a cell whose expectation is at most 1 never come together), so a variance estimator
    that divides by them does not apply.

    1. In each bureau x sector x credit cell, the units with 0 < a_i < D stand in the order of their
       order-1 words, ties by position. The first holds; each next one duels with the holder, and
       the duel-1 word r of the newcomer decides: the holder, as the first of the two, has the
       chance p/q and takes it when high64(r * q) < p, that is r / 2^64 < p / q. The undecided of
       the two holds on; when none is, the next unit holds.
    2. In each bureau x sector, the last holders still undecided duel in the same way, with their
       order-2 and duel-2 words.
    3. What is then left over, at most one unit per bureau x sector, is rounded by
       :func:`~fairlot.sampling.two_way.round_two_way` with the left-over units' order-2 words as
       order and their rounding words.

    Each decision uses a word that nothing before it has looked at: who survives step 1 depends on
    the first two columns of words only, so the survivors' other words are still independent and
    uniform; step 3 takes its order from step 2 but its chances from the fifth column.

    A bureau's outcome depends on the words of other bureaux only through step 3, and there only
    within a connected block of the graph that joins bureau and sector where the sum of a_i is not
    a multiple of D. A bureau outside that block may come or go without any effect on it.

    Raises InvalidInput with bureau and numbers. At most 2^21 - 1 units.

    >>> half = np.full(4, D // 2, dtype=np.uint64)
    >>> rng = np.random.default_rng(7)
    >>> sample = nested_pivotal(half, ["east"] * 4, ["food", "food", "water", "water"],
    ...                         ["A", "B", "A", "B"], rng=rng)
    >>> len(sample), sample.design
    (2, 'nested_pivotal/0')
    """
    amount = _amounts(numerators)
    bureaux, by_bureau = _labels("bureau", bureau, amount.size)
    _, by_sector = _labels("sector", sector, amount.size)
    _, by_credit = _labels("credit", credit, amount.size)
    sizes = _sizes(amount, by_bureau, bureaux)
    chance = as_chance(rng)
    words = [chance.words(amount.size) for _ in range(5)]
    decided = _nested(amount, by_bureau, by_sector, by_credit, words)
    index = np.flatnonzero(decided)
    _keep_promise(np.bincount(by_bureau[index], minlength=sizes.size), sizes, bureaux)
    return Sample(index, amount / D, NESTED)


def _nested(amount: Ints, bureau: Ints, sector: Ints, credit: Ints, words: list[Words]) -> Ints:
    """Return every amount decided, 0 or D."""
    order_1, duel_1, order_2, duel_2, rounding = words
    pair = _crossed(bureau, sector)
    cell = _crossed(pair, credit)
    decided = amount.copy()
    left = np.flatnonzero((amount > 0) & (amount < D))
    left = np.sort(_duels(_in_order(left, cell, order_1), cell, decided, duel_1))
    left = np.sort(_duels(_in_order(left, pair, order_2), pair, decided, duel_2))
    decided[left] = round_two_way(
        decided[left], bureau[left], sector[left], order_2[left], rounding[left]
    )
    return decided


def _crossed(a: Ints, b: Ints) -> Ints:
    codes: Ints = a * (b.max() + 1) + b
    return codes


def _in_order(units: Ints, group: Ints, word: Words) -> Ints:
    """Return rising ``units`` group by group, by word inside; the sort is stable."""
    return units[np.lexsort((word[units], group[units]))]


@kernel
def _duels(unit: Ints, group: Ints, amount: Ints, word: Words) -> Ints:
    """Let neighbours of a group duel, in place; return the last undecided unit of each group."""
    left = np.empty_like(unit)
    count = 0
    for new in unit:
        if count == 0 or group[left[count - 1]] != group[new]:
            left[count] = new
            count += 1
            continue
        holder = _duel(left[count - 1], new, amount, word[new])
        if 0 < amount[holder] < D:
            left[count - 1] = holder
        else:
            count -= 1
    return left[:count]


@kernel
def _duel(a: int, b: int, amount: Ints, word: np.uint64) -> int:
    """Settle ``a`` against ``b``, in place; return the one that holds what remains."""
    total = amount[a] + amount[b]
    if total <= D:
        winner, loser = (a, b) if below(word, amount[a], total) else (b, a)
        amount[winner], amount[loser] = total, 0
        return winner
    drawn, holder = (a, b) if below(word, D - amount[b], 2 * D - total) else (b, a)
    amount[drawn], amount[holder] = D, total - D
    return holder


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
    outside = np.flatnonzero((raw < 0) | (raw > D))
    if outside.size:
        raise InvalidInput(
            "numerators[{i}] is {got}; want 0 to 2^40 = {want}",
            zh="numerators[{i}] 为 {got}，应在 0 与 2^40 = {want} 之间",
            i=int(outside[0]),
            got=int(raw[outside[0]]),
            want=D,
        )
    return raw.astype(np.int64)


def _labels(name: str, labels: Sequence[Hashable], units: int) -> tuple[list[Hashable], Ints]:
    distinct, code = coded(labels)
    if code.size != units:
        raise InvalidInput(
            "{name} has {got} labels for {want} units",
            zh="{name} 有 {got} 个标签，而单位有 {want} 个",
            name=name,
            got=code.size,
            want=units,
        )
    for k, label in enumerate(distinct):
        if label is None or label != label:
            raise InvalidInput(
                "{name}[{i}] is {got}; want a label",
                zh="{name}[{i}] 为 {got}，应为标签",
                name=name,
                i=int(np.argmax(code == k)),
                got=label,
            )
    return distinct, code


def _sizes(amount: Ints, bureau: Ints, names: list[Hashable]) -> Ints:
    """Return how many units each bureau is promised."""
    total = np.zeros(len(names), dtype=np.int64)
    np.add.at(total, bureau, amount)
    broken = np.flatnonzero(total % D)
    if broken.size:
        got = int(total[broken[0]])
        raise InvalidInput(
            "bureau {bureau!r} has numerators adding up to {got} = {whole} * 2^40 + {rest};"
            " want a multiple of 2^40",
            zh="监管机关 {bureau!r} 的分子之和为 {got} = {whole} * 2^40 + {rest}，应为 2^40 的倍数",
            bureau=names[broken[0]],
            got=got,
            whole=got // D,
            rest=got % D,
        )
    return total // D


def _keep_promise(drawn: Ints, sizes: Ints, names: list[Hashable]) -> None:
    broken = np.flatnonzero(drawn != sizes)
    if broken.size:
        k = int(broken[0])
        raise FairlotError(
            "{design} drew {got} units of bureau {bureau!r}, promised {want}",
            zh="{design} 在监管机关 {bureau!r} 抽中 {got} 个单位，应为 {want} 个",
            design=NESTED,
            bureau=names[k],
            got=int(drawn[k]),
            want=int(sizes[k]),
        )
