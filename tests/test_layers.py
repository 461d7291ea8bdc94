"""Who may import whom: the map of the house as data, and proof that a way round it is caught."""

import ast
from collections.abc import Iterator
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

SRC = Path(__file__).parents[1] / "src"

BELOW = ("_kernels", "_base")
MAP: dict[str, tuple[str, ...]] = {
    "_base": (),
    "_kernels": ("_base",),
    "registers": ("_base",),
    "sampling": ("registers", *BELOW),
    "assignment": ("registers", *BELOW),
    "proficiency": ("registers", *BELOW),
    "risk": ("registers", *BELOW),
    "planning": ("risk", "sampling", "assignment", "registers", *BELOW),
    "public": ("planning", "sampling", "assignment", "registers", *BELOW),
    "public.page": (),
    "simulate": ("planning", "sampling", "assignment", "risk", "registers", *BELOW),
    "oversight": ("public", "planning", "proficiency", "risk", "registers", *BELOW),
}
ABOVE = tuple(room for room in MAP if room != "public.page")
MAP["plot"] = ABOVE
MAP["report"] = ("plot", *ABOVE)
MAP["cli"] = ("report", "plot", *ABOVE)

ONLY_IN = {"matplotlib": "plot"}
"""Third-party goods with one door."""

LAZY_DOOR = "fairlot"
"""The top module hands out rooms by name when asked, and imports none by itself."""


def parse(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def room_of(module: str) -> str:
    """Return the room that a dotted name lies in; the top module is its own room.

    >>> room_of("fairlot.public.page.sha"), room_of("fairlot.public.record"), room_of("fairlot")
    ('public.page', 'public', 'fairlot')
    """
    inside = module.split(".")[1:]
    deep = ".".join(inside[:2])
    return deep if deep in MAP else (inside or [LAZY_DOOR])[0]


def modules(src: Path) -> dict[str, Path]:
    """Return every module under ``src`` by its dotted name."""

    def dotted(path: Path) -> str:
        parts = path.relative_to(src).with_suffix("").parts
        return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)

    return {dotted(path): path for path in sorted(src.rglob("*.py"))}


def _absolute(node: ast.ImportFrom, module: str, is_package: bool) -> str:
    if not node.level:
        return node.module or ""
    parts = module.split(".")
    base = parts[: len(parts) - node.level + is_package]
    return ".".join([*base, *filter(None, [node.module])])


def _from(node: ast.ImportFrom, module: str, is_package: bool) -> Iterator[str]:
    base = _absolute(node, module, is_package)
    yield from (f"{base}.{alias.name}" for alias in node.names)


def _by_string(node: ast.Call) -> Iterator[str]:
    called = getattr(node.func, "attr", getattr(node.func, "id", ""))
    if called not in ("import_module", "__import__"):
        return
    text = node.args[0].value if node.args and isinstance(node.args[0], ast.Constant) else "?"
    # A relative or computed name cannot be followed, so it is refused as such.
    yield "fairlot.?" if text.startswith(".") or text == "?" else text


def _through_the_door(tree: ast.Module) -> Iterator[str]:
    """``import fairlot as house`` and then ``house.room``."""
    imports = (node for node in ast.walk(tree) if isinstance(node, ast.Import))
    aliases = {a.asname or a.name for node in imports for a in node.names if a.name == "fairlot"}
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and getattr(node.value, "id", "") in aliases:
            yield f"fairlot.{node.attr}"


def imported(tree: ast.Module, path: Path, module: str) -> set[str]:
    """Return every dotted name that a file imports, wherever it does.

    Imports inside functions and under TYPE_CHECKING count; so do relative ones, names given to
    ``import_module`` as text, and rooms reached as ``fairlot.room``.
    """
    found = set(_through_the_door(tree))
    for node in ast.walk(tree):
        match node:
            case ast.Import():
                found |= {alias.name for alias in node.names}
            case ast.ImportFrom():
                found |= set(_from(node, module, path.name == "__init__.py"))
            case ast.Call():
                found |= set(_by_string(node))
    return found


def written(tree: ast.Module) -> set[str]:
    """Return every text that is a room's dotted name: it may be imported by a way unknown here."""
    texts = (node.value for node in ast.walk(tree) if isinstance(node, ast.Constant))
    return {
        text
        for text in texts
        if isinstance(text, str) and text.startswith("fairlot.") and room_of(text) in MAP
    }


def _allowed(module: str, name: str) -> bool:
    here, there = room_of(module), room_of(name)
    if name.split(".")[0] in ONLY_IN:
        return here == ONLY_IN[name.split(".")[0]]
    if not name.startswith("fairlot.") or here == there:
        return True
    if there not in MAP and there != "?":
        return True  # a name of the top module itself, such as __version__
    return there in MAP.get(here, ())


def trespasses(src: Path) -> list[str]:
    """Return every import that the map forbids, as ``module -> name``."""
    return [
        f"{module} -> {name}"
        for module, path in modules(src).items()
        for name in sorted(imported(parse(path), path, module) | written(parse(path)))
        if not _allowed(module, name) and (module, name) != (LAZY_DOOR, "fairlot.?")
    ]


def circle(src: Path) -> list[str]:
    """Return one circle of modules that import each other, or nothing."""
    known = modules(src)

    def met(module: str, name: str) -> set[str]:
        nearest = name if name in known else name.rpartition(".")[0]
        return {nearest} & known.keys() - {module, LAZY_DOOR}

    graph = {
        module: set().union(*(met(module, name) for name in imported(parse(path), path, module)))
        for module, path in known.items()
    }
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        return list(error.args[1])
    return []


def test_every_module_lives_in_a_room_of_the_map() -> None:
    strays = [name for name in modules(SRC) if room_of(name) not in {*MAP, LAZY_DOOR}]
    assert strays == []


def test_the_map_has_no_circle() -> None:
    TopologicalSorter(MAP).prepare()


def test_rooms_import_only_what_the_map_allows() -> None:
    assert trespasses(SRC) == []


def test_modules_do_not_import_in_a_circle() -> None:
    assert circle(SRC) == []


def test_the_top_module_imports_no_room_by_itself() -> None:
    path = SRC / "fairlot/__init__.py"
    names = imported(parse(path), path, LAZY_DOOR)
    assert {name for name in names if name.startswith("fairlot.")} == {"fairlot.?"}


def plant(src: Path, files: dict[str, str]) -> Path:
    for name, text in files.items():
        path = src / "fairlot" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return src


SIDEWAYS = {
    "plain": "import fairlot.assignment.lottery",
    "from": "from fairlot.assignment import draw_teams",
    "from the top": "from fairlot import assignment",
    "upward": "from fairlot.planning.plan import Plan",
    "relative": "from ..assignment import draw_teams",
    "relative room": "from .. import assignment",
    "in a function": "def f():\n    from fairlot.assignment import draw_teams",
    "for types only": "if TYPE_CHECKING:\n    from fairlot.assignment import Teams",
    "by string": "import_module('fairlot.assignment')",
    "by string, importlib": "importlib.import_module('fairlot.assignment.lottery')",
    "by string, builtin": "__import__('fairlot.assignment')",
    "by relative string": "import_module('..assignment', __package__)",
    "by computed string": "import_module(f'fairlot.{room}')",
    "by a name kept aside": "ROOM = 'fairlot.assignment'",
    "through the lazy door": "import fairlot\nfairlot.assignment.draw_teams",
    "through the door renamed": "import fairlot as house\nhouse.assignment.draw_teams",
    "a page reached from outside": "from fairlot.public.page import sha",
    "matplotlib": "def f():\n    import matplotlib.pyplot as plt",
    "matplotlib by string": "import_module('matplotlib.pyplot')",
}


@pytest.mark.parametrize("line", SIDEWAYS.values(), ids=SIDEWAYS.keys())
def test_a_planted_import_is_caught(tmp_path: Path, line: str) -> None:
    src = plant(tmp_path, {"sampling/pivotal.py": line})
    assert [found.split(" -> ")[0] for found in trespasses(src)] == ["fairlot.sampling.pivotal"]


INNOCENT = {
    "downward": "from fairlot.registers import Register",
    "skipping floors": "from fairlot._base.errors import InvalidInput",
    "own room": "from fairlot.sampling.sample import Sample",
    "own room, relative": "from . import sample",
    "the version": "from fairlot import __version__",
    "a format's name": "SPEC = 'fairlot.draw/v0'",
    "others' goods": "import numpy as np",
}


@pytest.mark.parametrize("line", INNOCENT.values(), ids=INNOCENT.keys())
def test_an_honest_import_passes(tmp_path: Path, line: str) -> None:
    assert trespasses(plant(tmp_path, {"sampling/pivotal.py": line})) == []


def test_the_page_may_import_nothing_of_the_house(tmp_path: Path) -> None:
    src = plant(tmp_path, {"public/page/build.py": "from fairlot._base.errors import InvalidInput"})
    assert trespasses(src) == ["fairlot.public.page.build -> fairlot._base.errors.InvalidInput"]


def test_a_planted_circle_is_caught(tmp_path: Path) -> None:
    files = {
        "risk/score.py": "from fairlot.risk.classes import rate",
        "risk/classes.py": "def rate():\n    from fairlot.risk import score",
    }
    assert set(circle(plant(tmp_path, files))) == {"fairlot.risk.score", "fairlot.risk.classes"}


def test_a_room_that_imports_its_own_door_is_a_circle(tmp_path: Path) -> None:
    files = {
        "risk/__init__.py": "from fairlot.risk.score import fit",
        "risk/score.py": "from fairlot.risk import fit",
    }
    assert set(circle(plant(tmp_path, files))) == {"fairlot.risk", "fairlot.risk.score"}
