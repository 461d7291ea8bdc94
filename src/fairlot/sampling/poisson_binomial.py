"""How many units a Poisson sample draws: the one integral behind designs conditioned on a size.

Units are drawn independently, unit i with odds ``w_i``; S is their number. Its probabilities are
the Fourier coefficients of ``phi(t) = prod (q_i + p_i e^it)``, with p = w / (1 + w), q = 1 - p, and
to remove or to force a unit means to divide by its factor. So a conditional Poisson sample of size
n is a mixture, with complex weights, of Poisson samples whose odds are turned by ``e^it``: with

    a(t) proportional to phi(t) e^-int, adding up to 1,    g_i(t) = p_i e^it / (q_i + p_i e^it),

``pi_i = sum_t a(t) g_i(t)`` and ``pi_ij = sum_t a(t) g_i(t) g_j(t)``. The angles are 2 pi k / M, k
from 0 to M - 1; M is odd, for at t = pi a factor may vanish.

How many angles. ``|phi(t)| <= exp(-V (1 - cos t))``, V = sum p q, so that angles with
``V (1 - cos t) > 50`` say nothing; and counts at least M from n, which M angles confuse with n,
have together at most the probability 2 exp(-50) by Bernstein's inequality when
``M^2 / (2 V + 2 M / 3) >= 50`` (none are left when M > N). With mean n, P(S = n) is the mode, which
is at least .75 / (4 sqrt(V) + 1): what is left out is below 1e-16 of it for V up to 10^8. For any
large N that makes 17 angles in the upper half circle, the others being their conjugates.

Hong (2013), On computing the distribution function for the Poisson binomial distribution,
Computational Statistics & Data Analysis 59, doi:10.1016/j.csda.2012.10.006 (all N + 1 angles).
Darroch (1964), On the distribution of the number of successes in independent trials, Annals of
Mathematical Statistics 35(3), doi:10.1214/aoms/1177703287 (the mode).
"""

import math
from typing import NamedTuple

import numpy as np

from fairlot._base.arrays import Floats
from fairlot._kernels import kernel, piece

__all__ = ["Angles", "angles", "lift", "moments", "tilt", "turned"]

EXPONENT = 50.0  # exp(-50) = 2e-22
AT_SIZE = 4e-15  # how near to n the mean comes, a unit: about where its own rounding errors are
FLAT = 1e-12  # below this variance a Newton step says nothing, and the interval is halved
STEPS = 200
BLOCK = 128
MOST = 1e300  # for odds, so that p = w / (1 + w) exists


class Angles(NamedTuple):
    """The angles of the upper half circle, and the weights of the mixture.

    fall     (K,) 1 - cos t
    turn     (K,) sin t
    re, im   (K,) the weight a(t), doubled for the angle's conjugate; re adds up to 1
    serves   the least variance of a part of the units for which these angles are enough
    """

    fall: Floats
    turn: Floats
    re: Floats
    im: Floats
    serves: float


@kernel
def tilt(odds: Floats, n: int) -> None:
    """Multiply the odds, in place, by the factor that makes ``sum w / (1 + w)`` equal to ``n``.

    Conditioned on the size, the factor changes nothing. Requires 0 < odds < inf, 0 < n < N.
    """
    room = math.log(odds.size) + 1
    low, high = -math.log(odds.max()) - room, room - math.log(odds.min())
    x = 0.0
    for _ in range(STEPS):
        mean, variance = moments(odds, math.exp(x))
        if abs(mean - n) <= AT_SIZE * odds.size:
            break
        low, high = (x, high) if mean < n else (low, x)
        x = x + (n - mean) / variance if variance > FLAT else low
        if not low < x < high:
            x = (low + high) / 2
    factor = math.exp(x)
    for i in range(odds.size):
        odds[i] = min(odds[i] * factor, MOST)


@kernel
def angles(odds: Floats, n: int, part: float = 1.0) -> Angles:
    """Return the angles and weights for tilted ``odds`` and the size ``n``.

    part  down to which share of the variance they shall serve, for parts of the units: the angles
          reach as far as the smaller variance asks, and stand closer together, so that a size
          some deviations off the mean of a part is still far from the counts it is confused with
    """
    least = part * moments(odds, 1.0)[1]
    third = EXPONENT / part / 3
    room = third + math.sqrt(third * third + 2 * EXPONENT / part * (least / part))
    m = int(min(math.ceil(room), odds.size + 1)) | 1
    fall, turn = _circle(m, least)
    re, im = _characteristic(odds, fall, turn)
    total = 0.0
    for k in range(fall.size):
        back = 2 * math.pi * (k * n % m) / m  # as a whole number first: n t itself loses digits
        x, y = math.cos(back) * min(k + 1, 2), math.sin(back) * min(k + 1, 2)
        re[k], im[k] = re[k] * x + im[k] * y, im[k] * x - re[k] * y
        total += re[k]
    return Angles(fall, turn, re / total, im / total, least if fall.size <= m // 2 else 0.0)


@kernel
def _circle(m: int, least: float) -> tuple[Floats, Floats]:
    """Return 1 - cos t and sin t for those angles that say something at the variance ``least``."""
    fall, turn = np.empty(m // 2 + 1), np.empty(m // 2 + 1)
    for k in range(fall.size):
        half = math.pi * k / m
        fall[k], turn[k] = 2 * math.sin(half) ** 2, math.sin(2 * half)
        if least * fall[k] > EXPONENT:
            return fall[:k].copy(), turn[:k].copy()
    return fall, turn


@kernel
def moments(odds: Floats, factor: float) -> tuple[float, float]:
    """Return the mean and the variance of S when all odds are multiplied by ``factor``.

    Blocks, and what is lost in adding them up (Kahan), because the roundings of millions of equal
    units all go the same way.
    """
    mean, variance, lost = 0.0, 0.0, 0.0
    for start in range(0, odds.size, BLOCK):
        some, spread = 0.0, 0.0
        for w in odds[start : start + BLOCK]:
            q = 1 / (1 + w * factor)
            some += 1 - q
            spread += (1 - q) * q
        some -= lost
        before, mean = mean, mean + some
        lost = (mean - before) - some
        variance += spread
    return mean, variance


@kernel
def _characteristic(odds: Floats, fall: Floats, turn: Floats) -> tuple[Floats, Floats]:
    """Return ``prod (q + p e^it)``: the factors are ``1 - p (1 - cos t) + i p sin t``."""
    re, im = np.ones(fall.size), np.zeros(fall.size)
    for w in odds:
        p = w / (1 + w)
        for k in range(fall.size):
            x, y = 1 - p * fall[k], p * turn[k]
            re[k], im[k] = re[k] * x - im[k] * y, re[k] * y + im[k] * x
    return re, im


@piece
def lift(p: float, at: Angles) -> float:
    """Return c with ``pi = p (1 + q c)`` and ``1 - pi = q (1 - p c)``, so that no digits are lost.

    It adds up ``a (e^it - 1) / (q + p e^it)``.
    """
    total = 0.0
    for k in range(at.fall.size):
        x, y = 1 - p * at.fall[k], p * at.turn[k]
        along, across = at.re[k] * (2 * p - 1) * at.fall[k], at.im[k] * at.turn[k]
        total += (along - across) / (x * x + y * y)
    return total


@kernel
def turned(odds: float, fall: float, turn: float) -> complex:
    """Return ``p e^it / (q + p e^it)``, the probability of a unit whose odds are turned by t."""
    p = odds / (1 + odds)
    x, y = 1 - p * fall, p * turn
    square = x * x + y * y
    along, across = (1 - fall) * x + turn * y, turn * x - (1 - fall) * y
    return complex(p * along / square, p * across / square)
