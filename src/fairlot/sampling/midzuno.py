"""The generalised Midzuno design: what Tillé's elimination with 1 - pi leaves out.

Midzuno's own design takes one unit with unequal probabilities and the others at random; it exists
only where every pi is at least (n - 1) / (N - 1). There the complement of Tillé's elimination is
the same design, and elsewhere it goes on to exist.

Deville, Tillé (1998), Unequal probability sampling without replacement through a splitting method,
Biometrika 85(1), doi:10.1093/biomet/85.1.89.
"""

import numpy as np
from numpy.typing import ArrayLike

from fairlot._base import check
from fairlot._base.arrays import Floats, Ints
from fairlot._base.chance import as_chance
from fairlot._kernels import kernel
from fairlot.sampling.falling import falling
from fairlot.sampling.joint import PairProbability
from fairlot.sampling.sample import Sample, drawn
from fairlot.sampling.tille import Elimination, eliminate

__all__ = ["joint", "midzuno"]

DESIGN = "midzuno/1"


def midzuno(pi: ArrayLike, *, rng: object) -> Sample:
    """Draw the units that elimination with probabilities 1 - pi drops.

    pi   (N,) probabilities, their sum a whole number
    rng  asked once for N numbers, like :func:`~fairlot.sampling.tille.tille`

    Promised: the size is the sum of pi, and each unit has exactly its probability (up to the
    rounding of floats; a sum off by 1e-6 is scaled). Joint probabilities are exact, see
    :func:`~fairlot.sampling.joint.joint_probabilities`, and never above pi_i * pi_j: negative
    association (Chauvet, Gerber 2020, Exponential inequalities for sampling designs,
    doi:10.48550/arXiv.2006.16600). They may be zero: two units so small that only the last step can
    take them never come together.

    O(N log N) for one sort, .15 s for 10^6 units, and at most 2.3 arrays like pi in memory. Raises InvalidInput when pi is unfit or its sum
    is not whole.

    >>> sample = midzuno([0.07, 0.17, 0.41, 0.61, 0.83, 0.91], rng=np.random.default_rng(1))
    >>> len(sample), sample.design
    (3, 'midzuno/1')

    Midzuno (1952), On the sampling system with probability proportionate to sum of sizes, Annals of
    the Institute of Statistical Mathematics 3, 99-107, doi:10.1007/BF02949779. Deville, Tillé
    (1998), Biometrika 85(1), 89-101, doi:10.1093/biomet/85.1.89.
    """
    pi = check.probabilities(pi)
    n = check.fixed_size(pi)
    chance = as_chance(rng)
    chosen, order = pi == 1, falling(pi, complement=True)
    left = order.size - n + int(np.count_nonzero(chosen))
    eliminate(pi, True, order, left, chance.random(pi.size), np.empty_like(order), chosen)
    return drawn(chosen, pi, DESIGN, n)


def joint(pi: Floats) -> PairProbability:
    """Return the exact joint probabilities; O(N log N) to prepare, O(1) a pair.

    ``1 - (1 - pi_i) - (1 - pi_j) + both stay`` would cancel where pi is small; the chance that both
    leave is summed step by step instead, from positive terms only.
    """
    steps = Elimination.of(1 - pi)
    after = _both_leave_after(steps.rate)

    def leave(i: Ints, j: Ints) -> Floats:
        i, j = steps.by_exit(i, j)
        t = steps.leaves[i]
        size_i, size_j = steps.size[i], steps.size[j]
        rate, before, end = steps.rate[t], steps.rate[t + 1], steps.rate[0]
        same = t == steps.leaves[j]
        j_lasts = np.where(same, 1, before * size_j)
        out_i = 1 - rate * size_i
        out_j = 1 - np.where(same, rate * size_j, rate / np.where(same, 1, before))
        one_out = j_lasts * (out_i + out_j) * (1 - end / rate)
        neither_out = j_lasts * np.maximum(1 - out_i - out_j, 0)
        total: Floats = (1 - j_lasts) * (1 - end * size_i) + one_out + neither_out * after[t]
        return total

    return leave


@kernel
def _both_leave_after(rate: Floats) -> Floats:
    """Return for each step: two units below the cap before it both leave at later ones."""
    after = np.zeros(rate.size - 1)
    for t in range(after.size - 1):
        out = 1 - rate[t] / rate[t + 1]
        after[t + 1] = 2 * out * (1 - rate[0] / rate[t]) + (1 - 2 * out) * after[t]
    return after
