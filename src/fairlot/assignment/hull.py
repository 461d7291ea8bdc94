"""The hull of all valid assignments, by the corners met so far and more where a price asks.

What a lottery promises, the chance of every pair, is a point of this hull: a mean of corners.
"""

from typing import NamedTuple

import numpy as np

from fairlot._base.arrays import Flags, Floats
from fairlot._base.errors import Infeasible, NotConverged
from fairlot.assignment.all_assignments import all_assignments
from fairlot.assignment.borrowing import borrowing_costs
from fairlot.assignment.problem import Problem
from fairlot.assignment.programme import Found, Programme, at_most, cheapest, programme_of

__all__ = ["Hull", "hull_of", "priced", "refuse_gap"]

AT_ONCE = 8
"""So many corners are asked for at one price: fewer rounds, and the programme is the cheap part."""

LISTED = 20_000
"""Up to so many assignments are listed once, and no programme is solved."""

ROUNDING = 1e-9
"""HiGHS is believed so far: it stops within 1e-12 of the greatest cost."""


class Hull(NamedTuple):
    """Some corners of the hull; :func:`hull_of` gives enough to tell forced and impossible pairs.

    corners  (corners, edges) the edges that each assignment uses: of every possible edge, one that
             uses it; of every edge that is not forced, one that does not
    every    all corners there are, where they are few; None where the programme is asked
    """

    programme: Programme
    corners: Flags
    every: Flags | None

    @property
    def possible(self) -> Flags:
        """Edges that some assignment uses, (edges,)."""
        return np.asarray(self.corners.any(axis=0))

    @property
    def forced(self) -> Flags:
        """Edges that every assignment uses, (edges,)."""
        return np.asarray(self.corners.all(axis=0))

    def cheapest(self, cost: Floats) -> Found:
        """Return the cheapest corner there is, met or not; refuse when there is none at all."""
        asked = cheapest(self.programme, cost) if self.every is None else _first(self.every, cost)
        if asked is None:
            raise Infeasible(
                "no assignment of {tasks} tasks keeps all rules",
                zh="{tasks} 个任务没有满足全部规则的分派",
                tasks=len(self.programme.problem.tasks),
            )
        return asked

    def with_corners(self, used: Flags) -> "Hull":
        """Return the hull knowing more corners (corners, edges)."""
        return self._replace(corners=np.vstack([self.corners, used]))


def _first(every: Flags, cost: Floats) -> Found | None:
    if not len(every):
        return None
    costs = every @ cost
    at = int(np.argmin(costs))
    return Found(every[at], float(costs[at]), float(costs[at]))


def _nearest(hull: Hull, problem: Problem) -> Hull:
    """Return the hull of the assignments that borrow least."""
    cost = borrowing_costs(problem).astype(np.float64)
    least = hull.cheapest(cost).cost
    every = None if hull.every is None else hull.every[hull.every @ cost == least]
    return hull._replace(programme=at_most(hull.programme, cost, least), every=every)


def hull_of(problem: Problem) -> Hull:
    """Return enough corners to tell forced and impossible pairs, as the list or programme proves.

    Where tiers are given, the assignments are those that borrow least, see ``borrowing_costs``.

    Raises Infeasible when no assignment keeps all rules.
    """
    none = np.zeros((0, problem.idx.size), np.bool_)
    hull = Hull(programme_of(problem), none, all_assignments(problem, LISTED))
    if problem.tier.any():
        hull = _nearest(hull, problem)
    hull = hull.with_corners(hull.cheapest(np.zeros(problem.idx.size)).used)
    for sign in (-1, 1):  # use what was never used; leave out what was always used
        while True:
            asked = hull.forced if sign > 0 else ~hull.possible
            used = hull.cheapest(np.where(asked, sign, 0.0)).used
            if np.array_equal(used[asked], hull.corners[0][asked]):
                break
            hull = hull.with_corners(used)
    return hull


def priced(hull: Hull, cost: Floats, value: float, aim: float) -> tuple[float, Hull]:
    """Return by how much ``value`` may be above the cheapest corner, and a hull that knows it.

    The same hull comes back when that is at most ``aim``, or when no new corner is cheaper.
    """
    found = hull.cheapest(cost)
    gap = value - min(found.bound, found.cost, float((hull.corners @ cost).min()))
    fresh = hull.corners[:0] if gap <= aim else _cheap(hull, cost, value, found.used, gap)
    met = (hull.corners[:, None] == fresh[None]).all(axis=2).any(axis=0)
    return gap, hull if met.all() else hull.with_corners(fresh[~met])


def refuse_gap(gap: float) -> None:
    """Refuse a gap that rounding does not explain."""
    if gap > ROUNDING:
        raise NotConverged(
            "the chances stay {gap:.1e} from the best; want {most:.1e}",
            zh="概率与最优值的差距为 {gap:.1e}，应不超过 {most:.1e}",
            gap=gap,
            most=ROUNDING,
        )


def _cheap(hull: Hull, cost: Floats, value: float, best: Flags, gap: float) -> Flags:
    """Return the best corner and others below ``value`` that share little with those before.

    Each pays for the edges of those before: enough that a corner met again were worth nothing.
    """
    found = [best]
    dear = cost
    for _ in range(AT_ONCE - 1):
        dear = dear + gap / best.sum() * found[-1]
        used = hull.cheapest(dear).used
        if cost @ used >= value:
            break
        found.append(used)
    return np.unique(np.array(found), axis=0)
