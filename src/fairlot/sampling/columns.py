"""Tables of known variables: one row per unit, one column per variable, none of them superfluous."""

from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from fairlot._base import check
from fairlot._base.arrays import Floats, Ints
from fairlot._base.errors import InvalidInput

__all__ = ["independent", "of_units", "table", "titles"]

RANK_TOLERANCE = 1e-10
"""A column whose part that the others do not give is this small, of its length, is one of them."""


def table(name: str, x: ArrayLike, *, rows: int | None = None, fewest: int = 1) -> Floats:
    """Return ``x`` as rows of finite floats, one column per variable; one number a row is a column.

    fewest  columns there must be

    The array may be the caller's own: it is not copied and must not be written to.

    >>> table("x", [1, 2]).tolist()
    [[1.0], [2.0]]
    """
    array = check.floats(name, x)
    if array.ndim == 1:
        array = array[:, None]
    if array.ndim != 2 or not array.shape[0] or array.shape[1] < fewest:
        raise InvalidInput(
            "{name} has shape {got}; want one row per unit and one column per variable",
            zh="{name} 的形状为 {got}，应为每个单位一行、每个变量一列",
            name=name,
            got=array.shape,
        )
    if rows is not None:
        check.same_length(name, array.shape[0], rows)
    if array.size and not np.isfinite([array.min(), array.max()]).all():
        named = zip(titles(x, array.shape[1]), array.T, strict=True)
        for title, column in named:
            check.numbers(f"{name}[{title!r}]", column)
    return array


def of_units(name: str, array: Floats, units: Ints) -> Floats:
    """Return the rows of drawn units; refuse a table that ends before them."""
    if units[-1] >= array.shape[0]:
        raise InvalidInput(
            "{name} has {got} rows and unit {unit} was drawn; want a row for each unit of the frame",
            zh="{name} 有 {got} 行，而抽中了单位 {unit}；应为总体的每个单位各一行",
            name=name,
            got=array.shape[0],
            unit=int(units[-1]),
        )
    return array[units]


def independent(name: str, x: ArrayLike, array: Floats, weights: Floats) -> Floats:
    """Return R of the QR of ``sqrt(weights) array``; refuse a column that those before it give.

    x  as the caller wrote it, for the names of its columns
    """
    root = np.sqrt(weights)[:, None] * array
    _, r = np.linalg.qr(root)
    own = np.zeros(array.shape[1])
    own[: r.shape[0]] = np.abs(np.diagonal(r))
    length = np.sqrt(np.sum(root**2, axis=0))
    if not np.all(own > RANK_TOLERANCE * length):
        k = int(np.argmin(own > RANK_TOLERANCE * length))
        raise InvalidInput(
            "column {got!r} of {name} is 0 or a combination of those before it among the {units} "
            "drawn units; leave it out",
            zh="{name} 的列 {got!r} 在 {units} 个被抽单位上为 0 或是前面各列的线性组合，请去掉该列",
            name=name,
            got=titles(x, array.shape[1])[k],
            units=array.shape[0],
        )
    return np.asarray(r, dtype=np.float64)


def titles(x: Any, columns: int) -> list[Any]:
    """Return the names of a frame's columns, of anything else their numbers."""
    return list(getattr(x, "columns", range(columns)))
