"""A beacon of our own that signs pulses as NIST does, byte by byte as the rule is spelt out."""

from datetime import UTC, datetime, timedelta
from hashlib import sha512

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.hashes import SHA256, SHA512
from cryptography.hazmat.primitives.serialization import Encoding

MINUTE = int(datetime(2026, 7, 13, 10, tzinfo=UTC).timestamp())
ZERO = "0" * 128


class Station:
    """A beacon that signs pulses as NIST does, under a certificate of its own."""

    def __init__(self, key):
        self.key = key
        name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "a station")])
        since = datetime.fromtimestamp(MINUTE, UTC)
        builder = x509.CertificateBuilder(name, name, key.public_key(), 7)
        builder = builder.not_valid_before(since - timedelta(1)).not_valid_after(
            since + timedelta(1)
        )
        made = builder.sign(key, SHA256())
        self.pem = made.public_bytes(Encoding.PEM).decode()
        self.id = sha512(made.public_bytes(Encoding.DER)).hexdigest()

    def pulse(self, index, local, committed, previous=ZERO, **changed):
        """The pulse of minute ``index`` from MINUTE on; ``committed`` is the next local value."""
        at = datetime.fromtimestamp(MINUTE + 60 * index, UTC)
        fields = {
            "uri": f"https://beacon.example/beacon/2.0/chain/2/pulse/{100 + index}",
            "version": "2.0", "cipherSuite": 0, "period": 60_000, "certificateId": self.id,
            "chainIndex": 2, "pulseIndex": 100 + index,
            "timeStamp": at.strftime("%Y-%m-%dT%H:%M:%S.000Z"), "localRandomValue": local,
            "external": {"sourceId": ZERO, "statusCode": 0, "value": ZERO},
            "listValues": [
                {"uri": "https://beacon.example", "type": kind, "value": previous}
                for kind in ("previous", "hour", "day", "month", "year")
            ],
            "precommitmentValue": sha512(bytes.fromhex(committed)).hexdigest(), "statusCode": 0,
        } | changed  # fmt: skip
        message = _message(fields)
        signature = self.key.sign(message, PKCS1v15(), SHA512())
        output = sha512(message + signature).hexdigest().upper()
        return {**fields, "signatureValue": signature.hex(), "outputValue": output}


def _message(pulse):
    """The rule of proof.json, spelt out."""

    def u(number, size):
        return number.to_bytes(size, "big")

    def lp(data):
        return u(len(data), 4) + data

    def h(name, part=pulse):
        return lp(bytes.fromhex(part[name]))

    external = pulse["external"]
    return (
        lp(pulse["uri"].encode()) + lp(pulse["version"].encode()) + u(pulse["cipherSuite"], 4)
        + u(pulse["period"], 4) + h("certificateId") + u(pulse["chainIndex"], 8)
        + u(pulse["pulseIndex"], 8) + lp(pulse["timeStamp"].encode()) + h("localRandomValue")
        + h("sourceId", external) + u(external["statusCode"], 4) + h("value", external)
        + b"".join(h("value", link) for link in pulse["listValues"])
        + h("precommitmentValue") + u(pulse["statusCode"], 4)
    )  # fmt: skip
