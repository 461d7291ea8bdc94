"""Qn: a quarter of the differences between results are at most so large."""

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from fairlot._base.arrays import Floats, Ints
from fairlot._kernels.compile import kernel
from fairlot.proficiency.batch import Batch, in_parts, sample_or_batch
from fairlot.proficiency.differences import Rows, cut_above, reach, shortest_span, single
from fairlot.proficiency.enough import enough
from fairlot.proficiency.scale import PairScale, scale
from fairlot.proficiency.words import one_of

__all__ = ["CONSTANTS", "qn"]

ISO_SMALL = (0.3994, 0.9937, 0.5132, 0.8440, 0.6122, 0.8588, 0.6699, 0.8734, 0.7201, 0.8891, 0.7574)
"""ISO 13528:2022 Table C.2: b_p for p = 2 .. 12."""

SMALL = (0.399356, 0.99365, 0.51321, 0.84401, 0.61220, 0.85877, 0.66993, 0.87344, 0.72014, 0.88906,
         0.75743)  # fmt: skip
"""The same with a digit more, as R's robustbase has them."""


class _Constants(NamedTuple):
    """h = p // 2 + more; b_p = 1 / (1 + (c_1 + (c_2 + ...) / p) / p) from p = 13 on."""

    more: int
    factor: float
    small: tuple[float, ...]
    odd: tuple[float, ...]
    even: tuple[float, ...]


_ISO_ODD, _ISO_EVEN = (1.6019, -2.128, -5.172), (3.6756, 1.965, 6.987, -77.0)
CONSTANTS: dict[str, _Constants] = {
    "amd1_2026": _Constants(1, 2.2191, ISO_SMALL, _ISO_ODD, _ISO_EVEN),
    "iso2022": _Constants(0, 2.2219, ISO_SMALL, _ISO_ODD, _ISO_EVEN),
    "robustbase": _Constants(
        1, 2.21914, SMALL, (1.60188, -2.1284, -5.172), (3.67561, 1.9654, 6.987, -77.0)
    ),
}


def qn(x: ArrayLike | Batch, *, edition: str = "amd1_2026") -> PairScale:
    """Return the scale Qn: ``constant * b_p`` times the k-th smallest difference, k = h (h - 1) / 2.

    x        (p,) results of at least two laboratories, or a batch of such samples
    edition  "amd1_2026": h = p // 2 + 1, constant 2.2191; "iso2022": h = p // 2 and 2.2219, as
             printed in 2022, which has no k-th difference before p = 4; "robustbase": as the first,
             with 2.21914 and factors of a digit more, the numbers of R's package

    Up to half of the results may be anything. The k-th difference is found exactly, whatever the
    order, in O(p log p). Raises InvalidInput where a measurand has too few results.

    >>> round(qn([9.8, 10.0, 10.1, 10.2, 10.4, 13.0]).s_star, 6)
    0.40756

    ISO 13528:2022 C.5.2.1 and Amendment 1:2026; Rousseeuw, Croux (1993), Alternatives to the median
    absolute deviation, JASA 88(424), 1273-1283, doi:10.1080/01621459.1993.10476408.
    """
    batch, many = sample_or_batch(x)
    constants = CONSTANTS[one_of("edition", edition, CONSTANTS)]
    enough("qn", batch.sizes, batch.labels, 2 if constants.more else 4)
    d_k, factor = np.empty(len(batch)), constants.factor * _b_p(constants, batch.sizes)
    in_parts(_every, batch, batch.ordered, constants.more, d_k)
    return scale(batch, many, d_k, factor, algorithm="qn/1", edition=edition)


def _b_p(constants: _Constants, p: Ints) -> Floats:
    small = np.array([np.nan, np.nan, *constants.small])
    return np.where(
        p < small.size,
        small[np.minimum(p, small.size - 1)],
        np.where(p % 2 == 1, _large(constants.odd, p), _large(constants.even, p)),
    )


def _large(coefficients: tuple[float, ...], p: Ints) -> Floats:
    series = np.zeros(p.size)
    for c in reversed(coefficients):
        series = (c + series) / p
    return 1 / (1 + series)


@kernel
def _every(starts: Ints, first: int, last: int, ordered: Floats, more: int, d_k: Floats) -> None:
    for i in range(first, last):
        x = ordered[starts[i] : starts[i + 1]]
        d_k[i] = _kth(single(x), x.size // 2 + more)


@kernel
def _kth(rows: Rows, h: int) -> float:
    """Return the difference number h (h - 1) / 2."""
    want = h * (h - 1) / 2 - 0.5
    zeros = cut_above(rows, 0.0, 0.0)
    if zeros.total > want:
        return 0.0
    low, _ = reach(rows, want, 0.0, zeros, shortest_span(rows.x, h))
    return float(low.above)
