"""The scores and grades of the results of a level; who has none keeps a place and a reason."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from fairlot.proficiency.assigning import Assigned
from fairlot.proficiency.grading import Grading, grade, grade_range
from fairlot.proficiency.score import Score, score_range
from fairlot.proficiency.scores import e_n, pa, z, z_prime, zeta
from fairlot.proficiency.submitted import Submitted
from fairlot.proficiency.terms import Measurand

__all__ = ["BY_THE_LABORATORY", "REASONS", "Graded", "Ruler", "expanded", "graded", "ungraded"]

COVERAGE = 2
"""Coverage factor of both uncertainties in E_n."""

ROUNDED = Fraction(1, 20)
"""U and 2 u that differ by no more of it are one uncertainty, rounded."""

REASONS = {
    "absent": ("did not take part", "缺席"),
    "not detected": ("not detected, and no limit stated", "未检出，未给检出限"),
    "mixed": ("replicates of more than one form", "重复测定结果形式不一"),
    "below": ("below a limit that leaves the grade open", "低于检出限，等级无法确定"),
    "unscored": ("below a limit, which this scheme does not score", "低于检出限，按方案不评分"),
    "no uncertainty": ("no uncertainty stated", "未报不确定度"),
    "no value": ("the level has no assigned value or no sigma_pt", "该样品没有指定值或评定标准差"),
}
"""Why a result has no grade, in English and Chinese."""

BY_THE_LABORATORY = frozenset({"not detected", "mixed", "below", "no uncertainty"})
"""Reasons that lie in what was reported; the others lie in the scheme, or it took no part."""


@dataclass(frozen=True, slots=True)
class Graded:
    """A result with its score.

    score      None where there is none; ``low`` and ``high`` are the range of a "<L"
    grade      "" where it is open, and ``reason``, a key of ``REASONS``, says why
    code       0 for the best grade, 1 for the next; -1 where there is none
    """

    result: Submitted
    score: float | None = None
    low: float | None = None
    high: float | None = None
    grade: str = ""
    code: int = -1
    reason: str = ""


@dataclass(frozen=True)
class Ruler:
    """What the results of a level are held against.

    name  of the score: z, z_prime, zeta, e_n or pa
    """

    name: str
    value: Assigned
    sigma_pt: Fraction | None
    terms: Measurand
    grading: Grading

    def score(self, x: Any, rows: Sequence[Submitted]) -> Score:
        """Return the score of values x, each with the uncertainty of its row."""
        x_pt, u_xpt = self.value.x_pt, self.value.u_xpt or 0
        if self.name == "z":
            return z(x, x_pt, self.sigma_pt)
        if self.name == "z_prime":
            return z_prime(x, x_pt, self.sigma_pt, u_xpt)
        if self.name == "zeta":
            return zeta(x, x_pt, [row.u for row in rows], u_xpt)
        if self.name == "e_n":
            return e_n(x, x_pt, [expanded(row) for row in rows], COVERAGE * u_xpt)
        return pa(x, x_pt, self.terms.delta_e)

    def lacks(self, row: Submitted) -> str:
        """Return why a row cannot be held against it, "" where it can."""
        if row.form not in ("number", "below"):
            return row.form
        return "no uncertainty" if self.name in ("zeta", "e_n") and row.u is None else ""


def expanded(row: Submitted) -> Fraction | None:
    """Return U of a result with a coverage factor of 2: as it was reported, or else 2 u."""
    if row.u is None or (row.U is not None and abs(row.U - COVERAGE * row.u) <= ROUNDED * row.U):
        return row.U
    return COVERAGE * row.u


def ungraded(rows: Iterable[Submitted]) -> list[Graded]:
    """Return the results of a level that has nothing to hold them against."""
    return [Graded(row, reason="absent" if row.form == "absent" else "no value") for row in rows]


def graded(rows: Sequence[Submitted], ruler: Ruler) -> list[Graded]:
    """Score and grade the results of a level, in their order."""
    plain = [Graded(row, reason=ruler.lacks(row)) for row in rows]
    numbers = [i for i, row in enumerate(rows) if not plain[i].reason and row.form == "number"]
    limits = [i for i, row in enumerate(rows) if not plain[i].reason and row.form == "below"]
    for places, scored in ((numbers, _numbers), (limits, _limits)):
        if places:
            for i, one in zip(places, scored([rows[i] for i in places], ruler), strict=True):
                plain[i] = one
    return plain


def _numbers(rows: Sequence[Submitted], ruler: Ruler) -> Iterator[Graded]:
    score = ruler.score([row.x for row in rows], rows)
    found = grade(score, ruler.grading)
    for row, value, label, code in zip(rows, score.value.tolist(), found.labels,
                                       found.code.tolist(), strict=True):  # fmt: skip
        yield Graded(row, score=value, grade=label, code=code)


def _limits(rows: Sequence[Submitted], ruler: Ruler) -> Iterator[Graded]:
    """Grade results "<L" where every value below L has one grade."""
    if ruler.terms.below == "unscored":
        yield from (Graded(row, reason="unscored") for row in rows)
        return
    span = score_range(lambda x: ruler.score(x, rows), [row.x for row in rows])
    found = grade_range(span, ruler.grading)
    for i, row in enumerate(rows):
        known = found.best.code[i] == found.worst.code[i]
        yield Graded(
            row, low=float(span.low.value[i]), high=float(span.high.value[i]),
            grade=found.best.labels[i] if known else "",
            code=int(found.best.code[i]) if known else -1,
            reason="" if known else "below",
        )  # fmt: skip
