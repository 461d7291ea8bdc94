"""What one rule alone keeps apart, against removing that rule and looking again."""

from staffed_worlds import WINDOW, absence, build, conflict, eligible, expert, officer, site

from fairlot.assignment import barring

FIRST, LAST = WINDOW
OFFICERS = [
    officer("P1"),
    officer("P2", license_expiry="2024-09-01"),
    officer("P3"),
    officer("P4", station_id="B-1"),
    officer("P5", station_id="B-1"),
    officer("P6", bureau_id="C"),
    officer("P7", active=False),
    officer("P8"),
]
CONFLICTS = [
    conflict("P1", "S1"),
    conflict("P5", "S1"),
    conflict("P6", "S1"),
    conflict("P7", "S1"),
    conflict("P8", "S1"),
    conflict("P8", "X") | {"kind": "咨询关系"},
    conflict("P8", "S2", "", "2020-01-01"),
]
SITES = [site("S1", uscc="X", station_id="B-1"), site("S2", station_id="B-2")]


def barred(**more):
    problem = build(
        SITES, [*OFFICERS, officer("P9")], CONFLICTS, [absence("P3", FIRST, LAST)],
        own_station=False, **more,
    )  # fmt: skip
    return [(problem.tasks[b.task], problem.officers[b.officer], b.reason) for b in problem.barred]


def test_pairs_that_one_rule_alone_keeps_apart():
    assert barred() == [
        ("S1", "P1", "近亲属"),
        ("S1", "P2", "licence"),
        ("S1", "P3", "absence"),
        ("S1", "P4", "own station"),
        ("S2", "P2", "licence"),
        ("S2", "P3", "absence"),
    ]


def test_rotation_is_a_rule_like_any_other():
    again = {"last_teams": {"S2": ("P1", "P3")}, "team": {"rotation": "officer"}}
    assert [pair for pair in barred(**again) if pair[0] == "S2"] == [
        ("S2", "P1", "last team"),
        ("S2", "P2", "licence"),
    ]


def test_an_expert_is_barred_by_the_employer():
    problem = build(
        SITES, OFFICERS, seats=("officer", "officer", "expert"),
        experts=[expert("E1", employer_uscc="X"), expert("E2", employer_uscc="X", skills="其他")],
    )  # fmt: skip
    named = [(problem.officers[b.officer], b.reason) for b in problem.barred if b.task == 0]
    assert named == [("E1", "employer"), ("P2", "licence")]


def test_taking_the_rule_away_lets_the_pair_meet():
    assert "P1" in eligible(build(SITES, OFFICERS, CONFLICTS[1:]))["S1", 0]
    assert "P8" not in eligible(build(SITES, OFFICERS, CONFLICTS[:4] + CONFLICTS[5:]))["S1", 0]


def test_where_too_many_could_meet_only_listed_pairs_are_told(monkeypatch):
    monkeypatch.setattr(barring, "MOST", 1)
    assert barred() == [("S1", "P1", "近亲属")]


def test_nothing_is_gathered_until_it_is_looked_at():
    problem = build(SITES, OFFICERS, CONFLICTS)
    assert "_pairs" not in vars(problem.barred)
    assert problem.barred[0].reason == "近亲属"
    assert len(problem.barred[:2]) == 2
