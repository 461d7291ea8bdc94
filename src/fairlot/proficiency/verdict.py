"""The verdict on each laboratory, for every measurand or for the round, at the test and the retest."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from fairlot.proficiency.grading import Grades
from fairlot.proficiency.roll_up import TooMany, VerdictRule, Verdicts, roll_up
from fairlot.proficiency.scoring import Graded
from fairlot.proficiency.terms import ABSENT, Terms
from fairlot.registers.results import ATTEMPTS

__all__ = ["ABSENT", "OPEN", "Verdict", "verdicts"]

OPEN = "未评"
"""The verdict on who took part and has no result that could be graded; ABSENT on who did not."""

Who = tuple[str, str]
"""Laboratory and measurand, "" for all of them."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the grades of a laboratory add up to.

    measurand  "" where the scheme judges the laboratory as a whole
    first      verdict on the first test: of the scheme, or ``ABSENT`` or ``OPEN``
    retest     verdict on the retest, "" where there was none
    counts     results of the first test by grade, the best first
    open       results of the first test without a grade
    because    the conditions that decided ``first``, in English and Chinese
    left_out   samples left out, where that failed it
    """

    lab: str
    name: str
    measurand: str
    first: str
    retest: str
    counts: tuple[int, ...]
    open: int
    because: tuple[str, str]
    left_out: int = 0

    @property
    def final(self) -> str:
        """The verdict that counts: of the retest where there was one."""
        return self.retest or self.first


def verdicts(results: Sequence[Graded], scheme: Terms) -> list[Verdict]:
    """Return the verdict on everyone in ``results``, in the order in which they first appear."""
    rule = _rule(scheme)
    by: dict[Who, list[Graded]] = {}
    for one in results:
        row = one.result
        measurand = row.measurand if scheme.verdict.by == "measurand" else ""
        by.setdefault((row.lab, measurand), []).append(one)
    first, again = (_at_stage(by, stage, scheme, rule) for stage in ATTEMPTS)
    return [
        _verdict(who, of, *_found(first, who), _found(again, who)[0], scheme)
        for who, of in by.items()
    ]


def _rule(scheme: Terms) -> VerdictRule:
    passes, fails = scheme.verdict.labels
    conditions = tuple(
        TooMany(grade, n) for grade, n in scheme.verdict.fails.items() if grade != ABSENT
    )
    return VerdictRule(((fails, conditions),), passes)


def _at_stage(
    by: dict[Who, list[Graded]], stage: str, scheme: Terms, rule: VerdictRule
) -> tuple[dict[Who, int], Verdicts | None]:
    """Return the roll-up of the graded results of a stage, and the place of everyone in it."""
    labels = scheme.grades.labels
    rows = [
        (who, labels.index(one.grade))
        for who, of in by.items()
        for one in of
        if one.grade and one.result.attempt == stage
    ]
    if not rows:
        return {}, None
    names, codes = zip(*rows, strict=True)
    found = roll_up(names, Grades(np.array(codes, dtype=np.int8), labels), rule)
    return {who: place for place, who in enumerate(found.laboratories)}, found


def _found(
    stage: tuple[dict[Who, int], Verdicts | None], who: Who
) -> tuple[str, tuple[int, ...], tuple[TooMany, ...]]:
    places, found = stage
    if found is None or who not in places:
        return "", (), ()
    i = places[who]
    return found.verdict[i], tuple(found.counts[i].tolist()), found.because[i]  # type: ignore[return-value]


def _verdict(
    who: Who, of: Sequence[Graded], first: str, counts: tuple[int, ...],
    because: Iterable[TooMany], retest: str, scheme: Terms,
) -> Verdict:  # fmt: skip
    at_first = [one for one in of if one.result.attempt == ATTEMPTS[0]]
    absent = sum(one.reason == "absent" for one in at_first)
    left_out = scheme.verdict.fails.get(ABSENT, len(at_first)) <= absent < len(at_first)
    reasons = [tuple(each.text(lang) for lang in ("en", "zh")) for each in because]
    if left_out:
        first = scheme.verdict.labels[1]
        reasons.append((f"left out: {absent}", f"{ABSENT} {absent}"))
    said = tuple("; ".join(words) for words in zip(*reasons, strict=True)) or ("", "")
    return Verdict(
        *who[:1], of[0].result.name, who[1],
        first or (ABSENT if absent == len(at_first) else OPEN), retest,
        counts or (0,) * len(scheme.grades.labels),
        sum(not one.grade for one in at_first), (said[0], said[1]), absent if left_out else 0,
    )  # fmt: skip
