"""How likely two units are to be drawn together: the shapes of a question and of its answer.

A design answers for pairs, so that nobody needs N x N numbers to know a few of them.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from fairlot._base.arrays import Flags, Floats, Ints
from fairlot._base.errors import InvalidInput

__all__ = [
    "Joint",
    "PairProbability",
    "Pairs",
    "count_pairs",
    "each_pair",
    "pair_positions",
    "positions",
]

Pairs = tuple[ArrayLike, ArrayLike]
HALF_WORD = 32
"""Two positions fit in one whole number."""

PairProbability = Callable[[Ints, Ints], Floats]
"""Joint probabilities of pairs of *different* positions, prepared once for a vector pi."""


@dataclass(frozen=True, eq=False)
class Joint:
    """Joint probabilities, and how they were come by.

    values  (N, N), (m, m) for m units or (P,) for P pairs; the diagonal holds ``pi``
    pi      (N,) the probability with which the design draws each unit
    design  name of the design, or of the approximation
    exact   whether this is the design's own probability, or an approximation
    zeros   how many of the pairs of different possible units never come together

    Where ``zeros`` is not 0 no unbiased variance estimate exists. A pair counts once, whichever of
    its units comes first; ``np.asarray(joint)`` gives the values.
    """

    values: Floats
    pi: Floats
    design: str
    exact: bool
    zeros: int

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> NDArray[Any]:
        return np.array(self.values, dtype=dtype, copy=copy)

    def text(self, lang: str = "en") -> str:
        """Return what this is in ``lang`` ("en" or "zh")."""
        shape = " x ".join(map(str, self.values.shape))
        if lang == "zh":
            kind = "精确" if self.exact else "近似"
            return f"{shape} 个联合入样概率，{self.design}，{kind}；{self.zeros} 对单位不会同时抽中"
        kind = "exact" if self.exact else "approximate"
        never = "1 pair never comes" if self.zeros == 1 else f"{self.zeros} pairs never come"
        return f"{shape} joint probabilities, {self.design}, {kind}; {never} together"

    def __str__(self) -> str:
        return self.text()


def each_pair(units: int, block: int) -> Iterator[tuple[Ints, Ints]]:
    """Yield the pairs a < b of places row by row, in arrays of about ``block`` pairs.

    >>> [(a.tolist(), b.tolist()) for a, b in each_pair(3, 6)]
    [([0, 0, 1], [1, 2, 2]), ([], [])]
    """
    rows = max(1, block // max(units, 1))
    for start in range(0, units, rows):
        row = np.arange(start, min(start + rows, units))
        length = units - 1 - row
        a = np.repeat(row, length)
        place = np.arange(a.size) - np.repeat(np.cumsum(length) - length, length)
        yield a, a + 1 + place


def pair_positions(pairs: Pairs, units: int) -> tuple[Ints, Ints]:
    """Return two arrays of positions, of one shape or broadcast to one."""
    i, j = (positions(f"pairs[{k}]", side, units) for k, side in enumerate(pairs))
    try:
        i, j = np.broadcast_arrays(i, j)
    except ValueError:
        raise InvalidInput(
            "pairs have shapes {got} and {other}; want one shape, or two that broadcast",
            zh="pairs 两侧的形状为 {got} 与 {other}，应相同或可相互广播",
            got=i.shape,
            other=j.shape,
        ) from None
    return i, j


def positions(name: str, values: ArrayLike, units: int) -> Ints:
    """Return positions of units, whole numbers below ``units``."""
    array = np.asarray(values)
    if array.size and array.dtype.kind not in "iu":
        raise InvalidInput(
            "{name} holds {got}; want whole numbers",
            zh="{name} 的元素为 {got}，应为整数",
            name=name,
            got=str(array.dtype),
        )
    outside = np.argwhere((array < 0) | (array >= units))
    if outside.size:
        at = outside[0]
        raise InvalidInput(
            "{name}[{index}] is {got}; want a position below {want}",
            zh="{name}[{index}] 为 {got}，应为小于 {want} 的位置",
            name=name,
            index=", ".join(map(str, at)),
            got=int(array[tuple(at)]),
            want=units,
        )
    return array.astype(np.int64)


def count_pairs(i: Ints, j: Ints, which: Flags) -> int:
    """Count the pairs in ``which``, each once, however often and in whichever order it stands."""
    first, second = np.sort([i[which], j[which]], axis=0)
    return np.unique(first << HALF_WORD | second).size
