"""The entropy-balanced mean of given corners: the weights that maximise ``-sum x ln x``.

A primal-dual interior-point method (Wright 1997, Primal-Dual Interior-Point Methods, SIAM,
doi:10.1137/1.9781611971453): weights and slacks stay positive and their products go to 0 together.
It ends in the middle of the best weights, so every corner that can have a share does.
"""

from typing import NamedTuple

import numpy as np

from fairlot._base.arrays import Floats
from fairlot._base.errors import NotConverged

__all__ = ["Mean", "balanced_mean"]

ROUNDING = 1e-11
"""The residuals of the rows and of the gradient are below: sums of some 30 logs."""

YIELD = 1e-10
"""A row may be missed by this, times its price: some entropy for a unit of the row."""

ROUNDS = 60  # 15 to 25 are usual
SHRINK = 0.1  # of the products, a round
SHORT_OF_ZERO = 0.99  # of the way to the nearest bound


class Mean(NamedTuple):
    """Weights (corners,) above 0 of sum 1, the slack of each, and the prices: of the sum, of the rows."""

    weight: Floats
    slack: Floats
    price: Floats


def balanced_mean(corners: Floats, rows: Floats, to: Floats, within: float) -> Mean:
    """Return the weights of greatest entropy of ``weight @ corners`` with ``rows @ weight == to``.

    corners  (corners, edges) 0 or 1, every edge in at least one corner
    rows     (rows, corners) what the weights must come to: within ``YIELD`` times its price each,
             so that rows may depend on each other and corners that cannot have a share do no harm
    within   stop when the sum of weight times slack, the distance to the greatest entropy, is below

    Raises NotConverged with what is left.

    >>> mean = balanced_mean(np.array([[1.0, 0], [0, 1]]), np.zeros((0, 2)), np.zeros(0), 1e-13)
    >>> mean.weight.round(6)
    array([0.5, 0.5])
    """
    count = corners.shape[0]
    equal, to = np.vstack([np.ones(count), rows]), np.append(1.0, to)
    give = np.append(0.0, np.full(rows.shape[0], YIELD))
    mean = Mean(np.full(count, 1 / count), np.ones(count), np.zeros(to.size))
    for _ in range(ROUNDS):
        gradient = corners @ (np.log(mean.weight @ corners) + 1)
        dual = gradient + mean.price @ equal - mean.slack
        missed = to - equal @ mean.weight + give * mean.price
        left = float(mean.weight @ mean.slack)
        if left < within and max(np.abs(missed).max(), np.abs(dual).max()) < ROUNDING:
            return mean
        mean = _stepped(mean, corners, equal, give, dual, missed)
    raise NotConverged(
        "the balance of {count} assignments is {left:.1e} from the best after {rounds} rounds",
        zh="{count} 个分派的均衡在 {rounds} 轮后仍差 {left:.1e}",
        count=count,
        left=left,
        rounds=ROUNDS,
    )


def _stepped(
    mean: Mean, corners: Floats, equal: Floats, give: Floats, dual: Floats, missed: Floats
) -> Mean:
    """Return the point after one Newton step towards products ``SHRINK`` times as great."""
    weight, slack, price = mean
    count = weight.size
    aim = SHRINK * float(weight @ slack) / count
    scaled = corners / np.sqrt(weight @ corners)
    matrix = np.block([[scaled @ scaled.T, equal.T], [equal, np.zeros((price.size, price.size))]])
    matrix[np.diag_indices_from(matrix)] += np.concatenate([slack / weight, -give])
    step = np.linalg.solve(matrix, np.concatenate([aim / weight - slack - dual, missed]))
    more = step[:count]
    slacker = (aim - weight * slack - slack * more) / weight
    length = min(_reach(weight, more), _reach(slack, slacker))
    return Mean(weight + length * more, slack + length * slacker, price + length * step[count:])


def _reach(value: Floats, step: Floats) -> float:
    """Return how much of a step keeps the values above 0, at most all of it."""
    falls = step < 0
    bound = float((-value[falls] / step[falls]).min(initial=np.inf))
    return min(1.0, SHORT_OF_ZERO * bound)
