"""Results with a column for each measurand: the same as one row a result."""

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fairlot._base.errors import InvalidInput
from fairlot.registers.results import inspect_results, read_results

UNITS = {
    ("铅", ""): "mg/kg",
    ("镉", "S1"): "μg/kg",
    ("镉", "S2"): "",
    ("铬", ""): "",
    ("铬(六价)", ""): "",
}
SHOWN = ["lab", "measurand", "level", "form", "value"]


def wide(headers, *rows):
    return pd.DataFrame([dict(zip(headers, row, strict=True)) for row in rows])


def rows(source, columns=SHOWN):
    return read_results(source, UNITS).frame[columns].to_numpy().tolist()


@pytest.mark.parametrize(
    ("header", "measurand", "level"),
    [
        ("铅 S1", "铅", "S1"),
        ("铅/S1", "铅", "S1"),
        ("铅_S1", "铅", "S1"),
        ("铅-S1", "铅", "S1"),
        ("铅　Ｓ１", "铅", "S1"),
        ("铅（S1）", "铅", "S1"),
        ("铅 S1(mg/kg)", "铅", "S1"),
        ("铅(mg/kg) S1", "铅", "S1"),
        ("铅(mg/kg)", "铅", "1"),
        ("铅", "铅", "1"),
        ("镉S1", "镉", "S1"),
        ("铬（六价）", "铬(六价)", "1"),
        ("铬(六价)/高", "铬(六价)", "高"),
        ("铬 高", "铬", "高"),
    ],
)
def test_a_header_is_a_measurand_with_its_level(header, measurand, level):
    assert rows(wide(["lab", header], ["L1", "0.52"])) == [
        ["L1", measurand, level, "number", "0.52"]
    ]


def test_each_cell_is_a_row_with_its_row_number_and_header(tmp_path):
    path = tmp_path / "r.csv"
    path.write_text("实验室编号,备注,铅 S1,镉 S2\nL1,,0.5,\n\nL2,x,1&2,<0.1\n", encoding="utf-8")
    found = inspect_results(path, UNITS)
    assert found.frame[SHOWN].to_numpy().tolist() == [
        ["L1", "铅", "S1", "number", "0.5"],
        ["L1", "镉", "S2", "absent", ""],
        ["L2", "铅", "S1", "", ""],
        ["L2", "镉", "S2", "below", "0.1"],
    ]
    assert list(found.rows) == [2, 2, 4, 4]
    (error,) = [p for p in found.problems if p.severity == "error"]
    assert (
        error.text() == "r.csv row 4, L2, 铅 S1: '1&2' is no result; want 0.52, <0.01, 未检出 / ND"
    )
    assert error.text("zh").startswith("r.csv 第4行，L2，铅 S1：")
    assert [p.got for p in found.problems if p.code == "header_unknown"] == ["备注"]


def test_units_come_from_the_header_and_uncertainties_stand_beside():
    headers = ["lab", "铅 S1(μg/kg)", "铅 S1 U", "铅 S1 k", "铅 S2(mg/kg)", "铅 S2 u"]
    table = wide(headers, ["L1", "520", "20", "2", "0.9", "0.1"])
    assert rows(table, ["level", "value", "U", "u"]) == [
        ["S1", "0.520", "0.020", "0.010"],
        ["S2", "0.9", "", "0.1"],
    ]


def test_a_column_for_each_measurand_and_a_row_for_each_sample():
    table = wide(["lab", "样品", "铅", "铬"], ["L1", "S1", "1", "2"], ["L1", "S2", "3", "4"])
    assert rows(table, ["measurand", "level", "value"]) == [
        ["铅", "S1", "1"], ["铬", "S1", "2"], ["铅", "S2", "3"], ["铬", "S2", "4"],
    ]  # fmt: skip


def test_uranium_and_potassium_are_measurands_where_the_scheme_says_so():
    table = wide(["lab", "U", "K S1"], ["L1", "1", "2"])
    found = read_results(table, {("U", ""): "", ("K", ""): ""}).frame
    assert found[["measurand", "value", "U", "k"]].to_numpy().tolist() == [
        ["U", "1", "", ""], ["K", "2", "", ""],
    ]  # fmt: skip


def test_one_measurand_may_have_its_uncertainty_in_the_usual_columns():
    assert rows(wide(["lab", "铅", "U", "k"], ["L1", "1", "0.2", "2"]), ["U", "u"]) == [
        ["0.2", "0.1"]
    ]


@pytest.mark.parametrize(
    ("headers", "code", "got"),
    [
        (["铅 S1", "铅S2"], "header_level", "铅S2"),
        (["铅 S1", "铬VI"], "header_level", "铬VI"),
        (["铅 S1", "铅/S1"], "header_duplicate", "铅 S1, 铅/S1"),
        (["铅 S1", "铅 S2", "U"], "uncertainty_of_many", "U"),
    ],
)
def test_what_a_header_may_mean_in_two_ways_is_refused(headers, code, got):
    table = wide(["lab", *headers], ["L1", *["1"] * len(headers)])
    with pytest.raises(InvalidInput) as refused:
        read_results(table, UNITS)
    told = [(p.code, p.got) for p in refused.value.facts["problems"] if p.severity == "error"]
    assert (code, got) in told


def test_a_fault_of_a_row_is_told_once():
    table = wide(["lab", "铅 S1", "铅 S2", "铅 S3"], ["L\t1", "1", "2", "3"])
    told = [p.code for p in inspect_results(table, UNITS).problems]
    assert told.count("code_alphabet") == 1


def test_without_any_measurand_the_header_is_missing():
    found = inspect_results(wide(["lab", "钛"], ["L1", "1"]), UNITS)
    assert ("header_missing", "measurand") in [(p.code, p.column) for p in found.problems]


# Beside a column of measurands.


def test_columns_of_replicates_are_replicates():
    table = wide(
        ["lab", "项目", "结果1(mg/kg)", "结果 2（mg/kg）", "U", "k"],
        ["L1", "铅", "1", "2", "0.2", "2"],
    )
    assert rows(table, ["measurand", "replicate", "value", "unit", "u"]) == [
        ["铅", 1, "1", "mg/kg", "0.1"], ["铅", 2, "2", "mg/kg", "0.1"],
    ]  # fmt: skip
    told = [(p.code, p.got, p.want) for p in read_results(table, UNITS).problems]
    assert ("header_read", "结果1(mg/kg)", "replicate 1, unit mg/kg, value") in told


@pytest.mark.parametrize("header", ["结果(mg/kg)", "检测结果（mg/kg）"])
def test_a_unit_may_stand_in_the_header(header):
    found = rows(wide(["lab", "项目", header], ["L1", "铅", "1"]), ["value", "unit", "replicate"])
    assert found == [["1", "mg/kg", 1]]


def test_columns_of_levels_are_levels():
    table = wide(["lab", "项目", "S1", "S1 U", "S1 k", "S2"], ["L1", "铅", "1", "0.2", "2", "ND"])
    assert rows(table, ["level", "form", "u"]) == [
        ["S1", "number", "0.1"], ["S2", "not detected", ""],
    ]  # fmt: skip
    named = read_results(wide(["lab", "项目", "低"], ["L1", "铅", "1"]), {("铅", "低"): ""})
    assert named.frame["level"].tolist() == ["低"]


def test_levels_across_and_down_are_no_results():
    found = inspect_results(wide(["lab", "项目", "样品", "S1"], ["L1", "铅", "S1", "1"]), UNITS)
    assert "value_missing" in [p.code for p in found.problems]


def test_an_uncertainty_beside_two_levels_is_refused():
    found = inspect_results(
        wide(["lab", "项目", "S1", "S2", "u"], ["L1", "铅", "1", "1", "2"]), UNITS
    )
    assert ("uncertainty_of_many", "S1 u") in [(p.code, p.want) for p in found.problems]


def test_a_measurand_in_other_letters_is_not_left_out():
    table = wide(["lab", "Pb S1", "PB S2"], ["L1", "1", "1"])
    found = inspect_results(table, {("Pb", ""): ""}).problems
    assert ("header_level", "PB S2", "Pb S1") in [(p.code, p.got, p.want) for p in found]


@given(
    st.lists(
        st.lists(
            st.sampled_from(["0.5", "<0.1", "ND", "", "缺席", "0,25"]), min_size=3, max_size=3
        ),
        min_size=1,
        max_size=6,
    )
)
def test_wide_and_long_are_the_same_results(cells):
    heads = [("铅", "S1"), ("铅", "S2"), ("镉", "S1")]
    across = wide(["lab", *map(" ".join, heads)], *([f"L{i}", *row] for i, row in enumerate(cells)))
    down = pd.DataFrame(
        [
            (f"L{i}", *head, text)
            for i, row in enumerate(cells)
            for head, text in zip(heads, row, strict=True)
        ],
        columns=["lab", "measurand", "level", "value"],
    )
    assert rows(across) == rows(down)
