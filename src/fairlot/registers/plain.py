"""One spelling for text typed by many hands: NFKC, and nothing invisible around it."""

import unicodedata

__all__ = ["plain", "unpadded"]

# str.strip alone leaves the byte order mark and the zero-width characters that pasting brings.
_AROUND = "".join(filter(str.isspace, map(chr, range(0x3001)))) + "\u200b\u200c\u200d\u2060\ufeff"


def unpadded(raw: str) -> str:
    """Return ``raw`` without spaces and invisible characters at its ends.

    >>> unpadded("\\u3000浦东（新区）\\ufeff")
    '浦东（新区）'
    """
    return raw.strip(_AROUND)


def plain(raw: str) -> str:
    """Return ``raw`` in Unicode form NFKC without padding: full-width forms become ASCII.

    >>> plain("Ａ１２ ")
    'A12'
    """
    return raw.strip() if raw.isascii() else unpadded(unicodedata.normalize("NFKC", raw))
