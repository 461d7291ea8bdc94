"""What is in the way is named, can be counted by hand, and no site in it is superfluous."""

import json
import os
import time
from dataclasses import replace
from itertools import combinations
from pathlib import Path

import numpy as np
import pytest
from flow_worlds import cut_of, small, staffable, worlds
from hypothesis import assume, given
from hypothesis import strategies as st
from ruled_worlds import all_valid, ruled_problems
from staffed_worlds import build, conflict, expert, officer, problem_of, site

from fairlot._base.errors import Infeasible
from fairlot.assignment import Problem, feasible
from fairlot.assignment.feasibility import NAMED
from fairlot.assignment.network import network_of
from fairlot.assignment.part import part
from fairlot.assignment.rules import Need

COPY = Path(__file__).parents[1] / "reference" / "data"
FOLDER = Path(os.environ.get("FAIRLOT_REFERENCES") or COPY)
INSTANCES = json.loads((FOLDER / "assignment.json").read_text(encoding="utf-8"))["instances"]
IMPOSSIBLE = [instance for instance in INSTANCES if not instance["answer"]["feasible"]]


def refusal(problem):
    with pytest.raises(Infeasible) as caught:
        feasible(problem)
    return caught.value


def test_nothing_is_said_when_teams_exist():
    assert feasible(build([site("S1")], [officer("P1"), officer("P2")])) is None


def test_nothing_is_in_the_way_of_no_visits():
    assert feasible(small([], [1, 2])) is None


def test_only_one_eligible_officer():
    said = refusal(build([site("S1")], [officer("P1"), officer("P2", active=False)]))
    assert said.because == ("site S1 needs 2 officers; only officer P1 remains (1 place): 1 short",)
    assert said.because_zh == ("场所 S1 需要检查人员 2 名；仅余 P1（共 1 个名额）：缺 1 名",)
    assert said.text("en") == (
        f"no valid teams (places nobody can take: 1): {said.because[0]}"
        " [ways out: 1 more officer for these sites]"
    )
    assert said.text("zh") == (
        f"无法组成检查组（空缺 1 个名额）：{said.because_zh[0]}【可行办法：为此增加检查人员 1 名】"
    )


def test_nobody_skilled():
    officers = [officer("P1"), officer("P2")]
    kinds = ("specialist", "officer")
    said = refusal(build([site("S1", sector="机动车检验")], officers, seats=kinds))
    assert said.because == (
        "site S1 needs 1 specialist in 机动车检验; no specialist in 机动车检验 remains: 1 short",
    )
    assert said.because_zh == (
        "场所 S1 需要专业检查人员（机动车检验） 1 名；没有可派的专业检查人员（机动车检验）：缺 1 名",
    )


def test_too_few_experts():
    officers = [officer("P1"), officer("P2")]
    seats = ("officer", "officer", "expert")
    experts = [expert("E1", skills="水质")]
    said = refusal(build([site(f"S{k}") for k in range(5)], officers, seats=seats, experts=experts))
    assert said.because == (
        "sites S0, S1, S2, S3 and S4 need 5 experts in 水质; only expert E1 remains (4 places):"
        " 1 short (no smaller set of sites is in the way here)",
    )


def test_two_sites_compete_for_too_few():
    officers = [officer("P1", max_tasks=2), officer("P2", max_tasks=1), *map(officer, ["P3", "P4"])]
    conflicts = [conflict(p, s) for p in ("P3", "P4") for s in ("S2", "S5")]
    said = refusal(build([site(f"S{k}") for k in range(7)], officers, conflicts))
    assert said.because == (
        "sites S2 and S5 need 4 officers; only officers P1 and P2 remain (3 places: P1 2 and P2 1):"
        " 1 short (no smaller set of sites is in the way here)",
    )
    block = said.blocking[0]
    assert (block.need, block.available, block.short, block.smallest) == (4, 3, 1, True)
    assert block.counts == (("P1", 2), ("P2", 1))


def test_sites_in_the_way_apart_are_several_sentences_the_fewest_sites_first():
    sites = [site("S1"), site("S2"), site("S3", bureau_id="C"), site("S4", bureau_id="D")]
    officers = [
        *(officer(p, max_tasks=1) for p in ("P1", "P2", "P3")),
        officer("P4", bureau_id="C"),
        *(officer(p, bureau_id="D") for p in ("P5", "P6")),
    ]
    said = refusal(build(sites, officers))
    assert [block.sites for block in said.blocking] == [("S3",), ("S1", "S2")]
    assert said.empty == sum(block.short for block in said.blocking) == 2


def test_a_limit_in_common_stands_for_its_members():
    problem = small([[(1, [0, 1, 2])]] * 3, [3, 3, 1], groups=[("食品科", (0, 1), 0, 1)])
    block = refusal(problem).blocking[0]
    assert block.officers == ("P00000", "P00001", "P00002")
    assert block.counts == (("P00002", 1), ("食品科", 1))
    assert (block.need, block.available) == (3, 2)


def test_minimum_loads_are_too_many():
    problem = small([[(1, [0, 1])], [(1, [0, 1, 2])], [(1, [2])]], [2, 2, 2], least=[2, 1, 0])
    said = refusal(problem)
    assert said.because == (
        "officers P00000 and P00001 must take at least 3 places (P00000 2 and P00001 1); the sites"
        " they may visit have 2 (S00000 1 and S00001 1): 1 too few",
    )
    assert said.because_zh == (
        "P00000、P00001 至少须承担 3 个名额（P00000 2 个、P00001 1 个）；"
        "其可去的场所只有 2 个名额（S00000 1 个、S00001 1 个）：少 1 个",
    )
    assert said.empty == 0
    assert said.text("en").startswith("no valid teams: officers P00000 and P00001 must")


def test_a_neighbour_cures_what_a_bureau_cannot():
    officers = [officer("P1"), officer("P2", bureau_id="C")]
    refusal(build([site("S1")], officers))
    feasible(build([site("S1")], officers, support={"B": ("C",)}))


def test_the_officers_of_neighbours_are_counted_too():
    officers = [officer("P1", max_tasks=1), officer("P2", bureau_id="C", max_tasks=1)]
    said = refusal(build([site("S1"), site("S2")], officers, support={"B": ("C",)}))
    assert said.blocking[0].officers == ("P1", "P2")
    assert said.blocking[0].sites == ("S1", "S2")


def test_a_small_set_is_named_though_many_other_sites_want_the_same_officers():
    said = refusal(problem_of([[[0, 1], [0, 1]]] * 500, [1, 1]))
    assert said.because == (
        "sites S0498 and S0499 need 4 officers; only officers P000 and P001 remain (2 places,"
        " 1 each): 2 short (no smaller set of sites is in the way here; 998 short among all 500"
        " sites that compete for them)",
    )
    assert said.empty == 998


def test_a_site_that_is_only_in_reach_is_left_out():
    # The search from S1 comes by S0, who has the only officer; S1 lacks one even without S0.
    said = refusal(problem_of([[[0]], [[0], [0]]], [1]))
    assert said.because == (
        "site S0001 needs 2 officers; only officer P000 remains (1 place): 1 short",
    )


def test_no_more_sets_are_explained_than_anyone_reads():
    said = refusal(problem_of([[[], []]] * (NAMED + 3), [1]))
    assert len(said.blocking) == len(said.cures) == NAMED
    assert said.empty == 2 * (NAMED + 3)
    assert said.left == 2 * 3
    assert said.text("en").endswith("the first way out of each leaves 6 places empty")


@pytest.mark.parametrize("instance", IMPOSSIBLE, ids=[one["id"] for one in IMPOSSIBLE])
def test_an_impossible_instance_is_refused_with_one_of_its_smallest_sets(instance):
    block = refusal(Problem.from_instance(instance)).blocking[0]
    answer = instance["answer"]
    assert list(block.sites) in answer["min_infeasible_task_sets"]
    assert block.smallest
    told = [c for c in answer["hall_certificates"] if c["tasks"] == list(block.sites)]
    assert block.kind == ("hall" if told else "combinatorial")
    counts = [(c["officers"], c["need"], c["available"]) for c in told]
    if told:
        assert (list(block.officers), block.need, block.available) in counts


def test_many_tasks_in_combination_are_reduced_until_none_can_be_left_out():
    leads = tuple(Need(task, "lead>=2", (0, 1)) for task in range(12))
    fine = small([[(2, [0, 1, 2, 3])]] * 12, [6, 6, 9, 9])
    assert feasible(replace(fine, needs=leads)) is None
    tight = replace(fine, needs=leads, cap=np.array([5, 6, 12, 12]))
    block = refusal(tight).blocking[0]
    assert block.text() == (
        "sites S00000, S00001, S00002, S00003, S00004 and 7 more need 12 officers of seniority 2"
        " or more; only officers P00000 and P00001 remain (11 places: P00000 5 and P00001 6):"
        " 1 short (none of these sites can be left out)"
    )
    apart = replace(
        tight, cap=np.array([6, 6, 12, 12]), apart=np.array([[3, 0, 1], [3, 0, 2], [3, 0, 3]])
    )
    assert feasible(apart) is None
    alone = replace(apart, apart=np.vstack([apart.apart, [[3, 1, 2], [3, 1, 3]]]))
    block = refusal(alone).blocking[0]
    assert (block.sites, block.kind) == (("S00003",), "combinatorial")
    assert block.needs == (("S00003", "lead>=2", 1),)


def short(problem, tasks):
    """By SciPy: whether the places of ``tasks`` cannot all be filled."""
    network = network_of(problem)
    quota = np.where(np.isin(problem.seat_task, tasks), network.quota, 0)
    return cut_of(network._replace(quota=quota))[0] < quota.sum()


def fewest(problem):
    """The number of tasks in the smallest sets that are short."""
    every = range(len(problem.tasks))
    sizes = (
        size for size in every for some in combinations(every, size + 1) if short(problem, some)
    )
    return next(sizes, len(problem.tasks)) + 1


def by_hand(problem, block):
    """What the officers can take of the seats of a blocking set, whose kinds are their numbers."""
    seats = [int(kind.removeprefix("kind")) for kind, _, _ in block.seats]
    visits = {(problem.seat_task[s], o) for s in seats for o in problem.row(s).tolist()}
    gives = [min(int(cap), sum(o == p for _, p in visits)) for o, cap in enumerate(problem.cap)]
    for group in problem.groups:  # inner before outer; the first of a group answers for all
        first, *others = group.officers
        gives[first] = min(group.most, sum(gives[o] for o in group.officers))
        for o in others:
            gives[o] = 0
    return sum(gives)


@given(worlds(minima=False))
def test_the_smallest_sets_are_named_and_count_out_by_hand(problem):
    every = range(len(problem.tasks))
    if not short(problem, every):
        assert feasible(problem) is None
        return
    own_kinds = [f"kind{seat}" for seat in range(problem.quota.size)]
    said = refusal(replace(problem, seat_kind=np.array(own_kinds)))
    assert said.empty == problem.quota.sum() - cut_of(network_of(problem))[0]
    assert len(said.blocking[0].sites) == fewest(problem)
    for block in said.blocking:
        tasks = [problem.tasks.index(name) for name in block.sites]
        assert block.smallest
        assert block.need > block.available == sum(n for _, n in block.counts)
        assert block.available == by_hand(problem, block)
        assert not any(short(problem, some) for some in combinations(tasks, len(tasks) - 1))
        assert short(problem, tasks)


@st.composite
def with_minima(draw):
    """Every place can be filled, but officers have minimum loads that may be too many."""
    problem = draw(staffable())
    least = [draw(st.integers(0, int(most))) for most in problem.cap]
    return replace(problem, least=np.array(least), groups=())


@given(with_minima())
def test_minimum_loads_in_the_way_are_named_and_none_can_be_left_out(problem):
    possible = [o for o in range(len(problem.cap)) if problem.least[o]]
    failing = {some for n in range(1, 1 + len(possible)) for some in combinations(possible, n)
               if places_for(problem, some) < problem.least[list(some)].sum()}  # fmt: skip
    if not failing:
        assert feasible(problem) is None
        return
    block = refusal(problem).blocking[0]
    officers = tuple(problem.officers.index(name) for name in block.officers)
    assert block.kind == "least"
    assert officers in failing
    assert not any(set(some) < set(officers) for some in failing)
    assert block.need == problem.least[list(officers)].sum()
    assert block.available == sum(n for _, n in block.counts) == places_for(problem, officers)


def places_for(problem, officers):
    """By SciPy: how many places there are for ``officers`` if nobody else goes anywhere."""
    network = network_of(problem)
    many = np.where(np.isin(np.arange(network.most.size), officers), problem.quota.sum(), 0)
    return cut_of(network._replace(most=many))[0]


@given(ruled_problems())
def test_rules_in_combination_are_refused_exactly_when_no_choice_keeps_them(problem):
    assume(problem.combinatorial)
    if all_valid(problem):
        assert feasible(problem) is None
        return
    block = refusal(problem).blocking[0]
    every = np.arange(len(problem.tasks))
    sets = [some for n in range(1, every.size + 1) for some in combinations(every, n)
            if not all_valid(part(problem, np.array(some)))]  # fmt: skip
    if sets:  # without any there are minimum loads in the way
        assert len(block.sites) == len(sets[0])
        assert tuple(problem.tasks.index(name) for name in block.sites) in sets


@pytest.mark.parametrize("tasks", [2000])
def test_a_staircase_of_any_length_is_found_whole_in_bounded_time(tasks):
    steps = [[(1, sorted({max(k - 1, 0), min(k, tasks - 2)}))] for k in range(tasks)]
    problem = small(steps, [1] * (tasks - 1))
    start = time.perf_counter()
    block = refusal(problem).blocking[0]
    assert time.perf_counter() - start < 10
    assert block.sites == problem.tasks
    assert (block.need, block.available, block.smallest) == (tasks, tasks - 1, True)
