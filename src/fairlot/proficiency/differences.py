"""Where the differences between results reach a given number, without writing them all down.

p results have p (p - 1) / 2 differences. How many are at most t, the largest of these, and the
smallest beyond, is told by one walk of two pointers along the sorted results. A search for the t
where the number is reached takes about eight such walks: it guesses by a straight line between the
ends of its bracket, and moves these from difference to difference, so that it ends at exactly one.
"""

from typing import NamedTuple

import numpy as np

from fairlot._base.arrays import Floats, Ints
from fairlot._kernels.compile import kernel

__all__ = ["Cut", "Rows", "cut_above", "cut_below", "reach", "shortest_span", "single"]

STRAIGHT = 8
"""Guesses by a straight line; then every other one halves the bracket, in units of rounding."""


class Rows(NamedTuple):
    """Sorted results; with ``laboratory``, only differences between two laboratories count.

    weight         of each result, so that a difference weighs weight_i weight_j
    mass           (n + 1,) the weight before each place
    before, after  the nearest place of another laboratory, -1 and n if there is none
    held           (laboratories,) zeros to work with
    """

    x: Floats
    laboratory: Ints
    weight: Floats
    mass: Floats
    before: Ints
    after: Ints
    held: Floats


class Cut(NamedTuple):
    """A place between two differences: how many lie up to it, the last of them, and the next one."""

    total: float
    below: float  # 0 if there is none
    above: float  # infinite if there is none


@kernel
def _look(rows: Rows, t: float) -> Cut:
    """Return the cut at t >= 0."""
    if rows.laboratory.size:
        return _between_laboratories(rows, t)
    x = rows.x
    count, below, above = 0, 0.0, np.inf
    j = 0
    for i in range(x.size):
        while j + 1 < x.size and x[j + 1] - x[i] <= t:
            j += 1
        count += j - i
        below = max(below, x[j] - x[i])
        if j + 1 < x.size:
            above = min(above, x[j + 1] - x[i])
    return Cut(float(count), below, above)


@kernel
def _between_laboratories(rows: Rows, t: float) -> Cut:
    x, laboratory, weight, mass, held = rows.x, rows.laboratory, rows.weight, rows.mass, rows.held
    total, below, above = 0.0, 0.0, np.inf
    j = -1
    for i in range(x.size):
        while j + 1 < x.size and x[j + 1] - x[i] <= t:
            j += 1
            held[laboratory[j]] += 1.0
        own = laboratory[i]
        held[own] -= 1.0  # so that it counts those of the own laboratory in i + 1 .. j
        total += weight[i] * (mass[j + 1] - mass[i + 1] - held[own] * weight[i])
        last = j if laboratory[j] != own else rows.before[j]
        if last > i:
            below = max(below, x[last] - x[i])
        following = j + 1
        if following < x.size and laboratory[following] == own:
            following = rows.after[following]
        if following < x.size:
            above = min(above, x[following] - x[i])
    return Cut(total, below, above)


@kernel
def cut_above(rows: Rows, t: float, tie: float) -> Cut:
    """Return the first cut from t upwards with more than ``tie`` between its two differences."""
    cut = _look(rows, t)
    while cut.above - cut.below <= tie:
        cut = _look(rows, cut.above + tie)
    return cut


@kernel
def cut_below(rows: Rows, t: float, tie: float) -> Cut:
    """Return the first cut below the difference t, itself left out, that is as clean."""
    cut = _look(rows, np.nextafter(t - tie, -1.0))
    while cut.above - cut.below <= tie:
        cut = _look(rows, np.nextafter(cut.below - tie, -1.0))
    return cut


@kernel
def reach(rows: Rows, want: float, tie: float, low: Cut, most: float) -> tuple[Cut, Cut]:
    """Return the last cut whose total is below ``want``, and the next one, which reaches it.

    low   a cut whose total is below ``want``
    most  a difference up to which the total reaches it

    Between the two lies one group of differences, those that follow each other within ``tie``.
    """
    ends = np.empty(3)
    high = cut_above(rows, most, tie)
    top, steps = min(most, high.below), 0
    while top > low.above + tie:
        ends[0], ends[1] = low.above, top
        t = _guess(low, high, want, ends, steps)
        cut = cut_above(rows, t, tie)
        if cut.total < want:
            low = cut
        else:
            high = cut
            top = min(t, cut.below)
        steps += 1
    return low, high


@kernel
def _guess(low: Cut, high: Cut, want: float, ends: Floats, step: int) -> float:
    """Return a place from ends[0] on and before ends[1]."""
    if step < STRAIGHT or step % 2:
        share = (want - low.total) / (high.total - low.total)
        t = ends[0] + share * (ends[1] - ends[0])
        return float(t if t < ends[1] else ends[0])
    bits = ends.view(np.int64)  # floats from 0 on stand in the order of their bits
    bits[2] = bits[0] + (bits[1] - bits[0]) // 2
    return float(ends[2])


@kernel
def single(x: Floats) -> Rows:
    """Return sorted results of which no two are by one laboratory."""
    none, nobody = np.empty(0), np.empty(0, dtype=np.int64)
    return Rows(x, nobody, none, none, nobody, nobody, none)


@kernel
def shortest_span(x: Floats, m: int) -> float:
    """Return the least span of m results: m (m - 1) / 2 differences are no larger."""
    span = x[-1] - x[0]
    for j in range(m - 1, x.size):
        span = min(span, x[j] - x[j - m + 1])
    return float(span)
