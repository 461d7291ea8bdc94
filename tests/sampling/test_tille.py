"""Tillé's elimination and its complement, Midzuno, against the paper read literally."""

import counted_draws
import exact_integration
import literal_draws_one_by_one as literal
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fairlot._base.chance import Given
from fairlot._base.errors import InvalidInput
from fairlot.sampling.falling import falling
from fairlot.sampling.midzuno import _both_leave_after, midzuno
from fairlot.sampling.midzuno import joint as midzuno_joint
from fairlot.sampling.tille import _both, _steps, eliminate, tille
from fairlot.sampling.tille import joint as tille_joint

DESIGNS = pytest.mark.parametrize("design", [tille, midzuno])
JOINTS = pytest.mark.parametrize("joint", [tille_joint, midzuno_joint])
LAST = 1 - 2.0**-53


def floats(pi):
    return np.array(pi, dtype=float)


def literal_sets(design, pi):
    if design in (tille, tille_joint):
        return literal.elimination(pi)
    return literal.complement(literal.elimination([1 - p for p in pi]), len(pi))


def random_pi(units, n, seed):
    size = np.random.default_rng(seed).lognormal(0, 1.2, units)
    pi = np.zeros(units)
    while pi.max() >= 1 or not pi.any():
        pi = n * size / size.sum()
        size = np.minimum(size, 0.9 * size.sum() / n)
    return pi


def kept(size, u, left, kernel=eliminate):
    """Return flags of those that elimination leaves."""
    order, stays = falling(size), np.ones(size.size, dtype=bool)
    kernel(size, False, order, left, u, np.empty_like(order), stays)
    return stays


# The reading itself


@pytest.mark.parametrize("pi", literal.PI.values(), ids=literal.PI.keys())
def test_the_paper_read_literally_keeps_pi(pi):
    sets = literal.elimination(pi)
    assert [literal.inclusion(sets, i) for i in range(len(pi))] == pi


# Corners


@DESIGNS
def test_certain_units_are_drawn_and_impossible_ones_are_not(design):
    assert design([1, 0, 0.5, 1, 0.5], rng=Given([0] * 5)).index.tolist() in ([0, 2, 3], [0, 3, 4])
    assert design([1, 0, 1], rng=Given([7] * 3)).index.tolist() == [0, 2]
    assert design([1], rng=Given([0])).index.tolist() == [0]


@DESIGNS
def test_one_uncertain_unit_leaves_the_size_as_it_is(design):
    # 1e-9 off a whole number: within the tolerance of a fixed size.
    assert len(design([1, 1e-9, 1], rng=Given([0] * 3))) == 2
    assert len(design([1, 1 - 1e-9, 1], rng=Given([1 << 63] * 3))) == 3


@DESIGNS
@pytest.mark.parametrize("u", [0.0, 0.5, LAST])
def test_extreme_numbers_keep_the_size(design, u):
    words = [int(u * 2**53) << 11] * 6
    assert len(design(floats(literal.PI["plain"]), rng=Given(words))) == 3


@DESIGNS
def test_numbers_are_asked_for_once_a_unit(design):
    design([1, 0.5, 0, 0.5], rng=Given([1, 2, 3, 4]))
    with pytest.raises(InvalidInput, match="asked for 4 words, 3 are left"):
        design([1, 0.5, 0, 0.5], rng=Given([1, 2, 3]))


@DESIGNS
def test_a_broken_sum_is_refused(design):
    with pytest.raises(InvalidInput, match="pi adds up to 0.75"):
        design([0.5, 0.25], rng=Given([1, 2]))


# The draw


@pytest.mark.parametrize("name", ["two steps", "halves"])
def test_elimination_has_the_distribution_of_the_paper(name):
    """Over both numbers of a draw with two steps, integrated exactly."""
    pi = literal.PI[name]
    left = len(pi) - 2

    def outcome(x, y):
        u = np.array([0.0] * left + [y, x])
        return tuple(np.flatnonzero(kept(floats(pi), u, left)).tolist())

    got = exact_integration.over_two_numbers(outcome, grid=100)
    want = literal.elimination(pi)
    got = {frozenset(units): p for units, p in got.items()}
    assert got.keys() == want.keys()
    assert got == pytest.approx({units: float(p) for units, p in want.items()}, abs=1e-12)


@DESIGNS
@pytest.mark.parametrize("name", ["plain", "large beside small"])
def test_drawn_pairs_come_as_often_as_they_should(design, name):
    pi, draws = literal.PI[name], 20_000
    rng = np.random.default_rng(20)
    together = counted_draws.counted(lambda: design(floats(pi), rng=rng), draws, len(pi))
    chances = np.diag(floats(pi))
    for (i, j), p in literal.pairs(literal_sets(design, pi), len(pi)).items():
        chances[i, j] = p
    counted_draws.assert_plausible(together, draws, chances)


def test_what_elimination_leaves_out_is_what_midzuno_draws():
    pi, u = random_pi(50, 12, seed=4), np.random.default_rng(5).integers(0, 1 << 62, 50)
    stays = kept(1 - pi, Given(u).random(50), 38)
    assert midzuno(pi, rng=Given(u)).index.tolist() == np.flatnonzero(~stays).tolist()


def test_midzuno_is_one_unit_by_size_and_the_others_at_random():
    """Where all pi are at least (n - 1) / (N - 1): Midzuno's own design, pair by pair."""
    pi, n = np.array([0.5, 0.55, 0.6, 0.65, 0.7]), 3
    units = pi.size
    first = (pi - (n - 1) / (units - 1)) * (units - 1) / (units - n)
    i, j = np.triu_indices(units, 1)
    others = (first[i] + first[j]) * (n - 1) / (units - 1)
    both = others + (1 - first[i] - first[j]) * (n - 1) * (n - 2) / (units - 1) / (units - 2)
    np.testing.assert_allclose(midzuno_joint(pi)(i, j), both, rtol=0, atol=1e-15)


# Joint probabilities


@JOINTS
@pytest.mark.parametrize("pi", literal.PI.values(), ids=literal.PI.keys())
def test_joint_probabilities_are_those_of_the_paper(joint, pi):
    pair = joint(floats(pi))
    for (i, j), want in literal.pairs(literal_sets(joint, pi), len(pi)).items():
        got = [pair(np.array([a]), np.array([b]))[0] for a, b in ((i, j), (j, i))]
        assert got == pytest.approx([float(want)] * 2, abs=1e-15)
        assert (got[0] == 0) == (want == 0)


@JOINTS
@given(st.integers(2, 40), st.integers(1, 39), st.integers(0, 9))
def test_rows_add_up_and_pairs_repel(joint, units, n, seed):
    pi = random_pi(units, min(n, units - 1), seed)
    i, j = np.nonzero(~np.eye(units, dtype=bool))
    both = joint(pi)(i, j)
    rows = np.bincount(i, both, units)
    np.testing.assert_allclose(rows, (round(pi.sum()) - 1) * pi, rtol=0, atol=1e-12)
    assert np.all(both >= 0)
    # Sen, Yates, Grundy: their variance estimator is never negative.
    assert np.all(both <= pi[i] * pi[j] + 1e-15)


@JOINTS
def test_many_units_keep_their_row(joint):
    units, n = 20_000, 3_000
    pi = random_pi(units, n, seed=1)
    pair = joint(pi)
    for i in (0, int(pi.argmax()), int(pi.argmin())):
        others = np.delete(np.arange(units), i)
        row = pair(np.full(units - 1, i), others)
        assert row.sum() == pytest.approx((n - 1) * pi[i], rel=1e-10)


def test_tiny_probabilities_do_not_cancel():
    """Two of 1000 units, hand-made: pi_ij = 2 / (N (N - 1)) to the last digits."""
    units = 1000
    pair = midzuno_joint(np.full(units, 2 / units))
    got = pair(np.array([3]), np.array([5]))[0]
    assert got == pytest.approx(2 / (units * (units - 1)), rel=1e-12)


# Kernels


@pytest.mark.parametrize("seed", range(5))
def test_compiled_and_plain_agree(seed):
    size, u = random_pi(200, 37, seed), np.random.default_rng(seed).random(200)
    capped, rate = _same(_steps, size, falling(size), 37)
    plain = kept(size, u, 37, getattr(eliminate, "py_func", eliminate))
    np.testing.assert_array_equal(kept(size, u, 37), plain)
    _same(_both, capped, rate, 37)
    _same(_both_leave_after, rate)


def _same(kernel, *given):
    got, plain = kernel(*given), getattr(kernel, "py_func", kernel)(*given)
    for a, b in zip(np.atleast_2d(got), np.atleast_2d(plain), strict=True):
        np.testing.assert_array_equal(a, b)
    return got
