"""Reads ``argued.toml``: entries of somebody's own reading with which we disagree."""

import tomllib
from collections.abc import Mapping
from pathlib import Path

from entries import Entry


def read_argued(text: str) -> dict[str, dict[str, str]]:
    """Return the arguments by id; one without a reason or a source is an error."""
    found = tomllib.loads(text)
    for name, argument in found.items():
        if set(argument) != {"reason", "source"} or not all(argument.values()):
            raise ValueError(f"argued.toml: {name} has {sorted(argument)}; want reason and source")
    return found


def argument(entry: Entry, argued: Mapping[str, Mapping[str, str]]) -> str:
    """Return why we disagree with an entry, "" when we do not.

    Only somebody's own reading may be argued with: not a printed number, not another program.
    """
    if entry.name not in argued:
        return ""
    if entry.file != "pt" or entry.given["origin"] != "own_reading":
        raise ValueError(f"argued.toml: {entry.name} is not an own_reading")
    return "{reason} ({source})".format(**argued[entry.name])


ARGUED = read_argued((Path(__file__).parent / "argued.toml").read_text(encoding="utf-8"))
