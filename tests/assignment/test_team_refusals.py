"""Rules, registers and joint lists that contradict each other: refused together, with rows."""

import pytest
from staffed_worlds import TWO, WINDOW, absence, build, conflict, expert, officer, register, site

from fairlot._base.errors import InvalidInput
from fairlot.assignment import Limit, Problem, TeamRules

RULES = [
    ({"seats": ("officer",)}, "want at least 2"),
    ({"seats": ("officer", "expert")}, "want at least 2"),
    ({"seats": ("officer", "officer", "driver")}, "none but these and expert"),
    ({"support": {"B": ("B",)}}, "bureau B is to borrow officers from B; want other bureaux"),
    ({"support": {"B": ("C", "C")}}, "bureau B is to borrow officers from C; want other bureaux"),
    ({"rotation": "sometimes"}, "rotation is sometimes; want one of"),
    ({"partners": "mars"}, "partners is mars; want one of"),
]


@pytest.mark.parametrize(("rule", "said"), RULES)
def test_rules_that_cannot_be_meant_are_refused(rule, said):
    with pytest.raises(InvalidInput, match=said) as refused:
        TeamRules(**{"seats": TWO, **rule})
    assert refused.value.text("zh") != refused.value.text("en")


def refusals(*registers, **more):
    with pytest.raises(InvalidInput) as refused:
        build(*registers, **more)
    return [problem.text(lang) for lang in ("en", "zh") for problem in refused.value.problems]


S, P = [site("S1")], [officer("P1"), officer("P2")]
EXPIRED = [officer("P1", license_expiry="2024-09-01"), officer("P2", active=False)]

CASES = {
    "a site twice": (
        ([*S, *S], P), {},
        "sites row 2, S1, site_id: the same id stands in rows 1, 2; want it once",
        "sites 第2行，S1，site_id：同一编号出现在第 1, 2 行，只应出现一次",
    ),
    "an officer twice": (
        (S, [*P, P[0]]), {},
        "officers row 3, P1, officer_id: the same id stands in rows 1, 3; want it once",
        "officers 第3行，P1，officer_id：同一编号出现在第 1, 3 行，只应出现一次",
    ),
    "a conflict with oneself": (
        (S, P, [conflict("P1", "P1")]), {},
        "conflicts row 1, P1, target: 'P1' is in conflict with itself; "
        "want a site or a code as target",
        "conflicts 第1行，P1，target：“P1” 与自己构成回避关系，对象应为场所编号或统一社会信用代码",
    ),
    "a least load above the most": (
        (S, [*P, officer("P3", max_tasks=2, min_tasks=3)]), {},
        "officers row 3, P3, min_tasks: the officer must do at least 3 tasks; "
        "want 0 - 2 (up to the officer's most)",
        "officers 第3行，P3，min_tasks：任务下限为 3，应为 0 - 2（不高于任务上限）",
    ),
    "an id of an officer and an expert": (
        (S, P), {"experts": [expert("P2")], "seats": (*TWO, "expert")},
        "officers row 2, P2, officer_id: 'P2' is the id of an officer and of an expert; "
        "want ids of their own",
        "officers 第2行，P2，officer_id：“P2” 同为检查人员与专家的编号，两者编号应互不相同",
    ),
    "expired licences only": (
        (S, EXPIRED), {},
        "officers, P1, license_expiry: nobody of bureau 'B' can go, and this licence ends "
        "too early; want one valid on 2024-11-30",
        "officers，P1，license_expiry：机关 “B” 无人可派，该执法证过期过早，"
        "应在 2024-11-30 仍有效",
    ),
    "a lender without officers": (
        (S, P), {"support": {"B": ("Z",)}},
        "support, B: bureau 'Z' is to lend officers and has none; want a bureau with officers",
        "support，B：借调机关 “Z” 没有检查人员，应为有检查人员的机关",
    ),
    "a limit for nobody": (
        (S, P), {"team": {"limits": (Limit("B", "公安"),)}},
        "limits: the limit of 'B 公安' holds for nobody; want a bureau or department with officers",
        "limits：“B 公安” 的任务限额没有对应人员，应为有检查人员的机关或部门",
    ),
    "a department without officers": (
        (S, [*P, officer("G1", department="公安")], (), [absence("G1", *WINDOW)]),
        {"departments": {"S1": ("公安",)}},
        "departments, S1: no officer of department '公安' is active, licensed and there; "
        "want one, or a joint list without it",
        "departments，S1：部门 “公安” 没有在岗、执法证有效且未缺勤的检查人员，"
        "应补充人员或从联合名单中去掉该部门",
    ),
    "an unknown pair": (
        (S, P), {"apart": [("P1", "PX")]},
        "apart: 'PX' may not serve with another and is nobody; "
        "want a known officer_id / expert_id",
        "apart：“PX” 被列为不得同组，应为名录内的 officer_id / expert_id",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("given", "more", "en", "zh"), CASES.values(), ids=CASES)
def test_what_contradicts_itself_is_refused_in_both_languages(given, more, en, zh):
    assert refusals(*given, **more) == [en, zh]


def test_contradictions_of_a_kind_are_refused_together():
    assert len(refusals([*S, *S], [*P, P[0]], [conflict("P1", "P1"), conflict("P2", "P2")])) == 8
    more = {"support": {"B": ("Z",)}, "departments": {"S1": ("公安",)}, "apart": [("P1", "PX")]}
    assert len(refusals(S, EXPIRED, **more)) == 6


def test_a_licence_that_ends_early_is_no_fault_where_others_can_go():
    assert build(S, [*EXPIRED, officer("P3")]).idx.tolist() == [2]
    assert build(S, [*EXPIRED, officer("P3", bureau_id="C")], support={"B": ("C",)}).idx.size == 1


def test_a_seat_for_an_expert_asks_for_their_register():
    tables = (register(kind) for kind in ("sites", "officers", "conflicts", "absences"))
    with pytest.raises(InvalidInput, match="want the register of experts"):
        Problem.from_registers(*tables, team=TeamRules((*TWO, "expert")), window=WINDOW)


def test_limits_that_overlap_are_refused():
    officers = [*P, officer("P3", bureau_id="C"), officer("G1", department="公安")]
    limits = (Limit("B", most=3), Limit(department="市场监管", most=3))
    with pytest.raises(InvalidInput, match="groups B and 市场监管 overlap"):
        build(S, officers, team={"limits": limits})


def test_a_department_without_officers_is_told_once():
    more = {"departments": {"S1": ("公安", "人防"), "S2": ("公安",), "S3": ("公安",)}}
    assert len(refusals(S, P, **more)) == 4
