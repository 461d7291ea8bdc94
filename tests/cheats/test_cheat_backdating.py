"""It waits for the round, picks a number that draws its rival, and signs yesterday's date."""

from datetime import UTC, datetime
from functools import cache
from itertools import count
from pathlib import Path

import pytest
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
    published,
    rounds,
    share,
    stamped,
    tries,
    verdicts,
)

from fairlot.public import beacon
from fairlot.public.local_authority import LocalAuthority

TRIES = 20


@cache
def backdated():
    """The real thing: the round is out, and the number is the first that draws the rival."""
    lot, value = Lot.of(announce()), FIRST.randomness(beacon.recorded(1))
    found = next(k for k in count(1) if RIVAL in lot.changed(sequence=k).draw(value))
    return drawn(announce(sequence=found))


@cache
def reached():
    """How often one of twenty numbers draws the rival, when the round is known."""
    lot = Lot.of(announce())
    lots = [lot.changed(sequence=k) for k in range(1, TRIES + 1)]
    return share([any(RIVAL in lot.draw(value) for lot in lots) for value in rounds(400)])


def row(folder: Path) -> Row:
    before, error = reached()
    late = stamped(backdated(), moment(FIRST, 60))
    assert failing(late) == ["time"]
    return Row("backdates: signed after the round under an earlier date", "a chosen rival is drawn",
               PI, before, PI, "`time` fails; without a proof by others: `time` not shown", error)  # fmt: skip


def test_twenty_numbers_draw_the_rival_nearly_always():
    before, error = reached()
    assert abs(before - tries(TRIES)) <= error
    assert RIVAL in list_of(backdated())


def test_its_own_word_shows_nothing():
    found = verdicts(backdated())
    assert [s for s, c in found.items() if c.verdict != "holds"] == ["time", "unique"]
    assert found["time"].verdict == "not shown"


@pytest.mark.parametrize(("seconds", "want"), [(-600, "holds"), (-599, "fails"), (60, "fails")])
def test_a_token_after_the_margin(seconds, want):
    assert verdicts(stamped(backdated(), moment(FIRST, seconds)))["time"].verdict == want


def test_a_token_by_an_authority_of_its_own():
    friend = LocalAuthority.make("a friend's clock", datetime(2023, 1, 1, tzinfo=UTC))
    files = stamped(backdated(), moment(FIRST, -3600), authority=friend)
    assert failing(files) == ["time"]


def test_the_token_of_another_announcement():
    honest = stamped(announce(), moment(FIRST, -3600))
    lent = public.seal({**backdated(), "announcement.tsr": honest["announcement.tsr"]}, OFFICE)
    assert body_differs(honest, lent)
    assert failing(lent) == ["time"]


def body_differs(one, other):
    return one["announcement.json"] != other["announcement.json"]


def test_a_log_that_a_witness_saw_too_late(tmp_path):
    books = Books.new(tmp_path).enter(backdated(), ["announcement", "outcome"], moment(FIRST, 60))
    assert failing(books.placed(backdated())) == ["time"]


def test_a_log_that_a_witness_saw_without_it(tmp_path):
    """The log alone refutes it, whatever the record shows."""
    books, other = Books.new(tmp_path), announce(task="0", scope="other", secret=8)
    books.enter(other, ["announcement"], moment(FIRST, -60))
    books.enter(backdated(), ["announcement", "outcome"], moment(FIRST, 60))
    found = verdicts(backdated(), books.folder)["unique"]
    assert found.verdict == "fails"
    assert "was not in the log at" in found.note["en"]


def test_an_honest_record_holds_in_every_step(tmp_path):
    files = published(tmp_path, drawn(announce()))
    assert {check.verdict for check in verdicts(files, tmp_path / "log").values()} == {"holds"}
