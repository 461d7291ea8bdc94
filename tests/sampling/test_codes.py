import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fairlot._base.errors import InvalidInput
from fairlot.sampling.codes import by_code, crossed, group_codes, grouped

LABELS = {
    "a list": ["b", "a", "b", (1, 2)],
    "narrow": np.array([310101, 310104, 310101, 310099]),
    "negative": np.array([-3, 5, -3, 0], dtype=np.int8),
    "all of a byte": np.array([-128, 127, -128, 0], dtype=np.int8),
    "narrow beyond 2^63": np.array([2, 1, 2, 0], dtype=np.uint64) + np.uint64((1 << 64) - 9),
    "wide": np.array([1, -(1 << 62), 1, 1 << 62]),
    "text": np.array(["b", "a", "b", "水质"]),
    "objects": np.array(["b", 1, "b", (1, 2)], dtype=object),
    "true and false": np.array([True, False, True, True]),
    "floats": np.array([0.5, 1.0, 0.5, 2.0]),
    "a column": pd.Series([7, 9, 7, 8], index=[5, 6, 7, 8]),
    "a column of text": pd.Series(["b", "a", "b", "c"], index=[5, 6, 7, 8]),
    "categories": pd.Series(["b", "a", "b", "c"], dtype="category"),
}


def same(labels):
    """Which units share a label."""
    return [[a == b for a in labels] for b in labels]


@pytest.mark.parametrize("labels", LABELS.values(), ids=LABELS)
def test_codes_are_alike_where_labels_are(labels):
    code, groups = group_codes("bureau", labels, 4)
    assert same(code.tolist()) == same(list(labels))
    assert 0 <= code.min() <= code.max() < groups
    assert groups <= 4 + 1024
    assert code.dtype == np.int64


@pytest.mark.parametrize("label", [None, float("nan"), np.nan])
def test_a_missing_label_is_named(label):
    with pytest.raises(InvalidInput, match=rf"bureau\[2\] is {label}; want a label"):
        group_codes("bureau", ["x", "y", label], 3)


@pytest.mark.parametrize("labels", [["x"], np.array([1]), np.array([], dtype=int), []])
def test_another_length_is_named(labels):
    with pytest.raises(InvalidInput, match=rf"bureau has {len(labels)} entries for 2 units"):
        group_codes("bureau", labels, 2)


@given(st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9)), min_size=1), st.booleans())
def test_crossed_codes_are_alike_where_both_are(pairs, spread):
    scale = 1_000_003 if spread else 1
    a, b = np.array(pairs).T * scale
    code, groups = crossed(a, 10 * scale, b, 10 * scale)
    assert same(code.tolist()) == same(pairs)
    assert 0 <= code.min() <= code.max() < groups <= len(pairs) + 1024


@given(st.lists(st.integers(0, 9)))
def test_units_stand_group_by_group(codes):
    code = np.array(codes, dtype=np.int64)
    units, first = grouped(code, 10)
    assert first.size == 11
    for g in range(10):
        assert units[first[g] : first[g + 1]].tolist() == np.flatnonzero(code == g).tolist()
    assert [k for k, _ in by_code(code, 10)] == sorted(set(codes))
    assert all((code[some] == k).all() for k, some in by_code(code, 10))
