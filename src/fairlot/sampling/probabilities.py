"""From weights to inclusion probabilities, in fractions and whole numbers only.

``pi_i = clip(lambda * w_i, floor_i, ceiling_i)`` with the one ``lambda`` that makes the sum ``n``.
The sum grows with ``lambda`` along straight pieces whose corners are ``floor_i / w_i`` and
``ceiling_i / w_i``, so a walk over the sorted corners finds ``lambda`` exactly. A public draw goes
on with :func:`numerators`, whole numbers over ``D``: the published integers *define* pi.
"""

import math
from collections.abc import Iterable, Sequence
from fractions import Fraction
from numbers import Rational

import numpy as np
from numpy.typing import NDArray

from fairlot._base import check
from fairlot._base.arrays import Floats, Ints
from fairlot._base.coding import coded
from fairlot._base.errors import InvalidInput
from fairlot.sampling.cap_iteration import take_all
from fairlot.sampling.clipping import Kinds, clipped, order_keys, shown
from fairlot.sampling.sizes import read_column, read_sizes
from fairlot.sampling.whole_numbers import D
from fairlot.sampling.written_numbers import Number, between_0_and_1, exact, whole

__all__ = ["clip_probabilities", "inclusion_probabilities", "numerators"]


def clip_probabilities(
    weights: Iterable[Number],
    n: int,
    *,
    floor: Number | Iterable[Number] = 0,
    ceiling: Number | Iterable[Number] = 1,
) -> list[Fraction]:
    """Return ``pi_i = clip(lambda * w_i, floor_i, ceiling_i)`` with sum exactly ``n``.

    weights         one number >= 0 per unit: int, Fraction, decimal string, or a float, which is
                    taken for the binary fraction it is
    n               whole number of units to draw
    floor, ceiling  one number in [0, 1] for all units, or one per unit

    A unit of weight 0 gets its floor; a unit whose share would pass its ceiling gets the ceiling,
    and the others share the rest. Units alike share one Fraction object; 3 us for each unit unlike
    all others, O(N log N). Raises InvalidInput, with the unit and the numbers, when a value cannot
    be used or no lambda gives ``n``.

    >>> [str(p) for p in clip_probabilities([1, 1, 2, 100], 2)]
    ['1/4', '1/4', '1/2', '1']
    >>> [str(p) for p in clip_probabilities(["1", "1.5", "0"], 1, floor="0.2")]
    ['8/25', '12/25', '1/5']
    """
    n = whole(n)
    kinds, code = _kinds(weights, floor, ceiling)
    _refuse_unreachable(kinds, n)
    pi = clipped(kinds, n)
    return [pi[k] for k in code.tolist()]


def inclusion_probabilities(
    size: Iterable[Number], n: int, *, alpha: Number = 0, cutoff: Number | None = None
) -> Floats:
    """Return probabilities proportional to ``size``; units that would pass 1 are certain.

    size    one number >= 0 per unit: int, Fraction, decimal string, or a float, which is taken for
            the binary fraction it is
    n       whole number of units to draw
    alpha   units whose probability would be ``1 - alpha`` or more are made certain too, the largest
            first, ties by position; each leaves less for the others, so the next may not be
    cutoff  units of this size or more are certain from the start

    Returns (N,) floats, each the exact fraction correctly rounded. Who is certain is decided in
    whole numbers. Before rounding the sum is ``n``; a unit of size 0 has probability 0.

    O(N), 4 to 8 ns a unit for a NumPy column (or a list of floats, or of ints, once it is one).
    Whole numbers beyond 2^53, Fractions and decimal strings are summed by Python, about 1 us a
    unit; so are shares below 2^-900. The input is not copied, except whole numbers to floats.

    Raises InvalidInput for a size that is no number >= 0, for an ``n`` above the number of positive
    sizes, and for a cutoff that more than ``n`` units reach.

    Rule with alpha and cutoff: Ohlsson (1998), Sequential Poisson sampling, Journal of Official
    Statistics 14(2), 149-162.

    >>> inclusion_probabilities([1, 1, 2, 100], 2)
    array([0.25, 0.25, 0.5 , 1.  ])
    >>> inclusion_probabilities([3, 3, 4, 9], 2, alpha="0.1")  # 18/19 is at least 0.9
    array([0.3, 0.3, 0.4, 1. ])
    >>> inclusion_probabilities([1, 1, 2, 4], 2, cutoff=4)
    array([0.25, 0.25, 0.5 , 1.  ])
    """
    n, alpha, cutoff = whole(n), between_0_and_1("alpha", alpha), _cutoff(cutoff)
    sizes = read_sizes("size", size)
    _refuse_more_than_positive(n, sizes.positive, sizes.units)
    return take_all(sizes, n, alpha=alpha, cutoff=cutoff).probabilities(sizes)


def numerators(pi: Sequence[Fraction], n: int) -> NDArray[np.uint64]:
    """Return whole numbers ``a_i`` with sum exactly ``n * D`` and ``|a_i / D - pi_i| < 1 / D``.

    pi  (N,) Fractions in [0, 1] with sum exactly ``n``, in canonical order
    n   whole number of units to draw

    Every ``pi_i * D`` is rounded down; then the largest remainders get one more, ties by position.
    0 stays 0 and 1 stays D. Raises InvalidInput when the sum is not ``n``, or when rounding would
    make a possible unit impossible or an uncertain one certain.

    >>> numerators([Fraction(1, 3)] * 3, 1).tolist()
    [366503875926, 366503875925, 366503875925]
    """
    n = whole(n)
    values, code = coded(pi)
    _refuse_outside(values, code)
    units = np.bincount(code, minlength=len(values)).tolist()
    _refuse_other_sum(values, units, n)
    down = [p.numerator * D // p.denominator for p in values]
    short = n * D - sum(a * m for a, m in zip(down, units, strict=True))
    result = np.array(down, dtype=np.uint64)[code]
    result[_largest_remainders(values, code, short)] += np.uint64(1)
    _refuse_new_certainty(result, values, code)
    return result


def _kinds(
    weights: Iterable[Number],
    floor: Number | Iterable[Number],
    ceiling: Number | Iterable[Number],
) -> tuple[Kinds, Ints]:
    """Return units alike, once each, and the kind of every unit."""
    weight, _, weight_code = read_column("weight", weights)
    low, low_scale, low_code = _bounds("floor", floor, weight_code.size)
    high, high_scale, high_code = _bounds("ceiling", ceiling, weight_code.size)
    scale = math.lcm(low_scale, high_scale)
    bounds, bound_code = np.unique(low_code * len(high) + high_code, return_inverse=True)
    crossed = weight_code * bounds.size + bound_code
    alike, first, code = np.unique(crossed, return_index=True, return_inverse=True)
    units = np.bincount(code, minlength=alike.size)
    kinds = Kinds(
        weight=[weight[w] for w in weight_code[first].tolist()],
        floor=[low[f] * (scale // low_scale) for f in low_code[first].tolist()],
        ceiling=[high[c] * (scale // high_scale) for c in high_code[first].tolist()],
        units=units.tolist(),
        scale=scale,
    )
    _refuse_crossed(kinds, first)
    return kinds, code


def _bounds(
    name: str, values: Number | Iterable[Number], units: int
) -> tuple[list[int], int, Ints]:
    if isinstance(values, Iterable) and not isinstance(values, str):
        whole_numbers, scale, code = read_column(name, values)
    else:
        whole_numbers, scale, _ = read_column(name, [values])
        code = np.zeros(units, dtype=np.int64)
    if code.size != units:
        raise InvalidInput(
            "{name} has {got} numbers; want one, or one for each of the {want} units",
            zh="{name} 有 {got} 个数，应为一个数，或 {want} 个单位各一个",
            name=name,
            got=code.size,
            want=units,
        )
    for k, value in enumerate(whole_numbers):
        if value > scale:
            raise InvalidInput(
                "{name}[{i}] is {got}; want a number in [0, 1]",
                zh="{name}[{i}] 为 {got}，应在 0 与 1 之间",
                name=name,
                i=_first(code, k),
                got=shown(Fraction(value, scale)),
            )
    return whole_numbers, scale, code


def _first(code: Ints, k: int) -> int:
    return int(np.argmax(code == k))


def _refuse_crossed(kinds: Kinds, first: NDArray[np.intp]) -> None:
    crossed = [k for k, f in enumerate(kinds.floor) if f > kinds.ceiling[k]]
    if crossed:
        k = min(crossed, key=first.__getitem__)
        raise InvalidInput(
            "floor[{i}] is {floor}, above ceiling[{i}] {ceiling}",
            zh="floor[{i}] 为 {floor}，高于 ceiling[{i}] {ceiling}",
            i=int(first[k]),
            floor=shown(Fraction(kinds.floor[k], kinds.scale)),
            ceiling=shown(Fraction(kinds.ceiling[k], kinds.scale)),
        )


def _refuse_unreachable(kinds: Kinds, n: int) -> None:
    positive = sum(m for w, m in zip(kinds.weight, kinds.units, strict=True) if w)
    facts = {"n": n, "positive": positive, "units": sum(kinds.units)}
    check.not_all_zero("weight", positive, facts["units"])
    least = sum(f * m for f, m in zip(kinds.floor, kinds.units, strict=True))
    if n * kinds.scale < least:
        raise InvalidInput(
            "n is {n}; the floors of the {units} units add up to {least}",
            zh="n 为 {n}，而 {units} 个单位的下限之和为 {least}",
            least=shown(Fraction(least, kinds.scale)),
            **facts,
        )
    # Weight 0 stays on its floor whatever lambda is.
    tops = [c if w else f for w, f, c in zip(kinds.weight, kinds.floor, kinds.ceiling, strict=True)]
    most = sum(top * m for top, m in zip(tops, kinds.units, strict=True))
    if n * kinds.scale > most:
        raise InvalidInput(
            "n is {n}; at most {most} can be drawn:"
            " {positive} of {units} units have weight above 0, each up to its ceiling",
            zh="n 为 {n}，至多可抽 {most}："
            "{units} 个单位中 {positive} 个的 weight 大于 0，各以上限为限",
            most=shown(Fraction(most, kinds.scale)),
            **facts,
        )


def _refuse_more_than_positive(n: int, positive: int, units: int) -> None:
    check.not_all_zero("size", positive, units)
    if not 0 <= n <= positive:
        raise InvalidInput(
            "n is {n}; want 0 to {positive}: {positive} of {units} units have size above 0",
            zh="n 为 {n}，应在 0 与 {positive} 之间：{units} 个单位中 {positive} 个的 size 大于 0",
            n=n,
            positive=positive,
            units=units,
        )


def _cutoff(value: Number | None) -> Fraction | None:
    cutoff = None if value is None else exact(value)
    if value is not None and (cutoff is None or cutoff <= 0):
        raise InvalidInput(
            "cutoff is {got!r}; want a finite number above 0",
            zh="cutoff 为 {got!r}，应为大于 0 的有限数",
            got=value,
        )
    return cutoff


def _largest_remainders(values: list[Fraction], code: Ints, count: int) -> NDArray[np.intp]:
    """Return the ``count`` units of largest remainder of pi * D, ties by position."""
    if not count:
        return np.empty(0, dtype=np.intp)
    # Python's quotients are correctly rounded, so they may tie but never stand in a wrong order.
    rounded = np.array([p.numerator * D % p.denominator / p.denominator for p in values])[code]
    last = np.partition(rounded, -count)[-count]
    before, tied = np.flatnonzero(rounded > last), np.flatnonzero(rounded == last)
    kinds, kind = np.unique(code[tied], return_inverse=True)
    first = _falling_remainders([values[k] for k in kinds.tolist()])[kind]
    return np.concatenate([before, tied[np.argsort(first, kind="stable")]])[:count]


def _falling_remainders(values: list[Fraction]) -> Ints:
    """Return the rank of each value by falling remainder of pi * D, the same where they tie."""
    keys = order_keys(
        [p.numerator * D % p.denominator for p in values], [p.denominator for p in values]
    )
    ranks = {key: r for r, key in enumerate(sorted(set(keys), reverse=True))}
    return np.array([ranks[key] for key in keys])


def _refuse_outside(values: list[Fraction], code: NDArray[np.int64]) -> None:
    if not values:
        raise InvalidInput(
            "pi is empty; want one Fraction per unit", zh="pi 为空，应为每个单位一个分数"
        )
    for k, p in enumerate(values):
        if not isinstance(p, Rational) or not 0 <= p.numerator <= p.denominator:
            raise InvalidInput(
                "pi[{i}] is {got!r}; want a Fraction in [0, 1]",
                zh="pi[{i}] 为 {got!r}，应为 0 与 1 之间的分数",
                i=_first(code, k),
                got=p,
            )


def _refuse_other_sum(values: list[Fraction], units: list[int], n: int) -> None:
    common = math.lcm(*{p.denominator for p in values})
    parts = zip(values, units, strict=True)
    total = sum(p.numerator * (common // p.denominator) * m for p, m in parts)
    if total != n * common:
        raise InvalidInput(
            "pi adds up to {got}; want n = {want}",
            zh="pi 之和为 {got}，应为 n = {want}",
            got=Fraction(total, common),
            want=n,
        )


def _refuse_new_certainty(
    result: NDArray[np.uint64], values: list[Fraction], code: NDArray[np.int64]
) -> None:
    """Refuse 0 < pi < 1 that became 0 or D: a probability of zero must have been decided."""
    inside = np.array([0 < p.numerator < p.denominator for p in values])[code]
    lost = np.flatnonzero(inside & ((result == 0) | (result == D)))
    if lost.size:
        i = int(lost[0])
        raise InvalidInput(
            "pi[{i}] is {got}, which rounds to {rounded} over 2^40",
            zh="pi[{i}] 为 {got}，以 2^40 为分母将化为 {rounded}",
            i=i,
            got=values[code[i]],
            rounded=int(result[i]) >> 40,
        )
