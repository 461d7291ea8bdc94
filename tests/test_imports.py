"""What an import does *not* load: starting is free, and heavy goods come only when asked for."""

import subprocess
import sys

import pytest

HEAVY = {
    "cryptography",
    "jinja2",
    "matplotlib",
    "narwhals",
    "numba",
    "numpy",
    "pandas",
    "polars",
    "py_arkworks_bls12381",
    "pyarrow",
    "pydantic",
    "python_calamine",
    "rich",
    "scipy",
    "sklearn",
    "typer",
    "xlsxwriter",
}

# Goods for which there is a cheaper way to start: a room asks for them inside a function.
NOT_AT_ONCE = {
    "fairlot": HEAVY,
    "fairlot.cli": HEAVY - {"typer", "rich"},
    "fairlot._base.errors": HEAVY,
    "fairlot.registers": {"numba", "scipy", "sklearn", "polars", "python_calamine", "xlsxwriter"},
    "fairlot.sampling": {
        "pandas",
        "pyarrow",
        "sklearn",
        "cryptography",
        "jinja2",
        "typer",
        "matplotlib",
    },
    "fairlot.assignment": {"sklearn", "cryptography", "jinja2", "typer"},
    "fairlot.planning": {"sklearn", "cryptography", "jinja2", "typer"},
    "fairlot.public": {"sklearn", "jinja2", "typer", "py_arkworks_bls12381"},
    "fairlot.report": {"sklearn", "typer", "matplotlib"},
}


def loaded_by(statement: str) -> set[str]:
    """Return the top names in ``sys.modules`` of a fresh interpreter after ``statement``."""
    code = f"{statement}\nimport sys; print(*{{name.split('.')[0] for name in sys.modules}})"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return set(done.stdout.split())


@pytest.mark.parametrize("module", NOT_AT_ONCE)
def test_an_import_loads_no_more_than_it_needs(module: str) -> None:
    assert loaded_by(f"import {module}") & NOT_AT_ONCE[module] == set()


def test_the_probe_sees_what_is_loaded() -> None:
    assert "numpy" in loaded_by("import numpy")


def test_a_room_is_loaded_when_it_is_first_named() -> None:
    assert "numpy" in loaded_by("import fairlot; fairlot.sampling.D")


def test_the_top_module_knows_no_other_names() -> None:
    import fairlot

    assert "sampling" in dir(fairlot)
    with pytest.raises(AttributeError, match="no attribute 'samplign'"):
        fairlot.samplign  # noqa: B018
