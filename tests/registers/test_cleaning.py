"""One cell: what is read as what, and the words it gets where it was written otherwise."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fairlot.registers.cleaning import SECTORS, SYNONYMS, clean, empty_value
from fairlot.registers.columns import REGISTERS, Column
from fairlot.registers.problems import SENTENCES, Problem

COLUMNS = {column.name: column for column in REGISTERS["sites"]}
SKILLS = Column("skills", ("专业领域",), "sectors")

CREDIT_WANTED = "A/B/C/D"
INTEGER_WANTED = "0, 1, 2, ..."
DECIMAL_WANTED = "0, 0.5, 12.5, ..."
DATE_WANTED = "YYYY-MM-DD"
FLAG_WANTED = "是/否, true/false, 1/0"
STATUS_WANTED = "存续/注销/迁出/停业"


def sentence(name, text, lang):
    cell = clean(COLUMNS[name], text)
    severity = SENTENCES[cell.code][0]
    return Problem(severity, cell.code, "a.csv", 2, name, "S1", text, cell.want).text(lang)


@pytest.mark.parametrize(
    ("text", "value", "code"),
    [
        ("A", "A", ""),
        ("a", "A", "class_form"),
        ("Ａ", "A", "full_width"),
        ("ａ", "A", "class_form"),
        ("B级", "B", "class_form"),
        ("C类", "C", "class_form"),
        ("D ", "D", "padding"),
        ("未评级", "", "class_form"),
        ("/", "", "blank_mark"),
        ("—", "", "blank_mark"),
        ("", "", ""),
    ],
)
def test_a_class_is_read_however_it_is_written(text, value, code):
    cell = clean(COLUMNS["credit_class"], text)
    assert (cell.value, cell.code, cell.want) == (value, code, value if code else "")


@pytest.mark.parametrize("text", ["E", "A+", "AB", "一级", "5"])
def test_any_other_class_is_refused(text):
    assert clean(COLUMNS["credit_class"], text) == ("", "class", CREDIT_WANTED)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("2021-10-12", ""),
        ("2021.10.12", "date_form"),
        ("2021/10/12", "date_form"),
        ("2021年10月12日", "date_form"),
        ("20211012", "date_form"),
        ("2021-10-12 00:00:00", "date_form"),
        ("２０２１-10-12", "full_width"),
        ("44481", "date_serial"),
        ("44481.0", "date_serial"),
    ],
)
def test_a_date_is_read_however_it_is_written(text, code):
    cell = clean(COLUMNS["last_inspected"], text)
    assert (cell.value, cell.code) == ("2021-10-12", code)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("12/10/2021", "date"),
        ("2021/10", "date"),
        ("2021-10.12", "date"),
        ("1021-10-12", "date"),
        ("去年", "date"),
        ("2021-02-30", "date_impossible"),
        ("20211345", "date_impossible"),
    ],
)
def test_a_date_that_is_none_is_refused_and_not_guessed(text, code):
    assert clean(COLUMNS["last_inspected"], text) == ("", code, DATE_WANTED)


@given(st.dates(date(1930, 1, 1), date(2170, 12, 31)))
def test_every_way_to_write_a_day_gives_that_day(day):
    column, iso = COLUMNS["last_inspected"], day.isoformat()
    serial = str((day - date(1899, 12, 30)).days)
    forms = [iso, iso.replace("-", "."), iso.replace("-", "/"), iso.replace("-", ""), serial]
    assert {clean(column, form).value for form in forms} == {iso}


@pytest.mark.parametrize(
    ("text", "sector"),
    [
        ("环境监测", "生态环境监测"),
        ("生态环境检测", "生态环境监测"),
        ("机动车检测", "机动车检验"),
        ("机动车安检", "机动车检验"),
        ("食品", "食品检验"),
    ],
)
def test_another_name_of_a_sector_is_repaired(text, sector):
    assert clean(COLUMNS["sector"], text) == (sector, "sector_synonym", sector)


def test_no_name_stands_for_two_sectors():
    names = [name for sector, others in SYNONYMS.items() for name in (sector, *others)]
    assert len(names) == len(set(names))
    assert len(SECTORS) == 15


def test_a_sector_of_another_city_is_kept():
    assert clean(COLUMNS["sector"], "Restaurant") == ("Restaurant", "", "")


def test_two_sectors_in_one_cell_are_refused():
    assert clean(COLUMNS["sector"], "水质;食品检验").code == "sector_many"


@pytest.mark.parametrize(
    ("text", "value", "code"),
    [
        ("水质;食品检验", "水质;食品检验", ""),
        ("水质；食品检验", "水质;食品检验", "full_width"),
        ("水质、食品检验", "水质;食品检验", "list_form"),
        ("环境监测;水质", "生态环境监测;水质", "sector_synonym"),
        ("水质;水质", "水质", "list_form"),
    ],
)
def test_skills_are_a_list(text, value, code):
    cell = clean(SKILLS, text)
    assert (cell.value, cell.code) == (value, code)


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        ("risk_score", "12.50", ("12.50", "", "")),
        ("risk_score", "１２．５", ("12.5", "full_width", "12.5")),
        ("risk_score", "NaN", ("", "decimal", DECIMAL_WANTED)),
        ("risk_score", "inf", ("", "decimal", DECIMAL_WANTED)),
        ("risk_score", "1e3", ("", "decimal", DECIMAL_WANTED)),
        ("risk_score", "80%", ("", "decimal", DECIMAL_WANTED)),
        ("risk_score", "٣٤", ("", "decimal", DECIMAL_WANTED)),
        ("risk_score", "-1", ("", "negative", DECIMAL_WANTED)),
        ("staff", "12", (12, "", "")),
        ("staff", "12.0", (12, "number_form", "12")),
        ("staff", "１２", (12, "full_width", "12")),
        ("staff", "1,200", (-1, "integer", INTEGER_WANTED)),
        ("staff", "3.5", (-1, "integer", INTEGER_WANTED)),
        ("staff", "-2", (-1, "negative", INTEGER_WANTED)),
        ("staff", "NaN", (-1, "integer", INTEGER_WANTED)),
        ("is_key", "是", (True, "", "")),
        ("is_key", "FALSE", (False, "", "")),
        ("is_key", "√", (False, "flag", FLAG_WANTED)),
        ("status", "在营", ("存续", "status_synonym", "存续")),
        ("status", "存续（在营、开业、在册）", ("存续", "status_synonym", "存续")),
        ("status", "吊销", ("", "status", STATUS_WANTED)),
        ("status", "", ("存续", "default_used", "存续")),
        ("site_id", "0012", ("0012", "", "")),
        ("site_id", "Ｓ１", ("S1", "full_width", "S1")),
        ("site_id", "S1  ", ("S1", "padding", "S1")),
        ("site_id", "S1\u3000", ("S1", "padding", "S1")),
        ("site_id", "S 1", ("S 1", "id_alphabet", "")),
        ("site_id", "1.2E+10", ("1.2E+10", "id_numeric", "")),
        ("site_id", "", ("", "missing", "")),
        ("bureau_id", "/", ("", "missing", "")),
        ("name", "\ufeff甲（浦东）", ("甲（浦东）", "padding", "甲（浦东）")),
    ],
)
def test_a_cell(name, text, expected):
    assert clean(COLUMNS[name], text) == expected


MESSAGES = {
    ("uscc", "9.13101E+17"): (
        "a.csv row 2, S1, uscc: '9.13101E+17' is a number made by a spreadsheet; want the 18 "
        "characters: format the column as text and export again",
        "a.csv 第2行，S1，uscc：“9.13101E+17” 是电子表格改写成的数字，应为18位代码："
        "请将该列设为文本格式后重新导出",
    ),
    ("uscc", "9I35O1OOM0001OOY43"): (
        "a.csv row 2, S1, uscc: '9I35O1OOM0001OOY43' has O for 0 or I for 1; read as "
        "91350100M000100Y43, whose check digit is right",
        "a.csv 第2行，S1，uscc：“9I35O1OOM0001OOY43” 把 0 写成 O 或把 1 写成 I，"
        "读作 91350100M000100Y43（校验码正确）",
    ),
    ("uscc", "91350100m000100y43"): (
        "a.csv row 2, S1, uscc: '91350100m000100y43' is in lower case or spaced; "
        "read as 91350100M000100Y43",
        "a.csv 第2行，S1，uscc：“91350100m000100y43” 含小写字母或空格，读作 91350100M000100Y43",
    ),
    ("uscc", "91350100M0001TGQXM"): (
        "a.csv row 2, S1, uscc: '91350100M0001TGQXM' fails the check digit; "
        "want 1 at the end (a few legal codes fail it)",
        "a.csv 第2行，S1，uscc：“91350100M0001TGQXM” 校验码不符，末位应为 1（少数合法代码也不符）",
    ),
    ("credit_class", "未评级"): (
        "a.csv row 2, S1, credit_class: '未评级' is another way to write the class; read as empty",
        "a.csv 第2行，S1，credit_class：“未评级” 是信用等级的另一种写法，读作 空",
    ),
    ("credit_class", "/"): (
        "a.csv row 2, S1, credit_class: '/' stands for an empty cell; read as empty",
        "a.csv 第2行，S1，credit_class：“/” 表示空值，读作 空",
    ),
    ("credit_class", "E"): (
        "a.csv row 2, S1, credit_class: 'E' is not a credit class; "
        "want A/B/C/D, or nothing where unrated",
        "a.csv 第2行，S1，credit_class：“E” 不是信用等级，应为 A/B/C/D，未评级留空",
    ),
    ("last_inspected", "2021.10.12"): (
        "a.csv row 2, S1, last_inspected: '2021.10.12' is not written year-month-day; "
        "read as 2021-10-12",
        "a.csv 第2行，S1，last_inspected：“2021.10.12” 不是“年-月-日”格式，读作 2021-10-12",
    ),
    ("last_inspected", "44481"): (
        "a.csv row 2, S1, last_inspected: '44481' is a day number of a spreadsheet; "
        "read as 2021-10-12",
        "a.csv 第2行，S1，last_inspected：“44481” 是电子表格的日期序号，读作 2021-10-12",
    ),
    ("sector", "环境监测"): (
        "a.csv row 2, S1, sector: '环境监测' is another name of the sector; read as 生态环境监测",
        "a.csv 第2行，S1，sector：“环境监测” 是领域的别称，读作 生态环境监测",
    ),
    ("risk_score", "NaN"): (
        "a.csv row 2, S1, risk_score: 'NaN' is not a plain decimal number; want 0, 0.5, 12.5, ...",
        "a.csv 第2行，S1，risk_score：“NaN” 不是普通小数，应为 0, 0.5, 12.5, ...",
    ),
    ("site_id", "Ｓ1 "): (
        "a.csv row 2, S1, site_id: 'Ｓ1 ' has full-width characters; read as S1",
        "a.csv 第2行，S1，site_id：“Ｓ1 ” 含全角字符，读作 S1",
    ),
    ("name", "甲 "): (
        "a.csv row 2, S1, name: '甲 ' has blanks around it; read as 甲",
        "a.csv 第2行，S1，name：“甲 ” 首尾有空白，读作 甲",
    ),
    ("bureau_id", ""): (
        "a.csv row 2, S1, bureau_id: the cell is empty; want a value",
        "a.csv 第2行，S1，bureau_id：单元格为空，应填写",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("name", "text"), MESSAGES)
def test_the_words(name, text):
    assert (sentence(name, text, "en"), sentence(name, text, "zh")) == MESSAGES[name, text]


def test_every_error_says_what_is_wanted_in_both_languages():
    for code, (severity, en, zh) in SENTENCES.items():
        if severity == "error":
            assert "; want " in en, code
            assert "应" in zh or "最多" in zh, code
        assert ("{got}" in en, "{want}" in en) == ("{got}" in zh, "{want}" in zh), code


@given(st.sampled_from(sorted(COLUMNS)), st.text(max_size=30))
def test_a_cell_is_read_or_told_about(name, text):
    """Whatever comes without a problem is what was written; a cleaned value is clean."""
    column = COLUMNS[name]
    cell = clean(column, text)
    if cell.code:
        assert cell.code in SENTENCES
    elif column.read not in ("flag", "integer"):
        assert cell.value == text
    if cell.code and SENTENCES[cell.code][0] == "repair" and isinstance(cell.value, str):
        assert clean(column, cell.value).value == cell.value


@pytest.mark.parametrize(
    ("name", "value"), [("staff", -1), ("visits_ytd", 0), ("is_key", False), ("name", "")]
)
def test_an_empty_cell_has_the_value_of_its_column(name, value):
    assert empty_value(COLUMNS[name]) == value
