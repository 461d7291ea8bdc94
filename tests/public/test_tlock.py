"""Time locks: vectors of drand's own implementations, and invalid ciphertexts that open to zeros."""

import base64
import hmac
import json
import sys
from hashlib import sha256
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from hypothesis import given, settings
from hypothesis import strategies as st
from py_arkworks_bls12381 import GT, G1Point, G2Point

from fairlot._base.errors import FairlotError, InvalidInput
from fairlot.public import tlock
from fairlot.public.drand import recorded

VECTORS = json.loads((Path(__file__).parent / "vectors_tlock.json").read_text("utf-8"))
ZEROS = bytes(32)
CIPHERTEXT = VECTORS["quicknet"][1]["ciphertext"]
SALT = bytes(range(32))


@pytest.mark.parametrize("row", VECTORS["quicknet"], ids=lambda row: row["salt"][:8])
def test_what_tlock_js_locked_opens(row):
    assert tlock.unlock(row["ciphertext"], recorded(row["round"])).hex() == row["salt"]


def test_the_bytes_of_the_target_group_are_kybers():
    assert tlock._target_bytes(GT.pairing(G1Point(), G2Point())).hex() == VECTORS["pairing"]


def _age(text):
    """The parts of an age file with one tlock stanza: its block, the header's MAC, its key's maker."""
    data = base64.b64decode("".join(text.splitlines()[1:-1]))
    header, mac = data[: data.index(b"\n--- ") + 4], data[data.index(b"\n--- ") + 5 :][:43]
    stanza = header.split(b"\n-> tlock ")[1].split(b"\n---")[0]
    block = base64.b64decode(b"".join(stanza.split(b"\n")[1:]) + b"==")
    return block, header, base64.b64decode(mac + b"=")


def test_a_file_that_go_tlock_made_opens():
    """A block of 16 bytes there is an age file key, and the header's MAC tells that it is right."""
    block, header, mac = _age(VECTORS["go"]["file"])
    signature = G1Point.from_compressed_bytes(bytes.fromhex(VECTORS["go"]["signature"]))
    key = tlock._decrypt(block, signature)
    derived = HKDF(SHA256(), 32, salt=None, info=b"header").derive(key)
    assert hmac.digest(derived, header, "sha256") == mac


@given(st.binary(min_size=32, max_size=32), st.binary(min_size=32, max_size=32))
@settings(max_examples=20)
def test_what_is_locked_opens_to_the_same_salt(salt, sigma):
    ciphertext = tlock._encrypt(salt, tlock.Drand(1000), sigma).hex()
    assert tlock.unlock(ciphertext, recorded(1000)) == salt
    assert tlock.unlock(ciphertext, recorded(2)) == ZEROS


def test_two_locks_of_one_salt_differ():
    assert tlock.lock(SALT, 1000) != tlock.lock(SALT, 1000)


@pytest.mark.parametrize("at", [0, 1, 60, 95, 96, 127, 128, 159])
def test_a_changed_byte_opens_to_zeros(at):
    data = bytearray.fromhex(CIPHERTEXT)
    data[at] ^= 1
    assert tlock.unlock(data.hex(), recorded(1000)) == ZEROS


INFINITY = "c0" + "00" * 95


@pytest.mark.parametrize(
    "ciphertext",
    [
        "", "00" * 160, "ff" * 160, CIPHERTEXT[:-2], CIPHERTEXT + "00", CIPHERTEXT.upper(),
        INFINITY + CIPHERTEXT[192:], "x" * 320, CIPHERTEXT[:-1] + "\n",
        "b" + CIPHERTEXT[1:], "80" + "00" * 95 + CIPHERTEXT[192:],
    ],
    ids=range(11),
)  # fmt: skip
def test_an_invalid_ciphertext_counts_as_zeros(ciphertext):
    assert tlock.unlock(ciphertext, recorded(1000)) == ZEROS


@given(st.binary(min_size=160, max_size=160))
@settings(max_examples=30)
def test_noise_opens_to_zeros(noise):
    assert tlock.unlock(noise.hex(), recorded(1000)) == ZEROS


def test_only_a_verified_round_opens():
    forged = bytes(G1Point().to_compressed_bytes())
    for change in (
        {"signature": forged.hex(), "randomness": sha256(forged).hexdigest()},
        {"round": 1001},
        {"round": None},
        {"signature": "00"},
    ):
        with pytest.raises(FairlotError):
            tlock.unlock(CIPHERTEXT, {**recorded(1000), **change})
    with pytest.raises(FairlotError):
        tlock.unlock(CIPHERTEXT, {})


def test_a_salt_has_32_bytes():
    for salt in (b"", bytes(31), bytes(33)):
        with pytest.raises(InvalidInput, match="want 32"):
            tlock.lock(salt, 1000)


def test_without_the_extra(monkeypatch):
    monkeypatch.setitem(sys.modules, "py_arkworks_bls12381", None)
    with pytest.raises(InvalidInput, match="need the extra"):
        tlock.lock(SALT, 1000)
    with pytest.raises(InvalidInput, match="need the extra"):
        tlock.unlock(CIPHERTEXT, recorded(1000))
