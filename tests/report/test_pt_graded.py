"""A grade has the colour of its own scale, and no printed score contradicts its grade."""

import re

import pandas as pd
import pytest
from notice_page import Page
from pt_worlds import PA, ROUND, SCHEME, row, scored, uncertain

from fairlot.proficiency import Scheme, score_round
from fairlot.report import pt_letter, pt_report
from fairlot.report.pt_written import written

MAKERS = [pt_report, lambda one: pt_letter(one, "Q00")]


@pytest.mark.parametrize("make", MAKERS)
@pytest.mark.parametrize("found", [uncertain("14"), scored(PA, [row("Q00", "Pb", "S1", "14")])])
def test_the_worst_of_two_grades_has_the_colour_of_the_worst(make, found):
    assert [one.grade for one in found.results] == ["不满意"]
    toned = re.findall('class="grade (g.)">(?:<bdi>)?不满意', make(found))
    assert toned == ["g2"]


def fixed(digits=None):
    grades = '[grades]\nat_limit = ["better", "worse"]\n' + (
        f"digits = {digits}\n" if digits else ""
    )
    value = 'value = { method = "reference", x_pt = "10" }'
    head, rest = SCHEME.split("[[measurands]]", 1)
    scheme = (
        head + grades + "[[measurands]]" + rest.replace('value = { method = "algorithm_a" }', value)
    )
    return scheme.replace('sigma_pt = "0.4"', 'sigma_pt = "1"')


@pytest.mark.parametrize(
    ("x", "grade", "text"),
    [
        ("12", "满意", "2.00"),
        ("12.001", "可疑", "2.001"),
        ("12.004", "可疑", "2.004"),
        ("12.0000001", "可疑", "2.0000001"),
        ("11.999", "满意", "2.00"),
        ("12.999", "可疑", "2.999"),
        ("13", "不满意", "3.00"),
        ("7.004", "可疑", "-2.996"),
        ("7", "不满意", "-3.00"),
        ("10", "满意", "0.00"),
        ("9.999", "满意", "0.00"),
        ("900", "不满意", "890.00"),
    ],
)  # fmt: skip
def test_a_score_is_printed_with_the_decimals_that_its_grade_needs(x, grade, text):
    found = scored(fixed(), [row("Q00", "Pb", "S1", x)])
    (one,) = found.results
    assert (one.grade, written(one, found.levels[0])) == (grade, text)
    for make in MAKERS:
        assert text in Page(make(found)).words


def test_a_score_that_is_rounded_before_it_is_graded_is_printed_as_it_was_graded():
    found = scored(fixed(digits=2), [row("Q00", "Pb", "S1", "12.004")])
    (one,) = found.results
    assert (one.grade, written(one, found.levels[0])) == ("满意", "2.00")


def test_the_ends_of_a_range_do_not_contradict_its_grade_either():
    scheme = (
        fixed().replace('x_pt = "10"', 'x_pt = "4"').replace('sigma_pt = "1"', 'sigma_pt = "1.999"')
    )
    found = scored(scheme, [row("Q00", "Pb", "S1", "<0.001"), row("Q01", "Pb", "S1", "<9")])
    near, wide = found.results
    assert near.grade == "可疑"
    assert written(near, found.levels[0]) == "-2.001 … -2.001"
    assert wide.grade == ""
    assert written(wide, found.levels[0]) == "-2.00 … 2.50"


def test_the_cover_counts_first_tests_and_tells_retests_apart():
    page = pt_report(ROUND)
    first = [one for level in ROUND.levels for one in level.first]
    assert len(first) == len(ROUND.results) - 1
    told = re.findall("<dt>(?:<bdi>)?([^<]*)(?:</bdi>)?</dt><dd>([0-9]+)</dd>", page)
    figures = dict(reversed(told))
    assert figures["results"] == str(len(first))
    for label in ROUND.scheme.grades.labels:
        assert figures[label] == str(sum(one.grade == label for one in first))
    assert "of the retests: 满意 1, no grade 0" in Page(page).words


def test_problems_stand_in_the_letter_of_whom_they_concern_and_nowhere_else():
    table = pd.DataFrame({
        "lab": ["Q00", "Q01", "Q01", "Q02"], "name": ["甲", "乙公司", "丙集团", "丁"],
        "measurand": "Pb", "level": ["S1", "S1", "S2", "S1"],
        "value": ["10", "10,5", "9.5", "10100"], "unit": ["mg/kg", "mg/kg", "mg/kg", "μg/kg"],
    })  # fmt: skip
    found = score_round(table, Scheme.parse(SCHEME))
    codes = {one.code for one in found.problems}
    assert {"laboratory_named_twice", "result_decimal_comma", "unit_converted"} <= codes
    report = pt_report(found)
    assert not {name for name in ("乙公司", "丙集团", "甲", "丁") if name in report}
    letters = {lab: Page(pt_letter(found, lab)).words for lab in ("Q00", "Q01", "Q02")}
    assert "Pb S1 value: '10,5' has a comma for a decimal point; read as 10.5" in letters["Q01"]
    assert "Pb S1 unit: the unit μg/kg was turned into mg/kg" in letters["Q02"]
    assert "repaired" not in letters["Q00"]
    assert "10,5" not in letters["Q02"]
    assert "丙集团" not in letters["Q01"]  # another's name may have been written under this code
