"""Levels of significance: ISO 5725-2 7.3 looks at 5 % for stragglers and at 1 % for outliers."""

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from fairlot._base.errors import InvalidInput

__all__ = ["OUTLIER", "STRAGGLER", "level_of", "verdicts"]

STRAGGLER = 0.05
OUTLIER = 0.01


def verdicts(statistic: ArrayLike, at_5: ArrayLike, at_1: ArrayLike) -> NDArray[Any]:
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
