"""Teams that break rules of their own: colleagues who are kept apart, and needs that are not met."""

import numpy as np

from fairlot._base.arrays import Ints
from fairlot.assignment.problem import Problem
from fairlot.assignment.rules import Need
from fairlot.assignment.teams import colleagues

__all__ = ["kept_apart", "unmet"]


def kept_apart(problem: Problem, officer: Ints) -> tuple[Ints, Ints, Ints]:
    """Return (task, one, other) for every two officers of one team who may not serve together.

    >>> trio = Problem(tasks=("S1",), officers=("P1", "P2", "P3"), cap=[1, 1, 1], quota=[3],
    ...                seat_task=[0], seat_kind=["officer"], ptr=[0, 3], idx=[0, 1, 2],
    ...                apart=[(-1, 2, 1)])
    >>> [found.tolist() for found in kept_apart(trio, np.array([0, 1, 2]))]
    [[0], [1], [2]]
    """
    people = len(problem.officers)
    where, pair = problem.apart[:, 0], np.sort(problem.apart[:, 1:], axis=1) @ [people, 1]
    task, one, other = colleagues(problem, officer)
    met = one * people + other
    wrong = np.isin(met, pair[where < 0])
    wrong |= np.isin(task * people**2 + met, (where * people**2 + pair)[where >= 0])
    return task[wrong], one[wrong], other[wrong]


def unmet(problem: Problem, officer: Ints) -> list[tuple[Need, int]]:
    """Return the needs that their teams do not meet, and how many those teams hold."""
    ends = np.searchsorted(problem.seat_task[problem.place_seat], np.arange(len(problem.tasks) + 1))
    held = (
        (need, int(np.isin(officer[ends[need.task] : ends[need.task + 1]], need.officers).sum()))
        for need in problem.needs
    )
    return [(need, got) for need, got in held if got < need.least]
