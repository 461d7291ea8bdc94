"""Last digits: nobody measures them, so in honest results each of the ten comes as often.

Invented numbers avoid 0 and 5, or prefer them. With a spread of s units in the last place a digit
comes with a chance that differs from 1/10 by less than ``2 exp(-2 pi^2 (s / 10)^2)`` of itself:
1.5 % at 5 units. Items that are reported more coarsely than that are left out.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from fairlot._base import check
from fairlot._base.arrays import Floats, Ints
from fairlot._base.chance import Chance, as_chance
from fairlot._base.errors import InvalidInput
from fairlot._kernels.compile import kernel
from fairlot.proficiency.on_grid import Reported, per_item
from fairlot.proficiency.significance import holm, level_of

__all__ = ["DigitUse", "LastDigits", "last_digits"]

FINE = 5.0
REPS = 9999
BLOCK = 1 << 20
"""Random numbers asked for at once."""


@dataclass(frozen=True)
class DigitUse:
    """How often a laboratory used each digit in the last place, and the chance of so uneven a use."""

    laboratory: Any
    counts: tuple[int, ...]
    p_value: float
    p_adjusted: float


@dataclass(frozen=True)
class LastDigits:
    """The laboratories whose last digits are uneven.

    found     by p_adjusted, which is at most alpha
    items     fine enough to look at
    """

    found: tuple[DigitUse, ...]
    items: int
    alpha: float
    reps: int
    algorithm: str = "last_digits/1"


def last_digits(
    results: ArrayLike,
    laboratories: Sequence[Any],
    *,
    unit: ArrayLike,
    s: ArrayLike,
    rng: object,
    alpha: float = 0.01,
    reps: int = REPS,
) -> LastDigits:
    """Return the laboratories that use the ten digits in the last place unevenly.

    results       (laboratories, items) as reported, NaN for none
    laboratories  who stands on each row
    unit          what results are rounded to: one for all items or one each
    s             standard deviation of the results of an item, likewise
    rng           anything with ``random(n)``, for digits that are even by construction
    alpha         chance that an honest round accuses anybody at all, at most
    reps          such sets of digits that each laboratory is compared with

    The statistic is chi-square; its p-value counts the sets as uneven, the laboratory's own
    included, and needs no large numbers. A laboratory that rounds to whole or half tens is found
    like one that invents: ask for its raw data. Raises InvalidInput when no item has a spread of 5
    units, or reps cannot reach alpha with so many laboratories.

    Diekmann (2007), Not the first digit! Using Benford's law to detect fraudulent scientific data,
    Journal of Applied Statistics 34(3), doi:10.1080/02664760601004940.

    >>> honest = np.random.default_rng(1).normal(50.0, 1.0, (4, 60)).round(2)
    >>> honest[3] = honest[3].round(1) + 0.03
    >>> found = last_digits(honest, "ABCD", unit=0.01, s=1.0, rng=np.random.default_rng(2))
    >>> [one.laboratory for one in found.found]
    ['D']
    """
    table = Reported.of(results, laboratories, unit)
    items = table.units.shape[1]
    fine = per_item("s", s, items) >= FINE * per_item("unit", unit, items)
    reps = check.at_least("reps", reps, 1)
    _refuse_hopeless(fine, len(table.laboratories), level_of(alpha), reps)
    counts = np.stack([
        np.bincount(np.abs(row[there & fine]) % 10, minlength=10)
        for row, there in zip(table.units, table.there, strict=True)
    ])  # fmt: skip
    p_values = _p_values(counts, as_chance(rng), reps)
    adjusted = holm(p_values)
    order = np.argsort(adjusted, kind="stable")
    found = [
        DigitUse(
            table.laboratories[k], tuple(counts[k].tolist()), float(p_values[k]), float(adjusted[k])
        )
        for k in order[adjusted[order] <= alpha].tolist()
    ]
    return LastDigits(tuple(found), int(fine.sum()), alpha, reps)


def _p_values(counts: Ints, chance: Chance, reps: int) -> Floats:
    """Return the p-value of each laboratory; those of as many digits share their sets."""
    digits = counts.sum(axis=1)
    squares = (counts**2).sum(axis=1)  # chi-square but for a shift and a factor
    p_values = np.ones(digits.size)
    for n in np.unique(digits[digits > 0]).tolist():
        null = np.sort(_null(n, chance, reps))
        same = digits == n
        as_uneven = reps - np.searchsorted(null, squares[same], side="left")
        p_values[same] = (1 + as_uneven) / (1 + reps)
    return p_values


def _null(n: int, chance: Chance, reps: int) -> Ints:
    null = np.empty(reps, np.int64)
    each = max(1, BLOCK // n)
    for first in range(0, reps, each):
        part = null[first : first + each]
        _even(chance.random(part.size * n), part)
    return null


@kernel
def _even(u: Floats, squares: Ints) -> None:
    n = u.size // squares.size
    for i in range(squares.size):
        counts = np.zeros(10, np.int64)
        for j in range(i * n, (i + 1) * n):
            counts[int(u[j] * 10.0)] += 1
        squares[i] = (counts**2).sum()


def _refuse_hopeless(fine: Any, laboratories: int, alpha: float, reps: int) -> None:
    if not fine.any():
        raise InvalidInput(
            "no item has a spread of {want} units; its last digits would be measured",
            zh="没有一个样品的离散程度达到 {want} 个修约单位，末位数字尚属测得",
            want=FINE,
        )
    if (reps + 1) * alpha < laboratories:
        raise InvalidInput(
            "reps is {reps}; want at least {want} for {laboratories} laboratories at alpha = {alpha}",
            zh="reps 为 {reps}；{laboratories} 个机构、alpha = {alpha} 时至少应为 {want}",
            reps=reps,
            want=int(np.ceil(laboratories / alpha)),
            laboratories=laboratories,
            alpha=alpha,
        )
