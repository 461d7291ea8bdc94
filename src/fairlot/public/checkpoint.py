"""Checkpoints (C2SP tlog-checkpoint): a log's whole content in three lines, signed and cosigned.

::

    draws.example/shanghai
    17
    CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=

    — draws.example/shanghai Az3grlgt…
    — witness.example jWbPPwAAAABk…

The log signs the text. A witness signs the text and the moment (C2SP tlog-cosignature, Ed25519):
so says someone else that the log had this content by then, and that nothing it held before is gone.
"""

import base64
import re
from collections.abc import Sequence
from dataclasses import dataclass

from fairlot._base.errors import InvalidInput
from fairlot.public import note

__all__ = [
    "Checkpoint",
    "cosign",
    "cosignature_times",
    "merge",
    "open_checkpoint",
    "read_checkpoint",
    "sign_checkpoint",
]

SIZE = re.compile(r"0|[1-9][0-9]{0,15}")
TIME_BYTES = 8
# tlog-cosignature allows 2^63 - 1, and to refuse what lies ahead: here, all after the year 9999.
LAST_TIME = 253_402_300_799


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """A log's name, its number of entries, and the RFC 9162 root (SHA-256) over them."""

    origin: str
    size: int
    root: bytes

    @property
    def body(self) -> str:
        """The text that is signed."""
        return f"{self.origin}\n{self.size}\n{base64.b64encode(self.root).decode()}\n"

    @classmethod
    def parse(cls, body: str) -> "Checkpoint":
        """Read the text; extension lines, which nobody can audit, are refused.

        >>> Checkpoint.parse(Checkpoint("draws.example", 0, bytes(32)).body).size
        0
        """
        lines = body.split("\n")
        if len(lines) == 4 and lines[0] and SIZE.fullmatch(lines[1]) and not lines[3]:
            root = note.from_base64(lines[2])
            if len(root) == 32:
                return cls(lines[0], int(lines[1]), root)
        raise InvalidInput("not a checkpoint: want three lines, origin, size and root in base64",
                           zh="不是检查点：应为三行，依次为日志名称、条目数和 base64 的根")  # fmt: skip


def sign_checkpoint(checkpoint: Checkpoint, signer: note.Signer) -> str:
    """Return the note that the log publishes; its signer bears the log's name."""
    _same_name(checkpoint, signer.name)
    return note.sign(checkpoint.body, signer)


def open_checkpoint(text: str, vkey: str) -> Checkpoint:
    """Return the checkpoint of a note that the log with this key signed; refuse it otherwise."""
    checkpoint = Checkpoint.parse(note.verify(text, vkey))
    _same_name(checkpoint, note.Vkey.parse(vkey).name)
    return checkpoint


def read_checkpoint(text: str) -> Checkpoint:
    """Return the checkpoint of a note, whoever signed it."""
    return Checkpoint.parse(note.split(text)[0])


def cosign(text: str, signer: note.Signer, time: int) -> str:
    """Return the signature line by which a witness says that it saw this checkpoint at ``time``.

    time  Unix seconds

    It says nothing about growth: a :class:`~fairlot.public.witness.Witness` looks at that first.

    >>> from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
    >>> log, witness = (note.Signer(name, Ed25519PrivateKey.generate()) for name in ("log", "w"))
    >>> text = sign_checkpoint(Checkpoint("log", 0, bytes(32)), log)
    >>> cosignature_times(merge(text, cosign(text, witness, 1700000000)), [witness.cosigner_vkey])
    [1700000000]
    """
    if not 0 < time <= LAST_TIME:
        raise InvalidInput("time is {got}; want Unix seconds", zh="时间为 {got}，应为 Unix 秒",
                           got=time)  # fmt: skip
    body = read_checkpoint(text).body
    signature = signer.private_key.sign(_message(body, time))
    stamped = time.to_bytes(TIME_BYTES, "big") + signature
    return note.line(note.Vkey.parse(signer.cosigner_vkey), stamped)


def cosignature_times(text: str, witnesses: Sequence[str]) -> list[int]:
    """Return when these witnesses (vkeys) saw the checkpoint, in Unix seconds, sorted.

    Cosignatures by others are passed over; one by a witness given here that does not fit is
    refused, and with it the whole note, as signed-note asks.
    """
    return sorted(time for vkey in witnesses for time in _times(text, note.Vkey.parse(vkey)))


def merge(text: str, lines: str) -> str:
    """Return a checkpoint's note with further signature lines, which are not verified here.

    Of one key the first and the last line stay: a witness's first says by when the log had this
    content, its last until when it had no more.
    """
    body = note.split(text)[0]
    kept: dict[tuple[str, bytes], list[str]] = {}
    before = f"— {text.rpartition(note.SPLIT)[2]}"
    for line in f"{before}{lines}".removesuffix("\n").split("\n"):
        ((name, data),) = note.split(f"{body}\n{line}\n")[1]
        ours = kept.setdefault((name, data[:4]), [])
        if line not in ours:
            ours[min(len(ours), 1) :] = [line]
    merged = "\n".join([body, *(line for ours in kept.values() for line in ours), ""])
    note.split(merged)  # not more signatures than a note may have
    return merged


def _times(text: str, witness: note.Vkey) -> list[int]:
    if witness.algorithm != note.COSIGNATURE:
        raise InvalidInput("vkey {got} signs notes; want a witness's, with the type 4",
                           zh="公钥 {got} 用于签署正文，应为见证人公钥（类型 4）",
                           got=str(witness))  # fmt: skip
    body, stamped = note.signatures_of(text, witness)
    Checkpoint.parse(body)
    return [_time(body, witness, each) for each in stamped]


def _time(body: str, witness: note.Vkey, stamped: bytes) -> int:
    time = int.from_bytes(stamped[:TIME_BYTES], "big")
    if not 0 < time <= LAST_TIME:
        raise InvalidInput("cosignature by {name} has the time {got}; want Unix seconds",
                           zh="{name} 的见证签名时间为 {got}，应为 Unix 秒",
                           name=witness.name, got=time)  # fmt: skip
    note.check_signature(witness, stamped[TIME_BYTES:], _message(body, time))
    return time


def _message(body: str, time: int) -> bytes:
    return f"cosignature/v1\ntime {time}\n{body}".encode()


def _same_name(checkpoint: Checkpoint, name: str) -> None:
    if name != checkpoint.origin:
        raise InvalidInput("the log is {want}; the key is {got}'s",
                           zh="日志为 {want}，而密钥属于 {got}",
                           want=checkpoint.origin, got=name)  # fmt: skip
