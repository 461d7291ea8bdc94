"""It "rolls the dice" when the beacon is out, until they fall as it likes."""

from functools import cache
from itertools import count
from pathlib import Path

from world import (
    FIRST,
    OFFICE,
    PI,
    RIVAL,
    Books,
    Lot,
    Row,
    announce,
    drawn,
    failing,
    list_of,
    moment,
    public,
    rounds,
    share,
    stamped,
    tries,
    verdicts,
)

from fairlot.public import beacon
from fairlot.public.entries import Entry

TRIES = 20


def dice(number: int) -> public.Before:
    return public.Before(human=[public.Human.read("dice", "公证员", f"{number:039d}")])


@cache
def lots():
    return [rolled(k) for k in range(TRIES)]


def rolled(number: int) -> Lot:
    return whole().changed(human=[each.encode() for each in dice(number).human])


@cache
def whole() -> Lot:
    return Lot.of(announce(before=dice(0)))


@cache
def loaded():
    """The real thing: the first rolls that draw the rival, with the round already out."""
    value = FIRST.randomness(beacon.recorded(1))
    found = next(k for k in count() if RIVAL in rolled(k).draw(value))
    return drawn(announce(before=dice(found)))


@cache
def reached():
    return share([any(RIVAL in lot.draw(value) for lot in lots()) for value in rounds(400)])


def row(folder: Path) -> Row:
    before, error = reached()
    assert failing(stamped(loaded(), moment(FIRST, 60))) == ["time"]
    return Row("adds human input after the beacon", "a chosen rival is drawn", PI, before, PI,
               "`time` fails: the dice stand inside the announcement; flag `human` in the log", error)  # fmt: skip


def test_dice_after_the_beacon_draw_whom_one_likes():
    before, error = reached()
    assert abs(before - tries(TRIES)) <= error
    assert RIVAL in list_of(loaded())


def test_dice_before_the_beacon_draw_nobody_in_particular():
    """Whatever they show, the rival's chance over the rounds to come is 1/3."""
    for lot in lots()[:2]:
        found, error = share([RIVAL in lot.draw(value) for value in rounds(600)])
        assert abs(found - PI) <= error


def test_other_dice_are_another_announcement():
    stamp = stamped(announce(before=dice(123)), moment(FIRST, -3600))["announcement.tsr"]
    assert failing(public.seal({**loaded(), "announcement.tsr": stamp}, OFFICE)) == ["time"]


def test_dice_that_are_exchanged_in_place():
    files = drawn(announce(before=dice(123)))
    body = files["announcement.json"].replace(b"%039d" % 123, b"%039d" % 124)
    found = failing(public.seal({**files, "announcement.json": body}, OFFICE))
    assert {"registers", "randomness"} & set(found)


def test_dice_that_are_logged_after_the_announcement(tmp_path):
    books = Books.new(tmp_path).enter(loaded(), ["announcement"], moment(FIRST, -3600))
    books.add([Entry("human", "示例局", "testing", "2023", "1", "0" * 64)], moment(FIRST, 60))
    books.enter(loaded(), ["outcome"], moment(FIRST, 120))
    found = verdicts(loaded(), books.folder)["unique"]
    assert found.verdict == "fails"
    assert "human input after the announcement" in found.note["en"]
