"""Order sampling: every unit gets a rank f(u) / f(pi), and the n smallest ranks are the sample.

One maker and three choices of f. Each keeps the size and needs one number per unit, which may be
kept from draw to draw (:class:`~fairlot.sampling.PermanentNumbers`): with the same numbers, raising
the probability of a drawn unit never loses it, and samples of two years overlap as much as they
can. The price is that the probability of a unit is only nearly ``pi``;
:func:`~fairlot.sampling.order_inclusion_probabilities` gives the exact one.

Rosén (1997), Asymptotic theory for order sampling, Journal of Statistical Planning and Inference
62(2), 135-158, doi:10.1016/S0378-3758(96)00185-1.
"""

from numpy.typing import ArrayLike

from fairlot._base import check
from fairlot._base.chance import as_chance
from fairlot.sampling.ranking import PARETO, SEQUENTIAL_POISSON, SUCCESSIVE, lowest
from fairlot.sampling.sample import Sample, drawn

__all__ = ["pareto", "sequential_poisson", "successive"]


def sequential_poisson(pi: ArrayLike, *, rng: object) -> Sample:
    """Draw the n units with the smallest ``u / pi``.

    pi   (N,) probabilities adding up to a whole number n
    rng  asked once, for N uniforms

    Size n. The probability of a unit is near ``pi`` and not equal to it: off by up to .060 for
    (.07 .17 .41 .61 .83 .91), by up to .010 for 45 of 300 lognormal sizes. From the same numbers,
    a larger n gives a larger sample when both ``pi`` are in proportion. Not negatively associated:
    two units of pi .99 among (.99 .99 .4 .4 .4 .4 .42) come together more often than if they were
    independent. No joint probability is zero when two places or more are left to chance.

    O(N): 3 ns a unit, numbers given. Ties go to the earlier unit.

    >>> from fairlot._base.chance import Given
    >>> sequential_poisson([0.5, 0.25, 0.25], rng=Given([1 << 63, 1 << 60, 1 << 61])).index
    array([1])

    Ohlsson (1998), Sequential Poisson sampling, Journal of Official Statistics 14(2), 149-162.
    """
    return _drawn_in_order(pi, SEQUENTIAL_POISSON, "sequential_poisson/1", rng)


def pareto(pi: ArrayLike, *, rng: object) -> Sample:
    """Draw the n units with the smallest ``[u / (1 - u)] / [pi / (1 - pi)]``.

    pi   (N,) probabilities adding up to a whole number n
    rng  asked once, for N uniforms

    Size n. The probability of a unit is near ``pi``, nearest of the orders here, and not equal
    to it: off by up to .013 for (.07 .17 .41 .61 .83 .91), by up to .000027 for 45 of 300 lognormal
    sizes. Negative association (Brändén, Jonasson 2012, Negative dependence in sampling,
    Scandinavian Journal of Statistics 39(4), doi:10.1111/j.1467-9469.2011.00766.x). No joint
    probability is zero when two places or more are left to chance.

    O(N): 3 ns a unit, numbers given. Ties go to the earlier unit.

    >>> from fairlot._base.chance import Given
    >>> pareto([0.5, 0.25, 0.25], rng=Given([1 << 63, 1 << 60, 1 << 61])).index
    array([1])

    Rosén (1997), On sampling with probability proportional to size, Journal of Statistical Planning
    and Inference 62(2), 159-191, doi:10.1016/S0378-3758(96)00186-3.
    """
    return _drawn_in_order(pi, PARETO, "pareto/1", rng)


def successive(pi: ArrayLike, *, rng: object) -> Sample:
    """Draw the n units with the smallest ``log(1 - u) / log(1 - pi)``.

    pi   (N,) probabilities adding up to a whole number n
    rng  asked once, for N uniforms

    The same as drawing one after the other, each time with chances in proportion to
    ``-log(1 - pi)`` among those left. Size n. The probability of a unit is near ``pi`` and not
    equal to it: off by up to .030 for (.07 .17 .41 .61 .83 .91), by up to .0016 for 45 of 300
    lognormal sizes. Not negatively associated: two units of pi .995 among (.995 .995 .3 .3 .3 .3 .4
    .41) come together a little more often than if they were independent. No joint probability is
    zero when two places or more are left to chance.

    For research, not for public draws: logarithms differ between machines in their last bit.

    O(N): 18 ns a unit for the selection. Ties go to the earlier unit.

    >>> from fairlot._base.chance import Given
    >>> successive([0.5, 0.25, 0.25], rng=Given([1 << 63, 1 << 60, 1 << 61])).index
    array([1])

    Rosén (1997), Asymptotic theory for order sampling, Journal of Statistical Planning and Inference
    62(2), 135-158, doi:10.1016/S0378-3758(96)00185-1.
    """
    return _drawn_in_order(pi, SUCCESSIVE, "successive/1", rng)


def _drawn_in_order(pi: ArrayLike, kind: int, design: str, rng: object) -> Sample:
    pi = check.probabilities(pi)
    n = check.fixed_size(pi)
    u = as_chance(rng).random(pi.size)
    return drawn(lowest(kind, u, pi, n), pi, design, n)
