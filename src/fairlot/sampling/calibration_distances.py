"""How far a weight may move, and how: g as a function of ``u = x lambda``, and its slope.

Deville, Särndal (1992), Journal of the American Statistical Association 87, 376-382,
doi:10.1080/01621459.1992.10475217, cases 1, 2, 6 and 7 of their table.
"""

from collections.abc import Callable

import numpy as np

from fairlot._base.arrays import Floats
from fairlot._base.errors import InvalidInput

__all__ = ["Distance", "distance"]

Distance = Callable[[Floats], tuple[Floats, Floats]]
Bounds = tuple[float, float]


def distance(method: str, bounds: Bounds | None) -> tuple[Distance, Bounds]:
    """Return g and its slope as functions of u, and between which values g lies.

    >>> g, limits = distance("raking", None)
    >>> g(np.array([0.0])), limits
    ((array([1.]), array([1.])), (0.0, inf))
    """
    free = {"linear": (_linear, (-np.inf, np.inf)), "raking": (_raking, (0.0, np.inf))}
    bounded = {"truncated": _truncated, "logit": _logit}
    if method in free and bounds is None:
        return free[method]
    if method in bounded and bounds is not None:
        low, high = float(bounds[0]), float(bounds[1])
        _refuse_bad_bounds(low, high)
        return bounded[method](low, high), (low, high)
    raise InvalidInput(
        "method is {method!r} with bounds {bounds}; want 'linear' or 'raking' without bounds, "
        "'truncated' or 'logit' with (low, high)",
        zh="method 为 {method!r}，bounds 为 {bounds}；'linear' 与 'raking' 不带界限，"
        "'truncated' 与 'logit' 须给出 (low, high)",
        method=method,
        bounds=bounds,
    )


def _refuse_bad_bounds(low: float, high: float) -> None:
    if not 0 <= low < 1 < high < np.inf:
        raise InvalidInput(
            "bounds are {got}; want 0 <= low < 1 < high",
            zh="bounds 为 {got}，应满足 0 <= low < 1 < high",
            got=(low, high),
        )


def _linear(u: Floats) -> tuple[Floats, Floats]:
    return 1 + u, np.ones_like(u)


def _raking(u: Floats) -> tuple[Floats, Floats]:
    # A step too far is halved, so what overflows does no harm.
    with np.errstate(over="ignore"):
        g = np.exp(u)
    return g, g


def _truncated(low: float, high: float) -> Distance:
    def clipped(u: Floats) -> tuple[Floats, Floats]:
        g = np.clip(1 + u, low, high)
        return g, ((g > low) & (g < high)).astype(np.float64)

    return clipped


def _logit(low: float, high: float) -> Distance:
    steep = (high - low) / ((1 - low) * (high - 1))

    def between(u: Floats) -> tuple[Floats, Floats]:
        # With the sign turned where u > 0, no exponential overflows.
        small = np.exp(-np.abs(steep * u))
        ahead, behind = np.where(u > 0, small, 1.0), np.where(u > 0, 1.0, small)
        below, above = (high - 1) * ahead, (1 - low) * behind
        g = (low * below + high * above) / (below + above)
        return g, (g - low) * (high - g) / ((1 - low) * (high - 1))

    return between
