"""What is in the way is named, can be counted by hand, and no site in it is superfluous."""

import numpy as np
import pytest
from hypothesis import assume, given
from staffed_worlds import (
    build,
    conflict,
    lending_problems,
    most_seats,
    officer,
    problem_of,
    problems,
    site,
)

from fairlot._base.errors import Infeasible
from fairlot.assignment import draw_teams, feasible, flow
from fairlot.assignment.feasibility import NAMED, SMALL


def refusal(problem):
    with pytest.raises(Infeasible) as caught:
        feasible(problem)
    return caught.value


def test_nothing_is_said_when_teams_exist():
    assert feasible(build([site("S1")], [officer("P1"), officer("P2")])) is None


def test_only_one_eligible_officer():
    said = refusal(build([site("S1")], [officer("P1"), officer("P2", bureau_id="C")]))
    assert said.because == ("site S1 needs 2 officers; only officer P1 remains (1 seat): 1 short",)
    assert said.because_zh == ("场所 S1 需要检查人员 2 名；仅余 P1（共 1 个名额）：缺 1 名",)
    assert said.text("en") == f"no valid teams (seats left empty: 1): {said.because[0]}"
    assert said.text("zh") == f"无法组成检查组，空缺 1 席：{said.because_zh[0]}"


def test_an_expired_licence_is_out():
    officers = [officer("P1"), officer("P2", license_expiry="2024-11-29")]
    assert "only officer P1 remains" in refusal(build([site("S1")], officers)).because[0]


def test_nobody_skilled():
    officers = [officer("P1"), officer("P2")]
    kinds = ("specialist", "officer")
    said = refusal(build([site("S1", sector="机动车检验")], officers, seats=kinds))
    assert said.because == (
        "site S1 needs 1 specialist in 机动车检验;"
        " no officer with skill 机动车检验 remains: 1 short",
    )
    assert said.because_zh == (
        "场所 S1 需要专业检查人员（机动车检验） 1 名；没有具备机动车检验专业的人员：缺 1 名",
    )


def test_two_sites_compete_for_too_few():
    officers = [officer("P1", max_tasks=2), officer("P2", max_tasks=1), *map(officer, ["P3", "P4"])]
    conflicts = [conflict(p, s) for p in ("P3", "P4") for s in ("S2", "S5")]
    said = refusal(build([site(f"S{k}") for k in range(7)], officers, conflicts))
    assert said.because == (
        "sites S2, S5 need 4 officers; only officers P1, P2 remain (3 seats): 1 short",
    )
    block = said.blocking[0]
    assert (block.need, block.available, block.short, block.minimal) == (4, 3, 1, True)


def test_two_sites_in_the_way_apart_are_two_sentences():
    sites = [site("S1"), site("S2"), site("S3", bureau_id="C"), site("S4", bureau_id="D")]
    officers = [
        *map(officer, ["P1", "P2", "P3"]),
        officer("P4", bureau_id="C"),
        *(officer(p, bureau_id="D") for p in ("P5", "P6")),
    ]
    conflicts = [conflict("P1", "S2"), conflict("P2", "S2")]
    said = refusal(build(sites, officers, conflicts))
    assert sorted(block.sites for block in said.blocking) == [("S2",), ("S3",)]
    assert said.empty == sum(block.short for block in said.blocking) == 2


def test_a_small_set_is_named_though_many_other_sites_want_the_same_officers():
    said = refusal(problem_of([[[0, 1], [0, 1]]] * (SMALL + 10), [1, 1]))
    assert said.because == (
        "sites S0000, S0001 need 4 officers; only officers P000, P001 remain (2 seats): 2 short",
    )
    assert said.empty == 2 * (SMALL + 10) - 2


def test_a_site_that_is_only_in_reach_is_left_out():
    # The search from S1 comes by S0, who has the only officer; S1 lacks one even without S0.
    said = refusal(problem_of([[[0]], [[0], [0]]], [1]))
    assert said.because == (
        "site S0001 needs 2 officers; only officer P000 remains (1 seat): 1 short",
    )


def test_sets_that_share_a_site_are_told_once():
    # S0 and S1 both want P0; so do S2 and S3, who have P1 besides.
    said = refusal(problem_of([[[0]], [[0]], [[0, 1]], [[1]]], [1, 1]))
    assert [block.sites for block in said.blocking] == [("S0000", "S0001")]
    assert said.empty == 2


def test_a_neighbour_cures_what_a_bureau_cannot():
    officers = [officer("P1"), officer("P2", bureau_id="C")]
    refusal(build([site("S1")], officers))
    feasible(build([site("S1")], officers, support={"B": ("C",)}))


def test_the_officers_of_neighbours_are_counted_too():
    officers = [officer("P1", max_tasks=1), officer("P2", bureau_id="C", max_tasks=1)]
    said = refusal(build([site("S1"), site("S2")], officers, support={"B": ("C",)}))
    assert said.blocking[0].officers == ("P1", "P2")
    assert said.blocking[0].sites == ("S1", "S2")


def test_long_lists_are_shortened_in_words_and_whole_in_the_facts():
    sites = SMALL + 20
    problem = problem_of([[list(range(8))] * 2] * sites, [10] * 8)
    said = refusal(problem)
    assert said.because == (
        f"sites S0000, S0001, S0002, S0003, S0004 and {sites - 5} more need {2 * sites} officers;"
        " only officers P000, P001, P002, P003, P004 and 3 more remain (80 seats):"
        f" {2 * sites - 80} short (a smaller set may exist)",
    )
    assert said.because_zh[0].endswith("（此组未必最小）")
    assert said.blocking[0].sites == problem.tasks
    assert said.blocking[0].officers == problem.officers


def test_many_fields_are_summed_in_words():
    fields = ["水质", "食品检验", "司法鉴定", "计量校准", "建筑材料", "材料测试"]
    sites = [site(f"S{k}", sector=f) for k, f in enumerate(fields)]
    officers = [officer(f"P{cap}", skills=";".join(fields), max_tasks=cap) for cap in (5, 6)]
    said = refusal(build(sites, officers, seats=("specialist", "officer")))
    assert said.because == (
        "sites S0, S1, S2, S3, S4 and 1 more need 6 officers and 6 specialists;"
        " only officers P5, P6 remain (11 seats): 1 short",
    )
    assert len(said.blocking[0].seats) == 1 + len(fields)


def test_no_more_sets_are_explained_than_anyone_reads():
    problem = problem_of([[[], []]] * (NAMED + 3), [1])
    said = refusal(problem)
    assert len(said.blocking) == NAMED
    assert said.empty == 2 * (NAMED + 3)


def test_the_draw_says_the_same():
    problem = problem_of([[[0, 1], [0, 1]], [[0, 1], [0, 1]]], [1, 1])
    with pytest.raises(Infeasible) as caught:
        draw_teams(problem, rng=np.random.default_rng(8))
    assert str(caught.value) == str(refusal(problem))


def short(problem, bureau):
    """Whether a bureau cannot staff its visits with officers of its own."""
    tasks = np.flatnonzero(problem.bureau == bureau)
    return most_seats(problem, tasks, {bureau: 0}) < np.isin(problem.seat_task, tasks).sum()


def by_hand(problem, block):
    """Count what the sentence counts, seat by seat and officer by officer."""
    seats = [s for s, t in enumerate(problem.seat_task) if problem.tasks[t] in block.sites]
    sites = {}
    for s in seats:
        task = problem.seat_task[s]
        for e in range(problem.ptr[s], problem.ptr[s + 1]):
            if problem.tier[e] == 0 or short(problem, problem.bureau[task]):
                sites.setdefault(problem.officers[problem.idx[e]], set()).add(task)
    cap = dict(zip(problem.officers, problem.cap.tolist(), strict=True))
    return len(seats), {name: min(cap[name], len(visits)) for name, visits in sites.items()}


@given(problems())
def test_no_site_of_a_blocking_set_is_superfluous(problem):
    assume(most_seats(problem) < problem.seat_task.size)
    for block in refusal(problem).blocking:
        tasks = [problem.tasks.index(name) for name in block.sites]
        seats = {t: int((problem.seat_task == t).sum()) for t in tasks}
        assert block.need > block.available
        assert most_seats(problem, tasks) < sum(seats.values())
        for t in tasks:
            rest = [other for other in tasks if other != t]
            assert not rest or most_seats(problem, rest) == sum(seats[other] for other in rest)


@given(lending_problems())
def test_a_blocking_set_is_counted_as_anyone_would(problem):
    assume(flow.unchanced(problem).empty.size)
    for block in refusal(problem).blocking:
        need, gives = by_hand(problem, block)
        assert (block.need, block.available) == (need, sum(gives.values()))
        assert block.officers == tuple(sorted(gives))
