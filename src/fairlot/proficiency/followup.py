"""Who is ordered to correct what, and by when: 可疑 and 不满意, and those who stayed away."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from fairlot._base.workdays import Workdays
from fairlot.proficiency.terms import Terms
from fairlot.proficiency.verdict import ABSENT, Verdict

__all__ = ["ORDERED", "Order", "orders"]

ORDERED = {
    "ordered": ("to be corrected", "责令整改"),
    "passed": ("corrected: the retest passed", "补测合格"),
    "failed": ("the retest failed too", "补测仍不合格"),
}
"""The state of an order, in English and Chinese."""


@dataclass(frozen=True, slots=True)
class Order:
    """A laboratory that must correct something.

    why    its grades that are followed up, such as "可疑 2, 不满意 1", or "缺席"
    due    last day for the correction
    state  a key of ``ORDERED``
    """

    lab: str
    name: str
    measurand: str
    why: str
    due: date
    state: str


def orders(
    found: Iterable[Verdict],
    scheme: Terms,
    calendar: Workdays = Workdays(),  # noqa: B008 (frozen)
) -> list[Order]:
    """Return who is ordered to correct, and until when, in the order of the verdicts.

    calendar  the holidays and worked weekends between the report and the deadline; Monday to Friday
              where none is given

    A grade that is followed up leads to an order even where the verdict is a pass: 可疑 too must be
    looked into.
    """
    due = calendar.after(date.fromisoformat(scheme.issued), scheme.followup.working_days)
    return [order for verdict in found for order in _order(verdict, scheme, due)]


def _order(verdict: Verdict, scheme: Terms, due: date) -> Iterator[Order]:
    counted = zip(scheme.grades.labels, verdict.counts, strict=True)
    why = [f"{grade} {n}" for grade, n in counted if n and grade in scheme.followup.grades]
    if verdict.first == ABSENT and scheme.followup.absent:
        why = [ABSENT]
    if verdict.left_out:
        why.append(f"{ABSENT} {verdict.left_out}")
    if why:
        state = "ordered"
        if verdict.retest:
            state = "passed" if verdict.retest == scheme.verdict.labels[0] else "failed"
        yield Order(verdict.lab, verdict.name, verdict.measurand, ", ".join(why), due, state)
