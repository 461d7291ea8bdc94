"""A command line run in this process, and the draw that many transcripts begin with."""

from pathlib import Path

import pytest

from fairlot import cli
from fairlot.registers import examples

__all__ = ["DICE", "SHANGHAI", "Terminal", "announce", "draw", "in_new_folder"]

DICE = "3141592653589793238462643383279502884197"
SHANGHAI = examples.folder("shanghai")


class Terminal:
    """Runs a command line in this process."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
        self._patch, self._capture = monkeypatch, capsys

    def __call__(self, *words: object, code: int = 0) -> str:
        self._patch.setattr("sys.argv", ["fairlot", *map(str, words)])
        self._patch.delenv("FAIRLOT_LANG", raising=False)
        with pytest.raises(SystemExit) as left:
            cli.main()
        told = self._capture.readouterr()
        assert (left.value.code or 0) == code, told
        return told.out + told.err


def in_new_folder(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> Terminal:
    """What every transcript starts with; each module makes a fixture of it."""
    monkeypatch.chdir(tmp_path)
    return Terminal(monkeypatch, capsys)


def announce(
    fairlot: Terminal, out: str = "announced", rosters: Path = SHANGHAI, **more: object
) -> str:
    options = {"--key": "office.key", "--randomness": "dice", "--out": out, **more}
    return fairlot(
        "announce", rosters / "plan.toml", rosters, *(w for pair in options.items() for w in pair)
    )


def draw(fairlot: Terminal, out: str = "record") -> str:
    announce(fairlot)
    return fairlot("draw", "announced", "--value", DICE, "--key", "office.key", "--out", out)
