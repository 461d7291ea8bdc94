"""What a sample is to be balanced on: a table of numbers, made ready for the flight."""

import numpy as np

from fairlot._base.arrays import Floats, Ints
from fairlot._base.errors import InvalidInput
from fairlot._kernels import kernel
from fairlot.sampling.cube_flight import Columns

__all__ = ["columns"]

PROPORTIONAL = 1e-10
"""A column whose x / pi varies by less, relative to its centre, says no more than pi itself."""
TINY = 1e-300
"""Less than any sum of probabilities but 0, which there is when chance decides no unit."""


def columns(pi: Floats, x: Floats, units: Ints) -> Columns:
    """Return ``x`` centred and scaled over ``units``, those that chance decides.

    A column proportional to pi gets the scale 0: balanced on pi, it is balanced.
    """
    centre, spread = np.zeros(x.shape[1]), np.zeros(x.shape[1])
    with np.errstate(over="ignore", invalid="ignore"):
        _measure(pi, x, units, centre, spread)
    if not np.isfinite(spread).all():
        j = int(np.argmin(np.isfinite(spread)))
        raise InvalidInput(
            "column {j} of x is too large: its x / pi add up to more than a float can hold",
            zh="x 的第 {j} 列过大：其 x / pi 之和超出浮点数范围",
            j=j,
        )
    varies = spread > PROPORTIONAL * np.abs(centre)
    return Columns(pi, x, np.array([centre, varies / np.where(varies, spread, 1.0)]))


@kernel
def _measure(pi: Floats, x: Floats, units: Ints, centre: Floats, spread: Floats) -> None:
    """Write the centre of x / pi, weighted by pi, and the mean distance from there."""
    weight = 0.0
    for i in units:
        weight += pi[i]
        for j in range(centre.size):
            centre[j] += x[i, j]
    for j in range(centre.size):
        centre[j] /= max(weight, TINY)
    for i in units:
        for j in range(centre.size):
            spread[j] += abs(x[i, j] / pi[i] - centre[j])
    for j in range(centre.size):
        spread[j] /= max(units.size, 1)
