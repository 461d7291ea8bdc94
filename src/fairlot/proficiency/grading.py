"""Grades: on which side of each limit a score lies, decided in decimals.

Doubles decide whatever is farther from a limit than their error; what is nearer is decided by the
numbers as written: ``(x - x_pt)^2`` against ``limit^2 (a^2 + b^2)``, as fractions.
"""

from collections import Counter
from dataclasses import dataclass, replace
from fractions import Fraction
from math import ceil, floor
from typing import Any

import numpy as np
from numpy.typing import NDArray

from fairlot._base import check
from fairlot._base.arrays import sealed
from fairlot._base.errors import InvalidInput
from fairlot.proficiency.decimals import decimal
from fairlot.proficiency.score import Score, ScoreRange, given
from fairlot.proficiency.scores import EzScores

__all__ = [
    "E_N_GRADING",
    "PA_GRADING",
    "Z_GRADING",
    "GradeRange",
    "Grades",
    "Grading",
    "grade",
    "grade_e_z",
    "grade_range",
]

BETTER, WORSE = "better", "worse"

Codes = NDArray[np.int8]


@dataclass(frozen=True)
class Grading:
    """A scale of grades, for |score|.

    limits    ascending, above 0; text, decimals and fractions are taken as written
    labels    the grades from best to worst, one more than limits; any words
    at_limit  for each limit whether a score of exactly that much is "better" or "worse"
    digits    None to grade the score as it is; else it is first rounded to so many decimals, ties
              to even (GB/T 8170-2008), for schemes that grade what they print

    >>> pass_fail = Grading(("3",), ("合格", "不合格"), ("worse",))
    >>> grade(["2.99", "3.00"], pass_fail).labels
    ['合格', '不合格']
    """

    limits: tuple[Any, ...]
    labels: tuple[str, ...]
    at_limit: tuple[str, ...]
    digits: int | None = None

    def __post_init__(self) -> None:
        for name in ("limits", "labels", "at_limit"):
            object.__setattr__(self, name, tuple(getattr(self, name)))
        object.__setattr__(self, "limits", _limits(self.limits))
        check.same_length("labels", len(self.labels), len(self.limits) + 1, GRADES)
        check.same_length("at_limit", len(self.at_limit), len(self.limits), LIMITS)
        _refuse_labels(self.labels)
        _refuse_sides(self.at_limit)
        if self.digits is not None:
            check.at_least("digits", self.digits, 0)

    def labelled(self, *labels: str) -> "Grading":
        """Return the same scale in other words.

        >>> Z_GRADING.labelled("满意", "有问题", "不满意").labels
        ('满意', '有问题', '不满意')
        """
        return replace(self, labels=labels)

    def edges(self) -> list[tuple[Fraction, bool]]:
        """Return where each next grade begins, and whether it begins there or just above."""
        sides = zip(self.limits, self.at_limit, strict=True)
        if self.digits is None:
            return [(limit, side == WORSE) for limit, side in sides]
        unit = Fraction(1, 10**self.digits)
        # The rounded score is on the better side while it is at most this many units: until half a
        # unit above that, a tie included when the number is even.
        last = [floor(t / unit) if side == BETTER else ceil(t / unit) - 1 for t, side in sides]
        return [((units + Fraction(1, 2)) * unit, units % 2 == 1) for units in last]


GRADES = ("grades", "等级")
LIMITS = ("limits", "界限")


def _limits(limits: tuple[Any, ...]) -> tuple[Fraction, ...]:
    exact = tuple(decimal(limit) for limit in limits)
    clean = tuple(limit for limit in exact if limit is not None)
    ascending = all(a < b for a, b in zip((Fraction(0), *clean), clean, strict=False))
    if not exact or len(clean) < len(exact) or not ascending:
        raise InvalidInput(
            "limits are {got}; want ascending numbers above 0",
            zh="limits 为 {got}，应为由小到大、大于 0 的数",
            got=list(limits),
        )
    return clean


def _refuse_labels(labels: tuple[str, ...]) -> None:
    if len(set(labels)) < len(labels):
        raise InvalidInput(
            "labels are {got}; want another one for each grade",
            zh="labels 为 {got}，各等级的名称应互不相同",
            got=list(labels),
        )


def _refuse_sides(sides: tuple[str, ...]) -> None:
    if not set(sides) <= {BETTER, WORSE}:
        raise InvalidInput(
            "at_limit is {got}; want 'better' or 'worse' for each limit",
            zh="at_limit 为 {got}，每个界限应为 'better'（归入较好）或 'worse'（归入较差）",
            got=list(sides),
        )


THREE = ("satisfactory", "questionable", "unsatisfactory")
TWO = ("satisfactory", "unsatisfactory")

Z_GRADING = Grading(("2", "3"), THREE, (BETTER, WORSE))
"""|z| <= 2 satisfactory, 2 < |z| < 3 questionable, |z| >= 3 unsatisfactory; also for z' and zeta.

ISO 13528:2022, 9.4.2. In Chinese: ``Z_GRADING.labelled("满意", "可疑", "不满意")``.
"""
E_N_GRADING = Grading(("1",), TWO, (BETTER,))
"""|E_n| <= 1 satisfactory, as in ISO/IEC 17043 and usual in China; ISO 13528:2022 can be read as
< 1, which is ``replace(E_N_GRADING, at_limit=("worse",))``."""
PA_GRADING = Grading(("100",), TWO, (WORSE,))
"""-100 < P_A < 100 satisfactory: the difference is within, and not at, what is permitted."""


@dataclass(frozen=True, eq=False)
class Grades:
    """The grade of every result.

    code    (N,) 0 for the best grade, 1 for the next, ...
    scale   the labels from best to worst
    """

    code: Codes
    scale: tuple[str, ...]
    algorithm: str = "grade/1"

    @property
    def labels(self) -> list[str]:
        """The label of every result."""
        return [self.scale[code] for code in self.code.tolist()]

    @property
    def counts(self) -> dict[str, int]:
        """How many results have each label."""
        times = Counter(self.code.tolist())
        return {label: times[code] for code, label in enumerate(self.scale)}


@dataclass(frozen=True, eq=False)
class GradeRange:
    """The best and the worst grade that the result "less than L" of each row may have."""

    best: Grades
    worst: Grades


def grade(score: Any, grading: Grading = Z_GRADING) -> Grades:
    """Grade scores: exactly, also where they lie at a limit.

    score    a Score, or scores from elsewhere as numbers or text

    A float counts as the shortest decimal that reads back as it, so 0.9 is nine tenths. A score at
    a limit goes where ``grading.at_limit`` says. 2 million results: .2 s, and 20 microseconds more
    for each that lies within rounding of a limit.

    >>> from fairlot.proficiency.scores import z
    >>> (0.9 - 0.3) / 0.3
    2.0000000000000004
    >>> grade(z([0.9, 1.2, 0.95], 0.3, 0.3)).labels
    ['satisfactory', 'unsatisfactory', 'questionable']
    """
    score = score if isinstance(score, Score) else given(score)
    return Grades(sealed(_codes(score, grading)), grading.labels)


def _codes(score: Score, grading: Grading) -> Codes:
    size, error = np.abs(score.value), score.error()
    code = np.zeros(size.size, dtype=np.int8)
    for edge, begins in grading.edges():
        over = size > float(edge)
        close = np.abs(size - float(edge)) <= error
        for row in np.flatnonzero(close).tolist():
            square = score.square(row)
            over[row] = square >= edge**2 if begins else square > edge**2
        code += over
    return code


def grade_e_z(
    scores: EzScores, labels: tuple[str, str, str] = THREE, at_limit: str = BETTER
) -> Grades:
    """Grade E_z: both within -1 to 1 is best, one outside is next, both outside is worst.

    at_limit  whether exactly 1 is still within ("better") or not ("worse")

    >>> from fairlot.proficiency.scores import e_z
    >>> grade_e_z(e_z(["10.3", "10.4"], 10, ["0.5", "0.5"], "0.2")).labels
    ['satisfactory', 'questionable']

    Of ISO 13528:2005.
    """
    one = replace(E_N_GRADING, at_limit=(at_limit,))
    return Grades(sealed(_codes(scores.minus, one) + _codes(scores.plus, one)), tuple(labels))


def grade_range(span: ScoreRange, grading: Grading = Z_GRADING) -> GradeRange:
    """Return the best and the worst grade that results reported as "less than L" may have.

    Where both are the same, the grade is known without the number. A range from below the assigned
    value to above it includes the best grade.

    >>> from fairlot.proficiency.scores import z
    >>> from fairlot.proficiency.score import score_range
    >>> span = grade_range(score_range(z, ["0.5", "0.2"], "1.0", "0.25"))
    >>> span.best.labels, span.worst.labels
    (['satisfactory', 'unsatisfactory'], ['unsatisfactory', 'unsatisfactory'])
    """
    low, high = _codes(span.low, grading), _codes(span.high, grading)
    across = (span.low.value <= 0) & (span.high.value >= 0)
    best = np.where(across, np.int8(0), np.minimum(low, high))
    return GradeRange(
        Grades(sealed(best), grading.labels),
        Grades(sealed(np.maximum(low, high)), grading.labels),
    )
