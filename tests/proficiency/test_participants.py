"""Who should have reported: the listed, and those who report a part; none is missing in silence."""

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from round_worlds import FIXED, KNOWN, LEAD, frame, scheme

from fairlot._base.errors import InvalidInput
from fairlot.proficiency import score_round

COPPER = 'name = "铜"\nunit = "mg/kg"\n' + KNOWN + FIXED
BOTH = scheme(LEAD + KNOWN + FIXED, COPPER)


def sent(*rows):
    return pd.DataFrame(rows, columns=["lab", "measurand", "level", "value"]).assign(unit="mg/kg")


def listed(*labs, **columns):
    return pd.DataFrame({"lab": labs, **columns})


def absent(found):
    return [
        (one.result.lab, one.result.measurand, one.result.level)
        for one in found.results
        if one.reason == "absent"
    ]


def told(found):
    return [(p.id, p.got) for p in found.problems if p.code == "level_unreported"]


def test_who_reports_some_levels_is_absent_from_the_others():
    table = sent(("A", "铅", "S1", "0.3"), ("A", "铅", "S2", "0.3"), ("A", "铜", "S1", "0.3"),
                 ("B", "铅", "S1", "0.3"))  # fmt: skip
    found = score_round(table, BOTH)
    assert absent(found) == [("B", "铅", "S2")]
    assert told(found) == [("B", "铅 S2")]
    (one,) = [p for p in found.problems if p.code == "level_unreported"]
    assert one.text("zh") == "B：未上报 铅 S2，按缺席处理"
    strict = scheme(top='[verdict]\nfails = { "不满意" = 1, "缺席" = 1 }\n')
    assert [(v.lab, v.final) for v in score_round(table[table["measurand"] == "铅"], strict).verdicts] == [
        ("A", "合格"), ("B", "不合格"),
    ]  # fmt: skip


def test_the_listed_are_absent_where_they_sent_nothing():
    table = sent(("A", "铅", "S1", "0.3"), ("B", "铅", "S2", "0.3"), ("A", "铜", "S1", "0.3"))
    found = score_round(table, BOTH, participants=listed("A", "B", "C", name=["甲", "乙", "丙"]))
    assert sorted(absent(found)) == [
        ("A", "铅", "S2"), ("B", "铅", "S1"), ("B", "铜", "S1"),
        ("C", "铅", "S1"), ("C", "铅", "S2"), ("C", "铜", "S1"),
    ]  # fmt: skip
    assert told(found) == [("A", "铅 S2"), ("B", "铅 S1; 铜 S1"), ("C", "铅 S1, S2; 铜 S1")]
    verdicts = {(v.lab, v.measurand): (v.name, v.final) for v in found.verdicts}
    assert verdicts["C", "铅"] == ("丙", "缺席")
    assert verdicts["B", "铜"] == ("乙", "缺席")
    assert {(o.lab, o.measurand) for o in found.orders} >= {("C", "铅"), ("C", "铜"), ("B", "铜")}


def test_a_participant_may_take_part_in_some_measurands_only():
    table = sent(("A", "铅", "S1", "0.3"), ("A", "铜", "S1", "0.3"))
    who = listed("A", "B", "C", 检测参数=["", "铅", "铜"])
    assert absent(score_round(table, BOTH, participants=who)) == [
        ("B", "铅", "S1"), ("C", "铜", "S1"),
    ]  # fmt: skip


def test_who_is_not_listed_is_refused_and_the_nearest_is_named(tmp_path):
    who = tmp_path / "list.csv"
    who.write_text("参加编号,检测参数\nPT01,\nPT02,铝\n", encoding="utf-8")
    table = frame(["0.3", "0.3"]).assign(lab=["PT01", "PT2"], unit="mg/kg")
    with pytest.raises(InvalidInput) as refused:
        score_round(table, BOTH, participants=who)
    assert str(refused.value).splitlines()[1:] == [
        "row 2, PT2, lab: 'PT2' is no participant; want PT02",
        "list.csv row 3, PT02, measurand: the scheme has no measurand '铝'; want one of 铅, 铜",
    ]


def test_a_list_without_laboratories_is_refused():
    with pytest.raises(InvalidInput, match="want one called lab"):
        score_round(frame(["0.3"]), BOTH, participants=pd.DataFrame({"name": ["甲"]}))


def test_who_only_comes_to_the_retest_was_absent_before():
    table = sent(("A", "铅", "S1", "0.3"), ("B", "铅", "S1", "0.3"))
    table["attempt"] = ["初测", "补测"]
    found = score_round(table, scheme(), participants=listed("A", "B"))
    assert absent(found) == [("B", "铅", "S1")]
    assert {v.lab: v.first for v in found.verdicts} == {"A": "合格", "B": "缺席"}
    assert absent(score_round(table, scheme())) == []


@given(st.sets(st.tuples(st.sampled_from("ABCD"), st.sampled_from(["S1", "S2", "S3"])), min_size=1))
def test_everyone_listed_has_a_result_on_every_level(pairs):
    table = sent(*((lab, "铅", level, "0.3") for lab, level in sorted(pairs)))
    found = score_round(table, scheme(), participants=listed(*"ABCD"))
    levels = {level for _, level in pairs}
    have = [(one.result.lab, one.result.level) for one in found.results]
    assert sorted(have) == sorted((lab, level) for lab in "ABCD" for level in levels)
    assert {one for one in have if one in pairs} == pairs
    assert len(absent(found)) == len(have) - len(pairs)


# Names that are none of the scheme's.


@pytest.mark.parametrize(
    ("name", "hint"), [("PB", "'PB'; want one of Pb"), ("Zn", "'Zn'; want one of Pb, 总铬")]
)
def test_a_measurand_that_the_scheme_has_not_may_resemble_one(name, hint):
    terms = scheme(*(f'name = "{each}"\n{KNOWN}{FIXED}' for each in ("Pb", "总铬")))
    with pytest.raises(InvalidInput, match=f"the scheme has no measurand {hint}$"):
        score_round(frame(["0.3"]).assign(measurand=name), terms)


# Replicates.


@pytest.mark.parametrize(
    ("values", "text", "form", "n"),
    [
        (["0.31", ""], "0.31", "number", 1),
        (["", "0.31", "0.33"], "0.32", "number", 2),
        (["0.31", "<0.2"], "0.31, <0.2", "mixed", 2),
        (["ND", "<0.2"], "ND, <0.2", "mixed", 2),
        (["<0.1", "<0.2"], "<0.2", "below", 2),
        (["", ""], "", "absent", 1),
    ],
)
def test_a_replicate_left_empty_leaves_the_others(values, text, form, n):
    table = frame(values).assign(lab="A", replicate=range(1, len(values) + 1))
    found = score_round(table, scheme())
    (one,) = [one.result for one in found.results]
    assert (one.text, one.form, one.n) == (text, form, n)
    noticed = [p.row for p in found.problems if p.code == "replicate_absent"]
    assert noticed == [i for i, value in enumerate(values, start=1) if not value and any(values)]
