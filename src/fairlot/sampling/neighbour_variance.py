"""Variances from neighbours, for designs that spread a sample in space or along a list.

A unit is compared with those beside it, so what the spreading took out of the variance is not
counted. No such estimator is unbiased: neighbours seldom or never come together. Units of
probability 1 take no part.
"""

import numpy as np
from numpy.typing import ArrayLike

from fairlot._base.arrays import Floats, Ints
from fairlot._base.errors import NotConverged
from fairlot.sampling.columns import of_units, table
from fairlot.sampling.pair_variance import Named, Variance
from fairlot.sampling.variance import two_units

__all__ = ["NEIGHBOURS", "local_mean_variance", "successive_differences"]

NEIGHBOURS = 4
"""Size of a neighbourhood, the unit itself included: as the authors recommend."""
EXACT = 1e-10
"""Share of the missing weight that the solver may leave."""


def successive_differences(y: Floats, pi: Floats) -> float:
    """Return ``n / (2 (n - 1)) sum (1 - pi) (y_i / pi_i - y_j / pi_j)^2`` over neighbours i, j.

    ``1 - pi`` is the mean of the two. For systematic and ordered pivotal draws; ``y`` in the order
    of the list, as in ``sample.index``. With equal probabilities it is v2 of Wolter (2007),
    Introduction to Variance Estimation, 8.2, doi:10.1007/978-0-387-35099-8. Never negative.

    >>> successive_differences(np.array([1.0, 3.0]), np.array([0.5, 0.5]))
    8.0
    """
    inside = pi < 1
    expanded, rest = (y / pi)[inside], 1 - pi[inside]
    n = expanded.size
    two_units(n)
    pairs = (rest[1:] + rest[:-1]) / 2 * np.diff(expanded) ** 2
    return float(np.sum(pairs)) * n / (2 * (n - 1))


def local_mean_variance(x: ArrayLike) -> Variance:
    """Return the estimator ``sum_ij w_ij (y_j / pi_j - sum_k w_ik y_k / pi_k)^2`` over neighbours.

    x  (N, d) positions of all units of the frame; distances are Euclidean

    For spatially balanced designs (local pivotal, SCPS, local cube). A neighbourhood is the
    :data:`NEIGHBOURS` nearest drawn units, and whoever has the unit in theirs; the weights fall
    with the rank of the distance and with ``pi_j``, and rows and columns sum to 1. There is no
    correction for a finite frame, so it overstates where ``pi`` is large. A weight, and so the
    estimate, may come out negative. A sparse system is solved: 1 s for 15,000 drawn units, 40 s for
    150,000.

    Stevens, Olsen (2003), Environmetrics 14, 593-610, doi:10.1002/env.606.

    >>> line = np.arange(4.0)
    >>> round(local_mean_variance(line)(np.array([1.0, 3.0]), np.full(2, 0.5), np.array([0, 2])), 9)
    7.111111111
    """
    places = table("x", x)

    def of_drawn(y: Floats, pi: Floats, units: Ints) -> float:
        inside = pi < 1
        expanded = (y / pi)[inside]
        two_units(expanded.size)
        first, second, weight = _neighbourhoods(of_units("x", places, units[inside]), pi[inside])
        mean = np.bincount(first, weight * expanded[second])
        return float(np.sum(weight * (expanded[second] - mean[first]) ** 2))

    return Named("local_mean", of_drawn)


def _neighbourhoods(places: Floats, pi: Floats) -> tuple[Ints, Ints, Floats]:
    """Return pairs (i, j) of neighbours, sorted by i and distance, with their weights."""
    first, second = _pairs(places)
    apart = np.sqrt(np.sum((places[first] - places[second]) ** 2, axis=1))
    order = np.lexsort((second, apart, first))
    first, second = first[order], second[order]
    count = np.bincount(first)
    rank = np.arange(first.size) - (np.cumsum(count) - count)[first]
    weight = (1 - rank / count[first]) / pi[second]
    weight /= np.bincount(first, weight)[first]
    return first, second, weight + _mending(first, second, weight)


def _pairs(places: Floats) -> tuple[Ints, Ints]:
    from scipy.spatial import cKDTree

    n = places.shape[0]
    own = np.arange(n)
    near = cKDTree(places).query(places, min(NEIGHBOURS, n))[1].reshape(n, -1)
    first, second = np.repeat(own, near.shape[1]), near.ravel()
    # A unit that shares its place with many may be missing from its own nearest.
    keys = np.unique(np.concatenate([first * n + second, second * n + first, own * n + own]))
    first, second = np.divmod(keys, n)
    return first, second


def _mending(first: Ints, second: Ints, weight: Floats) -> Floats:
    """Return the least change of the weights after which columns sum to 1 as rows do.

    It is a part of the row plus a part of the column; that rows do not change gives the first from
    the second, for which one symmetric system is left.
    """
    from scipy.sparse import csr_array, diags_array
    from scipy.sparse.linalg import cg

    count = np.bincount(first).astype(np.float64)
    near = csr_array((np.ones(first.size), (first, second)))
    system = diags_array(count) - near @ diags_array(1 / count) @ near
    scale = diags_array(1 / system.diagonal())
    missing = 1 - np.bincount(second, weight)
    of_column, failed = cg(system, missing, rtol=EXACT, atol=EXACT, M=scale)
    if failed:
        raise NotConverged(
            "the weights of {units} neighbourhoods were not found in {steps} steps; "
            "variance='deville' needs none",
            zh="迭代 {steps} 步后仍未求得 {units} 个邻域的权重；variance='deville' 不需要邻域",
            units=count.size,
            steps=failed,
        )
    of_row = -np.asarray(near @ of_column) / count
    return np.asarray(of_row[first] + of_column[second], dtype=np.float64)
