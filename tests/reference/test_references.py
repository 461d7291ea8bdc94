"""Every entry of the reference files is one test."""

import json
import shutil
import tomllib
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from entries import FILES, FOLDER, PARTS, Entry, entries
from table import TABLE, Row, row_of

ARGUED = tomllib.loads((Path(__file__).parent / "argued.toml").read_text(encoding="utf-8"))


class Unbuilt(Exception):
    """The function under test does not exist yet."""


def resolve(dotted: str) -> Any:
    """Return what a dotted name stands for: the longest module in it, then attributes."""
    parts = dotted.split(".")
    for cut in range(len(parts), 0, -1):
        try:
            found: Any = import_module(".".join(parts[:cut]))
        except ModuleNotFoundError:
            continue
        for part in parts[cut:]:
            if not hasattr(found, part):
                raise Unbuilt(dotted)
            found = getattr(found, part)
        return found
    raise Unbuilt(dotted)


def marked(entry: Entry) -> Any:
    row = row_of(entry)
    marks = []
    if row.unbuilt:
        name = row.function.format(group=entry.group)
        marks.append(
            pytest.mark.xfail(raises=Unbuilt, strict=True, reason=f"not built yet: {name}")
        )
    elif entry.id in ARGUED:
        reason = "{reason} ({source})".format(**argued(entry))
        marks.append(pytest.mark.xfail(strict=True, reason=f"argued: {reason}"))
    return pytest.param(entry, id=f"{entry.file}-{entry.id}", marks=marks)


def argued(entry: Entry) -> dict[str, str]:
    """Return the argument against an entry; only somebody's own reading may be argued with."""
    assert entry.given.get("origin") == "own_reading", f"{entry.id} is not an own_reading"
    return {"reason": ARGUED[entry.id]["reason"], "source": ARGUED[entry.id]["source"]}


@pytest.mark.parametrize("entry", [marked(e) for file in FILES for e in entries(file)])
def test_entry(entry: Entry) -> None:
    row: Row = row_of(entry)
    function = None if row.informational else resolve(row.function.format(group=entry.group))
    row.check(function, entry)


@pytest.mark.parametrize("file", FILES)
def test_every_file_is_there_and_has_entries(file: str) -> None:
    """A folder without a file tests nothing of it, and must not look as if it did."""
    assert len(entries(file)) > 0


@pytest.mark.parametrize("file", ["sampling", "proof"])
def test_every_part_of_a_file_is_read(file: str) -> None:
    assert set(json.loads((FOLDER / f"{file}.json").read_bytes())) - PARTS[file] == set()


def test_unknown_group_is_an_error() -> None:
    with pytest.raises(LookupError, match="no row of the table answers for the group 'astrology'"):
        row_of(Entry("proof", "astrology", "x", {}, {}))


def test_mark_on_a_built_function_fails() -> None:
    """No row says unbuilt of a function that exists."""
    rows = [row for row in TABLE if row.unbuilt and "{group}" not in row.function]
    exists = []
    for row in rows:
        try:
            exists.append(resolve(row.function))
        except Unbuilt:
            continue
    assert exists == []


def test_other_files_run_unchanged(tmp_path: Path) -> None:
    """Trimmed and renamed entries are read by the same rules."""
    for file in FILES:
        shutil.copy(FOLDER / f"{file}.json", tmp_path)
    data = json.loads((tmp_path / "sampling.json").read_bytes())
    data["sizes"] = {"another": next(iter(data["sizes"].values()))}
    data["pik"] = {}
    (tmp_path / "sampling.json").write_text(json.dumps(data), encoding="utf-8")
    found = entries("sampling", tmp_path)
    assert found
    assert all(e.id.startswith("sizes-another-") for e in found)
    for entry in found:
        row = row_of(entry)
        if not row.unbuilt:
            row.check(resolve(row.function), entry)
