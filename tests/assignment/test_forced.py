"""The pairs that every assignment has in common, against all assignments written out."""

import json
from pathlib import Path

import numpy as np
import pytest
from flow_worlds import assignments, loads_of, plain, small, staffable
from hypothesis import given, settings
from scipy.optimize import linprog

from fairlot.assignment.flow import fill
from fairlot.assignment.forced import free_edges, possible
from fairlot.assignment.network import WHOLE, network_of
from fairlot.assignment.problem import Problem

DATA = Path(__file__).parents[1] / "reference" / "data" / "assignment.json"
READ = [
    (one["id"], Problem.from_instance(one), one["answer"])
    for one in json.loads(DATA.read_text(encoding="utf-8"))["instances"]
    if one["answer"]["feasible"]
]
WHOLE_NUMBERS = {
    name: (problem, answer) for name, problem, answer in READ if not problem.combinatorial
}
MODULES = ("fairlot.assignment.forced", "fairlot.assignment.components")


def freed(network, value):
    return free_edges(network, value, network.least * WHOLE, network.most * WHOLE)


def mixed(every):
    """A fractional solution: the mean of some assignments, 2^k of them to be exact."""
    count = 1 << (len(every).bit_length() - 1)
    return every[:count].sum(axis=0) * (WHOLE // count)


@given(staffable())
def test_fixed_is_what_all_assignments_have_in_common(problem):
    network = network_of(problem)
    every = assignments(network)
    varies = every.any(axis=0) & ~every.all(axis=0)
    for value in (fill(network).used * WHOLE, mixed(every)):
        free = freed(network, value)
        np.testing.assert_array_equal(free.edge, np.flatnonzero(varies))
        np.testing.assert_array_equal(free.fixed, np.where(varies, 0, every[0]) * WHOLE)


@given(staffable())
def test_possible_is_what_some_assignment_uses(problem):
    network = network_of(problem)
    every = assignments(network)
    for used in (every[0], every[-1]):
        np.testing.assert_array_equal(possible(network, used), every.any(axis=0))


@given(staffable())
def test_the_free_network_has_the_same_assignments(problem):
    network = network_of(problem)
    every = assignments(network)
    free = freed(network, mixed(every))
    np.testing.assert_array_equal(free.network.least * WHOLE, free.low)
    np.testing.assert_array_equal(free.network.most * WHOLE, free.high)
    rest = assignments(free.network)
    whole = np.tile(free.fixed > 0, (len(rest), 1))
    whole[:, free.edge] = rest
    np.testing.assert_array_equal(np.unique(whole, axis=0), np.unique(every, axis=0))


@given(staffable())
def test_a_bound_that_every_assignment_reaches_is_an_equation(problem):
    network = network_of(problem)
    every = assignments(network)
    free = freed(network, fill(network).used * WHOLE)
    loads = np.array([loads_of(network, used) for used in every])
    assert (free.low >= 0).all()
    for bound in (network.least, network.most):
        always = (loads == bound).all(axis=0)
        np.testing.assert_array_equal(free.low[always], free.high[always])


def extremes(network, load):
    """By linear programming: the least and the most of every edge when the loads are given."""
    edges = np.arange(network.idx.size)
    seat = np.repeat(np.arange(network.quota.size), np.diff(network.ptr))
    of_seat = np.zeros((network.quota.size, edges.size))
    of_seat[seat, edges] = 1
    of_node = np.array([loads_of(network, edges == e) for e in edges]).T
    of_bundle = np.zeros((network.full.size + 1, edges.size))
    of_bundle[network.bundle, edges] = 1
    of_bundle[-1] = 0
    ends = []
    for sign in (1, -1):
        for e in edges:
            solved = linprog(
                sign * (edges == e),
                A_ub=of_bundle,
                b_ub=np.ones(len(of_bundle)),
                A_eq=np.vstack([of_seat, of_node]),
                b_eq=np.concatenate([network.quota, load]),
                bounds=(0, 1),
            )
            ends.append(sign * solved.fun)
    return np.array(ends).reshape(2, -1)


@settings(max_examples=25)
@given(staffable())
def test_given_loads_that_are_no_whole_numbers(problem):
    network = network_of(problem)
    value = mixed(assignments(network))
    load = np.array([value[problem.idx == o].sum() for o in range(len(problem.officers))])
    network = network._replace(most=network.most[: load.size], least=network.least[: load.size],
                               parent=np.full(load.size, -1, np.int32))  # fmt: skip
    free = free_edges(network, value, load, load)
    least, most = extremes(network, load / WHOLE)
    fixed = np.setdiff1d(np.arange(value.size), free.edge)
    np.testing.assert_allclose(least[fixed], free.fixed[fixed] / WHOLE, atol=1e-7)
    np.testing.assert_allclose(most[fixed], free.fixed[fixed] / WHOLE, atol=1e-7)
    decided = free.edge[np.isin(value[free.edge], [0, WHOLE])]
    assert (most[decided] > least[decided] + 1e-7).all()


def test_a_certain_team_mate_leaves_a_full_bundle():
    # P0 must be in the team, in either seat, since P1 takes one place only.
    problem = small([[(1, [0, 1]), (1, [0, 1])]], [1, 1])
    free = freed(network_of(problem), np.array([1, 0, 0, 1]) * WHOLE)
    assert free.edge.tolist() == [0, 1, 2, 3]
    assert free.network.full.tolist() == [True, True]


def test_a_bundle_of_one_free_edge_is_none():
    # P0 may take both seats of S0, but P1 has nowhere else to go.
    problem = small([[(1, [0, 1, 2]), (1, [0, 3])], [(1, [1, 2])], [(1, [3])]], [1] * 4)
    free = freed(network_of(problem), fill(network_of(problem)).used * WHOLE)
    assert free.network.full.size == 0


@pytest.mark.parametrize(("problem", "answer"), WHOLE_NUMBERS.values(), ids=WHOLE_NUMBERS)
def test_the_reference_instances(problem, answer):
    network = network_of(problem)
    free = freed(network, fill(network).used * WHOLE)
    fixed = np.setdiff1d(np.arange(network.idx.size), free.edge)
    seat = np.repeat(np.arange(network.quota.size), np.diff(network.ptr))
    pairs = [[problem.tasks[problem.seat_task[seat[e]]], problem.officers[network.idx[e]]]
             for e in fixed]  # fmt: skip
    forced = [pair for e, pair in zip(fixed, pairs, strict=True) if free.fixed[e]]
    assert sorted(forced) == sorted(answer["forced_edges"])
    impossible = [pair for pair in pairs if pair not in forced]
    assert sorted(impossible) == sorted(answer["impossible_edges"])


@given(staffable())
def test_compiled_is_plain(problem):
    network = network_of(problem)
    value = fill(network).used * WHOLE
    compiled = freed(network, value)
    with plain(*MODULES):
        literal = freed(network, value)
    for name in ("edge", "low", "high", "fixed"):
        np.testing.assert_array_equal(getattr(compiled, name), getattr(literal, name))
    for one, other in zip(compiled.network, literal.network, strict=True):
        np.testing.assert_array_equal(one, other)
