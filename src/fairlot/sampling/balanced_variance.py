"""The variance after a balanced draw: what the balancing variables do not explain."""

import numpy as np
from numpy.typing import ArrayLike

from fairlot._base.arrays import Floats, Ints
from fairlot._base.errors import InvalidInput
from fairlot.sampling.columns import of_units, table
from fairlot.sampling.pair_variance import Named, Variance

__all__ = ["balanced_variance"]


def balanced_variance(x: ArrayLike) -> Variance:
    """Return the estimator ``n / (n - p) sum (1 - pi) (y / pi - B x / pi)^2`` of residuals.

    x  (N, q) balancing variables of all units of the frame; ``pi``, which fixes the size, is
       added to them, and p is how many of them are independent among the drawn units

    B fits ``y / pi`` to ``x / pi`` with weights ``1 - pi``. For the cube method; an approximation
    that leaves out the landing. Without ``x`` it is Hajek-Rosen's. Never negative.

    Deville, Tillé (2005), Journal of Statistical Planning and Inference 128, 569-591,
    doi:10.1016/j.jspi.2003.11.011.

    >>> x = np.array([1.0, 2.0, 1.0, 2.0, 1.0, 2.0])
    >>> half, units = np.full(3, 0.5), np.array([0, 1, 3])
    >>> round(balanced_variance(x)(np.array([1.0, 2.0, 4.0]), half, units), 9)
    12.0
    """
    known = table("x", x)

    def of_drawn(y: Floats, pi: Floats, units: Ints) -> float:
        inside = pi < 1
        root = np.sqrt(1 - pi[inside])
        expanded = root * (y / pi)[inside]
        known_here = of_units("x", known, units)
        columns = np.column_stack([pi, known_here])[inside] / pi[inside, None] * root[:, None]
        fitted, _, rank, _ = np.linalg.lstsq(columns, expanded)
        if not expanded.size > rank:
            raise InvalidInput(
                "{got} drawn units that chance decided and {rank} balancing variables, pi among "
                "them; want more units than variables: leave some out",
                zh="由随机决定的被抽单位有 {got} 个，平衡变量（含 pi）有 {rank} 个，"
                "单位应多于变量：请减少变量",
                got=expanded.size,
                rank=int(rank),
            )
        squares = float(np.sum((expanded - columns @ fitted) ** 2))
        return squares * expanded.size / (expanded.size - int(rank))

    return Named("balanced", of_drawn)
