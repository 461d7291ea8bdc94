"""Three sources of randomness: declared hex digits, ten-sided dice, a round of drand quicknet.

Before the draw a source says what it is (``identity``, part of the announcement); after it, what
it gave (``material``, see ``stream``). Nobody can check later when digits were declared or rolled;
a quicknet round is fixed by its number, comes out at a known second, and carries a BLS signature
(RFC 9380, hash to G1) that anyone can verify.

The value of a source, as a record keeps it, is ``{"hex": digits}``, ``{"dice": digits}`` or drand's
own ``{"round": ..., "signature": ..., "randomness": ...}``.
"""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from importlib import resources
from pathlib import Path
from typing import Any, Literal, Protocol, TypeAlias

from fairlot._base.errors import InvalidInput
from fairlot.public import canonical
from fairlot.public.canonical import Json
from fairlot.public.stream import DOMAIN, framed

__all__ = [
    "QUICKNET",
    "UNVERIFIED",
    "VERIFIED",
    "Chain",
    "Declared",
    "Drand",
    "Source",
    "parse",
    "recorded",
    "round_at",
    "round_time",
    "source",
    "verify_round",
]

Value: TypeAlias = Mapping[str, Any]
Attested: TypeAlias = tuple[Literal["holds", "not shown"], Mapping[str, str]]
Verified = Literal["verified", "not verified: extra missing"]
VERIFIED: Verified = "verified"
UNVERIFIED: Verified = "not verified: extra missing"

MAX_ROUND = 1 << 40
MAX_TEXT = 4096
DST = b"BLS_SIG_BLS12381G1_XMD:SHA-256_SSWU_RO_NUL_"  # drand scheme bls-unchained-g1-rfc9380


class Source(Protocol):
    """Where the randomness of a draw comes from."""

    @property
    def public(self) -> bool:
        """Whether the value is made for everybody, so that two draws may share it."""
        ...

    def identity(self) -> dict[str, Json]:
        """Return what the announcement says of the source; :func:`source` reads it back."""
        ...

    def read(self, text: str) -> Value:
        """Return the value that a user gives on the command line."""
        ...

    def canonical(self, value: Value) -> dict[str, Json]:
        """Return the value in the one form that a record keeps; refuse what cannot be one."""
        ...

    def material(self, value: Value) -> bytes:
        """Return the bytes that enter the seed; refuse a value whose signature is wrong."""
        ...

    def attest(self, value: Value) -> Attested:
        """Say whether it is shown that the value comes from the source, and why."""
        ...

    def refuse_if_known(self, moment: datetime) -> None:
        """Refuse a source whose value was public at ``moment``."""
        ...

    def refuse_if_future(self, moment: datetime) -> None:
        """Refuse a source whose value cannot have been known at ``moment``."""
        ...


@dataclass(frozen=True, slots=True)
class Declared:
    """Digits that somebody declares: hex digits, or rolls of ten-sided dice (0 to 9).

    At least 128 bits: 32 hex digits or 39 rolls. White space, full-width digits and capitals are
    brought to one form.

    >>> Declared("hex", by="witness").canonical({"hex": "00112233 44556677 8899AABB CCDDEEFF"})
    {'hex': '00112233445566778899aabbccddeeff'}
    """

    kind: Literal["hex", "dice"]
    by: str = ""

    def __post_init__(self) -> None:
        if self.kind not in ("hex", "dice") or not _is_line(self.by):
            raise InvalidInput("declared by {got!r}; want a name of one line",
                               zh="声明者 {got!r} 应为单行名称", got=self.by)  # fmt: skip

    @property
    def public(self) -> bool:
        """False: digits are declared for one draw."""
        return False

    def identity(self) -> dict[str, Json]:
        """Return the kind, and who declares."""
        return {"source": self.kind, "declared_by": self.by}

    def read(self, text: str) -> Value:
        """Return the digits as a value."""
        return self.canonical({self.kind: text})

    def canonical(self, value: Value) -> dict[str, Json]:
        """Return the digits in lower case and without white space; refuse too few, or others."""
        text = value.get(self.kind)
        if set(value) != {self.kind} or not isinstance(text, str) or len(text) > MAX_TEXT:
            raise InvalidInput("randomness is {got}; want one text named {kind}",
                               zh="随机数为 {got}，应为名为 {kind} 的一段文本",
                               got=str(dict(value))[:200], kind=self.kind)  # fmt: skip
        return {self.kind: _digits(text, self.kind)}

    def material(self, value: Value) -> bytes:
        """Return the framed identity and digits, these as ASCII."""
        return _material(self, str(self.canonical(value)[self.kind]).encode())

    def attest(self, value: Value) -> Attested:
        """Not shown: only a log entry or a witness can tell when digits were declared."""
        self.canonical(value)
        return "not shown", {
            "en": f"the digits are as {self.by or 'the authority'} declares them; "
            "a witness or a public round would show that they were not chosen",
            "zh": f"随机数字由{self.by or '主管机关'}自行声明；需见证人或公开信标证明其未经挑选",
        }

    def refuse_if_known(self, moment: datetime) -> None:
        """Pass: when digits became known cannot be seen from them."""

    def refuse_if_future(self, moment: datetime) -> None:
        """Pass: declared digits have no time."""


@dataclass(frozen=True, slots=True)
class Chain:
    """The constants of a drand chain."""

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
round_time, round_at = QUICKNET.round_time, QUICKNET.round_at


@dataclass(frozen=True, slots=True)
class Drand:
    """One round of drand's quicknet chain.

    >>> Drand(9367912).attest(recorded(9367912))[0]
    'holds'
    """

    round: int

    def __post_init__(self) -> None:
        if type(self.round) is not int or not 1 <= self.round < MAX_ROUND:
            raise InvalidInput("round is {got!r}; want a whole number from 1 on",
                               zh="轮次为 {got!r}，应为正整数", got=self.round)  # fmt: skip

    @property
    def public(self) -> bool:
        """True: the round is the same for everybody."""
        return True

    def identity(self) -> dict[str, Json]:
        """Return the chain's hash and key, the round and the second at which it comes out."""
        return {
            "source": "drand quicknet",
            "chain_hash": QUICKNET.hash,
            "public_key": QUICKNET.public_key,
            "round": self.round,
            "round_time": round_time(self.round),
        }

    def read(self, text: str) -> Value:
        """Return the round in the JSON file ``text``, as drand's servers give it."""
        try:
            data = Path(text).read_bytes()
        except (OSError, ValueError) as error:
            raise InvalidInput("{path} cannot be read: {why}", zh="{path} 无法读取：{why}",
                               path=text[:200], why=str(error)) from None  # fmt: skip
        value = canonical.parse(data, limit=MAX_TEXT)
        return self.canonical(value if isinstance(value, dict) else {})

    def canonical(self, value: Value) -> dict[str, Json]:
        """Return the three fields; refuse others, another round, a randomness not its own."""
        if set(value) != {"round", "signature", "randomness"}:
            raise InvalidInput("a quicknet round has round, signature and randomness; got {got}",
                               zh="quicknet 轮次应含 round、signature、randomness，实为 {got}",
                               got=", ".join(map(str, value))[:200])  # fmt: skip
        _same("round", value["round"], self.round)
        signature = _unhex(value["signature"])
        _same("randomness", value["randomness"], sha256(signature).hexdigest())
        return dict(value)

    def material(self, value: Value) -> bytes:
        """Return the framed identity and the 32 bytes of randomness."""
        self.verify(value)
        return _material(self, sha256(_unhex(value["signature"])).digest())

    def verify(self, value: Value) -> Verified:
        """Verify the BLS signature; without the extra ``beacon`` say that it was not."""
        signature = _unhex(self.canonical(value)["signature"])
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

    def refuse_if_known(self, moment: datetime) -> None:
        """Refuse a round that was out at ``moment``."""
        late = int(moment.timestamp()) - round_time(self.round)
        if late >= 0:
            raise InvalidInput(
                "round {round} came out {late} s before the announcement; want {want} or later",
                zh="第 {round} 轮在公告前 {late} 秒已公布，应选第 {want} 轮或更后",
                round=self.round, late=late, want=round_at(int(moment.timestamp()) + 1),
            )  # fmt: skip

    def refuse_if_future(self, moment: datetime) -> None:
        """Refuse a round that was not yet out at ``moment``."""
        early = round_time(self.round) - int(moment.timestamp())
        if early > 0:
            raise InvalidInput("round {round} comes out only in {early} s",
                               zh="第 {round} 轮在 {early} 秒后才公布",
                               round=self.round, early=early)  # fmt: skip


def source(identity: Json) -> Source:
    """Return the source that an announcement names; refuse one that is not exactly known.

    >>> source({"source": "dice", "declared_by": ""})
    Declared(kind='dice', by='')
    """
    made = _made(identity) if isinstance(identity, dict) else None
    if made is None or made.identity() != identity:
        raise InvalidInput("randomness is announced as {got}; want hex, dice or a quicknet round",
                           zh="公告的随机源为 {got}，应为 hex、dice 或 quicknet 轮次",
                           got=str(identity)[:200])  # fmt: skip
    return made


def parse(text: str) -> Source:
    """Return the source that a user names: ``drand:ROUND``, ``dice`` or ``hex:WHO``.

    >>> parse("drand:9367912")
    Drand(round=9367912)
    """
    kind, _, rest = text.partition(":")
    if kind == "drand" and re.fullmatch("[0-9]{1,13}", rest):
        return Drand(int(rest))
    if kind == "hex" and rest:
        return Declared("hex", rest)
    if kind == "dice":
        return Declared("dice", rest)
    raise InvalidInput("randomness is {got!r}; want drand:ROUND, dice or hex:WHO",
                       zh="随机源为 {got!r}，应为 drand:轮次、dice 或 hex:声明者",
                       got=text[:200])  # fmt: skip


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
    # e(signature, g2) = e(H(message), key), as one product.
    left, right = [point, G1Point.hash_to_curve(message, DST)], [-G2Point(), key]
    canonical_form = bytes(point.to_compressed_bytes()) == signature
    if point == G1Point.identity() or not canonical_form or not GT.pairing_check(left, right):
        raise _forged(round)
    return VERIFIED


def recorded(round: int) -> Value:
    """Return a quicknet round that ships with the library, for demonstrations and tests."""
    file = resources.files("fairlot.public") / "rounds" / f"quicknet-{round}.json"
    if not file.is_file():
        raise InvalidInput("round {got} is not among the recorded rounds",
                           zh="随库附带的记录中没有第 {got} 轮", got=round)  # fmt: skip
    return Drand(round).read(str(file))


def _made(identity: dict[str, Json]) -> Source | None:
    match identity:
        case {"source": "drand quicknet", "round": int(round)}:
            return Drand(round)
        case {"source": "hex", "declared_by": str(by)}:
            return Declared("hex", by)
        case {"source": "dice", "declared_by": str(by)}:
            return Declared("dice", by)
    return None


def _material(source: Source, randomness: bytes) -> bytes:
    return framed(DOMAIN + b" beacon", canonical.encode(source.identity()), randomness)


def _is_line(text: str) -> bool:
    return len(text) <= 200 and text.isprintable()


def _digits(text: str, kind: Literal["hex", "dice"]) -> str:
    digit, least = {"hex": ("[0-9a-f]", 32), "dice": ("[0-9]", 39)}[kind]
    text = "".join(unicodedata.normalize("NFKC", text).split()).lower()
    if not re.fullmatch(f"{digit}{{{least},}}", text):
        good = len(re.findall(digit, text))
        raise InvalidInput(
            "{kind}: got {good} digits and {bad} other characters; want {least} digits or more",
            zh="{kind}：得到 {good} 个数字和 {bad} 个其他字符，应至少 {least} 个数字且无其他字符",
            kind=kind, good=good, bad=len(text) - good, least=least,
        )  # fmt: skip
    return text


def _unhex(text: object) -> bytes:
    if not isinstance(text, str) or not re.fullmatch("[0-9a-f]{96}", text):
        raise InvalidInput("signature is {got!r}; want 96 lower-case hex digits",
                           zh="签名为 {got!r}，应为 96 位小写十六进制数字",
                           got=str(text)[:100])  # fmt: skip
    return bytes.fromhex(text)


def _same(name: str, got: object, want: Json) -> None:
    if type(got) is not type(want) or got != want:
        raise InvalidInput("{name} is {got!r}; want {want!r}",
                           zh="{name} 为 {got!r}，应为 {want!r}",
                           name=name, got=str(got)[:100], want=want)  # fmt: skip


def _forged(round: int) -> InvalidInput:
    return InvalidInput("the signature of round {round} is not by the chain's key",
                        zh="第 {round} 轮的签名与链公钥不符", round=round)  # fmt: skip
