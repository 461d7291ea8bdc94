"""The entropy-balanced point of the hull of all valid assignments, and the weights that reach it."""

from typing import NamedTuple

import numpy as np

from fairlot._base.arrays import Floats
from fairlot.assignment.corner_balance import balanced_mean
from fairlot.assignment.hull import Hull, priced, refuse_gap

__all__ = ["GAP", "BalancedHull", "balanced_hull"]

GAP = 5e-13
"""How far the entropy may be below the greatest: no chance is off by more than sqrt(2 * GAP)."""

PRECISE = 1e-13  # of the weights of given corners: a fifth of GAP, and well above rounding


class BalancedHull(NamedTuple):
    """Corners with their weights, and what an edge costs there: no corner is much cheaper.

    gap  no lottery has an entropy that is greater by more than this
    """

    hull: Hull
    weight: Floats
    cost: Floats
    gap: float
    rounds: int


def balanced_hull(hull: Hull, load: Floats | None) -> BalancedHull:
    """Return the lottery of greatest entropy ``-sum x ln x``, with the expected loads if given.

    Balances the corners that are known, prices every edge by the gradient, asks for corners that
    are cheaper than the mean, and begins again; at first roughly, in the end to ``GAP``.

    Raises NotConverged when the gap is not closed.
    """
    problem = hull.programme.problem
    rows = np.zeros((0 if load is None else load.size, problem.idx.size))
    if load is not None:
        rows[problem.idx, np.arange(problem.idx.size)] = 1
    to = np.zeros(0) if load is None else load
    within, rounds = 1.0, 0
    while True:
        rounds += 1
        corners, possible = hull.corners.astype(np.float64), hull.possible
        mean = balanced_mean(corners[:, possible], rows @ corners.T, to, within)
        chance = mean.weight @ corners
        cost = mean.price[1:] @ rows
        cost[possible] += np.log(chance[possible]) + 1
        gap, wider = priced(hull, cost, float(cost @ chance), GAP)
        if wider is hull and (gap <= GAP or within == PRECISE):
            refuse_gap(gap)
            return BalancedHull(hull, mean.weight, cost, gap, rounds)
        hull, within = wider, max(min(gap, within) / 10, PRECISE)
