"""A round of proficiency testing: scores, results, their density, and laboratories over rounds."""

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes

from fairlot.plot.words import chosen, font
from fairlot.proficiency import Trend
from fairlot.proficiency.level import Level
from fairlot.proficiency.pictured import (
    NAMED,
    by_score,
    by_value,
    density_of,
    half_width,
    limits_around,
    limits_of,
    reach,
    score_of,
    tone_of,
    value_of,
    window,
)
from fairlot.proficiency.scoring import COVERAGE, Graded

__all__ = ["density", "results", "scores", "trend"]

WORDS = {
    "en": {
        "score": "score",
        "result": "result",
        "density": "density",
        "x_pt": "assigned value",
        "modes": "modes",
        "round": "round",
    },
    "zh": {
        "score": "比分数",
        "result": "结果",
        "density": "密度",
        "x_pt": "指定值",
        "modes": "众数",
        "round": "轮次",
    },
}

BLUE, AMBER, RED, GREY = "#2f7fb8", "#b26a00", "#b3261e", "#55616e"
COLOURS = {"g0": BLUE, "g1": AMBER, "g2": RED, "g-": GREY}
HATCHES = {"g0": "", "g1": "///", "g2": "xxx", "g-": ""}


def scores(level: Level, ax: Axes, *, lab: str = "", lang: str = "en") -> Axes:
    """Draw the scores of a level from the lowest to the highest, in the colours of their grades.

    level  of a :class:`fairlot.proficiency.Round`, at its first test
    ax     the axis to draw on
    lab    code of a laboratory to be marked
    lang   "en" or "zh"
    """
    words, bars, limits = chosen(WORDS, lang), by_score(level), limits_of(level)
    heights, kinds = [score_of(one) for one in bars], [tone_of(one, level) for one in bars]
    drawn = ax.bar(range(len(bars)), heights, color=[COLOURS[kind] for kind in kinds], alpha=0.85)
    for bar, kind in zip(drawn, kinds, strict=True):
        bar.set_hatch(HATCHES[kind])
    _rules(ax, limits)
    if limits:
        top = reach(heights, limits)
        ax.set_ylim(-top, top)
    _mark(ax, bars, lab, heights)
    _name(ax, bars, lang)
    ax.set_ylabel(words["score"], fontproperties=font(lang))
    return _titled(ax, level, lang)


def results(level: Level, ax: Axes, *, lab: str = "", lang: str = "en") -> Axes:
    """Draw the results in order with expanded uncertainties, the assigned value and its limits.

    A triangle that points down is the limit of a "<L"; a star at the border is a result farther
    out. Parameters as of :func:`scores`.
    """
    words, rows = chosen(WORDS, lang), by_value(level)
    values = np.array([value_of(one) for one in rows])
    places = np.clip(values, *window(level, values.tolist())) if rows else values
    for i, (one, place) in enumerate(zip(rows, places, strict=True)):
        half = half_width(one) if place == values[i] else 0.0
        mark = "v" if one.result.form == "below" else "o" if place == values[i] else "*"
        ax.errorbar(
            i, place, yerr=half or None, color=COLOURS[tone_of(one, level)],
            elinewidth=0.8, fmt=mark, markersize=4,
        )  # fmt: skip
    if level.ruler:
        x_pt, u = float(level.ruler.value.x_pt), float(level.ruler.value.u_xpt or 0)
        ax.axhspan(x_pt - COVERAGE * u, x_pt + COVERAGE * u, color="0.88", linewidth=0)
        ax.axhline(x_pt, color="black", linewidth=1, label=words["x_pt"])
        _rules(ax, limits_around(level), x_pt)
    _mark(ax, rows, lab, places.tolist())
    _name(ax, rows, lang)
    ax.set_ylabel(words["result"], fontproperties=font(lang))
    return _titled(ax, level, lang)


def density(level: Level, ax: Axes, *, h: float | None = None, lang: str = "en") -> Axes:
    """Draw the density of the numbers that the statistics of a level are made of, and its modes.

    h  bandwidth in the unit of the results; 0.75 sigma_pt, or 0.75 s_star where the level has no
       sigma_pt, when left out

    A level of one number, or none, has no density.
    """
    words, found = chosen(WORDS, lang), density_of(level, h)
    if found:
        ax.fill_between(found.at, found.curve, color=BLUE, alpha=0.2, linewidth=0)
        ax.plot(found.at, found.curve, color=BLUE)
        ax.plot(found.x, np.zeros(found.x.size), "|", color="0.4")
        ax.plot(found.modes, found.tops, "v", color=RED, label=words["modes"])
        ax.set_xlim(found.at[0], found.at[-1])
    if level.ruler:
        ax.axvline(float(level.ruler.value.x_pt), color="black", linewidth=1, label=words["x_pt"])
    ax.set_xlabel(level.terms.unit, fontproperties=font(lang))
    ax.set_ylabel(words["density"], fontproperties=font(lang))
    if ax.get_legend_handles_labels()[0]:
        ax.legend(frameon=False, prop=font(lang))
    return _titled(ax, level, lang)


def trend(found: Trend, ax: Axes, *, limits: Sequence[float] = (2, 3), lang: str = "en") -> Axes:
    """Draw the scores of a laboratory over the rounds, and the mean of each round as a line.

    found   of :func:`fairlot.proficiency.trend`
    limits  of the grades
    """
    words = chosen(WORDS, lang)
    each = [[one.score for one in results if one.score is not None] for results in found.results]
    means = [float(np.mean(row)) if row else np.nan for row in each]
    ax.plot(range(len(each)), means, color="0.6", linewidth=1)
    for i, row in enumerate(each):
        ax.plot([i] * len(row), row, "o", color=BLUE)
    _rules(ax, [float(limit) for limit in limits])
    ax.set_xticks(range(len(each)), found.rounds, fontproperties=font(lang))
    ax.set_xlabel(words["round"], fontproperties=font(lang))
    ax.set_ylabel(words["score"], fontproperties=font(lang))
    ax.set_title(f"{found.measurand} · {found.lab}", fontproperties=font(lang))
    return ax


def _rules(ax: Axes, limits: Sequence[float], middle: float = 0.0) -> None:
    """Draw the limits on both sides of the middle."""
    for n, limit in enumerate(limits, start=1):
        colour = RED if n == len(limits) else AMBER
        for side in (1, -1):
            ax.axhline(middle + side * limit, color=colour, linewidth=0.8, linestyle="--")
    ax.axhline(middle, color="black", linewidth=0.8)


def _mark(ax: Axes, rows: Sequence[Graded], lab: str, heights: Sequence[float]) -> None:
    for i, one in enumerate(rows):
        if lab and one.result.lab == lab:
            ax.plot([i], [heights[i]], "o", markersize=12, fillstyle="none", color="black")


def _name(ax: Axes, rows: Sequence[Graded], lang: str) -> None:
    names = [one.result.lab for one in rows] if len(rows) <= NAMED else []
    ax.set_xticks(range(len(names)), names, rotation=90, fontproperties=font(lang), fontsize=6)


def _titled(ax: Axes, level: Level, lang: str) -> Axes:
    ax.set_title(f"{level.measurand} {level.level}".strip(), fontproperties=font(lang))
    return ax
