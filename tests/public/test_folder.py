"""A record on disk comes from strangers, and is written whole or not at all."""

import os
from pathlib import Path

import pytest

from fairlot._base.errors import InvalidInput
from fairlot.public import canonical, folder


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


def test_a_record_grows_in_its_place(tmp_path: Path) -> None:
    old = {"announcement.json": b"{}\n", "notice.html": b"1", "digests.txt": b"1"}
    path = folder.write_folder(tmp_path / "a", old)
    new = {**old, "event-001.json": b"{}\n", "notice.html": b"2", "digests.txt": b"2"}
    assert folder.read_folder(folder.replace_folder(path, new)) == new
    assert [each.name for each in tmp_path.iterdir()] == ["a"]


@pytest.mark.parametrize("left", [{}, {"announcement.json": b"other\n"}])
def test_a_record_never_loses_or_changes_a_file(tmp_path: Path, left: dict[str, bytes]) -> None:
    old = {"announcement.json": b"{}\n", "event-001.json": b"{}\n"}
    path = folder.write_folder(tmp_path / "a", old)
    with pytest.raises(InvalidInput, match="would change; a record only grows"):
        folder.replace_folder(path, {**left, "event-001.json": b"{}\n"})
    assert folder.read_folder(path) == old
    assert [each.name for each in tmp_path.iterdir()] == ["a"]


def test_time_locks_open_after_the_draw_and_nothing_else_of_an_opening_changes(
    tmp_path: Path,
) -> None:
    shut = {"lock": {}, "salts": {"公证处": "00"}}
    path = folder.write_folder(tmp_path / "a", {"opening.json": canonical.encode(shut) + b"\n"})
    for other in ({**shut, "salts": {}}, {**shut, "lock": {"round": 1}, "salts": {}}, {}, []):
        with pytest.raises(InvalidInput, match="a record only grows"):
            folder.replace_folder(path, {"opening.json": canonical.encode(other) + b"\n"})
    opened = {"opening.json": canonical.encode({**shut, "lock": {"round": 1}}) + b"\n"}
    assert folder.read_folder(folder.replace_folder(path, opened)) == opened
    with pytest.raises(InvalidInput, match="a record only grows"):
        folder.replace_folder(path, {"opening.json": canonical.encode(shut) + b"\n"})


def modes(path: Path) -> set[str]:
    """How the folder, and each file in it, may be read."""
    return {f"{each.stat().st_mode & 0o777:o}" for each in (path, *path.iterdir())}


def test_what_is_kept_back_is_never_readable_by_others(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """From the first byte: between writing and a later chmod anybody could have looked."""
    files = {"announcement.json": b"{}\n", "sites.jsonl": b"{}\n"}
    seen: list[set[str]] = []
    moved = Path.rename

    def watched(self: Path, target: Path) -> Path:
        seen.append(modes(self))
        return moved(self, target)

    monkeypatch.setattr(Path, "rename", watched)
    path = folder.write_folder(tmp_path / "a", files, private=True)
    folder.replace_folder(path, {**files, "event-001.json": b"{}\n"}, private=True)
    assert [modes(path), *seen] == [{"700", "600"}] * 4
    shown = folder.write_folder(tmp_path / "b", files)
    assert modes(shown) == {"755", "644"}


def test_proofs_by_others_may_be_made_again(tmp_path: Path) -> None:
    """A later checkpoint has more witnesses than an earlier one."""
    old = {"announcement.json": b"{}\n", "announcement.log.json": b"1", "announcement.tsr": b"1"}
    path = folder.write_folder(tmp_path / "a", old)
    new = {**old, "announcement.log.json": b"2"}
    assert folder.read_folder(folder.replace_folder(path, new)) == new


def test_a_failed_growth_leaves_the_record(tmp_path: Path) -> None:
    old = {"announcement.json": b"{}\n"}
    path = folder.write_folder(tmp_path / "a", old)
    with pytest.raises(TypeError):
        folder.replace_folder(path, {**old, "event-001.json": 5})  # type: ignore[dict-item]
    assert folder.read_folder(path) == old
    assert [each.name for each in tmp_path.iterdir()] == ["a"]


@pytest.mark.parametrize(
    "name",
    ["announcement.tsr", "outcome.log.json", "event-007.tsr", "event-007.log.json", "switch.txt",
     "openings.jsonl", "opening.json", "standings.jsonl", "schedule.csv"],
)  # fmt: skip
def test_proofs_and_what_some_views_hold_belong_to_a_record(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(b"x")
    assert folder.read_folder(tmp_path) == {name: b"x"}


@pytest.mark.parametrize(
    "name",
    ["event-000.json", "event-1.json", "event-0001.json", "event-001.txt", "event-000.tsr",
     "drawn.tsr", "announcement.json.tsr", "event-٠٠١.json", "event-001.json\n"],
)  # fmt: skip
def test_events_have_numbers_of_three_digits(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text("")
    with pytest.raises(InvalidInput, match="does not belong to a record"):
        folder.read_folder(tmp_path)


def test_there_are_at_most_999_events() -> None:
    assert folder.numbered("replacement", 999) == "replacement-999.json"
    with pytest.raises(InvalidInput, match="at most 999 events"):
        folder.numbered("event", 1000)


def test_a_secret_is_for_its_owner_and_never_written_over(tmp_path: Path) -> None:
    path = tmp_path / "secret.json"
    folder.write_private(path, b"x")
    assert path.stat().st_mode & 0o777 == 0o600
    with pytest.raises(InvalidInput, match="a secret is never overwritten"):
        folder.write_private(path, b"y")
    assert path.read_bytes() == b"x"
