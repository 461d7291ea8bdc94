"""It says that the beacon failed, and takes of the fallbacks the one whose list it likes."""

from functools import cache
from pathlib import Path

import pytest
from world import (
    FIRST,
    LAST,
    LATER,
    OFFICE,
    PI,
    PINS,
    RIVAL,
    SECOND,
    TSA,
    Books,
    Lot,
    Row,
    announce,
    beacon,
    drawn,
    failing,
    key,
    list_of,
    moment,
    public,
    rounds,
    share,
    stamped,
    tries,
    verdicts,
)

from fairlot._base.errors import VerificationError
from fairlot.public import seen, switch
from fairlot.public.stamping import request

FRIENDS = [key(10, "friend.one"), key(11, "friend.two")]
FALLBACKS = [SECOND, LATER, LAST]
BEFORE = public.Before(fallbacks=FALLBACKS, witnesses=[each.vkey for each in FRIENDS])
LIKED, TAKEN = 7, LATER
"""A number under which this fallback draws the rival, and neither the beacon nor another one does."""


@cache
def switched(signers: int = 2, taken=TAKEN):
    """The real thing: all four rounds are out; the friends sign whatever moment makes it this one."""
    announced = announce(before=BEFORE, sequence=LIKED)
    earlier = [FIRST, *FALLBACKS][FALLBACKS.index(taken)]
    text = switch.make(public.digest_of(announced), FIRST, FALLBACKS, at=moment(earlier, 1),
                       because="没有中继给出该轮").text()  # fmt: skip
    for each in FRIENDS[:signers]:
        text = switch.cosign(text, each)
    files = public.seal({**announced, "switch.txt": text.encode()}, OFFICE)
    return stamped(drawn(files, taken, source=taken), moment(FIRST, -3600))


def proved(files, at):
    """Return the record with a time stamp of the switch."""
    proof = TSA.answer(request(files["switch.txt"]), at)
    return public.seal({**files, "switch.tsr": proof}, OFFICE)


@cache
def reached(choices: int):
    """How often one of so many rounds of one announcement draws the rival."""
    lot = Lot.of(announce(before=BEFORE, sequence=LIKED))
    sources = [FIRST, *FALLBACKS][:choices]
    values = iter(rounds(400 * choices))
    hits = [[RIVAL in lot.draw(next(values), source=one) for one in sources] for _ in range(400)]
    return share([any(each) for each in hits])


def row(folder: Path) -> Row:
    before, error = reached(4)
    assert failing(proved(switched(), moment(TAKEN, 1))) == ["time"]
    return Row("picks among three fallbacks, with two witnesses who sign what they are told",
               "a chosen rival is drawn", PI, before, tries(2),
               "`time` fails: the switch was not seen before the fallback came out; what is left is "
               "one switch, to the next round, and only if two announced witnesses lie: 1/3 if "
               "they do not", error)  # fmt: skip


def test_four_rounds_to_pick_from():
    for choices in (2, 4):
        found, error = reached(choices)
        assert abs(found - tries(choices)) <= error
    lot = Lot.of(announce(before=BEFORE, sequence=LIKED))
    likes = [RIVAL in lot.draw(s.randomness(beacon.recorded(s.round)), source=s)
             for s in (FIRST, *FALLBACKS)]  # fmt: skip
    assert likes == [False, False, True, False]
    assert RIVAL in list_of(switched())


def test_the_witnesses_word_for_the_moment_shows_nothing():
    found = verdicts(switched())
    assert not [s for s, c in found.items() if c.verdict == "fails"]
    assert found["time"].verdict == "not shown"
    assert "switch" in found["time"].note["en"]


# A stamp is good to the second: that of the second before may be of the very moment.
@pytest.mark.parametrize(("seconds", "want"), [(-2, "holds"), (-1, "fails"), (60, "fails")])
def test_the_switch_is_seen_before_the_fallback_comes_out(seconds, want):
    assert verdicts(proved(switched(), moment(TAKEN, seconds)))["time"].verdict == want


def test_a_switch_that_a_witness_of_the_log_saw_late(tmp_path):
    files = switched()
    head = public.head_of(files)
    books = Books.new(tmp_path).add([seen.entry_of(files, "switch", head)], moment(TAKEN, 60))
    place = {"switch.log.json": books.log.read().inclusion(0).encode()}
    assert seen.seen_in_time({**files, **place}, head, PINS)[0] == "fails"


def test_one_witness_is_not_enough():
    with pytest.raises(VerificationError, match="1 of the announced witnesses signed"):
        public.switched(announce(before=BEFORE, sequence=LIKED), switched(1)["switch.txt"], OFFICE)
    assert failing(switched(1))[0] == "randomness"


def test_a_fallback_without_a_note():
    bare = {name: data for name, data in switched().items() if name != "switch.txt"}
    assert failing(public.seal(bare, OFFICE)) == ["randomness"]


def test_a_fallback_that_was_not_the_next():
    """The note names the moment, and the moment names the fallback."""
    moved = switched()["switch.txt"].replace(str(LATER).encode(), str(LAST).encode())
    assert failing(public.seal({**switched(), "switch.txt": moved}, OFFICE))[0] == "randomness"
