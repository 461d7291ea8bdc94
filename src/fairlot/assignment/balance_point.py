"""Where the search for balanced chances stands, and how the loads there follow the factors."""

from typing import NamedTuple

import numpy as np

from fairlot._base.arrays import Floats, Ints
from fairlot.assignment.balance_knots import Knots, answered_knots, fit_knots, knots_of
from fairlot.assignment.balance_nodes import (
    Limits,
    added_down,
    added_up,
    limits_of,
    multiplied_down,
    worst_miss,
)
from fairlot.assignment.balance_seats import Fit, Seats, answered_seats, empty_fit, fit_seats
from fairlot.assignment.network import Network

__all__ = ["Parts", "Point", "followed", "parts_of", "point_at"]


class Parts(NamedTuple):
    """A network taken apart: single edges by seat, bundles by knot, limits by node."""

    seats: Seats
    knots: Knots
    limits: Limits
    people: int


class Point(NamedTuple):
    """The factors v of the nodes and all that follows from them.

    w         (officers,) weights: the product of v over the officer and the groups around
    fit       the factors of the seats, and sums over their edges
    matrices  of the knots, eliminated
    load      (nodes,) places
    miss      the largest relative miss of a limit, at ``node``
    """

    v: Floats
    w: Floats
    fit: Fit
    matrices: Floats
    load: Floats
    miss: float
    node: int


def parts_of(network: Network, low: Ints, high: Ints) -> Parts:
    """Return ``network`` taken apart; without bundles, its edges are not copied."""
    knots = knots_of(network)
    edges = np.bincount(knots.first, minlength=network.quota.size + 1)
    edges = edges - np.bincount(knots.stop, minlength=network.quota.size + 1)
    tied = np.cumsum(edges)[:-1] > 0
    ptr, idx = network.ptr, network.idx
    if knots.first.size:
        single = np.flatnonzero(network.bundle < 0)
        ptr, idx = np.searchsorted(single, ptr), idx[single]
    people = int(network.parent[network.parent >= 0].min(initial=network.parent.size))
    seats = Seats(ptr, idx, network.quota.astype(np.float64), tied)
    return Parts(seats, knots, limits_of(network, low, high), people)


def point_at(parts: Parts, v: Floats, u: Floats) -> Point:
    """Return the point of the factors ``v``; the fit of the knots begins at ``u``."""
    seats, knots, limits, people = parts
    w = multiplied_down(v, limits.parent, people)
    fit, matrices = empty_fit(u, people), np.empty(knots.at[-1])
    fit_seats(seats, w, fit)
    if knots.first.size:
        fit_knots(seats, knots, w, fit, matrices)
    load = added_up(w * fit.live + fit.held, limits.parent)
    return Point(v, w, fit, matrices, load, *worst_miss(v, load, limits))


def followed(parts: Parts, point: Point, p: Floats) -> Floats:
    """Return how the loads (nodes,) follow when the logs of the factors change by ``p``."""
    seats, knots, limits, people = parts
    push, answer = point.w * added_down(p, limits.parent, people), np.zeros(people)
    answered_seats(seats, point.w, point.fit, push, answer)
    if knots.first.size:
        answered_knots(seats, knots, point.w, point.fit, point.matrices, push, answer)
    return added_up(push * point.fit.live - point.w * answer, limits.parent)
