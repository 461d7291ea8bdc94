"""Every way a register comes in reads the same, and what is no table is refused in words."""

import codecs

import pandas as pd
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import xlsxwriter

from fairlot._base.errors import InvalidInput
from fairlot.registers import inspect, read
from fairlot.registers.columns import REGISTERS

ROWS = {
    "site_id": ["S01", "S02", "S03"],
    "uscc": ["91350100M000100Y43", "91110000600037341L", "913101178683873800"],
    "name": ["甲检测（浦东）", "乙检测", "丙，检测"],
    "division_code": ["310115", "310101", "310115"],
    "bureau_id": ["310115", "310101", "310115"],
    "sector": ["水质", "食品检验", "机动车检验"],
    "credit_class": ["A", "", "C"],
    "last_inspected": ["2021-10-12", "", "2022-01-03"],
    "staff": ["12", "7", "350"],
    "status": ["存续", "存续", "停业"],
    "complaints_12m": ["0", "2", "0"],
    "penalties_36m": ["0", "0", "1"],
    "visits_ytd": ["0", "1", "0"],
}
TABLE = pd.DataFrame(ROWS)
CHINESE = {column.name: column.zh[0] for column in REGISTERS["sites"]}
EXPECTED = read(TABLE, "sites").frame


def csv_text(table=TABLE):
    return table.to_csv(index=False, lineterminator="\n")


def write(tmp_path, data, name="sites.csv"):
    path = tmp_path / name
    path.write_bytes(data if isinstance(data, bytes) else data.encode("utf-8"))
    return path


def write_workbook(path, grid, *, sheets=("Sheet1",)):
    book = xlsxwriter.Workbook(path)
    for sheet in [book.add_worksheet(name) for name in sheets][:1]:
        for at, row in enumerate(grid):
            sheet.write_row(at, 0, row)
    book.close()
    return path


def grid_of(table):
    return [list(table.columns), *table.values.tolist()]


def codes(register):
    return [problem.code for problem in register.problems]


def the_error(source, kind="sites"):
    with pytest.raises(InvalidInput) as refused:
        read(source, kind)
    (error,) = [p for p in refused.value.problems if p.severity == "error"]
    return error


def test_the_expected_frame_has_the_columns_of_the_schema_and_plain_types():
    assert list(EXPECTED.columns) == [column.name for column in REGISTERS["sites"]]
    kinds = {"integer": "int64", "flag": "bool"}
    for column in REGISTERS["sites"]:
        assert EXPECTED[column.name].dtype == kinds.get(column.read, "object")
    assert EXPECTED.index.equals(pd.RangeIndex(3))
    assert (EXPECTED["staff"].tolist(), EXPECTED["visits_ytd"].tolist()) == (
        [12, 7, 350],
        [0, 1, 0],
    )


@pytest.mark.parametrize(
    ("encoding", "mark", "told"),
    [
        ("utf-8", b"", ""),
        ("utf-8", codecs.BOM_UTF8, "utf-8 (BOM)"),
        ("gbk", b"", "gb18030 (GBK)"),
        ("gb18030", b"", "gb18030 (GBK)"),
        ("utf-16-le", codecs.BOM_UTF16_LE, "utf-16"),
        ("utf-16-be", codecs.BOM_UTF16_BE, "utf-16"),
    ],
)
def test_an_encoding_other_than_utf_8_is_read_and_told(tmp_path, encoding, mark, told):
    register = read(write(tmp_path, mark + csv_text().encode(encoding)), "sites")
    assert register.frame.equals(EXPECTED)
    assert [(p.code, p.got, p.want) for p in register.problems] == (
        [("encoding", told, "utf-8")] if told else []
    )


def test_the_words_for_gbk(tmp_path):
    (problem,) = read(write(tmp_path, csv_text().encode("gbk")), "sites").problems
    assert problem.text("en") == "sites.csv: the file is written in gb18030 (GBK); want utf-8"
    assert problem.text("zh") == "sites.csv：文件编码为 gb18030 (GBK)，应为 utf-8"


@pytest.mark.parametrize(
    "text",
    [
        csv_text().replace("\n", "\r\n"),
        csv_text().replace("\n", "\r"),
        csv_text().rstrip("\n"),
        '"' + csv_text().replace(",", '","').replace("\n", '"\n"').removesuffix('"'),
    ],
)
def test_line_ends_and_quotes_do_not_matter(tmp_path, text):
    register = read(write(tmp_path, text), "sites")
    assert register.frame.equals(EXPECTED)


def test_a_tsv(tmp_path):
    path = write(tmp_path, TABLE.to_csv(index=False, sep="\t"), "sites.tsv")
    assert read(path, "sites").frame.equals(EXPECTED)


@pytest.mark.parametrize(
    "frame",
    [
        TABLE,
        TABLE.set_index(pd.Index([7, 7, 3])),
        pl.DataFrame(ROWS),
        pa.table(ROWS),
        TABLE.replace("", None),
        pl.DataFrame(ROWS).with_columns(pl.col("staff").cast(pl.Int64)),
        TABLE.astype({"staff": "int64"}),
        TABLE.assign(last_inspected=pd.to_datetime(TABLE["last_inspected"])),
        TABLE.astype({"sector": "category", "name": "string"}),
    ],
    ids=["pandas", "index", "polars", "pyarrow", "none", "polars_int", "int", "datetime", "types"],
)
def test_a_frame_of_any_library(frame):
    register = read(frame, "sites")
    assert register.frame.equals(EXPECTED)
    assert codes(register) == []


def test_an_integer_column_with_gaps_keeps_its_integers():
    register = read(TABLE.assign(staff=[12.0, float("nan"), 350.0]), "sites")
    assert register.frame["staff"].tolist() == [12, -1, 350]
    assert codes(register) == []


def test_a_parquet_file(tmp_path):
    path = tmp_path / "sites.parquet"
    TABLE.to_parquet(path)
    assert read(path, "sites").frame.equals(EXPECTED)


def test_a_damaged_page_of_a_parquet_file_is_no_table(tmp_path):
    path = tmp_path / "sites.parquet"
    pd.DataFrame({"site_id": [f"S{i}" for i in range(5000)]}).to_parquet(path)
    data = path.read_bytes()
    error = the_error(write(tmp_path, data[:200] + b"\xff" * 300 + data[500:], path.name))
    assert (error.code, error.want) == ("file_kind", "Parquet")


def test_two_columns_of_one_name_in_a_parquet_file_are_refused(tmp_path):
    path = tmp_path / "sites.parquet"
    pq.write_table(pa.table([["S1"], ["S2"]], names=["site_id", "site_id"]), path)
    assert the_error(path).text() == (
        "sites.parquet: the headers site_id, site_id mean the same column; want one of them"
    )


def test_a_workbook(tmp_path):
    path = write_workbook(tmp_path / "sites.xlsx", grid_of(TABLE))
    register = read(path, "sites")
    assert register.frame.equals(EXPECTED)
    assert codes(register) == []


def test_a_workbook_with_a_title_row_numbers_rows_as_the_sheet_shows(tmp_path):
    grid = [[], [], *grid_of(TABLE.replace("C", "c"))]
    (blank, repair) = read(write_workbook(tmp_path / "a.xlsx", grid), "sites").problems
    assert (blank.code, blank.row, blank.got) == ("blank_rows", 1, "2")
    assert (repair.code, repair.row, repair.got, repair.want) == ("class_form", 6, "c", "C")


def test_numbers_in_an_id_column_of_a_workbook_are_told(tmp_path):
    grid = grid_of(TABLE)
    for row, number in zip(grid[1:], (12, 345, 6), strict=True):
        row[0] = number
    register = read(write_workbook(tmp_path / "a.xlsx", grid), "sites")
    (problem,) = register.problems
    assert (problem.code, problem.row, problem.column) == ("id_number_cells", 2, "site_id")
    assert problem.text() == (
        "a.xlsx row 2, 12, site_id: cells that hold numbers or dates, not text: 3; "
        "ids may have been changed"
    )


def test_an_id_that_a_spreadsheet_made_a_date_is_told():
    made = TABLE.assign(site_id=pd.to_datetime(["2024-03-01", "2024-03-02", "2024-03-03"]))
    (problem,) = read(made, "sites").problems
    assert (problem.code, problem.id, problem.got) == ("id_number_cells", "2024-03-01", "3")


def test_a_code_kept_as_a_number_in_a_workbook_is_refused(tmp_path):
    grid = grid_of(TABLE)
    grid[3][1] = 913101178683873800
    error = the_error(write_workbook(tmp_path / "a.xlsx", grid))
    assert (error.code, error.row, error.got) == ("uscc_numeric", 4, "9.131011786838738E+17")


def test_a_second_sheet_is_told(tmp_path):
    path = write_workbook(tmp_path / "a.xlsx", grid_of(TABLE), sheets=("名录", "说明"))
    (problem,) = read(path, "sites").problems
    assert problem.text() == "a.xlsx: only the first sheet was read, not '说明'"


@pytest.mark.parametrize(
    "names",
    [
        CHINESE,
        {name: name.upper().replace("_", " ") for name in ROWS},
        {"site_id": " 场所编号 ", "uscc": "统一社会信用代码/注册号", "name": "单位名称"},
    ],
    ids=["chinese", "spaced", "mixed"],
)
def test_the_language_of_the_header_does_not_matter(tmp_path, names):
    register = read(write(tmp_path, csv_text(TABLE.rename(columns=names))), "sites")
    assert register.frame.equals(EXPECTED)
    assert codes(register) == []


def test_a_problem_is_placed_under_the_header_of_the_file(tmp_path):
    table = TABLE.replace("A", "a").rename(columns=CHINESE)
    (problem,) = read(write(tmp_path, csv_text(table)), "sites").problems
    assert (problem.column, problem.header) == ("credit_class", "信用等级")
    assert problem.text("zh") == (
        "sites.csv 第2行，S01，信用等级：“a” 是信用等级的另一种写法，读作 A"
    )


def test_a_missing_column_names_all_its_headers():
    error = the_error(TABLE.drop(columns="bureau_id"))
    assert (error.code, error.column, error.row) == ("header_missing", "bureau_id", 0)
    assert error.want == "bureau_id / 监管机关 / 监管机关代码"
    assert error.text() == (
        "bureau_id: no such column among site_id, uscc, name, division_code, sector, "
        "credit_class, l…; want one called bureau_id / 监管机关 / 监管机关代码"
    )


def test_columns_that_may_be_missing_are_told_where_it_matters():
    register = read(TABLE[["site_id", "bureau_id", "sector"]], "sites")
    told = [(p.code, p.column, p.want) for p in register.problems]
    assert told == [
        ("column_absent", "uscc", ""),
        ("column_absent", "division_code", ""),
        *(("column_default", name, "0") for name in ("complaints_12m", "penalties_36m")),
        ("column_default", "visits_ytd", "0"),
        ("column_default", "status", "存续"),
    ]


def test_two_headers_of_one_column_are_refused():
    error = the_error(TABLE.assign(机构名称="甲"))
    assert (error.code, error.column, error.got) == ("header_duplicate", "name", "name, 机构名称")


def test_an_unknown_column_is_left_out_and_told():
    register = read(TABLE.assign(备注="无"), "sites")
    assert register.frame.equals(EXPECTED)
    assert [(p.code, p.got) for p in register.problems] == [("header_unknown", "备注")]


def test_blank_rows_are_left_out_and_told(tmp_path):
    lines = csv_text().splitlines()
    text = "\n".join([*lines[:2], "," * 12, "", *lines[2:]])
    register = read(write(tmp_path, text), "sites")
    assert register.frame.equals(EXPECTED)
    assert [(p.code, p.row, p.got) for p in register.problems] == [("blank_rows", 3, "2")]


def test_blank_rows_at_the_end_are_no_rows(tmp_path):
    register = read(write(tmp_path, csv_text() + "," * 12 + "\n\n"), "sites")
    assert len(register.frame) == 3


def test_a_record_over_two_lines_keeps_the_line_it_begins_on(tmp_path):
    text = csv_text().replace("乙检测", '"乙\n检测"').replace(",C,", ",c,")
    (problem,) = read(write(tmp_path, text), "sites").problems
    assert (problem.code, problem.row) == ("class_form", 5)


def test_rows_of_another_length_are_all_refused(tmp_path):
    text = csv_text() + "S04,x\n" + "S05" + "," * 14 + "y\n"
    with pytest.raises(InvalidInput) as refused:
        read(write(tmp_path, text), "sites")
    ragged = [(p.code, p.row, p.got, p.want) for p in refused.value.problems]
    assert ragged == [("ragged", 5, "2", "13"), ("ragged", 6, "15", "13")]


@pytest.mark.parametrize(
    ("data", "name", "code", "words"),
    [
        (b"", "a.csv", "file_empty", "a.csv: the file is empty; want a header and rows"),
        (b" \n,\n", "a.csv", "file_empty", "a.csv: the file is empty; want a header and rows"),
        (b"site_id\n\xff\xff\n", "a.csv", "encoding_unknown",
         "a.csv: the file is neither UTF-8 nor GB18030; want utf-8"),
        (b"site_id\nS\0\n", "a.csv", "nul",
         "a.csv row 2: the row holds a NUL byte; want text: save the table again as CSV in UTF-8"),
        (b"PK\x03\x04 ", "a.csv", "file_kind",
         "a.csv: the file is not the table its name says: zip (.xlsx); want CSV / TSV"),
        (b"\xd0\xcf\x11\xe0", "a.csv", "file_kind",
         "a.csv: the file is not the table its name says: Office 97 (.xls); want CSV / TSV"),
        (b'site_id\n"S1" x\n', "a.csv", "csv_syntax",
         "a.csv row 2: the row cannot be read: ',' expected after '\"'; "
         "want fields in matching double quotes"),
        (b"site_id\n", "a.parquet", "file_kind", None),
        (b"site_id\n", "a.xlsx", "file_kind", None),
    ],
)  # fmt: skip
def test_a_file_that_is_no_table(tmp_path, data, name, code, words):
    error = the_error(write(tmp_path, data, name))
    assert error.code == code
    assert words is None or error.text() == words


def test_a_header_without_rows_is_told(tmp_path):
    register = read(write(tmp_path, csv_text().splitlines()[0] + "\n"), "sites")
    assert (len(register.frame), codes(register)) == (0, ["rows_none"])


def test_an_unknown_suffix_kind_or_object_is_refused(tmp_path):
    with pytest.raises(InvalidInput, match=r"a\.doc ends in '\.doc'; want \.csv, \.tsv"):
        read(write(tmp_path, "x", "a.doc"), "sites")
    with pytest.raises(InvalidInput, match="kind is 'site'; want one of sites, officers"):
        read(TABLE, "site")
    with pytest.raises(InvalidInput, match="source is int; want a path or a pandas"):
        inspect(7, "sites")
    with pytest.raises(FileNotFoundError):
        read(tmp_path / "none.csv", "sites")
