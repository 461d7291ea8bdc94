"""How often intervals for the number of violators cover it: small bureaux and the two rosters.

    python benchmarks/interval_coverage.py            # prints the map
    python benchmarks/interval_coverage.py --write    # and keeps it in benchmarks/results/

Exact intervals may never fall below .95; for simple random samples that is computed, elsewhere it
is simulated with a fixed seed. Approximate ones are shown as they are, also where the library
refuses them: that is why it does.
"""

import argparse
import platform
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib.metadata import version
from importlib.resources import files
from itertools import combinations, product
from pathlib import Path

import numpy as np
import pandas as pd
from scipy.special import stdtrit
from scipy.stats import hypergeom

from fairlot import registers
from fairlot._base.errors import FairlotError
from fairlot.planning import Plan
from fairlot.sampling import D, approximate_intervals, nested_pivotal
from fairlot.sampling.approximate_intervals import approximate_interval
from fairlot.sampling.conditional_poisson import conditional_poisson
from fairlot.sampling.intervals import exact_interval
from fairlot.sampling.joint_probabilities import joint_probabilities
from fairlot.sampling.order import pareto
from fairlot.sampling.pivotal import pivotal, random_pivotal
from fairlot.sampling.poisson import poisson
from fairlot.sampling.probabilities import inclusion_probabilities
from fairlot.sampling.sampford import sampford
from fairlot.sampling.sample import Sample, inside
from fairlot.sampling.stratified import stratified
from fairlot.sampling.totals import mean

HERE = Path(__file__).parent
SIZES = (4, 8, 16, 32, 128)
LARGEST = 32
PARETO_MOST = 32
PREVALENCES = (0.01, 0.05, 0.1, 0.2, 0.5)
SHARE = 0.15
METHODS = ("exact", "korn_graubard", "wilson", "t")
DESIGNS = {
    "poisson": poisson,
    "conditional_poisson": conditional_poisson,
    "sampford": sampford,
    "pareto": pareto,
    "pivotal": pivotal,
    "random_pivotal": random_pivotal,
}
SEED = 20240601

Draw = Callable[[np.random.Generator], Sample]


@dataclass
class Tally:
    """How often one method covered, how long it was, and how often there was none."""

    covered: int = 0
    tried: int = 0
    width: float = 0.0
    none: int = 0

    def add(self, ends: tuple[float, float] | None, truth: float, units: int) -> None:
        self.tried += 1
        if ends is None:
            self.none += 1
            return
        self.covered += ends[0] - 1e-9 <= truth <= ends[1] + 1e-9
        self.width += (ends[1] - ends[0]) / units

    @property
    def given(self) -> int:
        return self.tried - self.none

    @property
    def coverage(self) -> float:
        return self.covered / self.given if self.given else np.nan


def ends_of(method: str, found: np.ndarray, sample: Sample) -> tuple[float, float] | None:
    """Return the ends, or None where nothing can be computed at all."""
    try:
        if method == "exact":
            interval = exact_interval(found, sample)
            return interval.low, interval.high
        plain = Sample(sample.index, sample.pi, sample.design.split("(")[-1].rstrip(")"))
        if method == "t":
            return by_t(found, plain)
        interval = approximate_interval(found, plain, method=method)
        return interval.low, interval.high
    except FairlotError:
        return None


def by_t(found: np.ndarray, sample: Sample) -> tuple[float, float]:
    decided = sample.pi[sample.index] < 1
    share, units = mean(found, sample, domain=decided), inside(sample.pi).size
    half = stdtrit(max(share.n - 1, 1), 0.975) * share.se
    known = found[~decided].sum()
    return known + units * (share.value - half), known + units * (share.value + half)


def simulate(
    draw: Draw, violators: np.ndarray, draws: int, rng: np.random.Generator
) -> dict[str, Tally]:
    tallies: dict[str, Tally] = defaultdict(Tally)
    for _ in range(draws):
        sample = draw(rng)
        units = np.count_nonzero(sample.pi)
        for method in METHODS:
            ends = ends_of(method, violators[sample.index], sample)
            tallies[method].add(ends, violators[sample.pi > 0].sum(), units)
    return tallies


def worlds(
    pi: np.ndarray, prevalence: float, rng: np.random.Generator
) -> Iterator[tuple[str, np.ndarray]]:
    """Yield violators at random, and those that are hardest to draw."""
    count = int(np.ceil(prevalence * pi.size))
    hidden = np.argsort(np.where(pi > 0, pi, 2), kind="stable")[:count]
    for name, chosen in (("any", rng.permutation(pi.size)[:count]), ("hidden", hidden)):
        violators = np.zeros(pi.size)
        violators[chosen] = 1
        yield name, violators


def simple_samples() -> tuple[float, int]:
    """Return the least coverage of all exact intervals after srs, every A of every bureau."""
    least, cases = 1.0, 0
    for n in range(1, LARGEST + 1):
        units = round(n / SHARE)
        sample = Sample(np.arange(n), np.full(units, n / units), "srs/1")
        every = [exact_interval([1] * x + [0] * (n - x), sample) for x in range(n + 1)]
        low, high = np.array([(each.low, each.high) for each in every]).T[:, :, None]
        a = np.arange(units + 1)
        chance = hypergeom.pmf(np.arange(n + 1)[:, None], units, a, n)
        covered = np.sum(chance * ((low <= a) & (a <= high)), axis=0)
        least, cases = min(least, float(covered.min())), cases + a.size
    return least, cases


def samples_of(design: str, n: int) -> tuple[np.ndarray, dict[tuple[int, ...], float]]:
    """Return pi and every sample with its chance: for n = 1 the pi, for n = 2 the joint ones."""
    units = round(n / SHARE)
    pi = inclusion_probabilities(np.random.default_rng(SEED).lognormal(size=units), n)
    if design == "poisson":
        every = product((False, True), repeat=units)
        chances = {tuple(np.flatnonzero(s)): np.prod(np.where(s, pi, 1 - pi)) for s in every}
    elif n == 1:
        chances = {(i,): pi[i] for i in range(units)}
    else:
        joint = joint_probabilities(pi, design=design).values
        chances = {(i, j): joint[i, j] for i, j in combinations(range(units), 2)}
    return pi, chances


def listed(design: str, n: int) -> tuple[float, int]:
    """Return the least coverage of exact intervals over every set of violators, and their number."""
    pi, chances = samples_of(design, n)
    member = (np.arange(2**pi.size)[:, None] >> np.arange(pi.size)) & 1
    size, covered = member.sum(axis=1), np.zeros(2**pi.size)
    for units, chance in chances.items():
        sample = Sample(np.array(units, dtype=np.int64), pi, f"{design}/1")
        for found in product((0, 1), repeat=len(units)):
            interval = exact_interval(found, sample)
            held = (interval.low <= size) & (size <= interval.high)
            covered += chance * (held & np.all(member[:, units] == found, axis=1))
    return float(covered.min()), covered.size


def bureaux(draws: int) -> Iterator[tuple[str, int, float, float, str, dict[str, Tally]]]:
    rng = np.random.default_rng(SEED)
    for n in SIZES:
        size = rng.lognormal(size=round(n / SHARE))
        pi = inclusion_probabilities(size, n)
        for prevalence in PREVALENCES:
            for world, violators in worlds(pi, prevalence, rng):
                for name, design in DESIGNS.items():
                    if n > PARETO_MOST and name == "pareto":
                        continue  # its exact probabilities cost O(N^2) a draw
                    tallies = simulate(
                        lambda rng, f=design, p=pi: f(p, rng=rng), violators, draws, rng
                    )
                    yield name, n, pi.size**2 / np.sum(1 / pi), prevalence, world, tallies


def rosters(draws: int) -> Iterator[tuple[str, str, float, str, dict[str, Tally]]]:
    rng = np.random.default_rng(SEED)
    for name in ("shanghai", "chicago"):
        plan = Plan.read(str(files("fairlot.registers") / "examples" / name / "plan.toml"))
        frame = plan.probabilities(registers.example(name)).frame
        pi = frame["numerator"].to_numpy() / D
        for prevalence in PREVALENCES:
            for world, violators in worlds(pi, prevalence, rng):
                for way, draw in ways(frame, pi).items():
                    yield name, way, prevalence, world, simulate(draw, violators, draws, rng)


def ways(frame: pd.DataFrame, pi: np.ndarray) -> dict[str, Draw]:
    amounts = frame["numerator"].to_numpy()
    columns = [frame[c].tolist() for c in ("bureau_id", "sector", "credit_class")]
    in_bureaux = stratified(pivotal, frame["bureau_id"].to_numpy())
    return {
        "pivotal in each bureau": lambda rng: in_bureaux(pi, rng=rng),
        "nested_pivotal": lambda rng: nested_pivotal(amounts, *columns, rng=rng),
    }


def merged(tallies: list[Tally]) -> tuple[float, float]:
    """Return the least coverage, and the mean length as a share of the units."""
    given = [each for each in tallies if each.given]
    if not given:
        return np.nan, np.nan
    return (
        min(each.coverage for each in given),
        sum(each.width for each in given) / sum(each.given for each in given),
    )


def cell(least: float, width: float) -> str:
    return "-" if np.isnan(least) else f"{least:.3f} ({width:.2f})"


def line(*cells: object) -> str:
    return f"| {' | '.join(map(str, cells))} |"


def heading(*names: str) -> list[str]:
    return [line(*names), line(*["---"] * len(names))]


def small_tables(draws: int) -> Iterator[str]:
    by_size, by_design, worth = defaultdict(list), defaultdict(list), {}
    for design, n, worth[n], prevalence, _, tallies in bureaux(draws):
        for method, tally in tallies.items():
            by_size[n, prevalence, method].append(tally)
            by_design[design, method].append(tally)
    yield from heading("n", "worth", "prevalence", *METHODS)
    for n in SIZES:
        for p in PREVALENCES:
            yield line(n, f"{worth[n]:.1f}", p, *(cell(*merged(by_size[n, p, m])) for m in METHODS))
    yield ""
    yield from heading("design", *METHODS)
    for design in DESIGNS:
        yield line(design, *(cell(*merged(by_design[design, m])) for m in METHODS))


def listed_table() -> Iterator[str]:
    yield from heading("every sample and every set of violators listed", "n", "sets", "least")
    for design, n in [
        ("poisson", 1),
        *((name, n) for n in (1, 2) for name in ("conditional_poisson", "sampford", "pivotal")),
        ("pareto", 2),
    ]:
        least, sets = listed(design, n)
        yield line(design, n, sets, f"{least:.4f}")


def roster_table(draws: int) -> Iterator[str]:
    yield from heading("roster", "design", "prevalence", "violators", *METHODS)
    for *names, tallies in rosters(draws):
        yield line(*names, *(cell(*merged([tallies[m]])) for m in METHODS))


def report(draws: int, of_rosters: int) -> list[str]:
    least, cases = simple_samples()
    return [
        "# How often intervals for the number of violators cover it",
        "",
        "`python benchmarks/interval_coverage.py --write`",
        "",
        f"Python {platform.python_version()}, numpy {version('numpy')}, seed {SEED}; level .95. In "
        "each cell the least coverage and, in brackets, the mean length as a share of the units; - "
        "where there is none. Approximate intervals are measured also where the library refuses "
        "them, because the units are worth less than 30 equal ones; `t` is Student's around the "
        "Hajek share, by the design's variance, and refused as well where fewer than 10 of the rarer outcome were seen.",
        "",
        "## Exact intervals: computed",
        "",
        f"Simple random samples of n = 1 to {LARGEST} of n / {SHARE} units, every number of violators "
        f"({cases} cases): least coverage {least:.4f}.",
        "",
        *listed_table(),
        "",
        f"## Small bureaux: {draws} draws for each design and world",
        "",
        f"n of n / {SHARE} units with lognormal sizes (pi differ up to a hundredfold); violators at "
        "random, and those with the smallest pi. What they are worth, in equal units, is N^2 / sum(1 / "
        "pi). The least over worlds and designs, or sizes.",
        "",
        *small_tables(draws),
        "",
        f"## The two rosters, pi of their plans: {of_rosters} draws",
        "",
        *roster_table(of_rosters),
        "",
    ]


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    asked.add_argument("--write", action="store_true", help="keep the map in benchmarks/results/")
    asked.add_argument("--draws", type=int, default=600, help="draws for each small bureau")
    asked.add_argument("--roster-draws", type=int, default=200, help="draws for each roster")
    options = asked.parse_args()
    approximate_intervals.LEAST = 0
    text = "\n".join(report(options.draws, options.roster_draws))
    print(text)
    if options.write:
        (HERE / "results/coverage.md").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
