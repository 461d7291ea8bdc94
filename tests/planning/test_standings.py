"""How sites stand in a draw, row for row with what decides it, and what no plan could give."""

import pandas as pd
import pytest
from test_plan import HEAD

from fairlot._base.errors import InvalidInput
from fairlot.planning import RULES, Plan, Tables, deciding, standings
from fairlot.planning.deciding import SCHEMAS, check_table
from fairlot.registers import Registers, examples, gather

SITES = pd.DataFrame(
    {
        "site_id": ["S3", "S1", "S2", "S4"],
        "bureau_id": "P",
        "sector": ["水质", "食品检验", "噪声", "水质"],
        "credit_class": ["D", "A", "", "C"],
        "status": ["注销", "存续", "存续", "存续"],
    }
)
TEXT = "key = { sectors = ['食品检验'] }\nweights = { A = 0.5, B = 1, C = '2.50', D = 4 }"


def tables() -> Tables:
    return deciding(Plan.parse(HEAD + TEXT), gather(sites=SITES))


def test_every_site_stands_there_with_what_its_chance_follows_from() -> None:
    assert tables().standings.to_numpy().tolist() == [
        ["S1", "P", "食品检验", "A", "key", True, "0.5", "食品检验"],
        ["S2", "P", "噪声", "", "weighted", False, "1", "unrated x1"],
        ["S3", "P", "水质", "D", "excluded", False, "4", "注销"],
        ["S4", "P", "水质", "C", "weighted", False, "2.50", "C x2.50"],
    ]


def test_the_columns_are_those_published_and_the_detail() -> None:
    found = tables().standings
    assert list(found.columns) == [*SCHEMAS["standings"], "detail"]
    assert {str(found[name].dtype) for name in found} == {"object", "bool"}


@pytest.mark.parametrize("name", ["shanghai", "chicago"])
def test_the_examples_stand_row_for_row(name: str) -> None:
    folder = examples.folder(name)
    plan = Plan.read(folder / "plan.toml")
    found = deciding(plan, Registers.read(folder))
    check_table("standings", found.standings)
    assert found.standings["site"].tolist() == found.sites["site_id"].tolist()
    assert standings(plan, found.sites.iloc[5:9]).equals(found.standings.iloc[5:9])


@pytest.mark.parametrize(
    ("column", "cells"),
    [
        ("rule", ["quota_met", "no_weight", "Key", ""]),
        ("weight", ["", "-1", "1e3", "½", "1.", "x"]),
        ("class", ["E", "--", "a"]),
        ("site", ["", "S 1", "Ｓ1"]),
        ("bureau_id", ["", "-\n"]),
        ("sector", ["水\x00"]),
    ],
)
def test_what_no_plan_gives_is_refused(column: str, cells: list[str]) -> None:
    table = tables().standings.iloc[:1]
    for cell in cells:
        with pytest.raises(InvalidInput, match=f"{column} is .*which no register holds"):
            check_table("standings", table.assign(**{column: cell}))


def test_what_a_plan_and_a_view_give_passes() -> None:
    table = tables().standings.iloc[:1]
    for rule in [*RULES][:-2]:
        for label in ("", "A", "D", "-"):
            check_table("standings", table.assign(rule=rule, **{"class": label}))


def test_known_rows_of_sites_are_looked_at_alone_and_in_any_order() -> None:
    known = tables().sites.iloc[[2, 0]]
    check_table("sites", known)
    with pytest.raises(InvalidInput, match="credit_class is 'E'"):
        check_table("sites", known.assign(credit_class="E"))
