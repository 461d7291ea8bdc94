"""From a plan to the problem of its teams, and what is told of the chances in it."""

from dataclasses import replace

import pandas as pd
import pytest
from test_plan import HEAD

from fairlot._base.errors import InvalidInput
from fairlot.assignment import Problem, probabilities
from fairlot.planning import Plan, choice, deciding, named_sites, problem_of, read_list
from fairlot.registers import gather

SITES = pd.DataFrame(
    {"site_id": [f"S{k}" for k in range(6)], "bureau_id": "P", "sector": ["水质", "噪声"] * 3}
)
OFFICERS = pd.DataFrame(
    {
        "officer_id": ["P1", "P2", "P3"],
        "bureau_id": "P",
        "license_expiry": "2030-01-01",
        "skills": ["水质;噪声", "水质", "噪声"],
        "max_tasks": [4, 4, 4],
    }
)
PAST = pd.DataFrame({"site_id": ["S0"], "visited": ["2023-01-01"], "officers": ["P1;P2"]})


def problem(text: str = "", **more: object) -> Problem:
    plan = Plan.parse(HEAD + text)
    found = deciding(plan, gather(sites=SITES, officers=OFFICERS, history=PAST))
    return problem_of(plan, found, range(len(found.sites)), **more)  # type: ignore[arg-type]


def row(problem: Problem, site: int, seat: int) -> list[str]:
    return [problem.officers[o] for o in problem.row(2 * site + seat)]


def test_the_seats_are_those_of_the_plan() -> None:
    found = problem()
    assert found.tasks == tuple(f"S{k}" for k in range(6))
    assert found.seat_kind.tolist() == ["specialist", "officer"] * 6
    assert row(found, 0, 0) == ["P1", "P2"]
    assert row(found, 0, 1) == ["P1", "P2", "P3"]


def test_rotation_bars_the_last_team() -> None:
    found = problem('[team]\nrotation = "officer"')
    assert row(found, 0, 1) == ["P3"]
    assert row(found, 1, 1) == ["P1", "P2", "P3"]


def test_a_list_reaches_the_problem() -> None:
    given = read_list(pd.DataFrame({"site_id": ["S3"], "appointed": ["P2"]}), SITES)
    found = problem(appointed=given.appointed)
    assert ["P2"] in [[found.officers[o] for o in found.row(s)] for s in (6, 7)]


def test_a_bureau_without_sites_cannot_borrow() -> None:
    said = "bureau 'X' is to borrow officers and has no sites; want a bureau of the register"
    with pytest.raises(InvalidInput, match=said) as refused:
        problem('[team.support]\nP = ["P9"]\nX = ["P"]')
    assert "借入机关 “X” 没有任何场所" in refused.value.text("zh")


def test_sites_are_called_as_they_stand_in_the_record() -> None:
    plan = Plan.parse(HEAD)
    found = deciding(plan, gather(sites=SITES, officers=OFFICERS, history=PAST))
    renamed = found.standings.assign(site=[f"A{k}" for k in range(6)])
    named = problem_of(plan, replace(found, standings=renamed), [1, 4])
    assert named.tasks == ("A1", "A4")
    assert named_sites(replace(found, standings=renamed), [1, 4])["site_id"].tolist() == [
        "A1",
        "A4",
    ]


def test_choice_is_told_for_every_site() -> None:
    plan = Plan.parse(HEAD + '[team]\neffective_floor = "2.6"')
    table = choice(plan, probabilities(problem()))
    assert table["places"].tolist() == [2] * 6
    assert table["eligible"].tolist() == [3] * 6
    told = [float(n) for n in table["effective"]]
    assert all(2 <= n <= 3 for n in told)
    assert table["below_floor"].tolist() == [n < 2.6 for n in told]
