"""Entropy-balanced chances: the most even chances that the limits permit, in portable arithmetic.

Of all chances x that a lottery could have, they are the one with the greatest ``-sum x ln x``: the
I-projection of equal chances on the limits (Csiszár 1975, I-divergence geometry of probability
distributions and minimization problems, Ann. Probab. 3(1), doi:10.1214/aop/1176996454). They are
products of factors: with u for a seat and w for an officer, the product of the factors v of the
officer and of the groups around, ``x = min(1, u * w)``; in a bundle, U being the sum of u over its
seats, ``x = u * w / max(1, w * U)``, and ``u / U`` if it is full. The factor v of a node is

- at most 1, and 1 where the load is below the upper limit (an officer's *discount*);
- at least 1, and 1 where the load is above the lower limit;
- any number above 0 where both limits are one number.

Conversely, chances of this form that keep all limits are the optimum, as the problem is convex: so
the *residual*, by how much they miss, certifies them (the conditions of Karush, Kuhn and Tucker).

The text that another implementation must follow:

1. v = 1. The factors of the seats are always fitted exactly (``balance_seats``, ``balance_knots``).
2. ``SWEEPS`` proportional sweeps (``proportional``), or fewer once no limit is missed by ``AIM``.
3. Rounds, at most ``ROUNDS``: a Newton step (``balance_newton``) with a damping that begins at
   ``DAMPING[0]``; or a proportional sweep, if no step leads downwards. After a step whose miss is
   above ``SWEEPING`` a sweep as well, but only until the damping is first raised: where bundles
   hold the loads, Newton's matrix is singular, and sweeps undo what long steps do, for ever.
4. If the step (without the sweep) did not make the miss smaller, the damping is multiplied by
   ``RAISED``, up to ``DAMPING[1]``; if it did, divided by ``LOWERED``, down to ``DAMPING[0]``.
5. Stop when the miss is at most ``AIM``; or at most ``ENOUGH`` and not halved by another round; or
   when the last ``PATIENCE`` rounds have not come to half the smallest miss before them.

The factors are this procedure's, up to rounding errors that differ with the order of sums. Whoever
wants the same bits follows the constants and the numbered steps of the ``balance_*`` modules too.
What a record commits to is the whole numbers that ``quantise`` makes of the chances: a verifier may
take them as given, check their sums, and draw from them without balancing anything.

All sums run from left to right in the order of the edges, the seats and the nodes (officers, then
groups, inner ones first), and single edges before bundles; only + - * / and comparisons are used.
Rounds end the same way everywhere, so that the chances are the same bits.
"""

from dataclasses import dataclass

import numpy as np

from fairlot._base.arrays import Floats, Ints
from fairlot._base.errors import NotConverged
from fairlot._kernels import kernel
from fairlot.assignment.balance_knots import shares
from fairlot.assignment.balance_newton import next_point
from fairlot.assignment.balance_nodes import added_up, proportional, worst_miss
from fairlot.assignment.balance_point import Parts, Point, parts_of, point_at
from fairlot.assignment.network import Network, Numbers

__all__ = ["Balanced", "balance"]

AIM = 1e-12
"""The relative miss that rounds aim at; sums of 10^5 numbers err by less."""

ENOUGH = 1e-9
"""The largest residual that is published."""

SWEEPS, ROUNDS = 3, 200

PATIENCE = 100
"""Rounds in which the smallest miss must halve; the slowest that converge need up to 80."""

DAMPING = 1e-3, 1e3
"""Least and most damping of a step."""

RAISED, LOWERED = 8.0, 64.0
"""What the damping is multiplied by after a step that leads astray, and divided by after others."""

SWEEPING = 1e-6
"""Above this miss the set of limits that bind still changes, and a sweep helps it along."""

LEAST, MOST = 2.0**-1022, 1.0 - 2.0**-53
"""A free edge is neither impossible nor certain, however near the chance comes to 0 or 1."""


@dataclass(frozen=True, eq=False)
class Balanced:
    """Balanced chances and the factors they are made of.

    x         (edges,) chances, above 0 and below 1
    u         (seats,) factors of the seats
    v         (nodes,) factors of the officers, the *discount*, and of the groups; where all loads
              of a connected part are given, only ratios matter
    residual  the largest relative miss of any seat, bundle or limit, or of a factor other than 1
              whose limit does not bind
    rounds    Newton steps
    """

    x: Floats
    u: Floats
    v: Floats
    residual: float
    rounds: int


def balance(network: Network, low: Ints, high: Ints) -> Balanced:
    """Return the entropy-balanced chances of a network whose edges are all free.

    network    reduced: for every edge, some solution has a chance strictly between 0 and 1; bundles
               numbered in the order of their seats (both as ``free_edges`` leaves it)
    low, high  (nodes,) least and most load in grains

    The residual is at most 1e-9, commonly below 1e-12. Raises NotConverged with the residual, the
    rounds and the node that misses most: when the limits contradict each other, or the chances
    span more than 2^900. About .3 s for 5 million edges with tight limits.

    >>> network = Network(  # two of P1, P2, P3 go to S1, and to S2; P1 has time for one visit
    ...     ptr=np.array([0, 3, 6]), idx=np.array([0, 1, 2, 0, 1, 2], np.int32),
    ...     quota=np.array([2, 2]), bundle=np.full(6, -1, np.int32),
    ...     bundle_ptr=np.zeros(1, np.int64), bundle_edge=np.zeros(0, np.int64),
    ...     full=np.zeros(0, bool), least=np.zeros(3, np.int64), most=np.array([1, 2, 2]),
    ...     parent=np.full(3, -1, np.int32),
    ... )
    >>> balanced = balance(network, network.least << 30, network.most << 30)
    >>> balanced.x.round(9).tolist()
    [0.5, 0.75, 0.75, 0.5, 0.75, 0.75]
    >>> balanced.v.round(9).tolist()
    [0.666666667, 1.0, 1.0]
    """
    parts = parts_of(network, low, high)
    point, rounds = _searched(parts, _swept(parts))
    balanced = _certified(network, parts, point, rounds)
    if not balanced.residual <= ENOUGH:
        raise NotConverged(
            "chances miss a limit by {residual:.1e} of it after {rounds} rounds (node {node});"
            " want at most {enough}",
            zh="{rounds} 轮后仍偏离限额，相对偏差 {residual:.1e}（节点 {node}），应不超过 {enough}",
            residual=balanced.residual,
            rounds=rounds,
            node=point.node,
            enough=ENOUGH,
        )
    return balanced


def _swept(parts: Parts) -> Point:
    point = point_at(parts, np.ones(parts.limits.low.size), np.ones(parts.seats.quota.size))
    for _ in range(SWEEPS):
        if point.miss <= AIM:
            break
        point = _sweep(parts, point)
    return point


def _sweep(parts: Parts, point: Point) -> Point:
    return point_at(parts, proportional(point.v, point.load, parts.limits), point.fit.u)


def _searched(parts: Parts, point: Point) -> tuple[Point, int]:
    """Return the last point, and the rounds it took."""
    damping, sweeping, mark, since = DAMPING[0], True, point.miss, 0
    for rounds in range(ROUNDS):
        if point.miss <= AIM or rounds - since == PATIENCE:
            return point, rounds
        new, damping = _round(parts, point, damping, sweeping)
        sweeping = sweeping and damping == DAMPING[0]
        if point.miss <= ENOUGH and new.miss > 0.5 * point.miss:
            return (new if new.miss < point.miss else point), rounds + 1
        point = new
        if point.miss <= 0.5 * mark:
            mark, since = point.miss, rounds + 1
    return point, ROUNDS


def _round(parts: Parts, point: Point, damping: float, sweeping: bool) -> tuple[Point, float]:
    """Return the next point and the damping of the step after it."""
    new = next_point(parts, point, damping)
    fallen = new is not None and new.miss < point.miss
    after = max(damping / LOWERED, DAMPING[0]) if fallen else min(damping * RAISED, DAMPING[1])
    if new is None or (sweeping and new.miss > SWEEPING):
        new = _sweep(parts, new or point)
    return new, after


def _certified(network: Network, parts: Parts, point: Point, rounds: int) -> Balanced:
    """Return the chances, with what they themselves miss."""
    x = _chances(network, parts, point)
    load, bundles = np.zeros(parts.people), np.zeros(network.full.size)
    miss = _sums(network.ptr, network.idx, network.bundle, parts.seats.quota, x, load, bundles)
    by_node, _ = worst_miss(point.v, added_up(load, parts.limits.parent), parts.limits)
    over = np.where(network.full, np.abs(bundles - 1.0), bundles - 1.0)
    by_bundle = np.where(np.isnan(over), np.inf, over).max(initial=0.0)
    return Balanced(x, point.fit.u, point.v, float(max(miss, by_node, by_bundle)), rounds)


def _chances(network: Network, parts: Parts, point: Point) -> Floats:
    x = np.empty(network.idx.size)
    single = _products(parts.seats.ptr, parts.seats.idx, point.fit.u, point.w)
    if parts.knots.first.size:
        x[network.bundle < 0] = single
        x[network.bundle_edge] = shares(parts.knots, point.w, point.fit.u)
        return np.minimum(np.maximum(x, LEAST), MOST)
    return single


@kernel
def _products(ptr: Ints, idx: Numbers, u: Floats, w: Floats) -> Floats:
    x = np.empty(idx.size)
    for s in range(u.size):
        for e in range(ptr[s], ptr[s + 1]):
            x[e] = min(max(u[s] * w[idx[e]], LEAST), MOST)
    return x


@kernel
def _sums(
    ptr: Ints,
    idx: Numbers,
    bundle: Numbers,
    quota: Floats,
    x: Floats,
    load: Floats,
    bundles: Floats,
) -> float:
    """Add up what officers and bundles get; return the worst relative miss of a quota.

    A sum that is no number misses infinitely.
    """
    worst = 0.0
    for s in range(quota.size):
        total = 0.0
        for e in range(ptr[s], ptr[s + 1]):
            total += x[e]
            load[idx[e]] += x[e]
            if bundle[e] >= 0:
                bundles[bundle[e]] += x[e]
        miss = abs(total - quota[s]) / max(quota[s], 1.0)
        worst = max(worst, miss) if miss == miss else np.inf
    return worst
