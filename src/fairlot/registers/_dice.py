"""Seeded chance for made-up tables: only ``random.Random.random()``, the same on every Python."""

import random
from bisect import bisect
from collections.abc import Hashable, Iterable, Mapping, Sequence
from itertools import accumulate
from math import exp
from typing import TypeVar

__all__ = ["Dice"]

T = TypeVar("T")
K = TypeVar("K", bound=Hashable)


class Dice:
    """Dice for example data; a public draw never uses them.

    >>> Dice("example").deal({"a": 2, "b": 1})
    ['a', 'a', 'b']
    """

    def __init__(self, seed: str) -> None:
        self.random = random.Random(seed).random

    def below(self, n: int) -> int:
        """Return a whole number in [0, n)."""
        return int(self.random() * n)

    def chance(self, p: float) -> bool:
        """Return True with probability p."""
        return self.random() < p

    def pick(self, items: Sequence[T]) -> T:
        """Return one of the items, each equally likely."""
        return items[self.below(len(items))]

    def weighted(self, weights: Mapping[K, float]) -> K:
        """Return a key with probability proportional to its weight."""
        ends = list(accumulate(weights.values()))
        return list(weights)[bisect(ends, self.random() * ends[-1])]

    def shuffled(self, items: Iterable[T]) -> list[T]:
        """Return the items in random order."""
        out = list(items)
        for i in range(len(out) - 1, 0, -1):
            j = self.below(i + 1)
            out[i], out[j] = out[j], out[i]
        return out

    def deal(self, counts: Mapping[K, int]) -> list[K]:
        """Return every key exactly as often as counted, in random order."""
        return self.shuffled(key for key, count in counts.items() for _ in range(count))

    def marks(self, size: int, count: int) -> list[bool]:
        """Return ``size`` flags of which exactly ``count`` are True."""
        return self.deal({True: count, False: size - count})

    def poisson(self, rate: float) -> int:
        """Return a Poisson count: uniforms are multiplied until they fall below exp(-rate)."""
        limit, product, count = exp(-rate), self.random(), 0
        while product > limit:
            product *= self.random()
            count += 1
        return count

    def normal(self) -> float:
        """Return a standard normal, near enough for a made-up table: twelve uniforms less six."""
        total = 0.0
        for _ in range(12):
            total += self.random()
        return total - 6.0
