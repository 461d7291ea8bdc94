"""Every entry of the reference files is one test."""

from typing import Any

import pytest
from argued import ARGUED, argument
from entries import FILES, FOLDER, Entry, entries
from table import missing, resolve, row_of


def marked(entry: Entry) -> Any:
    """Return an entry with its expectation; a group without a row fails when it is run."""
    marks = []
    try:
        names = missing(entry)
    except LookupError:
        names = ""
    if names:
        marks.append(pytest.mark.xfail(reason=f"not built yet: {names}", run=False))
    elif why := argument(entry, ARGUED):
        marks.append(pytest.mark.xfail(reason=f"argued: {why}", raises=AssertionError, strict=True))
    return pytest.param(entry, id=entry.id, marks=marks)


def all_entries() -> list[Any]:
    there = [file for file in FILES if (FOLDER / f"{file}.json").exists()]
    return [marked(entry) for file in there for entry in entries(file)]


@pytest.mark.parametrize("file", FILES)
def test_a_file_has_entries(file: str) -> None:
    assert entries(file)


@pytest.mark.parametrize("entry", all_entries())
def test_entry(entry: Entry) -> None:
    row = row_of(entry.file, entry.group)
    row.check(resolve(row.function) if row.function else None, entry)
