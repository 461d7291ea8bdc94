"""Eligible and effective officers of a site, in whole numbers."""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fairlot._base.errors import InvalidInput
from fairlot.assignment import Problem
from fairlot.assignment.chances import Chances
from fairlot.assignment.effective import effective_officers
from fairlot.assignment.gini import gini
from fairlot.assignment.network import WHOLE


def chances_of(rows, quota, *, kinds=None, task=None):
    """Chances of ``rows``: one dict (officer -> chance as a fraction) a seat."""
    task = list(range(len(rows))) if task is None else task
    people = max((o for row in rows for o in row), default=0) + 1
    problem = Problem(
        tasks=tuple(f"S{t}" for t in range(max(task) + 1)),
        officers=tuple(f"P{o:02d}" for o in range(people)),
        seat_task=task,
        seat_kind=kinds or ["officer"] * len(rows),
        quota=quota,
        ptr=np.cumsum([0, *map(len, rows)]),
        idx=[o for row in rows for o in sorted(row)],
        cap=[99] * people,
    )
    grains = [int(row[o] * WHOLE) for row in rows for o in sorted(row)]
    return Chances(problem, np.array(grains, np.int64), "by hand", np.ones(people))


def test_equal_officers_all_count():
    even = {o: Fraction(1, 4) for o in range(8)}
    assert effective_officers(chances_of([even], [2])).written == ["8.00"]


def test_a_certain_team_is_only_itself():
    sure = {0: 1, 1: 1, 2: 0, 3: 0}
    eligible, hundredths = effective_officers(chances_of([sure], [2]))
    assert (eligible.tolist(), hundredths.tolist()) == ([2], [200])


def test_the_last_digit_is_cut():
    # p = 3/4, 1/4 of one place: 1 / (9/16 + 1/16) = 1.6; p = 7/8, 1/8: 64/50 = 1.28;
    # p = 1, 1/2, 1/2 of two: 4 / 1.5 = 2.666...
    rows = [
        {0: Fraction(3, 4), 1: Fraction(1, 4)},
        {0: Fraction(7, 8), 2: Fraction(1, 8)},
        {0: 1, 1: Fraction(1, 2), 2: Fraction(1, 2)},
    ]
    assert effective_officers(chances_of(rows, [1, 1, 2])).written == ["1.60", "1.28", "2.66"]


def test_experts_are_left_out():
    rows = [{0: Fraction(1, 2), 1: Fraction(1, 2)}, {2: 1}]
    chances = chances_of(rows, [1, 1], kinds=["officer", "expert"], task=[0, 0])
    assert effective_officers(chances).eligible.tolist() == [2]
    assert effective_officers(chances).written == ["2.00"]


def test_the_chances_of_one_officer_on_two_seats_are_one_chance():
    # P00 goes surely, on either seat: 4 / (1 + 1/4 + 1/4) = 2.66
    half = Fraction(1, 2)
    rows = [{0: half, 1: half}, {0: half, 2: half}]
    chances = chances_of(rows, [1, 1], kinds=["lead", "officer"], task=[0, 0])
    assert effective_officers(chances).eligible.tolist() == [3]
    assert effective_officers(chances).written == ["2.66"]


def test_a_task_of_experts_alone_has_no_officers():
    eligible, hundredths = effective_officers(chances_of([{0: 1}], [1], kinds=["expert"]))
    assert (eligible.tolist(), hundredths.tolist()) == ([0], [0])


@given(st.lists(st.integers(0, WHOLE), max_size=40), st.integers(1, 4))
def test_whole_numbers_agree_with_fractions(cuts, quota):
    ends = [0, *sorted(quota * cut for cut in cuts), quota * WHOLE]
    grains = np.diff(ends)
    chances = chances_of([dict.fromkeys(range(grains.size), 0)], [quota])
    made = Chances(chances.problem, grains, "by hand", chances.discount)
    squares = sum(Fraction(n, WHOLE * quota) ** 2 for n in grains.tolist())
    assert effective_officers(made).hundredths.tolist() == [int(100 / squares)]


@pytest.mark.parametrize(
    ("values", "want"),
    [
        ([5], 0.0),
        ([2, 2, 2], 0.0),
        ([0, 0, 0], 0.0),
        ([0, 0, 0, 8], 3 / 4),
        ([4, 1, 1], 1 / 3),
        ([1, 2, 3, 4], 1 / 4),
        ([0.5, 1.0, 1.5], 2 / 9),
    ],
)
def test_gini_by_hand(values, want):
    assert gini(values) == want


@given(st.lists(st.integers(0, 1000), min_size=1, max_size=30))
def test_gini_is_half_the_mean_difference_over_the_mean(values):
    n, total = len(values), sum(values)
    apart = sum(abs(a - b) for a in values for b in values)
    assert gini(values) == (float(Fraction(apart, 2 * n * total)) if total else 0.0)


def test_gini_refuses_debts():
    with pytest.raises(InvalidInput, match="values hold -1.0; want 0 or more"):
        gini([1, -1])
