from importlib import import_module

import literal_conditional_poisson as literal
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fairlot._base.errors import InvalidInput, NotConverged
from fairlot.sampling.conditional_poisson import conditional_poisson, decide, joint
from fairlot.sampling.conditional_poisson_odds import (
    conditional_poisson_odds,
    conditional_poisson_probabilities,
)
from fairlot.sampling.poisson_binomial import tilt

solving = import_module("fairlot.sampling.conditional_poisson_odds")

ODDS = np.array([0.02, 0.3, 1.0, 1.0, 2.5, 40.0])
BELOW_ONE = 1 - 2.0**-53


class Column:
    """One column of numbers, and a count of how often it was asked for."""

    def __init__(self, u):
        self.u, self.asked = np.asarray(u, dtype=float), 0

    def random(self, n):
        self.asked += 1
        assert n == self.u.size
        return self.u

    def words(self, n):
        raise AssertionError


def tilted(odds, n):
    scaled = odds.copy()
    tilt(scaled, n)
    return scaled


def drawn_in_turn(odds, n, u):
    """Draw with some certain and impossible units between, which are passed over."""
    open_ = np.zeros(2 * odds.size, dtype=bool)
    open_[1::2] = True
    chosen = np.arange(open_.size) % 4 == 0
    decide(odds.copy(), n, np.repeat(u, 2), open_, chosen)
    assert chosen[::4].all()
    assert not chosen[2::4].any()
    return chosen[1::2]


def lognormal(units, n, seed=1):
    """Probabilities that add up to n, none above 1."""
    size = np.random.default_rng(seed).lognormal(size=units)
    pi = n * size / size.sum()
    while pi.max() > 0.99:
        pi = np.minimum(pi, 0.99)
        pi[pi < 0.99] *= (n - pi[pi == 0.99].sum()) / pi[pi < 0.99].sum()
    return pi


# The draw itself


@pytest.mark.parametrize(
    ("pi", "index"),
    [([1.0], [0]), ([1.0, 1.0], [0, 1]), ([0.0, 1.0], [1]), ([0.0, 1.0, 0.0, 1.0], [1, 3])],
)
def test_nothing_left_to_chance(pi, index):
    assert conditional_poisson(pi, rng=Column([0.5] * len(pi))).index.tolist() == index


@pytest.mark.parametrize("pi", [[1e-9, 1.0], [1 - 1e-9, 0.0]])
def test_probabilities_within_the_tolerance_of_certain(pi):
    assert len(conditional_poisson(pi, rng=Column([0.0, 0.0]))) == 1


@pytest.mark.parametrize("u", [0.0, 0.5, BELOW_ONE])
def test_size_and_certainties_hold_for_numbers_at_the_border(u):
    pi = np.concatenate([[1.0, 0.0], lognormal(120, 31)])
    chosen = conditional_poisson(pi, rng=Column(np.full(122, u))).index
    assert len(chosen) == 32
    assert 0 in chosen
    assert 1 not in chosen


def test_each_unit_consumes_its_number_of_one_column():
    column = Column([0.9, 0.9, 0.0, 0.9])
    assert 2 in conditional_poisson([0.5, 0.5, 0.5, 0.5], rng=column).index
    assert column.asked == 1


def threshold(odds, n, path):
    """Return below which number the unit after ``path`` is drawn, by halving [0, 1]."""
    u = np.where(path, 0.0, BELOW_ONE)
    low, high = 0.0, 1.0
    for _ in range(54):
        middle = (low + high) / 2
        row = np.concatenate([u, [middle], np.full(len(odds) - len(path) - 1, 0.5)])
        drawn = drawn_in_turn(odds, n, row)
        assert drawn[: len(path)].tolist() == path
        low, high = (middle, high) if drawn[len(path)] else (low, middle)
    return low


def samples_of_the_draw(odds, n, path=(), probability=1.0):
    """Return every sample that numbers can lead to, with the size of their set of numbers."""
    path = list(path)
    if len(path) == len(odds):
        return {tuple(np.flatnonzero(path).tolist()): probability}
    found = {}
    if sum(path) < n:
        into = threshold(odds, n, path)
        found |= samples_of_the_draw(odds, n, [*path, True], probability * into)
    if len(odds) - len(path) > n - sum(path):
        out = 1 - threshold(odds, n, path)
        found |= samples_of_the_draw(odds, n, [*path, False], probability * out)
    return found


@pytest.mark.parametrize("n", [1, 2, 4])
def test_draw_gives_every_sample_its_probability(n):
    odds = ODDS[1:]
    got, want = samples_of_the_draw(odds, n), literal.conditional_poisson(odds, n)
    assert got.keys() == want.keys()
    for s in want:
        assert got[s] == pytest.approx(want[s], rel=1e-13, abs=1e-15)


def walked(units, n, kind):
    """Return odds, a path, and each unit's probability along it by positive terms only."""
    rng = np.random.default_rng(units)
    odds = tilted(np.exp(rng.normal(size=units)), n)
    path = {
        "likely": lambda: drawn_in_turn(odds, n, rng.random(units)),
        "first": lambda: np.arange(units) < n,
        "last": lambda: np.arange(units) >= units - n,
        "middle": lambda: np.abs(np.arange(units) - units // 2 + 0.5) < n / 2,
    }[kind]()
    return odds, path, literal.chances_along(path, odds / (1 + odds), n)


@pytest.mark.parametrize("kind", ["likely", "first", "last", "middle"])
@pytest.mark.parametrize(
    ("units", "n"), [(60, 20), (500, 200), pytest.param(1000, 150, marks=pytest.mark.slow)]
)
def test_draw_walks_any_path_whose_numbers_are_just_inside(units, n, kind):
    # Each number is within a part of 10^12 of the border that the exact recursion gives, on the
    # side of the path: one wrong digit in one of them, and the draw would leave the path.
    odds, path, chance = walked(units, n, kind)
    u = np.where(path, chance * (1 - 1e-12), chance * (1 + 1e-12))
    forced = (chance == 0) | (chance >= 1 - 1e-15)
    u = np.clip(np.where(forced, 0.5, u), 0.0, BELOW_ONE)
    assert drawn_in_turn(odds, n, u).tolist() == path.tolist()


def test_a_common_factor_of_the_odds_does_not_matter():
    u = np.random.default_rng(3).random(6)
    chosen = [drawn_in_turn(ODDS * factor, 3, u).tolist() for factor in (1e-9, 1.0, 1e9)]
    assert chosen[0] == chosen[1] == chosen[2]


@pytest.mark.parametrize(
    ("pi", "says"),
    [
        ([0.5, 0.7], "pi adds up to 1.2"),
        ([0.5, float("nan")], r"pi\[1\] is nan"),
        ([0.5, 1.5], r"pi\[1\] is 1.5"),
        ([0.0, 0.0], "pi is 0 for all 2 units"),
    ],
)
def test_bad_probabilities_are_refused(pi, says):
    with pytest.raises(InvalidInput, match=says):
        conditional_poisson(pi, rng=np.random.default_rng(1))
    with pytest.raises(InvalidInput, match=says):
        conditional_poisson_odds(pi)


# Odds and probabilities


@pytest.mark.parametrize("n", range(1, 6))
def test_probabilities_are_those_of_all_samples(n):
    want = np.diag(literal.inclusion(literal.conditional_poisson(ODDS, n), 6))
    np.testing.assert_allclose(conditional_poisson_probabilities(ODDS, n), want, rtol=1e-14)


def test_probabilities_by_positive_terms_for_a_thousand_units():
    odds = tilted(np.exp(np.random.default_rng(8).normal(size=1000)), 150)
    got = conditional_poisson_probabilities(odds, 150)
    p = odds / (1 + odds)
    whole = literal.sizes_from(p, 150)[0, 150]
    for i in (0, 1, 499, 999):
        others = literal.sizes_from(np.delete(p, i), 149)[0, 149]
        assert got[i] == pytest.approx(p[i] * others / whole, rel=1e-12)


@pytest.mark.parametrize(("n", "want"), [(1, [1, 0, 0, 0]), (3, [1, 1, 1, 0])])
def test_probabilities_with_certain_and_impossible_units(n, want):
    odds = [np.inf, 2.0, 3.0, 0.0]
    assert conditional_poisson_probabilities(odds, n).tolist() == want


@pytest.mark.parametrize("exponent", [-250, 0, 250])
def test_probabilities_of_wildly_unequal_odds(exponent):
    odds = [10.0**exponent, 10.0 ** (exponent - 40), 3 * 10.0 ** (exponent + 30)]
    got = conditional_poisson_probabilities(odds, 2)
    np.testing.assert_allclose(got, [1, 1e-40, 1], rtol=1e-13, atol=1e-30)


@pytest.mark.parametrize(
    ("odds", "n", "says"),
    [
        ([1.0, -1.0], 1, r"odds\[1\] is -1.0; want 0 or more"),
        ([1.0, np.nan], 1, r"odds\[1\] is nan"),
        ([1.0, 0.0], 2, "n is 2; want a whole number from 0 .* to 1 "),
        ([np.inf, np.inf, 1.0], 1, "n is 1; want a whole number from 2 .* to 3 "),
        ([1.0, 1.0], 0.5, "n is 0.5; want a whole number"),
    ],
)
def test_bad_odds_are_refused(odds, n, says):
    with pytest.raises(InvalidInput, match=says):
        conditional_poisson_probabilities(odds, n)


def test_odds_of_two_units_are_the_square_roots_scaled():
    # One of two: P(0) = w_0 / (w_0 + w_1) = pi_0, and w_0 w_1 = 1 makes the Poisson mean 1.
    odds = conditional_poisson_odds([0.2, 0.8])
    np.testing.assert_allclose(odds, [0.5, 2.0], rtol=1e-14)


def test_odds_of_certain_and_impossible_units():
    odds = conditional_poisson_odds([1.0, 0.0, 0.5, 0.5])
    np.testing.assert_allclose(odds, [np.inf, 0.0, 1.0, 1.0], rtol=1e-14)


@st.composite
def targets(draw):
    """Probabilities with a whole sum, from nearly certain to nearly equal."""
    units = draw(st.integers(2, 12))
    n = draw(st.integers(1, units - 1))
    logs = draw(st.lists(st.floats(-18, 18), min_size=units, max_size=units))
    odds = tilted(np.exp(logs), n)
    return odds / (1 + odds)


@given(targets())
def test_odds_give_back_their_probabilities(pi):
    odds = conditional_poisson_odds(pi)
    n = round(pi.sum())
    assert (odds / (1 + odds)).sum() == pytest.approx(n, abs=1e-12)
    np.testing.assert_allclose(conditional_poisson_probabilities(odds, n), pi, rtol=0, atol=1e-13)


def test_a_sum_within_the_tolerance_is_shared_out_by_pi_times_one_minus_pi():
    pi = np.array([0.1, 0.3, 0.6, 1.0])
    missed = pi + np.array([0.0, 0.0, 4e-7, 0.0])
    got = conditional_poisson_probabilities(conditional_poisson_odds(missed), 2)
    share = (missed * (1 - missed)) / (missed * (1 - missed)).sum()
    np.testing.assert_allclose(got, missed - 4e-7 * share, rtol=0, atol=1e-12)


def test_an_iteration_that_is_stopped_says_how_far_it_came(monkeypatch):
    monkeypatch.setattr(solving, "STEPS", 2)
    with pytest.raises(NotConverged, match="after 2 steps") as caught:
        conditional_poisson_odds([0.123, 0.211, 0.666])
    assert 1 < caught.value.residual < 2


def test_the_probabilities_are_not_written_to():
    pi = lognormal(20, 5)
    before = pi.copy()
    conditional_poisson_odds(pi)
    conditional_poisson(pi, rng=np.random.default_rng(1))
    assert pi.tolist() == before.tolist()


@pytest.mark.slow
def test_a_million_units_have_their_probabilities():
    pi = lognormal(10**6, 150_000)
    odds = conditional_poisson_odds(pi)
    # Bernstein: counts further than 2 pi / spacing from n have less than exp(-100) together.
    deviation = np.sqrt((odds / (1 + odds) ** 2).sum())
    spacing = 2 * np.pi / (30 * deviation)
    got = literal.inclusion_by_many_angles(odds, 150_000, 60, spacing)
    assert np.abs(got - pi).max() < 1e-12
    assert len(conditional_poisson(pi, rng=np.random.default_rng(1))) == 150_000


# Joint probabilities


def all_pairs(units):
    return np.nonzero(~np.eye(units, dtype=bool))


@pytest.mark.parametrize("n", range(1, 6))
def test_joint_probabilities_are_those_of_all_samples(n):
    want = literal.inclusion(literal.conditional_poisson(ODDS, n), 6)
    i, j = all_pairs(6)
    got = joint(np.diag(want).copy())(i, j)
    np.testing.assert_allclose(got, want[i, j], rtol=1e-13)


@pytest.mark.parametrize(("pi", "want"), [([0.25, 0.75], 0.0), ([1 - 1e-9, 1 - 2e-9], 1.0)])
def test_joint_probabilities_of_one_unit_and_of_all(pi, want):
    assert joint(np.array(pi))(np.array([0]), np.array([1])).tolist() == [want]


def test_a_few_pairs_of_many_units_add_up():
    # sum_j pi_ij = (n - 1) pi_i
    pi = lognormal(20_000, 3000)
    others = np.arange(1, 20_000)
    row = joint(pi)(np.zeros_like(others), others)
    assert row.sum() == pytest.approx(2999 * pi[0], rel=1e-12)
    assert np.all(row < pi[0] * pi[1:])
