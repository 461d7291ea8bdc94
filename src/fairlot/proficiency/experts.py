"""The consensus of expert laboratories that state their uncertainties.

The model: ``x_i = mu + b_i + e_i``, where e_i has the stated standard uncertainty u_i and the b_i
have one common variance tau^2 that no laboratory knows of. Given tau^2, mu is the mean with weights
``w_i = 1 / (u_i^2 + tau^2)`` and its standard uncertainty is ``1 / sqrt(sum w_i)``; the methods
differ in tau^2. ISO 13528:2022, 7.6, asks for such a consensus and leaves the method open.

DerSimonian, Laird (1986), Meta-analysis in clinical trials, Controlled Clinical Trials 7(3),
177-188, doi:10.1016/0197-2456(86)90046-2. Paule, Mandel (1982), Consensus values and weighting
factors, Journal of Research of the National Bureau of Standards 87(5), 377-385,
doi:10.6028/jres.087.022. Viechtbauer (2005), Bias and efficiency of meta-analytic variance
estimators in the random-effects model, Journal of Educational and Behavioral Statistics 30(3),
261-293, doi:10.3102/10769986030003261 (REML).
"""

from dataclasses import dataclass
from typing import Any

import numpy as np

from fairlot._base.arrays import Floats
from fairlot._kernels import kernel
from fairlot.proficiency.batch import Batch, in_parts, per_measurand, sample_or_batch
from fairlot.proficiency.enough import LABORATORIES, enough
from fairlot.proficiency.rows import Rows, positive
from fairlot.proficiency.words import one_of

__all__ = ["METHODS", "ExpertConsensus", "expert_consensus"]

WEIGHTED_MEAN, DERSIMONIAN_LAIRD, MANDEL_PAULE, REML = range(4)
METHODS = ("weighted_mean", "dersimonian_laird", "mandel_paule", "reml")
GRID = 64
"""Between how many values of tau^2, in equal ratios, maxima of the REML likelihood are looked for."""
LEAST = 1e-12
"""Smallest of them, as a share of the greatest; a lesser maximum is found as 0's neighbour."""


@dataclass(frozen=True)
class ExpertConsensus:
    """A consensus; numbers for a sample, arrays for a batch.

    x_pt       the consensus, mu
    u_char     its standard uncertainty
    tau        standard deviation between laboratories beyond the stated uncertainties
    q          sum (x_i - mu_0)^2 / u_i^2 about the weighted mean mu_0
    p_value    chance of such a q or more when the stated uncertainties explain everything
    p          number of laboratories
    algorithm  method and version
    """

    x_pt: Any
    u_char: Any
    tau: Any
    q: Any
    p_value: Any
    p: Any
    algorithm: str


def expert_consensus(x: Any, u: Any, *, method: str = "mandel_paule") -> ExpertConsensus:
    """Return the consensus of laboratories with values x and standard uncertainties u.

    x       (p,) values, p >= 2, or a Batch
    u       (p,) standard uncertainties above 0, in the unit of x, or a Batch of the same sizes
    method  weighted_mean: tau = 0, for uncertainties that explain the spread
            dersimonian_laird: tau^2 by moments, without iteration
            mandel_paule: the tau^2 with ``sum w_i (x_i - mu)^2 = p - 1``, 0 if there is none
            reml: the tau^2 of greatest restricted likelihood

    Mandel-Paule's sum falls in tau^2, so its root is bracketed and cannot be missed. The likelihood
    may have several maxima: each on a grid of 64 ratios is bracketed, and the greatest is taken.

    Raises InvalidInput for fewer than two laboratories and for an uncertainty of 0 or less.

    >>> two = expert_consensus([10.1, 10.5], [0.1, 0.1])
    >>> round(two.x_pt, 6), round(two.u_char, 6), round(two.tau, 6)
    (10.3, 0.2, 0.264575)
    """
    which = METHODS.index(one_of("method", method, METHODS))
    rows = Rows.of(x)
    stated = positive("u", rows.per_result("u", u)).floats
    batch, many = sample_or_batch(x if isinstance(x, Batch) else rows.x.floats)
    enough("a consensus", batch.sizes, batch.labels, 2, LABORATORIES)
    out = np.empty((4, len(batch)))
    in_parts(_consensus, batch, batch.values, stated, which, out)
    from scipy.special import gammaincc

    chance = gammaincc((batch.sizes - 1) / 2, out[3] / 2)  # upper tail of chi-squared
    x_pt, u_char, tau, q, p_value, p = (
        per_measurand(column, many) for column in (*out, chance, batch.sizes)
    )
    return ExpertConsensus(x_pt, u_char, tau, q, p_value, p, f"{method}/1")


@kernel
def _consensus(
    starts: Any, first: int, last: int, x: Floats, u: Floats, method: int, out: Floats
) -> None:
    for i in range(first, last):
        part = slice(starts[i], starts[i + 1])
        # Deviations from the middle, in units of the greatest u, keep their digits wherever the
        # values lie and in whatever unit they are.
        middle, unit = np.median(x[part]), u[part].max()
        far, v = (x[part] - middle) / unit, (u[part] / unit) ** 2
        tau2 = 0.0
        if method == DERSIMONIAN_LAIRD:
            tau2 = _by_moments(far, v)
        elif method == MANDEL_PAULE:
            tau2 = _root(far, v, 0.0, np.var(far) * far.size / (far.size - 1), method)
        elif method == REML:
            tau2 = _likeliest(far, v)
        mu, weight, _, _, _ = _sums(far, v, tau2)
        out[0, i] = middle + unit * mu
        out[1, i] = unit / np.sqrt(weight)
        out[2, i] = unit * np.sqrt(tau2)
        out[3, i] = _sums(far, v, 0.0)[3]


@kernel
def _sums(x: Floats, v: Floats, tau2: float) -> tuple[float, float, float, float, float]:
    """Return mu, sum w, sum w^2, sum w (x - mu)^2 and sum w^2 (x - mu)^2."""
    w = 1.0 / (v + tau2)
    mu = np.sum(w * x) / np.sum(w)
    square = (x - mu) ** 2
    return mu, np.sum(w), np.sum(w * w), np.sum(w * square), np.sum(w * w * square)


@kernel
def _by_moments(x: Floats, v: Floats) -> float:
    _, weight, weight2, q, _ = _sums(x, v, 0.0)
    return max(0.0, (q - (x.size - 1.0)) / (weight - weight2 / weight))


@kernel
def _rising(x: Floats, v: Floats, tau2: float, method: int) -> float:
    """Return what is above 0 where tau^2 is too small: what Mandel-Paule and REML bring to 0."""
    _, weight, weight2, q, q2 = _sums(x, v, tau2)
    return q - (x.size - 1.0) if method == MANDEL_PAULE else q2 - weight + weight2 / weight


@kernel
def _root(x: Floats, v: Floats, low: float, high: float, method: int) -> float:
    """Halve [low, high] until it holds no double between; low when nothing rises there.

    At Mandel-Paule's high end, the variance of x, the sum is at most p - 1.
    """
    if not _rising(x, v, low, method) > 0.0:
        return low
    while True:
        middle = 0.5 * (low + high)
        if middle <= low or middle >= high:
            return middle
        if _rising(x, v, middle, method) > 0.0:
            low = middle
        else:
            high = middle


@kernel
def _likeliest(x: Floats, v: Floats) -> float:
    """Return the tau^2 of greatest restricted likelihood: 0, or a root where it stops rising.

    It falls beyond t = (s^2 + sqrt(s^4 + 4 s^2 max v)) / 2, s^2 the variance of x: with all weights
    between 1 / (max v + t) and 1 / t, ``sum w^2 (x - mu)^2 <= (p - 1) s^2 / t^2`` and
    ``sum w - sum w^2 / sum w >= (p - 1) / (max v + t)``.
    """
    s2 = np.var(x) * x.size / (x.size - 1)
    end = 0.5 * (s2 + np.sqrt(s2 * s2 + 4.0 * s2 * v.max()))
    best = 0.0
    low = 0.0
    for k in range(GRID):
        high = end * LEAST ** (1.0 - (k + 1.0) / GRID)
        if _rising(x, v, low, REML) > 0.0 and _rising(x, v, high, REML) <= 0.0:
            root = _root(x, v, low, high, REML)
            if _likelihood(x, v, root) > _likelihood(x, v, best):
                best = root
        low = high
    return best


@kernel
def _likelihood(x: Floats, v: Floats, tau2: float) -> float:
    """Return twice the restricted log likelihood, but for a constant."""
    _, weight, _, q, _ = _sums(x, v, tau2)
    return float(-np.sum(np.log(v + tau2)) - np.log(weight) - q)
