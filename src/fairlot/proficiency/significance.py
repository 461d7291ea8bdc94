"""Levels of significance: ISO 5725-2 7.3 looks at 5 % for stragglers and at 1 % for outliers."""

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from fairlot._base.arrays import Floats
from fairlot._base.errors import InvalidInput

__all__ = ["OUTLIER", "STRAGGLER", "holm", "level_of", "marks"]

STRAGGLER = 0.05
OUTLIER = 0.01


def marks(statistic: ArrayLike, at_5: ArrayLike, at_1: ArrayLike) -> NDArray[Any]:
    """Return "outlier" above the critical value at 1 %, "straggler" above that at 5 %, or "none".

    A statistic that is NaN, for want of scale, says nothing.
    """
    beyond = np.where(np.greater(statistic, at_5), "straggler", "none")
    return np.where(np.greater(statistic, at_1), "outlier", beyond)


def level_of(alpha: float) -> float:
    """Return a level of significance, above 0 and below 1."""
    if not 0 < alpha < 1:
        raise InvalidInput(
            "alpha is {got!r}; want 0 < alpha < 1",
            zh="alpha 为 {got!r}，应在 0 与 1 之间",
            got=alpha,
        )
    return alpha


def holm(p_values: ArrayLike) -> Floats:
    """Return adjusted p-values: those at most alpha hold one false alarm or more with chance alpha.

    Whatever the tests have to do with each other. Holm (1979), A simple sequentially rejective
    multiple test procedure, Scandinavian Journal of Statistics 6(2), 65-70.

    >>> holm([0.01, 0.04, 0.03])
    array([0.03, 0.06, 0.06])
    """
    p = np.asarray(p_values, dtype=np.float64)
    order = np.argsort(p, kind="stable")
    raised = p[order] * np.arange(p.size, 0, -1)
    adjusted = np.empty(p.size)
    adjusted[order] = np.minimum(np.maximum.accumulate(raised), 1.0)
    return adjusted
