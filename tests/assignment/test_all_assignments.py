"""The list of all assignments, against trying all teams one after the other."""

import pytest
from every_assignment import INSTANCES, every_assignment, named
from hypothesis import given
from hypothesis import strategies as st
from ruled_worlds import ruled_problems

from fairlot.assignment import Problem
from fairlot.assignment.all_assignments import all_assignments
from fairlot.assignment.hull import LISTED


@pytest.mark.parametrize("instance", **named(INSTANCES))
def test_as_many_as_were_counted(instance):
    found = all_assignments(Problem.from_instance(instance), LISTED)
    assert len(found) == instance["answer"].get("n_assignments", 0)


@given(ruled_problems())
def test_the_same_list(problem):
    assert all_assignments(problem, 5000).tolist() == sorted(every_assignment(problem).tolist())


@given(ruled_problems(), st.integers(0, 9))
def test_a_list_is_whole_or_none(problem, most):
    found, count = all_assignments(problem, most), len(every_assignment(problem))
    assert found is None if count > most else found is None or len(found) == count
