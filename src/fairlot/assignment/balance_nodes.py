"""The factors of officers and groups: which limit holds each of them back, and by how much.

A factor below 1 holds a load down to its upper limit, one above 1 lifts it to its lower limit, and
1 says that neither binds. Where both limits are one number, the factor takes any value above 0.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from fairlot._base.arrays import Floats, Ints
from fairlot._kernels import kernel, piece
from fairlot.assignment.arithmetic import grown
from fairlot.assignment.network import WHOLE, Network, Numbers

__all__ = [
    "BOTH",
    "LOWER",
    "NEITHER",
    "UPPER",
    "Limits",
    "Sides",
    "added_down",
    "added_up",
    "limits_of",
    "moved",
    "multiplied_down",
    "proportional",
    "sides",
    "worst_miss",
]

Sides = NDArray[np.int8]

NEITHER, UPPER, LOWER, BOTH = 0, 1, 2, 3
"""Which limit a factor answers to."""

SMALLEST, LARGEST = 2.0**-900, 2.0**900
"""Factors and weights are kept between these; whoever needs others will not converge."""


class Limits(NamedTuple):
    """Fewest and most places of every node, and the group around it, -1 if none."""

    low: Floats
    high: Floats
    parent: Numbers


def limits_of(network: Network, low: Ints, high: Ints) -> Limits:
    """Return the limits, given in grains, in places."""
    return Limits(low / WHOLE, high / WHOLE, network.parent)


@kernel
def added_up(amount: Floats, parent: Numbers) -> Floats:
    """Return the sum at every node, from the amounts at the officers."""
    total = np.zeros(parent.size)
    for officer in range(amount.size):
        total[officer] = amount[officer]
    for node in range(parent.size):
        if parent[node] >= 0:
            total[parent[node]] += total[node]
    return total


@kernel
def added_down(amount: Floats, parent: Numbers, people: int) -> Floats:
    """Return for every officer the sum over the officer and the groups around."""
    total = amount.copy()
    for node in range(parent.size - 1, -1, -1):
        if parent[node] >= 0:
            total[node] += total[parent[node]]
    return total[:people]


@kernel
def multiplied_down(factor: Floats, parent: Numbers, people: int) -> Floats:
    """Return for every officer the product over the officer and the groups around."""
    total = factor.copy()
    for node in range(parent.size - 1, -1, -1):
        if parent[node] >= 0:
            total[node] = min(max(total[node] * total[parent[node]], SMALLEST), LARGEST)
    return total[:people]


@kernel
def proportional(v: Floats, load: Floats, limits: Limits) -> Floats:
    """Return the factors after one proportional sweep of the nodes, inner ones first.

    A factor becomes the one nearest to 1 that would put the load of its node within the limits if
    the load followed it in proportion; groups see the loads that their members then have.
    """
    new, change = v.copy(), np.zeros(v.size)
    for node in range(v.size):
        seen = load[node] + change[node]
        if seen > 0.0:
            least, most = v[node] * limits.low[node] / seen, v[node] * limits.high[node] / seen
            new[node] = min(max(min(max(1.0, least), most), SMALLEST), LARGEST)
            seen *= new[node] / v[node]
        if limits.parent[node] >= 0:
            change[limits.parent[node]] += seen - load[node]
    return new


@kernel
def sides(v: Floats, load: Floats, limits: Limits) -> Sides:
    """Return which limit every factor answers to: one that binds or is missed."""
    side = np.zeros(v.size, np.int8)
    for node in range(v.size):
        low, high = limits.low[node], limits.high[node]
        if load[node] <= 0.0:
            continue
        if low == high:
            side[node] = BOTH
        elif v[node] < 1.0 or (v[node] == 1.0 and load[node] > high):
            side[node] = UPPER
        elif v[node] > 1.0 or load[node] < low:
            side[node] = LOWER
    return side


@kernel
def moved(v: Floats, step: Floats, side: Sides) -> tuple[Floats, Floats]:
    """Return the factors after a step of their logs, stopped at 1, and the steps really taken."""
    new, taken = v.copy(), np.zeros(v.size)
    for node in range(v.size):
        if step[node] == 0.0:
            continue
        new[node] = min(max(grown(v[node], step[node]), SMALLEST), LARGEST)
        taken[node] = step[node]
        if (side[node] == UPPER and new[node] > 1.0) or (side[node] == LOWER and new[node] < 1.0):
            new[node] = 1.0
            taken[node] = 2.0 * (1.0 - v[node]) / (1.0 + v[node])
    return new, taken


@kernel
def worst_miss(v: Floats, load: Floats, limits: Limits) -> tuple[float, int]:
    """Return the largest relative miss of a limit or of its factor, and the node, -1 if none.

    A factor other than 1 misses by what its limit has to spare, or by its distance from 1,
    whichever is less. A factor or load that is no number misses infinitely.
    """
    worst, where = 0.0, -1
    for node in range(v.size):
        if not (v[node] > 0.0 and abs(load[node]) < np.inf):  # no number, or beyond all of them
            return np.inf, node
        low, high = limits.low[node], limits.high[node]
        miss = max(_over(load[node], high), _over(low, load[node]))
        if low < high and v[node] < 1.0:
            miss = max(miss, min(1.0 - v[node], _over(high, load[node])))
        elif low < high and v[node] > 1.0:
            miss = max(miss, min(1.0 - 1.0 / v[node], _over(load[node], low)))
        if miss > worst:
            worst, where = miss, node
    return worst, where


@piece
def _over(amount: float, limit: float) -> float:
    """Return by what share of itself ``amount`` exceeds ``limit``."""
    return 0.0 if amount <= limit else min((amount - limit) / amount, 1.0)
