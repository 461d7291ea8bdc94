"""More corners for the same chances, so that officers who may serve together sometimes do.

A handful of corners realises given chances, and in a handful most pairs of officers never meet.
The balance gives a weight to every corner that can have one: here it gets corners to choose from.
"""

from itertools import combinations

import numpy as np

from fairlot._base.arrays import Flags, Floats, Ints
from fairlot.assignment.hull import Hull
from fairlot.assignment.programme import Programme

__all__ = ["with_pairings"]

SLIGHT = 1e-4
"""What a meeting is worth beside the greatest cost: too little to make a dear corner cheap."""


def with_pairings(hull: Hull, cost: Floats) -> Hull:
    """Return the hull with more corners that are cheapest, or nearly so, at ``cost`` (edges,).

    Every two officers of a team who met in no corner are asked for once, those of different tasks
    together, so some that could meet may be missed.
    """
    programme = hull.programme
    task, one, other = _meetings(programme, hull.possible)
    asked = np.asarray(_met(programme, hull.corners, one, other).any(axis=0))
    worth = SLIGHT * float(np.abs(cost).max()) / len(programme.problem.tasks)
    found = hull.corners
    while not asked.all():
        left = np.flatnonzero(~asked)
        now = left[np.unique(task[left], return_index=True)[1]]
        wanted = np.zeros(programme.pairs.size)
        wanted[one[now]] = wanted[other[now]] = 1.0
        used = hull.cheapest(cost - worth * (wanted @ programme.team)).used
        found = np.vstack([found, used])
        asked[now] = True
        asked |= _met(programme, used[None], one, other)[0]
    return hull._replace(corners=np.unique(found, axis=0))


def _meetings(programme: Programme, possible: Flags) -> Ints:
    """Return rows: the task of each meeting, and where its two officers are in ``pairs``."""
    problem = programme.problem
    can = np.flatnonzero(programme.team @ possible.astype(np.int64))
    task = programme.pairs[can] // len(problem.officers)
    places = np.bincount(problem.seat_task, problem.quota, len(problem.tasks))
    groups = np.split(can, np.flatnonzero(np.diff(task)) + 1)
    rows = [
        (t, *two)
        for t, group in zip(np.unique(task), groups, strict=True)
        if places[t] > 1
        for two in combinations(group, 2)
    ]
    return np.array(rows, np.int64).reshape(-1, 3).T


def _met(programme: Programme, corners: Flags, one: Ints, other: Ints) -> Flags:
    team = np.asarray(programme.team @ corners.T.astype(np.int64)).T > 0
    return np.logical_and(team[:, one], team[:, other])
