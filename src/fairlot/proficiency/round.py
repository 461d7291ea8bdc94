"""A round: from the results that came in and the scheme to scores, verdicts and orders to correct."""

import re
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from fairlot._base.workdays import Workdays
from fairlot.proficiency.blunders import Blunder, blunders
from fairlot.proficiency.choice import Choice
from fairlot.proficiency.expected import complete
from fairlot.proficiency.followup import Order, orders
from fairlot.proficiency.level import Level, score_level
from fairlot.proficiency.material import checks, items, refuse_strangers, with_u_hom
from fairlot.proficiency.received import of_round
from fairlot.proficiency.scheme import Scheme
from fairlot.proficiency.scoring import Graded
from fairlot.proficiency.submitted import Submitted, submitted
from fairlot.proficiency.terms import Measurand
from fairlot.proficiency.verdict import Verdict, verdicts
from fairlot.registers.problems import Problem
from fairlot.registers.results import ATTEMPTS, Results, read_results

__all__ = ["Round", "score_round"]

Key = tuple[str, str]


@dataclass(frozen=True, eq=False)
class Round:
    """A scored round.

    scheme    how it was scored, and ``digest``, the SHA-256 of all of its terms
    levels    every measurand and level of the results, in the order of the scheme
    verdicts  on every laboratory, by measurand or as a whole
    orders    who must correct what, and by when
    problems  what was repaired or noticed while the results were read
    source    name of the file of results
    calendar  by which deadlines were counted; None where none was handed in
    """

    scheme: Scheme
    digest: str
    levels: tuple[Level, ...]
    verdicts: tuple[Verdict, ...]
    orders: tuple[Order, ...]
    problems: tuple[Problem, ...]
    source: str
    calendar: Workdays | None = None
    algorithm: str = "score_round/1"

    @cached_property
    def results(self) -> tuple[Graded, ...]:
        """Every result of every level."""
        return tuple(one for level in self.levels for one in level.results)

    @property
    def choices(self) -> tuple[Choice, ...]:
        """Everything that was chosen on the way, with the reason."""
        weekdays = self.orders and self.calendar is None
        general = (Choice("", "", "weekdays", {}),) if weekdays else ()
        return (*(choice for level in self.levels for choice in level.choices), *general)


def score_round(
    results: Any,
    scheme: Scheme,
    *,
    calendar: Workdays | None = None,
    participants: Any = None,
    homogeneity: Any = None,
    stability: Any = None,
) -> Round:
    """Score every result of a round, roll the grades up to verdicts, and say who must correct what.

    results   path or frame, as :func:`fairlot.registers.read_results` takes it, or what that read
    scheme    how to score; the same scheme and results give the same figures everywhere
    calendar  holidays and worked weekends for the deadlines; Monday to Friday without one, as is
              then told
    participants  who takes part, path or frame: laboratory, its name, and its measurands if not all;
              who sends nothing for a level stands there as absent, and one not listed is refused.
              Without it, only who reports some levels of a measurand is absent from the others
    homogeneity, stability  what the items gave before and after, path or frame: the columns of the
              results, ``item`` (瓶号) instead of the laboratory; each is checked and told as a choice

    Every row of the results comes back with a grade or the reason why it has none; nobody leaves
    the round in silence. Raises InvalidInput, with all of them, for results that cannot be read and
    measurands that the scheme does not have.

    >>> import pandas as pd
    >>> scheme = Scheme.parse('''
    ... spec = "fairlot.pt/v1"
    ... provider = "example provider"
    ... round = "PT-1"
    ... title = "lead"
    ... issued = 2026-06-30
    ... [[measurands]]
    ... name = "Pb"
    ... value = { method = "reference", x_pt = "0.3" }
    ... sigma = { method = "fixed", sigma_pt = "0.3" }
    ... ''')
    >>> table = pd.DataFrame({"lab": ["A", "B"], "measurand": "Pb", "value": ["0.9", "1.2"]})
    >>> [(v.lab, v.final) for v in score_round(table, scheme).verdicts]
    [('A', '合格'), ('B', '不合格')]
    """
    read = results if isinstance(results, Results) else read_results(results, scheme.units())
    read = of_round(read, scheme)
    read, problems = complete(read, scheme, participants)
    terms = _terms(read, scheme)
    before, after = (items(table, scheme.units()) for table in (homogeneity, stability))
    refuse_strangers([*before, *after], terms)
    terms = {key: with_u_hom(each, key, before) for key, each in terms.items()}
    values = submitted(read, {key: each.replicates for key, each in terms.items()})
    set_aside = _blunders(values) if scheme.blunders == "removed" else {}
    levels = tuple(
        score_level(values[key], terms[key], scheme, set_aside.get(key, ())) for key in terms
    )
    levels = tuple(level.with_choices(checks(level, before, after)) for level in levels)
    found = verdicts([one for level in levels for one in level.results], scheme)
    followed = orders(found, scheme, calendar or Workdays())
    return Round(scheme, scheme.digest(), levels, tuple(found), tuple(followed), problems,
                 read.source, calendar)  # fmt: skip


def _terms(read: Results, scheme: Scheme) -> dict[Key, Measurand]:
    """Return the terms of every level in the results, in the order of the scheme."""
    places = {(each.name, each.level): i for i, each in enumerate(scheme.measurands)}
    first = {name: i for (name, _), i in reversed(places.items())}
    keys = set(zip(read.frame["measurand"], read.frame["level"], strict=True))
    terms = {key: scheme.of_level(*key) for key in keys}
    places.update({key: places[terms[key].name, terms[key].level] for key in keys})
    ordered = sorted(keys, key=lambda key: (first[key[0]], places[key], _natural(key[1])))
    return {key: terms[key] for key in ordered}


def _natural(level: str) -> list[tuple[int, int, str]]:
    """Return what sorts S2 before S10.

    >>> sorted(["S10", "S2", "S1"], key=_natural)
    ['S1', 'S2', 'S10']
    """
    parts = re.split(r"([0-9]+)", level)
    return [(1, int(part), "") if part.isdecimal() else (0, 0, part) for part in parts]


def _blunders(values: dict[Key, list[Submitted]]) -> dict[Key, list[Blunder]]:
    """Return the blunders among the first results of every level.

    Samples are exchanged within a measurand; values of two measurands are seldom comparable.
    """
    samples: dict[str, list[Submitted]] = {}
    for (measurand, _), of in values.items():
        first = (one for one in of if one.form == "number" and one.attempt == ATTEMPTS[0])
        samples.setdefault(measurand, []).extend(first)
    found: dict[Key, list[Blunder]] = {}
    for measurand, rows in samples.items():
        if rows:
            numbers = [float(one.x or 0) for one in rows]
            record = blunders(numbers, [one.lab for one in rows], [one.level for one in rows])
            for each in record.found:
                found.setdefault((measurand, each.measurand), []).append(each)
    return found
