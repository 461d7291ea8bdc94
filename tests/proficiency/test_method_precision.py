"""Repeatability and reproducibility, their relation to the level, and the screening before."""

from statistics import mean, variance

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fairlot._base.errors import InvalidInput
from fairlot.proficiency import (
    Batch,
    method_subgroups,
    precision,
    precision_by_level,
    precision_relation,
    screened,
)

WHOLE = st.integers(-1000, 1000).map(float)
LABS = st.lists(st.lists(WHOLE, min_size=1, max_size=4), min_size=2, max_size=8)


@given(LABS.filter(lambda labs: max(map(len, labs)) > 1))
def test_precision_is_what_the_standard_says(labs: list[list[float]]) -> None:
    """ISO 5725-2 7.4.5, summed up laboratory by laboratory."""
    found = precision(labs)
    p, n = len(labs), sum(map(len, labs))
    m = sum(map(sum, labs)) / n
    within = sum((len(y) - 1) * variance(y) for y in labs if len(y) > 1) / (n - p)
    between = sum(len(y) * (mean(y) - m) ** 2 for y in labs) / (p - 1)
    usual = (n - sum(len(y) ** 2 for y in labs) / n) / (p - 1)
    assert found.mean == pytest.approx(m, abs=1e-9)
    assert found.s_r == pytest.approx(within**0.5, abs=1e-9)
    assert found.s_l2_raw == pytest.approx((between - within) / usual, abs=1e-6)
    assert found.s_l == max(found.s_l2_raw, 0.0) ** 0.5
    assert found.s_R**2 == pytest.approx(found.s_r**2 + found.s_l**2)
    assert found.s_R >= found.s_r
    assert found.no_scale == (found.s_R == 0)


@given(LABS, st.sampled_from([1e-9, 1e6]))
def test_the_unit_is_a_factor_and_the_origin_nothing(labs, unit) -> None:
    one = precision(labs)
    other = precision([[unit * (value + 5000) for value in y] for y in labs])
    assert other.s_R == pytest.approx(one.s_R * unit, rel=1e-8, abs=unit * 1e-8)


def test_single_results_give_reproducibility_alone() -> None:
    found = precision([[1.0], [2.0], [3.0]])
    assert found.s_R == 1.0
    assert np.isnan([found.s_r, found.s_l, found.repeatability_limit]).all()
    assert found.reproducibility_limit == 2.8


def test_one_laboratory_has_no_reproducibility() -> None:
    with pytest.raises(InvalidInput, match="1 cells"):
        precision({"A": [1.0, 2.0]})


def test_levels_keep_their_names() -> None:
    labs = Batch.by([1.0, 1.1, 2.0, 2.2], ["A", "A", "B", "B"])
    assert precision_by_level({"low": labs})["low"] == precision(labs)


# The relation


@pytest.mark.parametrize(
    ("form", "truth"),
    [
        ("proportional", lambda m: 0.03 * m),
        ("linear", lambda m: 0.4 + 0.02 * m),
        ("power", lambda m: 0.02 * m**0.8495),
    ],
)
def test_an_exact_relation_is_found(form, truth) -> None:
    m = np.array([1.0, 5.0, 20.0, 100.0])
    found = precision_relation(m, truth(m), form=form)
    np.testing.assert_allclose(found.at(m), truth(m), rtol=1e-12)


def test_the_line_weights_by_its_own_values() -> None:
    m, s = np.array([1.0, 10.0, 50.0, 90.0]), np.array([0.2, 0.5, 1.1, 2.9])
    a, b, fitted = 0.0, 0.0, s
    for _ in range(3):
        b, a = np.polyfit(m, s, 1, w=1 / fitted)  # polyfit squares its weights
        fitted = a + b * m
    found = precision_relation(m, s)
    assert (found.a, found.b) == (pytest.approx(a), pytest.approx(b))


@pytest.mark.parametrize(
    ("m", "s", "says"),
    [
        ([1.0, 0.0], [1.0, 1.0], r"m\[1\] is 0.0"),
        ([1.0, 2.0], [1.0, -1.0], r"s\[1\] is -1.0"),
        ([2.0, 2.0], [1.0, 1.0], "2 equal levels"),
        ([1.0, 100.0, 101.0], [5.0, 0.01, 0.02], r"the line\["),
        ([1.0, 2.0], [1.0], "s has 1 entries for 2 levels"),
    ],
)
def test_a_relation_that_cannot_be_is_refused(m, s, says) -> None:
    with pytest.raises(InvalidInput, match=says):
        precision_relation(m, s)
    with pytest.raises(InvalidInput, match="form is 'cubic'"):
        precision_relation(m, s, form="cubic")


# Screening


def test_screening_says_whom_it_sets_aside_and_why() -> None:
    labs = {name: [10 + i / 10, 10.1 + i / 10] for i, name in enumerate("ABCDEFG")}
    found = screened(labs | {"wide": [10.0, 13.0], "far": [19.0, 19.1]})
    assert [(one.label, one.test) for one in found.outliers] == [
        ("wide", "cochran"),
        ("far", "grubbs"),
    ]
    assert all(one.statistic > one.critical for one in found.outliers)
    assert found.kept.labels == tuple("ABCDEFG")
    np.testing.assert_array_equal(found.kept.values, np.concatenate([*labs.values()]))
    assert found.stragglers == ()


def test_two_that_hide_each_other_go_together() -> None:
    labs = {name: [10 + i / 10] for i, name in enumerate("ABCDEFGH")}
    found = screened(labs | {"far": [14.0], "too": [14.1]})
    assert {one.label for one in found.outliers} == {"far", "too"}
    assert {one.test for one in found.outliers} == {"grubbs_pair"}
    assert all(one.statistic < one.critical for one in found.outliers)


def test_a_straggler_stays_and_is_marked() -> None:
    labs = {str(i): [value] for i, value in enumerate([4.5, 4.9, 5.6, 4.2, 6.2, 5.2, 9.9])}
    found = screened(labs)
    assert [one.label for one in found.stragglers] == ["6"]
    assert len(found.kept) == 7


@given(LABS)
def test_screening_ends_and_loses_nobody(labs: list[list[float]]) -> None:
    found = screened(labs)
    gone = [one.label for one in found.outliers]
    assert sorted([*found.kept.labels, *gone]) == list(range(len(labs)))
    assert len(found.kept) >= 2


# Methods


def test_methods_that_differ_are_told_apart() -> None:
    rng = np.random.default_rng(7)
    x = np.concatenate([rng.normal(5, 0.1, 9), rng.normal(6, 0.1, 8), rng.normal(5, 0.1, 7), [5.0]])
    found = method_subgroups(x, ["AAS"] * 9 + ["ICP"] * 8 + ["XRF"] * 7 + ["other"])
    assert found.labels == ("AAS", "ICP", "XRF")
    assert found.left_out == ("other",)
    assert found.p_means < 1e-3 > found.p_ranks
    assert found.p_spreads > 0.01
    by_pair = {(pair.one, pair.other): pair for pair in found.pairs}
    assert by_pair["AAS", "ICP"].p_value < 1e-6
    assert by_pair["AAS", "XRF"].p_value > 0.05
    assert by_pair["AAS", "ICP"].difference == pytest.approx(-1, abs=0.1)


@given(st.lists(st.tuples(st.integers(0, 9), st.sampled_from("ABC")), min_size=6, max_size=30))
def test_whatever_the_groups_there_is_an_answer(rows) -> None:
    x, methods = zip(*[(float(value), name) for value, name in rows], strict=True)
    if sum(methods.count(name) > 1 for name in "ABC") < 2:
        with pytest.raises(InvalidInput, match="methods have two results"):
            method_subgroups(x, methods)
        return
    found = method_subgroups(x, methods)
    for p in (found.p_means, found.p_ranks, found.p_spreads):
        assert np.isnan(p) or 0 <= p <= 1
    assert np.isnan(found.p_means) == bool(np.any(found.sds == 0))


@pytest.mark.once
def test_equal_methods_are_told_apart_as_often_as_said() -> None:
    rng = np.random.default_rng(11)
    methods = ["A"] * 8 + ["B"] * 10 + ["C"] * 12
    found = [method_subgroups(rng.normal(size=30), methods) for _ in range(1000)]
    for name in ("p_means", "p_ranks", "p_spreads"):
        rate = np.mean([getattr(one, name) < 0.05 for one in found])
        assert rate < 0.05 + 4 * (0.05 * 0.95 / 1000) ** 0.5
    wrong = np.mean([min(pair.p_value for pair in one.pairs) < 0.05 for one in found])
    assert wrong < 0.05 + 4 * (0.05 * 0.95 / 1000) ** 0.5
