"""It shows the public one list and the auditors another, each under its signature."""

from functools import cache
from pathlib import Path

import pytest
from world import (
    FIRST,
    FRIEND,
    NOW,
    OFFICE,
    PI,
    SITES,
    Books,
    Lot,
    Row,
    announce,
    drawn,
    failing,
    moment,
    plan,
    public,
    rosters,
    rounds,
    share,
    sites,
    stamped,
    verdicts,
)

from fairlot.public.door_check import check_door
from fairlot.public.door_made import door_of

VIEW = "pseudonymous"


@cache
def both():
    """For the public a roster without the friend, for the auditors the whole one; both full."""
    short = rosters(sites=sites([site for site in SITES if site != FRIEND]))
    made = announce(registers=short, view=VIEW), announce(secret=8, view=VIEW)
    return tuple(stamped(drawn(files), moment(FIRST, -3600)) for files in made)


def shown(files):
    return public.published(files, plan(view=VIEW), OFFICE, opened=True)


def row(folder: Path) -> Row:
    found, _ = share([FRIEND not in Lot.of(both()[0]).draw(value) for value in rounds(200)])
    assert failing(both()[1], others=[shown(both()[0])]) == ["unique"]
    return Row("shows two views of two lists", "a friend, whole for the auditors, is not drawn",
               1 - PI, found, 1 - PI,
               "`unique` fails: announced twice (side by side, or one of them is not in the log); "
               "tables of the one under the root of the other: `registers` fails")  # fmt: skip


def test_each_view_holds_alone():
    assert failing(shown(both()[0])) == []
    assert failing(both()[1], audit=True) == []


@pytest.mark.parametrize("first", [0, 1])
def test_side_by_side_they_are_two_announcements(first):
    one, other = both()[first], both()[1 - first]
    assert failing(one, others=[shown(other)]) == ["unique"]


def test_two_views_of_one_list_agree():
    assert failing(both()[1], audit=True, others=[shown(both()[1])]) == []


def test_one_of_them_is_not_in_the_log(tmp_path):
    books = Books.new(tmp_path).enter(both()[0], ["announcement"], moment(FIRST, -3600))
    books.enter(both()[0], ["outcome"], moment(FIRST, 3600))
    assert verdicts(shown(both()[0]), books.folder)["unique"].verdict == "holds"
    assert failing(both()[1], books.folder, audit=True) == ["unique"]


@pytest.mark.parametrize("table", ["standings.jsonl", "sites.jsonl", "conflicts.jsonl"])
def test_tables_of_the_other_list(table):
    one, other = both()
    data = other[table] if other[table] != one[table] else other["officers.jsonl"]
    mixed = public.seal({**one, table: data}, OFFICE)
    assert failing(mixed, audit=True)[0] == "registers"


def test_the_auditors_get_less_than_the_whole():
    assert failing(shown(both()[0]), audit=True) == ["disclosure"]


def test_rows_opened_from_the_other_list():
    one, other = both()
    mixed = public.seal({**shown(one), "openings.jsonl": other["openings.jsonl"]}, OFFICE)
    assert failing(mixed)[0] == "selection"


def test_a_door_proof_of_the_other_list():
    one, other = both()
    site = Lot.of(other).quotas.frame["site_id"].iloc[0]
    found = check_door(door_of(other, site, now=NOW), now=NOW, announcement=one["announcement.json"],
                       outcome=one["outcome.json"])  # fmt: skip
    assert [check.step for check in found if check.verdict == "fails"] == ["announced", "outcome"]
