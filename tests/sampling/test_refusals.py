"""What a refusal in this room advises to call can be called."""

import ast
import re
from importlib import import_module
from pathlib import Path

import pytest

from fairlot import sampling

ROOM = Path(sampling.__file__).parent
CALL = re.compile(r"`*\b([a-z_][a-z_0-9]*)\(|`([a-z_][a-z_0-9]*)`")
WORD = re.compile(r"(?<!['\w])[a-z]+_[a-z_0-9]+(?!['\w])")  # in quotes: the name of an option


def told(path):
    """Every text of a module but its docstrings, and single words, which are names."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    silent = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        said = isinstance(node, ast.Constant) and id(node) not in silent
        if said and isinstance(node.value, str) and len(node.value.split()) > 1:
            yield node.value


def functions_of_the_room():
    """Every public function, in whichever module."""
    for path in ROOM.glob("[a-z]*.py"):
        module = import_module(f"fairlot.sampling.{path.stem}")
        yield from (name for name in module.__all__ if callable(getattr(module, name)))


FUNCTIONS = set(functions_of_the_room())


@pytest.mark.parametrize("path", sorted(ROOM.glob("[a-z]*.py")), ids=lambda path: path.stem)
def test_what_is_advised_is_exported(path):
    for text in told(path):
        called = {"".join(found) for found in CALL.findall(text)}
        named = {word for word in WORD.findall(text) if word in FUNCTIONS}
        missing = {name for name in called | named if not hasattr(sampling, name)}
        assert not missing, text


def test_advice_is_found():
    texts = [text for path in ROOM.glob("[a-z]*.py") for text in told(path)]
    called = {"".join(found) for text in texts for found in CALL.findall(text)}
    assert {"collapse", "local_mean_variance", "balanced_variance"} <= called
