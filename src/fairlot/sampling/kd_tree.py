"""The nearest units still in play: a k-d tree from which units can be taken away.

Bentley (1975), Multidimensional binary search trees used for associative searching, Communications
of the ACM 18(9), doi:10.1145/361002.361007; nearest neighbours after Friedman, Bentley, Finkel
(1977), ACM Transactions on Mathematical Software 3(3), doi:10.1145/355744.355745.

A grown tree gives each unit a *number* 0 to N - 1, near units near numbers, so that whatever a
caller keeps by number lies close in memory when the units do. The tree is balanced and needs no
pointers: node k has the children 2k and 2k + 1, and the j-th of 2^l nodes of a level owns the seats
from ``j N / 2^l`` to ``(j + 1) N / 2^l``, rounded down. A node with at most LEAF units left is a
leaf, whatever is below it: they sit on its first seats. So the tree shrinks with its units, and
finding the last pair costs no more than the first: 0.2 to 0.8 us for N = 10^4 to 10^6 in the plane.

Every unit has a key, all different: *of units at the same distance the smaller key is nearer*.
Units on one point are split by key, so any number of duplicates costs no more than other units.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from fairlot._base.arrays import Floats, Ints, Words
from fairlot._base.errors import InvalidInput
from fairlot._kernels import kernel
from fairlot.sampling.columns import table

__all__ = ["Tree", "grow", "located", "nearest", "remove"]

LEAF = 16
DEEP = 64  # nodes waiting in a search: at most one a level
FARTHEST = 1e150  # so that no squared distance overflows

Numbers = NDArray[np.int32]


class Tree(NamedTuple):
    """Units by place.

    point    (N, d) coordinates by seat
    number   (N,) who has the seat
    seat     (N,) where the unit of that number sits
    key      (N,) keys by number
    box      (nodes, 2 d) the lowest and the highest coordinates below a node
    least    (nodes,) a lower bound of the keys below a node
    seats    (nodes, 2) the first seat of a node, and how many units are left below it
    waiting  scratch of a search: nodes to look into
    """

    point: Floats
    number: Numbers
    seat: Numbers
    key: Words
    box: Floats
    least: Words
    seats: Numbers
    waiting: Ints


def located(coordinates: ArrayLike, units: int) -> Floats:
    """Return ``coordinates`` as (N, d) finite floats, not copied; (N,) is a line.

    >>> located([3, 1], 2).tolist()
    [[3.0], [1.0]]
    """
    point = table("coordinates", coordinates, rows=units)
    if max(point.max(), -point.min()) > FARTHEST:
        i, c = np.argwhere(np.abs(point) > FARTHEST)[0].tolist()
        raise InvalidInput(
            "coordinates[{i}, {c}] is {got}; want at most {want} in absolute value",
            zh="coordinates[{i}, {c}] 为 {got}，绝对值应不超过 {want}",
            i=i,
            c=c,
            got=float(point[i, c]),
            want=FARTHEST,
        )
    return point


def grow(point: Floats, key: Words) -> Tree:
    """Return the tree of units with coordinates ``point`` (N, d) and different keys, in O(N log N).

    Both arrays are taken over and reordered: unit number k is the one with key ``tree.key[k]``.
    """
    units, d = point.shape
    nodes = 2
    while units > LEAF * nodes // 2:
        nodes *= 2
    # Allocated here, since NumPy asks for huge pages and kernels do not: a sixth of the time.
    tree = Tree(
        point,
        number=np.arange(units, dtype=np.int32),
        seat=np.arange(units, dtype=np.int32),
        key=key,
        box=np.empty((nodes, 2 * d)),
        least=np.empty(nodes, dtype=np.uint64),
        seats=np.empty((nodes, 2), dtype=np.int32),
        waiting=np.empty(DEEP, dtype=np.int64),
    )
    _build(tree)
    return tree


@kernel
def _build(tree: Tree) -> None:
    point, _, _, key, box, least, seats, _ = tree
    units, leaves = key.size, least.size // 2
    width = 1
    while width <= leaves:
        for j in range(width):
            low, high = j * units // width, (j + 1) * units // width
            seats[width + j, 0], seats[width + j, 1] = low, high - low
            least[width + j] = key[low:high].min() if low < high else 0
            _enclose(point, low, high, width + j, box)
            if width < leaves:
                middle = (2 * j + 1) * units // (2 * width)
                _split(point, key, low, middle, high, _widest(box, width + j))
        width *= 2


@kernel
def _enclose(point: Floats, low: int, high: int, node: int, box: Floats) -> None:
    d = point.shape[1]
    for c in range(d):
        least, most = np.inf, -np.inf
        for s in range(low, high):
            least, most = min(least, point[s, c]), max(most, point[s, c])
        box[node, c], box[node, d + c] = least, most


@kernel
def _widest(box: Floats, node: int) -> int:
    d = box.shape[1] // 2
    best = 0
    for c in range(1, d):
        if box[node, d + c] - box[node, c] > box[node, d + best] - box[node, best]:
            best = c
    return best


@kernel
def _split(point: Floats, key: Words, low: int, middle: int, high: int, c: int) -> None:
    """Bring the smallest, by coordinate c and then key, before ``middle`` (Hoare's FIND)."""
    last = high - 1
    while low < last:
        x, k = _pivot(point, key, low, last, c)
        i, j = low, last
        while i <= j:
            while point[i, c] < x or (point[i, c] == x and key[i] < k):
                i += 1
            while point[j, c] > x or (point[j, c] == x and key[j] > k):
                j -= 1
            if i <= j:
                _swap(point, key, i, j)
                i += 1
                j -= 1
        if j < middle:
            low = i
        if middle < i:
            last = j


@kernel
def _pivot(point: Floats, key: Words, low: int, last: int, c: int) -> tuple[float, np.uint64]:
    a, b, m = low, last, (low + last) // 2
    if _before(point[b, c], key[b], point[a, c], key[a]):
        a, b = b, a
    if _before(point[m, c], key[m], point[a, c], key[a]):
        m = a
    elif _before(point[b, c], key[b], point[m, c], key[m]):
        m = b
    return point[m, c], key[m]


@kernel
def _before(x: float, k: np.uint64, y: float, m: np.uint64) -> bool:
    return x < y or bool(x == y and k < m)


@kernel
def _swap(point: Floats, key: Words, i: int, j: int) -> None:
    key[i], key[j] = key[j], key[i]
    for c in range(point.shape[1]):
        point[i, c], point[j, c] = point[j, c], point[i, c]


@kernel
def remove(tree: Tree, k: int) -> None:
    """Take unit number ``k`` out of the tree."""
    point, number, seat, _, box, _, seats, _ = tree
    leaf = _leaf_of(seats, k, seat.size)
    _trade(point, number, seat, seat[k], seats[leaf, 0] + seats[leaf, 1] - 1)
    node = leaf
    while node:
        seats[node, 1] -= 1
        node //= 2
    while leaf > 1 and seats[leaf // 2, 1] <= LEAF:
        leaf //= 2
        first, right = seats[2 * leaf].sum(), seats[2 * leaf + 1, 0]
        for i in range(seats[2 * leaf + 1, 1]):
            _trade(point, number, seat, first + i, right + i)
        _enclose(point, seats[leaf, 0], seats[leaf].sum(), leaf, box)


@kernel
def _leaf_of(seats: Numbers, k: int, units: int) -> int:
    """Return the leaf where unit number ``k`` sits or sat: a unit never leaves its node's seats."""
    leaves = seats.shape[0] // 2
    node: int = leaves + ((k + 1) * leaves - 1) // units
    while node > 1 and seats[node // 2, 1] <= LEAF:
        node //= 2
    return node


@kernel
def _trade(point: Floats, number: Numbers, seat: Numbers, s: int, t: int) -> None:
    """Let two units swap seats."""
    number[s], number[t] = number[t], number[s]
    seat[number[s]], seat[number[t]] = s, t
    for c in range(point.shape[1]):
        point[s, c], point[t, c] = point[t, c], point[s, c]


@kernel
def nearest(
    tree: Tree, k: int, found: Ints, apart: Floats, after: int = 0, beyond: float = -1.0
) -> int:
    """Find the units nearest to number ``k``, other than it; return how many.

    ``found`` gets their numbers and ``apart`` their squared distances, rising: as many as it has
    room for (at least one), or all that are left. Number k itself need not be in the tree any more.
    To go on where a search has ended, give its last number and distance as ``after``, ``beyond``.
    """
    point, number, seat, key, box, least, seats, waiting = tree
    s, d, last = seat[k], point.shape[1], found.size - 1
    found[:], apart[:] = k, np.inf
    node = path = _leaf_of(seats, k, seat.size)
    while path:
        waiting[0], more = node, 1
        while more:
            more -= 1
            node = waiting[more]
            # Distances are written out: calls cost more. No unit's is rounded below its box's.
            gap = 0.0
            for c in range(d):
                aside = max(box[node, c] - point[s, c], point[s, c] - box[node, d + c], 0.0)
                gap += aside * aside
            if gap > apart[last] or (gap == apart[last] and least[node] >= key[found[last]]):
                continue
            if seats[node, 1] > LEAF:
                waiting[more], waiting[more + 1] = 2 * node + 1, 2 * node
                more += 2
                continue
            for t in range(seats[node, 0], seats[node, 0] + seats[node, 1]):
                gap = 0.0
                for c in range(d):
                    aside = point[t, c] - point[s, c]
                    gap += aside * aside
                near = _before(gap, key[number[t]], apart[last], key[found[last]])
                if near and t != s and _before(beyond, key[after], gap, key[number[t]]):
                    _insert(key, number[t], gap, found, apart)
        node, path = path ^ 1, path // 2
    return int(np.searchsorted(apart, np.inf))


@kernel
def _insert(key: Words, k: int, gap: float, found: Ints, apart: Floats) -> None:
    """Put ``k`` in its place; the farthest falls out."""
    m = found.size - 1
    while m and _before(gap, key[k], apart[m - 1], key[found[m - 1]]):
        found[m], apart[m] = found[m - 1], apart[m - 1]
        m -= 1
    found[m], apart[m] = k, gap
