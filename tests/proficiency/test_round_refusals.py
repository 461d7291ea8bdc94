"""Bad results: each is told with row, laboratory and column, and no row leaves a round unseen."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from round_worlds import FIXED, KNOWN, LEAD, TWELVE, frame, grades, scheme

from fairlot._base.errors import InvalidInput
from fairlot.proficiency import score_round
from fairlot.registers.measured import measured

HEADERS = ["实验室编号", "检测参数", "结果", "单位", "u", "U", "k", "测试阶段"]


def written(tmp_path, *rows):
    path = tmp_path / "r.csv"
    lines = [HEADERS, ["L1", "铅", "0.31", "mg/kg", "", "", "", "初测"], *rows]
    path.write_text("\n".join(",".join(f'"{cell}"' for cell in line) for line in lines) + "\n")
    return path


REFUSED = {
    "mixed": (["abc", "mg/kg", "", "", ""], "结果", "'abc' is no result; want 0.52, <0.01, 未检出 / ND"),
    "NaN": (["NaN", "mg/kg", "", "", ""], "结果", "'NaN' is no result; want 0.52, <0.01, 未检出 / ND"),
    "two meanings": (
        ["1,234", "mg/kg", "", "", ""], "结果",
        "'1,234' may be thousands or decimals; want 1.234 / 1234",
    ),
    "above": (
        [">9", "mg/kg", "", "", ""], "结果",
        "'>9' is an upper limit that cannot be scored; want 0.52, <0.01, 未检出 / ND",
    ),
    "no limit": (
        ["<0", "mg/kg", "", "", ""], "结果", "'<0' has a limit that is not above 0; want < 0.01",
    ),
    "unit": (
        ["0.3", "mg/L", "", "", ""], "单位",
        "the unit 'mg/L' differs by no known power of ten; want mg/kg",
    ),
    "two units": (
        ["0.3 ng/g", "mg/kg", "", "", ""], "单位",
        "the result carries the unit 'ng/g'; want 'mg/kg' as in the unit column",
    ),
    "U alone": (
        ["0.3", "mg/kg", "", "0.02", ""], "U",
        "the expanded uncertainty 0.02 has no coverage factor k; want k, such as 2",
    ),
    "u below 0": (
        ["0.3", "mg/kg", "-0.1", "", ""], "u", "the uncertainty is -0.1; want a number above 0",
    ),
    "k": (["0.3", "mg/kg", "0.01", "0.02", "0"], "k", "the coverage factor is 0; want 2"),
    "u and U": (
        ["0.3", "mg/kg", "0.05", "0.02", "2"], "U",
        "u, U and k do not agree: u = 0.05, U = 0.02, k = 2; want U = k u",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", REFUSED)
def test_the_message_has_row_laboratory_and_column(tmp_path, name):
    cells, header, sentence = REFUSED[name]
    path = written(tmp_path, ["L2", "铅", *cells, "初测"])
    with pytest.raises(InvalidInput) as refused:
        score_round(path, scheme())
    assert str(refused.value) == f"errors: 1\nr.csv row 3, L2, {header}: {sentence}"
    assert f"r.csv 第3行，L2，{header}：" in refused.value.text("zh")


def test_a_stage_and_a_measurand_that_are_none(tmp_path):
    rows = ["L2", "铅", "0.3", "", "", "", "", "三测"], ["L3", "铜", "0.3", "", "", "", "", ""]
    with pytest.raises(InvalidInput) as refused:
        score_round(written(tmp_path, *rows[:1]), scheme())
    assert "row 3, L2, 测试阶段: '三测' is no stage of the round" in str(refused.value)
    with pytest.raises(InvalidInput) as refused:
        score_round(written(tmp_path, *rows[1:]), scheme())
    assert "row 3, L3, measurand: the scheme has no measurand '铜'; want one of 铅" in str(
        refused.value
    )


def test_a_level_that_the_scheme_has_not_names_those_it_has():
    terms = scheme(*(LEAD + f'level = "S{i}"\n' + KNOWN + FIXED for i in (1, 2)))
    with pytest.raises(InvalidInput, match="measurand '铅 S3'; want one of 铅 S1, 铅 S2"):
        score_round(frame(["0.3"], level="S3"), terms)


def test_a_duplicate_names_both_rows(tmp_path):
    with pytest.raises(InvalidInput, match=r"row 3, L1, 结果: .* in rows 2, 3; want it once"):
        score_round(written(tmp_path, ["L1", "铅", "0.3", "mg/kg", "", "", "", "初测"]), scheme())


def test_units_are_mixed_and_the_scheme_has_none():
    terms = scheme(LEAD.replace("mg/kg", "") + KNOWN + FIXED)
    units = ["mg/kg", "mg/kg", "μg/kg"]
    with pytest.raises(InvalidInput, match="row 3, L3, unit: the scheme has no unit for it, and"):
        score_round(frame(["0.3", "0.3", "300"], unit=units), terms)
    same = ["mg/kg", "mg / kg", ""]
    assert grades(["0.3", "0.3", "0.3"], terms, unit=same) == ["满意"] * 3
    # What is no unit with a power of ten stands for itself.
    assert grades(["0.3", "0.3"], terms, unit=["pH", "无量纲"]) == ["满意"] * 2


@pytest.mark.parametrize(
    ("text", "read", "code"),
    [
        ("0,3", "满意", "result_decimal_comma"),
        ("０.３", "满意", "result_form"),
        ("300 μg/kg", "满意", "unit_converted"),
        ("3×10⁻¹", "满意", "result_form"),
    ],
)
def test_what_can_be_meant_is_read_and_told(text, read, code):
    found = score_round(frame([text]), scheme())
    (problem,) = [one for one in found.problems if one.code == code]
    assert [one.grade for one in found.results] == [read]
    assert (problem.row, problem.id, problem.severity) == (1, "L1", "repair")


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("ND", "not detected"),
        ("未检出", "not detected"),
        ("缺席", "absent"),
        ("", "absent"),
        (float("nan"), "absent"),
        ("<2", "below"),
    ],
)
def test_who_has_no_number_stays_with_a_reason(text, reason):
    assert grades(["0.3", text], scheme()) == ["满意", reason]


def test_fewer_figures_than_asked_for_are_noticed_and_scored_as_reported():
    terms = scheme(LEAD + KNOWN + FIXED + "decimals = 2\n")
    found = score_round(
        frame(["0.30", "0.9", "900", "ND"], unit=["mg/kg", "mg/kg", "μg/kg", ""]), terms
    )
    told = [(one.row, one.id, one.got) for one in found.problems if one.code == "result_rounded"]
    # 900 μg/kg have three decimals in mg/kg.
    assert told == [(2, "L2", "0.9")]
    assert [one.grade for one in found.results] == ["满意"] * 3 + [""]


def test_what_is_written_behind_a_number_is_told_where_the_scheme_has_no_unit():
    found = score_round(frame(["0.3 见备注"]), scheme(LEAD.replace("mg/kg", "") + KNOWN + FIXED))
    told = [p.text() for p in found.problems if p.code == "result_form"]
    assert told == ["row 1, L1, value: '0.3 见备注' is read as 0.3"]


def test_a_laboratory_of_two_names_is_noticed():
    table = pd.DataFrame(
        {"lab": ["L1", "L1", "L2"], "name": ["甲", "乙", "丙"], "level": ["1", "2", "1"],
         "measurand": "铅", "value": "0.3"}
    )  # fmt: skip
    found = score_round(table, scheme())
    told = [(p.row, p.got) for p in found.problems if p.code == "laboratory_named_twice"]
    assert told == [(2, "甲, 乙")]


def test_results_without_rows_are_refused():
    with pytest.raises(InvalidInput, match="there are no results; want a row for each"):
        score_round(frame([]), scheme())


def test_what_nobody_reported_is_noticed():
    copper = 'name = "铜"\nlevel = "S1"\n' + KNOWN + FIXED
    found = score_round(frame(["0.3"]), scheme(LEAD + KNOWN + FIXED, copper))
    told = [p.text() for p in found.problems if p.code == "measurand_without_results"]
    assert told == ["table: nobody reported '铜 S1' of the scheme"]


def test_brackets_of_any_width_are_one_name():
    terms = scheme('name = "铬（六价）"\n' + KNOWN + FIXED)
    table = frame(["0.3", "0.3"]).assign(measurand=["铬（六价）", "铬(六价)"])
    assert [one.grade for one in score_round(table, terms).results] == ["满意"] * 2


# The statistics have nothing to stand on.

NO_CONSENSUS = {
    "too few": (TWELVE[:11], "algorithm_a", "too_few"),
    "absent do not count": ([*TWELVE[:11], "缺席", "ND", "<0.2"], "algorithm_a", "too_few"),
    "below a limit": (["<0.3"] * 9 + ["0.30"] * 3, "likelihood", "too_few"),
}


@pytest.mark.parametrize("name", NO_CONSENSUS)
def test_without_a_consensus_nobody_is_scored_and_the_level_says_why(name):
    values, method, code = NO_CONSENSUS[name]
    terms = scheme(LEAD + f'value = {{ method = "{method}" }}\n' + FIXED)
    found = score_round(frame(values), terms)
    assert code in [choice.code for choice in found.choices]
    assert {one.grade for one in found.results} == {""}
    assert {one.reason for one in found.results} <= {"no value", "absent"}
    assert {v.final for v in found.verdicts} <= {"未评", "缺席"}


FLAT = {
    "all equal": (["0.30"] * 12, "algorithm_a"),
    "MAD of 0": (["0.30"] * 7 + TWELVE[3:8], "median"),
    "all equal, Q": (["0.30"] * 12, "hampel"),
    "all equal, mean": (["0.30"] * 12, "mean"),
}


@pytest.mark.parametrize("name", FLAT)
def test_equal_results_are_held_to_a_sigma_pt_but_give_none(name):
    values, method = FLAT[name]
    value = f'value = {{ method = "{method}" }}\n'
    held = score_round(frame(values), scheme(LEAD + value + FIXED))
    assert [c.code for c in held.choices] == ["flat"]
    assert {one.grade for one in held.results if one.result.text == "0.30"} == {"满意"}
    own = 'sigma = { method = "round", lower = "0.01", upper = "1" }\n'
    for terms in (LEAD + value + own, LEAD + value + FIXED + 'score = "z_prime"\n'):
        none = score_round(frame(values), scheme(terms))
        assert "no_scale" in [c.code for c in none.choices]
        assert {one.reason for one in none.results} == {"no value"}


@pytest.mark.parametrize(
    ("sigma", "x_pt"),
    [
        ('{ method = "percent", percent = "10" }', "0"),
        ('{ method = "earlier", intercept = "0.1", slope = "-0.5" }', "0.2"),
        ('{ method = "horwitz", per_unit = "0.000001" }', "-0.3"),
    ],
)
def test_a_sigma_pt_that_is_not_above_0_scores_nobody(sigma, x_pt):
    value = f'value = {{ method = "reference", x_pt = "{x_pt}" }}\n'
    found = score_round(frame(["0.3"]), scheme(f"{LEAD}{value}sigma = {sigma}\n"))
    assert [c.code for c in found.choices] in (["sigma"], ["horwitz"])
    assert [one.reason for one in found.results] == ["no value"]


def test_a_sigma_pt_that_rounds_to_0_scores_nobody():
    sigma = 'sigma = { method = "fixed", sigma_pt = "0.004" }\nround_sigma_pt = 2\n'
    found = score_round(frame(["0.3"]), scheme(LEAD + KNOWN + sigma))
    assert [c.code for c in found.choices] == ["sigma"]


def test_a_ten_fold_blunder_leaves_the_statistics_and_stays_scored():
    consensus = LEAD + 'value = { method = "mean" }\n' + FIXED.replace('"0.3"', '"0.03"')
    found = score_round(frame([*TWELVE, "3.1"]), scheme(consensus))
    (level,) = found.levels
    assert [blunder.laboratory for blunder in level.set_aside] == ["L13"]
    assert float(level.ruler.value.x_pt) == pytest.approx(np.mean([float(x) for x in TWELVE]))
    assert found.results[-1].grade == "不满意"
    assert "3.1 is z =" in found.choices[0].text()
    assert "L13" in found.choices[0].text()
    kept = score_round(frame([*TWELVE, "3.1"]), scheme(consensus, top='blunders = "kept"\n'))
    assert kept.levels[0].set_aside == ()
    assert kept.levels[0].ruler.value.x_pt > 0.5


# Nobody leaves in silence.

CELLS = st.sampled_from(
    ["0.3", "0.31", "0.9", "0,3", "３", "<0.01", "ND", "未检出(<0.1)", "缺席", "", "/", "abc", "1,234",
     ">9", "<0", "300 μg/kg", "0.3 mg/L", "NaN", "2.9e2", "-1", "1e9"]
)  # fmt: skip


@given(
    st.lists(st.tuples(st.integers(1, 9), CELLS), min_size=1, max_size=12, unique_by=lambda r: r[0])
)
def test_every_row_is_graded_or_has_a_reason_or_is_refused(rows):
    table = pd.DataFrame(
        [(f"L{lab}", "铅", text) for lab, text in rows], columns=["lab", "measurand", "value"]
    )
    wrong = [
        i for i, (_, text) in enumerate(rows, start=1)
        if not measured(text).form or "mg/L" in text
    ]  # fmt: skip
    try:
        found = score_round(table, scheme())
    except InvalidInput as refused:
        told = [p.row for p in refused.facts["problems"] if p.severity == "error"]
        assert told == wrong
    else:
        assert wrong == []
        assert [(one.result.lab, one.result.row) for one in found.results] == [
            (f"L{lab}", i) for i, (lab, _) in enumerate(rows, start=1)
        ]
        assert all(bool(one.grade) != bool(one.reason) for one in found.results)
        assert {verdict.lab for verdict in found.verdicts} == {f"L{lab}" for lab, _ in rows}
