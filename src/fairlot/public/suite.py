"""The hash of a draw, named in its plan: SHA-256, or SM3 where national cryptography is asked for.

Both give 32 bytes and make leaves, roots, seed, tickets and pseudonyms; the log, its checkpoints,
time stamps and the beacon are SHA-256 whatever the plan says. (FIPS 180-4; GB/T 32905-2016 and
ISO/IEC 10118-3; HMAC RFC 2104; HKDF RFC 5869.)
"""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from cryptography.hazmat.primitives.hashes import SHA256 as OPENSSL_SHA256
from cryptography.hazmat.primitives.hashes import SM3 as OPENSSL_SM3
from cryptography.hazmat.primitives.hashes import Hash, HashAlgorithm
from cryptography.hazmat.primitives.hmac import HMAC
from cryptography.hazmat.primitives.kdf.hkdf import HKDFExpand
from numpy.typing import NDArray

from fairlot._base.errors import InvalidInput
from fairlot._kernels import sha256, sm3
from fairlot._kernels.lanes import Lanes

__all__ = [
    "BLOCK",
    "HASH",
    "SHA256",
    "SM3",
    "SUITES",
    "WORDS",
    "Suite",
    "as_rows",
    "numbers",
    "side_by_side",
    "suite",
]

Bytes = NDArray[np.uint8]

BLOCK, HASH, WORDS = 64, 32, 4  # bytes of a block, bytes of a digest, u64 words in a digest
# Below so many messages nothing is compiled, or read from the cache of what was compiled: to hash
# them one by one takes less time than that.
FEW = 1 << 14


@dataclass(frozen=True, eq=False)
class Suite:
    """One hash and what a draw makes of it.

    name       as a plan names it
    algorithm  the same in OpenSSL, for HMAC and HKDF
    digest     the hash of one message
    lanes      the same for many, compiled

    >>> SHA256.digest(b"abc").hex()[:16], SM3.digest(b"abc").hex()[:16]
    ('ba7816bf8f01cfea', '66c7f0f462eeedd9')
    """

    name: str
    algorithm: HashAlgorithm
    digest: Callable[[bytes], bytes]
    lanes: Lanes

    def hmac(self, key: bytes, data: bytes) -> bytes:
        """Return the HMAC of ``data`` under ``key``."""
        code = HMAC(key, self.algorithm)
        code.update(data)
        return code.finalize()

    def extract(self, salt: bytes, material: bytes) -> bytes:
        """Return 32 even bytes out of uneven ``material`` (HKDF-Extract, RFC 5869 2.2)."""
        return self.hmac(salt, material)

    def expand(self, seed: bytes, info: bytes, length: int) -> bytes:
        """Return ``length`` bytes that follow from ``seed`` and ``info`` (HKDF-Expand, 2.3)."""
        return HKDFExpand(self.algorithm, length, info).derive(seed)

    def digests(self, data: Bytes, offsets: NDArray[np.int64], prefix: bytes = b"") -> Bytes:
        """Return the hash of ``prefix`` and each message, (n, 32).

        data     the messages end to end
        offsets  where each begins, and where the last one ends: n + 1 of them
        prefix   whole blocks of 64 bytes
        """
        _check_prefix(prefix)
        if len(offsets) > FEW:
            return self.lanes.digests(data, offsets, prefix)
        text = data.tobytes()
        told = (self.digest(prefix + text[a:b]) for a, b in pairwise(offsets.tolist()))
        return _rows_of(b"".join(told))

    def digests_of_rows(self, messages: Bytes, prefix: bytes = b"") -> Bytes:
        """Return the hash of ``prefix`` and each row of ``messages``, (n, 32).

        >>> SHA256.digests_of_rows(np.zeros((2, 3), np.uint8))[1].tobytes().hex()[:16]
        '709e80c88487a241'
        """
        n, width = messages.shape
        return self.digests(messages.reshape(-1), np.arange(n + 1) * width, prefix)

    def words(self, messages: Bytes, prefix: bytes) -> NDArray[np.uint64]:
        """Return the hash of ``prefix`` and each row as four u64, (n, 4)."""
        return self.digests_of_rows(messages, prefix).view(">u8").astype(np.uint64)

    def tickets(self, key: bytes, leaves: Bytes, block: int = 0) -> NDArray[np.uint64]:
        """Return four words for every leaf, (n, 4): of H(key || leaf), or H(key || u64 || leaf).

        >>> SHA256.tickets(bytes(64), np.zeros((1, 32), np.uint8)).tolist()[0][0]
        3362407238631252864
        """
        messages = side_by_side(block.to_bytes(8, "big"), leaves) if block else leaves
        return self.words(messages, key)


def side_by_side(*parts: bytes | Bytes) -> Bytes:
    """Return rows made of the parts: of an array row by row, of bytes the same in every row.

    >>> side_by_side(b"k", np.array([[1], [2]], np.uint8)).tolist()
    [[107, 1], [107, 2]]
    """
    rows = next(len(part) for part in parts if isinstance(part, np.ndarray))
    same = (np.frombuffer(p, np.uint8) if isinstance(p, bytes) else p for p in parts)
    return np.concatenate([np.broadcast_to(p, (rows, p.shape[-1])) for p in same], axis=1)


def numbers(first: int, end: int) -> Bytes:
    """Return the numbers from ``first`` up to ``end`` as u64 in big-endian order, (n, 8).

    >>> numbers(255, 257)[:, 6:].tolist()
    [[0, 255], [1, 0]]
    """
    return np.arange(first, end, dtype=">u8").view(np.uint8).reshape(-1, 8)


def as_rows(leaves: Sequence[bytes] | Bytes) -> Bytes:
    """Return leaf hashes, each of 32 bytes, as one array, (n, 32)."""
    if isinstance(leaves, np.ndarray):
        if leaves.dtype != np.uint8 or leaves.shape[1:] != (HASH,):
            raise InvalidInput("leaves are {got} of shape {shape}; want uint8 of (n, 32)",
                               zh="叶数组为 {got}，形状 {shape}，应为 uint8 的 (n, 32)",
                               got=leaves.dtype, shape=leaves.shape)  # fmt: skip
        return leaves
    for leaf in leaves:
        if len(leaf) != HASH:
            raise InvalidInput("leaf hash has {got} bytes; want {want}",
                               zh="叶哈希为 {got} 字节，应为 {want}",
                               got=len(leaf), want=HASH)  # fmt: skip
    return np.frombuffer(b"".join(leaves), np.uint8).reshape(-1, HASH)


def suite(name: str) -> Suite:
    """Return the suite that a plan names; refuse any other name.

    >>> suite("sha256") is SHA256
    True
    """
    if name not in SUITES:
        raise InvalidInput("suite is {got!r}; want one of {want}",
                           zh="杂凑算法为 {got!r}，应为 {want} 之一",
                           got=name[:40], want=", ".join(SUITES))  # fmt: skip
    return SUITES[name]


def _check_prefix(prefix: bytes) -> None:
    if len(prefix) % BLOCK:
        raise InvalidInput("prefix has {got} bytes; want whole blocks of {want}",
                           zh="前缀为 {got} 字节，应为 {want} 字节的整数倍",
                           got=len(prefix), want=BLOCK)  # fmt: skip


def _sha256(data: bytes) -> bytes:
    return hashlib.sha256(data).digest()


def _sm3(data: bytes) -> bytes:
    # hashlib has SM3 only where its own OpenSSL was built with it.
    digest = Hash(OPENSSL_SM3())
    digest.update(data)
    return digest.finalize()


def _rows_of(joined: bytes) -> Bytes:
    return np.frombuffer(bytearray(joined), np.uint8).reshape(-1, HASH)


SHA256 = Suite("sha256", OPENSSL_SHA256(), _sha256, Lanes(sha256.START, sha256.compress))
SM3 = Suite("sm3", OPENSSL_SM3(), _sm3, Lanes(sm3.START, sm3.compress))
SUITES = {each.name: each for each in (SHA256, SM3)}
