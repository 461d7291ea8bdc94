"""Teams that break rules of their own, changed as little as can be until they keep them."""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from fairlot._base.arrays import Flags, Ints
from fairlot._base.chance import Chance, as_chance
from fairlot._base.errors import Infeasible
from fairlot.assignment.part import part
from fairlot.assignment.problem import Problem
from fairlot.assignment.programme import cheapest, programme_of
from fairlot.assignment.rules import Group
from fairlot.assignment.teams import entries
from fairlot.assignment.together import kept_apart, unmet

__all__ = ["mended", "strained"]


def mended(problem: Problem, officer: Ints, *, rng: object) -> Ints:
    """Return the officers (places,) with the fewest changed such that every team keeps its rules.

    officer  (places,) teams that keep every rule but those of pairs kept apart and of needs
    rng      asked for a word per eligible pair of the tasks in play: among equally few changes
             the choice is left to chance

    Only the teams at fault are changed where that is enough; else those that hold an officer they
    could use too; else any. Raises Infeasible when there is no assignment at all.

    >>> pool = Problem(
    ...     tasks=("S1",), officers=("P1", "P2", "P3"), cap=[1, 1, 1], quota=[2],
    ...     seat_task=[0], seat_kind=["officer"], ptr=[0, 3], idx=[0, 1, 2],
    ...     apart=[(-1, 0, 1), (-1, 1, 2)],
    ... )
    >>> mended(pool, np.array([0, 1]), rng=np.random.default_rng(1))
    array([0, 2])
    """
    chance = as_chance(rng)
    faulty = strained(problem, officer)
    if not faulty.any():
        return officer
    for inside in _wider(problem, officer, faulty):
        found = _changed(problem, officer, inside, chance)
        if found is not None:
            return found
    raise Infeasible(
        "no assignment of {tasks} tasks keeps all rules",
        zh="{tasks} 个任务没有满足全部规则的分派",
        tasks=len(problem.tasks),
    )


def strained(problem: Problem, officer: Ints) -> Flags:
    """Return the tasks (tasks,) whose team holds a pair kept apart or lacks what it needs."""
    faulty = np.zeros(len(problem.tasks), np.bool_)
    faulty[kept_apart(problem, officer)[0]] = True
    faulty[[need.task for need, _ in unmet(problem, officer)]] = True
    return faulty


def _wider(problem: Problem, officer: Ints, faulty: Flags) -> Iterator[Flags]:
    yield faulty
    useful = np.unique(part(problem, np.flatnonzero(faulty)).idx)
    holds = problem.seat_task[problem.place_seat[np.isin(officer, useful)]]
    near = faulty | (np.bincount(holds, minlength=faulty.size) > 0)
    yield near
    if not near.all():
        yield np.ones_like(faulty)


def _changed(problem: Problem, officer: Ints, inside: Flags, chance: Chance) -> Ints | None:
    """Return the officers with the teams ``inside`` changed as little as can be, if they can."""
    place = inside[problem.seat_task[problem.place_seat]]
    outside = np.bincount(officer[~place], minlength=len(problem.officers))
    here = _left(problem, part(problem, np.flatnonzero(inside)), outside)
    kept = np.zeros(here.idx.size, np.bool_)
    kept[entries(here, officer[place])] = True
    lot = (chance.words(here.idx.size) >> np.uint64(11)) * 2.0**-53
    # All lots together weigh less than one change.
    found = cheapest(programme_of(here), ~kept + lot / (2 * place.sum()))
    if found is None:
        return None
    after = officer.copy()
    after[place] = here.idx[found.used]
    return after


def _left(problem: Problem, here: Problem, outside: Ints) -> Problem:
    """Return the part with the limits that the other teams leave to it."""

    def rest(group: Group) -> Group:
        taken = int(outside[list(group.officers)].sum())
        return replace(group, least=max(0, group.least - taken), most=group.most - taken)

    return replace(
        here,
        cap=problem.cap - outside,
        least=np.maximum(0, problem.least - outside),
        groups=tuple(map(rest, problem.groups)),
    )
