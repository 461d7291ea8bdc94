"""Brewer's design: units are drawn one after the other, with probabilities that keep pi.

With r places to fill and m the sum of pi over the units not yet drawn, unit k comes next with
probability proportional to its weight ``pi_k (m - pi_k) / (m - r pi_k)``. A weight rises with pi_k
and falls from draw to draw. So the units stand on shelves of nearly equal pi, each on a place as
wide as the top weight of its shelf; a number that falls beside the weight of its place is thrown
away. Old widths stay valid, and are renewed when a number was thrown away.

Brewer (1975), A simple procedure for sampling pi-pswor, Australian Journal of Statistics 17(3),
doi:10.1111/j.1467-842X.1975.tb00954.x; algorithm 6.10 of Tillé (2006), Sampling Algorithms,
doi:10.1007/0-387-34240-0.
"""

import numpy as np
from numpy.typing import ArrayLike

from fairlot._base import check
from fairlot._base.arrays import Flags, Floats, Ints
from fairlot._base.chance import Chance, as_chance
from fairlot._base.errors import InvalidInput
from fairlot._kernels import kernel
from fairlot.sampling.falling import Places, falling
from fairlot.sampling.joint import PairProbability
from fairlot.sampling.sample import Sample, drawn

__all__ = ["brewer", "joint"]

DESIGN = "brewer/1"

SHELF = 0.75
"""How far pi, and 1 - pi, may fall on one shelf: more than half of all numbers then count."""

TRIALS = 16
"""After so many numbers thrown away in a row, one look at all units decides the draw."""

JOINT_MOST = 20
"""Joint probabilities run through all 2^N sets: at 20 units a million."""


def brewer(pi: ArrayLike, *, rng: object) -> Sample:
    """Draw a sample of fixed size, unit after unit.

    pi   (N,) probabilities, their sum a whole number
    rng  asked for N numbers as often as needed: once or twice as a rule, TRIALS + 1 = 17 times at
         most; the numbers belong to draws, not to units, so kept numbers do not coordinate samples

    Promised: the size is the sum of pi, and each unit has exactly its probability (up to N 2^-53
    for each draw). Joint probabilities are positive when two or more are drawn by chance; they are
    exact for up to 20 uncertain units, see :func:`~fairlot.sampling.joint.joint_probabilities`.

    O(N log N) for one sort, then O(log of shelves) a draw and O(shelves) for a number thrown away,
    where a factor of ten between probabilities makes 8 shelves: .14 s for 150,000 of 10^6 units,
    .1 s of it the sort. At most 2.3 arrays like pi in memory. Raises InvalidInput when pi is unfit or its sum is not whole.

    >>> sample = brewer([0.07, 0.17, 0.41, 0.61, 0.83, 0.91], rng=np.random.default_rng(1))
    >>> len(sample), sample.design
    (3, 'brewer/1')

    Brewer (1975), doi:10.1111/j.1467-842X.1975.tb00954.x.
    """
    pi = check.probabilities(pi)
    n = check.fixed_size(pi)
    return drawn(_chosen(pi, n, as_chance(rng)), pi, DESIGN, n)


def _chosen(pi: Floats, n: int, chance: Chance) -> Flags:
    chosen: Flags = pi == 1
    order = falling(pi)
    places, gap, thrown = n - int(np.count_nonzero(chosen)), 0.0, 0
    if places == 0:
        return chosen
    first = _shelves(pi, order)
    top, left = pi[order[first[:-1]]], np.diff(first)
    while places:
        u = chance.random(pi.size)
        places, gap, thrown = _draw(pi, order, first, top, left, places, gap, thrown, u, chosen)
    return chosen


@kernel
def _shelves(pi: Floats, order: Places) -> Ints:
    """Return where each shelf begins along the falling ``order``, and the end of the last."""
    first = [0]
    for k in range(1, order.size):
        p, top = pi[order[k]], pi[order[first[-1]]]
        if p < SHELF * top or 1 - top < SHELF * (1 - p):
            first.append(k)
    first.append(order.size)
    return np.array(first)


@kernel
def _draw(
    pi: Floats, unit: Places, first: Ints, top: Floats, left: Ints,
    places: int, gap: float, thrown: int, u: Floats, chosen: Flags,
) -> tuple[int, float, int]:  # fmt: skip
    """Fill places while numbers last; a drawn unit goes behind those left on its shelf.

    top     the largest pi of each shelf, drawn or not
    gap     sum of 1 - pi over the drawn units, m - places: so that nothing cancels in a weight
    thrown  numbers thrown away in a row
    """
    edge, width = _widths(top, left, places, gap)
    for i in range(u.size):
        if places == 0:
            break
        if not 0 < pi[i] < 1:
            continue
        y = u[i] * edge[-1]
        shelf = min(np.searchsorted(edge, y, side="right") - 1, top.size - 1)
        y -= edge[shelf]
        at = int(y / width[shelf])
        if thrown == TRIALS:
            shelf, at = _among_all(pi, unit, first, left, places, gap, u[i])
        begin, last = first[shelf], first[shelf] + left[shelf] - 1
        hit = begin + at <= last
        if hit and thrown < TRIALS:
            hit = y - at * width[shelf] < _weight(pi[unit[begin + at]], places, gap)
        if not hit:
            thrown += 1
            edge, width = _widths(top, left, places, gap)
            continue
        k = unit[begin + at]
        chosen[k] = True
        gap += 1 - pi[k]
        unit[begin + at], unit[last] = unit[last], k
        left[shelf] -= 1
        places -= 1
        thrown = 0
    return places, gap, thrown


@kernel
def _weight(pi: float, places: int, gap: float) -> float:
    m = places + gap
    return pi * (places - 1 + gap + (1 - pi)) / (gap * pi + m * (1 - pi))


@kernel
def _widths(top: Floats, left: Ints, places: int, gap: float) -> tuple[Floats, Floats]:
    edge = np.zeros(top.size + 1)
    width = np.empty(top.size)
    for s in range(top.size):
        width[s] = _weight(top[s], places, gap)
        edge[s + 1] = edge[s] + left[s] * width[s]
    return edge, width


@kernel
def _among_all(
    pi: Floats, unit: Places, first: Ints, left: Ints, places: int, gap: float, x: float
) -> tuple[int, int]:
    """Return shelf and place of the unit that x falls on when all weights stand in a row."""
    total = 0.0
    for s in range(left.size):
        for i in unit[first[s] : first[s] + left[s]]:
            total += _weight(pi[i], places, gap)
    y = x * total
    found = (0, 0)
    for s in range(left.size):
        for at in range(left[s]):
            found = (s, at)
            y -= _weight(pi[unit[first[s] + at]], places, gap)
            if y < 0:
                return found
    return found


def joint(pi: Floats) -> PairProbability:
    """Return the exact joint probabilities by running through all sets; N at most JOINT_MOST."""
    if pi.size > JOINT_MOST:
        raise InvalidInput(
            "brewer has joint probabilities up to {most} uncertain units, got {got};"
            " use design 'brewer_donadio_18' (approximate), or draw with conditional_poisson",
            zh="brewer 的联合概率至多适用于 {most} 个不确定单位，现有 {got} 个；"
            "可用近似 design 'brewer_donadio_18'，或改用 conditional_poisson 抽样",
            most=JOINT_MOST,
            got=pi.size,
        )
    pairs = _all_sets(pi, round(float(pi.sum())))
    return lambda i, j: pairs[i, j]


@kernel
def _all_sets(pi: Floats, n: int) -> Floats:
    """Follow the draws from set to set; bit k of a set says that unit k is drawn."""
    chance = np.zeros(1 << pi.size)
    chance[0] = 1.0
    pairs = np.zeros((pi.size, pi.size))
    for drawn_set in range(chance.size):
        if chance[drawn_set] == 0:
            continue
        member = np.array([drawn_set >> k & 1 == 1 for k in range(pi.size)])
        places, gap = n - np.sum(member), np.sum(1 - pi[member])
        if places == 0:
            _add_pairs(pairs, np.flatnonzero(member), chance[drawn_set])
            continue
        weight = np.array([_weight(p, places, gap) for p in pi])
        weight[member] = 0
        weight *= chance[drawn_set] / np.sum(weight)
        for k in np.flatnonzero(weight):
            chance[drawn_set | 1 << k] += weight[k]
    return pairs


@kernel
def _add_pairs(pairs: Floats, units: Ints, chance: float) -> None:
    for i in units:
        for j in units:
            pairs[i, j] += chance
