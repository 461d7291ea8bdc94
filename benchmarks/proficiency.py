"""The robust estimators beside sorting and beside their peers, in one run: ratios are what counts.

    python benchmarks/proficiency.py            # prints the tables
    python benchmarks/proficiency.py --write    # and keeps them in benchmarks/results/

10,000 measurands of 200 laboratories, a twentieth of the results wild, one thread, processor time.
Ours is the whole public call on a batch, its sorting included; "x sort" is against the sorting of
the same batch in Numba. The peers take one measurand a call; they are timed on fewer of them,
without the time that R or Python needs to start. metRology, robustbase and MASS run in R with the
packages its library path holds, pt13528 in the Python that PEERS names; what is not there says "not
run here".
"""

import argparse
import os
import platform
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np

from fairlot import proficiency
from fairlot.proficiency import Batch

HERE = Path(__file__).parent
MEASURANDS, LABORATORIES = 10_000, 200
RUNS = 5
PYTHON_PEER = "pt13528"


@dataclass(frozen=True)
class Row:
    """An estimator: our call, the most it may take in times of sorting, its peers' expressions.

    ``of`` is how many measurands a peer is given, for it may be slow.
    """

    name: str
    ours: Callable[[Batch], Any]
    most: float | None = None
    peers: dict[str, str] = field(default_factory=dict)
    of: int = 1_000


ROWS = [
    Row("sort", lambda batch: batch.ordered),
    Row("mean_sd", proficiency.mean_sd),
    Row("mad_e", proficiency.mad_e, peers={"stats": "mad(x)"}),
    Row("n_iqr, type 7", lambda batch: proficiency.n_iqr(batch, quartiles="type7"),
        peers={"stats": "IQR(x)", "pt13528": "robust.niqr(x)"}),
    Row("algorithm_a", proficiency.algorithm_a, 1.5,
        {"metRology": "metRology::algA(x, tol = 1e-10)",
         "pt13528": "robust.algorithm_a(x, tol=1e-10)"}),
    Row("algorithm_a, printed rule", lambda batch: proficiency.algorithm_a(batch, edition="iso2022"),
        peers={"pt13528": "robust.algorithm_a(x, tol='iso2022')"}),
    Row("huber", proficiency.huber,
        peers={"robustbase": "robustbase::huberM(x)", "MASS": "MASS::huber(x)"}),
    Row("qn", proficiency.qn, 6, {"robustbase": "robustbase::Qn(x)", "pt13528": "robust.qn(x)"}),
    Row("sn", proficiency.sn, peers={"robustbase": "robustbase::Sn(x)"}),
    Row("q_method", proficiency.q_method, 60, {"pt13528": "robust.q_method(x)"}, of=20),
    Row("hampel, with its q_method", proficiency.hampel, 60,
        {"pt13528": "robust.hampel(x, robust.q_method(x))"}, of=20),
]  # fmt: skip


def results() -> np.ndarray:
    rng = np.random.default_rng(13528)
    x = rng.normal(10, 1, (MEASURANDS, LABORATORIES))
    return np.where(rng.random(x.shape) < 0.05, x * rng.choice([0.1, 3.0], x.shape), x)


def one_thread() -> None:
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})


def fresh(x: np.ndarray) -> Batch:
    """A batch that has not been sorted yet."""
    starts = np.arange(0, x.size + 1, x.shape[1])
    return Batch(x.ravel(), starts, tuple(range(len(x))))


def fastest(x: np.ndarray) -> dict[str, float]:
    """Seconds of the fastest run of each row; the rows take turns, so that all see the same load."""
    best = {row.name: np.inf for row in ROWS}
    for run in range(RUNS + 1):
        for row in ROWS:
            batch = fresh(x)
            began = time.process_time()
            row.ours(batch)
            if run:  # the first compiles
                best[row.name] = min(best[row.name], time.process_time() - began)
    return best


def peers(x: np.ndarray) -> dict[tuple[str, str], str]:
    """Answer, by row and package, with seconds a measurand, or the error of the peer."""
    told = {}
    if shutil.which("Rscript"):
        in_r = [task for task in tasks() if task[1] != PYTHON_PEER]
        told |= timed(["Rscript", str(HERE / "proficiency.R")], in_r, x)
    if "PEERS" in os.environ:
        in_python = [task for task in tasks() if task[1] == PYTHON_PEER]
        command = [os.environ["PEERS"], "-P", str(HERE / "proficiency_peer.py")]
        told |= timed(command, in_python, x)
    return told


def tasks() -> list[tuple[Row, str, str]]:
    return [(row, package, call) for row in ROWS for package, call in row.peers.items()]


def timed(
    command: list[str], asked: list[tuple[Row, str, str]], x: np.ndarray
) -> dict[tuple[str, str], str]:
    with tempfile.TemporaryDirectory() as folder:
        x[: max(row.of for row in ROWS)].tofile(f"{folder}/x.bin")
        np.array([float(x.shape[1])]).tofile(f"{folder}/size.bin")
        lines = [f"{k}\t{row.of}\t{call}" for k, (row, _, call) in enumerate(asked)]
        Path(folder, "tasks.tsv").write_text("\n".join(lines) + "\n", encoding="utf-8")
        done = subprocess.run([*command, folder], capture_output=True, text=True, check=True)
    told = dict(line.split("\t", 1) for line in done.stdout.splitlines() if "\t" in line)
    return {(row.name, package): told.get(str(k), "") for k, (row, package, _) in enumerate(asked)}


def table(best: dict[str, float], told: dict[tuple[str, str], str]) -> list[str]:
    lines = ["| estimator | us a measurand | x sort | wanted | met | peer | its us | ratio |",
             "|---|---|---|---|---|---|---|---|"]  # fmt: skip
    for row in ROWS:
        ours, ratio = best[row.name] / MEASURANDS, best[row.name] / best["sort"]
        goal = f"<= {row.most:g} | {'yes' if ratio <= row.most else '**no**'}" if row.most else "|"
        head = f"| {row.name} | {ours * 1e6:.2f} | {ratio:.2f} | {goal} |"
        lines += [f"{head} {beside(package, told.get((row.name, package), ''), ours)}"
                  for package in row.peers] or [f"{head} | | |"]  # fmt: skip
    return lines


def beside(package: str, told: str, ours: float) -> str:
    if told.startswith("error: there is no package") or not told:
        return f"{package} | not run here | |"
    if told.startswith("error:"):
        return f"{package} | {' '.join(told.split())[:90]} | |"
    return f"{package} | {float(told) * 1e6:.0f} | {float(told) / ours:.0f}x |"


def machine() -> str:
    goods = ", ".join(f"{name} {version(name)}" for name in ("numpy", "numba", "scipy"))
    return f"Python {platform.python_version()}, {goods}, one thread of {os.cpu_count()}"


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    asked.add_argument("--write", action="store_true", help="keep the table in benchmarks/results/")
    options = asked.parse_args()
    one_thread()
    x = results()
    text = ["# Robust estimators beside sorting and their peers", "",
            "`python benchmarks/proficiency.py --write`", "",
            __doc__.split("\n\n")[2].replace("\n", " ").strip(), "", machine(), "",
            *table(fastest(x), peers(x)), ""]  # fmt: skip
    print("\n".join(text))
    if options.write:
        (HERE / "results/proficiency.md").write_text("\n".join(text), encoding="utf-8")
        print("written", file=sys.stderr)


if __name__ == "__main__":
    main()
