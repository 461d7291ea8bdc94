"""The chance that the two largest of n normal values stand so far apart from the others.

U is the sum of squares without the two over that with them. Look at two given values: U does not
depend on the direction in which they stand off from the mean of the others, ``P(U < u)`` is
``u^((n - 3) / 2)``, and they are the two largest if the lesser of them lies above the largest of
the others, which is a one-sided Grubbs statistic of n - 2 values. So the chance is a double
integral over the distribution of that statistic, and that distribution follows from n = 2 upward:
whoever is largest of m is so among the m - 1 others too.

Grubbs (1950), Sample criteria for testing outlying observations, Annals of Mathematical
Statistics 21(1), doi:10.1214/aoms/1177729885. Grubbs, Beck (1972), Technometrics 14(4),
doi:10.1080/00401706.1972.10488981, tabulate it.
"""

from functools import lru_cache
from math import asin, comb, exp, lgamma, log, pi, sqrt

import numpy as np

from fairlot._base import check
from fairlot._base.arrays import Floats, sealed
from fairlot.proficiency.quadrature import nodes_and_weights
from fairlot.proficiency.significance import STRAGGLER, level_of

__all__ = ["grubbs_pair_critical", "pair_chance"]

ANGLES = sealed(np.linspace(0.0, pi / 2, 4001))
"""Where the distribution of the largest is kept: G is ``(m - 1) / sqrt(m) sin(angle)``."""
NODES = 60


def grubbs_pair_critical(n: int, alpha: float = STRAGGLER) -> float:
    """Return what U of the two largest or of the two smallest of n falls below with chance alpha.

    Half of alpha lies on each side. Needs n of 4 or more; good to four decimals, as the printed tables are.

    >>> round(grubbs_pair_critical(12), 4)
    0.2537
    """
    return _critical(check.at_least("n", n, 4), level_of(alpha))


@lru_cache(maxsize=4096)
def _critical(n: int, alpha: float) -> float:
    from scipy.optimize import brentq

    goal = log(alpha / 2)
    # Twice the bound of all pairs, as if any could be the two largest: U is above this.
    low = exp((goal - log(comb(n, 2))) * 2 / (n - 3))
    return float(brentq(lambda u: log(pair_chance(n, u)) - goal, low, 1.0, xtol=1e-9))


def pair_chance(n: int, u: float) -> float:
    """Return the chance that U of the two largest of n normal values is below u."""
    nodes, weights = nodes_and_weights(NODES)
    # U below u is u y^(2 / (n - 3)) for y even on (0, 1).
    below = u * nodes ** (2 / (n - 3))
    v = 1 / (n - 2)  # variance of the mean of the others
    widest = asin(sqrt((0.5 + v) / (1 + v)))  # where the lesser of the two meets that mean
    theta = widest * nodes
    lesser = sqrt(0.5 + v) * np.cos(theta) - sqrt(0.5) * np.sin(theta)
    off = lesser[:, None] * np.sqrt((1 - below) / below * (n - 3))[None, :]
    largest = _largest(n - 2, off)
    share = float(weights @ largest @ weights) * widest / pi
    return float(comb(n, 2) * u ** ((n - 3) / 2) * share)


def _largest(m: int, g: Floats) -> Floats:
    """Return the chance that the largest of m lies at most g standard deviations from their mean."""
    if m == 2:
        return (g >= sqrt(0.5)).astype(np.float64)
    sine = np.minimum(g * sqrt(m) / (m - 1), 1.0)
    return np.interp(np.arcsin(sine), ANGLES, _distribution(m))


@lru_cache(maxsize=64)
def _distribution(m: int) -> Floats:
    """Return that chance at each of the angles.

    The angle of one value of m has density ``cos^(m - 3)``; the others lie below it if the largest
    of them has ``tan(angle) sqrt(m / (m - 2))`` for a sine at most.
    """
    chance = (np.sin(ANGLES) >= 1.0).astype(np.float64)  # of two, one is always the largest
    for k in range(3, m + 1):
        sine = np.minimum(np.tan(ANGLES) * sqrt(k / (k - 2)), 1.0)
        density = np.interp(np.arcsin(sine), ANGLES, chance) * np.cos(ANGLES) ** (k - 3)
        areas = (density[1:] + density[:-1]) / 2 * ANGLES[1]
        unit = k * exp(lgamma((k - 1) / 2) - lgamma((k - 2) / 2)) / sqrt(pi)
        chance = np.minimum(unit * np.concatenate([[0.0], np.cumsum(areas)]), 1.0)
    return sealed(chance)
