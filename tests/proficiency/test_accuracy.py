"""How far the estimators are from references that share no code with them: at most 1e-10.

Scales are compared relative to themselves, locations relative to the larger of their own size and
the scale. The references take the very same doubles, in exact or extended arithmetic.
"""

import math

import literal_robust as literal
import numpy as np
import pytest
from scipy.stats import norm

from fairlot.proficiency import (
    algorithm_a,
    algorithm_s,
    hampel,
    huber,
    mad_e,
    mean_sd,
    n_iqr,
    q_method,
    qn,
    sn,
)
from fairlot.proficiency.algorithm_a import FACTOR
from fairlot.proficiency.algorithm_s import limit_and_adjustment
from fairlot.proficiency.mad_e import MAD_FACTOR
from fairlot.proficiency.n_iqr import IQR_FACTOR

WORST = 1e-10
LEAST, MOST = 2, 2_000
COUNTS = [pytest.param(150, id="150"), pytest.param(10_000, id="10000", marks=pytest.mark.slow)]


def random_sample(seed):
    """Results of 2 to 2,000 laboratories: clean, wild or in two camps, tied or not, anywhere.

    Beside them what all are multiples of, as decimals; 0 where they were not rounded.
    """
    rng = np.random.default_rng(seed)
    p = round(math.exp(rng.uniform(math.log(LEAST), math.log(MOST))))
    kind = rng.integers(4)
    x = rng.standard_t(2, p) if kind == 0 else rng.normal(0, 1, p)
    x = x + (kind == 1) * 8.0 * rng.integers(0, 2, p)
    x = x * np.where((kind == 2) & (rng.random(p) < 0.1), 1000.0, 1.0)
    grid = 0.0 if rng.random() < 0.6 else 0.1 ** int(rng.integers(0, 2))
    x = np.rint(x / grid) * grid if grid else x
    unit = rng.choice([1.0, 1e-9, 1e5])
    return (x + rng.choice([0.0, 10.0, 1e6, -1e6])) * unit, grid * unit


def off(got, want):
    """The distance of an Estimate from the location and the scale it should have."""
    x, s = want
    if s == 0:
        assert got.no_scale
        return 0.0
    size = max(abs(x), s)
    return float(max(abs(type(x)(got.x_star) - x) / size, abs(type(s)(got.s_star) - s) / s))


def of_algorithm_a(x, edition):
    """None where the letter of the standard creeps for ever, as it does next to a collapse."""
    got = algorithm_a(x, edition=edition, stop="converged")
    origin, t, s, rested = literal.algorithm_a(x, FACTOR[edition], steps=2_000)
    assert got.converged
    if got.no_scale:
        return None
    return off(got, (origin + t, s)) if rested else None


def of_huber(x):
    got = huber(x)
    if got.no_scale:
        return None
    u = scores(x, got)
    return from_the_root(np.clip(u, -1.5, 1.5), max((abs(u) < 1.5).sum(), 1), got)


def of_hampel(x):
    """Where two roots are equally near the median is meant, which is no root."""
    got = hampel(x)
    if got.no_scale or got.x_star == np.median(x):
        return None
    u = scores(x, got)
    size = np.minimum(abs(u), 1.5).clip(0, np.maximum(4.5 - abs(u), 0))
    slope = (abs(u) < 1.5).sum() - ((abs(u) > 3) & (abs(u) < 4.5)).sum()
    return from_the_root(np.copysign(size, u), abs(slope) or 1, got)


def scores(x, got):
    return (np.asarray(x, np.longdouble) - got.x_star) / np.longdouble(got.s_star)


def from_the_root(psi, slope, got):
    """How far off a location is whose sum of psi, of that slope, should be 0."""
    return float(abs(psi.sum()) / slope * got.s_star / max(abs(got.x_star), got.s_star))


def differences(x):
    """Of all pairs; each is off by half a rounding of its own at most."""
    i, j = np.triu_indices(len(x), 1)
    return np.sort(abs(x[i] - x[j]))


def of_scale(got, want):
    return None if got.no_scale else abs(got.difference - want) / want


def of_qn(x):
    h = len(x) // 2 + 1
    return of_scale(qn(x), differences(x)[h * (h - 1) // 2 - 1])


def of_sn(x):
    high = np.sort(abs(x[:, None] - x), axis=1)[:, len(x) // 2]
    return of_scale(sn(x), np.sort(high)[(len(x) + 1) // 2 - 1])


def of_q_method(x, grid):
    """ISO 13528 C.5.2.2: H1 written out; which differences are one step is seen in the decimals."""
    d = differences(x)
    new = np.flatnonzero(np.diff(np.rint(d / grid) if grid else d, prepend=0.0))
    at, h = [0.0, *d[new]], np.array([*new, d.size]) / d.size
    middles = [0.0, *(h[1:] + h[:-1]) / 2]
    want = np.interp(0.25 + 0.75 * h[0], middles, at)
    got = q_method(x)
    factor = 1 / (math.sqrt(2) * norm.ppf(0.625 + 0.375 * h[0]))
    return None if got.no_scale else abs(got.s_star - want * factor) / got.s_star


def of_mad_e(x):
    centre, deviation = literal.median_deviation(x)
    got = mad_e(x)
    return off(got, (float(centre), MAD_FACTOR["exact"] * float(deviation)))


def of_n_iqr(x, rule):
    width = IQR_FACTOR["exact"] * float(literal.interquartile_range(x, rule))
    return off(n_iqr(x, quartiles=rule), (float(np.median(x)), width))


def of_mean_sd(x):
    mean, squares = literal.mean_and_squares(x)
    return off(mean_sd(x), (float(mean), math.sqrt(squares / (len(x) - 1))))


def of_algorithm_s(x):
    w = abs(x - np.median(x))
    eta, xi = limit_and_adjustment(3)
    want = float(literal.algorithm_s(w, eta, xi, steps=20_000))
    got = algorithm_s(w, 3)
    return None if got.no_scale else abs(got.w_star - want) / want


def alone(check):
    """A check that does not ask what the results are multiples of."""
    return lambda x, _: check(x)


CHECKED = {
    "algorithm_a exact": lambda x, _: of_algorithm_a(x, "exact"),
    "algorithm_a iso2022": lambda x, _: of_algorithm_a(x, "iso2022"),
    "algorithm_s": alone(of_algorithm_s),
    "hampel": alone(of_hampel),
    "huber": alone(of_huber),
    "mad_e": alone(of_mad_e),
    "mean_sd": alone(of_mean_sd),
    "n_iqr type6": lambda x, _: of_n_iqr(x, "type6"),
    "n_iqr type7": lambda x, _: of_n_iqr(x, "type7"),
    "q_method": of_q_method,
    "qn": alone(of_qn),
    "sn": alone(of_sn),
}


@pytest.mark.parametrize("samples", COUNTS)
@pytest.mark.parametrize("name", CHECKED)
def test_worst_difference(name, samples):
    found = [CHECKED[name](*random_sample(seed)) for seed in range(samples)]
    compared = [value for value in found if value is not None]
    assert max(compared) <= WORST
    assert len(compared) >= 0.9 * samples
