"""Custodians of a sealed draw: each holds a salt that nobody else knows until it is opened.

Before the announcement every custodian makes 32 random bytes and gives their commitment::

    commitment = H(framed("fairlot.draw/v1 custodian", name, salt))

The salts enter the seed after the beacon, so neither the authority nor whoever has the registers
knows the list before the custodians speak. A custodian who loses the salt stops the draw, and stands as a
defaulter in every verification from then on; unless the salt was also locked to a later round of
drand (see ``tlock``), which opens it to everybody when it comes out. A locked salt that is handed
over before opens its commitment, and the draw need not wait. Once the round is there what decrypts
is the salt and the commitment is not looked at, for two salts would be a choice: a record drawn from
another one fails. A ciphertext that does not decrypt counts as 32 zero bytes.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from fairlot._base.errors import InvalidInput, VerificationError
from fairlot._base.visible import is_line
from fairlot.public import canonical, tlock
from fairlot.public.canonical import Json
from fairlot.public.drand import Drand, can_verify
from fairlot.public.moments import moment_text
from fairlot.public.published import Attested, Beacon
from fairlot.public.stream import DOMAIN, framed
from fairlot.public.suite import Suite

__all__ = [
    "LEAST",
    "Custodian",
    "commitment",
    "locks_opened",
    "opened",
    "read_custodians",
    "read_salt",
    "refuse_early_locks",
    "salt_file",
    "unlocked",
]

SALT = 32
LEAST, MOST = 2, 16
SPEC = "fairlot.draw/v1 salt"
MAX_FILE = 1 << 12
LOCKED = {"round", "ciphertext"}


@dataclass(frozen=True, slots=True)
class Custodian:
    """One custodian as announced.

    commitment  64 hex digits
    lock        ``{}``, or the drand ``round`` to which the salt is locked and its ``ciphertext``
    """

    name: str
    commitment: str
    lock: Mapping[str, Any]

    @classmethod
    def decode(cls, value: Json) -> "Custodian":
        """Return what :meth:`encode` wrote; refuse anything else."""
        match value:
            case {"name": str(name), "commitment": str(digest), "lock": dict(lock)} if (
                is_line(name) and _hex(digest, 2 * SALT) and _lock(lock)
            ):
                if (made := cls(name, digest, lock)).encode() == value:
                    return made
        raise InvalidInput("a custodian is {got}; want name, commitment and lock",
                           zh="保管人为 {got}，应含 name、commitment、lock",
                           got=str(value)[:200])  # fmt: skip

    def encode(self) -> dict[str, Json]:
        """Return what stands in the announcement."""
        return {"name": self.name, "commitment": self.commitment, "lock": dict(self.lock)}


def read_custodians(value: Sequence[Json]) -> tuple[Custodian, ...]:
    """Return the custodians of an announcement; refuse a name, and a second round, beside another."""
    found = tuple(map(Custodian.decode, value))
    names = [each.name for each in found]
    if len(set(names)) < len(names):
        raise InvalidInput("a custodian stands there twice: {got}", zh="保管人重复：{got}",
                           got=", ".join(names)[:200])  # fmt: skip
    rounds = {each.lock["round"] for each in found if each.lock}
    if len(rounds) > 1:
        raise InvalidInput("salts are locked to the rounds {got}; want one round",
                           zh="盐值锁定至第 {got} 轮，应为同一轮",
                           got=", ".join(map(str, sorted(rounds))))  # fmt: skip
    return found


def commitment(name: str, salt: bytes, suite: Suite) -> str:
    """Return what a custodian publishes before the announcement, as hex digits."""
    if len(salt) != SALT:
        raise InvalidInput("the salt of {name} has {got} bytes; want {want}",
                           zh="{name} 的盐值为 {got} 字节，应为 {want}",
                           name=name, got=len(salt), want=SALT)  # fmt: skip
    return suite.digest(framed(DOMAIN + b" custodian", name.encode(), salt)).hex()


def salt_file(name: str, salt: bytes) -> bytes:
    """Return what a custodian keeps: the salt with the name that it is bound to."""
    return canonical.encode({"@spec": SPEC, "name": name, "salt": salt.hex()}) + b"\n"


def read_salt(data: bytes) -> tuple[str, bytes]:
    """Return name and salt of a custodian's private file.

    >>> read_salt(salt_file("甲", bytes(32)))[0]
    '甲'
    """
    match canonical.parse(data, limit=MAX_FILE):
        case {"@spec": "fairlot.draw/v1 salt", "name": str(name), "salt": str(salt)} if is_line(
            name
        ) and _hex(salt, 2 * SALT):
            return name, bytes.fromhex(salt)
    raise InvalidInput("the file holds no custodian's salt", zh="文件不含保管人盐值")


def unlocked(custodians: Sequence[Custodian], lock: Mapping[str, Any]) -> dict[str, bytes]:
    """Return the salts that were locked, by name.

    lock  the value of the round that opens them, ``{}`` while it is not there: then none
    """
    if not lock:
        return {}
    _refuse_other_round(custodians, lock)
    return {e.name: tlock.unlock(e.lock["ciphertext"], lock) for e in custodians if e.lock}


def _refuse_other_round(custodians: Sequence[Custodian], lock: Mapping[str, Any]) -> None:
    for each in custodians:
        if each.lock and lock.get("round") != each.lock["round"]:
            raise VerificationError(
                "the salt of {name} is locked to round {want} of drand; got round {got}",
                zh="{name} 的盐值锁定至 drand 第 {want} 轮，实有第 {got} 轮",
                name=each.name, want=each.lock["round"], got=str(lock.get("round"))[:40],
            )  # fmt: skip
        if each.lock:
            Drand(each.lock["round"]).verify(lock)


def opened(
    custodians: Sequence[Custodian],
    salts: Mapping[str, bytes],
    lock: Mapping[str, Any],
    suite: Suite,
) -> tuple[bytes, ...]:
    """Return the salts in the order of the announcement; refuse one that is missing or another.

    lock  as for :func:`unlocked`

    Under a lock whose round is there, but without the extra ``beacon``, a salt is taken as it
    stands, see :func:`locks_opened`. Raises VerificationError naming the defaulters.
    """
    _refuse_lost([each for each in custodians if each.name not in salts])
    if lock:
        _refuse_other_round(custodians, lock)
    for name, due in (unlocked(custodians, lock) if can_verify() else {}).items():
        if salts[name] != due:
            raise VerificationError("the salt of {name} is not what its lock decrypts to",
                                    zh="{name} 的盐值与时间锁解密结果不符",
                                    name=name)  # fmt: skip
    for each in custodians:
        got = commitment(each.name, salts[each.name], suite)
        if not (each.lock and lock) and got != each.commitment:
            raise VerificationError("the salt of {name} opens {got}; want {want}",
                                    zh="{name} 的盐值对应承诺 {got}，应为 {want}",
                                    name=each.name, got=got, want=each.commitment)  # fmt: skip
    return tuple(salts[each.name] for each in custodians)


def _refuse_lost(lost: Sequence[Custodian]) -> None:
    """Refuse to go on without a salt; of one that is locked, say when it opens by itself."""
    rounds = [each.lock["round"] for each in lost if each.lock]
    if not lost:
        return
    names = [each.name for each in lost]
    if len(rounds) == len(names):
        raise VerificationError(
            "the salt of {list} is missing; its lock opens with round {round} of drand",
            zh="缺少保管人 {list} 的盐值；其时间锁于 drand 第 {round} 轮开启",
            list=", ".join(names), defaulters=names, round=rounds[0],
        )  # fmt: skip
    raise VerificationError("the salt of {list} is missing", zh="缺少保管人 {list} 的盐值",
                            list=", ".join(names), defaulters=names)  # fmt: skip


def refuse_early_locks(custodians: Sequence[Custodian], beacons: Sequence[Beacon]) -> None:
    """Refuse a lock that opens before, or with, a beacon that may be drawn from: it locks nothing."""
    last = max(beacons, key=lambda each: each.time)
    for each in custodians:
        if each.lock and Drand(each.lock["round"]).time <= last.time:
            raise InvalidInput(
                "the salt of {name} is locked to round {round}, which comes no later than {beacon}",
                zh="{name} 的盐值锁定至第 {round} 轮，不晚于 {beacon}",
                name=each.name, round=each.lock["round"], beacon=str(last),
            )  # fmt: skip


def locks_opened(custodians: Sequence[Custodian], lock: Mapping[str, Any]) -> Attested:
    """Say whether :func:`opened` opened the locks: not before their round, nor without ``beacon``."""
    names = [each.name for each in custodians if each.lock]
    if names and not lock:
        return _shut(names, *{each.lock["round"] for each in custodians if each.lock})
    if not names or can_verify():
        return "holds", {}
    return "not shown", {
        "en": f"THE LOCK OF {', '.join(names)} WAS NOT OPENED: pip install 'fairlot[beacon]' and "
        "verify again",
        "zh": f"未开启 {'、'.join(names)} 的时间锁：请安装 fairlot[beacon] 后重新核验",
    }


def _shut(names: Sequence[str], number: int) -> Attested:
    at = moment_text(Drand(number).time)
    return "not shown", {
        "en": f"the lock of {', '.join(names)} was not opened: round {number} of drand, out at {at}, "
        "would show whether it holds the same salt (fairlot open --lock)",
        "zh": f"尚未开启 {'、'.join(names)} 的时间锁：drand 第 {number} 轮（{at} 公布）"
        "可证明其中为同一盐值（fairlot open --lock）",
    }


def _hex(text: str, digits: int) -> bool:
    return re.fullmatch(f"[0-9a-f]{{{digits}}}", text) is not None


def _lock(lock: Mapping[str, Json]) -> bool:
    match lock:
        case {"round": int(number), "ciphertext": str(text)}:
            return (
                set(lock) == LOCKED
                and type(number) is int
                and number > 0
                and bool(re.fullmatch("([0-9a-f]{2}){1,512}", text))
            )
    return not lock
