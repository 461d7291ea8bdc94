"""How long each kind of recusal binds."""

import pandas as pd
import pytest

from fairlot.registers.recusals import KINDS, binding, known


def bound(kind, start, end):
    rows = pd.DataFrame({"kind": [kind], "valid_from": [start], "valid_to": [end]})
    return tuple(binding(rows).iloc[0])


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind != "曾任职"] + ["同学"])
def test_the_dates_are_those_of_the_recusal(kind):
    assert bound(kind, "2020-01-01", "2024-05-06") == (kind, "2020-01-01", "2024-05-06")


@pytest.mark.parametrize(
    ("end", "until"),
    [
        ("2024-05-06", "2027-05-06"),
        ("2024-02-29", "2027-02-28"),
        ("2021-02-28", "2024-02-28"),
        ("9999-12-31", "9999-12-31"),
        ("", ""),
    ],
)
def test_a_former_employment_binds_for_three_more_years(end, until):
    assert bound("曾任职", "2020-01-01", end) == ("曾任职(3年内)", "2020-01-01", until)


def test_to_reckon_twice_changes_nothing():
    rows = pd.DataFrame({"kind": ["曾任职"] * 2, "valid_to": ["2024-05-06", ""]})
    pd.testing.assert_frame_equal(binding(binding(rows)), binding(rows))


def test_brackets_of_any_width():
    assert known("曾任职(3年内)")
    assert known("曾任职（3年内）")
    assert not known("曾任职（5年内）")
