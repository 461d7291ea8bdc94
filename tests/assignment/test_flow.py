"""As many places filled as can be, what stands in the way, and minima met without emptying any."""

import numpy as np
import pytest
from flow_worlds import assignments, cut_of, loads_of, plain, small, staffable, worlds
from hypothesis import assume, example, given
from hypothesis import strategies as st

from fairlot.assignment.flow import fill
from fairlot.assignment.network import network_of

MODULES = tuple(f"fairlot.assignment.{name}" for name in ("flow", "paths", "seating"))


def check(network, flow):
    """Count by hand what the flow says of itself."""
    seat = np.repeat(np.arange(network.quota.size), np.diff(network.ptr))[flow.used]
    taken = np.bincount(seat, minlength=network.quota.size)
    np.testing.assert_array_equal(taken + flow.missing, network.quota)
    np.testing.assert_array_equal(loads_of(network, flow.used), flow.load)
    assert (flow.load <= network.most).all()
    bundle = network.bundle[flow.used]
    held = np.bincount(bundle[bundle >= 0], minlength=network.full.size)
    assert (held <= 1).all()
    short = np.maximum(network.least - flow.load, 0)
    assert flow.lacking.sum() == short.sum() + (network.full & (held == 0)).sum()
    assert flow.complete == (flow.missing.sum() + flow.lacking.sum() == 0)


def stairs(count, rng):
    """Row i may take officers i and i + 1, the last row officer 0 alone: only one way fits."""
    rows = [[k, k + 1] for k in range(count - 1)] + [[0]]
    return small([[(1, rows[k])] for k in rng.permutation(count)], [1] * count)


@given(worlds())
@example(small([[(1, [0]), (1, [0, 1])], [(1, [1, 2])]], [1, 1, 1]))  # by the other seat of a team
@example(small([[(2, [0, 1, 2])], [(1, [0])]], [1, 1, 1], groups=[("g", (0, 1, 2), 0, 2)]))
def test_no_choice_fills_more_and_the_cut_is_the_smallest(problem):
    network = network_of(problem)
    flow = fill(network)
    check(network, flow)
    most, seats, nodes = cut_of(network)
    assert flow.missing.sum() == network.quota.sum() - most
    np.testing.assert_array_equal(flow.seat_reached, seats)
    np.testing.assert_array_equal(flow.node_reached, nodes)


@given(st.one_of(worlds(most_tasks=3, most_officers=5), staffable()))
def test_minima_are_met_whenever_some_assignment_meets_them(problem):
    network = network_of(problem)
    assert fill(network).complete == (len(assignments(network)) > 0)


@given(worlds())
def test_minima_empty_no_place(problem):
    network = network_of(problem)
    without = fill(network._replace(least=np.zeros_like(network.least)))
    assert fill(network).missing.sum() == without.missing.sum()


@given(staffable(), st.data())
def test_full_bundles_are_used_whenever_some_assignment_uses_them(problem, data):
    network = network_of(problem)
    assume(network.full.size)
    flags = st.lists(st.booleans(), min_size=network.full.size, max_size=network.full.size)
    network = network._replace(full=np.array(data.draw(flags)))
    flow = fill(network)
    check(network, flow)
    assert flow.complete == (len(assignments(network)) > 0)


def test_nothing_to_fill():
    flow = fill(network_of(small([[(0, [])]], [])))
    assert flow.complete
    assert flow.used.size == flow.load.size == 0


def test_what_stands_in_the_way_is_told_apart_from_what_does_not():
    # Three places of two sites want P0 and P1; the third site has P2 and P3 to choose from.
    flow = fill(network_of(small([[(2, [0, 1])], [(1, [0, 1])], [(1, [2, 3])]], [1, 1, 1, 1])))
    assert flow.missing.sum() == 1
    assert flow.seat_reached.tolist() == [True, True, False]
    assert flow.node_reached.tolist() == [True, True, False, False]


def test_a_full_group_hands_its_places_on():
    # P0 and P1 together take one place: S0 must leave it to S1, who has nobody else.
    problem = small([[(1, [0, 2])], [(1, [1])]], [1, 1, 1], groups=[("g", (0, 1), 0, 1)])
    assert fill(network_of(problem)).used.tolist() == [False, True, True]


def test_a_minimum_moves_a_place_through_others():
    # P2 can only take S1, P1 then takes S0, and P0, who has one to spare, stays with S2.
    problem = small([[(1, [0, 1])], [(1, [1, 2])], [(1, [0])]], [2, 1, 1], least=[0, 1, 1])
    assert fill(network_of(problem)).used.tolist() == [False, True, False, True, True]


def test_a_minimum_that_cannot_be_met_is_counted():
    flow = fill(network_of(small([[(1, [0, 1])]], [2, 2], least=[1, 1])))
    assert flow.missing.sum() == 0
    assert flow.lacking.sum() == 1
    assert not flow.complete


@given(st.one_of(worlds(), staffable()))
def test_compiled_is_plain(problem):
    network = network_of(problem)
    compiled = fill(network)
    with plain(*MODULES):
        literal = fill(network)
    for name, value in vars(compiled).items():
        np.testing.assert_array_equal(value, getattr(literal, name))


def test_stairs_are_climbed():
    network = network_of(stairs(300, np.random.default_rng(5)))
    assert fill(network).complete


@pytest.mark.slow
@pytest.mark.parametrize("slack", [0.98, 1.0, 1.02])
def test_tight_caps_at_size(slack):
    rng = np.random.default_rng(7)
    rows = [sorted(rng.choice(200, 12, replace=False).tolist()) for _ in range(2000)]
    network = network_of(small([[(2, row)] for row in rows], [round(20 * slack)] * 200))
    most, seats, _ = cut_of(network)
    flow = fill(network)
    assert flow.missing.sum() == 4000 - most
    np.testing.assert_array_equal(flow.seat_reached, seats)


@pytest.mark.slow
def test_many_stairs_are_climbed():
    assert fill(network_of(stairs(20_000, np.random.default_rng(6)))).complete
