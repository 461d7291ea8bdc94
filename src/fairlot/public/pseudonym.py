"""The secret of one task, and everything that is hidden with it until it is opened one by one.

The secret is 32 random bytes, kept by the authority. From it follow, with H the hash of the suite::

    salt      = the first 16 bytes of HMAC-H(secret, framed("fairlot.draw/v1 salt", kind, id))
    pseudonym = the first 32 signs of Base32(H(framed("fairlot.draw/v1 name", kind, salt, id)))
    key       = HMAC-H(secret, framed("fairlot.draw/v1 key", part))

(Base32 of RFC 4648, ``framed`` as in ``stream``; the kind is "person" or "site".) Officers and
experts stand in every record under their pseudonyms, sites in a pseudonymous one. To open a
pseudonym is to give the id and its salt; the others stay closed. The 160 bits bind the authority:
two people behind one pseudonym take about 2^80 trials. The keys salt the fields of each register
part (see ``rows``). Who deletes the secret leaves hashes that nobody can open.
"""

from base64 import b32encode
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Literal

from fairlot._base.errors import InvalidInput, VerificationError
from fairlot.public import canonical
from fairlot.public.stream import DOMAIN, framed
from fairlot.public.suite import SHA256, Suite, suite
from fairlot.registers import Registers

__all__ = ["SECRET", "Names", "Opening", "open_pseudonym"]

Kind = Literal["person", "site"]

SECRET, SALT, SIGNS = 32, 16, 32  # bytes, bytes, signs
SPEC = "fairlot.draw/v1 secret"
MAX_FILE = 1 << 28


@dataclass(frozen=True, slots=True)
class Opening:
    """What opens one pseudonym; the salt as hex digits."""

    id: str
    pseudonym: str
    salt: str


@dataclass(frozen=True)
class Names:
    """The secret of one task and everybody whom it hides: never published.

    >>> names = Names(bytes(32), ("P1", "P2"))
    >>> opening = names.openings["P1"]
    >>> len(opening.pseudonym), len(names.key("officers"))
    (32, 32)
    >>> open_pseudonym(opening.pseudonym, "P1", opening.salt)
    """

    secret: bytes = field(repr=False)
    ids: tuple[str, ...]
    site_ids: tuple[str, ...] = ()
    suite: Suite = SHA256

    def __post_init__(self) -> None:
        if len(self.secret) != SECRET:
            raise InvalidInput("the secret has {got} bytes; want {want}",
                               zh="秘密值为 {got} 字节，应为 {want}",
                               got=len(self.secret), want=SECRET)  # fmt: skip

    @classmethod
    def of(cls, registers: Registers, secret: bytes, *, suite: Suite = SHA256) -> "Names":
        """Return the names of everybody, and of every site, in the registers."""
        officers = registers.officers.frame["officer_id"]
        people = (*officers, *registers.experts.frame["expert_id"])
        return cls(secret, people, tuple(registers.sites.frame["site_id"]), suite)

    @cached_property
    def openings(self) -> Mapping[str, Opening]:
        """What opens the pseudonym of each person, by id."""
        return {person: self._opening("person", person) for person in sorted(self.ids)}

    @cached_property
    def site_openings(self) -> Mapping[str, Opening]:
        """What opens the pseudonym of each site, by id."""
        return {site: self._opening("site", site) for site in sorted(self.site_ids)}

    @cached_property
    def clear(self) -> Mapping[str, Opening]:
        """The people's openings by pseudonym."""
        return {opening.pseudonym: opening for opening in self.openings.values()}

    @cached_property
    def pseudonyms(self) -> Mapping[str, str]:
        """The pseudonym of each person, by id."""
        return {person: opening.pseudonym for person, opening in self.openings.items()}

    @cached_property
    def site_pseudonyms(self) -> Mapping[str, str]:
        """The pseudonym of each site, by id."""
        return {site: opening.pseudonym for site, opening in self.site_openings.items()}

    def key(self, part: str) -> bytes:
        """Return the key that salts the fields of one part of a register."""
        return self.suite.hmac(self.secret, framed(DOMAIN + b" key", part.encode()))

    def to_bytes(self, announcement: str) -> bytes:
        """Return the private file of the announcement with this SHA-256."""
        told: dict[str, canonical.Json] = {
            "@spec": SPEC,
            "announcement": announcement,
            "secret": self.secret.hex(),
            "suite": self.suite.name,
            "people": [_told(opening) for opening in self.openings.values()],
            "sites": [_told(opening) for opening in self.site_openings.values()],
        }
        return canonical.encode(told) + b"\n"

    @classmethod
    def read(cls, data: bytes, announcement: str) -> "Names":
        """Read a private file back; refuse one of another announcement, or that was changed."""
        told = canonical.parse(data, limit=MAX_FILE)
        try:
            names, got = _names(told), str(told["announcement"])  # type: ignore[index,call-overload]
            again = names.to_bytes(announcement)
        except (KeyError, TypeError, ValueError, AttributeError):
            raise InvalidInput("the file holds no secret of this version",
                               zh="文件不是本版本的秘密文件") from None  # fmt: skip
        if again != data:
            raise InvalidInput(
                "the secret belongs to announcement {got}, or was changed; want {want}",
                zh="秘密文件属于公告 {got} 或已被改动，应为 {want}",
                got=got[:64], want=announcement,
            )  # fmt: skip
        return names

    def _opening(self, kind: Kind, name: str) -> Opening:
        label = framed(DOMAIN + b" salt", kind.encode(), name.encode())
        salt = self.suite.hmac(self.secret, label)[:SALT]
        return Opening(name, _pseudonym(kind, name, salt, self.suite), salt.hex())


def open_pseudonym(
    pseudonym: str, name: str, salt: str, *, kind: Kind = "person", suite: Suite = SHA256
) -> None:
    """Refuse unless this id and salt (hex digits) are those behind the pseudonym."""
    try:
        salted = bytes.fromhex(salt)
    except ValueError:
        salted = b""
    got = _pseudonym(kind, name, salted, suite)
    if len(salted) != SALT or got != pseudonym:
        raise VerificationError(
            "{name} with salt {salt} is behind {got}, not behind {want}",
            zh="{name} 与盐值 {salt} 对应的化名为 {got}，而非 {want}",
            name=name, salt=salt, got=got, want=pseudonym,
        )  # fmt: skip


def _pseudonym(kind: Kind, name: str, salt: bytes, suite: Suite) -> str:
    digest = suite.digest(framed(DOMAIN + b" name", kind.encode(), salt, name.encode()))
    return b32encode(digest).decode()[:SIGNS]


def _told(opening: Opening) -> canonical.Json:
    return {"id": opening.id, "pseudonym": opening.pseudonym, "salt": opening.salt}


def _names(told: Any) -> Names:
    people, sites = (tuple(each["id"] for each in told[kind]) for kind in ("people", "sites"))
    return Names(bytes.fromhex(told["secret"]), people, sites, suite(told["suite"]))
