"""Independent draws: the size is left to chance."""

from numpy.typing import ArrayLike

from fairlot._base import check
from fairlot._base.arrays import Floats
from fairlot._base.chance import as_chance
from fairlot.sampling.joint import PairProbability
from fairlot.sampling.sample import Sample, drawn
from fairlot.sampling.srs import equal_probability

__all__ = ["bernoulli", "joint", "poisson"]


def poisson(pi: ArrayLike, *, rng: object) -> Sample:
    """Draw each unit by itself: unit i when ``u_i < pi_i``.

    pi   (N,) probabilities; their sum, the expected size, need not be whole
    rng  asked once, for N uniforms

    Exact ``pi`` (to 2^-53). Independent units are negatively associated, at the border:
    ``pi_ij = pi_i pi_j``, so that no joint probability of units with pi > 0 is zero. The size is
    random, with variance ``sum pi (1 - pi)``, and may be 0. Units come and go without any effect on
    others.

    O(N): 1 ns a unit for the selection.

    >>> from fairlot._base.chance import Given
    >>> poisson([0.1, 0.5, 0.9], rng=Given([1 << 63] * 3)).index
    array([2])

    Hájek (1964), Asymptotic theory of rejective sampling with varying probabilities from a finite
    population, Annals of Mathematical Statistics 35(4), 1491-1523, doi:10.1214/aoms/1177700375.
    """
    return _independent(check.probabilities(pi), "poisson/1", rng)


def bernoulli(pi: ArrayLike, *, rng: object) -> Sample:
    """Draw each unit by itself, all with the same probability.

    pi   (N,) probabilities: all the same, beside 0 and 1
    rng  asked once, for N uniforms

    The same as :func:`poisson`, promising one thing more: given its size, the sample is a simple
    random one. Random size, units independent and so negatively associated, no joint probability
    zero. Raises InvalidInput naming the first unit whose probability is another one.

    >>> from fairlot._base.chance import Given
    >>> bernoulli([0.5, 0.5, 1.0], rng=Given([1 << 62, 3 << 62, 0])).index
    array([0, 2])

    Hájek (1964), Asymptotic theory of rejective sampling with varying probabilities from a finite
    population, Annals of Mathematical Statistics 35(4), 1491-1523, doi:10.1214/aoms/1177700375.
    """
    pi = check.probabilities(pi)
    equal_probability(pi, "poisson")
    return _independent(pi, "bernoulli/1", rng)


def joint(pi: Floats) -> PairProbability:
    """Return the joint probability of pairs, ``pi_i pi_j``."""
    return lambda i, j: pi[i] * pi[j]


def _independent(pi: Floats, design: str, rng: object) -> Sample:
    return drawn(as_chance(rng).random(pi.size) < pi, pi, design)
