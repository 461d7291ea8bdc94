"""The log-likelihood of a normal distribution with results below limits, and its maximum.

In ``h = 1 / sigma`` and ``g = mu / sigma`` it is concave (Olsen 1978):
``sum log phi(h x - g) + n log h`` over results, ``sum log Phi(h L - g)`` over limits.
"""

import math

from fairlot._base.arrays import Floats
from fairlot._kernels.compile import kernel

__all__ = ["climb"]

STEPS = 200
HALVINGS = 60
NEAR = 1e-6  # Newton decrement, twice the gain in sight: from here on every full step climbs,
FLAT = 1e-14  # and after this one what is left is its square
TAIL = -30.0  # below, erfc has lost no digit yet and the series has already won all
HALF_LOG_2PI = 0.5 * math.log(2.0 * math.pi)


@kernel
def climb(seen: Floats, limits: Floats) -> tuple[float, float, float, float, float, int, bool]:
    """Return mu, sigma, their standard errors, the log-likelihood, the steps, and if it arrived.

    Newton steps, halved until they climb, on results moved and scaled to mean 0 and width 1.
    """
    centre = seen.mean()
    width = max(seen[-1], limits[-1] if limits.size else seen[-1]) - min(
        seen[0], limits[0] if limits.size else seen[0]
    )
    x, limit = (seen - centre) / width, (limits - centre) / width
    g, h, step, flat = 0.0, 2.0, 0, False
    while step < STEPS and not flat:
        rise, slope_g, slope_h, gg, gh, hh = _slopes(x, limit, g, h)
        determinant = gg * hh - gh * gh
        by_g = (slope_g * hh - slope_h * gh) / determinant
        by_h = (slope_h * gg - slope_g * gh) / determinant
        decrement = slope_g * by_g + slope_h * by_h
        part = 1.0 if decrement <= NEAR else _climbing(x, limit, g, h, by_g, by_h, rise)
        g, h, step, flat = g + part * by_g, h + part * by_h, step + 1, decrement <= FLAT
    top, _, _, gg, gh, hh = _slopes(x, limit, g, h)
    mean, sd, determinant = g / h, 1.0 / h, gg * hh - gh * gh
    # mu = g / h has the gradient (1, -mu) / h, and sigma (0, -1) / h^2; the covariance of (g, h)
    # is ((hh, -gh), (-gh, gg)) / determinant.
    se_mu = sd * math.sqrt((hh + 2.0 * mean * gh + mean * mean * gg) / determinant)
    se_sd = sd * sd * math.sqrt(gg / determinant)
    loglik = top - x.size * math.log(width)
    return centre + width * mean, width * sd, width * se_mu, width * se_sd, loglik, step, flat


@kernel
def _climbing(
    x: Floats, limit: Floats, g: float, h: float, by_g: float, by_h: float, rise: float
) -> float:
    """Return the part of a step that climbs: the whole, or halved until it does."""
    part = 1.0
    for _ in range(HALVINGS):
        if h + part * by_h > 0.0 and _loglik(x, limit, g + part * by_g, h + part * by_h) >= rise:
            return part
        part *= 0.5
    return part


@kernel
def _loglik(x: Floats, limit: Floats, g: float, h: float) -> float:
    total = x.size * (math.log(h) - HALF_LOG_2PI)
    for value in x:
        total -= 0.5 * (h * value - g) ** 2
    for value in limit:
        total += _log_phi_and_ratio(h * value - g)[0]
    return total


@kernel
def _slopes(
    x: Floats, limit: Floats, g: float, h: float
) -> tuple[float, float, float, float, float, float]:
    """Return the log-likelihood, its slopes in g and h, and minus its second derivatives."""
    slope_g, slope_h = 0.0, x.size / h
    gg, gh, hh = float(x.size), 0.0, x.size / (h * h)
    for value in x:
        z = h * value - g
        slope_g += z
        slope_h -= z * value
        gh -= value
        hh += value * value
    for value in limit:
        z = h * value - g
        ratio = _log_phi_and_ratio(z)[1]
        curve = ratio * (ratio + z)
        slope_g -= ratio
        slope_h += ratio * value
        gg += curve
        gh -= curve * value
        hh += curve * value * value
    return _loglik(x, limit, g, h), slope_g, slope_h, gg, gh, hh


@kernel
def _log_phi_and_ratio(z: float) -> tuple[float, float]:
    """Return log Phi(z) and phi(z) / Phi(z)."""
    if z > TAIL:
        below = 0.5 * math.erfc(-z * math.sqrt(0.5))
        return math.log(below), math.exp(-0.5 * z * z - HALF_LOG_2PI) / below
    # Mills: Phi(z) = phi(z) / -z (1 - 1/z^2 + 3/z^4 - 15/z^6 + ...)
    q = 1.0 / (z * z)
    series = 1.0 - q * (1.0 - q * (3.0 - q * (15.0 - q * 105.0)))
    return -0.5 * z * z - HALF_LOG_2PI - math.log(-z) + math.log(series), -z / series
