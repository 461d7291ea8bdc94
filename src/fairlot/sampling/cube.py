"""The cube method: samples whose estimates of known totals are right, with exact probabilities.

Deville, Tillé (2004), Efficient balanced sampling: the cube method, Biometrika 91(4),
doi:10.1093/biomet/91.4.893.
"""

from numpy.typing import ArrayLike

from fairlot._base import check
from fairlot._base.arrays import Flags, Floats
from fairlot._base.chance import as_chance
from fairlot.sampling.columns import table
from fairlot.sampling.cube_columns import columns
from fairlot.sampling.cube_flight import Columns, Purse, empty_purse, fly
from fairlot.sampling.sample import Sample, drawn, inside

__all__ = ["cube", "decided", "whole_size"]

CUBE = "cube/1"


def cube(pi: ArrayLike, x: ArrayLike, *, rng: object) -> Sample:
    """Draw a sample balanced on ``x``: the sum of x / pi over it is nearly the sum of x over all.

    pi   (N,) inclusion probabilities in [0, 1]
    x    (N, p) balancing variables, any units, or (N,) for one; p may be 0. The most important
         come first: where not all can be kept to the end, the last are given up first
    rng  asked once for N numbers; that of a unit decides the step at which it enters the flight, or
         a step of the landing when it entered without one

    Promised in every draw: pi is always the first balancing variable, so the size is its sum, or
    that sum rounded down or up when it is not whole; each column of x is missed by less than
    (p + 1) times its largest |x / pi|, however large N is (units of probability 0, which no
    estimate can reach, left out). Promised over draws: exactly ``pi``, but that within 1e-12 of 0
    or 1 a probability on its way counts as arrived. Not promised: joint probabilities, some of
    which may be 0. Units near each other in the rows seldom come together, so sorted rows stratify;
    mix them first where the variance is to be estimated as that of a design of high entropy.

    The flight (:mod:`~fairlot.sampling.cube_flight`) keeps the balance exactly and leaves at most
    p + 1 units undecided; the landing decides these, giving up the last column, then the one before
    it, and pi at the very end. (The landing by linear programming weighs all 2^(p + 1) outcomes; it
    is left out, as no solver decides alike on every machine.) Columns that say nothing new, being
    constant at equal pi, zero, or combinations of others, do no harm and count in no bound. It all
    decides by + - * / and comparison alone.

    O(N p^2): 0.1 s for N = 10^6 and p = 2, 0.3 s for p = 10. Raises InvalidInput.

    >>> import numpy as np
    >>> pi, x = [0.5] * 6, [1, 1, 2, 2, 5, 5]
    >>> sample = cube(pi, x, rng=np.random.default_rng(1))
    >>> sum(x[i] / 0.5 for i in sample.index), sum(x)
    (16.0, 16)
    """
    pi = check.probabilities(pi)
    x = table("x", x, rows=pi.size, fewest=0)
    size = whole_size(pi)
    purse = empty_purse(as_chance(rng).random(pi.size))
    units, psi = inside(pi), pi.copy()
    ready = columns(pi, x, units)
    fly(ready, x.shape[1] + 1, psi, units, purse, True)
    return drawn(decided(ready, psi, purse, size), pi, CUBE, size)


def whole_size(pi: Floats) -> int | None:
    """Return the size that ``pi`` fixes; None when its sum is not whole."""
    size = round(float(pi.sum()))
    return size if abs(float(pi.sum()) - size) <= check.SUM_TOLERANCE else None


def decided(columns: Columns, psi: Floats, purse: Purse, size: int | None) -> Flags:
    """Land: decide what a flight has left, giving up one column after the other, the last first.

    A whole size keeps pi to the end; it leaves at most one unit, within rounding of 0 or 1.
    """
    left = inside(psi)
    for count in range(columns.x.shape[1] + 1, -1 if size is None else 0, -1):
        fly(columns, count, psi, left, purse, False)
    chosen: Flags = psi > 0.5
    return chosen
