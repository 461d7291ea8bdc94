"""Every cheat on a team is found by the check that trusts no solver."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from ruled_worlds import valid, worlds
from staffed_worlds import build, conflict, officer, problem_of, site

from fairlot._base.errors import InvalidInput
from fairlot.assignment import Problem, Teams, check_teams, team_check
from fairlot.assignment.rules import Group, Need
from fairlot.assignment.teams import colleagues

PROBLEM = problem_of([[[0, 1, 2], [0, 1, 2]], [[1, 2, 3], [1, 2, 3]]], [1, 1, 1, 1])
TEAMS = Teams(PROBLEM, np.array([0, 1, 2, 3]), np.zeros(4, bool), "by hand")

CHEATS = {
    "an officer who may not go": (
        [0, 1, 2, 0],
        "officer P000 may not take seat officer of site S0001",
    ),
    "an officer twice in a team": (
        [0, 0, 2, 3],
        "officer P000 sits twice in the team of site S0000",
    ),
    "an officer above the cap": ([0, 1, 1, 3], "officer P001 takes 2 places; want 0 to 1"),
    "an officer of no register": ([0, 1, 2, 4], "teams fill 3 places"),
    "a place left empty": ([0, 1, 2, -1], "teams fill 3 places"),
    "a place too few": ([0, 1, 2], "want an officer of the problem on each of 4"),
}


def test_honest_teams_pass():
    check_teams(PROBLEM, TEAMS)


@pytest.mark.parametrize(("officers", "message"), CHEATS.values(), ids=CHEATS)
def test_a_cheat_is_named(officers, message):
    refused(PROBLEM, officers, message)


def refused(problem, officers, message):
    teams = Teams(problem, np.array(officers), np.zeros(len(officers), bool), "by hand")
    with pytest.raises(InvalidInput, match=message) as refusal:
        check_teams(problem, teams)
    assert refusal.value.text("zh") != refusal.value.text("en")


# One seat with several places, loads, groups, pairs and needs

WIDE = Problem(
    tasks=("S1", "S2"),
    officers=("P1", "P2", "P3", "P4", "P5"),
    seat_task=[0, 1],
    seat_kind=["officer", "officer"],
    quota=[2, 2],
    ptr=[0, 5, 10],
    idx=[*range(5), *range(5)],
    cap=[2] * 5,
)


def test_the_officers_of_a_seat_stand_in_order():
    refused(WIDE, [0, 1, 3, 2], "officer P3 stands out of order on seat officer of site S2")


def test_a_load_below_the_least_is_named():
    refused(
        replace(WIDE, least=[0, 0, 0, 0, 1]),
        [0, 1, 0, 1],
        "officer P5 takes 0 places; want 1 to 2",
    )


@pytest.mark.parametrize(
    ("group", "message"),
    [
        (Group("A", (0, 1), most=3), "group A takes 4 places; want 0 to 3"),
        (Group("B", (2, 3, 4), least=1, most=9), "group B takes 0 places; want 1 to 9"),
    ],
)
def test_a_group_outside_its_limits_is_named(group, message):
    refused(replace(WIDE, groups=(group,)), [0, 1, 0, 1], message)


@pytest.mark.parametrize("row", [(-1, 3, 1), (1, 1, 3), (1, 3, 1)])
def test_two_who_may_not_serve_together_are_named(row):
    problem = replace(WIDE, apart=[row])
    refused(problem, [0, 1, 1, 3], "officers P2 and P4 of site S2 may not serve together")
    check_teams(problem, Teams(problem, np.array([1, 2, 2, 3]), np.zeros(4, bool), "by hand"))


def test_two_apart_at_one_site_may_serve_together_at_another():
    problem = replace(WIDE, apart=[(0, 1, 3)])
    check_teams(problem, Teams(problem, np.array([0, 1, 1, 3]), np.zeros(4, bool), "by hand"))


def test_a_need_that_is_not_met_is_named():
    problem = replace(WIDE, needs=(Need(1, "food", (0, 4), 2), Need(1, "lead", (0,))))
    refused(problem, [0, 1, 0, 1], "the team of site S2 holds 1 of food; want at least 2")
    check_teams(problem, Teams(problem, np.array([0, 1, 0, 4]), np.zeros(4, bool), "by hand"))


# Borrowed officers

LENDING = build(
    [site("S1")],
    [officer("P1"), officer("P2"), officer("P3", bureau_id="C")],
    support={"B": ("C",)},
)


def lent(officers, borrowed, problem=LENDING):
    return Teams(problem, np.array(officers), np.array(borrowed), "by hand")


def test_a_needless_loan_is_named():
    check_teams(LENDING, lent([0, 1], [False, False]))
    with pytest.raises(InvalidInput, match="P3 is borrowed for site S1, whose bureau has P2 with"):
        check_teams(LENDING, lent([0, 2], [False, True]))


def test_what_teams_are_called_switches_no_rule_off():
    teams = replace(lent([0, 2], [False, True]), design="replacement/1")
    with pytest.raises(InvalidInput, match="P3 is borrowed for site S1"):
        check_teams(LENDING, teams)
    check_teams(LENDING, teams, replaced=True)
    with pytest.raises(InvalidInput, match="borrowed does not say"):
        check_teams(LENDING, replace(teams, borrowed=np.zeros(2, bool)), replaced=True)


def test_a_problem_too_great_for_whole_assignments_opens_every_tier(monkeypatch):
    ruled = replace(LENDING, needs=(Need(0, "any", (0, 1, 2)),))
    with pytest.raises(InvalidInput, match="P3 is borrowed"):
        check_teams(ruled, lent([0, 2], [False, True], ruled))
    monkeypatch.setattr(team_check, "PAIRS", 2)
    check_teams(ruled, lent([0, 2], [False, True], ruled))
    with pytest.raises(InvalidInput, match="P3 is borrowed"):
        check_teams(LENDING, lent([0, 2], [False, True]))


@pytest.mark.parametrize("borrowed", [[False, False], [True, False], [True, True]])
def test_a_loan_that_is_not_said_is_named(borrowed):
    with pytest.raises(InvalidInput, match="borrowed does not say where they come from"):
        check_teams(LENDING, lent([0, 2], borrowed))


def test_a_loan_is_right_where_the_officer_at_home_is_in_conflict():
    officers = [officer("P1"), officer("P2"), officer("P3", bureau_id="C")]
    problem = build([site("S1")], officers, [conflict("P2", "S1")], support={"B": ("C",)})
    check_teams(problem, lent([0, 2], [False, True], problem))


@pytest.mark.parametrize(
    "rule",
    [
        {"cap": [1, 0, 1]},
        {"groups": (Group("B", (0, 1), most=1),)},
        {"apart": [(-1, 0, 1)]},
        {"needs": (Need(0, "food", (2,)),)},
    ],
    ids=["cap", "group", "apart", "need"],
)
def test_a_loan_is_right_where_another_rule_keeps_the_officer_at_home_away(rule):
    problem = replace(LENDING, **rule)
    check_teams(problem, lent([0, 2], [False, True], problem))


def test_the_table_says_who_goes_where():
    frame = lent([0, 2], [False, True]).to_frame()
    assert frame.to_dict("list") == {
        "site_id": ["S1", "S1"],
        "seat": ["officer", "officer"],
        "officer_id": ["P1", "P3"],
        "borrowed": [False, True],
    }
    assert lent([0, 2], [False, True]).loads.tolist() == [1, 0, 1]


# A literal second reading of every rule


@given(worlds())
@settings(max_examples=300)
def test_the_check_agrees_with_sets(world):
    problem, officers, borrowed = world
    teams = Teams(problem, np.array(officers), np.array(borrowed), "by hand")
    if valid(problem, officers):
        check_teams(problem, teams)
    else:
        with pytest.raises(InvalidInput):
            check_teams(problem, teams)


@given(worlds())
def test_colleagues_are_all_pairs_of_a_team(world):
    problem, officers, _ = world
    task = problem.seat_task[problem.place_seat].tolist()
    want = [
        (t, *sorted((officers[i], officers[j])))
        for i, t in enumerate(task)
        for j in range(i + 1, len(task))
        if task[j] == t
    ]
    found = colleagues(problem, np.array(officers))
    assert sorted(zip(*map(np.ndarray.tolist, found), strict=True)) == sorted(want)
