"""SM3 of one block in each of many lanes (GB/T 32905-2016 section 5.3), as ``sha256`` does it."""

import numpy as np
from numpy.typing import NDArray

from fairlot._kernels.blocks import TILE, left
from fairlot._kernels.compile import kernel, piece

__all__ = ["START", "compress"]

Words = NDArray[np.uint32]
U32 = np.uint32

START = np.array(
    [0x7380166F, 0x4914B2B9, 0x172442D7, 0xDA8A0600, 0xA96F30BC, 0x163138AA, 0xE38DEE4D, 0xB0FB0E4E],
    np.uint32,
)  # fmt: skip
EARLY = 16  # rounds in which both Boolean functions are plain sums


def _round_words() -> Words:
    """Return T_i rotated by i, for the 64 rounds."""
    words = (0x79CC4519 if i < EARLY else 0x7A879D8A for i in range(64))
    twice = ((word << 32 | word) << i % 32 for i, word in enumerate(words))
    return np.array([word >> 32 & 0xFFFFFFFF for word in twice], np.uint32)


ROUND = _round_words()


@kernel
def compress(state: Words, words: Words, lanes: int) -> None:
    """Take one block a lane into the lane's state, in place.

    state  (8, lanes), the width a multiple of TILE
    words  (16, lanes), as wide; only the first ``lanes`` count, what the others become is nothing
    """
    w, v = np.empty((68, TILE), np.uint32), np.empty((8, TILE), np.uint32)
    for first in range(0, lanes, TILE):
        for i in range(16):
            for j in range(TILE):
                w[i, j] = words[i, first + j]
        for i in range(8):
            for j in range(TILE):
                v[i, j] = state[i, first + j]
        _expand(w)
        _rounds(v, w)
        for i in range(8):
            for j in range(TILE):
                state[i, first + j] ^= v[i, j]


@piece
def _expand(w: Words) -> None:
    for i in range(16, 68):
        for j in range(TILE):
            x = w[i - 16, j] ^ w[i - 9, j] ^ left(w[i - 3, j], 15)
            w[i, j] = x ^ left(x, 15) ^ left(x, 23) ^ left(w[i - 13, j], 7) ^ w[i - 6, j]


@piece
def _rounds(v: Words, w: Words) -> None:
    for i in range(64):
        for j in range(TILE):
            a, b, c, e, f, g = v[0, j], v[1, j], v[2, j], v[4, j], v[5, j], v[6, j]
            ff = a ^ b ^ c if i < EARLY else (a & b) | (a & c) | (b & c)
            gg = e ^ f ^ g if i < EARLY else (e & f) | (~e & g)
            s1 = left(U32(left(a, 12) + e + ROUND[i]), 7)
            t1 = U32(ff + v[3, j] + (s1 ^ left(a, 12)) + (w[i, j] ^ w[i + 4, j]))
            t2 = U32(gg + v[7, j] + s1 + w[i, j])
            v[3, j], v[2, j], v[1, j], v[0, j] = c, left(b, 9), a, t1
            v[7, j], v[6, j], v[5, j] = g, left(f, 19), e
            v[4, j] = t2 ^ left(t2, 9) ^ left(t2, 17)
