"""Working days, counted on a calendar that is handed in: nobody can compute next year's holidays."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from fairlot._base.errors import InvalidInput

__all__ = ["Workdays"]

FRIDAY = 4
LONGEST = 10_000
_LINE = re.compile(r"(\d{4}-\d{2}-\d{2})\s*[,\t ]\s*(holiday|workday|休|班)(?:\s.*)?")


@dataclass(frozen=True)
class Workdays:
    """Monday to Friday but ``holidays``, and the weekend days that are worked instead (调休).

    >>> Workdays(frozenset({date(2026, 5, 1)}), frozenset({date(2026, 5, 9)})).after(
    ...     date(2026, 4, 30), 6)
    datetime.date(2026, 5, 9)
    """

    holidays: frozenset[date] = frozenset()
    worked: frozenset[date] = frozenset()

    @classmethod
    def parse(cls, lines: Iterable[str]) -> "Workdays":
        """Read a calendar: on each line a date and "holiday" (休) or "workday" (班); # is a comment.

        >>> Workdays.parse(["2026-05-01 休 劳动节", "", "2026-05-09 班"]).worked
        frozenset({datetime.date(2026, 5, 9)})
        """
        days: dict[str, set[date]] = {"休": set(), "班": set()}
        for number, line in enumerate(lines, start=1):
            text = line.split("#")[0].strip().lstrip("\ufeff")
            if text:
                day, kind = _read(text, number)
                days[{"holiday": "休", "workday": "班"}.get(kind, kind)].add(day)
        return cls(frozenset(days["休"]), frozenset(days["班"]))

    def works(self, day: date) -> bool:
        """Say whether ``day`` is a working day."""
        return day in self.worked or (day.weekday() <= FRIDAY and day not in self.holidays)

    def after(self, day: date, n: int) -> date:
        """Return the n-th working day after ``day``; day itself does not count."""
        for _ in range(n):
            day += timedelta(days=1)
            gap = 0
            while not self.works(day):
                day, gap = day + timedelta(days=1), gap + 1
                if gap > LONGEST:
                    raise InvalidInput("the calendar has no working day after {day}; want one",
                                       zh="日历在 {day} 之后没有工作日", day=day)  # fmt: skip
        return day


def _read(text: str, number: int) -> tuple[date, str]:
    found = _LINE.fullmatch(text)
    try:
        return (date.fromisoformat(found[1]), found[2]) if found else _refuse(text, number)
    except ValueError:
        return _refuse(text, number)


def _refuse(text: str, number: int) -> tuple[date, str]:
    raise InvalidInput(
        "line {number} of the calendar is '{text}'; want a date and 'holiday' or 'workday'",
        zh="日历第 {number} 行为“{text}”，应为日期加“休”或“班”",
        number=number,
        text=text,
    )
