"""Chances in whole grains: exact sums, close to what they were, none lost where it can be kept."""

import numpy as np
import pytest
from flow_worlds import assignments, plain, staffable
from hostile_networks import FAMILIES, freed
from hypothesis import given, settings
from hypothesis import strategies as st
from literal_balance import network, tables

from fairlot._base.errors import NotConverged
from fairlot.assignment.balance import balance
from fairlot.assignment.network import WHOLE, network_of
from fairlot.assignment.quantise import quantise

MODULES = [f"fairlot.assignment.{name}" for name in ("evening", "repair", "quantise")]
NUMBERS = st.lists(st.integers(0, 3), min_size=1, max_size=6).filter(any)


def holds(net, numerator, low, high):
    """Every sum is exact."""
    seats, bundles, nodes = tables(net)
    assert (seats @ numerator == net.quota * WHOLE).all()
    assert (bundles @ numerator <= WHOLE).all()
    assert (bundles[net.full] @ numerator == WHOLE).all()
    assert ((low <= nodes @ numerator) & (nodes @ numerator <= high)).all()
    assert ((numerator >= 0) & (numerator <= WHOLE)).all()


def averaged(problem, numbers):
    """A mixture of assignments, and the whole grains next to its loads."""
    net = network_of(problem)
    every = assignments(net)
    weight = np.resize(numbers, len(every))
    weight[0] += not weight.any()
    x = weight @ every / weight.sum()
    load = tables(net)[2] @ (weight @ every) * WHOLE
    return net, x, load // weight.sum(), -(-load // weight.sum())


@given(staffable(), NUMBERS)
def test_sums_are_exact_for_any_mixture_of_assignments(problem, numbers):
    net, x, low, high = averaged(problem, numbers)
    numerator, vanished = quantise(net, x, low, high)
    holds(net, numerator, low, high)
    assert vanished == 0
    np.testing.assert_array_equal(numerator[x == 0] <= 1, True)
    assert np.abs(numerator - x * WHOLE).max(initial=0) < 10


@given(staffable(), NUMBERS, st.integers(0, 2**32))
def test_errors_are_mended(problem, numbers, seed):
    net, x, low, high = averaged(problem, numbers)
    wrong = x * (1 + 1e-7 * np.random.default_rng(seed).standard_normal(x.size))
    numerator, _ = quantise(net, np.clip(wrong, 0, 1), low, high)
    holds(net, numerator, low, high)
    assert np.abs(numerator - x * WHOLE).max(initial=0) < 1e-5 * WHOLE


@pytest.mark.parametrize("build", FAMILIES.values(), ids=FAMILIES)
def test_hostile_networks(build):
    free = freed(build())
    x = balance(free.network, free.low, free.high).x
    numerator, vanished = quantise(free.network, x, free.low, free.high)
    holds(free.network, numerator, free.low, free.high)
    assert vanished == 0
    lifted = np.count_nonzero(x * WHOLE < 1)
    assert np.abs(numerator - x * WHOLE).max() <= 3 + lifted


def test_a_row_keeps_each_chance_within_a_grain():
    x = np.random.default_rng(0).dirichlet(np.ones(1000))
    net = network([range(1000)], [1], [1] * 1000)
    numerator, _ = quantise(net, x, net.least, net.most * WHOLE)
    assert numerator.sum() == WHOLE
    assert np.abs(numerator - x * WHOLE).max() <= 1


def test_a_path_through_officers_who_keep_their_load():
    # P0 has three grains too many and P2 too few, and no seat knows both.
    net = network([[0, 1], [1, 2]], [1, 1], [1] * 3)
    load = np.array([WHOLE // 2, WHOLE, WHOLE // 2])
    up = 0.5 + 3 / WHOLE
    numerator, _ = quantise(net, np.array([up, 1 - up] * 2), load, load)
    assert (numerator * 2 == WHOLE).all()


def test_a_path_through_groups():
    # Both groups are a grain off though no officer is.
    net = network([[0, 1], [1, 2], [2, 3]], [1] * 3, [2] * 4 + [3, 3], parent=[4, 4, 5, 5, -1, -1])
    low, high = net.least * WHOLE, net.most * WHOLE
    low[4:] = high[4:] = WHOLE + WHOLE // 2
    numerator, _ = quantise(net, np.full(6, 0.5) + np.array([0, 0, 1, -1, 0, 0]) / WHOLE, low, high)
    holds(net, numerator, low, high)


def test_a_tiny_chance_is_a_grain_and_a_nearly_certain_one_lacks_a_grain():
    net = network([[0, 1]], [1], [1, 1])
    numerator, vanished = quantise(net, np.array([1e-15, 1.0 - 1e-15]), net.least, net.most * WHOLE)
    assert numerator.tolist() == [1, WHOLE - 1]
    assert vanished == 0


def test_chances_of_0_and_1_stay():
    net = network([[0, 1, 2]], [2], [1] * 3)
    numerator, vanished = quantise(net, np.array([1.0, 0.0, 1.0]), net.least, net.most * WHOLE)
    assert numerator.tolist() == [WHOLE, 0, WHOLE]
    assert vanished == 0


def test_what_must_vanish_is_counted():
    # P0 has one grain of time for three seats.
    net = network([[0, 1]] * 3, [1] * 3, [1, 3])
    high = np.array([1, 3 * WHOLE])
    numerator, vanished = quantise(net, np.array([1e-10, 1 - 1e-10] * 3), high * 0, high)
    holds(net, numerator, high * 0, high)
    assert vanished == 4  # two of three chances became 0, the others in their seats 1


def test_contradictory_limits_are_refused_with_the_grains_left_over():
    net = network([[0, 1]], [1], [1, 1])
    high = np.array([WHOLE // 2, WHOLE // 2 - 7])
    with pytest.raises(NotConverged, match="7 grains") as caught:
        quantise(net, np.array([0.5, 0.5]), high * 0, high)
    assert caught.value.left == 7
    assert "相互矛盾" in caught.value.text("zh")


@settings(max_examples=25)
@given(staffable(), NUMBERS, st.integers(0, 2**32))
def test_compiled_is_plain(problem, numbers, seed):
    net, x, low, high = averaged(problem, numbers)
    wrong = np.clip(x + 1e-8 * np.random.default_rng(seed).standard_normal(x.size), 0, 1)
    compiled = quantise(net, wrong, low, high)
    with plain(*MODULES):
        again = quantise(net, wrong, low, high)
    assert compiled[1] == again[1]
    np.testing.assert_array_equal(compiled[0], again[0])
