from importlib import import_module

import literal_spatial as literal
import numpy as np
import pytest
from frames_in_space import PLACES, dyadic, rows

from fairlot._base.errors import InvalidInput
from fairlot.sampling import Sample, systematic

MODULE = import_module("fairlot.sampling.spatial_balance")
spatial_balance = MODULE.spatial_balance


@pytest.mark.parametrize("kind", PLACES)
def test_literal(kind):
    rng = np.random.default_rng(1)
    for _ in range(5):
        pi, where = dyadic(rng, 60), PLACES[kind](rng, 60)
        sample = systematic(pi, rng=rng)
        want = literal.spatial_balance(sample.index.tolist(), pi.tolist(), rows(where))
        assert spatial_balance(sample, where) == pytest.approx(float(want), rel=1e-13, abs=1e-15)


def test_a_census_is_perfect():
    ones = np.ones(4)
    assert spatial_balance(Sample(np.arange(4), ones, "any/1"), [1, 2, 3, 4]) == 0
    assert spatial_balance(Sample(np.arange(4), ones, "any/1"), [1, 1, 1, 1]) == 0


def test_one_unit_speaks_for_all():
    sample = Sample(np.array([1]), np.array([0.25, 0.5, 0.75]), "any/1")
    assert spatial_balance(sample, [1, 2, 3]) == 0.25


def test_an_empty_sample_is_refused():
    with pytest.raises(InvalidInput, match="the sample is empty"):
        spatial_balance(Sample(np.array([], dtype=int), np.full(3, 0.1), "any/1"), [1, 2, 3])


def test_coordinates_of_all_units_are_wanted():
    sample = Sample(np.array([1]), np.full(3, 0.5), "any/1")
    with pytest.raises(InvalidInput, match="coordinates has 1 entries for 3 units"):
        spatial_balance(sample, [2])


def test_what_is_given_stays_as_it_is():
    where = np.random.default_rng(3).random((50, 2))
    before = where.copy()
    spatial_balance(Sample(np.array([3, 7]), np.full(50, 0.1), "any/1"), where)
    assert np.array_equal(where, before)


def test_compiled_and_plain_are_alike(monkeypatch):
    rng = np.random.default_rng(4)
    frames = [(systematic(dyadic(rng, 70), rng=rng), PLACES[kind](rng, 70)) for kind in PLACES]
    compiled = [spatial_balance(*one) for one in frames]
    for name, value in vars(MODULE).items():
        monkeypatch.setattr(MODULE, name, getattr(value, "py_func", value))
    assert [spatial_balance(*one) for one in frames] == compiled
