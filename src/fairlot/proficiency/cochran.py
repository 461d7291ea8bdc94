"""Cochran's test: whether one laboratory, or one item, scatters more than all the others."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from fairlot._base import check
from fairlot.proficiency.cells import Cells, as_cells, usual_size, variances
from fairlot.proficiency.significance import OUTLIER, STRAGGLER, level_of, marks

__all__ = ["Cochran", "cochran", "cochran_critical"]


@dataclass(frozen=True)
class Cochran:
    """The largest variance as a share of all.

    c           ``max s_i^2 / sum s_i^2``; NaN when all are 0
    suspect     the cell with the largest variance, by its label; None when all are 0
    p           cells with two results or more
    n           results a cell, the usual number
    critical_5  critical value at 5 %, critical_1 at 1 %
    p_value     upper bound, from comparing each cell with the others (Bonferroni)
    verdict     "outlier" above critical_1, "straggler" above critical_5, or "none"
    no_scale    every cell repeats itself exactly
    """

    c: float
    suspect: Any
    p: int
    n: int
    critical_5: float
    critical_1: float
    p_value: float
    verdict: str
    no_scale: bool
    algorithm: str = "cochran/1"


def cochran(results: Cells) -> Cochran:
    """Test the largest variance of two or more cells.

    results  by cell; a cell of one result is left out

    Where cells differ in size the number of results that most of them have stands for all (ISO
    5725-2:2019 7.3.3). Raises InvalidInput when fewer than two cells are replicated.

    Cochran (1941), Annals of Eugenics 11, doi:10.1111/j.1469-1809.1941.tb02271.x.

    >>> cochran({"A": [1.0, 1.1], "B": [2.0, 2.1], "C": [1.5, 3.0], "D": [1.2, 1.3]}).verdict
    'outlier'
    """
    batch = as_cells(results, 2, replicated=True)
    squares = variances(batch)
    total, k = float(np.nansum(squares)), int(np.nanargmax(squares))
    p, n = int(np.count_nonzero(batch.sizes > 1)), usual_size(batch.sizes[batch.sizes > 1])
    c = float(squares[k]) / total if total > 0 else float("nan")
    at_5, at_1 = (cochran_critical(p, n, alpha) for alpha in (STRAGGLER, OUTLIER))
    suspect = batch.labels[k] if total > 0 else None
    said = str(marks(c, at_5, at_1))
    return Cochran(c, suspect, p, n, at_5, at_1, _p_value(c, p, n), said, total == 0)


def cochran_critical(p: int, n: int, alpha: float = STRAGGLER) -> float:
    """Return the critical value of C for p cells of n results, ``F / (F + p - 1)``.

    F is the quantile at ``1 - alpha / p`` with n - 1 and (p - 1)(n - 1) degrees of freedom.

    >>> round(cochran_critical(10, 2), 3)
    0.602
    """
    from scipy import stats

    p, n = check.at_least("p", p, 2), check.at_least("n", n, 2)
    f = float(stats.f.isf(level_of(alpha) / p, n - 1, (p - 1) * (n - 1)))
    return f / (f + p - 1)


def _p_value(c: float, p: int, n: int) -> float:
    from scipy import stats

    with np.errstate(divide="ignore"):
        f = np.divide(c * (p - 1), 1 - c)
    return min(1.0, p * float(stats.f.sf(f, n - 1, (p - 1) * (n - 1))))
