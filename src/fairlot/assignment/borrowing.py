"""What a place costs that is borrowed: above all that it is, and then from how late a lender."""

import numpy as np

from fairlot._base.arrays import Ints
from fairlot.assignment.problem import Problem

__all__ = ["borrowing_costs"]


def borrowing_costs(problem: Problem) -> Ints:
    """Return the cost of each edge, (edges,) whole: the least sum is what is borrowed least.

    An officer of the site's own bureau costs nothing. One place borrowed costs more than all tiers
    of an assignment can add up to, so of two assignments the one that borrows fewer places is
    cheaper; of those that borrow equally many, the one with the smaller sum of tiers.

    >>> pool = Problem(tasks=("S1",), officers=("P1", "P2", "P3"), cap=[1, 1, 1], quota=[2],
    ...                seat_task=[0], seat_kind=["officer"], ptr=[0, 3], idx=[0, 1, 2], tier=[0, 1, 3])
    >>> borrowing_costs(pool)
    array([ 0,  8, 10])
    """
    tier = problem.tier.astype(np.int64)
    more = 1 + tier.max(initial=0) * problem.quota.sum()
    costs: Ints = tier + more * (tier > 0)
    return costs
