"""Four ways to refuse. A message says what, where, got and wanted; the object carries them.

The English template stands where the refusal happens, the Chinese one beside it::

    raise InvalidInput("pi[{i}] is {got}; want 0 <= pi <= 1",
                       zh="pi[{i}] 为 {got}，应在 0 与 1 之间", i=17, got=1.2)
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

__all__ = [
    "FairlotError",
    "Infeasible",
    "InvalidInput",
    "NotConverged",
    "VerificationError",
    "within",
]


class FairlotError(Exception):
    """The root of every refusal; ``facts`` holds the values named in the message."""

    def __init__(self, en: str, /, *, zh: str = "", **facts: Any) -> None:
        self._templates = {"en": en, "zh": zh or en}
        self.facts = facts
        super().__init__(self.text("en"))

    def text(self, lang: str = "en") -> str:
        """Return the message in ``lang`` ("en" or "zh")."""
        return self._templates[lang].format(**self.facts) if self.facts else self._templates[lang]

    def __getattr__(self, name: str) -> Any:
        try:
            return self.__dict__["facts"][name]
        except KeyError:
            raise AttributeError(name) from None


class InvalidInput(FairlotError, ValueError):
    """What was given cannot be used; nothing was done with it."""


class Infeasible(FairlotError):
    """No solution exists; ``because`` lists what stands in the way."""


class NotConverged(FairlotError):
    """An iteration stopped before its tolerance; the facts hold the residuals."""


class VerificationError(FairlotError):
    """A published record does not hold; ``checks`` lists every step with its verdict."""


@contextmanager
def within(place: str, zh: str = "") -> Iterator[None]:
    """Say where: a refusal raised inside is raised again with ``place`` before its message.

    >>> with within("plan.toml"):
    ...     raise InvalidInput("pi is {got}", got=2)
    Traceback (most recent call last):
    fairlot._base.errors.InvalidInput: plan.toml: pi is 2
    """
    try:
        yield
    except FairlotError as error:
        told = {
            "place": place,
            "place_zh": zh or place,
            "told": error.text("en"),
            "told_zh": error.text("zh"),
        }
        again = type(error)(
            "{place}: {told}", zh="{place_zh}：{told_zh}", **{**error.facts, **told}
        )
        raise again from error
