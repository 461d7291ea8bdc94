"""Pictures of more than one level or result: Youden, Mandel's h and k, repeatability, a trend."""

from collections import defaultdict
from collections.abc import Sequence

import numpy as np

from fairlot.proficiency import Trend, mandel, repeatability, youden
from fairlot.proficiency.level import Level
from fairlot.proficiency.pictured import NAMED, limits_of, reach, tone, tone_of
from fairlot.proficiency.youden import FEWEST
from fairlot.report.pt_frame import BOTTOM, LEFT, RIGHT, TOP, Frame, Picture, limit_class
from fairlot.report.pt_pictures import ring

__all__ = ["mandel_pictures", "repeatability_picture", "trend_picture", "youden_picture"]

LEAST = 3
"""Laboratories with replicates of which something is to be seen."""


def youden_picture(one: Level, other: Level) -> Picture | None:
    """Draw the scores of two levels against each other, with the ellipse that holds 95 %."""
    if not one.ruler or not other.ruler:
        return None
    seconds = {each.result.lab: each for each in other.first if each.score is not None}
    pairs = [(each, seconds[each.result.lab]) for each in one.first
             if each.score is not None and each.result.lab in seconds]  # fmt: skip
    if len(pairs) < FEWEST:
        return None
    x, y = (np.array([pair[i].score for pair in pairs], dtype=float) for i in (0, 1))
    limits = limits_of(one)
    top = reach([*x.tolist(), *y.tolist()], limits)
    wide = top * (RIGHT - LEFT) / (BOTTOM - TOP)
    frame = Frame((-wide, wide), (-top, top))
    dots: dict[str, list[str]] = defaultdict(list)
    for (a, b), u, v in zip(pairs, x, y, strict=True):
        kind = max(tone_of(a, one), tone_of(b, other))
        dots[f"dot {kind}"].append(f"M{frame.across(u):.1f} {frame.up(v):.1f}h0")
    found = youden(x, y)
    around = [] if found.no_scale else [("ellipse", frame.line(*found.ellipse()) + "Z")]
    boxes = [
        (limit_class(i, len(limits)), _box(frame, limit)) for i, limit in enumerate(limits, start=1)
    ]
    axes = ("limit0", frame.level(0) + frame.upright(0))
    return Picture(
        (axes, *boxes, *around, *((kind, "".join(parts)) for kind, parts in dots.items())),
        rows=frame.rows(),
        columns=frame.columns(),
        marks={a.result.lab: ring(frame.across(u), frame.up(v))
               for (a, _), u, v in zip(pairs, x, y, strict=True)},
    )  # fmt: skip


def _box(frame: Frame, limit: float) -> str:
    sides = (limit, limit, -limit, -limit), (limit, -limit, -limit, limit)
    return frame.line(*sides) + "Z"


def _replicates(level: Level) -> dict[str, list[float]]:
    """Return the replicates of every laboratory that reported two or more and is no blunder."""
    return {row.lab: [float(x) for x in row.values] for row in level.used if len(row.values) > 1}


def mandel_pictures(level: Level) -> tuple[Picture, Picture] | None:
    """Draw Mandel's h and k of the laboratories with replicates, None where they say nothing."""
    cells = _replicates(level)
    if len(cells) < LEAST:
        return None
    found = mandel(cells)
    if found.no_scale or found.no_spread:
        return None
    labs = [str(lab) for lab in found.labels]
    both = (found.h, found.h_critical_5, found.h_critical_1), (found.k, found.k_critical_5, found.k_critical_1)  # fmt: skip
    h, k = (_sticks(labs, column.tolist(), lines) for column, *lines in both)
    return h, k


def _sticks(labs: Sequence[str], values: Sequence[float], lines: Sequence[float]) -> Picture:
    """Draw a statistic as a stick a laboratory, with its lines of 5 % and 1 %."""
    top = 1.1 * max(*map(abs, values), *lines)
    low = -top if min(values) < 0 else 0.0
    frame = Frame((0, len(labs)), (low, top))
    drawn: dict[str, list[str]] = defaultdict(list)
    for i, value in enumerate(values):
        kind = sum(abs(value) > line for line in lines)
        left, right = frame.across(i + 0.2), frame.across(i + 0.8)
        drawn[f"bar g{kind}"].append(
            f"M{left:.1f} {frame.up(0):.1f}H{right:.1f}V{frame.up(value):.1f}H{left:.1f}Z"
        )
    rules = [
        (f"limit{i}", frame.level(line) + (frame.level(-line) if low else ""))
        for i, line in enumerate((0.0, *lines))
    ]
    return Picture(
        (*((kind, "".join(parts)) for kind, parts in drawn.items()), *rules),
        rows=frame.rows(),
        names=tuple((frame.across(i + 0.5), lab, "g0") for i, lab in enumerate(labs))
        if len(labs) <= NAMED else (),
        marks={lab: frame.upright(i + 0.5) for i, lab in enumerate(labs)},
    )  # fmt: skip


def repeatability_picture(level: Level) -> Picture | None:
    """Draw each laboratory's mean against its standard deviation, with the limits of 5 % and 1 %."""
    cells = _replicates(level)
    if len(cells) < LEAST or len({len(cell) for cell in cells.values()}) > 1:
        return None
    found = repeatability(cells)
    if found.no_scale:
        return None
    lines = [found.limit(alpha) for alpha in (0.05, 0.01)]
    x = [*found.mean, *lines[1][0]]
    y = [*found.s, *lines[1][1]]
    pad = 0.05 * (max(x) - min(x))
    frame = Frame((min(x) - pad, max(x) + pad), (0, 1.1 * max(y)))
    dots = "".join(
        f"M{frame.across(u):.1f} {frame.up(v):.1f}h0"
        for u, v in zip(found.mean, found.s, strict=True)
    )
    rings = [(f"limit{i}", frame.line(*line) + "Z") for i, line in enumerate(lines, start=1)]
    return Picture(
        (*rings, ("x_pt", frame.upright(found.x_star)), ("dot g0", dots)),
        rows=frame.rows(),
        columns=frame.columns(),
        marks={str(lab): ring(frame.across(u), frame.up(v))
               for lab, u, v in zip(found.labels, found.mean, found.s, strict=True)},
    )  # fmt: skip


def trend_picture(found: Trend, limits: Sequence[float], grades: int) -> Picture | None:
    """Draw the scores of a laboratory over the rounds, a column a round."""
    scores = [one.score for each in found.results for one in each if one.score is not None]
    if not scores:
        return None
    top = reach(scores, limits)
    frame = Frame((0, len(found.rounds)), (-top, top))
    dots: dict[str, list[str]] = defaultdict(list)
    for i, each in enumerate(found.results):
        for one in each:
            place = f"M{frame.across(i + 0.5):.1f} {frame.up(one.score or 0.0):.1f}h0"
            dots[f"dot {tone(one.code, grades)}"].append(place)
    lines = [(limit_class(i, len(limits)), frame.level(limit) + frame.level(-limit))
             for i, limit in enumerate((0.0, *limits))]  # fmt: skip
    return Picture(
        (*lines, *((kind, "".join(parts)) for kind, parts in dots.items())),
        rows=frame.rows(),
        columns=tuple((frame.across(i + 0.5), name) for i, name in enumerate(found.rounds)),
    )
