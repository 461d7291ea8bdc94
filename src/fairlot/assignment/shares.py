"""The best any lottery can do for the worst-off pair, and against the best-off: a yardstick."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from fairlot._base.arrays import Flags
from fairlot._base.errors import NotConverged
from fairlot.assignment.feasibility import feasible
from fairlot.assignment.flow import fill
from fairlot.assignment.forced import free_edges
from fairlot.assignment.hull import hull_of
from fairlot.assignment.network import WHOLE, network_of
from fairlot.assignment.problem import Problem
from fairlot.assignment.programme import Programme, programme_of, refuse_great
from fairlot.assignment.raising import raised

__all__ = ["Shares", "shares"]

PAIRS = 20_000
"""A flow with more eligible pairs is not solved: the programme takes seconds there."""

FEW_PAIRS = 1000


@dataclass(frozen=True)
class Shares:
    """The share of a pair is its chance times the officers possible on the task, by its places.

    An officer who had the same chance as every other possible officer of the task had share 1.

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
    rows = _share_rows(programme, _possible(problem))
    return Shares(_highest(programme, rows), -_highest(programme, -rows))


def _possible(problem: Problem) -> Flags:
    """Return which edges of a flow are used by some assignment."""
    network = network_of(problem)
    used = fill(network).used
    low, high = network.least * WHOLE, network.most * WHOLE
    free = free_edges(network, used * np.int64(WHOLE), low, high)
    possible = free.fixed > 0
    possible[free.edge] = True
    return possible


def _share_rows(programme: Programme, possible: Flags) -> Any:
    """Return (possible pairs, edges): what the chance of an edge adds to the share of its pair."""
    problem = programme.problem
    can = np.flatnonzero(programme.team @ possible.astype(np.int64))
    task = programme.pairs[can] // len(problem.officers)
    officers = np.bincount(task, minlength=len(problem.tasks))
    places = np.bincount(problem.seat_task, problem.quota, len(problem.tasks))
    return programme.team[can].multiply((officers / places)[task][:, None]).tocsr()


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
