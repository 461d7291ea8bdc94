"""When a beacon does not come out: wait; or two witnesses sign that the draw moves to a fallback.

An announcement may list fallbacks in order. A switch goes to the first of them that is still to
come when the witnesses sign, so nobody chooses which, and nobody knows what it will give. What the
note does not show is that the beacon was really out; the witnesses say so, and a round that turns
up later all the same shows otherwise.

The note is a C2SP signed note whose text is::

    fairlot.draw/v1 switch
    announcement 5f1c… (SHA-256 of announcement.json)
    from drand:9367912
    to drand:9369112
    at 2024-07-13T21:50:00Z
    because no relay gave the round for five minutes
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from fairlot._base.errors import FairlotError, InvalidInput, VerificationError
from fairlot.public import beacon, note
from fairlot.public.moments import moment_text
from fairlot.public.published import Beacon
from fairlot.public.steps import Found, told

__all__ = ["WITNESSES", "Switch", "check", "cosign", "make", "read", "vouched"]

WITNESSES = 2
_TEXT = re.compile(
    r"fairlot\.draw/v1 switch\nannouncement ([0-9a-f]{64})\nfrom (.{1,200})\nto (.{1,200})\n"
    r"at (\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ)\nbecause (.{1,500})\n",
    re.ASCII,
)


@dataclass(frozen=True, slots=True)
class Switch:
    """What the witnesses sign.

    announcement  SHA-256 of announcement.json, in hex
    left, taken   the beacon that did not come out, and the fallback
    at            Unix second at which they sign
    because       what they saw, in one line
    """

    announcement: str
    left: Beacon
    taken: Beacon
    at: int
    because: str

    def text(self) -> str:
        """Return the text of the note."""
        at = moment_text(self.at)
        return (
            f"fairlot.draw/v1 switch\nannouncement {self.announcement}\nfrom {self.left}\n"
            f"to {self.taken}\nat {at}\nbecause {self.because}\n"
        )


def make(
    announcement: str, left: Beacon, fallbacks: Sequence[Beacon], *, at: datetime, because: str
) -> Switch:
    """Return the one switch that is open at this moment; refuse it before the beacon is due.

    fallbacks  as the announcement lists them, without those already left

    >>> from datetime import UTC
    >>> at = datetime(2024, 7, 13, 21, 50, tzinfo=UTC)
    >>> made = make("ab" * 32, beacon.parse("drand:9367912"), [beacon.parse("drand:9369112")],
    ...             at=at, because="no relay gave it")
    >>> print(made.taken, made.text().splitlines()[4])
    drand:9369112 at 2024-07-13T21:50:00Z
    """
    moment = int(at.timestamp())
    switch = Switch(announcement, left, _next(left, fallbacks, moment), moment, because)
    if not because.isprintable() or not _TEXT.fullmatch(switch.text()):
        raise InvalidInput("because is {got!r}; want one line, at most 500 characters",
                           zh="原因 {got!r} 应为一行，至多 500 字", got=because[:100])  # fmt: skip
    return switch


def cosign(text: str, signer: note.Signer) -> str:
    """Return the note with one more signature; ``text`` is a switch's, or a note of it already."""
    if note.SPLIT not in text:
        return note.sign(text, signer)
    body, _ = note.split(text)
    return text + note.sign(body, signer).removeprefix(f"{body}\n")


def read(text: str, announcement: str, left: Beacon, fallbacks: Sequence[Beacon]) -> Switch:
    """Return the switch that this note makes, whoever signed it; refuse one that is not the open one.

    announcement, left, fallbacks  as for :func:`make`
    """
    body, _ = note.split(text)
    match = _TEXT.fullmatch(body)
    if not match:
        raise VerificationError("the note is not a switch: {got!r}", zh="签名文本不是信标切换：{got!r}",
                                got=body[:200])  # fmt: skip
    at, because = beacon.instant(match[4]), match[5]
    want = Switch(announcement, left, _next(left, fallbacks, at), at, because)
    if want.text() != body:
        raise VerificationError("the note says {got!r}; want {want!r}",
                                zh="签名文本为 {got!r}，应为 {want!r}",
                                got=body, want=want.text())  # fmt: skip
    return want


def check(
    text: str,
    announcement: str,
    left: Beacon,
    fallbacks: Sequence[Beacon],
    witnesses: Sequence[str],
) -> Switch:
    """Return the switch as :func:`read` does; refuse one that is not witnessed.

    witnesses  the vkeys that the announcement names; two of them must sign
    """
    found = read(text, announcement, left, fallbacks)
    signed = _keys(_signers(text, witnesses))
    if len(signed) < WITNESSES:
        raise VerificationError("{got} of the announced witnesses signed; want {want}",
                                zh="公告所列见证人中 {got} 人签名，应有 {want} 人",
                                got=len(signed), want=WITNESSES)  # fmt: skip
    return found


def vouched(text: str, witnesses: Sequence[str], known: Sequence[str]) -> Found:
    """Hold when the reader knows enough of those who signed; others may be the authority itself.

    witnesses  the vkeys that the announcement names
    known      vkeys that the reader has from elsewhere, of any type
    """
    signed = _signers(text, witnesses)
    if len(_keys(signed) & _keys(known)) >= WITNESSES:
        return "holds", {}
    return "not shown", told(
        f"the beacon was switched on the word of {', '.join(signed)}, whom only the announcement names; "
        "their keys, as you know them from elsewhere, would show it (--witness)",
        f"信标切换由 {'、'.join(signed)} 签名见证，其身份仅由公告自述；需以您从他处获知的公钥证明（--witness）",
    )


def _signers(text: str, witnesses: Sequence[str]) -> list[str]:
    return [vkey for vkey in witnesses if _signed(text, vkey)]


def _keys(vkeys: Sequence[str]) -> set[bytes]:
    """One key under two names is one witness."""
    return {note.Vkey.parse(each).public_key for each in vkeys}


def _signed(text: str, vkey: str) -> bool:
    try:
        note.verify(text, vkey)
    except FairlotError:
        return False
    return True


def _next(left: Beacon, fallbacks: Sequence[Beacon], moment: int) -> Beacon:
    if moment < left.time:
        raise InvalidInput("{beacon} is not due for {early} s; a switch comes after it",
                                zh="{beacon} 尚有 {early} 秒才公布，其后方可切换",
                                beacon=str(left), early=left.time - moment)  # fmt: skip
    for fallback in fallbacks:
        if fallback.time > moment:
            return fallback
    raise InvalidInput(
        "no announced fallback is still to come", zh="公告的备用信标均已公布或未列出"
    )
