"""Many messages cut into blocks of 16 words, as SHA-256 and SM3 both read them.

A message is followed by the bit 1, by zeros, and in the last 64 bits of its last block by its length
in bits (FIPS 180-4 5.1.1; GB/T 32905-2016 5.2).
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from fairlot._kernels.compile import kernel, piece

__all__ = ["BLOCK", "TILE", "fill", "left"]

BLOCK = 64  # bytes
TILE = 32  # lanes that a compression takes at once: two of the widest registers

U32, U64 = np.uint32, np.uint64


@kernel
def fill(
    words: NDArray[np.uint32],
    data: NDArray[np.uint8],
    begins: NDArray[np.int64],
    ends: NDArray[np.int64],
    block: int,
    before: int,
) -> None:
    """Write block number ``block`` of message j, ``data[begins[j]:ends[j]]``, to ``words[:, j]``.

    before  bytes hashed before the message; they count in its length
    """
    for j in range(begins.size):
        at = begins[j] + BLOCK * block
        rest = ends[j] - at
        whole = min(max(rest >> 2, 0), 16)
        for i in range(whole):
            words[i, j] = _word(data, U64(at + 4 * i))
        for i in range(whole, 16):
            words[i, j] = 0
        if 0 <= rest < BLOCK:
            words[whole, j] = _marked(data, U64(at + 4 * whole), rest & 3)
        if rest < BLOCK - 8:
            bits = 8 * (before + ends[j] - begins[j])
            words[14, j] = bits >> 32
            words[15, j] = bits & 0xFFFFFFFF


@piece
def _word(data: NDArray[np.uint8], at: Any) -> Any:
    high = U32(data[at]) << U32(24) | U32(data[at + U64(1)]) << U32(16)
    return U32(high | U32(data[at + U64(2)]) << U32(8) | U32(data[at + U64(3)]))


@piece
def _marked(data: NDArray[np.uint8], at: Any, rest: int) -> Any:
    """Return the word of the last ``rest`` bytes, with the bit 1 after them."""
    word = U32(0x80) << U32(24 - 8 * rest)
    for i in range(rest):
        word |= U32(data[at + U64(i)]) << U32(24 - 8 * i)
    return word


@piece
def left(word: Any, n: int) -> Any:
    """Rotate 32 bits to the left."""
    return U32(word << U32(n) | word >> U32(32 - n))
