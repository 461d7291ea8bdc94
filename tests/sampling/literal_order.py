"""Order sampling, systematic sampling and their probabilities, straight from the papers and slow."""

from fractions import Fraction
from functools import partial
from itertools import combinations, pairwise
from math import ceil, inf, log1p, prod

import numpy as np
from scipy.integrate import quad

# Rosén (1997): the distribution of a rank under target p, and the rank itself.
BELOW = {
    "sequential_poisson": lambda t, p: min(1.0, t * p),
    "pareto": lambda t, p: t * p / (1 - p + t * p),
    "successive": lambda t, p: 1 - (1 - p) ** t,
}
RANK = {
    "srs": lambda u, p: u,
    "sequential_poisson": lambda u, p: u / p,
    "pareto": lambda u, p: u * (1 - p) / (p * (1 - u)),
    "successive": lambda u, p: log1p(-u) / log1p(-p),
}


def drawn_in_order(design, pi, u):
    """Sort all units by rank, ties by position; certain units come first, impossible ones never."""
    n = round(sum(pi))
    certain = [i for i, p in enumerate(pi) if p == 1]
    rank = {i: RANK[design](u[i], p) for i, p in enumerate(pi) if 0 < p < 1}
    inner = sorted(rank, key=lambda i: (rank[i], i))
    return sorted(certain + inner[: n - len(certain)])


def probability_of_all(design, pi, n, units):
    """The chance that all of ``units`` are drawn: the largest of their ranks is their last one.

    Sums over which of them is last and over every set of others that comes before it, and leaves
    the integral over the rank of the last to QUADPACK.
    """
    below = BELOW[design]
    others = [i for i in range(len(pi)) if i not in units]

    def ahead(t, last):
        chance = prod(below(t, pi[i]) for i in units if i != last)
        return chance * sum(
            prod(below(t, pi[i]) if i in before else 1 - below(t, pi[i]) for i in others)
            for size in range(n - len(units) + 1)
            for before in combinations(others, size)
        )

    slope, total = SLOPE[design], 0.0
    kinks = {0.0, *(1 / p for p in pi)} if design == "sequential_poisson" else {0.0, 1.0, inf}
    for last in units:
        for low, high in pairwise(sorted(kinks)):
            inner = partial(lambda t, last: slope(t, pi[last]) * ahead(t, last), last=last)
            total += quad(inner, low, high, epsabs=1e-13, epsrel=1e-13, limit=200)[0]
    return total


SLOPE = {
    "sequential_poisson": lambda t, p: p if t * p < 1 else 0.0,
    "pareto": lambda t, p: p * (1 - p) / (1 - p + t * p) ** 2,
    "successive": lambda t, p: -log1p(-p) * (1 - p) ** t,
}


def drawn_systematically(pi, u):
    """Madow (1949): unit i is drawn when some whole k has sum before i <= u + k < sum with i."""
    chosen, before = [], Fraction(0)
    for i, p in enumerate(pi):
        after = before + Fraction(p)
        if ceil(after - Fraction(u)) > ceil(before - Fraction(u)):
            chosen.append(i)
        before = after
    return chosen


def joint_by_every_start(pi, grid):
    """Joint probabilities from every start between two breakpoints of a grid that holds them all."""
    together = np.zeros((len(pi), len(pi)))
    for start in range(grid):
        drawn = drawn_systematically(pi, Fraction(start, grid))
        together[np.ix_(drawn, drawn)] += 1
    return together / grid
