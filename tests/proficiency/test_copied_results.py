"""Copied results: planted copies are found, and honest rounds accuse no more often than stated."""

from itertools import combinations, product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fairlot._base.chance import Given
from fairlot._base.errors import InvalidInput
from fairlot.proficiency import last_digits, pairwise_agreement, split_levels, wrong_level
from fairlot.proficiency.significance import holm

LABS = [f"L{i:02}" for i in range(12)]


def round_of(rng: np.random.Generator, items: int, s_r: float = 0.5, unit: float = 0.01):
    """Results of 12 laboratories with biases of their own, as they are reported."""
    bias = rng.normal(0, 1, (12, 1))
    return (np.rint((50 + bias + rng.normal(0, s_r, (12, items))) / unit) * unit).round(6)


# Holm


@given(st.lists(st.floats(0, 1), min_size=1, max_size=8))
def test_holm_goes_down_step_by_step(p: list[float]) -> None:
    adjusted = holm(p)
    for alpha in (0.01, 0.05, 0.5):
        rejected, left = set(), sorted(range(len(p)), key=lambda i: p[i])
        while left and p[left[0]] * len(left) <= alpha:
            rejected.add(left.pop(0))
        # The procedure stops at the first that holds; p-values equal to it hold with it.
        assert {i for i in range(len(p)) if adjusted[i] <= alpha} == rejected


# Split levels


@given(st.integers(2, 30), st.integers(2, 4), st.integers(0, 2**32))
def test_levels_are_dealt_evenly(laboratories: int, levels: int, seed: int) -> None:
    names = [f"L{i}" for i in range(laboratories)]
    words = list("ABCD")[:levels]
    dealt = split_levels(names, words, rng=np.random.default_rng(seed))
    counts = [list(dealt.values()).count(word) for word in words]
    assert max(counts) - min(counts) <= 1
    assert counts == sorted(counts, reverse=True)
    assert list(dealt) == names
    turned = split_levels(names[::-1], words, rng=np.random.default_rng(seed))
    assert turned == dealt


def test_every_allocation_is_equally_likely() -> None:
    """All orders of three numbers lead each to an allocation; each of the three comes twice."""
    seen = []
    for order in ([0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]):
        dealt = split_levels("xyz", rng=Given([k << 60 for k in order]))
        seen.append("".join(dealt[name] for name in "xyz"))
    assert sorted(seen) == ["AAB", "AAB", "ABA", "ABA", "BAA", "BAA"]


@pytest.mark.parametrize(
    ("names", "levels"), [(["x", "x"], "AB"), ([], "AB"), (["x", "y"], "A"), (["x", "y"], "AA")]
)
def test_names_and_levels_come_once(names, levels) -> None:
    with pytest.raises(InvalidInput, match="want each once"):
        split_levels(names, levels, rng=np.random.default_rng(1))


def test_a_result_of_the_other_level_is_found() -> None:
    names = ["x", "y", "z", "w"]
    found = wrong_level(
        [10.1, 12.1, 11.9, 10.0], names, ["A", "B", "A", "B"],
        x_pt={"A": 10.0, "B": 12.0}, sigma_pt={"A": 0.2, "B": 0.25},
    )  # fmt: skip
    assert [(one.laboratory, one.level, one.other) for one in found] == [
        ("z", "A", "B"), ("w", "B", "A"),
    ]  # fmt: skip
    assert found[0].z == pytest.approx(9.5)
    assert found[0].z_other == pytest.approx(-0.4)
    assert all(one.p_value <= one.p_adjusted <= 0.01 for one in found)


def test_far_from_every_level_is_no_copy_of_a_near_one() -> None:
    """A wild result is unsatisfactory; it is not that of another level for being far from its own."""
    near = {"A": 10.0, "B": 10.3}
    assert wrong_level([10.31], ["x"], ["A"], x_pt=near, sigma_pt=0.2) == ()


@pytest.mark.once
def test_honest_results_are_of_another_level_as_rarely_as_said() -> None:
    rng = np.random.default_rng(8)
    x_pt = {"A": 10.0, "B": 10.5, "C": 11.2}
    accused = 0
    for _ in range(3000):
        levels = rng.choice(list(x_pt), 10).tolist()
        x = rng.normal([x_pt[level] for level in levels], 0.2)
        accused += bool(wrong_level(x, LABS[:10], levels, x_pt=x_pt, sigma_pt=0.2, alpha=0.05))
    assert accused / 3000 < 0.05 + 4 * (0.05 * 0.95 / 3000) ** 0.5


def test_levels_have_values_and_a_scale() -> None:
    with pytest.raises(InvalidInput, match="level 'C' is none of A, B"):
        wrong_level([1.0], ["x"], ["C"], x_pt={"A": 1.0, "B": 2.0}, sigma_pt=0.1)
    with pytest.raises(InvalidInput, match="sigma_pt of level A is 0.0"):
        wrong_level([1.0], ["x"], ["A"], x_pt={"A": 1.0, "B": 2.0}, sigma_pt=0.0)


# Agreement


def test_the_tail_is_that_of_all_outcomes() -> None:
    """Three items with chances of their own: every outcome is gone through."""
    unit, s_r = [0.1, 0.5, 1.0], [0.4, 0.4, 0.7]
    x = np.array([[1.0, 2.0, 3.0], [1.0, 2.5, 3.0], [1.0, 2.0, np.nan]])
    found = pairwise_agreement(x, "ABC", unit=unit, s_r=s_r, alpha=0.999).found
    from scipy.stats import norm

    chance = [2 * norm.cdf(u / (2 * s)) - 1 for u, s in zip(unit, s_r, strict=True)]

    def tail(items: list[int], equal: int) -> float:
        total = 0.0
        for outcome in product([0, 1], repeat=len(items)):
            if sum(outcome) >= equal:
                total += np.prod(
                    [
                        chance[j] if hit else 1 - chance[j]
                        for j, hit in zip(items, outcome, strict=True)
                    ]
                )
        return total

    by_pair = {(one.one, one.other): one for one in found}
    assert by_pair["A", "B"].p_value == pytest.approx(tail([0, 1, 2], 2))
    assert (by_pair["A", "C"].items, by_pair["A", "C"].equal) == (2, 2)
    assert by_pair["A", "C"].p_value == pytest.approx(tail([0, 1], 2))
    assert by_pair["B", "C"].p_value == pytest.approx(tail([0, 1], 1))


def test_one_who_copies_is_found_with_his_source() -> None:
    x = round_of(np.random.default_rng(5), 10)
    x[7, :6] = x[3, :6]
    found = pairwise_agreement(x, LABS, unit=0.01, s_r=0.5)
    assert [(one.one, one.other) for one in found.found] == [("L03", "L07")]
    assert found.found[0].equal >= 6
    assert found.pairs == 66


@pytest.mark.once
@pytest.mark.parametrize("unit", [0.05, 0.5])
def test_honest_rounds_accuse_as_rarely_as_said(unit: float) -> None:
    """Also of laboratories with equal bias, which agree most."""
    rng = np.random.default_rng(9)
    for bias in (0.0, 1.0):
        accused = 0
        for _ in range(1000):
            x = 50 + bias * rng.normal(size=(12, 1)) + rng.normal(0, 0.5, (12, 15))
            x = (np.rint(x / unit) * unit).round(6)
            accused += bool(pairwise_agreement(x, LABS, unit=unit, s_r=0.5, alpha=0.05).found)
        assert accused / 1000 < 0.05 + 4 * (0.05 * 0.95 / 1000) ** 0.5


def test_the_chance_of_equal_results_is_nearly_reached() -> None:
    """The bound is worth something: with small units it is 1.41 times the chance at equal bias."""
    rng = np.random.default_rng(10)
    a, b = np.rint(rng.normal(0, 5, (2, 400_000)))
    found = pairwise_agreement([[0.0], [0.0]], "AB", unit=1.0, s_r=5.0, alpha=0.5).found[0]
    assert found.p_value / np.mean(a == b) == pytest.approx(2**0.5, rel=0.03)


# Last digits


def test_digits_are_counted_by_laboratory() -> None:
    x = [[1.01, 1.11, np.nan], [-2.03, 2.09, 5.0]]
    found = last_digits(
        x, "AB", unit=0.01, s=[1.0, 1.0, 0.01], rng=np.random.default_rng(1), alpha=0.99, reps=99
    )
    assert found.items == 2
    counts = {one.laboratory: one.counts for one in found.found}
    assert counts["A"] == (0, 2, 0, 0, 0, 0, 0, 0, 0, 0)


def test_the_p_value_is_the_share_of_all_digits() -> None:
    """Two digits are equal with chance 1/10: then the use is as uneven as can be."""
    x, rng = [[0.11, 0.21], [0.11, 0.22]], np.random.default_rng(3)
    found = last_digits(x, "AB", unit=0.01, s=1.0, rng=rng, alpha=0.99, reps=20_000)
    assert found.found[0].laboratory == "A"
    assert found.found[0].p_value == pytest.approx(0.1, abs=4 * (0.09 / 20_000) ** 0.5)


@pytest.mark.once
def test_honest_digits_accuse_as_rarely_as_said() -> None:
    rng = np.random.default_rng(12)
    accused = 0
    for _ in range(400):
        x = round_of(rng, 20, s_r=0.5, unit=0.1)
        found = last_digits(x, LABS, unit=0.1, s=1.1, rng=rng, alpha=0.05, reps=499)
        accused += bool(found.found)
    assert accused / 400 < 0.05 + 4 * (0.05 * 0.95 / 400) ** 0.5


def test_who_avoids_round_numbers_is_found() -> None:
    rng = np.random.default_rng(13)
    x = round_of(rng, 80)
    x[5] = 50 + rng.choice([0.01, 0.03, 0.07, 0.09, 0.13, 0.17], 80)
    found = last_digits(x, LABS, unit=0.01, s=1.0, rng=rng)
    assert [one.laboratory for one in found.found] == ["L05"]


def test_hopeless_questions_are_refused() -> None:
    x, rng = round_of(np.random.default_rng(1), 3), np.random.default_rng(1)
    with pytest.raises(InvalidInput, match="no item has a spread of 5"):
        last_digits(x, LABS, unit=0.01, s=0.04, rng=rng)
    with pytest.raises(InvalidInput, match="want at least 1200 for 12 laboratories"):
        last_digits(x, LABS, unit=0.01, s=1.0, rng=rng, reps=999)


# What is on the form


@pytest.mark.parametrize(
    ("x", "unit", "says"),
    [
        ([[1.0], [1.005]], 0.01, r"results\[1, 0\] of B is 1.005; want a multiple"),
        ([[1.0], [np.inf]], 0.01, r"results\[1, 0\] of B is inf"),
        ([[1.0], [1.0]], 0.0, r"unit\[0\] is 0.0"),
        ([[1.0, 2.0], [1.0, 1.0]], [0.1], "unit has 1 entries for 2 items"),
        ([[1.0]], 0.1, "shape"),
    ],
)
def test_a_table_that_cannot_be_is_refused_by_its_place(x, unit, says) -> None:
    with pytest.raises(InvalidInput, match=says):
        pairwise_agreement(x, "AB", unit=unit, s_r=1.0)


def test_large_results_of_small_units_are_multiples() -> None:
    x = [[123456789.01, 1000050.37], [123456789.02, 1000050.37]]
    found = pairwise_agreement(x, "AB", unit=0.01, s_r=1.0, alpha=0.5).found[0]
    assert (found.items, found.equal) == (2, 1)


def test_every_pair_is_looked_at_once() -> None:
    x = np.zeros((4, 1))
    found = pairwise_agreement(x, "ABCD", unit=1.0, s_r=10.0, alpha=0.9)
    assert sorted((p.one, p.other) for p in found.found) == list(combinations("ABCD", 2))
