"""Who holds, who is drawn: chances along a chain of duels in a given order.

Before duel j the holder has an amount ``h`` that does not depend on chance, only who holds it does.
Write ``w(i, j)`` for the chance that unit i holds it. Unit i starts to hold in its own duel and is
still there after every further one with a chance of that duel alone, so ``w`` is a ratio of running
products. As no duel changes an expectation, i is drawn before j comes with the chance
``p_i - w(i, j) h``, and then j is drawn with chance ``p_j``. If i holds when j comes, both are
drawn only when ``h + p_j > 1``, and then one at once and the other with what it keeps:

    pi_ij = (p_i - w(i, j) h) p_j + w(i, j) max(0, h + p_j - 1)

Chauvet (2012), On a characterization of ordered pivotal sampling, Bernoulli 18(4),
doi:10.3150/11-BEJ380, has the same probabilities in another form. This one also holds for a chain
that ends with somebody undecided.
"""

import math
from typing import NamedTuple

import numpy as np

from fairlot._base.arrays import Floats, Ints
from fairlot._kernels import kernel

__all__ = ["Chain", "drawn_by", "duel_chances", "holds_at", "together"]

UNDERFLOW = -1100  # 2^-1100 is 0 as a double


class Chain(NamedTuple):
    """Chains one after another, a row for each place in the order."""

    amount: Floats
    after: Floats  # what the holder has after the duel of this place
    takes: Floats  # the chance that the one who comes here holds after that duel
    stays: Floats  # the chances to stay, multiplied since the era began: stays * 2^power
    power: Ints
    era: Ints  # the number of duels so far that no holder outlives
    decided: Ints  # (places + 1,) the number of units drawn by the duels before this place


def duel_chances(amount: Floats, first: Ints, rounding: float = 0.0) -> Chain:
    """Return the chances along the chains ``amount[first[g] : first[g + 1]]``, in O(N).

    rounding  how far from 1 a sum may be and count as 1, after one duel; grows with the square
              root of duels, as roundings add up. 0 for amounts that add up without rounding
    """
    after, takes, stays = np.empty((3, amount.size))
    power, era = np.empty((2, amount.size), dtype=np.int64)
    decided = np.empty(amount.size + 1, dtype=np.int64)
    chain = Chain(amount, after, takes, stays, power, era, decided)
    _walk(*chain, first, rounding)
    return chain


def together(chain: Chain, i: Ints, j: Ints) -> Floats:
    """Return the joint probabilities of places i < j of one chain; exactly 0 where it is 0."""
    holds = holds_at(chain, i, j - 1)
    both = np.where(chain.decided[j + 1] > chain.decided[j], chain.after[j], 0)
    return drawn_by(chain, i, j - 1) * chain.amount[j] + holds * both


def holds_at(chain: Chain, i: Ints, k: Ints) -> Floats:
    """Return the chances that place i holds after the duel of place k >= i."""
    # Rounding errors up to i are in both products, so the ratio errs by those in between only.
    power = np.maximum(chain.power[k] - chain.power[i], UNDERFLOW).astype(np.intc)
    ratio = np.ldexp(chain.stays[k] / chain.stays[i], power)
    return np.where(chain.era[k] == chain.era[i], chain.takes[i] * ratio, 0)


def drawn_by(chain: Chain, i: Ints, k: Ints) -> Floats:
    """Return the chances that place i is drawn in the duels up to that of place k >= i."""
    chance = np.maximum(chain.amount[i] - holds_at(chain, i, k) * chain.after[k], 0)
    return np.where(chain.decided[k + 1] > chain.decided[i], chance, 0)


@kernel
def _walk(
    amount: Floats,
    after: Floats,
    takes: Floats,
    stays: Floats,
    power: Ints,
    era: Ints,
    decided: Ints,
    first: Ints,
    rounding: float,
) -> None:
    """Fill a chain."""
    product, shift, eras, count = 1.0, 0, 0, 0
    for g in range(first.size - 1):
        held = 0.0
        for k in range(first[g], first[g + 1]):
            total = held + amount[k]
            if abs(total - 1.0) <= rounding * math.sqrt(k + 1.0 - first[g]):
                total = 1.0
            takes[k], stay = _outcome(held, amount[k], total)
            if stay == 0.0:
                product, shift = 1.0, 0
                eras += 1
            else:
                product, moved = math.frexp(product * stay)
                shift += moved
            stays[k], power[k], era[k], decided[k] = product, shift, eras, count
            count += total >= 1.0
            held = total - 1.0 if total >= 1.0 else total
            after[k] = held
    decided[amount.size] = count


@kernel
def _outcome(held: float, comes: float, total: float) -> tuple[float, float]:
    """Return the chances that the newcomer and that the holder before holds after the duel."""
    if total >= 1.0:
        return (1.0 - comes) / (2.0 - total), (1.0 - held) / (2.0 - total)
    return (comes / total, held / total) if total > 0.0 else (0.0, 0.0)
