"""A word among a few: the edition of a standard, a stopping rule, a quartile rule."""

from collections.abc import Iterable

from fairlot._base.errors import InvalidInput

__all__ = ["one_of"]


def one_of(name: str, given: object, words: Iterable[str]) -> str:
    """Return ``given``, which is one of ``words``.

    >>> one_of("edition", "exact", ["exact", "iso2022"])
    'exact'
    """
    known = tuple(words)
    if not isinstance(given, str) or given not in known:
        raise InvalidInput(
            "{name} is {got!r}; want one of {want}",
            zh="{name} 为 {got!r}，应为以下之一：{want}",
            name=name,
            got=given,
            want=", ".join(known),
        )
    return given
