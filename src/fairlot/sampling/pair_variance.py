"""Variances from joint probabilities: Sen-Yates-Grundy and Horvitz-Thompson.

Both are unbiased when no pair of units of the frame has joint probability 0, the first for a fixed
size only, and both can come out negative. What they give is not mended.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from fairlot._base.arrays import Floats, Ints
from fairlot._base.errors import InvalidInput
from fairlot.sampling.joint import PairProbability, each_pair
from fairlot.sampling.variance import conservative

__all__ = ["Named", "Variance", "horvitz_thompson_variance", "sen_yates_grundy_variance"]

Variance = Callable[[Floats, Floats, Ints], float]
"""Estimates a variance from (y, pi, units): values, probabilities and positions of drawn units."""


@dataclass(frozen=True)
class Named:
    """A :data:`Variance` that an estimate can name as its method."""

    name: str
    of_drawn: Variance

    def __call__(self, y: Floats, pi: Floats, units: Ints) -> float:
        """Return the estimate."""
        return self.of_drawn(y, pi, units)


BLOCK = 1 << 16
"""Pairs looked at together: some twenty arrays of half a MB."""


def sen_yates_grundy_variance(joint: ArrayLike | PairProbability) -> Variance:
    """Return the estimator ``sum_{i<j} (pi_i pi_j / pi_ij - 1) (y_i / pi_i - y_j / pi_j)^2``.

    joint  (n, n) joint probabilities of the drawn units, in the order of ``sample.index``, of which
           those above the diagonal are read; or a function that gives those of two arrays of
           different positions of the frame, such as ``pair_probability(pi, design=...)``

    For designs of fixed size. O(n^2) time, and O(n) memory when ``joint`` is a function. Raises
    InvalidInput when a drawn pair has no positive joint probability. Pairs that cannot come
    together are never drawn, so what they would add is missing without a sign: see
    ``joint_probabilities(...).zeros``.

    Yates, Grundy (1953), Journal of the Royal Statistical Society B 15, 253-261,
    doi:10.1111/j.2517-6161.1953.tb00140.x.

    >>> joint = np.full((2, 2), 1 / 6)
    >>> sen_yates_grundy_variance(joint)(np.array([1.0, 3.0]), np.array([0.5, 0.5]), np.array([0, 1]))
    8.0
    """

    def of_drawn(y: Floats, pi: Floats, units: Ints) -> float:
        expanded = y / pi
        return sum(
            float((ratio - 1) @ (expanded[a] - expanded[b]) ** 2)
            for a, b, ratio in _ratios(joint, pi, units)
        )

    return Named("sen_yates_grundy", of_drawn)


def horvitz_thompson_variance(joint: ArrayLike | PairProbability) -> Variance:
    """Return the estimator ``sum_ij (1 - pi_i pi_j / pi_ij) (y_i / pi_i) (y_j / pi_j)``.

    joint  as in :func:`sen_yates_grundy_variance`; ``pi_ii`` is ``pi_i`` whatever stands there

    For designs of any size; for a fixed one :func:`sen_yates_grundy_variance` is steadier.

    Horvitz, Thompson (1952), Journal of the American Statistical Association 47, 663-685,
    doi:10.1080/01621459.1952.10483446.

    >>> joint = np.full((2, 2), 1 / 6)
    >>> horvitz_thompson_variance(joint)(np.array([1.0, 3.0]), np.array([0.5, 0.5]), np.array([0, 1]))
    8.0
    """

    def of_drawn(y: Floats, pi: Floats, units: Ints) -> float:
        expanded = y / pi
        return conservative(y, pi) + 2 * sum(
            float(((1 - ratio) * expanded[a]) @ expanded[b])
            for a, b, ratio in _ratios(joint, pi, units)
        )

    return Named("horvitz_thompson", of_drawn)


def _ratios(
    joint: ArrayLike | PairProbability, pi: Floats, units: Ints
) -> Iterator[tuple[Ints, Ints, Floats]]:
    """Yield the pairs a < b of places among the drawn, and their ``pi_a pi_b / pi_ab``."""
    of_places = _of_function(joint, units) if callable(joint) else _of_matrix(joint, units.size)
    for a, b in each_pair(units.size, BLOCK):
        both = of_places(a, b)
        _refuse_zero(both, units[a], units[b])
        yield a, b, pi[a] * pi[b] / both


def _of_function(joint: PairProbability, units: Ints) -> PairProbability:
    return lambda a, b: joint(units[a], units[b])


def _of_matrix(joint: ArrayLike, units: int) -> PairProbability:
    matrix = np.asarray(joint, dtype=np.float64)
    if matrix.shape != (units, units):
        raise InvalidInput(
            "joint has shape {got}; want {want}, one row and column for each drawn unit",
            zh="joint 的形状为 {got}，应为 {want}，每个被抽单位一行一列",
            got=matrix.shape,
            want=(units, units),
        )
    return lambda a, b: matrix[a, b]


def _refuse_zero(both: Floats, i: Ints, j: Ints) -> None:
    if not np.all(both > 0):
        k = int(np.argmin(both > 0))
        raise InvalidInput(
            "units {i} and {j} have joint probability {got}; want it positive: no unbiased "
            "variance exists; variance='deville', 'hansen_hurwitz' and 'conservative' need none",
            zh="单位 {i} 与 {j} 的联合入样概率为 {got}，应大于 0：不存在无偏方差估计；"
            "variance='deville'、'hansen_hurwitz' 与 'conservative' 不需要联合概率",
            i=int(i[k]),
            j=int(j[k]),
            got=float(both[k]),
        )
