"""Rounds of drand: recorded ones of four chains, and every malleable or forged encoding."""

import json
import sys
from hashlib import sha256
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from py_arkworks_bls12381 import GT, G1Point, G2Point

from fairlot._base.errors import FairlotError, InvalidInput, VerificationError
from fairlot.public.drand import (
    DST,
    QUICKNET,
    UNVERIFIED,
    VERIFIED,
    Chain,
    Drand,
    recorded,
    verify_round,
)

PROOF = json.loads((Path(__file__).parents[1] / "reference/data/proof.json").read_text("utf-8"))
CHAINS = PROOF["drand_chain_info"]["chains"]
ROUND = recorded(9367912)
SIGNATURE = bytes.fromhex(ROUND["signature"])
P = 0x1A0111EA397FE69A4B1BA7B6434BACD764774B84F38512BF6730D2A0F6B0F6241EABFFFEB153FFFFB9FEFFFFFFFFAAAB
X = int.from_bytes(SIGNATURE, "big") & ((1 << 381) - 1)
FLAGS = SIGNATURE[0] >> 5


def with_signature(signature, round=9367912):
    """A round whose randomness agrees with its signature, as a careful forger would publish."""
    return {
        "round": round,
        "signature": signature.hex(),
        "randomness": sha256(signature).hexdigest(),
    }


@pytest.mark.parametrize("name", CHAINS)
def test_the_hash_of_a_chain_is_that_of_its_constants(name):
    info = CHAINS[name]
    chain = Chain(
        info["beaconID"], info["public_key"], info["period"], info["genesis_time"],
        info["groupHash"],
    )  # fmt: skip
    assert chain.hash == info["hash"]
    assert name != "quicknet" or chain == QUICKNET


@pytest.mark.parametrize("row", PROOF["drand_quicknet_rounds"], ids=lambda row: str(row["round"]))
def test_recorded_rounds_hold(row):
    round, value = row["round"], recorded(row["round"])
    assert value == {name: row[name] for name in ("round", "signature", "randomness")}
    assert Drand(round).time == row["time_unix"]
    assert Drand(round).randomness(value).hex() == row["randomness"]
    assert Drand(round).attest(value)[0] == "holds"


def test_a_round_that_does_not_ship():
    with pytest.raises(InvalidInput, match="round 3 is not among"):
        recorded(3)


def test_another_chain_of_the_scheme_holds():
    (row,) = PROOF["drand_other_rfc9380"]
    key, signature = bytes.fromhex(row["public_key"]), bytes.fromhex(row["signature"])
    assert verify_round(key, row["round"], signature) == VERIFIED
    assert sha256(signature).hexdigest() == row["randomness"]
    with pytest.raises(VerificationError):
        Drand(row["round"]).verify(with_signature(signature, row["round"]))


@pytest.mark.parametrize("row", PROOF["drand_default_rounds"], ids=lambda row: str(row["round"]))
def test_the_chained_chain_holds_and_is_no_source(row):
    """pedersen-bls-chained: key in G1, signature in G2, over the previous signature too."""
    signature, previous = (bytes.fromhex(row[k]) for k in ("signature", "previous_signature"))
    message = sha256(previous + row["round"].to_bytes(8, "big")).digest()
    hashed = G2Point.hash_to_curve(message, b"BLS_SIG_BLS12381G2_XMD:SHA-256_SSWU_RO_NUL_")
    key = G1Point.from_compressed_bytes(bytes.fromhex(CHAINS["default"]["public_key"]))
    point = G2Point.from_compressed_bytes(signature)
    assert GT.pairing_check([-G1Point(), key], [point, hashed])
    assert sha256(signature).hexdigest() == row["randomness"]
    with pytest.raises(InvalidInput):
        Drand(row["round"]).randomness({name: row[name] for name in ROUND})


@pytest.mark.parametrize("row", PROOF["drand_must_reject"], ids=lambda row: row["why"])
def test_must_reject(row):
    with pytest.raises(FairlotError):
        Drand(row["round"]).randomness(
            with_signature(bytes.fromhex(row["signature"]), row["round"])
        )


def _flagged(x, flags):
    return (x | flags << 381).to_bytes(48, "big")


FORGED = {
    "x + p": _flagged(X + P, FLAGS),
    "the other root": bytes((-G1Point.from_compressed_bytes(SIGNATURE)).to_compressed_bytes()),
    "infinity": _flagged(0, 0b110),
    "infinity with the sign bit": _flagged(0, 0b111),
    "infinity with an x": _flagged(X, 0b110),
    "off the subgroup": _flagged(0, 0b100),
    "off the curve": _flagged(1, 0b100),
    "all zero": bytes(48),
    "all ones": b"\xff" * 48,
    "the generator": bytes(G1Point().to_compressed_bytes()),
    **{f"flags {f:03b}": _flagged(X, f) for f in range(8) if f != FLAGS},
    **{f"bit {b} flipped": _flagged(X ^ 1 << b, FLAGS) for b in (0, 1, 100, 380)},
}  # fmt: skip


@pytest.mark.parametrize("name", FORGED)
def test_forged_points_are_refused(name):
    assert FORGED[name] != SIGNATURE
    forged = with_signature(FORGED[name])
    with pytest.raises(VerificationError, match="signature of round 9367912 is not by the chain's"):
        Drand(9367912).verify(forged)
    with pytest.raises(VerificationError):
        Drand(9367912).randomness(forged)


@given(st.binary(min_size=48, max_size=48))
def test_noise_is_no_signature(noise):
    with pytest.raises(VerificationError):
        Drand(9367912).randomness(with_signature(noise))


def test_a_true_signature_is_of_its_round_alone():
    with pytest.raises(VerificationError, match="not by the chain's key"):
        Drand(9367913).verify({**ROUND, "round": 9367913})


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"round": 9367913}, "round is '9367913'; want 9367912"),
        ({"round": "9367912"}, "round is '9367912'; want 9367912"),
        ({"round": True}, "round is 'True'; want 9367912"),
        ({"randomness": "00" * 32}, "randomness is '0000"),
        ({"signature": SIGNATURE.hex()[:-2]}, "want 96 lower-case hex digits"),
        ({"signature": SIGNATURE.hex() + "00"}, "want 96 lower-case hex digits"),
        ({"signature": SIGNATURE.hex().upper()}, "want 96 lower-case hex digits"),
        ({"signature": SIGNATURE.hex() + "\n"}, "want 96 lower-case hex digits"),
        ({"signature": None}, "want 96 lower-case hex digits"),
        ({"previous_signature": ""}, "got .*previous_signature"),
    ],
)
def test_rounds_refused(change, why):
    with pytest.raises(InvalidInput, match=why):
        Drand(9367912).canonical({**ROUND, **change})


def test_true_is_not_round_1():
    with pytest.raises(InvalidInput, match="round is 'True'; want 1"):
        Drand(1).canonical({**recorded(1), "round": True})


@pytest.mark.parametrize("round", [0, -1, True, "1", 1.0, None, 1 << 40])
def test_numbers_that_are_no_round(round):
    with pytest.raises(InvalidInput, match="round is"):
        Drand(round)


@given(st.integers(-(1 << 33), 1 << 33))
def test_the_round_of_a_time_is_the_first_at_it_or_after(time):
    round = QUICKNET.round_at(time)
    assert QUICKNET.round_time(round) >= time
    assert round == 1 or QUICKNET.round_time(round - 1) < time


def test_without_the_extra_it_is_said_loudly(monkeypatch):
    monkeypatch.setitem(sys.modules, "py_arkworks_bls12381", None)
    assert Drand(9367912).verify(ROUND) == UNVERIFIED
    verdict, note = Drand(9367912).attest(ROUND)
    assert verdict == "not shown"
    assert "NOT VERIFIED" in note["en"]
    assert "未验证" in note["zh"]
    # The hash binds randomness to signature all the same.
    with pytest.raises(InvalidInput, match="randomness is"):
        Drand(9367912).attest({**ROUND, "randomness": "00" * 32})


def test_the_domain_of_the_hash_is_the_schemes():
    assert DST == b"BLS_SIG_BLS12381G1_XMD:SHA-256_SSWU_RO_NUL_"
