"""The lottery of officers: one whole assignment, every pair with exactly its published chance."""

from typing import Final

from fairlot._base.chance import as_chance
from fairlot._base.progress import Progress, silent
from fairlot.assignment.chances import Chances
from fairlot.assignment.chances_check import check_chances
from fairlot.assignment.drawing import drawn
from fairlot.assignment.mending import mended
from fairlot.assignment.probabilities import probabilities
from fairlot.assignment.problem import Problem
from fairlot.assignment.teams import Teams, entries

__all__ = ["draw_teams"]

DESIGN: Final = "dyadic/1"
OF_COLUMNS: Final = "column/1"
REPAIRED: Final = "repaired/1"


def draw_teams(
    problem: Problem, *, rng: object, chances: Chances | None = None, progress: Progress = silent
) -> Teams:
    """Draw an officer for every place, each with exactly the chance published for it.

    Promises that every seat gets its quota and nobody sits twice in a team; that the officer of
    edge e is drawn with probability ``numerator[e] / 2^30``, exactly; that every load, of an
    officer or a group, is its expectation rounded down or up; and that no two officers of a seat
    are positively correlated, while officers whom no rule tells apart meet equally often. The teams
    follow from ``problem`` and the words of ``rng`` alone, on every machine alike: the text for
    another implementation is :mod:`fairlot.assignment.rounding`. Chances with a ``bias`` are kept up
    to that bias only: their teams are repaired where they break a rule, for private use.

    rng      gives a word for each task, one for each officer, then the coins of 30 levels; where
             the chances have columns a single word, whose highest 30 bits are the grain drawn;
             repairs ask for more
    chances  of ``probabilities(problem)``, which is asked for them if they are left out

    Raises Infeasible, as ``feasible`` does, when there is no assignment, and InvalidInput for the
    chances of another problem, and chances that no lottery has: a seat's that do not add up to its
    quota, a load outside its limits. Some .3 s for 2 million
    pairs beyond the time for the chances.

    >>> import numpy as np
    >>> from fairlot._base.chance import Given
    >>> from fairlot.assignment.chances import Chances
    >>> pool = Problem(
    ...     tasks=("S1", "S2"), officers=("P1", "P2", "P3"), cap=[2, 1, 1], quota=[2, 2],
    ...     seat_task=[0, 1], seat_kind=["officer"] * 2, ptr=[0, 3, 6], idx=[0, 1, 2, 0, 1, 2],
    ... )
    >>> half = 2**29  # P1 goes to both sites, P2 and P3 to one
    >>> chances = Chances(pool, np.array([2, 1, 1] * 2) * half, "by hand", np.ones(3))
    >>> draw_teams(pool, rng=Given(range(6)), chances=chances).to_frame().officer_id.tolist()
    ['P1', 'P2', 'P1', 'P3']
    """
    chance = as_chance(rng)
    if chances is None:
        chances = probabilities(problem, progress=progress)
    check_chances(problem, chances)
    officer = drawn(chances, chance, progress)
    design = OF_COLUMNS if chances.columns else DESIGN
    if chances.bias is not None:
        officer, design = mended(chances.problem, officer, rng=chance), REPAIRED
    return Teams(problem, officer, problem.tier[entries(problem, officer)] > 0, design)
