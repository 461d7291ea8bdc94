"""Every design beside its rivals on the same frame, in one run: seconds, ns a unit and ratios.

    python benchmarks/sampling.py            # prints the table
    python benchmarks/sampling.py --write    # and keeps it in benchmarks/results/

Lognormal sizes, n = 15 % of N, one thread. Ours is the whole public call, checks and result
included; "numbers given" leaves out the making of random numbers, which the rivals' figures include,
and "selection" also the checks at the door and the copy of pi that a sample keeps. The rivals run in R with the packages that its library path holds, and in the Python that
PEERS names, with samplics and svy; one that is not there says "not run here". Each figure is the
fastest of the runs.
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
from functools import cached_property
from importlib import import_module
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np

from fairlot import sampling
from fairlot.sampling import stratified

HERE = Path(__file__).parent
SHARE = 0.15
PEERS = ("samplics", "svy")


Call = Callable[[], Any]


@dataclass
class Frame:
    """One population to draw from."""

    size: np.ndarray
    pi: np.ndarray
    x: np.ndarray
    place: np.ndarray
    stratum: np.ndarray
    u: np.ndarray

    @cached_property
    def numerators(self) -> np.ndarray:
        """Whole numbers over D near pi, with the sum n D."""
        amount = np.floor(self.pi * sampling.D).astype(np.int64)
        short = round(self.pi.sum()) * sampling.D - int(amount.sum())
        inside = np.flatnonzero(amount < sampling.D)
        amount[inside] += short // inside.size
        amount[inside[: short % inside.size]] += 1
        return amount

    @cached_property
    def equal(self) -> np.ndarray:
        """The same share of every stratum, in whole numbers of units."""
        units = np.bincount(self.stratum)
        return (np.round(SHARE * units) / units)[self.stratum]


@dataclass(frozen=True)
class Row:
    """One design at one size: our call, the rivals' expressions, and the figure that is wanted."""

    name: str
    units: int
    ours: Callable[[Frame], Call]
    rivals: dict[str, str] = field(default_factory=dict)
    seconds: float | None = None
    nanoseconds: float | None = None
    runs: int = 3

    @property
    def wanted(self) -> float | None:
        return self.nanoseconds * self.units / 1e9 if self.nanoseconds else self.seconds


class Ready:
    """Numbers that were made before the clock started."""

    def __init__(self, u: np.ndarray) -> None:
        self._u = u
        self._words = u.view(np.uint64)

    def random(self, n: int) -> np.ndarray:
        return self._u[:n]

    def words(self, n: int) -> np.ndarray:
        return np.random.default_rng(n).integers(0, 1 << 64, n, dtype=np.uint64)


def frame_of(units: int) -> Frame:
    rng = np.random.default_rng(units)
    size = np.exp(rng.normal(0, 1, units))
    pi = sampling.inclusion_probabilities(size, round(SHARE * units))
    x = np.column_stack([size, rng.normal(10, 1, (units, 9))])
    return Frame(
        size, pi, x, rng.random((units, 2)), rng.integers(0, 100, units), rng.random(units)
    )


def generator() -> np.random.Generator:
    return np.random.default_rng(1)


def given(design: Callable[..., Any]) -> Callable[[Frame], Call]:
    return lambda frame: lambda: design(frame.pi, rng=Ready(frame.u))


def whole(design: Callable[..., Any]) -> Callable[[Frame], Call]:
    return lambda frame: lambda: design(frame.pi, rng=generator())


def selection(name: str) -> Callable[[Frame], Call]:
    """Who is drawn, and nothing else, on clean arrays."""

    def prepared(f: Frame) -> Call:
        n = round(f.pi.sum())
        ranking = import_module("fairlot.sampling.ranking")
        return {
            "poisson": lambda: np.flatnonzero(f.u < f.pi),
            "systematic": lambda: systematic._every_step(f.pi, 0.5),
            "sequential_poisson": lambda: ranking.lowest(ranking.SEQUENTIAL_POISSON, f.u, f.pi, n),
            "pareto": lambda: ranking.lowest(ranking.PARETO, f.u, f.pi, n),
            "pivotal": lambda: pivotal._duels(f.pi, f.u, None),
        }[name]

    systematic, pivotal = (
        import_module(f"fairlot.sampling.{m}") for m in ("systematic", "pivotal")
    )
    return prepared


def strata_srs(frame: Frame) -> Call:
    pi = frame.equal
    return lambda: stratified(sampling.srs, frame.stratum)(pi, rng=generator())


def nested(frame: Frame) -> Call:
    """One bureau, 100 sectors, 4 classes."""
    units, amount = np.arange(frame.pi.size), frame.numerators
    bureau, credit = np.zeros_like(units), units % 4
    return lambda: sampling.nested_pivotal(amount, bureau, frame.stratum, credit, rng=generator())


def nested_duels(frame: Frame) -> Call:
    """The duels alone, of units that stand in their order in 400 cells."""
    kernel = import_module("fairlot.sampling.nested_pivotal").duels
    amount = frame.numerators[frame.numerators < sampling.D]
    order, first = np.arange(amount.size), np.linspace(0, amount.size, 401).astype(np.int64)
    words = frame.u[: amount.size].view(np.uint64) << np.uint64(12)
    return lambda: kernel(order, first, amount, words)


SPM, RPM = "BalancedSampling::spm(pi)", "BalancedSampling::rpm(pi)"
CUBE2 = "BalancedSampling::cube(pi, cbind(pi, x[, 1]))"
CUBE10 = "BalancedSampling::cube(pi, cbind(pi, x[, 1:9]))"


SELECTIONS = {"poisson": 2, "systematic": 3, "sequential_poisson": 7, "pareto": 7, "pivotal": 9}
FAST = {
    "poisson": {"R sampling": "sampling::UPpoisson(pi)"},
    "systematic": {
        "R sampling": "sampling::UPsystematic(pi)",
        "sondage": "sondage::unequal_prob_wor(pi, method='systematic')",
    },
    "sequential_poisson": {
        "sps": "sps::sps(size, n, prn = u)",
        "sondage": "sondage::unequal_prob_wor(pi, method='sps')",
    },
    "pareto": {
        "sps": "sps::order_sampling(\\(z) z / (1 - z))(size, n, prn = u)",
        "sondage": "sondage::unequal_prob_wor(pi, method='pareto')",
    },
    "pivotal": {"BalancedSampling": SPM},
}


def rows() -> list[Row]:
    """What is timed; figures wanted stand where the project has set itself one."""
    return [
        *(Row("cap iteration", N, lambda f: lambda: sampling.inclusion_probabilities(f.size, round(SHARE * f.size.size)),
              {"R sampling": "sampling::inclusionprobabilities(size, n)",
               "sps": "sps::inclusion_prob(size, n)"}, nanoseconds=15) for N in (10**6, 10**7)),
        *(Row(f"{name}, selection", N, selection(name), nanoseconds=limit)
          for N in (10**6, 10**7) for name, limit in SELECTIONS.items()),
        *(Row(f"{name}, numbers given", N, given(getattr(sampling, name)), theirs)
          for N in (10**6, 10**7) for name, theirs in FAST.items()),
        Row("pivotal", 10**5, whole(sampling.pivotal),
            {"R sampling": "sampling::UPpivotal(pi)", "BalancedSampling": SPM}),
        *(Row("nested_pivotal, duels of units in order", N, nested_duels, nanoseconds=6)
          for N in (10**6, 10**7)),
        *(Row("nested_pivotal", N, nested) for N in (10**6, 10**7)),
        Row("random_pivotal", 10**6, whole(sampling.random_pivotal), {"BalancedSampling": RPM}),
        Row("stratified(srs), 100 strata", 10**6, strata_srs,
            {"R sampling": "{o <- order(stratum); sampling::strata(data.frame(s = stratum[o]), 's', "
             "as.vector(round(.15 * table(stratum))), method = 'srswor')}"}, seconds=0.03),
        Row("conditional_poisson", 10**3, whole(sampling.conditional_poisson),
            {"R sampling": "sampling::UPmaxentropy(pi)",
             "sondage": "sondage::unequal_prob_wor(pi, method='cps')"}),
        Row("conditional_poisson", 10**4, whole(sampling.conditional_poisson),
            {"sondage": "sondage::unequal_prob_wor(pi, method='cps')"}),
        Row("conditional_poisson", 10**6, whole(sampling.conditional_poisson), seconds=10, runs=1),
        Row("sampford", 10**5, whole(sampling.sampford), runs=1),
        *(Row(name, N, whole(getattr(sampling, name)), {"R sampling": expression})
          for N in (10**5, 10**6) for name, expression in (
              ("poisson", "sampling::UPpoisson(pi)"), ("systematic", "sampling::UPsystematic(pi)"))),
        Row("systematic", 10**4, whole(sampling.systematic),
            {"samplics": "pps_sys", "svy": "pps_sys"}, runs=1),
        Row("sampford", 10**3, whole(sampling.sampford),
            {"R sampling": "sampling::UPsampford(pi)",
             "sondage": "sondage::unequal_prob_wor(pi, method='sampford')",
             "samplics": "pps_rs", "svy": "pps_rs"}, runs=1),
        Row("brewer", 10**4, whole(sampling.brewer),
            {"R sampling": "sampling::UPbrewer(pi)", "samplics": "pps_brewer", "svy": "pps_brewer",
             "sondage": "sondage::unequal_prob_wor(pi, method='brewer')"}),
        Row("brewer", 10**6, whole(sampling.brewer), runs=1),
        Row("tille", 10**4, whole(sampling.tille), {"R sampling": "sampling::UPtille(pi)"}, runs=1),
        Row("tille", 10**6, whole(sampling.tille), runs=1),
        Row("cube, 2 variables", 10**5, lambda f: lambda: sampling.cube(f.pi, f.x[:, :1], rng=generator()),
            {"R sampling": "sampling::samplecube(cbind(pi, x[, 1]), pi, order = 1, comment = FALSE, method = 2)",
             "BalancedSampling": CUBE2}),
        Row("cube, 2 variables", 10**6, lambda f: lambda: sampling.cube(f.pi, f.x[:, :1], rng=generator()),
            {"BalancedSampling": CUBE2}, seconds=0.13),
        Row("cube, 10 variables", 10**5, lambda f: lambda: sampling.cube(f.pi, f.x[:, :9], rng=generator()),
            {"R sampling": "sampling::samplecube(cbind(pi, x[, 1:9]), pi, order = 1, comment = FALSE, method = 2)",
             "BalancedSampling": CUBE10}, runs=2),
        Row("cube, 10 variables", 10**6, lambda f: lambda: sampling.cube(f.pi, f.x[:, :9], rng=generator()),
            {"BalancedSampling": CUBE10}, seconds=0.5),
        Row("local_pivotal", 10**5, lambda f: lambda: sampling.local_pivotal(f.pi, f.place, rng=generator()),
            {"BalancedSampling": "BalancedSampling::lpm2(pi, place)"}),
        Row("local_pivotal", 10**6, lambda f: lambda: sampling.local_pivotal(f.pi, f.place, rng=generator()),
            {"BalancedSampling": "BalancedSampling::lpm2(pi, place)"}, seconds=1.4, runs=6),
        Row("scps", 10**5, lambda f: lambda: sampling.scps(f.pi, f.place, rng=generator()),
            {"BalancedSampling": "BalancedSampling::scps(pi, place)"}),
        Row("scps", 10**6, lambda f: lambda: sampling.scps(f.pi, f.place, rng=generator()),
            {"BalancedSampling": "BalancedSampling::scps(pi, place)"}, seconds=1.4, runs=6),
        Row("local_cube, 2 variables", 10**5,
            lambda f: lambda: sampling.local_cube(f.pi, f.x[:, :1], f.place, rng=generator()),
            {"BalancedSampling": "BalancedSampling::lcube(pi, place, cbind(pi, x[, 1]))"}),
    ]  # fmt: skip


def fastest(row: Row, frame: Frame) -> float:
    run = row.ours(frame)
    run()  # compiled and warm
    times = []
    for _ in range(row.runs):
        began = time.perf_counter()
        run()
        times.append(time.perf_counter() - began)
    return min(times)


def rivals(wanted: list[Row], frame: Frame) -> dict[tuple[str, str], str]:
    """Time every rival of the rows, R's in one process and Python's in another."""
    in_r = [task for task in tasks_of(wanted) if task[1] not in PEERS]
    in_python = [(row, p, f"{p} {call}") for row, p, call in tasks_of(wanted) if p in PEERS]
    told = {}
    if in_r and shutil.which("Rscript"):
        told |= timed(["Rscript", str(HERE / "rivals.R")], in_r, frame)
    if in_python and "PEERS" in os.environ:
        told |= timed([os.environ["PEERS"], "-P", str(HERE / "peers.py")], in_python, frame)
    return told


def tasks_of(wanted: list[Row]) -> list[tuple[Row, str, str]]:
    return [(row, package, call) for row in wanted for package, call in row.rivals.items()]


def timed(
    command: list[str], tasks: list[tuple[Row, str, str]], frame: Frame
) -> dict[tuple[str, str], str]:
    """Answer, by row name and package, with the seconds that another process took, or its error."""
    with tempfile.TemporaryDirectory() as folder:
        for name in ("size", "pi", "x", "place", "stratum", "u"):
            column = np.asarray(getattr(frame, name), dtype=float)
            np.asfortranarray(column).ravel(order="F").tofile(f"{folder}/{name}.bin")
        lines = [f"{k}\t{row.runs}\t{call}" for k, (row, _, call) in enumerate(tasks)]
        Path(folder, "tasks.tsv").write_text("\n".join(lines) + "\n", encoding="utf-8")
        done = subprocess.run([*command, folder], capture_output=True, text=True, check=True)
    told = dict(line.split("\t", 1) for line in done.stdout.splitlines() if "\t" in line)
    return {(row.name, package): told.get(str(k), "") for k, (row, package, _) in enumerate(tasks)}


def table(wanted: list[Row]) -> list[str]:
    lines = [
        "| design | N | seconds | ns a unit | wanted | met | rival | its seconds | ratio |",
        "|---|---|---|---|---|---|---|---|---|",
    ]
    for units in sorted({row.units for row in wanted}):
        frame = frame_of(units)
        here = [row for row in wanted if row.units == units]
        theirs = rivals(here, frame)
        for row in here:
            ours = fastest(row, frame)
            print(f"{row.name} {units}: {ours:.4f} s", file=sys.stderr, flush=True)
            lines += lines_of(row, ours, theirs)
    return lines


def lines_of(row: Row, ours: float, theirs: dict[tuple[str, str], str]) -> list[str]:
    goal = (
        "| |" if row.wanted is None else f"| <= {row.wanted:.3g} s | {said(ours <= row.wanted)} |"
    )
    head = f"| {row.name} | {row.units:.0e} | {ours:.3g} | {ours / row.units * 1e9:.3g} {goal}"
    if not row.rivals:
        return [f"{head} | | |"]
    return [f"{head} {beside(package, theirs.get((row.name, package), ''), ours)}"
            for package in row.rivals]  # fmt: skip


def said(met: bool) -> str:
    return "yes" if met else "**no**"


def beside(package: str, told: str, ours: float) -> str:
    if told.startswith("error:"):
        return f"{package} | {' '.join(told.split())[:90]} | |"
    if not told:
        return f"{package} | not run here | |"
    return f"{package} | {float(told):.3g} | {float(told) / ours:.3g}x |"


def machine() -> str:
    goods = ", ".join(f"{name} {version(name)}" for name in ("numpy", "numba", "scipy"))
    return f"Python {platform.python_version()}, {goods}, {os.cpu_count()} cores"


def memory() -> str:
    """Peak memory of a draw from 10^7 units beyond the imports and the input, in inputs."""
    designs = (
        "srs", "poisson", "systematic", "sequential_poisson", "pareto", "pivotal", "random_pivotal",
        "conditional_poisson", "sampford", "brewer", "tille", "midzuno",
    )  # fmt: skip
    code = (
        "import re, sys, numpy as np\n"
        "from fairlot import sampling\n"
        "draw = getattr(sampling, sys.argv[1])\n"
        "draw(np.full(10, .5), rng=np.random.default_rng(1))\n"
        "pi = np.full(10**7, .15)\n"
        "peak = lambda: int(re.search('VmHWM:\\s+(\\d+)', open('/proc/self/status').read())[1])\n"
        "before = peak(); draw(pi, rng=np.random.default_rng(1)); print((peak() - before) / 78125)"
    )
    told = []
    for name in designs:
        done = subprocess.run(
            [sys.executable, "-c", code, name], capture_output=True, text=True, check=True
        )
        told.append(f"{name} {float(done.stdout):.2f}")
    return "Peak memory at 10^7 units, beyond the input, in copies of it: " + ", ".join(told)


def threads() -> str:
    """Local pivotal in 100 strata of 2,000: seconds with one and two threads."""
    frame = frame_of(200_000)
    pi = frame.equal
    seconds = {}
    for count in (1, 2):
        draw = stratified(sampling.local_pivotal, frame.stratum, threads=count)
        row = Row("", pi.size, lambda f, draw=draw: lambda: draw(pi, f.place, rng=generator()))
        seconds[count] = fastest(row, frame)
    ratio = seconds[1] / seconds[2]
    return f"Two threads on stratified(local_pivotal), 200,000 units: {ratio:.2f}x"


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    asked.add_argument("--write", action="store_true", help="keep the table in benchmarks/results/")
    asked.add_argument("--only", default="", help="rows whose name contains this")
    asked.add_argument("--most", type=float, default=1e7, help="leave out larger frames")
    options = asked.parse_args()
    wanted = [row for row in rows() if options.only in row.name and row.units <= options.most]
    text = ["# Sampling designs beside their rivals", "", "`python benchmarks/sampling.py --write`", "",
            __doc__.split("\n\n")[2].replace("\n", " "), "", machine(), "", *table(wanted), "",
            memory(), "", threads(), ""]  # fmt: skip
    print("\n".join(text))
    if options.write:
        (HERE / "results/sampling.md").write_text("\n".join(text), encoding="utf-8")


if __name__ == "__main__":
    main()
