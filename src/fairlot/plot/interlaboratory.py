"""Laboratories against each other: Youden's plot, Mandel's h and k, and repeatability."""

import numpy as np
from matplotlib.axes import Axes
from numpy.typing import ArrayLike

from fairlot.plot.proficiency import AMBER, BLUE, RED
from fairlot.plot.words import chosen, font
from fairlot.proficiency import Mandel, Repeatability
from fairlot.proficiency import youden as ellipse_of

__all__ = ["mandel", "repeatability", "youden"]

WORDS = {
    "en": {
        "one": "score of the one sample",
        "other": "score of the other",
        "ellipse": "95 % of laboratories",
        "5": "5 %",
        "1": "1 %",
        "mean": "mean",
        "s": "standard deviation",
    },
    "zh": {
        "one": "一样品的比分数",
        "other": "另一样品的比分数",
        "ellipse": "95 % 的实验室",
        "5": "5 %",
        "1": "1 %",
        "mean": "平均值",
        "s": "标准差",
    },
}

LEVELS = ((0.05, "5", AMBER), (0.01, "1", RED))


def youden(x: ArrayLike, y: ArrayLike, ax: Axes, *, lang: str = "en") -> Axes:
    """Draw two samples against each other, with the ellipse that holds 95 % of the laboratories.

    x, y  (p,) results or scores of the same laboratories, at least four
    ax    the axis to draw on
    lang  "en" or "zh"
    """
    words, found = chosen(WORDS, lang), ellipse_of(x, y)
    ax.axhline(found.centre[1], color="0.6", linewidth=0.8)
    ax.axvline(found.centre[0], color="0.6", linewidth=0.8)
    ax.plot(np.asarray(x), np.asarray(y), "o", color=BLUE, markersize=4)
    if not found.no_scale:
        ax.plot(*found.ellipse(), color=RED, linewidth=1, label=words["ellipse"])
        ax.legend(frameon=False, prop=font(lang))
    ax.set_xlabel(words["one"], fontproperties=font(lang))
    ax.set_ylabel(words["other"], fontproperties=font(lang))
    return ax


def mandel(found: Mandel, ax: Axes, *, of: str = "h", lang: str = "en") -> Axes:
    """Draw Mandel's h, or k, of every laboratory as a bar, with the lines of 5 % and 1 %.

    found  of :func:`fairlot.proficiency.mandel`
    of     "h" or "k"
    """
    words, names = chosen(WORDS, lang), [str(label) for label in found.labels]
    values = found.h if of == "h" else found.k
    ax.bar(range(len(names)), np.nan_to_num(values), color=BLUE)
    lines = (found.h_critical_5, found.h_critical_1) if of == "h" else (
        found.k_critical_5, found.k_critical_1)  # fmt: skip
    for line, (_, name, colour) in zip(lines, LEVELS, strict=True):
        ax.axhline(line, color=colour, linewidth=1, linestyle="--", label=words[name])
        if of == "h":
            ax.axhline(-line, color=colour, linewidth=1, linestyle="--")
    ax.set_xticks(range(len(names)), names, rotation=90, fontproperties=font(lang), fontsize=6)
    ax.set_ylabel(of)
    ax.legend(frameon=False, prop=font(lang))
    return ax


def repeatability(found: Repeatability, ax: Axes, *, lang: str = "en") -> Axes:
    """Draw the mean of each laboratory against its standard deviation, with limits of 5 % and 1 %.

    found  of :func:`fairlot.proficiency.repeatability`
    """
    words = chosen(WORDS, lang)
    ax.plot(found.mean, found.s, "o", color=BLUE, markersize=4)
    for alpha, name, colour in LEVELS if not found.no_scale else ():
        ax.plot(*found.limit(alpha), color=colour, linewidth=1, label=words[name])
    if not found.no_scale:
        ax.legend(frameon=False, prop=font(lang))
    ax.axvline(found.x_star, color="0.6", linewidth=0.8)
    ax.set_xlabel(words["mean"], fontproperties=font(lang))
    ax.set_ylabel(words["s"], fontproperties=font(lang))
    return ax
