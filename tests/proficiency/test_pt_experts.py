"""Consensus of experts against the definition of each tau^2, with fractions and plain loops."""

import math
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fairlot._base.errors import InvalidInput
from fairlot.proficiency import Batch, expert_consensus
from fairlot.proficiency.experts import METHODS

LABORATORIES = st.lists(
    st.tuples(st.floats(-5, 5).map(lambda v: round(v, 3)), st.floats(0.01, 3)),
    min_size=2, max_size=8,
)  # fmt: skip


def literal(x, u, tau2):
    """mu, u(mu) and the weighted sum of squares, in fractions."""
    w = [1 / (Fraction(each) ** 2 + Fraction(tau2)) for each in u]
    mu = sum(a * Fraction(b) for a, b in zip(w, x, strict=True)) / sum(w)
    q = sum(a * (Fraction(b) - mu) ** 2 for a, b in zip(w, x, strict=True))
    return mu, math.sqrt(1 / sum(w)), q


def likelihood(x, u, tau2):
    """Twice the restricted log likelihood, but for a constant."""
    _, u_mu, q = literal(x, u, tau2)
    return -sum(math.log(each**2 + tau2) for each in u) + 2 * math.log(u_mu) - float(q)


def columns(laboratories):
    x, u = zip(*laboratories, strict=True)
    return list(x), list(u)


@pytest.mark.parametrize("method", METHODS)
@given(LABORATORIES)
def test_value_and_uncertainty_follow_from_tau(method, laboratories):
    x, u = columns(laboratories)
    found = expert_consensus(x, u, method=method)
    mu, u_mu, _ = literal(x, u, found.tau**2)
    assert found.x_pt == pytest.approx(float(mu), rel=1e-9, abs=1e-9)
    assert found.u_char == pytest.approx(u_mu, rel=1e-9)
    assert found.q == pytest.approx(float(literal(x, u, 0)[2]), rel=1e-9, abs=1e-9)
    assert found.p == len(x)
    assert found.algorithm == f"{method}/1"


@given(LABORATORIES)
def test_the_weighted_mean_has_no_tau(laboratories):
    assert expert_consensus(*columns(laboratories), method="weighted_mean").tau == 0


@given(LABORATORIES)
def test_dersimonian_laird_is_the_moment_estimate(laboratories):
    x, u = columns(laboratories)
    w = [1 / Fraction(each) ** 2 for each in u]
    top = literal(x, u, 0)[2] - (len(x) - 1)
    want = max(0, float(top / (sum(w) - sum(each**2 for each in w) / sum(w))))
    assert expert_consensus(x, u, method="dersimonian_laird").tau ** 2 == pytest.approx(
        want, rel=1e-9, abs=1e-9
    )


@given(LABORATORIES)
def test_mandel_paule_brings_the_sum_to_its_expectation(laboratories):
    """... and is 0 only where the stated uncertainties explain the spread by themselves."""
    x, u = columns(laboratories)
    found = expert_consensus(x, u)
    if literal(x, u, 0)[2] <= len(x) - 1:
        assert found.tau < 1e-6
    else:
        assert float(literal(x, u, found.tau**2)[2]) == pytest.approx(len(x) - 1, rel=1e-9)


@given(LABORATORIES)
def test_reml_is_nowhere_less_likely(laboratories):
    x, u = columns(laboratories)
    found = expert_consensus(x, u, method="reml")
    here = likelihood(x, u, found.tau**2)
    elsewhere = [0.0, *np.geomspace(1e-6, 1e3, 60)]
    assert here >= max(likelihood(x, u, tau2) for tau2 in elsewhere) - 1e-9


@pytest.mark.parametrize("method", METHODS)
@given(LABORATORIES, st.integers(-30, 30), st.integers(-8, 8))
def test_unit_and_sign_do_not_matter(method, laboratories, unit, sign):
    x, u = (np.array(column) for column in columns(laboratories))
    scale = math.copysign(2.0**unit, sign or 1)
    found = expert_consensus(x, u, method=method)
    moved = expert_consensus(scale * x, abs(scale) * u, method=method)
    assert moved.x_pt == scale * found.x_pt
    assert (moved.u_char, moved.tau) == (abs(scale) * found.u_char, abs(scale) * found.tau)


@pytest.mark.parametrize("method", METHODS)
def test_an_offset_costs_only_the_digits_it_takes(method):
    x, u = np.array([0.25, 0.5, 1.0, 0.125]), np.array([0.1, 0.05, 0.2, 0.1])
    near, far = (expert_consensus(x + by, u, method=method) for by in (0.0, 2.0**20))
    assert far.tau == pytest.approx(near.tau, rel=1e-14)
    assert far.x_pt - 2.0**20 == pytest.approx(near.x_pt, abs=2.0**-32)


@pytest.mark.parametrize("method", METHODS)
def test_a_batch_is_its_samples(method):
    generator = np.random.default_rng(5)
    x = [generator.normal(0, 1, n) for n in (2, 3, 11, 2)]
    u = [generator.uniform(0.1, 1, part.size) for part in x]
    many = expert_consensus(Batch.of(x), Batch.of(u), method=method)
    for i, (a, b) in enumerate(zip(x, u, strict=True)):
        one = expert_consensus(a, b, method=method)
        fields = ("x_pt", "u_char", "tau", "q", "p_value", "p")
        assert [getattr(many, name)[i] for name in fields] == [
            getattr(one, name) for name in fields
        ]


@pytest.mark.parametrize("method", METHODS)
def test_equal_values_leave_the_stated_uncertainties(method):
    found = expert_consensus([10.1, 10.1], ["0.3", "0.4"], method=method)
    assert (found.x_pt, found.tau, found.q, found.p_value) == (10.1, 0.0, 0.0, 1.0)
    assert found.u_char == pytest.approx(0.24)


def test_two_equally_sure_laboratories_meet_in_the_middle():
    """By hand: tau^2 = (x2 - x1)^2 / 2 - u^2, u(mu) = |x2 - x1| / 2."""
    for method in ("dersimonian_laird", "mandel_paule", "reml"):
        found = expert_consensus([1.0, 3.0], [1.0, 1.0], method=method)
        assert (found.x_pt, found.u_char) == (2.0, 1.0)
        assert found.tau == pytest.approx(1.0)


@pytest.mark.parametrize(
    ("x", "u", "method", "words"),
    [
        ([1.0], [0.1], "reml", "at least 2"),
        ([1.0, 2.0], [0.1, 0.0], "reml", r"u\[1\] is 0.0"),
        ([1.0, 2.0], [0.1], "reml", "u has 1"),
        ([1.0, 2.0], [0.1, 0.1], "huber", "method is 'huber'"),
        (["1.0", "<2"], [0.1, 0.1], "reml", r"x\[1\] is '<2'"),
    ],
)
def test_bad_input_is_refused(x, u, method, words):
    with pytest.raises(InvalidInput, match=words):
        expert_consensus(x, u, method=method)
