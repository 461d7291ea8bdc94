"""Who may stand in for a closed site, with which chance, and who does."""

from fractions import Fraction

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fairlot._base.errors import Infeasible
from fairlot.planning import Candidates, candidates, substitute
from fairlot.sampling import D

ROWS = [
    ("P", "水质", "B", D),  # 0: certain
    ("P", "水质", "B", D // 4),  # 1
    ("P", "水质", "B", 0),  # 2: barred
    ("P", "水质", "B", D // 2),  # 3
    ("P", "水质", "C", D // 8),  # 4
    ("P", "噪声", "B", D // 8),  # 5
    ("Q", "水质", "B", D // 4),  # 6
    ("Q", "水质", "B", D - D // 4),  # 7
]


def frame() -> pd.DataFrame:
    rows = pd.DataFrame(ROWS, columns=["bureau_id", "sector", "credit_class", "numerator"])
    ids = [f"S{k}" for k in range(len(rows))]
    return rows.assign(site_id=ids, numerator=rows["numerator"].to_numpy(np.uint64))


def test_those_of_the_own_cell_come_first() -> None:
    found = candidates(frame(), {0}, 0)
    assert (found.level, found.index, found.sites) == ("cell", (1, 3), ("S1", "S3"))
    assert found.chances == (Fraction(1, 3), Fraction(2, 3))
    assert candidates(frame(), {0, 3}, 0).index == (1,)


def test_then_those_of_the_bureau() -> None:
    found = candidates(frame(), {0, 1, 3}, 3)
    assert (found.level, found.sites) == ("bureau", ("S4", "S5"))
    assert found.chances == (Fraction(1, 2),) * 2
    assert candidates(frame(), {0, 1, 4}, 4).sites == ("S3", "S5")


def test_a_site_never_stands_in_for_itself() -> None:
    assert candidates(frame(), [], 6).index == (7,)


def test_nobody_left_is_said() -> None:
    with pytest.raises(Infeasible) as refused:
        candidates(frame(), [6, 7], 7)
    assert refused.value.text("en") == "nobody is left in bureau Q to stand in for S7"
    assert refused.value.text("zh") == "监管机关 Q 已无可替补 S7 的机构"
    assert refused.value.because == ("S7",)


@given(st.lists(st.integers(1, D - 1), min_size=1, max_size=8))
def test_every_candidate_gets_its_share_of_the_words(numerators: list[int]) -> None:
    """The words that take one run from ceil(2^64 * sum before / sum) to just before the next's."""
    index = tuple(range(5, 5 + len(numerators)))
    among = Candidates("cell", index, tuple(f"S{k}" for k in index), tuple(numerators))
    assert sum(among.chances) == 1
    sums, total = np.cumsum([0, *numerators]).tolist(), sum(numerators)
    begin = [-(-(before << 64) // total) for before in sums]
    for k, at in enumerate(index):
        assert substitute(among, begin[k]) == substitute(among, begin[k + 1] - 1) == at
        share = Fraction(begin[k + 1] - begin[k], 1 << 64)
        assert abs(share - among.chances[k]) < Fraction(1, 1 << 64)
