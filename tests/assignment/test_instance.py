"""Instances of ``fairlot-assign/1``: all of their rules are read, all of their faults are told."""

from fractions import Fraction

import pytest
from every_assignment import INSTANCES, POSSIBLE, by_name, every_assignment, named

from fairlot._base.errors import InvalidInput
from fairlot.assignment import Problem


@pytest.mark.parametrize("instance", **named(INSTANCES))
def test_who_may_serve_is_read_as_given(instance):
    problem = Problem.from_instance(instance)
    pairs = by_name(problem, problem.idx >= 0)
    assert pairs == sorted([t, o] for t, row in instance["eligible"].items() for o in row)


@pytest.mark.parametrize("instance", **named(INSTANCES))
def test_the_rules_leave_as_many_assignments_as_were_counted(instance):
    found = every_assignment(Problem.from_instance(instance))
    assert len(found) == instance["answer"].get("n_assignments", 0)


@pytest.mark.parametrize("instance", **named(POSSIBLE))
def test_and_every_pair_is_in_as_many_of_them(instance):
    problem = Problem.from_instance(instance)
    found = every_assignment(problem)
    for edge, (task, officer) in enumerate(by_name(problem, problem.idx >= 0)):
        share = instance["answer"]["uniform_marginals"][task].get(officer, 0)
        assert Fraction(int(found[:, edge].sum()), len(found)) == Fraction(share)


def test_the_parts_of_a_problem():
    problem = Problem.from_instance(RICH)
    assert problem.tasks == ("T1", "T2")
    assert problem.quota.tolist() == [2, 1]
    assert problem.cap.tolist() == [2, 1, 1]
    assert problem.least.tolist() == [1, 0, 0]
    assert [problem.row(seat).tolist() for seat in range(2)] == [[0, 1, 2], [0, 2]]
    assert problem.apart.tolist() == [[-1, 0, 2], [0, 1, 2]]
    assert [(need.task, need.kind, need.officers, need.least) for need in problem.needs] == [
        (0, "enforcement", (0, 1), 1),
        (0, "field:food", (1,), 1),
        (0, "department:FIRE", (2,), 1),
        (0, "lead>=2", (0, 2), 1),
    ]


def test_nobody_of_last_time():
    problem = Problem.from_instance({**RICH, "rules": {"no_same_last_officer": True}})
    assert [problem.row(seat).tolist() for seat in range(2)] == [[0], [0, 2]]


def test_a_rule_that_is_off_and_needs_of_nothing_change_nothing():
    off = {"no_same_last_officer": False, "no_same_last_pair": False}
    tasks = [{"id": "T1", "quota": 1, "departments": [], "min_enforcement": 0, "min_lead": 0}]
    assert not Problem.from_instance({**SMALL, "rules": off, "tasks": tasks}).combinatorial


SMALL = {
    "tasks": [{"id": "T1", "quota": 2}],
    "officers": [{"id": "O1", "cap": 1, "min": 0}, {"id": "O2", "cap": 1, "min": 0}],
}

RICH = {
    "tasks": [
        {"id": "T2", "quota": 1, "district": "N"},
        {
            "id": "T1",
            "quota": 2,
            "min_enforcement": 1,
            "field": "food",
            "departments": ["FIRE"],
            "min_lead": 2,
            "last_team": ["O2", "O3"],
        },
    ],
    "officers": [
        {"id": "O3", "cap": 1, "enforcement": False, "department": "FIRE", "seniority": 3},
        {"id": "O2", "cap": 1, "fields": ["food"], "districts": ["S"]},
        {"id": "O1", "cap": 2, "min": 1, "seniority": 2, "districts": ["N", "S"]},
    ],
    "recusals": [],
    "pair_exclusions": [["O1", "O3"]],
    "rules": {"no_same_last_pair": True},
}


def officer(**known):
    return {"officers": [SMALL["officers"][0], {"id": "O2", "cap": 1, **known}]}


def task(**known):
    return {"tasks": [{"id": "T1", "quota": 2, **known}]}


FAULTS = [
    ({"recusals": [["T9", "O1", "kin"]]}, "recusals[0] names unknown task T9"),
    ({"recusals": [["T1", "O9", "kin"]]}, "recusals[0] names unknown officer O9"),
    ({"pair_exclusions": [["O1", "O9"]]}, "pair_exclusions[0] names unknown officer O9"),
    ({"pair_exclusions": [["O1", "O1"]]}, "officer O1 is kept apart from himself"),
    (task(last_team=["O9"]), "last_team of task T1 names unknown officer O9"),
    ({"tasks": SMALL["tasks"] * 2}, "task T1 is listed twice"),
    ({"officers": SMALL["officers"] + SMALL["officers"][:1]}, "officer O1 is listed twice"),
    (officer(min=2), "officer O2 takes at least 2 tasks and at most 1"),
    (officer(cap=-1), "cap of officer O2 is -1; want a whole number of at least 0"),
    (officer(seniority=True), "seniority of officer O2 is True; want a whole number"),
    (task(quota=0), "quota of task T1 is 0; want a whole number of at least 1"),
    (task(quota="2"), "quota of task T1 is '2'; want a whole number"),
    (task(departments=["FIRE"]), "task T1 needs department FIRE, which has no officers"),
    ({"rules": {"no_luck": True}}, "rules has an unknown key no_luck"),
    ({"pairs": []}, "instance has an unknown key pairs"),
    (task(team=2), "tasks[0] has an unknown key team"),
    (officer(caps=2), "officers[1] has an unknown key caps"),
    ({"tasks": [{"quota": 1}]}, "tasks[0] lacks id"),
    ({"recusals": [["T1", "O1"]]}, "recusals[0] is ['T1', 'O1']; want the texts of a task, an"),
    ({"recusals": ["T1"]}, "recusals[0] is 'T1'; want the texts of a task, an officer"),
    ({"recusals": None}, "recusals is None; want a list"),
    ({"pair_exclusions": [["O1"]]}, "pair_exclusions[0] is ['O1']; want two officers' ids"),
    (task(last_team=None), "last_team of tasks[0] is None; want a list of texts"),
    (task(last_team="O1"), "last_team of tasks[0] is 'O1'; want a list of texts"),
    ({"tasks": None}, "tasks is None; want a list"),
    ({"tasks": ["T1"]}, "tasks[0] is 'T1'; want an object"),
    ({"tasks": [{"id": 1, "quota": 2}]}, "id of tasks[0] is 1; want a text"),
    (officer(id=2), "id of officers[1] is 2; want a text"),
    (officer(enforcement="no"), "enforcement of officers[1] is 'no'; want true or false"),
    (officer(fields="food"), "fields of officers[1] is 'food'; want a list of texts"),
    (officer(department=7), "department of officers[1] is 7; want a text"),
    ({"rules": None}, "rules is None; want an object"),
    ({"rules": {"no_same_last_pair": 1}}, "rules.no_same_last_pair is 1; want true or false"),
    (officer(cap=2**31), "cap of officer O2 is 2147483648; want a whole number of at least 0 and"),
]


@pytest.mark.parametrize(("fields", "told"), FAULTS)
def test_a_fault_is_told(fields, told):
    with pytest.raises(InvalidInput) as caught:
        Problem.from_instance({**SMALL, **fields})
    assert str(caught.value).startswith(told)
    assert len(caught.value.faults) == 1
    assert caught.value.text("zh") != str(caught.value)


def test_all_faults_are_told_together():
    faults = {**officer(min=2, cap=0), "pair_exclusions": [["O1", "O1"], ["O8", "O9"]]}
    with pytest.raises(InvalidInput) as caught:
        Problem.from_instance({**SMALL, **faults})
    assert caught.value.faults == (
        "officer O2 takes at least 2 tasks and at most 0",
        "pair_exclusions[1] names unknown officer O8",
        "pair_exclusions[1] names unknown officer O9",
        "officer O1 is kept apart from himself",
    )


@pytest.mark.parametrize("root", [[], None, "tasks", 3])
def test_an_instance_that_is_no_object_is_refused(root):
    with pytest.raises(InvalidInput, match=r"^instance is .*; want an object$") as caught:
        Problem.from_instance(root)
    assert "应为对象" in caught.value.text("zh")
