"""Scores against their formulas, written out with fractions."""

from dataclasses import replace
from decimal import Decimal, localcontext
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from fairlot._base.errors import InvalidInput
from fairlot.proficiency import (
    Batch,
    ceiling,
    d,
    d_percent,
    e_n,
    e_z,
    pa,
    score_range,
    z,
    z_prime,
    zeta,
)

NUMBERS = st.decimals(min_value=-100, max_value=100, places=3)
ABOVE_0 = st.decimals(min_value=Decimal("0.001"), max_value=100, places=3)


def root(square):
    """The root of a fraction to 40 digits."""
    with localcontext() as context:
        context.prec = 40
        return (Decimal(square.numerator) / Decimal(square.denominator)).sqrt()


def literal(name, x, x_pt, a, b):
    """The score by its definition: a stands below the line first, b second."""
    x, x_pt, a, b = map(Fraction, (x, x_pt, a, b))
    one = {"d": (1, Fraction(1)), "d_percent": (100, x_pt), "pa": (100, a), "z": (1, a)}
    if name in one:
        factor, below = one[name]
        return factor * (x - x_pt) / below
    return Fraction(Decimal(1)) * (x - x_pt) / Fraction(root(a * a + b * b))


CALLS = {
    "d": lambda x, x_pt, a, b: d([x], x_pt),
    "d_percent": lambda x, x_pt, a, b: d_percent([x], x_pt),
    "pa": lambda x, x_pt, a, b: pa([x], x_pt, a),
    "z": lambda x, x_pt, a, b: z([x], x_pt, a),
    "z_prime": lambda x, x_pt, a, b: z_prime([x], x_pt, a, b),
    "zeta": lambda x, x_pt, a, b: zeta([x], x_pt, [a], b),
    "e_n": lambda x, x_pt, a, b: e_n([x], x_pt, [a], b),
}


@pytest.mark.parametrize("name", CALLS)
@given(NUMBERS, NUMBERS, ABOVE_0, ABOVE_0)
def test_a_score_is_its_definition(name, x, x_pt, a, b):
    assume(x_pt != 0 or name != "d_percent")
    score = CALLS[name](x, x_pt, a, b)
    want = literal(name, x, x_pt, a, b)
    assert score.value[0] == pytest.approx(float(want), rel=4e-16, abs=0)
    assert score.name == name
    assert score.algorithm == f"{name}/1"
    assert abs(Fraction(score.value[0]) - want) <= Fraction(score.error()[0])


@pytest.mark.parametrize("name", ["d", "d_percent", "pa", "z"])
@given(NUMBERS, NUMBERS, ABOVE_0)
def test_without_a_root_the_score_is_the_nearest_double(name, x, x_pt, a):
    assume(x_pt != 0 or name != "d_percent")
    score = CALLS[name](x, x_pt, a, None)
    assert score.value[0] == float(literal(name, x, x_pt, a, 1))
    assert score.square(0) == literal(name, x, x_pt, a, 1) ** 2


@given(
    st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=5),
    st.floats(-1e6, 1e6), st.floats(1e-6, 1e3), st.floats(1e-6, 1e3),
)  # fmt: skip
def test_the_error_bound_holds_for_doubles_of_any_length(x, x_pt, a, b):
    assume(all(value == 0 or abs(value) > 1e-90 for value in (*x, x_pt)))
    score = z_prime(x, x_pt, a, b)
    for i, value in enumerate(x):
        want = literal("z_prime", *(repr(each) for each in (value, x_pt, a, b)))
        assert abs(Fraction(score.value[i]) - want) <= Fraction(score.error()[i])


def test_the_difference_of_the_issue_is_two():
    assert (0.9 - 0.3) / 0.3 != 2
    assert z([0.9], 0.3, 0.3).value.tolist() == [2.0]


def test_z_prime_is_a_fixed_share_of_z():
    x = np.random.default_rng(3).normal(10, 1, 50)
    ratio = z_prime(x, 10, 0.4, 0.3).value / z(x, 10, 0.4).value
    np.testing.assert_allclose(ratio, 0.8, rtol=1e-15)
    np.testing.assert_array_equal(z_prime(x, 10, 0.4, 0).value, z(x, 10, 0.4).value)


def test_a_batch_scores_as_its_samples_do():
    samples = {"Pb": [1.1, 1.2, 0.9], "Cd": [3.0, 3.3]}
    batch = Batch.of(samples)
    u = Batch.of({"Pb": [0.1, 0.2, 0.1], "Cd": [0.3, 0.1]})
    x_pt, sigma = ["1.0", "3.1"], [0.1, 0.2]
    for k, (label, x) in enumerate(samples.items()):
        part = slice(*batch.starts[k : k + 2])
        own = {"x_pt": x_pt[k], "sigma_pt": sigma[k]}
        np.testing.assert_array_equal(z(batch, x_pt, sigma).value[part], z(x, **own).value)
        by_batch = zeta(batch, x_pt, u, [0.1, 0.3]).value[part]
        alone = zeta(x, x_pt[k], u.values[part], [0.1, 0.3][k]).value
        np.testing.assert_array_equal(by_batch, alone, err_msg=label)


@given(st.permutations(range(6)))
def test_the_order_of_rows_does_not_matter(order):
    x, u = np.array([1.1, 0.7, 1 / 3, 1.5, 2.0, 0.9]), np.array([0.1, 0.2, 0.3, 0.1, 0.2, 0.1])
    shuffled = zeta(x[order], 1.0, u[order], 0.1).value
    np.testing.assert_array_equal(shuffled, zeta(x, 1.0, u, 0.1).value[order])


@given(st.integers(-9, 9), st.integers(-1000, 1000))
def test_neither_unit_nor_origin_matter(power, origin):
    """Numbers as written: moved and scaled in decimals, the scores stay the same doubles."""

    def moved(value):
        return str((Decimal(value) + origin).scaleb(power))

    def scaled(value):
        return str(Decimal(value).scaleb(power))

    x = ["1.1", "0.7", "1.50"]
    want = z(x, "1.0", "0.15").value
    got = z([moved(value) for value in x], moved("1.0"), scaled("0.15")).value
    np.testing.assert_array_equal(got, want)


def test_e_z_is_two_scores():
    both = e_z(["10.4", "9.0"], 10, ["0.5", "0.25"], "0.2")
    assert both.minus.value.tolist() == [1.2, -3.2]
    assert both.plus.value.tolist() == [0.4, -4.8]
    assert both.minus.square(0) == Fraction(36, 25)


def test_a_range_runs_from_the_score_of_0_to_that_of_the_limit():
    span = score_range(z_prime, ["0.5", "0.2"], "1.0", "0.4", "0.3")
    np.testing.assert_array_equal(span.low.value, z_prime([0, 0], "1.0", "0.4", "0.3").value)
    np.testing.assert_array_equal(span.high.value, [-1.0, -1.6])
    batch = Batch.of({"Pb": [0.5], "Cd": [0.2, 0.4]})
    span = score_range(z, batch, ["1.0", "0.1"], "0.1")
    np.testing.assert_array_equal(span.low.value, [-10, -1, -1])
    np.testing.assert_array_equal(span.high.value, [-5, 1, 3])
    with pytest.raises(InvalidInput, match=r"x\[1\] is 0"):
        score_range(z, ["0.5", "0"], "1.0", "0.25")


def test_scores_of_mean_and_sd_reach_their_ceiling_and_no_more():
    for p in range(2, 30):
        x = np.zeros(p)
        x[0] = 1.0
        assert z(x, x.mean(), x.std(ddof=1)).value[0] == pytest.approx(ceiling(p), rel=1e-12)
    with pytest.raises(InvalidInput):
        ceiling(1)


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: z([1.0], 1.0, 0), r"sigma_pt\[0\] is 0.0; want a number above 0"),
        (lambda: z([1.0], 1.0, "-0.1"), "sigma_pt"),
        (lambda: z([1.0, float("nan")], 1.0, 0.1), r"x\[1\] is nan"),
        (lambda: z(["<0.01"], 1.0, 0.1), r"x\[0\] is '<0.01'"),
        (lambda: z([1.0], [1.0, 2.0], 0.1), "x_pt has 2 entries for 1 measurands"),
        (lambda: zeta([1.0, 2.0], 1.0, [0.1], 0.1), "u_x has 1 entries for 2 results"),
        (lambda: zeta([1.0], 1.0, [0.0], 0.1), r"u_x\[0\]"),
        (lambda: e_n([1.0], 1.0, [0.1], -0.1), "U_xpt"),
        (lambda: z_prime([1.0], 1.0, 0.1, "-0.1"), "u_xpt"),
        (lambda: pa([1.0], 1.0, 0), "delta_e"),
        (lambda: d_percent([1.0], 0), "x_pt"),
        (lambda: zeta(Batch.of([[1.0]]), 1.0, Batch.of([[1.0, 2.0]]), 0.1), "u_x"),
    ],
)
def test_bad_input_is_refused_by_its_name(call, words):
    with pytest.raises(InvalidInput, match=words) as refused:
        call()
    assert refused.value.text("zh") != refused.value.text("en")


def test_results_cannot_be_written_to():
    score = z([1.0], 1.0, 0.1)
    with pytest.raises(ValueError, match="read-only"):
        score.value[0] = 0
    with pytest.raises(AttributeError):
        score.value = 0
    assert replace(score, name="other").name == "other"
