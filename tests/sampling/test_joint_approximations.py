"""Approximations of joint probabilities: as printed, and as near to the truth as they claim."""

from functools import cache
from itertools import permutations

import numpy as np
import pytest

from fairlot._base.errors import NotConverged
from fairlot.sampling import joint_approximations
from fairlot.sampling.conditional_poisson import joint as conditional_poisson
from fairlot.sampling.joint_approximations import APPROXIMATIONS

PI = np.array([0.2, 0.3, 0.6, 0.9, 0.5, 0.5])
FOUR = [0.2, 0.3, 0.6, 0.9]
BREWER_DONADIO = [name for name in APPROXIMATIONS if name.startswith("brewer_donadio")]


def off_diagonal(units):
    return np.nonzero(~np.eye(units, dtype=bool))


def rows(name, pi):
    i, j = off_diagonal(pi.size)
    return np.bincount(i, APPROXIMATIONS[name](pi)(i, j))


def test_hajek_is_as_printed():
    d = sum(p * (1 - p) for p in PI)
    got = APPROXIMATIONS["hajek"](PI)(np.array([1]), np.array([3]))
    assert got == pytest.approx([0.3 * 0.9 * (1 - 0.7 * 0.1 / d)], abs=1e-15)


def test_hartley_rao_is_as_printed():
    """Hartley, Rao (1962), eq. 5.15, with the powers of n of the paper."""
    n, s2, s3 = sum(PI), sum(PI**2), sum(PI**3)
    i, j = off_diagonal(PI.size)
    a, b = PI[i], PI[j]
    want = (
        (n - 1) / n * a * b
        + (n - 1) / n**2 * (a**2 * b + a * b**2)
        - (n - 1) / n**3 * a * b * s2
        + 2 * (n - 1) / n**3 * (a**3 * b + a * b**3 + a**2 * b**2)
        - 3 * (n - 1) / n**4 * (a**2 * b + a * b**2) * s2
        + 3 * (n - 1) / n**5 * a * b * s2**2
        - 2 * (n - 1) / n**4 * a * b * s3
    )
    np.testing.assert_allclose(APPROXIMATIONS["hartley_rao"](PI)(i, j), want, rtol=1e-14)


def test_brewer_donadio_are_as_printed():
    n, s = sum(PI), sum(PI**2)
    divisors = {
        9: n - PI,
        10: n - s / n + 0 * PI,
        11: n - 2 * PI + s / n,
        18: n - (2 * n - 1) / (n - 1) * PI + s / (n - 1),
    }
    i, j = off_diagonal(PI.size)
    assert [f"brewer_donadio_{k}" for k in divisors] == BREWER_DONADIO
    for name, divisor in zip(BREWER_DONADIO, divisors.values(), strict=True):
        c = (n - 1) / divisor
        want = PI[i] * PI[j] * (c[i] + c[j]) / 2
        np.testing.assert_allclose(APPROXIMATIONS[name](PI)(i, j), want, rtol=1e-14)


def test_deville_solves_its_equation():
    """Covariances -c_i c_j / sum c are of rank one beside the diagonal and add up to -pi (1 - pi);
    these two say what c is."""
    pair = APPROXIMATIONS["deville"](PI)
    i, j, k = np.array(list(permutations(range(PI.size), 3))).T
    a, b, c = (pair(x, y) - PI[x] * PI[y] for x, y in ((i, j), (i, k), (j, k)))
    square = -a * b / c
    for unit in range(PI.size):
        np.testing.assert_allclose(square[i == unit], square[i == unit][0], rtol=1e-12)
    np.testing.assert_allclose(rows("deville", PI), (PI.sum() - 1) * PI, rtol=0, atol=1e-13)


@pytest.mark.parametrize("name", ["deville", *BREWER_DONADIO])
def test_equal_probabilities_are_met_exactly(name):
    units, n = 20, 6
    i, j = off_diagonal(units)
    both = APPROXIMATIONS[name](np.full(units, n / units))(i, j)
    np.testing.assert_allclose(both, n * (n - 1) / units / (units - 1), rtol=1e-13)


@cache
def exact(copies):
    pi = np.tile(FOUR, copies)
    return conditional_poisson(pi)(*off_diagonal(pi.size))


@pytest.mark.parametrize("name", APPROXIMATIONS)
def test_errors_fall_as_units_are_added(name):
    """Against conditional Poisson, relative to pi_i pi_j: as N^-2, or as N^-1."""
    errors = []
    for copies in (8, 16, 32):
        pi = np.tile(FOUR, copies)
        i, j = off_diagonal(pi.size)
        wrong = APPROXIMATIONS[name](pi)(i, j) - exact(copies)
        errors.append(np.abs(wrong / pi[i] / pi[j]).max())
    fall = 3.9 if name in ("hajek", "deville") else 1.95
    assert errors[0] > fall * errors[1] > fall**2 * errors[2]


def test_hartley_rao_rows_are_right_to_the_third_order():
    """For n fixed: the first terms alone would be right to the second, and fall by 4."""
    wrong = []
    for units in (40, 80):
        pi = np.linspace(1, 3, units)
        pi *= 2 / pi.sum()
        wrong.append(np.abs(rows("hartley_rao", pi) / pi - 1).max())
    assert wrong[0] > 7.9 * wrong[1]


def test_deville_says_how_far_it_was(monkeypatch):
    monkeypatch.setattr(joint_approximations, "ROUNDS", 3)
    with pytest.raises(NotConverged, match="after 3 rounds") as stopped:
        joint_approximations.deville(PI)
    assert 0 < stopped.value.residual < 1
    assert "hajek" in stopped.value.text("zh")
