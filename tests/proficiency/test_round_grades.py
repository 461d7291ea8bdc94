"""Grades at a limit, decided in decimals through the whole path from file to verdict."""

import pytest
from round_worlds import FIXED, KNOWN, LEAD, frame, grades, scheme

from fairlot.proficiency import score_round

REFERENCE = 'value = {{ method = "reference", x_pt = "{0}", u = "{1}" }}\n'


def at_limit(better: str) -> str:
    return f'[grades]\nat_limit = ["{better}", "{better}"]\n'


@pytest.mark.parametrize(
    ("side", "at_two", "at_three"), [("better", "满意", "可疑"), ("worse", "可疑", "不满意")]
)
def test_exactly_two_and_three_go_where_the_scheme_says(side, at_two, at_three):
    # In floats (0.9 - 0.3) / 0.3 is above 2 and (1.2 - 0.3) / 0.3 below 3.
    terms = scheme(top=at_limit(side))
    assert grades(["0.9", "-0.3", "1.2", "-0.6"], terms) == [at_two, at_two, at_three, at_three]
    assert grades(["0.9000001", "1.2000001"], terms) == ["可疑", "不满意"]


def test_the_printed_digits_and_the_unit_make_no_difference():
    values, units = ["0.90", "900", "0.0009", "900000"], ["mg/kg", "μg/kg", "g/kg", "ng/kg"]
    assert set(grades(values, scheme(), unit=units)) == {"满意"}
    assert grades([0.9, 1.2, 1.1], scheme()) == ["满意", "不满意", "可疑"]


@pytest.mark.parametrize(
    ("score", "columns", "limit"),
    [
        ("z_prime", {}, ("1.3", "1.800")),  # sqrt(0.3^2 + 0.4^2) = 0.5
        ("zeta", {"u": ["0.3", "0.3"]}, ("1.3", "1.8")),
        ("zeta", {"U": ["0.6", "0.9"], "k": ["2", "3"]}, ("1.3", "1.8")),
    ],
)
def test_a_square_root_in_the_score_is_no_excuse(score, columns, limit):
    terms = LEAD + REFERENCE.format("0.3", "0.4") + FIXED + f'score = "{score}"\n'
    assert grades([*limit], scheme(terms), **columns) == ["满意", "不满意"]
    assert grades([*limit], scheme(terms, top=at_limit("worse")), **columns) == ["可疑", "不满意"]


def test_e_n_and_pa_at_one():
    e_n = LEAD + REFERENCE.format("0.3", "0.4") + 'score = "e_n"\n'
    values, spread = ["1.3", "1.31"], {"U": ["0.6", "0.6"], "k": "2"}
    assert grades(values, scheme(e_n), **spread) == ["满意", "不满意"]
    strict = '[grades_e_n]\nlimits = ["1"]\nlabels = ["满意", "不满意"]\nat_limit = ["worse"]\n'
    assert grades(values, scheme(e_n, top=strict), **spread) == ["不满意", "不满意"]
    pa = LEAD + KNOWN + 'score = "pa"\ndelta_e = "0.6"\n'
    assert grades(["0.9", "0.89", "-0.3"], scheme(pa)) == ["不满意", "满意", "不满意"]


def test_scores_and_values_are_rounded_before_grading_only_where_the_scheme_says():
    near = ["0.912"]  # z = 2.04
    assert grades(near, scheme()) == ["可疑"]
    assert grades(near, scheme(top="[grades]\ndigits = 1\n")) == ["满意"]
    value = 'value = { method = "reference", x_pt = "0.312" }\n'
    assert grades(["0.904"], scheme(LEAD + value + FIXED)) == ["满意"]
    assert grades(["0.904"], scheme(LEAD + value + FIXED + "round_x_pt = 1\n")) == ["可疑"]
    sigma = 'sigma = { method = "fixed", sigma_pt = "0.26" }\n'
    assert grades(["0.9"], scheme(LEAD + KNOWN + sigma)) == ["可疑"]
    assert grades(["0.9"], scheme(LEAD + KNOWN + sigma + "round_sigma_pt = 1\n")) == ["满意"]


def test_a_consensus_is_graded_as_the_decimal_it_is_printed_as():
    values = ["0.1"] * 4 + ["0.3"] * 4 + ["0.5"] * 4 + ["0.9", "-0.3"]
    median = LEAD + 'value = { method = "median" }\n' + FIXED + 'score = "z"\n'
    assert grades(values, scheme(median))[-2:] == ["满意", "满意"]
    mean = LEAD + 'value = { method = "mean" }\n' + FIXED + 'score = "z"\n'
    strict = scheme(mean, top='blunders = "kept"\n' + at_limit("worse"))
    assert grades(values, strict)[-2:] == ["可疑", "可疑"]


def test_the_range_below_a_limit_is_graded_where_it_leaves_no_doubt():
    terms = scheme(LEAD + 'value = { method = "reference", x_pt = "1" }\n' + FIXED)
    # z of 0 is -3.33; of 0.1 exactly -3, of 0.4 exactly -2.
    assert grades(["<0.05", "<0.1", "<0.4", "<2"], terms) == ["不满意", "不满意", "below", "below"]
    kept = scheme(LEAD + KNOWN + FIXED + 'below = "unscored"\n')
    assert grades(["<0.05", "0.3"], kept) == ["unscored", "满意"]


def test_any_labels_and_any_number_of_grades():
    top = (
        '[grades]\nlimits = ["1", "2", "3"]\nlabels = ["优", "良", "中", "差"]\n'
        'at_limit = ["better", "better", "worse"]\n'
        '[grades_e_n]\nlimits = ["1"]\nlabels = ["优", "差"]\nat_limit = ["better"]\n'
        '[verdict]\nfails = { "差" = 1, "中" = 2 }\n[followup]\ngrades = ["差"]\n'
    )
    found = score_round(frame(["0.6", "0.9", "1.1", "1.2"]), scheme(top=top))
    assert [one.grade for one in found.results] == ["优", "良", "中", "差"]
    assert [v.final for v in found.verdicts] == ["合格", "合格", "合格", "不合格"]
    assert [(o.lab, o.why) for o in found.orders] == [("L4", "差 1")]
