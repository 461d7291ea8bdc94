"""Records made to harm their reader: refused by name, soon, in little memory, leaving no trace."""

import os
import resource
import socket
import time
from functools import partial
from hashlib import sha256

import pytest
from altered import json_bytes, put
from complete_record import AUTHORITY, NOW, Files, failing, world

from fairlot import public
from fairlot._base.errors import FairlotError
from fairlot.public import canonical
from fairlot.public.absence import check_absence
from fairlot.public.door_check import check_door
from fairlot.public.log_read import read_log

SECONDS = 5.0
MEBIBYTES = 700  # the largest file that is read has 256, and stands there once more while it is cut


@pytest.fixture(autouse=True)
def bounded(tmp_path, monkeypatch):
    """No network, nothing written, and an end to time and memory."""
    made = world("open")  # compiled and drawn before the clock starts
    failing(made, made.files)

    def refuse(*_args, **_more):
        raise AssertionError("a verifier needs no network")

    monkeypatch.setattr(socket, "socket", refuse)
    before, memory = time.process_time(), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    yield
    assert time.process_time() - before < SECONDS
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - memory < MEBIBYTES * 1024
    assert sorted(os.listdir(tmp_path)) in ([], ["record"], ["log"], ["elsewhere", "record"])


@pytest.fixture
def record(tmp_path):
    """The open record on disk."""
    return public.write_folder(tmp_path / "record", world("open").files)


def refused(folder, message):
    with pytest.raises(FairlotError, match=message):
        public.read_folder(folder)


def test_a_link_to_a_private_file(record, tmp_path):
    secret = tmp_path / "elsewhere"
    secret.write_text("secret")
    (record / "teams.csv").unlink()
    (record / "teams.csv").symlink_to(secret)
    refused(record, "teams.csv cannot be read")


def test_a_link_that_leads_to_itself(record):
    (record / "switch.txt").symlink_to(record / "switch.txt")
    refused(record, "switch.txt cannot be read")


def test_a_pipe_that_nobody_writes_into(record):
    os.mkfifo(record / "switch.txt")
    refused(record, "switch.txt is not a plain file")


def test_a_device_that_never_ends(record):
    (record / "switch.txt").symlink_to("/dev/zero")
    refused(record, "switch.txt cannot be read")


def test_a_folder_in_the_place_of_a_file(record):
    (record / "event-003.json").mkdir()
    refused(record, "event-003.json is not a plain file")


@pytest.mark.parametrize("name", ["announcement.json", "sites.jsonl", "notice.html"])
def test_a_huge_file(record, name):
    os.truncate(record / name, 1 << 40)  # sparse: it takes no room on disk
    refused(record, f"{name} has more than the 268435456 bytes")


def test_many_large_files(record):
    for number in range(3, 7):
        path = record / f"event-{number:03d}.json"
        path.touch()
        os.truncate(path, 160 << 20)
    refused(record, "event-006.json has more than the")


def crowded(folder, count):
    for number in range(count):
        (folder / f"{number:07d}").touch()
    before = time.process_time()
    refused(folder, "'0000000', '0000001', .* does not belong to a record")
    assert time.process_time() - before < SECONDS


def test_thousands_of_files(record):
    crowded(record, 3000)


STRANGE = ["..%2fevil", "announcement.json ", "ANNOUNCEMENT.JSON", "аnnouncement.json",
           "announcement.json\u202e", "event-000.json", "event-1.json", "event-٠٠١.json",
           "event-001.json.tsr", "con", "-rf", "\x1b[2J", "sites.jsonl~", "event-0001.json",
           "announcement.json\n"]  # fmt: skip


@pytest.mark.parametrize("name", STRANGE, ids=ascii)
def test_a_name_that_is_none_of_ours(record, name):
    (record / name).touch()
    with pytest.raises(FairlotError, match="does not belong to a record") as caught:
        public.read_folder(record)
    assert str(caught.value).isascii(), "a name must not act on the terminal that shows it"


def test_a_name_that_is_no_text(record):
    (record / os.fsdecode(b"\xff\xfe")).touch()
    refused(record, "does not belong to a record")


@pytest.mark.parametrize("name", ["../evil", "/etc/passwd", "a/b", "con"])
def test_a_name_in_a_record_that_came_by_another_way(name):
    made = world("open")
    failed = failing(made, made.resealed({**made.files, name: b"x"}))
    assert repr(name) in failed["files"]


DEEP = {
    "lists": b"[" * 500_000 + b"]" * 500_000,
    "objects": b'{"a":' * 150_000 + b"1" + b"}" * 150_000,
    "open": b"[" * 1_000_000,
    "forty": b"[" * 40 + b"]" * 40,
}
LONG = {
    "integer": b'{"a":' + b"9" * 1_000_000 + b"}",
    "fraction": b'{"a":0.' + b"9" * 1_000_000 + b"}",
    "exponent": b'{"a":1e999999999}',
    "keys": b"{" + b",".join(b'"%d":0' % i for i in range(70_000)) + b"}",
    "one key": b"{" + b",".join([b'"a":0'] * 100_000) + b"}",
    "infinity": b'{"a":Infinity}',
    "NUL": bytes(1 << 20),
    "half a pair": b'{"a":"\\ud800"}',
}
STEP = {"announcement.json": "announcement", "opening.json": "registers", "outcome.json": "randomness",
        "event-001.json": "replacements", "replacement-001.json": "replacements",
        "announcement.log.json": "time", "sites.jsonl": "registers"}  # fmt: skip


TRIED = [
    (name, what)
    for name in STEP
    for what in (*DEEP, *LONG)
    if name == "announcement.json" or what in ("lists", "integer", "one key")
]


@pytest.mark.parametrize(("name", "what"), TRIED)
def test_json_that_is_deep_or_long(name, what):
    made, bad = world("open"), {**DEEP, **LONG}[what]
    head = made.files[name].split(b"\n")[0] + b"\n" if name.endswith(".jsonl") else b""
    failed = failing(made, made.resealed({**made.files, name: head + bad + b"\n"}))
    assert STEP[name] in failed
    assert all(len(note) < 5000 for note in failed.values())


@pytest.mark.parametrize("what", ["empty rows", "no columns", "wide rows", "one long cell"])
def test_a_table_that_claims_a_million_rows(what):
    made = world("open")
    head, row = made.files["conflicts.jsonl"].splitlines(keepends=True)[:2]
    body = {
        "empty rows": b"\n" * 1_000_000,
        "no columns": b"{}\n" * 1_000_000,
        "wide rows": row * 200_000,
        "one long cell": row.replace(b"S00", b"S" * (8 << 20)),
    }[what]
    failed = failing(made, made.resealed({**made.files, "conflicts.jsonl": head + body}))
    assert "conflicts" in failed["registers"]


def test_more_rows_than_any_table_has():
    made = world("open")
    head = made.files["absences.jsonl"].split(b"\n")[0] + b"\n"
    many = head + b"{}\n" * 2_000_001
    failed = failing(made, made.resealed({**made.files, "absences.jsonl": many}))
    assert "2000001 lines" in failed["registers"]


def linked(path, value) -> Files:
    """The open record with one field of its announcement changed, and the others made to agree."""
    made = world("open")
    body = canonical.decode(made.files["announcement.json"][:-1], limit=1 << 20)
    announcement = json_bytes(put(body, path, value))
    files = {**made.files, "announcement.json": announcement}
    for name in ("opening.json", "outcome.json"):
        told = canonical.decode(files[name][:-1], limit=1 << 20)
        digest = sha256(announcement).hexdigest()
        files[name] = json_bytes(put(told, ("announcement",), digest))
    return public.seal(files, AUTHORITY)


@pytest.mark.parametrize("count", [10**6, 2**53 - 1])
def test_an_announcement_of_a_million_rows(count):
    failed = failing(world("open"), linked(("registers", "sites", "rows"), count))
    assert failed.keys() & {"registers", "announcement"}


ABSURD = {
    "a window of 8,000 years": (("plan", "visits", "last"), "9999-12-31"),
    "a hundred seats": (("plan", "team", "seats"), ["officer"] * 100),
    "a chance of a billion digits": (("plan", "bounds", "pi_floor"), "0." + "1" * 100_000),
    "a weight beyond all": (("plan", "weights", "C"), "9" * 5000),
    "a margin of ages": (("plan", "proof", "margin"), 2**53 - 1),
    "visits a year": (("plan", "rules", "max_visits_per_year"), 2**53 - 1),
    "names without end": (("plan", "key", "sectors"), ["x" * 500_000]),
    "a million denominators": (
        ("plan", "ratio", "denominators"),
        {f"{i}": 1 for i in range(60_000)},
    ),
    "a round at the end of time": (("beacon", "round"), 2**53 - 1),
    "a thousand custodians": (("custodians",), [{}] * 1000),
    "dice without end": (("human", 0, "digits"), "7" * 500_000),
    "no such hash": (("plan", "proof", "suite"), "sha512"),
}


@pytest.mark.parametrize("what", ABSURD)
def test_a_plan_beyond_all_bounds(what):
    assert "announcement" in failing(world("open"), linked(*ABSURD[what]))


LIMITS = [{"bureau": f"B{i}", "least": 0, "most": 2**31 - 1} for i in range(3000)]
HEAVY = {
    "the longest window": (("plan", "visits", "last"), "2028-07-30"),
    "eight seats": (("plan", "team", "seats"), ["officer"] * 7 + ["specialist"]),
    "thousands of limits": (("plan", "team", "limits"), LIMITS),
    "thousands of key sectors": (("plan", "key", "sectors"), [f"s{i}" for i in range(20_000)]),
    "a weight of a billion": (("plan", "weights", "C"), "999999999.999999999999"),
    "a weight of nothing": (("plan", "weights", "C"), "0.000000000001"),
    "a gap of ten years": (("plan", "rules", "min_gap_days"), 3660),
}


@pytest.mark.parametrize("what", HEAVY)
def test_a_plan_at_its_bounds_is_read_in_time_and_had_no_proof(what):
    assert "time" in failing(world("open"), linked(*HEAVY[what]))


def test_a_log_of_strangers(tmp_path):
    folder = tmp_path / "log"
    (folder / "tile").mkdir(parents=True)
    (folder / "checkpoint").symlink_to("/dev/zero")
    with pytest.raises(FairlotError, match="checkpoint cannot be read"):
        read_log(folder)
    (folder / "checkpoint").unlink()
    root = "A" * 43 + "="
    for size in ("999999999999999", "1000001", "1000000", "00", "-1"):
        (folder / "checkpoint").write_text(
            f"log\n{size}\n{root}\n\n— log AAAAAAAA\n", encoding="utf-8"
        )
        with pytest.raises(FairlotError):
            read_log(folder)


def test_a_log_of_strangers_beside_a_record(tmp_path):
    made, folder = world("open"), tmp_path / "log"
    os.mkdir(folder)
    os.mkfifo(folder / "checkpoint")
    known = public.Known(key=made.known.key, pins=made.known.pins, log=folder)
    failed = {
        c.step for c in public.checks(made.files, now=NOW, known=known) if c.verdict == "fails"
    }
    assert failed == {"unique"}


FOREIGN = {**DEEP, **LONG, "nothing": b"", "a huge file": b'{"a":"' + b"x" * (64 << 20) + b'"}\n',
           "a record's file": b'{"@spec":"fairlot.draw/v1 door"}\n'}  # fmt: skip


@pytest.mark.parametrize("what", FOREIGN)
def test_a_door_file_of_strangers(what):
    for check in (partial(check_door, now=NOW), check_absence):
        first, *others = check(FOREIGN[what] + b"\n")
        assert (first.step, first.verdict) == ("file", "fails")
        assert all(other.verdict == "not shown" for other in others)
        assert first.note["en"].isprintable()


@pytest.mark.slow
def test_a_hundred_thousand_files(record):
    for number in range(100_000):
        (record / f"{number:07d}").touch()
    refused(record, "does not belong to a record")
