"""What is opened is what serves in the assignments that borrow least, and nothing else."""

import numpy as np
from flow_worlds import assignments, small, staffable
from hypothesis import given

from fairlot.assignment.flow import fill
from fairlot.assignment.network import network_of
from fairlot.assignment.opening import open_tiers


def pairs(problem):
    """(seat, officer) of every edge."""
    seat = np.repeat(np.arange(problem.quota.size), np.diff(problem.ptr))
    return list(zip(seat.tolist(), problem.idx.tolist(), strict=True))


def teams(problem):
    """Every assignment of what is open, as officers by seat."""
    opened, network = open_tiers(problem)
    at = np.array([officer for _, officer in pairs(opened)])
    return sorted(at[used].tolist() for used in assignments(network))


@given(staffable(tiers=3))
def test_nobody_is_borrowed_while_one_of_the_bureaus_own_could_have_gone(problem):
    opened, network = open_tiers(problem)
    fewest = (assignments(network_of(problem)) @ np.minimum(problem.tier, 1).astype(int)).min()
    assert set((assignments(network) @ np.minimum(opened.tier, 1).astype(int)).tolist()) == {fewest}


def test_one_of_a_late_lender_rather_than_two_of_an_early_one():
    # P0 could go to S0 from the first lender, P2 then to S1 for P0: two borrowed, P1 alone is one.
    problem = small([[(1, [0, 1])], [(1, [0, 2])]], [1] * 3, tier=[1, 3, 0, 1])
    assert teams(problem) == [[1, 0]]


@given(staffable(tiers=3))
def test_the_assignments_left_are_exactly_those_that_borrow_least(problem):
    every = assignments(network_of(problem))
    tier = problem.tier.astype(int)
    borrowed = [*zip(every @ np.minimum(tier, 1), every @ tier, strict=True)]
    least = every[[each == min(borrowed) for each in borrowed]]
    opened, network = open_tiers(problem)
    at = {pair: e for e, pair in enumerate(pairs(problem))}
    kept = [at[pair] for pair in pairs(opened)]
    left = assignments(network)
    whole = np.zeros((len(left), problem.idx.size), bool)
    whole[:, kept] = left
    np.testing.assert_array_equal(np.unique(whole, axis=0), np.unique(least, axis=0))
    np.testing.assert_array_equal(opened.tier, problem.tier[kept])
    assert fill(network).complete


def test_without_tiers_nothing_changes():
    problem = small([[(1, [0, 1])]], [1, 1])
    assert open_tiers(problem).problem is problem


def test_what_nobody_can_staff_is_open_to_all():
    problem = small([[(2, [0, 1])], [(1, [0, 1])]], [1, 1], tier=[0, 1, 0, 2])
    assert open_tiers(problem).problem is problem


def test_a_bureau_with_officers_enough_borrows_nobody():
    problem = small([[(2, [0, 1, 2])]], [1, 1, 1], tier=[0, 0, 1])
    assert pairs(open_tiers(problem).problem) == [(0, 0), (0, 1)]


def test_only_the_seats_in_the_way_open():
    # S0 needs a field that P0 alone has; S1 can be staffed whatever happens there.
    problem = small([[(2, [0, 2, 3])], [(1, [1, 2, 3])]], [1] * 4, tier=[0, 1, 1, 0, 1, 1])
    assert pairs(open_tiers(problem).problem) == [(0, 0), (0, 2), (0, 3), (1, 1)]


def test_ones_own_with_time_to_spare_goes_before_anyone_is_borrowed():
    problem = small([[(2, [0, 1, 2])]], [9, 1, 1], tier=[0, 1, 1])
    assert teams(problem) == [[0, 1], [0, 2]]


def test_ones_own_goes_in_one_seat_or_the_other():
    problem = small([[(1, [0, 1]), (1, [0, 1, 2])]], [9, 1, 1], tier=[0, 1, 0, 1, 1])
    assert teams(problem) == [[0, 1], [0, 2], [1, 0]]


def test_ones_own_keep_full_loads_beside_those_borrowed():
    # Two visits for P0, who takes one; without that, P1 and P2 would leave P0 at home.
    problem = small([[(1, [0, 1, 2])], [(1, [0, 1, 2])]], [1, 1, 1], tier=[0, 1, 1] * 2)
    opened = open_tiers(problem).problem
    assert opened.least.tolist() == [1, 0, 0]
    assert teams(problem) == [[0, 1], [0, 2], [1, 0], [2, 0]]


def test_a_group_keeps_its_full_load():
    own = ("own", (0, 1), 0, 1)
    problem = small([[(1, [0, 1, 2])]] * 2, [1, 1, 1], groups=[own], tier=[0, 0, 1] * 2)
    opened = open_tiers(problem).problem
    assert (opened.groups[0].least, opened.groups[0].most) == (1, 1)
    assert teams(problem) == [[0, 2], [1, 2], [2, 0], [2, 1]]


def test_the_second_choice_lends_only_where_the_first_cannot():
    rows = [(1, [0, 1, 2])]
    problem = small([rows] * 2, [1, 1, 1], tier=[0, 1, 2] * 2)
    assert teams(problem) == [[0, 1], [1, 0]]
    problem = small([rows] * 3, [1, 1, 1], tier=[0, 1, 2] * 3)
    assert len(teams(problem)) == 6


def test_a_lender_may_borrow_in_turn():
    # P1 may go to S0 if S1, of P1's own bureau, borrows P2.
    problem = small([[(1, [0, 1])], [(1, [1, 2])]], [0, 1, 1], tier=[0, 1, 0, 1])
    assert teams(problem) == [[1, 2]]


def test_a_minimum_is_a_reason_to_lend():
    # P1 must take one visit and has none of their own bureau's.
    problem = small([[(1, [0, 1])]] * 2, [2, 1], least=[0, 1], tier=[0, 1] * 2)
    assert teams(problem) == [[0, 1], [1, 0]]
