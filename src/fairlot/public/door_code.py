"""The QR code of a door proof: one glance that binds the officers to the file they carry.

A phone shows its text, six lines, without any application of ours::

    fairlot.draw/v1 door
    2026-001                            the task
    S0042                               the site
    5J3K…                               SHA-256 of the door file
    Q7ZB… 2MNE…                         roots of roster and results, 32 signs each
    17 CsUY…                            size and root of the log's checkpoint, or -

What the person at the door can do with it: compare task and site with why the officers say they
came; keep a photograph, which fixes the file, so that what is checked in the evening is what was
shown in the morning; compare line five with a neighbour's code, with last week's, or with the
public page, since one task has one pair of roots whoever is asked (160 bits of each: two rosters
that agree in them take some 2^80 trials); and hold line six against the log, which only grows. The
proof itself is the file: it is checked on the page, or with ``fairlot door check``.
"""

from base64 import b32encode
from hashlib import sha256
from io import BytesIO

from fairlot._base.errors import InvalidInput
from fairlot.public.checkpoint import read_checkpoint
from fairlot.public.door import DOOR, Door

__all__ = ["MAX_TEXT", "door_digest", "door_svg", "door_text"]

MAX_TEXT = 450
"""Bytes: at most version 16 (81 modules) with 15 % of it restorable, 4 cm on paper."""
SIGNS = 32  # of Base32: 160 bits, as in a pseudonym
LEVEL, BORDER = "m", 4  # ISO/IEC 18004: the quiet zone is four modules wide


def door_text(data: bytes) -> str:
    """Return the lines that the code carries; refuse a door file whose lines are too long."""
    door = Door.decode(data)
    site = door.site.shown_private.get("site_id", door.site.shown["site"])
    lines = [
        DOOR,
        door.bound.task,
        str(site),
        door_digest(data),
        f"{_short(door.bound.root)} {_short(door.results)}",
        _checkpoint(door),
    ]
    text = "\n".join(lines)
    if len(text.encode()) > MAX_TEXT:
        raise InvalidInput("the code would carry {got} bytes; want at most {want}",
                           zh="二维码内容为 {got} 字节，上限为 {want}",
                           got=len(text.encode()), want=MAX_TEXT)  # fmt: skip
    return text


def door_svg(data: bytes) -> bytes:
    """Return the code as an SVG picture, the same bytes for the same file."""
    try:
        import segno
    except ModuleNotFoundError:
        raise InvalidInput("a QR code needs the extra: pip install 'fairlot[door]'",
                           zh="二维码需要安装 fairlot[door]") from None  # fmt: skip
    picture = BytesIO()
    code = segno.make(door_text(data), error=LEVEL, micro=False, boost_error=False)
    code.save(picture, kind="svg", border=BORDER, scale=4)
    return picture.getvalue()


def door_digest(data: bytes) -> str:
    """Return the SHA-256 of a file in Base32 (RFC 4648, unpadded), for comparing by eye.

    >>> door_digest(b"")
    '4OYMIQUY7QOBJGX36TEJS35ZEQT24QPEMSNZGTFESWMRW6CSXBKQ'
    """
    return b32encode(sha256(data).digest()).decode().rstrip("=")


def _short(root: bytes) -> str:
    return b32encode(root).decode()[:SIGNS]


def _checkpoint(door: Door) -> str:
    if door.log is None:
        return "-"
    checkpoint = read_checkpoint(door.log.outcome.checkpoint)
    return f"{checkpoint.size} {_short(checkpoint.root)}"
