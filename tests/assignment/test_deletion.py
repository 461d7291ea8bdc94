"""None of the items that are left can be left out."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from fairlot.assignment.deletion import minimal

families = st.lists(
    st.frozensets(st.integers(0, 14), min_size=1, max_size=6), min_size=1, max_size=4
)


@given(families, st.permutations(range(15)))
def test_what_is_left_is_one_of_the_smallest_sets_by_inclusion(failing, order):
    left = set(minimal(np.array(order), lambda some: any(f <= set(some.tolist()) for f in failing)))
    assert left in failing
    assert not any(other < left for other in failing)


def test_what_stands_first_goes_first():
    pairs = [{0, 1}, {8, 9}]
    some = minimal(np.arange(10), lambda kept: any(pair <= set(kept.tolist()) for pair in pairs))
    assert some.tolist() == [8, 9]


def test_few_of_many_are_found_with_few_trials():
    trials = []

    def fails(some):
        trials.append(some.size)
        return {5, 700} <= set(some.tolist())

    assert minimal(np.arange(1000), fails).tolist() == [5, 700]
    assert len(trials) < 50
