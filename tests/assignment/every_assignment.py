"""Every valid assignment of a small problem, by trying all teams; and the reference instances."""

import json
import os
from itertools import combinations, product
from pathlib import Path

import numpy as np
from ruled_worlds import holds

COPY = Path(__file__).parents[1] / "reference" / "data"
FOLDER = Path(os.environ.get("FAIRLOT_REFERENCES") or COPY)
INSTANCES = json.loads((FOLDER / "assignment.json").read_text(encoding="utf-8"))["instances"]
POSSIBLE = [instance for instance in INSTANCES if instance["answer"]["feasible"]]


def named(instances):
    return {"argvalues": instances, "ids": [instance["id"] for instance in instances]}


def every_assignment(problem):
    """(assignments, edges) True where the assignment uses the edge; tiers are not looked at."""
    left, least = problem.cap.tolist(), problem.least.tolist()
    choices = [list(teams(problem, t)) for t in range(len(problem.tasks))]
    done, found = [], []

    def fill(t):
        if t == len(choices):
            load = [cap - rest for cap, rest in zip(problem.cap.tolist(), left, strict=True)]
            if all(map(int.__ge__, load, least)) and groups_hold(problem, load):
                used = np.zeros(problem.idx.size, bool)
                used[[edge for team in done for edge in team]] = True
                found.append(used)
            return
        for team in choices[t]:
            officers = problem.idx[list(team)].tolist()
            if all(left[o] for o in officers):
                for o in officers:
                    left[o] -= 1
                done.append(team)
                fill(t + 1)
                done.pop()
                for o in officers:
                    left[o] += 1

    fill(0)
    return np.array(found, bool).reshape(-1, problem.idx.size)


def borrowing_least(problem, every):
    """Those of ``every`` with the fewest borrowed places and, of these, the smallest sum of tiers."""
    tier = problem.tier.astype(int)
    borrowed = [*zip(every @ np.minimum(tier, 1), every @ tier, strict=True)]
    return every[[each == min(borrowed) for each in borrowed]]


def teams(problem, t):
    """The edges of every team that task t may have."""
    seats = np.flatnonzero(problem.seat_task == t)
    rows = [combinations(range(*problem.ptr[[s, s + 1]]), problem.quota[s]) for s in seats]
    for picked in product(*rows):
        edges = sum(picked, ())
        officers = problem.idx[list(edges)].tolist()
        if len(set(officers)) == len(officers) and holds(problem, t, set(officers)):
            yield edges


def groups_hold(problem, load):
    sums = [sum(load[o] for o in group.officers) for group in problem.groups]
    return all(
        group.least <= total <= group.most
        for group, total in zip(problem.groups, sums, strict=True)
    )


def by_name(problem, edges):
    """[[task, officer]] of flagged edges, sorted."""
    seat = np.repeat(np.arange(problem.seat_task.size), np.diff(problem.ptr))
    return sorted(
        [problem.tasks[problem.seat_task[seat[e]]], problem.officers[problem.idx[e]]]
        for e in np.flatnonzero(edges)
    )
