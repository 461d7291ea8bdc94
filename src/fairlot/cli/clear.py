"""Names in clear, for the authority alone: whoever holds the secret of an announcement."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from fairlot._base.errors import Infeasible, within

if TYPE_CHECKING:
    from fairlot.public import Names

__all__ = ["PSEUDONYM", "in_clear", "names_in"]

PSEUDONYM = re.compile("[A-Z2-7]{32}")


def names_in(secret: Path, files: dict[str, bytes]) -> "Names":
    """Return who is who in a record, from the private file of its announcement."""
    from fairlot.public import Names, digest_of

    with within(str(secret)):
        return Names.read(secret.read_bytes(), digest_of(files))


@contextmanager
def in_clear(names: "Names | None") -> Iterator[None]:
    """Tell by name who stands in the way of teams, where names are at hand."""
    try:
        yield
    except Infeasible as error:
        if names is None:
            raise
        told = {
            "told": _opened(error.text("en"), names),
            "told_zh": _opened(error.text("zh"), names),
        }
        raise Infeasible("{told}", zh="{told_zh}", **told) from None


def _opened(text: str, names: "Names") -> str:
    def opened(word: re.Match[str]) -> str:
        return names.clear[word[0]].id if word[0] in names.clear else word[0]

    return PSEUDONYM.sub(opened, text)
