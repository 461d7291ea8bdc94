import math

import literal_robust as literal
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import chi2

from fairlot._base.errors import InvalidInput
from fairlot.proficiency import Batch, algorithm_s
from fairlot.proficiency.algorithm_s import limit_and_adjustment

# ISO 5725-5 prints them to three decimals.
TABLE = {1: (1.645, 1.097), 3: (1.444, 1.039), 5: (1.359, 1.027)}
RANGES = [0.28, 0.49, 0.40, 0.0, 0.35, 1.98, 0.80, 0.32, 0.95]

deviations = st.lists(st.integers(0, 64).map(lambda k: k / 16), min_size=1, max_size=40)
degrees = st.integers(1, 10)


@given(deviations, degrees)
def test_it_is_where_the_printed_iteration_ends(w, nu):
    eta, xi = limit_and_adjustment(nu)
    found = algorithm_s(w, nu)
    want = literal.algorithm_s(w, eta, xi, steps=3_000)
    assert found.w_star == pytest.approx(float(want), rel=1e-12, abs=1e-12 * max(w))


@given(deviations, degrees)
def test_no_scale_is_where_the_straight_part_at_0_shrinks(w, nu):
    eta, xi = limit_and_adjustment(nu)
    share = np.count_nonzero(w) / len(w)
    found = algorithm_s(w, nu)
    assert found.no_scale == ((xi * eta) ** 2 * share <= 1)
    assert (found.w_star == 0.0) == found.no_scale


@given(deviations, st.randoms(use_true_random=False), st.integers(-40, 40))
def test_row_order_and_unit_change_no_digit(w, random, power):
    moved = algorithm_s([value * 2.0**power for value in random.sample(w, len(w))])
    assert moved.w_star == algorithm_s(w).w_star * 2.0**power


@pytest.mark.parametrize("nu", TABLE)
def test_the_factors_are_those_of_the_table(nu):
    assert limit_and_adjustment(nu, "iso2022") == TABLE[nu]


@given(degrees)
def test_the_exact_factors_keep_nine_tenths_and_the_variance(nu):
    """Of s^2 with nu degrees of freedom, clipped at eta^2, xi^2 restores the mean."""
    eta, xi = limit_and_adjustment(nu)
    assert chi2.cdf(nu * eta**2, nu) == pytest.approx(0.9, rel=1e-12)
    grid = (np.arange(100_000) + 0.5) / 100_000
    clipped = np.minimum(chi2.ppf(grid, nu) / nu, eta**2).mean()
    assert xi**2 * clipped == pytest.approx(1.0, rel=1e-6)


def test_most_deviations_zero_still_have_a_scale_where_there_is_one():
    """The printed iteration would start at their median, 0, and stay there."""
    w = [0.0] * 5 + [1.0] * 4
    found = algorithm_s(w, 1)
    assert found.w_star > 0.0
    assert not found.no_scale
    assert algorithm_s([0.0] * 9 + [1.0]).no_scale


def test_ranges_become_deviations():
    found = algorithm_s(RANGES, ranges=True)
    assert found.w_star == algorithm_s(RANGES).w_star == algorithm_s(RANGES).s_r
    assert found.s_r == found.w_star / math.sqrt(2)


def test_a_batch_gives_to_every_measurand_what_it_has_alone():
    rng = np.random.default_rng(4)
    parts = [rng.chisquare(2, p).round(2) for p in (1, 2, 7, 60)] + [[0.0, 0.0, 1.0]]
    found = algorithm_s(Batch.of(parts), 2, edition="iso2022")
    for i, part in enumerate(parts):
        alone = algorithm_s(part, 2, edition="iso2022")
        for name in ("w_star", "s_r", "p", "iterations", "no_scale"):
            assert getattr(found, name)[i] == getattr(alone, name), name


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (lambda: algorithm_s([0.1, -0.2]), r"w\[1\] is -0.2; want a standard deviation or range"),
        (lambda: algorithm_s([0.1], 2, ranges=True), "ranges with nu = 2; want ranges of two"),
        (lambda: algorithm_s([0.1], 0), "nu is 0; want a whole number of at least 1"),
        (lambda: algorithm_s([0.1], edition="2015"), "edition is '2015'; want one of"),
    ],
)
def test_refusals_name_what_they_got(call, said):
    with pytest.raises(InvalidInput, match=said):
        call()
