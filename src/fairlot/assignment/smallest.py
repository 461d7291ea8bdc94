"""The fewest tasks that cannot be staffed, by an integer programme that explains and never decides.

Some seats need more places than their officers have: so says a cut of the network, and every cut
that is too small says it of the tasks it contains. Of all these cuts, the one with the fewest tasks.
"""

from typing import Any

import numpy as np

from fairlot._base.arrays import Ints
from fairlot.assignment.flow import fill
from fairlot.assignment.network import Numbers, network_of
from fairlot.assignment.part import part
from fairlot.assignment.problem import Problem

__all__ = ["smallest"]

SECONDS = 10.0
"""Longer than any set of the size asked takes; beyond it the answer is None."""


def smallest(problem: Problem) -> Ints | None:
    """Return a set of fewest tasks of which some seats have too few officers, None if out of time.

    ``problem`` cannot be staffed, even with all minimum loads left out. That what was found cannot
    either is counted again in whole numbers; that nothing smaller is, HiGHS says.
    """
    from scipy.optimize import Bounds, LinearConstraint, milp

    rows = _rows(problem)
    tasks, more = len(problem.tasks), np.zeros(rows.shape[0], np.int64)
    more[-1] = 1  # at least one place more than its officers have
    column, nodes = np.arange(rows.shape[1]), len(problem.officers) + len(problem.groups)
    chosen = column < tasks + problem.quota.size + nodes  # the rest follows
    result = milp(
        column < tasks,
        integrality=chosen.astype(np.int64),
        bounds=Bounds(0, 1),
        constraints=LinearConstraint(rows, more, np.inf),
        options={"time_limit": SECONDS, "mip_rel_gap": 0.0},
    )
    if result.status != 0:
        return None
    found = np.flatnonzero(result.x[:tasks] > 0.5)
    return found if fill(network_of(part(problem, found))).missing.any() else None


def _rows(problem: Problem) -> Any:
    """Return the rows, none of them below 0, the last above.

    The variables, 0 or 1, by their columns: is a task in the set; is a seat; is an officer or a
    group on the side of the seats; is its limit counted, since the group around it is not on that
    side; is a visit of an officer to a task counted, since the officer's limit is not.
    """
    from scipy.sparse import block_array, csr_array, eye_array

    def ones(row: Ints, column: Ints | Numbers, shape: tuple[int, int]) -> Any:
        return csr_array((np.ones(row.size, np.int64), (row, column)), shape)

    network = network_of(problem)
    tasks, seats, nodes = len(problem.tasks), problem.quota.size, network.most.size
    seat, edge = problem.edge_seat, np.arange(problem.idx.size)
    visits, visit = np.unique(problem.seat_task[seat] * nodes + problem.idx, return_inverse=True)
    inner = np.flatnonzero(network.parent >= 0)
    around = ones(inner, network.parent[inner], (nodes, nodes))
    limit = csr_array(-np.minimum(network.most, problem.quota.sum())[None])
    in_task = ones(np.arange(seats), problem.seat_task, (seats, tasks))
    of_seat = ones(edge, seat, (edge.size, seats))
    of_officer = ones(edge, problem.idx, (edge.size, nodes))
    of_visit = ones(edge, visit, (edge.size, visits.size))
    every_visit = csr_array(-np.ones((1, visits.size), np.int64))
    rows = [
        [in_task, -eye_array(seats), None, None, None],
        [None, -of_seat, of_officer, None, of_visit],
        [None, None, around - eye_array(nodes), eye_array(nodes), None],
        [None, csr_array(problem.quota[None]), None, limit, every_visit],
    ]
    return block_array(rows, format="csr")
