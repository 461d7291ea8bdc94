"""Conditional Poisson sampling: from odds to inclusion probabilities, and back.

A sample s of size n has a probability proportional to the product of the odds of its units. Of all
designs of fixed size with given inclusion probabilities this one has the largest entropy, and the
odds are unique up to a common factor.

Chen, Dempster, Liu (1994), Weighted finite population sampling to maximize entropy, Biometrika
81(3), doi:10.1093/biomet/81.3.457.
"""

import math

import numpy as np
from numpy.typing import ArrayLike

from fairlot._base import check
from fairlot._base.arrays import Floats
from fairlot._base.errors import InvalidInput, NotConverged
from fairlot._kernels import kernel
from fairlot.sampling.poisson_binomial import Angles, angles, lift, tilt
from fairlot.sampling.sample import inside

__all__ = ["conditional_poisson_odds", "conditional_poisson_probabilities", "odds_inside"]

TOLERANCE = 4e-15  # some twenty rounding errors; the best that is reached is below 1e-15
STEPS = 200


def conditional_poisson_odds(pi: ArrayLike) -> Floats:
    """Return the odds with which conditional Poisson sampling has the inclusion probabilities pi.

    pi  (N,) in [0, 1], adding up to a whole number n (within 1e-6)

    Returned are (N,) odds w, scaled so that ``w / (1 + w)`` also adds up to n: Poisson sampling
    with the probabilities ``w / (1 + w)``, repeated until it comes to n units, is conditional
    Poisson sampling with inclusion probabilities pi. A pi of 0 has odds 0, a pi of 1 has infinite
    odds. The inclusion probabilities of the result are within 1e-12 of pi, and, while pi adds up to
    n, relatively so; a sum that misses n is shared out by the units in proportion to pi (1 - pi).

    Step by step each odds ratio moves by most of what it is off, in logarithms; the damping of a
    half, needed when nearly all is certain (with two units the full step overshoots by the whole
    error), fades as sum pi (1 - pi) grows. Each step costs O(N) with about 17 complex numbers per
    unit; three steps do at N = 10^6 (.3 s), about forty in the worst small cases. Uses log, exp and
    sines: for research, not for a public draw.

    Raises InvalidInput for a bad pi; NotConverged, with the residual, when pi is so close to
    certain that doubles cannot hold the odds.

    >>> conditional_poisson_odds([0.5, 0.5, 0.5, 0.5]).round(12).tolist()
    [1.0, 1.0, 1.0, 1.0]
    >>> odds = conditional_poisson_odds([0.2, 0.4, 0.6, 0.8, 1, 0])
    >>> conditional_poisson_probabilities(odds, 3).round(12).tolist()
    [0.2, 0.4, 0.6, 0.8, 1.0, 0.0]
    """
    array = check.probabilities(pi)
    n = check.fixed_size(array) - int(np.count_nonzero(array == 1))
    odds = np.where(array == 1, np.inf, 0.0)
    units = inside(array)
    odds[units] = odds_inside(array[units], n)
    return odds


def conditional_poisson_probabilities(odds: ArrayLike, n: int) -> Floats:
    """Return the exact inclusion probabilities of conditional Poisson sampling.

    odds  (N,) not negative; any common factor; infinite odds are certain, 0 is impossible
    n     sample size

    O(N) with about 17 complex numbers per unit (.1 s at N = 10^6); errors are about 1e-15.
    The inverse of :func:`conditional_poisson_odds`.

    Raises InvalidInput for bad odds, and for an n below the certain or above the possible units.

    >>> conditional_poisson_probabilities([1, 1, 2], 1).round(12).tolist()
    [0.25, 0.25, 0.5]
    """
    array = _odds_at_the_door(odds)
    pi: Floats = (array == np.inf).astype(np.float64)
    units = np.flatnonzero((array > 0) & (pi == 0))
    left = n - int(pi.sum())
    if n != int(n) or not 0 <= left <= units.size:
        raise InvalidInput(
            "n is {got}; want a whole number from {least} (infinite odds) to {most} (odds above 0)",
            zh="n 为 {got}，应为 {least}（优势为无穷的单位数）至 {most}（优势大于 0 的单位数）的整数",
            got=n,
            least=int(pi.sum()),
            most=int(pi.sum()) + units.size,
        )
    pi[units] = _probabilities_inside(array[units], left)
    return pi


def _odds_at_the_door(odds: ArrayLike) -> Floats:
    infinite = np.isposinf(np.asarray(odds, dtype=float))
    finite = check.numbers("odds", np.where(infinite, 0.0, odds))
    if finite.min() < 0:
        raise InvalidInput(
            "odds[{i}] is {got}; want 0 or more",
            zh="odds[{i}] 为 {got}，应为非负数",
            i=int(np.argmin(finite)),
            got=float(finite.min()),
        )
    clean: Floats = np.where(infinite, np.inf, finite)
    return clean


def _probabilities_inside(odds: Floats, n: int) -> Floats:
    if not 0 < n < odds.size:
        return np.full(odds.size, float(n > 0))
    # The factor is free: put the extremes at equal distances from 1, far from overflow.
    odds = odds / np.sqrt(odds.min()) / np.sqrt(odds.max())
    tilt(odds, n)
    _condition(odds, angles(odds, n))
    return odds


@kernel
def _condition(odds: Floats, at: Angles) -> None:
    """Put the inclusion probabilities in the place of tilted odds."""
    for i in range(odds.size):
        p, q = odds[i] / (1 + odds[i]), 1 / (1 + odds[i])
        odds[i] = p * (1 + q * lift(p, at))


def odds_inside(pi: Floats, n: int) -> Floats:
    """Return the odds for units strictly inside (0, 1), scaled for ``n``."""
    if not 0 < n < pi.size:
        return np.full(pi.size, np.inf if n else 0.0)
    odds = np.empty(pi.size)
    worst = _solve(pi, n, STEPS, odds)
    if worst > 0:
        raise NotConverged(
            "odds still off by a factor {residual} after {steps} steps",
            zh="迭代 {steps} 步后优势仍相差 {residual} 倍",
            residual=math.exp(worst),
            steps=STEPS,
        )
    return odds


@kernel
def _solve(pi: Floats, n: int, steps: int, odds: Floats) -> float:
    """Fill in the odds; return 0, or how far off they still are, in logarithms."""
    variance = 0.0
    for i in range(pi.size):
        odds[i] = pi[i] / (1 - pi[i])
        variance += pi[i] * (1 - pi[i])
    # With nearly all certain, n takes place with a small variance, and pi has fewer digits.
    near = TOLERANCE * (1 + 1 / variance)
    worst = np.inf
    for _ in range(steps):
        tilt(odds, n)
        worst = _step(pi, variance, angles(odds, n), odds)
        if worst <= near:
            tilt(odds, n)
            return 0.0
    return worst


@kernel
def _step(pi: Floats, variance: float, at: Angles, odds: Floats) -> float:
    """Move tilted odds by most of what they are off; return the worst, a common factor apart."""
    most, least, mean = -np.inf, np.inf, 0.0
    for i in range(pi.size):
        p, q = odds[i] / (1 + odds[i]), 1 / (1 + odds[i])
        c = lift(p, at)
        got, want = odds[i] * ((1 + q * c) / (1 - p * c)), pi[i] / (1 - pi[i])
        off = math.log(want / got)
        mean += pi[i] * (1 - pi[i]) / variance * off
        most, least = max(most, off), min(least, off)
        odds[i] *= math.exp(off * (1 - 1 / (2 + variance)))
    return max(most - mean, mean - least)
