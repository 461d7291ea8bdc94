"""The lottery over whole assignments, against all of them: valid, exact, balanced, leximin."""

from unittest.mock import patch

import numpy as np
import pytest
from every_assignment import POSSIBLE, borrowing_least, by_name, every_assignment, named
from hypothesis import given, settings
from hypothesis import strategies as st
from ruled_worlds import ruled_problems
from scipy.optimize import linprog

from fairlot._base.errors import Infeasible, InvalidInput, NotConverged
from fairlot.assignment import Problem, columns, corner_balance, hull
from fairlot.assignment.columns import columns_of
from fairlot.assignment.hull import Hull
from fairlot.assignment.hull_balance import GAP, BalancedHull
from fairlot.assignment.network import WHOLE
from fairlot.assignment.programme import programme_of
from fairlot.assignment.rules import Group

pytestmark = pytest.mark.once

BOTH = pytest.mark.parametrize("loads", ["free", "leximin"])

FEW = [instance for instance in POSSIBLE if instance["answer"]["n_assignments"] < 40]

SLACK = 1e-6
"""How far a chance may be from the best: grains by 1e-7, entropies within GAP by sqrt(2 GAP)."""


@BOTH
@pytest.mark.parametrize("instance", **named(POSSIBLE))
def test_reference_lottery(instance, loads):
    is_the_best_lottery(instance, loads)


@BOTH
@pytest.mark.parametrize("instance", **named(FEW))
def test_reference_lottery_without_a_list(instance, loads, monkeypatch):
    monkeypatch.setattr(hull, "LISTED", 0)
    is_the_best_lottery(instance, loads)


def is_the_best_lottery(instance, loads):
    answer, problem = instance["answer"], Problem.from_instance(instance)
    every = every_assignment(problem)
    chances = columns_of(problem, loads=loads)
    is_exact(problem, chances, every)
    is_balanced(problem, chances, every, loads)
    if loads == "free":
        assert by_name(problem, chances.forced) == sorted(answer["forced_edges"])
        assert by_name(problem, chances.impossible) == sorted(answer["impossible_edges"])
        for (task, officer), p in zip(by_name(problem, chances.p >= 0), chances.p, strict=True):
            want = answer.get("maxent_marginals", {}).get(task, {officer: p})[officer]
            assert p == pytest.approx(want, abs=1e-7)
    else:
        for officer, load in zip(problem.officers, chances.load, strict=True):
            want = answer["leximin_load"].get(officer, {"value": 0.0})["value"]
            assert load == pytest.approx(want, abs=1e-7)


@BOTH
@settings(max_examples=40, deadline=None)
@given(problem=ruled_problems(), listed=st.sampled_from([0, hull.LISTED]))
def test_any_small_lottery(loads, problem, listed):
    with patch.object(hull, "LISTED", listed):
        is_any_lottery(problem, loads)


def is_any_lottery(problem, loads):
    every = every_assignment(problem)
    if not len(every):
        with pytest.raises(Infeasible):
            columns_of(problem, loads=loads)
        return
    every = borrowing_least(problem, every)
    chances = columns_of(problem, loads=loads)
    is_exact(problem, chances, every)
    is_balanced(problem, chances, every, loads)
    if loads == "leximin":
        np.testing.assert_allclose(chances.load, leximin(problem, every), rtol=0, atol=1e-7)
    else:
        assert chances.forced.tolist() == every.all(axis=0).tolist()
        assert chances.impossible.tolist() == (~every.any(axis=0)).tolist()


def is_exact(problem, chances, every):
    """Valid columns, whole weights, and a numerator that is what the columns say."""
    column, weight = chances.columns.officer, chances.columns.weight
    used = {tuple(problem.idx[row]): row for row in every}
    corners = np.array([used[tuple(officers)] for officers in column.tolist()])
    assert weight.min() >= 1
    assert weight.sum() == WHOLE
    assert chances.numerator.tolist() == (weight @ corners).tolist()
    assert len(set(map(tuple, column.tolist()))) == weight.size


def is_balanced(problem, chances, every, loads):
    """No lottery, with the same loads where they are fixed, lies uphill of the entropy.

    At the best chances the gradient of ``sum x ln x`` is least among all lotteries: a linear
    programme over all assignments.
    """
    assert chances.residual <= GAP
    some = chances.numerator > 0
    least = every[~every[:, ~some].any(axis=1)]
    cost = np.zeros(some.size)
    cost[some] = np.log(chances.p[some]) + 1
    rows = np.ones((1, len(least)))
    if loads == "leximin":
        rows = np.vstack([rows, load_rows(problem) @ least.T])
    # Loads within a grain a column: the gradient is so steep that more would be seen.
    best = linprog(least @ cost, np.vstack([rows, -rows]), within(rows, least, chances))
    assert cost @ chances.p - best.fun <= SLACK


def within(rows, least, chances):
    reached = np.append(1.0, chances.load)[: len(rows)]
    slack = chances.columns.weight.size / WHOLE
    return np.concatenate([reached + slack, -reached + slack])


def load_rows(problem):
    return (problem.idx == np.arange(len(problem.officers))[:, None]).astype(float)


def leximin(problem, every):
    """Raise the least load of those not fixed; fix who cannot have more in any best lottery."""
    load = load_rows(problem) @ every.T
    fixed = np.full(len(load), np.nan)
    while np.isnan(fixed).any():
        free = np.isnan(fixed)
        least = np.where(free, 0.0, fixed)
        rows = np.column_stack([-load, free])
        one = np.append(np.ones(len(every)), 0.0)[None]
        level = -linprog(np.append(0 * one[0, :-1], -1.0), rows, -least + 1e-12, one, [1]).fun
        least = np.where(free, level, fixed)
        for o in np.flatnonzero(free):
            most = -linprog(-load[o], -load, -least + 1e-9, one[:, :-1], [1]).fun
            if most < level + 1e-6:
                fixed[o] = level
    return fixed


def pool(people, tasks, apart=(), **more):
    return Problem(
        tasks=tuple(f"S{t}" for t in range(tasks)),
        officers=tuple(f"P{o:02d}" for o in range(people)),
        cap=[1] * people,
        seat_task=range(tasks),
        seat_kind=["officer"] * tasks,
        quota=[2] * tasks,
        ptr=np.arange(tasks + 1) * people,
        idx=np.tile(np.arange(people), tasks),
        apart=list(apart),
        **more,
    )


@pytest.mark.parametrize(("people", "tasks"), [(6, 1), (9, 3)])
def test_everyone_alike_has_the_same_chance_and_meets_everyone(people, tasks):
    chances = columns_of(pool(people, tasks, [(-1, 0, 1)]))
    assert chances.p == pytest.approx(2 / people, abs=SLACK)
    teams = chances.columns.officer.reshape(-1, 2)
    assert len(set(map(tuple, teams.tolist()))) == people * (people - 1) // 2 - 1


def test_limits_of_a_group_hold_in_the_mean_too():
    group = Group("A", (0, 1, 2), 0, 1)
    chances = columns_of(pool(6, 1, [(-1, 0, 5)], groups=(group,)))
    assert chances.load[:3].sum() <= 1
    assert chances.numerator[:6].sum() == 2 * WHOLE


def test_a_chance_below_a_grain_is_one_grain_not_none():
    # One column alone, of 1e-13, has the last edge; another alone, of 1e-12, lacks the first.
    corners = np.array([[1, 1, 0], [1, 0, 1], [0, 1, 0]], bool)
    weight = np.array([1 - 1e-12 - 1e-13, 1e-13, 1e-12])
    three = Hull(programme_of(pool(3, 1)), corners, None)
    kept = columns._worth_keeping(BalancedHull(three, weight, np.zeros(3), 0.0, 1))
    assert kept.tolist() == [True, True, True]
    assert columns._grains(weight).tolist() == [WHOLE - 2, 1, 1]


def test_a_great_problem_is_refused(monkeypatch):
    monkeypatch.setattr(columns, "PAIRS", 5)
    with pytest.raises(InvalidInput, match="for up to 5 eligible pairs, the problem has 6"):
        columns_of(pool(6, 1, [(-1, 0, 1)]))


def test_an_impossible_problem_is_refused():
    with pytest.raises(Infeasible):
        columns_of(pool(3, 2, [(-1, 0, 1)]))


def test_a_balance_that_takes_too_long(monkeypatch):
    monkeypatch.setattr(corner_balance, "ROUNDS", 3)
    with pytest.raises(NotConverged, match="after 3 rounds"):
        columns_of(pool(6, 1, [(-1, 0, 1)]))


def test_a_gap_that_stays_open(monkeypatch):
    monkeypatch.setattr(hull, "ROUNDING", -1.0)
    with pytest.raises(NotConverged, match="from the best"):
        columns_of(pool(6, 1, [(-1, 0, 1)]))
