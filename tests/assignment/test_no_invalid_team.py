"""Random problems from end to end: teams that keep every rule, or a refusal where there are none."""

import numpy as np
import pytest
from flow_worlds import small, staffable, worlds
from hypothesis import given
from hypothesis import strategies as st
from ruled_worlds import ruled_problems, valid

from fairlot._base.errors import Infeasible
from fairlot.assignment import check_teams, draw_teams, probabilities
from fairlot.assignment.network import WHOLE
from fairlot.assignment.programme import assignment

MANY = 100_000
FLOWS = st.one_of(worlds(tiers=2), staffable(tiers=2))


def from_end_to_end(problem, seed):
    """Draw, check every rule twice, and say whether the problem was refused."""
    try:
        chances = probabilities(problem)
    except Infeasible:
        assert assignment(problem) is None  # as an integer programme says
        return True
    seat = np.repeat(np.arange(problem.seat_task.size), np.diff(chances.problem.ptr))
    total = np.zeros(problem.seat_task.size, np.int64)
    np.add.at(total, seat, chances.numerator)
    assert (total == problem.quota * WHOLE).all()
    teams = draw_teams(problem, chances=chances, rng=np.random.default_rng(seed))
    check_teams(problem, teams)
    assert valid(problem, teams.officer.tolist())
    return False


@given(FLOWS, st.integers(0, 2**32))
def test_no_team_is_invalid(problem, seed):
    from_end_to_end(problem, seed)


@given(ruled_problems(), st.integers(0, 2**32))
def test_nor_where_rules_go_beyond_a_flow(problem, seed):
    from_end_to_end(problem, seed)


def random_problem(rng):
    """Up to six tasks, officers in several seats of a team, minima, groups, tiers; some tight."""
    people = int(rng.integers(2, 9))
    tasks = [[random_seat(rng, people) for _ in range(rng.integers(1, 4))]
             for _ in range(rng.integers(1, 7))]  # fmt: skip
    places = sum(quota for task in tasks for quota, _ in task)
    pairs = sum(len(row) for task in tasks for _, row in task)
    cap = rng.integers(1, 3 * places // people + 3, people)
    least = np.minimum(cap, rng.integers(0, 2, people) * (rng.random() < 0.3))
    inner = tuple(range(int(rng.integers(1, people + 1))))
    most = int(rng.integers(places // 2, places + 1))
    groups = [("G", inner, 0, most)] if rng.random() < 0.3 else []
    tier = rng.integers(0, 3, pairs) if rng.random() < 0.3 else ()
    return small(tasks, cap.tolist(), least=least.tolist(), groups=groups, tier=tier)


def random_seat(rng, people):
    row = rng.permutation(people)[: rng.integers(people // 2 + 1, people + 1)]
    return int(rng.integers(1, 3)), np.sort(row).tolist()


@pytest.mark.slow
def test_no_team_is_invalid_in_a_hundred_thousand_problems():
    refused = 0
    for seed in range(MANY):
        problem = random_problem(np.random.default_rng([20261123, seed]))
        refused += from_end_to_end(problem, seed)
    assert MANY // 5 < refused < 4 * MANY // 5
