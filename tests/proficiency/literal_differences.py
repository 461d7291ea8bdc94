"""The estimators from differences, and Hampel's location, written out from their formulas.

Every difference is written down, in exact fractions of the doubles given; nothing is searched for.
"""

from fractions import Fraction
from itertools import combinations, pairwise

import numpy as np
from scipy.stats import norm

TIE = Fraction(4, 2**52)


def differences(x):
    return sorted(abs(Fraction(a) - Fraction(b)) for a, b in combinations(x, 2))


def kth_difference(x, h):
    return differences(x)[h * (h - 1) // 2 - 1]


def typical_distance(x):
    """Low median over i of the high medians over j of |x_i - x_j|, i itself among the j."""
    p, exact = len(x), [Fraction(value) for value in x]
    far = [sorted(abs(a - b) for b in exact)[p // 2] for a in exact]
    return sorted(far)[(p + 1) // 2 - 1]


def q_method(x, laboratory=None):
    """ISO 13528 C.5.2.2, with differences that follow each other closely as one step."""
    sent = list(range(len(x))) if laboratory is None else list(laboratory)
    results = [(Fraction(value), lab) for value, lab in zip(x, sent, strict=True)]
    share = {lab: Fraction(1, sent.count(lab)) for lab in sent}
    pairs = Fraction(len(share) * (len(share) - 1), 2)
    steps = sorted(
        (abs(a - b), share[i] * share[j] / pairs)
        for (a, i), (b, j) in combinations(results, 2)
        if i != j
    )
    ordered = sorted(value for value, _ in results)
    quartiles = ordered[len(x) // 4], ordered[-1 - len(x) // 4]
    largest = min(max(abs(ordered[0]), abs(ordered[-1])), 1e6 * max(map(abs, quartiles)))
    at, h = _merged(steps, TIE * largest)
    if len(at) == 1:
        return 0.0
    middles = [Fraction(0)] + [(a + b) / 2 for a, b in pairwise(h)]
    want = Fraction(1, 4) + Fraction(3, 4) * h[0]
    quantile = np.interp(float(want), [float(m) for m in middles], [float(d) for d in at])
    return quantile / (np.sqrt(2) * norm.ppf(0.625 + 0.375 * float(h[0])))


def _merged(steps, tie):
    """Return the places of the steps of H1, 0 first, and what it has reached there."""
    at, h, last, reached = [Fraction(0)], [Fraction(0)], Fraction(0), Fraction(0)
    for difference, share in steps:
        reached += share
        if difference - last > tie:
            at.append(difference)
            h.append(reached)
        h[-1] = reached
        last = difference
    return at, h


def hampel(x, s_star):
    """All roots on all straight pieces between all nodes; the one nearest to the median."""
    exact, s = sorted(Fraction(value) for value in x), Fraction(s_star)
    median = (exact[(len(x) - 1) // 2] + exact[len(x) // 2]) / 2
    reaches = [Fraction(k, 2) * sign for k in (3, 6, 9) for sign in (1, -1)]
    nodes = sorted({median, *(value + reach * s for value in exact for reach in reaches)})
    sums = [sum(psi((value - node) / s) for value in exact) for node in nodes]
    roots = [node for node, value in zip(nodes, sums, strict=True) if value == 0]
    for k in range(len(nodes) - 1):
        if sums[k] * sums[k + 1] < 0:
            share = sums[k] / (sums[k] - sums[k + 1])
            roots.append(nodes[k] + share * (nodes[k + 1] - nodes[k]))
    nearest = min(abs(root - median) for root in roots)
    near = {root for root in roots if abs(root - median) == nearest}
    return near.pop() if len(near) == 1 else median


def psi(u):
    size = max(Fraction(0), min(abs(u), Fraction(3, 2), Fraction(9, 2) - abs(u)))
    return size if u > 0 else -size
