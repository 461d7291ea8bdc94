"""What an id may look like, everywhere: sixty-four characters that no two systems read apart."""

import re
import unicodedata

from fairlot._base.errors import InvalidInput

__all__ = ["canonical_id", "is_canonical"]

LONGEST = 64
_ID = re.compile(rf"[A-Za-z0-9._:/-]{{1,{LONGEST}}}")


def canonical_id(text: str) -> str:
    """Return ``text`` after NFKC; refuse it unless it is then 1 to 64 of ``A-Za-z0-9._:/-``.

    >>> canonical_id("ＳＨ－0001")
    'SH-0001'
    """
    clean = unicodedata.normalize("NFKC", text)
    if _ID.fullmatch(clean):
        return clean
    raise InvalidInput(
        "id {got!r} is not 1 to 64 characters out of A-Z a-z 0-9 . _ : / -",
        zh="编号 {got!r} 应为 1 至 64 个字符，仅限 A-Z a-z 0-9 . _ : / -",
        got=text[: 2 * LONGEST],
    )


def is_canonical(text: str) -> bool:
    """Say whether :func:`canonical_id` returns ``text`` as it is: NFKC changes nothing in ASCII."""
    return _ID.fullmatch(text) is not None
