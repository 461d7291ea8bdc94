"""Shares in whole numbers within bounds: by largest remainder, or seat after seat by priority."""

from bisect import bisect_left
from collections.abc import Callable
from fractions import Fraction
from heapq import heapify, heappop, heapreplace
from math import floor, inf, sqrt

from fairlot.sampling.clipping import Kinds, clipped, multiplier
from fairlot.sampling.written_numbers import scaled

__all__ = ["DIVISORS", "by_priority", "largest_remainder"]

Divisor = Callable[[int], Fraction]


def _hill(seats: int) -> Fraction:
    """With the seat after these, sum weight^2 / n falls by weight^2 / (seats (seats + 1))."""
    return Fraction(seats * (seats + 1))


# Squares: the next seat goes to the least divisor(seats) / weight^2.
DIVISORS: dict[str, Divisor] = {
    "dhondt": lambda seats: Fraction((seats + 1) ** 2),
    "webster": lambda seats: Fraction((2 * seats + 1) ** 2, 4),
    "neyman": _hill,
    "optimal": _hill,
    "power": _hill,
}


def largest_remainder(
    weight: list[Fraction], n: int, least: list[int], most: list[int]
) -> list[int]:
    """Round ``clip(x * weight, least, most)``, adding up to n, down; then the largest remainders up.

    Ties go to the larger weight, then by position.
    """
    numbers, _ = scaled([w.as_integer_ratio() for w in weight])
    shares = clipped(Kinds(numbers, least, most, [1] * len(numbers)), n)
    counts = [floor(share) for share in shares]
    order = sorted(range(len(shares)), key=lambda h: (counts[h] - shares[h], -weight[h]))
    for h in order[: n - sum(counts)]:
        counts[h] += 1
    return counts


def by_priority(
    square: list[Fraction], n: int, least: list[int], most: list[int], divisor: Divisor
) -> list[int]:
    """Give seat after seat, from ``least`` on, to the least ``divisor(seats) / square``.

    Ties go to the larger square, then by position.
    """
    counts = _first_seats(square, n, least, most, divisor)

    def claim(h: int) -> tuple[float, Fraction, Fraction, int]:
        price = divisor(counts[h]) / square[h]
        return _nearest(price), price, -square[h], h  # doubles compare faster and decide most

    claims = [claim(h) for h, s in enumerate(square) if s and counts[h] < most[h]]
    heapify(claims)
    for _ in range(n - sum(counts)):
        h = claims[0][-1]
        counts[h] += 1
        if counts[h] < most[h]:
            heapreplace(claims, claim(h))
        else:
            heappop(claims)
    return counts


def _nearest(value: Fraction) -> float:
    """Return a double that is never in another order than the fraction."""
    try:
        return float(value)
    except OverflowError:
        return inf


def _first_seats(
    square: list[Fraction], n: int, least: list[int], most: list[int], divisor: Divisor
) -> list[int]:
    """Return what every stratum has when all claims below a limit are met, at most n in all.

    A divisor lies between ``seats`` and ``seats + 1``, so that at the limit x a stratum has at most
    one seat more than ``x * weight``: x is taken where those add up to n less one a stratum.
    """
    short = n - len(square)
    if short <= sum(least):
        return least.copy()
    top = max(square)
    roots, scale = scaled([sqrt(s / top).as_integer_ratio() for s in square])
    x = float(multiplier(Kinds(roots, least, most, [1] * len(roots)), short) * scale)
    limit = Fraction(x * (1 - 2.0**-40)) ** 2 / top
    return [
        low + bisect_left(range(low, up), limit * s, key=divisor) if s else low
        for s, low, up in zip(square, least, most, strict=True)
    ]
