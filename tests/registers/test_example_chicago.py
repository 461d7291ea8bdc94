"""The chicago example: the facts of the real roster, and that its rules were followed."""

from collections import Counter
from runpy import run_path

import pandas as pd
import pytest

from fairlot._base.errors import InvalidInput
from fairlot.registers import Registers
from fairlot.registers.examples import NAMES, folder

FOLDER = folder("chicago")
SECTORS = {
    "Restaurant", "Grocery", "School", "Childcare", "Bakery", "Care facility", "Catering", "Bar",
    "Events", "Other", "Wholesale", "Mobile",
}  # fmt: skip


@pytest.fixture(scope="module")
def registers():
    return Registers.read(FOLDER)


@pytest.fixture(scope="module")
def sites(registers):
    return registers.sites.frame


@pytest.fixture(scope="module")
def history(registers):
    return registers.history.frame


@pytest.fixture(scope="module")
def script(pytestconfig):
    return run_path(str(pytestconfig.rootpath / "examples" / "make_chicago.py"))


def test_the_folder_is_small_and_says_where_it_is_from():
    assert sum(path.stat().st_size for path in FOLDER.iterdir()) < 500_000
    text = (FOLDER / "README.md").read_text(encoding="utf-8")
    for words in ("Copyright, 2014 City of Chicago", "603d8dba4d2ea266aced60ac49bdd6ee96704d05"):
        assert words in text


def test_another_name_is_refused_with_the_choices():
    assert NAMES == ("chicago", "shanghai")
    with pytest.raises(InvalidInput, match="called 'boston'; want one of chicago, shanghai"):
        folder("boston")


def test_the_roster(sites):
    assert len(sites) == 12_130
    assert sites["site_id"].is_unique
    assert (sites["bureau_id"] == "unknown").sum() == 975
    wards = {f"ward-{ward:02d}" for ward in range(1, 51)}
    assert set(sites["bureau_id"]) == {"unknown", *wards}
    assert set(sites["sector"]) == SECTORS
    assert (sites["is_key"] == (sites["sector"] == "Childcare")).all()
    assert sites["is_key"].sum() == 471
    assert Counter(sites["credit_class"]) == {"": 4188, "A": 3256, "B": 2977, "C": 1283, "D": 426}


def test_reading_it_finds_only_the_columns_that_the_source_lacks(registers):
    assert {problem.code for problem in registers.problems} == {"column_absent", "column_default"}


def test_the_history(sites, history):
    assert len(history) == 26_414
    assert (history["visited"].min(), history["visited"].max()) == ("2011-09-02", "2014-10-31")
    results = {"Pass": 17_661, "Fail": 5_228, "Pass w/ Conditions": 3_525}
    assert Counter(history["outcome"]) == results
    assert (history["officers"] == "").sum() == 4_014
    last = history.groupby("site_id")["visited"].max()
    assert (sites["site_id"].map(last) == sites["last_inspected"]).all()
    this_year = history[history["visited"] >= "2014"]["site_id"].value_counts()
    assert (sites["site_id"].map(this_year).fillna(0) == sites["visits_ytd"]).all()


def test_classes_follow_from_the_history_by_the_stated_rule(sites, history, script):
    results = history.groupby("site_id")["outcome"].agg(list)
    made = results.map(script["credit_class"])
    assert (sites["site_id"].map(made) == sites["credit_class"]).all()


@pytest.mark.parametrize(
    ("results", "credit"),
    [
        ("P", ""),
        ("FF", "D"),
        ("PFF", "D"),
        ("PPF", "C"),
        ("FPF", "C"),
        ("FFP", "C"),
        ("FFPP", "B"),
        ("FPP", "B"),
        ("PCP", "B"),
        ("PP", "A"),
        ("FFPPP", "A"),
    ],
)
def test_the_rule_of_the_classes(script, results, credit):
    words = {"P": "Pass", "F": "Fail", "C": "Pass w/ Conditions"}
    assert script["credit_class"]([words[result] for result in results]) == credit


def test_the_table_of_sectors_is_whole():
    table = pd.read_csv(FOLDER / "sectors.csv", keep_default_na=False)
    assert len(table) == 196  # 195 names and the blank one
    assert table["facility_type"].is_unique
    assert set(table["sector"]) == SECTORS
    assert table["visits"].sum() == 26_414


def test_a_facility_type_without_a_sector_stops_the_script(script):
    with pytest.raises(SystemExit, match=r"without a sector in sectors.csv: \['Zoo'\]"):
        script["folded"](pd.Series(["Restaurant", "Zoo"]))


def test_each_group_stands_for_as_many_officers_as_the_floor_needs(registers, sites):
    officers = registers.officers.frame
    assert set(officers["max_tasks"]) == {20}
    assert officers["active"].all()
    for bureau, group in sites.groupby("bureau_id"):
        own = officers[officers["bureau_id"] == bureau]
        key = int(group["is_key"].sum())
        seats = 2 * (key + -(-(len(group) - key) * 15 // 100))
        assert len(own) % 6 == 0
        # A quarter in hand, and one officer fewer of each group would not do.
        assert 4 * 20 * len(own) >= 5 * seats > 4 * 20 * (len(own) - 6)
