"""Public, fair, checkable inspection draws, and the statistics around them.

Import the room you need; importing ``fairlot`` itself loads nothing::

    from fairlot import planning, public, registers

    rooms = registers.example("shanghai")
"""

from importlib import import_module
from types import ModuleType

__version__ = "0.1.0.dev0"

ROOMS = ("assignment", "planning", "proficiency", "public", "registers", "report", "sampling")

__all__ = ["__version__"]


def __getattr__(name: str) -> ModuleType:
    if name in ROOMS:
        return import_module(f"fairlot.{name}")
    raise AttributeError(f"module 'fairlot' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted([*ROOMS, "__version__"])
