"""How equal are chances under five ways to assign officers? Exact on the small reference instances.

    python benchmarks/fairness.py            # prints the table
    python benchmarks/fairness.py --write    # and keeps it in benchmarks/results/

The share of a possible pair is its chance times the officers possible at the task over the team's
size: 1 for everyone would be equal chance. "Worst" and "best" are the least and greatest share of an
instance. In turn: tasks one after the other, each team uniform among the officers left, begun again at
a dead end. Random costs: the cheapest assignment under random costs (simulated). Uniform: every valid
assignment equally likely. Ours: entropy-balanced. Best possible: a linear programme for the worst-off
alone, and one for the best-off alone; no lottery reaches both. All but the random costs are exact.
"""

import argparse
import json
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from fractions import Fraction
from functools import cache
from itertools import combinations, product
from pathlib import Path
from typing import Any

import numpy as np

from fairlot.assignment import Problem, probabilities, shares

HERE = Path(__file__).parent
REFERENCES = HERE.parent / "tests" / "reference" / "data" / "assignment.json"
FAMILIES = ("plain", "districts", "rotation")
COSTS = 4000

Chance = dict[tuple[str, str], Fraction]


def instances() -> Iterator[dict[str, Any]]:
    """Yield the feasible instances that are flows: who may go, team sizes and caps."""
    for case in json.loads(REFERENCES.read_text(encoding="utf-8"))["instances"]:
        pairs = case["rules"].get("no_same_last_pair") or case["pair_exclusions"]
        least = any(officer.get("min") for officer in case["officers"])
        if case["answer"]["feasible"] and case["family"] in FAMILIES and not pairs and not least:
            yield case


def in_turn(case: dict[str, Any]) -> tuple[Chance, Fraction]:
    """Return the chances when tasks choose one after the other, and how often that is a dead end."""
    tasks = [(task["id"], task["quota"]) for task in case["tasks"]]
    people = [officer["id"] for officer in case["officers"]]

    @cache
    def rest(at: int, left: tuple[int, ...]) -> tuple[Fraction, dict[tuple[str, str], Fraction]]:
        if at == len(tasks):
            return Fraction(1), {}
        task, quota = tasks[at]
        free = [o for o in case["eligible"][task] if left[people.index(o)]]
        teams = list(combinations(free, quota))
        done, chance = Fraction(0), {}
        for team in teams:
            after = tuple(n - (o in team) for n, o in zip(left, people, strict=True))
            ends, later = rest(at + 1, after)
            done += ends / len(teams)
            for pair, p in [*later.items(), *(((task, o), ends) for o in team)]:
                chance[pair] = chance.get(pair, Fraction(0)) + p / len(teams)
        return done, chance

    done, chance = rest(0, tuple(officer["cap"] for officer in case["officers"]))
    return {pair: p / done for pair, p in chance.items()}, 1 - done


def valid(case: dict[str, Any]) -> Iterator[tuple[tuple[str, str], ...]]:
    """Yield every valid assignment as its pairs."""
    cap = {officer["id"]: officer["cap"] for officer in case["officers"]}
    teams = [combinations(case["eligible"][t["id"]], t["quota"]) for t in case["tasks"]]
    for chosen in product(*map(list, teams)):
        loads = Counter(o for team in chosen for o in team)
        if all(n <= cap[o] for o, n in loads.items()):
            tasks = (task["id"] for task in case["tasks"])
            yield tuple((t, o) for t, team in zip(tasks, chosen, strict=True) for o in team)


def random_costs(case: dict[str, Any]) -> Chance:
    """Return how often each pair is used when costs are random and the cheapest is taken."""
    every = list(valid(case))
    pairs = sorted({pair for assignment in every for pair in assignment})
    used = np.array([[pair in assignment for pair in pairs] for assignment in every], float)
    costs = np.random.default_rng(1).random((len(pairs), COSTS))
    mean = used[(used @ costs).argmin(axis=0)].mean(axis=0)
    return {pair: Fraction(p) for pair, p in zip(pairs, mean.tolist(), strict=True)}


def uniform(case: dict[str, Any]) -> Chance:
    marginals = case["answer"]["uniform_marginals"]
    return {(t, o): Fraction(p) for t, row in marginals.items() for o, p in row.items()}


def ours(case: dict[str, Any]) -> Chance:
    frame = probabilities(Problem.from_instance(case)).to_frame()
    rows = zip(frame["site_id"], frame["officer_id"], frame["numerator"].tolist(), strict=True)
    return {(site, officer): Fraction(n, 1 << 30) for site, officer, n in rows}


def extremes(case: dict[str, Any], chance: Chance) -> tuple[float, float]:
    """Return the least and the greatest share over the possible pairs."""
    impossible = {tuple(pair) for pair in case["answer"]["impossible_edges"]}
    quota = {task["id"]: task["quota"] for task in case["tasks"]}
    possible = {
        t: [o for o in row if (t, o) not in impossible] for t, row in case["eligible"].items()
    }
    found = [
        chance.get((t, o), Fraction(0)) * len(row) / quota[t]
        for t, row in possible.items()
        for o in row
    ]
    return float(min(found)), float(max(found))


WAYS: dict[str, Callable[[dict[str, Any]], Chance]] = {
    "in turn": lambda case: in_turn(case)[0],
    "random costs": random_costs,
    "uniform": uniform,
    "ours": ours,
}


def table() -> str:
    names = [f"{way}, {side}" for way in (*WAYS, "best possible") for side in ("worst", "best")]
    header = ["instance", "dead ends", *names]
    rows, figures = [], []
    for case in instances():
        best = shares(Problem.from_instance(case))
        found = [extremes(case, way(case)) for way in WAYS.values()]
        each = [float(in_turn(case)[1]), *np.ravel(found), best.maxmin, best.minmax]
        figures.append(each)
        rows.append([case["id"], *(f"{x:.3f}" for x in each)])
        print(rows[-1], file=sys.stderr)
    rows.append([f"mean of {len(figures)}", *(f"**{x:.3f}**" for x in np.mean(figures, axis=0))])
    lines = [header, ["---"] * len(header), *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--write", action="store_true")
    assert __doc__ is not None
    what = " ".join(__doc__.split("\n\n")[-1].split())
    text = f"# How equal are chances?\n\n`python benchmarks/fairness.py --write`\n\n{what}\n\n{table()}\n"
    print(text)
    if parser.parse_args().write:
        (HERE / "results" / "fairness.md").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
