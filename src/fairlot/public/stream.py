"""From published randomness to the numbers of a draw, byte by byte.

``||`` joins bytes, ``u32`` and ``u64`` are whole numbers in big-endian order, and

    framed(a, b, ...) = u32(length of a) || a || u32(length of b) || b || ...

1. material = framed("fairlot.draw/v0 beacon", identity, randomness), made by ``beacon``: the
   identity is what the announcement said of the source (canonical JSON, with the round), the
   randomness what the source gave.
2. seed = HKDF-Extract(salt = SHA-256 of the announcement, input = material), SHA-256, 32 bytes.
3. key = HKDF-Expand(seed, info = "fairlot.draw/v0 " || label, 64 bytes), one for each label:
   ``select/<stratum>``, ``assign``, ...
4. A :class:`Stream` is the sequence of words of SHA-256(key || u64(0)), SHA-256(key || u64(1)), ...
   each block giving four u64.
5. :class:`Tickets` give each row its own words: of SHA-256(key || leaf) the bytes 0-7, 8-15,
   16-23, 24-31, then of SHA-256(key || u64(1) || leaf), SHA-256(key || u64(2) || leaf), ...
   Whatever is drawn together with a row, and in whatever order, its numbers stay the same.
6. Where a fraction is needed it is u = (2 * floor(word / 2^12) + 1) / 2^53, never 0 and never 1.

HKDF is RFC 5869.
"""

import hmac
from collections.abc import Sequence
from hashlib import sha256

import numpy as np
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDFExpand
from numpy.typing import NDArray

from fairlot._base.errors import InvalidInput

__all__ = ["Stream", "Tickets", "framed", "seed", "subkey", "unit"]

DOMAIN = b"fairlot.draw/v0"
KEY, HASH, WORDS = 64, 32, 4  # bytes of a key, bytes of a SHA-256, u64 words in it


def framed(*parts: bytes) -> bytes:
    """Return the parts, each after its length as u32: no two lists give the same bytes.

    >>> framed(b"ab", b"")
    b'\\x00\\x00\\x00\\x02ab\\x00\\x00\\x00\\x00'
    """
    return b"".join(len(part).to_bytes(4, "big") + part for part in parts)


def seed(announcement_digest: bytes, material: bytes) -> bytes:
    """Return the 32 bytes from which a whole draw follows.

    >>> seed(bytes(32), b"material").hex()[:16]
    'dbcb7ff1a45102f1'
    """
    _check_length("announcement digest", announcement_digest, HASH)
    return hmac.digest(announcement_digest, material, "sha256")


def subkey(seed: bytes, label: str) -> bytes:
    """Return the 64-byte key of one use of the seed; the label is printable ASCII."""
    _check_length("seed", seed, HASH)
    if not (label and label.isascii() and label.isprintable()):
        raise InvalidInput("label is {got!r}; want printable ASCII",
                           zh="标签 {got!r} 应为可打印的 ASCII 字符", got=label)  # fmt: skip
    return HKDFExpand(SHA256(), KEY, DOMAIN + b" " + label.encode()).derive(seed)


def unit(words: NDArray[np.uint64]) -> NDArray[np.float64]:
    """Return words of 64 bits as fractions strictly between 0 and 1, exactly.

    >>> unit(np.array([0, 2**64 - 1], np.uint64)) == [2**-53, 1 - 2**-53]
    array([ True,  True])
    """
    odd = (words >> np.uint64(12)) * np.uint64(2) + np.uint64(1)
    return odd.astype(np.float64) * 2.0**-53


class Stream:
    """Numbers in one order: ``words`` and ``random`` take the next ones."""

    def __init__(self, key: bytes) -> None:
        _check_length("key", key, KEY)
        self._key = key
        self._at = 0

    def words(self, n: int) -> NDArray[np.uint64]:
        """Return the next n words; asking for 2 and then 3 gives what asking for 5 does."""
        first, skip = divmod(self._at, WORDS)
        end = -(-(self._at + n) // WORDS)
        blocks = (self._key + block.to_bytes(8, "big") for block in range(first, end))
        self._at += n
        return _words(b"".join(sha256(block).digest() for block in blocks))[skip : skip + n]

    def random(self, n: int) -> NDArray[np.float64]:
        """Return the next n words as fractions in (0, 1)."""
        return unit(self.words(n))


class Tickets:
    """Numbers bound to rows: call k gives every row the k-th word of its own sequence."""

    def __init__(self, key: bytes, leaf_hashes: Sequence[bytes]) -> None:
        _check_length("key", key, KEY)
        for leaf in leaf_hashes:
            _check_length("leaf hash", leaf, HASH)
        self._key, self._leaves = key, leaf_hashes
        self._block = np.empty((0, WORDS), np.uint64)
        self._at = 0

    def words(self, n: int) -> NDArray[np.uint64]:
        """Return the next word of each of the n rows; n must be the number of rows."""
        if n != len(self._leaves):
            raise InvalidInput("asked for {got} words; want one for each of {want} rows",
                               zh="请求 {got} 个数，应为每行一个，共 {want} 行",
                               got=n, want=len(self._leaves))  # fmt: skip
        block, word = divmod(self._at, WORDS)
        if word == 0:
            prefix = self._key + (block.to_bytes(8, "big") if block else b"")
            digests = b"".join(sha256(prefix + leaf).digest() for leaf in self._leaves)
            self._block = _words(digests).reshape(n, WORDS)
        self._at += 1
        return self._block[:, word].copy()

    def random(self, n: int) -> NDArray[np.float64]:
        """Return the next word of each row as a fraction in (0, 1)."""
        return unit(self.words(n))


def _words(digests: bytes) -> NDArray[np.uint64]:
    return np.frombuffer(digests, ">u8").astype(np.uint64)


def _check_length(name: str, data: bytes, want: int) -> None:
    if len(data) != want:
        raise InvalidInput("{name} has {got} bytes; want {want}",
                           zh="{name} 为 {got} 字节，应为 {want}",
                           name=name, got=len(data), want=want)  # fmt: skip
