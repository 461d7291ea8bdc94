"""Grubbs, Cochran, Dixon, Mandel: literal formulas, printed tables, and the rates they promise."""

from statistics import mean, stdev, variance

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fairlot._base.errors import InvalidInput
from fairlot.proficiency import (
    Batch,
    cochran,
    cochran_critical,
    dixon,
    dixon_critical,
    grubbs,
    grubbs_critical,
    grubbs_pair_critical,
    mandel,
    mandel_h_critical,
    mandel_k_critical,
)
from fairlot.proficiency.dixon import dixon_chance
from fairlot.proficiency.grubbs_pair import pair_chance

WHOLE = st.integers(-1000, 1000)
SAMPLES = st.lists(WHOLE.map(float), min_size=4, max_size=30)
DISTINCT = st.lists(WHOLE.map(float), min_size=4, max_size=30, unique=True)


def squares(values: list[float]) -> float:
    return variance(values) * (len(values) - 1)


# Grubbs


@given(DISTINCT)
def test_grubbs_is_what_the_formulas_say(x: list[float]) -> None:
    found = grubbs(x)
    assert found.g == pytest.approx(max(abs(v - mean(x)) for v in x) / stdev(x))
    assert abs(x[found.suspect] - mean(x)) == pytest.approx(max(abs(v - mean(x)) for v in x))
    ordered = sorted(x)
    assert found.high == (x[found.suspect] == ordered[-1])
    assert found.u_high == pytest.approx(squares(ordered[:-2]) / squares(x), abs=1e-12)
    assert found.u_low == pytest.approx(squares(ordered[2:]) / squares(x), abs=1e-12)


@given(SAMPLES.filter(lambda x: len(set(x)) > 1), st.randoms(), st.sampled_from([1e-9, 1.0, 1e6]))
def test_neither_order_nor_unit_nor_origin_matter(x, random, unit) -> None:
    moved = [unit * (value + 3000) for value in x]
    random.shuffle(moved)
    for test, fields in ((grubbs, ("g", "u_high", "u_low")), (dixon, ("q",))):
        one, other = test(x), test(moved)
        if one.high == other.high:  # but for rounding of a tie
            for field in fields:
                assert getattr(other, field) == pytest.approx(getattr(one, field), abs=1e-9)


@given(st.lists(SAMPLES, min_size=1, max_size=6))
def test_a_batch_is_its_samples(samples: list[list[float]]) -> None:
    batch = Batch.of(samples)
    for test in (grubbs, dixon):
        together = test(batch)
        for i, x in enumerate(samples):
            for name, value in vars(test(x)).items():
                if name != "algorithm":
                    np.testing.assert_equal(getattr(together, name)[i], value, name)


# Grubbs, Beck (1972): two results at one end, 0.5 % and 2.5 %; ISO 5725-2 prints both sides together.
PRINTED_PAIRS = {
    5: (0.0090, 0.0018), 6: (0.0349, 0.0116), 7: (0.0708, 0.0308), 8: (0.1101, 0.0563),
    9: (0.1492, 0.0851), 10: (0.1864, 0.1150), 12: (0.2537, 0.1738), 20: (0.4391, 0.3585),
    30: (0.5672, 0.4985),
}  # fmt: skip


@pytest.mark.parametrize("n", PRINTED_PAIRS)
def test_the_lines_for_pairs_are_the_printed_ones(n: int) -> None:
    at_5, at_1 = PRINTED_PAIRS[n]
    assert grubbs_pair_critical(n, 0.05) == pytest.approx(at_5, abs=1e-4)
    assert grubbs_pair_critical(n, 0.01) == pytest.approx(at_1, abs=1e-4)


@pytest.mark.once
@pytest.mark.parametrize("n", [4, 5, 9, 25])
def test_a_pair_is_found_by_chance_as_often_as_said(n: int) -> None:
    x = np.sort(np.random.default_rng(n).normal(size=(100_000, n)), axis=1)
    u = x[:, :-2].var(axis=1) * (n - 2) / (x.var(axis=1) * n)
    for u_at in (grubbs_pair_critical(n), 0.5):
        chance = pair_chance(n, u_at)
        assert np.mean(u < u_at) == pytest.approx(chance, abs=4 * (chance / 100_000) ** 0.5)


@pytest.mark.once
def test_grubbs_finds_one_by_chance_as_often_as_said() -> None:
    rng = np.random.default_rng(5725)
    found = grubbs(Batch.of(rng.normal(size=(20_000, 8))))
    for alpha, beyond in ((0.05, found.g > found.critical_5), (0.01, found.g > found.critical_1)):
        assert np.mean(beyond) == pytest.approx(alpha, abs=4 * (alpha / 20_000) ** 0.5)
    assert np.all((found.p_value < 0.05) == (found.g > found.critical_5))
    assert np.all((found.verdict == "outlier") == (found.g > found.critical_1))


def test_the_verdicts_of_grubbs() -> None:
    x = [10.0, 10.1, 9.9, 10.2, 9.8, 10.0, 10.1]
    assert grubbs(x).verdict == "none"
    assert grubbs([*x, 12.0]).verdict == "outlier"
    masked = grubbs([*x, 12.0, 12.1])  # each hides the other
    assert masked.verdict == "none"
    assert masked.pair_verdict == "outlier"
    assert masked.pair_high
    assert not grubbs([*x, 8.0, 7.9]).pair_high


def test_equal_results_have_no_scale() -> None:
    for test in (grubbs, dixon):
        found = test([2.0, 2.0, 2.0, 2.0])
        assert found.no_scale
        assert found.suspect == -1
        assert found.verdict == "none"
    assert np.isnan(grubbs([2.0] * 4).g)
    # r11 leaves out the other extreme; among the rest there is no range.
    assert dixon([1.0, *[2.0] * 8]).verdict == "outlier"


def test_three_results_have_no_pair() -> None:
    found = grubbs([1.0, 2.0, 9.0])
    assert np.isnan([found.u_high, found.u_low, found.u_critical_5]).all()
    assert found.pair_verdict == "none"


def test_too_few_or_too_many_are_refused_by_name() -> None:
    for test in (grubbs, dixon):
        with pytest.raises(InvalidInput, match="Cd has 2 results; want at least 3"):
            test(Batch.of({"Pb": [1.0, 2.0, 3.0], "Cd": [1.0, 2.0]}))
    with pytest.raises(InvalidInput, match="Cd has 31 results; want at most 30"):
        dixon(Batch.of({"Pb": [1.0, 2.0, 3.0], "Cd": np.arange(31.0)}))
    with pytest.raises(InvalidInput, match="p has 31 results"):
        dixon_critical(31)


def test_a_level_is_a_chance() -> None:
    for critical in (grubbs_critical, dixon_critical, mandel_h_critical):
        for alpha in (0.0, 1.0, float("nan")):
            with pytest.raises(InvalidInput, match="0 < alpha < 1"):
                critical(5, alpha)


# Dixon


@given(DISTINCT)
def test_dixon_is_what_the_formulas_say(x: list[float]) -> None:
    found, ordered = dixon(x), sorted(x)
    if not found.high:
        ordered = [-value for value in reversed(ordered)]
    low, gap = {"r10": (0, 1), "r11": (1, 1), "r21": (1, 2), "r22": (2, 2)}[found.ratio]
    assert found.q == (ordered[-1] - ordered[-1 - gap]) / (ordered[-1] - ordered[low])
    band = 7 if len(x) <= 7 else 10 if len(x) <= 10 else 13 if len(x) <= 13 else 30
    assert found.ratio == {7: "r10", 10: "r11", 13: "r21", 30: "r22"}[band]


def test_dixon_of_three_has_a_closed_form() -> None:
    """Dixon (1951): the density of r10 for n = 3 is ``3 sqrt(3) / (2 pi (r^2 - r + 1))``."""
    for q in (0.1, 0.5, 0.9, 0.99):
        below = 3 / np.pi * (np.arctan((2 * q - 1) / 3**0.5) + np.pi / 6)
        assert dixon_chance(3, q) == pytest.approx(1 - below, abs=1e-9)


@pytest.mark.parametrize("p", [3, 7, 8, 13, 14, 30])
def test_every_ratio_is_above_0(p: int) -> None:
    assert dixon_chance(p, 0.0) == pytest.approx(1, abs=1e-9)
    assert dixon_chance(p, 1.0) == pytest.approx(0, abs=1e-9)


@pytest.mark.once
@pytest.mark.parametrize("p", [5, 9, 12, 20])
def test_dixon_finds_one_by_chance_as_often_as_said(p: int) -> None:
    x = np.sort(np.random.default_rng(p).normal(size=(60_000, p)), axis=1)
    low, gap = {5: (0, 1), 9: (1, 1), 12: (1, 2), 20: (2, 2)}[p]
    q = (x[:, -1] - x[:, -1 - gap]) / (x[:, -1] - x[:, low])
    for alpha in (0.1, 0.05):
        assert np.mean(q > dixon_critical(p, alpha)) == pytest.approx(alpha / 2, abs=0.0035)


# Cochran


def test_cochran_names_the_widest_and_leaves_single_results_out() -> None:
    labs = {"A": [1.0, 1.1], "B": [5.0], "C": [1.0, 4.0], "D": [2.0, 2.2], "E": [3.0, 3.1]}
    found = cochran(labs)
    assert (found.suspect, found.p, found.n) == ("C", 4, 2)
    assert found.c == pytest.approx(4.5 / (0.005 + 4.5 + 0.02 + 0.005))
    assert (found.c > found.critical_5) == (found.p_value < 0.05)
    assert found.verdict == "outlier"


def test_cochran_takes_the_usual_number_of_results() -> None:
    labs = [[1.0, 1.1, 1.2], [1.0, 1.3, 1.2], [1.0, 1.1], [1.5, 1.2, 1.3]]
    assert cochran(labs).n == 3
    assert cochran(labs[:3]).critical_5 == cochran_critical(3, 3)
    assert cochran([[1.0, 2.0], [1.0, 2.0, 3.0]]).n == 3


def test_cochran_without_scatter_or_replicates() -> None:
    found = cochran([[1.0, 1.0], [2.0, 2.0]])
    assert (found.no_scale, found.suspect, found.verdict) == (True, None, "none")
    with pytest.raises(InvalidInput, match="1 cells with 2 or more results"):
        cochran([[1.0, 1.0], [2.0]])
    one = cochran([[1.0, 1.0], [2.0, 3.0], [4.0, 4.0]])
    assert (one.c, one.p_value, one.verdict) == (1.0, 0.0, "outlier")


@pytest.mark.once
def test_cochran_finds_one_by_chance_as_often_as_said() -> None:
    s2 = np.random.default_rng(1941).normal(size=(40_000, 6, 3)).var(axis=2, ddof=1)
    c = s2.max(axis=1) / s2.sum(axis=1)
    for alpha in (0.05, 0.01):
        rate = np.mean(c > cochran_critical(6, 3, alpha))
        assert rate == pytest.approx(alpha, abs=4 * (alpha / 40_000) ** 0.5)


# Mandel


@given(st.lists(st.lists(WHOLE.map(float), min_size=2, max_size=2), min_size=3, max_size=8))
def test_mandel_is_what_the_formulas_say(rows: list[list[float]]) -> None:
    found = mandel(rows)
    averages, variances = [mean(row) for row in rows], [variance(row) for row in rows]
    assert found.no_scale == (len(set(averages)) == 1)
    assert found.no_spread == (max(variances) == 0)
    if not found.no_scale:
        h = [(value - mean(averages)) / stdev(averages) for value in averages]
        np.testing.assert_allclose(found.h, h, atol=1e-9)
        assert found.h.sum() == pytest.approx(0, abs=1e-9)
    if not found.no_spread:
        np.testing.assert_allclose(found.k, np.sqrt(variances) / mean(variances) ** 0.5)


def test_mandel_without_replicates_has_no_k() -> None:
    found = mandel([[1.0], [2.0], [4.0]])
    assert np.isnan(found.k).all()
    assert np.isnan(found.k_critical_5)
    with pytest.raises(InvalidInput, match="2 cells"):
        mandel([[1.0], [2.0]])


@pytest.mark.once
def test_mandels_lines_are_crossed_as_often_as_said() -> None:
    x = np.random.default_rng(3).normal(size=(40_000, 5, 2))
    averages, s2 = x.mean(axis=2), x.var(axis=2, ddof=1)
    h = (averages[:, 0] - averages.mean(axis=1)) / averages.std(axis=1, ddof=1)
    k = np.sqrt(s2[:, 0] / s2.mean(axis=1))
    assert np.mean(np.abs(h) > mandel_h_critical(5)) == pytest.approx(0.05, abs=0.005)
    assert np.mean(k > mandel_k_critical(5, 2)) == pytest.approx(0.05, abs=0.005)


def test_the_most_outlying_of_few_cannot_be_further_than_this() -> None:
    """|h| is (p - 1) / sqrt(p) at most, whatever one laboratory reports."""
    for p in (3, 6, 11):
        h = mandel([[0.0]] * (p - 1) + [[1.0]]).h
        assert h[-1] == pytest.approx((p - 1) / p**0.5)


def test_means_that_differ_by_rounding_alone_have_no_scale() -> None:
    rows = [[0.1, 0.2, 0.3], [0.3, 0.1, 0.2], [0.2, 0.3, 0.1], [0.2, 0.2, 0.2]]
    averages = [sum(row) / 3 for row in rows]
    assert len(set(averages)) > 1
    assert grubbs(averages).no_scale
    assert mandel(rows).no_scale
