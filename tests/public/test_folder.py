"""A record on disk comes from strangers, and is written whole or not at all."""

import os
from pathlib import Path

import pytest

from fairlot._base.errors import InvalidInput
from fairlot.public import folder


def test_what_is_written_is_read(tmp_path: Path) -> None:
    files = {"announcement.json": b"{}\n", "drawn.csv": b""}
    assert folder.read_folder(folder.write_folder(tmp_path / "a/b", files)) == files


def test_nothing_is_written_over(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    with pytest.raises(InvalidInput, match="a record is never overwritten"):
        folder.write_folder(tmp_path / "a", {})


def test_a_failed_write_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(TypeError):
        folder.write_folder(tmp_path / "a", {"drawn.csv": b"x", "teams.csv": 5})  # type: ignore[dict-item]
    assert list(tmp_path.iterdir()) == []


def link(path: Path) -> None:
    path.symlink_to("/etc/hosts")


STRANGE = {
    "folder": (Path.mkdir, "drawn.csv is not a plain file"),
    "pipe": (os.mkfifo, "drawn.csv is not a plain file"),
    "link": (link, "drawn.csv cannot be read"),
}


@pytest.mark.parametrize("name", STRANGE)
def test_only_plain_files_are_read(tmp_path: Path, name: str) -> None:
    make, message = STRANGE[name]
    make(tmp_path / "drawn.csv")
    with pytest.raises(InvalidInput, match=message):
        folder.read_folder(tmp_path)


def test_only_known_names_are_read(tmp_path: Path) -> None:
    (tmp_path / ".DS_Store").write_text("")
    with pytest.raises(
        InvalidInput, match="'.DS_Store' does not belong to a record; if it is yours"
    ):
        folder.read_folder(tmp_path)


def test_size_is_bounded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("drawn.csv", "teams.csv"):
        (tmp_path / name).write_bytes(bytes(60))
    monkeypatch.setattr(folder, "MAX_TOTAL", 100)
    with pytest.raises(InvalidInput, match="teams.csv has more than the 40 bytes that are read"):
        folder.read_folder(tmp_path)


def test_not_a_folder(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match="is not a folder"):
        folder.read_folder(tmp_path / "nowhere")
