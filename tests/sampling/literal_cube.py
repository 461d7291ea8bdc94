"""The cube methods as the papers tell them, in exact fractions: slow, and right by reading.

Chance is ``number(key)(p, q)``: does the number of unit ``key`` fall below p / q?
"""

from fractions import Fraction


def coordinates(basis, vector):
    """What multiples of the independent vectors of ``basis`` add up to ``vector``; None if none."""
    table = [
        [*(Fraction(one[r]) for one in basis), Fraction(vector[r])] for r in range(len(vector))
    ]
    for column in range(len(basis)):
        pivot = next(r for r in range(column, len(table)) if table[r][column])
        table[column], table[pivot] = table[pivot], table[column]
        table[column] = [value / table[column][column] for value in table[column]]
        for r in range(len(table)):
            if r != column:
                factor = table[r][column]
                pairs = zip(table[r], table[column], strict=True)
                table[r] = [a - factor * b for a, b in pairs]
    if any(row[-1] for row in table[len(basis) :]):
        return None
    return [row[-1] for row in table[: len(basis)]]


def step(psi, speed, is_below):
    """Go along ``speed`` (by unit) to one of the two ends; deciding keeps every mean."""
    ahead = [((1 - psi[k]) if v > 0 else psi[k]) / abs(v) for k, v in speed.items() if v]
    behind = [(psi[k] if v > 0 else (1 - psi[k])) / abs(v) for k, v in speed.items() if v]
    up, down = min(ahead), min(behind)
    way = up if is_below(down, up + down) else -down
    for k, v in speed.items():
        psi[k] += way * v


def undecided(psi, units):
    return [k for k in units if 0 < psi[k] < 1]


def depends(basis, vector, e):
    """How fast e and the units of the basis go together, e at 1; None when e is independent."""
    along = coordinates([vector(k) for k in basis], vector(e))
    if along is None:
        return None
    return {e: Fraction(1), **{k: -c for k, c in zip(basis, along, strict=True)}}


def fly(psi, units, vector, purse, number, *, fresh=False):
    """Units enter one by one; return how many steps were taken."""
    basis, steps = [], 0
    for e in undecided(psi, units):
        if not 0 < psi[e] < 1:
            continue
        if fresh:
            purse.append(e)
        speed = depends(basis, vector, e)
        if speed:
            step(psi, speed, number(purse.pop()))
            steps += 1
        basis = undecided(psi, [*basis, e])
    return steps


def vectors(pi, x):
    """The balancing vector of each unit: 1 and x / pi."""
    return [
        [Fraction(1), *(Fraction(v) / p for v in row)] if p else None
        for p, row in zip(pi, x, strict=True)
    ]


def finished(psi):
    assert all(p in (0, 1) for p in psi)
    return tuple(k for k, p in enumerate(psi) if p)


def counts_down(pi, x):
    """How many columns are kept, to the last: pi only where the size is whole."""
    return range(len(x[0]) + 1, -1 if sum(pi) % 1 else 0, -1)


def land(pi, x, psi, purse, number):
    a = vectors(pi, x)
    for count in counts_down(pi, x):
        fly(psi, range(len(pi)), lambda k, c=count: a[k][:c], purse, number)
    return finished(psi)


def cube(pi, x, number):
    psi, purse, a = list(pi), [], vectors(pi, x)
    fly(psi, range(len(pi)), lambda k: a[k], purse, number, fresh=True)
    return land(pi, x, psi, purse, number)


def stratified_cube(pi, x, strata, number):
    psi, purse, a = list(pi), [], vectors(pi, x)
    names = list(dict.fromkeys(strata))
    groups = {h: [k for k in range(len(pi)) if strata[k] == h] for h in names}
    for h in names:
        fly(psi, groups[h], lambda k: a[k], purse, number, fresh=True)
    units = [k for h in names for k in groups[h]]
    for count in counts_down(pi, x):
        steps = 1
        while steps:
            many = {h for h in names if len(undecided(psi, groups[h])) > 1}

            def vector(k, many=many, count=count):
                return [*(int(strata[k] == h and h in many) for h in names), *a[k][:count]]

            steps = fly(psi, units, vector, purse, number)
    return finished(psi)


def local_cube(pi, x, where, order, choices, number):
    """``order`` is how the undecided units are listed at first, ``choices`` the numbers that pick.

    The last of the list takes the place of one that leaves it.
    """
    psi, a, inside = list(pi), vectors(pi, x), undecided(pi, range(len(pi)))
    purse, picks, left = inside[::-1], iter(choices), list(order)
    while left:
        i = left[int(next(picks) * len(left))]
        near = sorted((k for k in left if k != i), key=lambda k: (apart(where[i], where[k]), k))
        group = cluster([i, *near], a)
        if group is None:
            break
        *basis, e = group
        step(psi, depends(basis, lambda k: a[k], e), number(purse.pop()))
        for k in group:
            if psi[k] in (0, 1):
                left[left.index(k)] = left[-1]
                left.pop()
    return land(pi, x, psi, purse, number)


def cluster(units, a):
    """The first units of which the last depends on the others; None when all are independent."""
    for size in range(1, len(units) + 1):
        if coordinates([a[k] for k in units[: size - 1]], a[units[size - 1]]) is not None:
            return units[:size]
    return None


def apart(one, other):
    return sum((a - b) ** 2 for a, b in zip(one, other, strict=True))
