"""Somebody drops out: exactly the valid completions, all equally likely, and nothing else moves."""

from dataclasses import replace as changed
from fractions import Fraction
from importlib import import_module
from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from ruled_worlds import all_valid, holds, loads, rosters, ruled_problems, seats, tiers

from fairlot._base.chance import Given
from fairlot._base.errors import Infeasible, InvalidInput, NotConverged
from fairlot.assignment import Problem, Teams, check_teams
from fairlot.assignment.replacement import replace, replacement
from fairlot.assignment.rules import Group, Need

module = import_module("fairlot.assignment.replacement")  # the room hands out the function


def pool(cap, *, sites=2, rows=None, **rules):
    """Sites with two places each, open to everyone or to ``rows``."""
    rows = rows or [range(len(cap))] * sites
    return Problem(
        tasks=tuple(f"S{t + 1}" for t in range(len(rows))),
        officers=tuple(f"P{o + 1}" for o in range(len(cap))),
        seat_task=range(len(rows)),
        seat_kind=["officer"] * len(rows),
        quota=rules.pop("quota", [2] * len(rows)),
        ptr=np.cumsum([0, *map(len, rows)]),
        idx=[o for row in rows for o in row],
        cap=cap,
        **rules,
    )


def drawn(problem, *officers):
    taken = np.array(officers)
    tier = tiers(problem)
    lent = [tier[pair] > 0 for pair in zip(seats(problem), officers, strict=True)]
    return Teams(problem, taken, np.array(lent), "by hand")


def table(found):
    """{site: {officer: chance}}."""
    shares = {}
    for row in found.to_frame().itertuples():
        shares.setdefault(row.site_id, {})[row.officer_id] = row.chance
    return shares


# By hand


def test_one_place_goes_to_anyone_with_room():
    problem = pool([1, 1, 1, 1, 1])
    found = replacement(problem, drawn(problem, 0, 1, 2, 3), "P2")
    assert table(found) == {"S1": {"P5": "1"}}
    assert (found.completions, found.method) == (1, "joint")


def test_room_that_two_places_share_is_counted_once():
    # P1 leaves both. P4 and P5 have room for one place each, P3 for S1 alone: of S1 x S2, the
    # pairs (P3, P4), (P3, P5), (P4, P5), (P5, P4).
    problem = pool([2, 1, 2, 1, 1])
    found = replacement(problem, drawn(problem, 0, 1, 0, 2), "P1")
    assert found.completions == 4
    assert table(found) == {
        "S1": {"P3": "1/2", "P4": "1/4", "P5": "1/4"},
        "S2": {"P4": "1/2", "P5": "1/2"},
    }


def test_the_room_of_a_group_is_shared():
    # P4 and P5 may take one place together, P6 any number.
    problem = pool([2, 1, 1, 1, 1, 2], groups=(Group("A", (3, 4), most=1),))
    found = replacement(problem, drawn(problem, 0, 1, 0, 2), "P1")
    assert found.completions == 5
    assert table(found)["S1"] == {"P4": "1/5", "P5": "1/5", "P6": "3/5"}


def test_of_one_site_alone():
    problem = pool([2, 1, 1, 1])
    teams = drawn(problem, 0, 1, 0, 2)
    found = replacement(problem, teams, "P1", tasks=["S2"])
    assert table(found) == {"S2": {"P4": "1"}}
    after = replace(found, rng=Given([5]))
    assert after.officer.tolist() == [0, 1, 2, 3]
    assert after.design == "replacement/1"
    check_teams(found.problem, after)


def test_whoever_left_stays_away():
    problem = pool([2, 1, 1, 1, 1, 1])
    found = replacement(problem, drawn(problem, 0, 1, 2, 3), "P1")
    again = replacement(found.problem, replace(found, rng=Given([0])), "P3")
    assert table(again) == {"S2": {"P6": "1"}}


def test_a_minimum_load_holds_nobody_and_falls_with_what_was_left():
    problem = pool([2, 1, 1, 1], least=[2, 0, 0, 0], groups=(Group("A", (0,), least=2),))
    found = replacement(problem, drawn(problem, 0, 1, 0, 2), "P1", tasks=["S1"])
    assert found.problem.least.tolist() == [1, 0, 0, 0]
    assert found.problem.groups[0].least == 1
    check_teams(found.problem, replace(found, rng=Given([0])))


def test_a_bureau_lends_only_where_it_must():
    problem = pool([2, 1, 2, 1, 1], tier=[0, 0, 0, 0, 1] * 2)
    found = replacement(problem, drawn(problem, 0, 1, 0, 2), "P1")
    # S1: P3 or P4 of the bureau's own; S2: P4. Were P4 taken at S1, somebody would be borrowed.
    assert table(found) == {"S1": {"P3": "1"}, "S2": {"P4": "1"}}
    without_p4 = changed(problem, cap=[2, 1, 2, 0, 1])
    found = replacement(without_p4, drawn(without_p4, 0, 1, 0, 2), "P1")
    assert table(found) == {"S1": {"P3": "1"}, "S2": {"P5": "1"}}
    assert replace(found, rng=Given([0])).borrowed.tolist() == [False, False, False, True]


def test_officers_of_a_seat_stay_in_order():
    problem = pool([1, 1, 1])
    problem = changed(problem, tasks=("S1",), seat_task=[0], seat_kind=["officer"], quota=[2],
                      ptr=[0, 3], idx=[0, 1, 2], bureau=[""], seat_skill=[""], tier=[0] * 3)  # fmt: skip
    found = replacement(problem, drawn(problem, 1, 2), "P3")
    assert replace(found, rng=Given([0])).officer.tolist() == [0, 1]


# What is refused


def test_nobody_left_is_explained_by_reason():
    problem = pool(
        [1] * 8,
        sites=1,
        groups=(Group("A", (0, 3), most=1),),
        apart=[(-1, 0, 4)],
        needs=(Need(0, "food", (1, 3)),),
        rows=[[0, 1, 3, 4, 5, 6, 7]],
    )
    with pytest.raises(Infeasible) as refusal:
        replacement(problem, drawn(problem, 0, 1), "P2")
    assert str(refusal.value) == (
        "nobody can replace officer P2 on seat officer of site S1: P1 in the team already; P4 in a"
        " group without room; P5 not to serve with a colleague; P6, P7, P8 without what the team"
        " needs"
    )
    assert refusal.value.kept_away["need"] == ["P6", "P7", "P8"]
    assert refusal.value.because[1] == "P4 in a group without room"
    assert "场所 S1 的 officer 席位上无人可替补检查人员 P2：P1 已在组内" in refusal.value.text("zh")


def test_many_without_room_are_counted():
    problem = pool([2, 2, *[0] * 7], sites=1)
    with pytest.raises(
        Infeasible, match="P3, P4, P5, P6, P7 and 2 more without room under the cap"
    ):
        replacement(problem, drawn(problem, 0, 1), "P2")


def test_nobody_else_in_the_row():
    problem = pool([1, 1, 1], rows=[[0]], quota=[1])
    with pytest.raises(Infeasible, match="seat officer of site S1: nobody else is eligible"):
        replacement(problem, drawn(problem, 0), "P1")


@pytest.mark.parametrize("most", [100_000, 0], ids=["joint", "in order"])
def test_places_that_cannot_be_filled_together_are_named(most, monkeypatch):
    monkeypatch.setattr(module, "COMBINATIONS", most)
    problem = pool([2, 1, 1, 1])
    with pytest.raises(Infeasible, match="replacing officer P1: .*S1.*S2"):
        replacement(problem, drawn(problem, 0, 1, 0, 2), "P1")


def test_unknown_and_absent():
    problem = pool([2, 2, 2, 2])
    teams = drawn(problem, 0, 1, 0, 2)
    with pytest.raises(InvalidInput, match="officer P9 is unknown"):
        replacement(problem, teams, "P9")
    with pytest.raises(InvalidInput, match="officer P4 has no place to leave"):
        replacement(problem, teams, "P4")
    with pytest.raises(InvalidInput, match="officer P2 is not in the team of site S2"):
        replacement(problem, teams, "P2", tasks=["S1", "S2"])
    with pytest.raises(InvalidInput, match="officer P1 has no place to leave, or no site is named"):
        replacement(problem, teams, "P1", tasks=[])
    with pytest.raises(InvalidInput, match="sits twice"):
        replacement(problem, drawn(problem, 0, 0, 1, 2), "P1")


def test_words_that_are_no_chance():
    problem = pool([1] * 5, sites=1)
    found = replacement(problem, drawn(problem, 0, 1), "P1")
    assert found.completions == 3
    # 2^64 = 1 mod 3: the last word is turned down, the next is taken.
    top = (1 << 64) - 1
    assert replace(found, rng=Given([top, top, 4])).officer.tolist() == [1, 3]
    with pytest.raises(NotConverged, match="8 words in a row"):
        replace(found, rng=Given([top] * 9))


# Against every completion there is


def every_completion(problem, teams, officer, places):
    """All ways to fill ``places`` that keep the rules and borrow the fewest, of these the nearest."""
    tier, seat = tiers(problem), seats(problem)
    task = problem.seat_task[seat].tolist()
    rows = [[o for s, o in tier if s == seat[p] and o != officer] for p in places]
    kept = [o for p, o in enumerate(teams.officer.tolist()) if p not in places]
    found = {}
    for taken in product(*rows):
        filled = teams.officer.tolist()
        for place, o in zip(places, taken, strict=True):
            filled[place] = o
        load, before = loads(problem, filled), loads(problem, kept)
        room = all(load[o] <= problem.cap[o] for o in taken) and all(
            sum(load[o] for o in g.officers) <= g.most
            for g in problem.groups
            if sum(load[o] for o in g.officers) > sum(before[o] for o in g.officers)
        )
        fit = all(
            len(set(team)) == len(team) and holds(problem, t, set(team))
            for t, team in enumerate(rosters(problem, filled))
            if t in {task[p] for p in places}
        )
        if room and fit:
            asked = [tier[seat[p], o] for p, o in zip(places, taken, strict=True)]
            found[taken] = sum(k > 0 for k in asked), sum(asked)
    return [taken for taken in sorted(found) if found[taken] == min(found.values())]


@st.composite
def dropouts(draw):
    """A valid draw of a small problem, and who leaves which places."""
    problem, officers = draw(st.one_of(tight(), loose()))
    teams = drawn(problem, *officers)
    officer = max(officers, key=officers.count)
    theirs = np.flatnonzero(teams.officer == officer).tolist()
    left = draw(st.lists(st.sampled_from(theirs), min_size=1, unique=True))
    return problem, teams, officer, sorted(left)


@st.composite
def tight(draw):
    """A problem with every rule, and any of its assignments."""
    problem = draw(ruled_problems().filter(all_valid))
    return problem, draw(st.sampled_from(all_valid(problem)))


@st.composite
def loose(draw):
    """Teams of which one officer is in all, and rules made around them that leave some room."""
    people, sites = draw(st.integers(4, 6)), draw(st.integers(2, 3))
    who = st.integers(1, people - 1)
    others = [draw(who) for _ in range(sites)]
    rows = [sorted({0, o, *draw(st.sets(who, min_size=2))}) for o in others]
    officers = [o for other in others for o in (0, other)]
    load = [officers.count(o) for o in range(people)]
    members = tuple(sorted(draw(st.sets(who, min_size=1))))
    used = sum(load[o] for o in members)
    foes = [(t, a, b) for t in (-1, 0) for a in range(1, people) for b in range(1, a)]
    lent = [
        o not in (0, other) and draw(st.integers(0, 3)) == 3
        for row, other in zip(rows, others, strict=True)
        for o in row
    ]
    problem = pool(
        [n + draw(st.integers(0, 2)) for n in load],
        rows=rows,
        tier=[2 * one for one in lent],
        groups=(Group("A", members, most=used + draw(st.integers(1, 3))),),
        apart=draw(st.lists(st.sampled_from(foes), max_size=2)),
        needs=(Need(0, "food", (0, *draw(st.sets(who, min_size=2)))),),
    )
    return problem, officers


def asked(problem, teams, officer, places):
    sites = [problem.tasks[problem.seat_task[problem.place_seat[p]]] for p in places]
    return replacement(problem, teams, problem.officers[officer], tasks=sites)


@given(dropouts())
def test_every_completion_and_no_other_is_equally_likely(event):
    want = every_completion(*event)
    if not want:
        with pytest.raises(Infeasible):
            asked(*event)
        return
    found = asked(*event)
    assert found.completions == len(want)
    vacant = found.vacant
    ranked = [tuple(vacant.idx[found.counted[r]].tolist()) for r in range(len(want))]
    assert ranked == want
    for place, (officers, chances) in enumerate(zip(found.candidates, found.chances, strict=True)):
        share = {o: sum(taken[place] == o for taken in want) for o in officers.tolist()}
        assert {taken[place] for taken in want} == set(share)
        assert list(chances) == [Fraction(n, len(want)) for n in share.values()]


@given(dropouts(), st.integers(0, 2**64 - 1))
def test_only_the_vacated_places_change(event, word):
    problem, teams, _officer, places = event
    if not every_completion(*event):
        return
    found = asked(*event)
    after = replace(found, rng=Given([word] * 9))
    check_teams(found.problem, after)
    seat, left = problem.place_seat, problem.place_seat[places]
    others = ~np.isin(seat, left)
    assert np.array_equal(after.officer[others], teams.officer[others])
    for s, p in zip(left, places, strict=True):
        stayed = set(teams.officer[seat == s].tolist()) - {teams.officer[p]}
        assert stayed < set(after.officer[seat == s].tolist())


def one_after_the_other(problem, teams, officer, places, words):
    """Fill place by place: nearest tier first, only with whom the rest can still be filled."""
    tier, seat = tiers(problem), seats(problem)
    options, taken = every_filling(problem, teams, officer, places), []
    for k, word in enumerate(words):
        options = [one for one in options if list(one[:k]) == taken]
        nearest = min(tier[seat[places[k]], one[k]] for one in options)
        here = sorted({one[k] for one in options if tier[seat[places[k]], one[k]] == nearest})
        taken.append(here[word % len(here)])
    return taken


def every_filling(problem, teams, officer, places):
    """All ways to fill ``places`` that keep the rules, whoever is borrowed."""
    own = changed(problem, tier=np.zeros_like(problem.tier))
    return every_completion(own, teams, officer, places)


@settings(max_examples=40)
@given(dropouts(), st.lists(st.integers(0, 9), min_size=3, max_size=3))
def test_in_order_the_rest_can_always_be_filled(event, words):
    problem, teams, _officer, places = event
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "COMBINATIONS", 0)
        if not every_filling(*event):
            with pytest.raises(Infeasible):
                asked(*event)
            return
        found = asked(*event)
    assert (found.method, found.completions) == ("in order", None)
    after = replace(found, rng=Given(words))
    check_teams(found.problem, after)
    taken = one_after_the_other(*event, words[: len(places)])
    filled = teams.officer.copy()
    filled[places] = taken
    assert sorted(zip(seats(problem), filled.tolist(), strict=True)) == list(
        zip(seats(problem), after.officer.tolist(), strict=True)
    )
    assert after.borrowed.sum() == sum(
        tiers(problem)[s, o] > 0
        for s, o in zip(seats(problem), after.officer.tolist(), strict=True)
    )
    assert set(found.chances[0]) == {Fraction(1, found.candidates[0].size)}
    assert set(found.chances[1:]) <= {()}
