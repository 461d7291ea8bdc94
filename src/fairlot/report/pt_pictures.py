"""The pictures of one level: scores as bars, results with their uncertainty, and their density."""

from collections import defaultdict
from collections.abc import Iterable, Sequence

import numpy as np

from fairlot.proficiency import density_curve, kde_modes
from fairlot.proficiency.level import Level
from fairlot.proficiency.scoring import COVERAGE, Graded
from fairlot.report.pt_frame import BOTTOM, LEFT, RIGHT, TOP, Frame, Picture, shown, tone

__all__ = ["density_picture", "reach", "results_picture", "ring", "scores_picture"]

NAMED = 60
"""Laboratories named below a picture; more would print over each other."""
FAR = 2.0
"""Times the last limit of the scale: scores beyond are cut, with a point at their end."""
SPREADS = 4.5
"""sigma_pt shown on each side of the assigned value."""
STEPS = 160
SHARE = 0.75
"""Bandwidth in sigma_pt that shows the groups which matter (ISO 13528:2022 10.3)."""


def scores_picture(level: Level) -> Picture | None:
    """Draw the scores of a level from the lowest to the highest, with the limits of the scale."""
    bars = sorted((one for one in level.first if one.score is not None), key=_score)
    if not bars or not level.ruler:
        return None
    limits = [float(limit) for limit in level.ruler.grading.limits]
    top = reach(map(_score, bars), limits)
    frame = Frame((0, len(bars)), (-top, top))
    grades = len(level.ruler.grading.labels)
    drawn: dict[str, list[str]] = defaultdict(list)
    for i, one in enumerate(bars):
        drawn[f"bar {tone(one.code, grades)}"].append(_bar(frame, i, _score(one)))
        if abs(_score(one)) > top:
            drawn["cut"].append(_point(frame, i, _score(one)))
    rules = [limit * side for limit in (0, *limits) for side in ((1, -1) if limit else (1,))]
    lines = [(f"limit{i if i < 2 else 2}", "".join(map(frame.level, (limit, -limit))))
             for i, limit in enumerate((0.0, *limits))]  # fmt: skip
    names = [
        (frame.across(i + 0.5), one.result.lab, tone(one.code, grades))
        for i, one in enumerate(bars)
    ]
    return Picture(
        (*((kind, "".join(parts)) for kind, parts in drawn.items()), *lines),
        rows=tuple((frame.up(rule), f"{rule:g}") for rule in rules),
        names=tuple(names) if len(bars) <= NAMED else (),
        marks={one.result.lab: _mark_of_bar(frame, i, _score(one)) for i, one in enumerate(bars)},
    )


def reach(scores: Iterable[float], limits: Sequence[float]) -> float:
    """Return how far scores are drawn: some way beyond the last limit, not to the farthest."""
    last = limits[-1]
    return max(1.25 * last, min(1.05 * max(map(abs, scores)), FAR * last))


def _score(one: Graded) -> float:
    assert one.score is not None  # only scored results are drawn
    return one.score


def _bar(frame: Frame, i: int, score: float) -> str:
    left, right = frame.across(i + 0.12), frame.across(i + 0.88)
    return f"M{left:.1f} {frame.up(0):.1f}H{right:.1f}V{frame.up(score):.1f}H{left:.1f}Z"


def _point(frame: Frame, i: int, score: float) -> str:
    """Return the point at the end of a bar that goes on."""
    x, y, way = frame.across(i + 0.5), frame.up(score), -5 if score > 0 else 5
    return f"M{x - 4:.1f} {y:.1f}h8l-4 {way}Z"


def _mark_of_bar(frame: Frame, i: int, score: float) -> str:
    """Return an arrow from the other side of zero to the bar."""
    x, way = frame.across(i + 0.5), 1 if score >= 0 else -1
    y = frame.up(0) + 4 * way
    return f"M{x:.1f} {y:.1f}l-5 {9 * way}h10ZM{x:.1f} {y + 9 * way:.1f}v{12 * way}{_bar(frame, i, score)}"


def results_picture(level: Level) -> Picture | None:
    """Draw the results in order with their expanded uncertainties, on the assigned value's lines."""
    ordered = sorted((one for one in level.first if one.result.x is not None), key=_x)
    if not ordered:
        return None
    frame = Frame((0, len(ordered)), _range(level, [_x(one) for one in ordered]))
    grades = len(level.ruler.grading.labels) if level.ruler else 0
    drawn: dict[str, list[str]] = defaultdict(list)
    for i, one in enumerate(ordered):
        x, y = frame.across(i + 0.5), frame.up(_x(one))
        half = one.result.U or (one.result.u and COVERAGE * one.result.u)
        if half:
            ends = (frame.up(_x(one) + side * float(half)) for side in (1, -1))
            drawn["u"].append("M{:.1f} {:.1f}V{:.1f}".format(x, *ends))
        if one.result.form == "below":
            drawn["below"].append(f"M{x - 3.5:.1f} {y:.1f}h7l-3.5 6Z")
        else:
            drawn[f"dot {tone(one.code, grades)}"].append(f"M{x:.1f} {y:.1f}h0")
    return Picture(
        (*_ground(level, frame), *((kind, "".join(parts)) for kind, parts in drawn.items())),
        rows=frame.rows(),
        names=tuple((frame.across(i + 0.5), one.result.lab, tone(one.code, grades))
                    for i, one in enumerate(ordered)) if len(ordered) <= NAMED else (),
        marks={one.result.lab: ring(frame.across(i + 0.5), frame.up(_x(one)))
               for i, one in enumerate(ordered)},
    )  # fmt: skip


def _x(one: Graded) -> float:
    assert one.result.x is not None  # only results with a value are drawn
    return float(one.result.x)


def ring(x: float, y: float) -> str:
    """Return a ring around a place."""
    return f"M{x - 6:.1f} {y:.1f}a6 6 0 1 0 12 0a6 6 0 1 0-12 0Z"


def _range(level: Level, values: Sequence[float]) -> tuple[float, float]:
    """Return what is shown: the assigned value and some sigma_pt around, or where the results lie."""
    middle, spread = _middle(level, values), _spread(level, values)
    inside = [x for x in values if abs(x - middle) <= SPREADS * spread]
    away = max(3.3 * spread, 1.1 * max((abs(x - middle) for x in inside), default=0))
    return middle - away, middle + away


def _middle(level: Level, values: Sequence[float]) -> float:
    return float(level.ruler.value.x_pt) if level.ruler else float(np.median(values))


def _spread(level: Level, values: Sequence[float]) -> float:
    """Return sigma_pt, else the participants' own spread, else anything above 0."""
    if level.ruler and level.ruler.sigma_pt:
        return float(level.ruler.sigma_pt)
    if level.robust and level.robust.s_star:
        return float(level.robust.s_star)
    return float(np.ptp(values)) or abs(_middle(level, values)) / 10 or 1.0


def _ground(level: Level, frame: Frame) -> Iterable[tuple[str, str]]:
    """Yield the assigned value, its uncertainty, and the limits in sigma_pt or delta_E."""
    if not level.ruler:
        return
    x_pt, u = float(level.ruler.value.x_pt), level.ruler.value.u_xpt
    if u:
        low, high = (frame.up(x_pt + side * COVERAGE * float(u)) for side in (-1, 1))
        yield "band", f"M{LEFT} {low:.1f}H{RIGHT}V{high:.1f}H{LEFT}Z"
    yield "x_pt", frame.level(x_pt)
    for i, away in enumerate(_limits(level), start=1):
        yield f"limit{min(i, 2)}", "".join(frame.level(x_pt + side * away) for side in (1, -1))


def _limits(level: Level) -> list[float]:
    """Return how far from the assigned value each limit lies, where that is the same for all."""
    ruler = level.ruler
    if ruler and ruler.name in ("z", "z_prime") and ruler.sigma_pt:
        unit = float(ruler.sigma_pt)
        if ruler.name == "z_prime":
            unit = float(np.hypot(unit, float(ruler.value.u_xpt or 0)))
        return [unit * float(limit) for limit in ruler.grading.limits]
    if ruler and ruler.name == "pa":
        return [float(ruler.terms.delta_e or 0)]
    return []


def density_picture(level: Level) -> Picture | None:
    """Draw the density of the numbers that the statistics are made of, and its modes."""
    values = [float(row.x) for row in level.used if row.form == "number" and row.x is not None]
    if len(values) < 2:
        return None
    low, high = _range(level, values)
    h = SHARE * _spread(level, values)
    at = np.linspace(low, high, STEPS)
    curve = density_curve(values, at, h=h)
    frame = Frame((low, high), (0, 1.18 * float(curve.max()) or 1.0))
    line = frame.line(at, curve)
    modes = [float(m) for m in kde_modes(values, h=h).modes if low <= m <= high]
    tops = density_curve(values, modes, h=h) if modes else np.empty(0)
    rug = "".join(f"M{frame.across(x):.1f} {BOTTOM}v-6" for x in values if low <= x <= high)
    paths = [("hill", f"{line}L{RIGHT} {BOTTOM}L{LEFT} {BOTTOM}Z"), ("curve", line), ("rug", rug)]
    if level.ruler:
        paths.append(("x_pt", frame.upright(float(level.ruler.value.x_pt))))
    return Picture(
        tuple(paths),
        columns=frame.columns(),
        notes=tuple((frame.across(m), frame.up(t) - 4, shown(m)) for m, t in zip(modes, tops, strict=True)),
        marks={one.result.lab: f"M{frame.across(_x(one)):.1f} {TOP + 14}V{BOTTOM}m0 0l-5-9h10Z"
               for one in level.first if one.result.x is not None},
    )  # fmt: skip
