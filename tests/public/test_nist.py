"""NIST pulses: the published one, a beacon of our own with NIST's format, and every cheat by name."""

import json
from copy import deepcopy
from hashlib import sha512
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding
from nist_station import MINUTE, ZERO, Station

from fairlot._base.errors import FairlotError, InvalidInput, VerificationError
from fairlot.public import canonical
from fairlot.public.nist import Nist, known

PROOF = json.loads((Path(__file__).parents[1] / "reference/data/proof.json").read_text("utf-8"))
PULSE = PROOF["nist_beacon_2_0"]["pulses"][0]
PINNED = Nist.at(1535651040)


@pytest.fixture(scope="module")
def station():
    return Station(rsa.generate_private_key(65537, 4096))


@pytest.fixture(scope="module")
def value(station):
    before = station.pulse(-1, "aa" * 64, "bb" * 64)
    now = station.pulse(0, "bb" * 64, "cc" * 64, before["outputValue"])
    return {"pulse": now, "previous": before, "certificate": station.pem}


def test_the_published_pulse_holds():
    value = {"pulse": PULSE}
    assert PINNED.randomness(value).hex().upper() == PULSE["outputValue"]
    assert PINNED.attest(value)[0] == "holds"
    form = PINNED.canonical(value)
    assert PINNED.canonical(form) == form
    assert (
        PINNED.randomness(canonical.parse(canonical.encode(form), limit=1 << 14)).hex()
        == (form["pulse"]["outputValue"])
    )


def test_the_certificate_that_ships_is_the_published_one():
    der = x509.load_pem_x509_certificate(PROOF["nist_beacon_2_0"]["certificate_pem"].encode())
    assert set(known()) == {sha512(der.public_bytes(Encoding.DER)).hexdigest()}
    with pytest.raises(InvalidInput, match="no certificate of NIST is known"):
        Nist.at(MINUTE)


def test_under_a_certificate_that_only_the_announcement_names(station, value):
    nist = Nist(MINUTE, 2, station.id)
    assert nist.randomness(value).hex().upper() == value["pulse"]["outputValue"]
    verdict, why = nist.attest(value)
    assert verdict == "not shown"
    assert station.id[:16] in why["en"]
    assert station.id[:16] in why["zh"]
    form = nist.canonical(value)
    assert nist.canonical(form) == form
    assert set(form["pulse"]["listValues"][0]) == {"type", "value"}


def _mutations():
    """Every signed text, number and hash of the published pulse, changed one at a time."""
    for name, field in PULSE.items():
        if isinstance(field, str):
            end = "1" if field[-1] != "1" else "0"
            yield name, {**PULSE, name: field[:-1] + end}
        elif isinstance(field, int):
            yield name, {**PULSE, name: field + 1}
    for name, field in PULSE["external"].items():
        other = field + 1 if isinstance(field, int) else "1" + field[1:]
        yield f"external.{name}", {**PULSE, "external": {**PULSE["external"], name: other}}
    for i, link in enumerate(PULSE["listValues"]):
        for name in ("type", "value"):
            links = deepcopy(PULSE["listValues"])
            links[i][name] = "1" + link[name][1:]
            yield f"listValues[{i}].{name}", {**PULSE, "listValues": links}


@pytest.mark.parametrize(
    ("name", "pulse"), list(_mutations()), ids=lambda v: v if type(v) is str else ""
)
def test_every_changed_field_is_refused(name, pulse):
    with pytest.raises(FairlotError):
        PINNED.randomness({"pulse": pulse})


@pytest.mark.parametrize("name", PULSE)
def test_a_missing_or_odd_field_is_refused(name):
    with pytest.raises(InvalidInput, match="pulse is"):
        PINNED.canonical({"pulse": {key: v for key, v in PULSE.items() if key != name}})
    for odd in (None, True, -1, 1 << 64, 0.5, "x", "é", [], {}, [[]] * 5):
        with pytest.raises(FairlotError):
            PINNED.randomness({"pulse": {**PULSE, name: odd}})


def test_the_addresses_of_older_pulses_are_not_signed_and_not_kept():
    other = deepcopy(PULSE)
    for link in other["listValues"]:
        link["uri"] = "https://elsewhere.example"
    assert PINNED.canonical({"pulse": other}) == PINNED.canonical({"pulse": PULSE})


@pytest.mark.parametrize("value", [{}, {"pulse": PULSE, "more": 1}, {"pulse": None}, PULSE])
def test_other_forms_are_refused(value):
    with pytest.raises(InvalidInput):
        PINNED.randomness(value)


def _signed(station, **changed):
    return {"pulse": station.pulse(0, "bb" * 64, "cc" * 64, **changed), "certificate": station.pem}


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        ({"statusCode": 1}, "status 1: it is the first of a new chain"),
        ({"statusCode": 2}, "status 2: it is after a gap"),
        ({"statusCode": 3}, "status 3: .* pre-commitment lost"),
        ({"statusCode": 9}, "status 9: it is of an unknown kind"),
        ({"timeStamp": "2026-07-13T10:00:30.000Z"}, "timeStamp is"),
        ({"timeStamp": "2026-07-13T10:01:00.000Z"}, "timeStamp is"),
        ({"timeStamp": "2026-07-13T18:00:00.000+08:00"}, "timeStamp is"),
        ({"chainIndex": 1}, "chainIndex is"),
        ({"period": 120_000}, "period is"),
        ({"cipherSuite": 1}, "cipherSuite is"),
        ({"version": "3.0"}, "version is"),
    ],
)
def test_a_true_signature_does_not_make_a_pulse_good(station, changed, why):
    nist = Nist(MINUTE, 2, station.id)
    with pytest.raises(InvalidInput, match=why):
        nist.randomness(_signed(station, **changed))


def test_a_status_is_told_in_chinese_too(station):
    with pytest.raises(InvalidInput) as refused:
        Nist(MINUTE, 2, station.id).randomness(_signed(station, statusCode=2))
    assert refused.value.text("zh") == "脉冲状态为 2：时间间断之后的脉冲；应为 0，即链完整"


@pytest.mark.parametrize(
    ("break_", "why"),
    [
        (lambda s: s.pulse(-1, "aa" * 64, "dd" * 64), "precommitmentValue does not link"),
        (lambda s: s.pulse(-1, "ab" * 64, "bb" * 64), "listValues does not link"),
        (lambda s: s.pulse(-1, "aa" * 64, "bb" * 64, pulseIndex=98), "pulseIndex does not link"),
        (lambda s: s.pulse(-2, "aa" * 64, "bb" * 64), "previous: timeStamp is"),
        (lambda s: {**s.pulse(-1, "aa" * 64, "bb" * 64), "signatureValue": "00" * 512},
         "previous: the signature"),
    ],
)  # fmt: skip
def test_a_broken_link_is_refused(station, value, break_, why):
    with pytest.raises(FairlotError, match=why):
        Nist(MINUTE, 2, station.id).randomness({**value, "previous": break_(station)})


def test_an_output_that_is_not_the_hash_is_refused(station, value):
    forged = {**value["pulse"], "outputValue": "00" * 64}
    with pytest.raises(VerificationError, match="outputValue is not the hash"):
        Nist(MINUTE, 2, station.id).randomness({**value, "pulse": forged})


def test_a_certificate_signs_only_while_it_is_valid(station):
    late = Nist(MINUTE + 2 * 86_400, 2, station.id)
    pulse = station.pulse(2 * 1440, "bb" * 64, "cc" * 64)
    with pytest.raises(VerificationError, match="the certificate is valid from"):
        late.randomness({"pulse": pulse, "certificate": station.pem})


def test_a_certificate_is_the_one_that_was_announced(station, value):
    nist = Nist(MINUTE, 2, station.id)
    other = Station(rsa.generate_private_key(65537, 2048))
    with pytest.raises(InvalidInput, match="certificate is"):
        nist.randomness({**value, "certificate": other.pem})
    with pytest.raises(InvalidInput, match="not a certificate with an RSA key"):
        nist.randomness({key: value[key] for key in ("pulse", "previous")})
    # A certificate beside a pulse of the known one must still be the known one.
    with pytest.raises(InvalidInput, match="certificate is"):
        PINNED.randomness({"pulse": PULSE, "certificate": other.pem})


@pytest.mark.parametrize(
    "text", ["", "x", "AA==", "-----BEGIN CERTIFICATE-----\nAA==\n-----END CERTIFICATE-----\n", 5,
             "A" * 20_000, "é", None],
)  # fmt: skip
def test_what_is_no_certificate_is_refused(value, station, text):
    with pytest.raises(InvalidInput, match="not a certificate with an RSA key"):
        Nist(MINUTE, 2, station.id).randomness({**value, "certificate": text})


@pytest.mark.parametrize(
    "key", [ec.generate_private_key(ec.SECP256R1()), rsa.generate_private_key(65537, 1024)]
)
def test_other_keys_are_refused(value, key):
    other = Station(key)
    pulse = {**value["pulse"], "certificateId": other.id}
    with pytest.raises(InvalidInput, match="its key is"):
        Nist(MINUTE, 2, other.id).randomness({"pulse": pulse, "certificate": other.pem})


@pytest.mark.parametrize(
    "fields",
    [
        (MINUTE + 1, 2, ZERO), (True, 2, ZERO), (-60, 2, ZERO), (1 << 40, 2, ZERO), ("0", 2, ZERO),
        (MINUTE, -1, ZERO), (MINUTE, True, ZERO), (MINUTE, 1 << 32, ZERO), (MINUTE, "2", ZERO),
        (MINUTE, 2, ""), (MINUTE, 2, "A" * 128), (MINUTE, 2, None), (MINUTE, 2, ZERO + "0"),
    ],
)  # fmt: skip
def test_pulses_that_cannot_be(fields):
    with pytest.raises(InvalidInput):
        Nist(*fields)
