"""``columns/1``: a fair lottery over whole assignments, for problems that are more than a flow.

Pairs kept apart and needs that one officer may meet together leave no lottery of single places:
each draw is one of finitely many whole assignments, so every team is valid by construction.
"""

from typing import Final, Literal

import numpy as np

from fairlot._base.arrays import Flags, Floats, Ints
from fairlot.assignment.chances import Chances, Columns
from fairlot.assignment.feasibility import feasible
from fairlot.assignment.hull import hull_of
from fairlot.assignment.hull_balance import BalancedHull, balanced_hull
from fairlot.assignment.leximin_columns import leximin_level
from fairlot.assignment.network import WHOLE
from fairlot.assignment.pairings import with_pairings
from fairlot.assignment.problem import Problem
from fairlot.assignment.programme import refuse_great

__all__ = ["columns_of"]

DESIGN: Final = "columns/1"

PAIRS = 500
"""Problems with more eligible pairs take minutes, and are not solved this way."""


def columns_of(problem: Problem, *, loads: Literal["free", "leximin"] = "free") -> Chances:
    """Return the entropy-balanced chances of ``problem`` and whole assignments that realise them.

    The chances maximise ``-sum x ln x`` over the hull of all valid assignments: what
    ``probabilities`` gives where there is no pair kept apart and no need. The lottery draws one of
    the columns with its weight, whole grains of 1/2^30, so the published chances are exact and add
    up. A pair of every assignment has chance 1, a pair of none 0, and every other one above 0.

    loads  "leximin" fixes the expected loads first: the least as great as can be, then the next

    ``residual`` is the duality gap: no lottery has an entropy greater by more, and no chance is
    farther than ``sqrt(2 * residual)`` from the best, beside the rounding to grains. For private
    use: HiGHS and logarithms do not come out to the bit alike on every machine. Where all
    assignments can be listed (up to 20,000) this takes some .05 s; where the programme must be
    asked, 77 pairs took 16 s and a few hundred take minutes.

    Raises InvalidInput for a greater problem, Infeasible, as ``feasible`` does, when there is
    no assignment, NotConverged when the gap is not closed.

    Fully corrective conditional gradients: Lacoste-Julien and Jaggi (2015), On the global linear
    convergence of Frank-Wolfe optimization variants, arXiv:1511.05932.

    >>> pool = Problem(
    ...     tasks=("S1",), officers=("P1", "P2", "P3"), cap=[1, 1, 1], seat_task=[0],
    ...     seat_kind=["officer"], quota=[2], ptr=[0, 3], idx=[0, 1, 2], apart=[(-1, 1, 2)],
    ... )
    >>> columns_of(pool).p
    array([1. , 0.5, 0.5])
    """
    refuse_great(problem, PAIRS, "whole assignments are drawn for", "整体分派抽签")
    feasible(problem)
    hull, load = hull_of(problem), None
    if loads == "leximin":
        level = leximin_level(hull)
        hull, load = level.hull, level.load
    balanced = balanced_hull(hull, load)
    kept = _worth_keeping(balanced)
    hull = balanced.hull._replace(corners=balanced.hull.corners[kept])
    return _lottery(problem, balanced_hull(with_pairings(hull, balanced.cost), load))


def _lottery(problem: Problem, balanced: BalancedHull) -> Chances:
    kept = _worth_keeping(balanced)
    corners, weight = balanced.hull.corners[kept], _grains(balanced.weight[kept])
    officer = problem.idx[np.nonzero(corners)[1]].astype(np.int64)
    return Chances(
        problem=problem,
        numerator=weight @ corners,
        design=DESIGN,
        discount=np.ones(len(problem.officers)),
        residual=balanced.gap,
        rounds=balanced.rounds,
        columns=Columns(officer.reshape(len(corners), -1), weight),
    )


def _worth_keeping(balanced: BalancedHull) -> Flags:
    """Corners worth a grain, and the heaviest that make an edge possible, or keep it from forced."""
    weight, corners = balanced.weight, balanced.hull.corners
    kept = weight * WHOLE >= 1
    for using in (corners, ~corners):
        for edge in np.flatnonzero(using.any(axis=0) & ~using[kept].any(axis=0)):
            kept[np.argmax(weight * using[:, edge])] = True
    return kept


def _grains(weight: Floats) -> Ints:
    """Return whole weights that add up to ``WHOLE``, each at least one, by largest remainder."""
    share = weight * (WHOLE - weight.size) / weight.sum()
    whole: Ints = np.floor(share).astype(np.int64) + 1
    last = np.argsort(share - np.floor(share), kind="stable")[::-1]
    whole[last[: WHOLE - int(whole.sum())]] += 1
    return whole
