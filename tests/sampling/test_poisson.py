from itertools import product

import numpy as np
import pytest
from small_vectors import Hashed, Numbers, digest

from fairlot._base.errors import InvalidInput
from fairlot.sampling.poisson import bernoulli, joint, poisson


def test_corners():
    rng = np.random.default_rng(0)
    assert poisson([1.0], rng=rng).index.tolist() == [0]
    assert poisson([1.0, 0.0], rng=rng).index.tolist() == [0]
    assert poisson([0.25, 1.0], rng=Numbers([0.25, 0.99])).index.tolist() == [1]
    assert poisson([0.25, 0.0], rng=Numbers([0.0, 0.0])).index.tolist() == [0]


def test_an_empty_sample():
    sample = poisson([0.25, 0.5], rng=Numbers([0.9, 0.9]))
    assert (len(sample), sample.design, sample.weights.tolist()) == (0, "poisson/1", [])


def test_the_sum_need_not_be_whole():
    assert len(poisson([0.3, 1.0], rng=np.random.default_rng(0))) >= 1


@pytest.mark.parametrize("design", [poisson, bernoulli])
def test_probabilities_over_a_grid_of_numbers(design):
    """On a grid of eighths every probability and every joint one is exact."""
    pi = np.array([0.375, 0.375, 1.0]) if design is bernoulli else np.array([0.125, 0.625, 1.0])
    together = np.zeros((3, 3))
    for u in product(np.arange(8) / 8, repeat=3):
        index = design(pi, rng=Numbers(u)).index
        together[np.ix_(index, index)] += 1
    want = np.outer(pi, pi)
    np.fill_diagonal(want, pi)
    assert (together / 512 == want).all()
    i, j = np.triu_indices(3, 1)
    assert (joint(pi)(i, j) == want[i, j]).all()


def test_bernoulli_refuses_unequal_probabilities():
    with pytest.raises(InvalidInput, match=r"pi\[2\] is 0.3 and pi\[1\] is 0.4; .* take poisson"):
        bernoulli([1.0, 0.4, 0.3], rng=np.random.default_rng(0))


def test_bernoulli_is_poisson():
    pi, rng = np.full(50, 0.3), np.random.default_rng
    assert (bernoulli(pi, rng=rng(1)).index == poisson(pi, rng=rng(1)).index).all()


def test_the_samples_of_a_long_run_stay_what_they_are():
    rng = Hashed("poisson/1")
    drawn = [poisson(np.arange(1, 41) / 41, rng=rng).index.tolist() for _ in range(100)]
    assert digest(drawn) == "4e31772a67a3ede4"
