import numpy as np
import pytest

from fairlot.sampling.falling import falling


def test_ties_stand_in_the_order_of_the_frame():
    assert falling(np.array([0.2, 0.5, 0.2, 1.0, 0.5, 0.0])).tolist() == [1, 4, 0, 2]


def test_complements_tie_where_they_round_to_the_same():
    pi = np.array([3e-17, 0.0, 2e-17, 0.5, 1.0])
    assert falling(pi).tolist() == [3, 0, 2]
    assert falling(pi, complement=True).tolist() == [0, 2, 3]


@pytest.mark.parametrize("pi", [[1.0], [0.0, 1.0]])
def test_nobody_is_uncertain(pi):
    assert falling(np.array(pi)).size == 0
