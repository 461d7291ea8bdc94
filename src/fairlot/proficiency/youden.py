"""The Youden plot: two samples of one measurand against each other, with an ellipse around most."""

from dataclasses import dataclass
from math import sqrt
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from fairlot._base import check
from fairlot._base.arrays import Floats
from fairlot.proficiency.algorithm_a import algorithm_a

__all__ = ["Youden", "youden"]

FEWEST = 4
TURN = 72
"""Points of the ellipse that is drawn."""


@dataclass(frozen=True, eq=False)
class Youden:
    """Centre, spread and correlation of two columns, none of which a few wild laboratories move.

    centre    robust means of x and y
    spread    robust standard deviations
    rho       robust correlation: near 1 where laboratories are off by their own bias, near 0 where
              they are off at random
    radius    of the ellipse in standard deviations
    no_scale  x or y has no spread, and there is no ellipse
    """

    centre: tuple[float, float]
    spread: tuple[float, float]
    rho: float
    radius: float
    p: int
    no_scale: bool
    algorithm: str = "youden/1"

    def ellipse(self) -> tuple[Floats, Floats]:
        """Return the ellipse as a closed line: x and y of its points."""
        turn = np.linspace(0, 2 * np.pi, TURN + 1)
        half = np.arccos(self.rho) / 2  # cos(t - half), cos(t + half) have correlation rho
        (x, y), (s_x, s_y) = self.centre, self.spread
        return (
            x + self.radius * s_x * np.cos(turn - half),
            y + self.radius * s_y * np.cos(turn + half),
        )


def youden(x: ArrayLike, y: ArrayLike, *, share: float = 0.95) -> Youden:
    """Return the ellipse that holds ``share`` of laboratories like these.

    x, y  (p,) results or scores of two samples, at least four, a laboratory at a place
    share  of the laboratories

    Means and deviations are by Algorithm A; the correlation compares the deviation of the sum with
    that of the difference. The radius has ``r^2 = 2 (p - 1) / (p - 2) F`` with p laboratories.

    ISO 13528:2022 10.5; Jackson, Technometrics 1 (1959) 359-377; Gnanadesikan and Kettenring,
    Biometrics 28 (1972) 81-124.

    >>> found = youden([1.0, 2.0, 3.0, 4.0, 5.0], [1.1, 2.0, 2.9, 4.2, 4.8])
    >>> round(found.rho, 3), round(found.radius, 2)
    (0.995, 5.05)
    """
    one = check.numbers("x", x)
    other = check.numbers("y", y, units=one.size)
    p = check.at_least("p", one.size, FEWEST)
    found = [algorithm_a(column) for column in (one, other)]
    centre, spread = ((e.x_star for e in found), (e.s_star for e in found))
    flat = any(e.no_scale for e in found)
    f = (p - 2) / 2 * ((1 - share) ** (-2 / (p - 2)) - 1)  # the quantile with 2 and p - 2
    return Youden(
        tuple(centre), tuple(spread), 0.0 if flat else _correlation(one, other, found),
        sqrt(2 * (p - 1) / (p - 2) * f), p, flat,
    )  # fmt: skip


def _correlation(x: Floats, y: Floats, found: list[Any]) -> float:
    u, v = ((column - e.x_star) / e.s_star for column, e in zip((x, y), found, strict=True))
    along, across = (algorithm_a(column).s_star ** 2 for column in (u + v, u - v))
    return float((along - across) / (along + across)) if along + across > 0 else 0.0
