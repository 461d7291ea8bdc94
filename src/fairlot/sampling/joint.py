"""How likely two units are to be drawn together: the shapes of a question and of its answer.

A design answers for pairs, so that nobody needs N x N numbers to know a few of them.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from fairlot._base.arrays import Floats, Ints

__all__ = ["Joint", "PairProbability"]

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

    def __str__(self) -> str:
        shape = " x ".join(map(str, self.values.shape))
        kind = "exact" if self.exact else "approximate"
        never = "1 pair never comes" if self.zeros == 1 else f"{self.zeros} pairs never come"
        return f"{shape} joint probabilities, {self.design}, {kind}; {never} together"
