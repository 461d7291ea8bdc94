"""From weights to inclusion probabilities, in fractions and whole numbers only.

``pi_i = clip(lambda * w_i, floor_i, ceiling_i)`` with the one ``lambda`` that makes the sum ``n``.
The sum grows with ``lambda`` along straight pieces whose corners are ``floor_i / w_i`` and
``ceiling_i / w_i``, so a walk over the sorted corners finds ``lambda`` exactly. A public draw goes
on with :func:`numerators`, whole numbers over ``D``: the published integers *define* pi.
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from numbers import Rational

import numpy as np
from numpy.typing import NDArray

from fairlot._base.errors import InvalidInput
from fairlot.sampling.codes import coded
from fairlot.sampling.exact import Number, exact, whole

__all__ = ["D", "clip_probabilities", "inclusion_probabilities", "numerators"]

D = 1 << 40  # the denominator of published probabilities; a float holds each of them exactly


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
    and the others share the rest. Units alike share one Fraction object. Raises InvalidInput, with
    the unit and the numbers, when a value cannot be used or no lambda gives ``n``.

    >>> [str(p) for p in clip_probabilities([1, 1, 2, 100], 2)]
    ['1/4', '1/4', '1/2', '1']
    >>> [str(p) for p in clip_probabilities(["1", "1.5", "0"], 1, floor="0.2")]
    ['8/25', '12/25', '1/5']
    """
    return _clipped(weights, n, floor, ceiling, name="weight")


def inclusion_probabilities(size: Iterable[Number], n: int) -> NDArray[np.float64]:
    """Return probabilities proportional to ``size``; units that would pass 1 are certain.

    size  one number >= 0 per unit, read like the weights of :func:`clip_probabilities`
    n     whole number of units to draw

    Returns (N,) floats, each the exact fraction correctly rounded. Raises InvalidInput like
    :func:`clip_probabilities`.

    >>> inclusion_probabilities([1, 1, 2, 100], 2)
    array([0.25, 0.25, 0.5 , 1.  ])
    """
    return np.array([float(p) for p in _clipped(size, n, 0, 1, name="size")])


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
    result[_largest_remainders_first(values, code)[:short]] += np.uint64(1)
    _refuse_new_certainty(result, values, code)
    return result


@dataclass(frozen=True)
class _Kinds:
    """Units alike, once each: weight, floor and ceiling, and how many there are."""

    weight: list[Fraction]
    floor: list[Fraction]
    ceiling: list[Fraction]
    units: list[int]


def _clipped(
    weights: Iterable[Number],
    n: int,
    floor: Number | Iterable[Number],
    ceiling: Number | Iterable[Number],
    *,
    name: str,
) -> list[Fraction]:
    n = whole(n)
    weight, weight_code = _column(name, weights)
    low, low_code = _bounds("floor", floor, len(weight_code))
    high, high_code = _bounds("ceiling", ceiling, len(weight_code))
    alike, code = coded(zip(weight_code, low_code, high_code, strict=True))
    kinds = _Kinds(
        [weight[w] for w, _, _ in alike],
        [low[f] for _, f, _ in alike],
        [high[c] for _, _, c in alike],
        np.bincount(code).tolist(),
    )
    _refuse_crossed(kinds, code)
    _refuse_unreachable(kinds, n, name)
    pi = _probabilities(kinds, n)
    return [pi[k] for k in code.tolist()]


def _column(name: str, values: Iterable[Number]) -> tuple[list[Fraction], list[int]]:
    raw, code = coded(values)
    if not raw:
        raise InvalidInput(
            "{name} is empty; want one number per unit",
            zh="{name} 为空，应为每个单位一个数",
            name=name,
        )
    clean = [exact(value) for value in raw]
    for k, value in enumerate(clean):
        if value is None or value < 0:
            raise InvalidInput(
                "{name}[{i}] is {got!r}; want a finite number >= 0",
                zh="{name}[{i}] 为 {got!r}，应为不小于 0 的有限数",
                name=name,
                i=_first(code, k),
                got=raw[k],
            )
    return [value for value in clean if value is not None], code.tolist()


def _bounds(
    name: str, values: Number | Iterable[Number], units: int
) -> tuple[list[Fraction], list[int]]:
    if isinstance(values, Iterable) and not isinstance(values, str):
        clean, code = _column(name, values)
    else:
        clean, code = _column(name, [values])
        code = code * units
    if len(code) != units:
        raise InvalidInput(
            "{name} has {got} numbers; want one, or one for each of the {want} units",
            zh="{name} 有 {got} 个数，应为一个数，或 {want} 个单位各一个",
            name=name,
            got=len(code),
            want=units,
        )
    for k, value in enumerate(clean):
        if value > 1:
            raise InvalidInput(
                "{name}[{i}] is {got}; want a number in [0, 1]",
                zh="{name}[{i}] 为 {got}，应在 0 与 1 之间",
                name=name,
                i=code.index(k),
                got=value,
            )
    return clean, code


def _first(code: NDArray[np.int64], k: int) -> int:
    return int(np.argmax(code == k))


def _refuse_crossed(kinds: _Kinds, code: NDArray[np.int64]) -> None:
    for k, (floor, ceiling) in enumerate(zip(kinds.floor, kinds.ceiling, strict=True)):
        if floor > ceiling:
            raise InvalidInput(
                "floor[{i}] is {floor}, above ceiling[{i}] {ceiling}",
                zh="floor[{i}] 为 {floor}，高于 ceiling[{i}] {ceiling}",
                i=_first(code, k),
                floor=floor,
                ceiling=ceiling,
            )


def _refuse_unreachable(kinds: _Kinds, n: int, name: str) -> None:
    positive = sum(m for w, m in zip(kinds.weight, kinds.units, strict=True) if w)
    facts = {"n": n, "name": name, "positive": positive, "units": sum(kinds.units)}
    if not positive:
        raise InvalidInput(
            "{name} is 0 for all {units} units; want at least one above 0",
            zh="全部 {units} 个单位的 {name} 均为 0，至少应有一个大于 0",
            **facts,
        )
    least = sum(f * m for f, m in zip(kinds.floor, kinds.units, strict=True))
    if n < least:
        raise InvalidInput(
            "n is {n}; the floors of the {units} units add up to {least}",
            zh="n 为 {n}，而 {units} 个单位的下限之和为 {least}",
            least=least,
            **facts,
        )
    # Weight 0 stays on its floor whatever lambda is.
    tops = [c if w else f for w, f, c in zip(kinds.weight, kinds.floor, kinds.ceiling, strict=True)]
    most = sum(top * m for top, m in zip(tops, kinds.units, strict=True))
    if n > most:
        raise InvalidInput(
            "n is {n}; at most {most} can be drawn:"
            " {positive} of {units} units have {name} above 0, each up to its ceiling",
            zh="n 为 {n}，至多可抽 {most}："
            "{units} 个单位中 {positive} 个的 {name} 大于 0，各以上限为限",
            most=most,
            **facts,
        )


def _probabilities(kinds: _Kinds, n: int) -> list[Fraction]:
    multiplier = _multiplier(kinds, n)
    return [
        min(max(multiplier * w, floor), ceiling)
        for w, floor, ceiling in zip(kinds.weight, kinds.floor, kinds.ceiling, strict=True)
    ]


def _multiplier(kinds: _Kinds, n: int) -> Fraction:
    """Return lambda: pass corners while the sum there is below n, then solve the straight piece."""
    weight, weight_scale = _scaled(kinds.weight)
    bounds, scale = _scaled([*kinds.floor, *kinds.ceiling])
    floor, ceiling = bounds[: len(weight)], bounds[len(weight) :]
    # In these whole numbers the sum at x is fixed + slope * x; every unit starts on its floor.
    fixed = sum(f * m for f, m in zip(floor, kinds.units, strict=True))
    slope = 0
    for corner in _corners(weight, floor, ceiling, kinds.units):
        if fixed * corner.weight + slope * corner.bound >= n * scale * corner.weight:
            break
        fixed += corner.fixed
        slope += corner.slope
    flat = not slope
    x = Fraction(corner.bound, corner.weight) if flat else Fraction(n * scale - fixed, slope)
    return x * weight_scale / scale


@dataclass(frozen=True)
class _Corner:
    """At bound / weight some units leave their floor or meet their ceiling."""

    bound: int
    weight: int
    fixed: int
    slope: int


def _corners(
    weight: list[int], floor: list[int], ceiling: list[int], units: list[int]
) -> list[_Corner]:
    corners = []
    for w, f, c, m in zip(weight, floor, ceiling, units, strict=True):
        if w:
            corners += [_Corner(f, w, -f * m, w * m), _Corner(c, w, c * m, -w * m)]
    keys = _order_keys([c.bound for c in corners], [c.weight for c in corners])
    return [corners[k] for k in sorted(range(len(corners)), key=keys.__getitem__)]


def _scaled(values: list[Fraction]) -> tuple[list[int], int]:
    """Return whole numbers and the common denominator they stand over."""
    common = math.lcm(*(v.denominator for v in values))
    return [v.numerator * (common // v.denominator) for v in values], common


def _order_keys(tops: list[int], bottoms: list[int]) -> list[int]:
    """Return whole numbers in the order of the fractions top / bottom, equal where they are."""
    # Different fractions with bottoms below 2^b are more than 2^-2b apart.
    shift = 2 * max(bottom.bit_length() for bottom in bottoms)
    return [(top << shift) // bottom for top, bottom in zip(tops, bottoms, strict=True)]


def _largest_remainders_first(values: list[Fraction], code: NDArray[np.int64]) -> NDArray[np.intp]:
    """Return the units by falling remainder of pi * D, ties by position."""
    bottoms = [p.denominator for p in values]
    keys = _order_keys([p.numerator * D % p.denominator for p in values], bottoms)
    rank = {key: r for r, key in enumerate(sorted(set(keys), reverse=True))}
    return np.argsort(np.array([rank[key] for key in keys])[code], kind="stable")


def _refuse_outside(values: list[Fraction], code: NDArray[np.int64]) -> None:
    if not values:
        raise InvalidInput(
            "pi is empty; want one Fraction per unit", zh="pi 为空，应为每个单位一个分数"
        )
    for k, p in enumerate(values):
        if not isinstance(p, Rational) or not 0 <= p <= 1:
            raise InvalidInput(
                "pi[{i}] is {got!r}; want a Fraction in [0, 1]",
                zh="pi[{i}] 为 {got!r}，应为 0 与 1 之间的分数",
                i=_first(code, k),
                got=p,
            )


def _refuse_other_sum(values: list[Fraction], units: list[int], n: int) -> None:
    total = sum(p * m for p, m in zip(values, units, strict=True))
    if total != n:
        raise InvalidInput(
            "pi adds up to {got}; want n = {want}",
            zh="pi 之和为 {got}，应为 n = {want}",
            got=total,
            want=n,
        )


def _refuse_new_certainty(
    result: NDArray[np.uint64], values: list[Fraction], code: NDArray[np.int64]
) -> None:
    """Refuse 0 < pi < 1 that became 0 or D: a probability of zero must have been decided."""
    inside = np.array([0 < p < 1 for p in values])[code]
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
