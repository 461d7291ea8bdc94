"""What people throw in before the announcement: rolls of ten-sided dice, or hex digits.

It stands inside the announcement, so it is fixed before the beacon comes out: whoever gives it
can choose it freely and still not steer the draw, and a beacon that somebody foresaw is mixed
with what that somebody did not control. ``docs/ceremony.md`` is how dice are rolled.
"""

import re
import unicodedata
from dataclasses import dataclass
from typing import Literal

from fairlot._base.errors import InvalidInput
from fairlot._base.visible import LONGEST, is_line, one_line
from fairlot.public.canonical import Json

__all__ = ["Human"]

# At least 128 bits: 10^39 > 2^128 > 10^38, and four bits a hex digit.
DIGITS = {"dice": ("[0-9]", 10, 39), "hex": ("[0-9a-f]", 16, 32)}
MAX_TEXT = 4096


@dataclass(frozen=True, slots=True)
class Human:
    """Digits and who gave them.

    kind    "dice": rolls of ten-sided dice, 0 to 9, at least 39; "hex": at least 32 digits
    by      who rolled or declared, as one visible line in NFKC
    digits  the digits, lower case and without white space; :meth:`read` brings others to that form

    >>> Human.read("hex", "见证人", "00112233 44556677 8899AABB CCDDEEFF").digits
    '00112233445566778899aabbccddeeff'
    """

    kind: Literal["dice", "hex"]
    by: str
    digits: str

    def __post_init__(self) -> None:
        if self.kind not in DIGITS:
            raise InvalidInput("human input is {got!r}; want dice or hex",
                               zh="人工输入为 {got!r}，应为 dice 或 hex",
                               got=str(self.kind)[:40])  # fmt: skip
        if not is_line(self.by):
            raise InvalidInput("human input by {got!r}; want a name of one line, at most {want} long",
                               zh="人工输入者 {got!r} 应为单行名称，至多 {want} 字",
                               got=self.by[:40], want=LONGEST)  # fmt: skip
        _check_digits(self.kind, self.digits)

    @classmethod
    def read(cls, kind: Literal["dice", "hex"], by: str, text: str) -> "Human":
        """Return digits as people write them, and the name: any width, white space, any capitals."""
        if len(text) > MAX_TEXT:
            raise InvalidInput("{kind}: {got} characters; want at most {want}",
                               zh="{kind}：共 {got} 个字符，上限为 {want}",
                               kind=kind, got=len(text), want=MAX_TEXT)  # fmt: skip
        return cls(kind, one_line(by), "".join(unicodedata.normalize("NFKC", text).split()).lower())

    @classmethod
    def decode(cls, value: Json) -> "Human":
        """Return what :meth:`encode` wrote; refuse anything else.

        >>> Human.decode(Human("dice", "notary", "7" * 39).encode()).bits
        129
        """
        match value:
            case {"kind": "dice" | "hex" as kind, "by": str(by), "digits": str(digits)}:
                made = cls(kind, by, digits)
                if made.encode() == value:
                    return made
        raise InvalidInput("human input is {got}; want kind, by and digits",
                           zh="人工输入为 {got}，应含 kind、by、digits",
                           got=str(value)[:200])  # fmt: skip

    def encode(self) -> dict[str, Json]:
        """Return what stands in the announcement."""
        return {"kind": self.kind, "by": self.by, "digits": self.digits}

    @property
    def bits(self) -> int:
        """How many bits honest digits hold, rounded down."""
        base = DIGITS[self.kind][1]
        count: int = base ** len(self.digits)
        return count.bit_length() - 1


def _check_digits(kind: Literal["dice", "hex"], digits: str) -> None:
    digit, _, least = DIGITS[kind]
    if not re.fullmatch(f"{digit}{{{least},{MAX_TEXT}}}", digits):
        good = len(re.findall(digit, digits[:MAX_TEXT]))
        raise InvalidInput(
            "{kind}: got {good} digits and {bad} other characters; want {least} digits or more",
            zh="{kind}：得到 {good} 个数字和 {bad} 个其他字符，应至少 {least} 个数字且无其他字符",
            kind=kind, good=good, bad=len(digits) - good, least=least,
        )  # fmt: skip
