"""Leximin loads over all lotteries of whole assignments: the exact path of small hard problems."""

from dataclasses import replace
from typing import Any, NamedTuple

import numpy as np

from fairlot._base.arrays import Flags, Floats
from fairlot.assignment.hull import Hull
from fairlot.assignment.raising import raised

__all__ = ["Level", "leximin_level"]

BINDS = 1e-7
"""A price above this binds: the prices of a stage are some that add up to 1."""

NONE_LEFT = 1e-9
"""A chance that no lottery raises above this is none."""


class Level(NamedTuple):
    """The loads (officers,), and the hull with corners that reach them.

    Edges that can have no chance under these loads are closed, and in no corner.
    """

    load: Floats
    hull: Hull


def leximin_level(hull: Hull) -> Level:
    """Return the expected loads whose least is as great as can be, then the next least, and so on.

    A stage raises the least load of those not settled; the officers whose price is above 0 cannot
    have more in any lottery and are settled.

    Raises NotConverged when a stage is not proved within 1e-9.
    """
    load = _loads(hull)
    settled, least = np.zeros(load.shape[0], np.bool_), np.zeros(load.shape[0])
    while not settled.all():
        stage = raised(hull, load, np.where(settled, least, 0.0), ~settled)
        hull = stage.hull
        newly = ~settled & (stage.price > BINDS)
        least[newly] = stage.level
        settled |= newly
    return _opened(hull, load, least)


def _opened(hull: Hull, load: Any, least: Floats) -> Level:
    """Close the edges that have no chance under these loads; raise the least chance of the rest."""
    from scipy.sparse import eye_array, vstack

    edges = eye_array(hull.corners.shape[1], format="csr")
    while True:
        at = np.flatnonzero(hull.possible)
        lifted = np.arange(least.size + at.size) >= least.size
        base = np.append(least, np.zeros(at.size))
        stage = raised(hull, vstack([load, edges[at]], format="csr"), base, lifted)
        if stage.level > NONE_LEFT:
            return Level(load @ stage.chance, stage.hull)
        closed = np.zeros(hull.corners.shape[1], np.bool_)
        closed[at[stage.price[lifted] > BINDS]] = True
        hull = _closed(stage.hull, closed)


def _closed(hull: Hull, closed: Flags) -> Hull:
    def still(corners: Flags) -> Flags:
        return corners[~(corners & closed).any(axis=1)]

    programme = replace(hull.programme, open=hull.programme.open & ~closed)
    every = None if hull.every is None else still(hull.every)
    return Hull(programme, still(hull.corners), every)


def _loads(hull: Hull) -> Any:
    """Return (officers, edges), 1 where the edge is the officer's."""
    from scipy.sparse import csr_array

    problem = hull.programme.problem
    edges = problem.idx.size
    shape = (len(problem.officers), edges)
    return csr_array((np.ones(edges), (problem.idx, np.arange(edges))), shape)
