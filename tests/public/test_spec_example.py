"""The example of docs/public-draw-v1.md: what its script writes, and what its text says."""

import json
import re
import subprocess
import sys
from fractions import Fraction
from itertools import chain
from pathlib import Path
from typing import Any

import by_hand as hand
import numpy as np
import pytest

from fairlot._base.chance import Given
from fairlot._base.errors import Infeasible
from fairlot.assignment import Chances, Problem, draw_teams, probabilities
from fairlot.public.steps import STEPS
from fairlot.sampling import clip_probabilities, nested_pivotal, numerators

ROOT = Path(__file__).parents[2]
SPEC = (ROOT / "docs" / "public-draw-v1.md").read_text(encoding="utf-8")
COLUMNS = {
    "sites": "site_id uscc name bureau_id station_id sector sector2 is_key listed credit_class "
             "last_inspected visits_ytd status counted last_team",
    "standings": "site bureau_id sector class rule key weight",
    "officers": "officer_id bureau_id station_id license_expiry department skills seniority max_tasks "
                "min_tasks active",
    "experts": "expert_id employer_uscc skills",
    "conflicts": "person_id target valid_from valid_to",
    "absences": "officer_id absent_from absent_to",
    "items": "item_id name sector basis ratio_min ratio_max departments",
    "results": "site outcome rule numerator week team",
}  # fmt: skip
TABLES = [name for name in COLUMNS if name != "results"]


class World:
    """The record of the example, read with nothing but json."""

    def __init__(self) -> None:
        path = Path(__file__).with_name("vectors_v1.json")
        self.told: Any = json.loads(path.read_text(encoding="utf-8"))
        self.files: dict[str, str] = self.told["files"]
        self.tables = {
            name: [json.loads(line) for line in self.files[f"{name}.jsonl"].splitlines()[1:]]
            for name in TABLES
        }
        self.announcement = json.loads(self.files["announcement.json"])
        self.outcome = json.loads(self.files["outcome.json"])
        self.plan = self.announcement["plan"]
        secret = bytes(32)
        self.keys = {
            name: hand.mac(secret, hand.framed(b"fairlot.draw/v1 key", name.encode()))
            for name in TABLES
        }

    def digests(self, name: str, rows: hand.Rows, key: bytes) -> list[list[bytes]]:
        columns = COLUMNS[name].split()
        return [hand.fields(row, columns, key, i) for i, row in enumerate(rows)]

    def table(self, name: str) -> list[list[bytes]]:
        return self.digests(name, self.tables[name], self.keys[name])

    def site_leaves(self) -> list[bytes]:
        both = zip(self.table("standings"), self.table("sites"), strict=True)
        return [hand.leaf([*public, hand.private(private)]) for public, private in both]

    def seed(self) -> bytes:
        signature = bytes.fromhex(self.outcome["value"]["signature"])
        identity = hand.jcs(self.announcement["beacon"])
        material = hand.framed(b"fairlot.draw/v1 beacon", identity, hand.h(signature))
        return hand.mac(hand.h(self.files["announcement.json"].encode()), material)

    def tickets(self, label: str, leaves: list[bytes], count: int) -> list[list[int]]:
        key = hand.expand(self.seed(), label, 64)
        return [hand.first(count, hand.words(key, leaf)) for leaf in leaves]

    def drawn(self) -> list[int]:
        amounts = hand.numerators(self.plan, self.tables["standings"])
        tickets = self.tickets("select", self.site_leaves(), 5)
        return hand.select(self.tables["standings"], amounts, tickets)

    def rows(self) -> list[list[int]]:
        sites = [self.tables["sites"][i] for i in self.drawn()]
        return hand.rows_of(sites, self.tables["officers"], self.tables["conflicts"], self.plan)

    def teams(self) -> list[list[str]]:
        rows, people = self.rows(), [row["officer_id"] for row in self.tables["officers"]]
        pairs = [(t, p) for t, row in enumerate(rows) for p in row]
        edges = dict(zip(pairs, self.told["chances"], strict=True))
        coins = hand.words(hand.expand(self.seed(), "assign", 64))
        hand.lottery(edges, len(rows), len(people), coins)
        return [[people[p] for p in row if edges[t, p] == hand.G] for t, row in enumerate(rows)]


@pytest.fixture(scope="module")
def world() -> World:
    return World()


@pytest.mark.slow
def test_the_document_and_the_vectors_are_what_the_script_writes() -> None:
    script = ROOT / "docs" / "example_draw.py"
    run = subprocess.run([sys.executable, script, "--check"], capture_output=True, check=False)
    assert (run.returncode, run.stderr) == (0, b"")


def test_the_example_stands_in_the_document(world: World) -> None:
    told = [world.told["seed"], *world.told["leaves"], *world.told["keys"].values()]
    told += [cell for rows in world.told["tickets"].values() for row in rows for cell in row]
    told += [row[3] for rows in world.told["fields"].values() for row in rows]
    assert [value for value in told if value not in SPEC] == []


def test_pseudonyms_and_keys(world: World) -> None:
    for name, salt, pseudonym in world.told["pseudonyms"]:
        assert hand.pseudonym(bytes(32), "person", name) == (salt, pseudonym)
    opening = json.loads(world.files["opening.json"])
    assert {name: key.hex() for name, key in world.keys.items()} == opening["keys"]


def test_fields_leaves_and_roots(world: World) -> None:
    assert [each.hex() for each in world.site_leaves()] == world.told["leaves"]
    assert hand.private(world.table("sites")[0]).hex() == world.told["private"]
    for name, told in world.announcement["registers"].items():
        leaves = world.site_leaves() if name == "sites" else map(hand.leaf, world.table(name))
        assert told == {"rows": len(world.tables[name]), "root": hand.root([*leaves]).hex()}


def test_seed_and_keys(world: World) -> None:
    assert world.seed().hex() == world.told["seed"]
    for label, key in world.told["keys"].items():
        assert hand.expand(world.seed(), label, 64).hex() == key


def test_the_list(world: World) -> None:
    tickets = world.tickets("select", world.site_leaves(), 5)
    assert [[str(word) for word in row] for row in tickets] == world.told["tickets"]["select"]
    assert hand.numerators(world.plan, world.tables["standings"]) == world.told["numerators"]
    assert world.drawn() == world.told["drawn"]
    listed = [row.split(",")[1] for row in world.files["drawn.csv"].split("\r\n")[1:-1]]
    assert listed == [world.tables["standings"][i]["site"] for i in world.drawn()]


def test_the_chances_are_the_balanced_ones(world: World) -> None:
    """Fixed pairs by listing all assignments; the others have the form u * v and keep the limits."""
    rows, caps = world.rows(), [row["max_tasks"] for row in world.tables["officers"]]
    every = hand.assignments(rows, 2, caps)
    pairs = [(t, p) for t, row in enumerate(rows) for p in row]
    chance = {
        pair: Fraction(n, hand.G) for pair, n in zip(pairs, world.told["chances"], strict=True)
    }
    free = [(t, p) for t, p in pairs if len({p in teams[t] for teams in every}) == 2]
    assert [chance[pair] for pair in pairs if pair not in free] == [1, 1]
    for t in range(len(rows)):
        assert sum(chance[t, p] for p in rows[t]) == 2
    loads = [sum(chance.get((t, p), 0) for t in range(len(rows))) for p in range(len(caps))]
    v = [Fraction(2, 3), Fraction(1), Fraction(1)]  # P1's limit binds, the others' do not
    assert [load == cap for load, cap in zip(loads, caps, strict=True)] == [True, False, False]
    assert {chance[t, p] / v[p] for t, p in free} == {Fraction(3, 4)}


def test_the_commitment_to_the_chances(world: World) -> None:
    tasks = [world.tables["standings"][i]["site"] for i in world.drawn()]
    people = [row["officer_id"] for row in world.tables["officers"]]
    pairs = [(t, p) for t, row in enumerate(world.rows()) for p in row]
    cells = [(*pair, n) for pair, n in zip(pairs, world.told["chances"], strict=True) if n > 0]
    lines = ["".join(f"{text}\n" for text in texts).encode()
             for texts in (tasks, [f"{site} officer 2" for site in tasks], people)]  # fmt: skip
    numbers = b"".join(number.to_bytes(4, "big") for row in cells for number in row)
    message = hand.framed(b"fairlot.draw/v1 chances", *lines, numbers)
    assert hand.h(message).hex() == world.outcome["chances"]


def test_the_teams(world: World) -> None:
    told = [[who for site, who in world.told["teams"] if site == row["site"]]
            for row in world.tables["standings"]]  # fmt: skip
    assert world.teams() == [told[i] for i in world.drawn()]


def weeks_of(world: World) -> list[int]:
    drawn = world.drawn()
    tickets = world.tickets("schedule", [world.site_leaves()[i] for i in drawn], 2)
    (absence,) = world.tables["absences"]
    away = {f"2024-08-0{day}" for day in range(1, 8)}
    assert {absence["absent_from"], absence["absent_to"]} == {min(away), max(away)}
    kept = [away if absence["officer_id"] in team else set() for team in world.teams()]
    return hand.weeks(world.plan, [world.tables["sites"][i] for i in drawn], tickets, kept)


def test_the_weeks(world: World) -> None:
    assert weeks_of(world) == world.told["weeks"]


def test_the_results_and_the_outcome(world: World) -> None:
    amounts, drawn = hand.numerators(world.plan, world.tables["standings"]), world.drawn()
    teams, weeks = world.teams(), weeks_of(world)
    rows = []
    for i, (row, amount) in enumerate(zip(world.tables["standings"], amounts, strict=True)):
        at = drawn.index(i) if i in drawn else None
        rows.append({
            "site": row["site"], "rule": row["rule"], "numerator": amount,
            "outcome": "drawn" if at is not None else "not drawn",
            "week": 0 if at is None else weeks[at],
            "team": "" if at is None else ";".join(sorted(teams[at])),
        })  # fmt: skip
    key = hand.expand(world.keys["standings"], "results", 32)
    leaves = [hand.leaf(digests) for digests in world.digests("results", rows, key)]
    outcome = {
        "@spec": "fairlot.draw/v1 outcome",
        "announcement": hand.h(world.files["announcement.json"].encode()).hex(),
        "beacon": world.announcement["beacon"],
        "chances": world.outcome["chances"],
        "drawn": len(drawn),
        "results": {"root": hand.root(leaves).hex(), "rows": len(rows)},
        "value": world.outcome["value"],
    }
    assert world.files["outcome.json"].encode() == hand.jcs(outcome) + b"\n"


@pytest.mark.parametrize("seed", range(40))
def test_the_text_of_the_selection_draws_what_the_library_draws(seed: int) -> None:
    rng = np.random.default_rng(seed)
    n = int(rng.integers(4, 25))
    q = int(rng.integers(1, n - 1))
    amounts = numerators(clip_probabilities(rng.integers(1, 4, n).tolist(), q), q)
    labels = [
        [f"{kind}{k}" for k in rng.integers(0, most, n)] for kind, most in (("s", 5), ("c", 3))
    ]
    rows = [{"sector": s, "class": c} for s, c in zip(*labels, strict=True)]
    words = rng.integers(0, 1 << 64, (5, n), dtype=np.uint64)
    drawn = nested_pivotal(amounts, ["B"] * n, *labels, rng=Given(words.ravel()))
    assert drawn.index.tolist() == hand.select(rows, amounts.tolist(), words.T.tolist())


def crowded(rng: np.random.Generator) -> Chances | None:
    """Return the chances of a random problem with uneven caps, None where no teams exist."""
    tasks, people = int(rng.integers(2, 8)), int(rng.integers(4, 9))
    rows = [sorted(rng.choice(people, int(rng.integers(3, people + 1)), replace=False).tolist())
            for _ in range(tasks)]  # fmt: skip
    problem = Problem(
        tasks=tuple(f"T{t}" for t in range(tasks)), officers=tuple(f"P{p}" for p in range(people)),
        cap=rng.integers(1, tasks + 1, people), quota=[2] * tasks, seat_task=range(tasks),
        seat_kind=["officer"] * tasks, ptr=np.cumsum([0, *map(len, rows)]), idx=[*chain(*rows)],
    )  # fmt: skip
    try:
        return probabilities(problem)
    except Infeasible:
        return None


def test_the_text_of_the_lottery_draws_what_the_library_draws() -> None:
    rng, tried = np.random.default_rng(2026), 0
    for _ in range(40):
        chances = crowded(rng)
        if chances is None:
            continue
        problem, words = chances.problem, rng.integers(0, 1 << 64, 500, dtype=np.uint64)
        pairs = [*zip(problem.edge_seat.tolist(), problem.idx.tolist(), strict=True)]
        edges = dict(zip(pairs, chances.numerator.tolist(), strict=True))
        hand.lottery(edges, len(problem.tasks), len(problem.officers), iter(words.tolist()))
        drawn = draw_teams(problem, chances=chances, rng=Given(words))
        assert [p for t, p in pairs if edges[t, p] == hand.G] == drawn.officer.tolist()
        tried += 1
    assert tried >= 20


def test_the_steps_are_numbered_as_verify_numbers_them() -> None:
    told = re.findall(r"^\| (\d+) \| ([a-z]+) \|", SPEC.split("## 13.")[1], flags=re.M)
    assert told == [(str(number), step) for number, step in enumerate(STEPS, 1)]


def test_the_table_of_threats_has_no_empty_cell() -> None:
    table = re.findall(r"^\| (.*) \|$", SPEC.split("## 15.")[1].split("## 16.")[0], flags=re.M)[1:]
    rows = [[cell.strip() for cell in line.split(" | ")] for line in table]
    assert {len(row) for row in rows} == {4}
    assert all(all(row) for row in rows)
    assert len(rows) >= 20


def test_every_threat_names_the_tests_that_decide_it() -> None:
    """Each a function that pytest collects, in a file that it collects; none is skipped for good."""
    table = re.findall(r"^\| (.*) \|$", SPEC.split("## 15.")[1].split("## 16.")[0], flags=re.M)[2:]
    for row in table:
        cited = row.split(" | ")[3].split(", ")
        for each in cited:
            path, name = re.fullmatch(
                r"`(tests/[a-z/]+/test_[a-z_]+\.py)::(test_\w+)`", each
            ).groups()  # type: ignore[union-attr]
            text = (ROOT / path).read_text("utf-8")
            found = re.search(rf"^((?:@.*\n(?:[ )].*\n)*)*)def {name}\(", text, flags=re.M)
            assert found, each
            assert "pytest.mark.skip(" not in found[1], each


def test_every_test_that_the_text_names_is_there() -> None:
    named = set(re.findall(r"`((?:tests|docs)/[a-z_0-9/]+\.[a-z]+)`", SPEC))
    assert [name for name in sorted(named) if not (ROOT / name).exists()] == []
