"""Notes and checkpoints in the page: what Python verifies holds, the rest is refused."""

import base64
import json

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given, settings
from hypothesis import strategies as st
from page_vectors import PROOF

from fairlot._base.errors import FairlotError, InvalidInput
from fairlot.public import checkpoint, merkle, note
from fairlot.public.inclusion import Inclusion


def signer(name: str, seed: int) -> note.Signer:
    return note.Signer(name, Ed25519PrivateKey.from_private_bytes(bytes([seed]) * 32))


LOG, WITNESS, OTHER = signer("log.example", 1), signer("w.example", 2), signer("o.example", 3)


def refused(js, *call):
    with pytest.raises(FairlotError) as caught:
        js(*call)
    return caught.value.text("en")


# Notes


@pytest.mark.parametrize("case", PROOF["signed_note"], ids=lambda case: case["vkey"][:10])
def test_published_notes(js, case):
    assert js("note.js", "verify", case["note"], case["vkey"]) == note.verify(**case)
    assert "does not fit" in refused(js, "note.js", "verify", "x" + case["note"], case["vkey"])


def test_keys_of_notes(js):
    key = js("note.js", "parseVkey", LOG.cosigner_vkey)
    parsed = note.Vkey.parse(LOG.cosigner_vkey)
    assert (key["name"], key["algorithm"], key["publicKey"], key["id"]) == (
        parsed.name, 4, parsed.public_key, parsed.id,
    )  # fmt: skip
    for vkey, why in [
        (LOG.vkey.replace("+", "+0", 1), "want name"),
        (LOG.vkey.replace("log", "dog"), "has the hash"),
        (LOG.vkey[:-4], "want name"),
        ("", "want name"),
    ]:
        assert why in refused(js, "note.js", "parseVkey", vkey)


SIGNED = note.sign("draw 7\n\n甲\n", LOG)


def changed(what: str) -> str:
    data = bytearray(base64.b64decode(SIGNED.split()[-1]))
    data[-1] ^= 0x80
    flipped = base64.b64encode(data).decode()
    return {
        "another text": SIGNED.replace("7", "8"),
        "a flipped bit": SIGNED.replace(SIGNED.split()[-1], flipped),
        "a control sign": SIGNED.replace("7", "7\r"),
        "no line end": SIGNED[:-1],
        "no signature": "draw 7\n",
        "a broken line": SIGNED.replace("— log", "- log"),
        "spare bits": SIGNED.replace(SIGNED[-3:], chr(ord(SIGNED[-3]) + 1) + "=\n"),
        "a name with a space": SIGNED.replace("log.example ", "log\u3000example "),
        "too many": SIGNED + SIGNED.split("\n\n")[-1] * 16,
        "somebody else's": note.sign("draw 7\n", OTHER),
    }[what]


@pytest.mark.parametrize("what", [
    "another text", "a flipped bit", "a control sign", "no line end", "no signature",
    "a broken line", "spare bits", "a name with a space", "too many", "somebody else's",
])  # fmt: skip
def test_notes_that_are_refused_in_both(js, what):
    with pytest.raises(InvalidInput):
        note.verify(changed(what), LOG.vkey)
    assert refused(js, "note.js", "verify", changed(what), LOG.vkey)


def test_a_note_with_more_than_one_signature(js):
    both = SIGNED + note.sign("draw 7\n\n甲\n", OTHER).split("\n\n")[-1]
    assert js("note.js", "verify", both, LOG.vkey) == js("note.js", "verify", both, OTHER.vkey)
    assert "witness's" in refused(js, "note.js", "verify", both, LOG.cosigner_vkey)


@settings(max_examples=20)
@given(
    st.lists(
        st.tuples(st.integers(0, len(SIGNED)), st.integers(0, 2), st.characters()),
        min_size=30,
        max_size=30,
    )
)
def test_changed_notes_have_the_same_verdict(js, changes):
    notes = [SIGNED[:at] + sign + SIGNED[at + cut :] for at, cut, sign in changes]
    got = js("tests/core.js", "verdicts", "note.js", "verify", [[each, LOG.vkey] for each in notes])
    assert ["value" in told for told in got] == [holds(each) for each in notes]


def holds(signed: str) -> bool:
    try:
        note.verify(signed, LOG.vkey)
    except FairlotError:
        return False
    return True


# Checkpoints


def cosigned(size: int = 7, root: bytes = bytes(32)) -> str:
    text = checkpoint.sign_checkpoint(checkpoint.Checkpoint("log.example", size, root), LOG)
    for witness, time in ((WITNESS, 1700000001), (OTHER, 5), (WITNESS, 1700000000)):
        text = checkpoint.merge(text, checkpoint.cosign(text, witness, time))
    return text


def test_checkpoints(js):
    text = cosigned()
    assert js("checkpoint.js", "openCheckpoint", text, LOG.vkey) == {
        "origin": "log.example", "size": 7, "root": bytes(32),
    }  # fmt: skip
    assert js("checkpoint.js", "readCheckpoint", text)["size"] == 7
    for witnesses in ([], [WITNESS], [WITNESS, OTHER]):
        vkeys = [witness.cosigner_vkey for witness in witnesses]
        want = checkpoint.cosignature_times(text, vkeys)
        assert js("checkpoint.js", "cosignatureTimes", text, vkeys) == want


@pytest.mark.parametrize(
    "body",
    [
        "log\n7\n",
        "log\n07\nAAAA\n",
        f"log\n7\n{'A' * 43}=\nmore\n",
        f"log\n-1\n{'A' * 43}=\n",
        "\n0\n",
    ],
)
def test_texts_that_are_no_checkpoint(js, body):
    assert "not a checkpoint" in refused(js, "checkpoint.js", "parseCheckpoint", body)


def test_checkpoints_that_are_refused(js):
    text = cosigned()
    key = [WITNESS.cosigner_vkey]
    assert "does not fit" in refused(
        js, "checkpoint.js", "cosignatureTimes", text.replace("7", "8", 1), key
    )
    assert "type 4" in refused(js, "checkpoint.js", "cosignatureTimes", text, [WITNESS.vkey])
    assert "no signature" in refused(js, "checkpoint.js", "openCheckpoint", text, OTHER.vkey)
    stolen = note.sign(text.split("\n\n")[0] + "\n", OTHER)
    assert "the key is" in refused(js, "checkpoint.js", "openCheckpoint", stolen, OTHER.vkey)


def test_an_entry_in_the_log(js):
    entries = [b"entry %d" % i for i in range(7)]
    tree = merkle.levels([merkle.leaf_hash(entry) for entry in entries])
    proof = tuple(merkle.inclusion_proof(tree, 4))
    file = Inclusion(4, proof, cosigned(7, tree[-1][0].tobytes()))
    told = json.loads(file.encode())
    args = [LOG.vkey, [WITNESS.cosigner_vkey]]
    want = file.verify(entries[4], *args)
    assert js("inclusion.js", "verify", told, entries[4], *args) == want
    assert "root is" in refused(js, "inclusion.js", "verify", told, entries[3], *args)
    for more in (
        {"index": 3},
        {"index": -1},
        {"proof": told["proof"][1:]},
        {"@spec": ""},
        {"x": 1},
    ):
        assert refused(js, "inclusion.js", "verify", told | more, entries[4], *args)
