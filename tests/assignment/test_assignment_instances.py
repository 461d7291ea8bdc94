"""The instances of ``fairlot-assign/1`` whose rules are within what is built."""

import json
import os
from pathlib import Path

import numpy as np
import pytest
from staffed_worlds import eligible

from fairlot._base.errors import Infeasible, InvalidInput
from fairlot.assignment import Problem, check_teams, draw_teams

COPY = Path(__file__).parents[1] / "reference" / "data"
FOLDER = Path(os.environ.get("FAIRLOT_REFERENCES") or COPY)
INSTANCES = json.loads((FOLDER / "assignment.json").read_text(encoding="utf-8"))["instances"]
BUILT = ("plain", "districts")


def plain(instance):
    return instance["family"] in BUILT and not any(o["min"] for o in instance["officers"])


def named(instances):
    return {"argvalues": instances, "ids": [instance["id"] for instance in instances]}


COVERED = [instance for instance in INSTANCES if plain(instance)]
POSSIBLE = [instance for instance in COVERED if instance["answer"]["feasible"]]
IMPOSSIBLE = [instance for instance in COVERED if not instance["answer"]["feasible"]]


@pytest.mark.parametrize("instance", **named(COVERED))
def test_who_may_serve_is_read_as_given(instance):
    rows = eligible(Problem.from_instance(instance))
    for (task, _), officers in rows.items():
        assert officers == sorted(instance["eligible"][task])


@pytest.mark.parametrize("instance", **named(POSSIBLE))
def test_a_possible_instance_gets_valid_teams(instance):
    problem = Problem.from_instance(instance)
    forced = {tuple(edge) for edge in instance["answer"]["forced_edges"]}
    impossible = {tuple(edge) for edge in instance["answer"]["impossible_edges"]}
    for seed in range(20):
        teams = draw_teams(problem, rng=np.random.default_rng(seed))
        check_teams(problem, teams)
        frame = teams.to_frame()
        used = set(zip(frame.site_id, frame.officer_id, strict=True))
        assert forced <= used
        assert not impossible & used


@pytest.mark.parametrize("instance", **named(IMPOSSIBLE))
def test_an_impossible_instance_is_refused_with_a_set_that_counts_out(instance):
    with pytest.raises(Infeasible) as caught:
        draw_teams(Problem.from_instance(instance), rng=np.random.default_rng(1))
    smallest = instance["answer"]["min_infeasible_task_sets"]
    for block in caught.value.blocking:
        assert (block.need, block.available) == by_hand(instance, block.sites)
        assert block.need > block.available
        # Ours is minimal by inclusion, the listed ones by number: of that number, it is listed.
        assert len(block.sites) > len(smallest[0]) or list(block.sites) in smallest


def by_hand(instance, tasks):
    """(seats of these tasks, seats their officers can take)."""
    quota = {task["id"]: task["quota"] for task in instance["tasks"]}
    serves = [o for task in tasks for o in instance["eligible"][task]]
    gives = (min(o["cap"], serves.count(o["id"])) for o in instance["officers"])
    return sum(quota[task] for task in tasks), sum(gives)


def change(instance, **fields):
    return {**instance, **fields}


SMALL = {
    "tasks": [{"id": "T1", "quota": 2}],
    "officers": [{"id": "O1", "cap": 1, "min": 0}, {"id": "O2", "cap": 1, "min": 0}],
    "recusals": [],
    "pair_exclusions": [],
    "rules": {},
}

NOT_BUILT = [
    ({"pair_exclusions": [["O1", "O2"]]}, "pair_exclusions"),
    ({"rules": {"no_same_last_officer": True}}, "no_same_last_officer"),
    ({"officers": [{"id": "O1", "cap": 2, "min": 1}]}, "minimum loads"),
    ({"tasks": [{"id": "T1", "quota": 1, "field": "food"}]}, "field"),
    ({"tasks": [{"id": "T1", "quota": 1, "departments": ["a"]}]}, "departments"),
    ({"tasks": [{"id": "T1", "quota": 1, "min_enforcement": 1}]}, "min_enforcement"),
    ({"tasks": [{"id": "T1", "quota": 1, "min_lead": 2}]}, "min_lead"),
]


@pytest.mark.parametrize(("fields", "what"), NOT_BUILT)
def test_what_is_not_built_is_refused_by_name(fields, what):
    with pytest.raises(InvalidInput, match=f"^not built yet: {what}$"):
        Problem.from_instance(change(SMALL, **fields))


@pytest.mark.parametrize("recusal", [["T9", "O1", "kin"], ["T1", "O9", "kin"]])
def test_a_recusal_of_someone_unknown_is_refused(recusal):
    with pytest.raises(InvalidInput, match="one of them is unknown"):
        Problem.from_instance(change(SMALL, recusals=[recusal]))


def test_an_officer_listed_twice_is_refused():
    officers = [{"id": "O1", "cap": 1, "min": 0}] * 2
    with pytest.raises(InvalidInput, match="officer O1 is listed twice"):
        Problem.from_instance(change(SMALL, officers=officers))
