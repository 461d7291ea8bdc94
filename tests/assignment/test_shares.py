"""The best least and the best greatest share, against a linear programme over all assignments."""

from dataclasses import replace
from importlib import import_module

import numpy as np
import pytest
from every_assignment import POSSIBLE, every_assignment, named
from hypothesis import given, settings
from ruled_worlds import ruled_problems
from scipy.optimize import linprog

from fairlot._base.errors import Infeasible, InvalidInput
from fairlot.assignment import Problem
from fairlot.assignment.shares import Shares, shares


@pytest.mark.parametrize("instance", **named(POSSIBLE))
def test_reference_shares(instance):
    found = shares(Problem.from_instance(instance))
    assert found.maxmin == pytest.approx(instance["answer"]["maxmin_share"]["value"], abs=1e-7)
    assert found.minmax == pytest.approx(instance["answer"]["minmax_share"]["value"], abs=1e-7)


@settings(max_examples=60, deadline=None)
@given(ruled_problems())
def test_shares_of_any_small_problem(problem):
    problem = replace(problem, tier=np.zeros(problem.idx.size, np.int8))
    every = every_assignment(problem)
    if not len(every):
        with pytest.raises(Infeasible):
            shares(problem)
        return
    found = shares(problem)
    share = share_rows(problem, every) @ every.T
    assert found.maxmin == pytest.approx(best_least(share), abs=1e-7)
    assert found.minmax == pytest.approx(-best_least(-share), abs=1e-7)


def share_rows(problem, every):
    """What an edge adds to the share of its possible pair, (pairs, edges)."""
    task = np.repeat(problem.seat_task, np.diff(problem.ptr))
    rows = []
    for t in range(len(problem.tasks)):
        edges = (task == t) & every.any(axis=0)
        possible = np.unique(problem.idx[edges])
        places = problem.quota[problem.seat_task == t].sum()
        rows += [edges * (problem.idx == o) * (possible.size / places) for o in possible]
    return np.array(rows, float)


def best_least(share):
    """The greatest least mean of the rows over all lotteries of the columns."""
    pairs, count = share.shape
    best = linprog(
        np.append(np.zeros(count), -1.0),
        np.column_stack([-share, np.ones(pairs)]),
        np.zeros(pairs),
        np.append(np.ones(count), 0.0)[None],
        [1.0],
        bounds=[(0, None)] * count + [(None, None)],
    )
    return -best.fun


def pool(**rules):
    return Problem(
        tasks=("S1",),
        officers=("P1", "P2", "P3"),
        cap=[1, 1, 1],
        seat_task=[0],
        seat_kind=["officer"],
        quota=[2],
        ptr=[0, 3],
        idx=[0, 1, 2],
        **rules,
    )


def test_all_alike_share_alike():
    assert shares(pool()) == Shares(1.0, 1.0)


def test_a_pair_of_no_assignment_has_no_share():
    # P1 and P2 never together, P3 always there: P3 has 3/2 of an equal share, the others 3/4.
    found = shares(pool(apart=[(0, 0, 1)]))
    assert (found.maxmin, found.minmax) == pytest.approx((0.75, 1.5), abs=1e-9)


@pytest.mark.parametrize(("name", "rules"), [("PAIRS", {}), ("FEW_PAIRS", {"apart": [(0, 0, 1)]})])
def test_a_great_problem_is_refused(monkeypatch, name, rules):
    monkeypatch.setattr(import_module("fairlot.assignment.shares"), name, 2)
    with pytest.raises(InvalidInput, match="for up to 2 eligible pairs, the problem has 3"):
        shares(pool(**rules))
