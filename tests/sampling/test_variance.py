"""Variances: exact expectations over all samples, literal formulas, and what must not matter."""

from functools import partial

import literal_designs as designs
import literal_variances as literal
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fairlot._base.errors import InvalidInput
from fairlot.sampling import Sample
from fairlot.sampling.balanced_variance import balanced_variance
from fairlot.sampling.neighbour_variance import local_mean_variance, successive_differences
from fairlot.sampling.pair_variance import horvitz_thompson_variance, sen_yates_grundy_variance
from fairlot.sampling.totals import total
from fairlot.sampling.variance import (
    brewer,
    conservative,
    deville,
    hajek_rosen,
    hansen_hurwitz,
    overton,
)

PLAIN = [brewer, conservative, deville, hajek_rosen, hansen_hurwitz, overton,
         successive_differences]  # fmt: skip
ALL = designs.FIXED + designs.RANDOM


def of_sample(estimate, y):
    return lambda sample: estimate(y[sample.index], sample.pi[sample.index])


def of_pairs(maker, design, y):
    return lambda sample: maker(design.together(sample))(
        y[sample.index], sample.pi[sample.index], sample.index
    )


# What is unbiased


@pytest.mark.parametrize("design", designs.FIXED, ids=str)
def test_sen_yates_grundy_is_unbiased(design):
    y = designs.outcomes(design)
    got = design.expect(of_pairs(sen_yates_grundy_variance, design, y))
    assert got == pytest.approx(design.variance(y), rel=1e-12)


@pytest.mark.parametrize("design", ALL, ids=str)
def test_horvitz_thompson_is_unbiased(design):
    y = designs.outcomes(design)

    def estimate(sample):
        return of_pairs(horvitz_thompson_variance, design, y)(sample) if len(sample) else 0.0

    assert design.expect(estimate) == pytest.approx(design.variance(y), rel=1e-12)


@pytest.mark.parametrize("design", designs.RANDOM, ids=str)
def test_the_conservative_sum_is_unbiased_after_independent_draws(design):
    y = designs.outcomes(design)
    got = design.expect(of_sample(conservative, y))
    assert got == pytest.approx(design.variance(y), rel=1e-12)


@pytest.mark.parametrize("design", designs.FIXED, ids=str)
def test_the_conservative_sum_is_not_too_small_for_outcomes_of_one_sign(design):
    y = np.abs(designs.outcomes(design))
    assert design.expect(of_sample(conservative, y)) >= design.variance(y)


@pytest.mark.parametrize(
    "estimate", [brewer, deville, hajek_rosen, overton], ids=lambda f: f.__name__
)
def test_equal_probabilities_give_the_textbook(estimate):
    design = designs.srs(6, 3)
    assert design.expect(of_sample(estimate, designs.Y)) == pytest.approx(
        design.variance(designs.Y), rel=1e-12
    )
    y, pi = np.array([1.0, 5.0, 6.0]), np.full(3, 0.5)
    assert estimate(y, pi) == pytest.approx(36 * (1 - 0.5) * np.var(y, ddof=1) / 3, rel=1e-12)


@pytest.mark.parametrize("design", designs.FIXED, ids=str)
def test_with_replacement_overstates_by_its_own_gain(design):
    """Durbin (1953): E v = V + n / (n - 1) (V_with - V) for every design of fixed size."""
    y, n = designs.outcomes(design), round(design.pi.sum())
    chance = design.pi / n
    with_replacement = np.sum(chance * (y / chance - y.sum()) ** 2) / n
    true = design.variance(y)
    want = true + n / (n - 1) * (with_replacement - true)
    assert design.expect(of_sample(hansen_hurwitz, y)) == pytest.approx(want, rel=1e-12)


@pytest.mark.parametrize("units", [6, 10, 14])
@pytest.mark.parametrize("estimate", [deville, hajek_rosen], ids=lambda f: f.__name__)
def test_high_entropy_is_approximated(units, estimate):
    """Hajek (1964): the relative error is of the order 1 / d, d = sum pi (1 - pi)."""
    rng = np.random.default_rng(units)
    design = designs.conditional_poisson(rng.uniform(0.2, 0.8, units), units // 2)
    room = np.sum(design.pi * (1 - design.pi))
    for y in rng.normal(3, 1, (5, units)):
        got, want = design.expect(of_sample(estimate, y)), design.variance(y)
        assert abs(got / want - 1) <= 1 / room


# The formulas


def a_sample(seed, n=9, take_all=0, units=20):
    rng = np.random.default_rng(seed)
    pi = rng.uniform(0.1, 0.9, units)
    index = np.sort(rng.permutation(units)[:n])
    pi[index[:take_all]] = 1
    return rng.normal(5, 3, n), pi[index], index, rng.random((units, 2))


@pytest.mark.parametrize("take_all", [0, 2])
@pytest.mark.parametrize("name", ["deville", "hajek_rosen", "hansen_hurwitz", "overton"])
def test_formula(name, take_all):
    y, pi, _, _ = a_sample(1, take_all=take_all)
    assert globals()[name](y, pi) == pytest.approx(getattr(literal, name)(y, pi), rel=1e-12)


def test_formula_of_successive_differences():
    y, pi, _, _ = a_sample(2)
    want = literal.successive_differences(y, pi)
    assert successive_differences(y, pi) == pytest.approx(want, rel=1e-12)


@pytest.mark.parametrize("n", [2, 3, 4, 9, 20])
def test_formula_of_the_local_mean(n):
    y, pi, index, x = a_sample(3, n=n)
    want = literal.local_mean(y, pi, x[index])
    assert local_mean_variance(x)(y, pi, index) == pytest.approx(want, rel=1e-9)


def test_local_mean_where_units_share_a_place():
    y, pi, index, x = a_sample(4, n=8)
    x[index[:6]] = 0.5
    assert local_mean_variance(x)(y, pi, index) > 0
    assert local_mean_variance(x)(pi, pi, index) == pytest.approx(0, abs=1e-20)


def test_formula_of_the_balanced_variance():
    y, pi, index, x = a_sample(5)
    want = literal.balanced(y, pi, np.column_stack([pi, x[index]]))
    assert balanced_variance(x)(y, pi, index) == pytest.approx(want, rel=1e-9)


def test_balanced_on_nothing_but_the_size_is_hajek_rosen():
    y, pi, index, x = a_sample(6, take_all=1)
    x[index, 0] = pi  # pi again: rank one
    found = balanced_variance(x[:, 0])(y, pi, index)
    assert found == pytest.approx(hajek_rosen(y, pi), rel=1e-9)


def test_balanced_needs_more_units_than_variables():
    y, pi, index, x = a_sample(7, n=3)
    with pytest.raises(InvalidInput, match="3 drawn units .* and 3 balancing variables"):
        balanced_variance(x)(y, pi, index)


@pytest.mark.parametrize("name", ["horvitz_thompson", "sen_yates_grundy"])
def test_formula_of_pairs_as_a_matrix_a_function_and_in_blocks(name, monkeypatch):
    y, pi, index, _ = a_sample(8)
    joint = np.outer(pi, pi) * 0.9
    want = getattr(literal, name)(y, pi, joint)
    assert globals()[f"{name}_variance"](joint)(y, pi, index) == pytest.approx(want, rel=1e-12)

    def of_frame(i, j):
        assert not np.any(i == j)
        return joint[np.searchsorted(index, i), np.searchsorted(index, j)]

    monkeypatch.setattr("fairlot.sampling.pair_variance.BLOCK", 20)
    assert globals()[f"{name}_variance"](of_frame)(y, pi, index) == pytest.approx(want, rel=1e-12)


# What must not matter

numbers = st.lists(st.floats(-100, 100), min_size=5, max_size=5)


def variances():
    x = np.array([[0.0, 1], [2, 5], [1, 1], [7, 3], [4, 4], [9, 0], [3, 8], [5, 5]])
    joint = np.full((5, 5), 0.2)
    makers = {"local_mean": local_mean_variance(x), "balanced": balanced_variance(x[:, 0]),
              "sen_yates_grundy": sen_yates_grundy_variance(joint),
              "horvitz_thompson": horvitz_thompson_variance(joint)}  # fmt: skip
    plain = {f.__name__: partial(_of_values, f) for f in PLAIN}
    return plain | makers


def _of_values(estimate, y, pi, units):
    return estimate(y, pi)


PI, UNITS = np.array([0.3, 0.5, 0.6, 0.2, 0.7]), np.array([0, 1, 3, 5, 6])
UNSHIFTED = ("conservative", "overton", "horvitz_thompson")


@pytest.mark.parametrize("name", variances())
@given(y=numbers, factor=st.sampled_from([-3.0, 0.5, 1024.0]))
def test_scale_goes_squared(name, y, factor):
    estimate, y = variances()[name], np.array(y)
    size = max(np.sum((y / PI) ** 2) * factor**2, 1e-290)  # squares of tiny numbers are lost
    assert estimate(factor * y, PI, UNITS) == pytest.approx(
        factor**2 * estimate(y, PI, UNITS), rel=1e-9, abs=1e-9 * size
    )


@pytest.mark.parametrize("name", [name for name in variances() if name not in UNSHIFTED])
@given(y=numbers, shift=st.floats(-100, 100))
def test_what_is_proportional_to_pi_adds_nothing(name, y, shift):
    estimate, y = variances()[name], np.array(y)
    size = np.sum((y / PI) ** 2) + 5 * shift**2
    assert estimate(y + shift * PI, PI, UNITS) == pytest.approx(
        estimate(y, PI, UNITS), abs=1e-9 * size
    )


@pytest.mark.parametrize("name", ["brewer", "deville", "hajek_rosen", "hansen_hurwitz",
                                  "conservative", "balanced", "successive_differences"])  # fmt: skip
@given(y=numbers)
def test_never_negative(name, y):
    assert variances()[name](np.array(y), PI, UNITS) >= 0


@pytest.mark.parametrize("name", ["conservative", "deville", "hajek_rosen", "balanced",
                                  "local_mean", "successive_differences"])  # fmt: skip
def test_certain_units_add_nothing(name):
    y, estimate = np.array([3.0, 1.0, 4.0, 1.0, 5.0]), variances()[name]
    more_y, more_pi = np.append(y, 1e6), np.append(PI, 1.0)
    got = estimate(more_y, more_pi, np.append(UNITS, 7))
    assert got == pytest.approx(estimate(y, PI, UNITS), rel=1e-9)


@given(y=numbers, order=st.permutations(range(5)))
def test_order_does_not_matter_without_neighbours(y, order):
    y, order = np.array(y), list(order)
    for estimate in (brewer, conservative, deville, hajek_rosen, hansen_hurwitz, overton):
        assert estimate(y[order], PI[order]) == pytest.approx(
            estimate(y, PI), abs=1e-9 * np.sum((y / PI) ** 2)
        )


# What is refused


@pytest.mark.parametrize("estimate", [f for f in PLAIN if f is not conservative])
def test_one_unit_says_what_can_be_used(estimate):
    with pytest.raises(InvalidInput, match="fewer than 2; variance='conservative'") as refusal:
        estimate(np.array([3.0]), np.array([0.5]))
    assert "variance=None" in refusal.value.text("zh")
    assert conservative(np.array([3.0]), np.array([0.5])) == 18


@pytest.mark.parametrize("maker", [horvitz_thompson_variance, sen_yates_grundy_variance])
def test_a_zero_joint_names_the_pair(maker):
    joint = np.full((3, 3), 0.2)
    joint[1, 2] = joint[2, 1] = 0
    with pytest.raises(InvalidInput, match="units 4 and 9 have joint probability 0.0"):
        maker(joint)(np.ones(3), np.full(3, 0.5), np.array([1, 4, 9]))


def test_a_joint_of_another_size():
    with pytest.raises(InvalidInput, match=r"joint has shape \(2, 2\); want \(3, 3\)"):
        sen_yates_grundy_variance(np.ones((2, 2)))(np.ones(3), np.full(3, 0.5), np.array([1, 4, 9]))


def test_a_negative_estimate_is_reported():
    joint = np.array([[0.5, 0.4], [0.4, 0.5]])
    sample = Sample(np.array([0, 1]), np.full(4, 0.5), "srs/1")
    estimate = total([1, 3], sample, variance=sen_yates_grundy_variance(joint))
    assert estimate.variance == pytest.approx(-6)
    assert np.isnan(estimate.se)
    assert estimate.ci is None
