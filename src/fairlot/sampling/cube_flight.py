"""The flight of the cube method: probabilities walk to 0 and 1, and the balance stays.

Units enter one by one. Those undecided so far have independent balancing vectors and sit in the
slots of a basis, whose inverse is kept and exchanged one slot at a time. A unit whose vector is
independent of theirs takes a free slot. For any other, its coordinates in the basis give the one
direction in which it and they can move without changing the balance; a step along it decides at
least one. This is the fast flight of Chauvet and Tillé (2006) on their window of units, without
the elimination from scratch at every step.

Chauvet, Tillé (2006), A fast algorithm for balanced sampling, Computational Statistics 21,
doi:10.1007/s00180-006-0250-2.
"""

from typing import NamedTuple

import numpy as np

from fairlot._base.arrays import Floats, Ints
from fairlot._kernels import kernel, piece

__all__ = [
    "COORDINATE",
    "EMPTY",
    "ENTERING",
    "REST",
    "WEIGHT",
    "Basis",
    "Columns",
    "Purse",
    "aim",
    "clear",
    "decide",
    "empty_basis",
    "empty_purse",
    "fly",
    "full_purse",
    "row",
    "settle",
    "step",
    "take",
]

SNAP = 1e-12
"""A probability that comes this near to 0 or 1 has arrived: rounding errors are smaller."""
PIVOT = 1e-9
"""A vector nearer than this to the span of others (relative to its length) depends on them."""
DRIFT = 1e-12
"""Coordinates that miss their vector by more, relative to them, are refined, then found anew."""
EMPTY = -1

# Few arrays with named rows: each one handed to a compiled function costs time.
WEIGHT, ENTERING, COORDINATE, REST = range(4)
VECTOR, INVERSE = range(2)
CENTRE, SCALE = range(2)


class Columns(NamedTuple):
    """What a sample is balanced on, as the flight reads it.

    The balancing vector of unit i is (1, (x[i] / pi[i] - centre) * scale), with the rows CENTRE and
    SCALE of ``shift``: together with pi they span the same balance as x, and are told apart better.
    """

    pi: Floats
    x: Floats
    shift: Floats


class Purse(NamedTuple):
    """The numbers of a draw: a unit's is put in when it enters; a step takes the last."""

    number: Floats
    spare: Floats
    filled: Ints


class Basis(NamedTuple):
    """The undecided units, in slots; an EMPTY slot holds a vector that keeps still.

    unit[s]               the unit in slot s
    line[WEIGHT, s]       what its balancing vector was multiplied by to be 1 long
    line[ENTERING]        the vector of the unit that enters, line[COORDINATE] its coordinates, and
    line[REST]            what they leave of it; then the direction of the step
    square[VECTOR, s]     the vector in slot s
    square[INVERSE, k]    the coordinates of the k-th unit vector
    """

    unit: Ints
    line: Floats
    square: Floats


def empty_purse(number: Floats) -> Purse:
    """Return a purse to be filled as units enter; every step finds a number: it decides a unit."""
    return Purse(number, np.empty_like(number), np.zeros(1, dtype=np.int64))


def full_purse(number: Floats) -> Purse:
    """Return a purse from which the numbers come in their order."""
    return Purse(number, number[::-1].copy(), np.array([number.size]))


@kernel
def fly(columns: Columns, count: int, psi: Floats, units: Ints, purse: Purse, fresh: bool) -> None:
    """Move ``psi`` of ``units``, in place, balanced on pi and the first ``count - 1`` columns.

    What stays undecided is independent, so at most ``count`` units; rounding may leave another one
    outside the basis, for the next flight. ``fresh`` units bring numbers.
    """
    basis = empty_basis(count)
    for e in units:
        if not 0 < psi[e] < 1:
            continue
        if fresh:
            purse.spare[purse.filled[0]] = purse.number[e]
            purse.filled[0] += 1
        row(columns, e, basis.line[ENTERING])
        weight = aim(basis)
        if settle(basis, e, weight):
            continue
        decide(basis, e, weight, psi, take(purse))
        if 0 < psi[e] < 1:
            settle(basis, e, weight)


@piece
def take(purse: Purse) -> float:
    """Take the last number out of the purse."""
    purse.filled[0] -= 1
    return float(purse.spare[purse.filled[0]])


@kernel
def empty_basis(slots: int) -> Basis:
    """Return a basis without units."""
    basis = Basis(np.empty(slots, np.int64), np.zeros((4, slots)), np.empty((2, slots, slots)))
    clear(basis)
    return basis


@kernel
def clear(basis: Basis) -> None:
    """Empty every slot: unit vectors that keep still."""
    for s in range(basis.unit.size):
        basis.unit[s] = EMPTY
        for k in range(basis.unit.size):
            basis.square[VECTOR, s, k] = basis.square[INVERSE, s, k] = 1.0 if s == k else 0.0


@piece
def row(columns: Columns, i: int, vector: Floats) -> None:
    """Write the balancing vector of unit ``i``."""
    inverse = 1.0 / columns.pi[i]
    for k in range(vector.size):
        vector[k] = 1.0
        if k > 0:
            away = columns.x[i, k - 1] * inverse - columns.shift[CENTRE, k - 1]
            vector[k] = away * columns.shift[SCALE, k - 1]


@piece
def aim(basis: Basis) -> float:
    """Make the entering vector 1 long and find its coordinates; return what made it so."""
    line = basis.line
    longest = 1.0
    for k in range(basis.unit.size):
        longest = max(longest, abs(line[ENTERING, k]))
    weight = 1.0 / longest
    for k in range(basis.unit.size):
        line[ENTERING, k] *= weight
        line[REST, k] = line[ENTERING, k]
        line[COORDINATE, k] = 0.0
    if _solve(basis) > DRIFT and _solve(basis) > DRIFT:  # the second adds what the first missed
        _renew(basis)
    return weight


@piece
def _solve(basis: Basis) -> float:
    """Add to the coordinates what REST asks for; return how much they miss the vector by."""
    line, square = basis.line, basis.square
    slots = basis.unit.size
    for k in range(slots):
        for s in range(slots):
            line[COORDINATE, s] += line[REST, k] * square[INVERSE, k, s]
    for k in range(slots):
        line[REST, k] = line[ENTERING, k]
    size, worst = 1.0, 0.0
    for s in range(slots):
        size = max(size, abs(line[COORDINATE, s]))
        for k in range(slots):
            line[REST, k] -= line[COORDINATE, s] * square[VECTOR, s, k]
    for k in range(slots):
        worst = max(worst, abs(line[REST, k]))
    return worst / size


@piece
def settle(basis: Basis, e: int, weight: float) -> bool:
    """Let ``e`` take the free slot that its vector needs most; return False if it needs none."""
    line, square = basis.line, basis.square
    slot, largest = EMPTY, PIVOT
    for s in range(basis.unit.size):
        if basis.unit[s] == EMPTY and abs(line[COORDINATE, s]) > largest:
            slot, largest = s, abs(line[COORDINATE, s])
    if slot == EMPTY:
        return False
    basis.unit[slot], line[WEIGHT, slot] = e, weight
    pivot = 1.0 / line[COORDINATE, slot]
    for k in range(basis.unit.size):
        square[VECTOR, slot, k] = line[ENTERING, k]
        factor = square[INVERSE, k, slot] * pivot
        for s in range(basis.unit.size):
            square[INVERSE, k, s] -= factor * line[COORDINATE, s]
        square[INVERSE, k, slot] = factor
    return True


@piece
def decide(basis: Basis, e: int, weight: float, psi: Floats, number: float) -> None:
    """Step along the direction of ``e``; the slots of decided units become free."""
    direction = basis.line[REST]
    for s in range(basis.unit.size):
        direction[s] = -basis.line[COORDINATE, s] * basis.line[WEIGHT, s]
    step(basis.unit, direction, e, weight, psi, number)
    for s in range(basis.unit.size):
        if basis.unit[s] != EMPTY and not 0 < psi[basis.unit[s]] < 1:
            basis.unit[s] = EMPTY


@piece
def step(units: Ints, direction: Floats, e: int, weight: float, psi: Floats, number: float) -> None:
    """Move ``units`` along ``direction``, and ``e`` with speed ``weight`` > 0, in place.

    Deville, Tillé (2004), the flight: to one of the two ends, with the chance of the other's length.
    """
    up, down = (1.0 - psi[e]) / weight, psi[e] / weight
    for s in range(units.size):
        if units[s] != EMPTY:
            below, speed = psi[units[s]], abs(direction[s])
            ahead, behind = (1.0 - below, below) if direction[s] > 0 else (below, 1.0 - below)
            # Divided only where it binds: a speed of 0 never does.
            up = ahead / speed if up * speed > ahead else up
            down = behind / speed if down * speed > behind else down
    distance = up if number * (up + down) < down else -down
    psi[e] = _arrived(psi[e] + distance * weight)
    for s in range(units.size):
        if units[s] != EMPTY:
            psi[units[s]] = _arrived(psi[units[s]] + distance * direction[s])


@piece
def _arrived(psi: float) -> float:
    if psi < SNAP:
        return 0.0
    return 1.0 if psi > 1.0 - SNAP else psi


@kernel
def _renew(basis: Basis) -> None:
    """Compute the inverse again from the vectors of the undecided units, then the coordinates."""
    old = Basis(basis.unit.copy(), basis.line.copy(), basis.square.copy())
    clear(basis)
    for s in range(old.unit.size):
        if old.unit[s] != EMPTY:
            _restart(basis, old.square[VECTOR, s])
            settle(basis, old.unit[s], old.line[WEIGHT, s])
    _restart(basis, old.line[ENTERING])
    _solve(basis)


@kernel
def _restart(basis: Basis, vector: Floats) -> None:
    for k in range(vector.size):
        basis.line[ENTERING, k] = basis.line[REST, k] = vector[k]
        basis.line[COORDINATE, k] = 0.0
    _solve(basis)
