"""Who else saw the announcement, and when: only clocks that the reader named count."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from answers import DRAWS, RECORDED
from logged import OFFICE, STRANGER, WITNESS, witnessed
from small_record import BEFORE, ROUND, SIGNER, found, make, noticed, shown, verdicts

from fairlot import public
from fairlot.public.drand import QUICKNET
from fairlot.public.local_authority import LocalAuthority
from fairlot.public.log import Log
from fairlot.public.stamping import request

Record = dict[str, bytes]

OUT = datetime.fromtimestamp(QUICKNET.round_time(ROUND), UTC)
IN_TIME = OUT - timedelta(seconds=600)
AUTHORITY, OTHER = (LocalAuthority.make(n, BEFORE - timedelta(days=9)) for n in ("甲", "another"))
STAMPS = public.Pins(stamps=AUTHORITY.pinned)
WATCHED = public.Pins(log=OFFICE.vkey, witnesses=(WITNESS.cosigner_vkey,))


def stamped(record: Mapping[str, bytes], moment: datetime, name: str = "announcement",
            by: LocalAuthority = AUTHORITY) -> Record:  # fmt: skip
    stamp = by.answer(request(record[f"{name}.json"]), moment)
    return public.seal({**record, f"{name}.tsr": stamp}, SIGNER)


def logged(record: Mapping[str, bytes], folder: Path, moment: datetime) -> Record:
    """The record with its entries in a log that the witness saw at a moment."""
    log = Log.create(folder, OFFICE)
    log.append(list(public.entries_of(record).values()), OFFICE)
    witnessed(log, int(moment.timestamp()))
    return public.with_places(record, log.read(), SIGNER)


def time(record: Mapping[str, bytes], **known: Any) -> public.Check:
    return found(record, **known)["time"]


# A stamp is good to the second, and its authority says so: that second counts.
EDGE = IN_TIME - timedelta(seconds=1)


@pytest.mark.parametrize("moment", [BEFORE, EDGE])
def test_a_stamp_within_the_margin_holds(record: Record, moment: datetime) -> None:
    check = time(stamped(record, moment), pins=STAMPS)
    assert check.verdict == "holds"
    assert check.note["en"].startswith("announcement seen by CN=甲 at 2024-07-13T")


@pytest.mark.parametrize("late", [0.001, 0.999, 1, 600, 601, 86_400])
def test_a_stamp_too_late_fails(record: Record, late: float) -> None:
    check = time(stamped(record, EDGE + timedelta(seconds=late)), pins=STAMPS)
    assert check.verdict == "fails"
    assert (
        "its randomness came out at 2024-07-13T21:45:00Z, and the margin is 600 s"
        in (check.note["en"])
    )


def test_nobody_named_shows_nothing(record: Record) -> None:
    """The record's own word for who its authority of time is counts for nothing."""
    check = time(stamped(record, BEFORE))
    assert check.verdict == "not shown"
    assert "there is announcement.tsr, by no clock that you named" in check.note["en"]
    check = time(record, pins=STAMPS)
    assert check.verdict == "not shown"
    assert "only the authority says when announcement was published" in check.note["en"]


def test_a_stamp_by_another_than_the_named_one_fails(record: Record) -> None:
    check = time(stamped(record, BEFORE, by=OTHER), pins=STAMPS)
    assert check.verdict == "fails"
    assert check.note["en"].startswith("announcement.tsr: ")


def test_a_stamp_of_another_announcement_fails(record: Record) -> None:
    other = AUTHORITY.answer(request(record["outcome.json"]), BEFORE)
    check = time(public.seal({**record, "announcement.tsr": other}, SIGNER), pins=STAMPS)
    assert check.verdict == "fails"
    assert "the time stamp is of sha256" in check.note["en"]


@pytest.mark.parametrize("data", [b"", b"x", b"\x30\x00", b"\x30\x80" * 50])
def test_a_stamp_that_is_none_fails(record: Record, data: bytes) -> None:
    check = time(public.seal({**record, "announcement.tsr": data}, SIGNER), pins=STAMPS)
    assert check.verdict == "fails"
    assert check.note["en"].startswith("announcement.tsr: time stamp does not hold")


def test_a_place_in_a_witnessed_log_holds(record: Record, tmp_path: Path) -> None:
    check = time(logged(record, tmp_path / "log", IN_TIME), pins=WATCHED)
    assert (check.verdict, check.note["en"]) == (
        "holds", "announcement seen by a witness of the log at 2024-07-13T21:35:00Z",
    )  # fmt: skip


def test_a_place_that_was_witnessed_too_late_fails(record: Record, tmp_path: Path) -> None:
    late = logged(record, tmp_path / "log", IN_TIME + timedelta(seconds=1))
    assert time(late, pins=WATCHED).verdict == "fails"


PINS = {
    "no log": public.Pins(witnesses=(WITNESS.cosigner_vkey,)),
    "no witness": public.Pins(log=OFFICE.vkey),
    "another witness": public.Pins(log=OFFICE.vkey, witnesses=(STRANGER.cosigner_vkey,)),
}


@pytest.mark.parametrize("name", PINS)
def test_a_log_that_nobody_named_watched_shows_nothing(
    record: Record, tmp_path: Path, name: str
) -> None:
    check = time(logged(record, tmp_path / "log", BEFORE), pins=PINS[name])
    assert check.verdict == "not shown"
    assert "there is announcement.log.json, by no clock that you named" in check.note["en"]


def test_a_place_in_another_log_fails(record: Record, tmp_path: Path) -> None:
    pins = public.Pins(log=STRANGER.vkey, witnesses=WATCHED.witnesses)
    check = time(logged(record, tmp_path / "log", BEFORE), pins=pins)
    assert check.verdict == "fails"
    assert check.note["en"].startswith("announcement.log.json: ")


def test_the_place_of_another_entry_fails(record: Record, tmp_path: Path) -> None:
    seen = logged(record, tmp_path / "log", BEFORE)
    moved = {**seen, "announcement.log.json": seen["outcome.log.json"]}
    assert time(public.seal(moved, SIGNER), pins=WATCHED).verdict == "fails"


@pytest.mark.parametrize("data", [b"", b"{}\n", b"[]\n", b"null\n", b"\xff\n"])
def test_a_place_that_is_none_fails(record: Record, data: bytes) -> None:
    check = time(public.seal({**record, "announcement.log.json": data}, SIGNER), pins=WATCHED)
    assert check.verdict == "fails"
    assert "Error: " not in check.note["en"]


def test_the_earlier_of_two_sightings_counts(record: Record, tmp_path: Path) -> None:
    both = stamped(logged(record, tmp_path / "log", OUT + timedelta(days=1)), BEFORE)
    pins = public.Pins(AUTHORITY.pinned, OFFICE.vkey, WATCHED.witnesses)
    assert time(both, pins=pins).verdict == "holds"


def test_a_later_checkpoint_leaves_the_earlier_sighting(record: Record, tmp_path: Path) -> None:
    """A log grows on; the proof carries the first checkpoint that a witness saw it in."""
    seen = logged(record, tmp_path / "log", BEFORE)
    log = Log(tmp_path / "log")
    other = public.entries_of(record)["outcome"]
    log.append([type(other)(other.kind, *other.draw, "00" * 32)], OFFICE)
    witnessed(log, int(OUT.timestamp()) + 99)
    again = public.with_places(seen, log.read(), SIGNER)
    assert time(again, pins=WATCHED).verdict == "holds"


def test_every_event_is_to_be_seen_too(record: Record) -> None:
    team = public.standing(record)[0]
    grown = noticed(public.recuse(
        stamped(record, BEFORE), DRAWS, site=team["site_id"], officer=team["officer_id"],
        reason="申请回避", recorded_at=RECORDED, signer=SIGNER,
    ))  # fmt: skip
    check = time(grown, pins=STAMPS)
    assert check.verdict == "not shown"
    assert "only the authority says when event-001 was published" in check.note["en"]
    assert time(stamped(grown, RECORDED, "event-001"), pins=STAMPS).verdict == "holds"
    # Several may be stamped in time; that there was no other, only the log shows.
    check = found(stamped(grown, RECORDED, "event-001"), pins=STAMPS)["unique"]
    assert check.verdict == "not shown"
    assert "the public log of all announcements and events would show it" in check.note["en"]
    comes = datetime.fromtimestamp(DRAWS.time, UTC)
    for late, verdict in ((-601, "holds"), (-600, "fails"), (0, "fails")):
        seen = stamped(grown, comes + timedelta(seconds=late), "event-001")
        assert time(seen, pins=STAMPS).verdict == verdict


def test_a_sealed_record_is_seen_as_an_open_one(full: dict[str, Record]) -> None:
    sealed = shown(stamped(full["sealed"], BEFORE), opened=False)
    assert verdicts(sealed, now=OUT + timedelta(days=1), pins=STAMPS)["time"] == "holds"


def test_entries_name_the_draw_and_nothing_personal(record: Record) -> None:
    entries = public.entries_of(record)
    assert sorted(entries) == ["announcement", "outcome"]
    told = entries["announcement"]
    assert told.digest == public.digest_of(record)
    assert told.round_time == QUICKNET.round_time(ROUND)
    assert told.rosters == public.read_body(record)["registers"]["sites"]["root"]
    assert (told.authority, told.scope, told.period, told.task) == (
        "示例局", "testing", "2024", "2024-001",
    )  # fmt: skip


def test_the_log_itself_shows_that_the_draw_is_the_only_one(tmp_path: Path) -> None:
    record = make(before={"log": OFFICE.name})
    seen = logged(record, tmp_path / "log", BEFORE)
    witnessed(Log(tmp_path / "log"), int(OUT.timestamp()))
    check = found(seen, pins=WATCHED, log=tmp_path / "log")["unique"]
    assert check.verdict == "holds"
    # The log is asked, not the proofs in the record.
    assert found(record, pins=WATCHED, log=tmp_path / "log")["unique"].verdict == "holds"
    assert found(record, log=tmp_path / "log")["unique"].verdict == "not shown"
    empty = Log.create(tmp_path / "empty", OFFICE)
    assert empty.read().entries == ()
    check = found(record, pins=WATCHED, log=tmp_path / "empty")["unique"]
    assert check.verdict == "fails"
    assert "announcement, outcome is not in the log" in check.note["en"]
