"""Networks that iterative scaling fears: tight, degenerate, uneven, nested and tied."""

import numpy as np
from literal_balance import network

from fairlot.assignment.flow import fill
from fairlot.assignment.forced import free_edges
from fairlot.assignment.network import WHOLE


def freed(net):
    """The network of the free edges with its limits."""
    flow = fill(net)
    assert flow.complete
    return free_edges(net, flow.used * WHOLE, net.least * WHOLE, net.most * WHOLE)


def staircase(n):
    """Task i may go to officers 0 to i + 1, one visit each: chances fall off like 2^-n."""
    return network([range(i + 2) for i in range(n)], [1] * n, [1] * (n + 1))


def chain(n, width):
    """Task i may go to officers i to i + width - 1: one end feels the other."""
    rows = [range(i, min(i + width, n + 1)) for i in range(n)]
    return network(rows, [1] * n, [1] * (n + 1))


def uniform(n, people, wide, slack, seed=0):
    """Two of ``wide`` officers for every task, with caps of ``slack`` times the demand."""
    rng = np.random.default_rng(seed)
    rows = [np.sort(rng.choice(people, wide, replace=False)) for _ in range(n)]
    cap = np.full(people, int(np.ceil(slack * 2 * n / people)))
    if slack == 1:
        cap = np.full(people, 2 * n // people) + (np.arange(people) < 2 * n % people)
    return network(rows, [2] * n, cap)


def one_for_all(n, people):
    """Officer 0 may go everywhere and has little time; the others are few and nearly full."""
    rng = np.random.default_rng(1)
    others = (1 + np.sort(rng.choice(people - 1, 3, replace=False)) for _ in range(n))
    cap = [n // 20, *[int(2.2 * n / people)] * (people - 1)]
    return network([[0, *row] for row in others], [2] * n, cap)


def tight_districts(districts, n, people):
    """Officers of a district have just the time for its visits; every third has an officer more."""
    rng, rows = np.random.default_rng(2), []
    cap = np.full((districts, people), 2 * n // people)
    cap[::3, 0] += 2
    for district in range(districts):
        for _ in range(n):
            near = district * people + rng.choice(people, people // 2, replace=False)
            far = rng.choice(districts * people, 2)
            rows.append(np.union1d(near, far))
    return network(rows, [2] * len(rows), cap.ravel())


def uneven(n, people):
    """Rows of 3 officers and rows of all of them."""
    rng = np.random.default_rng(3)
    sizes = 3 + ((people - 3) * rng.random(n) ** 12).astype(int)
    rows = [np.sort(rng.choice(people, size, replace=False)) for size in sizes]
    return network(rows, [2] * n, np.full(people, int(2.2 * n / people) + 1))


def three_deep(n, people):
    """Officers in offices in bureaux in one department; minima and limits at every depth."""
    rng = np.random.default_rng(4)
    rows = [np.sort(rng.choice(people, people // 6, replace=False)) for _ in range(n)]
    offices, share = people // 10, 20 * n / people
    office = people + np.arange(people) % offices
    bureau = people + offices + np.arange(offices) % 3
    parent = [*office, *bureau, *[people + offices + 3] * 3, -1]
    loose = np.arange(offices) % 2
    most = [
        *[int(2.6 * n / people) + 1] * people,
        *(share * np.where(loose, 1.3, 0.8)).astype(int),
        *[int(share * offices / 3 * 1.05)] * 3,
        2 * n,
    ]
    least = [*[int(n / people)] * people, *(share * loose * 1.1).astype(int), 0, 0, 0, 0]
    return network(rows, [2] * n, most, least=least, parent=parent)


def specialists(n, people, slack, skilled=0.4):
    """Two officers and a specialist per task; whoever is skilled may be either."""
    rng, rows, tied = np.random.default_rng(5), [], []
    skill = np.flatnonzero(rng.random(people) < skilled)
    at = 0
    for _ in range(n):
        row = np.sort(rng.choice(people, people // 5, replace=False))
        special = np.union1d(np.intersect1d(row, skill), row[:2])
        rows += [row, special]
        tied += [(at + np.searchsorted(row, o), at + row.size + i) for i, o in enumerate(special)]
        at += row.size + special.size
    return network(rows, [2, 1] * n, [int(np.ceil(slack * 3 * n / people))] * people, tied=tied)


def all_in(n, people):
    """Four officers for four places in two seats: each has one of them, in every assignment."""
    rng, rows, tied = np.random.default_rng(6), [], []
    for k in range(n):
        row = np.sort(rng.choice(people, 4 + k % 2, replace=False))
        at = sum(map(len, rows))
        rows += [row, row]
        tied += [(at + i, at + row.size + i) for i in range(row.size)]
    return network(rows, [3, 1] * n, [int(4.4 * n / people)] * people, tied=tied)


def teams_of_three(rows, slack=1.0, minimum=0.9):
    """A leader, a specialist and an officer per task: three rows each, all three tied.

    Caps are ``slack`` times what a plain first fit brings to everybody, minima a share of the caps.
    None if the first fit finds no team for some task.
    """
    people = 1 + max(max(row) for row in rows)
    load = np.zeros(people, np.int64)
    for task in range(0, len(rows), 3):
        team = []
        for row in rows[task : task + 3]:
            left = [o for o in row if o not in team]
            if not left:
                return None
            team.append(min(left, key=lambda o: (load[o], o)))
        load[team] += 1
    cap = np.ceil(slack * load).astype(np.int64)
    least = np.minimum((minimum * cap).astype(np.int64), load)
    return network(rows, [1] * len(rows), cap, least=least, tied=_tied(rows))


def _tied(rows):
    """The edges of officers who are in several of the three rows of a task."""
    start, tied = np.cumsum([0, *map(len, rows)]), []
    for task in range(0, len(rows), 3):
        edges = {}
        for s in range(task, task + 3):
            for i, o in enumerate(rows[s]):
                edges.setdefault(o, []).append(int(start[s]) + i)
        tied += sorted(bundle for bundle in edges.values() if len(bundle) > 1)
    return tied


def bureau(n, people, seed, slack=1.0, minimum=0.9, absent=0.2):
    """A bureau of a few officers, nearly all of whom may be anything in nearly every team."""
    rng, rows = np.random.default_rng(seed), []
    lead, skill = rng.random(people) < 0.8, rng.random((people, 4)) < 0.9
    lead[:2], skill[2:4] = True, True
    for k in range(n):
        here = rng.random(people) >= absent
        here[:6] |= k % 2 == 0
        here[:5] = True
        rows += [np.flatnonzero(here & able).tolist() for able in (lead, skill[:, k % 4], here)]
    return teams_of_three(rows, slack, minimum)


FAMILIES = {
    "staircase of 30": lambda: staircase(30),
    "staircase of 100": lambda: staircase(100),
    "chain of 100 by threes": lambda: chain(100, 3),
    "chain of 60 by fives": lambda: chain(60, 5),
    "caps a little above demand": lambda: uniform(300, 60, 12, 1.02),
    "caps equal to demand": lambda: uniform(300, 60, 12, 1),
    "one officer for all": lambda: one_for_all(400, 40),
    "tight districts": lambda: tight_districts(6, 30, 10),
    "rows of 3 and of all": lambda: uneven(300, 60),
    "groups three deep": lambda: three_deep(200, 60),
    "specialists": lambda: specialists(100, 30, 1.05),
    "specialists, caps equal to demand": lambda: specialists(100, 30, 1),
    "full teams": lambda: all_in(60, 12),
    **{
        f"teams of three, {n} of {people}": lambda n=n, people=people: bureau(n, people, n)
        for n, people in ((20, 6), (40, 7), (60, 8), (100, 12))
    },
    "teams of three, half away, 43 of 9": lambda: bureau(43, 9, 458, 1.05, absent=0.5),
    "teams of three, half away, 46 of 11": lambda: bureau(46, 11, 569, 1.05, absent=0.5),
    "teams of three, loads as at demand": lambda: bureau(40, 9, 1, minimum=1.0),
}
