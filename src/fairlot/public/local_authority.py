"""A time-stamping authority on this machine (RFC 3161), for demonstrations and tests.

Its clock is whatever the caller says and its key lies beside the draw, so its stamps show how a
time proof works and prove nothing to anybody: whoever shows one must say that it is local.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import sha256
from secrets import randbits
from typing import TYPE_CHECKING

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from fairlot.public.stamp import MAX_STAMP

if TYPE_CHECKING:
    from asn1crypto.cms import SignedData
    from asn1crypto.tsp import TimeStampReq, TSTInfo

__all__ = ["POLICY", "LocalAuthority"]

POLICY = "2.999.3161"  # under the arc that ITU-T X.660 keeps for examples
ACCURACY = {"seconds": 1}
YEARS = timedelta(days=3653)


@dataclass(frozen=True, slots=True)
class LocalAuthority:
    """A root, a certificate under it whose only purpose is time stamping, and its key.

    >>> from datetime import UTC
    >>> authority = LocalAuthority.make("demonstration", datetime(2026, 3, 1, tzinfo=UTC))
    >>> authority.certificate.subject.rfc4514_string()
    'CN=demonstration'
    """

    root: x509.Certificate
    certificate: x509.Certificate
    key: ec.EllipticCurvePrivateKey = field(repr=False)

    @classmethod
    def make(cls, name: str, since: datetime) -> "LocalAuthority":
        """Return a new authority, its certificates good for ten years from ``since``."""
        over, key = (ec.generate_private_key(ec.SECP256R1()) for _ in range(2))
        root = _certificate(f"{name} root", over, f"{name} root", since)
        root = root.add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        own = _certificate(name, key, f"{name} root", since)
        own = own.add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        # RFC 3161 2.3: this purpose alone, and critical.
        purpose = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING])
        own = own.add_extension(purpose, critical=True)
        return cls(root.sign(over, SHA256()), own.sign(over, SHA256()), key)

    @property
    def pinned(self) -> bytes:
        """What a reader pins: the root, in PEM."""
        return self.root.public_bytes(Encoding.PEM)

    def answer(self, request: bytes, moment: datetime) -> bytes:
        """Return the TimeStampResp (DER) to a TimeStampReq: a stamp of ``moment``, or a rejection.

        Rejected are requests that cannot be read, ask for another hash than SHA-256, or ask for
        another policy (RFC 3161 2.4.2, PKIFailureInfo).
        """
        from asn1crypto.tsp import TimeStampReq

        try:
            asked = TimeStampReq.load(request[: MAX_STAMP + 1], strict=True)
            refusal = _refusal(asked)
        except (ValueError, TypeError, KeyError):
            return _rejected("bad_data_format")
        return _rejected(refusal) if refusal else self._granted(asked, moment)

    def _granted(self, asked: "TimeStampReq", moment: datetime) -> bytes:
        from asn1crypto.tsp import TimeStampResp

        signed = self._signed(_info(asked, moment).dump(), bool(asked["cert_req"].native))
        return bytes(TimeStampResp({
            "status": {"status": "granted"},
            "time_stamp_token": {"content_type": "signed_data", "content": signed},
        }).dump())  # fmt: skip

    def _signed(self, content: bytes, with_certificate: bool) -> "SignedData":
        """Return the CMS around a TSTInfo (RFC 5652, version 3 for a content that is not data)."""
        from asn1crypto.cms import CMSAttributes, SignedData
        from asn1crypto.core import ParsableOctetString
        from asn1crypto.x509 import Certificate

        own = Certificate.load(self.certificate.public_bytes(Encoding.DER))
        attributes = CMSAttributes([
            {"type": "content_type", "values": ["tst_info"]},
            {"type": "message_digest", "values": [sha256(content).digest()]},
            {"type": "signing_certificate_v2", "values": [
                {"certs": [{"cert_hash": sha256(own.dump()).digest()}]}
            ]},
        ])  # fmt: skip
        return SignedData({
            "version": "v3",
            "digest_algorithms": [{"algorithm": "sha256"}],
            "encap_content_info": {
                "content_type": "tst_info", "content": ParsableOctetString(content),
            },
            "certificates": [own] if with_certificate else [],
            "signer_infos": [{
                "version": "v1",
                "sid": {"issuer_and_serial_number": {
                    "issuer": own.issuer, "serial_number": own.serial_number,
                }},
                "digest_algorithm": {"algorithm": "sha256"},
                "signed_attrs": attributes,
                "signature_algorithm": {"algorithm": "sha256_ecdsa"},
                "signature": self.key.sign(attributes.dump(), ec.ECDSA(SHA256())),
            }],
        })  # fmt: skip


def _certificate(
    name: str, key: ec.EllipticCurvePrivateKey, issuer: str, since: datetime
) -> x509.CertificateBuilder:
    subject, over = (
        x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, each)]) for each in (name, issuer)
    )
    return x509.CertificateBuilder(
        issuer_name=over,
        subject_name=subject,
        public_key=key.public_key(),
        serial_number=x509.random_serial_number(),
        not_valid_before=since,
        not_valid_after=since + YEARS,
    )


def _refusal(asked: "TimeStampReq") -> str:
    """Return why a request is not granted, or nothing."""
    if asked["message_imprint"]["hash_algorithm"]["algorithm"].native != "sha256":
        return "bad_alg"
    wanted = asked["req_policy"].native
    return "unaccepted_policy" if wanted not in (None, POLICY) else ""


def _info(asked: "TimeStampReq", moment: datetime) -> "TSTInfo":
    from asn1crypto.tsp import TSTInfo

    return TSTInfo({
        "version": "v1",
        "policy": POLICY,
        "message_imprint": asked["message_imprint"],
        "serial_number": randbits(63),
        "gen_time": moment,
        "accuracy": ACCURACY,
        "nonce": asked["nonce"].native,
    })  # fmt: skip


def _rejected(reason: str) -> bytes:
    from asn1crypto.parser import emit
    from asn1crypto.tsp import PKIStatusInfo

    told = {"status": "rejection", "status_string": [reason], "fail_info": {reason}}
    # asn1crypto wants a token in every TimeStampResp; RFC 3161 2.4.2 gives a rejection none.
    return bytes(emit(0, 1, 16, PKIStatusInfo(told).dump()))
