"""What a sample is to be balanced on: a table of numbers, checked and made ready for the flight."""

from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from fairlot._base.arrays import Floats, Ints
from fairlot._base.errors import InvalidInput
from fairlot._kernels import kernel
from fairlot.sampling.columns import titles
from fairlot.sampling.cube_flight import Columns

__all__ = ["balancing", "columns"]

PROPORTIONAL = 1e-10
"""A column whose x / pi varies by less, relative to its centre, says no more than pi itself."""
TINY = 1e-300
"""Less than any sum of probabilities but 0, which there is when chance decides no unit."""


def balancing(x: ArrayLike, units: int) -> Floats:
    """Return ``x`` as an (N, p) array of finite floats; one column may be given as (N,).

    The array may be the caller's own: it is not copied and must not be written to.

    >>> balancing([1, 2], 2)
    array([[1.],
           [2.]])
    """
    try:
        array = np.ascontiguousarray(x, dtype=np.float64)
    except (TypeError, ValueError):
        raise InvalidInput(
            "x is {got}; want a table of numbers",
            zh="x 为 {got}，应为数字表",
            got=type(x).__name__,
        ) from None
    table = array[:, np.newaxis] if array.ndim == 1 else array
    if table.ndim != 2 or table.shape[0] != units:
        raise InvalidInput(
            "x has shape {got}; want {units} rows, one per unit, and one column per variable",
            zh="x 的形状为 {got}，应为 {units} 行（每个单位一行），每个变量一列",
            got=array.shape,
            units=units,
        )
    if table.size and not np.isfinite([table.min(), table.max()]).all():
        _refuse_first(table, titles(x, table.shape[1]))
    return table


def _refuse_first(table: Floats, names: list[Any]) -> None:
    i, j = np.argwhere(~np.isfinite(table))[0].tolist()
    raise InvalidInput(
        "x[{column!r}][{i}] is {got}; want a finite number",
        zh="x[{column!r}][{i}] 为 {got}，应为有限数",
        i=i,
        column=names[j],
        got=float(table[i, j]),
    )


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
