"""Blunders: planted ones are proposed with their reason, and nothing else is."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fairlot._base.errors import InvalidInput
from fairlot.proficiency import blunders

HONEST = np.random.default_rng(6).normal(1.0, 0.05, (20, 3)).round(3) * [5, 40, 300]
LABS = [f"L{i:02}" for i in range(20) for _ in range(3)]
ITEMS = ["Pb", "Cd", "As"] * 20


def z_of(row: int) -> float:
    item = HONEST[:, row % 3]
    away = item - np.median(item)
    return away[row // 3] / (1.4826 * np.median(np.abs(away)))


def test_honest_results_stay() -> None:
    record = blunders(HONEST.ravel(), LABS, ITEMS)
    assert record.found == ()
    assert not record.set_aside.any()


@pytest.mark.parametrize(
    ("factor", "reason"),
    [
        (1000, "unit"), (1e-3, "unit"), (1e6, "unit"), (1e-6, "unit"), (10, "decimal point"),
        (0.1, "decimal point"), (100, "decimal point"), (0.01, "decimal point"), (-1, "sign"),
    ],
)  # fmt: skip
@given(row=st.integers(0, 59).filter(lambda row: abs(z_of(row)) < 2))
def test_a_planted_factor_is_undone(factor, reason, row) -> None:
    values = HONEST.ravel().copy()
    true = values[row]
    values[row] = float(f"{true * factor:.9g}")
    record = blunders(values, LABS, ITEMS)
    (found,) = record.found
    assert (found.row, found.laboratory, found.measurand) == (row, LABS[row], ITEMS[row])
    assert found.reason == reason
    assert found.proposed == float(f"{true:.9g}")
    assert found.value == values[row]
    assert record.set_aside.nonzero()[0].tolist() == [row]


def test_two_exchanged_results_are_seen_from_both_sides() -> None:
    table = HONEST.copy()
    table[4, [0, 1]] = table[4, [1, 0]]
    record = blunders(table.ravel(), LABS, ITEMS)
    assert [(one.row, one.reason, one.other) for one in record.found] == [
        (12, "exchanged", "Cd"),
        (13, "exchanged", "Pb"),
    ]
    assert "exchanged for Cd" in record.found[0].text()
    assert "与 Cd 的结果互换" in record.found[0].text("zh")


def test_results_of_two_laboratories_are_not_exchanged() -> None:
    table = HONEST.copy()
    table[4, 0], table[5, 1] = table[5, 1], table[4, 0]
    assert not any(one.reason == "exchanged" for one in blunders(table.ravel(), LABS, ITEMS).found)


def test_a_result_that_nothing_explains_is_no_blunder() -> None:
    values = HONEST.ravel().copy()
    values[0] *= 2.2
    assert blunders(values, LABS, ITEMS).found == ()


@given(st.permutations(range(60)))
def test_the_order_of_rows_does_not_matter(order: list[int]) -> None:
    values = HONEST.ravel().copy()
    values[[7, 31]] *= [10, 0.001]
    record = blunders(values[order], [LABS[k] for k in order], [ITEMS[k] for k in order])
    assert sorted(order[one.row] for one in record.found) == [7, 31]
    assert sorted(one.reason for one in record.found) == ["decimal point", "unit"]


def test_decimals_come_out_clean() -> None:
    record = blunders([0.0123, 12.3, 12.4, 12.2, 12.5, 12.1], "ABCDEF", ["x"] * 6)
    assert record.found[0].proposed == 12.3


def test_where_most_are_equal_only_an_equal_one_fits() -> None:
    record = blunders([5.0] * 6 + [50.0, 70.0], "ABCDEFGH", ["x"] * 8)
    assert [one.laboratory for one in record.found] == ["G"]


def test_few_results_are_not_examined_and_named() -> None:
    record = blunders([1.0, 1.0, 1.0, 1000.0], "ABCD", ["x"] * 4)
    assert record.found == ()
    assert record.not_examined == ("x",)


def test_columns_are_of_one_length_and_finite() -> None:
    with pytest.raises(InvalidInput, match="measurands has 1 entries for 2 rows"):
        blunders([1.0, 2.0], "AB", ["x"])
    with pytest.raises(InvalidInput, match=r"values\[1\] is nan"):
        blunders([1.0, float("nan")], "AB", ["x", "x"])


def drawn(name: str) -> np.ndarray:
    """Return the results of 40 laboratories for 500 measurands, all of them honest."""
    rng = np.random.default_rng(3)
    draws = {
        "lognormal": lambda s: np.exp(rng.normal(0, s, (500, 40))),
        "normal": lambda s: rng.normal(1, s, (500, 40)),
    }
    kind, _, spread = name.partition(" ")
    return draws[kind](float(spread)).round(3)


@pytest.mark.parametrize(
    "name",
    ["normal 0.1", "normal 0.2", "normal 0.3", "normal 0.5",
     "lognormal 0.1", "lognormal 0.3", "lognormal 0.4", "lognormal 0.6", "lognormal 1"],
)  # fmt: skip
def test_honest_outliers_are_no_blunders_however_wide_they_spread(name: str) -> None:
    x = drawn(name)
    record = blunders(x.ravel(), range(x.size), np.repeat(np.arange(500), 40).tolist())
    median = np.median(x, axis=1, keepdims=True)
    far = np.abs(x - median) > 3 * 1.4826 * np.median(np.abs(x - median), axis=1, keepdims=True)
    assert far.sum() > 100
    assert len(record.found) <= 0.01 * far.sum()


def test_in_a_moderate_spread_a_unit_is_still_seen_from_above() -> None:
    x = np.exp(np.random.default_rng(1).normal(0, 0.25, 30)).round(3)
    x[3] *= 1000
    assert [(b.row, b.reason) for b in blunders(x, range(30), ["Pb"] * 30).found] == [(3, "unit")]


def test_a_measurand_that_reaches_to_0_is_named_and_only_exchange_is_looked_for() -> None:
    wide = [1.0, 0.6, 0.8, 1.2, 1.5, 0.5, 1.8, 0.9, 1.1, 1.4, 0.7, 1.3, 11.0]
    record = blunders(wide, "ABCDEFGHIJKLM", ["x"] * 13)
    assert (record.found, record.too_wide) == ((), ("x",))
    narrow = np.array([5.0, 5.1, 4.9, 5.2, 4.8, 5.0, 5.1])
    assert blunders(narrow, "ABCDEFG", ["x"] * 7).too_wide == ()
    assert blunders(narrow - 5.0, "ABCDEFG", ["x"] * 7).too_wide == ("x",)
    temperatures = np.concatenate([narrow - 5.0, narrow + 20.0])
    temperatures[[0, 7]] = temperatures[[7, 0]]
    exchanged = blunders(temperatures, "ABCDEFG" * 2, ["x"] * 7 + ["y"] * 7).found
    assert [one.reason for one in exchanged] == ["exchanged"] * 2
