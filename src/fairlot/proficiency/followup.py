"""Who is ordered to correct what, and by when: 可疑 and 不满意, samples left out or not gradable."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from fairlot._base.workdays import Workdays
from fairlot.proficiency.scoring import Graded
from fairlot.proficiency.terms import ABSENT, OPEN, Terms
from fairlot.proficiency.verdict import Sample, Verdict, missing

__all__ = ["ORDERED", "Correction", "Order", "orders"]

ORDERED = {
    "ordered": ("to be corrected", "责令整改"),
    "passed": ("corrected: the retest passed", "补测合格"),
    "failed": ("the retest failed too", "补测仍不合格"),
}
"""The state of an order, in English and Chinese."""


@dataclass(frozen=True, slots=True)
class Correction:
    """What must be corrected for one measurand and level.

    why    a grade that is followed up, or ``ABSENT`` or ``OPEN``
    state  a key of ``ORDERED``
    """

    measurand: str
    level: str
    why: str
    state: str


@dataclass(frozen=True, slots=True)
class Order:
    """A laboratory that must correct something.

    why      what is followed up, such as "可疑 2, 不满意 1", or "缺席" of who stayed away
    due      last day for the correction
    state    a key of ``ORDERED``: "failed" if any correction has, "passed" once all have
    samples  the corrections, one a measurand and level
    """

    lab: str
    name: str
    measurand: str
    why: str
    due: date
    state: str
    samples: tuple[Correction, ...]


def orders(
    found: Iterable[Verdict],
    scheme: Terms,
    calendar: Workdays = Workdays(),  # noqa: B008 (frozen)
) -> list[Order]:
    """Return who is ordered to correct, and until when, in the order of the verdicts.

    calendar  the holidays and worked weekends between the report and the deadline; Monday to Friday
              where none is given

    A grade that is followed up leads to an order even where the verdict is a pass: 可疑 too must be
    looked into. A retest corrects its own sample, and only with a grade that is not followed up.
    """
    due = calendar.after(date.fromisoformat(scheme.issued), scheme.followup.working_days)
    return [order for verdict in found for order in _order(verdict, scheme, due)]


def _order(verdict: Verdict, scheme: Terms, due: date) -> Iterator[Order]:
    parts = tuple(part for sample in verdict.samples for part in _correction(sample, scheme))
    if parts:
        times = Counter(part.why for part in parts)
        known = (label for label in (*scheme.grades.labels, ABSENT, OPEN) if times[label])
        why = ", ".join(f"{label} {times[label]}" for label in known)
        yield Order(verdict.lab, verdict.name, verdict.measurand,
                    ABSENT if verdict.first == ABSENT else why, due, _state(parts), parts)  # fmt: skip


def _correction(sample: Sample, scheme: Terms) -> Iterator[Correction]:
    """Yield the correction that a sample needs, for a retest that failed on its own too."""
    first, again = (_followed(one, scheme) for one in (sample.first, sample.retest))
    retested = bool(sample.retest and sample.retest.grade)
    failed = retested and bool(again)
    if first or failed:
        state = "failed" if failed else "passed" if retested else "ordered"
        yield Correction(sample.measurand, sample.level, first or again, state)


def _followed(one: Graded | None, scheme: Terms) -> str:
    """Return why a result must be corrected, "" where nothing must."""
    rule, kind = scheme.followup, missing(one)
    if kind:
        return kind if {ABSENT: rule.absent, OPEN: rule.ungraded}[kind] else ""
    return one.grade if one and one.grade in rule.grades else ""


def _state(parts: Iterable[Correction]) -> str:
    states = {part.state for part in parts}
    return next(state for state in ("failed", "ordered", "passed") if state in states)
