"""The project keeps its promises about itself: the lock, the version, the docs, short functions."""

import ast
import importlib
import inspect
import os
import re
import statistics
import subprocess
import tomllib
from pathlib import Path

import pytest

import fairlot

ROOT = Path(__file__).parents[1]
SRC = ROOT / "src/fairlot"
MAKEFILE = (ROOT / "Makefile").read_text(encoding="utf-8")
LOCK = (ROOT / "requirements.lock").read_text(encoding="utf-8")
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
SOURCES = sorted(SRC.rglob("*.py"))

MEDIAN, LONGEST = 8, 35
"""Body lines of a function without its docstring: what reads at a glance, and one screen."""

# An absolute path of somebody's machine. (Written so that this line does not match itself.)
LOCAL_PATH = re.compile(r"(?<![\w.:/~-])(?:/(?:root|home|Users|work)/\w|[A-Z]:\\+Users)")


def bare(name: str) -> str:
    """A distribution's name as registries compare it.

    >>> bare("XlsxWriter>=3.2"), bare("fairlot[excel,beacon]")
    ('xlsxwriter', 'fairlot')
    """
    return re.split(r"[^\w.-]", name, maxsplit=1)[0].lower().replace("_", "-")


def wanted() -> set[str]:
    """Everything that pyproject.toml asks for, in any extra and for building."""
    project = PROJECT["project"]
    groups = [project["dependencies"], PROJECT["build-system"]["requires"]]
    groups += project["optional-dependencies"].values()
    return {bare(one) for group in groups for one in group} - {"fairlot"}


def tracked() -> list[Path]:
    """Every file that git would publish; without git (an sdist), every file there is."""
    if not (ROOT / ".git").exists():
        return [path for path in ROOT.rglob("*") if path.is_file()]
    listed = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    names = subprocess.run(listed, cwd=ROOT, capture_output=True, check=True).stdout
    return [ROOT / os.fsdecode(name) for name in names.split(b"\0") if name]


def text_of(path: Path) -> str:
    """The text of a file; pictures and tables that are no text count as empty."""
    try:
        return path.read_text(encoding="utf-8")
    except (UnicodeDecodeError, FileNotFoundError):
        return ""


# The lock


def test_the_lock_names_no_host() -> None:
    assert re.findall(r".*(?:://|--(?!hash=sha256:)| @ ).*", LOCK) == []


def test_the_lock_pins_and_hashes_every_wish() -> None:
    entry = re.compile(r"^([\w.-]+)==\S+.*?((?:\\\n +--hash=sha256:[0-9a-f]{64} ?)+)$", re.M)
    pinned = {found[1] for found in entry.finditer(LOCK)}
    assert wanted() - pinned == set()
    assert entry.sub("", LOCK).strip() == ""


def test_the_oldest_versions_are_the_lower_bounds() -> None:
    lines = (ROOT / "constraints-oldest.txt").read_text(encoding="utf-8").splitlines()
    oldest = dict(line.split("==") for line in lines if not line.startswith("#"))
    extras = PROJECT["project"]["optional-dependencies"]
    asked = [
        *PROJECT["project"]["dependencies"],
        *extras["excel"],
        *extras["beacon"],
        *extras["plot"],
    ]
    bounds = dict(one.split(">=") for one in asked)
    assert {name: oldest[name] for name in bounds} == {
        name: bound + ".0" * (oldest[name].count(".") - bound.count("."))
        for name, bound in bounds.items()
    }


# The version and the licence


def test_the_version_is_written_once() -> None:
    said = [path for path in tracked() if f'"{fairlot.__version__}"' in text_of(path)]
    assert said == [SRC / "__init__.py"]
    assert PROJECT["project"]["dynamic"] == ["version"]


def test_the_licence_is_there_and_named() -> None:
    assert "Apache License" in text_of(ROOT / "LICENSE")
    assert PROJECT["project"]["license"] == "Apache-2.0"


def test_the_types_are_published() -> None:
    assert (SRC / "py.typed").exists()


# The files


def test_no_file_names_a_path_of_one_machine() -> None:
    found = {str(path): LOCAL_PATH.findall(text_of(path)) for path in tracked()}
    assert {path: hits for path, hits in found.items() if hits} == {}


@pytest.mark.parametrize("path", ["/home" + "/ann/x.csv", "see /root" + "/x", "C:" + r"\Users\ann"])
def test_a_planted_path_is_seen(path: str) -> None:
    assert LOCAL_PATH.search(path)


# The docs


def rooms() -> list[str]:
    return sorted(path.parent.name for path in SRC.glob("[a-z]*/__init__.py"))


@pytest.mark.parametrize("room", rooms())
def test_every_public_name_says_what_it_is(room: str) -> None:
    module = importlib.import_module(f"fairlot.{room}")
    public = {name: getattr(module, name) for name in module.__all__}
    mute = [
        name
        for name, value in public.items()
        if (inspect.isclass(value) or inspect.isfunction(value)) and not inspect.getdoc(value)
    ]
    assert inspect.getdoc(module)
    assert mute == []


@pytest.mark.parametrize("readme", ["README.md", "README.zh-CN.md"])
def test_the_readme_gives_exactly_two_commands(readme: str) -> None:
    blocks = re.findall(r"^```\w*\n(.*?)^```", text_of(ROOT / readme), re.S | re.M)
    commands = [line.split("#")[0].strip(" $") for block in blocks for line in block.splitlines()]
    assert [line for line in commands if line.startswith("make ")] == ["make demo", "make test"]


def test_every_target_is_documented() -> None:
    targets = set(re.findall(r"^([a-z-]+):", MAKEFILE, re.M))
    explained = set(re.findall(r"^([a-z-]+): .*## \w", MAKEFILE, re.M))
    phony = set(re.search(r"^\.PHONY: (.*)$", MAKEFILE, re.M)[1].split())
    assert targets == explained == phony


# The functions


def bodies(path: Path) -> dict[str, int]:
    """Body lines of every function of a file, docstrings left out."""

    def lines(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
        body = node.body[ast.get_docstring(node) is not None :]
        return body[-1].end_lineno - body[0].lineno + 1 if body else 0

    tree = ast.parse(path.read_text(encoding="utf-8"))
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef)
    where = path.relative_to(SRC)
    return {
        f"{where}:{node.lineno} {node.name}": lines(node)
        for node in ast.walk(tree)
        if isinstance(node, kinds)
    }


BEGUN = re.compile(r"^(?:export )?(?:async )?function (\w+)", re.MULTILINE)


def scripts(path: Path) -> dict[str, int]:
    """Body lines of every function at the margin of a module of the page, those inside it too."""
    text = path.read_text(encoding="utf-8")
    where = path.relative_to(SRC)
    found = {}
    for each in BEGUN.finditer(text):
        whole = text[each.start() :].partition("\n}")[0]
        found[f"{where}: {each[1]}"] = whole.partition(" {\n")[2].count("\n") + 1
    return found


def test_functions_of_the_page_are_short() -> None:
    page = SRC / "public" / "page"
    built = {"dist", "node_modules"}
    modules = [path for path in page.rglob("*.js") if not built & set(path.parts)]
    lengths = {name: lines for path in modules for name, lines in scripts(path).items()}
    assert len(lengths) > 300
    assert {name: lines for name, lines in lengths.items() if lines > LONGEST} == {}
    assert statistics.median(lengths.values()) <= MEDIAN


def test_functions_are_short() -> None:
    lengths = {name: lines for path in SOURCES for name, lines in bodies(path).items()}
    assert {name: lines for name, lines in lengths.items() if lines > LONGEST} == {}
    assert statistics.median(lengths.values()) <= MEDIAN
