"""What ``probabilities`` refuses to guess."""

from dataclasses import replace

import pytest
from flow_worlds import small

from fairlot._base.errors import InvalidInput
from fairlot.assignment import probabilities


@pytest.mark.parametrize("apart", [[], [(0, 0, 1)]])
@pytest.mark.parametrize("loads", ["lexmin", "", None])
def test_other_loads_are_refused_rather_than_taken_for_free(loads, apart):
    problem = replace(small([[(1, [0, 1])]], [1, 1]), apart=apart)
    with pytest.raises(InvalidInput, match="want 'free' or 'leximin'") as refusal:
        probabilities(problem, loads=loads)
    assert refusal.value.text("zh") == f"loads 为 {loads!r}，应为 'free' 或 'leximin'"
