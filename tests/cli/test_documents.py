"""Every command that a document tells people to type is there, with the options it is given."""

import re
from pathlib import Path
from typing import Any

import pytest
from typer.main import get_command

from fairlot.cli import app

ROOT = Path(__file__).parents[2]
TOLD = [
    "README.md",
    "README.zh-CN.md",
    "docs/ceremony.md",
    "docs/public-draw-v1.md",
    "examples/ci/README.md",
]


def lines_of(name: str) -> list[list[str]]:
    """The commands of a document as words; one that goes on after a backslash is one line."""
    text = (ROOT / name).read_text("utf-8").replace("\\\n", " ")
    found = re.findall(r"^ *(fairlot [a-z][^#\n]*)|`(fairlot [a-z][^`]+)`", text, flags=re.M)
    return [re.sub(r'"[^"]*"', "X", block or inline).split()[1:] for block, inline in found]


def named(words: list[str]) -> tuple[Any, list[str]]:
    """The command of these words, and what it is given; a group is none."""
    command, left = get_command(app), list(words)
    while left and left[0] in getattr(command, "commands", {}):
        command = command.commands[left.pop(0)]
    return command, left


@pytest.mark.parametrize("name", TOLD)
def test_commands_and_options_exist(name: str) -> None:
    lines = lines_of(name)
    assert lines
    for words in lines:
        command, left = named(words)
        known = {option for each in command.params for option in each.opts}
        given = {word.strip("[]") for word in left if word.strip("[").startswith("--")}
        assert given <= known, " ".join(words)
        assert not hasattr(command, "commands"), " ".join(words)
