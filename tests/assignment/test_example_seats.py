"""The example roster as it is: teams of officers, of experts, and of a joint list."""

import numpy as np
import pytest
from staffed_worlds import WINDOW, eligible

from fairlot._base.errors import InvalidInput
from fairlot.assignment import Problem, TeamRules, last_teams
from fairlot.registers import example

JOINT_ITEM, UNSTAFFED_ITEM = "JC03", "JC09"


@pytest.fixture(scope="module")
def rooms():
    return example("shanghai")


def problem_of(rooms, **more):
    frames = (rooms.sites, rooms.officers, rooms.conflicts, rooms.absences)
    team = more.pop("team", {"seats": ("specialist", "officer")})
    return Problem.from_registers(
        *(register.frame for register in frames),
        team=TeamRules(**team),
        window=WINDOW,
        experts=rooms.experts.frame,
        last_teams=last_teams(rooms.history.frame),
        **more,
    )


def joint_list(rooms, item):
    """The departments of ``item`` at every site of its sectors."""
    items, sites = rooms.items.frame.set_index("item_id"), rooms.sites.frame
    sectors, departments = items.loc[item, ["sector", "departments"]]
    asked = sites.loc[sites["sector"].isin(sectors.split(";")), "site_id"]
    return dict.fromkeys(asked, departments.split(";"))


def test_every_site_has_officers_of_its_bureau_and_nobody_who_may_not_go(rooms):
    problem = problem_of(rooms)
    assert (problem.tasks, problem.quota.sum()) == (tuple(sorted(problem.tasks)), 2400)
    assert (np.diff(problem.ptr)[1::2] >= 2).mean() > 0.99
    related = rooms.conflicts.frame.query("valid_from <= @WINDOW[1]")
    for person, target, end in zip(
        related["person_id"], related["target"], related["valid_to"], strict=True
    ):
        if (not end or end >= WINDOW[0]) and target in problem.tasks:
            row = eligible_at(problem, target)
            assert person not in row


def eligible_at(problem, site):
    task = problem.tasks.index(site)
    seats = np.flatnonzero(problem.seat_task == task)
    return {problem.officers[o] for seat in seats for o in problem.row(seat)}


def test_a_joint_visit_takes_an_officer_of_each_department(rooms):
    joint = joint_list(rooms, JOINT_ITEM)
    problem = problem_of(rooms, departments=joint)
    kinds = problem.seat_kind == "department:生态环境"
    assert kinds.sum() == len(joint) > 100
    officers = rooms.officers.frame.set_index("officer_id")
    for seat in np.flatnonzero(kinds):
        row = [problem.officers[o] for o in problem.row(seat)]
        assert row
        assert set(officers.loc[row, "department"]) == {"生态环境"}


def test_a_joint_list_with_a_department_that_has_nobody_is_refused(rooms):
    joint = joint_list(rooms, UNSTAFFED_ITEM)
    with pytest.raises(InvalidInput, match="no officer of department '人防' is active"):
        problem_of(rooms, departments=joint)


def test_experts_and_rotation(rooms):
    team = {"seats": ("officer", "officer", "expert"), "rotation": "officer"}
    problem = problem_of(rooms, team=team)
    assert len(problem.officers) == 260 + 90
    rows, again = eligible(problem), last_teams(rooms.history.frame)
    employer = dict(
        zip(rooms.experts.frame["expert_id"], rooms.experts.frame["employer_uscc"], strict=True)
    )
    code = dict(zip(rooms.sites.frame["site_id"], rooms.sites.frame["uscc"], strict=True))
    for site in problem.tasks:
        assert not set(rows[site, 0]) & set(again.get(site, ()))
        assert all(employer[name] != code[site] for name in rows[site, 1])
        assert all(name.startswith("E") for name in rows[site, 1])


def test_the_other_example_has_officers_too():
    rooms = example("chicago")
    problem = Problem.from_registers(
        rooms.sites.frame.iloc[:300], rooms.officers.frame, rooms.conflicts.frame,
        rooms.absences.frame, team=TeamRules(("officer", "officer")),
        window=("2014-12-01", "2015-11-30"), last_teams=last_teams(rooms.history.frame),
    )  # fmt: skip
    assert (np.diff(problem.ptr) >= 2).all()
