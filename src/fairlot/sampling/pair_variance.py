"""Variances from joint probabilities: Sen-Yates-Grundy and Horvitz-Thompson.

Both are unbiased when no pair of units of the frame has joint probability 0, the first for a fixed
size only, and both can come out negative. What they give is not mended.
"""

from collections.abc import Callable, Iterator

import numpy as np
from numpy.typing import ArrayLike

from fairlot._base.arrays import Floats, Ints
from fairlot._base.errors import InvalidInput
from fairlot.sampling.joint import PairProbability
from fairlot.sampling.variance import conservative

__all__ = ["Variance", "horvitz_thompson", "sen_yates_grundy"]

Variance = Callable[[Floats, Floats, Ints], float]
"""Estimates a variance from (y, pi, units): values, probabilities and positions of drawn units."""

BLOCK = 1 << 20
"""Pairs looked at together: 8 MB for each array of them."""


def sen_yates_grundy(joint: ArrayLike | PairProbability) -> Variance:
    """Return the estimator ``1/2 sum_ij (pi_i pi_j / pi_ij - 1) (y_i / pi_i - y_j / pi_j)^2``.

    joint  (n, n) joint probabilities of the drawn units, in the order of ``sample.index``, or a
           function that gives those of two arrays of different positions of the frame

    For designs of fixed size. O(n^2) time, and O(n) memory when ``joint`` is a function. Raises
    InvalidInput when a drawn pair has no positive joint probability. Pairs that cannot come
    together are never drawn, so what they would add is missing without a sign: see
    ``joint_probabilities(...).zeros``.

    Yates, Grundy (1953), Journal of the Royal Statistical Society B 15, 253-261,
    doi:10.1111/j.2517-6161.1953.tb00140.x.

    >>> joint = np.full((2, 2), 1 / 6)
    >>> sen_yates_grundy(joint)(np.array([1.0, 3.0]), np.array([0.5, 0.5]), np.array([0, 1]))
    8.0
    """

    def of_drawn(y: Floats, pi: Floats, units: Ints) -> float:
        expanded = y / pi
        return sum(
            float(np.sum((ratio - 1) * (expanded[rows, None] - expanded) ** 2)) / 2
            for rows, ratio in _ratios(joint, pi, units)
        )

    return of_drawn


def horvitz_thompson(joint: ArrayLike | PairProbability) -> Variance:
    """Return the estimator ``sum_ij (1 - pi_i pi_j / pi_ij) (y_i / pi_i) (y_j / pi_j)``.

    joint  as in :func:`sen_yates_grundy`; on the diagonal ``pi_ii = pi_i`` whatever stands there

    For designs of any size; for a fixed one :func:`sen_yates_grundy` is steadier.

    Horvitz, Thompson (1952), Journal of the American Statistical Association 47, 663-685,
    doi:10.1080/01621459.1952.10483446.

    >>> joint = np.full((2, 2), 1 / 6)
    >>> horvitz_thompson(joint)(np.array([1.0, 3.0]), np.array([0.5, 0.5]), np.array([0, 1]))
    8.0
    """

    def of_drawn(y: Floats, pi: Floats, units: Ints) -> float:
        expanded = y / pi
        return conservative(y, pi) + sum(
            float(expanded[rows] @ (1 - ratio) @ expanded)
            for rows, ratio in _ratios(joint, pi, units)
        )

    return of_drawn


def _ratios(
    joint: ArrayLike | PairProbability, pi: Floats, units: Ints
) -> Iterator[tuple[Ints, Floats]]:
    """Yield rows and their ``pi_i pi_j / pi_ij`` with all units, 1 where i = j."""
    rows_of = _of_function(joint, units) if callable(joint) else _of_matrix(joint, units)
    step = BLOCK // pi.size + 1
    for start in range(0, pi.size, step):
        rows = np.arange(start, min(start + step, pi.size))
        both = rows_of(rows)
        both[rows - start, rows] = pi[rows] ** 2
        _refuse_zero(both, units[rows], units)
        yield rows, pi[rows, None] * pi / both


def _of_function(joint: PairProbability, units: Ints) -> Callable[[Ints], Floats]:
    def rows_of(rows: Ints) -> Floats:
        both = np.empty((rows.size, units.size))
        first, second = np.nonzero(rows[:, None] != np.arange(units.size))
        both[first, second] = joint(units[rows[first]], units[second])
        return both

    return rows_of


def _of_matrix(joint: ArrayLike, units: Ints) -> Callable[[Ints], Floats]:
    matrix = np.asarray(joint, dtype=np.float64)
    if matrix.shape != (units.size, units.size):
        raise InvalidInput(
            "joint has shape {got}; want {want}, one row and column for each drawn unit",
            zh="joint 的形状为 {got}，应为 {want}，每个被抽单位一行一列",
            got=matrix.shape,
            want=(units.size, units.size),
        )
    return lambda rows: matrix[rows]


def _refuse_zero(both: Floats, rows: Ints, columns: Ints) -> None:
    if not np.all(both > 0):
        i, j = np.unravel_index(int(np.argmin(both > 0)), both.shape)
        raise InvalidInput(
            "units {i} and {j} have joint probability {got}; want it positive: no unbiased "
            "variance exists; variance='deville', 'hansen_hurwitz' and 'conservative' need none",
            zh="单位 {i} 与 {j} 的联合入样概率为 {got}，应大于 0：不存在无偏方差估计；"
            "variance='deville'、'hansen_hurwitz' 与 'conservative' 不需要联合概率",
            i=int(rows[i]),
            j=int(columns[j]),
            got=float(both[i, j]),
        )
