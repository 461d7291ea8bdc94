"""Who is certain when probabilities are proportional to size and none may pass 1.

A unit with ``left * size >= rest`` is certain, where ``left`` units are still to draw and ``rest``
is what the sizes of all that are not yet certain add up to. Taking it lowers ``rest / left``, so
others may follow. Every decision is one of whole numbers.
"""

from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from fairlot._base.arrays import Floats, Ints
from fairlot._base.errors import InvalidInput
from fairlot.sampling.sizes import Sizes

__all__ = ["Certain", "take_all"]


@dataclass(frozen=True, eq=False)
class Certain:
    """Certain are the units of size ``bar`` and more, and ``also``; ``left`` share ``rest``."""

    bar: int
    also: Ints
    left: int
    rest: int

    def probabilities(self, sizes: Sizes) -> Floats:
        """Return 1 for who is certain, ``left * size / rest`` for all others."""
        pi = sizes.shares(self.left, self.rest, self.bar)
        pi[self.also] = 1
        return pi


def take_all(
    sizes: Sizes, n: int, *, alpha: Fraction = Fraction(0), cutoff: Fraction | None = None
) -> Certain:
    """Find who is certain: sizes from ``cutoff`` on, then shares of 1, then of ``1 - alpha``.

    Each round reads all units once: four to seven times as a rule. It is Newton's method for the
    multiplier at which a concave function, the sum of ``min(1, x * size)``, is n; from one round
    to the next what is missing to n or ``rest`` falls to half or less (Radzik 1998, Fractional
    combinatorial optimization).
    """
    left, rest, bar = n, sizes.total, sizes.top + 1
    if cutoff is not None:
        left, rest, bar = _from(sizes.grains(cutoff), sizes, left, rest, bar)
        _refuse_too_many(n - left, n, cutoff)
    while left and (low := -(-rest // left)) < bar:
        left, rest, bar = _from(low, sizes, left, rest, bar)
    return _nearly(sizes, alpha, Certain(bar, np.empty(0, dtype=np.int64), left, rest))


def _from(low: int, sizes: Sizes, left: int, rest: int, bar: int) -> tuple[int, int, int]:
    count, amount = sizes.between(low, bar)
    return left - count, rest - amount, min(low, bar)


def _nearly(sizes: Sizes, alpha: Fraction, certain: Certain) -> Certain:
    """Take units whose share is ``1 - alpha`` or more, one by one: each lowers the next share."""
    if not (alpha and certain.left):
        return certain
    left, rest, also = certain.left, certain.rest, []
    top, bottom = (1 - alpha).as_integer_ratio()
    low = -(-top * rest // (bottom * left))
    for unit, size in sizes.falling(max(low, 1), certain.bar):
        if not left or bottom * left * size < top * rest:
            break
        also.append(unit)
        left, rest = left - 1, rest - size
    return Certain(certain.bar, np.array(also, dtype=np.int64), left, rest)


def _refuse_too_many(count: int, n: int, cutoff: Fraction) -> None:
    if count > n:
        raise InvalidInput(
            "{count} units have a size of at least the cutoff {cutoff}; n is {n}",
            zh="{count} 个单位的规模达到门槛 {cutoff}，而 n 为 {n}",
            count=count,
            cutoff=cutoff,
            n=n,
        )
