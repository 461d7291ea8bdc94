"""What an estimate says of itself."""

import numpy as np
import pytest
from scipy.stats import t

from fairlot._base.errors import InvalidInput
from fairlot.sampling import Sample, difference, mean, ratio, total

SAMPLE = Sample(np.arange(0, 100, 2), np.append(np.full(100, 0.5), 0.0), "srs/1")
Y = np.random.default_rng(1).normal(10, 2, 50)
CALLS = {
    "total": lambda **how: total(Y, SAMPLE, **how),
    "mean": lambda **how: mean(Y, SAMPLE, **how),
    "ratio": lambda **how: ratio(Y, Y + 1, SAMPLE, **how),
    "difference": lambda **how: difference(Y, np.full(101, 10), SAMPLE, **how),
}


@pytest.mark.parametrize("name", CALLS)
def test_the_level_is_asked_for(name):
    narrow, usual, wide = (CALLS[name](level=level) for level in (0.8, 0.95, 0.99))
    for found in (narrow, usual, wide):
        half = t.ppf((1 + found.level) / 2, 49) * found.se
        assert found.ci == pytest.approx((found.value - half, found.value + half))
    assert CALLS[name]() == usual
    with pytest.raises(InvalidInput, match="level is 95"):
        CALLS[name](level=95)


def test_it_reads_as_a_sentence():
    found = total(Y, SAMPLE, level=0.9)
    low, high = found.ci
    want = f"{found.value:.5g}, se {found.se:.5g}, 90 % interval {low:.5g} to {high:.5g}; "
    assert str(found) == want + str(found.covered)
    assert "1 (1.0 %) have pi = 0" in str(found)
    assert found.text("zh").startswith(f"{found.value:.5g}，标准误 ")
    assert ", no interval; " in str(total(Y, SAMPLE, variance=None))
    assert str(found.times(1e6)).startswith(f"{found.value * 1e6:.0f}, se ")


def test_it_is_one_row():
    found = total(Y, SAMPLE, level=0.9)
    row = found.to_frame().loc[0]
    assert (row["value"], row["se"], (row["low"], row["high"])) == (found.value, found.se, found.ci)
    assert list(row[["level", "n", "design", "method", "units", "never"]]) == [
        0.9, 50, "srs/1", "deville", 100, 1
    ]  # fmt: skip
    none = total(Y, SAMPLE, variance=None).to_frame()
    assert len(none) == 1
    assert none[["low", "high"]].isna().all(axis=None)
