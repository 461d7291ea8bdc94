"""The plot of repeatability: each laboratory's mean against its own scatter, with limits."""

from dataclasses import dataclass
from math import log
from typing import Any

import numpy as np

from fairlot._base.arrays import Flags, Floats, sealed
from fairlot._base.errors import InvalidInput
from fairlot.proficiency.algorithm_a import algorithm_a
from fairlot.proficiency.algorithm_s import algorithm_s
from fairlot.proficiency.cells import Cells, as_cells, means, variances

__all__ = ["Repeatability", "repeatability"]

STEPS = 60
"""Points of a limit, on each of its sides."""


@dataclass(frozen=True, eq=False)
class Repeatability:
    """Means and standard deviations of the laboratories, and the limits of both together.

    labels    the laboratories
    mean, s   (p,) of the m replicates of each
    x_star    robust mean of the means, by Algorithm A
    w_star    robust repeatability standard deviation, by Algorithm S
    distance  (p,) from the centre; chi-squared with two degrees of freedom for laboratories that
              differ by their repeatability alone; infinite where s is 0
    no_scale  w_star is 0: nothing can be said
    """

    labels: tuple[Any, ...]
    mean: Floats
    s: Floats
    m: int
    x_star: float
    w_star: float
    distance: Floats
    no_scale: bool
    algorithm: str = "repeatability/1"

    def beyond(self, alpha: float = 0.05) -> Flags:
        """Return which laboratories lie beyond the limit of significance alpha."""
        return self.distance > _chi2(alpha)

    def limit(self, alpha: float = 0.05) -> tuple[Floats, Floats]:
        """Return the limit of significance alpha as a closed line: mean and s of its points."""
        reach = self.w_star * np.sqrt(_chi2(alpha) / self.m)
        turn = np.linspace(0, np.pi, STEPS)
        along = self.x_star - reach * np.cos(turn)
        height = np.sqrt(_chi2(alpha) / (2 * (self.m - 1))) * np.sin(turn)
        above, below = (self.w_star * np.exp(sign * height) for sign in (1, -1))
        return np.concatenate([along, along[::-1]]), np.concatenate([above, below[::-1]])


def repeatability(results: Cells) -> Repeatability:
    """Return the plot of laboratories that all have the same number m of replicates, two or more.

    results  by laboratory, three or more; see :func:`~fairlot.proficiency.mandel`

    The limits hold ``m ((mean - x_star) / w_star)^2 + 2 (m - 1) ln(s / w_star)^2`` below a quantile
    of chi-squared. Where laboratories have biases of their own, many lie beside the limits: then
    look at s alone. Raises InvalidInput for numbers of replicates that differ.

    ISO 13528:2022 10.6.

    >>> pairs = [[1.0, 1.2], [1.1, 1.2], [1.0, 1.1], [1.1, 1.3], [1.2, 1.0], [1.8, 1.9], [1.5, 0.7]]
    >>> repeatability(dict(zip("ABCDEFG", pairs))).beyond()
    array([False, False, False, False, False,  True, False])
    """
    batch = as_cells(results, 3)
    m = int(batch.sizes[0])
    if m < 2 or np.any(batch.sizes != m):
        raise InvalidInput(
            "{low} to {high} replicates; want the same number everywhere, two or more",
            zh="重复测定次数为 {low} 至 {high}，各实验室应相同且不少于 2 次",
            low=int(batch.sizes.min()), high=int(batch.sizes.max()),
        )  # fmt: skip
    mean, s = means(batch), np.sqrt(variances(batch))
    x_star, w_star = algorithm_a(mean).x_star, algorithm_s(s, m - 1).w_star
    distance = np.full(mean.size, np.nan)
    if w_star > 0:
        with np.errstate(divide="ignore"):  # of s = 0 the logarithm is to be infinite
            scatter = np.log(s / w_star)
        distance = m * ((mean - x_star) / w_star) ** 2 + 2 * (m - 1) * scatter**2
    return Repeatability(
        batch.labels, sealed(mean), sealed(s), m, x_star, w_star, sealed(distance), w_star == 0
    )


def _chi2(alpha: float) -> float:
    """Return the quantile of chi-squared with two degrees of freedom, which is closed."""
    return -2 * log(alpha)
