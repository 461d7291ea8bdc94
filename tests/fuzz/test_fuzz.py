"""No foreign bytes make a reader do anything but read them or refuse them by name."""

import base64

import pytest
from complete_record import LOG, world
from edits import KINDS, REACH, edited
from hypothesis import given, settings
from hypothesis import strategies as st
from long_run import fuzzed
from readers import readers

from fairlot import public
from fairlot._base.errors import FairlotError
from fairlot.public.log import Log
from fairlot.public.log_read import read_log

READERS = readers()
WHOLE = [seed for reader in READERS.values() for seed in reader.seeds]
NUMBERS = st.integers(0, REACH - 1)
EDITS = st.lists(st.tuples(st.integers(0, KINDS - 1), NUMBERS, NUMBERS), min_size=1, max_size=4)
LIGHT = [name for name in READERS if not name.startswith("record")]


@pytest.mark.parametrize("name", READERS)
def test_whole_files_are_read(name):
    for seed in READERS[name].seeds:
        READERS[name].read(seed)


def der(old, new):
    """NIST's certificate with some of its bytes exchanged, in base64."""
    data = base64.b64decode(READERS["certificate"].seeds[0])
    assert data.count(old) > 0
    return base64.b64encode(data.replace(old, new, 1))


FOUND = {
    "a list that is no text": ("csv", b"\xff"),
    "a row that is short": ("csv", b"a,b\r\n1\r\n"),
    "a row that is long": ("csv", b"a\r\n1,2\r\n"),
    "a secret without an announcement": (
        "secret", READERS["secret"].seeds[0].replace(b'"announcement"', b'"announcements"'),
    ),
    "a secret of flags": (
        "secret",
        READERS["secret"].seeds[0].replace(b'"P1"', b"true").replace(b'"P2"', b"false"),
    ),
    "a secret of nobody": ("secret", READERS["secret"].seeds[0].replace(b'"P1"', b"true")),
    "a certificate of version 127": ("certificate", der(b"\xa0\x03\x02\x01\x02", b"\xa0\x03\x02\x01\x7e")),
    "a certificate with a number below nothing": ("certificate", der(b"\x02\x10\x0a", b"\x02\x10\x8a")),
}  # fmt: skip
"""What fuzzing found that crashed once, or only warned."""


@pytest.mark.parametrize("what", FOUND)
def test_what_was_found_is_refused(what):
    name, data = FOUND[what]
    with pytest.raises(FairlotError):
        READERS[name].read(data)


@pytest.mark.parametrize("name", LIGHT)
@given(seed=NUMBERS, edits=EDITS)
def test_edited_files_are_read_or_refused(name, seed, edits):
    seeds = READERS[name].seeds
    read_or_refused(name, edited(seeds[seed % len(seeds)], edits, WHOLE))


@pytest.mark.parametrize("name", LIGHT)
@given(data=st.binary(max_size=200))
def test_any_bytes_are_read_or_refused(name, data):
    read_or_refused(name, data)


@pytest.mark.parametrize("name", sorted({*READERS} - {*LIGHT}))
@settings(max_examples=25)
@given(seed=NUMBERS, edits=EDITS)
def test_a_record_is_judged_whatever_one_file_holds(name, seed, edits):
    seeds = READERS[name].seeds
    read_or_refused(name, edited(seeds[seed % len(seeds)], edits, WHOLE))


@settings(max_examples=50)
@given(where=NUMBERS, edits=EDITS)
def test_a_log_is_read_or_refused_whatever_one_file_holds(log_folder, where, edits):
    names = sorted(path for path in log_folder.rglob("*") if path.is_file())
    path = names[where % len(names)]
    before = path.read_bytes()
    path.write_bytes(edited(before, edits, WHOLE))
    try:
        read_log(log_folder)
    except FairlotError:
        pass
    finally:
        path.write_bytes(before)


def read_or_refused(name, data):
    """Fails by whatever the reader raises, unless that is a refusal in both languages."""
    try:
        READERS[name].read(data)
    except FairlotError as error:
        told = [error.text("en"), error.text("zh")]
    else:
        told = ["read"]
    assert all(told)


@pytest.fixture(scope="module")
def log_folder(tmp_path_factory):
    """A small log of a record's entries, in two steps."""
    folder = tmp_path_factory.mktemp("log")
    log, entries = Log.create(folder, LOG), list(public.entries_of(world("open").files).values())
    log.append(entries[:1], LOG)
    log.append(entries[1:], LOG)
    return folder


@pytest.mark.slow
@pytest.mark.parametrize("name", READERS)
def test_thousands_of_edits_of_every_file(name):
    assert fuzzed(READERS[name], WHOLE, seconds=20, seed=1).faults == {}
