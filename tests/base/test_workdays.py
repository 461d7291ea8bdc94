"""Working days on a calendar that is handed in."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fairlot._base.errors import InvalidInput
from fairlot._base.workdays import Workdays

DAYS = st.dates(date(2026, 1, 1), date(2026, 3, 1))


def test_a_week_without_holidays():
    friday = date(2026, 7, 3)
    assert [Workdays().after(friday, n).day for n in range(7)] == [3, 6, 7, 8, 9, 10, 13]


def test_holidays_and_worked_weekends_of_the_new_year():
    calendar = Workdays.parse(
        [
            "\ufeff# 2026",
            "2026-01-01 休 元旦",
            "2026-01-02,holiday",
            "2026-01-04\tworkday",
            "2026-01-03 休",
        ]
    )
    assert calendar.after(date(2025, 12, 31), 1) == date(2026, 1, 4)
    assert calendar.after(date(2025, 12, 31), 2) == date(2026, 1, 5)
    assert not calendar.works(date(2026, 1, 2))


@pytest.mark.parametrize(
    "line", ["2026-02-30 休", "2026-1-1 休", "休 2026-01-01", "2026-01-01 调休"]
)
def test_a_line_that_is_none_is_refused_with_its_number(line):
    with pytest.raises(InvalidInput, match="line 2 of the calendar is") as refused:
        Workdays.parse(["2026-01-01 休", line])
    assert refused.value.facts["number"] == 2


def test_a_calendar_without_working_days_is_refused():
    first = date(2026, 1, 1)
    every = frozenset(first + timedelta(days=i) for i in range(11_000))
    with pytest.raises(InvalidInput, match="no working day after"):
        Workdays(every).after(first, 1)


@given(DAYS, st.integers(1, 40), st.sets(DAYS), st.sets(DAYS))
def test_between_lie_exactly_as_many_working_days(day, n, holidays, worked):
    calendar = Workdays(frozenset(holidays), frozenset(worked))
    end = calendar.after(day, n)
    between = (day + timedelta(days=i) for i in range(1, (end - day).days + 1))
    assert calendar.works(end)
    assert sum(map(calendar.works, between)) == n
