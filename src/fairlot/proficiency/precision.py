"""Repeatability and reproducibility of a method, from what laboratories measured in replicates."""

from collections.abc import Mapping
from dataclasses import dataclass
from math import sqrt
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from fairlot._base import check
from fairlot._base.arrays import Floats
from fairlot._base.errors import InvalidInput
from fairlot.proficiency.cells import Cells, as_cells, means, variances
from fairlot.proficiency.words import one_of

__all__ = ["Precision", "Relation", "precision", "precision_by_level", "precision_relation"]

LIMIT = 2.8
"""``1.96 sqrt(2)``: two results differ by more than so many standard deviations once in twenty."""

ROUNDS = 3
"""ISO 5725-2 7.5 weights the line with its own values so often; more changes nothing."""

FORMS = ("proportional", "linear", "power")


@dataclass(frozen=True)
class Precision:
    """What one level of a precision experiment gives.

    p         laboratories, n their results
    mean      general mean m
    s_r       repeatability standard deviation; NaN without replicates, as is s_l
    s_l       between-laboratory standard deviation, 0 where s_l2_raw is negative
    s_R       reproducibility standard deviation, ``sqrt(s_r^2 + s_l^2)``
    s_l2_raw  between-laboratory variance as it comes out
    no_scale  s_R is 0
    """

    p: int
    n: int
    mean: float
    s_r: float
    s_l: float
    s_R: float  # noqa: N815 the standard tells s_r and s_R apart by nothing else
    s_l2_raw: float
    no_scale: bool
    edition: str = "iso5725-2:2019"
    algorithm: str = "precision/1"

    @property
    def repeatability_limit(self) -> float:
        """Two results of a laboratory differ by more once in twenty."""
        return LIMIT * self.s_r

    @property
    def reproducibility_limit(self) -> float:
        """Results of two laboratories differ by more once in twenty."""
        return LIMIT * self.s_R


def precision(results: Cells) -> Precision:
    """Return the precision of one level, from two or more laboratories.

    results  by laboratory; numbers of results may differ

    Without replicates s_R is the standard deviation of the results. Outliers are the caller's to
    set aside before: :func:`~fairlot.proficiency.screened`.

    ISO 5725-2:2019 7.4.

    >>> found = precision({"A": [10.0, 10.2], "B": [10.4, 10.6], "C": [10.1, 10.1]})
    >>> round(found.s_r, 4), round(found.s_R, 4)
    (0.1155, 0.2449)
    """
    batch = as_cells(results, 2)
    sizes, averages, squares = batch.sizes.astype(np.float64), means(batch), variances(batch)
    p, n = len(batch), float(sizes.sum())
    away = averages - averages[0]
    mean = float(averages[0] + sizes @ away / n)
    between = float(sizes @ (averages - mean) ** 2) / (p - 1)
    if n == p:
        return Precision(p, p, mean, NAN, NAN, sqrt(between), NAN, between == 0)
    within = float(np.nansum((sizes - 1) * squares) / (n - p))
    usual = (n - float(sizes @ sizes) / n) / (p - 1)
    raw = (between - within) / usual
    s_l2 = max(raw, 0.0)
    both = sqrt(within + s_l2)
    return Precision(p, int(n), mean, sqrt(within), sqrt(s_l2), both, raw, both == 0)


NAN = float("nan")


def precision_by_level(levels: Mapping[Any, Cells]) -> dict[Any, Precision]:
    """Return the precision of each level.

    >>> found = precision_by_level({"low": [[1.0, 1.1], [1.2, 1.3]], "high": [[9.0, 9.4], [9.6, 9.8]]})
    >>> [round(level.s_r, 3) for level in found.values()]
    [0.071, 0.224]
    """
    return {level: precision(results) for level, results in levels.items()}


@dataclass(frozen=True)
class Relation:
    """How a standard deviation grows with the level m.

    "proportional" is ``s = b m``, "linear" ``s = a + b m``, "power" ``s = exp(a) m^b``.
    """

    form: str
    a: float
    b: float
    algorithm: str = "precision_relation/1"

    def at(self, m: ArrayLike) -> Floats:
        """Return s at each level.

        >>> Relation("linear", 0.1, 0.02).at([1.0, 10.0])
        array([0.12, 0.3 ])
        """
        level = np.asarray(m, dtype=np.float64)
        return np.exp(self.a) * level**self.b if self.form == "power" else self.a + self.b * level


def precision_relation(m: ArrayLike, s: ArrayLike, *, form: str = "linear") -> Relation:
    """Fit s_r or s_R against the general means of two or more levels.

    m, s  (q,) means and standard deviations, all above 0
    form  "proportional", "linear" or "power", see :class:`Relation`

    The errors of s are proportional to s, so "linear" weights with ``1 / s^2``, s from the line
    before, three times. Raises InvalidInput for one level only, or a line that falls below 0.

    ISO 5725-2:2019 7.5.

    >>> fit = precision_relation([1.0, 10.0, 100.0], [0.12, 0.3, 2.1])
    >>> round(fit.a, 6), round(fit.b, 6)
    (0.1, 0.02)
    """
    one_of("form", form, FORMS)
    levels = _positive("m", check.numbers("m", m))
    spreads = _positive("s", check.numbers("s", s, units=levels.size, of=("levels", "水平")))
    if form == "proportional":
        return Relation(form, 0.0, float(np.mean(spreads / levels)))
    if np.ptp(levels) == 0:
        raise InvalidInput(
            "{q} equal levels; want two different ones",
            zh="{q} 个相同的水平，应有两个不同的",
            q=levels.size,
        )
    if form == "power":
        return Relation(form, *_line(np.log(levels), np.log(spreads), np.ones(levels.size)))
    fitted = spreads
    for _ in range(ROUNDS):
        a, b = _line(levels, spreads, fitted**-2)
        fitted = _positive("the line", a + b * levels)
    return Relation(form, a, b)


def _line(x: Floats, y: Floats, weights: Floats) -> tuple[float, float]:
    mean_x, mean_y = np.average(x, weights=weights), np.average(y, weights=weights)
    b = float(weights @ ((x - mean_x) * (y - mean_y)) / (weights @ (x - mean_x) ** 2))
    return float(mean_y) - b * float(mean_x), b


def _positive(name: str, column: Floats) -> Floats:
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
