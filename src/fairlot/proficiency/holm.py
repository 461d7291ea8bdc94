"""Many tests at one rate of false alarms: Holm's step-down procedure."""

import numpy as np
from numpy.typing import ArrayLike

from fairlot._base.arrays import Floats

__all__ = ["holm"]


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
