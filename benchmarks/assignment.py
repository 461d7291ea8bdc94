"""The lottery of officers beside its rivals on the same graphs, in one run.

    python benchmarks/assignment.py            # prints the table
    python benchmarks/assignment.py --write    # and keeps it in benchmarks/results/

Two officers a task, eligible pairs at random; slack is the sum of caps over the places. Caps are
even, or *uneven*: lognormal with sigma 0.7. In *tied* graphs a
task has a specialist's seat, open to every third of its officers, and an officer's, open to all of
them; nobody takes both, which the rivals cannot express. Ours is the
whole pipeline: feasibility, forced pairs, fair chances in whole numbers, one lottery; kernels
compiled before. Every row is a process of its own: CPU seconds of the fastest run and the peak of
memory, the interpreter and compiled code included. Rivals: OR-tools' min-cost flow (no fairness), in
the Python that MATCHERS names, and the randomised assignment of Jecmen and others as a linear
programme with HiGHS; one that is not there says "not run here".
"""

import argparse
import json
import os
import platform
import subprocess
import sys
import tempfile
import time
from importlib.metadata import version
from pathlib import Path

import numpy as np

HERE = Path(__file__).parent
QUOTA = 2
GRAPHS = (  # tasks, officers, officers eligible for a task, slack, wanted seconds, wanted GB, LP too, kind
    (500, 200, 40, 1.2, 0.020, None, True, "even"),
    (2_000, 500, 100, 1.2, None, None, True, "even"),
    (10_000, 1_000, 200, 1.2, 1.0, 0.6, True, "even"),
    (10_000, 1_000, 200, 1.0, None, None, False, "even"),
    (100_000, 5_000, 50, 1.2, 5.0, 1.0, False, "even"),
    (100_000, 5_000, 50, 1.02, 5.0, 1.0, False, "even"),
    (100_000, 5_000, 50, 1.0, 5.0, 1.0, False, "even"),
    (10_000, 1_000, 200, 1.1, None, None, False, "uneven"),
    (10_000, 1_000, 200, 1.1, None, None, False, "tied"),
    (10_000, 1_000, 200, 1.1, None, None, False, "uneven tied"),
)


def graph(
    tasks: int, people: int, degree: int, slack: float, kind: str, seed: int = 1
) -> dict[str, np.ndarray]:
    """Return a random instance that has an assignment."""
    rng = np.random.default_rng(seed)
    rows = np.empty((tasks, degree), np.int32)
    for block in np.array_split(np.arange(tasks), max(1, tasks * people // 10**8)):
        keys = rng.random((block.size, people), np.float32)
        rows[block] = np.sort(np.argpartition(keys, degree, axis=1)[:, :degree], axis=1)
    places = int(np.ceil(slack * QUOTA * tasks))
    weight = rng.lognormal(sigma=0.7, size=people) if "uneven" in kind else np.ones(people)
    cap = shared(places, weight)
    if "tied" not in kind:
        ptr = np.arange(0, tasks * degree + 1, degree)
        return {
            "ptr": ptr,
            "idx": rows.ravel(),
            "cap": cap,
            "quota": np.array(QUOTA),
            "seats": np.array(1),
        }
    special = rows[:, ::3]
    ptr = np.cumsum([0, *[special.shape[1], degree] * tasks])
    idx = np.concatenate([special, rows], axis=1).ravel()
    return {"ptr": ptr, "idx": idx, "cap": cap, "quota": np.array(1), "seats": np.array(2)}


def shared(places: int, weight: np.ndarray) -> np.ndarray:
    """Return whole caps in proportion to ``weight`` that add up to ``places``."""
    cap = np.floor(places * weight / weight.sum()).astype(np.int64)
    cap[: places - cap.sum()] += 1
    return cap


def measure(path: str, runs: int) -> None:
    """Run the pipeline on an instance in this process and print its figures as JSON."""
    from fairlot.assignment import Problem, draw_teams, probabilities

    given = np.load(path)
    seats = int(given["seats"])
    tasks = (given["ptr"].size - 1) // seats
    problem = Problem(
        tasks=tuple(f"S{t:06d}" for t in range(tasks)),
        officers=tuple(f"P{o:05d}" for o in range(given["cap"].size)),
        seat_task=np.repeat(np.arange(tasks), seats),
        seat_kind=["officer"] * tasks if seats == 1 else ["specialist", "officer"] * tasks,
        ptr=given["ptr"],
        idx=given["idx"],
        cap=given["cap"],
        quota=np.full(tasks * seats, int(given["quota"])),
    )
    best: dict[str, float] = {}
    for run in range(runs + 1):  # the first one compiles, or reads what was compiled
        began = time.process_time()
        chances = probabilities(problem)
        fair = time.process_time()
        draw_teams(problem, chances=chances, rng=np.random.default_rng(run))
        done = time.process_time()
        took = {"seconds": done - began, "chances": fair - began, "lottery": done - fair}
        if run and took["seconds"] < best.get("seconds", np.inf):
            best = took
    told = {"rounds": chances.rounds, "residual": chances.residual, "gb": peak()}
    print(json.dumps({**best, **told}))


def peak() -> float:
    """Return the most memory this process has held, in GB, without what its parent held."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    line = next(line for line in status.splitlines() if line.startswith("VmHWM"))
    return int(line.split()[1]) / 2**20


def rival(name: str, python: str, path: str) -> str:
    """Return the seconds of a rival as text."""
    if not python:
        return "not run here"
    command = [python, str(HERE / "matchers.py"), name, path]
    answer = subprocess.run(command, capture_output=True, text=True, check=False)
    return answer.stdout.strip() or "not run here"


def row(tasks: int, people: int, degree: int, slack: float, wanted: object, gb: object, lp: bool,
        kind: str, folder: Path) -> list[str]:  # fmt: skip
    path = str(folder / "instance.npz")
    instance = graph(tasks, people, degree, slack, kind)
    np.savez(path, **instance)
    command = [sys.executable, __file__, "--measure", path]
    ours = json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stdout)
    flow = rival("flow", "" if "tied" in kind else os.environ.get("MATCHERS", ""), path)
    linear = rival("lp", sys.executable if lp else "", path)
    met = not wanted or (ours["seconds"] <= wanted and (not gb or ours["gb"] <= gb))
    return [
        f"{tasks:,} x {people:,}", f"{instance['idx'].size:,}", f"{slack:g}", kind,
        f"{ours['seconds']:.3g}", f"{ours['chances']:.3g}", f"{ours['lottery']:.3g}",
        f"{ours['gb']:.2f}", f"{ours['rounds']}", f"{ours['residual']:.1e}",
        f"<= {wanted} s{f', {gb} GB' if gb else ''}" if wanted else "",
        ("yes" if met else "NO") if wanted else "",
        *beside(flow, ours["seconds"]), *beside(linear, ours["seconds"]),
    ]  # fmt: skip


def beside(theirs: str, ours: float) -> tuple[str, str]:
    """Return a rival's seconds and how many times ours they are."""
    try:
        return f"{float(theirs):.3g}", f"{float(theirs) / ours:.3g}x"
    except ValueError:
        return theirs, ""


HEADER = [
    "tasks x officers", "pairs", "slack", "caps and seats", "seconds", "of it chances", "lottery", "peak GB",
    "rounds", "residual", "wanted", "met", "min-cost flow", "ratio", "Jecmen LP", "ratio",
]  # fmt: skip


def table() -> str:
    lines = ["| " + " | ".join(HEADER) + " |", "|" + "---|" * len(HEADER)]
    with tempfile.TemporaryDirectory() as folder:
        for each in GRAPHS:
            lines.append("| " + " | ".join(row(*each, folder=Path(folder))) + " |")
            print(lines[-1], file=sys.stderr)
    return "\n".join(lines)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--write", action="store_true")
    parser.add_argument("--measure")
    parser.add_argument("--runs", type=int, default=3)
    options = parser.parse_args()
    if options.measure:
        measure(options.measure, options.runs)
        return
    assert __doc__ is not None
    what = " ".join(__doc__.split("\n\n")[-1].split())
    goods = ", ".join(f"{name} {version(name)}" for name in ("numpy", "numba", "scipy"))
    place = f"Python {platform.python_version()}, {goods}, {os.cpu_count()} cores"
    command = "`MATCHERS=python-with-ortools python benchmarks/assignment.py --write`"
    text = f"# The lottery of officers beside its rivals\n\n{command}\n\n{what}\n\n{place}\n\n{table()}\n"
    print(text)
    if options.write:
        (HERE / "results" / "assignment.md").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
