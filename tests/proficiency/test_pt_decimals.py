"""Numbers as written: every way to write one gives the same fraction, and refusals say which."""

from decimal import Decimal
from fractions import Fraction

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fairlot._base.errors import InvalidInput
from fairlot.proficiency.decimals import Decimals, aligned, decimal

WRITTEN = st.decimals(min_value=-1000, max_value=1000, places=6, allow_nan=False)


@pytest.mark.parametrize(
    "nine_tenths",
    ["0.9", "+.90", "9e-1", 0.9, Decimal("0.9"), Fraction(9, 10), np.float64(0.9), np.float32(0.9)],
)
def test_every_way_to_write_a_number_is_the_same(nine_tenths):
    assert decimal(nine_tenths) == Fraction(9, 10)
    assert Decimals.of("x", nine_tenths).exact(0) == Fraction(9, 10)
    assert Decimals.of("x", [nine_tenths, "1"]).exact(0) == Fraction(9, 10)


@pytest.mark.parametrize(
    "other",
    ["", "<0.01", "ND", "未检出", "0,9", "1/3", "１２", "nan", "inf", "1_000", " 1", True, None,
     np.bool_(True), float("nan"), float("inf"), Decimal("NaN"), Decimal("Infinity"), 1j],
)  # fmt: skip
def test_what_is_no_number_is_none_and_refused_by_its_row(other):
    assert decimal(other) is None
    with pytest.raises(InvalidInput) as refused:
        Decimals.of("x", ["1.5", other])
    assert refused.value.i == 1
    assert "x[1]" in refused.value.text("zh")


@pytest.mark.parametrize("huge", ["1e101", "1e999", 1e200, "1e-101", -1e-200])
def test_sizes_whose_squares_are_no_doubles_are_refused(huge):
    with pytest.raises(InvalidInput, match=r"x\[0\]"):
        Decimals.of("x", [huge])


@pytest.mark.parametrize("empty", [[], np.array([]), [[1.0], [2.0]], np.ones((2, 2))])
def test_only_a_column_passes(empty):
    with pytest.raises(InvalidInput):
        Decimals.of("x", empty)


def test_a_masked_entry_is_refused():
    with pytest.raises(InvalidInput, match="masked"):
        Decimals.of("x", np.ma.array([1.0, 2.0], mask=[False, True]))


def test_columns_of_pandas_pass():
    assert Decimals.of("x", pd.Series(["0.3", "0.9"])).exact(1) == Fraction(9, 10)
    assert Decimals.of("x", pd.Series([0.3, 0.9])).exact(1) == Fraction(9, 10)


@given(WRITTEN)
def test_a_float_is_the_decimal_that_it_prints(number):
    assert decimal(float(number)) == Fraction(number)
    assert Decimals.of("x", np.array([float(number)])).exact(0) == Fraction(number)


@given(WRITTEN, WRITTEN)
def test_aligned_differences_are_exact(a, b):
    """In units of the last place of the two, a difference of doubles is the whole number it is."""
    one, other, unit = aligned([np.array([float(a)]), np.array([float(b)]), np.array([1.0])])
    assert Fraction((one - other)[0]) == (Fraction(a) - Fraction(b)) * Fraction(unit[0])


def test_numbers_too_long_to_align_stay_as_they_are():
    third = np.array([1 / 3])
    assert aligned([third, np.array([0.5])])[1] == 0.5
    assert aligned([np.array([1e14]), np.array([0.001])]) == [1e14, 0.001]
