"""No foreign bytes make a reader do anything but read them or refuse them by name."""

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
