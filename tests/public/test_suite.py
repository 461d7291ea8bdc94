"""Both hashes against published vectors, OpenSSL and the definitions of HMAC and HKDF."""

import hashlib

import numpy as np
import pytest
from cryptography.hazmat.primitives.hashes import SM3 as OPENSSL_SM3
from cryptography.hazmat.primitives.hashes import Hash
from hypothesis import given
from hypothesis import strategies as st

from fairlot._base.errors import InvalidInput
from fairlot.public import suite as module
from fairlot.public.suite import SHA256, SM3, SUITES, as_rows, numbers, side_by_side, suite


def openssl_sm3(data):
    digest = Hash(OPENSSL_SM3())
    digest.update(data)
    return digest.finalize()


ORACLES = {"sha256": lambda data: hashlib.sha256(data).digest(), "sm3": openssl_sm3}
KEY = bytes(range(64))

VECTORS = [  # FIPS 180-2 appendix B; GB/T 32905-2016 appendix A
    (SHA256, b"abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
    (SHA256, b"abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
     "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"),
    (SM3, b"abc", "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"),
    (SM3, b"abcd" * 16, "debe9ff92275b8a138604889c18e5a4d6fdb70e5387e5765293dcba39c0c5732"),
]  # fmt: skip


@pytest.mark.parametrize(("of", "message", "want"), VECTORS)
def test_published_vectors(of, message, want, monkeypatch):
    data = np.frombuffer(message, np.uint8)[None]
    assert of.digest(message).hex() == want
    assert of.digests_of_rows(data)[0].tobytes().hex() == want
    monkeypatch.setattr(module, "FEW", 0)
    assert of.digests_of_rows(data)[0].tobytes().hex() == want


RFC_5869 = [  # appendix A: input, salt, info, length, extracted, expanded
    (b"\x0b" * 22, bytes(range(13)), bytes(range(0xF0, 0xFA)), 42,
     "077709362c2e32df0ddc3f0dc47bba6390b6c73bb50f9c3122ec844ad7c2b3e5",
     "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865"),
    (bytes(range(0x50)), bytes(range(0x60, 0xB0)), bytes(range(0xB0, 0x100)), 82,
     "06a6b88c5853361a06104c9ceb35b45cef760014904671014a193f40c15fc244",
     "b11e398dc80327a1c8e7f78c596a49344f012eda2d4efad8a050cc4c19afa97c59045a99cac7827271cb41c65e"
     "590e09da3275600c2f09b8367793a9aca3db71cc30c58179ec3e87c14c01d5c1f3434f1d87"),
    (b"\x0b" * 22, b"", b"", 42,
     "19ef24a32c717b167f33a91d6f648bdf96596776afdb6377ac434c1c293ccb04",
     "8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d9d201395faa4b61a96c8"),
]  # fmt: skip


@pytest.mark.parametrize(("material", "salt", "info", "length", "extracted", "expanded"), RFC_5869)
def test_hkdf_vectors(material, salt, info, length, extracted, expanded):
    assert SHA256.extract(salt, material).hex() == extracted
    assert SHA256.expand(bytes.fromhex(extracted), info, length).hex() == expanded


def literal_hmac(h, key, data):
    """RFC 2104."""
    block = (h(key) if len(key) > 64 else key).ljust(64, b"\0")
    inner = h(bytes(b ^ 0x36 for b in block) + data)
    return h(bytes(b ^ 0x5C for b in block) + inner)


def literal_expand(h, seed, info, length):
    """RFC 5869 2.3."""
    told, last = b"", b""
    for i in range(1, -(-length // 32) + 1):
        last = literal_hmac(h, seed, last + info + bytes([i]))
        told += last
    return told[:length]


@pytest.mark.parametrize("name", SUITES)
@given(key=st.binary(max_size=80), data=st.binary(max_size=80), length=st.integers(1, 100))
def test_hmac_and_hkdf_by_the_letter(name, key, data, length):
    h, of = ORACLES[name], SUITES[name]
    assert of.digest(data) == h(data)
    assert of.hmac(key, data) == of.extract(key, data) == literal_hmac(h, key, data)
    assert of.expand(bytes(32), data, length) == literal_expand(h, bytes(32), data, length)


@pytest.mark.parametrize("name", SUITES)
@pytest.mark.parametrize("few", [0, 1 << 14])
def test_few_and_many_are_hashed_alike(name, few, monkeypatch):
    monkeypatch.setattr(module, "FEW", few)
    h, of = ORACLES[name], SUITES[name]
    data = np.arange(200, dtype=np.uint8)
    offsets = np.array([0, 0, 3, 66, 130, 195])
    messages = [bytes(range(a, b)) for a, b in [(0, 0), (0, 3), (3, 66), (66, 130), (130, 195)]]
    assert [d.tobytes() for d in of.digests(data, offsets)] == [h(m) for m in messages]
    got = of.digests(data, offsets, KEY)
    assert [d.tobytes() for d in got] == [h(KEY + m) for m in messages]
    assert of.digests(data, np.zeros(1, np.int64)).shape == (0, 32)
    assert of.digests_of_rows(np.empty((0, 7), np.uint8)).shape == (0, 32)
    column = np.arange(12, dtype=np.uint8).reshape(3, 4)[:, 1:3]  # not in one piece
    assert [d.tobytes() for d in of.digests_of_rows(column)] == [h(r.tobytes()) for r in column]


@pytest.mark.parametrize("name", SUITES)
@pytest.mark.parametrize("few", [0, 1 << 14])
def test_tickets_by_the_letter(name, few, monkeypatch):
    monkeypatch.setattr(module, "FEW", few)
    h, of = ORACLES[name], SUITES[name]
    leaves = np.arange(96, dtype=np.uint8).reshape(3, 32)
    for block in (0, 1, 2**63):
        prefix = KEY + (block.to_bytes(8, "big") if block else b"")
        want = [h(prefix + leaf.tobytes()) for leaf in leaves]
        words = [[int.from_bytes(d[i : i + 8], "big") for i in (0, 8, 16, 24)] for d in want]
        got = of.tickets(KEY, leaves, block)
        assert got.dtype == np.uint64
        assert got.tolist() == words


def test_the_kernels_serve_from_the_threshold_on(monkeypatch):
    """Below it every message is hashed alone, and nothing is compiled."""
    asked, digests = [], module.Lanes.digests
    monkeypatch.setattr(module, "FEW", 4)
    monkeypatch.setattr(
        module.Lanes, "digests", lambda *a: asked.append(len(a[2]) - 1) or digests(*a)
    )
    for n in (3, 4, 5):
        SHA256.digests_of_rows(np.zeros((n, 8), np.uint8))
    assert asked == [4, 5]


def test_parts_stand_side_by_side():
    rows = side_by_side(b"ab", numbers(1, 3), b"", np.array([[7], [8]], np.uint8))
    assert [row.tobytes() for row in rows] == [
        b"ab" + bytes(7) + b"\x01\x07",
        b"ab" + bytes(7) + b"\x02\x08",
    ]


def test_a_suite_is_named():
    assert suite("sha256") is SHA256
    assert suite("sm3") is SM3
    assert [each.name for each in SUITES.values()] == list(SUITES)


@pytest.mark.parametrize(
    ("make", "why"),
    [
        (lambda: suite("SHA256"), "suite is 'SHA256'; want one of sha256, sm3"),
        (lambda: suite(""), "suite is ''"),
        (lambda: SHA256.digests(np.zeros(1, np.uint8), np.array([0, 1]), b"x"), "prefix has 1 by"),
        (lambda: as_rows([bytes(32), b"short"]), "leaf hash has 5 bytes; want 32"),
        (lambda: as_rows(np.zeros((2, 31), np.uint8)), r"of shape \(2, 31\)"),
        (lambda: as_rows(np.zeros((2, 32), np.int64)), "leaves are int64"),
    ],
)
def test_refusals(make, why):
    with pytest.raises(InvalidInput, match=why):
        make()
