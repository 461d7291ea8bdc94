"""The Q method: a standard deviation from the differences between laboratories, without a centre."""

import numpy as np
from numpy.typing import ArrayLike

from fairlot._base.arrays import Floats, Ints
from fairlot._kernels.compile import kernel
from fairlot.proficiency.batch import Batch, in_parts, sample_or_batch
from fairlot.proficiency.differences import (
    Cut,
    Rows,
    cut_above,
    cut_below,
    reach,
    shortest_span,
    single,
)
from fairlot.proficiency.enough import LABORATORIES, enough
from fairlot.proficiency.replicates import Laboratories, laboratories
from fairlot.proficiency.scale import PairScale, scale

__all__ = ["q_method"]

TIE = 4 * 2.0**-52
"""Equal differences of decimal results come out this close, in units of the largest result."""
WILD = 1e6
"""Quartiles beyond which a result does not decide what is equal: one of 1e300 would merge all."""


def q_method(x: ArrayLike | Batch, *, laboratory: Laboratories = None) -> PairScale:
    """Return the standard deviation by the Q method.

    x           (n,) results, or a batch of such samples
    laboratory  (n,) who sent each result, when some sent several; for a batch in the order of its
                ``values``. A pair of laboratories counts once, however many results either sent

    H1(d) is the share of differences between laboratories that are at most d, G1 runs straight
    through the middles of its steps, from 0 at d = 0. Then
    ``s_star = G1^-1(0.25 + 0.75 H1(0)) / (sqrt(2) Phi^-1(0.625 + 0.375 H1(0)))``. Differences
    that follow each other within four roundings of the largest result are one step, and those so
    near to 0 are 0: 3.4 - 3.1 and 3.7 - 3.4 are the same. A result beyond a million times the
    larger quartile does not count as the largest.

    Only the steps around the quantile are looked at: O(n log n), no table of differences. Raises
    InvalidInput where a measurand has fewer than two laboratories.

    >>> round(q_method([9.8, 10.0, 10.1, 10.2, 10.4, 13.0]).s_star, 6)
    0.46602

    ISO 13528:2022 C.5.2.2; Müller, Uhlig (2001), Estimation of variance components with high
    breakdown point and high efficiency, Biometrika 88(2), 353-366, doi:10.1093/biomet/88.2.353.
    """
    from scipy.special import ndtri

    batch, many = sample_or_batch(x)
    sent, p = laboratories(batch, laboratory)
    enough("q_method", p, batch.labels, 2, LABORATORIES)
    quantile, h_zero = np.empty(len(batch)), np.empty(len(batch))
    in_parts(_every, batch, batch.values if sent.size else batch.ordered, sent, p, quantile, h_zero)
    factor = 1 / (np.sqrt(2.0) * ndtri(0.625 + 0.375 * h_zero))  # 0 where all agree
    return scale(batch, many, quantile, factor, algorithm="q_method/1", edition="iso2022", p=p)


@kernel
def _every(
    starts: Ints, first: int, last: int, values: Floats, sent: Ints, p: Ints,
    quantile: Floats, h_zero: Floats,
) -> None:  # fmt: skip
    held = np.zeros(sent.max() + 1 if sent.size else 0)
    for i in range(first, last):
        x = values[starts[i] : starts[i + 1]]
        rows = (
            _replicated(x, sent[starts[i] : starts[i + 1]], held) if sent.size else single(x.copy())
        )
        quantile[i], h_zero[i] = _quantile(rows, p[i] * (p[i] - 1) / 2)


@kernel
def _replicated(x: Floats, sent: Ints, held: Floats) -> Rows:
    order = np.argsort(x)
    x, laboratory = x[order], sent[order]
    for code in laboratory:
        held[code] += 1.0
    weight = 1 / held[laboratory]
    held[laboratory] = 0.0
    before, after = np.full(x.size, -1), np.full(x.size, x.size)
    for j in range(1, x.size):
        before[j] = j - 1 if laboratory[j - 1] != laboratory[j] else before[j - 1]
    for j in range(x.size - 2, -1, -1):
        after[j] = j + 1 if laboratory[j + 1] != laboratory[j] else after[j + 1]
    mass = np.zeros(x.size + 1)
    mass[1:] = np.cumsum(weight)
    return Rows(x, laboratory, weight, mass, before, after, held)


@kernel
def _quantile(rows: Rows, pairs: float) -> tuple[float, float]:
    """Return G1^-1(0.25 + 0.75 H1(0)) and H1(0)."""
    x = rows.x
    quarter = x.size // 4
    tie = TIE * min(max(-x[0], x[-1]), WILD * max(-x[quarter], x[-1 - quarter]))
    zeros = cut_above(rows, tie, tie)
    if zeros.above == np.inf:
        return 0.0, 1.0
    want = 0.25 * pairs + 0.75 * zeros.total
    most = x[-1] - x[0]
    if not rows.laboratory.size:
        most = shortest_span(x, int(np.ceil((1 + np.sqrt(1 + 8 * want)) / 2)))
    low, high = reach(rows, want, tie, zeros, most)
    return _on_the_line(rows, want, tie, zeros, low, high), max(0.0, zeros.total / pairs)


@kernel
def _on_the_line(rows: Rows, want: float, tie: float, zeros: Cut, low: Cut, high: Cut) -> float:
    """Return where the line through the middles of the steps is at ``want``."""
    middle = (low.total + high.total) / 2
    if middle < want:
        following = cut_above(rows, high.above, tie)
        return _between(want, low.above, middle, high.above, (high.total + following.total) / 2)
    if low.above == zeros.above:  # the first step that is not 0
        return low.above * want / middle
    previous = cut_below(rows, low.below, tie)
    return _between(want, previous.above, (previous.total + low.total) / 2, low.above, middle)


@kernel
def _between(want: float, left: float, left_at: float, right: float, right_at: float) -> float:
    return left + (right - left) * (want - left_at) / (right_at - left_at)
