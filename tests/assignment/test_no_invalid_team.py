"""Random problems from end to end: teams that keep every rule, or a refusal where there are none."""

import numpy as np
import pytest
from flow_worlds import staffable, worlds
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from ruled_worlds import ruled_problems, valid

from fairlot._base.errors import Infeasible
from fairlot.assignment import check_teams, draw_teams, probabilities
from fairlot.assignment.network import WHOLE
from fairlot.assignment.programme import assignment

MANY = 100_000
PROBLEMS = st.one_of(worlds(tiers=2), staffable(tiers=2), ruled_problems())


def from_end_to_end(problem, seed):
    try:
        chances = probabilities(problem)
    except Infeasible:
        assert assignment(problem) is None  # as an integer programme says
        return
    seat = np.repeat(np.arange(problem.seat_task.size), np.diff(chances.problem.ptr))
    total = np.zeros(problem.seat_task.size, np.int64)
    np.add.at(total, seat, chances.numerator)
    assert (total == problem.quota * WHOLE).all()
    teams = draw_teams(problem, chances=chances, rng=np.random.default_rng(seed))
    check_teams(problem, teams)
    assert valid(problem, teams.officer.tolist())


@given(PROBLEMS, st.integers(0, 2**32))
def test_no_team_is_invalid(problem, seed):
    from_end_to_end(problem, seed)


@pytest.mark.slow
@settings(max_examples=MANY, suppress_health_check=list(HealthCheck))
@given(PROBLEMS, st.integers(0, 2**32))
def test_no_team_is_invalid_in_a_hundred_thousand_problems(problem, seed):
    from_end_to_end(problem, seed)
