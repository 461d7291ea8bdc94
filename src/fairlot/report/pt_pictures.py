"""The pictures of one level: scores as bars, results with their uncertainty, and their density."""

from collections import defaultdict
from collections.abc import Iterable, Sequence

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
from fairlot.report.pt_frame import BOTTOM, LEFT, RIGHT, TOP, Frame, Picture, limit_class, shown

__all__ = ["density_picture", "results_picture", "ring", "scores_picture"]


def scores_picture(level: Level) -> Picture | None:
    """Draw the scores of a level from the lowest to the highest, with the limits of the scale."""
    bars, limits = by_score(level), limits_of(level)
    if not bars:
        return None
    top = reach(map(score_of, bars), limits)
    frame = Frame((0, len(bars)), (-top, top))
    drawn: dict[str, list[str]] = defaultdict(list)
    for i, one in enumerate(bars):
        drawn[f"bar {tone_of(one, level)}"].append(_bar(frame, i, score_of(one)))
        if abs(score_of(one)) > top:
            drawn["cut"].append(_point(frame, i, score_of(one)))
    rules = [limit * side for limit in (0, *limits) for side in ((1, -1) if limit else (1,))]
    lines = [(limit_class(i, len(limits)), "".join(map(frame.level, (limit, -limit))))
             for i, limit in enumerate((0.0, *limits))]  # fmt: skip
    return Picture(
        (*((kind, "".join(parts)) for kind, parts in drawn.items()), *lines),
        rows=tuple((frame.up(rule), f"{rule:g}") for rule in rules),
        names=_names(frame, bars, level),
        marks={one.result.lab: _mark_of_bar(frame, i, score_of(one)) for i, one in enumerate(bars)},
    )


def _names(
    frame: Frame, ordered: Sequence[Graded], level: Level
) -> tuple[tuple[float, str, str], ...]:
    """Return the laboratories along the axis, none where there are too many to be read."""
    if len(ordered) > NAMED:
        return ()
    return tuple((frame.across(i + 0.5), one.result.lab, tone_of(one, level))
                 for i, one in enumerate(ordered))  # fmt: skip


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
    ordered = by_value(level)
    if not ordered:
        return None
    frame = Frame((0, len(ordered)), window(level, [value_of(one) for one in ordered]))
    drawn: dict[str, list[str]] = defaultdict(list)
    for i, one in enumerate(ordered):
        x, y, half = frame.across(i + 0.5), frame.up(value_of(one)), half_width(one)
        if half:
            ends = (frame.up(value_of(one) + side * half) for side in (1, -1))
            drawn["u"].append("M{:.1f} {:.1f}V{:.1f}".format(x, *ends))
        if one.result.form == "below":
            drawn["below"].append(f"M{x - 3.5:.1f} {y:.1f}h7l-3.5 6Z")
        else:
            drawn[f"dot {tone_of(one, level)}"].append(f"M{x:.1f} {y:.1f}h0")
    return Picture(
        (*_ground(level, frame), *((kind, "".join(parts)) for kind, parts in drawn.items())),
        rows=frame.rows(),
        names=_names(frame, ordered, level),
        marks={one.result.lab: ring(frame.across(i + 0.5), frame.up(value_of(one)))
               for i, one in enumerate(ordered)},
    )  # fmt: skip


def ring(x: float, y: float) -> str:
    """Return a ring around a place."""
    return f"M{x - 6:.1f} {y:.1f}a6 6 0 1 0 12 0a6 6 0 1 0-12 0Z"


def _ground(level: Level, frame: Frame) -> Iterable[tuple[str, str]]:
    """Yield the assigned value, its uncertainty, and the limits in sigma_pt or delta_E."""
    if not level.ruler:
        return
    x_pt, u = float(level.ruler.value.x_pt), level.ruler.value.u_xpt
    if u:
        low, high = (frame.up(x_pt + side * COVERAGE * float(u)) for side in (-1, 1))
        yield "band", f"M{LEFT} {low:.1f}H{RIGHT}V{high:.1f}H{LEFT}Z"
    yield "x_pt", frame.level(x_pt)
    around = limits_around(level)
    for i, away in enumerate(around, start=1):
        yield (
            limit_class(i, len(around)),
            "".join(frame.level(x_pt + side * away) for side in (1, -1)),
        )


def density_picture(level: Level) -> Picture | None:
    """Draw the density of the numbers that the statistics are made of, and its modes."""
    found = density_of(level)
    if found is None:
        return None
    low, high = float(found.at[0]), float(found.at[-1])
    frame = Frame((low, high), (0, 1.18 * float(found.curve.max()) or 1.0))
    line = frame.line(found.at, found.curve)
    rug = "".join(f"M{frame.across(x):.1f} {BOTTOM}v-6" for x in found.x if low <= x <= high)
    paths = [("hill", f"{line}L{RIGHT} {BOTTOM}L{LEFT} {BOTTOM}Z"), ("curve", line), ("rug", rug)]
    if level.ruler:
        paths.append(("x_pt", frame.upright(float(level.ruler.value.x_pt))))
    return Picture(
        tuple(paths),
        columns=frame.columns(),
        notes=tuple((frame.across(m), frame.up(t) - 4, shown(m))
                    for m, t in zip(found.modes, found.tops, strict=True)),
        marks={one.result.lab: f"M{frame.across(value_of(one)):.1f} {TOP + 14}V{BOTTOM}m0 0l-5-9h10Z"
               for one in by_value(level)},
    )  # fmt: skip
