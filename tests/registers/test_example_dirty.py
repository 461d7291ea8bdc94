"""The dirty roster: each row is found to be broken in the way it was broken, and in no other."""

import pandas as pd
import pytest

from fairlot._base.errors import InvalidInput
from fairlot.registers import inspect, read, shanghai
from fairlot.registers.columns import REGISTERS
from fairlot.registers.examples import folder

PATH = folder("shanghai") / "institutions_dirty.csv"
HEADER_ROWS = 1

ROWS = pd.read_csv(PATH, dtype=str, keep_default_na=False)
EXPECTED = dict(enumerate(ROWS["expected_error"], start=1 + HEADER_ROWS))


@pytest.fixture(scope="module")
def problems():
    return inspect(PATH, "sites").problems


@pytest.mark.parametrize("row", EXPECTED)
def test_a_row_has_the_expected_problem_and_no_other(problems, row):
    found = [problem.code for problem in problems if problem.row == row]
    assert found == ([EXPECTED[row]] if EXPECTED[row] else [])


def test_the_header_has_one_unknown_column_and_nothing_else(problems):
    found = [(problem.code, problem.got) for problem in problems if problem.row <= HEADER_ROWS]
    assert found == [("header_unknown", "expected_error")]


def test_sixty_rows_some_of_them_right():
    assert len(ROWS) == 60
    assert list(EXPECTED.values()).count("") == 13


def test_every_way_to_break_a_roster_is_there():
    assert set(EXPECTED.values()) - {""} == {
        "uscc_numeric", "uscc_rounded", "uscc_form", "uscc_lookalike", "uscc_check", "uscc_length",
        "uscc_alphabet", "id_twice", "id_numeric", "id_alphabet", "id_zero_lost", "missing", "blank",
        "blank_mark", "default_used", "padding", "full_width", "class_form", "class", "date_form",
        "date_serial", "date_impossible", "date", "sector_synonym", "sector_many",
        "status_synonym", "status", "decimal", "negative", "integer", "number_form", "flag",
        "probable_duplicate",
    }  # fmt: skip


def test_the_dirty_roster_is_refused_and_the_clean_one_read():
    with pytest.raises(InvalidInput) as refused:
        read(PATH, "sites")
    errors = [problem for problem in refused.value.problems if problem.severity == "error"]
    assert len(errors) == refused.value.count == 20
    register = read(folder("shanghai") / "institutions.csv", "sites")
    assert (len(register.frame), register.problems) == (1200, ())


def test_headers_in_chinese_read_the_same(tmp_path):
    table = shanghai.generate()["institutions"].head(20)
    chinese = {column.name: column.zh[0] for column in REGISTERS["sites"]}
    path = tmp_path / "名录.csv"
    table.rename(columns=chinese).to_csv(path, index=False, encoding="gb18030")
    register = read(path, "sites")
    assert register.frame.equals(read(table, "sites").frame)
    assert [problem.code for problem in register.problems] == ["encoding"]
