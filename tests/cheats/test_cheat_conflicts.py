"""It declares conflicts until only a friendly officer, and one more, are left for a site."""

from functools import cache
from io import BytesIO
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from world import (
    OFFICE,
    RIVAL,
    Row,
    announce,
    drawn,
    failing,
    list_of,
    officers,
    plan,
    public,
    rosters,
    sites,
)

from fairlot._base.errors import Infeasible
from fairlot.assignment import declared, probabilities
from fairlot.planning import deciding
from fairlot.planning.outlook import outlook
from fairlot.planning.quotas import quotas
from fairlot.planning.visited import problem_of
from fairlot.public.disclosure import read_tables

PEOPLE = tuple(f"P{i:02d}" for i in range(20))
PLACES = tuple(f"S{i:02d}" for i in range(20))
DRAWN = np.array([1, 3, 5, 7, 9, 11])
FRIENDLY, ALL_BUT_TWO, UNSEEN = "P00", 18, 3
"""The officer whom the office wants there; conflicts that leave one more; that raise no flag."""


@cache
def world(conflicts: int, since: str = "2020-01-01"):
    """Twenty sites and twenty officers alike; so many of them are declared off the rival's site."""
    told = pd.DataFrame({"person_id": PEOPLE[len(PEOPLE) - conflicts :], "target": RIVAL,
                         "kind": "近亲属", "valid_from": since})  # fmt: skip
    return rosters(sites=sites(PLACES), officers=officers(PEOPLE),
                   **({"conflicts": told} if conflicts else {}))  # fmt: skip


@cache
def chance(conflicts: int) -> float:
    """The chance that the friendly officer goes to the rival's site, once that is drawn: exact."""
    found = probabilities(problem_of(plan(), deciding(plan(), world(conflicts)), DRAWN)).to_frame()
    hers = (found["site_id"] == RIVAL) & (found["officer_id"] == FRIENDLY)
    return float(found["numerator"][hers].sum() / 2**30)


def looked(conflicts: int, since: str = "2020-01-01"):
    tables = deciding(plan(), world(conflicts, since))
    return declared(tables.conflicts, tables.sites, tables.officers, as_of="2023-08-01")


def row(folder: Path) -> Row:
    return Row("declares conflicts for all officers of a site but two",
               "a chosen officer goes to a chosen site", chance(0), chance(ALL_BUT_TWO),
               chance(UNSEEN),
               "`outlook` names the site (4 conflicts of 20 are enough; 3 raise no flag), and "
               "`visits.csv`, redone by step `chances`, shows how few could go; not refused")  # fmt: skip


def test_the_chances_are_those_of_two_seats_for_whoever_is_left():
    for conflicts in (0, 1, 3, ALL_BUT_TWO):
        assert chance(conflicts) == pytest.approx(2 / (20 - conflicts), abs=1e-8)


@pytest.mark.parametrize("conflicts", [0, UNSEEN])
def test_few_conflicts_raise_no_flag_and_gain_little(conflicts):
    assert looked(conflicts).empty
    assert chance(conflicts) / chance(0) <= 20 / 17 + 1e-8


@pytest.mark.parametrize("conflicts", [UNSEEN + 1, ALL_BUT_TWO])
def test_many_conflicts_are_flagged(conflicts):
    found = looked(conflicts)
    assert found[["what", "id", "conflicts", "of"]].values.tolist() == [
        ["site", RIVAL, conflicts, 20]
    ]


def test_new_conflicts_are_flagged_as_new():
    assert looked(ALL_BUT_TWO, "2023-07-20")["new"].tolist() == [False, True]


def test_the_outlook_tells_before_the_announcement():
    asked = type(plan()).of({**plan().table(), "team": {"effective_floor": "8"}})
    tables = deciding(asked, world(ALL_BUT_TWO))
    found = outlook(asked, quotas(asked, tables.standings), tables)
    assert found.declared["id"].tolist() == [RIVAL]
    assert found.few[["site_id", "eligible"]].values.tolist() == [[RIVAL, 2]]


def test_any_reader_can_look_into_the_record():
    """The conflicts are committed and published, under pseudonyms."""
    files = announce(registers=world(ALL_BUT_TWO))
    frames = read_tables(files, plan())
    found = declared(frames["conflicts"], frames["sites"], frames["officers"], as_of="2023-08-01")
    assert found["id"].tolist() == [RIVAL]
    assert found["conflicts"].tolist() == [ALL_BUT_TWO]


def test_all_but_one_cannot_be_announced_as_certain():
    """One officer cannot take two seats: a list with that site has no teams."""
    with pytest.raises(Infeasible):
        probabilities(problem_of(plan(), deciding(plan(), world(19)), DRAWN))


def test_the_published_list_tells_how_few_could_go():
    files = first_with_the_rival()
    shown = pd.read_csv(BytesIO(files["visits.csv"])).set_index("site_id")
    assert shown["eligible"][RIVAL] == 2
    assert shown["effective"][RIVAL] == 2
    more = files["visits.csv"].replace(
        f"{RIVAL},B1,2,2,2.00".encode(), f"{RIVAL},B1,2,9,9.00".encode()
    )
    assert more != files["visits.csv"]
    assert failing(public.seal({**files, "visits.csv": more}, OFFICE)) == ["chances"]


def first_with_the_rival():
    for number in range(1, 30):
        files = drawn(announce(registers=world(ALL_BUT_TWO), sequence=number))
        if RIVAL in list_of(files):
            return files
    raise AssertionError


def test_conflicts_that_are_declared_after_the_announcement():
    files = drawn(announce(registers=world(0)))
    late = announce(registers=world(ALL_BUT_TWO))["conflicts.jsonl"]
    assert failing(public.seal({**files, "conflicts.jsonl": late}, OFFICE))[0] == "registers"
