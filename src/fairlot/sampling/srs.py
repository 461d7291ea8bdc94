"""Simple random sampling: every set of n units has the same chance."""

import numpy as np
from numpy.typing import ArrayLike

from fairlot._base import check
from fairlot._base.arrays import Floats
from fairlot._base.chance import as_chance
from fairlot._base.errors import InvalidInput
from fairlot._kernels import kernel
from fairlot.sampling.joint import PairProbability
from fairlot.sampling.ranking import OWN, lowest
from fairlot.sampling.sample import Sample, drawn

__all__ = ["equal_probability", "joint", "srs"]


def srs(pi: ArrayLike, *, rng: object) -> Sample:
    """Draw n units, every set of n equally likely: those with the smallest numbers.

    pi   (N,) probabilities adding up to a whole number n: all the same, beside 0 and 1
    rng  asked once, for N uniforms

    Exact ``pi`` (to 2^-53), size n. Negative association (Joag-Dev, Proschan 1983, Negative
    association of random variables, with applications, Annals of Statistics 11(1),
    doi:10.1214/aos/1176346079). No joint probability is zero when two places or more are left to chance.

    A unit keeps its rank whoever else comes or goes, so that kept numbers
    (:class:`~fairlot.sampling.PermanentNumbers`) coordinate the samples of several years, and a
    larger sample from the same numbers holds the smaller one. Ties go to the earlier unit.

    O(N): 2 ns a unit for the selection. Raises InvalidInput naming the first unit whose
    probability is another one.

    >>> srs(np.full(1000, 0.25), rng=np.random.default_rng(1)).index.size
    250

    Ohlsson (1995), Coordination of samples using permanent random numbers, in Business Survey
    Methods, 153-169, doi:10.1002/9781118150504.ch9.
    """
    pi = check.probabilities(pi)
    n = check.fixed_size(pi)
    p = equal_probability(pi, "pivotal or conditional_poisson")
    u = as_chance(rng).random(pi.size)
    return drawn(lowest(OWN, u, pi, n, middle=p), pi, "srs/1", n)


def joint(pi: Floats) -> PairProbability:
    """Return the joint probability of pairs, ``n (n - 1) / (N (N - 1))``; all of ``pi`` inside."""
    p = equal_probability(pi, "pivotal or conditional_poisson")
    n = check.fixed_size(pi)
    both = p * (n - 1) / (pi.size - 1) if pi.size > 1 else 0.0
    return lambda i, j: np.full(i.shape, both)


def equal_probability(pi: Floats, instead: str) -> float:
    """Return the probability that all units strictly between 0 and 1 share, 1 if there are none."""
    first, odd = _first_and_odd(pi)
    if odd >= 0:
        raise InvalidInput(
            "pi[{i}] is {got} and pi[{first}] is {want}; want the same for all between 0 and 1,"
            " or take {instead}",
            zh="pi[{i}] 为 {got}，而 pi[{first}] 为 {want}，0 与 1 之间的应全部相同，否则请用 {instead}",
            i=int(odd),
            got=float(pi[odd]),
            first=int(first),
            want=float(pi[first]),
            instead=instead,
        )
    return float(pi[first]) if first >= 0 else 1.0


@kernel
def _first_and_odd(pi: Floats) -> tuple[int, int]:
    """Return the first unit strictly inside, and the first whose probability is another; else -1."""
    first = -1
    for i in range(pi.size):
        if 0 < pi[i] < 1:
            if first < 0:
                first = i
            elif pi[i] != pi[first]:
                return first, i
    return first, -1
