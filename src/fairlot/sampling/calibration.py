"""Calibration: weights as near the design's as possible that give known totals exactly."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from fairlot._base import check
from fairlot._base.arrays import Floats
from fairlot._base.errors import Infeasible, InvalidInput, NotConverged
from fairlot.sampling.calibration_distances import Bounds, Distance, distance
from fairlot.sampling.columns import independent, table, titles
from fairlot.sampling.sample import Sample

__all__ = ["Calibrated", "calibrate"]

STEPS = 100
HALVINGS = 40
MET = 1e-12
"""A total is met when it is off by this share of the sum of its terms' sizes."""
NARROW = ("widen the bounds", "放宽界限")
POSITIVE = ("take method='linear', which has no bounds,", "改用没有界限的 method='linear'")
NEAR = 1e-9
"""A total is within reach when the nearest is off by this share of its terms: solvers err so."""


@dataclass(frozen=True, eq=False)
class Calibrated:
    """Weights that give known totals.

    weights  (n,) ``g`` times the design weights, for the drawn units in their order
    g        (n,) by how much each design weight was changed
    x        (n, p) the calibration variables
    design   (n,) the design weights
    method   how
    """

    weights: Floats
    g: Floats
    x: Floats
    design: Floats
    method: str

    def influence(self, y: Floats) -> Floats:
        """Return the values whose Horvitz-Thompson variance is that of ``sum(weights * y)``.

        They are g times the residuals of ``y`` on ``x``: what the known totals do not explain.
        Särndal, Swensson, Wretman (1989), Biometrika 76, 527-537, doi:10.1093/biomet/76.3.527.
        """
        root = np.sqrt(self.design)
        fitted = np.linalg.lstsq(root[:, None] * self.x, root * y)[0]
        return np.asarray(self.g * (y - self.x @ fitted))


def calibrate(
    sample: Sample | ArrayLike,
    x: ArrayLike,
    totals: ArrayLike,
    *,
    method: str = "linear",
    bounds: tuple[float, float] | None = None,
) -> Calibrated:
    """Return weights ``w = g / pi`` of the drawn units with ``sum(w x)`` equal to ``totals``.

    sample  a sample, or (n,) positive weights to start from
    x       (n, p) calibration variables of the *drawn* units, in the order of ``sample.index``; a
            column of ones keeps the size of the frame
    totals  (p,) their totals over all units with pi > 0 of the frame; a pandas Series is taken by
            name when ``x`` is a data frame
    method  "linear": the regression estimator, always possible, weights may be negative;
            "raking": g positive; "truncated": linear within ``bounds``; "logit": smooth, inside them
    bounds  (low, high) on g with ``low < 1 < high``, for "truncated" and "logit" only

    ``total(y, sample, weights=calibrated)`` then has the variance of the residuals of y on x.
    Raises InvalidInput naming a column that is 0 or a combination of others, Infeasible when no g
    within the bounds gives the totals, and NotConverged with the residuals. Newton's method:
    O(n p^2) a step, a few steps.

    Deville, Särndal (1992), Journal of the American Statistical Association 87, 376-382,
    doi:10.1080/01621459.1992.10475217.

    >>> sample = Sample(np.array([0, 3]), np.full(4, 0.5), "srs/1")
    >>> calibrate(sample, [[1, 2], [1, 5]], [4, 16]).weights.round(9).tolist()
    [1.333333333, 2.666666667]
    """
    design = sample.weights if isinstance(sample, Sample) else _positive(sample)
    columns = table("x", x, rows=design.size)
    known = check.numbers("totals", _in_order(x, totals), units=columns.shape[1], of=check.COLUMNS)
    scale = independent("x", x, columns, design)
    move, limits = distance(method, bounds)
    # In columns that are orthonormal under the design weights the linear method is one step.
    level = np.asarray(np.linalg.solve(scale.T, np.column_stack([columns.T, known])), np.float64)
    g, found = _solve(design, level[:, :-1].T, level[:, -1], move)
    if not found:
        missed = known - (g * design) @ columns
        names = titles(x, known.size)
        hint = NARROW if bounds is not None else POSITIVE
        raise _refusal(missed, design, columns, known, limits, names, hint)
    return Calibrated(g * design, g, columns, design, method)


def _in_order(x: ArrayLike, totals: ArrayLike) -> ArrayLike:
    """Return the totals in the order of the columns of ``x``, when both have names."""
    index = getattr(totals, "index", None)
    if not hasattr(x, "columns") or index is None or callable(index):
        return totals
    names, columns = list(index), titles(x, 0)
    if names == list(range(len(names))):
        return totals
    if len(names) != len(columns) or set(names) != set(columns):
        raise InvalidInput(
            "totals are of {got} and x has the columns {want}; want the same names",
            zh="totals 的名称为 {got}，而 x 的列为 {want}；名称应相同",
            got=names,
            want=columns,
        )
    values = np.asarray(totals)
    return [values[names.index(column)] for column in columns]


def _positive(weights: ArrayLike) -> Floats:
    clean = check.numbers("weights", weights)
    if not clean.min() > 0:
        i = int(np.argmin(clean > 0))
        raise InvalidInput(
            "weights[{i}] is {got}; want a positive number",
            zh="weights[{i}] 为 {got}，应为正数",
            i=i,
            got=float(clean[i]),
        )
    return clean


def _solve(design: Floats, x: Floats, known: Floats, move: Distance) -> tuple[Floats, bool]:
    """Return g such that ``sum(design g x)`` is ``known``, and whether it was found.

    The equations say that the slope of a convex function of lambda is 0. Along a step its slope
    rises, and the step is halved while it would end far behind the lowest point.
    """
    size = float(np.max(design @ np.abs(x) + np.abs(known)))
    turn = np.zeros(known.size)
    g, slope = move(x @ turn)
    miss = known - (design * g) @ x
    for _ in range(STEPS):
        off = float(np.max(np.abs(miss))) / size
        if off <= MET:
            return g, True
        # A little of the identity, less and less, so that g that stand at their bounds can leave.
        bend = (x * (design * slope)[:, None]).T @ x + off * np.eye(known.size)
        step = np.linalg.solve(bend, miss)
        for _ in range(HALVINGS):
            g, slope = move(x @ (turn + step))
            left = known - (design * g) @ x
            if left @ step >= -(miss @ step) / 2:
                break
            step = step / 2
        turn, miss = turn + step, left
    return g, False


def _refusal(
    missed: Floats,
    design: Floats,
    x: Floats,
    known: Floats,
    limits: Bounds,
    names: list[Any],
    hint: tuple[str, str],
) -> Infeasible | NotConverged:
    """Tell whether any g within the limits gives the totals, or whether it was just not found."""
    nearest = _nearest(design, x, known, limits)
    far = np.abs(known - nearest) > NEAR * (design @ np.abs(x))
    short = [
        f"{names[k]!r}: want {known[k]:.10g}, nearest {nearest[k]:.10g}"
        for k in np.flatnonzero(far)
    ]
    if short:
        return Infeasible(
            "no g from {low} to {high} gives the totals ({told}); {hint} or leave a column out",
            zh="介于 {low} 与 {high} 之间的 g 都不能得到这些总数（{told}）；请{hint_zh}或去掉某列",
            hint=hint[0],
            hint_zh=hint[1],
            low=limits[0],
            high=limits[1],
            told="; ".join(short),
            because=short,
        )
    return NotConverged(
        "after {steps} steps the totals are missed by {residuals}; {hint} or leave a column out",
        zh="迭代 {steps} 步后与总数仍相差 {residuals}；请{hint_zh}或去掉某列",
        hint=hint[0],
        hint_zh=hint[1],
        steps=STEPS,
        residuals=dict(zip(names, missed.tolist(), strict=True)),
    )


def _nearest(design: Floats, x: Floats, known: Floats, limits: Bounds) -> Floats:
    """Return the totals within reach that miss the known ones least, each in its own size."""
    from scipy.optimize import linprog

    terms = (x * design[:, None]).T
    size = np.sum(np.abs(terms), axis=1)[:, None]
    terms, wanted = terms / size, known / size[:, 0]
    both = np.block([[terms, -np.ones_like(size)], [-terms, -np.ones_like(size)]])
    reach = [limits] * design.size + [(0, None)]
    best: Any = linprog([0] * design.size + [1], both, [*wanted, *-wanted], bounds=reach)
    return np.asarray((terms * size) @ best.x[:-1])
