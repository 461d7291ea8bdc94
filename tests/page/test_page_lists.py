"""The page writes the lists that the library writes, byte for byte."""

import pandas as pd
import pytest

from fairlot.public.lists import csv_bytes

ROWS = [
    ["S1", "=1+1", 3, True], ["", "a,b", -3, False], ['say "no"', "-5", 0, True],
    ["'quoted", "two\r\nlines", 1 << 52, False], ["\ttab", "@x", 7, True], ["+1", "好，吗", 8, False],
    ["a b", " lead", 9, True], ["semi;colon", "end ", 10, True],
]  # fmt: skip


@pytest.mark.parametrize("width", [1, 2, 4])
def test_lists_are_the_same_bytes(js, width):
    names = ["fairlot.draw/v1 test", "b,c", "n", "yes"][:width]
    some = [row[:width] for row in ROWS]
    frame = pd.DataFrame({n: [row[k] for row in some] for k, n in enumerate(names)})
    assert js("lists.js", "csvBytes", names, some) == csv_bytes(frame)
