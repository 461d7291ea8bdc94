"""Draws the pictures of designs.md: python docs/pictures.py [FOLDER]. Fixed seeds, a minute."""

import sys
from functools import partial
from pathlib import Path

import matplotlib as mpl
import numpy as np
from matplotlib.figure import Figure

from fairlot import plot, sampling

mpl.use("agg")
mpl.rcParams.update({"svg.hashsalt": "fairlot", "font.size": 8})

UNITS, SHARE, REPS = 250, 0.15, 20_000
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


def main(folder: Path) -> None:
    """Draw both pictures into ``folder``."""
    for make in (frequencies, joints):
        save = partial(make().savefig, folder / f"{make.__name__}.svg")
        save(metadata={"Date": None, "Creator": None})


if __name__ == "__main__":
    main(Path(sys.argv[1] if len(sys.argv) > 1 else Path(__file__).parent))
