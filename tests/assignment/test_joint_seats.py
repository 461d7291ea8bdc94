"""Leads, experts and the departments of a joint visit: who sits where, and who never does."""

import numpy as np
import pytest
from staffed_worlds import build, conflict, eligible, expert, officer, site

JOINT = {"S1": ("市场监管", "公安", "生态环境", "公安"), "S2": ("市场监管",)}
STAFF = [
    officer("P1"),
    officer("P2"),
    officer("G1", bureau_id="GA", department="公安"),
    officer("G2", bureau_id="B", department="公安"),
    officer("H1", bureau_id="HJ", department="生态环境"),
]


def test_a_lead_is_senior_enough():
    officers = [officer("P1", seniority=3), officer("P2", seniority=4), officer("P3")]
    problem = build([site("S1")], officers, seats=("lead", "officer"), team={"lead_seniority": 4})
    assert eligible(problem) == {("S1", 0): ["P2"], ("S1", 1): ["P1", "P2", "P3"]}


def test_every_other_department_gets_seats_of_its_own():
    problem = build([site("S1"), site("S2")], STAFF, departments=JOINT, team={"per_department": 2})
    assert problem.seat_kind.tolist() == [
        "officer",
        "department:公安",
        "department:生态环境",
        "officer",
    ]
    assert problem.quota.tolist() == [2, 2, 2, 2]
    assert eligible(problem) == {
        ("S1", 0): ["P1", "P2"],
        ("S1", 1): ["G1", "G2"],
        ("S1", 2): ["H1"],
        ("S2", 0): ["P1", "P2"],
    }


def test_without_a_joint_list_a_department_means_nothing():
    assert eligible(build([site("S1")], STAFF))["S1", 0] == ["G2", "P1", "P2"]


def test_the_seats_do_not_hang_on_which_joint_sites_were_drawn():
    drawn = build([site("S2")], STAFF, departments=JOINT)
    assert eligible(drawn) == {("S2", 0): ["P1", "P2"]}


def test_partners_may_be_kept_to_the_bureau_and_its_lenders():
    officers = [*STAFF, officer("G3", bureau_id="C", department="公安")]
    rules = {"departments": {"S1": ("公安",)}, "support": {"B": ("C",)}}
    problem = build([site("S1")], officers, team={"partners": "bureau"}, **rules)
    assert eligible(problem)["S1", 1] == ["G2", "G3"]
    assert problem.tier[problem.ptr[1] :].tolist() == [0, 1]


def test_another_department_may_draw():
    officers = [officer("G1", department="公安"), officer("G2", department="公安"), officer("P1")]
    problem = build(
        [site("S1")],
        officers,
        departments={"S1": ("公安", "市场监管")},
        team={"department": "公安"},
    )
    assert eligible(problem) == {("S1", 0): ["G1", "G2"], ("S1", 1): ["P1"]}


EXPERTS = [
    expert("E1"),
    expert("E2", skills="食品检验;司法鉴定"),
    expert("E3", skills="计量校准"),
    expert("E4", employer_uscc="X"),
    expert("E5"),
]


def with_experts(*sites, **more):
    return build(
        sites, [officer("P1"), officer("P2")], [conflict("E5", "S1")],
        seats=("officer", "expert", "officer"), experts=EXPERTS, **more,
    )  # fmt: skip


def test_an_expert_knows_the_field_and_is_nobodys_employee_there():
    problem = with_experts(site("S1", uscc="X", sector2="食品检验"), site("S2", uscc="Y"))
    rows = eligible(problem)
    assert rows["S1", 1] == ["E1", "E2"]
    assert rows["S2", 1] == ["E1", "E4", "E5"]
    assert problem.seat_skill.tolist() == ["", "水质;食品检验", "", "水质"]


def test_an_expert_sits_in_no_officers_seat_and_has_a_cap():
    problem = with_experts(site("S1"), team={"expert_cap": 2})
    assert eligible(problem)["S1", 0] == ["P1", "P2"]
    assert dict(zip(problem.officers, problem.cap.tolist(), strict=True)) == {
        **{f"E{k}": 2 for k in range(1, 6)},
        "P1": 9,
        "P2": 9,
    }
    assert problem.home.tolist() == [""] * 5 + ["B", "B"]


def test_experts_stay_out_where_no_seat_is_theirs():
    assert build([site("S1")], [officer("P1")], experts=EXPERTS).officers == ("P1",)


@pytest.mark.parametrize("order", [1, -1])
def test_neither_the_order_of_rows_nor_the_register_decides(order):
    sites = [site("S1", sector2="食品检验"), site("S2")]
    more = {"seats": ("officer", "officer", "expert"), "departments": JOINT}
    one = build(sites, STAFF, experts=EXPERTS, **more)
    other = build(sites[::order], STAFF[::order], experts=EXPERTS[::order], **more)
    for name in ("ptr", "idx", "tier", "quota", "cap", "seat_kind", "seat_skill", "home"):
        assert np.array_equal(getattr(one, name), getattr(other, name))
