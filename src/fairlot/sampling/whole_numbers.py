"""Chances in whole numbers: their denominator, and a random word against a fraction of them."""

import numpy as np

from fairlot._kernels import kernel

__all__ = ["D", "below"]

D = 1 << 40  # the denominator of published probabilities; a float holds each of them exactly

LOW = np.uint64(0xFFFFFFFF)
HALF = np.uint64(32)


@kernel
def below(word: np.uint64, top: int, bottom: int) -> bool:
    """Return whether ``word / 2^64 < top / bottom``: happens with that chance, to 2^-64.

    ``word * bottom < top * 2^64`` says that the high 64 bits of the product are below ``top``.
    Requires 0 <= top <= bottom < 2^63; 0 of 0 never happens.

    >>> bool(below(np.uint64(1 << 63), 1, 2)), bool(below(np.uint64((1 << 63) - 1), 1, 2))
    (False, True)
    """
    times = np.uint64(bottom)
    # No sum here passes 2^64: (2^32 - 1)^2 + 2 (2^32 - 1) = 2^64 - 1.
    cross = (word >> HALF) * (times & LOW) + ((word & LOW) * (times & LOW) >> HALF)
    other = (word & LOW) * (times >> HALF) + (cross & LOW)
    high = (word >> HALF) * (times >> HALF) + (cross >> HALF) + (other >> HALF)
    return bool(high < np.uint64(top))
