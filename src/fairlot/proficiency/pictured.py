"""What the pictures of a level show, in numbers: whoever draws them, shows the same."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from fairlot._base.arrays import Floats
from fairlot.proficiency.density_curve import density_curve
from fairlot.proficiency.kde_modes import kde_modes
from fairlot.proficiency.level import Level
from fairlot.proficiency.scoring import COVERAGE, Graded

__all__ = [
    "NAMED",
    "Density",
    "by_score",
    "by_value",
    "density_of",
    "half_width",
    "limits_around",
    "limits_of",
    "reach",
    "score_of",
    "tone",
    "tone_of",
    "value_of",
    "window",
]

NAMED = 60
"""Laboratories named along an axis; more would print over each other."""
FAR = 2.0
"""Times the last limit that scores are drawn; a bar that goes on ends at the border."""
SPREADS = 4.5
"""sigma_pt within which a result is shown at its place; one farther out lies at the border."""
SHARE = 0.75
"""Bandwidth in sigma_pt that shows the groups which matter (ISO 13528:2022 10.3)."""
STEPS = 240


def tone(code: int, grades: int) -> str:
    """Return the kind of a grade of so many: g0 the best, g2 the worst, g1 between, g- none."""
    if code < 0:
        return "g-"
    return "g0" if code == 0 else "g2" if code == grades - 1 else "g1"


def tone_of(one: Graded, level: Level) -> str:
    """Return the kind of the grade of a result, on the scale of the score that it has."""
    return tone(one.code, len(level.ruler.grading.labels)) if level.ruler else "g-"


def by_score(level: Level) -> list[Graded]:
    """Return the scored results of the first test, the lowest score first."""
    return sorted((one for one in level.first if one.score is not None), key=score_of)


def by_value(level: Level) -> list[Graded]:
    """Return the results of the first test that have a value, the lowest first."""
    return sorted((one for one in level.first if one.result.x is not None), key=value_of)


def score_of(one: Graded) -> float:
    """Return the score of a result that has one."""
    assert one.score is not None  # of by_score
    return one.score


def value_of(one: Graded) -> float:
    """Return the value of a result that has one, or the L of a "<L"."""
    assert one.result.x is not None  # of by_value
    return float(one.result.x)


def half_width(one: Graded) -> float:
    """Return the expanded uncertainty of a result, 0 where none was reported."""
    return float(one.result.U or COVERAGE * (one.result.u or 0))


def limits_of(level: Level) -> list[float]:
    """Return the limits of the scale."""
    return [float(limit) for limit in level.ruler.grading.limits] if level.ruler else []


def limits_around(level: Level) -> list[float]:
    """Return how far from the assigned value each limit lies, where that is the same for all."""
    ruler = level.ruler
    if ruler and ruler.name in ("z", "z_prime") and ruler.sigma_pt:
        unit = float(ruler.sigma_pt)
        if ruler.name == "z_prime":
            unit = float(np.hypot(unit, float(ruler.value.u_xpt or 0)))
        return [unit * limit for limit in limits_of(level)]
    if ruler and ruler.name == "pa":
        return [float(ruler.terms.delta_e or 0)]
    return []


def reach(scores: Iterable[float], limits: Sequence[float]) -> float:
    """Return how far scores are drawn: some way beyond the last limit, not to the farthest.

    >>> reach([0.1], [2, 3]), reach([4], [2, 3]), reach([-100], [2, 3])
    (3.75, 4.2, 6.0)
    """
    last = limits[-1]
    return max(1.25 * last, min(1.05 * max(map(abs, scores), default=0), FAR * last))


def window(level: Level, values: Sequence[float]) -> tuple[float, float]:
    """Return what is shown: the assigned value and the results around, or where the results lie."""
    middle, spread = _middle(level, values), _spread(level, values)
    inside = [x for x in values if abs(x - middle) <= SPREADS * spread] or values
    away = max(3.3 * spread, 1.1 * max(abs(x - middle) for x in inside))
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


@dataclass(frozen=True, eq=False)
class Density:
    """The density of the numbers ``x`` along ``at``, and the ``modes`` with their ``tops``."""

    x: Floats
    at: Floats
    curve: Floats
    modes: Floats
    tops: Floats


def density_of(level: Level, h: float | None = None) -> Density | None:
    """Return the density of the numbers that the statistics of a level are made of.

    h  bandwidth; 0.75 sigma_pt, or 0.75 s_star where the level has no sigma_pt, when left out

    None below two numbers.
    """
    x = np.array([row.x for row in level.used if row.form == "number"], dtype=float)
    if x.size < 2:
        return None
    width = h or SHARE * _spread(level, x.tolist())
    low, high = window(level, x.tolist())
    at = np.linspace(low - width, high + width, STEPS)
    found = kde_modes(x, h=width)
    modes, tops = np.asarray(found.modes), np.asarray(found.densities)
    seen = (low - width <= modes) & (modes <= high + width)
    return Density(x, at, density_curve(x, at, h=width), modes[seen], tops[seen])
