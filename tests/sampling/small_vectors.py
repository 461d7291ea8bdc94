"""Numbers for tests: probabilities, and uniforms that are the same on every machine."""

from hashlib import sha256

import numpy as np


class Numbers:
    """A chance that answers every request with the same numbers by hand."""

    def __init__(self, u):
        self.u = np.asarray(u, dtype=float)

    def random(self, n):
        assert n <= self.u.size
        return self.u[:n]

    def words(self, n):
        return (self.random(n) * 2.0**64).astype(np.uint64)


class Hashed:
    """A stream of words out of SHA-256, for long runs whose outcome is written down."""

    def __init__(self, seed):
        self.seed, self.at = seed, 0

    def words(self, n):
        blocks = range(self.at, self.at + n)
        self.at += n
        digests = (sha256(f"{self.seed}/{block}".encode()).digest()[:8] for block in blocks)
        return np.frombuffer(b"".join(digests), ">u8").astype(np.uint64)

    def random(self, n):
        return (self.words(n) >> np.uint64(11)).astype(float) * 2.0**-53


def lognormal_pi(units, n, seed=1):
    """Probabilities in proportion to lognormal sizes, the large ones certain."""
    size = np.random.default_rng(seed).lognormal(size=units)
    certain = np.zeros(units, dtype=bool)
    while True:
        share = (n - np.count_nonzero(certain)) * size / size[~certain].sum()
        if share[~certain].max() < 1:
            return np.where(certain, 1.0, share)
        certain |= share >= 1


def digest(samples):
    """One short hash of many samples."""
    return sha256(repr(samples).encode()).hexdigest()[:16]
