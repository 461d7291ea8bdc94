"""Samples of results as they come: rounded, tied, in groups, with outliers, far from the origin."""

import numpy as np
from hypothesis import strategies as st

KINDS = ("normal", "tenths", "whole", "outliers", "groups", "offset", "tiny", "half equal")


def sample(kind, p, seed):
    rng = np.random.default_rng([KINDS.index(kind), p, seed])
    x = rng.normal(10, 1, p)
    return {
        "normal": x,
        "tenths": np.round(x, 1),
        "whole": np.round(x),
        "outliers": np.where(rng.random(p) < 0.15, 1000 * rng.standard_cauchy(p), x),
        "groups": x + 8 * (rng.random(p) < 0.4),
        "offset": np.round(x, 2) + 1e6,
        "tiny": np.round(x, 1) * 1e-9,
        "half equal": np.where(rng.random(p) < 0.5, 10.0, np.round(x, 1)),
    }[kind]


def hundredths(least, most=40):
    """Lists of results with two decimals, with many ties."""
    return st.lists(st.integers(-500, 500).map(lambda k: k / 100), min_size=least, max_size=most)
