"""What the pseudonymous view keeps (every chance, every team) and what it hides."""

from collections import Counter
from dataclasses import replace
from hashlib import sha256

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from test_quotas import HEAD, PLAIN, TEXTS

from fairlot._base.errors import InvalidInput
from fairlot.assignment import Problem
from fairlot.planning import (
    Plan,
    Quotas,
    Tables,
    check_shown,
    deciding,
    merged,
    problem_of,
    standings,
    veiled,
)
from fairlot.planning.deciding import SCHEMAS, check_table
from fairlot.planning.quotas import quotas
from fairlot.planning.views import FEWEST
from fairlot.registers import Registers, examples, gather

VEIL = "proof = { view = 'pseudonymous' }\n"
PEOPLE = [f"P{k}" for k in range(6)]
CODES = ["91310000MA1FL0ABC0", "91310000MA1FL0ABD9"]


def alias(site: str) -> str:
    return sha256(site.encode()).hexdigest()[:32].upper()


def names(tables: Tables) -> dict[str, str]:
    return {site: alias(site) for site in tables.sites["site_id"]}


def world(*groups: dict, text: str = "") -> Tables:  # type: ignore[type-arg]
    """Each group is a change to a plain site, with how many of it."""
    rows = [{**PLAIN, "uscc": "", **group} for group in groups for _ in range(group.get("n", 1))]
    sites = pd.DataFrame(rows).drop(columns=["n", "counted"], errors="ignore")
    sites["site_id"] = [f"S{k:05d}" for k in range(len(sites))]
    officers = pd.DataFrame({"officer_id": PEOPLE, "bureau_id": "P", "skills": "水质",
                             "license_expiry": "2030-01-01", "max_tasks": 9})  # fmt: skip
    return deciding(Plan.parse(HEAD + text), gather(sites=sites, officers=officers))


def labels(tables: Tables) -> Counter[tuple[str, str]]:
    frame = merged(tables.standings)
    return Counter(zip(frame["sector"], frame["class"], strict=True))


def test_small_sectors_are_merged() -> None:
    found = labels(world({"n": 10}, {"sector": "噪声", "n": 9}, {"sector": "食品", "n": 1}))
    assert found == {("水质", "B"): 10, ("-", "B"): 10}


def test_the_next_smallest_sector_joins_those_that_are_still_too_few() -> None:
    sectors = {"水质": 12, "噪声": 11, "食品检验": 30, "土壤": 4, "空气": 5}
    found = labels(world(*({"sector": name, "n": n} for name, n in sectors.items())))
    assert found == {("水质", "B"): 12, ("食品检验", "B"): 30, ("-", "B"): 20}


def test_a_bureau_of_nine_sites_has_one_group() -> None:
    found = merged(
        world({"n": 5}, {"sector": "噪声", "n": 4}, {"bureau_id": "Q", "n": 40}).standings
    )
    assert set(found["sector"][found["bureau_id"] == "P"]) == {"-"}
    assert set(found["sector"][found["bureau_id"] == "Q"]) == {"水质"}


def test_classes_are_kept_together_or_not_at_all() -> None:
    kept = world(*({"credit_class": c, "n": 10} for c in "AB"))
    assert labels(kept) == {("水质", "A"): 10, ("水质", "B"): 10}
    lost = world({"credit_class": "A", "n": 9}, {"credit_class": "B", "n": 30})
    assert labels(lost) == {("水质", "-"): 39}


def test_what_a_rule_has_decided_shows_neither_group_nor_weight() -> None:
    found = merged(world({"n": 20}, {"listed": True, "credit_class": "D"},
                         {"is_key": True, "credit_class": "C"}).standings)  # fmt: skip
    assert found.drop(columns="site").iloc[-2:].to_numpy().tolist() == [
        ["P", "-", "-", "listed", False, "1", ""],
        ["P", "-", "-", "key", True, "1", ""],
    ]
    assert set(found["sector"][:20]) == {"水质"}


def test_a_key_site_that_no_rule_takes_is_not_told_from_others() -> None:
    text = "key = { take_all = false }\n"
    assert not merged(world({"is_key": True}, {"n": 20}, text=text).standings)["key"].any()


SITE = st.fixed_dictionaries(
    {
        "bureau_id": st.sampled_from("PQ"),
        "sector": st.sampled_from(["食品检验", "水质", "噪声"]),
        "credit_class": st.sampled_from(["", "A", "D"]),
        "is_key": st.sampled_from([False] * 5 + [True]),
        "listed": st.sampled_from([False] * 9 + [True]),
        "last_inspected": st.sampled_from(["", "", "2024-06-30"]),
        "visits_ytd": st.sampled_from([0, 0, 0, 2]),
        "status": st.sampled_from(["存续"] * 5 + ["注销"]),
        "n": st.sampled_from([1, 2, 5, 9, 10, 11]),
    }
)
WORLDS = st.lists(SITE, min_size=1, max_size=14)


def told(plan: Plan, rows: pd.DataFrame) -> Quotas | str:
    try:
        return quotas(plan, rows)
    except InvalidInput as error:
        return str(error)


@settings(max_examples=100, deadline=None)
@given(WORLDS, TEXTS)
def test_every_quota_and_every_chance_is_the_same(sites: list[dict], text: str) -> None:  # type: ignore[type-arg]
    """Which of two like sites gets the unit of 2^-40 left over goes by their order, so it may differ."""
    plan, open_ = Plan.parse(HEAD + text), world(*sites, text=text)
    shut = veiled(open_, names(open_))
    want, got = (told(plan, tables.standings) for tables in (open_, shut))
    if isinstance(want, str):
        assert got == want
        return
    assert got.bureaux.equals(want.bureaux)
    chance = dict(zip(map(alias, want.frame["site_id"]), want.frame["numerator"], strict=True))
    again = dict(zip(got.frame["site_id"], got.frame["numerator"], strict=True))
    assert max(abs(int(chance[site]) - int(again[site])) for site in chance) <= 1
    assert got.frame["rule"].value_counts().to_dict() == want.frame["rule"].value_counts().to_dict()


@settings(max_examples=100, deadline=None)
@given(WORLDS)
def test_no_group_of_fewer_than_ten_and_none_merged_without_need(sites: list[dict]) -> None:  # type: ignore[type-arg]
    rows = world(*sites).standings
    chance = rows["rule"] == "weighted"
    shown, rows = merged(rows)[chance], rows[chance]
    for bureau, inside in shown.groupby("bureau_id"):
        true = rows.loc[inside.index]
        sizes, before = Counter(inside["sector"]), Counter(true["sector"])
        assert min(sizes.values()) >= FEWEST or len(sizes) == 1, bureau
        gone = sorted(n for sector, n in before.items() if sector not in sizes)
        assert sum(gone[:-1]) < FEWEST or gone[-1] < FEWEST  # the last one had to join
        for sector, group in inside.groupby("sector"):
            classes = Counter(true.loc[group.index, "class"])
            kept = set(group["class"]) != {"-"}
            assert kept == (min(classes.values()) >= FEWEST), (bureau, sector)
            assert not kept or group["class"].tolist() == true.loc[group.index, "class"].tolist()


@settings(max_examples=30, deadline=None)
@given(WORLDS, st.randoms(use_true_random=False))
def test_rows_stand_by_pseudonym_and_side_by_side(sites: list[dict], random) -> None:  # type: ignore[no-untyped-def, type-arg]
    open_ = world(*sites)
    shut = veiled(open_, names(open_))
    check_table("standings", shut.standings)
    assert shut.standings["site"].tolist() == [alias(site) for site in shut.sites["site_id"]]
    order = random.sample(range(len(open_.sites)), len(open_.sites))
    mixed = merged(open_.standings.iloc[order])
    assert mixed.sort_index().equals(merged(open_.standings))


CONFLICTS = pd.DataFrame(
    {
        "person_id": ["P0", "P1", "P1", "P2", "P3", "P4"],
        "target": ["S00002", CODES[0], "S00000", "S99999", CODES[1], "S00001"],
        "valid_from": "2020-01-01",
        "valid_to": ["", "", "", "", "", "2030-01-01"],
    }
)


def test_conflicts_name_the_sites_that_they_bind() -> None:
    open_ = world({"uscc": CODES[0], "n": 2}, {"n": 20})
    open_ = replace(open_, conflicts=CONFLICTS)
    shut = veiled(open_, names(open_))
    found = [*zip(shut.conflicts["person_id"], shut.conflicts["target"], strict=True)]
    want = {("P0", "S00002"), ("P1", "S00000"), ("P1", "S00001"), ("P4", "S00001")}
    assert sorted((person, alias(site)) for person, site in want) == found
    check_table("conflicts", shut.conflicts)
    assert list(shut.conflicts.columns) == list(SCHEMAS["conflicts"])


def test_without_conflicts_there_are_none() -> None:
    open_ = world({"n": 20})
    assert len(veiled(open_, names(open_)).conflicts) == 0


def eligible(problem: Problem) -> dict[str, list[list[str]]]:
    rows: dict[str, list[list[str]]] = {}
    for seat, task in enumerate(problem.seat_task):
        people = [problem.officers[o] for o in problem.row(seat)]
        rows.setdefault(problem.tasks[task], []).append(people)
    return rows


def test_the_teams_are_the_same_though_only_the_drawn_rows_are_known() -> None:
    folder = examples.folder("shanghai")
    plan = Plan.read(folder / "plan.toml")
    open_ = deciding(plan, Registers.read(folder))
    drawn = np.flatnonzero(quotas(plan, open_.standings).frame["numerator"] >= 1 << 39)
    shut = veiled(open_, names(open_))
    taken = {alias(open_.sites["site_id"][at]) for at in drawn}
    index = np.flatnonzero(shut.standings["site"].isin(taken))
    known = pd.DataFrame("", shut.sites.index, shut.sites.columns, dtype=object)
    known.iloc[index] = shut.sites.iloc[index].astype(object)
    replayed = replace(shut, sites=known)
    want = eligible(problem_of(plan, open_, drawn))
    assert len(open_.conflicts) > 300
    assert {alias(s): rows for s, rows in want.items()} == eligible(
        problem_of(plan, replayed, index)
    )


SHOWN = {"n": 30}, {"sector": "噪声", "n": 20}, {"listed": True}, {"is_key": True, "n": 3}


@pytest.mark.parametrize("text", ["", VEIL])
@pytest.mark.parametrize(
    ("column", "cell"),
    [("rule", "gap"), ("key", "flip"), ("weight", "7"), ("bureau_id", "Q"), ("sector", "空气"),
     ("class", "C")],
)  # fmt: skip
def test_a_row_that_its_own_columns_contradict_is_refused(
    text: str, column: str, cell: str
) -> None:
    plan, tables = Plan.parse(HEAD + text), world(*SHOWN)
    tables = veiled(tables, names(tables)) if text else tables
    check_shown(plan, tables, range(len(tables.sites)))
    for at in (0, 31, 53):
        changed = tables.standings[column].copy()
        changed[at] = not changed[at] if cell == "flip" else cell
        other = replace(tables, standings=tables.standings.assign(**{column: changed}))
        with pytest.raises(InvalidInput, match=f"{column} of .*from its own columns follows"):
            check_shown(plan, other, range(len(tables.sites)))
        check_shown(plan, other, [k for k in range(len(tables.sites)) if k != at])


def test_a_merged_label_passes_in_its_view_only() -> None:
    tables = world(*SHOWN)
    other = replace(tables, standings=tables.standings.assign(**{"class": "-"}))
    check_shown(Plan.parse(HEAD + VEIL), other, range(50))
    with pytest.raises(InvalidInput, match="class of S00000 is '-'"):
        check_shown(Plan.parse(HEAD), other, range(50))


def test_a_site_under_two_pseudonyms_is_refused() -> None:
    plan, tables = Plan.parse(HEAD + VEIL), world({"n": 12})
    twice = tables.sites.copy()
    twice.iloc[3] = twice.iloc[4]
    other = replace(tables, standings=merged(standings(plan, twice)), sites=twice)
    with pytest.raises(InvalidInput, match="S00004 stands there twice"):
        check_shown(plan, other, range(12))
