"""SHA-256 of one block in each of many lanes (FIPS 180-4 section 6.2).

Lanes stand side by side, so that one instruction of the processor serves sixteen of them.
"""

import numpy as np
from numpy.typing import NDArray

from fairlot._kernels.blocks import TILE, left
from fairlot._kernels.compile import kernel, piece

__all__ = ["START", "compress"]

Words = NDArray[np.uint32]
U32 = np.uint32

START = np.array(
    [0x6A09E667, 0xBB67AE85, 0x3C6EF372, 0xA54FF53A, 0x510E527F, 0x9B05688C, 0x1F83D9AB, 0x5BE0CD19],
    np.uint32,
)  # fmt: skip
ROUND = np.array([
    0x428A2F98, 0x71374491, 0xB5C0FBCF, 0xE9B5DBA5, 0x3956C25B, 0x59F111F1, 0x923F82A4, 0xAB1C5ED5,
    0xD807AA98, 0x12835B01, 0x243185BE, 0x550C7DC3, 0x72BE5D74, 0x80DEB1FE, 0x9BDC06A7, 0xC19BF174,
    0xE49B69C1, 0xEFBE4786, 0x0FC19DC6, 0x240CA1CC, 0x2DE92C6F, 0x4A7484AA, 0x5CB0A9DC, 0x76F988DA,
    0x983E5152, 0xA831C66D, 0xB00327C8, 0xBF597FC7, 0xC6E00BF3, 0xD5A79147, 0x06CA6351, 0x14292967,
    0x27B70A85, 0x2E1B2138, 0x4D2C6DFC, 0x53380D13, 0x650A7354, 0x766A0ABB, 0x81C2C92E, 0x92722C85,
    0xA2BFE8A1, 0xA81A664B, 0xC24B8B70, 0xC76C51A3, 0xD192E819, 0xD6990624, 0xF40E3585, 0x106AA070,
    0x19A4C116, 0x1E376C08, 0x2748774C, 0x34B0BCB5, 0x391C0CB3, 0x4ED8AA4A, 0x5B9CCA4F, 0x682E6FF3,
    0x748F82EE, 0x78A5636F, 0x84C87814, 0x8CC70208, 0x90BEFFFA, 0xA4506CEB, 0xBEF9A3F7, 0xC67178F2,
], np.uint32)  # fmt: skip


@kernel
def compress(state: Words, words: Words, lanes: int) -> None:
    """Take one block a lane into the lane's state, in place.

    state  (8, lanes), the width a multiple of TILE
    words  (16, lanes), as wide; only the first ``lanes`` count, what the others become is nothing
    """
    w, v = np.empty((64, TILE), np.uint32), np.empty((8, TILE), np.uint32)
    for first in range(0, lanes, TILE):
        for i in range(16):
            for j in range(TILE):
                w[i, j] = words[i, first + j]
        for i in range(8):
            for j in range(TILE):
                v[i, j] = state[i, first + j]
        _schedule(w)
        _rounds(v, w)
        for i in range(8):
            for j in range(TILE):
                state[i, first + j] = U32(state[i, first + j] + v[i, j])


@piece
def _schedule(w: Words) -> None:
    for i in range(16, 64):
        for j in range(TILE):
            x, y = w[i - 15, j], w[i - 2, j]
            s0 = left(x, 25) ^ left(x, 14) ^ (x >> U32(3))
            s1 = left(y, 15) ^ left(y, 13) ^ (y >> U32(10))
            w[i, j] = U32(U32(w[i - 16, j] + s0) + U32(w[i - 7, j] + s1))


@piece
def _rounds(v: Words, w: Words) -> None:
    for i in range(64):
        for j in range(TILE):
            a, b, c, e, f, g = v[0, j], v[1, j], v[2, j], v[4, j], v[5, j], v[6, j]
            s1 = left(e, 26) ^ left(e, 21) ^ left(e, 7)
            s0 = left(a, 30) ^ left(a, 19) ^ left(a, 10)
            choice, majority = (e & f) ^ (~e & g), (a & b) ^ (a & c) ^ (b & c)
            t1 = U32(v[7, j] + s1 + choice + ROUND[i] + w[i, j])
            v[7, j], v[6, j], v[5, j] = g, f, e
            v[4, j] = U32(v[3, j] + t1)
            v[3, j], v[2, j], v[1, j] = c, b, a
            v[0, j] = U32(t1 + s0 + majority)
