"""The fields of a pulse of the NIST Randomness Beacon 2.0: read, signed bytes, signature, link.

NISTIR 8213, section 4, has the fields and the bytes that are signed.
"""

import re
from collections.abc import Mapping
from datetime import datetime
from hashlib import sha512
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.hashes import SHA512

from fairlot._base.errors import InvalidInput, VerificationError
from fairlot.public.canonical import Json
from fairlot.public.certificate import Certificate
from fairlot.public.published import same
from fairlot.public.stream import framed

__all__ = ["check_link", "check_status", "lower_hex", "number", "read_form", "verified"]

VERSIONS = ("Version 2.0", "2.0")
LINKS = ("previous", "hour", "day", "month", "year")
EXTERNAL = {"sourceId": 64, "statusCode": int, "value": 64}
PULSE = {
    "uri": str, "version": str, "cipherSuite": int, "period": int, "certificateId": 64,
    "chainIndex": int, "pulseIndex": int, "timeStamp": str, "localRandomValue": 64,
    "external": dict, "listValues": list, "precommitmentValue": 64, "statusCode": int,
    "signatureValue": 512, "outputValue": 64,
}  # fmt: skip
# NIST's status codes. Only an intact chain binds a pulse to what was committed before.
STATUS = {
    1: ("the first of a new chain", "新链的第一个脉冲"),
    2: ("after a gap in time", "时间间断之后的脉冲"),
    3: ("after a gap, its pre-commitment lost", "间断之后且预先承诺丢失的脉冲"),
}


def verified(pulse: Mapping[str, Any], certificate: Certificate) -> bytes:
    """Return the output value of a pulse in canonical form, its signature and hash verified."""
    message, signature = _message(pulse), bytes.fromhex(pulse["signatureValue"])
    stamp = datetime.fromisoformat(pulse["timeStamp"])
    if not certificate.since <= stamp <= certificate.until:
        raise VerificationError("the certificate is valid from {since} to {until}; the pulse is of {got}",
                                zh="证书有效期为 {since} 至 {until}，脉冲时间为 {got}",
                                since=str(certificate.since), until=str(certificate.until),
                                got=pulse["timeStamp"])  # fmt: skip
    try:
        certificate.key.verify(signature, message, PKCS1v15(), SHA512())
    except InvalidSignature:
        raise VerificationError("the signature of the pulse is not by the certificate's key",
                                zh="脉冲的签名与证书公钥不符") from None  # fmt: skip
    output = sha512(message + signature)
    if output.hexdigest() != pulse["outputValue"]:
        raise VerificationError("outputValue is not the hash of the pulse and its signature",
                                zh="outputValue 不是脉冲及其签名的哈希")  # fmt: skip
    return output.digest()


def _message(pulse: Mapping[str, Any]) -> bytes:
    """Return the signed bytes (NISTIR 8213, 4.1): text and hashes framed, numbers bare."""
    external = pulse["external"]
    return b"".join([
        framed(pulse["uri"].encode(), pulse["version"].encode()),
        _u32(pulse["cipherSuite"]), _u32(pulse["period"]), _framed_hex(pulse["certificateId"]),
        _u64(pulse["chainIndex"]), _u64(pulse["pulseIndex"]),
        framed(pulse["timeStamp"].encode()), _framed_hex(pulse["localRandomValue"]),
        _framed_hex(external["sourceId"]), _u32(external["statusCode"]),
        _framed_hex(external["value"]),
        _framed_hex(*(link["value"] for link in pulse["listValues"])),
        _framed_hex(pulse["precommitmentValue"]), _u32(pulse["statusCode"]),
    ])  # fmt: skip


def check_link(previous: Mapping[str, Any], pulse: Mapping[str, Any]) -> None:
    """Refuse two pulses of which the first did not commit to the second, or that do not chain."""
    committed = sha512(bytes.fromhex(pulse["localRandomValue"])).hexdigest()
    links = {
        "pulseIndex": (pulse["pulseIndex"], previous["pulseIndex"] + 1),
        "precommitmentValue": (committed, previous["precommitmentValue"]),
        "listValues": (pulse["listValues"][0]["value"], previous["outputValue"]),
    }
    for name, (got, want) in links.items():
        if got != want:
            raise VerificationError("{name} does not link the two pulses: got {got}, want {want}",
                                    zh="{name} 未能衔接两个脉冲：实为 {got}，应为 {want}",
                                    name=name, got=got, want=want)  # fmt: skip


def check_status(code: Any) -> None:
    """Refuse a pulse whose chain is not intact before it."""
    if code:
        en, zh = STATUS.get(code, ("of an unknown kind", "未知类型的脉冲"))
        raise InvalidInput("the pulse has status {code}: it is {en}; want 0, an intact chain",
                           zh="脉冲状态为 {code}：{zh_kind}；应为 0，即链完整",
                           code=code, en=en, zh_kind=zh)  # fmt: skip


def read_form(pulse: object) -> dict[str, Json]:
    """Return the fields of a pulse in one form: hex in lower case, links without addresses."""
    form = _fields("pulse", pulse, PULSE)
    external, links = form["external"], form["listValues"]
    form["external"] = _fields("external", external, EXTERNAL)
    if not isinstance(links, list) or len(links) != len(LINKS):
        raise InvalidInput("listValues has {got} entries; want {want}",
                           zh="listValues 有 {got} 项，应为 {want} 项",
                           got=len(links) if isinstance(links, list) else 0,
                           want=len(LINKS))  # fmt: skip
    form["listValues"] = [_link(kind, link) for kind, link in zip(LINKS, links, strict=True)]
    if form["version"] not in VERSIONS:
        same("version", form["version"], VERSIONS[-1])
    return form


def _link(kind: str, link: object) -> Json:
    bare = {k: v for k, v in link.items() if k != "uri"} if isinstance(link, dict) else link
    form = _fields("listValues", bare, {"type": str, "value": 64})
    same("type", form["type"], kind)
    return form


def _fields(name: str, value: object, schema: Mapping[str, Any]) -> dict[str, Json]:
    if not isinstance(value, dict) or value.keys() != schema.keys():
        raise InvalidInput("{name} is {got}; want the fields {want}",
                           zh="{name} 为 {got}，应含字段 {want}",
                           name=name, got=str(value)[:200], want=", ".join(schema))  # fmt: skip
    return {key: _field(key, value[key], kind) for key, kind in schema.items()}


def _field(name: str, value: Any, kind: type | int) -> Json:
    if isinstance(kind, int):
        return lower_hex(name, value, kind)
    if kind is int:
        return number(name, value, 53 if name.endswith("Index") else 32)
    text: Json = value
    if type(text) is kind and (not isinstance(text, str) or text.isascii()):
        return text
    raise InvalidInput("{name} is {got!r}; want {want}", zh="{name} 为 {got!r}，应为 {want}",
                       name=name, got=str(value)[:100], want=kind.__name__)  # fmt: skip


def number(name: str, value: object, bits: int) -> int:
    """Return a whole number that fits into so many bits; refuse anything else."""
    if type(value) is int and 0 <= value < 1 << bits:
        return value
    raise InvalidInput("{name} is {got!r}; want a whole number of {bits} bits",
                       zh="{name} 为 {got!r}，应为 {bits} 位整数",
                       name=name, got=str(value)[:40], bits=bits)  # fmt: skip


def lower_hex(name: str, value: object, size: int) -> str:
    """Return the hex of so many bytes in lower case; refuse anything else."""
    if isinstance(value, str) and re.fullmatch(f"[0-9a-fA-F]{{{2 * size}}}", value):
        return value.lower()
    raise InvalidInput("{name} is {got!r}; want {want} hex digits",
                       zh="{name} 为 {got!r}，应为 {want} 位十六进制数字",
                       name=name, got=str(value)[:100], want=2 * size)  # fmt: skip


def _framed_hex(*texts: str) -> bytes:
    return framed(*map(bytes.fromhex, texts))


def _u32(number: int) -> bytes:
    return number.to_bytes(4, "big")


def _u64(number: int) -> bytes:
    return number.to_bytes(8, "big")
