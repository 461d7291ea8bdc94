"""Who may go where: one test for each rule, then all rules at once against a literal reading."""

import numpy as np
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
from fairlot.assignment import Problem, eligibility

FIRST, LAST = WINDOW


def who(*args, **kwargs):
    """The officers who may take the first seat of site S1."""
    return eligible(build(*args, **kwargs))["S1", 0]


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


REFUSED = [
    ({"seats": ("officer",)}, "want at least 2"),
    ({"seats": ("officer", "expert")}, "seats are .*expert"),
    ({"support": {"B": ("B",)}}, "bureau B is to borrow officers from B"),
    ({"support": {"B": ("Z",)}}, "bureau B is to borrow officers from Z"),
    ({"support": {"B": ("C", "C")}}, "bureau B is to borrow officers from C"),
]


@pytest.mark.parametrize(("change", "message"), REFUSED)
def test_a_rule_that_cannot_be_meant_is_refused(change, message):
    officers = [officer("P1"), officer("P2", bureau_id="C")]
    with pytest.raises(InvalidInput, match=message) as refusal:
        build([site("S1")], officers, **change)
    assert refusal.value.text("zh") != refusal.value.text("en")


@pytest.mark.parametrize("window", [("2024-11-30", "2024-08-01"), ("20240801", LAST), ("", LAST)])
def test_a_window_that_is_none_is_refused(window):
    registers = (register(kind) for kind in ("sites", "officers", "conflicts", "absences"))
    with pytest.raises(InvalidInput, match="want its first and last day"):
        Problem.from_registers(*registers, seats=TWO, window=window, own_station=True)


@pytest.mark.parametrize("repeated", ["site", "officer"])
def test_an_id_listed_twice_is_refused(repeated):
    sites, officers = [site("S1")], [officer("P1")]
    again = {"site": sites, "officer": officers}[repeated]
    again.append(again[0])
    with pytest.raises(InvalidInput, match="(task S1|officer P1) is listed twice"):
        build(sites, officers)


SECTORS = ("水质", "食品检验", "司法鉴定")
DAYS = ("", "2024-07-31", FIRST, "2024-09-15", LAST, "2024-12-01")


@st.composite
def worlds(draw):
    """Rows of all four registers, in any order."""
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
    ]  # fmt: skip
    target = st.sampled_from(("S0", "S1", "X", "Y", "S9"))
    person = st.sampled_from(("P0", "P1", "P2", "E1"))
    span = st.tuples(person, target, st.sampled_from(DAYS), st.sampled_from(DAYS))
    conflicts = [conflict(*row) for row in draw(st.lists(span, max_size=6))]
    away = [absence(f"P{k}", FIRST, LAST) for k in draw(st.sets(st.integers(0, 4), max_size=2))]
    support = draw(st.sampled_from(({}, {"B": ("C",)}, {"B": ("C",), "C": ("B",)})))
    return sites, officers, conflicts, away, support


def literal(sites, officers, conflicts, away, support, kind, own_station):
    """{site: {officer: tier}}: the rules of the docstring, read aloud."""
    absent = {row["officer_id"] for row in away}
    rows = {}
    for s in sites:
        pool = (s["bureau_id"], *support.get(s["bureau_id"], ()))
        rows[s["site_id"]] = {}
        for o in officers:
            station = o.get("station_id", "")
            able = o.get("active", True) and o["license_expiry"] >= LAST
            here = o["bureau_id"] in pool and o["officer_id"] not in absent
            local = station != "" and station == s["station_id"]
            skilled = {s["sector"], s["sector2"]} & set(filter(None, o["skills"].split(";")))
            related = any(
                c["person_id"] == o["officer_id"]
                and c["target"] in (s["site_id"], s["uscc"])
                and c["valid_from"] <= LAST
                and (c["valid_to"] or "9999") >= FIRST
                for c in conflicts
            )
            allowed = (own_station or not local) and (kind == "officer" or skilled)
            if able and here and allowed and not related:
                rows[s["site_id"]][o["officer_id"]] = pool.index(o["bureau_id"])
    return rows


@given(worlds(), st.booleans())
def test_all_rules_at_once_as_read_aloud(world, own_station):
    *registers, support = world
    known = {row["bureau_id"] for row in registers[1]}
    support = {b: lenders for b, lenders in support.items() if known.issuperset(lenders)}
    seats = ("specialist", "officer")
    problem = build(*registers, seats=seats, own_station=own_station, support=support)
    for k, kind in enumerate(seats):
        want = literal(*registers, support, kind, own_station)
        for t, task in enumerate(problem.tasks):
            row = slice(problem.ptr[2 * t + k], problem.ptr[2 * t + k + 1])
            ids = [problem.officers[o] for o in problem.idx[row]]
            assert dict(zip(ids, problem.tier[row].tolist(), strict=True)) == want[task]


@given(worlds())
def test_the_compiled_loop_equals_its_plain_text(world):
    *registers, _ = world
    compiled = build(*registers, own_station=False)
    with pytest.MonkeyPatch.context() as patch:
        loop = eligibility._list_officers
        patch.setattr(eligibility, "_list_officers", getattr(loop, "py_func", loop))
        plain = build(*registers, own_station=False)
    for name in ("ptr", "idx", "tier"):
        assert np.array_equal(getattr(compiled, name), getattr(plain, name))


def test_more_pairs_than_fit_are_refused(monkeypatch):
    monkeypatch.setattr(eligibility, "PAIRS_MOST", 1)
    with pytest.raises(InvalidInput, match="2 pairs of seat and officer; want at most 1"):
        who([site("S1")], [officer("P1")])
