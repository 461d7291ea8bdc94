"""Checkpoints and cosignatures: published notes, the definition written out, and every cheat."""

import base64
import json
from hashlib import sha256
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from logged import OFFICE, STRANGER, WITNESS, key

from fairlot._base.errors import InvalidInput
from fairlot.public import note
from fairlot.public.checkpoint import (
    Checkpoint,
    cosign,
    cosignature_times,
    merge,
    open_checkpoint,
    read_checkpoint,
    sign_checkpoint,
)

DATA = Path(__file__).parents[1] / "reference/data/proof.json"
NOTES = json.loads(DATA.read_bytes())["signed_note"]

# C2SP signed-note and tlog-cosignature, their own examples.
EXAMPLE_VKEY = "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k"
EXAMPLE = "This is an example message.\n\n— example.com/foo Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=\n"
COSIGNED = """example.com/behind-the-sofa
20852163
CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=

— example.com/behind-the-sofa Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=
— witness.example.com/w1 jWbPPwAAAABkGFDLEZMHwSRaJNiIDoe9DYn/zXcrtPHeolMI5OWXEhZCB9dlrDJsX3b2oyin1nPZqhf5nNo0xUe+mbIUBkBIfZ+qnA==
"""

CHECKPOINT = Checkpoint(OFFICE.name, 17, sha256(b"").digest())
SIGNED = sign_checkpoint(CHECKPOINT, OFFICE)
SEEN = merge(SIGNED, cosign(SIGNED, WITNESS, 1679315147))


@pytest.mark.parametrize("vector", NOTES, ids=[each["vkey"][:12] for each in NOTES])
def test_published_notes_verify(vector):
    assert vector["note"].startswith(note.verify(vector["note"], vector["vkey"]))


def test_the_example_of_the_format_verifies():
    assert note.verify(EXAMPLE, EXAMPLE_VKEY) == "This is an example message.\n"
    assert str(note.Vkey.parse(EXAMPLE_VKEY)) == EXAMPLE_VKEY


def test_the_go_checksum_database_is_a_log():
    checkpoint = read_checkpoint(NOTES[1]["note"])
    assert (checkpoint.origin, checkpoint.size) == ("go.sum database tree", 15081221)
    with pytest.raises(InvalidInput, match="the key is sum.golang.org's"):
        open_checkpoint(NOTES[1]["note"], NOTES[1]["vkey"])


def test_the_example_of_a_cosigned_checkpoint_reads():
    checkpoint = read_checkpoint(COSIGNED)
    assert (checkpoint.origin, checkpoint.size) == ("example.com/behind-the-sofa", 20852163)
    name, data = note.split(COSIGNED)[1][1]
    assert (name, int.from_bytes(data[4:12], "big")) == ("witness.example.com/w1", 1679315147)
    assert len(data) == 4 + 8 + 64


def test_a_checkpoint_is_three_lines():
    body = f"draws.example/shanghai\n17\n{base64.b64encode(CHECKPOINT.root).decode()}\n"
    assert note.verify(SIGNED, OFFICE.vkey) == body
    assert open_checkpoint(SIGNED, OFFICE.vkey) == read_checkpoint(SIGNED) == CHECKPOINT


def test_a_cosignature_is_the_literal_one():
    """C2SP tlog-cosignature, written out: key id, time stamp, message."""
    public = WITNESS.private_key.public_key().public_bytes_raw()
    key_id = sha256(b"witness.example\n\x04" + public).digest()[:4]
    signature = WITNESS.private_key.sign(b"cosignature/v1\ntime 5\n" + CHECKPOINT.body.encode())
    literal = base64.b64encode(key_id + (5).to_bytes(8, "big") + signature).decode()
    assert cosign(SIGNED, WITNESS, 5) == f"— witness.example {literal}\n"
    assert WITNESS.cosigner_vkey.split("+")[1] == key_id.hex()
    assert base64.b64decode(WITNESS.cosigner_vkey.split("+")[2]) == b"\x04" + public


def test_times_are_those_of_the_witnesses_asked_for():
    assert cosignature_times(SEEN, [WITNESS.cosigner_vkey]) == [1679315147]
    assert cosignature_times(SEEN, []) == []
    assert cosignature_times(SEEN, [key(9, "other").cosigner_vkey]) == []
    assert cosignature_times(SIGNED, [WITNESS.cosigner_vkey]) == []


def test_of_one_witness_the_first_and_the_last_time_stay():
    text = SIGNED
    for time in (5, 7, 7, 9):
        text = merge(text, cosign(SIGNED, WITNESS, time))
    assert cosignature_times(text, [WITNESS.cosigner_vkey]) == [5, 9]
    assert open_checkpoint(text, OFFICE.vkey) == CHECKPOINT
    assert merge(text, text.partition("\n\n")[2]) == text


def test_a_note_has_room_for_sixteen_signatures():
    text = SIGNED
    for number in range(15):
        text = merge(text, cosign(SIGNED, key(number + 20, f"w{number}"), 5))
    with pytest.raises(InvalidInput, match="17 signatures; want at most 16"):
        merge(text, cosign(SIGNED, WITNESS, 5))


def test_a_witness_key_signs_no_notes_and_a_log_key_no_times():
    with pytest.raises(InvalidInput, match="is a witness's; want a key that signs notes"):
        open_checkpoint(SIGNED, OFFICE.cosigner_vkey)
    with pytest.raises(InvalidInput, match="signs notes; want a witness's"):
        cosignature_times(SEEN, [WITNESS.vkey])


def test_a_note_signature_is_no_cosignature():
    """The same key under the same name: the type of the signature keeps the two apart."""
    both = merge(SIGNED, cosign(SIGNED, OFFICE, 5))
    assert cosignature_times(both, [OFFICE.cosigner_vkey]) == [5]
    assert open_checkpoint(both, OFFICE.vkey) == CHECKPOINT
    assert cosignature_times(SIGNED, [OFFICE.cosigner_vkey]) == []


def _moved(text, by):
    """The same cosignature with another time."""
    name, data = note.split(text)[1][1]
    time = int.from_bytes(data[4:12], "big") + by
    line = base64.b64encode(data[:4] + time.to_bytes(8, "big") + data[12:]).decode()
    return text.rpartition("— ")[0] + f"— {name} {line}\n"


@pytest.mark.parametrize("by", [-1679315147, -1, 1, 2**62])
def test_a_time_that_was_moved_is_refused(by):
    with pytest.raises(InvalidInput, match=r"does not fit|want Unix seconds"):
        cosignature_times(_moved(SEEN, by), [WITNESS.cosigner_vkey])


@pytest.mark.parametrize("time", [0, -1, 2**63])
def test_a_time_that_is_none_is_not_signed(time):
    with pytest.raises(InvalidInput, match="want Unix seconds"):
        cosign(SIGNED, WITNESS, time)


ROOT = base64.b64encode(bytes(32)).decode()


@pytest.mark.parametrize(
    "body",
    [
        "",
        "\n",
        f"log\n1\n{ROOT}",
        f"\n1\n{ROOT}\n",
        f"log\n01\n{ROOT}\n",
        f"log\n-1\n{ROOT}\n",
        f"log\n1 \n{ROOT}\n",
        f"log\n１\n{ROOT}\n",
        f"log\n{10**16}\n{ROOT}\n",
        f"log\n1\n{ROOT}\nextension\n",
        f"log\n1\n{ROOT[:-4]}\n",
        f"log\n1\n{ROOT}{ROOT}\n",
        f"log\n1\n{ROOT[:-2]}B=\n",
        f"log\r\n1\r\n{ROOT}\r\n",
    ],
)
def test_what_is_no_checkpoint(body):
    with pytest.raises(InvalidInput):
        Checkpoint.parse(body)


def test_another_hand_is_refused():
    with pytest.raises(InvalidInput, match="no signature by"):
        open_checkpoint(SIGNED, STRANGER.vkey)
    with pytest.raises(InvalidInput, match="the key is witness.example's"):
        sign_checkpoint(CHECKPOINT, WITNESS)


@given(st.integers(0, len(SEEN) - 1), st.characters())
def test_one_changed_character_is_refused(at, character):
    changed = SEEN[:at] + character + SEEN[at + 1 :]
    if changed != SEEN:
        try:
            told = (
                open_checkpoint(changed, OFFICE.vkey),
                cosignature_times(changed, [WITNESS.cosigner_vkey]),
            )
        except InvalidInput:
            return
        # Only the witness's name or key may have become another's.
        assert told == (CHECKPOINT, [])


@given(st.text())
def test_hostile_lines_are_refused(lines):
    try:
        merged = merge(SIGNED, lines)
    except InvalidInput:
        return
    assert open_checkpoint(merged, OFFICE.vkey) == CHECKPOINT
