"""What a design gives back: who was drawn, and with which probabilities."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from fairlot._base.errors import InvalidInput

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Sample"]


@dataclass(frozen=True, eq=False)
class Sample:
    """A sample without replacement.

    index   positions of the drawn units, rising, int64
    pi      (N,) the probability each unit of the frame had
    design  name and version of the algorithm

    It refuses to exist when a unit is drawn twice, or when a unit of probability 0 is drawn or one
    of probability 1 is not. The arrays are read-only.

    >>> sample = Sample(np.array([0, 2]), np.array([1.0, 0.5, 0.5]), "nested_pivotal/0")
    >>> len(sample)
    2
    >>> sample.to_frame()
       index   pi
    0      0  1.0
    1      2  0.5
    """

    index: NDArray[np.int64]
    pi: NDArray[np.float64]
    design: str

    def __post_init__(self) -> None:
        for name, dtype in (("index", np.int64), ("pi", np.float64)):
            own = np.array(getattr(self, name), dtype=dtype)
            own.setflags(write=False)
            object.__setattr__(self, name, own)
        _refuse_bad_index(self.index, self.pi.size)
        _refuse_broken_certainty(self.index, self.pi)

    def __len__(self) -> int:
        return self.index.size

    def to_frame(self) -> "pd.DataFrame":
        """Return one row per drawn unit: its position and its probability."""
        import pandas as pd

        return pd.DataFrame({"index": self.index, "pi": self.pi[self.index]})


def _refuse_bad_index(index: NDArray[np.int64], units: int) -> None:
    rising = bool(np.all(index[1:] > index[:-1]))
    inside = not index.size or (index[0] >= 0 and index[-1] < units)
    if not (rising and inside):
        raise InvalidInput(
            "index is {got}; want rising positions below {units}",
            zh="index 为 {got}，应为小于 {units} 的递增位置",
            got=index.tolist(),
            units=units,
        )


def _refuse_broken_certainty(index: NDArray[np.int64], pi: NDArray[np.float64]) -> None:
    drawn = np.zeros(pi.size, dtype=bool)
    drawn[index] = True
    broken = np.flatnonzero(((pi <= 0) & drawn) | ((pi >= 1) & ~drawn) | ~((pi >= 0) & (pi <= 1)))
    if broken.size:
        i = int(broken[0])
        raise InvalidInput(
            "unit {i} has pi {got} and drawn is {drawn}",
            zh="单位 {i} 的 pi 为 {got}，抽中为 {drawn}",
            i=i,
            got=float(pi[i]),
            drawn=bool(drawn[i]),
        )
