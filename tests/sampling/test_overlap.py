from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from small_vectors import Numbers

from fairlot._base.errors import InvalidInput
from fairlot.sampling.overlap import expected_overlap, overlap
from fairlot.sampling.poisson import poisson
from fairlot.sampling.sample import Sample

A, B = np.array([0.25, 0.5, 0.875, 1.0]), np.array([0.5, 0.25, 0.25, 1.0])


def sample(index, pi):
    return Sample(np.array(index, dtype=np.int64), np.asarray(pi, dtype=float), "poisson/1")


@pytest.mark.parametrize(
    ("coordination", "second"),
    [
        ("positive", lambda u, v: u),
        ("independent", lambda u, v: v),
        ("negative", lambda u, v: (u - A) % 1),
        ("negative", lambda u, v: 1 - u - 1 / 16),
    ],
    ids=["positive", "independent", "shifted", "flipped"],
)
def test_expected_overlap_over_a_grid_of_numbers(coordination, second):
    """All units get the same pair of numbers: expectations do not ask how units depend."""
    common = []
    for u, v in product(np.arange(16) / 16, repeat=2):
        first = poisson(A, rng=Numbers(np.full(4, u)))
        later = poisson(B, rng=Numbers(second(np.full(4, u), np.full(4, v))))
        common.append(overlap(first, later).common)
    assert np.mean(common) == expected_overlap(A, B, coordination=coordination)


@given(st.lists(st.tuples(st.floats(0.1, 1), st.floats(0.1, 1)), min_size=1))
def test_expectations_are_ordered(pairs):
    a, b = np.array(pairs).T
    low, middle, high = (
        expected_overlap(a, b, coordination=word)
        for word in ("negative", "independent", "positive")
    )
    assert low <= middle + 1e-12 <= high + 2e-12


def test_the_frames_of_two_years_are_matched_by_id():
    a, b = sample([0, 2], [0.5, 0.5, 1.0]), sample([0, 3], [1.0, 0.25, 0.25, 0.5])
    found = overlap(a, b, ids_a=["x", "y", "z"], ids_b=["z", "new", "x", "other"])
    assert (found.common, found.n_a, found.n_b, found.share) == (1, 2, 2, 0.5)
    assert (found.positive, found.independent, found.negative) == (1.25, 1.125, 1.0)


def test_frames_without_common_units():
    a = sample([0], [1.0])
    found = overlap(a, a, ids_a=["x"], ids_b=["y"])
    assert (found.common, found.positive) == (0, 0.0)


def test_the_share_of_an_empty_sample_is_nan():
    assert np.isnan(overlap(sample([], [0.5]), sample([], [0.5])).share)


@pytest.mark.parametrize(
    ("ids_a", "ids_b", "message"),
    [
        (None, None, "frames of 1 and 2 units; want ids of both"),
        (["x"], None, "frames of 1 and 2 units; want ids of both"),
        (["x", "y"], ["x", "y"], "ids_a has 2 entries for 1 units"),
        (["x"], ["x"], "ids_b has 1 entries for 2 units"),
        (["x"], ["y", "y"], "ids[1] and ids[0] are both 'y'"),
    ],
)
def test_frames_that_do_not_match_are_refused(ids_a, ids_b, message):
    with pytest.raises(InvalidInput) as refusal:
        overlap(sample([], [0.5]), sample([], [0.5, 0.5]), ids_a=ids_a, ids_b=ids_b)
    assert str(refusal.value).startswith(message)


def test_an_unknown_coordination_is_refused():
    with pytest.raises(InvalidInput, match="coordination is 'none'; want one of positive, indep"):
        expected_overlap(A, B, coordination="none")
