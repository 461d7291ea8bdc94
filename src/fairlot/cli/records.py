"""A record on disk: what the public sees, and beside it, where they differ, what is kept back."""

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from fairlot._base.errors import InvalidInput

if TYPE_CHECKING:
    from fairlot.planning import Plan

__all__ = ["full_beside", "grow", "read_drawn", "read_full", "with_notice", "write_record"]


def full_beside(folder: Path) -> Path:
    """Return where the full record is kept: beside the public one, readable by its owner alone."""
    return folder.with_name(f"{folder.name}.full")


def read_full(folder: Path) -> dict[str, bytes]:
    """Return the full record: what is kept beside the public one, or that, where all is public."""
    from fairlot import public

    full = full_beside(folder)
    return public.read_folder(full if full.is_dir() else folder)


def read_drawn(folder: Path) -> dict[str, bytes]:
    """Return the full record; refuse an announcement of which nothing was drawn yet."""
    files = read_full(folder)
    if "teams.csv" not in files:
        raise InvalidInput("{folder} is announced, but not drawn, or sealed and kept elsewhere",
                           zh="{folder} 已公告但尚未抽取，或已封存于别处", folder=folder)  # fmt: skip
    return files


def with_notice(files: dict[str, bytes], signer: Any) -> dict[str, bytes]:
    """Return a drawn record with its notice, sealed."""
    from fairlot.public import seal
    from fairlot.report import notice

    return seal({**files, "notice.html": notice(files).encode()}, signer)


def write_record(out: Path, files: Mapping[str, bytes], plan: "Plan", signer: Any) -> None:
    """Write a new record, and the full one beside it where the plan keeps something back."""
    from fairlot import public

    if _kept_back(plan):
        public.write_folder(full_beside(out), files, private=True)
    public.write_folder(out, public.published(files, plan, signer, opened=False))


def grow(
    out: Path, files: Mapping[str, bytes], plan: "Plan", signer: Any, *, opened: bool = False
) -> None:
    """Put a record that has grown in the place of itself; what was opened once stays open."""
    from fairlot import public

    if full_beside(out).is_dir():
        public.replace_folder(full_beside(out), files, private=True)
    opened = opened or (out / "opening.json").exists()
    public.replace_folder(out, public.published(files, plan, signer, opened=opened))


def _kept_back(plan: "Plan") -> bool:
    return plan.proof.view != "open" or plan.proof.opens != ""
