from fractions import Fraction
from importlib import import_module
from itertools import permutations

import literal_order as literal
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from small_vectors import Hashed, Numbers, digest, lognormal_pi

from fairlot.sampling.systematic import joint, random_systematic, systematic

module = import_module("fairlot.sampling.systematic")  # the package gives the function
SIXTEENTHS = np.array([3, 5, 8, 15, 1, 16, 0, 9, 7]) / 16


def test_corners():
    rng = np.random.default_rng(0)
    assert systematic([1.0], rng=rng).index.tolist() == [0]
    assert systematic([1.0, 0.0, 1.0], rng=rng).index.tolist() == [0, 2]
    assert systematic([1e-7, 0.0], rng=rng).index.tolist() == []
    assert systematic([1 - 1e-7] * 2, rng=rng).index.tolist() == [0, 1]
    assert random_systematic([1.0, 0.0], rng=rng).index.tolist() == [0]


@pytest.mark.parametrize(
    ("u", "want"), [(0.0, [0, 2]), (0.5, [1, 2]), (0.75, [1, 3]), (1 - 2**-53, [1, 3])]
)
def test_the_first_sum_above_the_number_is_drawn(u, want):
    assert systematic([0.5, 0.5, 0.75, 0.25], rng=Numbers([u] * 4)).index.tolist() == want


def test_probabilities_over_a_grid_of_numbers():
    """The outcome changes at sixteenths only, so sixteen starts give every joint probability."""
    together = np.zeros((9, 9))
    for k in range(16):
        index = systematic(SIXTEENTHS, rng=Numbers([(k + 0.5) / 16] * 9)).index
        together[np.ix_(index, index)] += 1 / 16
    assert np.diag(together).tolist() == SIXTEENTHS.tolist()
    assert (together == literal.joint_by_every_start(SIXTEENTHS, 16)).all()
    inner = np.flatnonzero((SIXTEENTHS > 0) & (SIXTEENTHS < 1))
    i, j = np.nonzero(~np.eye(inner.size, dtype=bool))
    assert (joint(SIXTEENTHS[inner])(i, j) == together[inner[i], inner[j]]).all()


def test_random_order_over_every_order_and_a_grid_of_numbers():
    """All orders of four units, all starts between their breakpoints: exact joint probabilities."""
    pi = np.array([0.25, 0.5, 0.5, 0.75])
    got, want = np.zeros((4, 4)), np.zeros((4, 4))
    for order in permutations(range(4)):
        ranks = np.argsort(order) / 4
        for k in range(4):
            index = random_systematic(pi, rng=OrderThenStart(ranks, (k + 0.5) / 4)).index
            got[np.ix_(index, index)] += 1
        own = np.array(order)
        want[np.ix_(own, own)] += 4 * literal.joint_by_every_start(pi[own], 4)
    assert (got == want).all()
    assert (np.diag(got) / 96).tolist() == pi.tolist()


class OrderThenStart:
    def __init__(self, ranks, start):
        self.ranks, self.start = ranks, start

    def words(self, n):
        return (self.ranks * 2.0**64).astype(np.uint64)

    def random(self, n):
        assert n == 1
        return np.array([self.start])


@given(st.lists(st.floats(0, 1), min_size=1, max_size=40), st.floats(0, 1, exclude_max=True))
def test_it_is_the_paper_in_fractions(raw, u):
    pi = whole(raw)
    got = systematic(pi, rng=Numbers([u] * pi.size)).index.tolist()
    assert len(got) == round(pi.sum())
    # Rational sums and sums of multiples of 2^-62 part where u is within their difference.
    if far_from_every_breakpoint(pi, u):
        assert got == literal.drawn_systematically(pi, u)


def whole(raw):
    """Add a unit that makes the sum whole."""
    total = float(np.sum(raw))
    return np.array([*raw, np.ceil(total) - total or 1.0])


def far_from_every_breakpoint(pi, u):
    distance = (np.r_[0.0, np.cumsum(pi)] - u) % 1
    return np.minimum(distance, 1 - distance).min() > 1e-12


@pytest.mark.parametrize("miss", [-9e-7, -1e-12, 0.0, 1e-12, 9e-7])
@pytest.mark.parametrize("u", [0.0, 1e-9, 0.5, 1 - 2**-53])
def test_a_sum_that_misses_a_whole_number_keeps_the_size(miss, u):
    pi = lognormal_pi(50, 20)
    pi[np.argmin(np.abs(pi - 0.5))] += miss
    assert len(systematic(pi, rng=Numbers([u] * 50))) == 20


def test_neighbours_get_their_expectation_rounded_down_or_up():
    pi = lognormal_pi(200, 60)
    total = np.r_[0.0, np.cumsum(pi)]
    rng = np.random.default_rng(5)
    for _ in range(50):
        drawn = np.zeros(200, dtype=int)
        drawn[systematic(pi, rng=rng).index] = 1
        count = np.r_[0, np.cumsum(drawn)]
        assert (np.abs((count[:, None] - count) - (total[:, None] - total)) < 1 + 1e-9).all()


@pytest.mark.slow
def test_ten_million_units_do_not_drift():
    """Unit i is drawn k-th when i p <= u + k < (i + 1) p, to the last bit of p."""
    p, units = Fraction(0.15), 10_000_000
    index = systematic(np.full(units, 0.15), rng=Numbers([0.5] * units)).index
    start = (1 + (units * p - 1_500_000)) / 2
    steps = range(0, 1_500_000, 997)
    assert index[steps].tolist() == [(start + k) // p for k in steps]


def test_in_random_order_a_pair_may_be_positively_correlated():
    """.09 against .55 x .15, as the docstring says; over all orders, up to rotation."""
    pi = np.array([0.8, 0.55, 0.85, 0.15, 0.85, 0.8])
    both = 0.0
    for rest in permutations([0, 2, 3, 4, 5]):
        order = np.array([1, *rest])
        both += joint(pi[order])(np.array([0]), np.flatnonzero(order == 3))[0] / 120
    assert both == pytest.approx(0.09, abs=1e-12)


def test_joint_rows_add_up():
    pi = lognormal_pi(60, 12)
    pi = pi[pi < 1]
    i, j = np.nonzero(~np.eye(pi.size, dtype=bool))
    rows = np.bincount(i, joint(pi)(i, j))
    assert rows == pytest.approx((round(pi.sum()) - 1) * pi, abs=1e-13)


@pytest.mark.parametrize(
    "pi", [SIXTEENTHS, lognormal_pi(30, 9), np.array([1e-7]), np.array([1 - 1e-7])]
)
def test_compiled_is_plain(pi, monkeypatch):
    compiled = [module._every_step(pi, u) for u in (0.0, 0.3, 1 - 2**-53)], module._stretches(pi)
    for name in ("_every_step", "_start", "_excess", "_stretches"):
        kernel = getattr(module, name)
        monkeypatch.setattr(module, name, getattr(kernel, "py_func", kernel))
    plain = [module._every_step(pi, u) for u in (0.0, 0.3, 1 - 2**-53)], module._stretches(pi)
    assert str(compiled) == str(plain)


def test_the_samples_of_a_long_run_stay_what_they_are():
    pi, rng = np.arange(1, 41) * 10 / 820, Hashed("systematic/1")
    drawn = [design(pi, rng=rng).index.tolist() for design in (systematic, random_systematic) * 100]
    assert digest(drawn) == "6433b42df688f958"
