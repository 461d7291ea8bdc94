import math
from fractions import Fraction

import literal_robust as literal
import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from scipy.stats import norm

from fairlot._base.errors import InvalidInput
from fairlot.proficiency import Batch, huber, mad_e, mean_sd, n_iqr, robust_summary, small_sample
from fairlot.proficiency.mad_e import MAD_FACTOR
from fairlot.proficiency.n_iqr import IQR_FACTOR

NINE = [4.7, 5.0, 6.2, 4.0, 5.3, 4.9, 5.7, 5.0, 4.5]
RULES = ["type6", "type7"]
ESTIMATORS = {
    "mean_sd": mean_sd,
    "mad_e": mad_e,
    "n_iqr type 6": lambda x: n_iqr(x, quartiles="type6"),
    "n_iqr type 7": lambda x: n_iqr(x, quartiles="type7"),
    "small_sample": small_sample,
    "huber": huber,
}
every = pytest.mark.parametrize("estimator", ESTIMATORS.values(), ids=ESTIMATORS)

# Multiples of 1/64 up to 2^20: sums, differences and medians of them are exact in doubles.
dyadic = st.integers(-(2**26), 2**26).map(lambda k: k / 64)
rounded = st.integers(-20, 20).map(lambda k: k / 4)
samples = st.lists(st.one_of(dyadic, rounded), min_size=1, max_size=40)


def near(got, want, rel=1e-13):
    assert math.isclose(got, float(want), rel_tol=rel, abs_tol=0.0), (got, float(want))


@given(samples)
def test_median_and_mad_e_are_exact(x):
    centre, deviation = literal.median_deviation(x)
    found = mad_e(x)
    assert found.x_star == centre
    assert found.s_star == MAD_FACTOR["exact"] * float(deviation)
    assert mad_e(x, edition="iso2022").s_star == 1.483 * float(deviation)


@pytest.mark.parametrize("rule", RULES)
@given(samples)
def test_n_iqr_is_that_of_the_rule(rule, x):
    width = literal.interquartile_range(x, rule)
    near(n_iqr(x, quartiles=rule).s_star, IQR_FACTOR["exact"] * float(width))
    near(n_iqr(x, quartiles=rule, edition="iso2022").s_star, 0.7413 * float(width))


@given(samples)
def test_mean_and_sd_are_those_of_fractions(x):
    mean, squares = literal.mean_and_squares(x)
    found = mean_sd(x)
    assert abs(Fraction(found.x_star) - mean) <= 2**-51 * max(map(abs, x))
    near(found.s_star, math.sqrt(squares / max(len(x) - 1, 1)), rel=1e-12)


def test_the_factors_are_those_of_the_normal_distribution():
    near(MAD_FACTOR["exact"], 1 / norm.ppf(0.75), 1e-15)
    near(IQR_FACTOR["exact"], 0.5 / norm.ppf(0.75), 1e-15)


def test_the_quartile_rule_flips_the_grade_of_the_chinese_example():
    z = {}
    for rule in RULES:
        found = n_iqr(NINE, quartiles=rule, edition="iso2022")
        z[rule] = (6.2 - found.x_star) / found.s_star
    assert round(z["type6"], 2) == 1.80
    assert round(z["type7"], 2) == 2.70


def test_a_summary_is_its_parts():
    found = robust_summary(NINE, edition="iso2022")
    assert (found.p, found.median, found.edition) == (9, 5.0, "iso2022")
    assert found.mean == mean_sd(NINE).x_star
    assert found.sd == mean_sd(NINE).s_star
    assert found.mad_e == mad_e(NINE, edition="iso2022").s_star
    assert found.n_iqr_type6 == n_iqr(NINE, quartiles="type6", edition="iso2022").s_star
    assert found.n_iqr_type7 == n_iqr(NINE, quartiles="type7", edition="iso2022").s_star


def test_two_and_three_results_have_their_small_rule():
    assert small_sample([3.0, 7.0]).s_star == 4.0 / math.sqrt(2)
    near(small_sample([3.0, 4.0, 8.0]).s_star, 5.0 / (0.798 * 3), 1e-15)
    assert small_sample([3.0, 4.0, 8.0]).x_star == 4.0


# Corners


@every
def test_a_single_result_has_no_scale(estimator):
    found = estimator([7.25])
    assert (found.x_star, found.s_star, found.no_scale, found.p) == (7.25, 0.0, True, 1)
    assert found.u_xpt == 0.0


@every
@given(st.floats(-1e9, 1e9), st.integers(2, 9))
def test_equal_results_have_no_scale(estimator, value, p):
    found = estimator([value] * p)
    assert (found.x_star, found.s_star, found.no_scale) == (value, 0.0, True)


def test_more_than_half_equal_leaves_mad_e_without_a_scale():
    found = mad_e([5.0, 5.0, 5.0, 1.0, 9.0])
    assert (found.x_star, found.s_star, found.no_scale) == (5.0, 0.0, True)
    assert huber([5.0, 5.0, 5.0, 1.0, 19.0]).x_star == 5.0


@every
def test_a_batch_gives_to_every_measurand_what_it_has_alone(estimator):
    rng = np.random.default_rng(5)
    parts = [rng.normal(10, 1, p).round(1) for p in (1, 2, 3, 8, 41, 200)]
    found = estimator(Batch.of(parts))
    for i, part in enumerate(parts):
        alone = estimator(part)
        for name in ("x_star", "s_star", "u_xpt", "p", "iterations", "converged", "no_scale"):
            assert getattr(found, name)[i] == getattr(alone, name), name
    assert found.algorithm == alone.algorithm


def test_threads_change_nothing():
    rng = np.random.default_rng(6)
    rows = rng.normal(10, 1, (600, 200))
    assert mad_e(Batch.of(rows)).s_star.tolist() == [mad_e(row).s_star for row in rows]


@every
@given(samples, st.randoms(use_true_random=False))
def test_the_order_of_rows_changes_no_digit(estimator, x, random):
    shuffled = random.sample(x, len(x))
    assert estimator(shuffled).x_star == estimator(x).x_star
    assert estimator(shuffled).s_star == estimator(x).s_star


@every
@given(samples, st.integers(-40, 40))
def test_another_unit_changes_no_digit(estimator, x, power):
    found, other = estimator(x), estimator([value * 2.0**power for value in x])
    assert (other.x_star, other.s_star) == (found.x_star * 2.0**power, found.s_star * 2.0**power)


@every
@given(samples, st.integers(-(2**20), 2**20))
def test_another_origin_moves_the_location_alone(estimator, x, origin):
    found, other = estimator(x), estimator([value + origin for value in x])
    assert math.isclose(other.s_star, found.s_star, rel_tol=1e-12)
    assert math.isclose(other.x_star, found.x_star + origin, rel_tol=1e-15, abs_tol=1e-9)


# Huber's location


@given(
    samples, st.sampled_from([0.5, 1.0, 1.345, 1.5, 3.0]), st.sampled_from([None, 0.25, 2.0, 1e4])
)
def test_the_pulls_of_the_results_balance(x, k, scale):
    """On both sides of the location the sum of pulls has the signs that a zero there asks for."""
    found = huber(x, k=k, scale=scale)
    assume(not found.no_scale)
    slack = 1e-12 * max(map(abs, x), default=0.0) + 1e-12 * found.s_star
    assert literal.pull(x, found.x_star - slack, found.s_star, k) >= 0
    assert literal.pull(x, found.x_star + slack, found.s_star, k) <= 0
    assert found.converged


def test_a_wide_scale_gives_the_mean_and_a_narrow_one_the_median():
    assert huber(NINE, scale=1e6).x_star == pytest.approx(np.mean(NINE), rel=1e-15)
    assert huber([1.0, 2.0, 4.0, 9.0, 11.0], scale=1e-9).x_star == pytest.approx(4.0, abs=1e-8)


def test_a_scale_of_zero_gives_the_median():
    found = huber(NINE, scale=0.0)
    assert (found.x_star, found.no_scale) == (5.0, True)


def test_every_measurand_has_its_own_scale():
    batch = Batch.of([NINE, NINE])
    found = huber(batch, scale=[0.4, 0.8])
    assert found.x_star.tolist() == [huber(NINE, scale=s).x_star for s in (0.4, 0.8)]


# Refusals


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (lambda: n_iqr(NINE, quartiles="exc"), "quartiles is 'exc'; want one of type6, type7"),
        (lambda: mad_e(NINE, edition="2015"), "edition is '2015'; want one of exact, iso2022"),
        (lambda: mean_sd([1.0, math.nan]), r"x\[1\] is nan; want a finite number"),
        (lambda: mean_sd([1.0, "<0.01"]), r"x\[1\] is '<0.01'; want a number"),
        (lambda: mad_e([]), "x has shape"),
        (lambda: huber(NINE, k=0.0), "k is 0.0; want a number above 0"),
        (lambda: huber(NINE, scale=-1.0), r"scale\[0\] is -1.0; want a number of at least 0"),
        (lambda: huber(Batch.of([NINE]), scale=[1.0, 2.0]), "scale has 2 entries"),
    ],
)
def test_refusals_name_what_they_got(call, said):
    with pytest.raises(InvalidInput, match=said):
        call()
