"""Text that can be seen, and names of one spelling, alike under every version of Unicode.

``str.isprintable`` and ``\\p{C}`` ask the tables that an interpreter was built with, so two readers
of one record could disagree. Here the refused code points are listed, once and for all.
"""

import re
import unicodedata

from fairlot._base.unassigned import is_unassigned

__all__ = ["LONGEST", "is_line", "is_visible", "one_line"]

LONGEST = 200
"""Code points of a name."""

# Controls; spaces other than U+0020; soft hyphen; marks of direction and joining; line ends;
# surrogates and private use; noncharacters; byte-order mark; annotations; tags.
INVISIBLE = re.compile(
    "[\x00-\x1f\x7f-\xa0\xad\u061c\u1680\u180e\u2000-\u200f\u2028-\u202f\u205f-\u206f\u3000"
    "\ud800-\uf8ff\ufdd0-\ufdef\ufeff\ufff9-\ufffb\ufffe\uffff\U000e0000-\U000e007f"
    + "".join(
        f"{chr(plane | 0xFFFE)}{chr(plane | 0xFFFF)}" for plane in range(1 << 16, 15 << 16, 1 << 16)
    )
    + "\U000f0000-\U0010ffff]"
)


def is_visible(text: str) -> bool:
    """Say whether every code point can be seen: none of those refused, which include line ends.

    >>> is_visible("示例 1"), is_visible("a\\u202eb")
    (True, False)
    """
    return INVISIBLE.search(text) is None


def is_line(text: str) -> bool:
    """Say whether this is a name: 1 to 200 visible signs in NFKC, no space at either end.

    What Unicode 14.0 leaves unassigned is refused: NFKC never changes for what it assigns.

    >>> is_line("示例局"), is_line("１"), is_line("a ")
    (True, False, False)
    """
    stable = 0 < len(text) <= LONGEST and is_visible(text) and not any(map(is_unassigned, text))
    return stable and text == text.strip() and unicodedata.is_normalized("NFKC", text)


def one_line(text: str) -> str:
    """Return a name as people write it in its one spelling; whether it is one, ``is_line`` says.

    >>> one_line(" 张三（公证处） ")
    '张三(公证处)'
    """
    return unicodedata.normalize("NFKC", text).strip()
