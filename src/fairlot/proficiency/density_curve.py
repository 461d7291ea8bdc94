"""The kernel density of results along an axis, to be drawn."""

import numpy as np
from numpy.typing import ArrayLike

from fairlot._base import check
from fairlot._base.arrays import Floats

__all__ = ["density_curve"]


def density_curve(x: ArrayLike, at: ArrayLike, *, h: float) -> Floats:
    """Return the density ``1 / (p h) sum phi((t - x_i) / h)`` at each t.

    x   (p,) results
    at  (t,) places, in the unit of the results
    h   bandwidth, same unit, above 0; see :func:`kde_modes`

    >>> density_curve([0.0, 0.0], [0.0, 1.0], h=1.0).round(4)
    array([0.3989, 0.242 ])

    ISO 13528:2022 10.3.
    """
    given, places = check.numbers("x", x), check.numbers("at", at)
    away = (places[:, np.newaxis] - given) / h
    density: Floats = np.exp(-(away**2) / 2).mean(axis=1) / (h * np.sqrt(2 * np.pi))
    return density
