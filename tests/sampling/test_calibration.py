"""Calibration: totals are met, known special cases come out, and what cannot be is named."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fairlot._base.errors import Infeasible, InvalidInput, NotConverged
from fairlot.sampling import Sample
from fairlot.sampling.calibration import calibrate

WAYS = {"linear": None, "raking": None, "truncated": (0.4, 2.5), "logit": (0.4, 2.5)}


def a_problem(seed, n=30, p=3, low=0.6, high=2):
    """Weights, variables, and totals that some g between ``low`` and ``high`` gives."""
    rng = np.random.default_rng(seed)
    design = rng.lognormal(1, 1, n)
    x = np.column_stack([np.ones(n), rng.lognormal(0, 1, (n, p - 1))])
    return design, x, (design * rng.uniform(low, high, n)) @ x


@pytest.mark.parametrize("method", WAYS)
@given(seed=st.integers(0, 10**6), p=st.integers(1, 5))
def test_totals_are_met_within_the_bounds(method, seed, p):
    design, x, totals = a_problem(seed, p=p)
    found = calibrate(design, x, totals, method=method, bounds=WAYS[method])
    np.testing.assert_allclose(found.weights @ x, totals, rtol=1e-10)
    np.testing.assert_array_equal(found.weights, found.g * design)
    low, high = WAYS[method] or (-np.inf, np.inf)
    assert found.g.min() >= low
    assert found.g.max() <= high
    assert method != "raking" or found.g.min() > 0


@pytest.mark.parametrize("method", WAYS)
def test_totals_already_met_change_nothing(method):
    design, x, _ = a_problem(1)
    found = calibrate(design, x, design @ x, method=method, bounds=WAYS[method])
    np.testing.assert_array_equal(found.g, 1)


@pytest.mark.parametrize("method", WAYS)
def test_only_what_the_columns_span_matters(method):
    design, x, totals = a_problem(2)
    turn = np.array([[1, 2, 0], [0, 1, 5], [1, 0, 1000.0]])
    one = calibrate(design, x, totals, method=method, bounds=WAYS[method])
    other = calibrate(design, x @ turn, totals @ turn, method=method, bounds=WAYS[method])
    np.testing.assert_allclose(one.g, other.g, rtol=1e-9)


def test_linear_in_closed_form():
    """g = 1 + x (X' D X)^-1 (totals - X' d): Deville, Särndal (1992)."""
    design, x, totals = a_problem(3)
    turn = np.linalg.solve((x * design[:, None]).T @ x, totals - design @ x)
    np.testing.assert_allclose(calibrate(design, x, totals).g, 1 + x @ turn, rtol=1e-10)


def test_raking_of_two_margins_is_proportional_fitting():
    """Deming, Stephan (1940): rows and columns are scaled in turn until both margins hold."""
    table = np.array([[3.0, 1, 4], [1, 5, 9]])
    rows, columns = np.array([20.0, 30]), np.array([10.0, 15, 25])
    x = np.zeros((6, 5))
    x[np.arange(6), np.repeat([0, 1], 3)] = 1
    x[np.arange(6), 2 + np.tile([0, 1, 2], 2)] = 1
    found = calibrate(table.ravel(), x[:, :4], [*rows, *columns[:2]], method="raking")
    for _ in range(200):
        table *= (rows / table.sum(axis=1))[:, None]
        table *= columns / table.sum(axis=0)
    np.testing.assert_allclose(found.weights, table.ravel(), rtol=1e-9)


@pytest.mark.parametrize("method", ["truncated", "logit"])
def test_wide_bounds_are_as_good_as_none(method):
    """With bounds (0, high) far away the logit tends to raking, and nothing is truncated."""
    design, x, totals = a_problem(4)
    bounded = calibrate(design, x, totals, method=method, bounds=(0, 1e9))
    free = calibrate(design, x, totals, method="linear" if method == "truncated" else "raking")
    np.testing.assert_allclose(bounded.g, free.g, rtol=1e-6)


def test_truncated_is_the_nearest_within_the_bounds():
    """The least ``sum d (g - 1)^2`` among all g within the bounds that give the totals."""
    from scipy.optimize import minimize

    design, x, _ = a_problem(5, n=8, p=2)
    bounds = (0.7, 1.6)
    totals = (design * np.where(x[:, 1] > np.median(x[:, 1]), 1.5, 0.8)) @ x
    found = calibrate(design, x, totals, method="truncated", bounds=bounds)
    assert np.any(found.g == bounds[0]) or np.any(found.g == bounds[1])
    best = minimize(
        lambda g: design @ (g - 1) ** 2, np.ones(8), jac=lambda g: 2 * design * (g - 1),
        bounds=[bounds] * 8, method="SLSQP", options={"ftol": 1e-14, "maxiter": 500},
        constraints={"type": "eq", "fun": lambda g: (design * g) @ x - totals},
    )  # fmt: skip
    np.testing.assert_allclose(found.g, best.x, atol=1e-5)


def test_a_sample_brings_its_weights():
    sample = Sample(np.array([0, 3]), np.full(4, 0.5), "srs/1")
    found = calibrate(sample, [1, 1], [6])
    assert found.weights == pytest.approx([3, 3])
    assert found.design.tolist() == [2, 2]


def test_bounds_that_no_weights_meet():
    design, x = np.ones(3), pd.DataFrame({"one": [1, 1, 1], "size": [1, 2, 3]})
    with pytest.raises(Infeasible, match=r"no g from 0.5 to 2.0 .* 'size': want 40") as refusal:
        calibrate(design, x, [3, 40], method="truncated", bounds=(0.5, 2))
    assert len(refusal.value.because) == 2
    assert "放宽界限" in refusal.value.text("zh")


def test_raking_cannot_reach_a_total_of_another_sign():
    with pytest.raises(Infeasible, match="1: want -1, nearest"):
        calibrate(np.ones(2), [[1, 2], [1, 3]], [2, -1], method="raking")


def test_what_is_not_found_says_by_how_much(monkeypatch):
    monkeypatch.setattr("fairlot.sampling.calibration.STEPS", 1)
    design, x, totals = a_problem(6)
    with pytest.raises(NotConverged, match="after 1 steps the totals are missed by") as refusal:
        calibrate(design, x, totals, method="raking")
    assert set(refusal.value.residuals) == {0, 1, 2}


@pytest.mark.parametrize(
    ("x", "column"),
    [([[1, 2, 3]] * 2 + [[1, 3, 4]], "2"), ([[1, 0]] * 3, "1"), ([[0, 1], [0, 2], [0, 3]], "0"),
     ([[1, 2, 3, 4], [1, 3, 3, 1], [2, 5, 5, 3]], "3")],
)  # fmt: skip
def test_a_superfluous_column_is_named(x, column):
    with pytest.raises(InvalidInput, match=f"column {column} of x is 0 or a combination"):
        calibrate(np.ones(3), x, np.ones(len(x[0])))


def test_a_superfluous_column_of_a_frame_is_named():
    x = pd.DataFrame({"size": [1, 2, 3], "twice": [2, 4, 6]})
    with pytest.raises(InvalidInput, match="column 'twice' of x"):
        calibrate(np.ones(3), x, [1, 2])


@pytest.mark.parametrize(
    ("match", "change"),
    [
        (r"totals has 2 entries for 1 columns", {"totals": [1, 2]}),
        (r"x has 2 entries for 3 units", {"x": [1, 2]}),
        (r"x\[0\]\[1\] is nan", {"x": [1, np.nan, 2]}),
        (r"x has shape \(1, 1, 1\)", {"x": [[[1]]]}),
        (r"weights\[1\] is 0.0; want a positive number", {"sample": [1, 0, 1]}),
        (r"method is 'best' with bounds None", {"method": "best"}),
        (r"method is 'logit' with bounds None", {"method": "logit"}),
        (r"method is 'linear' with bounds \(0.5, 2\)", {"bounds": (0.5, 2)}),
        (r"bounds are \(1.5, 2.0\)", {"method": "truncated", "bounds": (1.5, 2)}),
        (r"bounds are \(-1.0, 2.0\)", {"method": "logit", "bounds": (-1, 2)}),
    ],
)
def test_bad_input_is_named(match, change):
    asked = {"sample": [1.0, 1, 1], "x": [1, 2, 3], "totals": [7]} | change
    with pytest.raises(InvalidInput, match=match) as refusal:
        calibrate(asked.pop("sample"), asked.pop("x"), asked.pop("totals"), **asked)
    assert refusal.value.text("zh") != refusal.value.text("en")


def test_totals_are_taken_by_name():
    x = pd.DataFrame({"one": [1, 1, 1], "size": [1, 2, 4]})
    want = calibrate(np.ones(3), x, [3.5, 9]).weights
    for totals in (
        pd.Series({"size": 9, "one": 3.5}),
        pd.Series({"one": 3.5, "size": 9}),
        pd.Series([3.5, 9]),
    ):
        np.testing.assert_array_equal(calibrate(np.ones(3), x, totals).weights, want)
    by_place = calibrate(np.ones(3), x.to_numpy(), pd.Series({"a": 3.5, "b": 9}))
    np.testing.assert_array_equal(by_place.weights, want)
    for names in (["one", "sizes"], ["one", "one"]):
        with pytest.raises(
            InvalidInput, match=r"totals are of .* x has the columns \['one', 'size'\]"
        ):
            calibrate(np.ones(3), x, pd.Series([3.5, 9], index=names))


def test_raking_is_not_told_to_widen_bounds():
    with pytest.raises(Infeasible, match="take method='linear', which has no bounds") as refusal:
        calibrate(np.ones(3), [[1, 1], [1, 2], [1, 3]], [3, 40], method="raking")
    assert "widen" not in str(refusal.value)
