"""Small problems of every kind, all their assignments, and maximum flows that know nothing of ours."""

from contextlib import contextmanager
from importlib import import_module
from itertools import accumulate, combinations

import numpy as np
import pytest
from hypothesis import strategies as st
from scipy.sparse import csr_array
from scipy.sparse.csgraph import breadth_first_order, maximum_flow

from fairlot.assignment.problem import Problem
from fairlot.assignment.rules import Group


def small(tasks, cap, *, least=(), groups=(), tier=()):
    """A problem from ``tasks``: per task a list of seats (quota, officers)."""
    seats = [seat for task in tasks for seat in task]
    return Problem(
        tasks=tuple(f"S{k:05d}" for k in range(len(tasks))),
        officers=tuple(f"P{k:05d}" for k in range(len(cap))),
        seat_task=np.repeat(np.arange(len(tasks)), [len(task) for task in tasks]),
        seat_kind=[f"kind{k}" for task in tasks for k in range(len(task))],
        quota=[quota for quota, _ in seats],
        ptr=list(accumulate((len(row) for _, row in seats), initial=0)),
        idx=[o for _, row in seats for o in row],
        cap=list(cap),
        least=list(least),
        groups=tuple(Group(*group) for group in groups),
        tier=list(tier),
    )


@st.composite
def worlds(draw, most_tasks=4, most_officers=6, tiers=0, minima=True):
    """Quotas, officers in several seats of a team, nested groups, minima, tiers."""
    people = draw(st.integers(1, most_officers))
    row = st.lists(st.integers(0, people - 1), unique=True, max_size=people).map(sorted)
    seat = st.tuples(st.integers(0, 2), row)
    tasks = draw(st.lists(st.lists(seat, min_size=1, max_size=2), min_size=1, max_size=most_tasks))
    cap = [draw(st.integers(0, 3)) for _ in range(people)]
    rare = st.integers(0, 1) if minima else st.just(0)
    least = [min(most, draw(rare)) for most in cap]
    edges = sum(len(officers) for task in tasks for _, officers in task)
    tier = [draw(st.integers(0, tiers)) for _ in range(edges)]
    return small(tasks, cap, least=least, groups=draw(nested(people, minima)), tier=tier)


@st.composite
def staffable(draw, tiers=0):
    """Worlds with an assignment: one is drawn first, and the bounds are drawn around its loads."""
    people = draw(st.integers(2, 5))
    everyone, few = st.permutations(range(people)), st.integers(0, 2)
    tasks, load = [], np.zeros(people, int)
    for _ in range(draw(st.integers(1, 3))):
        order, task = draw(everyone), []
        for quota in draw(st.lists(few, min_size=1, max_size=2)):
            team, order = order[:quota], order[quota:]
            load[team] += 1
            others = draw(st.sets(st.integers(0, people - 1), max_size=people))
            task.append((len(team), sorted(others.union(team))))
        tasks.append(task)
    slack = st.sampled_from([0, 0, 1, 2])
    groups = []
    for name, officers, _, _ in draw(nested(people, minima=False)):
        total = int(load[list(officers)].sum())
        groups.append((name, officers, max(0, total - draw(slack)), total + draw(slack)))
    cap = [n + draw(slack) for n in load.tolist()]
    least = [max(0, n - draw(slack)) for n in load.tolist()]
    edges = sum(len(officers) for task in tasks for _, officers in task)
    tier = [draw(st.integers(0, tiers)) for _ in range(edges)]
    return small(tasks, cap, least=least, groups=groups, tier=tier)


@st.composite
def nested(draw, people, minima):
    """Groups of neighbours, disjoint or one within the other."""
    groups = []
    for k in range(draw(st.integers(0, 3))):
        first = draw(st.integers(0, people - 1))
        officers = tuple(range(first, draw(st.integers(first, people - 1)) + 1))
        if all(not (set(officers) & set(o)) or set(o) <= set(officers) for _, o, _, _ in groups):
            least = draw(st.integers(0, 2)) if minima else 0
            groups.append((f"g{k}", officers, least, draw(st.integers(least, 5))))
    return groups


def loads_of(network, used):
    """The load of every officer and group, (nodes,)."""
    load = np.zeros(network.most.size, np.int64)
    for o in network.idx[used]:
        while o >= 0:
            load[o] += 1
            o = network.parent[o]
    return load


@contextmanager
def plain(*modules):
    """Run the kernels of ``modules`` as plain Python."""
    with pytest.MonkeyPatch.context() as patch:
        for name in modules:
            module = import_module(name)
            for key, value in vars(module).items():
                patch.setattr(module, key, getattr(value, "py_func", value))
        yield


def assignments(network):
    """Every assignment that fills all places and keeps to every bound: rows of flags, one an edge."""
    found = []
    held = np.zeros(network.full.size, np.int64)
    load = np.zeros(network.most.size, np.int64)

    def within(o):
        while o >= 0:
            if load[o] > network.most[o]:
                return False
            o = network.parent[o]
        return True

    def change(e, by):
        if network.bundle[e] >= 0:
            held[network.bundle[e]] += by
        o = network.idx[e]
        while o >= 0:
            load[o] += by
            o = network.parent[o]

    def place(seat, used):
        if seat == network.quota.size:
            if (load >= network.least).all() and (held >= network.full).all():
                found.append(used)
            return
        for team in combinations(
            range(network.ptr[seat], network.ptr[seat + 1]), network.quota[seat]
        ):
            for e in team:
                change(e, 1)
            one_each = all(network.bundle[e] < 0 or held[network.bundle[e]] < 2 for e in team)
            if one_each and all(within(network.idx[e]) for e in team):
                place(seat + 1, used + team)
            for e in team:
                change(e, -1)

    place(0, ())
    flags = np.zeros((len(found), network.idx.size), bool)
    for row, used in zip(flags, found, strict=True):
        row[list(used)] = True
    return flags


def cut_of(network):
    """By SciPy: the most places that can be filled, and the near side of the smallest minimum cut."""
    seats, bundles, nodes = network.quota.size, network.full.size, network.most.size
    base = 2 + seats + bundles
    arcs = {}
    for s in range(seats):
        arcs[0, 2 + s] = network.quota[s]
        for e in range(network.ptr[s], network.ptr[s + 1]):
            b = network.bundle[e]
            arcs[2 + s, base + network.idx[e] if b < 0 else 2 + seats + b] = 1
            if b >= 0:
                arcs[2 + seats + b, base + network.idx[e]] = 1
    for v in range(nodes):
        arcs[base + v, base + network.parent[v] if network.parent[v] >= 0 else 1] = network.most[v]
    ends, amount = np.array([*arcs]), np.minimum([*arcs.values()], 2**20).astype(np.int32)
    graph = csr_array((amount, (ends[:, 0], ends[:, 1])), shape=(base + nodes, base + nodes))
    solved = maximum_flow(graph, 0, 1)
    left = (graph - solved.flow) > 0
    near = np.zeros(base + nodes, bool)
    near[breadth_first_order(left, 0, return_predecessors=False)] = True
    return solved.flow_value, near[2 : 2 + seats], near[base:]
