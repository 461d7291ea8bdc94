"""The Q method's scale with Hampel's location: far results weigh less, and very far ones nothing."""

import numpy as np
from numpy.typing import ArrayLike

from fairlot._base.arrays import Floats, Ints
from fairlot._kernels.compile import kernel
from fairlot.proficiency.batch import Batch, in_parts, sample_or_batch
from fairlot.proficiency.estimate import Estimate, estimate
from fairlot.proficiency.ordered import middle
from fairlot.proficiency.q_method import q_method
from fairlot.proficiency.replicates import Laboratories, laboratories, laboratory_means

__all__ = ["hampel"]

FULL, FLAT, NONE = 1.5, 3.0, 4.5
"""psi(u) rises to FULL at u = FULL, stays to FLAT, and falls to 0 at NONE (ISO 13528 C.5.3)."""

NODES = (-NONE, -FLAT, -FULL, FULL, FLAT, NONE)
TURNS = (1, -1, -1, 1, 1, -1)
"""As m passes y_i + NODES[k], the slope of sum psi(y_i - m) changes by TURNS[k]."""

ROUNDING = 1e-12  # a sum of psi this small is 0


def hampel(x: ArrayLike | Batch, *, laboratory: Laboratories = None) -> Estimate:
    """Return Hampel's location with the scale of :func:`q_method`.

    x           (n,) results, or a batch of such samples
    laboratory  (n,) who sent each result, when some sent several, as in :func:`q_method`; the
                location is that of the laboratories' means

    ``x_star`` solves ``sum psi((x_i - x_star) / s_star) = 0`` with psi rising to 1.5, flat to 3 and
    falling to 0 at 4.5. Of several solutions it is the one nearest to the median, and the median
    itself if two are equally near. Between the nodes ``x_i +- 1.5, 3, 4.5 s_star`` the sum is
    straight: walked from the median outwards it gives the solution without iteration, O(n log n).
    Raises InvalidInput where a measurand has fewer than two laboratories.

    >>> result = hampel([9.8, 10.0, 10.1, 10.2, 10.4, 13.0])
    >>> round(result.x_star, 6), round(float(result.u_xpt), 6)
    (10.1, 0.237815)

    ISO 13528:2022 C.5.3; for u_xpt clause 7.7 with Amendment 1:2026.
    """
    batch, many = sample_or_batch(x)
    s_star = q_method(batch, laboratory=laboratory).s_star
    means = laboratory_means(batch, laboratories(batch, laboratory)[0])
    x_star = np.empty(len(batch))
    in_parts(_every, means, means.ordered, s_star, x_star)
    return estimate(means, many, x_star, s_star, algorithm="hampel/1", edition="iso2022")


@kernel
def _every(
    starts: Ints, first: int, last: int, ordered: Floats, s_star: Floats, x_star: Floats
) -> None:
    for i in range(first, last):
        x = ordered[starts[i] : starts[i + 1]]
        median = middle(x)
        x_star[i] = median
        if s_star[i] > 0:
            x_star[i] += s_star[i] * _nearest_root((x - median) / s_star[i])


@kernel
def _nearest_root(y: Floats) -> float:
    """Return the root nearest to 0 of the sum of psi(y_i - m), for sorted y."""
    total = 0.0
    for u in y:
        total += _psi(u)
    if total == 0:
        return 0.0
    right, left = _root_right(y, total), _root_right(-y[::-1], -total)
    if right == left:
        return 0.0
    return right if right < left else -left


@kernel
def _psi(u: float) -> float:
    size = max(0.0, min(abs(u), FULL, NONE - abs(u)))
    return size if u > 0 else -size


@kernel
def _root_right(y: Floats, total: float) -> float:
    """Return the first root from 0 to the right, infinite if there is none; ``total`` is that at 0."""
    ahead = np.empty(len(NODES), dtype=np.int64)
    slope, in_reach = 0, 0
    for k in range(len(NODES)):
        ahead[k] = np.searchsorted(y, -NODES[k], side="right")
        slope += TURNS[k] * ahead[k]
    in_reach = ahead[0] - ahead[-1]
    at, here = 0.0, total
    while in_reach:
        k = 0
        node = np.inf
        for j in range(len(NODES)):
            if ahead[j] < y.size and y[ahead[j]] + NODES[j] < node:
                k, node = j, y[ahead[j]] + NODES[j]
        there = here + slope * (node - at)
        if abs(there) <= ROUNDING or (there > 0) != (total > 0):
            return _root_between(y, at, node)
        at, here = node, there
        ahead[k] += 1
        slope += TURNS[k]
        in_reach = ahead[0] - ahead[-1]
    return at


@kernel
def _root_between(y: Floats, left: float, right: float) -> float:
    """Solve the straight piece between two nodes afresh: the walk has gathered rounding."""
    total, weight = 0.0, 0
    middle = left + (right - left) / 2
    for v in y:
        far = abs(v - middle)
        side = 1.0 if v > middle else -1.0
        if far <= FULL:
            total += v
            weight += 1
        elif far <= FLAT:
            total += side * FULL
        elif far <= NONE:
            total += side * NONE - v
            weight -= 1
    return min(max(total / weight, left), right) if weight else left
