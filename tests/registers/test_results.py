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
    source.loc[0, columns] = ""
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
