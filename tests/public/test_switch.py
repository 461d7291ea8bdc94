"""Switching to a fallback: which one is open, who must sign, and every note that is not one."""

from datetime import UTC, datetime

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from fairlot._base.errors import FairlotError, InvalidInput, VerificationError
from fairlot.public.drand import Drand
from fairlot.public.lottery import Kl8
from fairlot.public.nist import Nist
from fairlot.public.note import Signer, sign
from fairlot.public.switch import Switch, check, cosign, make

ANNOUNCEMENT = "ab" * 32
LEFT = Drand(9367912)
T = LEFT.time
FALLBACKS = [Drand(9367912 + 1200), Nist(T + 86_400, 2, "cd" * 64), Kl8(("2024300", "2024301"))]
SIGNERS = [
    Signer(f"w{i}.example", Ed25519PrivateKey.from_private_bytes(bytes([i] * 32))) for i in range(3)
]
WITNESSES = [signer.vkey for signer in SIGNERS]


def moment(seconds):
    return datetime.fromtimestamp(T + seconds, UTC)


def switch(seconds=300, because="没有中继给出该轮"):
    return make(ANNOUNCEMENT, LEFT, FALLBACKS, at=moment(seconds), because=because)


def note_of(made, *signers):
    text = made.text()
    for signer in signers:
        text = cosign(text, signer)
    return text


def checked(text, **changed):
    given = {"announcement": ANNOUNCEMENT, "left": LEFT, "fallbacks": FALLBACKS,
             "witnesses": WITNESSES} | changed  # fmt: skip
    return check(text, **given)


def test_the_text_line_by_line():
    assert switch(because="no relay gave it").text() == (
        "fairlot.draw/v1 switch\n"
        f"announcement {ANNOUNCEMENT}\n"
        "from drand:9367912\n"
        "to drand:9369112\n"
        "at 2024-07-13T21:50:00Z\n"
        "because no relay gave it\n"
    )


@pytest.mark.parametrize(
    ("seconds", "taken"), [(0, 0), (3599, 0), (3600, 1), (86_399, 1), (86_400, 2)]
)
def test_it_goes_to_the_first_that_is_still_to_come(seconds, taken):
    made = switch(seconds)
    assert made.taken == FALLBACKS[taken]
    assert checked(note_of(made, *SIGNERS[:2])) == made


def test_the_order_of_the_list_decides_and_not_the_time():
    made = make(ANNOUNCEMENT, LEFT, FALLBACKS[::-1], at=moment(300), because="x")
    assert made.taken == FALLBACKS[2]


def test_it_comes_after_the_beacon_was_due_and_before_the_last_fallback():
    with pytest.raises(InvalidInput, match="drand:9367912 is not due for 1 s"):
        switch(-1)
    with pytest.raises(InvalidInput, match="no announced fallback is still to come"):
        switch(FALLBACKS[2].time - T)
    with pytest.raises(InvalidInput, match="no announced fallback"):
        make(ANNOUNCEMENT, LEFT, [], at=moment(300), because="x")


@pytest.mark.parametrize("because", ["", "two\nlines", "x" * 501, "\u200e"])
def test_reasons_refused(because):
    with pytest.raises(InvalidInput, match="because is"):
        switch(because=because)


def test_two_witnesses_must_sign():
    made = switch()
    with pytest.raises(VerificationError, match="1 of the announced witnesses signed; want 2"):
        checked(note_of(made, SIGNERS[0]))
    for pair in ((0, 1), (1, 2), (2, 0)):
        assert checked(note_of(made, *(SIGNERS[i] for i in pair))) == made
    assert checked(note_of(made, *SIGNERS)) == made


def test_one_key_twice_is_one_witness():
    made, first = switch(), SIGNERS[0]
    twin = Signer("other.example", first.private_key)
    with pytest.raises(VerificationError, match="1 of the announced"):
        checked(note_of(made, first, twin), witnesses=[first.vkey, twin.vkey])
    with pytest.raises(VerificationError, match="1 of the announced"):
        checked(note_of(made, first, first), witnesses=[first.vkey, first.vkey])


def test_strangers_do_not_count():
    with pytest.raises(VerificationError, match="1 of the announced"):
        checked(note_of(switch(), *SIGNERS[:2]), witnesses=WITNESSES[1:])


def test_a_signature_under_another_text_does_not_count():
    one, other = note_of(switch(), *SIGNERS[:2]), switch(because="another").text()
    with pytest.raises(VerificationError, match="0 of the announced"):
        checked(other + one.removeprefix(switch().text()))


@pytest.mark.parametrize(
    "changed",
    [
        {"announcement": "00" * 32},
        {"left": Drand(9367911)},
        {"fallbacks": FALLBACKS[1:]},
        {"fallbacks": []},
        {"left": FALLBACKS[1]},
    ],
)
def test_it_is_for_one_announcement_and_its_list(changed):
    with pytest.raises(FairlotError):
        checked(note_of(switch(), *SIGNERS), **changed)


def test_a_fallback_that_was_picked_is_refused():
    picked = Switch(ANNOUNCEMENT, LEFT, FALLBACKS[1], T + 300, "x")
    with pytest.raises(VerificationError, match="the note says"):
        checked(note_of(picked, *SIGNERS))
    known = Switch(ANNOUNCEMENT, LEFT, FALLBACKS[0], T + 3600, "x")
    with pytest.raises(VerificationError, match="the note says"):
        checked(note_of(known, *SIGNERS))


@given(st.data())
def test_any_changed_letter_is_refused(data):
    text = note_of(switch(), *SIGNERS[:2])
    i = data.draw(st.integers(0, len(text) - 1))
    letter = data.draw(st.sampled_from("0aA+\n—甲 "))
    if letter != text[i]:
        with pytest.raises(FairlotError):
            checked(text[:i] + letter + text[i + 1 :])


@pytest.mark.parametrize("text", ["", "x\n", switch().text(), "x" * 5000])
def test_what_is_no_note(text):
    with pytest.raises(FairlotError):
        checked(text)
    with pytest.raises(FairlotError):
        checked(sign("something else\n", SIGNERS[0]))


def test_a_second_switch_leaves_the_first_fallback():
    made = make(ANNOUNCEMENT, FALLBACKS[0], FALLBACKS[1:], at=moment(3700), because="again")
    assert made.taken == FALLBACKS[1]
    text = note_of(made, *SIGNERS[:2])
    assert checked(text, left=FALLBACKS[0], fallbacks=FALLBACKS[1:]) == made
