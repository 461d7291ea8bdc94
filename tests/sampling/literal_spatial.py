"""Spatial designs as the papers have them, all distances written out; slow on purpose.

Numbers are exact (Fractions) or floats, as ``pi`` is. A random number is a callable that tells
whether it is below p / q.
"""

from fractions import Fraction


def apart(place, i, j):
    """Squared distance, summed from the first column on."""
    total = 0
    for a, b in zip(place[i], place[j], strict=True):
        total += (a - b) * (a - b)
    return total


def nearest_first(place, i, others, key):
    return sorted(others, key=lambda j: (apart(place, i, j), key[j]))


def meet(amount, i, j, below):
    """Two units, one of which is decided by it (Deville, Tillé 1998)."""
    a, b = amount[i], amount[j]
    if a + b < 1:
        amount[i], amount[j] = (a + b, 0) if below(a, a + b) else (0, a + b)
    else:
        amount[i], amount[j] = (1, a + b - 1) if below(1 - b, 2 - a - b) else (a + b - 1, 1)


def open_units(amount):
    return [i for i, a in enumerate(amount) if 0 < a < 1]


def local_pivotal(pi, place, order, lot, number):
    """LPM2, where whoever survives a meeting waits for the turn of the other.

    order   units in the order of their turns
    lot     of units at one distance, the smallest is nearer
    number  unit -> the random number of the turn that was its own
    """
    amount = list(pi)
    turns = [i for i in order if 0 < amount[i] < 1]
    owners = list(turns)
    for t, owner in enumerate(owners):
        i = turns[t]
        others = [j for j in open_units(amount) if j != i]
        if not 0 < amount[i] < 1 or not others:
            continue
        j = nearest_first(place, i, others, lot)[0]
        meet(amount, i, j, number(owner))
        if 0 < amount[i] < 1:
            turns[turns.index(j, t)] = i
    return [i for i, a in enumerate(amount) if a > Fraction(1, 2)]


def lpm2(pi, place):
    """The chance of every sample when each unit that meets its nearest is chosen anew."""
    units = open_units(pi)
    if len(units) < 2:
        return {tuple(i for i, a in enumerate(pi) if a == 1): Fraction(1)}
    chances = {}
    for i in units:
        j = nearest_first(place, i, [k for k in units if k != i], range(len(pi)))[0]
        for chance, way in _both(pi, i, j):
            for sample, rest in lpm2(way, place).items():
                chances[sample] = chances.get(sample, 0) + chance * rest / len(units)
    return chances


def _both(pi, i, j):
    for answer in (True, False):
        way, share = list(pi), []

        def below(p, q, answer=answer, share=share):
            share.append(Fraction(p) / q)
            return answer

        meet(way, i, j, below)
        yield share[0] if answer else 1 - share[0], way


def scps(pi, place, number):
    """SCPS with maximal weights; number: unit -> its random number."""
    chance = list(pi)
    for i in range(len(pi)):
        a = chance[i]
        if not 0 < a < 1:
            continue
        taken = number(i)(a, 1)
        weight = Fraction(1)
        later = [j for j in range(i + 1, len(pi)) if 0 < chance[j] < 1]
        for j in nearest_first(place, i, later, range(len(pi))):
            b = chance[j]
            w = min(b / (1 - a), (1 - b) / a, weight)
            weight -= w
            chance[j] = b - (taken - a) * w
        chance[i] = int(taken)
    return [i for i, a in enumerate(chance) if a == 1]


def spatial_balance(drawn, pi, place):
    worth = dict.fromkeys(drawn, Fraction(0))
    for k in range(len(pi)):
        least = min(apart(place, k, i) for i in drawn)
        nearest = [i for i in drawn if apart(place, k, i) == least]
        for i in nearest:
            worth[i] += Fraction(pi[k]) / len(nearest)
    return sum((v - 1) ** 2 for v in worth.values()) / len(drawn)
