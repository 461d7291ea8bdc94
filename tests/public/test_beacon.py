"""The beacons by name: what is announced reads back, what enters the seed, hostile identities."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fairlot._base.errors import FairlotError, InvalidInput
from fairlot.public import beacon, canonical
from fairlot.public.drand import Drand
from fairlot.public.lottery import Kl8
from fairlot.public.nist import Nist

PROOF = json.loads((Path(__file__).parents[1] / "reference/data/proof.json").read_text("utf-8"))
OTHER = "ab" * 64
BEACONS = [
    Drand(9367912),
    Nist.at(1535651040),
    Nist(1783936800, 2, OTHER),
    Kl8(("2024187", "2024188")),
]
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text() | st.floats(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=6,
)


@pytest.mark.parametrize("each", BEACONS, ids=str)
def test_an_identity_and_a_name_read_back(each):
    identity = canonical.decode(canonical.encode(each.identity()), limit=1 << 12)
    assert beacon.source(identity) == each
    assert beacon.parse(str(each)) == each
    assert identity["time"] == each.time


@pytest.mark.parametrize("each", BEACONS, ids=str)
def test_every_changed_field_of_an_identity_is_refused(each):
    identity = each.identity()
    for field in identity:
        for other in (None, True, 0, -1, 1.5, "", "x", 1 << 60, [], {}):
            if isinstance(each, Nist) and (field, other) in (("time", 0), ("chain", 0)):
                continue  # another pulse, named as well as this one
            with pytest.raises(InvalidInput):
                beacon.source({**identity, field: other})
        with pytest.raises(InvalidInput):
            beacon.source({name: identity[name] for name in identity if name != field})
    with pytest.raises(InvalidInput):
        beacon.source({**identity, "more": 1})


@given(JSON, st.sampled_from([each.identity() for each in BEACONS]), st.data())
def test_hostile_identities_are_refused(noise, identity, data):
    field = data.draw(st.sampled_from(sorted(identity)))
    for hostile in (noise, {**identity, field: noise}):
        try:
            made = beacon.source(hostile)
        except InvalidInput:
            continue
        assert made.identity() == hostile


@given(JSON, st.sampled_from(BEACONS))
def test_hostile_values_are_refused(noise, each):
    keys = ("pulse", "round", "signature", "draws", "witnesses")
    for value in (noise, *({key: noise} for key in keys)):
        with pytest.raises(FairlotError):
            each.randomness(value if isinstance(value, dict) else {})


def test_a_time_gives_the_first_round_at_it_or_after():
    assert beacon.parse("drand@2024-07-13T21:45:00Z") == Drand(9367912)
    assert beacon.parse("drand@2024-07-14T05:45:00+08:00") == Drand(9367912)
    assert beacon.parse("drand@2024-07-13T21:44:58Z") == Drand(9367912)
    assert beacon.parse("drand@2024-07-13T21:45:01Z") == Drand(9367913)
    assert beacon.parse("drand@1999-01-01T00:00:00Z") == Drand(1)


@pytest.mark.parametrize(
    "text",
    [
        "", "drand", "drand:", "drand:0", "drand:-1", "drand:latest", "drand:９", "drand@", "x:1",
        "drand@now", "drand@2024-07-13T21:45:00", "drand@2024-07-13", "drand@2024-13-13T00:00:00Z",
        "drand@2024-07-13T21:45:00.5Z", "nist@latest", "nist:1",
        "nist@2018-08-30T17:44:30Z", "nist@2026-07-13T10:00:00Z", "nist@2026-07-13T10:00:00Z,2",
        f"nist@2026-07-13T10:00:00Z,x,{OTHER}", f"nist@2026-07-13T10:00:00Z,2,{OTHER.upper()}",
        "kl8", "kl8:", "kl8:2024187", "kl8:2024188,2024187", "kl8:2024187,2024187",
        "kl8:2024187,2024188,2024189", "hex:witness", "dice", "drand:1\n",
    ],
)  # fmt: skip
def test_names_refused(text):
    with pytest.raises(InvalidInput):
        beacon.parse(text)


def test_what_enters_the_seed_byte_by_byte():
    value = beacon.recorded(1000)
    got = beacon.material(Drand(1000).identity(), Drand(1000).randomness(value), [b"s" * 32])
    identity = (
        b'{"chain_hash":"52db9ba70e0cc0f6eaf7803dd07447a1f5477735fd3f661792ba94600c84e971",'
        b'"public_key":"' + Drand(1000).identity()["public_key"].encode() + b'",'
        b'"round":1000,"source":"drand quicknet","time":1692806364}'
    )
    parts = [
        b"fairlot.draw/v1 beacon", identity,
        bytes.fromhex("fe290beca10872ef2fb164d2aa4442de4566183ec51c56ff3cd603d930e54fdd"), b"s" * 32,
    ]  # fmt: skip
    assert got == b"".join(len(part).to_bytes(4, "big") + part for part in parts)


@given(st.lists(st.binary(max_size=40), max_size=3), st.binary(max_size=40))
def test_two_materials_never_share_their_bytes(salts, randomness):
    one = beacon.material({}, randomness, salts)
    if salts:
        assert one != beacon.material({}, randomness + b"".join(salts))
    assert one != beacon.material({"a": 1}, randomness, salts)


@pytest.mark.parametrize("each", BEACONS, ids=str)
def test_known_and_future_meet_at_the_second_it_comes_out(each):
    before, at = (datetime.fromtimestamp(each.time + s, UTC) for s in (-1, 0))
    each.refuse_if_known(before)
    with pytest.raises(InvalidInput, match="came out 0 s before"):
        each.refuse_if_known(at)
    with pytest.raises(InvalidInput, match="comes out only in"):
        each.refuse_if_future(before)


def test_a_value_says_whose_it_is():
    pulse = PROOF["nist_beacon_2_0"]["pulses"][0]
    assert beacon.of_value(beacon.recorded(2)) == Drand(2)
    assert beacon.of_value({"pulse": pulse}) == Nist.at(1535651040)
    draws = [{"issue": "2024187"}, {"issue": "2024188"}]
    assert beacon.of_value({"draws": draws}) == Kl8(("2024187", "2024188"))


@given(JSON)
def test_hostile_values_name_no_beacon(noise):
    for value in (noise, {"round": noise}, {"pulse": noise}, {"draws": [noise, noise]}):
        try:
            beacon.of_value(value)
        except InvalidInput:
            continue
        assert type(noise) is int


def test_a_file_is_read_within_bounds(tmp_path):
    file = tmp_path / "round.json"
    value = beacon.recorded(1)
    file.write_text(json.dumps(dict(reversed(value.items())), indent=2))
    assert Drand(1).read(file) == value
    for text in ("[]", "{", '{"round": 1}', " " * 70_000, '{"round":1,"round":1}'):
        file.write_text(text)
        with pytest.raises(InvalidInput):
            Drand(1).read(file)
    with pytest.raises(InvalidInput, match="cannot be read"):
        Drand(1).read(tmp_path / "none.json")
    with pytest.raises(InvalidInput, match="cannot be read"):
        Drand(1).read("nul\0")
