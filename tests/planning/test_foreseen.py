"""A proof that every list has teams is one, and where there is none, lists are tried honestly."""

from dataclasses import replace
from itertools import chain, combinations

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from list_worlds import lists, roster, staffed, worlds
from scipy.stats import binomtest

from fairlot._base.errors import InvalidInput, NotConverged
from fairlot.assignment.flow import fill
from fairlot.assignment.network import network_of
from fairlot.assignment.part import part
from fairlot.assignment.rules import Group
from fairlot.planning import Plan, deciding, foreseen, problem_of, sharing
from fairlot.planning.quotas import quotas
from fairlot.registers import Registers, examples
from fairlot.sampling.nested_pivotal import nest

TWO_OF_THREE = [("A", "x", "C", 3), ("A", "x", "C", 3), ("A", "x", "C", 2)]
KERNELS = ("_share", "_any", "_share_seat", "_find_worst", "_by_task")


def nested(chances):
    labels = (chances[name].tolist() for name in ("bureau_id", "sector", "credit_class"))
    return nest(chances["numerator"].to_numpy(), *labels)


def proved(world):
    problem, chances = world
    return sharing.shared(network_of(problem), problem.seat_task, nested(chances))


def has_teams(problem, tasks):
    return fill(network_of(part(problem, tasks))).complete


def told(world, **more):
    return foreseen.foreseen(*world, **more)


@given(worlds())
@example(staffed(TWO_OF_THREE, [[(1, [0, 1, 2])]] * 3, [1, 1, 1]))
@example(staffed(TWO_OF_THREE, [[(1, [0]), (1, [0, 1])]] * 3, [2, 2]))  # P0 in both rows of a team
@example(staffed([("A", "x", "C", 4), ("A", "x", "C", 4)], [[(1, [0, 1])]] * 2, [1, 0]))
def test_what_is_proved_has_teams_on_every_list(world):
    problem, chances = world
    if proved(world):
        assert all(has_teams(problem, drawn) for drawn in lists(chances))


def test_half_of_the_worlds_of_these_tests_are_proved():
    seen = []

    @given(worlds())
    def look(world):
        seen.append(proved(world))

    look()
    assert 0.2 < np.mean(seen) < 0.8


@given(worlds())
def test_hopeless_are_those_that_no_team_fits_alone(world):
    problem, _ = world
    alone = {t for k, t in enumerate(problem.tasks) if not has_teams(problem, np.array([k]))}
    assert set(told(world, trials=1).hopeless) == alone


@given(worlds(), st.randoms(use_true_random=False))
def test_the_worst_list_is_the_worst_of_all_within_the_bounds(world, random):
    problem, chances = world
    network, sites = network_of(problem), nested(chances)
    rows, bounds = sharing._rows(network, problem.seat_task), sharing._bounds(sites)
    share = np.array([random.choice([0.0, 0.25, 0.5, 1.0]) for _ in network.idx])
    worst = np.zeros(len(problem.officers))
    sharing._find_worst(rows, bounds, share, np.ones(worst.size, bool), worst)
    held = np.zeros((len(problem.officers), len(problem.tasks)))
    np.add.at(held, (network.idx, rows.edge_task), share)
    for o in range(worst.size):
        assert worst[o] == max(held[o, drawn].sum() for drawn in within(sites))


def within(sites):
    """Every set of sites within the upper bounds, those that are certain always there."""
    sure = np.flatnonzero(sites.amount == 2**40)
    free = np.flatnonzero(sites.amount < 2**40)
    for some in chain.from_iterable(combinations(free, n) for n in range(free.size + 1)):
        drawn = np.array([*sure, *some], dtype=np.int64)
        groups = (sites.bureau, sites.pair, sites.cell)
        if all(at_most_its_ceiling(code, drawn, sites.amount) for code in groups):
            yield drawn


def at_most_its_ceiling(code, drawn, amount):
    return all((code[drawn] == g).sum() <= -(-amount[code == g].sum() // 2**40) for g in set(code))


@given(worlds(), st.randoms(use_true_random=False))
def test_shares_fill_what_they_can_and_nobody_goes_twice(world, random):
    problem, _ = world
    network = network_of(problem)
    rows = sharing._rows(network, problem.seat_task)
    price = np.array([random.choice([0.0, 0.1, 1.0]) for _ in problem.officers])
    share = np.zeros(network.idx.size)
    sharing._share(network, rows, price, np.ones(price.size, bool), share)
    held = np.zeros((price.size, len(problem.tasks)))
    np.add.at(held, (network.idx, rows.edge_task), share)
    assert share.min(initial=0) >= 0
    assert held.max(initial=0) <= 1 + 1e-12
    for s, quota in enumerate(problem.quota):
        row = slice(problem.ptr[s], problem.ptr[s + 1])
        free = (price[problem.idx[row]] > 0) & (held[problem.idx[row], problem.seat_task[s]] < 1)
        assert share[row].sum() == pytest.approx(quota) or (
            share[row].sum() < quota and not free.any()
        )


@pytest.mark.parametrize("rows", [[[0, 1], []], [[], [0, 1]], [[], [0, 1], []], [[]], [[], []]])
def test_rows_without_officers_count_as_empty_places(rows):
    problem, _ = staffed([("A", "x", "C", 4)] * len(rows), [[(1, row)] for row in rows], [9, 9])
    network = network_of(problem)
    share = np.full(network.idx.size, 0.5)
    assert sharing._empty(network, share) == sum(not row for row in rows)


def test_a_list_that_always_has_teams_may_have_no_standing_sharing():
    # S00 needs all of P0, so S01 and S02 must be P1's; yet both may be drawn, and P1 goes once.
    world = staffed(TWO_OF_THREE, [[(1, [0])], [(1, [0, 1])], [(1, [0, 1])]], [1, 1])
    assert all(has_teams(world[0], drawn) for drawn in lists(world[1]))
    found = told(world, trials=200)
    assert (found.every, found.trials, found.failures, found.hopeless) == (False, 200, 0, ())
    assert found.most == pytest.approx(1 - 0.05 ** (1 / 200))


def test_the_bounds_of_the_draw_are_what_makes_it_provable():
    # P0 alone may go to S00 and S01: of one cell, never both are drawn; of two cells, they may be.
    teams = [[(1, [0])], [(1, [0])], [(1, [1])], [(1, [1])]]
    one = [("A", "x", "C", 2), ("A", "x", "C", 2), ("A", "x", "D", 2), ("A", "x", "D", 2)]
    two = [("A", "x", "C", 2), ("A", "x", "D", 2), ("A", "y", "C", 2), ("A", "y", "D", 2)]
    mixed = [("A", "x", "C", 2), ("A", "y", "C", 2), ("A", "x", "D", 2), ("A", "y", "D", 2)]
    assert told(staffed(one, teams, [1, 1])).every
    assert told(staffed(two, teams, [1, 1])).every  # of one sector, at most one of two is drawn
    assert not told(staffed(mixed, teams, [1, 1]), trials=1).every


def test_officers_without_time_share_nothing():
    sites, teams = [("A", "x", "C", 4)] * 2, [[(1, [0, 1])]] * 2
    assert told(staffed(sites, teams, [2, 0])).every
    assert told(staffed(sites, teams, [0, 0]), trials=1).hopeless == ("S00", "S01")


def test_failures_are_those_of_the_lists_drawn():
    # P0 alone may go to both S00 and S01, once: lists with both fail.
    sites = [("A", "x", "C", 2), ("A", "y", "D", 2), ("A", "y", "C", 2), ("A", "x", "D", 2)]
    world = staffed(sites, [[(1, [0])], [(1, [0])], [(1, [1])], [(1, [1])]], [1, 2])
    fails = [not has_teams(world[0], drawn) for drawn in lists(world[1])]
    assert sum(fails) == 1
    found = told(world, trials=400)
    interval = binomtest(found.failures, 400, alternative="less").proportion_ci(0.95, "exact")
    assert found.most == pytest.approx(interval.high)
    # S00 or S03 and S01 or S02 are drawn; both of P0's in a quarter of the lists, if the two are
    # independent, and at most in half of them. 400 trials pass 1e-6 outside of 1 and 250.
    assert 1 <= found.failures <= 250
    assert told(world, trials=400) == found


def test_bound_of_the_corners():
    assert foreseen._upper(0, 59) == pytest.approx(1 - 0.05 ** (1 / 59))
    assert foreseen._upper(59, 59) == 1
    for failures in (1, 7, 19):
        interval = binomtest(failures, 20, alternative="less").proportion_ci(0.95, "exact")
        assert foreseen._upper(failures, 20) == pytest.approx(interval.high)


def test_limits_minima_and_pairs_kept_apart_are_tried_and_kept():
    sites, teams = [("A", "x", "C", 2), ("A", "x", "C", 2)], [[(1, [0])], [(2, [1, 2])]]
    slack = told(staffed(sites, teams, [9] * 3, groups=(Group("g", (0, 1, 2)),)), trials=40)
    assert (slack.every, slack.failures) == (False, 0)
    for rule in (
        {"least": [1, 0, 0]},  # P0 may stay at home: S01 alone is drawn
        {"groups": (Group("g", (1, 2), 0, 1),)},
        {"groups": (Group("g", (1, 2), 1, 9),)},
        {"apart": [(-1, 1, 2)]},
    ):
        found = told(staffed(sites, teams, [9] * 3, **rule), trials=40)
        assert 0 < found.failures < 40


def test_lists_that_have_teams_and_get_no_chances_are_refused():
    # Even loads and a limit in common: every list has teams, and none can be given chances.
    world = staffed(TWO_OF_THREE, [[(1, [0, 1])]] * 3, [9, 9], groups=(Group("g", (0,), 0, 9),))
    assert told(world, trials=5).failures == 0
    with pytest.raises(InvalidInput, match="a list of sites that was tried: leximin") as refusal:
        told(world, trials=5, loads="leximin")
    assert refusal.value.text("zh").startswith("试抽的一份名单：")


def test_chances_are_asked_for_where_all_is_proved_too(monkeypatch):
    def fails(problem, loads):
        raise NotConverged("residual {got}", got=1.0)

    monkeypatch.setattr(foreseen, "probabilities", fails)
    with pytest.raises(NotConverged, match="tried: residual 1.0"):
        told(staffed(TWO_OF_THREE, [[(1, [0, 1, 2])]] * 3, [9] * 3))
    nobody = staffed(TWO_OF_THREE, [[(1, [])]] * 3, [9])  # no list has teams, so none gets chances
    assert told(nobody, trials=5).failures == 5


def test_trials_are_bounded_by_the_pairs_they_look_at(monkeypatch):
    world = staffed(TWO_OF_THREE, [[(1, [0])], [(1, [0, 1])], [(1, [0, 1])]], [1, 1])
    seen = []
    monkeypatch.setattr(foreseen, "PAIRS_TRIED", 5 * 30)
    assert told(world, progress=lambda *step: seen.append(step)).trials == 30
    assert seen == [("foreseen", k, 30) for k in range(31)]
    monkeypatch.setattr(foreseen, "PAIRS_TRIED", 1)
    assert told(world).trials == foreseen.FEWEST
    assert told(world, trials=3).trials == 3


@pytest.mark.parametrize("name", ["shanghai", "chicago"])
def test_the_example_has_teams_whatever_is_drawn(name):
    folder = examples.folder(name)
    plan, registers = Plan.read(folder / "plan.toml"), Registers.read(folder)
    tables = deciding(plan, registers)
    chances = quotas(plan, tables.standings).frame
    possible = np.flatnonzero(chances["numerator"].to_numpy() > 0)
    found = told((problem_of(plan, tables, possible), chances.iloc[possible]))
    assert (found.every, found.most, found.hopeless) == (True, 0, ())


@given(worlds())
def test_compiled_and_plain_are_alike(world):
    compiled = traced(world)
    with pytest.MonkeyPatch.context() as patch:
        for name in KERNELS:
            function = getattr(sharing, name)
            patch.setattr(sharing, name, getattr(function, "py_func", function))
        assert traced(world) == compiled


def traced(world):
    """Every share and every worst list on the way to the verdict."""
    problem, chances = world
    network = network_of(problem)
    rows, bounds = sharing._rows(network, problem.seat_task), sharing._bounds(nested(chances))
    share, worst = np.zeros(network.idx.size), np.zeros(len(problem.officers))
    price, found = np.ones(worst.size), [proved(world)]
    for _ in range(3):
        moved = sharing._share(network, rows, price, np.ones(worst.size, bool), share)
        sharing._find_worst(rows, bounds, share, moved, worst)
        found += [moved.tolist(), share.tolist(), worst.tolist()]
        price *= np.where(worst > network.most, 0.5, 1.0)
    return found


def test_where_nothing_can_be_drawn_only_a_minimum_is_in_the_way():
    problem, chances = staffed(TWO_OF_THREE, [[(1, [0])]] * 3, [3], least=[1])
    nothing = part(problem, np.zeros(0, np.int64))
    assert told((nothing, chances.iloc[:0])) == foreseen.Foreseen(True, 0, 0, 0.0, ())
    asked = replace(nothing, least=problem.least)
    assert told((asked, chances.iloc[:0])) == foreseen.Foreseen(False, 0, 0, 1.0, ())


def test_a_roster_whose_numerators_are_not_whole_is_refused():
    problem, _ = staffed(TWO_OF_THREE, [[(1, [0])]] * 3, [3])
    with pytest.raises(InvalidInput, match="want a multiple"):
        foreseen.foreseen(problem, roster([("A", "x", "C", 3)] * 3))
