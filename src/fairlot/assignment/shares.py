"""The best any lottery can do for the worst-off pair, and against the best-off: a yardstick."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from fairlot._base.arrays import Flags, Floats, Ints
from fairlot._base.errors import NotConverged
from fairlot.assignment.feasibility import feasible
from fairlot.assignment.flow import fill
from fairlot.assignment.forced import possible
from fairlot.assignment.hull import hull_of
from fairlot.assignment.network import network_of
from fairlot.assignment.problem import Problem
from fairlot.assignment.programme import Programme, programme_of, refuse_great
from fairlot.assignment.raising import raised

__all__ = ["Shares", "per_chance", "shares"]

PAIRS = 20_000
"""A flow with more eligible pairs is not solved: the programme takes seconds there."""

FEW_PAIRS = 1000


@dataclass(frozen=True)
class Shares:
    """The share of a task and an officer: of an equal chance to be in the team, how much they have.

    It is the chance that the officer is in the team, in whatever seat, times the officers possible
    in the team, over its places: 1 for an officer who has the same chance as every other.

    maxmin  the greatest least share over all lotteries
    minmax  the least greatest share; another lottery may be needed for it
    """

    maxmin: float
    minmax: float


def shares(problem: Problem) -> Shares:
    """Return the best achievable least share and the best achievable greatest share.

    Over all lotteries of valid assignments, every tier open, and over the possible pairs: those of
    at least one valid assignment. Compare with the shares that ``probabilities`` reaches: they are
    fair to all pairs, these are the bounds for one.

    Raises InvalidInput above 20,000 eligible pairs, or 1,000 of a combinatorial problem, and
    Infeasible, as ``feasible`` does, when there is no assignment. For information, by HiGHS: 30
    pairs take .02 s, 20,000 of a flow some 10 s.

    Budish, Che, Kojima and Milgrom (2013), Designing random allocation mechanisms, Am. Econ. Rev.
    103(2), doi:10.1257/aer.103.2.585: what lotteries of a flow can promise.

    >>> pool = Problem(  # P1 has time for one visit only
    ...     tasks=("S1", "S2"), officers=("P1", "P2", "P3"), cap=[1, 2, 2], quota=[2, 2],
    ...     seat_task=[0, 1], seat_kind=["officer"] * 2, ptr=[0, 3, 6], idx=[0, 1, 2, 0, 1, 2],
    ... )
    >>> shares(pool)
    Shares(maxmin=0.75, minmax=1.125)
    """
    most = FEW_PAIRS if problem.combinatorial else PAIRS
    refuse_great(problem, most, "shares are found for", "份额计算")
    feasible(problem)
    if problem.combinatorial:
        hull = hull_of(problem)
        rows = _share_rows(hull.programme, hull.possible)
        base, lifted = np.zeros(rows.shape[0]), np.ones(rows.shape[0], np.bool_)
        least = raised(hull, rows, base, lifted)
        return Shares(least.level, -raised(least.hull, -rows, base, lifted).level)
    programme = programme_of(problem)
    network = network_of(problem)
    rows = _share_rows(programme, possible(network, fill(network).used))
    return Shares(_highest(programme, rows), -_highest(programme, -rows))


def _share_rows(programme: Programme, possible: Flags) -> Any:
    """Return (possible pairs, edges): what the chance of an edge adds to the share of its pair."""
    problem = programme.problem
    can = np.flatnonzero(programme.team @ possible.astype(np.int64))
    each = per_chance(problem, programme.pairs[can] // len(problem.officers))
    return programme.team[can].multiply(each[:, None]).tocsr()


def per_chance(problem: Problem, task: Ints) -> Floats:
    """Return the share per chance, (pairs,), of all possible pairs; ``task`` says whose they are."""
    officers = np.bincount(task, minlength=len(problem.tasks))
    places = np.bincount(problem.seat_task, problem.quota, len(problem.tasks))
    per: Floats = officers[task] / places[task]
    return per


def _highest(programme: Programme, rows: Any) -> float:
    """Return the greatest least entry of ``rows @ chance``: corners of a flow are whole."""
    from scipy.optimize import Bounds, LinearConstraint, milp
    from scipy.sparse import csr_array, hstack

    edges, pairs = programme.rows.shape[1], rows.shape[0]
    rules = hstack([programme.rows, csr_array((programme.rows.shape[0], 1))])
    above = hstack([rows, csr_array(-np.ones((pairs, 1)))])
    result = milp(
        np.append(np.zeros(edges), -1.0),
        bounds=Bounds(np.append(np.zeros(edges), -np.inf), np.append(np.ones(edges), np.inf)),
        constraints=[
            LinearConstraint(rules, programme.low, programme.high),
            LinearConstraint(above, 0.0, np.inf),
        ],
    )
    if result.x is None:
        raise NotConverged(
            "a linear programme failed: {told}", zh="线性规划未能求解：{told}", told=result.message
        )
    return float(result.x[-1])
