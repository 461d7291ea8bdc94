"""Brewer's design against the paper read literally; shelves and thrown numbers do not show."""

from functools import partial
from itertools import pairwise

import counted_draws
import exact_integration
import literal_draws_one_by_one as literal
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fairlot._base.chance import Given
from fairlot._base.errors import InvalidInput
from fairlot.sampling.brewer import (
    JOINT_MOST,
    SHELF,
    TRIALS,
    _all_sets,
    _draw,
    _shelves,
    _weight,
    brewer,
    joint,
)

LITERAL = pytest.mark.parametrize("pi", literal.PI.values(), ids=literal.PI.keys())
LAST = 1 - 2.0**-53


def floats(pi):
    return np.array(pi, dtype=float)


class Always:
    """The same number for ever: the worst that chance can do."""

    def __init__(self, u):
        self.u, self.calls = u, 0

    def random(self, n):
        self.calls += 1
        return np.full(n, self.u)

    def words(self, n):
        raise AssertionError


# The reading itself


@LITERAL
def test_the_paper_read_literally_keeps_pi(pi):
    sets = literal.one_by_one(pi)
    assert [literal.inclusion(sets, i) for i in range(len(pi))] == pi


# Corners


def test_certain_units_are_drawn_and_impossible_ones_are_not():
    assert brewer([1, 0, 0.5, 1, 0.5], rng=Given([0] * 5)).index.tolist() == [0, 2, 3]
    assert brewer([1, 0, 1], rng=Given([])).index.tolist() == [0, 2]
    assert brewer([1], rng=Given([])).index.tolist() == [0]


def test_one_uncertain_unit_leaves_the_size_as_it_is():
    # 1e-9 off a whole number: within the tolerance of a fixed size.
    assert len(brewer([1, 1e-9, 1], rng=Given([]))) == 2
    assert len(brewer([1, 1 - 1e-9, 1], rng=Given([1 << 63] * 3))) == 3


@LITERAL
@pytest.mark.parametrize("u", [0.0, 0.3, 0.5, 0.9, 0.999999, LAST])
def test_a_stuck_chance_ends_within_its_calls(pi, u):
    chance = Always(u)
    assert len(brewer(floats(pi), rng=chance)) == sum(pi)
    assert chance.calls <= TRIALS + 1


def test_a_broken_sum_is_refused():
    with pytest.raises(InvalidInput, match="pi adds up to 0.75"):
        brewer([0.5, 0.25], rng=Given([1, 2]))


# The draw


def shelves(falling, kernel=_shelves):
    return kernel(falling, np.arange(falling.size))


def drawn_on(falling, unit, first, left, places, gap, thrown, u, kernel=_draw):
    """Draw from falling units, and look that those behind the rest of their shelf are flagged."""
    chosen = np.zeros(falling.size, dtype=bool)
    before = left.copy()
    top = falling[first[:-1]]
    end = kernel(falling, unit, first, top, left, places, gap, thrown, u, chosen)
    for a, m, was in zip(first, left, before, strict=False):
        assert chosen[unit[a + m : a + was]].all()
    assert chosen.sum() == places - end[0]
    return end


def states(pi, thrown=0):
    """Every state on the way to a sample, one for each order of draws, with its literal chances."""
    falling = -np.sort(-floats(pi))
    first = shelves(falling)
    start = np.arange(falling.size), np.diff(first), round(falling.sum()), 0.0
    waiting = [start]
    while waiting:
        unit, left, places, gap = waiting.pop()
        yield falling, unit, first, left, places, gap
        for x in np.arange(0.5, 200) / 200:
            own, rest = unit.copy(), left.copy()
            after = drawn_on(falling, own, first, rest, places, gap, thrown, np.array([x]))
            if after[0] not in (0, places) and not any(same(own, rest, w) for w in waiting):
                waiting.append((own, rest, *after[:2]))


def same(unit, left, other):
    return np.array_equal(unit, other[0]) and np.array_equal(left, other[1])


def drawn_at(state, x):
    """Which unit the number x draws, None when it is thrown away."""
    falling, unit, first, left, places, gap, thrown = state
    own, rest = unit.copy(), left.copy()
    after = drawn_on(falling, own, first, rest, places, gap, thrown, np.array([x]))
    if after[0] == places:
        return None
    shelf = int(np.argmax(left - rest))
    return int(own[first[shelf] + rest[shelf]])


def literal_weights(falling, unit, first, left, places):
    here = [i for a, m in zip(first, left, strict=False) for i in unit[a : a + m].tolist()]
    m = places + sum(1 - p for i, p in enumerate(falling) if i not in here)
    return {i: falling[i] * (m - falling[i]) / (m - places * falling[i]) for i in here}


@pytest.mark.parametrize("thrown", [0, TRIALS])
@pytest.mark.parametrize("name", ["ties", "shelves", "halves", "one out", "one in", "two steps"])
def test_each_draw_takes_units_by_their_weights(name, thrown):
    """From every state, the numbers that draw a unit measure as its weight: integrated exactly."""
    for falling, unit, first, left, places, gap in states(literal.PI[name]):
        state = falling, unit, first, left, places, gap, thrown
        length = dict.fromkeys([None, *range(falling.size)], 0.0)
        for part, kind in exact_integration.pieces(partial(drawn_at, state), 200):
            length[kind] += part
        weight = literal_weights(falling, unit, first, left, places)
        counts = 1 - length[None]
        assert counts > 0.5 if thrown == 0 else counts == 1
        for i, w in weight.items():
            want = w / sum(weight.values())
            assert length[i] / counts == pytest.approx(want, abs=1e-12)


@pytest.mark.parametrize("name", ["plain", "ties", "shelves", "two steps"])
def test_old_widths_do_not_show(name):
    """A second draw from the same look at the shelves, on a grid: the ends of the N intervals that
    draw a unit fall between its points, each by less than one step."""
    falling, grid = -np.sort(-floats(literal.PI[name])), 4000
    first, n = shelves(falling), round(falling.sum())
    start = falling, np.arange(falling.size), first, np.diff(first), n, 0.0, 0
    one_each = {drawn_at(start, x): x for x in (np.arange(200) + 0.5) / 200}
    assert one_each.keys() - {None} == set(range(falling.size))
    for one in range(falling.size):
        counts = np.zeros(falling.size)
        for y in (np.arange(grid) + 0.5) / grid:
            left, unit = start[3].copy(), start[1].copy()
            end = drawn_on(falling, unit, first, left, n, 0.0, 0, np.array([one_each[one], y]))
            if end[0] == n - 2:
                counts[drawn_units(first, left, unit)] += 1
        counts[one] = 0
        here = np.delete(np.arange(falling.size), one)
        weight = literal_weights(falling, here, [0, here.size], [here.size], n - 1)
        for i, w in weight.items():
            want = w / sum(weight.values())
            assert abs(counts[i] / counts.sum() - want) < falling.size / counts.sum()


def drawn_units(first, left, unit):
    return [i for a, m, b in zip(first, left, first[1:], strict=False) for i in unit[a + m : b]]


@pytest.mark.parametrize("name", ["plain", "shelves", "large beside small", "two steps"])
def test_drawn_pairs_come_as_often_as_they_should(name):
    pi, draws = literal.PI[name], 20_000
    rng = np.random.default_rng(30)
    together = counted_draws.counted(lambda: brewer(floats(pi), rng=rng), draws, len(pi))
    chances = np.diag(floats(pi))
    for (i, j), p in literal.pairs(literal.one_by_one(pi), len(pi)).items():
        chances[i, j] = p
    counted_draws.assert_plausible(together, draws, chances)


@pytest.mark.slow
def test_many_units_keep_pi():
    """2000 units, from nearly impossible to nearly certain, in 10,000 draws."""
    pi = spread(2000)
    rng = np.random.default_rng(31)
    counts = np.zeros(pi.size, dtype=int)
    for _ in range(10_000):
        counts[brewer(pi, rng=rng).index] += 1
    from scipy.stats import binom

    tail = np.minimum(binom.cdf(counts, 10_000, pi), binom.sf(counts - 1, 10_000, pi))
    assert tail.min() > counted_draws.FALSE_ALARM / (2 * pi.size)


def spread(units):
    """Probabilities from 1e-6 to 1 - 1e-6, each beside its complement, with a whole sum."""
    low = 10 ** np.linspace(-6, np.log10(0.5), units // 2)
    return np.concatenate([low, 1 - low])


@given(st.floats(1e-9, 1 - 1e-9), st.floats(1e-9, 1 - 1e-9), st.integers(2, 50), st.floats(0, 50))
def test_weights_fall_from_draw_to_draw(pi, other, places, gap):
    """Old widths stay valid because of it."""
    before, after = _weight(pi, places, gap), _weight(pi, places - 1, gap + 1 - other)
    assert after <= before * (1 + 1e-14)


@given(st.integers(0, 9))
def test_shelves_hold_nearly_equal_units(seed):
    pi = -np.sort(-np.random.default_rng(seed).beta(0.3, 0.3, 200))
    first = shelves(pi)
    assert (first[0], first[-1]) == (0, pi.size)
    assert np.all(np.diff(first) > 0)
    for a, b in pairwise(first):
        assert pi[b - 1] >= SHELF * pi[a]
        assert 1 - pi[a] >= SHELF * (1 - pi[b - 1])


# Joint probabilities


@LITERAL
def test_joint_probabilities_are_those_of_the_paper(pi):
    pair = joint(floats(pi))
    for (i, j), want in literal.pairs(literal.one_by_one(pi), len(pi)).items():
        got = [pair(np.array([a]), np.array([b]))[0] for a, b in ((i, j), (j, i))]
        assert got == pytest.approx([float(want)] * 2, abs=1e-15)


def test_two_of_many_have_a_short_formula():
    """Cochran (1977), Sampling techniques, eq. 9A.35, with z = pi / 2."""
    z = np.array([0.05, 0.1, 0.15, 0.2, 0.25, 0.25])
    d = np.sum(z * (1 - z) / (1 - 2 * z))
    i, j = np.triu_indices(z.size, 1)
    want = 2 * z[i] * z[j] / d * (1 - z[i] - z[j]) / (1 - 2 * z[i]) / (1 - 2 * z[j])
    np.testing.assert_allclose(joint(2 * z)(i, j), want, rtol=1e-14)


def test_more_units_than_sets_can_be_run_through_are_refused():
    with pytest.raises(InvalidInput, match="up to 20 uncertain units, got 22") as refused:
        joint(np.full(JOINT_MOST + 2, 0.5))
    assert "conditional_poisson" in refused.value.text("zh")


# Kernels


@pytest.mark.parametrize("seed", range(3))
def test_compiled_and_plain_agree(seed):
    rng = np.random.default_rng(seed)
    pi = -np.sort(-np.concatenate([p := rng.random(60), 1 - p]))
    u = rng.random(120)
    first = shelves(pi)
    np.testing.assert_array_equal(first, shelves(pi, getattr(_shelves, "py_func", _shelves)))
    ends = []
    for run in (_draw, getattr(_draw, "py_func", _draw)):
        unit, left = np.arange(pi.size), np.diff(first)
        ends.append(
            [*drawn_on(pi, unit, first, left, 60, 0.0, 0, u, run), *unit.tolist(), *left.tolist()]
        )
    assert ends[0] == ends[1]


def test_compiled_and_plain_sets_agree():
    pi = floats(literal.PI["plain"])
    plain = getattr(_all_sets, "py_func", _all_sets)
    np.testing.assert_allclose(_all_sets(pi, 3), plain(pi, 3), rtol=1e-14)
