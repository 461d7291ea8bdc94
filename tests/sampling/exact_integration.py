"""The distribution of a draw over all its numbers, by finding where the outcome changes."""

from collections import defaultdict

import numpy as np

BISECTIONS = 50


def pieces(outcome, grid):
    """Cut [0, 1) where ``outcome(x)`` changes: (length, outcome) of each piece, to 2^-50.

    Right when no piece is shorter than 1 / grid.
    """
    at = [k / grid for k in range(grid)]
    seen = [outcome(x) for x in at]
    edges, kinds = [0.0], [seen[0]]
    for k in range(1, grid):
        if seen[k] != seen[k - 1]:
            low, high = at[k - 1], at[k]
            for _ in range(BISECTIONS):
                middle = (low + high) / 2
                low, high = (middle, high) if outcome(middle) == seen[k - 1] else (low, middle)
            edges.append(high)
            kinds.append(seen[k])
    return list(zip(np.diff([*edges, 1.0]).tolist(), kinds, strict=True))


def over_two_numbers(outcome, grid):
    """The distribution of ``outcome(x, y)`` for two independent uniform numbers.

    What y does may depend on x through a few cases only, told apart by what y does.
    """
    cases = {}

    def case(x):
        found = pieces(lambda y: outcome(x, y), grid)
        return cases.setdefault(tuple((round(length, 9), kind) for length, kind in found), found)

    chance = defaultdict(float)
    for length, found in pieces(case, grid):
        for part, kind in found:
            chance[kind] += length * part
    return dict(chance)
