"""Many messages at once against one at a time: OpenSSL says what is right."""

import os
import subprocess
import sys

import numpy as np
import pytest
from cryptography.hazmat.primitives import hashes

from fairlot._kernels import blocks, lanes, sha256, sm3

HASHES = {
    "sha256": (lanes.Lanes(sha256.START, sha256.compress), hashes.SHA256()),
    "sm3": (lanes.Lanes(sm3.START, sm3.compress), hashes.SM3()),
}
ANY = np.random.default_rng(1).integers(0, 256, 1 << 16, dtype=np.uint8)


@pytest.fixture(params=HASHES)
def both(request):
    return HASHES[request.param]


def oracle(algorithm, message):
    digest = hashes.Hash(algorithm)
    digest.update(message)
    return digest.finalize()


def ends_of(lengths):
    return np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64)


def agree(both, lengths, prefix=b""):
    many, algorithm = both
    offsets = ends_of(lengths)
    got = many.digests(ANY, offsets, prefix)
    for i, digest in enumerate(got):
        message = ANY[offsets[i] : offsets[i + 1]].tobytes()
        assert digest.tobytes() == oracle(algorithm, prefix + message), (i, len(message))
    return len(got)


def test_every_length_around_the_blocks(both):
    assert agree(both, range(131)) == 131


def test_a_prefix_of_whole_blocks(both):
    assert agree(both, [0, 32, 40, 55, 56, 64], bytes(range(64))) == 6
    assert agree(both, [32], bytes(range(128))) == 1


def test_a_long_message_among_short_ones(both):
    assert agree(both, [3, 1000, 0, 32]) == 4


def test_no_messages(both):
    assert agree(both, []) == 0


def test_more_messages_than_a_run_or_a_portion_holds(both, monkeypatch):
    monkeypatch.setattr(lanes, "WIDE", blocks.TILE)
    monkeypatch.setattr(lanes, "PORTION", 50)
    lengths = np.random.default_rng(2).integers(0, 70, 120)
    assert agree(both, lengths) == 120


def test_what_is_handed_in_stays(both):
    data, offsets = ANY[:64].copy(), np.array([0, 20, 64])
    writable = both[0].digests(data, offsets, b"")
    assert data.flags.writeable
    assert (data == ANY[:64]).all()
    data.flags.writeable = False
    assert (both[0].digests(data, offsets, b"") == writable).all()


def test_a_message_of_more_bits_than_a_word_holds():
    """The length is 64 bits wide: 2^29 bytes are 2^32 bits."""
    words = np.zeros((16, blocks.TILE), np.uint32)
    begins, ends = np.array([0]), np.array([3])
    blocks.fill(words, ANY[:3], begins, ends, 0, 1 << 29)
    assert words[:, 0].tolist()[14:] == [1, 24]


def test_uncompiled_kernels_answer_the_same():
    code = (
        "import sys; sys.path.insert(0, sys.argv[1]); import test_lanes as t\n"
        "for both in t.HASHES.values(): print(t.agree(both, [0, 3, 55, 56, 64, 200]))"
    )
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", code, os.path.dirname(__file__)],
        env={**os.environ, "NUMBA_DISABLE_JIT": "1"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.split() == ["6", "6"]
