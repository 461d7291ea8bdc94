"""The report of a balanced draw."""

import numpy as np
import pandas as pd
import pytest

from fairlot._base.errors import InvalidInput
from fairlot.sampling.balance import balance
from fairlot.sampling.sample import Sample

SAMPLE = Sample(np.array([0, 2]), np.array([1.0, 0.5, 0.25, 0.25]), "cube/1")


def test_totals_and_their_estimates():
    report = balance(SAMPLE, [[1, 0], [2, 5], [3, -5], [4, 0]])
    assert report.total.tolist() == [10, 0]
    assert report.estimate.tolist() == [13, -20]
    assert report.deviation[0] == pytest.approx(0.3)
    assert np.isnan(report.deviation[1])


def test_the_table_wears_the_names_of_the_columns():
    table = balance(
        SAMPLE, pd.DataFrame({"area": [1.0, 2, 3, 4], "staff": [1, 1, 1, 1]})
    ).to_frame()
    assert table.index.tolist() == ["area", "staff"]
    assert table.columns.tolist() == ["total", "estimate", "deviation"]
    assert table.loc["staff"].tolist() == [4, 5, 0.25]


def test_no_column_and_no_frame():
    assert balance(SAMPLE, np.empty((4, 0))).to_frame().empty
    with pytest.raises(InvalidInput, match="x has 3 entries for 4 units"):
        balance(SAMPLE, [1, 2, 3])


def test_swapped_arguments_are_told_apart():
    with pytest.raises(InvalidInput, match=r"sample is list; want .*: balance\(sample, x\)"):
        balance([1, 2, 3, 4], SAMPLE)
