"""What the variance estimated by default is worth: its expectation over the true variance.

    python benchmarks/variance_bias.py            # prints the tables
    python benchmarks/variance_bias.py --write    # and keeps them in benchmarks/results/

After a design of fixed size the expectation of Hansen-Hurwitz follows from the true variance, which
joint probabilities give exactly; so the rows after pivotal and systematic are computed. Elsewhere
the expectation is simulated with a fixed seed, and the variance too where no joint probabilities
exist. The last table is why no approximate interval is given from fewer than 30 units.
"""

import argparse
import platform
from collections.abc import Iterator
from importlib.metadata import version
from importlib.resources import files
from pathlib import Path

import numpy as np
from scipy.special import stdtrit

from fairlot import registers, sampling
from fairlot.planning import Plan
from fairlot.sampling.design_variance import BY_DESIGN, DEFAULTS, variance_for
from fairlot.sampling.estimate import LEAST, LEVEL
from fairlot.sampling.stratified_variance import collapse

HERE = Path(__file__).parent
SEED = 20240601
FRAMES = {"4 of 12": (4, 12), "10 of 40": (10, 40)}
ENTROPY = (
    "conditional_poisson",
    "sampford",
    "brewer",
    "tille",
    "random_pivotal",
    "random_systematic",
)
GROUPS = {
    "near the largest entropy": ENTROPY,
    "midzuno": ("midzuno",),
    "order sampling": ("pareto", "sequential_poisson", "successive"),
    "pivotal": ("pivotal",),
    "systematic": ("systematic",),
}
WITHOUT_JOINTS = ("random_pivotal", "random_systematic")
BREWER_MOST = 20
BUREAUX = {"4 small bureaux": (23, 17, 12, 8), "4 large bureaux": (200, 150, 100, 50)}
SHARE = 0.2
MEANS = {"exponential": "standard_exponential", "lognormal": "standard_normal"}
UNITS = (10, 20, 30, 50, 100)

Ratio = tuple[float, float]
"""Expectation over variance, and its standard error: 0 where it is computed."""


def outcomes(pi: np.ndarray, rng: np.random.Generator) -> dict[str, np.ndarray]:
    rare = np.zeros(pi.size)
    rare[rng.permutation(pi.size)[: max(2, pi.size // 10)]] = 1
    return {
        "noise": rng.normal(10, 2, pi.size),
        "as pi": 10 * pi / pi.mean() + rng.normal(0, 2, pi.size),
        "rare": rare,
        "trend": np.arange(1.0, pi.size + 1),
        "period": 10 + 5 * np.cos(2 * np.pi * np.cumsum(pi)),
    }


def with_replacement(y: np.ndarray, pi: np.ndarray) -> float:
    """Return the variance of as many independent draws as chance decides."""
    y, pi = y[inside := (pi > 0) & (pi < 1)], pi[inside]
    return float(np.sum(pi * (y / pi - y.sum() / pi.sum()) ** 2))


def hansen_hurwitz(true: np.ndarray | float, y: np.ndarray, pi: np.ndarray) -> np.ndarray | float:
    """Return the expectation of Hansen-Hurwitz after a fixed size, from the true variance."""
    n = round(pi[pi < 1].sum())
    return true + n / (n - 1) * (with_replacement(y, pi) - true)


def true_variance(y: np.ndarray, pi: np.ndarray, design: str) -> float:
    joint = sampling.joint_probabilities(pi, design=design)
    return float(y / pi @ (joint.values - np.outer(joint.pi, joint.pi)) @ (y / pi))


def simulated(
    design: str, pi: np.ndarray, ys: np.ndarray, draws: int, rng: np.random.Generator
) -> tuple[np.ndarray, np.ndarray]:
    """Return (draws, outcomes) estimated variances and squared errors of the same draws."""
    draw = getattr(sampling, design)
    found, totals = np.empty((2, draws, len(ys)))
    for k in range(draws):
        sample = draw(pi, rng=rng)
        _, estimate = variance_for(sample, BY_DESIGN, None)
        own, index = sample.pi[sample.index], sample.index
        found[k] = [estimate(y[index], own, index) for y in ys]
        totals[k] = ys[:, index] @ (1 / own)
    return found, (totals - totals.mean(axis=0)) ** 2


def ratios(design: str, pi: np.ndarray, draws: int, rng: np.random.Generator) -> dict[str, Ratio]:
    worlds = outcomes(pi, np.random.default_rng(SEED))
    if DEFAULTS[design] == "hansen_hurwitz":
        true = {name: true_variance(y, pi, design) for name, y in worlds.items()}
        return {
            name: (hansen_hurwitz(true[name], y, pi) / true[name], 0) for name, y in worlds.items()
        }
    found, squares = simulated(design, pi, np.array(list(worlds.values())), draws, rng)
    known = design not in WITHOUT_JOINTS and (design != "brewer" or pi.size <= BREWER_MOST)
    if known:
        squares[:] = [true_variance(y, pi, design) for y in worlds.values()]
    return {name: quotient(*both) for name, *both in zip(worlds, found.T, squares.T, strict=True)}


def quotient(estimated: np.ndarray, squares: np.ndarray) -> Ratio:
    """Return the ratio of two means over the same draws, with its standard error."""
    true = squares.mean()
    ratio = estimated.mean() / true
    return float(ratio), float(np.std(estimated - ratio * squares) / true / np.sqrt(squares.size))


Nest = tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]


def bureaux(sizes: tuple[int, ...]) -> Nest:
    """Return bureaux with 4 sectors and 5 classes, whose weights differ up to tenfold."""
    rng = np.random.default_rng(SEED)
    bureau = np.repeat(np.arange(len(sizes)), sizes)
    sector, credit = rng.integers(0, 4, bureau.size), rng.integers(0, 5, bureau.size)
    weight = np.array([1, 2, 4, 10, 0])[credit]
    amounts = np.zeros(bureau.size, dtype=np.uint64)
    for b, size in enumerate(sizes):
        n = round(SHARE * size)
        own = sampling.clip_probabilities(weight[bureau == b], n)
        amounts[bureau == b] = sampling.numerators(own, n)
    return amounts, bureau, sector, credit


def roster(name: str) -> Nest:
    plan = Plan.read(str(files("fairlot.registers") / "examples" / name / "plan.toml"))
    frame = plan.probabilities(registers.example(name)).frame
    labels = (frame[column].tolist() for column in ("bureau_id", "sector", "credit_class"))
    codes = (np.unique(column, return_inverse=True)[1] for column in labels)
    return frame["numerator"].to_numpy(), *codes


def nested_outcomes(nest: Nest) -> dict[str, np.ndarray]:
    """Return outcomes of which bureaux, sectors and classes explain nothing, half, or two thirds."""
    amounts, *groups = nest
    rng = np.random.default_rng(SEED)
    pi, noise = amounts / sampling.D, rng.normal(0, 1, amounts.size)
    bureau, sector, credit = (rng.normal(0, 1, group.max() + 1)[group] for group in groups)
    often = np.array([0.02, 0.05, 0.1, 0.3, 0.01])[np.minimum(groups[2], 4)]
    return {
        "rare": (rng.random(pi.size) < 0.1) * 1.0,
        "rare, by class": (rng.random(pi.size) < often) * 1.0,
        "noise": 10 + noise,
        "as pi": 10 * pi / pi.mean() + noise,
        "by bureau": 10 + bureau + noise,
        "by sector": 10 + sector + noise,
        "by sector and class": 10 + sector + credit + noise,
        "opposed in cells": opposed(nest),
    }


def opposed(nest: Nest) -> np.ndarray:
    """Return values that turn from unit to unit of a cell: neighbours that balance each other."""
    amounts, bureau, sector, credit = nest
    cell = np.ravel_multi_index((bureau, sector, credit), [c.max() + 1 for c in nest[1:]])
    order = np.argsort(cell, kind="stable")
    turn = np.empty(amounts.size)
    turn[order] = (-1.0) ** np.arange(amounts.size)
    return 30 * turn * amounts / sampling.D


def nested_draws(nest: Nest, draws: int, rng: np.random.Generator) -> np.ndarray:
    """Return (draws, N) flags: copies with labels of their own, drawn at once."""
    copy = np.repeat(np.arange(draws), nest[0].size)
    amounts, bureau, sector, credit = (np.tile(column, draws) for column in nest)
    own = (copy * (column.max() + 1) + column for column in (bureau, sector))
    drawn = np.zeros(amounts.size, dtype=bool)
    drawn[sampling.nested_pivotal(amounts, *own, credit, rng=rng).index] = True
    return drawn.reshape(draws, -1)


def nested_ratios(nest: Nest, group: np.ndarray, draws: int) -> dict[str, Ratio]:
    """Return the ratios when the variance is estimated in each group by itself, and added up."""
    rng, pi = np.random.default_rng(SEED), nest[0] / sampling.D
    member = group == np.arange(group.max() + 1)[:, None]
    batch = max(1, 2_000_000 // pi.size)
    drawn = [nested_draws(nest, batch, rng) for _ in range(-(-draws // batch))]
    found = {}
    for name, y in nested_outcomes(nest).items():
        expanded = np.divide(y, pi, where=pi > 0, out=np.zeros(pi.size)) * member
        missed = np.concatenate([flags @ expanded.T for flags in drawn]) - expanded @ pi
        estimated = sum(
            hansen_hurwitz(missed[:, g] ** 2, y[own], pi[own]) for g, own in enumerate(member)
        )
        found[name] = quotient(estimated, missed.sum(axis=1) ** 2)
    return found


def joined_bureaux(nest: Nest) -> np.ndarray:
    """Return bureaux, those with a single unit left to chance joined to their neighbours."""
    sample = sampling.nested_pivotal(*nest, rng=np.random.default_rng(SEED))
    return collapse(nest[1], sample)


def coverage(kind: str, n: int, times: int, rng: np.random.Generator) -> float:
    """Return how often Student's interval covers the mean of n independent values."""
    values = getattr(rng, MEANS[kind])((times, n))
    mean = 1.0
    if kind == "lognormal":
        values, mean = np.exp(values), np.exp(0.5)
    half = stdtrit(n - 1, (1 + LEVEL) / 2) * values.std(axis=1, ddof=1) / np.sqrt(n)
    return float(np.mean(np.abs(values.mean(axis=1) - mean) <= half))


def line(*cells: object) -> str:
    return f"| {' | '.join(map(str, cells))} |"


def heading(*names: str) -> list[str]:
    return [line(*names), line(*["---"] * len(names))]


def row(found: dict[str, Ratio]) -> list[str]:
    return [
        f"{ratio:.2f}" + (f" ({error:.3f})" if error else "") for ratio, error in found.values()
    ]


def ends(found: list[dict[str, Ratio]], *, leaving: tuple[str, ...] = ()) -> tuple[str, str]:
    every = [ratio for one in found for name, (ratio, _) in one.items() if name not in leaving]
    return f"{min(every):.2f}", f"{max(every):.2f}"


def design_tables(draws: int) -> Iterator[str]:
    rng, quoted = np.random.default_rng(SEED), {}
    names = [*outcomes(np.full(20, 0.5), rng)]
    yield from heading("design", "default", "frame", *names)
    for group, designs in GROUPS.items():
        found = []
        for design in designs:
            for frame, (n, units) in FRAMES.items():
                sizes = np.random.default_rng(SEED).lognormal(0, 0.7, units)
                pi = sampling.inclusion_probabilities(sizes, n)
                found.append(ratios(design, pi, draws, rng))
                yield line(design, DEFAULTS[design], frame, *row(found[-1]))
        quoted[group] = ends(found, leaving=("period",) if group == "systematic" else ())
    yield ""
    yield from heading("least and most", "from", "to")
    for group, (low, high) in quoted.items():
        yield line(group + (", but for the period" if group == "systematic" else ""), low, high)


def nested_tables(draws: int) -> Iterator[str]:
    nests = {name: bureaux(sizes) for name, sizes in BUREAUX.items()}
    nests |= {f"roster of {name}": roster(name) for name in ("shanghai", "chicago")}
    quoted = {}
    yield from heading("frame", "units", "drawn", "strata", *nested_outcomes(bureaux((20, 20))))
    for strata in ("none", "bureau"):
        found = []
        for name, nest in nests.items():
            group = joined_bureaux(nest) if strata == "bureau" else np.zeros_like(nest[1])
            found.append(nested_ratios(nest, group, draws))
            size = int(nest[0].sum()) // sampling.D
            yield line(name, nest[0].size, size, strata, *row(found[-1]))
        quoted[strata] = ends(found)
    yield ""
    yield from heading("least and most", "from", "to")
    yield line("nested_pivotal", *quoted["none"])
    yield line("nested_pivotal, in each bureau", *quoted["bureau"])


def coverage_table(times: int) -> Iterator[str]:
    rng = np.random.default_rng(SEED)
    yield from heading("n", *MEANS)
    for n in UNITS:
        yield line(n, *(f"{coverage(kind, n, times, rng):.2f}" for kind in MEANS))


def report(draws: int, nested: int, times: int) -> list[str]:
    return [
        "# What the variance estimated by default is worth",
        "",
        "`python benchmarks/variance_bias.py --write`",
        "",
        f"Python {platform.python_version()}, numpy {version('numpy')}, seed {SEED}. Expectation of the "
        "estimated over the true variance of a total; in brackets its standard error where it is "
        "simulated. Unbiased ones are left out: srs, bernoulli and poisson.",
        "",
        f"## Frames of lognormal sizes (sigma .7), in random order: {draws} draws",
        "",
        "`trend` and `period` are along the list; the period is that of a systematic draw.",
        "",
        *design_tables(draws),
        "",
        f"## Nested pivotal, `hansen_hurwitz`: {nested} draws or a little more",
        "",
        *nested_tables(nested),
        "",
        f"## Student's interval of level {LEVEL} for the mean of n values: {times} times",
        "",
        f"No approximate interval is given from fewer than {LEAST}.",
        "",
        *coverage_table(times),
        "",
    ]


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    asked.add_argument(
        "--write", action="store_true", help="keep the tables in benchmarks/results/"
    )
    asked.add_argument("--draws", type=int, default=10_000, help="draws for each design and frame")
    asked.add_argument("--nested-draws", type=int, default=10_000, help="draws for each roster")
    asked.add_argument("--times", type=int, default=100_000, help="means for each number of units")
    options = asked.parse_args()
    text = "\n".join(report(options.draws, options.nested_draws, options.times))
    print(text)
    if options.write:
        (HERE / "results/variance_bias.md").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
