"""Signed notes: what is signed verifies, and nothing else."""

import base64
import stat

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from hypothesis import given
from hypothesis import strategies as st

from fairlot._base.errors import InvalidInput
from fairlot.public.note import Signer, Vkey, load_key, save_key, sign, verify

OFFICE = Signer("office.example", Ed25519PrivateKey.from_private_bytes(bytes(range(32))))
WITNESS = Signer("witness.example", Ed25519PrivateKey.from_private_bytes(bytes(32)))
TEXT = "draw 7\n\nwith an empty line\n"
NOTE = sign(TEXT, OFFICE)


def test_a_signed_text_verifies():
    assert verify(NOTE, OFFICE.vkey) == TEXT


def test_other_signatures_are_passed_over():
    both = NOTE + sign(TEXT, WITNESS).rpartition("\n\n")[2]
    assert verify(both, OFFICE.vkey) == verify(both, WITNESS.vkey) == TEXT


def test_a_vkey_reads_back():
    assert str(Vkey.parse(OFFICE.vkey)) == OFFICE.vkey
    assert "private" not in repr(OFFICE)


@given(st.integers(0, len(NOTE) - 1), st.characters())
def test_one_changed_character_is_refused(at, character):
    changed = NOTE[:at] + character + NOTE[at + 1 :]
    if changed != NOTE:
        with pytest.raises(InvalidInput):
            verify(changed, OFFICE.vkey)


@given(st.text(), st.text())
def test_hostile_text_is_refused(note, vkey):
    with pytest.raises(InvalidInput):
        verify(note, OFFICE.vkey)
    with pytest.raises(InvalidInput):
        verify(NOTE, vkey)


def _with_spare_bits(note):
    """The same signature in another base64: the last sign has bits that do not count."""
    at = note.rindex("=") - (2 if note.endswith("==\n") else 1)
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
    return note[:at] + alphabet[alphabet.index(note[at]) ^ 1] + note[at + 1 :]


@pytest.mark.parametrize(
    ("note", "why"),
    [
        (TEXT, "not a signed note"),
        (NOTE[:-1], "not a signed note"),
        (NOTE + "\n", "signature line is ''"),
        (NOTE.replace("\n\n— ", "\n— "), "not a signed note"),
        (NOTE.replace("— office", "- office"), "not a signed note"),
        (NOTE.replace("draw", "draw\r"), "no control signs"),
        (NOTE.replace("draw 7", "draw 8"), "does not fit the text"),
        (NOTE.replace("office", "bureau"), "no signature by office.example"),
        (NOTE + NOTE.rpartition("\n\n")[2] * 16, "17 signatures; want at most 16"),
        (_with_spare_bits(NOTE), "not canonical base64"),
        ("x" * (1 << 20) + "\n" + NOTE, "not a signed note"),
    ],
)
def test_notes_refused(note, why):
    assert note != NOTE
    with pytest.raises(InvalidInput, match=why):
        verify(note, OFFICE.vkey)


def _vkey(algorithm, size):
    key = base64.b64encode(bytes([algorithm]) + bytes(size)).decode()
    return f"a+00000000+{key}"


@pytest.mark.parametrize(
    ("vkey", "why"),
    [
        ("", "want name"),
        ("office.example", "want name"),
        (OFFICE.vkey.replace("office", "of fice"), "want name"),
        (OFFICE.vkey.replace("office", "bureau"), "has the hash"),
        (_vkey(1, 31), "want name"),
        (_vkey(2, 32), "want name"),
        (_vkey(1, 32), "has the hash 00000000"),
    ],
)
def test_vkeys_refused(vkey, why):
    with pytest.raises(InvalidInput, match=why):
        Vkey.parse(vkey)


@pytest.mark.parametrize("text", ["", "no line end", "tab\t\n", "half a pair \ud800\n", "\r\n"])
def test_texts_that_are_not_signed(text):
    with pytest.raises(InvalidInput, match="a note's text is UTF-8"):
        sign(text, OFFICE)


@pytest.mark.parametrize("name", ["", "two words", "a+b", "line\n", "\u3000", "\ud800"])
def test_names_refused(name):
    with pytest.raises(InvalidInput, match="without spaces"):
        Signer(name, OFFICE.private_key)


def test_a_key_is_kept_for_its_owner_alone_and_never_overwritten(tmp_path):
    path = tmp_path / "office.key"
    save_key(OFFICE, path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert load_key(path, OFFICE.name).vkey == OFFICE.vkey
    before = path.read_bytes()
    with pytest.raises(InvalidInput, match="File exists; a secret is never overwritten"):
        save_key(WITNESS, path)
    assert path.read_bytes() == before


def test_what_is_not_a_key(tmp_path):
    path = tmp_path / "other.key"
    with pytest.raises(InvalidInput, match="No such file"):
        load_key(path, "office")
    path.write_bytes(b"-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n")
    with pytest.raises(InvalidInput, match="is not an unencrypted Ed25519 key"):
        load_key(path, "office")
    other = X25519PrivateKey.generate()
    path.write_bytes(other.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    with pytest.raises(InvalidInput, match="X25519"):
        load_key(path, "office")
