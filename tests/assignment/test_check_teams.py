"""Every cheat on a team is found by the check that trusts no solver."""

from dataclasses import replace

import numpy as np
import pytest
from staffed_worlds import build, conflict, officer, problem_of, site

from fairlot._base.errors import InvalidInput
from fairlot.assignment import Teams, check_teams

PROBLEM = problem_of([[[0, 1, 2], [0, 1, 2]], [[1, 2, 3], [1, 2, 3]]], [1, 1, 1, 1])
TEAMS = Teams(PROBLEM, np.array([0, 1, 2, 3]), np.zeros(4, bool), "by hand")

CHEATS = {
    "an officer who may not go": (
        [0, 1, 2, 0],
        "officer P000 may not take seat officer of site S0001",
    ),
    "an officer twice in a team": (
        [0, 0, 2, 3],
        "officer P000 sits twice in the team of site S0000",
    ),
    "an officer above the cap": ([0, 1, 1, 3], "officer P001 takes 2 seats; the cap is 1"),
    "an officer of no register": ([0, 1, 2, 4], "teams fill 3 seats"),
    "a seat left empty": ([0, 1, 2, -1], "teams fill 3 seats"),
    "a seat too few": ([0, 1, 2], "want an officer of the problem on each of 4"),
}


def test_honest_teams_pass():
    check_teams(PROBLEM, TEAMS)


@pytest.mark.parametrize(("officers", "message"), CHEATS.values(), ids=CHEATS)
def test_a_cheat_is_named(officers, message):
    with pytest.raises(InvalidInput, match=message) as refusal:
        check_teams(PROBLEM, replace(TEAMS, officer=np.array(officers)))
    assert refusal.value.text("zh") != refusal.value.text("en")


LENDING = build(
    [site("S1")],
    [officer("P1"), officer("P2"), officer("P3", bureau_id="C")],
    support={"B": ("C",)},
)


def lent(officers, borrowed):
    return Teams(LENDING, np.array(officers), np.array(borrowed), "by hand")


def test_a_needless_loan_is_named():
    check_teams(LENDING, lent([0, 1], [False, False]))
    with pytest.raises(InvalidInput, match="P3 is borrowed for site S1, whose bureau has"):
        check_teams(LENDING, lent([0, 2], [False, True]))


@pytest.mark.parametrize("borrowed", [[False, False], [True, False], [True, True]])
def test_a_loan_that_is_not_said_is_named(borrowed):
    with pytest.raises(InvalidInput, match="borrowed does not say where they come from"):
        check_teams(LENDING, lent([0, 2], borrowed))


def test_a_loan_is_right_where_the_officer_at_home_is_in_conflict():
    officers = [officer("P1"), officer("P2"), officer("P3", bureau_id="C")]
    problem = build([site("S1")], officers, [conflict("P2", "S1")], support={"B": ("C",)})
    check_teams(problem, Teams(problem, np.array([0, 2]), np.array([False, True]), "by hand"))


def test_the_table_says_who_goes_where():
    frame = lent([0, 2], [False, True]).to_frame()
    assert frame.to_dict("list") == {
        "site_id": ["S1", "S1"],
        "seat": ["officer", "officer"],
        "officer_id": ["P1", "P3"],
        "borrowed": [False, True],
    }
    assert lent([0, 2], [False, True]).loads.tolist() == [1, 0, 1]
