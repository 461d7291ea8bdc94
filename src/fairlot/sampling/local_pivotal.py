"""The local pivotal method: neighbours duel, so that a sample spreads over space.

Grafström, Lundström, Schelin (2012), Spatially balanced sampling through the pivotal method,
Biometrics 68(2), doi:10.1111/j.1541-0420.2011.01699.x.
"""

import numpy as np
from numpy.typing import ArrayLike

from fairlot._base import check
from fairlot._base.arrays import Floats, Words
from fairlot._base.chance import as_chance
from fairlot._kernels import kernel
from fairlot.sampling.kd_tree import Numbers, Tree, grow, located, nearest, remove
from fairlot.sampling.sample import Sample, drawn, inside
from fairlot.sampling.shuffle import shuffled

__all__ = ["local_pivotal"]

LOW = np.uint64(0xFFFFFFFF)
HALF = np.uint64(32)


def local_pivotal(pi: ArrayLike, coordinates: ArrayLike, *, rng: object) -> Sample:
    """Draw by duels between a random unit and its nearest neighbour (LPM2).

    pi           (N,) probabilities in [0, 1], with a whole sum n
    coordinates  (N, d) places, or (N,) on a line; distances are Euclidean, so bring columns to one
                 unit of length, or to their importance, first
    rng          asked for N words, then N floats

    Promised: n units in every draw, unit i with probability ``pi[i]``, and a sample that follows
    the units over space far more evenly than chance. Not promised: negative association, or joint
    probabilities: those of near neighbours are 0 or close to it, so Sen-Yates-Grundy does not
    apply; take :func:`~fairlot.sampling.neighbour_variance.local_mean_variance`.

    Among the units with 0 < pi < 1, as long as two are left:

    1. A random unit i and the nearest unit j meet. Of units at the same distance, the one with the
       smallest low half of its word is nearer, then the one earlier in the frame. (The paper: one
       of them at random, anew each time.)
    2. With amounts a, b: if a + b < 1 one takes the sum and the other is out, i takes it with
       probability a / (a + b); otherwise one is drawn, i with probability (1 - b) / (2 - a - b),
       and the other keeps a + b - 1.

    The units come in the order of their words, ties by position, and the float of the unit that had
    the turn first decides. When j is decided but i is not, i waits for j's turn: those who still
    wait stand in random order whatever happened, so each time every unit is as likely to be next as
    in a fresh random choice. The last amount is rounded to 0 or 1.

    Raises InvalidInput. O(N log N): 1.3 s for N = 10^6 and d = 2. At most 2^31 - 1 units.

    >>> sample = local_pivotal([0.5] * 6, [1, 2, 11, 12, 21, 22], rng=np.random.default_rng(1))
    >>> sample.index.tolist(), sample.design
    ([1, 3, 5], 'local_pivotal/1')
    """
    pi = check.probabilities(pi)
    n = check.fixed_size(pi)
    units = inside(pi)
    place = located(coordinates, pi.size)[units]
    chance = as_chance(rng)
    words, u = chance.words(pi.size)[units], chance.random(pi.size)[units]
    order, _ = shuffled(np.zeros(units.size, dtype=np.int64), 1, words)
    u = u[order]
    tree = grow(place, _lots(words))
    who = _numbers(tree)[order]
    amount = pi[units][tree.key & LOW]
    _meet(tree, amount, who, u)
    chosen = pi >= 1
    chosen[units[tree.key & LOW]] = amount > 0.5
    return drawn(chosen, pi, "local_pivotal/1", n)


def _lots(word: Words) -> Words:
    """Make of each word its low half, followed by its position."""
    word &= LOW
    word <<= HALF
    word |= np.arange(word.size, dtype=np.uint64)
    return word


def _numbers(tree: Tree) -> Numbers:
    """Return the number that each unit has in the tree."""
    number = np.empty(tree.key.size, dtype=np.int32)
    number[tree.key & LOW] = np.arange(number.size, dtype=np.int32)
    return number


@kernel
def _meet(tree: Tree, amount: Floats, who: Numbers, u: Floats) -> None:
    """Let units meet until at most one is undecided, in place; it is who[t]'s turn with u[t]."""
    turn = np.empty_like(who)
    for t in range(who.size):
        turn[who[t]] = t
    found, apart = np.empty(1, dtype=np.int64), np.empty(1)
    for t in range(who.size):
        i = who[t]
        if not 0 < amount[i] < 1:
            continue
        if not nearest(tree, i, found, apart):
            return
        j = found[0]
        _duel(tree, amount, i, j, u[t])
        if 0 < amount[i] < 1:
            who[turn[j]], turn[i] = i, turn[j]


@kernel
def _duel(tree: Tree, amount: Floats, i: int, j: int, u: float) -> None:
    a, b = amount[i], amount[j]
    total = a + b
    if total < 1:
        first = u < a / total
        amount[i], amount[j] = (total, 0.0) if first else (0.0, total)
    else:
        first = u < (1 - b) / (2 - total)
        amount[i], amount[j] = (1.0, total - 1) if first else (total - 1, 1.0)
    if not 0 < amount[i] < 1:
        remove(tree, i)
    if not 0 < amount[j] < 1:
        remove(tree, j)
