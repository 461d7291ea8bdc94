"""A score of every result, as a double to print and exactly where a limit is near."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from fractions import Fraction
from math import lcm
from typing import Any

import numpy as np

from fairlot._base.arrays import Floats, own, sealed
from fairlot.proficiency.batch import Batch
from fairlot.proficiency.decimals import aligned
from fairlot.proficiency.rows import Column, Rows, positive

__all__ = ["Score", "ScoreRange", "given", "score_range", "scored"]


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


@dataclass(frozen=True, eq=False)
class ScoreRange:
    """The scores that results reported as "less than L" may have: from that of 0 to that of L."""

    low: Score
    high: Score


def score_range(score: Callable[..., Score], limits: Any, *rest: Any) -> ScoreRange:
    """Return the range of a score for results reported as "less than L".

    score   :func:`z`, :func:`z_prime` or another, called with ``rest`` after x
    limits  L of every such result, a sample or a Batch, above 0

    >>> from fairlot.proficiency.scores import z
    >>> span = score_range(z, ["0.5"], "1.0", "0.25")
    >>> span.low.value, span.high.value
    (array([-4.]), array([-2.]))
    """
    positive("x", Rows.of(limits).x)
    nothing = np.zeros(Rows.of(limits).x.floats.size)
    none = replace(limits, values=own(nothing)) if isinstance(limits, Batch) else nothing
    return ScoreRange(score(none, *rest), score(limits, *rest))
