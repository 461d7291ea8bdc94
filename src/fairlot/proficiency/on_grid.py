"""Results as they stand on the form: whole numbers of the unit that all are asked to round to."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from fairlot._base import check
from fairlot._base.arrays import Flags, Floats, Ints
from fairlot._base.errors import InvalidInput

__all__ = ["Reported", "per_item"]

SAME = 1e-6
"""Part of a unit: what is off by more has not been rounded to it."""
MOST = 1e15


@dataclass(frozen=True, eq=False)
class Reported:
    """Results of laboratories (rows) for items (columns), in units; ``there`` where there is one."""

    laboratories: tuple[Any, ...]
    units: Ints
    there: Flags

    @classmethod
    def of(cls, results: ArrayLike, laboratories: Sequence[Any], unit: ArrayLike) -> "Reported":
        """Return a table of two laboratories or more; NaN stands for no result.

        Refuses, by row and column, what is infinite or no multiple of its unit.
        """
        table = check.floats("results", results)
        names = tuple(laboratories)
        named = len(set(names)) == len(names) >= 2
        if table.ndim != 2 or not table.size or len(names) != table.shape[0] or not named:
            raise InvalidInput(
                "results has shape {got} for {labs} laboratories; want a row for each of 2 or more, "
                "each named once",
                zh="results 的形状为 {got}，机构 {labs} 个；应有 2 个以上机构，每个一行且不重名",
                got=table.shape,
                labs=len(names),
            )
        there = ~np.isnan(table)
        in_units = np.where(there, table, 0.0) / per_item("unit", unit, table.shape[1])
        whole = np.rint(in_units)
        # A double of so many units is itself off by a part of the last binary digit.
        slack = SAME + 4 * np.finfo(np.float64).eps * np.abs(whole)
        with np.errstate(invalid="ignore"):  # infinite less infinite
            off = ~((np.abs(in_units - whole) <= slack) & (np.abs(whole) < MOST))
        if off.any():
            _refuse(names, table, off)
        return cls(names, whole.astype(np.int64), there)


def per_item(name: str, given: ArrayLike, items: int) -> Floats:
    """Return a number above 0 for each item, from one for all or one for each."""
    one = np.ndim(given) == 0
    column = check.numbers(name, np.full(items, given) if one else given)
    check.same_length(name, column.size, items, ("items", "样品"))
    if not column.min() > 0:
        i = int(np.argmin(column))
        raise InvalidInput(
            "{name}[{i}] is {got}; want a number above 0",
            zh="{name}[{i}] 为 {got}，应大于 0",
            name=name,
            i=i,
            got=float(column[i]),
        )
    return column


def _refuse(names: tuple[Any, ...], table: Floats, off: Flags) -> None:
    i, j = (int(k) for k in np.unravel_index(int(np.argmax(off)), off.shape))
    raise InvalidInput(
        "results[{i}, {j}] of {laboratory} is {got}; want a multiple of the unit",
        zh="{laboratory} 的 results[{i}, {j}] 为 {got}，应为修约单位的整数倍",
        i=i,
        j=j,
        laboratory=names[i],
        got=float(table[i, j]),
    )
