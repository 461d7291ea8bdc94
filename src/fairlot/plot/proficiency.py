"""A round of proficiency testing: scores, results, their density, and laboratories over rounds."""

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes

from fairlot.plot.words import chosen, font
from fairlot.proficiency import Trend, density_curve, kde_modes
from fairlot.proficiency.level import Level
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

BLUE, AMBER, RED = "#2f7fb8", "#b26a00", "#b3261e"
HATCHES = {BLUE: "", AMBER: "///", RED: "xxx"}
NAMED = 60
"""Laboratories named along an axis; more would print over each other."""
FAR = 2.0
"""Times the last limit that scores are drawn; a bar that goes on ends at the border."""
SPREADS = 4.5
"""sigma_pt shown on each side of the assigned value."""
SHARE = 0.75
"""Bandwidth in sigma_pt that shows the groups which matter (ISO 13528:2022 10.3)."""
STEPS = 400


def scores(level: Level, ax: Axes, *, lab: str = "", lang: str = "en") -> Axes:
    """Draw the scores of a level from the lowest to the highest, in the colours of their grades.

    level  of a :class:`fairlot.proficiency.Round`, at its first test
    ax     the axis to draw on
    lab    code of a laboratory to be marked
    lang   "en" or "zh"
    """
    words, bars = chosen(WORDS, lang), [one for one in level.first if one.score is not None]
    bars.sort(key=lambda one: one.score or 0.0)
    height = [one.score or 0.0 for one in bars]
    colours = [_colour(one, level) for one in bars]
    drawn = ax.bar(range(len(bars)), height, color=colours, alpha=0.85)
    for bar, colour in zip(drawn, colours, strict=True):
        bar.set_hatch(HATCHES[colour])
    limits = _limits(level)
    _rules(ax, limits)
    if limits:
        top = max(1.25 * limits[-1], min(FAR * limits[-1], 1.05 * max(map(abs, height), default=0)))
        ax.set_ylim(-top, top)
    _mark(ax, bars, lab, height)
    _name(ax, bars, lang)
    ax.set_ylabel(words["score"], fontproperties=font(lang))
    return _titled(ax, level, lang)


def results(level: Level, ax: Axes, *, lab: str = "", lang: str = "en") -> Axes:
    """Draw the results in order with expanded uncertainties, the assigned value and its limits.

    A triangle that points down is the limit of a "<L"; a star is a result farther away than 4.5
    sigma_pt, drawn there. Parameters as of :func:`scores`.
    """
    words, rows = chosen(WORDS, lang), [one for one in level.first if one.result.x is not None]
    rows.sort(key=_x)
    for i, one in enumerate(rows):
        half, place = one.result.U or COVERAGE * (one.result.u or 0), _within(_x(one), level)
        mark = "v" if one.result.form == "below" else "o" if place == _x(one) else "*"
        ax.errorbar(
            i, place, yerr=float(half) if half and mark != "*" else None,
            color=_colour(one, level), elinewidth=0.8, fmt=mark, markersize=4,
        )  # fmt: skip
    if level.ruler:
        x_pt, u = float(level.ruler.value.x_pt), float(level.ruler.value.u_xpt or 0)
        ax.axhspan(x_pt - COVERAGE * u, x_pt + COVERAGE * u, color="0.88", linewidth=0)
        ax.axhline(x_pt, color="black", linewidth=1, label=words["x_pt"])
        if level.ruler.name == "z" and level.ruler.sigma_pt:
            _rules(ax, [float(level.ruler.sigma_pt) * limit for limit in _limits(level)], x_pt)
    _mark(ax, rows, lab, [_within(_x(one), level) for one in rows])
    _name(ax, rows, lang)
    ax.set_ylabel(words["result"], fontproperties=font(lang))
    return _titled(ax, level, lang)


def density(level: Level, ax: Axes, *, h: float | None = None, lang: str = "en") -> Axes:
    """Draw the density of the numbers that the statistics of a level are made of, and its modes.

    h  bandwidth in the unit of the results; 0.75 sigma_pt, or 0.9 s_star / p^0.2 where the level
       has no sigma_pt, when left out
    """
    words = chosen(WORDS, lang)
    x = np.array([row.x for row in level.used if row.form == "number"], dtype=float)
    width = h or _bandwidth(level, x.size)
    at = np.linspace(x.min() - 3 * width, x.max() + 3 * width, STEPS)
    ax.fill_between(at, density_curve(x, at, h=width), color=BLUE, alpha=0.2, linewidth=0)
    ax.plot(at, density_curve(x, at, h=width), color=BLUE)
    ax.plot(x, np.zeros(x.size), "|", color="0.4")
    modes = np.asarray(kde_modes(x, h=width).modes)
    ax.plot(modes, density_curve(x, modes, h=width), "v", color=RED, label=words["modes"])
    if level.ruler:
        ax.axvline(float(level.ruler.value.x_pt), color="black", linewidth=1, label=words["x_pt"])
    ax.set_xlabel(level.terms.unit, fontproperties=font(lang))
    ax.set_ylabel(words["density"], fontproperties=font(lang))
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


def _x(one: Graded) -> float:
    return float(one.result.x or 0)


def _within(x: float, level: Level) -> float:
    """Return x, or the place so many sigma_pt from the assigned value where it lies farther out."""
    if level.ruler is None or level.ruler.sigma_pt is None:
        return x
    x_pt, away = float(level.ruler.value.x_pt), SPREADS * float(level.ruler.sigma_pt)
    return min(max(x, x_pt - away), x_pt + away)


def _colour(one: Graded, level: Level) -> str:
    if one.code <= 0 or level.ruler is None:
        return BLUE
    return RED if one.code == len(level.ruler.grading.labels) - 1 else AMBER


def _limits(level: Level) -> list[float]:
    return [float(limit) for limit in level.ruler.grading.limits] if level.ruler else []


def _rules(ax: Axes, limits: Sequence[float], middle: float = 0.0) -> None:
    """Draw the limits on both sides of the middle."""
    for limit, colour in zip(limits, [*[AMBER] * (len(limits) - 1), RED], strict=True):
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


def _bandwidth(level: Level, p: int) -> float:
    if level.ruler and level.ruler.sigma_pt:
        return SHARE * float(level.ruler.sigma_pt)
    spread = float(level.robust.s_star) if level.robust else 0.0
    width: float = 0.9 * (spread or 1.0) / p**0.2
    return width
