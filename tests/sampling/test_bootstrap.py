"""Bootstrap weights: both moments by going through all outcomes, with numbers written by hand."""

from itertools import product

import numpy as np
import pytest

from fairlot._base.chance import Given
from fairlot._base.errors import InvalidInput
from fairlot.sampling import Sample
from fairlot.sampling.bootstrap import MOSTLY, bootstrap_weights
from fairlot.sampling.totals import total

PI = np.array([0.3, 0.5, 0.6, 0.2, 1.0, 0.4, 0.7, 0.3])
SAMPLE = Sample(np.array([0, 2, 3, 4]), PI, "pareto/1")
Y = np.array([3.0, 1.0, 4.0, 5.0])


def outcomes(sample, **how):
    """Return every set of weights and its chance: each unit's number is below MOSTLY or above."""
    n = len(sample)
    sides = np.array(list(product([0, 1], repeat=n)))
    words = np.where(sides == 0, 0, np.uint64(2**64 - 1)).astype(np.uint64)
    weights = bootstrap_weights(sample, 2**n, rng=Given(words.ravel()), **how)
    return weights, np.prod(np.where(sides == 0, MOSTLY, 1 - MOSTLY), axis=1)


@pytest.mark.parametrize("design", ["sampford/1", "pareto/1", "poisson/1", "pivotal/1"])
def test_mean_and_variance_are_those_of_the_default(design):
    sample = Sample(SAMPLE.index, PI, design)
    weights, chance = outcomes(sample)
    np.testing.assert_allclose(chance @ weights, sample.weights, rtol=1e-12)
    spread = chance @ (weights @ Y - sample.weights @ Y) ** 2
    assert spread == pytest.approx(total(Y, sample).variance, rel=1e-12)


@pytest.mark.parametrize("design", ["local_pivotal/1", "cube/1"])
def test_designs_that_depend_on_x_have_devilles(design):
    sample = Sample(SAMPLE.index, PI, design)
    weights, chance = outcomes(sample)
    spread = chance @ (weights @ Y - sample.weights @ Y) ** 2
    assert spread == pytest.approx(total(Y, sample, variance="deville").variance, rel=1e-12)


def test_strata_are_moved_by_themselves():
    pi = np.array([0.3, 0.3, 0.6, 0.6, 0.7, 0.7, 0.8])
    sample = Sample(np.array([0, 1, 2, 3]), pi, "stratified(srs/1)")
    strata = ["a", "a", "b", "b", "a", "a", "b"]
    weights, chance = outcomes(sample, strata=strata)
    np.testing.assert_allclose(chance @ weights, sample.weights, rtol=1e-12)
    spread = chance @ (weights @ Y - sample.weights @ Y) ** 2
    assert spread == pytest.approx(total(Y, sample, strata=strata).variance, rel=1e-12)
    each = weights * pi[:4]
    np.testing.assert_allclose(each[:, :2].sum(axis=1), 2, rtol=1e-12)


def test_a_fixed_size_stays_fixed():
    """What is proportional to pi has no sampling error, in no set of weights."""
    weights = bootstrap_weights(SAMPLE, 50, rng=np.random.default_rng(1))
    np.testing.assert_allclose(weights @ PI[SAMPLE.index], 4, rtol=1e-12)


def test_certain_units_keep_their_weight():
    weights = bootstrap_weights(SAMPLE, 50, rng=np.random.default_rng(1))
    np.testing.assert_array_equal(weights[:, 3], 1)


def test_same_numbers_same_weights():
    one, other = (bootstrap_weights(SAMPLE, 3, rng=np.random.default_rng(1)) for _ in range(2))
    np.testing.assert_array_equal(one, other)


def test_what_is_refused():
    rng = np.random.default_rng(1)
    with pytest.raises(InvalidInput, match="reps is 0"):
        bootstrap_weights(SAMPLE, 0, rng=rng)
    with pytest.raises(InvalidInput, match="rng is int"):
        bootstrap_weights(SAMPLE, 2, rng=1)
    with pytest.raises(InvalidInput, match="strata are not given"):
        bootstrap_weights(Sample(SAMPLE.index, PI, "stratified(pareto/1)"), 2, rng=rng)
    with pytest.raises(InvalidInput, match="stratum 1: 1 drawn unit"):
        bootstrap_weights(SAMPLE, 2, strata=[1, 0, 0, 0, 0, 0, 0, 0], rng=rng)
