"""Sources of randomness: what is announced, what enters the seed, and every cheat by name."""

import json
import sys
from datetime import UTC, datetime
from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fairlot._base.errors import InvalidInput
from fairlot.public import beacon, canonical
from fairlot.public.beacon import QUICKNET, UNVERIFIED, VERIFIED, Declared, Drand
from fairlot.public.stream import framed

ROUND = beacon.recorded(9367912)
SIGNATURE = bytes.fromhex(str(ROUND["signature"]))
P = 0x1A0111EA397FE69A4B1BA7B6434BACD764774B84F38512BF6730D2A0F6B0F6241EABFFFEB153FFFFB9FEFFFFFFFFAAAB
DIGITS = "00112233445566778899aabbccddeeff"
SOURCES = [Declared("hex", "见证人"), Declared("dice"), Declared("dice", "notary"), Drand(9367912)]

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text() | st.floats(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=6,
)


def with_signature(signature):
    """A round whose randomness agrees with its signature, as a careful forger would publish."""
    return {**ROUND, "signature": signature.hex(), "randomness": sha256(signature).hexdigest()}


@pytest.mark.parametrize("source", SOURCES)
def test_an_identity_reads_back(source):
    identity = canonical.decode(canonical.encode(source.identity()), limit=1 << 12)
    assert beacon.source(identity) == source


@pytest.mark.parametrize(
    "identity",
    [
        None,
        [],
        {},
        {"source": "hex"},
        {"source": "hex", "declared_by": 1},
        {"source": "hex", "declared_by": "two\nlines"},
        {"source": "dice", "declared_by": "", "more": 1},
        {"source": "lottery", "declared_by": ""},
        {"source": ["drand quicknet"], "round": 1},
        {**Drand(5).identity(), "round": 6},
        {**Drand(5).identity(), "round_time": 0},
        {**Drand(1).identity(), "round": True},
        {**Drand(5).identity(), "public_key": "00"},
        {**Drand(5).identity(), "chain_hash": "00"},
        {**Drand(5).identity(), "round": -5},
    ],
)
def test_identities_refused(identity):
    with pytest.raises(InvalidInput):
        beacon.source(identity)


@given(JSON, st.sampled_from(["hex", "dice", "drand quicknet"]))
def test_hostile_identities_are_refused(noise, kind):
    for identity in (
        noise,
        {"source": kind, "declared_by": noise},
        {"source": kind, "round": noise},
    ):
        try:
            made = beacon.source(identity)
        except InvalidInput:
            continue
        assert made.identity() == identity


@given(JSON)
def test_hostile_values_are_refused(noise):
    values = [noise if isinstance(noise, dict) else {"hex": noise}, {"dice": noise}]
    values += [{**ROUND, name: noise} for name in ROUND]
    for value in values:
        for source in SOURCES:
            if value != ROUND:
                with pytest.raises(InvalidInput):
                    source.material(value)


@pytest.mark.parametrize(
    ("text", "source"),
    [
        ("drand:7", Drand(7)),
        ("dice", Declared("dice")),
        ("dice:公证处", Declared("dice", "公证处")),
        ("hex:witness", Declared("hex", "witness")),
    ],
)
def test_sources_by_name(text, source):
    assert beacon.parse(text) == source


@pytest.mark.parametrize(
    "text",
    ["", "drand", "drand:", "drand:0", "drand:-1", "drand:latest", "drand:９", "hex", "hex:", "x"],
)
def test_sources_refused(text):
    with pytest.raises(InvalidInput):
        beacon.parse(text)


def test_what_enters_the_seed():
    source = Declared("hex", "witness")
    identity = b'{"declared_by":"witness","source":"hex"}'
    want = framed(b"fairlot.draw/v0 beacon", identity, DIGITS.encode())
    assert source.material({"hex": DIGITS}) == want
    drand = framed(
        b"fairlot.draw/v0 beacon",
        canonical.encode(Drand(9367912).identity()),
        sha256(SIGNATURE).digest(),
    )
    assert Drand(9367912).material(ROUND) == drand


def test_digits_have_one_form():
    spaced = "00112233 44556677\t8899AABB\n ＣＣＤＤＥＥＦＦ"
    assert Declared("hex", "w").read(spaced) == {"hex": DIGITS}
    assert Declared("dice").read("３" + " 1" * 38) == {"dice": "3" + "1" * 38}


@pytest.mark.parametrize(
    ("source", "text", "why"),
    [
        (Declared("hex", "w"), DIGITS[:31], "got 31 digits and 0 other characters; want 32"),
        (Declared("hex", "w"), DIGITS + "g", "got 32 digits and 1 other characters"),
        (Declared("hex", "w"), "0x" + DIGITS, "got 33 digits and 1 other"),
        (Declared("hex", "w"), "0" * 4097, "want one text named hex"),
        (Declared("dice"), "1" * 38, "got 38 digits and 0 other characters; want 39"),
        (Declared("dice"), "1" * 39 + "a", "got 39 digits and 1 other"),
        (Declared("dice"), "١" * 39, "got 0 digits and 39 other"),
    ],
)
def test_digits_refused(source, text, why):
    with pytest.raises(InvalidInput, match=why):
        source.read(text)


def test_declared_digits_show_nothing():
    verdict, note = Declared("hex", "witness").attest({"hex": DIGITS})
    assert verdict == "not shown"
    assert "witness" in note["en"]
    with pytest.raises(InvalidInput):
        Declared("hex", "witness").attest({"hex": "00"})
    Declared("dice").refuse_if_known(datetime(2000, 1, 1, tzinfo=UTC))
    Declared("dice").refuse_if_future(datetime(2000, 1, 1, tzinfo=UTC))
    assert not Declared("dice").public


def test_the_chain_hash_follows_from_the_constants():
    assert QUICKNET.hash == "52db9ba70e0cc0f6eaf7803dd07447a1f5477735fd3f661792ba94600c84e971"


def test_rounds_and_seconds():
    assert beacon.round_time(9367912) == 1720907100  # 2024-07-13T21:45:00Z
    assert [beacon.round_at(1720907100 + s) for s in (-3, -2, 0, 1, 3)] == [
        9367911, 9367912, 9367912, 9367913, 9367913,
    ]  # fmt: skip
    assert beacon.round_at(0) == 1
    assert beacon.round_at(QUICKNET.genesis_time) == 1


@given(st.integers(1, 1 << 39), st.integers(-2, 0))
def test_round_at_undoes_round_time(number, earlier):
    assert beacon.round_at(beacon.round_time(number) + earlier) == number


def test_a_round_lies_between_announcement_and_draw():
    out = datetime(2024, 7, 13, 21, 45, tzinfo=UTC)
    before = datetime(2024, 7, 13, 21, 44, 59, tzinfo=UTC)
    Drand(9367912).refuse_if_known(before)
    Drand(9367912).refuse_if_future(out)
    with pytest.raises(InvalidInput, match="came out 0 s before the announcement; want 9367913"):
        Drand(9367912).refuse_if_known(out)
    with pytest.raises(InvalidInput, match="comes out only in 1 s"):
        Drand(9367912).refuse_if_future(before)


def test_the_recorded_round_is_verified():
    assert Drand(9367912).verify(ROUND) == VERIFIED
    assert Drand(9367912).attest(ROUND)[0] == "holds"
    assert Drand(9367912).public
    with pytest.raises(InvalidInput, match="not among the recorded rounds"):
        beacon.recorded(1)


def _points():
    x = int.from_bytes(SIGNATURE, "big") & ((1 << 381) - 1)
    plus_p = bytearray((x + P).to_bytes(48, "big"))
    plus_p[0] |= SIGNATURE[0] & 0xE0
    return {
        "the same point with x + p": bytes(plus_p),
        "the negative point": bytes([SIGNATURE[0] ^ 0x20]) + SIGNATURE[1:],
        "compression flag off": bytes([SIGNATURE[0] & 0x7F]) + SIGNATURE[1:],
        "infinity": b"\xc0" + bytes(47),
        "infinity with the sign flag": b"\xe0" + bytes(47),
        "infinity with rubbish": b"\xc0" + b"\x01" * 47,
        "off the subgroup": b"\x80" + bytes(47),
        "all ones": b"\xff" * 48,
        "all zero": bytes(48),
        "last bit flipped": SIGNATURE[:-1] + bytes([SIGNATURE[-1] ^ 1]),
    }


@pytest.mark.parametrize("name", _points())
def test_forged_points_are_refused(name):
    forged = with_signature(_points()[name])
    with pytest.raises(InvalidInput, match="signature of round 9367912 is not by the chain's key"):
        Drand(9367912).verify(forged)
    with pytest.raises(InvalidInput):
        Drand(9367912).material(forged)


def test_a_true_signature_of_another_round_is_refused():
    with pytest.raises(InvalidInput, match="not by the chain's key"):
        Drand(9367913).verify({**ROUND, "round": 9367913})


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"round": 9367913}, "round is '9367913'; want 9367912"),
        ({"round": "9367912"}, "round is '9367912'; want 9367912"),
        ({"round": True}, "round is 'True'; want 9367912"),
        ({"randomness": "00" * 32}, "randomness is '0000"),
        ({"signature": SIGNATURE.hex()[:-2]}, "want 96 lower-case hex digits"),
        ({"signature": SIGNATURE.hex().upper()}, "want 96 lower-case hex digits"),
        ({"previous_signature": ""}, "got .*previous_signature"),
    ],
)
def test_rounds_refused(change, why):
    with pytest.raises(InvalidInput, match=why):
        Drand(9367912).canonical({**ROUND, **change})


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


def test_a_round_file_as_the_servers_write_it(tmp_path):
    file = tmp_path / "round.json"
    file.write_text(json.dumps(dict(reversed(ROUND.items())), indent=2))
    assert Drand(9367912).read(str(file)) == ROUND
    for text in ("[]", "{", '{"round": 9367912}', " " * 5000):
        file.write_text(text)
        with pytest.raises(InvalidInput):
            Drand(9367912).read(str(file))
    with pytest.raises(InvalidInput, match="cannot be read"):
        Drand(9367912).read(str(tmp_path / "none.json"))
    with pytest.raises(InvalidInput, match="cannot be read"):
        Drand(9367912).read("nul\0")
