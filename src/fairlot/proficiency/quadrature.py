"""Integrals over an interval: the nodes of Gauss and Legendre, made once."""

from functools import lru_cache

import numpy as np

from fairlot._base.arrays import Floats, sealed

__all__ = ["nodes_and_weights"]


@lru_cache(maxsize=4)
def nodes_and_weights(count: int) -> tuple[Floats, Floats]:
    """Return nodes in (0, 1) and their weights.

    >>> nodes, weights = nodes_and_weights(3)
    >>> round(float(weights @ nodes**4), 12)
    0.2
    """
    nodes, weights = np.polynomial.legendre.leggauss(count)
    return sealed((nodes + 1) / 2), sealed(weights / 2)
