"""Numbers from published randomness: the bytes of the text, and the same numbers however asked."""

from fractions import Fraction
from hashlib import sha256

import numpy as np
import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from hypothesis import given
from hypothesis import strategies as st

from fairlot._base.chance import Chance, as_chance
from fairlot._base.errors import InvalidInput
from fairlot.public.stream import Stream, Tickets, framed, seed, subkey, unit
from fairlot.public.suite import SHA256, SM3, SUITES

BOTH = pytest.mark.parametrize("suite", SUITES.values(), ids=SUITES)
KEY = bytes(range(64))
LEAVES = [sha256(bytes([i])).digest() for i in range(7)]


@pytest.mark.parametrize(("suite", "hash"), [(SHA256, hashes.SHA256()), (SM3, hashes.SM3())])
def test_seed_and_subkey_are_hkdf_of_rfc_5869(suite, hash):
    salt, material, label = sha256(b"announcement").digest(), b"material", "select/pudong:food"
    whole = HKDF(hash, 64, salt, b"fairlot.draw/v1 select/pudong:food").derive(material)
    assert subkey(seed(salt, material, suite), label, suite) == whole


@given(st.lists(st.binary(max_size=5), max_size=4), st.lists(st.binary(max_size=5), max_size=4))
def test_frames_are_told_apart(a, b):
    assert (framed(*a) == framed(*b)) == (a == b)


@BOTH
def test_stream_words_by_the_letter(suite):
    digests = b"".join(suite.digest(KEY + i.to_bytes(8, "big")) for i in range(3))
    want = [int.from_bytes(digests[8 * i : 8 * i + 8], "big") for i in range(12)]
    assert Stream(KEY, suite).words(12).tolist() == want


@given(st.lists(st.integers(0, 9), max_size=8))
def test_the_stream_does_not_depend_on_how_it_is_asked(parts):
    stream = Stream(KEY)
    got = [int(word) for part in parts for word in stream.words(part)]
    assert got == Stream(KEY).words(sum(parts)).tolist()


@BOTH
def test_ticket_words_by_the_letter(suite):
    tickets = Tickets(KEY, LEAVES, suite)
    for call in range(10):
        block, word = divmod(call, 4)
        prefix = KEY + (block.to_bytes(8, "big") if block else b"")
        cut = slice(8 * word, 8 * word + 8)
        want = [int.from_bytes(suite.digest(prefix + leaf)[cut], "big") for leaf in LEAVES]
        assert tickets.words(7).tolist() == want


@given(st.permutations(range(7)), st.integers(1, 7))
def test_a_row_keeps_its_numbers_in_any_company(order, n):
    whole, some = Tickets(KEY, LEAVES), Tickets(KEY, [LEAVES[i] for i in order[:n]])
    for _ in range(6):
        numbers = whole.words(7)
        assert some.words(n).tolist() == [int(numbers[i]) for i in order[:n]]


def test_leaves_may_come_as_one_array():
    leaves = np.frombuffer(b"".join(LEAVES), np.uint8).reshape(7, 32)
    assert Tickets(KEY, leaves).words(7).tolist() == Tickets(KEY, LEAVES).words(7).tolist()


def test_tickets_hand_out_copies():
    tickets = Tickets(KEY, LEAVES)
    tickets.words(7)[:] = 0
    assert tickets.words(7).all()


def test_units_are_exact_and_open():
    words = np.array([0, 1 << 11, 1 << 12, 2**63, 2**64 - 1], np.uint64)
    want = [Fraction(2 * (int(word) >> 12) + 1, 1 << 53) for word in words]
    assert [Fraction(float(u)) for u in unit(words)] == want
    assert unit(words).min() > 0
    assert unit(words).max() < 1


def test_both_are_chance():
    for make in (lambda: Stream(KEY), lambda: Tickets(KEY, LEAVES)):
        assert isinstance(make(), Chance)
        assert as_chance(make()).words(7).tolist() == make().words(7).tolist()
    assert Stream(KEY).random(5).tolist() == unit(Stream(KEY).words(5)).tolist()
    assert Tickets(KEY, LEAVES).random(7).tolist() == unit(Tickets(KEY, LEAVES).words(7)).tolist()
    assert Tickets(KEY, []).words(0).size == Stream(KEY).words(0).size == 0


def test_a_long_run_ends_in_one_hash():
    words = Stream(KEY).words(60_000).astype(">u8").tobytes()
    leaves = [sha256(i.to_bytes(4, "big")).digest() for i in range(10_000)]
    tickets = Tickets(KEY, leaves)
    words += b"".join(tickets.words(10_000).astype(">u8").tobytes() for _ in range(6))
    assert sha256(words).hexdigest() == (
        "02ffa65452b543fe729d8604accfc394b4e41dcf726a8c0518b0790fdf0d9b90"
    )


@pytest.mark.parametrize(
    ("make", "why"),
    [
        (lambda: seed(b"", b""), "announcement digest has 0 bytes; want 32"),
        (lambda: subkey(bytes(31), "a"), "seed has 31 bytes; want 32"),
        (lambda: subkey(bytes(32), ""), "want printable ASCII"),
        (lambda: subkey(bytes(32), "a\n"), "want printable ASCII"),
        (lambda: subkey(bytes(32), "甲"), "want printable ASCII"),
        (lambda: Stream(bytes(32)), "key has 32 bytes; want 64"),
        (lambda: Tickets(KEY, [b"short"]), "leaf hash has 5 bytes; want 32"),
        (lambda: Tickets(KEY, LEAVES).words(6), "asked for 6 words; want one for each of 7 rows"),
    ],
)
def test_refusals(make, why):
    with pytest.raises(InvalidInput, match=why):
        make()
