"""Spatially correlated Poisson sampling: a unit that is drawn lowers the chances of its neighbours.

Grafström (2012), Spatially correlated Poisson sampling, Journal of Statistical Planning and
Inference 142(1), doi:10.1016/j.jspi.2011.07.003.
"""

import numpy as np
from numpy.typing import ArrayLike

from fairlot._base import check
from fairlot._base.arrays import Floats, Ints
from fairlot._base.chance import as_chance
from fairlot._kernels import kernel
from fairlot.sampling.cube import whole_size
from fairlot.sampling.kd_tree import Numbers, Tree, grow, located, nearest, remove
from fairlot.sampling.sample import Sample, drawn, inside

__all__ = ["scps"]

FEW, MANY = 6, 64  # neighbours looked up at first, and at most, at a time


def scps(pi: ArrayLike, coordinates: ArrayLike, *, rng: object) -> Sample:
    """Draw unit by unit; what a decision adds or takes, the nearest undecided units make up for.

    pi           (N,) probabilities in [0, 1]
    coordinates  (N, d) places, or (N,) on a line; distances are Euclidean, so bring columns to one
                 unit of length, or to their importance, first
    rng          asked once for N floats; number i decides unit i, so that samples from kept
                 numbers (:class:`~fairlot.sampling.permanent.PermanentNumbers`) are coordinated

    Promised: unit i with probability ``pi[i]``; a size equal to the sum of pi when that is whole,
    otherwise the sum rounded down or up; a sample that follows the units over space far more evenly
    than chance. Not promised: negative association, or joint probabilities: those of near
    neighbours are 0 or close to it, so Sen-Yates-Grundy does not apply; take
    :func:`~fairlot.sampling.neighbour_variance.local_mean_variance`.

    The units come in the order of the frame. Let unit i have the chance a by then:

    1. It is drawn when its number is below a.
    2. A later unit j with chance b in (0, 1) may get the weight
       ``w_j <= min(b / (1 - a), (1 - b) / a)``. The nearest gets all it may, then the next, until
       the weights add up to 1 (the strategy of maximal weights). Of units at the same distance the
       earlier comes first. (The paper: they share alike.)
    3. If i is drawn, b becomes ``b - (1 - a) w_j``, otherwise ``b + a w_j``.

    So b stays in [0, 1], its expectation is unchanged, and as long as the weights reach 1, so is
    the sum. When it is whole they always do, but for rounding: the last units are drawn, or not, as
    the size wants.

    Raises InvalidInput. O(N log N) for a given pi; a unit looks at about 1 / pi neighbours, so the
    constant grows when all pi are small. N = 10^5, d = 2: .08 s for pi = .15, 1 s for .01, 13 s
    for .001; N = 10^6 and .15: 1.4 s. At most 2^31 - 1 units.

    >>> sample = scps([0.5] * 6, [1, 2, 11, 12, 21, 22], rng=np.random.default_rng(1))
    >>> sample.index.tolist(), sample.design
    ([1, 2, 4], 'scps/1')
    """
    pi = check.probabilities(pi)
    size = whole_size(pi)
    units = inside(pi)
    place = located(coordinates, pi.size)[units]
    u = as_chance(rng).random(pi.size)[units]
    tree = grow(place, np.arange(units.size, dtype=np.uint64))
    number = np.empty(units.size, dtype=np.int32)
    number[tree.key] = np.arange(units.size)
    chance = pi[units][tree.key]
    total = float(chance.sum())
    low, high = (int(total), int(total) + 1) if size is None else (round(total), round(total))
    _visit(tree, chance, number, u, low, high)
    chosen = pi >= 1
    chosen[units[tree.key]] = chance == 1
    return drawn(chosen, pi, "scps/1", size)


@kernel
def _visit(tree: Tree, chance: Floats, number: Numbers, u: Floats, low: int, high: int) -> None:
    """Decide unit after unit, in place; ``number`` is theirs in the order of the frame."""
    found, apart = np.empty(MANY, dtype=np.int64), np.empty(MANY)
    left, count = u.size, 0
    for i in range(u.size):
        k = int(number[i])
        a = chance[k]
        if not 0 < a < 1:
            continue
        remove(tree, k)
        left -= 1
        # A size that only rounding could miss by now is mended.
        taken = (u[i] < a or count + left < low) and count < high
        chance[k] = 1.0 if taken else 0.0
        settled, drawn = _make_up(tree, k, a, chance, found, apart)
        left -= settled
        count += taken + drawn


@kernel
def _make_up(
    tree: Tree, k: int, a: float, chance: Floats, found: Ints, apart: Floats
) -> tuple[int, int]:
    """Let neighbours make up for ``k``, in place; return how many are decided by it, and drawn."""
    taken = chance[k] == 1
    rest = 1 - a if taken else a
    room, last, beyond, settled, drawn = FEW, k, -1.0, 0, 0
    while rest > 0:
        count = nearest(tree, k, found[:room], apart[:room], last, beyond)
        if count == 0:
            break
        for j in found[:count]:
            b = chance[j]
            most = min(b, (1 - b) * (1 - a) / a) if taken else min(1 - b, b * a / (1 - a))
            part = min(most, rest)
            rest -= part
            chance[j] = b - part if taken else b + part
            if not 0 < chance[j] < 1:
                remove(tree, j)
                settled += 1
                drawn += chance[j] == 1
        last, beyond, room = found[count - 1], apart[count - 1], min(2 * room, MANY)
    return settled, drawn
