"""Frames to balance on, and how far a sample misses its totals."""

from fractions import Fraction

import numpy as np


def frame(units, columns, seed=0, *, heavy=False):
    """Unequal probabilities of a whole sum, and columns of positive numbers."""
    rng = np.random.default_rng(seed)
    pi = rng.uniform(0.05, 0.55, units)
    pi *= round(pi.sum()) / pi.sum()
    return pi, rng.lognormal(sigma=3 if heavy else 1, size=(units, columns))


def odd(kind, pi, x, seed):
    """The columns changed into some that are hard to balance on."""
    x = np.floor(x) if kind == "whole" else x.copy()
    if kind == "collinear" and x.size:
        x[:, -1] = x[:, 0] * 3 + pi + 1e-9 * x[:, -1]
    if kind == "far off":
        x += 1e6
    if kind == "one outlier":
        x[seed % len(x)] *= 1e9
    return x


KINDS = ["plain", "whole", "collinear", "far off", "one outlier"]


def missed(sample, x):
    """How far each total is missed, in parts of the column's largest |x / pi|.

    Without the units of probability 0, which no estimate can reach.
    """
    known = np.asarray(x, dtype=float).reshape(len(sample.pi), -1)
    gap = known[sample.index].T @ sample.weights - known[sample.pi > 0].sum(axis=0)
    inside = (sample.pi > 0) & (sample.pi < 1)
    largest = np.abs(known[inside] / sample.pi[inside, None]).max(axis=0)
    return np.abs(gap) / np.maximum(largest, np.finfo(float).tiny)


def as_floats(pi, x):
    return [float(p) for p in pi], np.array(x, dtype=float).reshape(len(pi), -1)


def words(numbers, units):
    """The numbers of the units as words; those that no step reads are high."""
    return [int(numbers.get(k, Fraction(9, 10)) * 2**64) for k in range(units)]
