"""Conditional Poisson and Sampford sampling, straight from their definitions: all samples."""

from itertools import combinations
from math import prod

import numpy as np


def conditional_poisson(odds, n):
    """Return the probability of every sample, by its positions."""
    return _normalised({s: prod(odds[i] for i in s) for s in combinations(range(len(odds)), n)})


def sampford(pi, n):
    """Sampford (1967): proportional to (n - sum pi) prod pi / (1 - pi)."""
    odds = [p / (1 - p) for p in pi]
    return _normalised({
        s: sum(pi[i] for i in range(len(pi)) if i not in s) * prod(odds[i] for i in s)
        for s in combinations(range(len(pi)), n)
    })  # fmt: skip


def _normalised(weights):
    whole = sum(weights.values())
    return {s: weight / whole for s, weight in weights.items()}


def inclusion(samples, units):
    """Return the joint probabilities of a design, with the inclusion probabilities on top."""
    joint = np.zeros((units, units))
    for s, probability in samples.items():
        joint[np.ix_(s, s)] += probability
    return joint


def sizes_from(p, n):
    """Return T with ``T[i, r]`` = P(r of the units from i on), by adding positive terms."""
    table = np.zeros((len(p) + 1, n + 1))
    table[-1, 0] = 1
    for i in range(len(p) - 1, -1, -1):
        table[i] = table[i + 1] * (1 - p[i])
        table[i, 1:] += table[i + 1, :-1] * p[i]
    return table


def chances_along(path, p, n):
    """Return for each unit of a path its probability given what came before it."""
    table, chances = sizes_from(p, n), np.zeros(len(p))
    for i, taken in enumerate(path):
        chances[i] = p[i] * table[i + 1, n - 1] / table[i, n] if n else 0.0
        n -= taken
    return chances


def inclusion_by_many_angles(odds, n, angles, spacing):
    """P(S without i = n - 1) p_i / P(S = n) as sums over angles, with logarithms of the factors."""
    p = odds / (1 + odds)
    above, below = np.zeros(len(p)), 0.0
    for k in range(angles):
        turn = np.exp(1j * k * spacing)
        factors = (1 - p) + p * turn
        term = np.exp(np.log(factors).sum() - 1j * (k * spacing * n)) * (1 + (k > 0))
        above += (term * turn / factors).real
        below += term.real
    return p * above / below
