"""Conditional Poisson sampling: from odds to inclusion probabilities, and back.

A sample s of size n has a probability proportional to the product of the odds of its units. Of all
designs of fixed size with given inclusion probabilities this one has the largest entropy, and the
odds are unique up to a common factor.

Chen, Dempster, Liu (1994), Weighted finite population sampling to maximize entropy, Biometrika
81(3), doi:10.1093/biomet/81.3.457.
"""

from functools import lru_cache

import numpy as np
from numpy.typing import ArrayLike

from fairlot._base import check
from fairlot._base.arrays import Floats
from fairlot._base.errors import InvalidInput, NotConverged
from fairlot.sampling.poisson_binomial import angles, lift, tilted
from fairlot.sampling.sample import inside

__all__ = ["conditional_poisson_odds", "conditional_poisson_probabilities", "odds_inside"]

TOLERANCE = 4e-15  # some twenty rounding errors; the best that is reached is below 1e-15
STEPS = 200
REMEMBERED = 10_000  # units; a simulation asks for the same pi again and again


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
    odds = tilted(odds / np.sqrt(odds.min()) / np.sqrt(odds.max()), n)
    p, q = odds / (1 + odds), 1 / (1 + odds)
    pi: Floats = p * (1 + q * lift(odds, angles(odds, n)))
    return pi


def odds_inside(pi: Floats, n: int) -> Floats:
    """Return the odds for units strictly inside (0, 1), scaled for ``n``; small ones are kept."""
    if pi.size > REMEMBERED:
        return _solved(pi, n)
    return np.frombuffer(_remembered(pi.tobytes(), n)).copy()


@lru_cache(maxsize=128)
def _remembered(pi: bytes, n: int) -> bytes:
    return _solved(np.frombuffer(pi), n).tobytes()


def _solved(pi: Floats, n: int) -> Floats:
    if not 0 < n < pi.size:
        return np.full(pi.size, np.inf if n else 0.0)
    want, share = pi / (1 - pi), pi * (1 - pi)
    variance = share.sum()
    odds = want
    for _ in range(STEPS):
        odds = tilted(odds, n)
        off = np.log(want / _conditional_odds(odds, n))
        off -= (share * off).sum() / variance
        worst = float(np.abs(off).max())
        # With nearly all certain, n takes place with a small variance, and pi has fewer digits.
        if worst <= TOLERANCE * (1 + 1 / variance):
            return odds
        odds = odds * np.exp(off * (1 - 1 / (2 + variance)))
    raise NotConverged(
        "odds still off by a factor {residual} after {steps} steps",
        zh="迭代 {steps} 步后优势仍相差 {residual} 倍",
        residual=float(np.exp(worst)),
        steps=STEPS,
    )


def _conditional_odds(odds: Floats, n: int) -> Floats:
    """Return pi / (1 - pi) for tilted odds."""
    p, q = odds / (1 + odds), 1 / (1 + odds)
    c = lift(odds, angles(odds, n))
    return odds * ((1 + q * c) / (1 - p * c))
