"""People appointed before the lottery: each has a seat to themselves, or is refused with the rest."""

from itertools import permutations

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from staffed_worlds import absence, build, conflict, eligible, expert, officer, site

from fairlot._base.errors import InvalidInput

SEATS = ("specialist", "officer", "officer")


def appointed(*names, officers=("P1", "P2", "P3", "P4"), skilled=("P1", "P2"), **more):
    """The seats of S1: (kind, places, who may take them), with ``names`` appointed to it."""
    rows = [officer(name, skills="水质" if name in skilled else "") for name in officers]
    problem = build([site("S1"), site("S2")], rows, seats=SEATS, appointed={"S1": names}, **more)
    seats = [seat for seat, task in enumerate(problem.seat_task) if task == 0]
    who = eligible(problem)
    kinds, quotas = problem.seat_kind.tolist(), problem.quota.tolist()
    return [(kinds[seat], quotas[seat], who["S1", at]) for at, seat in enumerate(seats)]


def test_the_appointed_takes_the_first_seat_that_will_do():
    assert appointed("P2") == [("specialist", 1, ["P2"]), ("officer", 2, ["P1", "P3", "P4"])]


def test_a_seat_of_equal_places_keeps_the_others():
    assert appointed("P4") == [
        ("specialist", 1, ["P1", "P2"]),
        ("officer", 1, ["P4"]),
        ("officer", 1, ["P1", "P2", "P3"]),
    ]


@pytest.mark.parametrize("names", [*permutations(["P1", "P2", "P3"])])
def test_neither_the_order_nor_the_number_of_names_matters(names):
    assert appointed(*names) == [
        ("specialist", 1, ["P1"]),
        ("officer", 1, ["P2"]),
        ("officer", 1, ["P3"]),
    ]


@pytest.mark.parametrize("names", [["P1", "P2"], ["P2", "P1"]])
def test_one_moves_on_where_another_finds_no_seat(names):
    officers = [officer("P1"), officer("P2", skills="")]
    problem = build(
        [site("S1")], officers, seats=("officer", "specialist"), appointed={"S1": names}
    )
    assert eligible(problem) == {("S1", 0): ["P2"], ("S1", 1): ["P1"]}


def test_other_sites_are_left_alone():
    problem = build(
        [site("S1"), site("S2")], [officer("P1"), officer("P2")], appointed={"S1": ["P1"]}
    )
    assert eligible(problem)["S2", 0] == ["P1", "P2"]


def test_a_lent_officer_who_is_appointed_goes_first():
    officers = [officer("P1"), officer("P2", bureau_id="C")]
    problem = build([site("S1")], officers, support={"B": ("C",)}, appointed={"S1": ["P2"]})
    assert [problem.tier[problem.ptr[0]], problem.tier[problem.ptr[1]]] == [0, 0]
    assert eligible(problem) == {("S1", 0): ["P2"], ("S1", 1): ["P1"]}


def test_an_expert_may_be_appointed():
    problem = build(
        [site("S1")], [officer("P1"), officer("P2")], experts=[expert("E1"), expert("E2")],
        seats=("officer", "officer", "expert"), appointed={"S1": ["E2"]},
    )  # fmt: skip
    assert eligible(problem)["S1", 1] == ["E2"]


CONTRADICTORY = {
    "undrawn": ({"S9": ["P1"]}, "'P1' is appointed to a site that was not drawn; want a drawn one"),
    "unknown": ({"S1": ["PX"]}, "'PX' is appointed and is nobody; want a known officer_id / expert_id"),
    "twice": ({"S1": ["P1", "P1"]}, "'P1' is appointed twice to the same site; want once"),
    "in conflict": (
        {"S1": ["P3"]}, "'P3' is appointed but in conflict with the site; want one of P1, P2, P4",
    ),
    "more than the seats": (
        {"S1": ["P1", "P2", "P4"]},
        "'P4' is appointed, but all seats open to this person are given to others; "
        "want at most 2 appointed to them",
    ),
    "beyond the cap": (
        {"S1": ["P4"], "S2": ["P4"]},
        "'P4' is appointed to more sites than the cap allows; want at most 1",
    ),
}  # fmt: skip


def contradictory(appointments):
    officers = [officer("P1"), officer("P2"), officer("P3"), officer("P4", max_tasks=1)]
    with pytest.raises(InvalidInput) as refused:
        build([site("S1"), site("S2")], officers, [conflict("P3", "S1")], appointed=appointments)
    return refused.value


@pytest.mark.parametrize(("appointments", "said"), CONTRADICTORY.values(), ids=CONTRADICTORY)
def test_contradictory_appointments_are_refused(appointments, said):
    refused = contradictory(appointments)
    (problem,) = refused.problems
    assert (problem.severity, problem.sentence()) == ("error", said)
    assert "appointed" in problem.text("zh")
    assert refused.text("zh") != refused.text("en")


WORLD = {
    "absent": {"absences": [absence("P3", "2024-01-01", "2024-12-31")]},
    "again": {"team": {"rotation": "officer"}, "last_teams": {"S1": ["P3"]}},
    "at_home": {"own_station": False},
    "far": {
        "team": {"farthest_km": 9.0},
        "distances": pd.DataFrame({"station_id": ["T"], "site_id": ["S1"], "km": [10.0]}),
    },
    "inactive": {"known": {"active": False}},
    "unfit": {"known": {"bureau_id": "C"}},
    "unlicensed": {"known": {"license_expiry": "2024-09-01"}},
}


@pytest.mark.parametrize("why", WORLD)
def test_a_refusal_names_the_rule_that_is_in_the_way(why):
    world = dict(WORLD[why])
    mine = officer("P3", station_id="T", **world.pop("known", {}))
    with pytest.raises(InvalidInput) as refused:
        build(
            [site("S1", station_id="T")], [officer("P1"), officer("P2"), mine],
            appointed={"S1": ["P3"]}, **world,
        )  # fmt: skip
    (problem,) = refused.value.problems
    assert (problem.code, problem.want) == (f"appointed_{why}", "P1, P2")


def test_an_expert_is_not_appointed_to_the_employer():
    with pytest.raises(InvalidInput, match="'E1' is appointed but is employed by the site; want"):
        build(
            [site("S1", uscc="U")], [officer("P1"), officer("P2")], appointed={"S1": ["E1"]},
            seats=("officer", "officer", "expert"), experts=[expert("E1", employer_uscc="U")],
        )  # fmt: skip


@pytest.mark.parametrize("rule", ["apart", "pair"])
def test_two_who_may_not_serve_together_are_not_appointed_together(rule):
    again = {"team": {"rotation": "pair"}, "last_teams": {"S1": ("P1", "P2")}}
    more = again if rule == "pair" else {"apart": [("P2", "P1")]}
    officers = [officer("P1"), officer("P2"), officer("P3")]
    with pytest.raises(InvalidInput, match="'P1, P2' are appointed to one team and may not serve"):
        build([site("S1")], officers, appointed={"S1": ["P1", "P2"]}, **more)
    assert build([site("S1")], officers, appointed={"S1": ["P1", "P3"]}, **more).apart.size == 3


def test_all_contradictions_at_once():
    assert len(contradictory({"S9": ["P1"], "S1": ["PX", "PY"], "S2": ["P1", "P1"]}).problems) == 4
    assert len(contradictory({"S1": ["P3", "P4"], "S2": ["P4"]}).problems) == 2


@given(st.lists(st.sets(st.sampled_from("ABC")), min_size=1, max_size=5), st.data())
def test_seats_are_found_whenever_there_are_any(skills, data):
    """Against every way to seat the appointed, where places differ in whom they take."""
    officers = [
        officer(f"P{k}", skills="水质" if "A" in has else "", seniority=int("B" in has))
        for k, has in enumerate(skills)
    ]
    names = data.draw(st.sets(st.integers(0, len(skills) - 1), min_size=1, max_size=3))
    kinds = ("specialist", "lead", "officer")
    fits = {"specialist": lambda k: "A" in skills[k], "lead": lambda k: "B" in skills[k]}
    possible = any(
        all(
            fits.get(kind, bool)(k) or kind == "officer"
            for k, kind in zip(sorted(names), way, strict=True)
        )
        for way in permutations(kinds, len(names))
    )
    make = {"seats": kinds, "appointed": {"S1": [f"P{k}" for k in names]}}
    if not possible:
        with pytest.raises(InvalidInput, match="given to others"):
            build([site("S1")], officers, **make)
        return
    problem = build([site("S1")], officers, **make)
    assert problem.quota.sum() == 3
    rows = list(eligible(problem).values())
    single = [row[0] for row in rows if len(row) == 1]
    assert {f"P{k}" for k in names} <= set(single)
