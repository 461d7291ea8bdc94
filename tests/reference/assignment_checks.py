"""How an answer of ours about an assignment is compared with the one in the file."""

import json
from collections import Counter
from fractions import Fraction
from functools import cache
from typing import Any

import literal_readings as literal
import numpy as np
import pytest
from entries import Entry

from fairlot._base.errors import Infeasible
from fairlot.assignment import Problem, Teams, draw_teams, probabilities

DRAWS = 20
CLOSE = 1e-7


def _asked(function: Any, entry: Entry) -> Any:
    """Ask about an instance once, though several entries want to know."""
    return _asked_once(function, json.dumps(entry.given))


@cache
def _asked_once(function: Any, instance: str) -> Any:
    return function(Problem.from_instance(json.loads(instance)))


def eligible(function: Any, entry: Entry) -> None:
    problem = function(entry.given)
    for seat, task in enumerate(problem.seat_task):
        row = [problem.officers[officer] for officer in problem.row(seat)]
        assert row == sorted(entry.want[problem.tasks[task]])


def feasible(function: Any, entry: Entry) -> None:
    problem = Problem.from_instance(entry.given)
    if not entry.want:
        with pytest.raises(Infeasible):
            function(problem)
        return
    function(problem)
    chances = _asked(probabilities, entry)
    for seed in range(DRAWS):
        frame = draw_teams(problem, chances=chances, rng=np.random.default_rng(seed)).to_frame()
        teams = frame.groupby("site_id")["officer_id"].apply(list).to_dict()
        assert all(literal.is_team(entry.given, task, team) for task, team in teams.items())
        assert literal.loads_hold(entry.given, teams.values())


def forced(function: Any, entry: Entry) -> None:
    assert _pairs(_asked(function, entry), 1) == set(map(tuple, entry.want))


def impossible(function: Any, entry: Entry) -> None:
    assert _pairs(_asked(function, entry), 0) == set(map(tuple, entry.want))


def _pairs(chances: Any, p: int) -> set[tuple[str, str]]:
    frame = chances.to_frame()
    rows = frame[frame["p"] == p]
    return set(zip(rows["site_id"], rows["officer_id"], strict=True))


def marginals(function: Any, entry: Entry) -> None:
    frame = _asked(function, entry).to_frame()
    limit = CLOSE + entry.given["answer"]["maxent_residual"]
    for site, officer, p in zip(frame["site_id"], frame["officer_id"], frame["p"], strict=True):
        assert abs(p - entry.want[site].get(officer, 0)) <= limit


def least_share(function: Any, entry: Entry) -> None:
    best = _asked(function, entry).maxmin
    assert abs(best - Fraction(entry.want["fraction"])) <= CLOSE


def greatest_share(function: Any, entry: Entry) -> None:
    best = _asked(function, entry).minmax
    assert abs(best - Fraction(entry.want["fraction"])) <= CLOSE


def leximin(function: Any, entry: Entry) -> None:
    """An officer whom the file leaves out serves in no assignment."""
    chances = function(Problem.from_instance(entry.given), loads="leximin")
    for officer, load in zip(chances.problem.officers, chances.load, strict=True):
        want = entry.want.get(officer, {"fraction": "0"})
        assert abs(load - Fraction(want["fraction"])) <= CLOSE


def blocking(function: Any, entry: Entry) -> None:
    """The set we name has the fewest tasks, stands in the file, and counts out by hand."""
    with pytest.raises(Infeasible) as caught:
        function(Problem.from_instance(entry.given))
    answer = entry.given["answer"]
    first = caught.value.blocking[0]
    assert sorted(first.sites) in map(sorted, answer["min_infeasible_task_sets"])
    assert first.smallest
    if answer["hall_certificates"]:
        assert first.need > first.available
    for hall in answer["hall_certificates"]:
        if hall["pool"] == "any" and sorted(hall["tasks"]) == sorted(first.sites):
            _counts_out(entry.given, first)
            assert (first.need, first.available) == (hall["need"], hall["available"])


def _counts_out(case: Any, block: Any) -> None:
    may = Counter(officer for task in block.sites for officer in case["eligible"][task])
    caps = {officer["id"]: officer["cap"] for officer in case["officers"]}
    quota = {task["id"]: task["quota"] for task in case["tasks"]}
    assert block.need == sum(quota[task] for task in block.sites)
    assert block.available == sum(min(caps[officer], n) for officer, n in may.items())


def dropout(function: Any, entry: Entry) -> None:
    """Who stays, how many completions there are, and each replacement's chance as a fraction."""
    problem = Problem.from_instance(entry.given)
    found = function(problem, _drawn(problem, entry.want["drawn"]), entry.want["officer"])
    stay = found.teams.to_frame().drop(index=found.places.tolist())
    assert stay.groupby("site_id")["officer_id"].apply(list).to_dict() == entry.want["kept"]
    assert found.completions == entry.want["n_completions"]
    shares: dict[str, dict[str, Fraction]] = {}
    for row in found.to_frame().itertuples():
        shares.setdefault(row.site_id, {})[row.officer_id] = Fraction(row.chance)
    assert shares == {
        site: {officer: Fraction(share) for officer, share in of_site.items()}
        for site, of_site in entry.want["uniform_replacement"].items()
    }


def _drawn(problem: Problem, drawn: Any) -> Teams:
    at = {officer: position for position, officer in enumerate(problem.officers)}
    taken = [at[officer] for task in problem.tasks for officer in drawn[task]]
    return Teams(problem, np.array(taken), np.zeros(len(taken), bool), "reference")
