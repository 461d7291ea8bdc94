"""One door for chance: ``random(n)`` gives n floats in [0, 1), ``words(n)`` gives n uint64.

A design never draws by itself; it asks an object with these two methods. A NumPy generator, the
published stream of a public draw, kept numbers and arrays written by hand all pass through here.
"""

from typing import Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from fairlot._base.errors import InvalidInput

__all__ = ["Chance", "Given", "as_chance"]

FLOAT_BITS = 53


@runtime_checkable
class Chance(Protocol):
    """Where random numbers come from."""

    def random(self, n: int) -> NDArray[np.float64]:
        """Return n floats in [0, 1)."""
        ...

    def words(self, n: int) -> NDArray[np.uint64]:
        """Return n whole numbers in [0, 2^64)."""
        ...


class _Numpy:
    """A ``numpy.random.Generator`` seen through the door."""

    def __init__(self, generator: np.random.Generator) -> None:
        self._generator = generator

    def random(self, n: int) -> NDArray[np.float64]:
        return self._generator.random(n)

    def words(self, n: int) -> NDArray[np.uint64]:
        return self._generator.integers(0, 1 << 64, n, dtype=np.uint64)


class Given:
    """Numbers written by hand, handed out in order: words of 64 bits.

    >>> Given([0, 1 << 63]).random(2)
    array([0. , 0.5])
    """

    def __init__(self, words: object) -> None:
        self._words = np.asarray(words, dtype=np.uint64)
        self._at = 0

    def words(self, n: int) -> NDArray[np.uint64]:
        """Return the next n words; refuse when fewer are left."""
        left = self._words.size - self._at
        if n > left:
            raise InvalidInput("asked for {n} words, {left} are left", n=n, left=left)
        self._at += n
        return self._words[self._at - n : self._at]

    def random(self, n: int) -> NDArray[np.float64]:
        """Return the next n words as floats: the top 53 bits of each."""
        top = self.words(n) >> np.uint64(64 - FLOAT_BITS)
        return top.astype(np.float64) * 2.0**-FLOAT_BITS


def as_chance(rng: object) -> Chance:
    """Return ``rng`` as a :class:`Chance`; a NumPy generator is wrapped, anything else refused."""
    if isinstance(rng, np.random.Generator):
        return _Numpy(rng)
    if isinstance(rng, Chance):
        return rng
    raise InvalidInput(
        "rng is {got}; want numpy.random.Generator or an object with random(n) and words(n)",
        zh="rng 为 {got}，应为 numpy.random.Generator 或带有 random(n) 与 words(n) 的对象",
        got=type(rng).__name__,
    )
