"""A beacon does not come out: two witnesses sign, and the draw takes its announced fallback."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from logged import key
from small_record import NOW, SIGNER, announced, found, noticed, rewritten, verdicts

from fairlot import public
from fairlot._base.errors import FairlotError
from fairlot.public import beacon, note, switch
from fairlot.public.drand import QUICKNET, Drand

Record = dict[str, bytes]

FAILED, FALLBACK = 1000, 9367912
AT = datetime.fromtimestamp(QUICKNET.round_time(FAILED), UTC)
WITNESSES = [key(n, f"w{n}.example") for n in (11, 12, 13)]
SECOND = Drand(FALLBACK + 10)


@pytest.fixture(scope="module")
def waiting() -> Record:
    before = {
        "fallbacks": [Drand(FALLBACK), SECOND],
        "witnesses": [each.vkey for each in WITNESSES],
    }
    return announced(source=Drand(FAILED), at=AT - timedelta(days=1), before=before)


def signed(files: Record, *signers: note.Signer, **changes: Any) -> bytes:
    given = {"at": AT + timedelta(seconds=300), "because": "五分钟内没有中继给出该轮", **changes}
    made = switch.make(public.digest_of(files), Drand(FAILED), [Drand(FALLBACK), SECOND], **given)
    text = made.text()
    for signer in signers:
        text = switch.cosign(text, signer)
    return text.encode()


@pytest.fixture(scope="module")
def drawn(waiting: Record) -> Record:
    files, source = public.switched(waiting, signed(waiting, *WITNESSES[:2]), SIGNER)
    value = beacon.recorded(FALLBACK)
    return noticed(public.draw(files, value, signer=SIGNER, source=source))


def test_a_witnessed_switch_is_drawn_and_verifies(waiting: Record, drawn: Record) -> None:
    after = found(drawn, pins=public.Pins(witnesses=[each.vkey for each in WITNESSES[:2]]))
    assert (after["randomness"].verdict, after["beacon"].verdict) == ("holds", "holds")
    assert "fails" not in {check.verdict for check in after.values()}
    assert drawn["switch.txt"] == signed(waiting, *WITNESSES[:2])
    assert public.value_of(drawn)[0] == Drand(FALLBACK)


KNOWN = {
    "nobody": (),
    "one of them": [WITNESSES[0].vkey],
    "one of them twice": [WITNESSES[0].vkey, WITNESSES[0].cosigner_vkey],
    "one of them, and one who did not sign": [WITNESSES[0].vkey, WITNESSES[2].vkey],
}


@pytest.mark.parametrize("name", KNOWN)
def test_on_the_word_of_strangers_nothing_is_shown(drawn: Record, name: str) -> None:
    """Whom an announcement names may be two keys of the authority's own making."""
    after = found(drawn, pins=public.Pins(witnesses=KNOWN[name]))
    assert after["randomness"].verdict == "not shown"
    for each in WITNESSES[:2]:
        assert each.vkey in after["randomness"].note["en"]
    assert WITNESSES[2].vkey not in after["randomness"].note["en"]
    assert after["beacon"].verdict == after["selection"].verdict == "holds"


def test_a_witness_is_known_by_the_key_that_cosigns_logs_too(drawn: Record) -> None:
    pins = public.Pins(witnesses=[each.cosigner_vkey for each in WITNESSES[:2]])
    assert found(drawn, pins=pins)["randomness"].verdict == "holds"


def test_without_a_switch_the_announced_beacon_is_drawn(waiting: Record) -> None:
    files, source = public.switched(waiting, None, SIGNER)
    assert (files, source) == (waiting, Drand(FAILED))
    done = noticed(public.draw(files, beacon.recorded(FAILED), signer=SIGNER))
    assert "fails" not in verdicts(done).values()


def test_a_fallback_without_its_note_fails(drawn: Record) -> None:
    alone = public.seal({n: d for n, d in drawn.items() if n != "switch.txt"}, SIGNER)
    check = found(alone)["randomness"]
    assert check.verdict == "fails"
    assert "the randomness is of drand:9367912; want drand:1000" in check.note["en"]


def test_a_note_that_was_not_followed_fails(waiting: Record) -> None:
    """With the note on the table the announced beacon is left, even if it turns up after all."""
    done = noticed(public.draw(waiting, beacon.recorded(FAILED), signer=SIGNER))
    both = public.seal({**done, "switch.txt": signed(waiting, *WITNESSES[:2])}, SIGNER)
    check = found(both)["randomness"]
    assert check.verdict == "fails"
    assert "the randomness is of drand:1000; want drand:9367912" in check.note["en"]


NOTES = {
    "one witness": lambda files: signed(files, WITNESSES[0]),
    "one witness twice": lambda files: signed(files, WITNESSES[0], WITNESSES[0]),
    "strangers": lambda files: signed(files, key(21, "s1.example"), key(22, "s2.example")),
    "nobody": lambda files: signed(files),
    "of another announcement": lambda files: signed(
        {"announcement.json": b"x"}, *WITNESSES[:2]),
    "another reason": lambda files: signed(files, *WITNESSES[:2]).replace(
        "五分钟".encode(), "四分钟".encode()),
    "the second fallback": lambda files: signed(files, *WITNESSES[:2]).replace(
        b"to drand:9367912", b"to drand:9367922"),
    "no UTF-8": lambda files: b"\xff" + signed(files, *WITNESSES[:2]),
    "nothing": lambda files: b"",
}  # fmt: skip


@pytest.mark.parametrize("name", NOTES)
def test_a_wrong_note_fails_and_is_refused(waiting: Record, drawn: Record, name: str) -> None:
    wrong = NOTES[name](waiting)
    with pytest.raises(FairlotError):
        public.switched(waiting, wrong, SIGNER)
    check = found(public.seal({**drawn, "switch.txt": wrong}, SIGNER))["randomness"]
    assert check.verdict == "fails"
    assert "Error: " not in check.note["en"]


def test_the_value_is_that_of_the_fallback(drawn: Record) -> None:
    wrong = rewritten(drawn, "outcome", value=beacon.recorded(FAILED))
    assert verdicts(wrong)["randomness"] == "fails"
    early = datetime.fromtimestamp(QUICKNET.round_time(FALLBACK) - 1, UTC)
    assert verdicts(drawn, now=early)["beacon"] == "fails"
    assert verdicts(drawn, now=NOW)["beacon"] == "holds"


def test_a_switch_before_the_beacon_was_due_is_refused(waiting: Record) -> None:
    with pytest.raises(FairlotError, match="drand:1000 is not due for 1 s"):
        signed(waiting, *WITNESSES[:2], at=AT - timedelta(seconds=1))
