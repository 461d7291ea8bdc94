"""The results of a round: every row stays, every repair is told, every error has its row."""

import pandas as pd
import pytest

from fairlot._base.errors import InvalidInput
from fairlot.registers.results import inspect_results, read_results

UNITS = {("铅", ""): "mg/kg", ("镉", "低"): "μg/kg"}


def table(rows, *columns):
    return pd.DataFrame(rows, columns=["实验室编号", "检测参数", "结果", *columns])


def codes(source, units=UNITS):
    found = inspect_results(source, units).problems
    return [problem.code for problem in found if problem.code != "column_default"]


def test_values_and_uncertainties_are_turned_into_the_unit_of_the_scheme():
    source = table([["L1", "铅", "520", "ug/kg", "20", "2"]], "单位", "U", "k")
    row = read_results(source, UNITS).frame.iloc[0]
    assert (row["value"], row["unit"], row["U"], row["u"]) == ("0.520", "mg/kg", "0.020", "0.010")
    assert codes(source) == ["unit_converted"]


def test_a_small_u_is_a_standard_uncertainty_and_a_capital_one_expanded():
    source = table([["L1", "铅", "0.52", "0.01", "0.02", "2"]], "u", "U", "k")
    row = read_results(source, UNITS).frame.iloc[0]
    assert (row["u"], row["U"]) == ("0.01", "0.02")


def test_units_hold_for_a_level_or_for_all():
    source = table(
        [["L1", "镉", "1", "ng/g", "低"], ["L1", "镉", "1", "mg/kg", "高"]], "单位", "样品"
    )
    frame = read_results(source, UNITS).frame
    assert frame["unit"].tolist() == ["μg/kg", "mg/kg"]


@pytest.mark.parametrize(
    ("cells", "columns", "code"),
    [
        (["0.52 mg/kg", "μg/kg"], ["单位"], "unit_twice"),
        (["0.52", "mg/L"], ["单位"], "unit_unknown"),
        (["0.52", "0.02"], ["U"], "expanded_without_k"),
        (["0.52", "-0.02"], ["u"], "uncertainty"),
        (["0.52", "0"], ["u"], "uncertainty"),
        (["0.52", "0.02", "0.1", "2"], ["u", "U", "k"], "uncertainty_twice"),
        (["0.52", "0.02", "两倍"], ["U", "k"], "coverage_factor"),
        (["0.52", "三测"], ["测试阶段"], "attempt"),
        (["1,234"], [], "result_comma"),
        (["abc"], [], "result"),
    ],
)
def test_what_cannot_be_meant_is_refused_with_its_row(cells, columns, code):
    source = table([["L0", "铅", "0.5", *cells[1:]], ["L1", "铅", *cells]], *columns)
    source.loc[0, columns] = "mg/kg" if columns == ["单位"] else ""
    with pytest.raises(InvalidInput) as refused:
        read_results(source, UNITS)
    first = next(p for p in refused.value.facts["problems"] if p.severity == "error")
    assert (first.code, first.row, first.id) == (code, 2, "L1")


def test_a_result_reported_twice_names_both_rows():
    source = table([["L1", "铅", "0.5"], ["L2", "铅", "0.5"], ["L1", "铅", "0.6"]])
    found = [p for p in inspect_results(source, UNITS).problems if p.code == "result_repeated"]
    assert [(p.row, p.got) for p in found] == [(3, "1, 3")]


def test_replicates_and_retests_are_no_repetition():
    rows = [
        ["L1", "铅", "0.5", "1", "初测"],
        ["L1", "铅", "0.6", "2", "初测"],
        ["L1", "铅", "0.6", "1", "复测"],
    ]
    frame = read_results(table(rows, "平行样", "测试阶段"), UNITS).frame
    assert frame["attempt"].tolist() == ["初测", "初测", "补测"]


def test_no_row_leaves_the_round():
    source = table(
        [["L1", "铅", "0.5"], ["L2", "铅", "ND"], ["L3", "铅", "<0.01"], ["L4", "铅", ""]]
    )
    frame = read_results(source, UNITS).frame
    assert frame["form"].tolist() == ["number", "not detected", "below", "absent"]


# Units.


@pytest.mark.parametrize(
    ("u", "expanded", "k", "wanted"),
    [
        ("", "500 μg/kg", "2", ("0.250", "0.500", "2")),
        ("0.2 g/kg", "", "", ("200", "", "")),
        ("", "0.5 mg/kg", "k=2", ("0.25", "0.5", "2")),
        ("", "0.5 (k=2)", "", ("0.25", "0.5", "2")),
        ("", "0.5（k＝2）", "2.0", ("0.25", "0.5", "2.0")),
        ("", "500 ug/kg, k = 2", "", ("0.250", "0.500", "2")),
        ("0,25", "", "", ("0.25", "", "")),
        ("/", "", "k=2", ("", "", "2")),
    ],
)
def test_an_uncertainty_is_in_the_unit_of_its_result(u, expanded, k, wanted):
    source = table([["L1", "铅", "10.5", "mg/kg", u, expanded, k]], "单位", "u", "U", "k")
    row = read_results(source, UNITS).frame.iloc[0]
    assert (row["u"], row["U"], row["k"]) == wanted


def test_a_bare_uncertainty_is_in_the_unit_that_the_result_was_reported_in():
    cells = [["L1", "铅", "500 μg/kg", "20", "2"], ["L2", "铅", "500 μg/kg", "0.02 mg/kg", "2"]]
    frame = read_results(table(cells, "U", "k"), UNITS).frame
    assert frame["U"].tolist() == ["0.020", "0.02"]
    alone = table([["L1", "砷", "0.5 mg/kg", "20 μg/kg"]], "u")
    assert read_results(alone, UNITS).frame["u"].tolist() == ["0.020"]
    bare = read_results(table([["L1", "砷", "0.5", "0.02 mg/kg"]], "u"), UNITS)
    assert bare.frame["u"].tolist() == ["0.02"]
    told = [(p.column, p.got, p.want) for p in bare.problems if p.code == "result_form"]
    assert told == [("u", "0.02 mg/kg", "0.02")]


@pytest.mark.parametrize(
    ("expanded", "k", "code", "column"),
    [
        ("5%", "2", "uncertainty_relative", "U"),
        ("5 %（相对）", "2", "uncertainty_relative", "U"),
        ("0.5 mg/L", "2", "unit_unknown", "U"),
        ("0.5", "2 mg/kg", "coverage_factor", "k"),
        ("0.5", "95%", "coverage_factor", "k"),
        ("0.5 (k=3)", "2", "uncertainty_twice", "U"),
        ("0.5 (k=x)", "", "coverage_factor", "k"),
        ("<0.5", "2", "uncertainty", "U"),
        ("1,234", "2", "uncertainty", "U"),
    ],
)
def test_an_uncertainty_that_may_mean_something_else_is_refused(expanded, k, code, column):
    source = table([["L1", "铅", "10.5", "mg/kg", expanded, k]], "单位", "U", "k")
    found = inspect_results(source, UNITS).problems
    assert (code, column) in [(p.code, p.column) for p in found if p.severity == "error"]


def test_a_share_is_an_amount_where_the_unit_is_a_share():
    source = table([["L1", "灰分", "10.5", "%", "0.3%", "2"]], "单位", "U", "k")
    found = read_results(source, {("灰分", ""): "%"})
    assert found.frame.loc[0, "u"] == "0.15"


def test_a_value_without_a_unit_beside_others_that_have_one_is_refused():
    source = table([["L1", "铅", "10", "mg/kg"], ["L2", "铅", "10000", ""]], "单位")
    (error,) = [p for p in inspect_results(source, UNITS).problems if p.severity == "error"]
    assert error.text() == ("row 2, L2, 结果: the result has no unit, and others have; want mg/kg")
    absent = table([["L1", "铅", "10", "mg/kg"], ["L2", "铅", "缺席", ""]], "单位")
    assert "unit_blank" not in codes(absent)
    inside = table([["L1", "铅", "10", "mg/kg"], ["L2", "铅", "10 mg/kg", ""]], "单位")
    assert "unit_blank" not in codes(inside)


def test_results_without_any_unit_are_told_once_with_their_number():
    source = table(
        [["L1", "铅", "10"], ["L2", "铅", "ND"], ["L3", "铅", "9 mg/kg"], ["L3", "镉", "1"]]
    )
    units = {("铅", ""): "mg/kg", ("镉", ""): "", ("pH", ""): "无量纲"}
    (told,) = [p for p in inspect_results(source, units).problems if p.code == "units_unstated"]
    assert (told.severity, told.row, told.got, told.want) == ("warning", 0, "1", "mg/kg")
    acid = table([["L1", "pH", "7.1", ""], ["L1", "铅", "7.1", "mg/kg"]], "单位")
    assert codes(acid, units) == []


# Columns, sheets and names.


@pytest.mark.parametrize("header", ["所得", "S1 结果", "备注"])
def test_a_table_without_results_is_refused_and_names_what_was_not_read(header):
    source = table([["L1", "铅", "10"]]).rename(columns={"结果": header})
    with pytest.raises(
        InvalidInput, match=f"no column holds the results; unread are {header}; want"
    ):
        read_results(source, UNITS)


def test_a_header_unknown_is_no_matter_of_a_register():
    source = table([["L1", "铅", "10", "x"]], "备注")
    (told,) = [p for p in inspect_results(source, UNITS).problems if p.code == "header_unknown"]
    assert told.text() == "table: no column known here is called '备注'; left out"
    assert "名录" not in told.text("zh")


@pytest.mark.parametrize("lab", ["沪01", "实验室 A", "A&B", "№7"])
def test_a_laboratory_may_have_any_code_that_can_be_printed(lab):
    assert read_results(table([[lab, "铅", "10"]]), UNITS).frame.loc[0, "lab"] == lab.replace(
        "№", "No"
    )


@pytest.mark.parametrize("lab", ["A\nB", "x" * 65, "A\u200bB"])
def test_a_code_that_cannot_be_printed_is_refused(lab):
    assert "code_alphabet" in codes(table([[lab, "铅", "10"]]))


def test_codes_that_a_spreadsheet_spoilt_are_still_seen():
    assert "id_numeric" in codes(table([["3.1E+15", "铅", "10"]]))
    assert "id_zero_lost" in codes(table([["01", "铅", "10"], ["2", "铅", "10"]]))


def test_levels_that_differ_in_case_are_refused_with_the_usual_spelling():
    cells = [["L1", "铅", "1", "S1"], ["L2", "铅", "1", "S1"], ["L3", "铅", "1", "s 1"]]
    source = table(cells, "样品")
    (error,) = [p for p in inspect_results(source, UNITS).problems if p.severity == "error"]
    assert (error.code, error.row, error.got, error.want) == ("level_alike", 3, "s 1", "S1")
    known = {("铅", "s 1"): "mg/kg"}
    wrong = [p for p in inspect_results(source, known).problems if p.code == "level_alike"]
    assert [(p.row, p.got, p.want) for p in wrong] == [(1, "S1", "s 1")]
    both = {("铅", "S1"): "", ("铅", "s 1"): ""}
    assert "level_alike" not in codes(source, both)


def test_a_replicate_left_empty_beside_others_is_told():
    cells = [
        ["L1", "铅", "10", "1"],
        ["L1", "铅", "", "2"],
        ["L2", "铅", "", "1"],
        ["L2", "铅", "", "2"],
    ]
    found = inspect_results(table(cells, "平行样"), UNITS).problems
    assert [p.row for p in found if p.code == "replicate_absent"] == [2]


HEAD = ["实验室编号", "检测参数", "结果"]


@pytest.mark.parametrize(
    ("second", "code"),
    [
        ([HEAD, ["L1", "镉", "3"]], "sheet_alike"),
        ([[], ["lab", "value"]], "sheet_alike"),
        ([["实验室编号", "实验室名称"], ["L1", "甲"]], "sheets"),
        ([], "sheets"),
    ],
)
def test_results_on_a_second_sheet_are_not_left_behind(tmp_path, second, code):
    told(tmp_path, [HEAD, ["L1", "铅", "3"]], second, code)


def test_nor_are_wide_ones(tmp_path):
    told(tmp_path, [["lab", "铅 S1"], ["L1", "3"]], [["lab", "铅 S1"], ["L2", "3"]], "sheet_alike")


def told(tmp_path, first, second, code):
    from xlsxwriter import Workbook

    with Workbook(tmp_path / "r.xlsx") as book:
        for grid in (first, second):
            sheet = book.add_worksheet()
            for row, cells in enumerate(grid):
                sheet.write_row(row, 0, cells)
    found = inspect_results(tmp_path / "r.xlsx", UNITS).problems
    assert code in [p.code for p in found]
    assert ("error" in {p.severity for p in found}) == (code == "sheet_alike")
