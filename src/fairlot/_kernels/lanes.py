"""The hash of many messages at once: those of equally many blocks run side by side."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from fairlot._kernels.blocks import BLOCK, TILE, fill

__all__ = ["Lanes"]

Bytes = NDArray[np.uint8]
Words = NDArray[np.uint32]
Places = NDArray[np.int64]

# So many lanes stay in the cache between two kernels. Were it a power of two, the sixteen words of
# a lane would fall into one set of the cache, and to fill them would take six times as long.
WIDE = 63 * TILE
PORTION = 16 * WIDE  # messages whose lengths are looked at together
PADDED = 1 + 8  # bytes that a message grows by at least: the bit 1 and its length


@dataclass(frozen=True, eq=False)
class Lanes:
    """A hash that works as SHA-256 does.

    start     its first state, eight words
    compress  takes one block of 16 words into the state of each lane
    """

    start: Words
    compress: Callable[[Words, Words, int], None]

    # Sums are modulo 2^32; NumPy would warn of it where the kernels run uncompiled.
    @np.errstate(over="ignore")
    def digests(self, data: Bytes, offsets: Places, prefix: bytes) -> Bytes:
        """Return the hash of ``prefix`` and each message, (n, 32).

        data     the messages end to end
        offsets  where each begins, and where the last one ends: n + 1 of them
        prefix   whole blocks
        """
        digests = np.empty((len(offsets) - 1, 8), ">u4")
        data = data.view()
        data.flags.writeable = False  # one type for the kernels, whoever asks
        start = self._after(prefix)
        for first in range(0, len(digests), PORTION):
            places = offsets[first : first + PORTION + 1]
            for blocks, lanes in _alike(places):
                ends = places[1:][lanes]
                state = self._run(start, data, places[:-1][lanes], ends, blocks, len(prefix))
                digests[first : first + PORTION][lanes] = state.T
        return digests.view(np.uint8)

    def _run(
        self, start: Words, data: Bytes, begins: Places, ends: Places, blocks: int, before: int
    ) -> Words:
        """Return the last states, (8, lanes), of messages that all have so many blocks."""
        state, words = np.empty((8, WIDE), np.uint32), np.empty((16, WIDE), np.uint32)
        state[:] = start
        for block in range(blocks):
            fill(words, data, begins, ends, block, before)
            self.compress(state, words, len(begins))
        return state[:, : len(begins)]

    def _after(self, prefix: bytes) -> Words:
        """Return the state, (8, 1), that whole blocks leave behind."""
        words = np.zeros((16, TILE), np.uint32)
        state = np.repeat(self.start[:, None], TILE, axis=1)
        for block in np.frombuffer(prefix, ">u4").reshape(-1, 16):
            words[:] = block[:, None]
            self.compress(state, words, 1)
        return state[:, :1]


def _alike(places: Places) -> Iterator[tuple[int, Places]]:
    """Yield at most ``WIDE`` messages at a time that have equally many blocks, and how many."""
    blocks = (np.diff(places) + PADDED + BLOCK - 1) // BLOCK
    for count in np.flatnonzero(np.bincount(blocks)).tolist():
        those = np.flatnonzero(blocks == count)
        for first in range(0, len(those), WIDE):
            yield count, those[first : first + WIDE]
