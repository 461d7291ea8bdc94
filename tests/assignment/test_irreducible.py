"""However many tasks are in the way: none of those named can be left out."""

import time

import numpy as np
import pytest
from flow_worlds import cut_of, plain, small, worlds
from hypothesis import assume, given
from hypothesis import strategies as st

from fairlot.assignment.flow import take_places
from fairlot.assignment.irreducible import _surely_needed, irreducible
from fairlot.assignment.network import network_of
from fairlot.assignment.paths import search_of
from fairlot.assignment.seating import seated

KERNELS = ["irreducible", "flow", "paths", "seating", "network"]


@st.composite
def crowds(draw):
    """Tasks that nearly all officers may go to, some places short: many exchanges are open."""
    people = draw(st.integers(4, 9))
    absent = st.sets(st.integers(0, people - 1), max_size=draw(st.sampled_from([2, 6])))
    rows = [sorted(set(range(people)) - draw(absent)) for _ in range(draw(st.integers(4, 12)))]
    cap = [draw(st.integers(1, 3)) for _ in range(people)]
    quotas = [draw(st.integers(1, 3)) for _ in rows]
    split = draw(st.booleans())  # a second seat for the same officers: bundles
    tasks = [
        [(q, row), *([(1, row)] if split else [])] for q, row in zip(quotas, rows, strict=True)
    ]
    return small(tasks, cap)


def short(problem, tasks):
    """By SciPy: whether the places of ``tasks`` cannot all be filled."""
    network = network_of(problem)
    quota = np.where(np.isin(problem.seat_task, tasks), network.quota, 0)
    return cut_of(network._replace(quota=quota))[0] < quota.sum()


@given(st.one_of(worlds(minima=False), crowds()))
def test_the_tasks_fail_and_none_can_be_left_out(problem):
    every = np.arange(len(problem.tasks))
    assume(short(problem, every))
    tasks = irreducible(network_of(problem), problem.seat_task)
    assert (np.diff(tasks) > 0).all()
    assert short(problem, tasks)
    assert not any(short(problem, tasks[tasks != task]) for task in tasks)


@given(st.one_of(worlds(minima=False), crowds()))
def test_compiled_and_plain_find_the_same(problem):
    assume(short(problem, np.arange(len(problem.tasks))))
    network = network_of(problem)
    compiled = irreducible(network, problem.seat_task)
    with plain(*(f"fairlot.assignment.{name}" for name in KERNELS)):
        assert irreducible(network, problem.seat_task).tolist() == compiled.tolist()


def with_empty_places_at(problem, task):
    """The network, a seating that fills what it can, the others first, and whether it fills those."""
    network = network_of(problem)
    theirs = problem.seat_task == task
    others = network._replace(quota=np.where(theirs, 0, network.quota))
    seating, search = seated(network), search_of(network)
    take_places(others, seating, search)
    filled = (seating.filled == others.quota).all()
    take_places(network, seating, search)
    return network, seating, filled


@given(st.one_of(worlds(minima=False), crowds()), st.integers(0, 11))
def test_what_one_look_shows_is_so(problem, task):
    tasks = len(problem.tasks)
    assume(task < tasks)
    network, seating, filled = with_empty_places_at(problem, task)
    assume(filled)
    for needed in np.flatnonzero(_surely_needed(network, seating, problem.seat_task, tasks)):
        assert not short(problem, np.setdiff1d(np.arange(tasks), needed))


def test_an_exchange_that_serves_two_places_counts_once():
    # S0 lacks both P0 and P1, whom S1 and S2 have; S3 could give P2 and P3 up, but only S1 may
    # take them, and S0 still lacks P1.
    rows = [(2, [0, 1]), (1, [0, 2, 3]), (1, [1]), (2, [2, 3])]
    network, seating, filled = with_empty_places_at(small([[seat] for seat in rows], [1] * 4), 0)
    assert filled
    assert not _surely_needed(network, seating, np.arange(4), 4).any()


def ring(tasks, places_short):
    """Teams of two by four neighbours with two visits each, but for some who have one."""
    rows = [sorted((k + j) % tasks for j in range(4)) for k in range(tasks)]
    return small([[(2, row)] for row in rows], [1] * places_short + [2] * (tasks - places_short))


def test_a_ring_is_needed_whole():
    problem = ring(60, 2)
    assert irreducible(network_of(problem), problem.seat_task).tolist() == list(range(60))


def test_tasks_with_few_officers_stay():
    rows = [[0, 1, 2, 3]] * 30 + [[0, 1]] * 2
    problem = small([[(2, row)] for row in rows], [1] * 4)
    assert irreducible(network_of(problem), problem.seat_task).tolist() == [30, 31]


@pytest.mark.slow
@pytest.mark.parametrize("places_short", [1, 2, 5])
def test_a_ring_of_two_thousand_takes_seconds(places_short):
    problem = ring(2000, places_short)
    start = time.perf_counter()
    tasks = irreducible(network_of(problem), problem.seat_task)
    assert time.perf_counter() - start < 10
    assert tasks.size >= 1998
