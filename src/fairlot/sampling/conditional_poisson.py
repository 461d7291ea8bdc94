"""Conditional Poisson sampling: fixed size, given probabilities, the largest entropy."""

import numpy as np
from numpy.typing import ArrayLike

from fairlot._base import check
from fairlot._base.arrays import Flags, Floats, Ints
from fairlot._base.chance import Chance, as_chance
from fairlot._kernels import kernel
from fairlot.sampling.conditional_poisson_odds import odds_inside
from fairlot.sampling.joint import PairProbability
from fairlot.sampling.poisson_binomial import Angles, angles, moments, tilt, turned
from fairlot.sampling.sample import Sample, drawn

__all__ = ["conditional_poisson", "decide", "joint"]

DESIGN = "conditional_poisson/1"
HALF = 0.5  # of the variance: then the remaining units need fewer angles, but wider ones
FAR = 0.01  # of the likelihood of the size at the start: a size about three deviations off


def conditional_poisson(pi: ArrayLike, *, rng: object) -> Sample:
    """Draw n units by conditional Poisson sampling, the fixed-size design of maximum entropy.

    pi   (N,) inclusion probabilities, adding up to a whole number n (within 1e-6)
    rng  asked once for N numbers; unit i consumes the i-th

    Promised: exactly n units; each unit has its pi, within 1e-12 (no approximation, also at
    N = 10^6). The design is strongly Rayleigh, hence negatively associated (Borcea, Brändén,
    Liggett 2009); no joint probability is zero when n > 1.

    Units are decided in the order of the frame: unit i is in when its number is below its
    probability given what came before it, ``p_i P(S_after = r - 1) / P(S_from = r)`` with r units
    still to draw and S the size of a Poisson sample of the units from i on, or after i. Those
    probabilities come from :mod:`~fairlot.sampling.poisson_binomial` and lose one factor as each
    unit is passed. When half of the variance has been passed, or the size still to draw has become
    unlikely for the units to come, they are made anew for the remaining units; so they keep a
    relative error of about 1e-13 whatever the numbers are.

    O(N) time, with some 30 complex numbers per unit: .03 ms for the whole call at N = 10, .4 s at
    10^6, n = 15 %; 6 s with numbers that are all 0. At most 2.3 arrays like pi in memory. Uses log,
    exp and sines: for research, not for a public draw.

    Raises InvalidInput; NotConverged, see
    :func:`~fairlot.sampling.conditional_poisson_odds.conditional_poisson_odds`.

    Hájek (1964), Asymptotic theory of rejective sampling with varying probabilities from a finite
    population, Annals of Mathematical Statistics 35(4), doi:10.1214/aoms/1177700375. Chen,
    Dempster, Liu (1994), Weighted finite population sampling to maximize entropy, Biometrika 81(3),
    doi:10.1093/biomet/81.3.457. Borcea, Brändén, Liggett (2009), Negative dependence and the
    geometry of polynomials, Journal of the AMS 22(2), doi:10.1090/S0894-0347-08-00618-8.

    >>> sample = conditional_poisson([0.2, 0.4, 0.6, 0.8, 1.0], rng=np.random.default_rng(1))
    >>> len(sample), sample.design
    (3, 'conditional_poisson/1')
    """
    pi = check.probabilities(pi)
    n = check.fixed_size(pi)
    return drawn(_chosen(pi, n, as_chance(rng)), pi, DESIGN, n)


def _chosen(pi: Floats, n: int, chance: Chance) -> Flags:
    chosen: Flags = pi == 1
    open_ = (pi > 0) & (pi < 1)
    left = n - int(np.count_nonzero(chosen))
    odds = odds_inside(pi[open_], left)
    decide(odds, left, chance.random(pi.size), open_, chosen)
    return chosen


@kernel
def decide(odds: Floats, n: int, u: Floats, open_: Flags, chosen: Flags) -> None:
    """Draw ``n`` of the open units by conditional Poisson sampling, in place; unit i by ``u[i]``.

    odds  of the open units only, one after another; used up
    """
    i, passed = 0, 0
    while 0 < n < odds.size - passed:
        rest = odds[passed:]
        tilt(rest, n)
        i, more, n = _pass(rest, n, u, i, angles(rest, n, HALF), open_, chosen)
        passed += more
    for k in range(i, u.size):
        if open_[k]:
            chosen[k] = n > 0


@kernel
def _pass(
    odds: Floats, n: int, u: Floats, start: int, at: Angles, open_: Flags, chosen: Flags
) -> tuple[int, int, int]:
    """Decide units from ``start`` on while the angles serve; return where, how many, what is left.

    odds  of the open units from ``start`` on
    """
    variance, likely, k = moments(odds, 1.0)[1], 1.0, 0
    for i in range(start, u.size):
        if not open_[i]:
            continue
        if n in (0, odds.size - k) or variance < at.serves or likely < FAR:
            return i, k, n
        p, q = odds[k] / (1 + odds[k]), 1 / (1 + odds[k])
        out, into = _remove(p, at)
        chosen[i] = u[i] * (p * into + q * out) < p * into
        if chosen[i]:
            _force(at)
            n -= 1
        k += 1
        variance -= p * q
        likely = into if chosen[i] else out
    return u.size, k, n


@kernel
def _remove(p: float, at: Angles) -> tuple[float, float]:
    """Divide a unit's factor out of the weights; return their sums without it, and forcing it."""
    out, into = 0.0, 0.0
    for k in range(at.fall.size):
        x, y = 1 - p * at.fall[k], p * at.turn[k]
        square = x * x + y * y
        re, im = at.re[k], at.im[k]
        at.re[k], at.im[k] = (re * x + im * y) / square, (im * x - re * y) / square
        out += at.re[k]
        into += at.re[k] * (1 - at.fall[k]) - at.im[k] * at.turn[k]
    return out, into


@kernel
def _force(at: Angles) -> None:
    """Turn the weights by ``e^it``: one unit less is to be drawn."""
    for k in range(at.fall.size):
        x, y = 1 - at.fall[k], at.turn[k]
        at.re[k], at.im[k] = at.re[k] * x - at.im[k] * y, at.re[k] * y + at.im[k] * x


def joint(pi: Floats) -> PairProbability:
    """Return the exact joint probabilities of conditional Poisson sampling, pair by pair.

    pi  (N,) strictly inside (0, 1), adding up to a whole number

    Prepared once in O(N); each pair costs about 17 complex products (.3 us). Errors are about
    1e-15, relatively 1e-15 / V^2 where V, the variance of the size of the Poisson sample that is
    conditioned, is below 1.
    """
    n = check.fixed_size(pi)
    if not 1 < n < pi.size:
        return lambda i, j: np.full(i.size, float(n > 1))
    odds = odds_inside(pi, n)
    at = angles(odds, n)

    def pairs(i: Ints, j: Ints) -> Floats:
        return _pairs(odds[i], odds[j], at)

    return pairs


@kernel
def _pairs(one: Floats, other: Floats, at: Angles) -> Floats:
    """Add up ``a g_i g_j``."""
    total = np.zeros(one.size)
    for i in range(one.size):
        for k in range(at.fall.size):
            both = turned(one[i], at.fall[k], at.turn[k]) * turned(other[i], at.fall[k], at.turn[k])
            total[i] += at.re[k] * both.real - at.im[k] * both.imag
    return total
