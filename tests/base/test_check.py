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
        (["x"], "pi is list; want numbers", "应为数字"),
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
