"""Tillé's elimination: units leave one by one, until as many are left as are wanted.

While k units are left, unit i is among them with probability ``pi(i|k)``: proportional to pi, and 1
where that would pass 1. The step from k + 1 to k eliminates unit i with probability
``1 - pi(i|k) / pi(i|k+1)``. Units capped at 1 are safe, all below the cap share one ratio, and only
those that leave the cap at this very step have their own; so a step costs O(1).

Tillé (1996), An elimination procedure for unequal probability sampling without replacement,
Biometrika 83(1), doi:10.1093/biomet/83.1.238.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from fairlot._base import check
from fairlot._base.arrays import Flags, Floats, Ints
from fairlot._base.chance import as_chance
from fairlot._base.errors import InvalidInput
from fairlot._kernels import kernel, piece
from fairlot.sampling.falling import Places, falling
from fairlot.sampling.joint import PairProbability
from fairlot.sampling.sample import Sample, drawn

__all__ = ["Elimination", "eliminate", "joint", "tille"]

DESIGN = "tille/1"
EPSILON = 2.0**-53
"""Nearer to 1 than this is 1."""


def tille(pi: ArrayLike, *, rng: object) -> Sample:
    """Draw a sample of fixed size by eliminating one unit after the other.

    pi   (N,) probabilities, their sum a whole number
    rng  asked once for N numbers; the step that leaves k of the uncertain units consumes the number
         of the k-th of them

    Promised: the size is the sum of pi, and each unit has exactly its probability (up to the
    rounding of floats; a sum off by 1e-6 is scaled). Joint probabilities are exact, see
    :func:`~fairlot.sampling.joint.joint_probabilities`, and never above pi_i * pi_j. They may be
    zero: where large units leave room for one other only, the small units never come together.

    O(N log N) for one sort, .15 s for 10^6 units, and at most 2.3 arrays like pi in memory. Raises InvalidInput when pi is unfit or its sum
    is not whole.

    >>> sample = tille([0.07, 0.17, 0.41, 0.61, 0.83, 0.91], rng=np.random.default_rng(1))
    >>> len(sample), sample.design
    (3, 'tille/1')

    Tillé (1996), doi:10.1093/biomet/83.1.238.
    """
    pi = check.probabilities(pi)
    n = check.fixed_size(pi)
    chance = as_chance(rng)
    chosen, order = pi > 0, falling(pi)
    left = n - int(np.count_nonzero(pi == 1))
    eliminate(pi, False, order, left, chance.random(pi.size), np.empty_like(order), chosen)
    return drawn(chosen, pi, DESIGN, n)


@kernel
def eliminate(
    pi: Floats, complement: bool, order: Places, left: int, u: Floats, below: Places, chosen: Flags
) -> None:
    """Flip the flags of the units that elimination drops, in place.

    complement  sizes are 1 - pi, else pi; they fall along ``order``
    below       room for the units that are left below the cap
    """
    capped, rest, rate, m, at = order.size, 0.0, 0.0, 0, u.size
    for k in range(order.size - 1, left - 1, -1):
        before, safe = rate, capped
        capped, rest = _uncapped(pi, complement, order, k, left, capped, rest)
        rate = (k - capped) / rest
        at = _uncertain_before(pi, at)
        x = u[at]
        share = 1 - rate / before if m else 0.0
        out = min(int(x / share), m - 1) if x < m * share else -1
        x -= m * share
        for i in order[capped:safe]:
            goes = 1 - rate * _size(pi[i], complement)
            if out < 0 and x < goes:
                out = m
            x -= goes
            below[m] = i
            m += 1
        # The shares add up to 1; where rounding leaves a gap, the last one fills it.
        out = m - 1 if out < 0 else out
        chosen[below[out]] ^= True
        m -= 1
        below[out] = below[m]


@piece
def _uncertain_before(pi: Floats, at: int) -> int:
    at -= 1
    while not 0 < pi[at] < 1:
        at -= 1
    return at


@piece
def _size(p: float, complement: bool) -> float:
    return 1 - p if complement else p


@piece
def _uncapped(
    pi: Floats, complement: bool, order: Places, k: int, left: int, capped: int, rest: float
) -> tuple[int, float]:
    """Return how many are capped when k are left, and the sum of the other sizes."""
    while capped > 0:
        size = _size(pi[order[capped - 1]], complement)
        # At the end none is capped: sizes below 1 are the probabilities.
        if k > left and (k - capped + 1) * size >= rest + size:
            break
        rest += size
        capped -= 1
    return capped, rest


@dataclass(frozen=True, eq=False)
class Elimination:
    """The steps as two units see them; step t leaves ``left + t`` units.

    size   (N,) the probabilities of being left at the end
    leaves (N,) the step at which a unit leaves the cap
    rate   (T + 1,) pi(i|k) / size of the units below the cap after each step
    both   (T,) chance that two units below the cap both outlive the steps after t
    """

    size: Floats
    leaves: Ints
    rate: Floats
    both: Floats

    @classmethod
    def of(cls, size: Floats) -> "Elimination":
        """Prepare the steps for sizes strictly inside (0, 1) whose sum is whole."""
        left = round(float(size.sum()))
        order = falling(size)
        if order.size != size.size:  # 1 - pi came out as 1
            _refuse_nearly_certain(size)
        capped, rate = _steps(size, order, left)
        if not np.all(rate[:-1] > 0):
            _refuse_nearly_certain(size)
        leaves = np.empty(size.size, dtype=np.int64)
        leaves[order] = np.searchsorted(capped, np.arange(size.size), side="right") - 1
        return cls(size, leaves, rate, _both(capped, rate, left))

    def stay(self, i: Ints, j: Ints) -> Floats:
        """Return the chance that i and j are both left at the end."""
        i, j = self.by_exit(i, j)
        t = self.leaves[i]
        rate, before = self.rate[t], self.rate[t + 1]
        together = rate * (self.size[i] + self.size[j]) - 1
        # Until i leaves the cap only j is at risk, and outlives it with probability before * size.
        alone = self.size[j] * (before * (rate * self.size[i] - 1) + rate)
        through = np.where(t == self.leaves[j], together, alone)
        chance: Floats = np.maximum(through, 0) * self.both[t]
        return chance

    def by_exit(self, i: Ints, j: Ints) -> tuple[Ints, Ints]:
        """Return the pairs such that i leaves the cap last."""
        swap = self.leaves[i] > self.leaves[j]
        return np.where(swap, j, i), np.where(swap, i, j)


def _refuse_nearly_certain(size: Floats) -> None:
    i = int(np.argmin(np.minimum(size, 1 - size)))
    raise InvalidInput(
        "a probability differs from 0 or 1 by {got:.3g} or less, which floats lose beside the "
        "others; set it to 0 or 1",
        zh="有一个概率与 0 或 1 相差不超过 {got:.3g}，与其他概率相比浮点数无法分辨；请将其设为 0 或 1",
        got=max(float(min(size[i], 1 - size[i])), EPSILON),
    )


@kernel
def _steps(size: Floats, order: Places, left: int) -> tuple[Ints, Floats]:
    """Return for k = left..N how many units are capped, and pi(i|k) / size of the others."""
    capped = np.full(size.size - left + 1, size.size)
    rate = np.zeros(capped.size)
    c, rest = size.size, 0.0
    for k in range(size.size - 1, left - 1, -1):
        c, rest = _uncapped(size, False, order, k, left, c, rest)
        capped[k - left] = c
        rate[k - left] = (k - c) / rest
    return capped, rate


@kernel
def _both(capped: Ints, rate: Floats, left: int) -> Floats:
    both = np.ones(rate.size - 1)
    for t in range(both.size):
        if left + t - capped[t] == 1:  # one place below the cap: exactly zero, not nearly
            both[t:] = 0
            break
        if t + 1 < both.size:
            both[t + 1] = both[t] * (2 * rate[t] / rate[t + 1] - 1)
    return both


def joint(pi: Floats) -> PairProbability:
    """Return the exact joint probabilities; O(N log N) to prepare, O(1) a pair."""
    return Elimination.of(pi).stay
