"""Frames with places, for the spatial designs: scattered, on a grid, on a few spots."""

import numpy as np

PLACES = {
    "line": lambda rng, units: rng.random(units),
    "plane": lambda rng, units: rng.random((units, 2)),
    "space": lambda rng, units: rng.random((units, 3)),
    "five columns": lambda rng, units: rng.normal(size=(units, 5)),
    "grid": lambda rng, units: rng.integers(0, 5, (units, 2)).astype(float),
    "few spots": lambda rng, units: rng.integers(0, 2, (units, 2)).astype(float),
    "one spot": lambda rng, units: np.full((units, 2), 0.5),
    "a line in the plane": lambda rng, units: np.outer(rng.random(units), [1.0, 0.0]),
}


def dyadic(rng, units, parts=64):
    """Probabilities that are multiples of 1 / parts, some of them 0 or 1, with a whole sum.

    Sums and differences of such numbers are exact.
    """
    steps = rng.integers(0, parts + 1, units)
    over = int(steps.sum()) % parts
    for i in range(units):
        less = min(over, int(steps[i]))
        steps[i], over = steps[i] - less, over - less
    if not steps.any():
        steps[0] = parts
    return steps / parts


def rows(where):
    return np.reshape(where, (len(where), -1)).tolist()
