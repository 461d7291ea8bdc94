"""Elimination and Brewer's draws read literally: every path with its probability, in fractions."""

from collections import defaultdict
from fractions import Fraction
from itertools import combinations

PI = {
    "plain": "0.07 0.17 0.41 0.61 0.83 0.91",
    "ties": "0.2 0.7 0.8 0.5 0.4 0.4",
    "large beside small": "0.95 0.95 0.02 0.02 0.02 0.02 0.02",
    "two steps": "0.3 0.5 0.6 0.75 0.9 0.95",
    "shelves": "0.6 0.55 0.5 0.48 0.45 0.42",
    "halves": "0.5 0.5 0.5 0.5",
    "one out": "0.9 0.8 0.7 0.6",
    "one in": "0.1 0.2 0.3 0.4",
}
PI = {name: [Fraction(p) for p in row.split()] for name, row in PI.items()}


def capped(size, k):
    """Probabilities proportional to size with sum k; who would pass 1 has 1."""
    certain = set()
    while True:
        rest = sum(size[i] for i in range(len(size)) if i not in certain)
        share = {i: (k - len(certain)) * size[i] / rest for i in range(len(size))
                 if i not in certain}  # fmt: skip
        over = {i for i, p in share.items() if p >= 1}
        if not over:
            return [share.get(i, Fraction(1)) for i in range(len(size))]
        certain |= over


def elimination(pi):
    """Tillé (1996): from N units down to n, eliminate i with chance 1 - pi(i|k) / pi(i|k+1)."""
    sets = {frozenset(range(len(pi))): Fraction(1)}
    before = [Fraction(1)] * len(pi)
    for k in range(len(pi) - 1, int(sum(pi)) - 1, -1):
        now = capped(pi, k) if k > sum(pi) else pi
        fewer = defaultdict(Fraction)
        for units, p in sets.items():
            for i in units:
                fewer[units - {i}] += p * (1 - now[i] / before[i])
        sets, before = fewer, now
    return {units: p for units, p in sets.items() if p}


def one_by_one(pi):
    """Brewer (1975): the r-th is k with chance in proportion to
    pi_k (n - a - pi_k) / (n - a - pi_k (n - r + 1)), a the sum of pi already drawn."""
    n = int(sum(pi))
    sets = {frozenset(): Fraction(1)}
    for r in range(1, n + 1):
        more = defaultdict(Fraction)
        for units, p in sets.items():
            left = n - sum(pi[i] for i in units)
            weight = {k: pi[k] * (left - pi[k]) / (left - pi[k] * (n - r + 1))
                      for k in range(len(pi)) if k not in units}  # fmt: skip
            for k, w in weight.items():
                more[units | {k}] += p * w / sum(weight.values())
        sets = more
    return dict(sets)


def complement(sets, units):
    return {frozenset(range(units)) - some: p for some, p in sets.items()}


def inclusion(sets, i):
    return sum(p for units, p in sets.items() if i in units)


def pairs(sets, units):
    """(i, j) -> joint probability, i < j."""
    return {(i, j): sum((p for some, p in sets.items() if {i, j} <= some), Fraction(0))
            for i, j in combinations(range(units), 2)}  # fmt: skip
