"""One level of a round: its assigned value, its sigma_pt, its score, and what was chosen and why."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

import numpy as np

from fairlot.proficiency.algorithm_a import algorithm_a
from fairlot.proficiency.assigning import Assigned, assigned, sigma_of
from fairlot.proficiency.blunders import Blunder
from fairlot.proficiency.choice import Choice, Unassigned
from fairlot.proficiency.estimate import Estimate
from fairlot.proficiency.grading import PA_GRADING, Grading
from fairlot.proficiency.one_group import signs
from fairlot.proficiency.scores import ceiling
from fairlot.proficiency.scoring import Graded, Ruler, expanded, graded, ungraded
from fairlot.proficiency.submitted import Submitted
from fairlot.proficiency.terms import Measurand, Terms
from fairlot.proficiency.value_checks import against_reference, negligible
from fairlot.registers.results import ATTEMPTS

__all__ = ["Level", "Told", "score_level"]


@dataclass(frozen=True)
class Level:
    """A level and everything that was made of it.

    ruler    the assigned value, sigma_pt, score and scale; None where there is none, as
             ``choices`` then say
    robust   mean and standard deviation of the participants by Algorithm A, whatever the assigned
             value is; None below three numbers
    results  every result with its score and grade, in the order of the source
    used     the results that the statistics are made of: limits "<L" only with the likelihood
    set_aside  those left out of them as blunders
    """

    measurand: str
    level: str
    terms: Measurand
    ruler: Ruler | None
    robust: Estimate | None
    results: tuple[Graded, ...]
    used: tuple[Submitted, ...]
    set_aside: tuple[Blunder, ...]
    choices: tuple[Choice, ...]

    def with_choices(self, told: Iterable["Told"]) -> "Level":
        """Return the level with more to be said of it."""
        more = tuple(Choice(self.measurand, self.level, code, facts) for code, facts in told)
        return replace(self, choices=(*self.choices, *more))

    @property
    def first(self) -> tuple[Graded, ...]:
        """The results of the first test."""
        return tuple(one for one in self.results if one.result.attempt == ATTEMPTS[0])


def score_level(
    rows: Sequence[Submitted], terms: Measurand, scheme: Terms, set_aside: Sequence[Blunder] = ()
) -> Level:
    """Score every result of a level; who cannot be scored stays in it, with the reason.

    rows  all results of one (measurand, level); those of the first stage form a consensus
    """
    odd = {blunder.laboratory for blunder in set_aside}
    first = (row for row in rows if row.attempt == ATTEMPTS[0])
    forms = ("number", "below") if terms.value.method == "likelihood" else ("number",)
    used = [row for row in first if row.form in forms and row.lab not in odd]
    ruler, chosen = _ruler(used, terms, scheme)
    robust = _robust(used)
    told = [*_told(rows, terms), *_coverage(rows, ruler), *map(_of_blunder, set_aside), *chosen,
            *_compared(ruler, robust), *(signs(used, ruler) if ruler else ())]  # fmt: skip
    measurand, level = rows[0].measurand, rows[0].level
    results = graded(rows, ruler) if ruler else ungraded(rows)
    return Level(
        measurand, level, terms, ruler, robust, tuple(results), tuple(used), tuple(set_aside), ()
    ).with_choices(told)


FEWEST = 3
"""Numbers of which a robust mean and standard deviation say something."""


def _robust(used: Sequence[Submitted]) -> Estimate | None:
    numbers = [row.x for row in used if row.form == "number"]
    return algorithm_a(np.array(numbers, dtype=float)) if len(numbers) >= FEWEST else None


def _compared(ruler: Ruler | None, robust: Estimate | None) -> "Iterator[Told]":
    """Compare the participants with a value that does not come from them (ISO 13528:2022, 7.8)."""
    if ruler and robust and not robust.no_scale and not ruler.terms.value.consensus:
        u_xpt = ruler.value.u_xpt
        if u_xpt:
            found = against_reference(robust.x_star, robust.u_xpt, float(ruler.value.x_pt), u_xpt)
            yield "agrees" if found.agrees else "differs", {"x_star": f"{robust.x_star:.4g}"}


Told = tuple[str, dict[str, object]]
"""A code of a choice and its facts."""


def _ruler(
    used: Sequence[Submitted], terms: Measurand, scheme: Terms
) -> tuple[Ruler | None, list[Told]]:
    try:
        value = assigned(terms, used)
        sigma = sigma_of(terms, value, used)
    except Unassigned as why:
        return None, [(why.code, why.facts)]
    name: str = terms.score
    told = list(_own_spread(terms, used))
    if name == "auto":
        name, why_so = _z_or_z_prime(value, sigma, terms, scheme)
        told.append(why_so)
    return Ruler(name, value, sigma, terms, _grading(name, scheme)), told


def _z_or_z_prime(
    value: Assigned, sigma: Fraction | None, terms: Measurand, scheme: Terms
) -> tuple[str, Told]:
    if value.u_xpt is None or sigma is None:
        return "z", ("flat" if terms.value.consensus else "unstated", {})
    small = negligible(value.u_xpt, sigma_pt=sigma, strict=scheme.negligible == "below")
    name = "z" if small else "z_prime"
    facts: dict[str, object] = {
        "u": f"{float(value.u_xpt):.3g}",
        "limit": f"{float(sigma * 3 / 10):.3g}",
    }
    return name, (name, facts)


def _grading(name: str, scheme: Terms) -> Grading:
    if name == "e_n":
        return scheme.grades_e_n.grading()
    labels = scheme.grades.labels
    if name == "pa":
        return replace(PA_GRADING, labels=(labels[0], labels[-1]))
    return scheme.grades.grading()


def _told(rows: Sequence[Submitted], terms: Measurand) -> Iterator[Told]:
    below = sum(row.form == "below" for row in rows)
    if below and terms.below == "range":
        yield "below", {"n": below}
    if below and terms.value.consensus and terms.value.method != "likelihood":
        yield "left_below", {"n": below}
    repeated = sum(row.n > 1 for row in rows)
    if repeated:
        words = {"mean": "平均值", "median": "中位值"}
        yield "replicates", {"n": repeated, "rule": terms.replicates,
                             "rule_zh": words[terms.replicates]}  # fmt: skip


def _coverage(rows: Sequence[Submitted], ruler: Ruler | None) -> Iterator[Told]:
    if ruler and ruler.name == "e_n":
        scaled = {row.lab for row in rows if expanded(row) != row.U}
        if scaled:
            yield "coverage", {"n": len(scaled)}


def _own_spread(terms: Measurand, used: Sequence[Submitted]) -> Iterator[Told]:
    """Warn where mean and sigma_pt of so few results are their own: |z| has a ceiling."""
    sigma = terms.sigma
    round_s = sigma is not None and sigma.method == "round" and sigma.estimator is None
    if terms.value.method == "mean" and round_s and ceiling(len(used)) < 3:
        yield "own_spread", {"n": len(used), "most": f"{ceiling(len(used)):.2f}"}


def _of_blunder(blunder: Blunder) -> Told:
    facts: dict[str, object] = {
        "lab": blunder.laboratory,
        "why": blunder.text("en"),
        "why_zh": blunder.text("zh"),
    }
    return "blunder", facts
