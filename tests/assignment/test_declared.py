"""Conflicts that an honest register would hardly show are shown, and no others."""

from itertools import chain
from math import comb

import numpy as np
import pandas as pd
import pytest

from fairlot.assignment.declared import declared
from fairlot.planning import Plan, deciding
from fairlot.registers import Registers, examples

TODAY = "2024-07-01"


def bureau(name, sites, officers):
    """Sites and officers of one bureau: rows of both tables."""
    return (
        pd.DataFrame({"site_id": [f"S{name}{k:03d}" for k in range(sites)], "uscc": "", "bureau_id": name}),
        pd.DataFrame({"officer_id": [f"P{name}{k:03d}" for k in range(officers)], "bureau_id": name}),
    )  # fmt: skip


def register(*pairs, since="2020-01-01"):
    """A table of conflicts from pairs (person, target)."""
    table = pd.DataFrame(pairs, columns=["person_id", "target"], dtype=object)
    return table.assign(valid_from=since, valid_to="")


def found(conflicts, world):
    lines = declared(conflicts, *world, as_of=TODAY)
    return [*zip(*(lines[name] for name in ("what", "id", "conflicts", "of", "new")), strict=True)]


def tail(k, n, p):
    return sum(comb(n, j) * p**j * (1 - p) ** (n - j) for j in range(k, n + 1))


def against(target, officers, **dates):
    return register(*[(f"PA{k:03d}", target) for k in officers], **dates)


def test_tails_are_those_of_the_binomial_by_hand():
    world = bureau("A", 50, 20)
    scattered = [(f"PA{k:03d}", f"SA{2 * k + j:03d}") for k in range(20) for j in (0, 1)]
    conflicts = register(*scattered, *[(f"PA{k:03d}", "SA049") for k in range(8)])
    lines = declared(conflicts, *world, as_of=TODAY)
    assert lines[["what", "id"]].to_numpy().tolist() == [["site", "SA049"]]
    assert lines["expected"][0] == pytest.approx(20 * 48 / 1000)
    assert lines["chance"][0] == pytest.approx(tail(8, 20, 48 / 1000), rel=1e-9)


@pytest.mark.parametrize(("many", "lines"), [(2, 0), (3, 0), (4, 1), (8, 1)])
def test_a_line_appears_where_the_tail_times_all_looks_is_below_a_hundredth(many, lines):
    # 30 sites and 20 officers, all conflicts and the new ones: 100 looks.
    assert (tail(many, 20, many / 600) * 100 < 0.01) == bool(lines)
    assert tail(3, 20, 3 / 600) * 50 < 0.01 < tail(3, 20, 3 / 600) * 100
    shown = found(against("SA007", range(many)), bureau("A", 30, 20))
    assert shown == [("site", "SA007", many, 20, False)] * lines


def test_everyone_but_a_friend_is_found_and_so_is_who_declares_against_every_site():
    world = bureau("A", 40, 12)
    scattered = [(f"PA{k % 12:03d}", f"SA{k:03d}") for k in range(0, 40, 4)]
    friend_left = [(f"PA{k:03d}", "SA017") for k in range(11)]
    assert found(register(*scattered, *friend_left), world) == [("site", "SA017", 11, 12, False)]
    shy = [("PA005", f"SA{k:03d}") for k in range(30)]
    lines = found(register(*scattered, *shy), world)
    assert lines == [("officer", "PA005", 30, 40, False)]


def test_a_company_of_many_sites_is_one():
    sites, officers = bureau("A", 40, 12)
    chain_ = sites.assign(uscc=["C"] * 30 + [""] * 10)
    declared_once = register(
        ("PA000", "C"), *[(f"PA{k:03d}", f"SA{k + 25:03d}") for k in range(1, 8)]
    )
    assert found(declared_once, (chain_, officers)) == []
    # Against any of its sites, or the company: eight officers in all, each once, of twelve.
    many = register(
        *[(f"PA{k:03d}", "C") for k in range(4)], *[(f"PA{k:03d}", f"SA{k:03d}") for k in range(8)]
    )
    assert found(many, (chain_, officers)) == [("site", "SA000", 8, 12, False)]


def test_a_company_in_two_bureaux_is_one_in_each():
    worlds = bureau("A", 40, 12), bureau("B", 40, 12)
    sites, officers = (pd.concat(tables) for tables in zip(*worlds, strict=True))
    sites = sites.assign(uscc=[*chain(["C", "C"], [""] * 38, ["C"], [""] * 39)])
    conflicts = against("C", range(8))
    assert found(conflicts, (sites, officers)) == [("site", "SA000", 8, 12, False)]
    both = pd.concat(
        [conflicts, conflicts.assign(person_id=conflicts["person_id"].str.replace("PA", "PB"))]
    )
    assert found(both, (sites, officers)) == [
        ("site", "SA000", 8, 12, False), ("site", "SB000", 8, 12, False),
    ]  # fmt: skip


def test_conflicts_that_decide_nothing_are_not_counted():
    world = bureau("A", 40, 12)
    loud = against("SA017", range(8))
    assert found(loud, world)
    strangers = loud.assign(
        person_id=[f"PB{k:03d}" for k in range(8)]
    )  # of another bureau, or experts
    assert found(strangers, world) == []
    assert found(loud.assign(target="S-unknown"), world) == []
    assert found(loud.assign(target=""), world) == []  # a blank 统一社会信用代码 is nobody's
    twice = pd.concat([loud.iloc[:1]] * 8)
    assert found(twice, world) == []


def test_expired_ones_are_gone_and_later_ones_count():
    world = bureau("A", 40, 12)
    loud = against("SA017", range(8))
    assert found(loud.assign(valid_to="2024-06-30"), world) == []
    assert found(loud.assign(valid_to="2024-07-01"), world) == [("site", "SA017", 8, 12, False)]
    later = loud.assign(valid_from="2024-07-02")
    assert found(later, world) == [("site", "SA017", 8, 12, False)]


def test_new_ones_are_held_against_new_ones():
    world = bureau("A", 60, 30)
    # Old conflicts are many everywhere, so that eight more are nothing; eight new ones of ten are.
    old = [(f"PA{p:03d}", f"SA{s:03d}") for p in range(30) for s in range(60) if (p + s) % 5 == 0]
    fresh = against("SA017", range(0, 24, 3), since="2024-04-02")
    new = found(pd.concat([register(*old), fresh]), world)
    assert new == [("site", "SA017", 8, 30, True)]
    assert found(pd.concat([register(*old), fresh.assign(valid_from="2024-04-01")]), world) != new
    assert found(pd.concat([register(*old), fresh.assign(valid_from="")]), world) == []
    assert found(pd.concat([register(*old), fresh.assign(valid_from="2024-07-02")]), world) == []


@pytest.mark.parametrize(("sites", "officers"), [(0, 0), (3, 0), (0, 3), (3, 3)])
def test_nothing_declared_is_nothing_to_tell(sites, officers):
    lines = declared(register(), *bureau("A", sites, officers), as_of=TODAY)
    assert lines.empty
    assert [*lines.columns] == ["what", "id", "conflicts", "of", "expected", "new", "chance"]


def test_least_likely_first():
    world = bureau("A", 60, 30)
    lines = declared(
        pd.concat([against("SA001", range(7)), against("SA002", range(9)), against("SA003", range(8))]),
        *world, as_of=TODAY,
    )  # fmt: skip
    assert lines["id"].tolist() == ["SA002", "SA003", "SA001"]
    assert lines["chance"].is_monotonic_increasing


def test_a_register_without_a_pattern_shows_a_line_in_one_of_a_hundred():
    # 300 registers with a chance of .01 each: more than 14 with a line have a chance of 1e-6.
    rng = np.random.default_rng(7)
    sites, officers = bureau("A", 30, 20)
    lines = 0
    for _ in range(300):
        at = np.argwhere(rng.random((30, 20)) < 0.05)
        conflicts = register(*[(f"PA{o:03d}", f"SA{s:03d}") for s, o in at])
        lines += bool(found(conflicts, (sites, officers)))
    assert lines <= 14


@pytest.mark.parametrize("name", ["shanghai", "chicago"])
def test_the_example_shows_none(name):
    folder = examples.folder(name)
    plan = Plan.read(folder / "plan.toml")
    tables = deciding(plan, Registers.read(folder))
    assert declared(tables.conflicts, tables.sites, tables.officers, as_of=plan.as_of).empty
