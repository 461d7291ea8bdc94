"""Pseudonyms: who goes where stays unnamed until the day of service, then opens one by one.

Every officer and expert of a task stands in its record under a name of 32 signs::

    salt      = the first 16 bytes of HMAC-SHA-256(secret, framed("fairlot.draw/v0 salt", id))
    pseudonym = the first 32 signs of Base32(SHA-256(framed("fairlot.draw/v0 officer", salt, id)))

(Base32 of RFC 4648, ``framed`` as in ``stream``.) The secret is 32 random bytes of one task, kept
by the authority. To open a pseudonym is to give the id and its salt; the other pseudonyms stay
closed. The 160 bits bind the authority: two people with one pseudonym take about 2^80 trials.
"""

import hmac
from base64 import b32encode
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from typing import Any

from fairlot._base.errors import InvalidInput, VerificationError
from fairlot.public import canonical
from fairlot.public.stream import DOMAIN, framed
from fairlot.registers import Registers

__all__ = ["SECRET", "Names", "Opening", "open_officer"]

SECRET, SALT, SIGNS = 32, 16, 32  # bytes, bytes, signs
SPEC = "fairlot.secret/v0"
MAX_FILE = 1 << 26


@dataclass(frozen=True, slots=True)
class Opening:
    """What opens one pseudonym; the salt as hex digits."""

    id: str
    pseudonym: str
    salt: str


@dataclass(frozen=True)
class Names:
    """The people of one task and the secret behind their pseudonyms: never published.

    >>> names = Names(bytes(32), ("P1", "P2"))
    >>> opening = names.openings["P1"]
    >>> opening.pseudonym
    'WFWUKVGVEAZZ3REZ4JGS7VBE2IPXBMPU'
    >>> open_officer(opening.pseudonym, "P1", opening.salt)
    """

    secret: bytes
    ids: tuple[str, ...]

    def __post_init__(self) -> None:
        if len(self.secret) != SECRET:
            raise InvalidInput("the secret has {got} bytes; want {want}",
                               zh="秘密值为 {got} 字节，应为 {want}",
                               got=len(self.secret), want=SECRET)  # fmt: skip

    @classmethod
    def of(cls, registers: Registers, secret: bytes) -> "Names":
        """Return the names of everybody in the registers of officers and experts."""
        officers = registers.officers.frame["officer_id"]
        return cls(secret, (*officers, *registers.experts.frame["expert_id"]))

    @cached_property
    def openings(self) -> Mapping[str, Opening]:
        """What opens the pseudonym of each person, by id."""
        return {person: self._opening(person) for person in sorted(self.ids)}

    @cached_property
    def clear(self) -> Mapping[str, Opening]:
        """The same by pseudonym."""
        return {opening.pseudonym: opening for opening in self.openings.values()}

    @cached_property
    def pseudonyms(self) -> Mapping[str, str]:
        """The pseudonym of each person, by id."""
        return {person: opening.pseudonym for person, opening in self.openings.items()}

    def to_bytes(self, announcement: str) -> bytes:
        """Return the private file of the announcement with this SHA-256."""
        people: list[canonical.Json] = [
            {"id": o.id, "pseudonym": o.pseudonym, "salt": o.salt} for o in self.openings.values()
        ]
        told: dict[str, canonical.Json] = {
            "spec": SPEC,
            "announcement": announcement,
            "secret": self.secret.hex(),
            "people": people,
        }
        return canonical.encode(told) + b"\n"

    @classmethod
    def read(cls, data: bytes, announcement: str) -> "Names":
        """Read a private file back; refuse one of another announcement, or that was changed."""
        told = canonical.parse(data, limit=MAX_FILE)
        try:
            names = cls(*_secret_and_ids(told))
        except (KeyError, TypeError, ValueError):
            raise InvalidInput("the file holds no secret of this version",
                               zh="文件不是本版本的秘密文件") from None  # fmt: skip
        if names.to_bytes(announcement) != data:
            raise InvalidInput(
                "the secret belongs to announcement {got}, or was changed; want {want}",
                zh="秘密文件属于公告 {got} 或已被改动，应为 {want}",
                got=told["announcement"], want=announcement,  # type: ignore[index,call-overload]
            )  # fmt: skip
        return names

    def _opening(self, person: str) -> Opening:
        label = framed(DOMAIN + b" salt", person.encode())
        salt = hmac.digest(self.secret, label, "sha256")[:SALT]
        return Opening(person, _pseudonym(person, salt), salt.hex())


def open_officer(pseudonym: str, officer: str, salt: str) -> None:
    """Refuse unless this id and salt (hex digits) are those behind the pseudonym."""
    try:
        salted = bytes.fromhex(salt)
    except ValueError:
        salted = b""
    got = _pseudonym(officer, salted)
    if len(salted) != SALT or got != pseudonym:
        raise VerificationError(
            "{officer} with salt {salt} is behind {got}, not behind {want}",
            zh="{officer} 与盐值 {salt} 对应的化名为 {got}，而非 {want}",
            officer=officer, salt=salt, got=got, want=pseudonym,
        )  # fmt: skip


def _pseudonym(person: str, salt: bytes) -> str:
    digest = sha256(framed(DOMAIN + b" officer", salt, person.encode())).digest()
    return b32encode(digest).decode()[:SIGNS]


def _secret_and_ids(told: Any) -> tuple[bytes, tuple[str, ...]]:
    return bytes.fromhex(told["secret"]), tuple(person["id"] for person in told["people"])
