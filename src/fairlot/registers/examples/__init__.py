"""The example registers that travel with the package."""

from pathlib import Path

from fairlot._base.errors import InvalidInput

__all__ = ["NAMES", "folder"]

NAMES = ("chicago", "shanghai")


def folder(name: str) -> Path:
    """Return the folder of an example, "shanghai" (made up) or "chicago" (real).

    >>> folder("shanghai").name
    'shanghai'
    """
    if name not in NAMES:
        raise InvalidInput(
            "there is no example called {got!r}; want one of {want}",
            zh="没有名为 {got!r} 的示例，应为 {want} 之一",
            got=name,
            want=", ".join(NAMES),
        )
    return Path(__file__).parent / name
