"""Any design lifted to strata."""

import numpy as np
import pytest

from fairlot._base.chance import Given
from fairlot._base.errors import InvalidInput
from fairlot.sampling import pivotal, poisson, srs, stratified, systematic

PI = np.array([0.5, 0.25, 0.5, 0.25, 0.25, 0.25])
STRATA = ["a", "b", "a", "b", "b", "b"]


def generator():
    return np.random.default_rng(2)


def test_the_numbers_of_a_unit_are_its_own():
    """A Poisson draw looks only at its unit's number, so strata cannot matter."""
    words = [1 << 62, 1 << 60, 1 << 63, 1 << 61, 1 << 63, 1 << 59]
    lifted = stratified(poisson, STRATA)(PI, rng=Given(words))
    assert lifted.index.tolist() == poisson(PI, rng=Given(words)).index.tolist() == [0, 1, 3, 5]


def test_each_stratum_has_its_size():
    for seed in range(20):
        sample = stratified(pivotal, STRATA)(PI, rng=np.random.default_rng(seed))
        assert [sum(STRATA[i] == s for i in sample.index) for s in "ab"] == [1, 1]
    assert sample.design == "stratified(pivotal/1)"


def test_rows_of_other_arguments_go_with_their_units():
    seen = {}

    def spy(pi, x, k, *, rng, z):
        seen[tuple(x)] = (k, tuple(z))
        return srs(pi, rng=rng)

    x = np.arange(6) * 10
    stratified(spy, STRATA)(PI, x, 3, rng=generator(), z=list("uvwxyz"))
    assert seen == {(0, 20): (3, ("u", "w")), (10, 30, 40, 50): (3, ("v", "x", "y", "z"))}


def test_a_stratum_without_probability_is_passed_over():
    pi = np.where(np.array(STRATA) == "b", PI, 0)
    assert len(stratified(systematic, STRATA)(pi, rng=generator())) == 1
    words = [1 << 62, 1 << 60, 1 << 63, 1 << 61, 1 << 63, 1 << 59]
    lifted = stratified(poisson, STRATA)(pi, rng=Given(words))
    assert lifted.index.tolist() == poisson(pi, rng=Given(words)).index.tolist() == [1, 3, 5]


def test_a_refusal_names_the_stratum():
    pi = PI.copy()
    pi[1] = 0.5
    with pytest.raises(InvalidInput, match=r"stratum 'b': pi adds up to 1.25") as caught:
        stratified(pivotal, STRATA)(pi, rng=generator())
    assert caught.value.text("zh").startswith("层 'b'：pi 之和为 1.25")


@pytest.mark.parametrize(
    ("strata", "message"),
    [
        (["a", "b"], "strata has 2 entries for 6 units"),
        (["a", None, "a", "b", "b", "b"], r"strata\[1\] is None; want a label"),
    ],
)
def test_broken_strata_are_refused(strata, message):
    with pytest.raises(InvalidInput, match=message):
        stratified(srs, strata)(PI, rng=generator())


def test_threads_are_at_least_one():
    with pytest.raises(InvalidInput, match="threads is 0; want at least 1"):
        stratified(srs, STRATA, threads=0)
