"""sigma_pt from earlier rounds: how the spread of results has depended on the level."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from fairlot._base.errors import InvalidInput
from fairlot.proficiency.batch import per_measurand
from fairlot.proficiency.decimals import Decimals, single
from fairlot.proficiency.precision import precision_relation
from fairlot.proficiency.rows import Rows
from fairlot.proficiency.sigma import SigmaPt

__all__ = ["SpreadByLevel", "spread_by_level"]


@dataclass(frozen=True)
class SpreadByLevel:
    """The line ``sigma_pt = intercept + slope * x_pt``.

    lowest, highest  the levels that it was fitted to
    rounds           how many
    """

    intercept: float
    slope: float
    lowest: float
    highest: float
    rounds: int
    algorithm: str = "spread_by_level/1"

    def at(self, x_pt: Any) -> SigmaPt:
        """Return sigma_pt at levels; refuse one outside those of the earlier rounds."""
        level = Decimals.of("x_pt", x_pt).floats
        outside = ~((level >= self.lowest) & (level <= self.highest))
        if outside.any():
            raise InvalidInput(
                "x_pt is {got}; earlier rounds had {lowest} to {highest}",
                zh="x_pt 为 {got}，以往各轮在 {lowest} 至 {highest} 之间",
                got=float(level[np.argmax(outside)]), lowest=self.lowest, highest=self.highest,
            )  # fmt: skip
        sigma = self.intercept + self.slope * level
        return SigmaPt(per_measurand(sigma, not single(x_pt)), "earlier_rounds", self.algorithm)


def spread_by_level(x_pt: Any, s_star: Any) -> SpreadByLevel:
    """Fit ``s = a + b x_pt`` to the robust standard deviations of earlier rounds.

    x_pt    (n,) assigned values of at least 3 rounds, above 0 and not all equal
    s_star  (n,) robust standard deviations of their results, above 0

    A spread is known to a share of itself, so each counts with ``1 / s^2``, as
    :func:`precision_relation` does.

    Raises InvalidInput when the line is 0 or less at one of the levels.

    >>> found = spread_by_level([1.0, 2.0, 4.0], [0.2, 0.3, 0.5])
    >>> round(found.intercept, 9), round(found.slope, 9), round(found.at(3.0).sigma_pt, 9)
    (0.1, 0.1, 0.4)

    ISO 13528:2022, 8.3.
    """
    rows = Rows.of(x_pt)
    level, spread = rows.x.floats, rows.per_result("s_star", s_star).floats
    if level.size < 3:
        raise InvalidInput(
            "x_pt has {got} rounds; want at least 3",
            zh="x_pt 只有 {got} 轮，至少应有 3 轮",
            got=level.size,
        )
    line = precision_relation(level, spread)
    return SpreadByLevel(line.a, line.b, float(level.min()), float(level.max()), level.size)
