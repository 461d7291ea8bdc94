"""A sample that lost units is refused, whatever is estimated from it."""

import numpy as np
import pytest

from fairlot._base.errors import InvalidInput
from fairlot.sampling import Sample, difference, mean, ratio, total

PI = np.full(100, 0.5)
LOST = Sample(np.arange(40), PI, "srs/1")
TOLD = "sample has 40 units, srs/1 draws 50: a sample keeps its non-respondents; see prevalence"


def test_non_respondents_are_not_dropped():
    y = np.arange(40.0)
    for estimate in (
        lambda: total(y, LOST, variance=None),
        lambda: mean(y, LOST),
        lambda: ratio(y, y + 1, LOST),
        lambda: difference(y, np.ones(100), LOST),
    ):
        with pytest.raises(InvalidInput, match=TOLD):
            estimate()


def test_a_stratum_is_not_dropped():
    strata = np.arange(100) // 50
    sample = Sample(np.arange(50), PI, "stratified(srs/1)")
    with pytest.raises(InvalidInput, match="stratum 0: sample has 50 units, .* draws 25"):
        total(np.ones(50), sample, strata=strata)
    whole = Sample(np.arange(0, 50, 2), PI, "stratified(srs/1)")
    with pytest.raises(InvalidInput, match="stratum 1: sample has 0 units, .* draws 25"):
        total(np.ones(25), whole, strata=strata)
    with pytest.raises(InvalidInput, match="sample has 25 units, .* draws 50"):
        total(np.ones(25), whole, variance=None)


@pytest.mark.parametrize("size", [1, 2, 3, 4])
def test_a_rounded_size_is_one_of_two(size):
    sample = Sample(np.arange(size), np.full(5, 0.5), "scps/1")
    if size in (2, 3):
        assert total(np.ones(size), sample, variance=None).value == 2 * size
    else:
        with pytest.raises(InvalidInput, match="scps/1 draws 2 or 3"):
            total(np.ones(size), sample, variance=None)


@pytest.mark.parametrize(
    "design", ["poisson/1", "bernoulli/1", "cube/1", "stratified(poisson/1)", "own/3"]
)
def test_other_designs_may_come_to_any_size(design):
    assert total(np.ones(40), Sample(LOST.index, PI, design), variance=None).value == 80
