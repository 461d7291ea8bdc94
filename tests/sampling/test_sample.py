import numpy as np
import pytest

from fairlot._base.errors import InvalidInput
from fairlot.sampling import Sample

PI = np.array([0.0, 0.5, 1.0, 0.5])


def test_it_keeps_what_it_was_given():
    sample = Sample(np.array([1, 2]), PI, "toy/0")
    assert (len(sample), sample.design, sample.index.dtype) == (2, "toy/0", np.int64)
    assert sample.to_frame().to_dict("list") == {"index": [1, 2], "pi": [0.5, 1.0]}


def test_its_arrays_are_its_own_and_read_only():
    pi, index = PI.copy(), np.array([1, 2])
    sample = Sample(index, pi, "toy/0")
    pi[:], index[:] = 1, 0
    assert sample.pi.tolist() == PI.tolist()
    assert sample.index.tolist() == [1, 2]
    for name in ("index", "pi"):
        with pytest.raises(ValueError, match="read-only"):
            getattr(sample, name)[0] = 3


def test_an_empty_sample_is_a_sample():
    assert len(Sample(np.array([], dtype=np.int64), np.array([0.0, 0.5]), "toy/0")) == 0


@pytest.mark.parametrize(
    ("index", "message"),
    [
        ([2, 1], "index[1] is 1 after 2; want rising positions"),
        ([1, 1, 2], "index[1] is 1 after 1; want rising positions"),
        ([-1, 2], "index runs from -1 to 2; want positions from 0 to 3"),
        ([2, 4], "index runs from 2 to 4; want positions from 0 to 3"),
        ([False, True, True, False], "index is bool of shape (4,); want positions"),
        ([0.2, 1.9], "index is float64 of shape (2,); want positions"),
        ([[1, 2]], "index is int64 of shape (1, 2); want positions"),
    ],
)
def test_it_refuses_positions_that_do_not_rise_inside_the_frame(index, message):
    with pytest.raises(InvalidInput) as refusal:
        Sample(np.array(index), PI, "toy/0")
    assert str(refusal.value).startswith(message)


def test_it_refuses_probabilities_that_are_no_floats():
    with pytest.raises(InvalidInput, match="pi is <U1 of shape"):
        Sample(np.array([0]), np.array(["a"]), "toy/0")


@pytest.mark.parametrize(
    ("index", "message"),
    [
        ([0, 2], "unit 0 has pi 0.0 and drawn is True"),
        ([1, 3], "unit 2 has pi 1.0 and drawn is False"),
    ],
)
def test_it_refuses_broken_certainty(index, message):
    with pytest.raises(InvalidInput) as refusal:
        Sample(np.array(index), PI, "toy/0")
    assert str(refusal.value) == message


@pytest.mark.parametrize("pi", [np.nan, -0.1, 1.1])
def test_it_refuses_what_is_no_probability(pi):
    with pytest.raises(InvalidInput, match=rf"unit 1 has pi {pi}"):
        Sample(np.array([], dtype=np.int64), np.array([0.5, pi]), "toy/0")
