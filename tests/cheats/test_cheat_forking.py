"""It keeps two histories of its log: each draw stands in one of them, alone and in time."""

from functools import cache
from pathlib import Path

import pytest
from world import (
    FIRST,
    LOG,
    NOW,
    OFFICE,
    PI,
    PINS,
    RIVAL,
    WITNESS,
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

from fairlot._base.errors import VerificationError
from fairlot.public.log import Log
from fairlot.public.log_read import read_log
from fairlot.public.sightings import sightings
from fairlot.public.watch import watch


@cache
def tried():
    """The same draw announced twice, under two secrets."""
    return drawn(announce(secret=7)), drawn(announce(secret=8))


def history(folder: Path, files) -> Path:
    """A log that holds this try alone."""
    log = Log.create(folder, LOG)
    for name in ("announcement", "outcome"):
        log.append([public.entries_of(files)[name]], LOG)
    return folder


@cache
def reached():
    lots = [Lot.of(files) for files in tried()]
    return share([any(RIVAL in lot.draw(value) for lot in lots) for value in rounds(600)])


def row(folder: Path) -> Row:
    before, error = reached()
    assert marks(folder) == ["fork"]
    return Row("forks the log, a history for each of two tries", "a chosen rival is drawn by one",
               PI, before, PI,
               "the witness refuses the second history; two checkpoints side by side: flag `fork`; "
               "a log without a witness: `unique` not shown", error)  # fmt: skip


@cache
def pair():
    """Two tasks of one plan: a try for each, both announced for the same round."""
    return drawn(announce(task="1", secret=7)), drawn(announce(task="2", secret=8))


def left_out(folder: Path):
    """The liked try with its proofs of the public log, and a log that leaves the other try out."""
    other, liked = pair()
    books = Books.new(folder).enter(other, ["announcement"], moment(FIRST, -3700))
    books.enter(liked, ["announcement"], moment(FIRST, -3600))
    books.enter(liked, ["outcome"], moment(FIRST, 60))
    return books.placed(liked), history(folder / "fork", liked)


def row_proofs(folder: Path) -> Row:
    before, error = reached()
    files, fork = left_out(folder)
    assert verdicts(files, fork)["unique"].verdict == "fails"
    return Row("shows a fork without the other try, beside a record with its proofs of time",
               "a chosen rival is drawn by one", PI, before, PI,
               "`unique` fails: flags `fork` and `rollback`, by the checkpoints in the record's own proofs; without "
               "these proofs `time` and `unique` not shown, as no witness saw the fork", error)  # fmt: skip


def marks(folder):
    one, two = (history(folder / str(i), files) for i, files in enumerate(tried()))
    log, other = read_log(one), read_log(two)
    found = watch(log, now=NOW, sightings=sightings([log.note, other.note], vkey=LOG.vkey))
    return [flag.kind for flag in found if flag.kind in ("fork", "rollback")]


def test_two_histories_are_two_tries():
    before, error = reached()
    assert abs(before - tries(2)) <= error


def test_two_checkpoints_side_by_side(tmp_path):
    assert marks(tmp_path) == ["fork"]


def test_the_witness_signs_one_of_them(tmp_path):
    books = Books.new(tmp_path).enter(tried()[0], ["announcement", "outcome"], moment(FIRST, -3600))
    forked = history(tmp_path / "fork", tried()[1])
    with pytest.raises(VerificationError, match="forked after 2 entries"):
        books.witness.cosign_log(forked, now=int(NOW.timestamp()))


def test_the_records_own_proofs_are_of_the_other_history(tmp_path):
    files, fork = left_out(tmp_path)
    found = verdicts(files, fork)
    assert (found["time"].verdict, found["unique"].verdict) == ("holds", "fails")
    assert "two histories of 2 entries were signed" in found["unique"].note["en"]
    bare = public.seal({n: d for n, d in files.items() if not n.endswith(".log.json")}, OFFICE)
    found = verdicts(bare, fork)
    assert (found["time"].verdict, found["unique"].verdict) == ("not shown", "not shown")
    # And the log that was witnessed holds the other try.
    assert "was drawn as 2 tasks" in verdicts(files, tmp_path / "log")["unique"].note["en"]


def test_a_prefix_that_was_witnessed_vouches_for_nothing_after_it(tmp_path):
    """The witness saw the announcement, and went on to sign another continuation."""
    files = tried()[0]
    log = Log.create(tmp_path / "fork", LOG)
    log.append([public.entries_of(files)["announcement"]], LOG)
    text = Books.new(tmp_path).witness.cosign_log(
        log.folder, now=int(moment(FIRST, -3600).timestamp())
    )
    log.add_cosignature(text, WITNESS.cosigner_vkey)
    log.append([public.entries_of(files)["outcome"]], LOG)
    placed = public.with_places(files, log.read(), OFFICE)
    found = verdicts(placed, log.folder)
    assert (found["time"].verdict, found["unique"].verdict) == ("holds", "not shown")


@pytest.mark.parametrize("which", [0, 1])
def test_without_a_witness_nothing_is_shown(tmp_path, which):
    folder = history(tmp_path / "log", tried()[which])
    placed = public.with_places(tried()[which], read_log(folder), OFFICE)
    told = public.Known(key=OFFICE.vkey, pins=PINS, log=folder)
    found = {check.step: check.verdict for check in public.checks(placed, now=NOW, known=told)}
    assert (found["time"], found["unique"]) == ("not shown", "not shown")


def test_a_draw_under_the_other_history(tmp_path):
    """The witnessed log does not hold it; the one that does is not witnessed."""
    books = Books.new(tmp_path).enter(tried()[0], ["announcement"], moment(FIRST, -3600))
    books.enter(tried()[0], ["outcome"], moment(FIRST, 3600))
    told = public.Known(key=OFFICE.vkey, pins=PINS, log=books.folder)
    found = {check.step: check.verdict for check in public.checks(tried()[1], now=NOW, known=told)}
    assert found["unique"] == "fails"
