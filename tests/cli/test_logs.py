"""The log and its witness, as transcripts."""

import json
import re
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest
from terminal import Terminal, in_new_folder

sys.path.append(str(Path(__file__).parents[1] / "public"))
from answers import DRAWS, RECORDED
from logged import key
from small_record import PLAN, SIGNER, announced, make

from fairlot import public
from fairlot.public.calendar import Calendar, Foretold
from fairlot.public.checkpoint import cosign as cosign_line
from fairlot.public.checkpoint import merge
from fairlot.public.entries import Entry
from fairlot.public.log import Log
from fairlot.public.note import load_key

fairlot = pytest.fixture(in_new_folder)

ORIGIN = "draws.example/shanghai"
CALENDAR = Calendar((Foretold("示例局", "检验检测", "2099", "1", "2099-03-31"),))
AHEAD = int(datetime(2099, 4, 1, tzinfo=UTC).timestamp())


def announcement(sequence: int = 1, round_time: int = AHEAD) -> Entry:
    return Entry("announcement", "示例局", "检验检测", "2099", "1", "0" * 64, sequence, round_time,
                 "", "0" * 64)  # fmt: skip


def append(*entries: Entry, folder: str = "log") -> None:
    Log(folder).append(entries, load_key("log.key", ORIGIN))


def vkey_in(told: str) -> str:
    return re.findall(r"\S+\+[0-9a-f]{8}\+\S+", told)[0]


@pytest.fixture
def begun(fairlot: Terminal) -> tuple[Terminal, str]:
    told = fairlot("log", "init", "log", "--origin", ORIGIN, "--key", "log.key")
    assert "began the log log; publish its key: draws.example/shanghai+" in told
    return fairlot, vkey_in(told)


def begin_witness(fairlot: Terminal, *logs: str) -> str:
    told = fairlot("witness", "init", "witness.json", "--name", "witness.example",
                   "--key", "witness.key", *(w for vkey in logs for w in ("--log-key", vkey)))  # fmt: skip
    return vkey_in(told)


def cosign(fairlot: Terminal, *more: object, code: int = 0) -> str:
    return fairlot(
        "witness", "cosign", "witness.json", "log", "--key", "witness.key", *more, code=code
    )


def test_keys_are_private_and_a_log_is_begun_once(begun: tuple[Terminal, str]) -> None:
    fairlot, _ = begun
    assert Path("log.key").stat().st_mode & 0o777 == 0o600
    told = fairlot("log", "init", "log", "--origin", ORIGIN, "--key", "log.key", code=1)
    assert "never begun anew" in told


def test_an_announcement_that_was_witnessed_bears_no_mark(begun: tuple[Terminal, str]) -> None:
    fairlot, vkey = begun
    witness = begin_witness(fairlot, vkey)
    append(announcement())
    assert "signed 1 entries of log" in cosign(fairlot)
    Path("kept").write_bytes(Path("log/checkpoint").read_bytes())
    append(Entry("human", "示例局", "检验检测", "2099", "2", "0" * 64))
    cosign(fairlot)
    told = fairlot(
        "log", "check", "log", "--log-key", vkey, "--witness", witness, "--older", "kept"
    )
    assert told == "mark\tverdict\tentries\twhat\n"


def test_what_is_not_shown_and_what_fails(begun: tuple[Terminal, str]) -> None:
    fairlot, _ = begun
    append(announcement(round_time=1))
    told = fairlot("log", "check", "log", code=1)
    assert "unresolved\tfails\t0\t示例局 / 检验检测 / 2099 / 1 has no outcome" in told
    append(Entry("outcome", "示例局", "检验检测", "2099", "1", "0" * 64))
    told = fairlot("log", "check", "log", code=3)
    assert told.splitlines()[1:] == [
        "time\tnot shown\t0\tno witness saw 示例局 / 检验检测 / 2099 / 1 by 1969-12-31T23:50:01Z"
    ]
    assert "时间" not in told
    assert "没有见证人" in fairlot("log", "check", "log", "--lang", "zh", code=3)


def test_records_beside_the_log(begun: tuple[Terminal, str]) -> None:
    """Their rosters, events, margins and proofs; without them the log alone shows none of it."""
    fairlot, vkey = begun
    named = {"log": ORIGIN}
    long = PLAN + "proof = { margin = 7200 }"
    one = make(long, before=named)
    theirs = PLAN.replace("示例局", "另一局").replace('"testing"', '"metering"')
    two = announced(theirs, before=named, secret=b"\2" * 32)
    out = public.head_of(one).beacon.time
    team = public.standing(one)[0]
    grown = public.recuse(one, DRAWS, site=team["site_id"], officer=team["officer_id"],
                          reason="申请回避", recorded_at=RECORDED, signer=SIGNER)  # fmt: skip
    entries = public.entries_of(grown)
    append(entries["announcement"], public.entries_of(two)["announcement"])
    seen_at(out - 3600)
    append(
        entries["outcome"], Entry("outcome", *public.entries_of(two)["announcement"].draw, "0" * 64)
    )
    append(entries["event-001"])
    for name, files in (("one", one), ("two", two)):
        public.write_folder(name, files)
    known = ("--log-key", vkey, "--witness", key(2, "witness.example").cosigner_vkey)
    assert fairlot("log", "check", "log", *known) == "mark\tverdict\tentries\twhat\n"
    told = fairlot("log", "check", "log", *known, "--record", "one", "--record", "two", code=1)
    marks = [line.split("\t")[:3] for line in told.splitlines()[1:]]
    assert marks == [
        ["overlap", "fails", "0 1"],
        ["time", "not shown", "0"],
        ["slipped", "fails", "0 4"],
    ]
    Log.create("other", load_key("log.key", ORIGIN)).append(
        [entries["outcome"]], load_key("log.key", ORIGIN)
    )
    proof = {"outcome.log.json": Log("other").read().inclusion(0).encode()}
    public.write_folder("three", public.seal({**one, **proof}, SIGNER))
    told = fairlot("log", "check", "log", *known, "--record", "three", code=1)
    assert "fork\tfails" in told


def seen_at(time: int) -> None:
    """Have the log cosigned by a clock that was set by hand."""
    log, witness = Log("log"), key(2, "witness.example")
    text = merge(log.checkpoint(), cosign_line(log.checkpoint(), witness, time))
    log.add_cosignature(text, witness.cosigner_vkey)


def test_show_prints_entries_and_checkpoint(begun: tuple[Terminal, str]) -> None:
    fairlot, _ = begun
    append(announcement())
    told = fairlot("log", "show", "log")
    assert "0\tannouncement\t示例局\t检验检测\t2099\t1\t" in told
    assert told.endswith(Path("log/checkpoint").read_text("utf-8"))


def test_show_tells_what_a_crash_left(begun: tuple[Terminal, str]) -> None:
    fairlot, _ = begun
    append(announcement())
    before = Path("log/checkpoint").read_bytes()
    append(Entry("human", "示例局", "检验检测", "2099", "2", "0" * 64))
    Path("log/checkpoint").write_bytes(before)
    told = fairlot("log", "show", "log")
    assert (
        "written but never signed, append it again: human of 示例局 / 检验检测 / 2099 / 2" in told
    )


def test_a_calendar_is_published_beside_the_log(begun: tuple[Terminal, str]) -> None:
    fairlot, _ = begun
    Path("calendar.json").write_bytes(CALENDAR.encode())
    told = fairlot("log", "calendar", "log", "calendar.json", "--key", "log.key")
    assert "entered 1 draws as entry 0" in told
    append(announcement())
    assert fairlot("log", "check", "log") == "mark\tverdict\tentries\twhat\n"
    Path("calendar.json").write_bytes(CALENDAR.encode().replace(b"{", b"{ ", 1))
    told = fairlot("log", "calendar", "log", "calendar.json", "--key", "log.key", code=1)
    assert "calendar.json: byte 1 is not canonical" in told


def test_a_rollback_is_a_mark_and_not_signed(begun: tuple[Terminal, str]) -> None:
    fairlot, vkey = begun
    begin_witness(fairlot, vkey)
    empty = Path("log/checkpoint").read_bytes()
    append(announcement())
    cosign(fairlot, "--out", "kept")
    assert Path("log/checkpoint").read_bytes().count("—".encode()) == 1
    assert Path("kept").read_bytes().count("—".encode()) == 2
    Path("log/checkpoint").write_bytes(empty)
    assert "rolled back: 0 entries, but 1 were signed" in cosign(fairlot, code=1)
    told = fairlot("log", "check", "log", "--older", "kept", code=1)
    assert "rollback\tfails\t\tthe log has 0 entries; 1 were signed before" in told


def test_a_witness_knows_its_logs_and_its_name(begun: tuple[Terminal, str]) -> None:
    fairlot, vkey = begun
    begin_witness(fairlot)
    assert "is not known to this witness" in cosign(fairlot, code=1)
    told = fairlot("witness", "init", "witness.json", "--name", "other", "--key", "o.key", "--log-key", vkey,
                   code=1)  # fmt: skip
    assert "witness.json exists" in told
    assert json.loads(Path("witness.json").read_bytes())["name"] == "witness.example"


@pytest.mark.parametrize(
    "words", [("log", "show", "missing"), ("log", "check", "log", "--older", "missing")]
)
def test_a_missing_path_is_wrong_usage(begun: tuple[Terminal, str], words: tuple[str, ...]) -> None:
    begun[0](*words, code=2)
