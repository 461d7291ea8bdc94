"""The Makefile on a machine that lacks something: a clear message, and nothing touched."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]

pytestmark = pytest.mark.skipif(shutil.which("make") is None, reason="there is no make here")


def make(*words: str | Path) -> subprocess.CompletedProcess[str]:
    # The make that runs the tests must not hand its own variables down.
    clean = {name: value for name, value in os.environ.items() if not name.startswith("MAKE")}
    command = ["make", *map(str, words)]
    return subprocess.run(
        command, cwd=ROOT, env=clean, capture_output=True, text=True, encoding="utf-8"
    )


def interpreter(folder: Path, before: str) -> Path:
    """Write a python that runs ``before`` ahead of every ``-c`` program."""
    path = folder / "python3"
    path.write_text(f'#!/bin/sh\nexec {sys.executable} -c "{before}\n$2"\n', encoding="utf-8")
    path.chmod(0o755)
    return path


def test_help_is_the_default_and_lists_every_target() -> None:
    listed = [line.split()[1] for line in make().stdout.splitlines()]
    assert listed == [
        "help",
        "demo",
        "test",
        "page",
        "bundle",
        "lint",
        "types",
        "proof",
        "bench",
        "lock",
        "test-oldest",
        "clean",
    ]


def test_no_python_at_all(tmp_path: Path) -> None:
    done = make("test", f"VENV={tmp_path}/env", "PYTHON=no-such-python")
    assert done.returncode == 2
    assert "fairlot needs Python 3.11 or newer; none of these is: no-such-python" in done.stderr
    assert not (tmp_path / "env").exists()


def test_a_python_that_is_too_old(tmp_path: Path) -> None:
    old = interpreter(tmp_path, "import sys; sys.version_info = (3, 10, 9)")
    done = make("demo", f"VENV={tmp_path}/env", f"PYTHON={old}")
    assert f"fairlot needs Python 3.11 or newer; none of these is: {old}" in done.stderr
    assert not (tmp_path / "env").exists()


def test_a_python_without_venv(tmp_path: Path) -> None:
    bare = interpreter(tmp_path, "import sys; sys.modules['ensurepip'] = None")
    done = make("test", f"VENV={tmp_path}/env", f"PYTHON={bare}")
    assert f"{bare} cannot make a virtual environment" in done.stderr
    assert "apt install python3-venv" in done.stderr
    assert not (tmp_path / "env").exists()


def test_a_folder_that_is_no_environment_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("years of work")
    done = make("test", f"VENV={tmp_path}")
    assert "is no virtual environment" in done.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.txt"]
