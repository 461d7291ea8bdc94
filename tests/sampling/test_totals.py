"""Totals, means, ratios and differences: exact expectations, known identities, refusals."""

import tracemalloc

import literal_designs as designs
import numba
import numpy as np
import pytest

from fairlot import sampling
from fairlot._base.errors import Infeasible, InvalidInput
from fairlot.sampling import Sample, joint_probabilities
from fairlot.sampling.balanced_variance import balanced_variance
from fairlot.sampling.calibration import calibrate
from fairlot.sampling.design_variance import VARIANCES
from fairlot.sampling.estimate import FEWEST, LEAST, Covered
from fairlot.sampling.neighbour_variance import local_mean_variance
from fairlot.sampling.stratified_variance import collapse
from fairlot.sampling.totals import difference, mean, ratio, total

ALL = designs.FIXED + designs.RANDOM


def srs_sample(units=100, n=40, seed=0, design="srs/1"):
    rng = np.random.default_rng(seed)
    index = np.sort(rng.permutation(units)[:n])
    return Sample(index, np.full(units, n / units), design), rng.normal(10, 2, n)


# What is unbiased


@pytest.mark.parametrize("design", ALL, ids=str)
def test_a_total_is_unbiased(design):
    y = designs.outcomes(design)
    got = design.expect(lambda s: total(y[s.index], s, variance=None).value)
    assert got == pytest.approx(y.sum(), rel=1e-12)


@pytest.mark.parametrize("design", ALL, ids=str)
def test_a_domain_total_is_unbiased(design):
    y = designs.outcomes(design)
    inside = np.arange(y.size) % 2 == 0
    got = design.expect(lambda s: total(y[s.index], s, domain=inside[s.index], variance=None).value)
    assert got == pytest.approx(y[inside].sum(), rel=1e-12)


@pytest.mark.parametrize("design", ALL, ids=str)
def test_a_difference_is_unbiased_however_bad_the_model(design):
    y = designs.outcomes(design)
    wrong = np.linspace(-50, 80, y.size)
    got = design.expect(lambda s: difference(y[s.index], wrong, s, variance=None).value)
    assert got == pytest.approx(y.sum(), rel=1e-12)


@pytest.mark.parametrize("design", ALL, ids=str)
def test_a_difference_in_a_domain_is_unbiased(design):
    y = designs.outcomes(design)
    wrong, inside = np.linspace(-50, 80, y.size), np.arange(y.size) % 2 == 0
    got = design.expect(
        lambda s: difference(y[s.index], wrong, s, domain=inside, variance=None).value
    )
    assert got == pytest.approx(y[inside].sum(), rel=1e-12)


@pytest.mark.parametrize("design", designs.FIXED, ids=str)
def test_the_default_after_srs_is_unbiased_and_named(design):
    y = designs.outcomes(design)
    assert all(total(y[s.index], s).method == "deville" for s, _ in design.samples())
    if design.name == "srs":
        got = design.expect(lambda s: total(y[s.index], s).variance)
        assert got == pytest.approx(design.variance(y), rel=1e-12)


@pytest.mark.parametrize("name", ["sen_yates_grundy", "horvitz_thompson"])
def test_joint_probabilities_are_looked_up(name):
    design = designs.srs(6, 3)
    got = design.expect(lambda s: total(designs.Y[s.index], s, variance=name).variance)
    assert got == pytest.approx(design.variance(designs.Y), rel=1e-12)


@pytest.mark.parametrize("name", ["sen_yates_grundy", "horvitz_thompson"])
def test_strata_of_pairs_add_up(name):
    """Strata are independent, so pairs across them add nothing, and nobody looks at them."""
    pi = np.array([0.5, 0.5, 0.25, 0.75, 0.5, 0.5, 0.5, 0.5])
    sample = Sample(np.array([0, 2, 4, 6]), pi, "stratified(conditional_poisson/1)")
    y, strata = np.array([1.0, 2, 6, 3]), np.arange(8) // 4
    joint = joint_probabilities(pi, units=sample.index, strata=strata).values
    want = getattr(sampling, f"{name}_variance")(joint)(y, pi[sample.index], sample.index)
    assert total(y, sample, variance=name, strata=strata).variance == pytest.approx(want)
    with pytest.raises(InvalidInput, match="strata are not given; give strata"):
        total(y, sample, variance=name)


@pytest.mark.skipif(numba.config.DISABLE_JIT, reason="minutes; plain == compiled elsewhere")
def test_pairs_of_many_units_need_no_matrix():
    """n^2 floats would be 72 MB; blocks of pairs stay below 20."""
    units, n = 20_000, 3_000
    pi = np.full(units, n / units)
    sample = Sample(np.arange(n) * 6, pi, "tille/1")
    y = np.random.default_rng(1).normal(10, 2, n)
    tracemalloc.start()
    estimate = total(y, sample, variance="sen_yates_grundy")
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert most < 20e6
    assert estimate.variance == pytest.approx(total(y, sample).variance, rel=1e-6)


def half_and_half(sample):
    """Strata that each have half the drawn units and half of the others."""
    strata = np.empty(sample.pi.size, dtype=int)
    others = np.setdiff1d(np.arange(sample.pi.size), sample.index)
    for units in (sample.index, others):
        strata[units] = np.arange(units.size) * 2 // units.size
    return strata


# Identities


def test_a_mean_of_a_constant_is_the_constant():
    pi = np.array([0.3, 0.7, 0.5, 0.5])
    estimate = mean([7, 7], Sample(np.array([0, 2]), pi, "pareto/1"))
    assert (estimate.value, estimate.se) == (pytest.approx(7), pytest.approx(0, abs=1e-12))


def test_a_mean_is_a_ratio_to_ones():
    sample, y = srs_sample()
    got, want = mean(y, sample), ratio(y, np.ones(40), sample)
    assert (got.value, got.se) == (want.value, want.se)


def test_means_move_with_shift_and_scale():
    rng = np.random.default_rng(3)
    pi = rng.uniform(0.2, 0.8, 60)
    index = np.flatnonzero(rng.random(60) < pi)
    sample, y = Sample(index, pi, "poisson/1"), rng.normal(size=index.size)
    one, other = mean(y, sample), mean(3 * y + 5, sample)
    assert other.value == pytest.approx(3 * one.value + 5)
    assert other.se == pytest.approx(3 * one.se)
    assert other.ci == pytest.approx([3 * end + 5 for end in one.ci])


def test_a_total_of_a_perfect_prediction_has_no_error():
    sample, y = srs_sample()
    predicted = np.zeros(100)
    predicted[sample.index] = y
    estimate = difference(y, predicted, sample)
    assert (estimate.value, estimate.se) == (pytest.approx(y.sum()), 0)
    assert "variance is 0" in str(estimate.refused)


def test_domains_add_up():
    sample, y = srs_sample()
    part = y > 10
    parts = [total(y, sample, domain=flags, variance=None).value for flags in (part, ~part)]
    assert sum(parts) == pytest.approx(total(y, sample, variance=None).value)
    assert total(y, sample, domain=part).n == np.count_nonzero(part)


def test_a_domain_mean_is_that_of_the_domain():
    sample, y = srs_sample()
    part = y > 10
    estimate = mean(y, sample, domain=part)
    assert estimate.value == pytest.approx(y[part].mean())
    away = np.where(part, y, 1e6)
    assert mean(away, sample, domain=part) == estimate


def test_strata_add_up():
    sample, y = srs_sample(design="stratified(srs/1)")
    strata = half_and_half(sample)
    half = strata[sample.index] == 0
    variances = []
    for part, units in ((half, strata == 0), (~half, strata == 1)):
        places = np.searchsorted(np.flatnonzero(units), sample.index[part])
        own = Sample(places, sample.pi[units], "srs/1")
        variances.append(total(y[part], own).variance)
    assert total(y, sample, strata=strata).variance == pytest.approx(sum(variances))


def test_calibrated_on_y_itself_knows_the_total():
    sample, y = srs_sample()
    x = np.column_stack([np.ones(40), y])
    estimate = total(3 * y + 2, sample, weights=calibrate(sample, x, [100, 1234]))
    assert estimate.value == pytest.approx(3 * 1234 + 2 * 100)
    assert estimate.se == pytest.approx(0, abs=1e-9)
    assert mean(y, sample, weights=calibrate(sample, x, [100, 1234])).value == pytest.approx(12.34)


def test_a_linear_calibration_is_the_regression_estimator():
    """Its variance is Deville's of the residuals, each times its g."""
    sample, y = srs_sample()
    x = np.column_stack([np.ones(40), np.sqrt(np.arange(40))])
    known = np.array([100, 450.0])
    slopes = np.linalg.lstsq(x, y)[0]
    calibrated = calibrate(sample, x, known)
    estimate = total(y, sample, weights=calibrated)
    assert estimate.value == pytest.approx(2.5 * np.sum(y - x @ slopes) + known @ slopes)
    residuals = calibrated.g * (y - x @ slopes)
    assert estimate.se == pytest.approx(total(residuals, sample).se)


def test_times():
    sample, y = srs_sample()
    one = total(y, sample)
    turned = one.times(-2)
    assert turned.value == -2 * one.value
    assert turned.ci == (-2 * one.ci[1], -2 * one.ci[0])
    assert turned.se**2 == pytest.approx(turned.variance)


# Who is covered


def test_units_of_pi_0_are_said():
    sample = Sample(np.array([0]), np.array([0.5, 0.5, 0, 1])[[3, 0, 1, 2]], "poisson/1")
    assert total([1], sample, variance=None).covered == Covered(3, 1)
    estimate = difference([1], [1, 2, 3, 4], sample, variance=None)
    assert estimate.covered == Covered(3, 1, model=True)
    assert estimate.covered.share_never == 0.25
    assert estimate.value == 10
    assert str(Covered(4, 0)) == "all 4 units of the frame"
    assert Covered(4, 0).text("zh") == "总体 4 个单位中的 4 个"
    assert Covered(3, 1).text("zh") == "总体 4 个单位中的 3 个；1 个（25.0 %）pi = 0，未被涵盖"
    assert "只由模型涵盖" in estimate.covered.text("zh")


# Intervals


def test_an_interval_is_students():
    from scipy.stats import t

    sample, y = srs_sample()
    estimate = total(y, sample)
    half = t.ppf(0.975, 39) * estimate.se
    assert estimate.ci == pytest.approx((estimate.value - half, estimate.value + half))
    strata = np.arange(100) // 50
    stratified = total(y, sample, strata=strata)
    half = t.ppf(0.975, 38) * stratified.se
    assert stratified.ci == pytest.approx((stratified.value - half, stratified.value + half))


def test_too_few_units_have_no_interval():
    sample, y = srs_sample(n=LEAST - 1)
    estimate = total(y, sample)
    assert estimate.ci is None
    assert estimate.se > 0
    assert f"{LEAST - 1} units decided by chance" in str(estimate.refused)
    assert "exact_interval" in str(estimate.refused)
    assert "exact_interval" in estimate.refused.text("zh")
    assert total(*reversed(srs_sample(n=LEAST))).ci is not None


def test_too_small_a_domain_has_no_interval():
    sample, y = srs_sample()
    assert mean(y, sample, domain=np.arange(40) < LEAST - 1).ci is None
    assert mean(y, sample, domain=np.arange(40) < LEAST).ci is not None


def test_certain_units_do_not_count_towards_an_interval():
    sample, y = srs_sample(n=LEAST)
    pi = sample.pi.copy()
    pi[sample.index[0]] = 1
    assert total(y, Sample(sample.index, pi, "srs/1")).ci is None


@pytest.mark.parametrize("ones", [0, 1, FEWEST - 1, FEWEST])
def test_rare_outcomes_have_no_interval(ones):
    sample, _ = srs_sample()
    estimate = mean(np.arange(40) < ones, sample)
    assert (estimate.ci is None) == (ones < FEWEST)
    if estimate.ci is None:
        assert isinstance(estimate.refused, Infeasible)
        assert f"seen {ones} times" in str(estimate.refused)


# Degenerate samples


def test_a_census_has_no_error():
    sample = Sample(np.array([0, 2]), np.array([1.0, 0, 1]), "local_pivotal/1")
    estimate = total([3, 4], sample)
    assert (estimate.value, estimate.se, estimate.ci) == (7, 0, (7, 7))
    assert (estimate.method, estimate.refused) == ("census", None)


def test_nobody_drawn():
    sample = Sample(np.array([], dtype=np.int64), np.full(5, 0.1), "poisson/1")
    estimate = total([], sample)
    assert (estimate.value, estimate.ci, estimate.n) == (0, None, 0)
    assert np.isnan(estimate.se)
    assert difference([], np.ones(5), sample).value == 5
    with pytest.raises(InvalidInput, match="estimated as 0 from 0 drawn units"):
        mean([], sample)


def test_only_certain_units_drawn():
    sample = Sample(np.array([0]), np.array([1, 0.1]), "poisson/1")
    estimate = total([4], sample)
    assert estimate.value == 4
    assert np.isnan(estimate.se)
    assert estimate.ci is None


def test_one_unit():
    sample = Sample(np.array([1]), np.full(4, 0.25), "sampford/1")
    with pytest.raises(InvalidInput, match="1 drawn unit that chance decided"):
        total([3], sample)
    with pytest.raises(InvalidInput, match="1 drawn unit that chance decided"):
        total([3], sample, variance="sen_yates_grundy")
    assert total([3], sample, variance="conservative").se == pytest.approx(np.sqrt(0.75) * 12)
    assert total([3], sample, variance=None).value == 12


def test_one_unit_in_a_stratum_names_it_and_collapsing_helps():
    sample = Sample(np.array([0, 2, 4, 5]), np.full(8, 0.5), "stratified(srs/1)")
    strata = ["a", "a", "b", "b", "c", "c", "c", "c"]
    with pytest.raises(InvalidInput, match="stratum 'a': 1 drawn unit .* collapse"):
        total([1, 2, 3, 4], sample, strata=strata)
    assert total([1, 2, 3, 4], sample, strata=collapse(strata, sample)).se > 0


def test_collapse_leaves_no_stratum_alone():
    sample = Sample(np.array([0, 2, 4, 6]), np.full(8, 0.5), "stratified(srs/1)")
    assert collapse([0, 0, 0, 0, 1, 1, 2, 2], sample).tolist() == [0] * 4 + [1] * 4
    assert collapse([0, 0, 0, 0, 0, 0, 2, 2], sample).tolist() == [0] * 8
    assert collapse([5] * 8, sample).tolist() == [0] * 8


def test_strata_of_certain_units_add_nothing():
    sample = Sample(np.array([0, 1, 2]), np.array([1, 0.5, 0.5, 0.5, 0.5]), "stratified(srs/1)")
    strata = [1, 2, 2, 2, 2]
    want = total([0, 2, 3], sample, variance="deville").variance
    assert total([9, 2, 3], sample, strata=strata).variance == pytest.approx(want)


# Refusals


def refuse(match, call, *args, **kwargs):
    with pytest.raises(InvalidInput, match=match) as refusal:
        call(*args, **kwargs)
    assert refusal.value.text("zh") != refusal.value.text("en")


def test_bad_outcomes_are_named():
    sample, y = srs_sample()
    refuse(r"y\[2\] is nan; want a finite number", total, [1, 2, np.nan, *y[3:]], sample)
    refuse("y has 3 entries for 40 units", mean, [1, 2, 3], sample)
    refuse("z has 3 entries for 40 units", ratio, y, [1, 2, 3], sample)
    refuse("prediction has 40 entries for 100 units", difference, y, y, sample)
    refuse("the total of z is estimated as 0", ratio, y, np.zeros(40), sample)
    refuse("domain is float64 of shape", total, y, sample, domain=np.ones(40))
    refuse("domain has 3 entries for 40 units", total, y, sample, domain=[True, False, True])
    refuse("the domain's size is estimated as 0", mean, y, sample, domain=np.zeros(40, bool))
    refuse("strata has 3 entries for 100 units", total, y, sample, strata=[1, 2, 3])


def test_weights_of_another_sample():
    sample, y = srs_sample()
    other = calibrate(np.ones(3), [1, 2, 3], [10])
    refuse("weights has 3 entries for 40 units", total, y, sample, weights=other)


def test_weights_are_those_of_calibrate():
    sample, y = srs_sample()
    refuse(r"weights is list; want what calibrate\(sample", total, y, sample, weights=[1.0] * 40)


def test_outcomes_of_the_frame_are_told_how_to_be_cut():
    sample, _ = srs_sample()
    refuse(r"want those of the 40 drawn units: y\[sample.index\]", total, np.ones(100), sample)


def test_a_variance_that_was_not_called():
    sample, y = srs_sample()
    refuse(r"want local_mean_variance\(x\)", total, y, sample, variance=local_mean_variance)
    refuse(r"want balanced_variance\(x\)", total, y, sample, variance=balanced_variance)
    maker = sampling.sen_yates_grundy_variance
    refuse("want 'sen_yates_grundy', or", total, y, sample, variance=maker)


def test_a_domain_of_zeros_and_ones():
    sample, y = srs_sample()
    part = y > 10
    assert total(y, sample, domain=part.astype(int)) == total(y, sample, domain=part)
    refuse("domain is int64", total, y, sample, domain=[2] * 40)


def test_an_unknown_variance():
    sample, y = srs_sample()
    refuse("variance is 'best'; want one of brewer, ", total, y, sample, variance="best")


# Defaults


@pytest.mark.parametrize(
    ("design", "method"),
    [("poisson/1", "conservative"), ("pareto/1", "hajek_rosen"), ("srs/1", "deville"),
     ("systematic/1", "hansen_hurwitz"), ("nested_pivotal/1", "hansen_hurwitz")],
)  # fmt: skip
def test_the_default_suits_the_design(design, method):
    sample, y = srs_sample(design=design)
    assert total(y, sample).method == method
    sample, y = srs_sample(design=f"stratified({design})")
    assert total(y, sample, strata=half_and_half(sample)).method == method
    refuse("strata are not given", total, y, sample)


@pytest.mark.parametrize(
    "design", ["local_pivotal", "scps", "cube", "stratified_cube", "local_cube"]
)
def test_what_depends_on_x_asks_for_it(design):
    sample, y = srs_sample(design=f"{design}/1")
    refuse(
        r"give variance=(local_mean|balanced)_variance\(x\), x with one row for each of the 100",
        total,
        y,
        sample,
    )
    x = np.arange(100.0)
    assert total(y, sample, variance=local_mean_variance(x)).method == "local_mean"


@pytest.mark.parametrize("name", VARIANCES)
def test_certain_units_do_not_count_in_a_variance_called_by_name(name):
    """A census of part of the frame leaves the variance of the rest as it was."""
    sample, y = srs_sample(units=20, n=8)
    index, pi = np.append(sample.index, 20), np.append(sample.pi, 1.0)
    got = total([*y, 1e6], Sample(index, pi, "srs/1"), variance=name).variance
    want = total(y, sample, variance=name).variance
    assert got == pytest.approx(want, rel=1e-9)


def test_an_x_of_the_drawn_units_only_is_refused():
    sample, y = srs_sample()
    for maker in (local_mean_variance, balanced_variance):
        refuse("x has 40 rows and unit 9. was drawn", total, y, sample, variance=maker(y))


def test_a_design_nobody_knows():
    sample, y = srs_sample(design="mine/1")
    refuse("no variance is known to suit mine/1", total, y, sample)

    def own(y, pi, units):
        return float(np.sum(y**2))

    estimate = total(y, sample, variance=own)
    assert estimate.variance == pytest.approx(np.sum(y**2))
    assert estimate.method == "own"
