"""Time stamps in the page: it takes what the library takes, and refuses what it refuses."""

import sys
from base64 import b64decode
from dataclasses import replace
from datetime import timedelta
from math import ceil
from pathlib import Path
from random import Random

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.hashes import SHA256, SHA384
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from page_records import NOW, SIGNER
from test_page_record import failing, record, same_verdicts

from fairlot import public
from fairlot._base.errors import FairlotError
from fairlot.public.local_authority import LocalAuthority
from fairlot.public.seen import Pins
from fairlot.public.stamp import read_stamp
from fairlot.public.stamping import request

sys.path.append(str(Path(__file__).parents[1] / "public"))
from test_stamp import AUTHORITY, DATA, FLAWS, NOON, REAL, RESPONSE, SINCE, certified

HASH = SHA256()
SHARE = 400  # altered bits, of ten thousand


def pem(*certificates):
    return b"".join(each.public_bytes(Encoding.PEM) for each in certificates)


def taken(js, tried):
    """Assert that both read the same of these responses, or refuse them; return who is believed."""
    inputs = [[response, data, pinned.decode()] for response, data, pinned in tried]
    told = js("tests/core.js", "verdicts", "record/stamp.js", "readStamp", inputs)
    return [same(mine, *one) for mine, one in zip(told, tried, strict=True)]


def same(mine, response, data, pinned):
    found = read(response, data, pinned)
    assert mine.get("value", {}).get("moment") == found, mine
    return found is not None


def read(response, data, pinned):
    try:
        return ceil(read_stamp(response, data, pinned).moment.timestamp())
    except FairlotError:
        return None


def test_stamps_of_a_real_authority(js):
    tried = [
        (b64decode(one["response"]), b"hello", REAL["pinned"].encode()) for one in REAL["stamps"]
    ]
    assert taken(js, tried) == [not one["refused"] for one in REAL["stamps"]]


def test_stamps_of_a_local_authority(js):
    other = LocalAuthority.make("local authority", SINCE)
    stolen = replace(AUTHORITY, key=other.key).answer(request(DATA), NOON)
    tried = [
        (RESPONSE, DATA, AUTHORITY.pinned), (RESPONSE, DATA, other.pinned + AUTHORITY.pinned),
        (RESPONSE, DATA, pem(AUTHORITY.root, AUTHORITY.certificate)),
        (RESPONSE, b"other", AUTHORITY.pinned), (RESPONSE, DATA, other.pinned),
        (RESPONSE, DATA, pem(AUTHORITY.root, other.certificate)), (stolen, DATA, AUTHORITY.pinned),
        (RESPONSE, DATA, pem(AUTHORITY.certificate)), (RESPONSE, DATA, b""), (b"", DATA, AUTHORITY.pinned),
        (AUTHORITY.answer(b"no request", NOON), DATA, AUTHORITY.pinned),
        (bytes(70_000), DATA, AUTHORITY.pinned),
    ]  # fmt: skip
    assert taken(js, tried) == [True] * 3 + [False] * 9


def test_no_bit_can_be_altered(js):
    places = Random(8).sample(range(8 * len(RESPONSE)), SHARE)
    tried = []
    for place in places:
        data = bytearray(RESPONSE)
        data[place // 8] ^= 1 << place % 8
        tried.append((bytes(data), DATA, AUTHORITY.pinned))
    tried += [(RESPONSE[:k], DATA, AUTHORITY.pinned) for k in range(1, len(RESPONSE), 17)]
    tried += [(RESPONSE + b"\0", DATA, AUTHORITY.pinned)]
    assert not any(taken(js, tried))


def over(key, *, algorithm=HASH, ca=True, length=None, until=SINCE + timedelta(4000), usage=()):
    """A root with a key of its own kind."""
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "root")])
    made = x509.CertificateBuilder(name, name, key.public_key(), 1, SINCE, until)
    made = made.add_extension(x509.BasicConstraints(ca=ca, path_length=length), critical=True)
    for extension in usage:
        made = made.add_extension(extension, critical=True)
    return made.sign(key, algorithm)


def signs(**bits):
    names = (
        "digital_signature", "content_commitment", "key_encipherment", "data_encipherment",
        "key_agreement", "key_cert_sign", "crl_sign", "encipher_only", "decipher_only",
    )  # fmt: skip
    return x509.KeyUsage(**{name: bits.get(name, False) for name in names})


def under(key, root, root_key, *, usage=(), issuer=None):
    """A stamping certificate under a root."""
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "tsa")])
    made = x509.CertificateBuilder(
        issuer or root.subject, name, key.public_key(), 7, SINCE, SINCE + timedelta(365)
    )
    purpose = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING])
    made = made.add_extension(purpose, critical=True)
    for extension in usage:
        made = made.add_extension(extension, critical=True)
    return made.sign(root_key, SHA256())


def test_chains_that_hold_and_chains_that_do_not(js):
    key, own = ec.generate_private_key(ec.SECP384R1()), AUTHORITY.key
    strange = x509.UnrecognizedExtension(x509.ObjectIdentifier("2.999.1"), b"\x05\x00")
    roots = [
        (over(key, algorithm=SHA384()), {}),
        (over(key, length=0, usage=[signs(key_cert_sign=True, crl_sign=True)]), {}),
        (over(key), {"usage": [signs(digital_signature=True)]}),
        (over(key, ca=False), {}),
        (over(key, until=NOON - timedelta(1)), {}),
        (over(key, usage=[signs(digital_signature=True)]), {}),
        (over(key), {"usage": [signs(digital_signature=True, key_cert_sign=True)]}),
        (over(key), {"usage": [strange]}),
        (over(ec.generate_private_key(ec.SECP384R1())), {}),
    ]
    tried = []
    for root, more in roots:
        authority = LocalAuthority(root, under(own, root, key, **more), own)
        tried.append((authority.answer(request(DATA), NOON), DATA, pem(root)))
    assert taken(js, tried) == [True] * 3 + [False] * 6


def test_an_authority_between_root_and_signer(js):
    """Pinned or not, an authority that the root let sign others counts; one that it did not, not."""
    key, middle = (ec.generate_private_key(ec.SECP256R1()) for _ in range(2))
    tried = []
    for length, ca in ((None, True), (0, True), (None, False)):
        root = over(key, length=length)
        name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "between")])
        between = x509.CertificateBuilder(
            root.subject, name, middle.public_key(), 5, SINCE, SINCE + timedelta(900)
        ).add_extension(x509.BasicConstraints(ca=ca, path_length=None), critical=True)
        between = between.sign(key, SHA256())
        own = under(AUTHORITY.key, root, middle, issuer=name)
        response = LocalAuthority(root, own, AUTHORITY.key).answer(request(DATA), NOON)
        tried += [(response, DATA, pem(root)), (response, DATA, pem(root, between))]
    assert taken(js, tried) == [False, True, False, False, False, False]


@pytest.mark.parametrize("flaw", FLAWS)
def test_certificates_that_may_not_stamp(js, flaw):
    key = ec.generate_private_key(ec.SECP256R1())
    root = over(key)
    own = certified(AUTHORITY.key, issuer=(root, key), **FLAWS[flaw][0])
    response = LocalAuthority(root, own, AUTHORITY.key).answer(request(DATA), NOON)
    assert taken(js, [(response, DATA, pem(root))]) == [False]


class RsaKey:
    """Signs as an authority with an RSA key does."""

    def __init__(self):
        self.key = rsa.generate_private_key(65537, 2048)

    def sign(self, message, _):
        return self.key.sign(message, PKCS1v15(), SHA256())


def test_an_rsa_authority(js, monkeypatch):
    from asn1crypto import cms

    key, stamping = rsa.generate_private_key(65537, 3072), RsaKey()
    root = over(key, algorithm=SHA384())
    own = under(stamping.key, root, key)
    whole = cms.SignedData.__init__
    for algorithm in ("sha256_rsa", "rsassa_pkcs1v15"):

        def changed(self, value=None, algorithm=algorithm, **more):
            if value:
                value["signer_infos"][0]["signature_algorithm"] = {"algorithm": algorithm}
            whole(self, value, **more)

        monkeypatch.setattr(cms.SignedData, "__init__", changed)
        response = LocalAuthority(root, own, stamping).answer(request(DATA), NOON)
        assert taken(js, [(response, DATA, pem(root)), (response, b"x", pem(root))]) == [
            True,
            False,
        ]


def test_a_record_that_an_authority_stamped(js):
    """In time, too late, by somebody else, and before the reader names a clock."""
    due, data = public.head_of(record()).beacon.time, record()["announcement.json"]
    for early, verdict in ((3600, "holds"), (60, "fails")):
        moment = NOW.fromtimestamp(due - early, NOW.tzinfo)
        local = LocalAuthority.make("here", moment - timedelta(30))
        stamp = local.answer(request(data), moment)
        files = public.seal({**record(), "announcement.tsr": stamp}, SIGNER)
        assert same_verdicts(js, files, pins=Pins(local.pinned))["time"] == verdict
        assert same_verdicts(js, files)["time"] == "not shown"
    assert failing(same_verdicts(js, files, pins=Pins(AUTHORITY.pinned))) == {"time"}
