"""The beacons a draw may wait for, by name and by what an announcement says of them.

=================================  ==================================================
``drand:ROUND``, ``drand@TIME``    a round of drand's quicknet (``drand``)
``nist@TIME[,CHAIN,CERTIFICATE]``  a pulse of the NIST Randomness Beacon 2.0 (``nist``)
``kl8:ISSUE,ISSUE``                two draws of China's 快乐8 lottery (``lottery``)
=================================  ==================================================

TIME is RFC 3339, such as ``2026-07-13T18:00:00+08:00``; the round or pulse is computed from it and
never "the latest", which whoever runs the draw could choose by waiting.
"""

import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from fairlot._base.errors import InvalidInput
from fairlot.public import canonical
from fairlot.public.canonical import Json
from fairlot.public.drand import QUICKNET, Drand, recorded
from fairlot.public.lottery import Kl8
from fairlot.public.nist import Nist
from fairlot.public.published import Beacon
from fairlot.public.stream import DOMAIN, framed

__all__ = ["Beacon", "instant", "material", "of_value", "parse", "recorded", "source"]


def source(identity: Json) -> Beacon:
    """Return the beacon that an announcement names; refuse one that is not exactly known.

    >>> source(Drand(9367912).identity())
    Drand(round=9367912)
    """
    made = _made(identity) if isinstance(identity, dict) else None
    if made is None or made.identity() != identity:
        raise InvalidInput(
            "the beacon is announced as {got}; want a quicknet round, a NIST pulse or 快乐8",
            zh="公告的信标为 {got}，应为 quicknet 轮次、NIST 脉冲或快乐8",
            got=str(identity)[:200],
        )  # fmt: skip
    return made


def of_value(value: Any) -> Beacon:
    """Return the beacon that a value says it is of; only the beacon itself can verify that.

    >>> of_value(recorded(1000))
    Drand(round=1000)
    """
    match value:
        case {"round": int(round)}:
            return Drand(round)
        case {
            "pulse": {"timeStamp": str(at), "chainIndex": int(chain), "certificateId": str(name)}
        }:
            return Nist(instant(at.replace(".000Z", "Z")), chain, name.lower())
        case {"draws": [{"issue": str(first)}, {"issue": str(second)}]}:
            return Kl8((first, second))
    raise InvalidInput("{got} is not a quicknet round, a NIST pulse or 快乐8",
                       zh="{got} 不是 quicknet 轮次、NIST 脉冲或快乐8", got=str(value)[:200])  # fmt: skip


def parse(text: str) -> Beacon:
    """Return the beacon that a user names.

    >>> parse("drand@2024-07-13T21:45:00Z")
    Drand(round=9367912)
    """
    kind = text[: re.search("[:@]|$", text).end()]  # type: ignore[union-attr]  # always found
    rest = text.removeprefix(kind)
    match kind:
        case "drand:" if re.fullmatch("[0-9]{1,13}", rest):
            return Drand(int(rest))
        case "drand@":
            return Drand(QUICKNET.round_at(instant(rest)))
        case "nist@":
            return _nist(rest)
        case "kl8:":
            first, _, second = rest.partition(",")
            return Kl8((first, second))
    raise InvalidInput("the beacon is {got!r}; want drand:ROUND, drand@TIME, nist@TIME or kl8:A,B",
                       zh="信标为 {got!r}，应为 drand:轮次、drand@时间、nist@时间或 kl8:期号,期号",
                       got=text[:200])  # fmt: skip


def _nist(text: str) -> Nist:
    time, *named = text.split(",")
    match named:
        case []:
            return Nist.at(instant(time))
        case [chain, certificate] if re.fullmatch("[0-9]{1,9}", chain):
            return Nist(instant(time), int(chain), certificate)
    raise InvalidInput("a NIST pulse is {got!r}; want TIME or TIME,CHAIN,CERTIFICATE",
                       zh="NIST 脉冲为 {got!r}，应为 时间 或 时间,链,证书",
                       got=text[:200])  # fmt: skip


def instant(text: str) -> int:
    """Return the Unix second of a time with its offset (RFC 3339), whole seconds only.

    >>> instant("1970-01-01T08:00:00+08:00")
    0
    """
    try:
        if re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(Z|[+-]\d\d:\d\d)", text, re.ASCII):
            return int(datetime.fromisoformat(text).timestamp())
    except (ValueError, OverflowError):
        pass
    raise InvalidInput("time is {got!r}; want one like 2026-07-13T18:00:00+08:00",
                       zh="时间为 {got!r}，应如 2026-07-13T18:00:00+08:00",
                       got=text[:40])  # fmt: skip


def material(identity: Mapping[str, Json], randomness: bytes, salts: Sequence[bytes] = ()) -> bytes:
    """Return what enters the seed: the beacon, what it gave, and the custodians' salts.

    >>> material({"source": "x"}, b"abc", [b"salt"])[-15:]
    b'\\x00\\x00\\x00\\x03abc\\x00\\x00\\x00\\x04salt'
    """
    return framed(DOMAIN + b" beacon", canonical.encode(dict(identity)), randomness, *salts)


def _made(identity: dict[str, Json]) -> Beacon | None:
    match identity:
        case {"source": "drand quicknet", "round": int(round)}:
            return Drand(round)
        case {
            "source": "nist 2.0",
            "time": int(time),
            "chain": int(chain),
            "certificate_id": str(i),
        }:
            return Nist(time, chain, i)
        case {"source": "kl8", "issues": [str(first), str(second)]}:
            return Kl8((first, second))
    return None
