"""What a Problem refuses, and how it reads the instances others exchange."""

import numpy as np
import pytest

from fairlot._base.errors import InvalidInput
from fairlot.assignment import Problem

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
