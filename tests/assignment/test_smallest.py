"""The fewest tasks in the way, against every set of them."""

from itertools import combinations

import numpy as np
import pytest
from flow_worlds import cut_of, small, worlds
from hypothesis import assume, given

from fairlot.assignment import smallest as module
from fairlot.assignment.network import network_of
from fairlot.assignment.smallest import smallest


def short(problem, tasks):
    """By SciPy: whether the places of ``tasks`` cannot all be filled."""
    network = network_of(problem)
    quota = np.where(np.isin(problem.seat_task, tasks), network.quota, 0)
    return cut_of(network._replace(quota=quota))[0] < quota.sum()


@given(worlds(most_tasks=6, minima=False))
def test_no_set_of_fewer_tasks_is_short(problem):
    every = range(len(problem.tasks))
    assume(short(problem, every))
    tasks = smallest(problem)
    assert short(problem, tasks)
    assert not any(short(problem, some) for some in combinations(every, tasks.size - 1))


def test_not_what_is_short_of_most_but_the_fewest_tasks():
    many = [[(2, [0, 1])]] * 3  # one of them can be staffed, two cannot, three lack most
    few = [[(1, [2])]] * 2
    tied = [[(1, [0, 2])]]
    tasks = smallest(small(many + few + tied, [2, 2, 1]))
    assert tasks.tolist() == [3, 4]


def test_a_search_out_of_time_says_so(monkeypatch):
    monkeypatch.setattr(module, "SECONDS", 0.0)
    rows = [sorted({k % 7, (3 * k) % 7, (k * k + 1) % 7}) for k in range(30)]
    assert smallest(small([[(2, row)] for row in rows], [4] * 7)) is None


@pytest.mark.slow
def test_forty_tasks_take_seconds():
    rng = np.random.default_rng(2)
    rows = [sorted(rng.choice(20, 6, replace=False).tolist()) for _ in range(40)]
    problem = small([[(2, row)] for row in rows], [3] * 20)
    tasks = smallest(problem)
    assert short(problem, tasks)
