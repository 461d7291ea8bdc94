"""What an audit says, on cases small enough to count by hand."""

from dataclasses import replace
from fractions import Fraction
from itertools import permutations
from math import log2

import numpy as np
import pandas as pd
import pytest
from flow_worlds import staffable
from hypothesis import assume, given
from ruled_worlds import ruled_problems, valid, worlds

from fairlot._base.errors import InvalidInput
from fairlot.assignment import Problem, Teams, probabilities, shares
from fairlot.assignment.audit import audit
from fairlot.assignment.audit_pairs import _meet, pairs_of
from fairlot.assignment.audit_shares import shares_of
from fairlot.assignment.chances import Chances
from fairlot.assignment.frequencies import Frequencies
from fairlot.assignment.network import WHOLE
from fairlot.assignment.rules import Group, Need

# P1 may go to both sites, P2 and P3 to the first, P4 to the second, P5 to none.
PROBLEM = Problem(
    tasks=("S1", "S2"),
    officers=("P1", "P2", "P3", "P4", "P5"),
    seat_task=[0, 1],
    seat_kind=["officer", "officer"],
    quota=[2, 1],
    ptr=[0, 3, 5],
    idx=[0, 1, 2, 0, 3],
    cap=[2, 1, 1, 3, 1],
)
TEAMS = Teams(PROBLEM, np.array([0, 1, 0]), np.zeros(3, bool), "by hand")


def chances_of(*p, problem=PROBLEM, discount=None):
    grains = np.array([int(Fraction(x) * WHOLE) for x in p], np.int64)
    people = len(problem.officers)
    return Chances(problem, grains, "by hand", np.ones(people) if discount is None else discount)


CHANCES = chances_of("1/2", "3/4", "3/4", "1/4", "3/4")


def test_every_rule_is_listed_with_what_it_was_checked_on():
    found = audit(PROBLEM, TEAMS)
    assert found.rules.kept
    assert found.to_frames()["rules"].set_index("rule")["checked"].to_dict() == {
        "places": 3,
        "eligible": 3,
        "once": 2,
        "order": 2,
        "loads": 5,
        "groups": 0,
        "apart": 0,
        "needs": 0,
        "borrowed": 0,
        "own": 0,
    }
    assert str(found) == (
        "all 10 rules are kept by the 3 places\nloads run from 0 to 2 places (Gini 0.583)"
    )


def test_broken_rules_are_listed_and_the_rest_is_still_said():
    problem = replace(
        PROBLEM,
        groups=(Group("A", (0, 1), most=2),),
        needs=(Need(1, "food", (3,)),),
    )
    found = audit(problem, replace(TEAMS, problem=problem, officer=np.array([0, 1, 4])))
    frame = found.to_frames()["rules"].set_index("rule")
    assert frame.index[~frame["kept"]].tolist() == ["eligible", "needs"]
    assert frame.loc["eligible", "fault"] == "officer P5 may not take seat officer of site S2"
    assert found.text("zh").splitlines()[0] == (
        "违反规则 'eligible'：检查人员 P5 不得担任场所 S2 的 officer"
    )
    assert len(found.text().splitlines()) == 3


def test_teams_that_fill_nothing_are_refused():
    with pytest.raises(InvalidInput, match="teams fill 2 places"):
        audit(PROBLEM, replace(TEAMS, officer=np.array([0, 1])))


@given(worlds())
def test_an_audit_agrees_with_sets(world):
    problem, officers, borrowed = world
    teams = Teams(problem, np.array(officers), np.array(borrowed), "by hand")
    assert audit(problem, teams).rules.kept == valid(problem, officers)


# Loads and chances


def test_loads_beside_what_was_expected_and_possible():
    found = audit(PROBLEM, TEAMS, chances=CHANCES)
    frame = found.to_frames()["officers"]
    assert frame.to_dict("list") == {
        "officer_id": ["P1", "P2", "P3", "P4", "P5"],
        "load": [2, 1, 0, 0, 0],
        "least": [0] * 5,
        "cap": [2, 1, 1, 3, 1],
        "possible": [2, 1, 1, 1, 0],
        "expected": [0.75, 0.75, 0.75, 0.75, 0.0],
        "relative": [0.375, 0.75, 0.75, 0.75, pytest.approx(np.nan, nan_ok=True)],
        "discount": [1.0] * 5,
    }
    # Loads 2, 1, 0, 0 of those who may go: differences 1 2 2 1 1 0, twice 14, over 2 * 4 * 3.
    assert found.loads.gini == pytest.approx(14 / 24)
    assert found.loads.range == (0, 2)


def test_a_task_counts_once_for_an_officer_of_two_of_its_seats():
    problem = Problem(
        tasks=("S1",), officers=("P1", "P2"), cap=[5, 5], seat_task=[0, 0],
        seat_kind=["lead", "officer"], ptr=[0, 1, 3], idx=[0, 0, 1],
    )  # fmt: skip
    teams = Teams(problem, np.array([0, 1]), np.zeros(2, bool), "by hand")
    assert audit(problem, teams).loads.possible.tolist() == [1, 1]


def test_shares_of_an_equal_chance():
    # S1: 2 places, 3 officers, equal 2/3: 1/2 is 3/4 of it and 3/4 is 9/8. S2: 1 place of 2.
    found = audit(PROBLEM, TEAMS, chances=CHANCES)
    assert found.shares.share.tolist() == [0.75, 1.125, 1.125, 0.5, 1.5]
    assert (found.shares.worst, found.shares.best) == (3, 4)
    assert found.text().splitlines()[2] == (
        "of an equal chance the worst-off pair has 0.500 (S2 – P1), the best-off 1.500 (S2 – P4);"
        " Gini 0.190; eligible pairs without a chance: 0; chances too small to be published: 0"
    )
    assert found.to_frames()["chances"]["share"].tolist() == found.shares.share.tolist()


def test_a_share_is_of_the_team_and_not_of_a_seat():
    # The lead is P1 or P2, the officer anyone: 1/2 + 1/2, 1/2 + 1/4, 1/8, 1/8 of 4 for 2 places.
    problem = Problem(
        tasks=("S1",), officers=("P1", "P2", "P3", "P4"), cap=[1] * 4, seat_task=[0, 0],
        seat_kind=["lead", "officer"], ptr=[0, 2, 6], idx=[0, 1, 0, 1, 2, 3],
    )  # fmt: skip
    teams = Teams(problem, np.array([0, 1]), np.zeros(2, bool), "by hand")
    chances = chances_of("1/2", "1/2", "1/2", "1/4", "1/8", "1/8", problem=problem)
    found = audit(problem, teams, chances=chances).shares
    assert found.share.tolist() == [2, 1.5, 0.25, 0.25]
    assert found.to_frame()["share"].tolist() == [2, 1.5, 2, 1.5, 0.25, 0.25]
    assert (found.worst, found.best, found.impossible) == (4, 0, 0)
    assert "worst-off pair has 0.250 (S1 – P3), the best-off 2.000 (S1 – P1)" in found.text()


@given(staffable())
def test_shares_of_an_audit_lie_within_the_best_of_any_lottery(problem):
    assume(problem.quota.sum())
    chances = probabilities(problem)
    assume(not chances.vanished)
    best, found = shares(problem), shares_of(chances)
    assert np.nanmin(found.share) <= best.maxmin + 1e-7
    assert np.nanmax(found.share) >= best.minmax - 1e-7


def test_a_pair_without_a_chance_has_no_share_and_does_not_dilute_the_others():
    found = audit(PROBLEM, TEAMS, chances=chances_of(1, 1, 0, 0, 1))
    assert np.nan_to_num(found.shares.share, nan=-1).tolist() == [1, 1, -1, -1, 1]
    assert (found.shares.impossible, found.shares.gini) == (2, 0.0)


@pytest.mark.parametrize(("floor", "below"), [(None, 0), ("1.6", 0), ("1.61", 1), ("3", 2)])
def test_sites_below_the_floor(floor, below):
    # S1: 4 / (1/4 + 9/16 + 9/16) = 2.909; S2: 1 / (1/16 + 9/16) = 1.6.
    found = audit(PROBLEM, TEAMS, chances=CHANCES, floor=floor)
    assert found.sites.to_frame()["effective"].tolist() == ["2.90", "1.60"]
    assert found.sites.below.sum() == below
    assert "site S2 has the fewest effective officers, 1.60 of 2 eligible" in found.text()


def test_a_floor_between_two_hundredths_asks_for_the_upper():
    assert audit(PROBLEM, TEAMS, chances=CHANCES, floor="2.901").sites.below.tolist() == [True] * 2
    with pytest.raises(InvalidInput, match="floor is 'three'; want a decimal text"):
        audit(PROBLEM, TEAMS, chances=CHANCES, floor="three")


def test_chances_of_another_problem_are_refused():
    other = replace(PROBLEM, tasks=("S1", "S3"))
    with pytest.raises(InvalidInput, match="chances are of 5 pairs of another problem"):
        audit(PROBLEM, TEAMS, chances=chances_of("1/2", "3/4", "3/4", "1/4", "3/4", problem=other))


# Many lotteries


def lotteries(count, n, pairs=None, chances=CHANCES):
    return Frequencies(chances, n, np.array(count), pairs)


def test_frequencies_beside_the_chances():
    found = audit(PROBLEM, TEAMS, chances=CHANCES, frequencies=lotteries([2, 3, 3, 0, 4], 4))
    assert found.drawn.deviation.tolist() == [0, 0, 0, -0.25, 0.25]
    # Nobody in 4 at 1/4: (3/4)^4, twice, times five pairs is above 1.
    assert found.drawn.false_alarm == 1.0
    assert found.pairs is None


def test_a_lottery_that_breaks_its_chances_is_seen():
    found = audit(PROBLEM, TEAMS, chances=CHANCES, frequencies=lotteries([50, 75, 75, 75, 25], 100))
    assert found.drawn.edge in (3, 4)
    assert found.drawn.false_alarm < 1e-18
    certain = chances_of(1, 1, 0, 0, 1)
    never = audit(PROBLEM, TEAMS, frequencies=lotteries([4, 3, 1, 0, 4], 4, chances=certain))
    assert (never.drawn.edge, never.drawn.false_alarm) == (1, 0)


def test_frequencies_with_other_chances_are_refused():
    other = lotteries([2, 3, 3, 0, 4], 4, chances=chances_of(1, 1, 0, 0, 1))
    with pytest.raises(InvalidInput, match="frequencies are those of a lottery with other chances"):
        audit(PROBLEM, TEAMS, chances=CHANCES, frequencies=other)


TRIO = Problem(tasks=("S1",), officers=("P1", "P2", "P3"), cap=[1, 1, 1], quota=[2],
               seat_task=[0], seat_kind=["officer"], ptr=[0, 3], idx=[0, 1, 2])  # fmt: skip
EVEN = chances_of("3/4", "3/4", "1/2", problem=TRIO)
NONE = np.zeros((3, 3), np.int64)


def test_pairs_that_never_meet_and_the_bits_of_the_others():
    met = np.zeros((3, 3), np.int64)
    met[0, 1] = met[1, 0] = 6
    met[0, 2] = met[2, 0] = 2
    teams = Teams(TRIO, np.array([0, 1]), np.zeros(2, bool), "by hand")
    found = audit(TRIO, teams, frequencies=Frequencies(EVEN, 8, np.array([8, 6, 2]), met))
    assert found.pairs.never.tolist() == [[1, 2]]
    assert found.pairs.bits == pytest.approx(-(0.75 * log2(0.75) + 0.25 * log2(0.25)))
    assert found.pairs.uniform == pytest.approx(log2(3))
    assert found.text().splitlines()[-1] == (
        "in 8 lotteries 2 of 3 pairs of officers who could meet in a team have;"
        " entropy 0.811 bits of 1.585"
    )


@pytest.mark.parametrize(
    ("rules", "pairs"),
    [
        ({}, [[0, 1], [0, 2], [1, 2]]),
        ({"apart": [(-1, 2, 1)]}, [[0, 1], [0, 2]]),
        ({"apart": [(0, 0, 1), (0, 0, 2)]}, [[1, 2]]),
        ({"quota": [1]}, []),
    ],
)
def test_who_could_meet(rules, pairs):
    even = replace(EVEN, problem=replace(TRIO, **rules))
    assert pairs_of(even, NONE, 1).never.tolist() == pairs


def test_seats_of_one_task_let_their_officers_meet_unless_apart_there():
    problem = Problem(
        tasks=("S1", "S2"), officers=("P1", "P2", "P3"), cap=[2, 2, 2], quota=[1, 1, 1, 1],
        seat_task=[0, 0, 1, 1], seat_kind=["lead", "officer"] * 2,
        ptr=[0, 1, 3, 4, 6], idx=[0, 1, 2, 0, 0, 1], apart=[(0, 0, 1), (1, 1, 2)],
    )  # fmt: skip
    every = chances_of(1, "1/2", "1/2", 1, "1/2", "1/2", problem=problem)
    assert pairs_of(every, NONE, 1).never.tolist() == [[0, 1], [0, 2]]
    fewer = chances_of(1, "1/2", "1/2", 1, 1, 0, problem=problem)
    assert pairs_of(fewer, NONE, 1).never.tolist() == [[0, 2]]


def could_meet(problem):
    """Two officers on two places of one task, read off with sets."""
    task = problem.seat_task[problem.place_seat]
    rows = [set(problem.row(seat).tolist()) for seat in problem.place_seat]
    barred = {(t, *sorted(pair)) for t, *pair in problem.apart.tolist()}
    found = {
        (int(task[i]), *sorted((a, b)))
        for i, j in permutations(range(task.size), 2)
        for a in rows[i]
        for b in rows[j] - {a}
        if task[i] == task[j]
    }
    return sorted({row[1:] for row in found if not {row, (-1, *row[1:])} & barred})


@given(ruled_problems())
def test_whoever_could_meet_is_found(problem):
    every = Chances(problem, np.ones(problem.idx.size, np.int64), "by hand", np.ones(0))
    people = len(problem.officers)
    found = pairs_of(every, np.zeros((people, people), np.int64), 1)
    assert [tuple(pair) for pair in found.never.tolist()] == could_meet(problem)
    plain = getattr(_meet, "py_func", _meet)
    rows = problem.seat_task, problem.quota, problem.ptr, problem.idx
    apart = problem.apart[problem.apart[:, 0] >= 0]
    apart[:, 1:].sort(axis=1)
    given_all = (*rows, np.ones(problem.idx.size, np.bool_), people, apart)
    assert np.array_equal(_meet(*given_all), plain(*given_all))


# Travel


KM = pd.DataFrame(
    {"site_id": ["S1", "S1", "S2", "S2"], "officer_id": ["P1", "P2", "P1", "P4"],
     "km": [1.5, 2.0, 9.0, 4.0]}
)  # fmt: skip


def test_the_ways():
    found = audit(PROBLEM, TEAMS, distance=KM)
    travel = found.travel
    assert (travel.total, travel.most, travel.furthest) == (12.5, 9.0, ("S2", "P1"))
    assert found.text("zh").splitlines()[-1] == (
        "路程合计 12.5 公里，平均每个名额 4.2 公里；最远 9.0 公里，S2 – P1"
    )


def test_a_way_that_is_missing_or_told_twice_is_refused():
    with pytest.raises(InvalidInput, match="distance: site S1 and officer P2 has no distance"):
        audit(PROBLEM, TEAMS, distance=KM.drop(index=1))
    with pytest.raises(InvalidInput, match="distance: site S2 and officer P4 is listed twice"):
        audit(PROBLEM, TEAMS, distance=pd.concat([KM, KM.tail(1)]))


# Nothing to judge, and what cannot be meant

EMPTY = {"seat_task": [], "seat_kind": [], "ptr": [0], "idx": []}
PLACELESS = [
    Problem(tasks=(), officers=(), cap=[], **EMPTY),
    Problem(tasks=(), officers=("P1", "P2"), cap=[1, 1], **EMPTY),
    Problem(tasks=("S1",), officers=("P1",), cap=[1], seat_task=[0], seat_kind=["officer"],
            quota=[0], ptr=[0, 1], idx=[0]),
]  # fmt: skip


@pytest.mark.parametrize("problem", PLACELESS)
def test_an_audit_of_no_places_says_so(problem):
    teams = Teams(problem, np.zeros(0, np.int64), np.zeros(0, bool), "by hand")
    chances = Chances(problem, np.zeros(problem.idx.size, np.int64), "", np.ones(problem.cap.size))
    met = np.zeros((problem.cap.size,) * 2, np.int64)
    lotteries = Frequencies(chances, 4, np.zeros(problem.idx.size, np.int64), met)
    distance = pd.DataFrame({"site_id": [], "officer_id": [], "km": []})
    found = audit(problem, teams, frequencies=lotteries, distance=distance, floor="2")
    assert found.text() == (
        "all 10 rules are kept by the 0 places\nloads run from 0 to 0 places (Gini 0.000)"
    )
    assert [*found.to_frames()] == ["rules", "officers"]


def test_an_audit_in_another_language_is_refused():
    with pytest.raises(InvalidInput, match="lang is 'fr'; want one of en, zh"):
        audit(PROBLEM, TEAMS).text("fr")


@pytest.mark.parametrize("floor", ["-1", "1e3", "1/2", "", " 2", "nan"])
def test_a_floor_that_is_no_decimal_text_is_refused(floor):
    with pytest.raises(InvalidInput, match=f"floor is '{floor}'; want a decimal text"):
        audit(PROBLEM, TEAMS, floor=floor)


def test_a_replacement_may_leave_others_with_room():
    problem = Problem(tasks=("S1",), officers=("P1", "P2"), cap=[1, 1], seat_task=[0],
                      seat_kind=["officer"], ptr=[0, 2], idx=[0, 1], tier=[0, 1])  # fmt: skip
    teams = Teams(problem, np.array([1]), np.array([True]), "by hand")
    strict = {one.rule: one.fault for one in audit(problem, teams).rules.each}
    assert strict["own"] is not None
    after = {one.rule: one.fault for one in audit(problem, teams, replaced=True).rules.each}
    assert "own" not in after
    assert not any(after.values())
