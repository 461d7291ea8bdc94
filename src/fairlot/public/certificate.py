"""An X.509 certificate with an RSA key, as one pins it: by the SHA-512 of its DER."""

import base64
import binascii
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha512
from warnings import catch_warnings, simplefilter

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.utils import CryptographyDeprecationWarning
from cryptography.x509 import (
    InvalidVersion,
    load_der_x509_certificate,
    load_pem_x509_certificate,
)

from fairlot._base.errors import InvalidInput

__all__ = ["Certificate", "from_text"]

MAX_TEXT = 16_384
# What the parser says of bytes that RFC 5280 does not allow; of some it only warns as yet.
REFUSED = (
    ValueError, binascii.Error, UnsupportedAlgorithm, InvalidVersion, CryptographyDeprecationWarning,
)  # fmt: skip
BITS = range(2048, 8193)  # a larger key would only cost time


@dataclass(frozen=True, slots=True)
class Certificate:
    """A key, and the two moments between which it signs."""

    id: str
    key: RSAPublicKey
    since: datetime
    until: datetime
    der: bytes = field(repr=False)

    def to_text(self) -> str:
        """Return the DER in base64, which has one form where PEM has many."""
        return base64.b64encode(self.der).decode()


def from_text(text: object) -> Certificate:
    """Return the certificate in this PEM or base64 of DER; refuse a key that is not RSA."""
    why = f"{type(text).__name__}"
    try:
        if isinstance(text, str) and len(text) <= MAX_TEXT:
            return _read(text)
        why += " or longer than a certificate"
    except REFUSED as error:
        why = str(error)
    raise InvalidInput("not a certificate with an RSA key: {why}",
                       zh="不是 RSA 公钥证书：{why}", why=why[:200])  # fmt: skip


def _read(text: str) -> Certificate:
    with catch_warnings():
        simplefilter("error", CryptographyDeprecationWarning)
        if text.startswith("-----"):
            read = load_pem_x509_certificate(text.encode())
        else:
            read = load_der_x509_certificate(base64.b64decode(text, validate=True))
    key, der = read.public_key(), read.public_bytes(Encoding.DER)
    if not isinstance(key, RSAPublicKey) or key.key_size not in BITS:
        raise ValueError(f"its key is {type(key).__name__}")
    moments = read.not_valid_before_utc, read.not_valid_after_utc
    return Certificate(sha512(der).hexdigest(), key, *moments, der)
