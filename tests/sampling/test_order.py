import literal_order as literal
import numba
import numpy as np
import pytest
from counted_draws import assert_plausible, counted
from hypothesis import given
from hypothesis import strategies as st
from small_vectors import Hashed, Numbers, digest, lognormal_pi

from fairlot.sampling import ranking
from fairlot.sampling.order import pareto, sequential_poisson, successive
from fairlot.sampling.order_probabilities import order_inclusion_probabilities
from fairlot.sampling.srs import srs

DESIGNS = [pareto, sequential_poisson, successive]
every = pytest.mark.parametrize("design", DESIGNS, ids=lambda design: design.__name__)


@every
def test_corners(design):
    rng = np.random.default_rng(0)
    assert design([1.0], rng=rng).index.tolist() == [0]
    assert design([1.0, 0.0, 1.0], rng=rng).index.tolist() == [0, 2]
    assert design([1e-7, 0.0], rng=rng).index.tolist() == []
    assert design([1 - 1e-7] * 2, rng=rng).index.tolist() == [0, 1]
    assert design([5e-324, 1.0, 0.5, 0.5], rng=Numbers([1 - 2**-53] * 4)).index.tolist() == [1, 2]


@every
def test_ties_go_to_the_earlier_unit(design):
    assert design([0.5] * 4, rng=Numbers([0.0] * 4)).index.tolist() == [0, 1]
    assert design([0.5] * 4, rng=Numbers([0.9, 0.25, 0.25, 0.25])).index.tolist() == [1, 2]
    assert design([0.25, 0.75, 1.0], rng=Numbers([0.0, 0.0, 0.0])).index.tolist() == [0, 2]


@every
@given(data=st.data())
def test_it_takes_the_smallest_ranks(design, data):
    eighths = data.draw(st.lists(st.integers(1, 7), min_size=1, max_size=30))
    pi = np.array([*eighths, -sum(eighths) % 8, 8, 0]) / 8
    u = np.array(data.draw(st.lists(st.integers(0, 15), min_size=pi.size, max_size=pi.size))) / 16
    want = literal.drawn_in_order(design.__name__, pi, u)
    assert design(pi, rng=Numbers(u)).index.tolist() == want


@every
@pytest.mark.parametrize(("units", "n"), [(500, 75), (5000, 4000)])
def test_many_units(design, units, n):
    pi, u = lognormal_pi(units, n), np.random.default_rng(n).random(units)
    want = literal.drawn_in_order(design.__name__, pi, u)
    assert design(pi, rng=Numbers(u)).index.tolist() == want


@every
@pytest.mark.parametrize("shift", [-0.4, 0.4], ids=["all-low", "all-high"])
def test_numbers_far_from_uniform(design, shift):
    """Where the middle is a bad guess, everybody is ranked."""
    pi = lognormal_pi(5000, 750)
    u = np.clip(np.random.default_rng(1).random(5000) + shift, 0, 1 - 2**-53)
    want = literal.drawn_in_order(design.__name__, pi, u)
    assert design(pi, rng=Numbers(u)).index.tolist() == want


@every
def test_equal_probabilities_make_it_simple(design):
    u = np.random.default_rng(2).random(400)
    pi = np.full(400, 0.25)
    assert design(pi, rng=Numbers(u)).index.tolist() == srs(pi, rng=Numbers(u)).index.tolist()


@every
def test_the_frequencies_are_the_exact_probabilities(design):
    pi = np.array([0.07, 0.17, 0.41, 1.0, 0.61, 0.83, 0.91])
    draws = 300 if numba.config.DISABLE_JIT else 30_000
    rng = np.random.default_rng(20261123)
    together = counted(lambda: design(pi, rng=rng), draws, pi.size)
    exact = order_inclusion_probabilities(pi, design=design.__name__)
    assert_plausible_units(np.diag(together), draws, exact)


def assert_plausible_units(counts, draws, chances):
    for count, p in zip(counts, chances, strict=True):
        assert_plausible(np.array([[count]]), draws, [[p]])


@pytest.mark.parametrize("kind", range(4))
def test_compiled_is_plain(kind, monkeypatch):
    pi, u = np.r_[lognormal_pi(60, 20), 0.0, 1.0, 5e-324], np.random.default_rng(1).random(63)
    compiled = sides_and_ranks(kind, u, pi)
    for name in ("_rank", "_ranks", "_part"):
        kernel = getattr(ranking, name)
        monkeypatch.setattr(ranking, name, getattr(kernel, "py_func", kernel))
    plain = sides_and_ranks(kind, u, pi)
    np.testing.assert_array_equal(compiled[0], plain[0])
    # Logarithms of two libraries differ in their last bit.
    np.testing.assert_allclose(compiled[1], plain[1], rtol=1e-15 * (kind == ranking.SUCCESSIVE))


def sides_and_ranks(kind, u, pi):
    side, inside = np.empty(pi.size, np.uint8), (pi > 0) & (pi < 1)
    ranking._part(kind, u, pi, 0.8, 1.2, side)
    return side, ranking._ranks(kind, u[inside], pi[inside])


@every
def test_a_last_rank_at_the_edge_of_the_band_is_found_all_the_same(design):
    """Numbers by hand may put the n-th rank where comparing without dividing may err."""
    units, edge = 4000, ranking.CLEARLY / np.sqrt(4000 * 0.5 * 0.5)
    pi = np.full(units, 0.5)
    for last in (1 - edge, 1 + edge):
        u = np.r_[np.linspace(0.001, 0.3, units // 2 - 1), np.linspace(0.7, 0.999, units // 2 + 1)]
        u[units // 2 - 1], u[units // 2] = last / 2, np.nextafter(last / 2, 0)
        want = literal.drawn_in_order(design.__name__, pi, u)
        assert design(pi, rng=Numbers(u)).index.tolist() == want


def test_the_samples_of_a_long_run_stay_what_they_are():
    pi, rng = np.arange(1, 41) * 10 / 820, Hashed("order/1")
    drawn = [design(pi, rng=rng).index.tolist() for design in (pareto, sequential_poisson) * 100]
    assert digest(drawn) == "8387423202a57cca"
