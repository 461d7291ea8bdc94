"""One multiplier for all: ``clip(x * weight, floor, ceiling)`` adding up to a given sum, exactly.

The sum grows with ``x`` along straight pieces whose corners are ``floor / weight`` and
``ceiling / weight``, so a walk over the sorted corners finds ``x``. Doubles first say about where;
then only the corners near there are sorted, as fractions, and what the walk finds is accepted when
it lies among them.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import NamedTuple

import numpy as np

__all__ = ["Kinds", "clipped", "multiplier", "order_keys", "shown"]

NEAR = Fraction(1, 1 << 30)  # sums of 10^7 doubles err by less


LARGE = 1 << 53
SHORT = 1000  # denominators that are read as easily as decimals


@dataclass(frozen=True)
class Kinds:
    """Units alike, once each, in whole numbers >= 0; bounds are over the denominator ``scale``."""

    weight: Sequence[int]
    floor: Sequence[int]
    ceiling: Sequence[int]
    units: Sequence[int]
    scale: int = 1


class _Corner(NamedTuple):
    """At bound / weight some units leave their floor or meet their ceiling."""

    bound: int
    weight: int
    fixed: int
    slope: int


def clipped(kinds: Kinds, n: int) -> list[Fraction]:
    """Return ``clip(x * weight, floor, ceiling)`` of every kind, where ``x`` makes the sum ``n``.

    Requires ``n`` between the sum of the floors and the sum of the ceilings of positive weights.
    """
    top, bottom = multiplier(kinds, n).as_integer_ratio()
    below, scale = bottom * kinds.scale, kinds.scale
    return [
        Fraction(f, scale)
        if top * w <= f * bottom
        else Fraction(c, scale)
        if top * w >= c * bottom
        else Fraction(top * w, below)
        for w, f, c in zip(kinds.weight, kinds.floor, kinds.ceiling, strict=True)
    ]


def order_keys(tops: Sequence[int], bottoms: Sequence[int]) -> list[int]:
    """Return whole numbers in the order of the fractions top / bottom, equal where they are."""
    # Different fractions with bottoms below 2^b are more than 2^-2b apart.
    shift = 2 * max(bottom.bit_length() for bottom in bottoms)
    return [(top << shift) // bottom for top, bottom in zip(tops, bottoms, strict=True)]


def shown(value: Fraction) -> str:
    """Return ``value`` for a message: as decimals, or as a fraction where those do not end.

    >>> shown(Fraction(0.9)), shown(Fraction("0.9")), shown(Fraction(1, 3)), shown(Fraction(2))
    ('0.9', '0.9', '1/3', '2')
    """
    if value.denominator == 1 or value > LARGE:
        return str(value)
    decimals = repr(float(value))
    ends = value in (Fraction(decimals), Fraction(float(value)))
    return decimals if ends or value.denominator > SHORT else str(value)


def multiplier(kinds: Kinds, n: int) -> Fraction:
    """Return the ``x`` of :func:`clipped`."""
    guess = _guess(kinds, n)
    if guess:
        low, high = guess * (1 - NEAR), guess * (1 + NEAR)
        found = _walk(kinds, n, low, high)
        if found is not None and low <= found <= high:
            return found
    everywhere = max(Fraction(c, w) for w, c in zip(kinds.weight, kinds.ceiling, strict=True) if w)
    found = _walk(kinds, n, Fraction(0), everywhere)
    assert found is not None  # the last corner is among those walked
    return found


def _guess(kinds: Kinds, n: int) -> Fraction | None:
    """Walk all corners in doubles; None where the numbers are too large for that."""
    try:
        weight, floor, ceiling, units = (
            np.array(column, dtype=np.float64)
            for column in (kinds.weight, kinds.floor, kinds.ceiling, kinds.units)
        )
        wanted = float(n * kinds.scale)
    except OverflowError:
        return None
    own = weight > 0
    corner = np.concatenate([floor[own] / weight[own], ceiling[own] / weight[own]])
    fixed = np.concatenate([-(floor * units)[own], (ceiling * units)[own]])
    slope = np.concatenate([(weight * units)[own], -(weight * units)[own]])
    order = np.argsort(corner)
    fixed = floor @ units + np.cumsum(fixed[order])
    slope = np.cumsum(slope[order])
    beyond = fixed + slope * corner[order] >= wanted
    k = int(np.argmax(beyond)) - 1 if beyond.any() else corner.size - 1
    x = (wanted - fixed[k]) / slope[k] if k >= 0 and slope[k] > 0 else corner[order][max(k, 0)]
    return Fraction(float(x)) if 0 < x < np.inf else None


def _walk(kinds: Kinds, n: int, low: Fraction, high: Fraction) -> Fraction | None:
    """Pass corners from ``low`` to ``high`` while the sum is below n, then solve the straight piece.

    In these whole numbers the sum at x is ``fixed + slope * x``.
    """
    fixed, slope, corners = _start(kinds, low, high)
    wanted, corner = n * kinds.scale, None
    for corner in _sorted(corners):
        if fixed * corner.weight + slope * corner.bound >= wanted * corner.weight:
            break
        fixed += corner.fixed
        slope += corner.slope
    if slope:
        return Fraction(wanted - fixed, slope)
    return Fraction(corner.bound, corner.weight) if corner else None


def _start(kinds: Kinds, low: Fraction, high: Fraction) -> tuple[int, int, list[_Corner]]:
    """Return the sum just below ``low``, as fixed and slope, and the corners up to ``high``."""
    (a, b), (p, q) = low.as_integer_ratio(), high.as_integer_ratio()
    fixed, slope, corners = 0, 0, []
    for w, f, c, m in zip(kinds.weight, kinds.floor, kinds.ceiling, kinds.units, strict=True):
        if not w or f * b >= a * w:
            fixed += f * m
            if w and f * q <= p * w:
                corners.append(_Corner(f, w, -f * m, w * m))
        elif c * b >= a * w:
            slope += w * m
        else:
            fixed += c * m
        if w and c * b >= a * w and c * q <= p * w:
            corners.append(_Corner(c, w, c * m, -w * m))
    return fixed, slope, corners


def _sorted(corners: list[_Corner]) -> list[_Corner]:
    if not corners:
        return []
    keys = order_keys([c.bound for c in corners], [c.weight for c in corners])
    return [corners[k] for k in sorted(range(len(corners)), key=keys.__getitem__)]
