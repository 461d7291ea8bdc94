"""Beacons in the page: what Python verifies holds, the rest is refused."""

import base64
import json
from hashlib import sha512

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from page_vectors import PROOF

from fairlot._base.errors import FairlotError
from fairlot.public import beacon, drand
from fairlot.public.lottery import Kl8, key_string
from fairlot.public.nist import Nist

QUICKNET = bytes.fromhex(drand.QUICKNET.public_key)
P = 0x1A0111EA397FE69A4B1BA7B6434BACD764774B84F38512BF6730D2A0F6B0F6241EABFFFEB153FFFFB9FEFFFFFFFFAAAB


def refused(js, *call):
    with pytest.raises(FairlotError) as caught:
        js(*call)
    return caught.value.text("en")


# drand


def test_the_chains_hashes(js):
    for name, chain in PROOF["drand_chain_info"]["chains"].items():
        told = {
            "beaconId": chain["beaconID"], "publicKey": chain["public_key"],
            "period": chain["period"], "genesisTime": chain["genesis_time"],
            "groupHash": chain["groupHash"],
        }  # fmt: skip
        assert js("drand.js", "chainHash", told) == chain["hash"], name


@pytest.mark.parametrize("round", PROOF["drand_quicknet_rounds"], ids=lambda r: str(r["round"]))
def test_published_rounds(js, round):
    value = {name: round[name] for name in ("round", "signature", "randomness")}
    identity = drand.Drand(round["round"]).identity()
    told = js("beacon.js", "read", identity, value)
    assert told["randomness"].hex() == round["randomness"]
    assert told["shown"] is True
    assert identity == js("drand.js", "identity", round["round"])


def test_a_round_of_another_chain(js):
    (other,) = PROOF["drand_other_rfc9380"]
    key, signature = bytes.fromhex(other["public_key"]), bytes.fromhex(other["signature"])
    js("drand.js", "verifyRound", key, other["round"], signature)
    assert refused(js, "drand.js", "verifyRound", QUICKNET, other["round"], signature)


def malleable() -> list[tuple[str, bytes]]:
    """Other spellings of the signature of round 1000, which no verifier may take."""
    good = bytes.fromhex(drand.recorded(1000)["signature"])
    x = int.from_bytes(good, "big") & ((1 << 381) - 1)
    flags = good[0] & 0xE0
    beyond = bytearray((x + P).to_bytes(48, "big"))
    beyond[0] |= flags
    return [
        ("x + p", bytes(beyond)),
        ("the other root", bytes([good[0] ^ 0x20]) + good[1:]),
        ("not compressed", bytes([good[0] & 0x7F]) + good[1:]),
        ("infinity, and more", bytes([good[0] | 0x40]) + good[1:]),
        ("49 bytes", good + b"\x00"),
        ("uncompressed infinity", bytes([0x40]) + bytes(95)),
    ]


REJECT = [(c["why"], c["round"], bytes.fromhex(c["signature"])) for c in PROOF["drand_must_reject"]]
REJECT += [(why, 1000, signature) for why, signature in malleable()]


@pytest.mark.parametrize(("why", "round", "signature"), REJECT, ids=[why for why, *_ in REJECT])
def test_rounds_that_must_be_rejected(js, why, round, signature):
    with pytest.raises(FairlotError):
        drand.verify_round(QUICKNET, round, signature)
    said = refused(js, "drand.js", "verifyRound", QUICKNET, round, signature)
    assert said == f"the signature of round {round} is not by the chain's key"


@pytest.mark.parametrize("change", [
    {"round": 1001}, {"round": "1000"}, {"randomness": "00" * 32}, {"more": 1},
    {"signature": drand.recorded(1000)["signature"].upper()}, {"signature": None},
])  # fmt: skip
def test_values_that_are_no_round(js, change):
    value = drand.recorded(1000) | change
    assert refused(js, "beacon.js", "read", drand.Drand(1000).identity(), value)


@pytest.mark.parametrize("change", [{"time": 0}, {"chain_hash": "00"}, {"round": 0}, {"x": 1}])
def test_beacons_that_are_not_exactly_known(js, change):
    identity = drand.Drand(1000).identity() | change
    assert refused(js, "beacon.js", "read", identity, drand.recorded(1000))
    assert "want a quicknet round" in refused(js, "beacon.js", "read", {"source": "latest"}, {})


# NIST

PULSE = PROOF["nist_beacon_2_0"]["pulses"][0]
NIST = Nist.at(1535651040)
VALUE = NIST.canonical({"pulse": PULSE})


def test_a_published_pulse(js):
    told = js("beacon.js", "read", NIST.identity(), VALUE)
    assert told["randomness"] == NIST.randomness(VALUE)
    assert told["shown"] is True


def in_pulse(**change: object) -> dict[str, object]:
    return VALUE | {"pulse": VALUE["pulse"] | change}


@pytest.mark.parametrize("value", [
    in_pulse(pulseIndex=54611), in_pulse(statusCode=1), in_pulse(outputValue="00" * 64),
    in_pulse(signatureValue="00" * 512), in_pulse(signatureValue="ff" * 512),
    in_pulse(signatureValue=PULSE["signatureValue"]), in_pulse(localRandomValue="00" * 64),
    in_pulse(timeStamp="2018-08-30T17:45:00.000Z"), in_pulse(period=60000.5), in_pulse(more=1),
    in_pulse(listValues=VALUE["pulse"]["listValues"][:4]), in_pulse(version="2.1"),
    in_pulse(external={}), in_pulse(chainIndex=2), in_pulse(uri=None), in_pulse(uri="甲"),
    VALUE | {"previous": VALUE["pulse"]}, VALUE | {"certificate": "AAAA"}, {"pulse": None}, {},
    VALUE | {"more": 1},
])  # fmt: skip
def test_pulses_that_are_refused(js, value):
    assert refused(js, "beacon.js", "read", NIST.identity(), value)


@pytest.mark.parametrize("der", [b"", b"some other DER", b"\x30\x80\x00\x00", bytes(100)])
def test_what_is_no_certificate(js, der):
    name = sha512(der).hexdigest()
    identity = NIST.identity() | {"certificate_id": name}
    value = in_pulse(certificateId=name) | {"certificate": base64.b64encode(der).decode()}
    assert refused(js, "beacon.js", "read", identity, value)


# 快乐8

KL8 = Kl8(("2024187", "2024188"))
NUMBERS = list(range(3, 79, 4))
DRAWS = KL8.canonical({
    "draws": [{"issue": issue, "numbers": [80, *NUMBERS]} for issue in KL8.issues],
    "witnesses": ["乙", "甲"],
})  # fmt: skip


def test_two_draws_of_a_lottery(js):
    told = js("beacon.js", "read", KL8.identity(), DRAWS)
    assert told["randomness"] == KL8.randomness(DRAWS)
    assert told["shown"] is False
    seeds = PROOF["rfc3797"]["seeds"]
    assert js("lottery.js", "keyString", seeds) == PROOF["rfc3797"]["key"] == key_string(seeds)


def in_draws(numbers: list[object]) -> dict[str, object]:
    return DRAWS | {"draws": [DRAWS["draws"][0], {"issue": "2024188", "numbers": numbers}]}


@pytest.mark.parametrize("value", [
    in_draws(NUMBERS), in_draws([*NUMBERS[::-1], 80]), in_draws([*NUMBERS, 81]),
    in_draws([*NUMBERS, 75]), in_draws(["80", *NUMBERS]), in_draws(None), in_draws([]),
    DRAWS | {"draws": DRAWS["draws"][::-1]}, DRAWS | {"draws": DRAWS["draws"] * 2},
    DRAWS | {"witnesses": ["甲"]}, DRAWS | {"witnesses": ["甲", "甲"]}, DRAWS | {"more": 1},
    DRAWS | {"witnesses": ["甲 ", "乙"]}, DRAWS | {"witnesses": ["甲", "a\u200bb"]}, {},
    DRAWS | {"witnesses": DRAWS["witnesses"][::-1]}, {"draws": DRAWS["draws"]},
])  # fmt: skip
def test_draws_that_are_refused(js, value):
    assert refused(js, "beacon.js", "read", KL8.identity(), value)


JSON = st.none() | st.booleans() | st.integers(-3, 9) | st.text(max_size=5) | st.floats(0, 1)
JSON |= st.lists(JSON, max_size=2) | st.dictionaries(st.text(max_size=3), JSON, max_size=2)


def spoilt(value: object, path: list[int], by: object) -> object:
    """The value with the part at the end of a path replaced."""
    if not path or not isinstance(value, dict | list) or not value:
        return by
    keys = list(value) if isinstance(value, dict) else list(range(len(value)))
    key = keys[path[0] % len(keys)]
    copy = value.copy()
    copy[key] = spoilt(value[key], path[1:], by)
    return copy


@settings(max_examples=50)
@given(st.lists(st.integers(0, 30), max_size=6), JSON)
def test_nothing_but_a_refusal_comes_of_hostile_values(js, path, by):
    known = [(NIST, VALUE), (KL8, DRAWS), (drand.Drand(1000), drand.recorded(1000))]
    calls = [spoilt([source.identity(), value], path, by) for source, value in known]
    calls = [call if isinstance(call, list) else [call, call] for call in calls]
    for (source, value), call, told in zip(
        known, calls, js("tests/core.js", "verdicts", "beacon.js", "read", calls), strict=True
    ):
        same = json.dumps(call) == json.dumps([source.identity(), value])
        assert ("value" in told) == same


def test_what_enters_the_seed(js):
    args = [KL8.identity(), b"abc", [b"salt", b""]]
    assert js("beacon.js", "material", *args) == beacon.material(*args)
