"""Small registers, random problems, and a maximum flow that knows nothing of ours."""

from itertools import accumulate

import numpy as np
import pandas as pd
from hypothesis import strategies as st
from scipy.sparse import csr_array
from scipy.sparse.csgraph import maximum_flow

from fairlot.assignment import Problem, TeamRules
from fairlot.registers.columns import REGISTERS

WINDOW = ("2024-08-01", "2024-11-30")
TWO = ("officer", "officer")
"""A team of two with no speciality asked."""


def register(kind, *rows):
    """A cleaned register: every column of its kind, defaults where a row says nothing."""
    return pd.DataFrame({c.name: _column(c, rows) for c in REGISTERS[kind]})


def _column(column, rows):
    values = [row.get(column.name, _default(column)) for row in rows]
    return pd.Series(values, dtype={"flag": bool, "integer": "int64"}.get(column.read, object))


def _default(column):
    if column.read == "flag":
        return column.default == "true"
    return int(column.default or -1) if column.read == "integer" else column.default


def site(name, **known):
    return {"site_id": name, "bureau_id": "B", "sector": "水质", **known}


def officer(name, **known):
    row = {"officer_id": name, "bureau_id": "B", "license_expiry": "2030-12-31", "max_tasks": 9}
    return {**row, "skills": "水质", **known}


def conflict(person, target, start="", end=""):
    row = {"person_id": person, "target": target, "kind": "近亲属"}
    return {**row, "valid_from": start, "valid_to": end}


def absence(name, start, end):
    return {"officer_id": name, "absent_from": start, "absent_to": end}


def expert(name, **known):
    return {"expert_id": name, "skills": "水质", **known}


def build(
    sites, officers, conflicts=(), absences=(), *,
    seats=TWO, own_station=True, support=None, experts=(), team=None, **more,
):  # fmt: skip
    """The problem of a few hand-written rows; ``team`` has further rules of TeamRules."""
    return Problem.from_registers(
        register("sites", *sites),
        register("officers", *officers),
        register("conflicts", *conflicts),
        register("absences", *absences),
        team=TeamRules(seats, own_station=own_station, support=support or {}, **team or {}),
        window=WINDOW,
        experts=register("experts", *experts),
        **more,
    )


def eligible(problem):
    """{(site, number of its seat): officers by id}, every tier."""
    first = np.searchsorted(problem.seat_task, problem.seat_task)
    return {
        (problem.tasks[task], seat - first[seat]): [problem.officers[o] for o in problem.row(seat)]
        for seat, task in enumerate(problem.seat_task)
    }


def problem_of(rows, cap, *, tier=None, bureau=()):
    """A problem from ``rows``: per task, per seat, a list of officer positions."""
    seats = [sorted(row) for task in rows for row in task]
    return Problem(
        tasks=tuple(f"S{k:04d}" for k in range(len(rows))),
        officers=tuple(f"P{k:03d}" for k in range(len(cap))),
        seat_task=np.repeat(np.arange(len(rows)), [len(task) for task in rows]),
        seat_kind=["officer"] * len(seats),
        ptr=list(accumulate(map(len, seats), initial=0)),
        idx=[o for row in seats for o in row],
        cap=cap,
        tier=[] if tier is None else tier,
        bureau=list(bureau),
    )


@st.composite
def problems(draw, most_tasks=6, most_officers=7):
    """Small problems of every kind: loose, tight, impossible; seats differ within a task."""
    officers = draw(st.integers(1, most_officers))
    row = st.lists(st.integers(0, officers - 1), unique=True, max_size=officers)
    team = st.lists(row, min_size=1, max_size=3)
    rows = draw(st.lists(team, min_size=1, max_size=most_tasks))
    cap = draw(st.lists(st.integers(0, 4), min_size=officers, max_size=officers))
    return problem_of(rows, cap)


@st.composite
def lending_problems(draw):
    """Three bureaux with officers of their own, who may lend each other in a drawn order."""
    staff = [draw(st.integers(0, 4)) for _ in range(3)]
    home = np.repeat(np.arange(3), staff)
    cap = [draw(st.integers(1, 3)) for _ in home]
    orders = [draw(st.sampled_from([(), (1,), (2,), (1, 2), (2, 1)])) for _ in range(3)]
    rows, tiers, bureau = [], [], []
    for _ in range(draw(st.integers(1, 6))):
        b = draw(st.integers(0, 2))
        pool = [b, *((b + step) % 3 for step in orders[b])]
        near = [o for o in range(len(cap)) if home[o] in pool]
        barred = draw(st.sets(st.sampled_from(near), max_size=2)) if near else set()
        row = [o for o in near if o not in barred]
        rows.append([row, row])
        tiers += [pool.index(home[o]) for o in row] * 2
        bureau.append("ABC"[b])
    return problem_of(rows, cap, tier=tiers, bureau=bureau)


def most_seats(problem, tasks=None, open_to=None):
    """How many seats of ``tasks`` can be filled, by SciPy; ``open_to`` tier of each bureau."""
    tasks = range(len(problem.tasks)) if tasks is None else tasks
    seats = [s for s, t in enumerate(problem.seat_task) if t in set(tasks)]
    pairs = {}
    edges = []
    for number, s in enumerate(seats):
        edges.append((0, 2 + number, 1))
        t = int(problem.seat_task[s])
        most = np.inf if open_to is None else open_to[problem.bureau[t]]
        for e in range(problem.ptr[s], problem.ptr[s + 1]):
            if problem.tier[e] <= most:
                pair = (t, int(problem.idx[e]))
                pairs.setdefault(pair, len(pairs))
                edges.append((2 + number, 2 + len(seats) + pairs[pair], 1))
    base = 2 + len(seats) + len(pairs)
    edges += [(2 + len(seats) + at, base + o, 1) for (_, o), at in pairs.items()]
    edges += [(base + o, 1, int(c)) for o, c in enumerate(problem.cap)]
    start, end, capacity = np.array(edges).T.astype(np.int32)
    size = base + len(problem.cap)
    return maximum_flow(csr_array((capacity, (start, end)), shape=(size, size)), 0, 1).flow_value
