"""Bootstrap weights: many sets of weights whose spread is the sampling error.

Any statistic of weighted data, medians and ratios of ratios too, is computed once with each set;
the spread of its values estimates its variance.
"""

from contextlib import nullcontext

import numpy as np

from fairlot._base import check
from fairlot._base.arrays import Floats
from fairlot._base.chance import Chance, as_chance
from fairlot._base.errors import within
from fairlot.sampling.codes import Labels
from fairlot.sampling.design_variance import (
    WITH_X,
    default_variance,
    design_of,
    refuse_missing_strata,
)
from fairlot.sampling.sample import Sample
from fairlot.sampling.stratified_variance import drawn_by_stratum
from fairlot.sampling.variance import SCATTERS

__all__ = ["bootstrap_weights"]

ROOT = np.sqrt(5.0)
LOW, HIGH = (1 - ROOT) / 2, (1 + ROOT) / 2
MOSTLY = (ROOT + 1) / (2 * ROOT)
"""Mammen's two values, LOW with chance MOSTLY: mean 0, variance 1, third moment 1."""


def bootstrap_weights(
    sample: Sample, reps: int, *, strata: Labels | None = None, rng: object
) -> Floats:
    """Return ``reps`` sets of weights for the drawn units, (reps, n), in their order.

    strata  (N,) labels of all units, when they were drawn stratum by stratum

    The generalised bootstrap: set b weighs unit i by ``(1 + e_i - a_i sum(e)) / pi_i``, the sum over
    its stratum, with independent e_i of mean 0, variance c_i and third moment ``c_i^1.5`` (Mammen's
    two points). Over the sets ``sum(w y)`` then has, for any ``y``, *exactly* the mean
    ``sum(y / pi)`` and the variance ``sum c_i (y_i / pi_i - sum a y / pi)^2``. With the c and a
    chosen here this is the variance that :func:`total` estimates by default after the design; after
    designs that depend on an x it is Deville's, which does not count what the x gains. Units with
    pi = 1 keep their weight.

    Some weights may be negative when a stratum has few drawn units. Each set asks ``rng`` once for
    n numbers. O(reps n) time and memory. Raises InvalidInput for a stratum with one drawn unit that
    chance decided.

    Beaumont, Patak (2012), International Statistical Review 80, 127-148,
    doi:10.1111/j.1751-5823.2011.00166.x; Mammen (1993), Annals of Statistics 21, 255-285,
    doi:10.1214/aos/1176349025.

    >>> sample = Sample(np.array([0, 2, 3, 4]), np.array([0.5, 0.5, 0.5, 0.5, 1]), "pareto/1")
    >>> weights = bootstrap_weights(sample, 1000, rng=np.random.default_rng(1))
    >>> weights.shape, set(weights[:, 3].tolist())
    ((1000, 4), {1.0})
    >>> round(float(np.std(weights @ [1, 2, 6, 9])), 2)
    6.49
    """
    chance = as_chance(rng)
    reps = check.at_least("reps", reps, 1)
    pi, scatter = sample.pi[sample.index], SCATTERS[_method(sample, strata)]
    moves = np.array([_two_points(chance, pi.size) for _ in range(reps)])
    moves[:, pi == 1] = 0
    units = np.flatnonzero(pi < 1)
    for label, part in drawn_by_stratum(sample.index[units], strata, sample.pi.size):
        own = units[part]
        with within(f"stratum {label!r}", f"层 {label!r}") if strata is not None else nullcontext():
            moves[:, own] = _scaled(moves[:, own], *scatter(pi[own]))
    return (1 + moves) / pi


def _method(sample: Sample, strata: Labels | None) -> str:
    refuse_missing_strata(sample, strata)
    depends_on_x = design_of(sample)[0] in WITH_X
    return "deville" if depends_on_x else default_variance(sample, strata)


def _scaled(moves: Floats, spread: Floats, share: Floats) -> Floats:
    moves = moves * np.sqrt(spread)
    moves -= share * moves.sum(axis=1, keepdims=True)
    return moves


def _two_points(chance: Chance, n: int) -> Floats:
    points: Floats = np.where(chance.random(n) < MOSTLY, LOW, HIGH)
    return points
