"""One round of the search for balanced chances: a Newton step in the logs of the factors.

The chances are the minimum of a convex function of these logs, whose slope at a node is its load
less the limit that its factor answers to. Newton's equation is solved by conjugate gradients with
the diagonal as preconditioner, no further than is of use (Dembo, Eisenstat, Steihaug 1982, Inexact
Newton methods, SIAM J. Numer. Anal. 19(2), doi:10.1137/0719025), for the nodes whose factor may
move; a factor stops at 1 (Bertsekas 1982, Projected Newton methods for optimization problems with
simple constraints, SIAM J. Control Optim. 20(2), doi:10.1137/0320018). A node that the step would
push beyond its limit joins, and the solution goes on. No logarithm is taken: a step t multiplies a
factor by ((64 + t) / (64 - t))^32.

The steps, from a point with its loads, its miss and a damping:

1. Which limit each factor answers to (``sides``); its target is that limit. The *free* nodes do,
   but those *near* 1 that are drawn there (``_nearly_free``) step there on their own.
2. The matrix H says how loads follow the logs (``followed``). Its own diagonal, without what the
   groups' members do to one another, plus D = damping * miss * load, is the preconditioner; nodes
   where it is 0 take no part.
3. Conjugate gradients for (H + D) step = target - load over the free nodes, from 0, until the
   preconditioned square of the rest has fallen to the square of the miss (``FORCING``) times what
   it began at; ``PRODUCTS`` gradients at most, in all.
4. Nodes that answer to no limit and would go beyond one join, with what their loads as foreseen
   lack as the rest, and 3 goes on, until none joins.
5. Each step is cut to ``LONGEST``, and at 1 where the factor answers to one of two limits.
6. Taken whole, then halved up to ``HALVINGS`` times, until the miss has halved or the slope at the
   end, ``step * (load - target)``, is at most ``SLOPE`` of that downwards at the beginning.
"""

from typing import NamedTuple

import numpy as np

from fairlot._base.arrays import Flags, Floats
from fairlot.assignment.arithmetic import dot
from fairlot.assignment.balance_nodes import LOWER, NEITHER, UPPER, Sides, added_up, moved, sides
from fairlot.assignment.balance_point import Parts, Point, followed, point_at

__all__ = ["next_point"]

HALVINGS = 30
"""How often a step is halved whose end still slopes upwards."""

SLOPE = 0.25
"""The slope upwards at the end of a step that is borne, as a share of that downwards before it."""

LONGEST = 16.0
"""Longest step of the log of a factor."""

PRODUCTS = 1000
"""Most conjugate gradients of a round."""

FORCING = (1e-3, 0.1)
"""How far the equation is solved: to the miss of the point, between these."""

NEAR = 1e-3
"""A factor this near to 1, or nearer than the miss, that wants to go there, goes on its own."""

JOINING = 1e-12
"""How far beyond its limit, relatively, a node is seen that joins."""


class _Equation(NamedTuple):
    """Newton's equation at a point: which nodes take part, and its diagonal (1 elsewhere)."""

    parts: Parts
    point: Point
    diagonal: Floats
    damping: Floats
    able: Flags


def next_point(parts: Parts, point: Point, damping: float) -> Point | None:
    """Return the end of a Newton step, None if every step leads upwards."""
    side = sides(point.v, point.load, parts.limits)
    near, home = _nearly_free(parts, point, side)
    step, side = _newton(_equation(parts, point, damping), side, near)
    step = np.where(near, home, np.minimum(np.maximum(step, -LONGEST), LONGEST))
    target = np.where(side == LOWER, parts.limits.low, parts.limits.high)
    _, whole = moved(point.v, step, side)
    downwards = -dot(whole, point.load - target)
    reach = 1.0
    for _ in range(HALVINGS):
        v, taken = moved(point.v, reach * step, side)
        new = point_at(parts, v, point.fit.u)
        if new.miss <= 0.5 * point.miss or dot(taken, new.load - target) <= SLOPE * downwards:
            return new
        reach *= 0.5
    return None


def _nearly_free(parts: Parts, point: Point, side: Sides) -> tuple[Flags, Floats]:
    """Say which factors are next to 1 and drawn there, and the step that surely takes them.

    Within Newton's equation they would be taken to move on, and the others would count on it.
    """
    away = 1.0 - point.v
    spare = point.load < parts.limits.high
    over = point.load > parts.limits.low
    drawn = ((side == UPPER) & spare & (away > 0)) | ((side == LOWER) & over & (away < 0))
    return drawn & (np.abs(away) <= min(NEAR, point.miss)), 2.0 * away


def _newton(equation: _Equation, side: Sides, near: Flags) -> tuple[Floats, Sides]:
    """Return Newton's step, and the limits that factors answer to with those that joined."""
    limits, load = equation.parts.limits, equation.point.load
    free = (side != NEITHER) & ~near & equation.able
    rest = np.where(free, np.where(side == LOWER, limits.low, limits.high) - load, 0.0)
    step, seen, enough, left = np.zeros(load.size), load, 0.0, PRODUCTS
    while left > 0:
        more, change, rest, enough, left = _conjugate(equation, free, rest, enough, left)
        step, seen = step + more, seen + change
        above, below = _beyond(equation, side, seen)
        joining = above | below
        if not joining.any():
            break
        side = np.where(above, UPPER, np.where(below, LOWER, side)).astype(np.int8)
        free = free | joining
        rest = np.where(joining, np.where(above, limits.high, limits.low) - seen, rest)
    return step, side


def _beyond(equation: _Equation, side: Sides, seen: Floats) -> tuple[Flags, Flags]:
    """Say which nodes that answer to no limit would be above one, and below one."""
    limits, idle = equation.parts.limits, (side == NEITHER) & equation.able
    above = idle & (seen > limits.high * (1.0 + JOINING))
    return above, idle & (seen < limits.low * (1.0 - JOINING))


def _equation(parts: Parts, point: Point, share: float) -> _Equation:
    own = point.w * point.fit.live - point.w * point.w * point.fit.bend
    damping = share * point.miss * point.load
    diagonal = added_up(np.maximum(own, 0.0), parts.limits.parent) + damping
    able = diagonal > 0.0
    return _Equation(parts, point, np.where(able, diagonal, 1.0), damping, able)


def _conjugate(
    equation: _Equation, free: Flags, rest: Floats, enough: float, left: int
) -> tuple[Floats, Floats, Floats, float, int]:
    """Solve for the ``free`` nodes until the preconditioned square of ``rest`` is small enough.

    Returns the step, how the loads of all nodes follow it, what rests, what is enough from now on
    (the most ever enough), and how many gradients are left.
    """
    step, change = np.zeros(rest.size), np.zeros(rest.size)
    direction = np.where(free, rest / equation.diagonal, 0.0)
    square = dot(rest, direction)
    forcing = min(max(equation.point.miss, FORCING[0]), FORCING[1])
    enough = max(enough, square * forcing * forcing)
    while square > enough and left > 0:
        left -= 1
        product = followed(equation.parts, equation.point, direction)
        damped = np.where(free, product + equation.damping * direction, 0.0)
        curvature = dot(direction, damped)
        if curvature <= 0.0:
            break
        by = square / curvature
        step, change, rest = step + by * direction, change + by * product, rest - by * damped
        scaled = np.where(free, rest / equation.diagonal, 0.0)
        before, square = square, dot(rest, scaled)
        direction = scaled + (square / before) * direction
    return step, change, rest, enough, left
