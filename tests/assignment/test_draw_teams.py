"""The whole way from a problem to teams, and what ``draw_teams`` refuses."""

from dataclasses import replace

import numpy as np
import pytest
from averaged_worlds import averaged, bounds, by_hand, even
from hypothesis import given, settings
from hypothesis import strategies as st
from staffed_worlds import (
    absence,
    build,
    conflict,
    lending_problems,
    most_seats,
    officer,
    problem_of,
    problems,
    site,
)

from fairlot._base.chance import Given
from fairlot._base.errors import Infeasible, InvalidInput
from fairlot.assignment import chances_check, check_teams, draw_teams, probabilities
from fairlot.assignment.chances import Columns
from fairlot.assignment.drawing import picked
from fairlot.assignment.network import BITS, WHOLE
from fairlot.assignment.rules import Group, Need
from fairlot.assignment.teams import entries

seeds = st.integers(0, 2**32 - 1)


def draw(problem, seed=1):
    return draw_teams(problem, rng=np.random.default_rng(seed))


def anyone(tasks, officers, cap, team=2):
    """Everyone may go everywhere."""
    return problem_of([[list(range(officers))] * team] * tasks, [cap] * officers)


@settings(max_examples=60)
@given(problems(), seeds)
def test_teams_are_valid_and_found_exactly_when_a_maximum_flow_fills_every_seat(problem, seed):
    if most_seats(problem) == problem.seat_task.size:
        check_teams(problem, draw(problem, seed))
    else:
        with pytest.raises(Infeasible):
            draw(problem, seed)


@settings(max_examples=60)
@given(lending_problems(), seeds)
def test_whoever_is_borrowed_is_borrowed_by_rule(problem, seed):
    try:
        chances = probabilities(problem)
    except Infeasible:
        return
    teams = draw_teams(problem, rng=np.random.default_rng(seed), chances=chances)
    check_teams(problem, teams)
    opened = chances.problem
    edge = entries(opened, teams.officer)
    assert np.array_equal(opened.idx[edge], teams.officer)
    assert np.array_equal(opened.tier[edge] > 0, teams.borrowed)
    assert teams.problem is problem


@given(averaged(), seeds)
def test_limits_that_hold_on_average_hold(chances, seed):
    low, high = bounds(chances)
    people = len(chances.problem.officers)
    limits = zip(chances.problem.groups, low[people:], high[people:], strict=True)
    groups = [replace(group, least=int(a), most=int(b)) for group, a, b in limits]
    problem = replace(chances.problem, least=low[:people], cap=high[:people], groups=groups)
    chances = by_hand(problem, chances.numerator)
    check_teams(problem, draw_teams(problem, rng=np.random.default_rng(seed), chances=chances))


def test_the_second_neighbour_is_asked_only_when_the_first_does_not_suffice():
    officers = [officer("P1"), officer("P2", bureau_id="C"), officer("P3", bureau_id="D")]
    support = {"B": ("C", "D")}
    teams = draw(build([site("S1")], officers, support=support)).to_frame()
    assert sorted(zip(teams.officer_id, teams.borrowed, strict=True)) == [
        ("P1", False),
        ("P2", True),
    ]
    ill = [conflict("P2", "S1")]
    teams = draw(build([site("S1")], officers, ill, support=support)).to_frame()
    assert sorted(zip(teams.officer_id, teams.borrowed, strict=True)) == [
        ("P1", False),
        ("P3", True),
    ]


def test_a_neighbour_lends_what_it_can_spare_and_keeps_its_own_visits_staffed():
    sites = [site("S1"), site("S2", bureau_id="C")]
    officers = [officer("P1"), *(officer(f"P{k}", bureau_id="C", max_tasks=1) for k in (2, 3, 4))]
    problem = build(sites, officers, support={"B": ("C",)})
    for seed in range(20):
        teams = draw(problem, seed)
        check_teams(problem, teams)
        assert teams.borrowed[:2].sum() == 1
        assert teams.borrowed[2:].sum() == 0


def test_a_specialist_seat_is_not_lost_to_a_plain_one():
    # P1 alone knows the field of S2; whoever is drawn first for S1, P1 must reach S2.
    sites = [site("S1", sector="食品检验"), site("S2", sector="水质")]
    officers = [
        officer("P1", skills="水质;食品检验", max_tasks=1),
        *(officer(f"P{k}", skills="食品检验", max_tasks=1) for k in (2, 3, 4)),
    ]
    problem = build(sites, officers, seats=("specialist", "officer"))
    for seed in range(20):
        frame = draw(problem, seed).to_frame()
        assert (
            frame.officer_id[(frame.site_id == "S2") & (frame.seat == "specialist")].item() == "P1"
        )


def test_the_order_of_the_rows_does_not_matter():
    sites = [
        site(f"S{k}", sector=("水质", "食品检验")[k % 2], station_id=f"{k % 3}") for k in range(8)
    ]
    officers = [
        officer(f"P{k}", skills=("水质", "食品检验", "")[k % 3], station_id=f"{k % 4}", max_tasks=4)
        for k in range(9)
    ]
    conflicts = [conflict("P1", "S1"), conflict("P2", "S4"), conflict("P3", "S1")]
    away = [absence("P8", "2024-08-01", "2024-10-01"), absence("P8", "2024-10-01", "2024-12-31")]
    registers = (sites, officers, conflicts, away)
    kinds = {"seats": ("specialist", "officer"), "own_station": False}
    teams = draw(build(*registers, **kinds)).to_frame()
    assert draw(build(*(rows[::-1] for rows in registers), **kinds)).to_frame().equals(teams)


@given(st.integers(1, 9), st.integers(2, 7), seeds)
def test_where_everyone_may_go_everywhere_loads_differ_by_at_most_one(tasks, officers, seed):
    loads = draw(anyone(tasks, officers, cap=tasks), seed).loads
    assert loads.max() - loads.min() <= 1
    assert loads.sum() == 2 * tasks


def test_the_same_numbers_draw_the_same_teams_and_other_numbers_other_teams():
    problem = anyone(6, 9, cap=2)
    drawn = [draw(problem, seed).officer.tolist() for seed in (5, 5, 6)]
    assert drawn[0] == drawn[1] != drawn[2]


@pytest.mark.parametrize("word", [0, 2**64 - 1])
def test_words_all_alike_still_give_valid_teams(word):
    problem = anyone(3, 4, cap=2)
    check_teams(problem, draw_teams(problem, rng=Given([word] * 37)))


def test_nothing_to_draw_is_no_team():
    teams = draw_teams(problem_of([], [1]), rng=Given([0]))
    assert teams.officer.size == teams.borrowed.size == 0


def in_columns():
    """S1 gets P0 and P1 in one column, P0 and P2 in the other, with chances 1/4 and 3/4."""
    chances = even([(0, 2, range(3))], 3)
    columns = Columns(np.array([[0, 1], [0, 2]]), np.array([WHOLE // 4, 3 * (WHOLE // 4)]))
    return replace(by_hand(chances.problem, [WHOLE, WHOLE // 4, 3 * (WHOLE // 4)]), columns=columns)


@pytest.mark.parametrize(
    ("word", "officers"),
    [(0, [0, 1]), (2**62 - 1, [0, 1]), (2**62, [0, 2]), (2**64 - 1, [0, 2])],
)
def test_one_word_draws_a_column(word, officers):
    chances, rng = in_columns(), Given([word, 7])
    teams = draw_teams(chances.problem, rng=rng, chances=chances)
    assert (teams.officer.tolist(), teams.design) == (officers, "column/1")
    assert rng.words(1) == 7


@given(st.lists(st.integers(0, WHOLE), max_size=5))
def test_a_column_is_drawn_by_as_many_grains_as_it_weighs(cuts):
    weight = np.diff([0, *sorted(cuts), WHOLE])
    columns = Columns(np.zeros((weight.size, 0)), weight)
    ends = np.cumsum(weight)
    for k in np.flatnonzero(weight):
        grains = np.array([ends[k] - weight[k], ends[k] - 1], np.uint64)
        assert picked(columns, grains << np.uint64(64 - BITS)).tolist() == [k, k]


@pytest.mark.parametrize("rng", ["Plan", None])
def test_chance_must_be_given(rng):
    with pytest.raises(InvalidInput, match="rng is"):
        draw_teams(anyone(1, 2, cap=1), rng=rng)


THIRD = WHOLE // 3
WRONG = {
    "one grain short": [THIRD, THIRD, THIRD],
    "more than certain": [WHOLE + 1, -1, 0],
    "less than impossible": [WHOLE, -THIRD, THIRD],
    "too many": [WHOLE, WHOLE, WHOLE],
}


@pytest.mark.parametrize("name", WRONG)
def test_chances_that_are_none_are_refused(name):
    chances = by_hand(even([(0, 1, range(3))], 3).problem, WRONG[name])
    with pytest.raises(InvalidInput, match="seat officer of site S0000 .* add up to 1"):
        draw_teams(chances.problem, rng=Given(range(40)), chances=chances)


def test_chances_of_another_problem_are_refused():
    one, other = even([(0, 1, range(3))], 3), even([(0, 1, range(2))], 2)
    for chances in (other, replace(one, numerator=other.numerator)):
        with pytest.raises(InvalidInput, match="chances are of 2 pairs of another problem"):
            draw_teams(one.problem, rng=Given(range(40)), chances=chances)


EVERYBODY = even([(0, 1, range(3)), (0, 1, range(3)), (1, 1, range(3))], 3)
HALF = WHOLE // 2

ELSEWHERE = {
    "another cap": ({"cap": [1, 1, 1]}, "loads differ"),
    "another minimum": ({"least": [1, 0, 0]}, "loads differ"),
    "another quota": ({"quota": [1, 1, 2]}, "quotas differ"),
    "another kind": ({"seat_kind": ["officer", "lead", "officer"]}, "kinds of seats differ"),
    "another limit": ({"groups": (Group("A", (0, 1)),)}, "groups differ"),
    "a pair kept apart": ({"apart": [(-1, 0, 1)]}, "pairs kept apart differ"),
    "a need": ({"needs": (Need(0, "lead", (0,)),)}, "needs differ"),
    "seats elsewhere": ({"seat_task": [0, 1, 1]}, "seats differ"),
    "a recusal": (
        {"ptr": [0, 3, 5, 8], "idx": [0, 1, 2, 0, 2, 0, 1, 2], "tier": [0] * 8},
        "pairs differ",
    ),
    "a recusal, others lent": (
        {"ptr": [0, 3, 5, 8], "idx": [0, 1, 2, 0, 2, 0, 1, 2], "tier": [0, 0, 1] + [0] * 5},
        "officer P001 may not take seat officer of site S0000",
    ),
}


@pytest.mark.parametrize("name", ELSEWHERE)
def test_chances_of_the_problem_before_a_change_are_refused(name):
    change, told = ELSEWHERE[name]
    refused(replace(EVERYBODY.problem, **change), EVERYBODY, told)


def refused(problem, chances, told):
    with pytest.raises(InvalidInput, match=told) as caught:
        draw_teams(problem, rng=Given(range(99)), chances=chances)
    assert caught.value.text("zh") != str(caught.value)


def test_chances_without_a_pair_that_may_serve_are_refused():
    less = even([(0, 1, range(2))], 3)
    refused(even([(0, 1, range(3))], 3).problem, less, "pairs differ")


def test_a_combinatorial_problem_takes_whole_assignments_or_repairs():
    problem = replace(EVERYBODY.problem, apart=[(-1, 0, 1)])
    refused(problem, replace(EVERYBODY, problem=problem), "rules of the lottery differ")


def test_an_officer_with_more_than_one_place_of_a_team_is_refused():
    numerator = [WHOLE, 0, 0, HALF, HALF, 0, 0, HALF, HALF]
    chances = by_hand(EVERYBODY.problem, numerator)
    refused(chances.problem, chances, "officer P000 on the seats of site S0000 add up to more")


@pytest.mark.parametrize(
    ("limits", "told"),
    [
        ({"cap": [1, 2, 2]}, r"chances of P000 add up to 1.5 places; want 0 to 1"),
        ({"least": [0, 0, 1]}, r"chances of P002 add up to 0.5 places; want 1 to 2"),
        ({"groups": (Group("A", (0, 2), 0, 1),)}, "chances of A add up to 2.0 places; want 0 to 1"),
        ({"groups": (Group("A", (1,), 2, 2),)}, "chances of A add up to 1.0 places; want 2 to 2"),
    ],
)
def test_an_expected_load_outside_its_limits_is_refused(limits, told):
    problem = replace(EVERYBODY.problem, **limits)
    chances = by_hand(problem, [HALF, HALF, 0, HALF, 0, HALF, HALF, HALF, 0])
    refused(problem, chances, told)


def test_chances_in_floats_are_refused():
    with pytest.raises(InvalidInput, match="numerator holds float64; want whole numbers"):
        replace(EVERYBODY, numerator=EVERYBODY.numerator * 1.0)


@pytest.mark.parametrize(
    ("officers", "weight"),
    [
        ([[0, 1], [0, 2]], [WHOLE // 2, WHOLE // 2]),
        ([[0, 1], [0, 3]], [WHOLE // 4, 3 * (WHOLE // 4)]),
        ([[0], [0]], [WHOLE // 4, 3 * (WHOLE // 4)]),
        ([[0, 1], [0, 2], [0, 2]], [WHOLE // 4, WHOLE, -(WHOLE // 4)]),
    ],
)
def test_columns_that_do_not_give_the_chances_are_refused(officers, weight):
    chances = replace(in_columns(), columns=Columns(np.array(officers), np.array(weight)))
    refused(chances.problem, chances, "whole assignments and their weights do not give the chances")


def test_nobody_writes_to_chances():
    given = EVERYBODY.numerator.copy()
    chances = replace(EVERYBODY, numerator=given)
    given[0] = 0
    assert chances.numerator[0] > 0
    with pytest.raises(ValueError, match="read-only"):
        chances.numerator[0] = 0
    with pytest.raises(ValueError, match="read-only"):
        chances.discount[0] = 0


def test_more_pairs_than_the_lottery_can_number_are_refused(monkeypatch):
    monkeypatch.setattr(chances_check, "MOST", 2)
    chances = even([(0, 1, range(3))], 3)
    with pytest.raises(InvalidInput, match="3 eligible pairs; want at most 2"):
        draw_teams(chances.problem, rng=Given(range(40)), chances=chances)


def test_work_is_announced_from_none_to_all():
    said, chances = [], even([(0, 1, range(3))], 3)
    draw_teams(
        chances.problem, rng=Given(range(99)), chances=chances, progress=lambda *s: said.append(s)
    )
    assert said == [("lottery", level, BITS) for level in range(BITS + 1)]
