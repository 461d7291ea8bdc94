"""Things listed by key are those of a stable sort."""

import numpy as np
import pytest
from flow_worlds import plain
from hypothesis import given
from hypothesis import strategies as st

from fairlot.assignment import listing

KEYS = st.lists(st.integers(0, 6), max_size=30)


@pytest.mark.parametrize("dtype", [np.int32, np.int64])
@given(KEYS)
def test_as_a_stable_sort(dtype, keys):
    key, item = np.array(keys, dtype), np.arange(len(keys)) * 3
    ptr, items = listing.listed(key, item, 7)
    np.testing.assert_array_equal(items, item[np.argsort(key, kind="stable")])
    np.testing.assert_array_equal(np.diff(ptr), np.bincount(key, minlength=7))
    assert ptr[0] == 0
    assert items.dtype == item.dtype


@given(KEYS)
def test_compiled_and_plain_are_alike(keys):
    key = np.array(keys, np.int32)
    compiled = listing.placed(key, 7)
    with plain("fairlot.assignment.listing"):
        for one, other in zip(compiled, listing.placed(key, 7), strict=True):
            np.testing.assert_array_equal(one, other, strict=True)
