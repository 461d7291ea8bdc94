"""Names in clear, for the authority alone: whoever holds the secret of an announcement."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from fairlot._base.errors import FairlotError, within

if TYPE_CHECKING:
    from fairlot.public import Names

__all__ = ["PSEUDONYM", "in_clear", "names_in", "opened", "told_of"]

PSEUDONYM = re.compile("[A-Z2-7]{32}")


def names_in(secret: Path, files: dict[str, bytes]) -> "Names":
    """Return who is who in a record, from the private file of its announcement."""
    from fairlot.public import Names, digest_of

    with within(str(secret)):
        return Names.read(secret.read_bytes(), digest_of(files))


@contextmanager
def in_clear(names: "Names | None") -> Iterator[None]:
    """Refuse by name, where names are at hand."""
    try:
        yield
    except FairlotError as error:
        if names is None:
            raise
        told = {
            "told": opened(error.text("en"), names),
            "told_zh": opened(error.text("zh"), names),
        }
        raise type(error)("{told}", zh="{told_zh}", **told) from None


def opened(text: str, names: "Names | None") -> str:
    """Return a text with the id of everybody who stands in it under a pseudonym."""

    def clear(word: re.Match[str]) -> str:
        return names.clear[word[0]].id if names and word[0] in names.clear else word[0]

    return PSEUDONYM.sub(clear, text)


def told_of(pseudonym: str, names: "Names | None") -> str:
    """Return a pseudonym, behind the id where names are at hand."""
    return f"{names.clear[pseudonym].id} ({pseudonym})" if names else pseudonym
