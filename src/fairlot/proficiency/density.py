"""The Gaussian kernel density of results, and where it turns, for the kernels of modes.

Results farther apart than two reaches of the kernel do not feel each other. Each such group is
walked along by itself, in lengths u of one bandwidth from its first result: so neither an outlier
nor an origin far away costs time or digits.
"""

import numpy as np

from fairlot._base.arrays import Floats
from fairlot._kernels.compile import kernel

__all__ = ["height", "highest", "turns"]

REACH = 9.0
"""Results farther away are left out: exp(-REACH^2 / 2) is less than a rounding of a near one."""

PACE = 0.125
"""Steps along the density. That its slope came to 0 and back between two is seen from the bend."""

ALIKE = 1 - 1e-12
"""Of modes as high as this share of the highest, the lowest place counts: of two that mirror each
other, rounding would choose."""

SETTLED = 1e-14
TRIES = 60


@kernel
def _slope_and_bend(u: Floats, weight: Floats, at: float) -> tuple[float, float]:
    """Return the first and the second derivative of the height."""
    slope, bend = 0.0, 0.0
    for i in range(np.searchsorted(u, at - REACH), np.searchsorted(u, at + REACH)):
        d = u[i] - at
        part = weight[i] * np.exp(-0.5 * d * d)
        slope += d * part
        bend += (d * d - 1) * part
    return slope, bend


@kernel
def turns(x: Floats, weight: Floats, h: float, found: Floats) -> int:
    """Write where the density turns, mode, antimode, mode, ..., mode; return how many modes.

    x       ascending
    weight  all above 0
    found   room for 2 p places; between two groups the middle stands for the antimode
    """
    n, begin = 0, 0
    for end in range(1, x.size + 1):
        if end < x.size and x[end] - x[end - 1] <= 2 * REACH * h:
            continue
        if begin:
            found[n] = x[begin - 1] / 2 + x[begin] / 2
            n += 1
        here = found[n : n + 2 * (end - begin)]
        more = _turns_of_group((x[begin:end] - x[begin]) / h, weight[begin:end], here)
        here[:more] = x[begin] + h * here[:more]
        n, begin = n + more, end
    return (n + 1) // 2


@kernel
def height(x: Floats, weight: Floats, h: float, at: float) -> float:
    """Return sum weight exp(-d^2 / 2) over the distances d from ``at``, in bandwidths."""
    total = 0.0
    for i in range(np.searchsorted(x, at - REACH * h), np.searchsorted(x, at + REACH * h)):
        total += weight[i] * np.exp(-0.5 * ((x[i] - at) / h) ** 2)
    return total


@kernel
def highest(x: Floats, weight: Floats, h: float, found: Floats, n_modes: int) -> float:
    """Return the highest mode among the turns."""
    top = 0.0
    for k in range(n_modes):
        top = max(top, height(x, weight, h, found[2 * k]))
    for k in range(n_modes):
        if height(x, weight, h, found[2 * k]) >= ALIKE * top:
            return float(found[2 * k])
    return float(found[0])


@kernel
def _turns_of_group(u: Floats, weight: Floats, found: Floats) -> int:
    """Write the turns of one group; return how many.

    A mode lies within one bandwidth of a result, as farther away the density is convex: only there
    are steps taken.
    """
    n, last, at, rising, bent = 0, u[0] - 1.0, u[0] - 1.0, True, 0.0
    for x in u:
        at = max(at, x - 1.0)
        while at <= x + 1.0 and n + 2 <= found.size:  # rounding must not lead beyond
            slope, bend = _slope_and_bend(u, weight, at)
            if rising != (slope > 0):
                found[n] = _turn(u, weight, last, at, rising)
                n, rising = n + 1, not rising
            elif bend * bent < 0 and (bend > 0) == rising:
                middle = _inflection(u, weight, last, at, bent)
                if rising != (_slope_and_bend(u, weight, middle)[0] > 0):
                    found[n] = _turn(u, weight, last, middle, rising)
                    found[n + 1] = _turn(u, weight, middle, at, not rising)
                    n += 2
            last, bent = at, bend
            at += PACE
    if rising:
        found[n] = _turn(u, weight, last, u[-1] + 1.0, rising)
        n += 1
    return n


@kernel
def _turn(u: Floats, weight: Floats, left: float, right: float, rising: bool) -> float:
    """Return where the slope is 0, by Newton's steps, and halving where these lead out."""
    at = left + (right - left) / 2
    for _ in range(TRIES):
        slope, bend = _slope_and_bend(u, weight, at)
        if (slope > 0) == rising:
            left = at
        else:
            right = at
        following = at - slope / bend if bend != 0 else left
        if not left <= following <= right:
            following = left + (right - left) / 2
        if abs(following - at) <= SETTLED * (1 + abs(at)):
            return following
        at = following
    return at


@kernel
def _inflection(u: Floats, weight: Floats, left: float, right: float, bent: float) -> float:
    """Return where the bend, that of ``bent`` at ``left``, changes its sign."""
    for _ in range(TRIES):
        at = left + (right - left) / 2
        if _slope_and_bend(u, weight, at)[1] * bent > 0:
            left = at
        else:
            right = at
    return left
