"""Grades at the limits: by the numbers as written, whatever doubles say."""

from dataclasses import replace
from decimal import ROUND_HALF_EVEN, Decimal
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fairlot._base.errors import InvalidInput
from fairlot.proficiency import (
    E_N_GRADING,
    PA_GRADING,
    Z_GRADING,
    Batch,
    Grading,
    d,
    d_percent,
    e_n,
    e_z,
    grade,
    grade_e_z,
    grade_range,
    pa,
    score_range,
    z,
    z_prime,
    zeta,
)

CHINESE = Z_GRADING.labelled("满意", "可疑", "不满意")
TENTH = st.integers(-500, 500).map(lambda n: Decimal(n) / 10)
HUNDREDTH = st.integers(1, 100).map(lambda n: Decimal(n) / 100)


def literal(square, grading):
    """The code by its definition, from the square of the score as a fraction."""
    passed = 0
    for limit, side in zip(grading.limits, grading.at_limit, strict=True):
        edge = Fraction(limit) ** 2
        passed += square > edge or (square == edge and side == "worse")
    return passed


@pytest.mark.parametrize("score", ["2", "-2", 2, -2.0, Decimal("2.00"), Fraction(-2)])
def test_exactly_2_is_satisfactory(score):
    assert grade([score], CHINESE).labels == ["满意"]


@pytest.mark.parametrize("score", ["3", "-3", 3, -3.0, Decimal("3.00"), Fraction(3)])
def test_exactly_3_is_unsatisfactory(score):
    assert grade([score], CHINESE).labels == ["不满意"]


@pytest.mark.parametrize(
    ("just", "label"),
    [("2.00000000000000000000001", "可疑"), ("1.99999999999999999999999", "满意"),
     ("2.99999999999999999999999", "可疑"), ("-3.00000000000000000000001", "不满意"),
     (np.nextafter(2, 3), "可疑"), (np.nextafter(3, 2), "可疑"), (np.nextafter(2, 0), "满意")],
)  # fmt: skip
def test_a_hair_beside_a_limit_is_beside_it(just, label):
    assert grade([just], CHINESE).labels == [label]


@pytest.mark.parametrize("limit", [2, 3])
def test_results_at_a_limit_where_doubles_misgrade_many(limit):
    """x = x_pt + limit * sigma for every pair of decimals: all graded right, naively far from it."""
    pairs = [(Decimal(a) / 10, Decimal(b) / 100) for a in range(1, 60) for b in range(1, 60)]
    x, x_pt, sigma = (
        np.array([float(value) for value in column])
        for column in zip(*((a + limit * b, a, b) for a, b in pairs), strict=True)
    )
    batch = Batch.of(list(x[:, None]))
    assert set(grade(z(batch, x_pt, sigma)).code) == {0 if limit == 2 else 2}
    naive = np.abs((x - x_pt) / sigma)
    wrong = naive > 2 if limit == 2 else naive < 3
    assert 0.3 < wrong.mean() < 0.6


@given(TENTH, TENTH, HUNDREDTH, st.sampled_from(["better", "worse"]))
def test_z_is_graded_by_its_definition(x, x_pt, sigma, side):
    grading = Grading(("1", "2", "3"), ("a", "b", "c", "d"), (side,) * 3)
    square = ((Fraction(x) - Fraction(x_pt)) / Fraction(sigma)) ** 2
    for written in ((x, x_pt, sigma), map(str, (x, x_pt, sigma)), map(float, (x, x_pt, sigma))):
        a, b, c = written
        assert grade(z([a], b, c), grading).code[0] == literal(square, grading)


@pytest.mark.parametrize("side", ["better", "worse"])
@given(st.sampled_from([(3, 4, 5), (5, 12, 13), (8, 15, 17), (20, 21, 29)]),
       st.integers(-6, 6), st.integers(1, 99), TENTH)  # fmt: skip
def test_roots_that_come_out_even_lie_at_the_limit(side, sides, power, times, x_pt):
    """z', zeta and E_n of pythagorean triples are whole numbers: compared without a root."""
    a, b, c = ((Decimal(n) * times).scaleb(power) for n in sides)
    grading = Grading(("1", "2", "3"), ("0", "1", "2", "3"), (side,) * 3)
    for limit in (1, 2, 3):
        x = x_pt + limit * c
        want = limit - (side == "better")
        for score in (
            z_prime([x], x_pt, a, b), zeta([x], x_pt, [a], b), e_n([str(x)], x_pt, [b], str(a)),
            zeta([2 * x_pt - x], x_pt, [a], b),
        ):  # fmt: skip
            assert grade(score, grading).code.tolist() == [want]


@given(st.lists(st.floats(-10, 10).filter(lambda v: v == 0 or abs(v) > 1e-9), min_size=1),
       st.floats(0.001, 2), st.floats(0.001, 2))  # fmt: skip
def test_doubles_of_any_length_are_graded_by_their_shortest_text(x, a, b):
    found = grade(zeta(x, 0.1, [a] * len(x), b)).code
    below = Fraction(repr(a)) ** 2 + Fraction(repr(b)) ** 2
    want = [literal((Fraction(repr(v)) - Fraction(1, 10)) ** 2 / below, Z_GRADING) for v in x]
    assert found.tolist() == want


@given(st.permutations(range(7)))
def test_the_order_of_rows_does_not_matter(order):
    x = np.array([0.9, 1.2, 0.95, 0.3, -0.3, -0.6, 1 / 3])
    want = grade(z(x, 0.3, 0.3)).code[order]
    np.testing.assert_array_equal(grade(z(x[order], 0.3, 0.3)).code, want)


@given(st.integers(-20, 20))
def test_the_unit_does_not_matter(power):
    x, x_pt, sigma = ([str(Decimal(v).scaleb(power)) for v in column]
                      for column in (["0.9", "1.2", "0.95"], ["0.3"], ["0.3"]))  # fmt: skip
    assert grade(z(x, x_pt, sigma), CHINESE).labels == ["满意", "不满意", "可疑"]
    as_floats = z([float(v) for v in x], float(x_pt[0]), float(sigma[0]))
    assert grade(as_floats, CHINESE).labels == ["满意", "不满意", "可疑"]


def test_the_limit_of_e_n_and_of_what_is_permitted():
    at = e_n(["0.5"], 0, ["0.4"], "0.3")
    assert grade(at, E_N_GRADING).labels == ["satisfactory"]
    assert grade(at, replace(E_N_GRADING, at_limit=("worse",))).labels == ["unsatisfactory"]
    assert grade(pa(["0.3", "0.2999999"], 0, "0.3"), PA_GRADING).code.tolist() == [1, 0]
    two_percent = Grading(("2",), ("合格", "不合格"), ("better",))
    assert grade(d_percent(["5.1", "5.11", "4.9"], "5"), two_percent).code.tolist() == [0, 1, 0]
    assert grade(d_percent(["-5.1"], "-5"), two_percent).code.tolist() == [0]
    assert grade(d(["5.1"], "3.1"), two_percent).code.tolist() == [0]


@given(st.integers(0, 3), st.sampled_from(["better", "worse"]),
       st.integers(0, 40_000).map(lambda n: Decimal(n) / 10_000))  # fmt: skip
def test_a_rounded_score_is_graded_as_it_is_printed(digits, side, score):
    grading = Grading(("0.5", "2", "3"), ("a", "b", "c", "d"), (side,) * 3, digits)
    printed = score.quantize(Decimal(1).scaleb(-digits), ROUND_HALF_EVEN)
    want = literal(Fraction(printed) ** 2, grading)
    assert grade([score, -score], grading).code.tolist() == [want, want]


def test_rounding_moves_a_grade():
    assert grade(["2.004", "2.005", "2.006", "2.996"], CHINESE).labels == ["可疑"] * 4
    rounded = replace(CHINESE, digits=2)
    assert grade(["2.004", "2.005", "2.006", "2.996"], rounded).labels == [
        "满意", "满意", "可疑", "不满意",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("x", "want"),
    [("10.0", 0), ("10.3", 0), ("10.31", 1), ("9.7", 0), ("9.69", 1), ("10.7", 1), ("10.71", 2),
     ("9.3", 1), ("9.29", 2)],
)  # fmt: skip
def test_e_z_counts_the_ends_that_are_out_of_reach(x, want):
    both = e_z([x], 10, ["0.5"], "0.2")
    assert grade_e_z(both).code.tolist() == [want]
    assert grade_e_z(both, ("甲", "乙", "丙")).labels == ["甲乙丙"[want]]


def test_e_z_at_the_limit_goes_where_the_scheme_says():
    at = e_z(["10.3"], 10, ["0.5"], "0.2")
    assert grade_e_z(at, at_limit="worse").code.tolist() == [1]


@given(st.decimals(min_value="0.01", max_value=20, places=2), TENTH.map(abs), HUNDREDTH,
       st.lists(st.decimals(min_value=0, max_value=1, places=3), min_size=1, max_size=20))  # fmt: skip
def test_whatever_a_censored_result_was_its_grade_is_within_the_range(limit, x_pt, sigma, shares):
    span = grade_range(score_range(z, [limit], x_pt, sigma))
    codes = grade(z([limit * share for share in shares], x_pt, sigma)).code
    assert span.best.code[0] <= codes.min()
    assert codes.max() <= span.worst.code[0]


def test_a_range_across_the_assigned_value_may_be_the_best():
    span = grade_range(score_range(z, ["10", "1.5", "7"], "5", "1"), CHINESE)
    assert span.best.labels == ["满意", "不满意", "满意"]
    assert span.worst.labels == ["不满意"] * 3


def test_counts_name_every_grade():
    grades = grade(["0", "0.5", "4"], CHINESE)
    assert grades.counts == {"满意": 2, "可疑": 0, "不满意": 1}
    assert grades.algorithm == "grade/1"


@pytest.mark.parametrize(
    ("limits", "labels", "at_limit"),
    [
        (("3", "2"), ("a", "b", "c"), ("better", "worse")),
        (("0", "2"), ("a", "b", "c"), ("better", "worse")),
        (("2", "2"), ("a", "b", "c"), ("better", "worse")),
        (("two",), ("a", "b"), ("better",)),
        ((), ("a",), ()),
        (("2",), ("a", "b", "c"), ("better",)),
        (("2",), ("a", "a"), ("better",)),
        (("2",), ("a", "b"), ("better", "worse")),
        (("2",), ("a", "b"), ("above",)),
    ],
)
def test_a_scale_that_makes_no_sense_is_refused(limits, labels, at_limit):
    with pytest.raises(InvalidInput) as refused:
        Grading(limits, labels, at_limit)
    assert refused.value.text("zh") != refused.value.text("en")


def test_a_scale_is_a_value():
    again = Grading(["2.0", 3], ["满意", "可疑", "不满意"], ["better", "worse"])
    assert again == CHINESE
    assert hash(again) == hash(CHINESE)
    with pytest.raises(InvalidInput, match="digits"):
        replace(CHINESE, digits=-1)


@pytest.mark.parametrize("chunk", [1, 7, 1000])
def test_a_batch_is_graded_as_its_rows_are(chunk):
    generator = np.random.default_rng(11)
    x = np.round(generator.normal(10, 0.4, 1000), 1)
    batch = Batch.of([x[k : k + chunk] for k in range(0, x.size, chunk)])
    np.testing.assert_array_equal(grade(z(batch, 10, 0.3)).code, grade(z(x, 10, 0.3)).code)
