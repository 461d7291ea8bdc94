"""Expected loads as even as the rules let them be, whatever else is asked of the lottery."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from flow_worlds import plain, small, staffable
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st
from literal_loads import leximin_loads

from fairlot._base.errors import InvalidInput
from fairlot.assignment import loads
from fairlot.assignment.flow import fill
from fairlot.assignment.network import WHOLE, network_of
from fairlot.assignment.problem import Problem

DATA = Path(__file__).parents[1] / "reference" / "data" / "assignment.json"
INSTANCES = json.loads(DATA.read_text(encoding="utf-8"))["instances"]
ANSWERED = [one for one in INSTANCES if "leximin_load" in one["answer"]]
DECIDED = [one for one in ANSWERED if not Problem.from_instance(one).combinatorial]

FIVE = [[(1, [0])], [(1, [0, 1])], [(2, [0, 1, 2])], [(2, [2, 3, 4])], [(1, [3, 4])]]


@st.composite
def networks(draw):
    """Networks with an assignment and no groups; some bundles must be used."""
    network = network_of(replace(draw(staffable()), groups=()))
    size = network.full.size
    full = np.array(draw(st.lists(st.booleans(), min_size=size, max_size=size)), dtype=bool)
    certain = network._replace(full=full)
    return certain if fill(certain).complete else network


def check(network, value, load):
    """Sums by hand: seats, officers, bundles, in whole grains."""
    seat = np.repeat(np.arange(network.quota.size), np.diff(network.ptr))
    rows = np.bincount(seat, value, network.quota.size)
    np.testing.assert_array_equal(rows, network.quota * WHOLE)
    np.testing.assert_array_equal(np.bincount(network.idx, value, load.size), load)
    assert ((value >= 0) & (value <= WHOLE)).all()
    assert ((load >= network.least * WHOLE) & (load <= network.most * WHOLE)).all()
    held = network.bundle >= 0
    both = np.bincount(network.bundle[held], value[held], network.full.size)
    assert (both <= WHOLE).all()
    assert (both[network.full] == WHOLE).all()


@pytest.mark.parametrize("instance", DECIDED, ids=lambda one: one["id"])
def test_references(instance):
    network = network_of(Problem.from_instance(instance))
    value, load = loads.leximin(network)
    check(network, value, load)
    want = instance["answer"]["leximin_load"]
    officers = Problem.from_instance(instance).officers
    exact = [want[o]["value"] if o in want else 0 for o in officers]
    np.testing.assert_allclose(load / WHOLE, exact, rtol=0, atol=1e-9)


def test_the_references_are_those_decided_by_whole_numbers():
    families = [one["family"] for one in DECIDED]
    assert {name: families.count(name) for name in families} == {
        "plain": 6, "districts": 6, "rotation": 4,
    }  # fmt: skip


@settings(max_examples=60)
@given(networks())
@example(network_of(small(FIVE, [9] * 5)))
@example(network_of(small(FIVE, [9] * 5, least=[0, 0, 2, 0, 0])))
@example(network_of(small([[(1, [0]), (1, [0, 1])], [(1, [0, 1, 2])]], [3] * 3)))  # P0 sits on one
def test_as_by_one_linear_programme_after_another(network):
    value, load = loads.leximin(network)
    check(network, value, load)
    np.testing.assert_allclose(load / WHOLE, leximin_loads(network), rtol=0, atol=1e-6)


def test_a_full_bundle_is_a_place_that_is_known():
    network = network_of(small([[(1, [0, 1, 2]), (1, [0, 1, 2])]], [3] * 3))
    np.testing.assert_allclose(loads.leximin(network)[1] / WHOLE, [2 / 3] * 3, atol=1e-8)
    certain = network._replace(full=np.array([True, False, False]))
    value, load = loads.leximin(certain)
    check(certain, value, load)
    assert (load / WHOLE).tolist() == [1, 0.5, 0.5]


@pytest.mark.parametrize("people", [1, 2, 3, 7, 1000])
def test_equal_officers_differ_by_a_grain_at_most_and_add_up(people):
    network = network_of(small([[(1, list(range(people)))]] * 5, [9] * people))
    value, load = loads.leximin(network)
    check(network, value, load)
    assert load.sum() == 5 * WHOLE
    assert load.max() - load.min() <= 1
    assert load.max() == -(-5 * WHOLE // people)


def test_bounds_bind_and_the_others_share_the_rest():
    network = network_of(small([[(2, [0, 1, 2, 3])]] * 4, [1, 9, 9, 4], least=[0, 0, 0, 3]))
    assert (loads.leximin(network)[1] / WHOLE).tolist() == [1, 2, 2, 3]


def test_levels_one_above_the_other():
    # P0 alone has three sites, P1 and P2 share three, P3 to P5 one; all may help below, none above.
    sites = [[0]] * 3 + [[1, 2]] * 3 + [[3, 4, 5]]
    network = network_of(small([[(1, row)] for row in sites], [9] * 6))
    value, load = loads.leximin(network)
    np.testing.assert_allclose(load / WHOLE, [3, 1.5, 1.5, 1 / 3, 1 / 3, 1 / 3], atol=1e-8)
    check(network, value, load)


def test_who_has_no_site_has_no_load():
    network = network_of(small([[(1, [0, 2])], [(0, [])]], [1, 5, 1, 0]))
    assert (loads.leximin(network)[1] / WHOLE).tolist() == [0.5, 0, 0.5, 0]
    nothing = network_of(small([[(0, [])]], []))
    assert [part.size for part in loads.leximin(nothing)] == [0, 0]


def test_limits_in_common_are_refused():
    problem = small(FIVE, [9] * 5, groups=[("g", (0, 1), 0, 9)])
    with pytest.raises(InvalidInput, match="limits of groups") as refusal:
        loads.leximin(network_of(problem))
    assert "leximin" in refusal.value.text("zh")


@given(networks())
def test_compiled_and_plain_are_alike(network):
    compiled = loads._decomposed(network)
    with plain("fairlot.assignment.loads", "fairlot.assignment.routing"):
        for one, other in zip(compiled, loads._decomposed(network), strict=True):
            np.testing.assert_array_equal(one, other)


@given(networks())
def test_no_even_load_is_beaten_by_another_lottery(network):
    # Moving a chance from an officer to one with less would raise the lesser: no such move is left.
    value, load = loads.leximin(network)
    assume(network.full.size == 0)  # with bundles a move may take two seats
    for s in range(network.quota.size):
        row = range(network.ptr[s], network.ptr[s + 1])
        for e in row:
            for f in row:
                high, low = network.idx[e], network.idx[f]
                may = value[e] > 2 and value[f] < WHOLE - 2
                may &= load[high] > network.least[high] * WHOLE + 2
                may &= load[low] < network.most[low] * WHOLE - 2
                assert not may or load[high] <= load[low] + 2


@pytest.mark.slow
def test_a_city_and_a_long_chain_of_officers():
    rng = np.random.default_rng(3)
    rows = [sorted({k} | {max(0, k - int(d)) for d in rng.integers(1, 4, 2)}) for k in range(300)]
    ramp = small([[(1, row)] for k, row in enumerate(rows) for _ in range(1 + k // 10)], [99] * 300)
    value, load = loads.leximin(network_of(ramp))
    check(network_of(ramp), value, load)
    assert np.unique(load // 100).size > 30
    chain = small([[(1, [k, k + 1])] for k in range(2000)], [9] * 2001)
    value, load = loads.leximin(network_of(chain))
    check(network_of(chain), value, load)
    assert load.max() - load.min() <= 1
