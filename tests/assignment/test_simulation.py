from dataclasses import replace

import numpy as np
import pytest
from averaged_worlds import averaged, by_hand, even, problem_with
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import binom, chi2

from fairlot._base.chance import Given
from fairlot._base.errors import InvalidInput
from fairlot.assignment import simulation
from fairlot.assignment.chances import Columns
from fairlot.assignment.frequencies import Frequencies
from fairlot.assignment.lottery import draw_teams
from fairlot.assignment.network import BITS, WHOLE
from fairlot.assignment.simulation import simulate
from fairlot.assignment.teams import colleagues, entries

pytestmark = pytest.mark.once

FALSE_ALARM = 1e-6
seeds = st.integers(0, 2**32 - 1)
compiled = pytest.mark.skipif(
    not hasattr(simulation._hold, "py_func"),
    reason="plain loops are slow, and shown to be the compiled ones in test_rounding",
)


class Levels:
    """The words of one simulated lottery as ``draw_teams`` asks for them: a block for a level."""

    def __init__(self, words, order):
        width = (words.size - sum(order)) // BITS
        self._blocks = iter(np.split(words, np.cumsum([*order, *[width] * BITS])))

    def words(self, n):
        return next(self._blocks)[:n]

    def random(self, n):
        raise AssertionError("coins are whole words")


@settings(max_examples=50)
@given(averaged(), seeds)
def test_a_simulated_lottery_is_the_lottery(chances, seed):
    problem, width = chances.problem, simulation._of_coins(chances).words
    words = np.random.default_rng(seed).integers(0, 2**64, 3 * width, dtype=np.uint64)
    count = np.zeros(problem.idx.size, np.int64)
    pair = np.zeros((len(problem.officers),) * 2, np.int64)
    for k in range(3):
        rng = Levels(
            words[k * width : (k + 1) * width], (len(problem.tasks), len(problem.officers))
        )
        officer = draw_teams(problem, rng=rng, chances=chances).officer
        count[entries(problem, officer)] += 1
        for one, other in zip(*colleagues(problem, officer)[1:], strict=True):
            pair[one, other] += 1
            pair[other, one] += 1
    found = simulate(chances, 3, rng=Given(words), pairs=True)
    assert np.array_equal(found.count, count)
    assert np.array_equal(found.pair_count, pair)


def test_lotteries_held_at_once_or_one_by_one_are_the_same(monkeypatch):
    chances = even([(0, 2, range(5)), (1, 1, range(3))], 5)
    whole = simulate(chances, 50, rng=np.random.default_rng(4), pairs=True)
    monkeypatch.setattr(simulation, "AT_ONCE", 1)
    single = simulate(chances, 50, rng=np.random.default_rng(4), pairs=True)
    for name in ("count", "pair_count", "joint"):
        assert np.array_equal(getattr(whole, name), getattr(single, name))
    assert np.array_equal(np.diag(whole.joint), whole.count)


TWENTY = range(20)
SYMMETRIC = {
    "one team": ([(0, 2, TWENTY)], 4000),
    "ten teams, everybody goes once": ([(t, 2, TWENTY) for t in range(10)], 400),
    "two seats in each of five teams": ([(t, 1, TWENTY) for t in range(5) for _ in range(2)], 800),
}


@compiled
@pytest.mark.parametrize("name", SYMMETRIC)
def test_each_of_the_190_pairs_of_twenty_officers_occurs_as_often_as_any(name):
    seats, lotteries = SYMMETRIC[name]
    found = simulate(even(seats, 20), lotteries, rng=np.random.default_rng(20), pairs=True)
    pairs = found.pair_count[np.triu_indices(20, 1)]
    teams = max(task for task, *_ in seats) + 1
    # By symmetry a pair has teams/190 meetings a lottery on average. In the first two it meets at
    # most once, so its count is binomial; in the third it is a sum of lotteries with more spread.
    if teams != 5:
        tails = (
            binom.cdf(pairs, lotteries, teams / 190),
            binom.sf(pairs - 1, lotteries, teams / 190),
        )
        assert 2 * 190 * np.minimum(*tails).min() > FALSE_ALARM
    assert pairs.sum() == lotteries * teams
    assert pairs.min() > 0  # missing one of 190 has a chance below 190 * exp(-20)


def several():
    """Unequal chances over several seats: caps, a bundle, a certain and an impossible officer."""
    seats = [(0, 2, range(5)), (1, 1, range(4)), (1, 1, range(2, 7)), (2, 2, range(6)), (3, 1, [0])]
    tenths = [[1, 7, 4, 5, 3], [2, 3, 4, 1], [5, 2, 1, 1, 1], [6, 0, 4, 3, 2, 5], [10]]
    numerator = []
    for (_, quota, _), row in zip(seats, tenths, strict=True):
        grains = [WHOLE * tenth // 10 for tenth in row]
        grains[0] += quota * WHOLE - sum(grains)
        numerator += grains
    return by_hand(problem_with(seats, 7), numerator)


@compiled
def test_frequencies_agree_with_the_chances():
    found = simulate(several(), 20_000, rng=np.random.default_rng(5))
    assert found.p_value() > FALSE_ALARM
    statistic, degrees, p_value = found.chi_square()
    assert p_value == chi2.sf(statistic, degrees) > FALSE_ALARM
    # 19 edges are open; the sums of their four seats are exact, and officer 1's load is always 1.
    assert degrees == 19 - 4 - 1


@compiled
@pytest.mark.parametrize("seed", range(3))
def test_a_slight_favour_is_found(seed):
    chances, off = several(), several().numerator.copy()
    off[[1, 2]] += np.array([1, -1]) * (WHOLE // 40)  # one officer up by 2.5 points, one down
    found = simulate(by_hand(chances.problem, off), 10_000, rng=np.random.default_rng(seed))
    claimed = replace(found, chances=chances)
    assert claimed.p_value() < FALSE_ALARM
    assert claimed.chi_square().p_value < FALSE_ALARM


@compiled
def test_chi_square_is_spread_as_it_should_be():
    chances, rng = even([(0, 1, range(2)), (1, 2, range(4))], 4), np.random.default_rng(6)
    tests = 100
    p_values = [simulate(chances, 4000, rng=rng).chi_square().p_value for _ in range(tests)]
    assert min(p_values) > FALSE_ALARM / tests
    # The mean of uniform numbers is normal soon, with variance 1 / (12 tests).
    assert abs(np.mean(p_values) - 0.5) < 4.9 / np.sqrt(12 * tests)


def test_an_impossible_officer_drawn_is_no_chance():
    chances = even([(0, 1, range(3))], 3)
    claimed = by_hand(chances.problem, [WHOLE // 2, WHOLE // 2, 0])
    found = Frequencies(claimed, 4, np.array([2, 1, 1]))
    assert found.p_value() == 0
    assert found.expected.tolist() == [2, 2, 0]


def test_all_certain_leaves_nothing_to_test():
    found = simulate(even([(0, 2, range(2))], 2), 7, rng=np.random.default_rng(7))
    assert found.count.tolist() == [7, 7]
    assert (found.p_value(), found.chi_square()) == (1.0, (0.0, 0, 1.0))


def test_columns_are_drawn_by_their_weight():
    chances = even([(0, 2, range(3)), (1, 1, range(3))], 3)
    columns = Columns(np.array([[0, 1, 2], [0, 2, 1]]), np.array([WHOLE // 4, 3 * (WHOLE // 4)]))
    quarters = np.array([4, 1, 3, 0, 3, 1]) * (WHOLE // 4)
    chances = replace(by_hand(chances.problem, quarters), columns=columns)
    found = simulate(chances, 10_000, rng=np.random.default_rng(8), pairs=True)
    assert found.p_value() > FALSE_ALARM
    assert found.count[1] == found.count[5] == found.pair_count[0, 1] == found.pair_count[1, 0]
    assert found.chi_square().degrees == 1


def test_many_open_edges_keep_no_joint_counts():
    found = simulate(even([(0, 2, range(301))], 301), 5, rng=np.random.default_rng(9))
    assert found.p_value() > FALSE_ALARM
    with pytest.raises(InvalidInput, match="up to 300 open edges"):
        found.chi_square()


def test_what_cannot_be_simulated_is_refused():
    chances = even([(0, 1, range(3))], 3)
    with pytest.raises(InvalidInput, match="lotteries is 0"):
        simulate(chances, 0, rng=np.random.default_rng(1))
    with pytest.raises(InvalidInput, match="add up to 1"):
        simulate(by_hand(chances.problem, [1, 2, 3]), 1, rng=np.random.default_rng(1))


def test_work_is_announced_from_none_to_all():
    said = []
    chances = even([(0, 1, range(3))], 3)
    simulate(chances, 9, rng=np.random.default_rng(1), progress=lambda *step: said.append(step))
    assert said == [("lotteries", 0, 9), ("lotteries", 9, 9)]
