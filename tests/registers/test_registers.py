"""What holds between rows and between registers, and that nothing is lost or changed unsaid."""

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fairlot._base.errors import InvalidInput
from fairlot.registers import Registers, empty, gather, inspect, kind_of, read
from fairlot.registers.problems import SENTENCES

CODE = "91350100M000100Y43"


def sites(*rows):
    every = {"bureau_id": "310115", "sector": "水质", "division_code": "310115", "uscc": CODE}
    return pd.DataFrame([every | row for row in rows])


def officers(*rows):
    every = {"bureau_id": "310115", "license_expiry": "2027-01-01", "max_tasks": "4"}
    return pd.DataFrame([every | row for row in rows])


def conflicts(*rows):
    return pd.DataFrame([{"kind": "近亲属"} | row for row in rows])


def found(register, code):
    return [problem for problem in register.problems if problem.code == code]


SITES = sites(
    {"site_id": "S1", "site_address": "甲路1号"}, {"site_id": "S2", "site_address": "乙路"}
)
OFFICERS = officers({"officer_id": "P1"}, {"officer_id": "P2"})


def test_one_code_at_two_places_is_two_sites():
    register = read(SITES, "sites")
    assert len(register.frame) == 2
    assert not found(register, "probable_duplicate")


@pytest.mark.parametrize("other", ["甲路1号", " 甲路 1号", "甲路１号"])
def test_one_code_at_one_place_under_two_ids_is_told(other):
    same = sites(
        {"site_id": "S1", "site_address": "甲路1号"}, {"site_id": "S2", "site_address": other}
    )
    register = read(same, "sites")
    (problem,) = found(register, "probable_duplicate")
    assert len(register.frame) == 2
    assert (problem.severity, problem.row, problem.id) == ("warning", 2, "S2")
    assert problem.text() == (
        "row 2, S2, site_id: probable duplicate: rows 1, 2 have the same code and place "
        "under two ids"
    )
    assert problem.text("zh") == (
        "第2行，S2，site_id：疑似重复：第 1, 2 行代码与地点相同而编号不同"
    )


def test_without_addresses_the_names_tell():
    same = sites({"site_id": "S1", "name": "甲"}, {"site_id": "S2", "name": "甲"})
    apart = sites({"site_id": "S1", "name": "甲"}, {"site_id": "S2", "name": "乙"})
    assert len(found(read(same, "sites"), "probable_duplicate")) == 1
    assert not found(read(apart, "sites"), "probable_duplicate")


@pytest.mark.parametrize(
    ("kind", "table"),
    [
        ("sites", sites({"site_id": "S1"}, {"site_id": "S2"}, {"site_id": " S1"})),
        ("officers", officers(*({"officer_id": name} for name in ("P1", "P2", "P1")))),
        ("experts", pd.DataFrame({"expert_id": ["E1", "E2", "E1"]})),
    ],
)
def test_an_id_that_stands_twice_is_refused(kind, table):
    with pytest.raises(InvalidInput) as refused:
        read(table, kind)
    (problem,) = [p for p in refused.value.problems if p.severity == "error"]
    assert (problem.code, problem.row, problem.got) == ("id_twice", 3, "1, 3")
    assert problem.sentence() == "the same id stands in rows 1, 3; want it once"
    assert problem.sentence("zh") == "同一编号出现在第 1, 3 行，只应出现一次"


def test_one_officer_under_two_ids_is_refused():
    licences = ("沪001", "沪002", "沪001", "", "")  # who has none is not thereby the same
    twice = officers(*({"officer_id": f"P{k}", "license_no": no} for k, no in enumerate(licences)))
    with pytest.raises(InvalidInput) as refused:
        read(twice, "officers")
    (problem,) = [p for p in refused.value.problems if p.severity == "error"]
    assert (problem.code, problem.row, problem.got) == ("license_twice", 3, "1, 3")
    assert problem.text() == (
        "row 3, P2, officer_id: one person under two ids: rows 1, 3 have the same licence; "
        "want one id for each licence"
    )


def test_leading_zeros_lost_in_a_staff_number():
    lost = officers(*({"officer_id": name} for name in ("0012", "0345", "678", "9")))
    with pytest.raises(InvalidInput) as refused:
        read(lost, "officers")
    problems = [p for p in refused.value.problems if p.severity == "error"]
    assert [(p.code, p.row, p.got, p.want) for p in problems] == [
        ("id_zero_lost", 3, "678", "0678"),
        ("id_zero_lost", 4, "9", "0009"),
    ]
    assert problems[0].text() == (
        "row 3, 678, officer_id: '678' has lost its leading zeros; want 0678: "
        "format the column as text and export again"
    )
    assert problems[0].text("zh") == (
        "第3行，678，officer_id：“678” 丢失了前导零，应为 0678：请将该列设为文本格式后重新导出"
    )


def test_ids_never_padded_are_left_alone():
    plain = officers(*({"officer_id": name} for name in ("12", "345", "A001")))
    assert not found(read(plain, "officers"), "id_zero_lost")


def test_a_blank_division_is_told_and_a_blank_bureau_refused():
    register = read(sites({"site_id": "S1", "division_code": ""}), "sites")
    (problem,) = found(register, "blank")
    assert problem.text() == "row 1, S1, division_code: the cell is empty"
    assert problem.text("zh") == "第1行，S1，division_code：单元格为空"
    with pytest.raises(InvalidInput, match="row 1, S1, bureau_id: the cell is empty; want a value"):
        read(sites({"site_id": "S1", "bureau_id": " "}), "sites")


@pytest.mark.parametrize(
    ("kind", "row", "code", "got"),
    [
        ("conflicts", {"person_id": "P1", "target": "S1", "kind": "x", "valid_from": "2024-02-01",
                       "valid_to": "2024-01-01"}, "order", "2024-02-01 - 2024-01-01"),
        ("absences", {"officer_id": "P1", "absent_from": "2024.2.1", "absent_to": "2024.1.1"},
         "order", "2024-02-01 - 2024-01-01"),
        ("conflicts", {"person_id": "P1", "target": "P1", "kind": "x"}, "conflict_self", "P1"),
        ("items", {"item_id": "J1", "name": "x", "basis": "x", "ratio_min": "5"}, "ratio", "5"),
        ("items", {"item_id": "J1", "name": "x", "basis": "x", "ratio_min": "0.5",
                   "ratio_max": "0.15"}, "ratio_order", "0.5 > 0.15"),
        ("items", {"item_id": "J1", "name": "x", "basis": "x", "ratio_min": "NaN"}, "decimal",
         "NaN"),
        ("officers", {"officer_id": "P1", "bureau_id": "B", "license_expiry": "2027-01-01",
                      "max_tasks": "0"}, "max_tasks", "0"),
        ("officers", {"officer_id": "P1", "bureau_id": "B", "license_expiry": "2027-01-01",
                      "max_tasks": "1000001"}, "max_tasks", "1000001"),
        ("officers", {"officer_id": "P1", "bureau_id": "B", "license_expiry": "2027-01-01",
                      "max_tasks": "1", "seniority": "20240101"}, "too_great", "20240101"),
        ("officers", {"officer_id": "P1", "bureau_id": "B", "license_expiry": "",
                      "max_tasks": "1"}, "missing", ""),
    ],
)  # fmt: skip
def test_a_row_at_odds_with_itself_is_refused(kind, row, code, got):
    with pytest.raises(InvalidInput) as refused:
        read(pd.DataFrame([row]), kind)
    errors = [p for p in refused.value.problems if p.severity == "error"]
    assert [(p.code, p.row, p.got) for p in errors] == [(code, 1, got)]


def test_a_conflict_of_an_unknown_person_or_site_is_refused():
    table = conflicts(
        {"person_id": "P1", "target": "S1"},
        {"person_id": "P9", "target": "S2"},
        {"person_id": "P2", "target": "S9"},
        {"person_id": "P2", "target": CODE},
    )
    with pytest.raises(InvalidInput) as refused:
        gather(sites=SITES, officers=OFFICERS, conflicts=table)
    person, target = [p for p in refused.value.problems if p.severity == "error"]
    assert person.text() == (
        "row 2, P9, person_id: 'P9' is neither an officer nor an expert; "
        "want a known officer_id / expert_id"
    )
    assert person.text("zh") == (
        "第2行，P9，person_id：“P9” 既不是检查人员也不是专家，应为名录内的 officer_id / expert_id"
    )
    assert target.text() == (
        "row 3, P2, target: 'S9' is neither a site nor the code of one; want a known site_id / uscc"
    )
    assert target.text("zh") == (
        "第3行，P2，target：“S9” 既不是场所也不是其统一社会信用代码，应为名录内的 site_id / uscc"
    )


def test_an_absence_of_an_unknown_officer_is_refused():
    away = pd.DataFrame(
        {"officer_id": ["P7"], "absent_from": ["2024-08-01"], "absent_to": ["2024-08-02"]}
    )
    with pytest.raises(InvalidInput, match="no officer is called 'P7'; want a known officer_id"):
        gather(sites=SITES, officers=OFFICERS, absences=away)


def test_a_visit_to_an_unknown_site_and_a_bureau_alone_are_told():
    rooms = gather(
        sites=SITES,
        officers=officers({"officer_id": "P1", "bureau_id": "310999"}, {"officer_id": "P2"}),
        history=pd.DataFrame({"site_id": ["S1", "S8"], "visited": ["2021-10-12"] * 2}),
    )
    told = [(p.code, p.severity, p.row, p.got) for p in rooms.problems if p.severity == "warning"]
    assert told[-2:] == [
        ("site_unknown", "warning", 2, "S8"),
        ("bureau_without_sites", "warning", 1, "310999"),
    ]
    assert len(rooms.history.frame) == 2


def test_an_officer_and_an_expert_never_share_an_id():
    with pytest.raises(InvalidInput) as refused:
        gather(
            sites=SITES,
            officers=officers({"officer_id": "P1"}, {"officer_id": "E1"}),
            experts=pd.DataFrame({"expert_id": ["E1"]}),
        )
    (problem,) = [p for p in refused.value.problems if p.severity == "error"]
    assert (problem.code, problem.row, problem.got) == ("person_twice", 2, "E1")


def test_a_least_load_above_the_most_is_refused():
    wrong = officers({"officer_id": "P1", "min_tasks": "5"}, {"officer_id": "P2", "min_tasks": "4"})
    (problem,) = [p for p in inspect(wrong, "officers").problems if p.severity == "error"]
    assert (problem.row, problem.sentence()) == (
        1,
        "the officer must do at least 5 tasks; want 0 - 4 (up to the officer's most)",
    )
    assert problem.sentence("zh") == "任务下限为 5，应为 0 - 4（不高于任务上限）"


def test_an_unknown_kind_of_recusal_binds_and_is_told_once():
    rows = [{"person_id": f"P{k}", "target": "S1", "kind": kind} for k, kind in
            enumerate(["近亲属", "同学", "曾任职（3年内）", "同学"])]  # fmt: skip
    register = read(pd.DataFrame(rows), "conflicts")
    (problem,) = found(register, "recusal_kind")
    assert (problem.severity, problem.row) == ("warning", 2)
    assert problem.sentence().startswith(
        "'同学' is no known kind of recusal; it binds all the same"
    )
    assert problem.sentence("zh").startswith("“同学” 不是已知的回避事由，仍按回避处理")
    assert len(register.frame) == 4


def test_a_list_has_one_mark_between_its_parts():
    past = pd.DataFrame({"site_id": ["S1"], "visited": ["2021-10-12"], "officers": ["P1、 P2；P1"]})
    register = read(past, "history")
    assert register.frame.loc[0, "officers"] == "P1;P2"
    assert found(register, "list_form")[0].want == "P1;P2"


def test_registers_that_were_not_given_are_empty_and_contradict_nothing():
    rooms = gather(conflicts=conflicts({"person_id": "P1", "target": "S1"}))
    assert len(rooms.sites.frame) == 0
    assert list(rooms.sites.frame.columns) == list(empty("sites").frame.columns)
    assert not [p for p in rooms.problems if p.severity == "error"]


def test_all_problems_of_all_registers_are_gathered_before_refusing(tmp_path):
    wrong = sites({"site_id": "S 1", "sector": ""}, {"site_id": "S2", "uscc": "9.13101E+17"})
    wrong.to_csv(tmp_path / "institutions.csv", index=False)
    officers({"officer_id": "P1", "max_tasks": "many"}).to_csv(
        tmp_path / "officers.csv", index=False
    )
    conflicts({"person_id": "P9", "target": "S2"}).to_csv(tmp_path / "conflicts.csv", index=False)
    with pytest.raises(InvalidInput) as refused:
        Registers.read(tmp_path)
    errors = [(p.file, p.row, p.column, p.code) for p in refused.value.problems
              if p.severity == "error"]  # fmt: skip
    assert errors == [
        ("institutions.csv", 2, "site_id", "id_alphabet"),
        ("institutions.csv", 2, "sector", "missing"),
        ("institutions.csv", 3, "uscc", "uscc_numeric"),
        ("officers.csv", 2, "max_tasks", "integer"),
        ("conflicts.csv", 2, "person_id", "person_unknown"),
    ]
    assert refused.value.count == 5
    assert str(refused.value).startswith("errors: 5\ninstitutions.csv row 2, S 1, site_id: 'S 1'")
    assert refused.value.text("zh").startswith("错误 5 处\ninstitutions.csv 第2行，S 1，site_id：")
    assert Registers.inspect(tmp_path).problems == refused.value.problems


def test_a_long_refusal_shows_twenty_and_carries_all():
    with pytest.raises(InvalidInput) as refused:
        read(sites(*({"site_id": f"S{i}", "sector": ""} for i in range(50))), "sites")
    assert len(str(refused.value).splitlines()) == 22
    assert str(refused.value).endswith("... and 30 more")
    assert refused.value.text("zh").endswith("……另有 30 处")
    assert sum(p.code == "missing" for p in refused.value.problems) == 50


def test_a_folder_without_a_roster_or_with_two_is_refused(tmp_path):
    with pytest.raises(InvalidInput, match="no roster in .*; want a file sites or institutions"):
        Registers.read(tmp_path)
    SITES.to_csv(tmp_path / "sites.csv", index=False)
    SITES.to_csv(tmp_path / "institutions.tsv", index=False, sep="\t")
    words = r"institutions\.tsv and sites\.csv are both the register of sites; want one file"
    with pytest.raises(InvalidInput, match=words):
        Registers.read(tmp_path)


def test_a_register_in_the_place_of_another_is_refused():
    with pytest.raises(InvalidInput, match="officers is a register of sites; want one of officers"):
        gather(officers=read(SITES, "sites"))


def test_the_kind_is_in_the_name():
    assert kind_of("a/History.XLSX") == "history"
    with pytest.raises(
        InvalidInput, match=r"roster\.csv does not tell its kind; want one of sites"
    ):
        kind_of("a/roster.csv")


CELLS = {
    "uscc": [CODE, CODE.lower(), "9I35O1OOM0001OOY43", "91350100M0001TGQXM", "9.13101E+17", ""],
    "bureau_id": ["310115", " 310101", "３１０１０１", ""],
    "sector": ["水质", "环境监测", "机动车检测", "Restaurant"],
    "credit_class": ["A", "a", "Ａ", "B级", "未评级", "/", "E"],
    "last_inspected": ["2021-10-12", "2021.10.12", "2021/10/12", "44481", "x", ""],
    "risk_score": ["12.5", "NaN", "-1", ""],
    "staff": ["3", "3.0", "x", ""],
}
ROW = st.fixed_dictionaries({name: st.sampled_from(texts) for name, texts in CELLS.items()})


def table_of(rows):
    return pd.DataFrame([{"site_id": f"S{i:02}"} | row for i, row in enumerate(rows)])


@given(st.lists(ROW, min_size=1, max_size=6).flatmap(
    lambda rows: st.tuples(st.just(rows), st.permutations(range(len(rows))))
))  # fmt: skip
def test_the_order_of_rows_changes_neither_rows_nor_problems(drawn):
    rows, order = drawn
    table = table_of(rows)
    one, other = inspect(table, "sites"), inspect(table.iloc[list(order)], "sites")

    def cleaned(register):
        return sorted(register.frame.itertuples(index=False, name=None))

    def told(register):
        cells = (p for p in register.problems if p.code != "probable_duplicate")
        return sorted((p.id, p.column, p.code, p.got, p.want) for p in cells)

    assert cleaned(one) == cleaned(other)
    assert told(one) == told(other)
    assert other.frame["site_id"].tolist() == [f"S{i:02}" for i in order]


@given(st.lists(ROW, min_size=1, max_size=6))
def test_every_cell_is_as_written_or_has_a_problem_of_its_own(rows):
    table = table_of(rows)
    register = inspect(table, "sites")
    assert len(register.frame) == len(table)
    told = {(p.row, p.column): p for p in register.problems if p.row}
    for at, row in enumerate(rows):
        for name, text in row.items():
            changed = str(register.frame.loc[at, name]) != text and (text, name) != ("", "staff")
            assert not changed or (at + 1, name) in told
    for problem in register.problems:
        assert (problem.severity, problem.file) == (SENTENCES[problem.code][0], "")
        if problem.severity == "repair" and problem.row:
            assert problem.got == table.loc[problem.row - 1, problem.column]
            read_as = register.frame.loc[problem.row - 1, problem.column]
            assert str(read_as) == problem.want


@pytest.mark.parametrize("name", ["conflict.csv", "Officer.CSV", "site.xlsx", "institution.csv"])
def test_a_slip_in_the_name_of_a_register_is_refused(tmp_path, name):
    (tmp_path / "sites.csv").write_bytes(b"site_id,bureau_id,sector\nS1,B1,x\n")
    (tmp_path / name).write_bytes(b"person_id\n")
    with pytest.raises(InvalidInput, match="would not be read; want "):
        Registers.inspect(tmp_path)


def test_a_register_may_have_a_chinese_name(tmp_path):
    (tmp_path / "机构.csv").write_bytes(b"site_id,bureau_id,sector\nS1,B1,x\n")
    (tmp_path / "回避.csv").write_bytes(b"person_id,target,kind\nP1,S1,x\n")
    (tmp_path / "notes.csv").write_bytes(b"a\n1\n")
    read = Registers.inspect(tmp_path)
    assert [len(read.sites.frame), len(read.conflicts.frame)] == [1, 1]
