"""Many grades of one laboratory rolled up to one verdict, by the rule of the scheme."""

from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np

from fairlot._base import check
from fairlot._base.arrays import Flags, Ints, sealed
from fairlot._base.coding import coded
from fairlot._base.errors import InvalidInput
from fairlot.proficiency.decimals import decimal
from fairlot.proficiency.grading import Grades

__all__ = ["TooFew", "TooMany", "VerdictRule", "Verdicts", "roll_up"]


@dataclass(frozen=True)
class TooMany:
    """Holds from ``count`` results on that are graded ``grade`` or worse."""

    grade: str
    count: int = 1

    def holds(self, at_most: Ints, n: Ints, code: int) -> Flags:
        """Tell for whom; ``at_most[:, c]`` of the n results have code c or a better one."""
        better = at_most[:, code - 1] if code else np.zeros_like(n)
        found: Flags = n - better >= check.at_least("count", self.count, 1)
        return found

    def text(self, lang: str = "en") -> str:
        """Return the condition in ``lang`` ("en" or "zh")."""
        if lang == "zh":
            return f"{self.grade}及以下达 {self.count} 项"
        return f"{self.count} or more {self.grade} or worse"


@dataclass(frozen=True)
class TooFew:
    """Holds when the results graded ``grade`` or better are less than ``share`` of all."""

    grade: str
    share: Any

    def holds(self, at_most: Ints, n: Ints, code: int) -> Flags:
        """Tell for whom; ``at_most[:, c]`` of the n results have code c or a better one."""
        share = decimal(self.share)
        if share is None or not 0 < share <= 1:
            raise InvalidInput(
                "share is {got!r}; want a number above 0 and at most 1",
                zh="share 为 {got!r}，应大于 0 且不大于 1",
                got=self.share,
            )
        return _less(at_most[:, code], n, share)

    def text(self, lang: str = "en") -> str:
        """Return the condition in ``lang`` ("en" or "zh")."""
        if lang == "zh":
            return f"{self.grade}及以上的比例低于 {self.share}"
        return f"share of {self.grade} or better below {self.share}"


def _less(few: Ints, n: Ints, share: Fraction) -> Flags:
    # In whole numbers of any length: a denominator may have many digits.
    pairs = zip(few.tolist(), n.tolist(), strict=True)
    return np.array([a * share.denominator < b * share.numerator for a, b in pairs], np.bool_)


@dataclass(frozen=True)
class VerdictRule:
    """When a laboratory gets which verdict.

    steps      worst verdict first: (verdict, conditions); the first of which any condition holds
    otherwise  the verdict when none does

    >>> rule = VerdictRule((("不合格", (TooMany("不满意"), TooMany("可疑", 2))),), "合格")
    """

    steps: tuple[tuple[str, tuple[TooMany | TooFew, ...]], ...]
    otherwise: str

    @property
    def verdicts(self) -> tuple[str, ...]:
        """All verdicts, the worst first."""
        return (*(verdict for verdict, _ in self.steps), self.otherwise)


@dataclass(frozen=True, eq=False)
class Verdicts:
    """The verdict of each laboratory, in the order in which they first appear.

    laboratories  their names
    verdict       one a laboratory
    because       the conditions that held at the verdict's step; none for ``rule.otherwise``
    counts        (laboratories, grades) how many results have each grade, the best first
    """

    laboratories: list[Any]
    verdict: list[str]
    because: list[tuple[TooMany | TooFew, ...]]
    counts: Ints
    rule: VerdictRule
    algorithm: str = "roll_up/1"


def roll_up(laboratories: Iterable[Hashable], grades: Grades, rule: VerdictRule) -> Verdicts:
    """Return the verdict of each laboratory from the grades of its levels and measurands.

    laboratories  the name of the laboratory on each row of ``grades``
    rule          counts a result as at least as bad as every better grade, so that a worse result
                  never brings a better verdict

    A row counts once: who is absent from a level has no row for it, unless the scheme grades it.

    Raises InvalidInput for a rule with a grade that is not on the scale.

    >>> from fairlot.proficiency.grading import Z_GRADING, grade
    >>> grades = grade([0.1, 2.5, 2.5, 2.2, 1.0], Z_GRADING.labelled("满意", "可疑", "不满意"))
    >>> rule = VerdictRule((("不合格", (TooMany("不满意"), TooMany("可疑", 2))),), "合格")
    >>> found = roll_up(["A", "A", "B", "B", "B"], grades, rule)
    >>> found.laboratories, found.verdict
    (['A', 'B'], ['合格', '不合格'])
    """
    _refuse_unknown(rule, grades.scale)
    names, place = coded(laboratories)
    check.same_length("laboratories", place.size, grades.code.size, ("grades", "等级"))
    counts = np.zeros((len(names), len(grades.scale)), dtype=np.int64)
    np.add.at(counts, (place, grades.code), 1)
    step, because = _steps(rule, counts, grades.scale)
    verdict = [rule.verdicts[k] for k in step.tolist()]
    return Verdicts(list(names), verdict, because, sealed(counts), rule)


def _steps(
    rule: VerdictRule, counts: Ints, scale: Sequence[str]
) -> tuple[Ints, list[tuple[TooMany | TooFew, ...]]]:
    """Return the step at which each laboratory stands, and what holds there."""
    at_most, n = np.cumsum(counts, axis=1), counts.sum(axis=1)
    stands = np.full(n.size, len(rule.steps))
    because: list[tuple[TooMany | TooFew, ...]] = [()] * n.size
    for k, (_, conditions) in enumerate(rule.steps):
        held = np.array([each.holds(at_most, n, scale.index(each.grade)) for each in conditions])
        for i in np.flatnonzero(held.any(axis=0) & (stands == len(rule.steps))).tolist():
            stands[i] = k
            because[i] = tuple(c for c, true in zip(conditions, held[:, i], strict=True) if true)
    return stands, because


def _refuse_unknown(rule: VerdictRule, scale: tuple[str, ...]) -> None:
    for _, conditions in rule.steps:
        for condition in conditions:
            if condition.grade not in scale:
                raise InvalidInput(
                    "the rule names the grade {got!r}; the scale has {want}",
                    zh="规则中的等级为 {got!r}，而等级有 {want}",
                    got=condition.grade,
                    want=", ".join(scale),
                )
