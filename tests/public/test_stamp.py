"""Time stamps: those of a real authority, of a local one, and every kind of wrong one."""

import json
import subprocess
import time
from base64 import b64decode
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from shutil import which

import pytest
from asn1crypto.cms import CMSAttributes
from asn1crypto.tsp import TimeStampReq, TimeStampResp
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA1, SHA256
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from http_authority import send, served
from hypothesis import given
from hypothesis import strategies as st

from fairlot._base.errors import InvalidInput, VerificationError
from fairlot.public import stamp
from fairlot.public.local_authority import POLICY, LocalAuthority
from fairlot.public.stamp import MAX_STAMP, read_stamp
from fairlot.public.stamping import ask, nonce_of, request

NOON = datetime(2026, 3, 1, 12, 0, 0, 250_000, tzinfo=UTC)
SINCE = datetime(2026, 1, 1, tzinfo=UTC)
DATA = b'{"@spec":"fairlot.draw/v1 announcement"}\n'
REAL = json.loads(Path(__file__).with_name("stamps.json").read_text("utf-8"))

AUTHORITY = LocalAuthority.make("local authority", SINCE)
REQUEST = request(DATA)
RESPONSE = AUTHORITY.answer(REQUEST, NOON)


def refused(response: bytes, *, pinned: bytes = AUTHORITY.pinned, **asked: object) -> str:
    with pytest.raises(VerificationError) as caught:
        read_stamp(response, DATA, pinned, **asked)
    assert caught.value.text("zh") != caught.value.text("en")
    return str(caught.value)


# What holds


@pytest.mark.parametrize("one", REAL["stamps"], ids=lambda one: one["name"])
def test_stamps_of_a_real_authority(one: dict[str, str]) -> None:
    response, pinned = b64decode(one["response"]), REAL["pinned"].encode()
    if one["refused"]:
        with pytest.raises(VerificationError, match=one["refused"]):
            read_stamp(response, b"hello", pinned)
        return
    stamped = read_stamp(response, b"hello", pinned)
    assert stamped.moment.isoformat() == one["moment"]
    assert stamped.authority == "CN=sigstore-tsa,O=sigstore.dev"


def test_a_stamp_tells_the_latest_moment_to_the_fraction() -> None:
    stamped = read_stamp(RESPONSE, DATA, AUTHORITY.pinned, nonce=nonce_of(REQUEST), policy=POLICY)
    assert stamped.moment == NOON + timedelta(seconds=1)
    assert stamped.moment.tzinfo == UTC
    assert stamped.authority == "CN=local authority"
    token = TimeStampResp.load(RESPONSE)["time_stamp_token"]["content"]
    assert stamped.serial == token["encap_content_info"]["content"].parsed["serial_number"].native


def test_the_root_may_be_pinned_as_der_or_among_others() -> None:
    der = AUTHORITY.root.public_bytes(Encoding.DER)
    other = LocalAuthority.make("another", SINCE)
    for pinned in (der, other.pinned + AUTHORITY.pinned):
        assert read_stamp(RESPONSE, DATA, pinned).authority == "CN=local authority"


def test_a_stamp_holds_when_its_certificate_has_since_expired() -> None:
    old = LocalAuthority.make("old", datetime(2001, 1, 1, tzinfo=UTC))
    moment = datetime(2010, 1, 1, tzinfo=UTC)
    assert read_stamp(old.answer(REQUEST, moment), DATA, old.pinned).moment.year == 2010


def test_a_request_without_certificates_needs_the_authority_pinned() -> None:
    asked = TimeStampReq.load(REQUEST)
    asked["cert_req"] = False
    response = AUTHORITY.answer(asked.dump(force=True), NOON)
    own = AUTHORITY.certificate.public_bytes(Encoding.PEM)
    assert read_stamp(response, DATA, AUTHORITY.pinned + own).moment > NOON
    assert "not enough values" in refused(response)


def test_a_self_signed_authority_is_its_own_root() -> None:
    alone = certified(AUTHORITY.key, issuer=None)
    own = replace(AUTHORITY, certificate=alone, root=alone)
    assert read_stamp(own.answer(REQUEST, NOON), DATA, own.pinned).authority == "CN=tsa"


@pytest.mark.skipif(which("openssl") is None, reason="openssl is not on this machine")
def test_openssl_accepts_the_local_authority(tmp_path: Path) -> None:
    for name, data in (
        ("d", DATA),
        ("r.tsr", RESPONSE),
        ("q.tsq", REQUEST),
        ("ca", AUTHORITY.pinned),
    ):
        (tmp_path / name).write_bytes(data)
    at = ["-attime", str(int(NOON.timestamp()))]
    for what in (["-data", "d"], ["-queryfile", "q.tsq"]):
        command = ["openssl", "ts", "-verify", "-in", "r.tsr", "-CAfile", "ca", *what, *at]
        done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
        assert "Verification: OK" in done.stdout, done.stderr


# What is wrong


def certified(
    key: ec.EllipticCurvePrivateKey,
    *,
    issuer: tuple[x509.Certificate, ec.EllipticCurvePrivateKey] | None,
    until: datetime = SINCE + timedelta(days=365),
    purposes: tuple[x509.ObjectIdentifier, ...] = (ExtendedKeyUsageOID.TIME_STAMPING,),
    critical: bool = True,
) -> x509.Certificate:
    """A certificate with a flaw; without an issuer it signs itself."""
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "tsa")])
    made = x509.CertificateBuilder(
        issuer[0].subject if issuer else name, name, key.public_key(),
        x509.random_serial_number(), SINCE, until,
    )  # fmt: skip
    if purposes:
        made = made.add_extension(x509.ExtendedKeyUsage(purposes), critical=critical)
    return made.sign(issuer[1] if issuer else key, SHA256())


@pytest.fixture(scope="module")
def root() -> tuple[x509.Certificate, ec.EllipticCurvePrivateKey]:
    key = ec.generate_private_key(ec.SECP256R1())
    made = LocalAuthority.make("root", SINCE)
    name = made.root.subject
    builder = x509.CertificateBuilder(
        name, name, key.public_key(), 1, SINCE, SINCE + timedelta(days=4000)
    )
    builder = builder.add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
    return builder.sign(key, SHA256()), key


UNSUITABLE = "unsuitable certificate purpose"
FLAWS: dict[str, tuple[dict[str, object], str]] = {
    "expired": ({"until": NOON - timedelta(days=1)}, "certificate has expired"),
    "no purpose": ({"purposes": ()}, UNSUITABLE),
    "other purpose": ({"purposes": (ExtendedKeyUsageOID.CODE_SIGNING,)}, UNSUITABLE),
    "purpose among others": (
        {"purposes": (ExtendedKeyUsageOID.TIME_STAMPING, ExtendedKeyUsageOID.CODE_SIGNING)},
        UNSUITABLE,
    ),
    "purpose not critical": ({"critical": False}, UNSUITABLE),
}


@pytest.mark.parametrize("flaw", FLAWS)
def test_certificates_that_may_not_stamp(flaw: str, root) -> None:
    wrong, why = FLAWS[flaw]
    own = LocalAuthority(root[0], certified(AUTHORITY.key, issuer=root, **wrong), AUTHORITY.key)
    assert why in refused(own.answer(REQUEST, NOON), pinned=own.pinned)


def test_the_same_certificate_without_a_flaw_holds(root) -> None:
    own = LocalAuthority(root[0], certified(AUTHORITY.key, issuer=root), AUTHORITY.key)
    assert read_stamp(own.answer(REQUEST, NOON), DATA, own.pinned).authority == "CN=tsa"


def test_another_authority_under_the_same_root_is_refused_when_one_is_pinned(root) -> None:
    named, other = (certified(AUTHORITY.key, issuer=root) for _ in range(2))
    pinned = (c.public_bytes(Encoding.PEM) for c in (root[0], named))
    response = LocalAuthority(root[0], other, AUTHORITY.key).answer(REQUEST, NOON)
    assert "which is not pinned" in refused(response, pinned=b"".join(pinned))


def test_other_roots_keys_and_data() -> None:
    other = LocalAuthority.make("local authority", SINCE)
    assert "certificate" in refused(RESPONSE, pinned=other.pinned)
    stolen = replace(AUTHORITY, key=other.key)
    assert "Unable to verify pkcs7 signature" in refused(stolen.answer(REQUEST, NOON))
    assert "the time stamp is of sha256" in refused(AUTHORITY.answer(request(b"other"), NOON))
    assert "Nonce mismatch" in refused(RESPONSE, nonce=nonce_of(REQUEST) + 1)
    assert "Policy ID mismatch" in refused(RESPONSE, policy="1.2.3")


def test_a_rejection_is_told_as_one() -> None:
    assert "status 2 (bad_data_format)" in refused(AUTHORITY.answer(b"no request", NOON))
    asked = TimeStampReq.load(REQUEST)
    asked["req_policy"] = "1.2.3"
    assert "unaccepted_policy" in refused(AUTHORITY.answer(asked.dump(force=True), NOON))
    asked = TimeStampReq.load(REQUEST)
    asked["message_imprint"]["hash_algorithm"]["algorithm"] = "sha512"
    assert "bad_alg" in refused(AUTHORITY.answer(asked.dump(force=True), NOON))


def altered(change: Callable[[TimeStampResp], None]) -> bytes:
    response = TimeStampResp.load(RESPONSE)
    change(response)
    return bytes(response.dump(force=True))


def _status(response: TimeStampResp) -> None:
    response["status"]["status"] = "granted_with_mods"


def _version(response: TimeStampResp) -> None:
    response["time_stamp_token"]["content"]["version"] = "v1"


def _no_signer(response: TimeStampResp) -> None:
    response["time_stamp_token"]["content"]["signer_infos"] = []


def _two_signers(response: TimeStampResp) -> None:
    content = response["time_stamp_token"]["content"]
    content["signer_infos"] = [content["signer_infos"][0], content["signer_infos"][0].copy()]


@pytest.mark.parametrize("change", [_status, _version, _no_signer, _two_signers])
def test_altered_tokens(change: Callable[[TimeStampResp], None]) -> None:
    refused(altered(change))


def naming(monkeypatch: pytest.MonkeyPatch, named: list[object]) -> bytes:
    """A response whose signed attributes name the certificate in another way."""
    whole = CMSAttributes.__init__

    def changed(self: CMSAttributes, value: object = None, **more: object) -> None:
        whole(self, [*value[:2], *named] if value else value, **more)

    monkeypatch.setattr(CMSAttributes, "__init__", changed)
    return AUTHORITY.answer(REQUEST, NOON)


def test_the_signed_attributes_must_name_the_certificate(monkeypatch: pytest.MonkeyPatch) -> None:
    """RFC 5816: of two certificates over one key, the token says which; neither may be swapped."""
    assert "do not name the certificate" in refused(naming(monkeypatch, []))


def test_they_may_name_it_by_sha1_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """RFC 2634 5.4, which RFC 3161 asked for before RFC 5816."""
    hashed = AUTHORITY.certificate.fingerprint(SHA1())
    named = {"type": "signing_certificate", "values": [{"certs": [{"cert_hash": hashed}]}]}
    assert read_stamp(naming(monkeypatch, [named]), DATA, AUTHORITY.pinned).moment > NOON


def test_a_second_certificate_under_the_signers_number_is_refused() -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    own = AUTHORITY.certificate
    twin = x509.CertificateBuilder(
        own.issuer, own.subject, key.public_key(), own.serial_number, SINCE, SINCE + timedelta(9)
    ).sign(key, SHA256())

    def twice(response: TimeStampResp) -> None:
        content = response["time_stamp_token"]["content"]
        more = type(content["certificates"][0]).load(twin.public_bytes(Encoding.DER))
        content["certificates"] = [content["certificates"][0], more]

    assert "too many values" in refused(altered(twice))


@given(at=st.integers(0, len(RESPONSE) - 1), bit=st.integers(0, 7))
def test_no_single_bit_can_be_altered(at: int, bit: int) -> None:
    data = bytearray(RESPONSE)
    data[at] ^= 1 << bit
    refused(bytes(data))


@given(data=st.binary(max_size=200), keep=st.integers(0, len(RESPONSE)))
def test_noise_after_any_part_is_refused(data: bytes, keep: int) -> None:
    if data or keep < len(RESPONSE):
        refused(RESPONSE[:keep] + data)


def test_what_is_too_long_is_not_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(stamp, "_signed")
    assert f"want at most {MAX_STAMP}" in refused(bytes(MAX_STAMP + 1))


@pytest.mark.parametrize(
    "pinned",
    [b"", b"-----BEGIN CERTIFICATE-----", AUTHORITY.certificate.public_bytes(Encoding.PEM)],
)
def test_pinned_certificates_without_a_root_are_wrong_input(pinned: bytes) -> None:
    with pytest.raises(InvalidInput, match="pinned certificate"):
        read_stamp(RESPONSE, DATA, pinned)


def test_nothing_cannot_be_stamped() -> None:
    with pytest.raises(InvalidInput, match="no bytes"):
        request(b"")


# Over HTTP


def test_asking_an_authority() -> None:
    with served(lambda http, asked: send(http, AUTHORITY.answer(asked, NOON))) as url:
        response = ask(url, DATA, AUTHORITY.pinned)
    assert read_stamp(response, DATA, AUTHORITY.pinned).moment > NOON


def _drip(http: BaseHTTPRequestHandler, asked: bytes) -> None:
    http.send_response(200)
    http.end_headers()
    for _ in range(30):
        http.wfile.write(b"0")
        http.wfile.flush()
        time.sleep(0.1)


WRONG: dict[str, tuple[Callable[[BaseHTTPRequestHandler, bytes], None], str]] = {
    "an old stamp again": (lambda http, asked: send(http, RESPONSE), "Nonce mismatch"),
    "a redirect": (lambda http, asked: send(http, b"", 307, location="/tsr"), "status 307"),
    "an error": (lambda http, asked: send(http, RESPONSE, 503), "status 503"),
    "endless": (lambda http, asked: send(http, bytes(MAX_STAMP + 1)), "more than 65536 bytes"),
    "cut short": (
        lambda http, asked: send(http, b"", **{"content-length": "9"}), "RemoteProtocolError",
    ),
    "in drips": (_drip, "no answer within 1 s"),
}  # fmt: skip


@pytest.mark.parametrize("how", WRONG)
def test_wrong_answers(how: str) -> None:
    reply, why = WRONG[how]
    with served(reply) as url, pytest.raises(VerificationError, match=why):
        ask(url, DATA, AUTHORITY.pinned, timeout=1)


def test_addresses_that_are_none() -> None:
    with pytest.raises(InvalidInput, match="not an http"):
        ask("ftp://tsa.example", DATA, AUTHORITY.pinned)
    for url in ("http://", "http://127.0.0.1:1/", "http://[/"):
        with pytest.raises(VerificationError, match="gave no time stamp"):
            ask(url, DATA, AUTHORITY.pinned, timeout=5)
