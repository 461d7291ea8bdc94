"""Random problems of officers that have an assignment, with every rule a public draw knows."""

from itertools import accumulate

import numpy as np

from fairlot.assignment import Problem
from fairlot.assignment.rules import Group

TEAMS = (
    (("officer", 2),),
    (("officer", 1),),
    (("specialist", 1), ("officer", 1)),
    (("lead", 1), ("specialist", 1), ("officer", 1)),
    (("officer", 2), ("expert", 1)),
)


def world(seed):
    """A problem with bounds drawn around the loads of one assignment; in some, a cap too low."""
    rng = np.random.default_rng(seed)
    people, tasks = int(rng.integers(4, 24)), int(rng.integers(1, 40))
    team = TEAMS[rng.integers(len(TEAMS))]
    density = rng.choice([0.3, 0.6, 0.95])
    seats, load = [], np.zeros(people, np.int64)
    for task in range(tasks):
        seats += _task(rng, task, team, density, load)
    slack = rng.choice([0, 1, 3])
    cap = load + rng.integers(0, slack + 1, people)
    cap[int(rng.integers(people))] -= rng.integers(12) == 0
    least = np.clip(load - rng.integers(0, 4, people), 0, None) * (rng.integers(2) == 0)
    cap = np.maximum(cap, least)
    return _problem(seats, people, cap, least, _groups(rng, load), _tiers(rng, seats, people))


def _task(rng, task, team, density, load):
    """The seats of a task: who takes them here, and others at random."""
    order, seats = rng.permutation(load.size), []
    for kind, quota in team:
        taken, order = order[:quota], order[quota:]
        load[taken] += 1
        row = np.union1d(taken, np.flatnonzero(rng.random(load.size) < density))
        seats.append((task, kind, quota, row.tolist()))
    return seats


def _groups(rng, load):
    """Neighbours, an inner group within an outer one, with limits around the load."""
    if rng.integers(3):
        return ()
    start, inner, outer = 0, int(rng.integers(1, load.size)), load.size - 1
    groups = []
    for name, stop in (("outer", outer), ("inner", min(inner, outer))):
        total = int(load[start:stop].sum())
        low, high = total - int(rng.integers(0, 4)), total + int(rng.integers(0, 3))
        groups.append(Group(name, tuple(range(start, stop)), max(low, 0), high))
    return tuple(groups)


def _tiers(rng, seats, people):
    """Beside the rows: 0 for the site's own bureau, 1 and 2 for its lenders; or nobody lends."""
    if rng.integers(2):
        return []
    home = rng.integers(0, 3, people)
    return [int(home[o] + task) % 3 for task, _, _, row in seats for o in row]


def _problem(seats, people, cap, least, groups, tier):
    task, kind, quota, rows = zip(*seats, strict=True)
    return Problem(
        tasks=tuple(f"S{t:04d}" for t in range(task[-1] + 1)),
        officers=tuple(f"P{o:03d}" for o in range(people)),
        seat_task=task,
        seat_kind=kind,
        quota=quota,
        ptr=list(accumulate(map(len, rows), initial=0)),
        idx=[o for row in rows for o in row],
        cap=cap,
        least=least,
        groups=groups,
        tier=tier,
    )


def uniform(tasks, people, degree):
    """Two of ``degree`` random officers a task, caps that add up to the places."""
    rng = np.random.default_rng(1)
    rows = np.sort(np.argpartition(rng.random((tasks, people)), degree, axis=1)[:, :degree])
    return Problem(
        tasks=tuple(f"S{t:04d}" for t in range(tasks)),
        officers=tuple(f"P{o:03d}" for o in range(people)),
        seat_task=np.arange(tasks),
        seat_kind=["officer"] * tasks,
        quota=[2] * tasks,
        ptr=np.arange(0, tasks * degree + 1, degree),
        idx=rows.ravel(),
        cap=np.full(people, 2 * tasks // people),
    )


class Heard:
    """Words by a seed, remembered."""

    def __init__(self, seed):
        self._rng = np.random.default_rng(seed)
        self.given = []

    def words(self, n):
        words = self._rng.integers(0, 1 << 64, n, dtype=np.uint64)
        self.given += words.tolist()
        return words

    def random(self, n):
        raise AssertionError("the lottery asks for words alone")


def plain(problem):
    """A problem as JSON."""
    arrays = "seat_task", "seat_kind", "quota", "ptr", "idx", "tier", "cap", "least"
    groups = [
        {"name": g.name, "officers": g.officers, "least": g.least, "most": g.most}
        for g in problem.groups
    ]
    told = {"tasks": problem.tasks, "officers": problem.officers, "groups": groups}
    return told | {name: getattr(problem, name).tolist() for name in arrays}
