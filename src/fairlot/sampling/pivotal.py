"""Pivotal designs: units meet in duels, and what one loses the other gains.

Between amounts a and b: if ``a + b < 1`` one takes the sum and the other is out (the first takes it
with probability ``a / (a + b)``); otherwise one is drawn (the first with probability
``(1 - b) / (2 - a - b)``) and the other keeps ``a + b - 1``. No expectation changes, and every duel
decides at least one unit.

Deville, Tillé (1998), Unequal probability sampling without replacement through a splitting method,
Biometrika 85(1), doi:10.1093/biomet/85.1.89.
"""

import numpy as np
from numpy.typing import ArrayLike

from fairlot._base import check
from fairlot._base.arrays import Flags, Floats, Ints
from fairlot._base.chance import Chance, as_chance
from fairlot._kernels import kernel
from fairlot.sampling.duel_chances import duel_chances, together
from fairlot.sampling.falling import Places
from fairlot.sampling.joint import PairProbability
from fairlot.sampling.sample import Sample, drawn
from fairlot.sampling.shuffle import shuffled

__all__ = ["joint", "pivotal", "random_pivotal"]


def pivotal(pi: ArrayLike, *, rng: object) -> Sample:
    """Draw by duels in the order of the frame, so that every stretch of it gets its share.

    pi   (N,) probabilities in [0, 1], with a whole sum n
    rng  asked once for N floats; number i decides the duel in which unit i comes

    Promised: n units in every draw; unit i with probability ``pi[i]``; units 0 to i together are
    drawn as often as ``pi[0] + ... + pi[i]`` says, rounded down or up; negative association
    (Jonasson 2013, The BK inequality for pivotal sampling, Electron. Commun. Probab. 18(35),
    doi:10.1214/ECP.v18-2045). Not promised: positive joint probabilities. Neighbours whose pi add
    up to at most 1 may never come together, see :func:`joint`.

    The holder's amount loses at most 2^-53 in a duel. What the last holder has in the end is
    rounded to 0 or 1, so the size is n always, and no pi is off by more than the sum is: at most
    1e-6 where it was given, and N * 2^-53.

    Raises InvalidInput for pi outside [0, 1] or a sum that is not whole. O(N): 4 ns a unit, numbers
    given. pi is not copied.

    >>> pi = np.full(10, 0.2)
    >>> sample = pivotal(pi, rng=np.random.default_rng(5))
    >>> sample.index.tolist(), sample.design
    ([1, 9], 'pivotal/1')

    Deville, Tillé (1998), Unequal probability sampling without replacement through a splitting
    method, Biometrika 85(1), 89-101, doi:10.1093/biomet/85.1.89.
    """
    pi = check.probabilities(pi)
    n = check.fixed_size(pi)
    return drawn(_duels(pi, as_chance(rng).random(pi.size), None), pi, "pivotal/1", n)


def random_pivotal(pi: ArrayLike, *, rng: object) -> Sample:
    """Draw by duels in random order: no order of the frame can make a pair impossible.

    pi   (N,) probabilities in [0, 1], with a whole sum n
    rng  asked for N words, then N floats; the words put the units in order, ties by position, and
         number i decides the duel in which unit i comes

    Promised: n units in every draw, unit i with probability ``pi[i]``, both as in :func:`pivotal`.
    Negative association given the order (Jonasson 2013, see :func:`pivotal`), so that pi_ij is never
    above pi_i * pi_j; over all orders the association of larger sets is not proved here. Joint
    probabilities are positive when two places or more are left to chance; there is no short formula for them.

    Raises InvalidInput like :func:`pivotal`. O(N), most of it for the order: .04 s for 10^6 units,
    1.5 s for 10^7, and at most 2.5 arrays like pi in memory. At most 2^31 - 1 units.

    >>> pi = np.full(10, 0.2)
    >>> sample = random_pivotal(pi, rng=np.random.default_rng(5))
    >>> sample.index.tolist(), sample.design
    ([5, 6], 'random_pivotal/1')

    Deville, Tillé (1998), Unequal probability sampling without replacement through a splitting
    method, Biometrika 85(1), 89-101, doi:10.1093/biomet/85.1.89.
    """
    pi = check.probabilities(pi)
    n = check.fixed_size(pi)
    return drawn(_in_random_order(pi, as_chance(rng)), pi, "random_pivotal/1", n)


def _in_random_order(pi: Floats, chance: Chance) -> Flags:
    order, _ = shuffled(np.zeros(pi.size, dtype=np.int64), 1, chance.words(pi.size))
    return _duels(pi, chance.random(pi.size), order)


def joint(pi: Floats) -> PairProbability:
    """Return the joint probabilities of :func:`pivotal`: exact, O(N) once and O(1) a pair.

    pi  (N,) probabilities with a whole sum

    Pairs that never come together get exactly 0; for that, partial sums of pi that are within
    rounding of a whole number count as whole.

    >>> together = joint(np.array([0.5, 0.5, 0.25, 0.75]))
    >>> together(np.array([0, 0, 3]), np.array([1, 2, 1]))
    array([0.   , 0.125, 0.375])
    """
    chain = duel_chances(pi, np.array([0, pi.size]), rounding=2.0**-51)

    def of_pairs(i: Ints, j: Ints) -> Floats:
        return together(chain, np.minimum(i, j), np.maximum(i, j))

    return of_pairs


@kernel
def _duels(pi: Floats, u: Floats, order: Places | None) -> Flags:
    """Return who is drawn when each unit in turn meets the holder."""
    chosen = np.zeros(pi.size, dtype=np.bool_)
    holder = 0
    held = 0.0
    for k in range(pi.size):
        new = k if order is None else order[k]
        total = held + pi[new]
        full = total >= 1.0
        top = 1.0 - pi[new] if full else held
        bottom = 2.0 - total if full else total
        first = u[new] * bottom < top  # never for a holder of 0
        if full:
            chosen[holder if first else new] = True
        holder = holder if first != full else new
        held = total - 1.0 if full else total
    chosen[holder] |= held > 0.5
    return chosen
