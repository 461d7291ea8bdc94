"""Some tasks of a problem, alone: their seats and rules, and every officer."""

import numpy as np
from flow_worlds import plain, small
from hypothesis import given
from hypothesis import strategies as st
from ruled_worlds import ruled_problems

from fairlot.assignment.part import part
from fairlot.assignment.problem import Problem
from fairlot.assignment.rules import Barred, Group, Need

SAME = ("officers", "cap", "home")


def rows(problem):
    """What is asked of each seat, in words, and who may take it, with tiers."""
    seats = zip(
        problem.seat_task, problem.seat_kind, problem.seat_skill, problem.quota, strict=True
    )
    tier = np.split(problem.tier, problem.ptr[1:-1])
    return [
        (problem.tasks[t], problem.bureau[t], *told, problem.row(s).tolist(), tier[s].tolist())
        for s, (t, *told) in enumerate(seats)
    ]


@given(ruled_problems(), st.data())
def test_every_seat_of_the_tasks_and_no_other(problem, data):
    tasks = np.flatnonzero([data.draw(st.booleans()) for _ in problem.tasks])
    some = part(problem, tasks)
    assert some.tasks == tuple(problem.tasks[t] for t in tasks)
    assert rows(some) == [row for row in rows(problem) if row[0] in some.tasks]
    for name in SAME:
        np.testing.assert_array_equal(getattr(some, name), getattr(problem, name))


@given(ruled_problems(), st.data())
def test_rules_of_its_tasks_and_those_of_all(problem, data):
    tasks = np.flatnonzero([data.draw(st.booleans()) for _ in problem.tasks])
    some = part(problem, tasks)

    def named(whole, task):
        return "anywhere" if task < 0 else whole.tasks[task]

    def kept(whole):
        found = [(named(whole, t), a, b) for t, a, b in whole.apart.tolist()]
        found += [(named(whole, n.task), n.kind, n.officers, n.least) for n in whole.needs]
        return [rule for rule in found if rule[0] in (*some.tasks, "anywhere")]

    assert kept(some) == kept(problem)
    assert len(kept(some)) == len(some.apart) + len(some.needs)
    assert not some.least.any()
    assert [(g.name, g.officers, g.least, g.most) for g in some.groups] == [
        (g.name, g.officers, 0, g.most) for g in problem.groups
    ]


def test_by_hand():
    problem = Problem(
        tasks=("S1", "S2", "S3"),
        officers=("P1", "P2"),
        seat_task=[0, 0, 1, 2],
        seat_kind=["lead", "officer", "officer", "officer"],
        seat_skill=["", "food", "", "oil"],
        quota=[1, 2, 1, 1],
        ptr=[0, 1, 1, 3, 5],
        idx=[0, 0, 1, 0, 1],
        tier=[0, 1, 2, 0, 3],
        cap=[2, 3],
        least=[1, 0],
        bureau=["A", "B", "C"],
        home=["A", "B"],
        groups=(Group("g", (0, 1), 1, 4),),
        apart=[(-1, 0, 1), (1, 0, 1), (2, 0, 1)],
        needs=(Need(0, "food", (1,)), Need(2, "oil", (0,))),
        barred=(Barred(0, 1, "station"), Barred(2, 0, "absence")),
    )
    some = part(problem, np.array([0, 2]))
    assert some.tasks == ("S1", "S3")
    assert some.seat_task.tolist() == [0, 0, 1]
    assert some.seat_skill.tolist() == ["", "food", "oil"]
    assert (some.ptr.tolist(), some.idx.tolist(), some.tier.tolist()) == (
        [0, 1, 1, 3],
        [0, 0, 1],
        [0, 0, 3],
    )
    assert (some.bureau.tolist(), some.quota.tolist()) == (["A", "C"], [1, 2, 1])
    assert some.apart.tolist() == [[-1, 0, 1], [1, 0, 1]]
    assert some.needs == (Need(0, "food", (1,)), Need(1, "oil", (0,)))
    assert some.barred == (Barred(0, 1, "station"), Barred(1, 0, "absence"))


def test_none_and_all():
    problem = small([[(1, [0, 1])], [(2, [])], [(1, [1])]], [1, 2])
    none = part(problem, np.zeros(0, np.int64))
    assert (none.tasks, none.ptr.tolist(), none.idx.size, len(none.officers)) == ((), [0], 0, 2)
    assert rows(part(problem, np.arange(3))) == rows(problem)


@given(ruled_problems())
def test_compiled_and_plain_are_alike(problem):
    compiled = part(problem, np.array([0]))
    with plain("fairlot.assignment.part"):
        assert rows(part(problem, np.array([0]))) == rows(compiled)
