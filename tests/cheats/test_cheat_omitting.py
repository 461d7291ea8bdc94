"""It leaves a friend out of the roster, or gives the status of one that is not drawn."""

from functools import cache
from pathlib import Path

import pytest
from world import (
    FRIEND,
    NOW,
    PI,
    SITES,
    Lot,
    Row,
    announce,
    drawn,
    public,
    published,
    rosters,
    rounds,
    share,
    sites,
    verdicts,
)

from fairlot._base.errors import InvalidInput
from fairlot.public.absence import check_absence
from fairlot.public.absence_made import absence_of
from fairlot.public.door_check import check_door
from fairlot.public.door_made import door_of
from fairlot.registers.compare import compare_roster

LEFT = tuple(site for site in SITES if site != FRIEND)


@cache
def short():
    """A record without the friend."""
    return drawn(announce(registers=rosters(sites=sites(LEFT))))


@cache
def struck():
    """A record in which the friend is said to have given up."""
    told = sites().assign(status=["注销" if site == FRIEND else "存续" for site in SITES])
    return told, drawn(announce(registers=rosters(sites=told)))


def spared(files, count=300):
    lot = Lot.of(files)
    return share([FRIEND not in lot.draw(value) for value in rounds(count)])


def row(folder: Path) -> Row:
    assert compare_roster(sites(LEFT), sites()).missing["site_id"].tolist() == [FRIEND]
    return Row("omits a friend from the roster", "a chosen friend is not drawn", 1 - PI,
               spared(short())[0], 1 - PI,
               "every step holds: a record cannot show what is not in it; `compare_roster` with last "
               "year's or the public list names the friend, an absence proof binds the office, no "
               "door proof can be made")  # fmt: skip


def test_whoever_is_not_there_is_never_drawn():
    for files in (short(), struck()[1]):
        assert spared(files)[0] == 1.0
    found, error = spared(drawn(announce()))
    assert abs(found - (1 - PI)) <= error


def test_the_record_itself_shows_nothing(tmp_path):
    files = published(tmp_path, short())
    assert {check.verdict for check in verdicts(files, tmp_path / "log").values()} == {"holds"}


def test_last_years_roster_names_the_friend():
    found = compare_roster(sites(LEFT), sites())
    assert found.missing[["site_id", "reason"]].values.tolist() == [[FRIEND, "not_in_roster"]]
    found = compare_roster(struck()[0], sites())
    assert found.missing[["site_id", "reason"]].values.tolist() == [[FRIEND, "inactive"]]
    assert compare_roster(sites(), sites()).missing.empty


def test_the_absence_can_be_proved_and_only_if_true():
    found = check_absence(absence_of(short(), FRIEND), announcement=short()["announcement.json"])
    assert {check.verdict for check in found} == {"holds"}
    with pytest.raises(InvalidInput, match="is in the roster"):
        absence_of(drawn(announce()), FRIEND)


def test_the_absence_in_another_roster_is_no_excuse():
    """The office shows the friend's rivals a proof from a roster that it did not announce."""
    honest = drawn(announce())["announcement.json"]
    found = check_absence(absence_of(short(), FRIEND), announcement=honest)
    assert [check.step for check in found if check.verdict == "fails"] == ["announced"]


def test_nobody_can_show_a_place_in_the_roster_to_the_friend():
    with pytest.raises(InvalidInput, match=f"site {FRIEND} is not in the roster"):
        door_of(short(), FRIEND, now=NOW)
    lent = door_of(drawn(announce()), FRIEND, now=NOW)
    found = check_door(lent, now=NOW, announcement=short()["announcement.json"],
                       outcome=short()["outcome.json"])  # fmt: skip
    assert [check.step for check in found if check.verdict == "fails"] == ["announced", "outcome"]


def test_who_was_struck_off_stands_in_the_results_as_excluded():
    told = {
        check.step: check for check in check_door(door_of(struck()[1], FRIEND, now=NOW), now=NOW)
    }
    assert told["result"].verdict == "holds"
    assert "excluded" in told["result"].note["en"]


def test_the_digest_of_a_roster_without_the_friend_is_another():
    assert public.digest_of(short()) != public.digest_of(announce())
