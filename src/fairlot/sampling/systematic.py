"""Systematic sampling: one number, then every step of length 1 along the sums of ``pi``.

Sums of ``pi`` are kept modulo 1, in whole numbers of 2^-62: nothing drifts, however many units
there are, and the size is exact. A probability is cut to a multiple of 2^-62 and is otherwise
kept to the last bit.
"""

import numpy as np
from numpy.typing import ArrayLike

from fairlot._base import check
from fairlot._base.arrays import Flags, Floats, Ints
from fairlot._base.chance import as_chance
from fairlot._kernels import kernel
from fairlot.sampling.joint import PairProbability
from fairlot.sampling.sample import Sample, drawn
from fairlot.sampling.shuffle import shuffled

__all__ = ["joint", "random_systematic", "systematic"]

ONE = 1 << 62  # the whole number for 1: twice that is still below 2^63
REST = ONE - 1
BITS = 62


def systematic(pi: ArrayLike, *, rng: object) -> Sample:
    """Draw along the order of the units: the k-th drawn is where the sums of ``pi`` pass u + k.

    pi   (N,) probabilities adding up to a whole number n, in the order that matters
    rng  asked once, for one uniform

    Exact ``pi`` (to 2^-53, and to what their sum misses of n), size n. Every stretch of neighbours
    gets its expected number, rounded down or up. There are at most N different samples. Not
    negatively associated: of (.5 .5 .5 .5) the first and third always come together. Most joint
    probabilities are zero: no unbiased variance estimate exists.

    O(N): 2 ns a unit for the selection.

    >>> from fairlot._base.chance import Given
    >>> systematic([0.5, 0.25, 0.5, 0.75], rng=Given([1 << 62])).index
    array([0, 3])

    Madow (1949), On the theory of systematic sampling, II, Annals of Mathematical Statistics 20(3),
    333-354, doi:10.1214/aoms/1177729988.
    """
    pi = check.probabilities(pi)
    n = check.fixed_size(pi)
    u = as_chance(rng).random(1)
    return drawn(_every_step(pi, u[0]), pi, "systematic/1", n)


def random_systematic(pi: ArrayLike, *, rng: object) -> Sample:
    """Draw systematically along a random order of the units.

    pi   (N,) probabilities adding up to a whole number n
    rng  asked for N words, which make the order, then for one uniform

    Exact ``pi`` (to 2^-53, and to what their sum misses of n), size n. Joint probabilities have no
    short formula; Hartley and Rao give an approximation, by the name of ``"hartley_rao"`` in
    :func:`~fairlot.sampling.joint_probabilities`. A few of them may be zero when N is small. Not negatively
    associated: .55 and .15 among (.8 .55 .85 .15 .85 .8) come together with probability .09, not
    .0825.

    O(N): about 30 ns a unit at N = 10^6, nearly all of it for the order.

    >>> random_systematic([0.5, 0.25, 0.5, 0.75], rng=np.random.default_rng(1)).index.size
    2

    Hartley, Rao (1962), Sampling with unequal probabilities and without replacement, Annals of
    Mathematical Statistics 33(2), 350-374, doi:10.1214/aoms/1177704564.
    """
    pi = check.probabilities(pi)
    n = check.fixed_size(pi)
    chance = as_chance(rng)
    order, _ = shuffled(np.zeros(pi.size, dtype=np.int64), 1, chance.words(pi.size))
    chosen = np.empty(pi.size, dtype=bool)
    chosen[order] = _every_step(pi[order], chance.random(1)[0])
    return drawn(chosen, pi, "random_systematic/1", n)


def joint(pi: Floats) -> PairProbability:
    """Return the joint probability of pairs: how much two stretches of the sums share, modulo 1.

    Exact for the order the units stand in. O(1) a pair, after one pass.
    """
    first, amount = _stretches(pi)

    def shared(i: Ints, j: Ints) -> Floats:
        ahead = (first[j] - first[i]) & REST
        direct = np.minimum(amount[i], ahead + amount[j]) - ahead
        around = np.minimum(amount[i], ahead + amount[j] - ONE)
        both: Floats = (np.maximum(direct, 0) + np.maximum(around, 0)) / ONE
        return both

    return shared


@kernel
def _every_step(pi: Floats, u: float) -> Flags:
    """Flag the units where the sum, begun at 1 - u, passes a whole number."""
    chosen = np.empty(pi.size, dtype=np.bool_)
    at = REST - _start(u, _excess(pi))
    for i in range(pi.size):
        at += int(pi[i] * ONE)
        chosen[i] = at >> BITS != 0
        at &= REST
    return chosen


@kernel
def _start(u: float, excess: int) -> int:
    """Turn u into a start that meets exactly n units whatever the sum misses of n.

    With too much, an early start would meet n + 1; with too little, a late one n - 1: both are
    left out, which changes a probability by at most what the sum misses.
    """
    first, end = max(excess, 0), ONE + min(excess, 0)
    return min(first + int(u * (end - first)), end - 1)


@kernel
def _excess(pi: Floats) -> int:
    """Return what the sum has beyond the nearest whole number."""
    rest = 0
    for p in pi:
        rest = (rest + int(p * ONE)) & REST
    return rest if rest < ONE >> 1 else rest - ONE


@kernel
def _stretches(pi: Floats) -> tuple[Ints, Ints]:
    """Return where the stretch of each unit begins, modulo 1, and its length."""
    first, amount = np.empty(pi.size, np.int64), np.empty(pi.size, np.int64)
    at = 0
    for i in range(pi.size):
        first[i], amount[i] = at, int(pi[i] * ONE)
        at = (at + amount[i]) & REST
    return first, amount
