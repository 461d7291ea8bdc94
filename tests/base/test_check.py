"""What the door refuses, with what, where, got and wanted."""

import numpy as np
import pandas as pd
import pytest

from fairlot._base import check
from fairlot._base.errors import InvalidInput


@pytest.mark.parametrize(
    ("pi", "message", "zh"),
    [
        ([0.5, np.nan], r"pi\[1\] is nan; want a finite number", "有限数"),
        ([0.5, -np.inf], r"pi\[1\] is -inf; want a finite number", "有限数"),
        ([0.5, np.inf, -np.inf], r"pi\[1\] is inf; want a finite number", "有限数"),
        ([0.5, -1e-9], r"pi\[1\] is -1e-09; want 0 <= pi <= 1", "应为"),
        ([1.0000001, 0.5], r"pi\[0\] is 1.0000001; want 0 <= pi <= 1", "应为"),
        ([0.0, 0.0], "pi is 0 for all 2 units; want at least one above 0", "均为 0"),
        ([], r"pi has shape \(0,\); want one number per unit", "形状"),
        ([[0.5]], r"pi has shape \(1, 1\); want one number per unit", "形状"),
        (["x"], r"pi\[0\] is 'x'; want a number", "应为数字"),
        ([0.5, "0.5"], r"pi\[1\] is '0.5'; want a number", "应为数字"),
        (["0.5", "0.5"], r"pi\[0\] is '0.5'; want a number", "应为数字"),
        ([0.5, [1]], r"pi\[1\] is \[1\]; want a number", "应为数字"),
        (np.array(["x"]), "pi is ndarray; want numbers", "应为数字"),
        (None, "pi", "pi"),
    ],
)
def test_what_is_no_probability(pi, message, zh):
    with pytest.raises(InvalidInput, match=message) as caught:
        check.probabilities(pi)
    assert zh in caught.value.text("zh")


def test_a_clean_array_is_not_copied():
    pi = np.array([0.25, 0.75])
    assert check.probabilities(pi) is pi
    assert check.probabilities(pd.Series([0.25, 0.75], index=[7, 9])).tolist() == [0.25, 0.75]


def test_a_fixed_size_is_whole_within_its_tolerance():
    assert check.fixed_size(np.array([0.5, 0.5 + 0.9e-6])) == 1
    with pytest.raises(InvalidInput, match="pi adds up to 1.0000011; a fixed size needs"):
        check.fixed_size(np.array([0.5, 0.5 + 1.1e-6]))


def test_a_space_stands_before_a_number_in_chinese():
    with pytest.raises(InvalidInput) as caught:
        check.probabilities([2.0])
    assert caught.value.text("zh") == "pi[0] 为 2.0，应为 0 与 1 之间的数"


@pytest.mark.parametrize("read", [check.numbers, check.floats, check.codes])
def test_a_masked_value_is_refused(read):
    masked = np.ma.array([1, 2, 300], mask=[0, 0, 1])
    more = (3,) if read is check.codes else ()
    with pytest.raises(InvalidInput, match=r"y\[2\] is masked") as caught:
        read("y", masked, *more)
    assert "y[2] 被掩码" in caught.value.text("zh")
    read("y", np.ma.array([1, 2, 3]), *more)


def test_a_masked_cell_is_named_by_row_and_column():
    with pytest.raises(InvalidInput, match=r"x\[0, 1\] is masked"):
        check.floats("x", np.ma.array([[1, 2]], mask=[[0, 1]]))


DAYS = ["2024-01-01", "2024-01-02"]


@pytest.mark.parametrize(
    ("values", "shown"),
    [
        (np.array(DAYS, dtype="datetime64[D]"), r"y is datetime64\[D\]"),
        (pd.Series(pd.to_datetime(DAYS)), r"y is datetime64\[\w+\]"),
        (np.array([1, 2], dtype="timedelta64[s]"), r"y is timedelta64\[s\]"),
        (list(np.array(DAYS, dtype="datetime64[D]")), r"y(\[0\])? is "),
    ],
)
def test_dates_are_no_numbers(values, shown):
    with pytest.raises(InvalidInput, match=shown):
        check.numbers("y", values)


def test_what_there_should_be_as_many_of():
    with pytest.raises(InvalidInput, match="S has 1 entries for 2 strata") as caught:
        check.numbers("S", [1], units=2, of=check.STRATA)
    assert caught.value.text("zh") == "S 有 1 项，而层有 2 个"


def test_what_is_no_function():
    with pytest.raises(InvalidInput, match=r"design is str; want a function \(pi\)") as caught:
        check.function("design", "srs", "(pi)")
    assert caught.value.text("zh") == "design 为 str，应为函数 (pi)"


def test_a_column_of_another_length_is_refused():
    with pytest.raises(InvalidInput, match="y has 2 entries for 3 units"):
        check.numbers("y", [1, 2], units=3)


@pytest.mark.parametrize(
    ("labels", "distinct", "code"),
    [
        ([30, 10, 30], [10, 30], [1, 0, 1]),
        (["b", "a"], ["a", "b"], [1, 0]),
        ([("b", 1), ("a", 2), ("b", 1)], [("b", 1), ("a", 2)], [0, 1, 0]),
        ([1, "1"], [1, "1"], [0, 1]),
        (np.array([2.5, 1.5]), [2.5, 1.5], [0, 1]),
        (pd.Series(["x", "x"]), ["x"], [0, 0]),
    ],
)
def test_labels_become_codes(labels, distinct, code):
    got, places = check.codes("stratum", labels, len(labels))
    assert [got[k] for k in places] == [distinct[k] for k in code]
    assert len(got) == len(distinct)


@pytest.mark.parametrize("missing", [None, float("nan"), np.float64("nan")])
def test_a_missing_label_is_refused(missing):
    with pytest.raises(InvalidInput, match=r"stratum\[1\] is (None|nan); want a label"):
        check.codes("stratum", ["a", missing, "b"], 3)


@pytest.mark.parametrize(
    ("labels", "message"),
    [
        (None, "stratum is NoneType; want a label, such as a text or a number, for each unit"),
        ([["a"], ["b"]], "stratum is list; want a label"),
        (np.array([[1], [2]]), r"stratum has shape \(2, 1\); want one label per unit"),
        (np.array([[0.5, 1.5], [2.5, 3.5]]), r"stratum has shape \(2, 2\); want one label"),
        (pd.DataFrame({"a": [1, 2]}), r"stratum has shape \(2, 1\); want one label per unit"),
        (np.float64(2), r"stratum has shape \(\); want one label per unit"),
        (pd.array(["a", pd.NA], dtype="string"), r"stratum\[1\] is <NA>; want a label"),
    ],
)
def test_what_is_no_column_of_labels(labels, message):
    with pytest.raises(InvalidInput, match=message) as caught:
        check.codes("stratum", labels, 2)
    assert "标签" in caught.value.text("zh")


@pytest.mark.parametrize(
    "values",
    [[1 + 2j, 1.0], np.array([1j, 2]), pd.Series([1j, 2]), np.array([1j, 2], dtype=object)],
)
def test_complex_numbers_are_refused(values):
    with pytest.raises(InvalidInput, match=r"y(\[0\])? is .+; want (a number|numbers)") as caught:
        check.numbers("y", values)
    assert "应为数字" in caught.value.text("zh")


def test_a_count_is_a_whole_number():
    assert check.at_least("reps", np.uint8(2), 2) == 2
    for got, shown in (
        (1, "1"),
        (2.5, "2.5"),
        (3.0, "3.0"),
        ("3", "'3'"),
        (True, "True"),
        (None, "None"),
    ):
        with pytest.raises(InvalidInput) as caught:
            check.at_least("reps", got, 2)
        assert str(caught.value) == f"reps is {shown}; want a whole number of at least 2"
        assert caught.value.text("zh") == f"reps 为 {shown}，应为不小于 2 的整数"
