"""Every cure that is told does cure, mild ones come first, and none is applied by itself."""

from dataclasses import replace

import numpy as np
import pytest
from flow_worlds import cut_of, small, worlds
from hypothesis import assume, given
from ruled_worlds import all_valid, ruled_problems
from staffed_worlds import absence, build, conflict, expert, officer, problem_of, site

from fairlot._base.errors import Infeasible
from fairlot.assignment import Problem, feasible
from fairlot.assignment.cure import Barring, Caps, Hands, Lending, Limit, Minimum, Opening, Together
from fairlot.assignment.network import network_of
from fairlot.assignment.part import part
from fairlot.assignment.rules import Need

OFFICER = (("officer", ""),)


def refusal(problem):
    with pytest.raises(Infeasible) as caught:
        feasible(problem)
    return caught.value


def found(problem):
    """The cures of the first set that is in the way."""
    return list(refusal(problem).cures[0])


def said(cure):
    return cure.text("en"), cure.text("zh")


def test_one_cap_is_raised_where_one_is_enough_the_lowest_first():
    everyone = [[0, 1], [0, 1]]
    assert found(problem_of([everyone] * 3, [3, 2]))[0] == Caps((("P001", 2, 3),))
    trio = [[0, 1, 2], [0, 1, 2]]
    alone = [Caps((("P000", 1, 3),)), Caps((("P001", 1, 3),))]  # P002 has time for one more only
    assert found(problem_of([trio] * 3, [1, 1, 2]))[:2] == alone
    assert said(alone[0]) == (
        "P000 takes up to 3 places instead of 1",
        "P000 的任务上限由 1 提高到 3",
    )


def test_several_caps_only_where_no_single_one_is_enough():
    pair = [[0, 1], [0, 1]]
    together = Caps((("P000", 1, 2), ("P001", 1, 2)))
    cures = found(problem_of([pair] * 2, [1, 1]))
    assert [cure for cure in cures if isinstance(cure, Caps)] == [together]
    assert said(together) == (
        "P000 takes up to 2 places instead of 1 and P001 takes up to 2 places instead of 1",
        "P000 的任务上限由 1 提高到 2、P001 的任务上限由 1 提高到 2",
    )


def test_several_caps_are_raised_no_further_than_needed():
    # Rings of four neighbours, teams of three; three officers have one visit less than the others.
    rows = [[(3, sorted((k + j) % 12 for j in range(4)))] for k in range(12)]
    cap = [2 if k in (0, 4, 8) else 3 for k in range(12)]
    assert found(small(rows, cap))[0] == Caps((("P00004", 2, 4), ("P00008", 2, 3)))


def test_the_limit_of_a_group_is_raised():
    problem = small([[(1, [0, 1])]] * 3, [3, 3], groups=[("食品科", (0, 1), 0, 1)])
    cure = Limit("食品科", 1, 2)
    assert found(problem)[0] == cure
    assert said(cure) == (
        "食品科 takes up to 2 places together instead of 1",
        "食品科 的合计上限由 1 提高到 2",
    )


def test_a_minimum_load_is_lowered():
    problem = small([[(1, [0, 1])]], [2, 2], least=[1, 1])
    assert found(problem) == [Minimum("P00000", 1, 0), Minimum("P00001", 1, 0)]
    assert said(Minimum("P00000", 2, 1)) == (
        "P00000 need take only 1 place instead of 2",
        "P00000 的任务下限由 2 降低到 1",
    )


def test_a_minimum_load_of_one_who_may_go_nowhere():
    error = refusal(small([[(1, [0])]], [2, 2], least=[0, 1]))
    assert error.because == (
        "officer P00001 must take at least 1 place (P00001 1) and may visit no site",
    )
    assert error.because_zh == ("P00001 至少须承担 1 个名额（P00001 1 个），但没有可去的场所",)
    assert error.cures == ((Minimum("P00001", 1, 0),),)


def test_the_minimum_load_of_a_group_is_lowered():
    problem = small([[(1, [0, 1])]], [2, 2], groups=[("食品科", (0, 1), 2, 3)])
    block = refusal(problem).blocking[0]
    assert block.text() == (
        "officers P00000 and P00001 must take at least 2 places (食品科 2), which no assignment"
        " gives them"
    )
    assert (
        block.text("zh") == "P00000、P00001 至少须承担 2 个名额（食品科 2 个），任何分派都无法满足"
    )
    assert found(problem) == [Minimum("食品科", 2, 1)]


def test_pairs_that_one_rule_alone_keeps_apart_are_named_with_the_rule():
    officers = [
        *map(officer, ["P1", "P2"]),
        officer("P3", license_expiry="2024-11-01"),
        officer("P4"),
        officer("P5", license_expiry="2024-11-01"),
    ]
    conflicts = [conflict("P2", "S1"), conflict("P5", "S1")]
    away = [absence("P4", "2024-01-01", "2024-12-31")]
    cures = found(build([site("S1")], officers, conflicts, away))
    assert cures[:3] == [
        Barring(Opening("S1", "P2", OFFICER), "近亲属"),
        Barring(Opening("S1", "P3", OFFICER), "licence"),
        Barring(Opening("S1", "P4", OFFICER), "absence"),
    ]
    assert [type(cure) for cure in cures[3:]] == [Hands]  # P5 is kept out by two rules
    assert said(cures[0]) == (
        "P2 at S1, only if the bar between them (近亲属) falls away",
        "P2 可去 S1（近亲属）：仅当该事由消除",
    )
    assert said(cures[1])[1] == "P3 可去 S1（执法证过期）：仅当该事由消除"


def test_a_pair_is_named_only_for_seats_the_officer_fits():
    officers = [
        officer("P1", skills="计量"),
        officer("P2", skills="计量"),
        officer("P3", skills="水质"),
    ]
    conflicts = [conflict("P2", "S1"), conflict("P3", "S1")]
    sites = [site("S1"), site("S2", sector="计量"), site("S3")]
    problem = build(sites, officers, conflicts, seats=("specialist", "officer"))
    barred = [cure for cure in found(problem) if isinstance(cure, Barring)]
    opening = Opening("S1", "P3", (("officer", ""), ("specialist", "水质")))
    assert barred == [Barring(opening, "近亲属")]


def test_another_bureau_could_lend():
    officers = [
        officer("P1"),
        officer("P2", bureau_id="C"),
        officer("P3", bureau_id="C", license_expiry="2024-11-01"),
        officer("P4", bureau_id="C"),
        officer("P5", bureau_id="D"),
    ]
    sites = [site("S1"), site("S2", bureau_id="C")]
    cures = found(build(sites, officers, [conflict("P4", "S1")]))
    lent = [cure for cure in cures if isinstance(cure, Lending)]
    assert [(cure.lender, cure.borrower) for cure in lent] == [("C", "B")]
    assert "P3" not in {opening.officer for opening in lent[0].openings}
    assert said(lent[0]) == (
        "bureau C lends officers to bureau B (their conflicts still to be checked)",
        "机关 B 向机关 C 借调人员（回避情况须另行核对）",
    )


def lenders(sites, officers, **more):
    """Who could lend to bureau B, in this order."""
    cures = [cure for block in refusal(build(sites, officers, **more)).cures for cure in block]
    return [c.lender for c in cures if isinstance(c, Lending) and c.borrower == "B"]


def test_nobody_is_lent_who_is_needed_at_home():
    # B and C have two sites each and officers for one; D has an officer to spare, E has none.
    staff = {"B": 3, "C": 3, "D": 3, "E": 2}
    officers = [
        officer(f"{bureau}{k}", bureau_id=bureau, max_tasks=1)
        for bureau, n in staff.items()
        for k in range(n)
    ]
    homes = ("B", "B", "C", "C", "D", "E")
    sites = [site(f"S{k}", bureau_id=home) for k, home in enumerate(homes)]
    assert lenders(sites, officers) == ["D"]
    assert lenders([*sites[:3], *sites[4:]], officers) == ["C", "D"]


def test_bureaux_that_lend_to_others_are_named_first():
    officers = [
        officer("P1"), *(officer(f"{home}{k}", bureau_id=home) for home in "CDE" for k in range(2))
    ]  # fmt: skip
    sites = [site("S1"), *(site(f"S{home}", bureau_id=home) for home in "CDE")]
    assert lenders(sites, officers) == ["C", "D", "E"]
    assert lenders(sites, officers, support={"E": ("D",)}) == ["D", "C", "E"]


def test_a_bar_is_not_named_that_would_take_from_another_site():
    officers = [officer("P1"), officer("P2", max_tasks=1), officer("P3", bureau_id="C")]
    sites = [site("S1"), site("S2")]
    barred = [conflict("P2", "S1")]
    for drawn, said in ((sites[:1], ["S1"]), (sites, [])):
        cures = [cure for block in refusal(build(drawn, officers, barred)).cures for cure in block]
        assert [cure.opening.site for cure in cures if isinstance(cure, Barring)] == said


def test_experts_are_counted_within_the_limit_of_the_plan():
    officers = [officer(f"P{k}", max_tasks=12) for k in range(2)]
    sites = [site(f"S{k}") for k in range(5)]
    seats = ("specialist", "officer", "expert")
    cures = found(build(sites, officers, seats=seats, experts=[expert("E1")]))
    assert [said(cure)[0] for cure in cures] == [
        "1 more expert in 水质 with up to 4 places for these sites"
    ]


def test_more_hands_are_counted_with_the_time_others_have():
    cures = found(problem_of([[[0, 1], [0, 1]]] * 4, [2, 2]))
    hands = cures[-1]
    assert (hands.more, hands.cap) == (((1, "officer", ""),), 2)
    assert said(hands) == (
        "1 more officer with up to 2 places for these sites",
        "为此增加检查人员 1 名，每人至多 2 个名额",
    )
    both = found(small([[(1, []), (2, [])]], [1]))[-1]
    assert said(both)[0] == "1 more kind0 and 2 more kind1s for these sites"
    alone = found(problem_of([[[], []]], [1]))[-1]
    assert said(alone) == ("2 more officers for these sites", "为此增加检查人员 2 名")


def team(**rules):
    """A team of three out of P1, P2, P3."""
    return Problem(
        tasks=("S1",),
        officers=("P1", "P2", "P3"),
        cap=[1, 1, 1],
        seat_task=[0],
        seat_kind=["officer"],
        quota=[3],
        ptr=[0, 3],
        idx=[0, 1, 2],
        **rules,
    )


def test_a_pair_kept_apart():
    problem = team(apart=[(-1, 0, 1)])
    assert refusal(problem).because == (
        "no team fits site S1: every choice breaks a rule or a cap (not together: P1 with P2)",
    )
    assert refusal(problem).because_zh == (
        "场所 S1 无法组成检查组：任何人选都违反规则或超出任务上限（不得同组：P1 与 P2）",
    )
    cures = found(problem)
    assert cures[0] == Together("P1", "P2")
    assert said(cures[0]) == (
        "P1 with P2, only if that rule falls away",
        "P1 与 P2 可同组：仅当该限制取消",
    )


def test_a_need_that_nobody_meets_is_cured_by_those_who_would():
    problem = team(needs=(Need(0, "enforcement", (0,), 2),))
    assert refusal(problem).because == (
        "site S1 needs 2 enforcement officers; only officer P1 remains (1 place): 1 short",
    )
    hands = found(problem)[-1]
    assert said(hands) == (
        "1 more enforcement officer for these sites",
        "为此增加执法人员 1 名",
    )


def test_the_problem_is_left_as_it_was():
    problem = problem_of([[[0, 1], [0, 1]]] * 2, [1, 2])
    cures = found(problem)
    assert all(feasible(cure.made(problem)) is None for cure in cures)
    assert problem.cap.tolist() == [1, 2]
    assert found(problem) == cures


def lacking(problem):
    network = network_of(problem)
    return problem.quota.sum() - cut_of(network._replace(least=0 * network.least))[0]


def staffed(problem):
    return lacking(problem) == 0


@given(worlds(minima=False))
def test_every_cure_does_cure(problem):
    assume(not staffed(problem))
    error = refusal(problem)
    cured = problem
    for block, cures in zip(error.blocking, error.cures, strict=True):
        tasks = np.array([problem.tasks.index(name) for name in block.sites])
        here = part(problem, tasks)
        assert not staffed(here)
        assert all(staffed(cure.made(here)) for cure in cures)
        left = lacking(problem) - lacking(here)  # no other site pays for it
        assert all(lacking(cure.made(problem)) <= left for cure in cures)
        for cure in cures[:1]:
            cured = cure.made(cured)
    assert error.left == cured.quota.sum() - cut_of(network_of(cured))[0]


@given(worlds(minima=False))
def test_more_hands_of_some_kind_are_always_a_cure_and_fewer_are_none(problem):
    assume(not staffed(problem))
    error = refusal(problem)
    for block, cures in zip(error.blocking, error.cures, strict=True):
        hands = [cure for cure in cures if isinstance(cure, Hands)]
        assert hands
        here = part(problem, np.array([problem.tasks.index(name) for name in block.sites]))
        for cure in hands:
            for at, (n, kind, skill) in enumerate(cure.more):
                fewer = (*cure.more[:at], (n - 1, kind, skill), *cure.more[at + 1 :])
                assert not staffed(replace(cure, more=fewer).made(here))


@given(ruled_problems())
def test_every_cure_of_broken_rules_does_cure(problem):
    assume(problem.combinatorial and not all_valid(problem))
    error = refusal(problem)
    for block, cures in zip(error.blocking, error.cures, strict=True):
        tasks = np.array([problem.tasks.index(name) for name in block.sites], int)
        here = part(problem, tasks)
        here = problem if not tasks.size or all_valid(here) else here
        assert all(all_valid(cure.made(here)) for cure in cures)
