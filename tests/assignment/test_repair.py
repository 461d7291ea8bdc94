"""Surplus is sent where it is wanted, as far as SciPy finds a way; chances vanish last."""

import numpy as np
import pytest
from flow_worlds import plain, staffable
from hypothesis import given
from hypothesis import strategies as st
from literal_balance import network, tables
from scipy.optimize import linprog

from fairlot._base.errors import NotConverged
from fairlot.assignment.evening import onward_of
from fairlot.assignment.network import WHOLE, network_of
from fairlot.assignment.repair import repair


def repaired(net, x, numerator, low, high):
    """What ``repair`` makes of numerators, or the grains that it leaves over."""
    after = numerator.copy()
    try:
        repair(net.ptr, x, after, onward_of(net, numerator, low, high))
    except NotConverged as told:
        return told.left
    return after


def solvable(net, least, most, low, high):
    """Whether any numerators between ``least`` and ``most`` keep the sums, by HiGHS."""
    seats, bundles, nodes = tables(net)
    return linprog(
        np.zeros(least.size),
        np.vstack([bundles, nodes, -nodes]),
        np.concatenate([np.full(len(bundles), WHOLE), high, -low]),
        seats,
        net.quota * WHOLE,
        np.stack([least, most], axis=1),
    ).success


@st.composite
def uneven(draw):
    """Numerators within the limits of chances but hardly any other, and the limits of the loads."""
    net = network_of(draw(staffable()))
    some = st.lists(st.sampled_from([0, 1, 2, 3, 4]), min_size=net.idx.size, max_size=net.idx.size)
    x = np.array(draw(some)) / 4
    numerator = np.clip((x * WHOLE).astype(np.int64), x > 0, WHOLE - (x < 1))
    low, high = net.least * WHOLE, net.most * WHOLE
    return net, x, numerator, low, high


@given(uneven())
def test_repaired_where_it_can_be_and_chances_vanish_last(world):
    net, x, numerator, low, high = world
    after = repaired(*world)
    whole = np.zeros_like(numerator), np.full_like(numerator, WHOLE)
    if isinstance(after, int):
        assert after > 0
        assert not solvable(net, *whole, low, high)
        return
    seats, bundles, nodes = tables(net)
    assert (seats @ after == net.quota * WHOLE).all()
    assert (bundles @ after <= WHOLE).all()
    assert ((low <= nodes @ after) & (nodes @ after <= high)).all()
    assert ((after >= 0) & (after <= WHOLE)).all()
    kept = (after >= (x > 0)) & (after <= WHOLE - (x < 1))
    assert kept.all() or not solvable(net, x > 0, WHOLE - (x < 1), low, high)


@given(uneven())
def test_compiled_and_plain_are_alike(world):
    compiled = repaired(*world)
    with plain(*(f"fairlot.assignment.{name}" for name in ("repair", "routing", "listing"))):
        np.testing.assert_array_equal(compiled, repaired(*world))


def test_what_is_even_stays():
    net = network([[0, 1], [0, 1]], [1, 1], [1, 1])
    half = np.full(4, WHOLE // 2)
    after = repaired(net, half / WHOLE, half, net.least * WHOLE, net.most * WHOLE)
    np.testing.assert_array_equal(after, half)


def test_grains_go_backwards_too():
    # P0 has five grains too many and P2 five too few; only P1 stands in both rows.
    net = network([[0, 1], [1, 2]], [1, 1], [1, 1, 1])
    numerator = np.array([5, -5, 5, -5]) + WHOLE // 2
    load = np.array([WHOLE // 2, WHOLE, WHOLE // 2])
    after = repaired(net, np.full(4, 0.5), numerator, load, load)
    np.testing.assert_array_equal(after, np.full(4, WHOLE // 2))


@pytest.mark.parametrize("missing", [1, 7])
def test_what_is_left_over_is_told(missing):
    net = network([[0, 1]], [1], [1, 1])
    half = np.full(2, WHOLE // 2)
    high = half - [0, missing]
    assert repaired(net, np.full(2, 0.5), half, high * 0, high) == missing
