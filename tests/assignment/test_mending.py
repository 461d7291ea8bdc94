"""Teams that break a rule of their own are mended with the fewest changes."""

from dataclasses import replace

import numpy as np
import pytest
from every_assignment import every_assignment, holds
from hypothesis import assume, given
from hypothesis import strategies as st
from ruled_worlds import rosters, ruled_problems

from fairlot._base.errors import Infeasible, InvalidInput
from fairlot.assignment import Problem, repaired
from fairlot.assignment.mending import mended, strained
from fairlot.assignment.probabilities import probabilities
from fairlot.assignment.repaired import bias_of, relaxed

pytestmark = pytest.mark.once


@given(ruled_problems(), st.data())
def test_mended_with_the_fewest_changes(problem, data):
    loose = every_assignment(relaxed(problem))
    assume(len(loose))
    drawn = problem.idx[data.draw(st.sampled_from(list(loose)))].astype(np.int64)
    valid = [problem.idx[used].tolist() for used in every_assignment(problem)]
    rng = np.random.default_rng(1)
    if not valid:
        with pytest.raises(Infeasible):
            mended(problem, drawn, rng=rng)
        return
    after = mended(problem, drawn, rng=rng)
    assert after.tolist() in valid
    at_fault = set(np.flatnonzero(strained(problem, drawn)).tolist())
    # Where the teams at fault can be mended by themselves, nobody else moves, and few of them.
    near = [v for v in valid if moved_tasks(problem, drawn, v) <= at_fault]
    if near:
        assert moved_tasks(problem, drawn, after) <= at_fault
        assert changes(problem, drawn, after) == min(changes(problem, drawn, v) for v in near)


@given(ruled_problems(), st.data())
def test_teams_at_fault(problem, data):
    loose = every_assignment(relaxed(problem))
    assume(len(loose))
    drawn = problem.idx[data.draw(st.sampled_from(list(loose)))].astype(np.int64)
    teams = rosters(problem, drawn.tolist())
    want = [not holds(problem, t, set(team)) for t, team in enumerate(teams)]
    assert strained(problem, drawn).tolist() == want


def seated(problem, officers):
    """The (seat, officer) pairs."""
    return set(zip(problem.place_seat.tolist(), map(int, officers), strict=True))


def changes(problem, before, after):
    return len(seated(problem, after) - seated(problem, before))


def moved_tasks(problem, before, after):
    changed = seated(problem, after) ^ seated(problem, before)
    return {int(problem.seat_task[seat]) for seat, _ in changed}


POOL = Problem(
    tasks=("S1",),
    officers=("P1", "P2", "P3", "P4"),
    cap=[1, 1, 1, 1],
    seat_task=[0],
    seat_kind=["officer"],
    quota=[2],
    ptr=[0, 4],
    idx=[0, 1, 2, 3],
    apart=[(-1, 0, 1)],
)


def test_teams_without_fault_are_left_alone():
    officer = np.array([0, 2])
    assert mended(POOL, officer, rng=np.random.default_rng(1)) is officer


def test_equally_few_changes_are_equally_likely():
    # P1 or P2 goes, P3 or P4 comes: four ways. 400 tries, 5.1 standard deviations: 1e-6.
    rng = np.random.default_rng(3)
    found = [tuple(mended(POOL, np.array([0, 1]), rng=rng).tolist()) for _ in range(400)]
    ways = [(0, 2), (0, 3), (1, 2), (1, 3)]
    assert set(found) == set(ways)
    assert all(abs(found.count(way) - 100) < 5.1 * np.sqrt(75) for way in ways)


def test_bias_is_the_mean_change():
    # All four alike: one pair in six is apart, and goes over to the other four pairs alike.
    chances = probabilities(relaxed(POOL))
    bias = bias_of(POOL, chances, lotteries=400)
    assert bias.change.sum() == pytest.approx(0, abs=1e-12)
    assert bias.moved == pytest.approx(1 / 12, abs=0.05)
    assert (np.abs(bias.change - np.array([-1, -1, 1, 1]) / 12) < 5.2 * bias.error).all()


def test_nothing_to_mend_is_no_bias():
    alone = replace(POOL, apart=[(-1, 0, 1)], idx=[0, 2, 3], ptr=[0, 3], tier=[0, 0, 0])
    bias = bias_of(alone, probabilities(relaxed(alone)), lotteries=5)
    assert not bias.change.any()
    assert bias.moved == 0


def test_one_lottery_measures_nothing():
    with pytest.raises(InvalidInput, match="lotteries is 1"):
        bias_of(POOL, probabilities(relaxed(POOL)), lotteries=1)


def test_a_great_problem_is_refused(monkeypatch):
    monkeypatch.setattr(repaired, "PAIRS", 3)
    with pytest.raises(
        InvalidInput, match="repair is measured for up to 3 eligible pairs, .* has 4"
    ):
        bias_of(POOL, probabilities(relaxed(POOL)))
