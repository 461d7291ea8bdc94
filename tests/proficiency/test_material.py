"""Homogeneity and stability: corners in decimals, and the expanded factors against simulation."""

from fractions import Fraction
from statistics import mean, stdev, variance

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fairlot._base.errors import InvalidInput
from fairlot.proficiency import expanded_factors, homogeneity, stability

HUNDREDTHS = st.integers(-5000, 5000).map(lambda k: k / 100)


def tables(g: tuple[int, int] = (2, 8), m: tuple[int, int] = (1, 4)) -> st.SearchStrategy:
    def of(sizes: tuple[int, int]) -> st.SearchStrategy:
        row = st.lists(HUNDREDTHS, min_size=sizes[1], max_size=sizes[1])
        return st.lists(row, min_size=sizes[0], max_size=sizes[0])

    return st.tuples(st.integers(*g), st.integers(*m)).flatmap(of)


@given(tables(m=(2, 4)))
def test_it_is_what_the_formulas_say(rows: list[list[float]]) -> None:
    found = homogeneity(rows, sigma_pt=1.5)
    exact = [[Fraction(str(value)) for value in row] for row in rows]
    m = len(rows[0])
    raw = variance([mean(row) for row in exact]) - mean([variance(row) for row in exact]) / m
    assert found.s_s2_raw == pytest.approx(float(raw), rel=1e-14, abs=1e-300)
    assert found.s_s == pytest.approx(max(float(raw), 0) ** 0.5, rel=1e-14)
    assert found.sufficient == (raw <= Fraction(45, 100) ** 2)
    assert found.limit == 0.45
    between = found.s_s2_raw * m + found.s_w**2
    assert found.anova.ms_between == pytest.approx(between, rel=1e-9, abs=1e-12)


@given(tables(), st.randoms(), st.sampled_from([10**9, 10**-9, 7]))
def test_neither_order_nor_unit_nor_origin_matter(rows, random, unit) -> None:
    one = homogeneity(rows, sigma_pt="0.7")
    moved = [[Fraction(str(value)) * Fraction(unit) + 10**6 for value in row] for row in rows]
    random.shuffle(moved)
    other = homogeneity(moved, sigma_pt=Fraction("0.7") * Fraction(unit))
    assert other.s_s == pytest.approx(one.s_s * unit, rel=1e-14)
    assert (other.sufficient, other.sufficient_expanded) == (
        one.sufficient,
        one.sufficient_expanded,
    )


def test_an_item_deviation_exactly_at_the_limit_passes() -> None:
    # Item means 0.0, 0.3, 0.6 have s_x = 0.3 exactly, which no double has.
    at = homogeneity([["0.0"], ["0.3"], ["0.6"]], sigma_pt=1)
    assert at.s_s == at.limit == 0.3
    assert at.sufficient
    assert homogeneity([[0.1], [0.4], [0.7]], sigma_pt=1).sufficient
    assert not homogeneity([[0.1], [0.4], [0.700001]], sigma_pt=1).sufficient


def test_delta_e_is_three_sigma() -> None:
    rows = [[1.0, 1.2], [1.1, 1.4], [0.8, 1.0]]
    assert homogeneity(rows, delta_e=3).limit == homogeneity(rows, sigma_pt=1).limit


def test_single_results_give_an_upper_bound_and_no_test() -> None:
    found = homogeneity([[1.0], [1.2], [1.1]], sigma_pt=1)
    assert found.s_s == found.s_x == pytest.approx(0.1)
    assert found.cochran is None
    assert found.anova is None
    assert np.isnan([found.s_w, found.f1, found.f2, found.limit_expanded]).all()
    assert found.sufficient_expanded


def test_equal_replicates_and_equal_items() -> None:
    exact = homogeneity([[1.0, 1.0], [1.1, 1.1]], sigma_pt=1)
    assert exact.anova.f == float("inf")
    assert exact.anova.p_value == 0
    assert exact.cochran.no_scale
    assert np.isnan(homogeneity([[1.0, 1.0], [1.0, 1.0]], sigma_pt=1).anova.f)


@pytest.mark.parametrize(
    ("rows", "says"),
    [
        ([[1.0, 2.0], [1.0]], "row 1 of 1 results"),
        ([[1.0, 2.0]], "has 1 rows"),
        ([], "has 0 rows"),
        ([[], []], "row 0 of 0 results"),
        ([[1.0, 2.0], [1.0, float("nan")]], r"items\[1\]\[1\] is nan"),
        ([["1,5", 2.0], [1.0, 1.0]], r"items\[0\]\[0\] is '1,5'"),
    ],
)
def test_a_broken_table_is_refused_by_its_place(rows, says) -> None:
    with pytest.raises(InvalidInput, match=says):
        homogeneity(rows, sigma_pt=1)


@pytest.mark.parametrize(
    "given_", [{}, {"sigma_pt": 0}, {"sigma_pt": -1}, {"delta_e": 0}, {"sigma_pt": 1, "delta_e": 1}]
)
def test_a_scale_is_wanted_once_and_above_0(given_) -> None:
    with pytest.raises(InvalidInput):
        homogeneity([[1.0], [2.0]], **given_)
    with pytest.raises(InvalidInput):
        stability(1.0, 1.0, **given_)


@pytest.mark.once
def test_items_that_just_pass_fail_the_expanded_criterion_once_in_twenty() -> None:
    """At s_s = limit and any s_w the criterion errs at 5 % or less: Fearn and Thompson (2001)."""
    rng = np.random.default_rng(13528)
    for g, m, s_w in [(7, 2, 0.3), (10, 2, 3.0), (10, 3, 1.0)]:
        f1, f2 = expanded_factors(g, m)
        items = rng.normal(size=(20_000, g, 1)) + s_w * rng.normal(size=(20_000, g, m))
        within = items.var(axis=2, ddof=1).mean(axis=1)
        s_s2 = items.mean(axis=2).var(axis=1, ddof=1) - within / m
        rate = np.mean(s_s2 > f1 + f2 * within)
        assert rate < 0.05 + 4 * (0.05 * 0.95 / 20_000) ** 0.5
        assert rate > 0.01


# Stability


def test_a_difference_exactly_at_the_limit_is_stable() -> None:
    # 10.3 - 10.0 is 0.3000000000000007 in doubles.
    assert stability(10.0, 10.3, sigma_pt=1).stable
    assert stability([10.0, 10.0], [10.3, 10.3], sigma_pt=1).stable
    assert not stability(10.0, 10.300001, sigma_pt=1).stable


@given(st.lists(HUNDREDTHS, min_size=2, max_size=9), st.lists(HUNDREDTHS, min_size=2, max_size=9))
def test_stability_is_what_the_formulas_say(y1, y2) -> None:
    found = stability(y1, y2, sigma_pt=2)
    u1, u2 = stdev(y1) / len(y1) ** 0.5, stdev(y2) / len(y2) ** 0.5
    assert found.difference == pytest.approx(abs(mean(y1) - mean(y2)), abs=1e-12)
    assert found.limit_expanded == pytest.approx(0.6 + 2 * (u1**2 + u2**2) ** 0.5)
    assert found.stable_expanded >= found.stable
    if min(u1, u2) > 0:  # SciPy warns of a constant sample
        from scipy import stats

        t, p = stats.ttest_ind(y1, y2, equal_var=False)
        assert (found.t, found.p_value) == (pytest.approx(t), pytest.approx(p))


def test_replicates_of_an_item_count_by_their_mean() -> None:
    twice = stability([[10.0, 10.2], [10.1, 10.3]], [[10.1, 10.1], [10.4, 10.4]], sigma_pt=1)
    assert twice == stability([10.1, 10.2], [10.1, 10.4], sigma_pt=1)


def test_a_mean_alone_has_no_expanded_limit() -> None:
    found = stability(1.0, [1.0, 1.1], sigma_pt=1)
    assert np.isnan([found.u1, found.limit_expanded, found.t]).all()
    assert found.stable_expanded == found.stable


def test_no_results_are_refused() -> None:
    with pytest.raises(InvalidInput, match="y2 is empty"):
        stability(1.0, [], sigma_pt=1)
    with pytest.raises(InvalidInput, match=r"y1\[1\] is empty"):
        stability([[1.0], []], 1.0, sigma_pt=1)
