"""Draws the pictures of the documents: python docs/pictures.py [FOLDER]. Fixed seeds, a minute."""

import sys
from functools import partial
from pathlib import Path

import matplotlib as mpl
import numpy as np
from matplotlib.figure import Figure

from fairlot import plot, proficiency, sampling

mpl.use("agg")
mpl.rcParams.update({"svg.hashsalt": "fairlot", "font.size": 8})

UNITS, SHARE, REPS = 250, 0.15, 20_000
FAIRNESS = Path(__file__).parents[1] / "benchmarks" / "results" / "fairness.md"
WORDS = {
    "in turn": "tasks choose in turn",
    "random costs": "cheapest under random costs",
    "uniform": "every valid assignment alike",
    "ours": "entropy-balanced (fairlot)",
    "best possible": "best for one side alone",
}
FOUR = ("conditional_poisson", "tille", "pivotal", "systematic")


def sizes(units: int) -> np.ndarray:
    """Lognormal sizes, as of turnovers."""
    return np.exp(np.random.default_rng(7).normal(0, 1, units))


def frequencies() -> Figure:
    """pi against realised frequency: two exact designs, an approximate one, and a broken rival."""
    pi = sampling.inclusion_probabilities(sizes(UNITS), round(SHARE * UNITS))
    designs = [sampling.conditional_poisson, sampling.pivotal, sampling.sequential_poisson, choice]
    figure = Figure(figsize=(9, 6), layout="constrained")
    for design, ax in zip(designs, figure.subplots(2, 2, sharex=True).flat, strict=True):
        audit = sampling.audit_design(design, pi, REPS, np.random.default_rng(1))
        plot.frequencies(audit, ax)
    return figure


def choice(pi: np.ndarray, *, rng: np.random.Generator) -> sampling.Sample:
    """NumPy's weighted choice without replacement, which many take for a design."""
    n = round(pi.sum())
    index = np.sort(rng.choice(pi.size, n, replace=False, p=pi / pi.sum()))
    return sampling.Sample(index, np.where(pi < 1, pi, 1 - 2**-53), "numpy choice(p)")


def joints() -> Figure:
    """Joint probabilities of four designs over the products of their units' probabilities."""
    pi = sampling.inclusion_probabilities(np.sort(sizes(40)), 10)
    figure = Figure(figsize=(9, 7), layout="constrained")
    for design, ax in zip(FOUR, figure.subplots(2, 2).flat, strict=True):
        plot.joint(sampling.joint_probabilities(pi, design=design), ax)
    return figure


def fairness() -> Figure:
    """The least and the greatest share of a pair, mean of the instances in fairness.md."""
    rows = [
        [cell.strip(" *") for cell in line.split("|")[1:-1]]
        for line in FAIRNESS.read_text(encoding="utf-8").splitlines()
        if line.startswith("|")
    ]
    ways = [name.rsplit(",", 1)[0] for name in rows[0][2::2]]
    mean = np.array(rows[-1][2:], float).reshape(-1, 2)
    figure = Figure(figsize=(7, 2.6), layout="constrained")
    ax = figure.subplots()
    at = -np.arange(len(ways))
    colours = ["tab:red" if way == "ours" else "0.45" for way in ways]
    ax.hlines(at, mean[:, 0], mean[:, 1], colors=colours, linewidth=2)
    for side, marker in ((0, "o"), (1, "s")):
        ax.scatter(mean[:, side], at, c=colours, marker=marker, zorder=3)
    ax.axvline(1, color="0.8", linewidth=1, zorder=0)
    ax.set_yticks(at, [WORDS[way] for way in ways])
    ax.set_xlabel("chance over equal chance: worst-off (circle) and best-off (square) pair")
    return figure


def zscores() -> Figure:
    """One level of the example round: scores from low to high, and results with their uncertainty."""
    example = Path(__file__).parents[1] / "examples" / "pt"
    scheme = proficiency.Scheme.read(example / "scheme.toml")
    level = proficiency.score_round(example / "results.csv", scheme).levels[0]
    figure = Figure(figsize=(9, 3.2), layout="constrained")
    for draw, ax in zip((plot.scores, plot.results), figure.subplots(1, 2), strict=True):
        draw(level, ax).set_title("lead in soil, sample S1 (an invented round)")
    return figure


def main(folder: Path) -> None:
    """Draw the pictures into ``folder``."""
    for make in (frequencies, joints, fairness, zscores):
        save = partial(make().savefig, folder / f"{make.__name__}.svg")
        save(metadata={"Date": None, "Creator": None})


if __name__ == "__main__":
    main(Path(sys.argv[1] if len(sys.argv) > 1 else Path(__file__).parent))
