"""How often officers were drawn in many lotteries, and whether that is what was published."""

from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple

import numpy as np

from fairlot._base.arrays import Flags, Floats, Ints
from fairlot._base.errors import InvalidInput
from fairlot.assignment.chances import Chances

__all__ = ["JOINT", "ChiSquare", "Frequencies", "open_edges"]

JOINT = 300
"""With more edges that are neither forced nor impossible, no joint counts are kept."""

RARE = 1000
"""Edges, and directions, that vary in fewer lotteries than this are left to exact p-values."""


class ChiSquare(NamedTuple):
    """A chi-square test: the p-value is the chance of a statistic so great or greater."""

    statistic: float
    degrees: int
    p_value: float


@dataclass(frozen=True, eq=False)
class Frequencies:
    """How often each edge was used in ``lotteries`` independent lotteries.

    count       (edges,) in the order of ``chances.problem.idx``
    pair_count  (officers, officers) how often two served in one team; None if not asked for
    joint       (open, open) how often two open edges, neither forced nor impossible, were used
                together, in the order of ``chances.problem.idx``; None with more than 300 of them
    """

    chances: Chances
    lotteries: int
    count: Ints
    pair_count: Ints | None = field(default=None, repr=False)
    joint: Floats | None = field(default=None, repr=False)

    @cached_property
    def expected(self) -> Floats:
        """How often each edge is used on average, (edges,)."""
        return self.lotteries * self.chances.p

    def p_value(self) -> float:
        """Return the chance that some count is so far off its expectation, at most.

        Lotteries are independent, so each count is binomial, exactly; the smallest of the two-sided
        tails is multiplied by the number of open edges (Bonferroni). Valid for every problem and
        number of lotteries; a forced edge left out or an impossible one used gives 0.
        """
        from scipy.stats import binom

        n, p, count = self.lotteries, self.chances.p, self.count
        below, above = binom.cdf(count, n, p), binom.sf(count - 1, n, p)
        tail = 2 * np.minimum(below, above).min(initial=1)
        return float(min(1, tail * max(1, np.count_nonzero(open_edges(self.chances)))))

    def chi_square(self) -> ChiSquare:
        """Compare all counts with their expectations at once, covariances allowed for.

        The counts of a seat have an exact sum, and loads tie the seats together, so Pearson's sum
        of squares would not be chi-square. This is the quadratic form of the deviations in the
        inverse of their covariance, as the lotteries themselves show it, with as many degrees of
        freedom as its rank; edges and directions in which fewer than 1000 lotteries vary are left
        out. It finds small deviations of many edges that ``p_value`` does not; it is asymptotic.

        Raises InvalidInput where joint counts were not kept.

        Hotelling (1931), The generalization of Student's ratio, Ann. Math. Stat. 2(3),
        doi:10.1214/aoms/1177732979.
        """
        from scipy.stats import chi2

        if self.joint is None:
            raise InvalidInput(
                "joint counts are kept for up to {most} open edges; p_value() needs none",
                zh="联合计数最多保留 {most} 条未定边，可改用 p_value()",
                most=JOINT,
            )
        p, n = self.chances.p[open_edges(self.chances)], self.lotteries
        often = n * p * (1 - p) >= RARE
        p, seen = p[often], self.count[open_edges(self.chances)][often] / n
        spread = np.sqrt(p * (1 - p))
        together = self.joint[np.ix_(often, often)] / n
        cross = np.outer(seen, p)
        covariance = (together - cross - cross.T + np.outer(p, p)) / np.outer(spread, spread)
        variance, direction = np.linalg.eigh(covariance)
        varies = n * variance >= RARE
        off = direction.T[varies] @ ((seen - p) / spread)
        statistic, degrees = float(n * (off**2 / variance[varies]).sum()), int(varies.sum())
        return ChiSquare(statistic, degrees, float(chi2.sf(statistic, degrees)) if degrees else 1.0)


def open_edges(chances: Chances) -> Flags:
    """Return which edges are neither forced nor impossible."""
    return ~(chances.forced | chances.impossible)
