"""Signed notes (C2SP signed-note): a text, an empty line, and who signed it with Ed25519.

::

    fairlot.draw/v1 digests
    announcement.json 5f1c…

    — shanghai.example kKvWmGjZ…=

A key is told by its name and a hash of four bytes; ``vkey`` writes both and the public key in one
line: ``shanghai.example+90abd698+AZ…``. See https://c2sp.org/signed-note.
"""

import base64
import binascii
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)

from fairlot._base.errors import InvalidInput
from fairlot.public.folder import write_private

__all__ = [
    "COSIGNATURE",
    "ED25519",
    "Signer",
    "Vkey",
    "check_signature",
    "from_base64",
    "line",
    "load_key",
    "save_key",
    "sign",
    "signatures_of",
    "split",
    "verify",
]

# The types of signature that a vkey may name, by their C2SP numbers.
ED25519 = b"\x01"
COSIGNATURE = b"\x04"
SPLIT = "\n\n— "
MAX_NOTE = 1 << 20
MAX_SIGNATURES = 16
NAME = r"(?P<name>[^\s+\x00-\x1f\x7f\ud800-\udfff]+)"
CONTROL = r"[\x00-\x09\x0b-\x1f\ud800-\udfff]"
BASE64 = r"(?P<base64>[A-Za-z0-9+/=]+)"
_VKEY = re.compile(rf"{NAME}\+(?P<id>[0-9a-f]{{8}})\+{BASE64}")
_SIGNATURE = re.compile(rf"— {NAME} {BASE64}")


@dataclass(frozen=True, slots=True)
class Vkey:
    """A name with its Ed25519 public key (32 bytes), and what the key signs: notes or times."""

    name: str
    public_key: bytes
    algorithm: bytes = ED25519

    @classmethod
    def parse(cls, text: str) -> "Vkey":
        """Read ``name+hash+key``; refuse another algorithm or a hash that is not the key's."""
        match = _VKEY.fullmatch(text)
        data = from_base64(match["base64"]) if match else b""
        if not match or data[:1] not in (ED25519, COSIGNATURE) or len(data) != 33:
            raise InvalidInput("vkey is {got!r}; want name+hash+base64 of an Ed25519 key",
                               zh="公钥 {got!r} 应为“名称+哈希+Ed25519 公钥的 base64”",
                               got=text[:200])  # fmt: skip
        key = cls(match["name"], data[1:], data[:1])
        if key.id.hex() != match["id"]:
            raise InvalidInput("vkey {name} has the hash {got}; want {want}",
                               zh="公钥 {name} 的哈希为 {got}，应为 {want}",
                               name=key.name, got=match["id"], want=key.id.hex())  # fmt: skip
        return key

    def __str__(self) -> str:
        key = base64.b64encode(self.algorithm + self.public_key).decode()
        return f"{self.name}+{self.id.hex()}+{key}"

    @property
    def id(self) -> bytes:
        """The four bytes by which signatures name the key."""
        return sha256(self._named).digest()[:4]

    @property
    def _named(self) -> bytes:
        return self.name.encode() + b"\n" + self.algorithm + self.public_key


@dataclass(frozen=True, slots=True)
class Signer:
    """A name with its Ed25519 private key."""

    name: str
    private_key: Ed25519PrivateKey = field(repr=False)

    def __post_init__(self) -> None:
        if not re.fullmatch(NAME, self.name):
            raise InvalidInput("signer is {got!r}; want a name without spaces or +",
                               zh="签名者名称 {got!r} 不得含空格或 +", got=self.name)  # fmt: skip

    @property
    def vkey(self) -> str:
        """The line that others verify notes with."""
        return str(Vkey(self.name, self._public_key))

    @property
    def cosigner_vkey(self) -> str:
        """The line that others verify cosignatures with (C2SP tlog-cosignature)."""
        return str(Vkey(self.name, self._public_key, COSIGNATURE))

    @property
    def _public_key(self) -> bytes:
        return self.private_key.public_key().public_bytes_raw()


def sign(text: str, signer: Signer) -> str:
    """Return ``text`` with one signature; it must end with a line end and hold no control signs."""
    _check_text(text)
    signature = signer.private_key.sign(text.encode())
    return f"{text}\n{line(Vkey.parse(signer.vkey), signature)}"


def line(key: Vkey, signature: bytes) -> str:
    """Return the line that stands for one signature below a note."""
    return f"— {key.name} {base64.b64encode(key.id + signature).decode()}\n"


def verify(note: str, vkey: str) -> str:
    """Return the text of a note that this key signed; refuse it otherwise.

    Signatures of other keys are passed over, as the format asks.

    >>> signer = Signer("shanghai.example", Ed25519PrivateKey.from_private_bytes(bytes(32)))
    >>> verify(sign("draw 7\\n", signer), signer.vkey)
    'draw 7\\n'
    """
    key = Vkey.parse(vkey)
    if key.algorithm != ED25519:
        raise InvalidInput("vkey {got} is a witness's; want a key that signs notes",
                           zh="公钥 {got} 属于见证人，应为签署正文的公钥", got=vkey)  # fmt: skip
    text, ours = signatures_of(note, key)
    if not ours:
        raise InvalidInput("the note has no signature by {want}", zh="没有 {want} 的签名",
                                want=vkey)  # fmt: skip
    for signature in ours:
        check_signature(key, signature, text.encode())
    return text


def signatures_of(note: str, key: Vkey) -> tuple[str, list[bytes]]:
    """Return the text of a note, and the signatures that say they are by this key, unchecked."""
    text, signatures = split(note)
    ours = [data[4:] for name, data in signatures if (name, data[:4]) == (key.name, key.id)]
    return text, ours


def check_signature(key: Vkey, signature: bytes, message: bytes) -> None:
    """Refuse an Ed25519 signature (RFC 8032) that this key did not make of these bytes."""
    try:
        Ed25519PublicKey.from_public_bytes(key.public_key).verify(signature, message)
    except InvalidSignature:
        raise InvalidInput("the signature by {want} does not fit the text",
                           zh="{want} 的签名与正文不符", want=str(key)) from None  # fmt: skip


def save_key(signer: Signer, path: str | Path) -> None:
    """Write the private key as PEM, readable by its owner alone; never over a file that exists."""
    pem = signer.private_key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    write_private(path, pem)


def load_key(path: str | Path, name: str) -> Signer:
    """Read a private key that :func:`save_key` wrote, and sign with it as ``name``."""
    try:
        key = load_pem_private_key(Path(path).read_bytes(), password=None)
        if isinstance(key, Ed25519PrivateKey):
            return Signer(name, key)
        why = type(key).__name__
    except (OSError, ValueError, TypeError, UnsupportedAlgorithm) as error:
        why = str(error)
    raise InvalidInput("{path} is not an unencrypted Ed25519 key in PEM: {why}",
                       zh="{path} 不是未加密的 Ed25519 PEM 私钥：{why}",
                       path=str(path), why=why)  # fmt: skip


def split(note: str) -> tuple[str, list[tuple[str, bytes]]]:
    """Return the text of a note, and each signature's name and bytes (four of the key, the rest).

    Nothing is verified: whose text it is shows :func:`verify`.
    """
    # The text may hold empty lines itself: signatures follow the last one.
    text, mark, block = note.rpartition(SPLIT)
    if not mark or len(note) > MAX_NOTE or not block.endswith("\n"):
        raise InvalidInput("not a signed note: want a text, an empty line and lines of signatures",
                           zh="不是签名文本：应为正文、空行和签名行")  # fmt: skip
    _check_text(text + "\n")
    lines = f"— {block}".removesuffix("\n").split("\n")
    if len(lines) > MAX_SIGNATURES:
        raise InvalidInput("{got} signatures; want at most {want}",
                           zh="共 {got} 个签名，上限为 {want}",
                           got=len(lines), want=MAX_SIGNATURES)  # fmt: skip
    return text + "\n", list(_signatures(lines))


def _signatures(lines: list[str]) -> Iterator[tuple[str, bytes]]:
    for line in lines:
        match = _SIGNATURE.fullmatch(line)
        if not match:
            raise InvalidInput("signature line is {got!r}; want — name base64",
                               zh="签名行 {got!r} 应为“— 名称 base64”", got=line[:200])  # fmt: skip
        yield match["name"], from_base64(match["base64"])


def _check_text(text: str) -> None:
    if not text.endswith("\n") or re.search(CONTROL, text):
        raise InvalidInput("a note's text is UTF-8, ends with a line end and has no control signs",
                           zh="签名正文应为 UTF-8，以换行结尾，且不含控制字符")  # fmt: skip


def from_base64(text: str) -> bytes:
    """Return the bytes of canonical base64; refuse any other spelling of the same bytes.

    >>> from_base64("AQI=")
    b'\\x01\\x02'
    """
    try:
        data = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        data = b""
    # Spare bits in the last sign would let one signature be written in several ways.
    if base64.b64encode(data).decode() != text:
        raise InvalidInput("{got!r} is not canonical base64", zh="{got!r} 不是规范的 base64",
                           got=text[:200])  # fmt: skip
    return data
