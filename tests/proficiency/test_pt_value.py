"""Assigned value and sigma_pt: each source by hand."""

from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fairlot._base.errors import InvalidInput
from fairlot.proficiency import (
    Batch,
    Budget,
    against_reference,
    algorithm_a,
    by_experts,
    by_one_laboratory,
    by_participants,
    certified,
    expert_consensus,
    formulated,
    horwitz_thompson,
    mean_sd,
    negligible,
    sigma_by_perception,
    sigma_from_delta_e,
    sigma_from_precision,
    sigma_from_round,
    spread_by_level,
    widened,
)

PARTS = Budget(u_hom=0.02, u_trans=0.04, u_stab=0.05)


# The assigned value


def test_the_budget_adds_squares():
    found = formulated("10.00", 0.02, budget=PARTS)
    assert found.u_xpt == pytest.approx(0.07)
    assert (found.x_pt, found.u_char, found.source) == (10.0, 0.02, "formulation")
    assert found.budget is PARTS


def test_a_certificate_states_an_expanded_uncertainty():
    found = certified(21.62, "0.52", 2, budget=Budget(u_stab=0.15))
    assert (found.u_char, found.source) == (0.26, "crm")
    assert found.u_xpt == pytest.approx(np.hypot(0.26, 0.15))
    many = certified([1.0, 2.0], [0.2, 0.3], 2)
    np.testing.assert_array_equal(many.u_xpt, [0.1, 0.15])


def test_one_laboratory_adds_its_mean_difference():
    """Two pairs: mean 2, sd sqrt(2) / sqrt(2) = 1."""
    found = by_one_laboratory([1.0, 3.0], "21.0", 0.75)
    assert (found.x_pt, found.u_char, found.source) == (23.0, 1.25, "one_laboratory")


def test_experts_and_participants_bring_their_method():
    consensus = expert_consensus([10.1, 10.5, 10.2], [0.1, 0.1, 0.2])
    found = by_experts(consensus, budget=PARTS)
    assert (found.x_pt, found.u_char) == (consensus.x_pt, consensus.u_char)
    assert found.method == "mandel_paule/1"
    x = np.array([9.5, 9.9, 10.0, 10.1, 10.3, 10.2])
    of_all = algorithm_a(x)
    found = by_participants(of_all)
    assert found.u_xpt == pytest.approx(1.25 * of_all.s_star / np.sqrt(6))
    assert (found.x_pt, found.source) == (of_all.x_star, "participants")
    assert by_participants(mean_sd(x)).u_xpt == pytest.approx(x.std(ddof=1) / np.sqrt(6))


def test_a_consensus_without_scale_is_refused():
    batch = Batch.of([[1.0, 2.0, 3.0], [5.0, 5.0, 5.0]])
    with pytest.raises(InvalidInput, match="measurand 1"):
        by_participants(algorithm_a(batch))


def test_many_measurands_at_once():
    batch = Batch.of([[1.0, 2.0, 3.0], [5.0, 5.5, 7.0]])
    found = by_participants(algorithm_a(batch), budget=Budget(u_hom=[0.1, 0.2]))
    for i, part in enumerate(([1.0, 2.0, 3.0], [5.0, 5.5, 7.0])):
        alone = by_participants(algorithm_a(part), budget=Budget(u_hom=[0.1, 0.2][i]))
        assert (found.x_pt[i], found.u_xpt[i]) == (alone.x_pt, alone.u_xpt)


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: formulated(10.0, -0.1), r"u_char\[0\]"),
        (lambda: formulated(10.0, 0.1, budget=Budget(u_hom=-1)), "u_hom"),
        (lambda: formulated("ND", 0.1), "x_pt"),
        (lambda: certified(10.0, 0.1, 0), r"k\[0\]"),
        (lambda: certified(10.0, -0.1, 2), r"U\[0\]"),
        (lambda: certified([10.0, 11.0, 12.0], [0.1, 0.2], 2), "2"),
        (lambda: by_one_laboratory([1.0], 10.0, 0.1), "differences"),
        (lambda: by_one_laboratory([1.0, 2.0], 10.0, -0.1), "u_crm"),
    ],
)
def test_bad_input_of_a_value_is_refused(call, words):
    with pytest.raises(InvalidInput, match=words):
        call()


# Good enough


@given(st.integers(1, 999))
def test_three_tenths_of_sigma_are_met_in_decimals(n):
    u, sigma = f"{3 * n / 10_000:.4f}", f"{n / 1000:.3f}"
    for a, b in ((u, sigma), (float(u), float(sigma))):
        assert not negligible(a, sigma_pt=b)
        assert negligible(a, sigma_pt=b, strict=False)


def test_delta_e_tolerates_a_tenth():
    assert negligible(["0.09", "0.1", "0.11"], delta_e=1).tolist() == [True, False, False]
    assert negligible([0, 0.1], delta_e=[1, "0.5"], strict=False).tolist() == [True, False]


def test_one_of_sigma_and_delta_e_is_wanted():
    for tolerated in ({}, {"sigma_pt": 1, "delta_e": 3}):
        with pytest.raises(InvalidInput, match="want one of sigma_pt and delta_e"):
            negligible(0.1, **tolerated)
    with pytest.raises(InvalidInput, match="sigma_pt"):
        negligible(0.1, sigma_pt=0)


def test_a_reference_at_twice_its_uncertainty_still_agrees():
    x_ref = ["10.1", "10.1000001", "9.9", "9.8"]
    found = against_reference("10.0", "0.03", x_ref, "0.04")
    assert found.agrees.tolist() == [True, False, True, False]
    np.testing.assert_array_equal(found.x_diff, [0.1, 0.1000001, -0.1, -0.2])
    np.testing.assert_allclose(found.u_diff, 0.05, rtol=1e-15)


# sigma_pt


def test_sigma_from_what_is_permitted():
    assert sigma_from_delta_e("1.5").sigma_pt == 0.5
    assert sigma_by_perception("0.3").sigma_pt == 0.3
    np.testing.assert_array_equal(sigma_from_delta_e([3, 6]).sigma_pt, [1, 2])


def test_horwitz_at_its_joints():
    """Exactly 120 ug/kg and 13.8 % still follow the power, in whatever unit they are."""
    power = [0.02 * c**0.8495 for c in (1.2e-7, 0.138)]
    for unit in ("1", "1e-2", "1e-6", "1e-9"):
        level = [Decimal(c) / Decimal(unit) for c in ("1.2e-7", "0.138")]
        sigma = horwitz_thompson(level, per_unit=unit).sigma_pt * float(unit)
        np.testing.assert_allclose(sigma, power, rtol=1e-12)
    below, above = horwitz_thompson(["1.1999999e-7", "0.1380001"]).sigma_pt
    assert below == pytest.approx(0.22 * 1.1999999e-7)
    assert above == pytest.approx(0.01 * 0.1380001**0.5)


def test_a_mass_fraction_is_at_most_one():
    assert horwitz_thompson(100, per_unit="0.01").sigma_pt == pytest.approx(1.0)
    with pytest.raises(InvalidInput, match="mass fraction of 120"):
        horwitz_thompson(120)


@given(st.floats(1, 10), st.floats(1e-9, 1), st.integers(1, 9))
def test_averaging_brings_sigma_down_to_that_between_laboratories(total, share, m):
    within = share * total
    found = sigma_from_precision(total, within, m).sigma_pt
    between = np.sqrt(total**2 - within**2)
    assert found == pytest.approx(np.sqrt(between**2 + within**2 / m), rel=1e-6)


def test_the_spread_of_the_round_is_kept_within_limits():
    batch = Batch.of([[9.9, 10.0, 10.1], [9.0, 10.0, 11.0], [1.0, 10.0, 19.0], [5.0, 5.0, 5.0]])
    estimate = algorithm_a(batch)
    found = sigma_from_round(estimate, lower="0.5", upper=2).sigma_pt
    assert found.tolist() == [0.5, estimate.s_star[1], 2.0, 0.5]


def test_sigma_is_widened_by_the_items():
    assert widened(["0.4", 1], 0.3)[0] == 0.5
    assert widened(0.4, 0) == 0.4


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: sigma_by_perception(0), "sigma_pt"),
        (lambda: sigma_from_delta_e(-1), "delta_e"),
        (lambda: horwitz_thompson(0), "x_pt"),
        (lambda: horwitz_thompson(1, per_unit=0), "per_unit"),
        (lambda: sigma_from_precision(1.0, 1.1, 2), "sigma_r"),
        (lambda: sigma_from_precision(1.0, 0.5, 0), "m is 0"),
        (lambda: sigma_from_round(mean_sd([1.0, 2.0]), lower=2, upper=1), "lower is 2.0"),
        (lambda: widened(1.0, -0.1), "s_s"),
    ],
)
def test_bad_input_of_sigma_is_refused(call, words):
    with pytest.raises(InvalidInput, match=words):
        call()


# Earlier rounds


@given(st.floats(0, 1), st.floats(0.01, 1), st.integers(-20, 20))
def test_spreads_on_a_line_give_the_line(intercept, slope, power):
    unit = 2.0**power
    level = unit * np.array([1.0, 2.0, 5.0, 7.0])
    found = spread_by_level(level, intercept * unit + slope * level)
    assert found.slope == pytest.approx(slope, rel=1e-9)
    assert found.intercept == pytest.approx(intercept * unit, abs=1e-9 * unit)
    assert (found.lowest, found.highest, found.rounds) == (unit, 7 * unit, 4)
    assert found.at(3 * unit).sigma_pt == pytest.approx((intercept + 3 * slope) * unit, rel=1e-9)


@pytest.mark.parametrize(
    ("level", "spread", "words"),
    [
        ([1.0, 2.0], [0.1, 0.2], "2 rounds"),
        ([1.0, 1.0, 1.0], [0.1, 0.2, 0.3], "3 equal levels"),
        ([1.0, 2.0, 3.0], [0.1, 0.0, 0.3], "0.0; want a number above 0"),
        ([1.0, 2.0, 3.0], [0.1, 0.2], "s_star has 2"),
        ([1.0, 2.0, 3.0], [5.0, 0.01, 3.0], "the line"),
    ],
)
def test_rounds_that_make_no_line_are_refused(level, spread, words):
    with pytest.raises(InvalidInput, match=words):
        spread_by_level(level, spread)


def test_a_level_that_no_round_had_is_refused():
    line = spread_by_level([1.0, 2.0, 4.0], [0.2, 0.3, 0.5])
    with pytest.raises(InvalidInput, match=r"x_pt is 4.5; earlier rounds had 1.0 to 4.0"):
        line.at([2.0, 4.5])
