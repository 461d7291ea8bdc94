"""Problems and words in, the same numerators, teams and replacements out: the page and the library."""

import json
from importlib import import_module
from pathlib import Path

import numpy as np
import pytest
from lottery_worlds import Heard, plain, uniform, world

from fairlot._base.errors import FairlotError
from fairlot.assignment import (
    Problem,
    draw_teams,
    effective_officers,
    probabilities,
)
from fairlot.assignment.balance import balance
from fairlot.assignment.quantise import quantise
from fairlot.planning import Plan, deciding, problem_of
from fairlot.registers import example, examples

TESTS = Path(__file__).parents[1]
VECTORS = json.loads((TESTS / "public/vectors_assign.json").read_text("utf-8"))
AT_ONCE, WORLDS = 25, 300
SECONDS = 20
"""For a lottery of 2,000 sites x 500 officers."""


def case(problem, loads, seed):
    """What the page is asked, and what it has to answer."""
    heard = Heard(seed)
    asked = {"problem": plain(problem), "loads": loads, "words": heard.given}
    try:
        chances = probabilities(problem, loads=loads)
    except FairlotError as error:
        return asked, {"refused": type(error).__name__}
    teams, of = draw_teams(problem, chances=chances, rng=heard), chances.problem
    found = effective_officers(chances)
    pairs = np.column_stack([of.edge_seat, of.idx, chances.numerator])
    seats = zip(of.seat_task, of.seat_kind, of.quota, strict=True)
    return asked, {
        "numerator": chances.numerator.tolist(),
        "residual": chances.residual,
        "rounds": chances.rounds,
        "vanished": chances.vanished,
        "left": 0,
        "ptr": of.ptr.tolist(),
        "idx": of.idx.tolist(),
        "officer": teams.officer.tolist(),
        "borrowed": teams.borrowed.astype(int).tolist(),
        "eligible": found.eligible.tolist(),
        "written": found.written,
        "matrix": {
            "tasks": list(of.tasks),
            "seats": [f"{of.tasks[task]} {kind} {quota}" for task, kind, quota in seats],
            "officers": list(of.officers),
            "pairs": pairs.astype(">u4").tobytes(),
        },
    }


def assert_same(js, cases):
    asked, wanted = zip(*cases, strict=True)
    for got, want in zip(js("tests/lottery.js", "drawn", asked), wanted, strict=True):
        assert {name: got[name] for name in want} == want


def loads_of(problem):
    return ("free",) if problem.groups else ("free", "leximin")


@pytest.mark.parametrize("first", range(0, WORLDS, AT_ONCE))
def test_random_problems_to_the_last_bit(js, first):
    seeds = range(first, first + AT_ONCE)
    assert_same(js, [case(world(k), loads, k) for k in seeds for loads in loads_of(world(k))])


def test_a_search_that_goes_round_in_circles_ends_alike(js):
    assert_same(js, [case(world(1321), "free", 1)])


def test_the_worlds_hold_every_rule():
    every = [world(seed) for seed in range(WORLDS)]
    chances = [case(problem, "free", 1)[1] for problem in every]
    assert {"Infeasible"} == {told["refused"] for told in chances if "refused" in told}
    assert max(told.get("rounds", 0) for told in chances) > 5
    assert any(problem.tier.any() and problem.groups for problem in every)
    opened = [(w, p) for w, p in zip(chances, every, strict=True) if "ptr" in w and p.tier.any()]
    assert any(
        len(told["idx"]) < problem.idx.size and any(told["borrowed"]) for told, problem in opened
    )


@pytest.mark.parametrize("name", ["shanghai", "chicago"])
def test_examples(js, name):
    plan = Plan.read(examples.folder(name) / "plan.toml")
    tables = deciding(plan, example(name))
    problem = problem_of(plan, tables, np.arange(2, len(tables.sites), 8))
    assert_same(js, [case(problem, loads, 8) for loads in loads_of(problem)])


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: vector["name"])
def test_vectors(js, vector):
    rows, words = vector["seats"], vector["words"]
    of = {name: [row[key] for row in rows]
          for name, key in (("seat_task", "task"), ("seat_kind", "kind"), ("quota", "quota"))}  # fmt: skip
    given = {name: vector[name] for name in ("tasks", "officers", "cap", "least", "groups")}
    ptr = np.cumsum([0, *(len(row["officers"]) for row in rows)]).tolist()
    idx = [o for row in rows for o in row["officers"]]
    taken = [words["tasks"], words["officers"], *words["coins"]]
    asked = {
        "problem": {**given, **of, "ptr": ptr, "idx": idx},
        "loads": "free",
        "words": [int(word, 16) for some in taken for word in some],
    }
    (got,) = js("tests/lottery.js", "drawn", [asked])
    assert got["numerator"] == [n for row in rows for n in row["numerators"]]
    places = [(row["task"], row["kind"]) for row in rows for _ in range(row["quota"])]
    teams = [[vector["tasks"][task], kind, vector["officers"][o]]
             for (task, kind), o in zip(places, got["officer"], strict=True)]  # fmt: skip
    assert (teams, got["left"]) == (vector["teams"], 0)


def test_chances_of_hostile_networks_are_the_same_bits(js, monkeypatch):
    monkeypatch.syspath_prepend(str(TESTS / "assignment"))
    hostile = import_module("hostile_networks")
    for name, make in hostile.FAMILIES.items():
        free = hostile.freed(make())
        network, bounds = free.network, (free.low, free.high)
        want = balance(network, *bounds)
        got = js("tests/lottery.js", "balanced", by_page(network), *(b.tolist() for b in bounds))
        assert got["numerator"] == quantise(network, want.x, *bounds)[0].tolist(), name
        assert got["x"] == want.x.tolist(), name
        assert got["v"] == want.v.tolist(), name


def by_page(network):
    """A network as the page names its arrays."""
    names = {"bundle_ptr": "bundlePtr", "bundle_edge": "bundleEdge"}
    fields = network._asdict().items()
    told = {names.get(name, name): array.astype(int).tolist() for name, array in fields}
    groups = network.parent[network.parent >= 0]
    return told | {"people": int(groups.min(initial=network.parent.size))}


def test_a_large_lottery_is_replayed_in_time(js):
    problem, heard = uniform(2_000, 500, 100), Heard(1)
    chances = probabilities(problem)
    teams = draw_teams(problem, chances=chances, rng=heard)
    got = js("tests/lottery.js", "timed", plain(problem), heard.given)
    assert got["numerator"] == chances.numerator.tolist()
    assert got["officer"] == teams.officer.tolist()
    assert got["seconds"] < SECONDS


BROKEN = {
    "a site twice": {"tasks": ["S1", "S1"]},
    "a row that falls": {"idx": [1, 0, 0, 1]},
    "nobody of that number": {"idx": [0, 2, 0, 1]},
    "half an officer": {"cap": [1.5, 1]},
    "a cap for nobody": {"cap": [1, 1, 1]},
    "a seat of no site": {"seat_task": [0, 2]},
    "more places than are counted exactly": {"quota": [2**22, 2**22]},
    "groups that overlap": {"groups": [{"name": "A", "officers": [0, 1], "least": 0, "most": 9},
                                       {"name": "B", "officers": [1, 2], "least": 0, "most": 9}]},
    "loads of no kind": {"loads": "even"},
}  # fmt: skip


@pytest.mark.parametrize("name", BROKEN)
def test_problems_that_are_none_are_refused(js, name):
    pool = Problem(
        tasks=("S1", "S2"), officers=("P1", "P2"), cap=[1, 1], seat_task=[0, 1],
        seat_kind=["officer"] * 2, ptr=[0, 2, 4], idx=[0, 1, 0, 1],
    )  # fmt: skip
    change = dict(BROKEN[name])
    asked = {"loads": change.pop("loads", "free"), "words": [], "problem": plain(pool) | change}
    (got,) = js("tests/lottery.js", "drawn", [asked])
    assert got["refused"] == "InvalidInput"
