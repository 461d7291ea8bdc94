"""How often units and pairs were drawn, held against what was promised."""

from itertools import combinations

import numpy as np
from scipy.stats import binom

FALSE_ALARM = 1e-6
"""The chance that a right design fails one call of ``assert_plausible``."""


def counted(draw, draws, units):
    """Draw ``draws`` samples: how often each pair was drawn, and each unit on the diagonal."""
    together = np.zeros((units, units), dtype=np.int64)
    for _ in range(draws):
        index = draw().index
        together[np.ix_(index, index)] += 1
    return together


def assert_plausible(together, draws, chances):
    """Every count is a likely one under its chance: exact binomial tails, Bonferroni over all."""
    tests = [(i, i) for i in range(len(together))]
    tests += list(combinations(range(len(together)), 2))
    for i, j in tests:
        count, p = together[i, j], float(chances[i][j])
        tail = min(binom.cdf(count, draws, p), binom.sf(count - 1, draws, p))
        assert tail > FALSE_ALARM / (2 * len(tests)), f"pair {i}, {j}: {count} of {draws}, p = {p}"
