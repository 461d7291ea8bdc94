"""Step 21 with a log at hand: who saw that log, which log it is, and what the proofs say of it."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from logged import OFFICE, STRANGER, WITNESS, witnessed
from small_record import PLAN, ROUND, SIGNER, VIEWS, announced, found, make, shown

from fairlot import public
from fairlot.public.drand import QUICKNET
from fairlot.public.log import Log

Record = dict[str, bytes]

OUT = QUICKNET.round_time(ROUND)
PINS = public.Pins(log=OFFICE.vkey, witnesses=(WITNESS.cosigner_vkey,))
SOON = datetime.fromtimestamp(OUT + 3600, UTC)
NAMED = {"log": OFFICE.name}


@pytest.fixture(scope="module")
def drawn() -> Record:
    return make(before=NAMED)


def entered(folder: Path, steps: Sequence[tuple[Mapping[str, bytes], str, int | None]]) -> Path:
    """A log of one entry after the other, and when the witness saw it so far, if he did."""
    log = Log.create(folder, OFFICE)
    for files, name, seen in steps:
        log.append([public.entries_of(files)[name]], OFFICE)
        if seen is not None:
            witnessed(log, seen)
    return folder


def unique(files: Record, log: Path, pins: public.Pins = PINS, **known: Any) -> public.Check:
    return found(files, now=SOON, log=log, pins=pins, **known)["unique"]


def test_a_log_that_a_witness_saw_after_the_draw_holds(drawn: Record, tmp_path: Path) -> None:
    log = entered(tmp_path / "log", [(drawn, "announcement", OUT - 7200), (drawn, "outcome", OUT)])
    check = unique(drawn, log)
    assert check.verdict == "holds"
    assert "a witness saw it at 2024-07-13T21:45:00Z" in check.note["en"]


UNSEEN = {
    "without the outcome": (OUT - 7200, None),
    "before the randomness": (OUT - 7200, OUT - 1),
}


@pytest.mark.parametrize("name", UNSEEN)
def test_a_log_that_was_not_seen_with_the_whole_draw(
    drawn: Record, tmp_path: Path, name: str
) -> None:
    """What a witness did not see may be another history, and who saw less may see another try."""
    first, last = UNSEEN[name]
    log = entered(tmp_path / "log", [(drawn, "announcement", first), (drawn, "outcome", last)])
    check = unique(drawn, log)
    assert check.verdict == "not shown"
    assert "saw the whole draw in it after 2024-07-13T21:45:00Z" in check.note["en"]


def test_an_announcement_may_have_a_twin_until_its_round(drawn: Record, tmp_path: Path) -> None:
    """Before the randomness another try may still be announced."""
    files = announced(before=NAMED)
    log = entered(tmp_path / "log", [(files, "announcement", OUT - 7200)])
    now = datetime.fromtimestamp(OUT - 3600, UTC)
    assert found(files, now=now, log=log, pins=PINS)["unique"].verdict == "not shown"


def test_a_log_under_no_key_of_the_readers_shows_nothing(drawn: Record, tmp_path: Path) -> None:
    log = entered(tmp_path / "log", [(drawn, "announcement", OUT - 7200), (drawn, "outcome", OUT)])
    assert unique(drawn, entered(tmp_path / "unseen", [(drawn, "announcement", None),
                                                       (drawn, "outcome", None)])).verdict == "not shown"  # fmt: skip
    for pins in (
        public.Pins(),
        public.Pins(log=OFFICE.vkey),
        public.Pins(witnesses=PINS.witnesses),
    ):
        assert unique(drawn, log, pins).verdict == "not shown"


def test_another_log_than_the_announced_one_fails(tmp_path: Path) -> None:
    files = make(before={"log": "somewhere.else"})
    log = entered(tmp_path / "log", [(files, "announcement", OUT - 7200), (files, "outcome", OUT)])
    check = unique(files, log)
    assert check.verdict == "fails"
    assert (
        f"this is the log {OFFICE.name}; the announcement names somewhere.else" in check.note["en"]
    )


def test_an_announcement_that_names_no_log_shows_nothing(tmp_path: Path) -> None:
    files = make()
    log = entered(tmp_path / "log", [(files, "announcement", OUT - 7200), (files, "outcome", OUT)])
    check = unique(files, log)
    assert check.verdict == "not shown"
    assert "the announcement names no log" in check.note["en"]


def test_the_proofs_of_a_record_are_of_this_log(drawn: Record, tmp_path: Path) -> None:
    """A fork is shown beside a record whose own proof of time is of the other history."""
    twin = announced(PLAN.replace("2024-001", "2024-002"), before=NAMED, secret=b"\7" * 32)
    told = [(twin, "announcement", OUT - 7300), (drawn, "announcement", OUT - 7200)]
    public_log = Log(entered(tmp_path / "public", [*told, (drawn, "outcome", OUT)]))
    placed = public.with_places(drawn, public_log.read(), SIGNER)
    fork = [(drawn, "announcement", None), (drawn, "outcome", OUT)]
    check = unique(placed, entered(tmp_path / "fork", fork))
    assert check.verdict == "fails"
    assert "two histories of 2 entries were signed" in check.note["en"]
    assert "the log has 2 entries; 3 were signed before" in check.note["en"]
    # Nor does it help to leave the proofs out, when another's record carries one.
    other = public.with_places(twin, public_log.read(), SIGNER)
    other = {**other, "announcement.log.json": placed["outcome.log.json"]}
    check = unique(drawn, tmp_path / "fork", others=[other])
    assert check.verdict == "fails"


def test_a_proof_that_the_log_did_not_sign_shows_no_fork(drawn: Record, tmp_path: Path) -> None:
    """Whoever hands a record on could put a proof into it that makes an honest log look forked."""
    forged = Log.create(tmp_path / "forged", STRANGER)
    forged.append([public.entries_of(drawn)["outcome"]] * 3, STRANGER)
    proof = {"announcement.log.json": forged.read().inclusion(0).encode()}
    log = entered(tmp_path / "log", [(drawn, "announcement", OUT - 7200), (drawn, "outcome", OUT)])
    check = unique(public.seal({**drawn, **proof}, SIGNER), log)
    assert check.verdict == "holds"


def overlapping(folder: Path, view: str) -> tuple[Record, Record, Path]:
    """Two offices draw from the same sites within a day, under two secrets."""
    plan = PLAN + VIEWS[view]
    theirs = plan.replace("示例局", "另一局").replace('"testing"', '"metering"')
    one = make(plan, before=NAMED)
    two = announced(theirs.replace("2024-001", "2024-002"), before=NAMED, secret=b"\2" * 32)
    told = [(one, "announcement", None), (two, "announcement", OUT - 7200)]
    return one, two, entered(folder, [*told, (one, "outcome", OUT)])


@pytest.mark.parametrize("view", ["open", "pseudonymous"])
def test_an_overlap_is_seen_in_two_full_records(tmp_path: Path, view: str) -> None:
    one, two, log = overlapping(tmp_path / "log", view)
    check = unique(one, log, others=[two], audit=True)
    assert check.verdict == "fails"
    assert "draws from sites that 0 drew from" in check.note["en"]


def test_an_overlap_behind_pseudonyms_is_not_shown(tmp_path: Path) -> None:
    one, two, log = overlapping(tmp_path / "log", "pseudonymous")
    for mine, other in ((shown(one), two), (one, shown(two)), (shown(one), shown(two))):
        check = unique(mine, log, others=[other])
        assert check.verdict == "not shown"
        assert "hides its sites" in check.note["en"]
    assert unique(shown(one), log).verdict == "holds"


def test_a_roster_is_compared_as_it_was_committed(tmp_path: Path) -> None:
    """Sites that were put into another's record are not those that it drew from."""
    one, two, log = overlapping(tmp_path / "log", "open")
    emptied = {**two, "sites.jsonl": two["sites.jsonl"].replace(b'"S0', b'"T0')}
    check = unique(one, log, others=[emptied])
    assert check.verdict == "fails"
    assert "registers" in check.note["en"] or "sites" in check.note["en"]
