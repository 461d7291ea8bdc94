import numba
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from samples_of_results import KINDS, hundredths, sample

from fairlot._base.errors import InvalidInput
from fairlot.proficiency import Batch, critical_bandwidth, kde_modes, silverman_test

SLOW_WHEN_PLAIN = pytest.mark.skipif(
    numba.config.DISABLE_JIT, reason="minutes; plain == compiled elsewhere"
)


def test_two_results_meet_at_half_their_distance():
    assert critical_bandwidth([1.0, 4.0]) == pytest.approx(1.5, rel=1e-5)
    assert critical_bandwidth([1.0, 4.0], modes=2) == 0.0


def test_equal_results_have_nothing_to_test():
    assert critical_bandwidth([5.0] * 4) == 0.0
    got = silverman_test([5.0] * 4, reps=10, rng=np.random.default_rng(1))
    assert (got.p_value, got.h_critical) == (1.0, 0.0)


def test_the_range_of_floats_is_survived():
    assert critical_bandwidth([0.0, 1e300, 5e-324], modes=1) == pytest.approx(5e299, rel=0.5)
    assert critical_bandwidth([0.0, 5e-324]) == 0.0


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("modes", [1, 2, 4])
def test_the_number_of_modes_changes_there(kind, modes):
    x = sample(kind, 25, 0)
    h = critical_bandwidth(x, modes=modes)
    assert kde_modes(x, h=h * (1 + 1e-6)).n_modes <= modes
    assert kde_modes(x, h=h * (1 - 1e-4)).n_modes > modes


@given(hundredths(2), st.lists(st.floats(1e-3, 20), min_size=2, max_size=6))
def test_modes_never_grow_with_the_bandwidth(x, widths):
    """Silverman's theorem, for bandwidths a little apart."""
    counts = [kde_modes(x, h=h).n_modes for h in sorted(widths)]
    assert counts == sorted(counts, reverse=True)


@SLOW_WHEN_PLAIN
def test_two_groups_are_told_from_one():
    rng = np.random.default_rng(5)
    two, one = np.r_[rng.normal(0, 1, 30), rng.normal(6, 1, 20)], rng.normal(0, 1, 50)
    told = [silverman_test(x, reps=300, rng=np.random.default_rng(1)) for x in (two, one)]
    assert told[0].p_value < 0.01 < 0.1 < told[1].p_value
    assert silverman_test(two, modes=2, reps=300, rng=rng).p_value > 0.1
    assert (told[0].modes, told[0].reps, told[0].p, told[0].algorithm) == (
        1,
        300,
        50,
        "silverman/1",
    )


@SLOW_WHEN_PLAIN
def test_one_group_is_called_two_no_more_often_than_stated():
    """200 normal rounds of 30 at 5 %: the test is conservative, more than 15 false alarms would
    have a chance of 3 in 100 even if it were not."""
    rounds = Batch.of(np.random.default_rng(8).normal(0, 1, (200, 30)))
    p_values = silverman_test(rounds, reps=199, rng=np.random.default_rng(9)).p_value
    assert np.sum(p_values <= 0.05) <= 15
    assert np.sum(p_values <= 0.5) >= 20


def test_the_order_of_rows_and_the_unit_do_not_matter():
    x = np.round(100 * sample("groups", 24, 0))
    one = silverman_test(x, reps=99, rng=np.random.default_rng(1))
    other = silverman_test(x[::-1] * 2.0**-20, reps=99, rng=np.random.default_rng(1))
    assert (other.p_value, other.h_critical) == (one.p_value, one.h_critical * 2.0**-20)


def test_a_batch_is_its_samples():
    parts = [sample("groups", p, 1) for p in (2, 9, 30)]
    got = critical_bandwidth(Batch.of(parts))
    assert got.tolist() == [critical_bandwidth(x) for x in parts]


def test_refusals():
    with pytest.raises(InvalidInput, match="modes is 0; want a whole number of at least 1"):
        critical_bandwidth([1.0, 2.0], modes=0)
    with pytest.raises(InvalidInput, match="reps is 0"):
        silverman_test([1.0, 2.0], reps=0, rng=np.random.default_rng(1))
