"""The verdict on each laboratory, for every measurand or for the round, at the test and the retest."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from fairlot.proficiency.grading import Grades
from fairlot.proficiency.roll_up import TooMany, VerdictRule, roll_up
from fairlot.proficiency.scoring import BY_THE_LABORATORY, Graded
from fairlot.proficiency.terms import ABSENT, OPEN, Terms
from fairlot.registers.results import ATTEMPTS

__all__ = ["ABSENT", "OPEN", "Missing", "Sample", "Verdict", "conditions", "verdicts"]

Who = tuple[str, str]
"""Laboratory and measurand, "" for all of them."""


@dataclass(frozen=True, slots=True)
class Sample:
    """What a laboratory reported for one measurand and level, at the test and at the retest."""

    measurand: str
    level: str
    first: Graded | None = None
    retest: Graded | None = None

    @property
    def counts(self) -> Graded | None:
        """The result that counts in the end: the retest, where it has a grade."""
        return self.retest if self.retest and self.retest.grade else self.first


def missing(one: Graded | None) -> str:
    """Return ABSENT of a sample left out, OPEN of one whose report cannot be graded, else "".

    A level that the provider could assign no value to is neither.
    """
    if one is None or one.reason == "absent":
        return ABSENT
    return OPEN if one.reason in BY_THE_LABORATORY else ""


@dataclass(frozen=True)
class Missing:
    """Holds from ``count`` samples on that were left out (ABSENT) or cannot be graded (OPEN)."""

    kind: str
    count: int = 1

    def text(self, lang: str = "en") -> str:
        """Return the condition in ``lang`` ("en" or "zh")."""
        if lang == "zh":
            return f"{self.kind}达 {self.count} 项"
        what = "left out" if self.kind == ABSENT else "reported so that no grade can be told"
        return f"{self.count} or more {what}"


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the grades of a laboratory add up to.

    measurand  "" where the scheme judges the laboratory as a whole
    first      verdict on the first test: of the scheme, or ``ABSENT`` or ``OPEN``
    retest     verdict once retests replace what they repeat, "" where nothing was retested
    counts     results of the first test by grade, the best first
    open       samples of the first test without a grade
    because    the conditions that decided ``first``, in English and Chinese
    samples    every measurand and level, at both stages
    """

    lab: str
    name: str
    measurand: str
    first: str
    retest: str
    counts: tuple[int, ...]
    open: int
    because: tuple[str, str]
    samples: tuple[Sample, ...]

    @property
    def final(self) -> str:
        """The verdict that counts: with the retests, where there were any."""
        return self.retest or self.first


@dataclass(frozen=True, slots=True)
class _Stage:
    verdict: str
    counts: tuple[int, ...]
    because: tuple[TooMany | Missing, ...]


def verdicts(results: Sequence[Graded], scheme: Terms) -> list[Verdict]:
    """Return the verdict on everyone in ``results``, in the order in which they first appear.

    A retest replaces the first result of its measurand and level alone: what was not retested
    keeps its grade, so that a laboratory passes only when all it failed in has passed.
    """
    names = {one.result.lab: one.result.name for one in reversed(results)}
    by = _samples(results, scheme)
    first = _stage({who: [one.first for one in of] for who, of in by.items()}, scheme)
    last = _stage({who: [one.counts for one in of] for who, of in by.items()}, scheme)
    return [
        Verdict(
            who[0], names[who[0]], who[1], first[who].verdict,
            last[who].verdict if any(one.retest for one in of) else "",
            first[who].counts, sum(not (one.first and one.first.grade) for one in of),
            _said(first[who].because), tuple(of),
        )
        for who, of in by.items()
    ]  # fmt: skip


def _samples(results: Iterable[Graded], scheme: Terms) -> dict[Who, list[Sample]]:
    found: dict[Who, dict[tuple[str, str], Sample]] = {}
    for one in results:
        row = one.result
        who = row.lab, row.measurand if scheme.verdict.by == "measurand" else ""
        of, key = found.setdefault(who, {}), (row.measurand, row.level)
        known = of.get(key, Sample(*key))
        first = row.attempt == ATTEMPTS[0]
        of[key] = replace(known, first=one) if first else replace(known, retest=one)
    return {who: [*of.values()] for who, of in found.items()}


def conditions(scheme: Terms) -> tuple[TooMany | Missing, ...]:
    """Return what fails a laboratory, each with its ``text``."""
    return tuple(
        Missing(grade, n) if grade in (ABSENT, OPEN) else TooMany(grade, n)
        for grade, n in scheme.verdict.fails.items()
    )


def _stage(by: dict[Who, list[Graded | None]], scheme: Terms) -> dict[Who, _Stage]:
    """Return where everyone stands by the results of a stage, one a sample."""
    labels, (passes, fails) = scheme.grades.labels, scheme.verdict.labels
    rule = tuple(one for one in conditions(scheme) if isinstance(one, TooMany))
    rows = [(who, labels.index(one.grade)) for who, of in by.items() for one in of
            if one and one.grade]  # fmt: skip
    rolled: dict[Who, tuple[tuple[int, ...], tuple[TooMany, ...]]] = {}
    if rows:
        names, codes = zip(*rows, strict=True)
        found = roll_up(names, Grades(np.array(codes, dtype=np.int8), labels),
                        VerdictRule(((fails, rule),), passes))  # fmt: skip
        counts = map(tuple, found.counts.tolist())
        rolled = dict(zip(found.laboratories, zip(counts, found.because, strict=True), strict=True))  # type: ignore[arg-type]
    nothing = (0,) * len(labels), ()
    return {who: _of_one(of, *rolled.get(who, nothing), scheme) for who, of in by.items()}


def _of_one(
    of: Sequence[Graded | None], counts: tuple[int, ...], because: tuple[TooMany, ...],
    scheme: Terms,
) -> _Stage:  # fmt: skip
    lacks = [missing(one) for one in of]
    if all(kind == ABSENT for kind in lacks):
        return _Stage(ABSENT, counts, ())
    held = [one for one in conditions(scheme)
            if isinstance(one, Missing) and lacks.count(one.kind) >= one.count]  # fmt: skip
    failed: tuple[TooMany | Missing, ...] = (*because, *held)
    if failed:
        return _Stage(scheme.verdict.labels[1], counts, failed)
    return _Stage(scheme.verdict.labels[0] if any(counts) else OPEN, counts, ())


def _said(because: Sequence[TooMany | Missing]) -> tuple[str, str]:
    return "; ".join(one.text("en") for one in because), "；".join(
        one.text("zh") for one in because
    )
