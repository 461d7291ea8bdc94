"""The log on disk: nothing is lost, no crash breaks it, and no other history passes."""

import os
import shutil
import subprocess
import sys
from contextlib import ExitStack, nullcontext
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from logged import OFFICE, STRANGER, WITNESS, announcement, entry, key, new_log, witnessed

from fairlot._base.errors import InvalidInput, VerificationError
from fairlot.public import merkle
from fairlot.public.calendar import Calendar, Foretold, publish, read_calendars
from fairlot.public.checkpoint import (
    Checkpoint,
    cosign,
    cosignature_times,
    merge,
    read_checkpoint,
    sign_checkpoint,
)
from fairlot.public.entries import Entry
from fairlot.public.inclusion import Inclusion
from fairlot.public.log import Log, read_log
from fairlot.public.tiles import bundle

HERE = Path(__file__).parent
REFUSED = (InvalidInput, VerificationError)
THREE = [entry(number=i) for i in range(3)]


def start(*words):
    command = [sys.executable, str(HERE / "appender.py"), *map(str, words)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True)


def files_of(folder):
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(Path(folder).rglob("*"))
        if path.is_file()
    }


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "log"


def test_an_empty_log_is_signed(folder):
    log = new_log(folder)
    assert read_checkpoint(log.checkpoint()) == Checkpoint(OFFICE.name, 0, merkle.root([]))
    assert read_log(folder, OFFICE.vkey).entries == log.faults() == log.unsigned() == ()
    assert (log.origin, [*files_of(folder)]) == (OFFICE.name, [".lock", "checkpoint"])


def test_what_is_appended_is_read(folder):
    log = new_log(folder)
    assert log.append(THREE, OFFICE) == range(3)
    assert log.append([announcement()], OFFICE) == range(3, 4)
    read = read_log(folder, OFFICE.vkey)
    assert read.entries == (*THREE, announcement())
    assert set(files_of(folder)) == {
        ".lock", "checkpoint", "checkpoints/0", "checkpoints/3", "tile/0/000.p/3", "tile/0/000.p/4",
        "tile/entries/000.p/3", "tile/entries/000.p/4",
    }  # fmt: skip


def test_full_tiles_replace_their_parts(folder):
    log = new_log(folder, *[entry(number=i) for i in range(255)])
    log.append(THREE, OFFICE)
    assert set(files_of(folder)) == {
        ".lock", "checkpoint", "checkpoints/0", "checkpoints/255", "tile/0/000", "tile/0/001.p/2",
        "tile/1/000.p/1",
        "tile/entries/000", "tile/entries/001.p/2",
    }  # fmt: skip
    assert len(read_log(folder, OFFICE.vkey).entries) == 258


def test_a_reader_of_an_older_checkpoint_finds_the_full_tile(folder):
    log = new_log(folder, *THREE)
    older = log.checkpoint()
    log.append([entry(number=i) for i in range(300)], OFFICE)
    (folder / "checkpoint").write_text(older, "utf-8")
    assert read_log(folder, OFFICE.vkey).entries == tuple(THREE)


@settings(max_examples=10)
@given(st.lists(st.integers(1, 300), min_size=1, max_size=4))
def test_any_steps_give_the_same_log(tmp_path_factory, steps):
    folder = tmp_path_factory.mktemp("log")
    entries = [entry(number=i) for i in range(sum(steps))]
    log, at = new_log(folder / "steps"), 0
    for step in steps:
        log.append(entries[at : at + step], OFFICE)
        at += step
    at_once = new_log(folder / "once", *entries)
    assert log.checkpoint() == at_once.checkpoint()
    assert read_log(log.folder).leaves == read_log(at_once.folder).leaves
    sizes = [read_checkpoint(each).size for each in read_log(log.folder).earlier]
    assert sizes == [sum(steps[:i]) for i in range(len(steps))]


def test_every_entry_and_every_growth_is_proved(folder):
    log = new_log(folder, *[entry(number=i) for i in range(21)])
    witnessed(log, 50)
    read = log.read()
    for index, each in enumerate(read.entries):
        proof = Inclusion.decode(read.inclusion(index).encode())
        assert proof.verify(each.encode(), OFFICE.vkey, [WITNESS.cosigner_vkey]) == [50]
        with pytest.raises(InvalidInput, match="root is"):
            proof.verify(entry(number=99).encode(), OFFICE.vkey, [])
    for old in range(1, 21):
        for new in range(old, 22):
            roots = [merkle.root(read.leaves[:size]) for size in (old, new)]
            merkle.verify_consistency(old, new, read.consistency(old, new), *roots)
    assert read.consistency(0) == []


def test_a_proof_holds_in_the_checkpoint_that_was_witnessed(folder):
    log = new_log(folder, *THREE)
    seen = witnessed(log, 50)
    log.append(THREE, OFFICE)
    witnessed(log, 90)
    read = log.read()
    ask = (THREE[1].encode(), OFFICE.vkey, [WITNESS.cosigner_vkey, key(9, "other").cosigner_vkey])
    assert read.inclusion(1, seen).verify(*ask) == [50]
    assert read.inclusion(1).verify(*ask) == [90]
    with pytest.raises(InvalidInput, match="leaf 3 in a tree of 3"):
        read.inclusion(3, seen)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b'"index":1', b'"index":0'),
        (b'"index":1', b'"index":-1'),
        (b'"index":1', b'"index":true'),
        (b'"index":1', b'"index":9007199254740991'),
        (b'"proof":["', b'"proof":["0'),
        (b'"proof":[', b'"proof":[5,'),
        (b'"proof":[', b'"more":[],"proof":['),
        (b"inclusion", b"exclusion"),
        (b"\\n3\\n", b"\\n4\\n"),
        (b"}\n", b"}"),
        (b"}\n", b"}\n\n"),
    ],
)
def test_another_proof_is_refused(folder, old, new):
    read = new_log(folder, *THREE).read()
    data = read.inclusion(1).encode()
    assert old in data
    with pytest.raises(InvalidInput):
        Inclusion.decode(data.replace(old, new)).verify(THREE[1].encode(), OFFICE.vkey, [])


def test_two_processes_at_once_lose_nothing(folder):
    log = new_log(folder)
    sizes = []
    with ExitStack() as stack:
        both = [stack.enter_context(start(folder, name, 40)) for name in "ab"]
        while any(process.poll() is None for process in both):
            sizes.append(len(read_log(folder, OFFICE.vkey).entries))
        told = [[int(line) for line in process.stdout] for process in both]
    assert [process.returncode for process in both] == [0, 0]
    read = log.read()
    assert sizes == sorted(sizes)
    assert sorted(told[0] + told[1]) == list(range(80))
    for name, indices in zip("ab", told, strict=True):
        tasks = [read.entries[index].task for index in indices]
        assert tasks == [f"{name}-{i}" for i in range(40)]


def test_a_killed_process_leaves_what_it_was_told_and_no_lock(folder):
    log = new_log(folder)
    for name in "ab":
        with start(folder, name, 10_000) as process:
            told = [process.stdout.readline() for _ in range(30)]
            process.kill()
            told += process.stdout.readlines()
        last = int(told[-1] if told[-1].endswith("\n") else told[-2])
        read = read_log(folder, OFFICE.vkey)
        assert log.faults() == ()
        # It may have been killed between the checkpoint and telling so.
        assert last <= len(read.entries) - 1 <= last + 1
    assert [each.task for each in log.append(THREE, OFFICE) and log.read().entries[-3:]] == [
        "1"
    ] * 3


@pytest.fixture(scope="module")
def crashes(tmp_path_factory):
    """Copies of a log of 254 entries as each change to the disk found it while 4 were appended."""
    folder = tmp_path_factory.mktemp("crash")
    new_log(folder / "log", *[entry(number=i) for i in range(254)])
    with start(folder / "log", "new", 4, folder / "copies") as process:
        assert process.wait() == 0
    return [*sorted((folder / "copies").iterdir()), folder / "log"]


def test_a_crash_before_any_change_leaves_a_log(crashes):
    seen = []
    for copy in crashes:
        log = Log(copy)
        read = read_log(copy, OFFICE.vkey)
        assert log.faults() == ()
        names = [each.task for each in read.entries[254:]]
        lost = [each.task for each in log.unsigned()]
        seen.append((len(names), len(lost)))
        assert (names + lost)[: len(lost) + len(names)] == [
            f"new-{i}" for i in range(len(names + lost))
        ]
    # Nothing, then what was written and not signed, then all of it, signed.
    assert seen == sorted(seen, key=lambda pair: (pair[0], pair[1] if pair[0] == 0 else 0))
    assert {(0, 0), (0, 2), (0, 4), (4, 0)} == set(seen)


def test_a_log_goes_on_after_every_crash(crashes, tmp_path):
    for number, copy in enumerate(crashes):
        log = Log(shutil.copytree(copy, tmp_path / str(number)))
        size = len(log.read().entries)
        added = [entry(task=f"later-{i}") for i in range(5)]
        assert log.append(added, OFFICE) == range(size, size + 5)
        assert log.unsigned() == log.faults() == ()
        assert log.read().entries[size:] == tuple(added)


def test_a_crash_at_any_byte_of_a_write_leaves_a_log(crashes):
    """Each file is written beside its place: cut it there at every byte (long tiles: at some)."""
    drafts = 0
    for copy in crashes:
        for path in copy.rglob(".*.part"):
            drafts += 1
            data = path.read_bytes()
            step = max(1, len(data) // 256)
            for size in range(0, len(data), step):
                path.write_bytes(data[:size])
                log = Log(copy)
                assert log.faults() == ()
                assert read_checkpoint(log.checkpoint()).size in (254, 258)
            path.write_bytes(data)
            assert read_log(copy, OFFICE.vkey)
    # Two bundles, two tiles of leaves, one above, the checkpoint before, and the new one.
    assert drafts == 7


def test_a_file_cut_at_any_byte_is_named(folder):
    log = new_log(folder, *THREE)
    for name, data in files_of(folder).items():
        path = folder / name
        for size in range(len(data)):
            path.write_bytes(data[:size])
            if name.startswith("tile"):
                assert [name in str(fault) for fault in log.faults()] == [True]
            with pytest.raises(REFUSED, match=name) if name != ".lock" else nullcontext():
                read_log(folder, OFFICE.vkey)
        path.unlink()
        if name.startswith("tile"):
            assert [fault.text() for fault in log.faults()] == [
                f"{name}: {path.name} cannot be read: No such file or directory"
            ]
        path.write_bytes(data)
    assert log.faults() == ()


def test_everything_that_is_missing_is_said_at_once(folder):
    log = new_log(folder, *[entry(number=i) for i in range(700)])
    for name in ("tile/0/001", "tile/entries/000", "tile/1/000.p/2"):
        (folder / name).unlink()
    with pytest.raises(VerificationError, match="3 files are missing or cut") as caught:
        read_log(folder)
    assert [fault.text() for fault in caught.value.faults] == [each.text() for each in log.faults()]
    told = caught.value.text("zh")
    assert all(name in told for name in ("tile/0/001", "tile/entries/000", "tile/1/000.p/2"))


def test_a_damaged_log_does_not_grow(folder):
    log = new_log(folder, *THREE)
    path = folder / "tile/0/000.p/3"
    data = bytearray(path.read_bytes())
    data[40] ^= 1
    path.write_bytes(data)
    before = files_of(folder)
    with pytest.raises(VerificationError, match="the entries have the root"):
        log.append(THREE, OFFICE)
    with pytest.raises(VerificationError, match="tile/0/000.p/3 is not the tree of the entries"):
        log.read()
    assert files_of(folder) == before


def test_a_damaged_bundle_is_not_carried_on(folder):
    log = new_log(folder, *THREE)
    path = folder / "tile/entries/000.p/3"
    path.write_bytes(path.read_bytes().replace(b'"task":"1"', b'"task":"2"', 1))
    before = files_of(folder)
    with pytest.raises(VerificationError, match="tile/entries/000.p/3 is not what was signed"):
        log.append(THREE, OFFICE)
    assert files_of(folder) == before


def test_a_crash_of_long_ago_is_not_told_again(folder):
    log = new_log(folder, *THREE)
    kept = log.checkpoint()
    log.append([entry(task="lost-1"), entry(task="lost-2")], OFFICE)
    (folder / "checkpoint").write_text(kept, "utf-8")
    assert [each.task for each in log.unsigned()] == ["lost-1", "lost-2"]
    log.append([entry(task="other")], OFFICE)
    assert log.unsigned() == ()


def test_only_the_log_itself_signs(folder):
    log = new_log(folder, *THREE)
    with pytest.raises(InvalidInput, match="no signature by"):
        log.append(THREE, STRANGER)
    with pytest.raises(InvalidInput, match="no signature by"):
        read_log(folder, STRANGER.vkey)
    with pytest.raises(InvalidInput, match="0 entries after 3"):
        log.append([], OFFICE)
    with pytest.raises(InvalidInput, match="never begun anew"):
        Log.create(folder, OFFICE)
    with pytest.raises(InvalidInput, match="no log was begun"):
        Log(folder / "tile")


def forged(folder, raw, signer=OFFICE):
    """Write a log that says anything, tree and all."""
    leaves = [merkle.leaf_hash(each) for each in raw]
    (folder / "tile/entries/000.p").mkdir(parents=True)
    (folder / "tile/0/000.p").mkdir(parents=True)
    (folder / f"tile/entries/000.p/{len(raw)}").write_bytes(bundle(raw))
    (folder / f"tile/0/000.p/{len(raw)}").write_bytes(b"".join(leaves))
    note = sign_checkpoint(Checkpoint(signer.name, len(raw), merkle.root(leaves)), signer)
    (folder / "checkpoint").write_text(note, "utf-8")


def test_an_entry_that_is_none_is_refused(folder):
    forged(folder, [THREE[0].encode(), b"{}"])
    with pytest.raises(InvalidInput, match="entry 1: want an object"):
        read_log(folder)


def test_a_forged_log_can_be_right(folder):
    forged(folder, [each.encode() for each in THREE])
    assert read_log(folder, OFFICE.vkey).entries == tuple(THREE)


@pytest.mark.parametrize("size", [1_000_001, 10**15])
def test_a_log_that_claims_too_much(folder, size):
    new_log(folder, *THREE)
    note = sign_checkpoint(Checkpoint(OFFICE.name, size, bytes(32)), OFFICE)
    (folder / "checkpoint").write_text(note, "utf-8")
    with pytest.raises(VerificationError, match="want at most 1000000"):
        read_log(folder)


@pytest.mark.parametrize("name", ["checkpoint", "tile/0/000.p/3", "tile/entries/000.p/3"])
def test_links_folders_and_pipes_are_not_read(folder, name, tmp_path):
    new_log(folder, *THREE)
    path = folder / name
    aside = tmp_path / "aside"
    path.rename(aside)
    for make in (lambda: path.symlink_to(aside), path.mkdir, lambda: os.mkfifo(path)):
        make()
        with pytest.raises(REFUSED, match=path.name):
            read_log(folder)
        path.rmdir() if path.is_dir() and not path.is_symlink() else path.unlink()
    with path.open("wb") as file:
        file.truncate(1 << 40)
    with pytest.raises(REFUSED, match="has more than"):
        read_log(folder)


@settings(max_examples=60)
@given(st.data())
def test_hostile_folders(tmp_path_factory, data):
    folder = tmp_path_factory.mktemp("log") / "log"
    log = new_log(folder, *THREE[:2])
    witnessed(log, 50)
    log.append(THREE[2:], OFFICE)
    witnessed(log, 60)
    files = {name: value for name, value in files_of(folder).items() if name != ".lock"}
    name = data.draw(st.sampled_from(sorted(files)))
    at = data.draw(st.integers(0, len(files[name]) - 1))
    cut = data.draw(st.integers(0, 40))
    changed = files[name][:at] + data.draw(st.binary(max_size=40)) + files[name][at + cut :]
    (folder / name).write_bytes(changed)
    try:
        read = read_log(folder, OFFICE.vkey)
    except REFUSED:
        return
    # What may change is the witness's line alone, which is checked by whoever trusts the witness.
    assert read.entries == tuple(THREE)
    stale = name.endswith("/2")  # the partial tiles of the checkpoint before
    assert name in ("checkpoint", "checkpoints/2") or stale or changed == files[name]


def test_a_rollback_is_refused(folder):
    log = new_log(folder, *THREE)
    kept = files_of(folder)
    log.append(THREE, OFFICE)
    newer = log.checkpoint()
    shutil.rmtree(folder)
    for name, data in kept.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(data)
    assert read_log(folder, OFFICE.vkey).entries == tuple(THREE)
    with pytest.raises(VerificationError, match="rolled back: 3 entries, but 6 were signed"):
        read_log(folder, OFFICE.vkey, older=newer)


@pytest.mark.parametrize("size", [3, 5])
def test_a_fork_is_refused(tmp_path, size):
    older = new_log(tmp_path / "a", *THREE).checkpoint()
    fork = new_log(tmp_path / "b", *[entry(number=7 + i) for i in range(size)])
    assert read_log(fork.folder, OFFICE.vkey)
    with pytest.raises(VerificationError, match="forked: its first 3 entries"):
        read_log(fork.folder, OFFICE.vkey, older=older)


def test_the_older_checkpoint_is_the_logs_own(tmp_path):
    log = new_log(tmp_path / "a", *THREE)
    other = sign_checkpoint(Checkpoint("elsewhere", 0, merkle.root([])), key(9, "elsewhere"))
    with pytest.raises(InvalidInput, match="a checkpoint of elsewhere"):
        read_log(log.folder, older=other)
    with pytest.raises(InvalidInput, match="no signature by"):
        read_log(log.folder, OFFICE.vkey, older=new_log_of_stranger(tmp_path).checkpoint())


def new_log_of_stranger(tmp_path):
    return Log.create(tmp_path / "stranger", STRANGER)


def test_a_log_keeps_what_was_witnessed(folder):
    log = new_log(folder, *THREE)
    first = witnessed(log, 50)
    log.append(THREE, OFFICE)
    assert log.checkpoint().count("—") == 1
    witnessed(log, 60)
    witnessed(log, 70)
    read = log.read()
    assert [read_checkpoint(each).size for each in read.earlier] == [0, 3]
    assert read.earlier[1] == first
    assert read.note.count("— witness.example") == 2


def test_a_cosignature_may_come_after_the_log_has_grown(folder):
    log = new_log(folder, *THREE)
    text = log.checkpoint()
    log.append(THREE, OFFICE)
    log.add_cosignature(merge(text, cosign(text, WITNESS, 50)), WITNESS.cosigner_vkey)
    assert log.checkpoint().count("—") == 1
    assert cosignature_times(log.read().earlier[1], [WITNESS.cosigner_vkey]) == [50]


def test_cosignatures_refused(tmp_path):
    log = new_log(tmp_path / "a", *THREE)
    with pytest.raises(InvalidInput, match="no signature by"):
        log.add_cosignature(log.checkpoint(), WITNESS.cosigner_vkey)
    for entries, why in (([entry(number=9 + i) for i in range(3)], "another root was signed"),
                         ([entry(number=9)], "checkpoints/1: 1 cannot be read")):  # fmt: skip
        other = new_log(tmp_path / why[:3], *entries).checkpoint()
        with pytest.raises(REFUSED, match=why):
            log.add_cosignature(merge(other, cosign(other, WITNESS, 5)), WITNESS.cosigner_vkey)
    assert log.checkpoint().count("—") == 1


def test_a_witness_adds_its_own_line_alone(folder):
    log = new_log(folder, *THREE)
    text = log.checkpoint()
    bad = cosign(text, key(9, "other.example"), 5).replace("other.example", "victim.example")
    log.add_cosignature(merge(text, cosign(text, WITNESS, 5) + bad), WITNESS.cosigner_vkey)
    assert log.checkpoint() == merge(text, cosign(text, WITNESS, 5))


def test_an_earlier_checkpoint_of_another_history_is_refused(tmp_path):
    log, other = new_log(tmp_path / "a", *THREE), new_log(tmp_path / "b", entry(number=9))
    (log.folder / "checkpoints/1").write_text(other.checkpoint(), "utf-8")
    with pytest.raises(VerificationError, match="forked: its first 1 entries"):
        read_log(log.folder, OFFICE.vkey)
    (log.folder / "checkpoints/1").write_text(
        Log.create(tmp_path / "c", STRANGER).checkpoint(), "utf-8"
    )
    with pytest.raises(InvalidInput, match="no signature by"):
        read_log(log.folder, OFFICE.vkey)


def test_a_calendar_lies_beside_the_log(folder):
    log = new_log(folder, *THREE)
    calendar = Calendar((Foretold("示例局", "检验检测", "2026", "1", "2026-03-31"),))
    assert publish(log, calendar, OFFICE) == 3
    entries = log.read().entries
    found = read_calendars(folder, entries)
    assert found == {entries[3].digest: calendar}
    (path,) = (folder / "calendars").iterdir()
    path.write_bytes(path.read_bytes().replace(b"2026-03-31", b"2026-04-30"))
    with pytest.raises(InvalidInput, match="is not the calendar that was logged"):
        read_calendars(folder, entries)
    path.unlink()
    assert read_calendars(folder, entries) == {}


def test_the_largest_entry_fits():
    largest = Entry("announcement", "国" * 200, "国" * 200, "国" * 200, "国" * 200, "0" * 64,
                    10**11, 10**11, "2026-12-01", "0" * 64)  # fmt: skip
    assert Entry.decode(largest.encode()) == largest
