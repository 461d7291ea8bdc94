from itertools import combinations, permutations

import literal_order as literal
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from small_vectors import Hashed, Numbers, digest

from fairlot._base.errors import InvalidInput
from fairlot.sampling.srs import _first_and_odd, joint, srs


def test_corners():
    rng = np.random.default_rng(0)
    assert srs([1.0], rng=rng).index.tolist() == [0]
    assert srs([1.0, 0.0, 1.0], rng=rng).index.tolist() == [0, 2]
    assert len(srs([0.5, 0.5, 1.0], rng=rng)) == 2
    assert srs([1e-7, 0.0], rng=rng).index.tolist() == []
    assert srs([1 - 1e-7] * 2, rng=rng).index.tolist() == [0, 1]


def test_ties_go_to_the_earlier_unit():
    assert srs([0.5] * 4, rng=Numbers([0.0] * 4)).index.tolist() == [0, 1]
    assert srs([0.5] * 4, rng=Numbers([0.9, 0.5, 0.5, 0.5])).index.tolist() == [1, 2]


def test_every_order_of_numbers_gives_every_sample_equally_often():
    u = np.arange(6) / 6
    drawn = [
        tuple(srs([1 / 3] * 6, rng=Numbers(u[list(order)])).index)
        for order in permutations(range(6))
    ]
    counts = {pair: drawn.count(pair) for pair in combinations(range(6), 2)}
    assert set(counts.values()) == {48}
    assert sum(counts.values()) == 720


@given(st.lists(st.integers(0, 9), min_size=2, max_size=30), st.data())
def test_it_takes_the_smallest(tenths, data):
    n = data.draw(st.integers(1, len(tenths) - 1))
    pi, u = np.full(len(tenths), n / len(tenths)), np.array(tenths) / 10
    assert srs(pi, rng=Numbers(u)).index.tolist() == literal.drawn_in_order("srs", pi, u)


@pytest.mark.parametrize("units", [500, 20_000])
def test_many_units(units):
    u = np.random.default_rng(units).random(units)
    pi = np.r_[np.full(units - 3, 0.25), 1.0, 0.0, 1.0]
    pi[: (units - 3) % 4] = 0
    assert srs(pi, rng=Numbers(u)).index.tolist() == literal.drawn_in_order("srs", pi, u)


def test_a_larger_sample_holds_the_smaller():
    u = np.random.default_rng(3).random(1000)
    small, large = (srs(np.full(1000, p), rng=Numbers(u)).index for p in (0.1, 0.3))
    assert set(small) < set(large)


def test_joint():
    i, j = np.triu_indices(5, 1)
    assert joint(np.full(5, 0.6))(i, j) == pytest.approx(np.full(10, 0.3), abs=1e-15)
    assert joint(np.full(5, 0.2))(i, j).tolist() == [0.0] * 10


def test_unequal_probabilities_are_refused_by_name():
    with pytest.raises(InvalidInput) as refusal:
        srs([1.0, 0.5, 0.0, 0.25, 0.25], rng=np.random.default_rng(0))
    assert str(refusal.value) == (
        "pi[3] is 0.25 and pi[1] is 0.5; want the same for all between 0 and 1,"
        " or take pivotal or conditional_poisson"
    )
    assert refusal.value.text("zh").startswith("pi[3] 为 0.25，而 pi[1] 为 0.5")


@pytest.mark.parametrize("pi", [[0.5, 0.5, 1, 0], [0.5, 0.25], [1.0, 0.0]])
def test_compiled_is_plain(pi):
    plain = getattr(_first_and_odd, "py_func", _first_and_odd)
    pi = np.array(pi, dtype=float)
    assert _first_and_odd(pi) == plain(pi)


def test_the_samples_of_a_long_run_stay_what_they_are():
    rng = Hashed("srs/1")
    drawn = [srs(np.full(40, 0.25), rng=rng).index.tolist() for _ in range(100)]
    assert digest(drawn) == "78c56fa03ca5a7b0"
