"""Balanced chances: conditions of the optimum, a general solver, references, hostile networks."""

import json
from hashlib import sha256
from pathlib import Path

import numpy as np
import pytest
from flow_worlds import assignments, plain, staffable
from hostile_networks import FAMILIES, bureau, chain, freed, specialists, staircase
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from literal_balance import kkt_miss, network, optimum

from fairlot._base.errors import NotConverged
from fairlot.assignment.balance import _sums, balance
from fairlot.assignment.balance_nodes import limits_of, worst_miss
from fairlot.assignment.forced import free_edges
from fairlot.assignment.network import WHOLE, network_of, pushed_up
from fairlot.assignment.problem import Problem
from fairlot.assignment.quantise import quantise

DATA = Path(__file__).parents[1] / "reference" / "data" / "assignment.json"
GIVEN = {
    one["id"]: one
    for one in json.loads(DATA.read_text(encoding="utf-8"))["instances"]
    if "maxent_marginals" in one["answer"]
}
PIECES = ("arithmetic", "balance", "balance_seats", "balance_knots", "balance_nodes",
          "balance_point", "balance_newton")  # fmt: skip
MODULES = [f"fairlot.assignment.{name}" for name in PIECES]


def balanced(free):
    return balance(free.network, free.low, free.high)


# Corners


def test_where_nothing_binds_all_officers_of_a_seat_have_the_same_chance():
    net = network([[0, 1, 2], [1, 2, 3, 4]], [1, 2], [2] * 5)
    found = balance(net, net.least, net.most * WHOLE)
    assert found.x.tolist() == [1 / 3] * 3 + [1 / 2] * 4
    assert found.v.tolist() == [1] * 5
    assert (found.residual, found.rounds) == (0, 0)


def test_no_edges_at_all():
    net = network([[], []], [0, 0], [1, 1])
    found = balance(net, net.least, net.most * WHOLE)
    assert (found.x.size, found.residual) == (0, 0)


def test_the_same_factor_on_every_seat():
    net = network([[0, 1, 2], [0, 1, 2]], [2, 2], [1, 2, 2])
    found = balance(net, net.least, net.most * WHOLE)
    np.testing.assert_allclose(found.x, [1 / 2, 3 / 4, 3 / 4] * 2, atol=1e-12)
    np.testing.assert_allclose(found.v, [2 / 3, 1, 1], atol=1e-12)


def test_a_minimum_lifts_and_a_limit_of_a_group_lowers():
    rows = [[0, 1, 2, 3]] * 2
    lifted = network(rows, [1, 1], [2] * 4, least=[1, 0, 0, 0])
    found = balance(lifted, lifted.least * WHOLE, lifted.most * WHOLE)
    np.testing.assert_allclose(found.x, [1 / 2, 1 / 6, 1 / 6, 1 / 6] * 2, atol=1e-12)
    assert found.v[0] == pytest.approx(3)
    grouped = network(rows, [1, 1], [2] * 4 + [1], parent=[4, 4, 4, -1, -1])
    found = balance(grouped, grouped.least * WHOLE, grouped.most * WHOLE)
    np.testing.assert_allclose(found.x, [1 / 6, 1 / 6, 1 / 6, 1 / 2] * 2, atol=1e-12)
    np.testing.assert_allclose(found.v, [1, 1, 1, 1, 1 / 3], atol=1e-12)


def test_a_chance_may_be_held_at_one_and_stays_below():
    # P1 and P2 are wanted in four more seats, P0 has nothing else to do and may be left out.
    net = network([[0, 1, 2]] + [[1, 2, 3, 4, 5, 6]] * 4, [2] * 5, [1, 1, 1, 9, 9, 9, 9])
    found = balance(net, net.least, net.most * WHOLE)
    loose = network([[0, 1, 2], [1, 2, 3]], [2, 1], [1, 3, 3, 3])
    low, high = np.array([0, 0.5, 0.5, 0]) * WHOLE, np.array([1, 0.6, 0.6, 3]) * WHOLE
    held = balance(loose, low.astype(np.int64), high.astype(np.int64))
    assert kkt_miss(net, net.least, net.most * WHOLE, found) <= 1e-9
    assert held.x[0] == 1 - 2**-53
    assert held.u[0] * held.v[0] > 1


def test_an_officer_in_both_seats_of_a_team_takes_one_at_most():
    tied = [(0, 3), (1, 4), (2, 5)]
    net = network([[0, 1, 2], [0, 1, 2]], [1, 1], [1] * 3, tied=tied)
    found = balance(net, net.least, net.most * WHOLE)
    np.testing.assert_allclose(found.x, 1 / 3, atol=1e-12)


# The optimum


@given(staffable())
def test_the_conditions_of_the_optimum(problem):
    net = network_of(problem)
    free = freed(net)
    found = balanced(free)
    assert found.residual <= 1e-9
    assert kkt_miss(free.network, free.low, free.high, found) <= 1e-8
    assert ((found.x > 0) & (found.x < 1)).all()


@settings(max_examples=40)
@given(staffable())
def test_a_general_solver_finds_the_same(problem):
    free = freed(network_of(problem))
    assume(free.edge.size)
    best = optimum(free.network, free.low, free.high)
    np.testing.assert_allclose(balanced(free).x, best, atol=1e-5)


@given(staffable())
def test_given_loads_that_are_no_whole_numbers(problem):
    net = network_of(problem)
    every = assignments(net)
    count = 1 << (len(every).bit_length() - 1)
    value = every[:count].sum(axis=0) * (WHOLE // count)
    load = np.zeros(len(problem.officers), np.int64)
    np.add.at(load, net.idx, value)
    load = pushed_up(load, net.parent)
    free = free_edges(net, value, load, load)
    found = balanced(free)
    assert kkt_miss(free.network, free.low, free.high, found) <= 1e-8


@pytest.mark.parametrize("one", GIVEN.values(), ids=GIVEN)
def test_the_reference_instances(one):
    problem = Problem.from_instance(one)
    net = network_of(problem)
    free = freed(net)
    x = free.fixed / WHOLE
    x[free.edge] = balanced(free).x
    task = np.repeat(problem.seat_task, np.diff(net.ptr))
    got = {}
    for e, chance in enumerate(x):
        got.setdefault(problem.tasks[task[e]], {})[problem.officers[net.idx[e]]] = chance
    for name, row in one["answer"]["maxent_marginals"].items():
        assert got[name] == pytest.approx(row, abs=1e-7)


# Hostile networks


@pytest.mark.parametrize("build", FAMILIES.values(), ids=FAMILIES)
def test_hostile_networks_converge(build):
    free = freed(build())
    found = balanced(free)
    assert found.residual <= 1e-9
    assert found.rounds <= 20
    assert kkt_miss(free.network, free.low, free.high, found) <= 1e-8


@settings(max_examples=20)
@given(
    st.integers(20, 60),
    st.integers(5, 12),
    st.integers(0, 2**32),
    st.sampled_from([1.0, 1.05]),
    st.sampled_from([0.9, 1.0]),
    st.sampled_from([0.05, 0.2, 0.5]),
)
def test_tied_teams_of_a_bureau_converge(n, people, seed, slack, minimum, absent):
    free = freed(bureau(n, people, seed, slack, minimum, absent))
    assert balanced(free).residual <= 1e-9


@pytest.mark.slow
@pytest.mark.parametrize("net", [staircase(600), chain(1000, 5)], ids=["staircase", "chain"])
def test_chances_that_span_hundreds_of_orders(net):
    free = freed(net)
    found = balanced(free)
    assert found.residual <= 1e-9
    assert found.v.min() < 1e-170


@pytest.mark.slow
def test_chances_that_no_float_can_hold_are_refused():
    with pytest.raises(NotConverged) as caught:
        balanced(freed(chain(1500, 10)))
    assert caught.value.residual > 1e-9
    assert 100 <= caught.value.rounds < 200


# Refusals


def test_limits_that_contradict_each_other_are_refused_with_the_numbers():
    net = network([[0, 1], [0, 1]], [1, 1], [1, 1])
    load = np.array([WHOLE, WHOLE // 2])
    with pytest.raises(NotConverged, match="after 100 rounds") as caught:
        balance(net, load, load)
    assert 0.1 < caught.value.residual <= 1
    assert caught.value.node in (0, 1)
    assert "偏离限额" in caught.value.text("zh")


@pytest.mark.parametrize("wrong", [np.nan, np.inf])
def test_what_is_no_number_misses_infinitely(wrong):
    net = network([[0, 1], [0, 1]], [1, 1], [2, 2])
    limits = limits_of(net, net.least, net.most * WHOLE)
    assert worst_miss(np.ones(2), np.array([1.0, wrong]), limits) == (np.inf, 1)
    assert worst_miss(np.array([np.nan, 1.0]), np.ones(2), limits) == (np.inf, 0)
    for at in range(4):
        x = np.full(4, 0.5)
        x[at] = wrong
        miss = _sums(net.ptr, net.idx, net.bundle, np.ones(2), x, np.zeros(2), np.zeros(0))
        assert miss == np.inf


# Portable arithmetic


@settings(max_examples=25)
@given(staffable())
def test_compiled_is_plain(problem):
    free = freed(network_of(problem))
    found = balanced(free)
    with plain(*MODULES):
        again = balanced(free)
    for one, other in ((found.x, again.x), (found.u, again.u), (found.v, again.v)):
        assert one.tobytes() == other.tobytes()
    assert (found.residual, found.rounds) == (again.residual, again.rounds)


@pytest.mark.parametrize("name", ["staircase of 30", "groups three deep", "full teams"])
def test_compiled_is_plain_on_hostile_networks(name):
    free = freed(FAMILIES[name]())
    found = balanced(free)
    with plain(*MODULES):
        assert balanced(free).x.tobytes() == found.x.tobytes()


def test_the_same_numbers_everywhere():
    # Rows by a rule of whole numbers, so that nothing but our arithmetic is tested.
    rows = [sorted({i * i % 31, (7 * i + 3) % 31, (11 * i * i + i) % 31, 30}) for i in range(60)]
    net = network(rows, [2] * 60, [*[5] * 30, 9])
    free = freed(net)
    numerator, _ = quantise(free.network, balanced(free).x, free.low, free.high)
    digest = sha256(numerator.astype("<i8").tobytes()).hexdigest()
    assert digest == "0f0a1cd174fd750e2a4418074429be5729c6f2e50d0bc5341b93f28704bfdbdf"


def test_the_order_of_tasks_does_not_matter():
    rng = np.random.default_rng(8)
    net = specialists(20, 30, 1.1)
    free = freed(net)
    first = balanced(free)
    order = rng.permutation(20)
    seat = (2 * order[:, None] + [0, 1]).ravel()
    rows = np.split(net.idx, net.ptr[1:-1])
    edge = np.concatenate([np.arange(net.ptr[s], net.ptr[s + 1]) for s in seat])
    bundles = net.bundle[edge]
    tied = [np.flatnonzero(bundles == b) for b in dict.fromkeys(bundles[bundles >= 0].tolist())]
    moved = network([rows[s] for s in seat], net.quota[seat], net.most, tied=tied)
    again = balanced(freed(moved))
    np.testing.assert_allclose(again.x, first.x[edge], atol=1e-9)
