"""Joint probabilities of high-entropy designs of fixed size, from pi alone.

Each is named after its authors and meant for designs near conditional Poisson, such as Sampford,
Brewer, Pareto and random systematic, the better the larger the sample; none fits designs that keep
units apart, such as systematic along an order, ordered pivotal or spatially balanced ones. In small
samples a value may stray out of the bounds of a probability: it stands as its formula has it.
"""

from collections.abc import Callable

import numpy as np

from fairlot._base.arrays import Floats, Ints
from fairlot._base.errors import NotConverged
from fairlot.sampling.joint import PairProbability

__all__ = ["APPROXIMATIONS", "deville", "hajek", "hartley_rao"]

ROUNDS = 1000
CLOSE = 1e-14


def hajek(pi: Floats) -> PairProbability:
    """Return ``pi_i pi_j (1 - (1 - pi_i)(1 - pi_j) / d)`` with ``d = sum pi (1 - pi)``.

    Hájek (1964), Asymptotic theory of rejective sampling with varying probabilities from a finite
    population, Annals of Mathematical Statistics 35(4), theorem 5.2, doi:10.1214/aoms/1177700375.
    """
    d = np.sum(pi * (1 - pi))
    return lambda i, j: pi[i] * pi[j] * (1 - (1 - pi[i]) * (1 - pi[j]) / d)


def hartley_rao(pi: Floats) -> PairProbability:
    """Return the terms to order N^-4 of systematic sampling along a random order.

    Hartley, Rao (1962), Sampling with unequal probabilities and without replacement, Annals of
    Mathematical Statistics 33(2), eq. 5.15, doi:10.1214/aoms/1177704564.
    """
    n = np.sum(pi)
    z = pi / n  # in shares, the powers of n in the paper are one factor
    s2, s3 = np.sum(z**2), np.sum(z**3)

    def pair(i: Ints, j: Ints) -> Floats:
        a, b = z[i], z[j]
        series = 1 - s2 + 3 * s2**2 - 2 * s3 + (1 - 3 * s2) * (a + b) + 2 * (a * a + a * b + b * b)
        both: Floats = n * (n - 1) * a * b * series
        return both

    return pair


def deville(pi: Floats) -> PairProbability:
    """Return ``pi_i pi_j - c_i c_j / sum c`` with ``c_i - c_i^2 / sum c = pi_i (1 - pi_i)``.

    The fixed point makes every row add up as it must, to ``(n - 1) pi_i``. NotConverged, with what
    is left of a change, after ROUNDS; a few dozen rounds are the rule.

    Deville, Tillé (2005), Variance approximation under balanced sampling, Journal of Statistical
    Planning and Inference 128(2), 569-591, doi:10.1016/j.jspi.2003.11.011.
    """
    c = _fixed_point(pi * (1 - pi))
    total = np.sum(c)
    return lambda i, j: pi[i] * pi[j] - c[i] * c[j] / total


def _fixed_point(own: Floats) -> Floats:
    c = own
    for _ in range(ROUNDS):
        before, c = c, own + c * c / np.sum(c)
        change = float(np.max(np.abs(c - before) / c))
        if change <= CLOSE:
            return c
    raise NotConverged(
        "deville still changes by {residual} after {rounds} rounds; take 'hajek'",
        zh="deville 迭代 {rounds} 次后仍变化 {residual}，请改用 'hajek'",
        residual=change,
        rounds=ROUNDS,
    )


def _brewer_donadio(
    divisor: Callable[[Floats, float, float], Floats | float],
) -> Callable[[Floats], PairProbability]:
    """Return the approximation ``pi_i pi_j (c_i + c_j) / 2`` with ``c = (n - 1) / divisor``.

    Brewer, Donadio (2003), The high entropy variance of the Horvitz-Thompson estimator, Survey
    Methodology 29(2), 189-196. All four are exact for equal probabilities.
    """

    def approximation(pi: Floats) -> PairProbability:
        n = float(np.sum(pi))
        c = np.broadcast_to((n - 1) / divisor(pi, n, float(np.sum(pi**2))), pi.shape)
        return lambda i, j: pi[i] * pi[j] * (c[i] + c[j]) / 2

    return approximation


APPROXIMATIONS: dict[str, Callable[[Floats], PairProbability]] = {
    "hajek": hajek,
    "hartley_rao": hartley_rao,
    "deville": deville,
    # By the number of the equation in the paper.
    "brewer_donadio_9": _brewer_donadio(lambda pi, n, s: n - pi),
    "brewer_donadio_10": _brewer_donadio(lambda pi, n, s: n - s / n),
    "brewer_donadio_11": _brewer_donadio(lambda pi, n, s: n - 2 * pi + s / n),
    "brewer_donadio_18": _brewer_donadio(
        lambda pi, n, s: n - (2 * n - 1) / (n - 1) * pi + s / (n - 1)
    ),
}
