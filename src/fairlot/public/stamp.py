"""Time stamps by someone else (RFC 3161): these bytes existed at this moment, says an authority.

A reader pins the authority beforehand, by its certificate or the root over it: a chain that ends
anywhere else shows nothing. Signature, chain (at the stamped moment), the sole and critical
purpose timeStamping, nonce and policy are verified by ``rfc3161-client``; what it leaves out is
done here: the request's hash is SHA-256, the signed attributes name the very certificate that
signed (RFC 5816), and the fraction and accuracy of the moment are not cut off.
"""

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import new, sha256
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from fairlot._base.errors import FairlotError, InvalidInput, VerificationError

if TYPE_CHECKING:
    from asn1crypto.cms import SignedData

__all__ = ["MAX_STAMP", "Stamped", "read_pinned", "read_stamp"]

MAX_STAMP = 1 << 16  # bytes of a response: those seen in the wild have 1 to 7 thousand
SHOWN = 200  # characters of a hostile value that a message repeats
OPENSSL_REASON = re.compile(r'Verify error: ?([^"]{1,200})')
DIGESTS = ("sha256", "sha384", "sha512")


@dataclass(frozen=True, slots=True)
class Stamped:
    """What a verified time stamp says.

    moment     aware, UTC; the latest one that the stated accuracy allows
    authority  subject of the certificate that signed (RFC 4514)
    serial     the authority's number of this stamp
    """

    moment: datetime
    authority: str
    serial: int


def read_stamp(
    response: bytes,
    data: bytes,
    pinned: bytes,
    *,
    nonce: int | None = None,
    policy: str | None = None,
) -> Stamped:
    """Return what a TimeStampResp says of ``data``; refuse it in any doubt.

    response  DER, at most 64 KiB
    pinned    certificates that the reader trusts, one in DER or any number in PEM: a self-signed
              root; with the authority's own beside it, no other one under that root may sign
    nonce     of the request, when it is at hand
    policy    object identifier that the authority must have stamped under, as "1.2.3"

    Raises InvalidInput for pinned certificates that cannot be used, otherwise VerificationError.

    >>> from datetime import UTC
    >>> from fairlot.public.local_authority import LocalAuthority
    >>> from fairlot.public.stamping import request
    >>> noon = datetime(2026, 3, 1, 12, tzinfo=UTC)
    >>> authority = LocalAuthority.make("demonstration", noon)
    >>> response = authority.answer(request(b"announcement"), noon)
    >>> read_stamp(response, b"announcement", authority.pinned).moment.isoformat()
    '2026-03-01T12:00:01+00:00'
    """
    _refuse_missing_extra()
    trusted = read_pinned(pinned)
    if len(response) > MAX_STAMP:
        raise VerificationError("time stamp has {got} bytes; want at most {want}",
                                zh="时间戳为 {got} 字节，上限为 {want}",
                                got=len(response), want=MAX_STAMP)  # fmt: skip
    with _refusing_whatever_else():
        signed = _signed(response)
        _refuse_loose_form(signed)
        info = signed["encap_content_info"]["content"].parsed
        _refuse_other_data(info, data)
        signer = _signer(signed, trusted)
        _refuse_other_certificate(signed, signer)
        _verify(response, data, trusted, signer, nonce, policy)
        moment = _latest(info)
        return Stamped(moment, signer.subject.rfc4514_string(), int(info["serial_number"].native))


def _refuse_missing_extra() -> None:
    if not (find_spec("rfc3161_client") and find_spec("asn1crypto")):
        raise InvalidInput("time stamps need the extra: pip install 'fairlot[time]'",
                           zh="时间戳需要安装 fairlot[time]")  # fmt: skip


def read_pinned(pinned: bytes) -> list[x509.Certificate]:
    """Return the certificates that a reader pinned, PEM or one in DER; one must be a root."""
    try:
        if pinned.startswith(b"-----BEGIN"):
            found = x509.load_pem_x509_certificates(pinned)
        else:
            found = [x509.load_der_x509_certificate(pinned)]
    except (ValueError, x509.InvalidVersion) as error:
        raise InvalidInput("pinned certificates cannot be read: {why}",
                           zh="所信任的证书无法读取：{why}",
                           why=str(error)[:SHOWN]) from None  # fmt: skip
    if not any(map(_is_root, found)):
        raise InvalidInput("no pinned certificate is a self-signed root",
                           zh="所信任的证书中没有自签名的根证书")  # fmt: skip
    return found


@contextmanager
def _refusing_whatever_else() -> Iterator[None]:
    """Parsers of foreign bytes raise what they like; here it all is one refusal."""
    try:
        yield
    except FairlotError:
        raise
    except Exception as error:
        reason = OPENSSL_REASON.search(str(error))
        why = reason[1] if reason else f"{type(error).__name__}: {error}"[:SHOWN]
        raise VerificationError(
            "time stamp does not hold: {why}", zh="时间戳不成立：{why}", why=why
        ) from error


def _signed(response: bytes) -> "SignedData":
    """Return the token's CMS content; RFC 3161 2.4.2: without a grant there is none."""
    from asn1crypto.tsp import TimeStampResp
    from rfc3161_client import decode_timestamp_response
    from rfc3161_client.tsp import PKIStatus

    answer = decode_timestamp_response(response)
    if answer.status != PKIStatus.GRANTED:
        told = {"status": answer.status, "why": ", ".join(answer.status_string)[:SHOWN] or "-"}
        raise VerificationError("the authority answered with status {status} ({why}); want 0, granted",
                                zh="时间戳机构答复状态为 {status}（{why}），应为 0（签发）",
                                **told)  # fmt: skip
    return TimeStampResp.load(response, strict=True)["time_stamp_token"]["content"]


def _refuse_loose_form(signed: "SignedData") -> None:
    """Refuse another value in the fields that no signature covers (RFC 5652 5.1 and 5.3)."""
    (told,) = signed["signer_infos"]
    digest, algorithm = told["digest_algorithm"]["algorithm"].native, told["signature_algorithm"]
    whole = (signed["version"].native, told["version"].native) == ("v3", "v1")
    listed = [each["algorithm"].native for each in signed["digest_algorithms"]]
    fits = algorithm.signature_algo in ("rsassa_pkcs1v15", "ecdsa") and (
        algorithm["algorithm"].native == "rsassa_pkcs1v15" or algorithm.hash_algo == digest
    )
    if not (whole and fits and listed == [digest] and digest in DIGESTS):
        raise VerificationError("the token is not of the form of RFC 3161 and RFC 5652",
                                zh="时间戳令牌不符合 RFC 3161 与 RFC 5652 的格式")  # fmt: skip


def _refuse_other_data(info: Any, data: bytes) -> None:
    imprint = info["message_imprint"]
    kind = imprint["hash_algorithm"]["algorithm"].native
    got, want = imprint["hashed_message"].native, sha256(data).digest()
    if kind != "sha256" or got != want:
        raise VerificationError(
            "the time stamp is of {kind} {got}; want sha256 {want}",
            zh="时间戳对应 {kind} {got}，应为 sha256 {want}",
            kind=kind, got=got.hex()[:SHOWN], want=want.hex(),
        )  # fmt: skip


def _signer(signed: "SignedData", trusted: Sequence[x509.Certificate]) -> x509.Certificate:
    """Return the one certificate that the token's one signer names; refuse a choice of them.

    Two certificates under one issuer and number would let the checks look at different ones.
    """
    from asn1crypto.x509 import Certificate

    (told,) = signed["signer_infos"]
    sid = told["sid"].chosen
    sent = {each.dump() for each in signed["certificates"]}
    known = sent | {each.public_bytes(Encoding.DER) for each in trusted}
    (signer,) = (
        der
        for der, each in ((der, Certificate.load(der)) for der in known)
        if each.serial_number == sid["serial_number"].native
        and each.issuer.dump() == sid["issuer"].dump()
    )
    return x509.load_der_x509_certificate(signer)


def _refuse_other_certificate(signed: "SignedData", signer: x509.Certificate) -> None:
    """RFC 3161 2.2 and RFC 5816: the signed attributes bind the certificate, by a hash of it."""
    der = signer.public_bytes(Encoding.DER)
    (told,) = signed["signer_infos"]
    named = [
        _names(each["values"][0]["certs"][0], der)
        for each in told["signed_attrs"]
        if each["type"].native in ("signing_certificate", "signing_certificate_v2")
    ]
    if not named or not all(named):
        raise VerificationError("the signed attributes do not name the certificate that signed",
                                zh="签名属性所指证书与签名证书不符")  # fmt: skip


def _names(cert_id: Any, der: bytes) -> bool:
    # The first version of the attribute has no field for the hash: it is SHA-1 (RFC 2634 5.4).
    kind = cert_id["hash_algorithm"]["algorithm"].native if "hash_algorithm" in cert_id else "sha1"
    return bool(new(kind, der).digest() == cert_id["cert_hash"].native)


def _verify(
    response: bytes,
    data: bytes,
    trusted: Sequence[x509.Certificate],
    signer: x509.Certificate,
    nonce: int | None,
    policy: str | None,
) -> None:
    from rfc3161_client import VerificationError as RefusedToken
    from rfc3161_client import VerifierBuilder, decode_timestamp_response

    # One at a time: of two roots of one name the chain would be built on either.
    roots = [each for each in trusted if _is_root(each)]
    own = [each for each in trusted if not _is_authority_of_others(each)]
    if own and signer not in own:
        raise VerificationError("signed by {got}, which is not pinned",
                                zh="签名者 {got} 不在所信任的证书之列",
                                got=signer.subject.rfc4514_string()[:SHOWN])  # fmt: skip
    for root in roots:
        verifier = VerifierBuilder(
            policy_id=x509.ObjectIdentifier(policy) if policy else None,
            tsa_certificate=signer if own else None,
            intermediates=[each for each in trusted if not _is_root(each)],
            roots=[root],
            nonce=nonce,
        ).build()
        try:
            verifier.verify_message(decode_timestamp_response(response), data)
            return
        except RefusedToken:
            if root is roots[-1]:
                raise


def _latest(info: Any) -> datetime:
    """RFC 3161 2.4.2: the time plus its accuracy; none stated counts as none."""
    told = info["accuracy"].native or {}
    moment: datetime = info["gen_time"].native
    return moment + timedelta(
        seconds=told.get("seconds") or 0,
        milliseconds=told.get("millis") or 0,
        microseconds=told.get("micros") or 0,
    )


def _is_root(certificate: x509.Certificate) -> bool:
    return certificate.subject == certificate.issuer


def _is_authority_of_others(certificate: x509.Certificate) -> bool:
    try:
        return certificate.extensions.get_extension_for_class(x509.BasicConstraints).value.ca
    except x509.ExtensionNotFound:
        return False
