import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import minimize
from scipy.special import log_ndtr
from scipy.stats import norm

from fairlot._base.errors import InvalidInput
from fairlot.proficiency import Batch, censored_normal
from fairlot.proficiency.likelihood_below import _log_phi_and_ratio

X = [10.17, 9.45, 14.79, 12.89, 14.52, 8.67, 11.17, 12.76, 8.0, 8.0, 8.0, 8.99]
BELOW = [0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 0]

results = st.tuples(st.integers(0, 40).map(lambda k: k / 4), st.booleans())
tables = st.lists(results, min_size=1, max_size=20)


def loglik(x, below, mu, sigma):
    """As the formula has it."""
    terms = [
        norm.logcdf(value, mu, sigma) if hidden else norm.logpdf(value, mu, sigma)
        for value, hidden in zip(x, below, strict=True)
    ]
    return math.fsum(terms)


@given(tables)
def test_nothing_near_is_likelier(table):
    x, below = zip(*table, strict=True)
    found = censored_normal(x, below)
    if found.no_scale:
        return
    assert found.converged
    assert found.loglik == pytest.approx(loglik(x, below, found.mu, found.sigma), abs=1e-9)
    for step in (1e-3, -1e-3, 1.0, -1.0):
        away = found.mu + step * found.sigma, found.sigma
        wider = found.mu, found.sigma * math.exp(step)
        assert max(loglik(x, below, *away), loglik(x, below, *wider)) < found.loglik


@given(tables)
def test_no_scale_is_where_narrower_is_ever_likelier(table):
    x, below = zip(*table, strict=True)
    found = censored_normal(x, below)
    seen = {value for value, hidden in table if not hidden}
    limits = [value for value, hidden in table if hidden]
    one = len(seen) == 1 and all(limit >= min(seen) for limit in limits)
    assert found.no_scale == (not seen or one)
    if found.no_scale:
        assert found.sigma == 0.0
        assert found.mu == min(seen) if seen else math.isnan(found.mu)


def test_it_agrees_with_a_general_maximiser():
    found = censored_normal(X, BELOW)
    best = minimize(
        lambda at: -loglik(X, BELOW, at[0], math.exp(at[1])), [10.0, 1.0], method="Nelder-Mead",
        options={"xatol": 1e-10, "fatol": 1e-14},
    )  # fmt: skip
    assert found.mu == pytest.approx(best.x[0], rel=1e-7)
    assert found.sigma == pytest.approx(math.exp(best.x[1]), rel=1e-7)


def test_standard_errors_are_those_of_the_curvature():
    found, h = censored_normal(X, BELOW), 1e-4

    def at(i, j):
        return loglik(X, BELOW, found.mu + i * h, found.sigma + j * h)

    mixed = (at(1, 1) - at(1, -1) - at(-1, 1) + at(-1, -1)) / 4
    curved = np.array([[at(1, 0) + at(-1, 0), 0], [0, at(0, 1) + at(0, -1)]])
    curved[0, 0] -= 2 * at(0, 0)
    curved[1, 1] -= 2 * at(0, 0)
    curved[0, 1] = curved[1, 0] = mixed
    covariance = np.linalg.inv(-curved / h**2)
    assert found.se_mu == pytest.approx(math.sqrt(covariance[0, 0]), rel=1e-4)
    assert found.se_sigma == pytest.approx(math.sqrt(covariance[1, 1]), rel=1e-4)


def test_nothing_below_gives_the_mean_and_the_sd_with_p():
    seen = X[:8]
    found = censored_normal(seen, [False] * 8)
    assert found.mu == pytest.approx(np.mean(seen), rel=1e-14)
    assert found.sigma == pytest.approx(np.std(seen), rel=1e-13)
    assert found.se_mu == pytest.approx(found.sigma / math.sqrt(8), rel=1e-13)


@given(tables, st.floats(0.001, 1000), st.floats(-1e4, 1e4))
def test_unit_and_origin_move_it_along(table, unit, origin):
    x, below = map(np.array, zip(*table, strict=True))
    found, moved = censored_normal(x, below), censored_normal(x * unit + origin, below)
    if found.no_scale or moved.no_scale:
        return
    assert moved.mu == pytest.approx(
        found.mu * unit + origin, rel=1e-6, abs=1e-6 * found.sigma * unit
    )
    assert moved.sigma == pytest.approx(found.sigma * unit, rel=1e-6)


def test_the_order_of_rows_changes_no_digit():
    order = np.random.default_rng(3).permutation(12)
    moved = censored_normal(np.array(X)[order], np.array(BELOW)[order])
    assert vars(moved) == vars(censored_normal(X, BELOW))


def test_a_batch_gives_to_every_measurand_what_it_has_alone():
    parts = [(X, BELOW), ([5.0, 5.0, 6.0], [0, 0, 1]), ([1.0, 2.0], [1, 0]), (X[:5], BELOW[:5])]
    found = censored_normal(Batch.of([x for x, _ in parts]), Batch.of([b for _, b in parts]))
    for i, (x, below) in enumerate(parts):
        alone = censored_normal(x, below)
        for name, value in vars(alone).items():
            if name != "algorithm":
                np.testing.assert_array_equal(getattr(found, name)[i], value, err_msg=name)


@pytest.mark.parametrize("z", [5.0, 0.0, -3.0, -12.0, -29.9, -30.1, -60.0, -1000.0])
def test_the_tail_loses_no_digit(z):
    value, ratio = _log_phi_and_ratio(z)
    assert value == pytest.approx(float(log_ndtr(z)), rel=1e-12, abs=1e-15)
    want = math.exp(-0.5 * z * z - 0.5 * math.log(2 * math.pi) - float(log_ndtr(z)))
    assert ratio == pytest.approx(want, rel=1e-9)


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (
            lambda: censored_normal(X, BELOW[:-1]),
            r"below has sizes \[11\]; want those of x, \[12\]",
        ),
        (lambda: censored_normal([1.0, 2.0], [0, 2]), r"below\[1\] is 2.0; want true or false"),
        (lambda: censored_normal([1.0, math.nan], [0, 1]), r"x\[1\] is nan; want a finite number"),
    ],
)
def test_refusals_name_what_they_got(call, said):
    with pytest.raises(InvalidInput, match=said):
        call()
