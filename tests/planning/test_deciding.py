"""What decides, and how past visits enter it."""

import pandas as pd
import pytest
from test_plan import HEAD

from fairlot._base.errors import InvalidInput
from fairlot.planning import Plan, Tables, deciding
from fairlot.planning.deciding import SCHEMAS, check_table, renamed
from fairlot.registers import gather

SITES = pd.DataFrame(
    {
        "site_id": ["S2", "S1", "S3"],
        "bureau_id": "P",
        "sector": "水质",
        "last_inspected": ["2023-05-05", "", "2024-06-01"],
        "visits_ytd": [0, 3, 0],
    }
)
HISTORY = pd.DataFrame(
    [
        ("S1", "2023-12-31", "联合"),  # last year
        ("S1", "2024-02-01", "随机抽取"),
        ("S2", "2024-03-01", "联合"),
        ("S2", "2024-04-01", "专项"),
        ("S3", "2024-07-02", "联合"),  # after as_of
    ],
    columns=["site_id", "visited", "origin"],
)


def decided(text: str = "", **more: pd.DataFrame) -> pd.DataFrame:
    rosters = gather(**{"sites": SITES, "history": HISTORY, **more})
    return deciding(Plan.parse(HEAD + text), rosters).sites.set_index("site_id")


def test_rows_stand_in_the_order_of_their_ids() -> None:
    assert decided().index.tolist() == ["S1", "S2", "S3"]


def test_the_later_of_roster_and_history_is_the_last_visit() -> None:
    assert decided()["last_inspected"].tolist() == ["2024-02-01", "2024-04-01", "2024-06-01"]


def test_the_larger_count_of_this_year_counts() -> None:
    assert decided()["visits_ytd"].tolist() == [3, 2, 0]


def test_joint_visits_of_this_year_are_named() -> None:
    assert decided()["counted"].tolist() == ["", "2024-03-01", ""]


def test_joint_visits_may_not_count() -> None:
    assert set(decided("[ratio]\njoint_visits_count_toward_ratio = false")["counted"]) == {""}


def test_the_plan_says_which_visits_are_joint() -> None:
    text = "[ratio]\njoint_origins = ['专项', '随机抽取']"
    assert decided(text)["counted"].tolist() == ["2024-02-01", "2024-04-01", ""]


def test_experts_conflicts_are_not_published() -> None:
    officers = pd.DataFrame({"officer_id": ["P1"], "bureau_id": "P", "license_expiry": "2030-01-01",
                             "max_tasks": 3})  # fmt: skip
    experts = pd.DataFrame({"expert_id": ["E1"]})
    conflicts = pd.DataFrame({"person_id": ["E1", "P1"], "target": "S1", "kind": "近亲属"})
    rosters = gather(sites=SITES, officers=officers, experts=experts, conflicts=conflicts)
    table = deciding(Plan.parse(HEAD), rosters).conflicts
    assert table["person_id"].tolist() == ["P1"]
    assert list(table.columns) == list(SCHEMAS["conflicts"])


@pytest.mark.parametrize("cell", ["x" * 2001, "水\x00", "a\u202eb"])
def test_text_that_cannot_be_printed_is_no_table(cell: str) -> None:
    table = deciding(Plan.parse(HEAD), gather(sites=SITES)).sites
    check_table("sites", table)
    with pytest.raises(InvalidInput, match="which no register holds"):
        check_table("sites", table.assign(sector=cell))


# People: experts, last teams, other names.

OFFICERS = pd.DataFrame(
    {"officer_id": ["P2", "P1"], "bureau_id": "P", "license_expiry": "2030-01-01", "max_tasks": 3}
)
EXPERTS = pd.DataFrame({"expert_id": ["E1"], "skills": "水质"})
CONFLICTS = pd.DataFrame(
    {"person_id": ["E1", "P1"], "target": "S1", "kind": ["近亲属", "曾任职"],
     "valid_from": "2015-01-01", "valid_to": ["", "2022-06-30"]}
)  # fmt: skip
EXPERT_SEAT = '[team]\nseats = ["specialist", "officer", "expert"]'
ROTATION = '[team]\nrotation = "officer"'


def tables(text: str = "") -> Tables:
    past = HISTORY.assign(officers=["P9", "P2；P9、P1", "", "P1;E1", "P2"])
    rosters = gather(
        sites=SITES, officers=OFFICERS, experts=EXPERTS, conflicts=CONFLICTS, history=past
    )
    return deciding(Plan.parse(HEAD + text), rosters)


def test_experts_stand_there_when_they_have_a_seat() -> None:
    assert len(tables().experts) == 0
    found = tables(EXPERT_SEAT)
    assert found.experts["expert_id"].tolist() == ["E1"]
    assert found.conflicts["person_id"].tolist() == ["E1", "P1"]


def test_a_former_employment_binds_for_three_years_more() -> None:
    assert tables().conflicts["valid_to"].tolist() == ["2025-06-30"]


def test_the_last_team_stands_there_when_it_may_not_come_again() -> None:
    """Visits after ``as_of`` do not count, nor do people who are in no register."""
    assert set(tables().sites["last_team"]) == {""}
    assert tables(ROTATION).sites["last_team"].tolist() == ["P1;P2", "P1", ""]


def test_everybody_gets_another_name_everywhere_and_order_follows() -> None:
    names = {"P1": "Z1", "P2": "A2", "E1": "M1"}
    found = renamed(tables(f'{EXPERT_SEAT}\nrotation = "officer"'), names)
    assert found.officers["officer_id"].tolist() == ["A2", "Z1"]
    assert found.experts["expert_id"].tolist() == ["M1"]
    assert found.conflicts["person_id"].tolist() == ["M1", "Z1"]
    assert found.sites["last_team"].tolist() == ["A2;Z1", "M1;Z1", ""]
    for name in SCHEMAS:
        check_table(name, getattr(found, name))


@pytest.mark.parametrize("team", ["P2;P1", "P1;P1", "P1;", "P 1"])
def test_a_last_team_is_a_list_of_ids_in_order(team: str) -> None:
    table = tables(ROTATION).sites
    with pytest.raises(InvalidInput, match="last_team is"):
        check_table("sites", table.assign(last_team=team))


@pytest.mark.parametrize("ids", [["S1", "S1", "S3"], ["S2", "S1", "S3"]])
def test_rows_of_a_keyed_table_rise_by_their_ids(ids: list[str]) -> None:
    table = tables().standings.assign(site=ids)
    with pytest.raises(InvalidInput, match="not in canonical order, or twice"):
        check_table("standings", table)
