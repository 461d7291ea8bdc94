"""Who may go where: one test for each rule, then all rules at once against a literal reading."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from staffed_worlds import (
    TWO,
    WINDOW,
    absence,
    build,
    conflict,
    eligible,
    officer,
    register,
    site,
)

from fairlot._base.errors import InvalidInput
from fairlot.assignment import Limit, Problem, TeamRules, eligibility, last_teams

FIRST, LAST = WINDOW


def who(*args, **kwargs):
    """The officers who may take the first seat of site S1, but for one who may go anywhere."""
    problem = build(args[0], [*args[1], officer("ZZ")], *args[2:], **kwargs)
    return eligible(problem)["S1", 0][:-1]


def test_an_officer_of_the_bureau_may_go():
    assert who([site("S1")], [officer("P1"), officer("P2", bureau_id="C")]) == ["P1"]


def test_an_inactive_officer_stays():
    assert who([site("S1")], [officer("P1", active=False), officer("P2")]) == ["P2"]


@pytest.mark.parametrize(("expiry", "may"), [(LAST, True), ("2024-11-29", False), (FIRST, False)])
def test_a_licence_must_last_to_the_last_day(expiry, may):
    assert who([site("S1")], [officer("P1", license_expiry=expiry)]) == ["P1"] * may


ABSENCES = {
    "throughout": ([(FIRST, LAST)], False),
    "longer than the window": ([("2024-01-01", "9999-12-31")], False),
    "part of it": ([(FIRST, "2024-11-29")], True),
    "two that join": ([("2024-10-01", LAST), (FIRST, "2024-09-30")], False),
    "two that leave a day": ([(FIRST, "2024-09-29"), ("2024-10-01", LAST)], True),
    "a short one inside a long one": ([(FIRST, LAST), ("2024-09-01", "2024-09-02")], False),
    "before it": ([("2024-01-01", "2024-07-31")], True),
}


@pytest.mark.parametrize(("spans", "may"), ABSENCES.values(), ids=ABSENCES)
def test_only_an_absence_throughout_keeps_an_officer_home(spans, may):
    away = [absence("P1", *span) for span in spans]
    assert who([site("S1")], [officer("P1")], (), away) == ["P1"] * may


CONFLICTS = {
    "for ever": (("", ""), False),
    "ends on the first day": (("", FIRST), False),
    "ended the day before": (("", "2024-07-31"), True),
    "starts on the last day": ((LAST, ""), False),
    "starts the day after": (("2024-12-01", ""), True),
    "inside": (("2024-09-01", "2024-09-02"), False),
}


@pytest.mark.parametrize(("span", "may"), CONFLICTS.values(), ids=CONFLICTS)
def test_a_conflict_bars_when_it_holds_on_any_day_of_the_window(span, may):
    assert who([site("S1")], [officer("P1")], [conflict("P1", "S1", *span)]) == ["P1"] * may


def test_a_conflict_with_a_code_bars_from_all_its_sites():
    sites = [site("S1", uscc="X"), site("S2", uscc="X"), site("S3", uscc="Y"), site("S4")]
    rows = eligible(build(sites, [officer("P1")], [conflict("P1", "X"), conflict("E1", "S4")]))
    assert [rows[name, 0] for name in ("S1", "S2", "S3", "S4")] == [[], [], ["P1"], ["P1"]]


def test_a_former_employment_binds_for_three_years_after_its_end():
    left = [
        conflict("P1", "S1", "2010-01-01", "2021-08-01") | {"kind": "曾任职"},
        conflict("P2", "S1", "2010-01-01", "2021-07-31") | {"kind": "曾任职"},
        conflict("P3", "S1", "2010-01-01", "2024-07-31") | {"kind": "曾任职(3年内)"},
    ]
    assert who([site("S1")], [officer("P1"), officer("P2"), officer("P3")], left) == ["P2", "P3"]


def test_a_conflict_published_without_its_kind_binds():
    registers = [register("sites", site("S1")), register("officers", officer("P1"), officer("P2"))]
    told = register("conflicts", conflict("P1", "S1")).drop(columns=["kind", "source"])
    problem = Problem.from_registers(
        *registers, told, register("absences"), team=TeamRules(TWO), window=WINDOW
    )
    assert eligible(problem)["S1", 0] == ["P2"]
    assert [pair.reason for pair in problem.barred] == ["conflict"]


PAST = [
    {"site_id": "S1", "visited": "2022-01-01", "officers": "P1;P2"},
    {"site_id": "S1", "visited": "2023-05-04", "officers": "P2;P3"},
    {"site_id": "S1", "visited": "2023-05-04", "officers": "GONE"},
    {"site_id": "S2", "visited": "2023-06-01", "officers": ""},
]


def test_the_last_team_is_that_of_the_last_day():
    assert last_teams(register("history", *PAST)) == {"S1": ("GONE", "P2", "P3")}


@pytest.mark.parametrize(
    ("rotation", "may", "apart"),
    [("none", ["P1", "P2", "P3"], []), ("officer", ["P1"], []), ("pair", ["P1", "P2", "P3"], [[0, 1, 2]])],
)  # fmt: skip
def test_rotation_bars_the_last_team_or_its_pairs(rotation, may, apart):
    officers = [officer(name) for name in ("P1", "P2", "P3")]
    again = last_teams(register("history", *PAST))
    problem = build(
        [site("S1"), site("S2")], officers, team={"rotation": rotation}, last_teams=again
    )
    assert eligible(problem)["S1", 0] == may
    assert eligible(problem)["S2", 0] == ["P1", "P2", "P3"]
    assert problem.apart.tolist() == apart
    assert problem.combinatorial == bool(apart)


def test_a_pair_of_which_one_may_not_go_needs_no_row():
    officers = [officer(name) for name in ("P1", "P2", "P3")]
    again = last_teams(register("history", *PAST))
    rotating = {"team": {"rotation": "pair"}, "last_teams": again}
    problem = build([site("S1")], officers, [conflict("P2", "S1")], **rotating)
    assert not problem.combinatorial


def test_pairs_kept_apart_anywhere():
    officers = [officer(name) for name in ("P1", "P2", "P3")]
    problem = build([site("S1")], officers, apart=[("P3", "P1"), ("P1", "P3")])
    assert problem.apart.tolist() == [[-1, 0, 2]]


def test_beyond_the_farthest_distance_nobody_is_sent():
    officers = [officer("P1", station_id="A"), officer("P2", station_id="B"), officer("P3")]
    km = pd.DataFrame(
        {"station_id": ["A", "B", "A"], "site_id": ["S1", "S1", "S9"], "km": [31, 30, 99]}
    )
    assert who([site("S1")], officers, distances=km, team={"farthest_km": 30}) == ["P2", "P3"]
    assert who([site("S1")], officers, distances=km) == ["P1", "P2", "P3"]


def test_own_station_is_barred_where_the_plan_says_so():
    sites = [site("S1", station_id="B-1"), site("S2")]
    officers = [officer("P1", station_id="B-1"), officer("P2", station_id="B-2"), officer("P3")]
    barred = eligible(build(sites, officers, own_station=False))
    assert barred["S1", 0] == ["P2", "P3"]
    assert barred["S2", 0] == ["P1", "P2", "P3"]
    assert eligible(build(sites, officers))["S1", 0] == ["P1", "P2", "P3"]


def test_a_specialist_knows_one_of_the_sectors_of_the_site():
    sites = [site("S1", sector="水质", sector2="食品检验"), site("S2", sector="司法鉴定")]
    officers = [
        officer("P1", skills="食品检验;计量校准"),
        officer("P2", skills=""),
        officer("P3", skills="水质"),
    ]
    problem = build(sites, officers, seats=("specialist", "officer"))
    rows = eligible(problem)
    assert rows["S1", 0] == ["P1", "P3"]
    assert rows["S1", 1] == rows["S2", 1] == ["P1", "P2", "P3"]
    assert rows["S2", 0] == []
    assert problem.seat_skill.tolist() == ["水质;食品检验", "", "司法鉴定", ""]
    assert problem.seat_kind.tolist() == ["specialist", "officer"] * 2


def test_supporting_bureaux_come_in_the_tiers_of_their_order():
    officers = [officer("P1", bureau_id="D"), officer("P2"), officer("P3", bureau_id="C")]
    problem = build([site("S1")], officers, support={"B": ("C", "D")})
    assert problem.row(0).tolist() == [0, 1, 2]
    assert problem.tier[:3].tolist() == [2, 0, 1]


def test_equal_seats_are_one_with_a_quota():
    problem = build([site("S1")], [officer("P1")], seats=("officer", "specialist", "officer"))
    assert problem.seat_kind.tolist() == ["officer", "specialist"]
    assert problem.quota.tolist() == [2, 1]


def test_a_least_load_binds_only_who_can_go():
    away = absence("P2", FIRST, LAST)
    officers = [officer(name, min_tasks=2) for name in ("P1", "P2")]
    problem = build([site("S1")], officers, (), [away])
    assert problem.least.tolist() == [2, 0]


def test_limits_become_groups():
    officers = [officer("P1"), officer("P2"), officer("P3", bureau_id="C")]
    limits = (Limit("B", least=1, most=3), Limit("C", "市场监管", most=2))
    problem = build([site("S1")], officers, team={"limits": limits})
    told = [(g.name, g.officers, g.least, g.most) for g in problem.groups]
    assert told == [("C 市场监管", (2,), 0, 2), ("B", (0, 1), 1, 3)]


@pytest.mark.parametrize("window", [("2024-11-30", "2024-08-01"), ("20240801", LAST), ("", LAST)])
def test_a_window_that_is_none_is_refused(window):
    registers = (register(kind) for kind in ("sites", "officers", "conflicts", "absences"))
    with pytest.raises(InvalidInput, match="want its first and last day"):
        Problem.from_registers(*registers, team=TeamRules(TWO), window=window)


SECTORS = ("水质", "食品检验", "司法鉴定")
DAYS = ("", "2024-07-31", FIRST, "2024-09-15", LAST, "2024-12-01")


@st.composite
def worlds(draw):
    """Rows of all four registers, in any order; one officer of either bureau can always go."""
    pick = lambda *values: draw(st.sampled_from(values))  # noqa: E731
    sites = [
        site(f"S{k}", uscc=pick("", "X", "Y"), bureau_id=pick("B", "C"), station_id=pick("", "1"),
             sector=pick(*SECTORS), sector2=pick("", *SECTORS))
        for k in draw(st.permutations(range(4)))
    ]  # fmt: skip
    officers = [
        officer(f"P{k}", bureau_id=pick("B", "C"), station_id=pick("", "1", "2"),
                skills=";".join(draw(st.sets(st.sampled_from(SECTORS)))), active=pick(True, False),
                license_expiry=pick("2024-10-01", LAST))
        for k in draw(st.permutations(range(5)))
    ] + [officer(f"Z{b}", bureau_id=b, skills="") for b in ("B", "C")]  # fmt: skip
    target = st.sampled_from(("S0", "S1", "X", "Y", "S9"))
    person = st.sampled_from(("P0", "P1", "P2", "E1"))
    span = st.tuples(person, target, st.sampled_from(DAYS), st.sampled_from(DAYS))
    kinds = st.lists(st.sampled_from(["近亲属", "评审过"]), min_size=6, max_size=6)
    rows = zip(draw(st.lists(span, max_size=6)), draw(kinds), strict=False)
    conflicts = [conflict(*row) | {"kind": kind} for row, kind in rows]
    away = [absence(f"P{k}", FIRST, LAST) for k in draw(st.sets(st.integers(0, 4), max_size=2))]
    support = draw(st.sampled_from(({}, {"B": ("C",)}, {"B": ("C",), "C": ("B",)})))
    return sites, officers, conflicts, away, support


def kept_by(s, o, conflicts, absent, own_station):
    """Every rule that keeps officer ``o`` from site ``s``: the docstring, read aloud."""
    station = o.get("station_id", "")
    reasons = {
        c["kind"]
        for c in conflicts
        if c["person_id"] == o["officer_id"]
        and c["target"] in (s["site_id"], s["uscc"])
        and c["valid_from"] <= LAST
        and (c["valid_to"] or "9999") >= FIRST
    }
    if not o.get("active", True):
        reasons.add("inactive")
    if o["license_expiry"] < LAST:
        reasons.add("licence")
    if o["officer_id"] in absent:
        reasons.add("absence")
    if not own_station and station != "" and station == s["station_id"]:
        reasons.add("own station")
    return reasons


def literal(sites, officers, conflicts, away, support, seats, own_station):
    """By seat, {site: {officer: tier}}, and the pairs that one rule alone keeps apart."""
    absent = {row["officer_id"] for row in away}
    rows, barred = {kind: {} for kind in seats}, set()
    for s in sites:
        pool = (s["bureau_id"], *support.get(s["bureau_id"], ()))
        fields = {s["sector"], s["sector2"]} - {""}
        for kind in seats:
            rows[kind][s["site_id"]] = {}
        for o in officers:
            if o["bureau_id"] not in pool:
                continue
            reasons = kept_by(s, o, conflicts, absent, own_station)
            for kind in seats if not reasons else ():
                if kind == "officer" or fields & set(o["skills"].split(";")):
                    rows[kind][s["site_id"]][o["officer_id"]] = pool.index(o["bureau_id"])
            if len(reasons) == 1 and reasons != {"inactive"}:
                barred.add((s["site_id"], o["officer_id"], *reasons))
    return rows, barred


@given(worlds(), st.booleans())
def test_all_rules_at_once_as_read_aloud(world, own_station):
    *registers, support = world
    seats = ("specialist", "officer")
    problem = build(*registers, seats=seats, own_station=own_station, support=support)
    want, barred = literal(*registers, support, seats, own_station)
    assert problem.quota.tolist() == [1, 1] * len(problem.tasks)
    for k, kind in enumerate(seats):
        for t, task in enumerate(problem.tasks):
            row = slice(problem.ptr[2 * t + k], problem.ptr[2 * t + k + 1])
            ids = [problem.officers[o] for o in problem.idx[row]]
            assert dict(zip(ids, problem.tier[row].tolist(), strict=True)) == want[kind][task]
    pairs = [(problem.tasks[b.task], problem.officers[b.officer], b.reason) for b in problem.barred]
    assert pairs == sorted(barred)


@given(worlds())
def test_the_compiled_loop_equals_its_plain_text(world):
    *registers, _ = world
    compiled = build(*registers, own_station=False)
    with pytest.MonkeyPatch.context() as patch:
        loop = eligibility._list_people
        patch.setattr(eligibility, "_list_people", getattr(loop, "py_func", loop))
        plain = build(*registers, own_station=False)
    for name in ("ptr", "idx", "tier"):
        assert np.array_equal(getattr(compiled, name), getattr(plain, name))


def test_more_pairs_than_fit_are_refused(monkeypatch):
    monkeypatch.setattr(eligibility, "PAIRS_MOST", 1)
    with pytest.raises(InvalidInput, match="2 pairs of seat and officer; want at most 1"):
        who([site("S1")], [officer("P1")])


def test_no_sites_need_nobody():
    problem = build([], [officer("P1")])
    assert (problem.tasks, problem.seat_task.size, len(problem.barred)) == ((), 0, 0)
