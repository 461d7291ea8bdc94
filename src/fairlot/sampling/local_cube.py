"""The local cube method: samples balanced on known totals and spread over space.

Grafström, Tillé (2013), Doubly balanced spatial sampling with spreading and restitution of
auxiliary totals, Environmetrics 24(2), doi:10.1002/env.2194.
"""

import numpy as np
from numpy.typing import ArrayLike

from fairlot._base import check
from fairlot._base.arrays import Floats, Ints
from fairlot._base.chance import as_chance
from fairlot._kernels import kernel
from fairlot.sampling.columns import table
from fairlot.sampling.cube import decided, whole_size
from fairlot.sampling.cube_columns import columns
from fairlot.sampling.cube_flight import (
    ENTERING,
    Basis,
    Columns,
    Purse,
    aim,
    clear,
    decide,
    empty_basis,
    full_purse,
    row,
    settle,
    take,
)
from fairlot.sampling.kd_tree import Tree, grow, located, nearest, remove
from fairlot.sampling.sample import Sample, drawn, inside

__all__ = ["local_cube"]

LOCAL_CUBE = "local_cube/1"


def local_cube(pi: ArrayLike, x: ArrayLike, coordinates: ArrayLike, *, rng: object) -> Sample:
    """Draw a sample balanced on ``x`` in which units near each other seldom come together.

    pi           (N,) inclusion probabilities in [0, 1]
    x            (N, p) balancing variables, any units, or (N,) for one; p may be 0
    coordinates  (N, d) places, all in one unit of length, or (N,); distances are Euclidean, so
                 scale them first if they are not alike; of units equally near, earlier rows first
    rng          asked twice for N numbers; the k-th step of all chooses its unit with the first
                 number of the k-th unit that chance decides, and its way with the second

    Promised, as by :func:`~fairlot.sampling.cube.cube`: in every draw the size is the sum of pi, or
    that sum rounded down or up, and each column of x is missed by less than (p + 1) times its
    largest |x / pi|; over draws, exactly ``pi``. Not promised: joint probabilities, which are near
    0 for neighbours; nor a bound on the spread, which makes the sample follow whatever is smooth in
    space.

    A step takes an undecided unit at random and its nearest undecided neighbours, one after the
    other until they can move without changing the balance: at most p + 2 units. Those left at the
    end, at most p + 1, land as in the cube method.

    O(N (log N + p^3)): 0.3 s for N = 10^5 and p = 2, 4 s for 10^6. Raises InvalidInput.

    >>> import numpy as np
    >>> sample = local_cube([0.5] * 6, [1, 1, 2, 2, 5, 5], [1, 2, 3, 4, 5, 6],
    ...                     rng=np.random.default_rng(1))
    >>> sample.index.tolist()
    [0, 3, 4]
    """
    pi = check.probabilities(pi)
    x = table("x", x, rows=pi.size, fewest=0)
    where = located(coordinates, pi.size)
    size, units, psi = whole_size(pi), inside(pi), pi.copy()
    chance = as_chance(rng)
    choice, purse = (full_purse(chance.random(pi.size)[units]) for _ in range(2))
    ready = columns(pi, x, units)
    tree = grow(where[units], np.arange(units.size, dtype=np.uint64))
    _fly_near(ready, psi, units[tree.key], tree, choice, purse)
    return drawn(decided(ready, psi, purse, size), pi, LOCAL_CUBE, size)


@kernel
def _fly_near(
    columns: Columns, psi: Floats, units: Ints, tree: Tree, choice: Purse, purse: Purse
) -> None:
    """Move ``psi`` by steps among neighbours, in place; ``units`` stand by number in the tree."""
    slots = columns.x.shape[1] + 1
    basis, group, apart = empty_basis(slots), np.empty(slots + 1, np.int64), np.empty(slots)
    left = np.arange(units.size)
    place = np.arange(units.size)
    count = units.size
    while count:
        group[0] = left[min(int(take(choice) * count), count - 1)]
        size, weight = _gather(basis, columns, units, tree, group, apart)
        if not size:
            return
        decide(basis, units[group[size - 1]], weight, psi, take(purse))
        for k in group[:size]:
            if not 0 < psi[units[k]] < 1:
                remove(tree, k)
                count -= 1
                left[place[k]], place[left[count]] = left[count], place[k]


@kernel
def _gather(
    basis: Basis, columns: Columns, units: Ints, tree: Tree, group: Ints, apart: Floats
) -> tuple[int, float]:
    """Enter a unit and its neighbours until one depends on the others; return how many, and its
    weight: 0 when all that are left are independent.
    """
    clear(basis)
    found = nearest(tree, group[0], group[1:], apart)
    for m in range(found + 1):
        row(columns, units[group[m]], basis.line[ENTERING])
        weight = aim(basis)
        if not settle(basis, units[group[m]], weight):
            return m + 1, weight
    return 0, 0.0
