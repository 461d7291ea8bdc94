"""One rule of borrowing: fewest places first, then the smallest sum of tiers, on either path."""

from dataclasses import replace
from unittest.mock import patch

import numpy as np
import pytest
from flow_worlds import assignments, small, staffable
from hypothesis import given, settings
from hypothesis import strategies as st

from fairlot.assignment import hull
from fairlot.assignment.borrowing import borrowing_costs
from fairlot.assignment.columns import columns_of
from fairlot.assignment.hull import hull_of
from fairlot.assignment.network import network_of


@given(staffable(tiers=3))
def test_costs_put_any_two_assignments_in_the_order_of_the_rule(problem):
    every, tier = assignments(network_of(problem)), problem.tier.astype(int)
    cost = every @ borrowing_costs(problem)
    borrowed = [*zip(every @ np.minimum(tier, 1), every @ tier, strict=True)]
    order = sorted(set(borrowed))
    assert [order.index(b) for b in borrowed] == np.unique(cost, return_inverse=True)[1].tolist()


def test_the_greatest_tiers_do_not_overflow():
    problem = small([[(2**31 - 1, [0])]], [1], tier=[127])
    assert borrowing_costs(problem).tolist() == [127 * (2**31 - 1) + 1 + 127]


@pytest.mark.parametrize("listed", [0, hull.LISTED])
def test_whole_assignments_borrow_one_of_a_late_lender_rather_than_two(listed):
    # P0 could go to S0 from the first lender, P2 then to S1 for P0: two borrowed, P1 alone is one.
    problem = small([[(1, [0, 1])], [(1, [0, 2])]], [1] * 3, tier=[1, 3, 0, 1])
    with patch.object(hull, "LISTED", listed):
        assert columns_of(replace(problem, apart=[(0, 0, 2)])).p.tolist() == [0, 1, 1, 0]


@settings(max_examples=30, deadline=None)
@given(problem=staffable(tiers=3), listed=st.sampled_from([0, hull.LISTED]))
def test_the_hull_holds_the_cheapest_alone(problem, listed):
    every = assignments(network_of(problem))
    cost = every @ borrowing_costs(problem)
    least = every[cost == cost.min()]
    with patch.object(hull, "LISTED", listed):
        found = hull_of(problem)
    assert found.possible.tolist() == least.any(axis=0).tolist()
    assert found.forced.tolist() == least.all(axis=0).tolist()
