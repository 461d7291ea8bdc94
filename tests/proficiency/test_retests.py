"""Verdicts and orders: what a retest mends, what a sample left out or not gradable leads to."""

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from round_worlds import FIXED, KNOWN, LEAD, frame, scheme

from fairlot.proficiency import TooMany, score_round
from fairlot.proficiency.verdict import conditions

GOOD, DOUBTFUL, BAD = "0.3", "1.1", "1.2"
CADMIUM = 'name = "镉"\n' + KNOWN + FIXED
WHOLE = '[verdict]\nby = "laboratory"\n'


def staged(*rows, top=""):
    """Score rows of (lab, level, stage, value), a level "镉" of the other measurand."""
    table = pd.DataFrame(rows, columns=["lab", "level", "attempt", "value"])
    other = table["level"] == "镉"
    table = table.assign(measurand=other.map({True: "镉", False: "铅"}))
    table.loc[other, "level"] = "S1"
    return score_round(table, scheme(LEAD + KNOWN + FIXED, CADMIUM, top=top))


def verdicts(found):
    return {v.lab: (v.first, v.retest, v.final) for v in found.verdicts}


def ordered(found):
    return {o.lab: (o.why, o.state) for o in found.orders}


def test_a_retest_decides_the_final_verdict_and_the_state_of_the_order():
    rows = (
        ("A", "S1", "初测", BAD), ("A", "S1", "补测", GOOD),
        ("B", "S1", "初测", BAD), ("B", "S1", "补测", "1.3"),
        ("C", "S1", "初测", "缺席"), ("C", "S1", "补测", GOOD),
        ("D", "S1", "初测", "缺席"),
        ("E", "S1", "初测", DOUBTFUL),
        ("F", "S1", "初测", GOOD),
        ("G", "S1", "初测", "ND"),
        ("H", "S1", "补测", GOOD),
        ("I", "S1", "初测", BAD), ("I", "S1", "补测", "ND"),
    )  # fmt: skip
    found = staged(*rows)
    assert verdicts(found) == {
        "A": ("不合格", "合格", "合格"), "B": ("不合格", "不合格", "不合格"),
        "C": ("缺席", "合格", "合格"), "D": ("缺席", "", "缺席"), "E": ("合格", "", "合格"),
        "F": ("合格", "", "合格"), "G": ("未评", "", "未评"), "H": ("缺席", "合格", "合格"),
        "I": ("不合格", "不合格", "不合格"),
    }  # fmt: skip
    assert ordered(found) == {
        "A": ("不满意 1", "passed"), "B": ("不满意 1", "failed"), "C": ("缺席", "passed"),
        "D": ("缺席", "ordered"), "E": ("可疑 1", "ordered"), "G": ("未评 1", "ordered"),
        "H": ("缺席", "passed"), "I": ("不满意 1", "ordered"),
    }  # fmt: skip
    stay = staged(*rows, top="[followup]\nabsent = false\nungraded = false\n")
    assert ordered(stay).keys() == {"A", "B", "E", "I"}


def test_a_retest_of_one_of_two_failed_samples_passes_nothing():
    failed = ("A", "S1", "初测", "1.5"), ("A", "S2", "初测", BAD)
    half = staged(*failed, ("A", "S1", "补测", GOOD))
    assert verdicts(half) == {"A": ("不合格", "不合格", "不合格")}
    assert ordered(half) == {"A": ("不满意 2", "ordered")}
    (order,) = half.orders
    assert [(part.level, part.state) for part in order.samples] == [
        ("S1", "passed"), ("S2", "ordered"),
    ]  # fmt: skip
    both = staged(*failed, ("A", "S1", "补测", GOOD), ("A", "S2", "补测", GOOD))
    assert (verdicts(both)["A"][2], ordered(both)["A"][1]) == ("合格", "passed")


def test_a_retest_of_lead_does_not_clear_cadmium():
    rows = ("A", "S1", "初测", BAD), ("A", "镉", "初测", BAD), ("A", "S1", "补测", GOOD)
    found = staged(*rows, top=WHOLE)
    assert verdicts(found) == {"A": ("不合格", "不合格", "不合格")}
    assert ordered(found) == {"A": ("不满意 2", "ordered")}


def test_a_retest_that_is_questionable_again_has_not_passed():
    found = staged(("A", "S1", "初测", DOUBTFUL), ("A", "S1", "补测", DOUBTFUL))
    assert verdicts(found) == {"A": ("合格", "合格", "合格")}
    assert ordered(found) == {"A": ("可疑 1", "failed")}


def test_a_good_sample_that_fails_its_retest_is_ordered():
    found = staged(("A", "S1", "初测", GOOD), ("A", "S1", "补测", BAD))
    assert (verdicts(found)["A"], ordered(found)) == (
        ("合格", "不合格", "不合格"), {"A": ("不满意 1", "failed")},
    )  # fmt: skip


PARTLY = (
    ("A", "S1", "初测", GOOD), ("A", "S2", "初测", "缺席"),
    ("B", "S1", "初测", "缺席"), ("B", "S2", "初测", ""),
    ("C", "S1", "初测", GOOD), ("C", "S2", "初测", "ND"),
    ("D", "S1", "初测", BAD), ("D", "S2", "初测", ""),
    ("E", "S1", "初测", "ND"), ("E", "S2", "初测", "ND"),
)  # fmt: skip


def test_a_sample_left_out_fails_and_one_that_cannot_be_graded_is_followed_up():
    found = staged(*PARTLY)
    assert [v.first for v in found.verdicts] == ["不合格", "缺席", "合格", "不合格", "未评"]
    assert [v.open for v in found.verdicts] == [1, 2, 1, 1, 2]
    assert [v.because for v in found.verdicts] == [
        ("1 or more left out", "缺席达 1 项"), ("", ""), ("", ""),
        ("1 or more 不满意 or worse; 1 or more left out", "不满意及以下达 1 项；缺席达 1 项"), ("", ""),
    ]  # fmt: skip
    assert [(o.lab, o.why) for o in found.orders] == [
        ("A", "缺席 1"), ("B", "缺席"), ("C", "未评 1"), ("D", "不满意 1, 缺席 1"), ("E", "未评 2"),
    ]  # fmt: skip
    lax = staged(*PARTLY, top='[verdict]\nfails = { "不满意" = 1 }\n')
    assert [v.first for v in lax.verdicts] == ["合格", "缺席", "合格", "不合格", "未评"]
    strict = staged(*PARTLY, top='[verdict]\nfails = { "未评" = 1 }\n')
    assert [v.first for v in strict.verdicts] == ["合格", "缺席", "不合格", "合格", "不合格"]
    assert strict.verdicts[2].because[0] == "1 or more reported so that no grade can be told"


def test_nobody_is_blamed_for_a_level_without_an_assigned_value():
    few = scheme(LEAD + FIXED, top='[verdict]\nfails = { "未评" = 1 }\n')
    found = score_round(frame([GOOD, "", "<0.2"]), few)
    assert [v.final for v in found.verdicts] == ["未评", "缺席", "未评"]
    assert [o.lab for o in found.orders] == ["L2"]
    unscored = scheme(LEAD + KNOWN + FIXED + 'below = "unscored"\n')
    assert score_round(frame(["<0.2"]), unscored).orders == ()


def test_the_rule_says_what_each_condition_counts():
    rule = conditions(scheme(top='[verdict]\nfails = { "可疑" = 2, "缺席" = 1, "未评" = 3 }\n'))
    assert [one.text("zh") for one in rule] == ["可疑及以下达 2 项", "缺席达 1 项", "未评达 3 项"]
    assert rule[0] == TooMany("可疑", 2)


CASES = st.lists(st.sampled_from([GOOD, DOUBTFUL, BAD, "ND", "", None]), min_size=1, max_size=4)


@given(CASES, CASES)
def test_the_final_verdict_is_that_of_the_results_that_count(first, again):
    rows = [("A", f"S{i}", "初测", x) for i, x in enumerate(first) if x is not None]
    retests = [("A", f"S{i}", "补测", x) for i, x in enumerate(again) if x is not None]
    if not rows + retests:
        return
    graded = {level: value for _, level, _, value in retests if value not in ("", "ND")}
    levels = dict.fromkeys(level for _, level, *_ in rows + retests)
    told = {level: value for _, level, _, value in rows} | graded
    counting = [("A", level, "初测", told.get(level, "")) for level in levels]
    one, merged = staged(*rows, *retests), staged(*counting)
    assert one.verdicts[0].final == merged.verdicts[0].final
    open_orders = [o for o in one.orders if o.state != "passed"]
    assert bool(open_orders) == bool(merged.orders)


def test_labels_of_ones_own_need_nothing_else():
    top = '[grades]\nlimits = ["3"]\nat_limit = ["worse"]\nlabels = ["通过", "不通过"]\n'
    terms = scheme(top=top)
    assert (terms.grades_e_n.labels, terms.followup.grades) == (("通过", "不通过"), ("不通过",))
    assert terms.verdict.fails == {"不通过": 1, "缺席": 1}
    found = score_round(frame([DOUBTFUL, BAD]), terms)
    assert ([v.final for v in found.verdicts], len(found.orders)) == (["合格", "不合格"], 1)
    assert scheme().digest() == scheme(top='[followup]\ngrades = ["可疑", "不满意"]\n').digest()


@pytest.mark.parametrize("kind", ["缺席", "未评"])
def test_what_is_no_grade_is_no_grade_to_follow_up(kind):
    with pytest.raises(ValueError, match=f"{kind} is no grade"):
        scheme(top=f'[followup]\ngrades = ["{kind}"]\n')
