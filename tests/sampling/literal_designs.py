"""Small designs written out: every possible sample with its probability, straight from the papers.

Hajek (1964), Annals of Mathematical Statistics 35, 1491-1523 (conditional Poisson); Sampford
(1967), Biometrika 54, 499-513.
"""

from itertools import combinations
from math import comb, prod

import numpy as np

from fairlot.sampling import Sample


class Enumerated:
    """A design as the list of its samples; pi and the joint probabilities are added up from it."""

    def __init__(self, name, units, chances):
        self.name = name
        total = sum(chances.values())
        self.chances = {sample: p / total for sample, p in chances.items()}
        self.joint = np.zeros((units, units))
        for sample, p in self.chances.items():
            self.joint[np.ix_(sample, sample)] += p
        # A sum of chances may pass 1 by a rounding.
        self.pi = np.minimum(np.diagonal(self.joint), 1.0)

    def __str__(self):
        return self.name

    def samples(self):
        """Yield each sample with its probability."""
        for units, p in self.chances.items():
            yield Sample(np.array(units, dtype=np.int64), self.pi, f"{self.name}/1"), p

    def together(self, sample):
        return self.joint[np.ix_(sample.index, sample.index)]

    def expect(self, function):
        return sum(p * function(sample) for sample, p in self.samples())

    def variance(self, y):
        """The variance of the Horvitz-Thompson total."""
        totals = {sample: sum(y[i] / self.pi[i] for i in sample) for sample in self.chances}
        return sum(p * (totals[sample] - y.sum()) ** 2 for sample, p in self.chances.items())


def srs(units, n):
    samples = combinations(range(units), n)
    return Enumerated("srs", units, {sample: 1 / comb(units, n) for sample in samples})


def poisson(pi):
    units = range(len(pi))
    chances = {
        sample: prod(pi[i] if i in sample else 1 - pi[i] for i in units)
        for n in range(len(pi) + 1)
        for sample in combinations(units, n)
    }
    return Enumerated("poisson", len(pi), chances)


def conditional_poisson(p, n):
    samples = combinations(range(len(p)), n)
    chances = {sample: prod(p[i] / (1 - p[i]) for i in sample) for sample in samples}
    return Enumerated("conditional_poisson", len(p), chances)


def sampford(pi, n):
    samples = combinations(range(len(pi)), n)
    chances = {
        sample: sum(1 - pi[i] for i in sample) * prod(pi[i] / (1 - pi[i]) for i in sample)
        for sample in samples
    }
    return Enumerated("sampford", len(pi), chances)


P = [0.2, 0.3, 0.45, 0.5, 0.7, 0.85]
FIXED = [srs(6, 3), conditional_poisson(P, 3), conditional_poisson(P, 2), sampford(P, 3)]
RANDOM = [poisson(P[:4])]
Y = np.array([3.0, -1.0, 4.0, 1.5, 9.0, 2.6])


def outcomes(design):
    return Y[: design.pi.size]
