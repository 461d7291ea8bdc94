"""It announces two draws over one roster, in two scopes, and visits the list that it likes."""

from functools import cache
from pathlib import Path

from world import (
    FIRST,
    LOG,
    NOW,
    PI,
    PINS,
    RIVAL,
    SECOND,
    SITES,
    Books,
    Lot,
    Row,
    announce,
    drawn,
    moment,
    public,
    rounds,
    share,
    tries,
    verdicts,
)

from fairlot.public.calendar import Calendar, Foretold, publish
from fairlot.public.log_read import read_log
from fairlot.public.sightings import sightings
from fairlot.public.watch import watch

SCOPES = ("testing", "testing two")


@cache
def pair(secret: int, scope: str = SCOPES[1], task: str = "1"):
    """Two announcements of one roster; under another secret the second has another root."""
    second = announce(SECOND, scope=scope, task=task, sequence=2, secret=secret)
    return announce(FIRST), second


def books_of(folder, files, calendar=None):
    """Both draws, announced in time and with their outcomes; the calendar, if any, before them."""
    books = Books.new(folder)
    if calendar:
        publish(books.log, calendar, LOG)
    for each in files:
        books.enter(each, ["announcement"], moment(FIRST, -3600))
    for each, source in zip(files, (FIRST, SECOND), strict=True):
        books.enter(drawn(each, source), ["outcome"], moment(SECOND, 60))
    return books


@cache
def reached():
    lots = [Lot.of(files) for files in pair(8)]
    pairs = zip(rounds(600), rounds(600, 5000), strict=True)
    return share([any(RIVAL in lot.draw(value) for lot, value in zip(lots, both, strict=True))
                  for both in pairs])  # fmt: skip


def marks(books, rosters=None):
    log = read_log(books.folder)
    seen = sightings([log.note, *log.earlier], witnesses=PINS.witnesses, vkey=PINS.log)
    return [flag.kind for flag in watch(log, now=NOW, rosters=rosters, sightings=seen)]


def row(folder: Path) -> Row:
    before, error = reached()
    assert "overlap" in marks(books_of(folder, pair(7)))
    return Row("splits scopes: two announcements for one roster", "a chosen rival is drawn by one",
               PI, before, PI,
               "flag `overlap` by the root, under two secrets only when `watch` is given both rosters; flag `second` for "
               "two tasks of one scope; `unique` fails", error)  # fmt: skip


def test_two_scopes_are_two_tries():
    before, error = reached()
    assert abs(before - tries(2)) <= error


def test_one_root_in_two_scopes(tmp_path):
    books = books_of(tmp_path, pair(7))
    assert marks(books) == ["overlap", "secret"]
    found = verdicts(drawn(pair(7)[0]), books.folder)["unique"]
    assert found.verdict == "fails"
    assert "draws from sites that" in found.note["en"]


def test_two_roots_in_two_scopes_need_the_two_records(tmp_path):
    books = books_of(tmp_path, pair(8))
    assert marks(books) == []
    rosters = {public.digest_of(files): frozenset(SITES) for files in pair(8)}
    assert marks(books, rosters) == ["overlap"]


def foreseen(folder):
    """Both draws stand in a calendar that was logged before them."""
    rows = [Foretold("示例局", scope, "2023", "1", "2023-08-31") for scope in SCOPES]
    return books_of(folder, pair(8), Calendar(tuple(rows)))


def row_calendar(folder: Path) -> Row:
    before, error = reached()
    assert verdicts(drawn(pair(8)[0]), foreseen(folder).folder)["unique"].verdict == "holds"
    return Row("foresees two draws of one roster in its own calendar",
               "a chosen rival is drawn by one", PI, before, tries(2),
               "not refused: the calendar is public before either draw, and both lists stand", error)  # fmt: skip


def test_its_own_calendar_allows_as_many_as_it_names(tmp_path):
    books = foreseen(tmp_path)
    for each, source in zip(pair(8), (FIRST, SECOND), strict=True):
        assert verdicts(drawn(each, source), books.folder)["unique"].verdict == "holds"


def test_two_tasks_of_one_scope(tmp_path):
    files = pair(8, "testing", "2")
    books = books_of(tmp_path, files)
    assert marks(books) == ["second"]
    for each, source in zip(files, (FIRST, SECOND), strict=True):
        assert verdicts(drawn(each, source), books.folder)["unique"].verdict == "fails"


def test_the_second_is_announced_elsewhere(tmp_path):
    """Without an entry the log cannot name it, and so it proves nothing for it."""
    books = Books.new(tmp_path).enter(pair(8)[0], ["announcement"], moment(FIRST, -3600))
    found = verdicts(drawn(pair(8)[1], SECOND), books.folder)["unique"]
    assert found.verdict == "fails"
    assert "is not in the log" in found.note["en"]
