"""From published randomness to the numbers of a draw, byte by byte.

``H`` is the hash of the plan's suite (see ``suite``), ``||`` joins bytes, ``u32`` and ``u64`` are
whole numbers in big-endian order, and

    framed(a, b, ...) = u32(length of a) || a || u32(length of b) || b || ...

1. material = framed("fairlot.draw/v1 beacon", identity, randomness, salt 1, salt 2, ...): the
   identity is what the announcement said of the source (canonical JSON, with the round), the
   randomness what the source gave, the salts what the custodians opened.
2. seed = HKDF-Extract(salt = H(announcement.json), input = material), 32 bytes.
3. key = HKDF-Expand(seed, info = "fairlot.draw/v1 " || label, 64 bytes), one for each label:
   ``select``, ``schedule``, ``assign``, ...
4. A :class:`Stream` is the sequence of words of H(key || u64(0)), H(key || u64(1)), ... each block
   giving four u64.
5. :class:`Tickets` give each row its own words: of H(key || leaf) the bytes 0-7, 8-15, 16-23,
   24-31, then of H(key || u64(1) || leaf), H(key || u64(2) || leaf), ... Whatever is drawn together
   with a row, and in whatever order, its numbers stay the same.
6. Where a fraction is needed it is u = (2 * floor(word / 2^12) + 1) / 2^53, never 0 and never 1.

HKDF is RFC 5869, with the same hash.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from fairlot._base.errors import InvalidInput
from fairlot.public.suite import BLOCK, HASH, SHA256, WORDS, Suite, as_rows, numbers

__all__ = ["DOMAIN", "Stream", "Tickets", "framed", "seed", "subkey", "unit"]

DOMAIN = b"fairlot.draw/v1"


def framed(*parts: bytes) -> bytes:
    """Return the parts, each after its length as u32: no two lists give the same bytes.

    >>> framed(b"ab", b"")
    b'\\x00\\x00\\x00\\x02ab\\x00\\x00\\x00\\x00'
    """
    return b"".join(len(part).to_bytes(4, "big") + part for part in parts)


def seed(announcement_digest: bytes, material: bytes, suite: Suite = SHA256) -> bytes:
    """Return the 32 bytes from which a whole draw follows.

    >>> seed(bytes(32), b"material").hex()[:16]
    'dbcb7ff1a45102f1'
    """
    _check_length("announcement digest", announcement_digest, HASH)
    return suite.extract(announcement_digest, material)


def subkey(seed: bytes, label: str, suite: Suite = SHA256) -> bytes:
    """Return the 64-byte key of one use of the seed; the label is printable ASCII."""
    _check_length("seed", seed, HASH)
    if not (label and label.isascii() and label.isprintable()):
        raise InvalidInput("label is {got!r}; want printable ASCII",
                           zh="标签 {got!r} 应为可打印的 ASCII 字符", got=label)  # fmt: skip
    return suite.expand(seed, DOMAIN + b" " + label.encode(), BLOCK)


def unit(words: NDArray[np.uint64]) -> NDArray[np.float64]:
    """Return words of 64 bits as fractions strictly between 0 and 1, exactly.

    >>> unit(np.array([0, 2**64 - 1], np.uint64)) == [2**-53, 1 - 2**-53]
    array([ True,  True])
    """
    odd = (words >> np.uint64(12)) * np.uint64(2) + np.uint64(1)
    return odd.astype(np.float64) * 2.0**-53


class Stream:
    """Numbers in one order: ``words`` and ``random`` take the next ones."""

    def __init__(self, key: bytes, suite: Suite = SHA256) -> None:
        _check_length("key", key, BLOCK)
        self._key, self._suite = key, suite
        self._at = 0

    def words(self, n: int) -> NDArray[np.uint64]:
        """Return the next n words; asking for 2 and then 3 gives what asking for 5 does."""
        first, skip = divmod(self._at, WORDS)
        end = -(-(self._at + n) // WORDS)
        self._at += n
        return self._suite.words(numbers(first, end), self._key).reshape(-1)[skip : skip + n]

    def random(self, n: int) -> NDArray[np.float64]:
        """Return the next n words as fractions in (0, 1)."""
        return unit(self.words(n))


class Tickets:
    """Numbers bound to rows: call k gives every row the k-th word of its own sequence."""

    def __init__(
        self, key: bytes, leaves: Sequence[bytes] | NDArray[np.uint8], suite: Suite = SHA256
    ) -> None:
        _check_length("key", key, BLOCK)
        self._key, self._leaves, self._suite = key, as_rows(leaves), suite
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
            self._block = self._suite.tickets(self._key, self._leaves, block)
        self._at += 1
        return self._block[:, word].copy()

    def random(self, n: int) -> NDArray[np.float64]:
        """Return the next word of each row as a fraction in (0, 1)."""
        return unit(self.words(n))


def _check_length(name: str, data: bytes, want: int) -> None:
    if len(data) != want:
        raise InvalidInput("{name} has {got} bytes; want {want}",
                           zh="{name} 为 {got} 字节，应为 {want}",
                           name=name, got=len(data), want=want)  # fmt: skip
