"""A score of every result, as a double to print and exactly where a limit is near."""

from dataclasses import dataclass, field
from fractions import Fraction
from math import lcm
from typing import Any

import numpy as np

from fairlot._base.arrays import Floats, sealed
from fairlot.proficiency.decimals import aligned
from fairlot.proficiency.rows import Column, Rows

__all__ = ["Score", "given", "scored"]


@dataclass(frozen=True, eq=False)
class Score:
    """A score of every result.

    name       of the score, as the function is called
    value      (N,) in the order of x
    algorithm  name and version

    Where the numbers of a row have at most 15 digits, as decimals written by hand do, ``value`` is
    off by the rounding of one quotient and one root; the difference above the line is exact.
    """

    name: str
    value: Floats
    algorithm: str
    _above: tuple[Column, ...] = field(repr=False)
    _below: tuple[Column, ...] = field(repr=False)
    _factor: int = field(repr=False)

    def square(self, row: int) -> Fraction:
        """Return the square of the score on a row, exactly."""
        above = [column.exact(row) for column in self._above]
        below = [column.exact(row) for column in self._below]
        # Whole numbers over one denominator, which the quotient drops, cost a tenth of fractions.
        unit = lcm(*(number.denominator for number in above + below))
        first, *rest = (number.numerator * (unit // number.denominator) for number in above)
        root = (number.numerator * (unit // number.denominator) for number in below)
        return Fraction((self._factor * (first - sum(rest))) ** 2, sum(n * n for n in root))

    def error(self) -> Floats:
        """Return a bound of |value - the score of the numbers as written|, row by row.

        A number is within 2^-53 of its double, and so is the result of each of at most ten
        operations.
        """
        size = sum((np.abs(column.floats) for column in self._above), np.zeros(1))
        below = np.abs(_root([column.floats for column in self._below]))
        bound: Floats = 2.0**-49 * (self._factor * size / below + np.abs(self.value))
        return bound


def scored(
    name: str, above: tuple[Column, ...], below: tuple[Column, ...], factor: int = 1
) -> Score:
    """Return ``factor * (above[0] - above[1] - ...) / sqrt(sum of below^2)`` on every row."""
    columns = aligned([column.floats for column in above + below])
    first, *rest = columns[: len(above)]
    value = factor * (first - sum(rest)) / _root(columns[len(above) :])
    return Score(name, sealed(value), f"{name}/1", above, below, factor)


def _root(below: list[Floats]) -> Floats:
    """Return the root of the sum of squares; of one column, itself with its sign."""
    return below[0] if len(below) == 1 else np.sqrt(sum(b * b for b in below))


def given(score: Any) -> Score:
    """Return scores computed elsewhere as a Score, to be graded; a text counts as written.

    >>> given(["2.0", 2.5]).value
    array([2. , 2.5])
    """
    rows = Rows.of(score)
    return scored("given", (rows.x,), (rows.ones(),))
