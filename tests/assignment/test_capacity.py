"""Officer-visits needed and available before any draw."""

from staffed_worlds import TWO, WINDOW, absence, officer, register

from fairlot.assignment import capacity

COLUMNS = ["bureau_id", "visits", "needed", "officers", "available", "short"]


def table(visits, officers, away=(), seats=TWO):
    registers = register("officers", *officers), register("absences", *away)
    return capacity(visits, *registers, window=WINDOW, seats=seats).to_numpy().tolist()


def test_bureaux_come_by_id_with_their_counts():
    officers = [
        officer("P1", max_tasks=3),
        officer("P2", max_tasks=4),
        officer("P3", bureau_id="C"),
    ]
    assert table({"C": 1, "B": 3}, officers) == [["B", 3, 6, 2, 6, 0], ["C", 1, 2, 1, 1, 1]]


def test_an_officer_visits_a_site_once_whatever_the_cap():
    assert table({"B": 2}, [officer("P1", max_tasks=12)]) == [["B", 2, 4, 1, 2, 2]]


def test_only_those_count_who_may_go():
    officers = [
        officer("P1"),
        officer("P2", active=False),
        officer("P3", license_expiry="2024-11-29"),
        officer("P4"),
    ]
    assert table({"B": 1}, officers, [absence("P4", *WINDOW)]) == [["B", 1, 2, 1, 1, 1]]


def test_experts_are_not_the_bureau_s():
    seats = ("specialist", "officer", "lead", "expert", "expert")
    officers = [officer("P1"), officer("P2")]
    assert table({"B": 1}, officers, seats=seats) == [["B", 1, 3, 2, 2, 1]]


def test_a_bureau_without_officers_is_short_of_all():
    assert table({"D": 2}, [officer("P1")]) == [["D", 2, 4, 0, 0, 4]]


def test_no_bureau_no_row():
    none = capacity({}, register("officers"), register("absences"), window=WINDOW, seats=TWO)
    assert list(none.columns) == COLUMNS
    assert none.empty
