"""Whole records whose randomness is not simply the round announced: a pulse, a lottery, a fallback."""

import sys
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from page_records import NOTICE, SIGNER, SMALL, body, edited, key, noticed, rewritten, small
from page_vectors import PROOF
from test_page_record import failing, same_verdicts

from fairlot import public
from fairlot.planning import Plan
from fairlot.public import beacon, switch
from fairlot.public.drand import Drand
from fairlot.public.lottery import Kl8
from fairlot.public.nist import Nist
from fairlot.public.seen import Pins
from fairlot.public.suite import suite

sys.path.append(str(Path(__file__).parents[1] / "public"))
from nist_station import MINUTE, Station

LATER = datetime(2027, 1, 1, tzinfo=UTC)
SEERS = [key(number, f"seer{number}.example") for number in (7, 8, 9)]


def record(source, value, taken=None, **before):
    """The record of the small roster, announced two hours before its randomness.

    taken  the fallback, where witnesses switched to one
    """
    registers, at = small(), datetime.fromtimestamp(source.time, UTC)
    files = public.announce(
        Plan.of(SMALL), registers, source, signer=SIGNER, announced_at=at - timedelta(hours=2),
        names=public.Names.of(registers, bytes(32), suite=suite("sha256")),
        before=public.Before(**before),
    )  # fmt: skip
    if taken:
        head = public.head_of(files)
        note = switch.make(head.digest.hex(), source, head.before.fallbacks,
                           at=at + timedelta(minutes=5), because="no relay gave it").text()  # fmt: skip
        for each in SEERS[:2]:
            note = switch.cosign(note, each)
        files = public.seal({**files, "switch.txt": note.encode()}, SIGNER)
    return noticed(public.draw(files, value, signer=SIGNER, source=taken or source))


# A pulse


@cache
def station():
    return Station(rsa.generate_private_key(65537, 4096))


@cache
def pulsed(known: bool):
    if known:
        source = Nist.at(1535651040)
        return record(source, source.canonical({"pulse": PROOF["nist_beacon_2_0"]["pulses"][0]}))
    source = Nist(MINUTE, 2, station().id)
    before = station().pulse(-1, "aa" * 64, "bb" * 64)
    now = station().pulse(0, "bb" * 64, "cc" * 64, before["outputValue"])
    value = {"pulse": now, "previous": before, "certificate": station().pem}
    return record(source, source.canonical(value))


@pytest.mark.parametrize(("known", "verdict"), [(True, "holds"), (False, "not shown")])
def test_a_pulse(js, known, verdict):
    """Under the certificate that all know, and under one that the announcement alone names."""
    found = same_verdicts(js, pulsed(known), LATER)
    assert not failing(found)
    assert found["beacon"] == verdict


def forged(files, **change):
    """The record under the authority's seal with another pulse in its outcome."""
    value = body(files, "outcome")["value"]
    return rewritten(files, "outcome", value={**value, **change})


def test_pulses_that_nobody_signed(js):
    """Whoever pinned the certificate, its key signs: the page takes no pulse on its hash alone."""
    files = pulsed(known=False)
    value = body(files, "outcome")["value"]
    other = Station(rsa.generate_private_key(65537, 4096))
    stranger = other.pulse(0, "bb" * 64, "cc" * 64, value["previous"]["outputValue"])
    named = {**stranger, "certificateId": station().id}
    alone = Nist(MINUTE, 2, station().id)._pulse(named, MINUTE)
    for change in (
        {"pulse": {**alone, "signatureValue": "00" * 512}},
        {"pulse": alone},
        {"pulse": {**value["pulse"], "localRandomValue": "ab" * 64}},
        {"certificate": value["certificate"][:-8] + "AAAAAAA="},
        {"certificate": "AAAA"},
        {"previous": value["pulse"]},
        {"previous": {**value["previous"], "outputValue": "00" * 64}},
    ):
        assert failing(same_verdicts(js, forged(files, **change), LATER))


# A lottery that witnesses declare


@cache
def declared():
    source = Kl8(("2024187", "2024188"))
    draws = [
        {"issue": issue, "numbers": [*range(k, 80, 4)]} for k, issue in enumerate(source.issues, 1)
    ]
    return record(source, source.canonical({"draws": draws, "witnesses": ["甲", "乙"]}))


def test_a_lottery(js):
    found = same_verdicts(js, declared())
    assert not failing(found)
    assert found["beacon"] == "not shown"
    early = datetime.fromtimestamp(Kl8(("2024187", "2024188")).time + 3600, UTC)
    assert failing(same_verdicts(js, declared(), early)) == {"beacon"}


@pytest.mark.parametrize("change", [
    lambda value: value["draws"][0]["numbers"].reverse(),
    lambda value: value["draws"][0]["numbers"].pop(),
    lambda value: value["draws"][1].update(issue="2024189"),
    lambda value: value["witnesses"].pop(),
    lambda value: value["draws"][0].update(numbers=[*range(2, 80, 4)]),
])  # fmt: skip
def test_other_numbers_of_a_lottery(js, change):
    """The last of these is in its form; the draw it leads to is not the one published."""
    value = body(declared(), "outcome")["value"]
    change(value)
    assert failing(same_verdicts(js, rewritten(declared(), "outcome", value=value)))


# A fallback


@cache
def fallen_back(names=(0, 1, 2), fallbacks=(1, 1000)):
    """Round 2 did not come out; round 1 was known by then, round 1000 was still to come."""
    return record(
        Drand(2), beacon.recorded(1000), taken=Drand(1000),
        fallbacks=[Drand(round) for round in fallbacks], witnesses=[SEERS[n].vkey for n in names],
    )  # fmt: skip


def test_a_witnessed_switch(js):
    found = same_verdicts(js, fallen_back(), pins=Pins(witnesses=[each.vkey for each in SEERS]))
    assert not failing(found)
    assert found["randomness"] == found["beacon"] == "holds"
    assert same_verdicts(js, fallen_back())["randomness"] == "not shown"


@pytest.mark.parametrize(("old", "new"), [
    ("drand:1000", "drand:1"), ("drand:2\n", "drand:3\n"), ("seer8.example", "seer6.example"),
    ("announcement ", "announcement 0"), ("2023-", "2022-"), ("because", "\nbecause"),
])  # fmt: skip
def test_a_switch_that_does_not_hold(js, old, new):
    files = edited(fallen_back(), "switch.txt", old, new)
    assert "randomness" in failing(same_verdicts(js, files))


def test_a_switch_that_one_hand_signed_twice(js):
    """Of three announced witnesses one signs under two names: that is one."""
    files = fallen_back()
    note = files["switch.txt"].decode()
    text, _ = note.split("\n\n")
    first = SEERS[0]
    alias = type(first)("seer8.example", first.private_key)
    made = switch.cosign(switch.cosign(f"{text}\n", first), alias)
    other = public.seal({**files, "switch.txt": made.encode()}, SIGNER)
    assert "randomness" in failing(same_verdicts(js, other))


def test_the_announced_round_came_out_after_all(js):
    """Without the note the fallback is another beacon than the one announced."""
    files = {name: data for name, data in fallen_back().items() if name != "switch.txt"}
    assert failing(same_verdicts(js, public.seal({**files, **NOTICE}, SIGNER))) == {"randomness"}
