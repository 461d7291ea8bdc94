"""``augmenting/0``: teams drawn from the seed, valid and balanced, without promised chances."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from fairlot._base.chance import as_chance
from fairlot._base.progress import Progress, silent
from fairlot.assignment.feasibility import feasible
from fairlot.assignment.flow import fill
from fairlot.assignment.problem import Problem
from fairlot.assignment.teams import Teams

__all__ = ["draw_teams"]

DESIGN: Final = "augmenting/0"


def draw_teams(problem: Problem, *, rng: object, progress: Progress = silent) -> Teams:
    """Draw an officer for every seat.

    Promises that the teams are valid, that they follow from ``problem`` and the numbers of ``rng``
    alone, and that teams are found whenever any exist. Each seat goes to the officer with the
    smallest load so far, and between equals to chance, so loads are even where the rules let them.

    Does *not* promise equal chances: officers eligible for the same seats are favoured by nothing
    but their numbers, but how often an officer is drawn is neither published nor bounded. Version
    0: a later version may draw other teams from the same numbers.

    rng  gives one word per task, which orders the tasks, then one per officer; both together
         order the officers of equal load at a seat

    Raises Infeasible, as ``feasible`` does, when some seat cannot be filled.

    >>> from fairlot._base.chance import Given
    >>> both = Problem(
    ...     tasks=("S1", "S2"), officers=("P1", "P2", "P3"), cap=[2, 1, 1],
    ...     seat_task=[0, 0, 1, 1], seat_kind=["officer"] * 4,
    ...     ptr=[0, 2, 4, 7, 10], idx=[0, 1, 0, 1, 0, 1, 2, 0, 1, 2],
    ... )
    >>> draw_teams(both, rng=Given([5, 3, 1, 4, 2])).to_frame().officer_id.tolist()
    ['P1', 'P2', 'P1', 'P3']
    """
    chance = as_chance(rng)
    steps = len(problem.tasks)
    progress("teams", 0, steps)
    filled = fill(problem, chance.words(steps), chance.words(len(problem.officers)))
    if filled.empty.size:
        feasible(problem)
    progress("teams", steps, steps)
    return Teams(problem, filled.officer, _borrowed(problem, filled.officer), DESIGN)


def _borrowed(problem: Problem, officer: NDArray[np.int64]) -> NDArray[np.bool_]:
    chosen = problem.idx == np.repeat(officer.astype(np.int32), np.diff(problem.ptr))
    return np.compress(chosen, problem.tier > 0)
