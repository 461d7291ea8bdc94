"""One round of drand's quicknet: fixed by its number, out at a known second, signed for anyone.

The signature is BLS on BLS12-381, 48 bytes in G1 with the key in G2, over SHA-256 of the round as
u64 (scheme ``bls-unchained-g1-rfc9380``, RFC 9380 hash to G1); the randomness is its SHA-256. A
value is drand's own ``{"round": ..., "signature": ..., "randomness": ...}``.
"""

import re
from dataclasses import dataclass
from hashlib import sha256
from importlib import resources
from importlib.util import find_spec
from typing import Literal

from fairlot._base.errors import InvalidInput, VerificationError
from fairlot.public.canonical import Json
from fairlot.public.published import Attested, Beacon, Value, same

__all__ = [
    "QUICKNET",
    "UNVERIFIED",
    "VERIFIED",
    "Chain",
    "Drand",
    "can_verify",
    "recorded",
    "verify_round",
]

Verified = Literal["verified", "not verified: extra missing"]
VERIFIED: Verified = "verified"
UNVERIFIED: Verified = "not verified: extra missing"

MAX_ROUND = 1 << 40
DST = b"BLS_SIG_BLS12381G1_XMD:SHA-256_SSWU_RO_NUL_"  # drand scheme bls-unchained-g1-rfc9380


@dataclass(frozen=True, slots=True)
class Chain:
    """The constants of a drand chain: keys and hashes in hex, times in seconds."""

    beacon_id: str
    public_key: str
    period: int
    genesis_time: int
    group_hash: str

    @property
    def hash(self) -> str:
        """The chain's name: the hash of its constants (drand, common/chain/info.go)."""
        times = self.period.to_bytes(4, "big") + self.genesis_time.to_bytes(8, "big", signed=True)
        keys = bytes.fromhex(self.public_key) + bytes.fromhex(self.group_hash)
        name = b"" if self.beacon_id == "default" else self.beacon_id.encode()
        return sha256(times + keys + name).hexdigest()

    def round_time(self, round: int) -> int:
        """Return the second (Unix time) at which a round comes out."""
        return self.genesis_time + (round - 1) * self.period

    def round_at(self, time: int) -> int:
        """Return the first round that comes out at ``time`` (Unix seconds) or after it."""
        return max(1, 1 - (self.genesis_time - time) // self.period)


QUICKNET = Chain(
    beacon_id="quicknet",
    public_key="83cf0f2896adee7eb8b5f01fcad3912212c437e0073e911fb90022d3e760183c"
    "8c4b450b6a0a6c3ac6a5776a2d1064510d1fec758c921cc22b0e17e63aaf4bcb"
    "5ed66304de9cf809bd274ca73bab4af5a6e9c76a4bc09e76eae8991ef5ece45a",
    period=3,
    genesis_time=1692803367,
    group_hash="f477d5c89f21a17c863a7f937c6a6d15859414d2be09cd448d4279af331c5d3e",
)


@dataclass(frozen=True, slots=True)
class Drand(Beacon):
    """One round of quicknet.

    >>> Drand(9367912).attest(recorded(9367912))[0]
    'holds'
    """

    round: int

    def __post_init__(self) -> None:
        if type(self.round) is not int or not 1 <= self.round < MAX_ROUND:
            raise InvalidInput("round is {got!r}; want a whole number from 1 on",
                               zh="轮次为 {got!r}，应为正整数",
                               got=str(self.round)[:40])  # fmt: skip

    def __str__(self) -> str:
        return f"drand:{self.round}"

    @property
    def time(self) -> int:
        """The Unix second at which the round comes out."""
        return QUICKNET.round_time(self.round)

    def identity(self) -> dict[str, Json]:
        """Return the chain's hash and key, the round and the second at which it comes out."""
        return {
            "source": "drand quicknet",
            "chain_hash": QUICKNET.hash,
            "public_key": QUICKNET.public_key,
            "round": self.round,
            "time": self.time,
        }

    def canonical(self, value: Value) -> dict[str, Json]:
        """Return the three fields; refuse others, another round, a randomness not its own."""
        if set(value) != {"round", "signature", "randomness"}:
            raise InvalidInput("a quicknet round has round, signature and randomness; got {got}",
                               zh="quicknet 轮次应含 round、signature、randomness，实为 {got}",
                               got=", ".join(map(str, value))[:200])  # fmt: skip
        same("round", value["round"], self.round)
        signature = _signature(value["signature"])
        same("randomness", value["randomness"], sha256(signature).hexdigest())
        return dict(value)

    def randomness(self, value: Value) -> bytes:
        """Return the 32 bytes; a wrong signature is refused, see :meth:`verify`."""
        self.verify(value)
        return sha256(_signature(value["signature"])).digest()

    def verify(self, value: Value) -> Verified:
        """Verify the BLS signature; without the extra ``beacon`` say that it was not."""
        signature = _signature(self.canonical(value)["signature"])
        return verify_round(bytes.fromhex(QUICKNET.public_key), self.round, signature)

    def attest(self, value: Value) -> Attested:
        """Holds when the signature was verified; not shown without the extra ``beacon``."""
        if self.verify(value) == VERIFIED:
            return "holds", {
                "en": f"the signature of quicknet round {self.round} was verified",
                "zh": f"已验证 quicknet 第 {self.round} 轮的签名",
            }
        return "not shown", {
            "en": f"THE SIGNATURE OF ROUND {self.round} WAS NOT VERIFIED: "
            "pip install 'fairlot[beacon]' and verify again",
            "zh": f"未验证第 {self.round} 轮的签名：请安装 fairlot[beacon] 后重新核验",
        }


def verify_round(public_key: bytes, round: int, signature: bytes) -> Verified:
    """Verify a round of any chain of quicknet's scheme: a BLS signature of 48 bytes, key in G2.

    A point off the curve, off the subgroup, at infinity or not in its one canonical form is
    refused. Without the extra ``beacon`` nothing is verified, and the answer says so.
    """
    try:
        from py_arkworks_bls12381 import GT, G1Point, G2Point
    except ModuleNotFoundError:
        return UNVERIFIED
    try:
        point = G1Point.from_compressed_bytes(signature)
    except ValueError:
        raise _forged(round) from None
    message = sha256(round.to_bytes(8, "big")).digest()
    key = G2Point.from_compressed_bytes(public_key)
    # e(signature, g2) = e(H(message), key), as one product; infinity cannot satisfy it.
    left, right = [point, G1Point.hash_to_curve(message, DST)], [-G2Point(), key]
    # Written in a second way, one signature would give a second randomness.
    one_form = bytes(point.to_compressed_bytes()) == signature
    if not one_form or not GT.pairing_check(left, right):
        raise _forged(round)
    return VERIFIED


def can_verify() -> bool:
    """Say whether the extra ``beacon`` is installed, which pairings need."""
    return find_spec("py_arkworks_bls12381") is not None


def recorded(round: int) -> dict[str, Json]:
    """Return a quicknet round that ships with the library, for demonstrations and tests."""
    file = resources.files("fairlot.public") / "rounds" / f"quicknet-{round}.json"
    if not file.is_file():
        raise InvalidInput("round {got} is not among the recorded rounds",
                           zh="随库附带的记录中没有第 {got} 轮", got=round)  # fmt: skip
    return Drand(round).parse_value(file.read_bytes())


def _signature(text: object) -> bytes:
    if not isinstance(text, str) or not re.fullmatch("[0-9a-f]{96}", text):
        raise InvalidInput("signature is {got!r}; want 96 lower-case hex digits",
                           zh="签名为 {got!r}，应为 96 位小写十六进制数字",
                           got=str(text)[:100])  # fmt: skip
    return bytes.fromhex(text)


def _forged(round: int) -> VerificationError:
    return VerificationError("the signature of round {round} is not by the chain's key",
                             zh="第 {round} 轮的签名与链公钥不符", round=round)  # fmt: skip
