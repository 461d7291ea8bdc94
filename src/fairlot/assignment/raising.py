"""How far a lottery can raise the least of several means: a linear programme by columns.

Dantzig and Wolfe (1960), Decomposition principle for linear programs, Oper. Res. 8(1),
doi:10.1287/opre.8.1.101: the programme knows a few corners of the hull; its prices ask for the one
that would help most, until none helps.
"""

from typing import Any, NamedTuple

import numpy as np

from fairlot._base.arrays import Flags, Floats
from fairlot._base.errors import NotConverged
from fairlot.assignment.hull import Hull, priced, refuse_gap

__all__ = ["Raised", "raised"]

EXACT = 1e-10
"""How far the level may be below the best; it is usually within 1e-12."""

TOLERANCE = 1e-10  # the finest of HiGHS


class Raised(NamedTuple):
    """The highest level, chances (edges,) that reach it, the price of every row, and the hull."""

    level: float
    chance: Floats
    price: Floats
    hull: Hull


def raised(hull: Hull, rows: Any, base: Floats, lifted: Flags) -> Raised:
    """Return the highest ``level`` of ``rows @ chance >= base + level * lifted`` over the hull.

    rows  (rows, edges) sparse. A row whose price is above 0 is met with equality whichever lottery
          reaches the level; the prices of the lifted rows add up to 1.

    Raises NotConverged when the level is not proved within ``EXACT``.
    """
    while True:
        met = rows @ hull.corners.T.astype(np.float64)
        weight, level, price = _master(met, base, lifted)
        cost = -(rows.T @ price)
        gap, wider = priced(hull, cost, -(level + float(price @ base)), EXACT)
        if wider is hull:
            refuse_gap(gap)
            return Raised(level, weight @ hull.corners, price, hull)
        hull = wider


def _master(met: Floats, base: Floats, lifted: Flags) -> tuple[Floats, float, Floats]:
    """Return weights of the corners, the level, and the prices of the rows."""
    from scipy.optimize import linprog

    corners = met.shape[1]
    best: Any = linprog(
        np.append(np.zeros(corners), -1.0),
        np.column_stack([-met, lifted]),
        -base,
        np.append(np.ones(corners), 0.0)[None],
        [1.0],
        bounds=[(0, None)] * corners + [(None, None)],
        options={
            "primal_feasibility_tolerance": TOLERANCE,
            "dual_feasibility_tolerance": TOLERANCE,
        },
    )
    if best.status != 0:
        raise NotConverged(
            "a linear programme failed: {told}", zh="线性规划未能求解：{told}", told=best.message
        )
    return best.x[:-1], float(best.x[-1]), -best.ineqlin.marginals
