"""Dixon's test: the gap beside an extreme result as a share of the range.

With few results one does not know their standard deviation well; this test does without.
"""

from dataclasses import dataclass
from functools import lru_cache
from math import exp, lgamma
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from fairlot._base import check
from fairlot._base.arrays import Floats, Ints
from fairlot._base.errors import InvalidInput
from fairlot._kernels.compile import kernel
from fairlot.proficiency.batch import Batch, in_parts, per_measurand, sample_or_batch
from fairlot.proficiency.grubbs import critical_by_size, long_enough
from fairlot.proficiency.quadrature import nodes_and_weights
from fairlot.proficiency.significance import OUTLIER, STRAGGLER, level_of, marks

__all__ = ["Dixon", "dixon", "dixon_chance", "dixon_critical"]

MOST = 30
"""Results beyond which Dixon gives no ratio."""
NODES = 100
LEAST, GREATEST = -5.0, 9.0
"""Standard deviations between which the largest of three or more normal values lies."""


@dataclass(frozen=True, eq=False)
class Dixon:
    """The test of the extreme farther from the mean; numbers for a sample, arrays for a batch.

    q                       gap over range; NaN when the range is 0
    ratio                   "r10" up to 7 results, "r11" up to 10, "r21" up to 13, then "r22"
    suspect                 place of the result in the sample; -1 when the range is 0
    high                    whether it is the largest
    critical_5, critical_1  two-sided critical values
    verdict                 "outlier" above critical_1, "straggler" above critical_5, or "none"
    no_scale                the range is 0
    """

    q: Any
    ratio: Any
    suspect: Any
    high: Any
    critical_5: Any
    critical_1: Any
    verdict: Any
    no_scale: Any
    algorithm: str = "dixon/1"


def dixon(x: ArrayLike | Batch) -> Dixon:
    """Test the result farthest from the mean against its neighbours.

    x  a sample of 3 to 30 results or a :class:`Batch`

    Of a smallest and a largest result equally far the largest is the suspect. Raises InvalidInput
    for fewer or more results.

    Dixon (1951), Ratios involving extreme values, Annals of Mathematical Statistics 22(1),
    doi:10.1214/aoms/1177729693.

    >>> found = dixon([4.5, 4.9, 5.6, 4.2, 6.2, 5.2, 9.9])
    >>> round(found.q, 3), found.ratio, found.verdict
    (0.649, 'r10', 'straggler')
    """
    batch, many = sample_or_batch(x)
    long_enough(batch, 3)
    _size(str(batch.labels[int(np.argmax(batch.sizes))]), int(batch.sizes.max()))
    q, suspect = np.empty(len(batch)), np.empty(len(batch), np.int64)
    high = np.empty(len(batch), np.bool_)
    low_rank, gap = _ratio(batch.sizes)
    in_parts(_every, batch, batch.values, batch.ordered, low_rank, gap, q, suspect, high)
    at_5, at_1 = (critical_by_size(dixon_critical, batch, a) for a in (STRAGGLER, OUTLIER))
    names = np.array([f"r{j}{i - 1}" for i, j in zip(low_rank, gap, strict=True)])
    said = marks(q, at_5, at_1)
    columns: tuple[NDArray[Any], ...] = (
        q, names, suspect, high, at_5, at_1, said, np.isnan(q),
    )  # fmt: skip
    return Dixon(*(per_measurand(column, many) for column in columns))


def dixon_critical(p: int, alpha: float = STRAGGLER) -> float:
    """Return the two-sided critical value for 3 to 30 results: alpha / 2 lies at either end.

    Exact where both ends cannot be extreme at once, as for r10 above 1/2; else a little high.

    McBane (2006), Programs to compute distribution functions and critical values for extreme value
    ratios for outlier detection, Journal of Statistical Software 16(3), doi:10.18637/jss.v016.i03,
    shows that older tables err in the third decimal.

    >>> round(dixon_critical(7), 3)
    0.569
    """
    return _critical(_size("p", p), level_of(alpha))


@lru_cache(maxsize=256)
def _critical(p: int, alpha: float) -> float:
    from scipy.optimize import brentq

    return float(brentq(lambda q: dixon_chance(p, q) - alpha / 2, 0.0, 1.0, xtol=1e-10))


def dixon_chance(p: int, q: float) -> float:
    """Return the chance that the ratio at one end of p normal results is above q.

    The results between the largest, x, and the one of low rank i, x - v, are independent given
    both: the ratio is above q if fewer than j of them lie above x - q v.

    >>> round(dixon_chance(3, 0.5), 3)
    0.5
    """
    from scipy.special import ndtr

    p = _size("p", p)
    (i,), (j,) = (column.tolist() for column in _ratio(np.array([p])))
    between = p - i - 1
    nodes, weights = nodes_and_weights(NODES)
    v = (GREATEST - LEAST) * nodes[None, :]
    x = LEAST + v.T
    low, gap_end, top = ndtr(x - v), ndtr(x - q * v), ndtr(x)
    few = (gap_end - low) ** between
    if j == 2:
        few += between * (top - gap_end) * (gap_end - low) ** (between - 1)
    densities = np.exp(-(x * x + (x - v) ** 2) / 2) / (2 * np.pi)
    ways = exp(lgamma(p + 1) - lgamma(between + 1) - lgamma(i))
    return (
        ways
        * (GREATEST - LEAST) ** 2
        * float(weights @ (low ** (i - 1) * few * densities) @ weights)
    )


def _ratio(p: Ints) -> tuple[Ints, Ints]:
    """Return the rank of the low end and the width of the gap, by the number of results."""
    band = np.searchsorted([7, 10, 13], p)
    return np.array([1, 2, 2, 3])[band], np.array([1, 1, 2, 2])[band]


def _size(label: str, p: int) -> int:
    if check.at_least(label, p, 3) > MOST:
        raise InvalidInput(
            "{label} has {got} results; want at most {most}: grubbs takes any number",
            zh="{label} 有 {got} 个结果，至多 {most} 个；grubbs 不限个数",
            label=label,
            got=p,
            most=MOST,
        )
    return p


@kernel
def _every(
    starts: Ints,
    first: int,
    last: int,
    values: Floats,
    ordered: Floats,
    low_rank: Ints,
    gap: Ints,
    q: Floats,
    suspect: Ints,
    high: NDArray[np.bool_],
) -> None:
    for i in range(first, last):
        x = ordered[starts[i] : starts[i + 1]]
        top, far = x.size - 1, low_rank[i] - 1
        away = np.sum(x - x[0]) / x.size  # from the smallest on, so that an offset costs nothing
        high[i] = x[top] - x[0] - away >= away
        q[i], suspect[i] = np.nan, -1
        reach = x[top] - x[far] if high[i] else x[top - far] - x[0]
        if reach > 0:
            q[i] = (x[top] - x[top - gap[i]] if high[i] else x[gap[i]] - x[0]) / reach
            farthest = x[top] if high[i] else x[0]
            suspect[i] = np.argmax(values[starts[i] : starts[i + 1]] == farthest)
