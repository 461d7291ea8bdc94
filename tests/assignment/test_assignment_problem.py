"""What a Problem refuses, and how it reads the instances others exchange."""

from dataclasses import replace

import numpy as np
import pytest

from fairlot._base.errors import Infeasible, InvalidInput
from fairlot.assignment import Problem, probabilities
from fairlot.assignment.flow import fill
from fairlot.assignment.network import network_of
from fairlot.assignment.rules import Group, Need

GOOD = {
    "tasks": ("S1", "S2"),
    "officers": ("P1", "P2", "P3"),
    "seat_task": [0, 0, 1],
    "seat_kind": ["officer", "specialist", "officer"],
    "ptr": [0, 2, 3, 5],
    "idx": [0, 1, 2, 0, 2],
    "cap": [1, 1, 2],
}

REFUSED = [
    ({"officers": ("P1", "P1", "P3")}, "officer P1 is listed twice"),
    ({"tasks": ("S1", "S1")}, "task S1 is listed twice"),
    ({"tasks": ("S2", "S1")}, "task S1 stands after S2"),
    ({"seat_task": [0, 1, 0]}, "seat_task must name all 2 tasks in order"),
    ({"seat_task": [0, 0, 0]}, "seat_task must name all 2 tasks in order"),
    ({"seat_task": [1, 1, 2]}, "seat_task must name all 2 tasks in order"),
    ({"seat_kind": ["officer"]}, r"seat_kind has shape \(1,\); want \(3,\)"),
    ({"seat_skill": ["水质"]}, r"seat_skill has shape \(1,\); want \(3,\)"),
    ({"bureau": ["B"]}, r"bureau has shape \(1,\); want \(2,\)"),
    ({"cap": [1, 1]}, r"cap has shape \(2,\); want \(3,\)"),
    ({"cap": [1, -1, 2]}, "cap runs from -1 to 2; want 0 to"),
    ({"cap": [1.0, 1.0, 2.0]}, "cap holds float64; want whole numbers"),
    ({"ptr": [0, 2, 5]}, r"ptr has shape \(3,\); want \(4,\)"),
    ({"ptr": [0, 3, 2, 5]}, "ptr must rise from 0 to 5"),
    ({"ptr": [0, 2, 3, 4]}, "ptr must rise from 0 to 5"),
    ({"idx": [0, 1, 2, 0, 3]}, "idx names officer 3; there are 3"),
    ({"idx": [1, 1, 2, 0, 2]}, "the officers of seat 0 are not ascending"),
    ({"idx": [0, 1, 2, 2, 0]}, "the officers of seat 2 are not ascending"),
    ({"cap": [1, 2**31, 2]}, "cap runs from 1 to 2147483648; want 0 to 2147483647"),
    ({"quota": [1, 1, 2**33]}, "quota runs from 1 to 8589934592; want 0 to 2147483647"),
    ({"least": [0, 0, 2**40]}, "least runs from 0"),
    ({"groups": (Group("A", (0, 0, 1)),)}, "group A has no officers, one twice"),
    ({"groups": (Group("A", ()),)}, "group A has no officers, one twice"),
    ({"groups": (Group("A", (0,), 2, 1),)}, "least 2 above most 1"),
    ({"groups": (Group("A", (0, 3)),)}, "group A holds unknown officers; want positions 0 to 2"),
    ({"groups": (Group("A", (-1,)),)}, "group A holds unknown officers"),
    ({"groups": (Group("A", (0.0, 1.0)),)}, "group A holds unknown officers"),
    ({"groups": (Group("A", (0,), most=2**31),)}, "most of group A is 2147483648; want at most"),
    ({"groups": (Group("A", (0,), least=-1),)}, "least of group A is -1; want a whole number"),
    ({"groups": (Group("A", (0,), most=1.5),)}, "most of group A is 1.5; want a whole number"),
    ({"needs": (Need(2, "food", (0,)),)}, "task of need food is 2; want at most 1"),
    ({"needs": (Need(-1, "food", (0,)),)}, "task of need food is -1; want a whole number"),
    ({"needs": (Need(0, "food", (3,)),)}, "need food holds unknown officers"),
    ({"needs": (Need(0, "food", (0,), 0.5),)}, "least of need food is 0.5; want a whole number"),
    ({"apart": [(0.7, 0.2, 1.9)]}, r"apart is \(1, 3\) of float64; want rows of three whole"),
    ({"apart": [(0, 1)]}, r"apart is \(1, 2\) of int64; want rows of three whole numbers"),
    ({"apart": [(0, 0, 1), (0, 1)]}, r"apart is \(2,\) of object; want rows of three"),
    ({"apart": [(0, 1, 1)]}, r"apart\[0\] is \[0, 1, 1\]; want"),
    ({"tier": [0, 1]}, r"tier has shape \(2,\); want \(5,\)"),
]


def test_what_fits_is_kept_as_whole_numbers():
    problem = Problem(**GOOD)
    assert problem.row(2).tolist() == [0, 2]
    assert (problem.ptr.dtype, problem.idx.dtype) == (np.int64, np.int32)
    assert problem.tier.tolist() == [0] * 5
    assert problem.bureau.tolist() == ["", ""]


@pytest.mark.parametrize(("change", "message"), REFUSED)
def test_what_does_not_fit_is_refused(change, message):
    with pytest.raises(InvalidInput, match=message) as refusal:
        Problem(**{**GOOD, **change})
    assert refusal.value.text("zh") != refusal.value.text("en")


def test_rows_may_be_empty():
    problem = Problem(**{**GOOD, "ptr": [0, 0, 3, 3], "idx": [0, 1, 2]})
    assert [problem.row(s).size for s in range(3)] == [0, 3, 0]


def test_a_problem_without_tasks_is_one():
    empty = Problem(
        tasks=(), officers=("P1",), seat_task=[], seat_kind=[], ptr=[0], idx=[], cap=[1]
    )
    assert empty.seat_task.size == 0


# Numbers beyond what there is to do


@pytest.mark.parametrize("most", [2, 2**30, 2**31 - 1])
def test_a_cap_above_what_there_is_to_do_changes_nothing(most):
    rows = {"tasks": ("S1",), "seat_task": [0], "seat_kind": ["officer"], "quota": [2]}
    group = Group("A", (0, 1), most=most)
    wide = Problem(
        **{**GOOD, **rows, "ptr": [0, 3], "idx": [0, 1, 2], "cap": [most] * 3}, groups=(group,)
    )
    assert network_of(wide).most.tolist() == [2] * 4
    assert probabilities(wide).p == pytest.approx([2 / 3] * 3)


def test_the_bounds_of_groups_stay_whole_numbers():
    for groups in ((), (Group("A", (0, 1), 1, 2**31 - 1),)):
        network = network_of(Problem(**GOOD, groups=groups))
        assert network.least.dtype == network.most.dtype == np.int64
        assert (network.most >= network.least).all()


def test_a_minimum_beyond_the_places_is_refused_as_infeasible():
    with pytest.raises(Infeasible):
        probabilities(Problem(**{**GOOD, "cap": [1, 1, 2**31 - 1], "least": [0, 0, 2**31 - 1]}))


def test_a_quota_beyond_its_row_leaves_places_empty_and_takes_no_memory():
    problem = Problem(**GOOD, quota=[1, 1, 2**31 - 1])
    assert fill(network_of(problem)).missing.tolist() == [0, 0, 2**31 - 3]
    with pytest.raises(Infeasible, match="places nobody can take: 7"):
        probabilities(Problem(**GOOD, quota=[1, 1, 9]))


# Arrays of its own


def test_nobody_writes_to_a_problem():
    cap, idx = np.array([1, 1, 2]), np.array([0, 1, 2, 0, 2], np.int32)
    view = idx[:]
    view.setflags(write=False)
    problem = Problem(**{**GOOD, "cap": cap, "idx": view})
    cap[0], idx[0] = 9, 2
    assert problem.cap.tolist() == [1, 1, 2]
    assert problem.idx.tolist() == [0, 1, 2, 0, 2]
    for name in ("seat_task", "seat_kind", "ptr", "idx", "cap", "quota", "least", "tier", "apart",
                 "seat_skill", "bureau", "home", "place_seat", "edge_seat"):  # fmt: skip
        with pytest.raises(ValueError, match="read-only"):
            getattr(problem, name)[...] = 0


def test_what_stays_the_same_is_not_copied_again():
    problem = Problem(**GOOD)
    other = replace(problem, cap=[2, 2, 2])
    assert other.idx is problem.idx
    assert other.ptr is problem.ptr


def test_the_seats_of_places_and_of_pairs():
    problem = Problem(**GOOD, quota=[1, 2, 1])
    assert problem.place_seat.tolist() == [0, 1, 1, 2]
    assert problem.edge_seat.tolist() == [0, 0, 1, 2, 2]
