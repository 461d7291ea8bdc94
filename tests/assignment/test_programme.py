"""The integer programme against trying all teams."""

from dataclasses import replace

import numpy as np
import pytest
from every_assignment import INSTANCES, every_assignment, named
from hypothesis import given
from hypothesis import strategies as st
from ruled_worlds import ruled_problems

from fairlot._base.errors import NotConverged
from fairlot.assignment import Problem, programme
from fairlot.assignment.programme import assignment, cheapest, programme_of
from fairlot.assignment.rules import Need


@pytest.mark.parametrize("instance", **named(INSTANCES))
def test_an_assignment_is_found_where_there_is_one(instance):
    problem = Problem.from_instance(instance)
    found = assignment(problem)
    assert (found is not None) == instance["answer"]["feasible"]
    if found is not None:
        assert found.tolist() in officers(problem, every_assignment(problem))


@given(ruled_problems(), st.data())
def test_the_cheapest_is_as_cheap_as_the_best_of_all(problem, data):
    every = every_assignment(problem)
    size = problem.idx.size
    cost = np.array(data.draw(st.lists(st.integers(-9, 9), min_size=size, max_size=size)), float)
    found = cheapest(programme_of(problem), cost)
    if not len(every):
        assert found is None
        assert assignment(problem) is None
        return
    assert found.used.tolist() in every.tolist()
    assert found.cost == cost[found.used].sum() == (every @ cost).min()
    assert found.bound == pytest.approx(found.cost, abs=1e-9)


@given(ruled_problems(), st.data())
def test_a_closed_edge_is_not_used(problem, data):
    size = problem.idx.size
    open_ = np.array(data.draw(st.lists(st.booleans(), min_size=size, max_size=size)))
    found = cheapest(replace(programme_of(problem), open=open_), np.zeros(size))
    allowed = [used for used in every_assignment(problem) if (used <= open_).all()]
    assert (found is not None) == bool(allowed)
    assert found is None or (found.used <= open_).all()


@pytest.mark.parametrize("factor", [1e-30, 1.0, 1e30])
def test_costs_of_any_size(factor):
    found = cheapest(programme_of(TEAM), factor * np.array([3.0, 1.0, 2.0]))
    assert found.used.tolist() == [False, True, True]
    assert found.cost == pytest.approx(3 * factor)


def test_an_officer_who_is_named_twice_in_a_need_counts_once():
    needy = replace(TEAM, needs=(Need(0, "food", (1, 1), 2),))
    assert assignment(needy) is None


def test_a_need_that_nobody_meets():
    assert assignment(replace(TEAM, needs=(Need(0, "food", ()),))) is None


def test_seats_without_officers():
    assert assignment(replace(TEAM, ptr=[0, 0], idx=[], tier=[])) is None


def test_a_programme_that_takes_too_long(monkeypatch):
    monkeypatch.setattr(programme, "SECONDS", 0.0)
    with pytest.raises(NotConverged, match="no assignment of 3 pairs was proved cheapest"):
        assignment(TEAM)


TEAM = Problem(
    tasks=("S1",),
    officers=("P1", "P2", "P3"),
    cap=[1, 1, 1],
    seat_task=[0],
    seat_kind=["officer"],
    quota=[2],
    ptr=[0, 3],
    idx=[0, 1, 2],
)


def officers(problem, every):
    return [problem.idx[used].tolist() for used in every]
