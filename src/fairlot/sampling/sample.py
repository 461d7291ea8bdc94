"""What a design gives back: who was drawn, and with which probabilities."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from fairlot._base.arrays import Flags, Floats, Ints
from fairlot._base.errors import FairlotError, InvalidInput
from fairlot._kernels import kernel

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Sample", "drawn", "inside"]


@dataclass(frozen=True, eq=False)
class Sample:
    """A sample without replacement.

    index   (n,) positions of the drawn units, rising, int64
    pi      (N,) the probability each unit of the frame had; a read-only view, not a copy
    design  name and version of the algorithm

    It refuses to exist when a unit is drawn twice, or when a unit of probability 0 is drawn or one
    of probability 1 is not.

    >>> sample = Sample(np.array([0, 2]), np.array([1.0, 0.5, 0.5]), "pivotal/1")
    >>> len(sample), sample.weights.tolist()
    (2, [1.0, 2.0])
    >>> sample.to_frame()
       index   pi
    0      0  1.0
    1      2  0.5
    """

    index: Ints
    pi: Floats
    design: str

    def __post_init__(self) -> None:
        for name, dtype in (("index", np.int64), ("pi", np.float64)):
            own = np.asarray(getattr(self, name), dtype=dtype).view()
            own.setflags(write=False)
            object.__setattr__(self, name, own)
        _refuse_bad_index(self.index, self.pi.size)
        _refuse_broken_certainty(self.index, self.pi)

    def __len__(self) -> int:
        return self.index.size

    @property
    def weights(self) -> Floats:
        """(n,) design weights of the drawn units, 1 / pi."""
        return 1 / self.pi[self.index]

    def to_frame(self) -> "pd.DataFrame":
        """Return one row per drawn unit: its position and its probability."""
        import pandas as pd

        return pd.DataFrame({"index": self.index, "pi": self.pi[self.index]})


def drawn(chosen: Flags | Ints, pi: Floats, design: str, n: int | None = None) -> Sample:
    """Wrap what a kernel chose, as flags or rising positions; hold it to its size ``n``.

    A design of fixed size that comes to another one has a defect, and says so instead of going on.
    """
    index = np.flatnonzero(chosen) if chosen.dtype == np.bool_ else chosen
    if n is not None and index.size != n:
        raise FairlotError(
            "{design} drew {got} units, promised {want}",
            zh="{design} 抽中 {got} 个单位，应为 {want} 个",
            design=design,
            got=index.size,
            want=n,
        )
    return Sample(index, pi, design)


def inside(pi: Floats) -> Ints:
    """Return the positions of the units that chance decides: neither impossible nor certain."""
    return np.flatnonzero((pi > 0) & (pi < 1))


def _refuse_bad_index(index: Ints, units: int) -> None:
    rising = bool(np.all(index[1:] > index[:-1]))
    within = not index.size or (index[0] >= 0 and index[-1] < units)
    if not (rising and within):
        raise InvalidInput(
            "index is {got}; want rising positions below {units}",
            zh="index 为 {got}，应为小于 {units} 的递增位置",
            got=index.tolist(),
            units=units,
        )


def _refuse_broken_certainty(index: Ints, pi: Floats) -> None:
    outside, certain = _outside_and_certain(pi)
    impossible, drawn_certain = _impossible_and_certain(index, pi)
    if outside or impossible or drawn_certain != certain:
        _name_broken_certainty(index, pi)


@kernel
def _outside_and_certain(pi: Floats) -> tuple[int, int]:
    """Count what is no probability and what is 1: one pass, no array beside a frame of 10^7."""
    outside = 0
    certain = 0
    for p in pi:
        outside += not 0.0 <= p <= 1.0
        certain += p >= 1.0
    return outside, certain


@kernel
def _impossible_and_certain(index: Ints, pi: Floats) -> tuple[int, int]:
    impossible = 0
    certain = 0
    for i in index:
        impossible += pi[i] <= 0.0
        certain += pi[i] >= 1.0
    return impossible, certain


def _name_broken_certainty(index: Ints, pi: Floats) -> None:
    drawn = np.zeros(pi.size, dtype=bool)
    drawn[index] = True
    i = int(np.argmax(((pi <= 0) & drawn) | ((pi >= 1) & ~drawn) | ~((pi >= 0) & (pi <= 1))))
    raise InvalidInput(
        "unit {i} has pi {got} and drawn is {drawn}",
        zh="单位 {i} 的 pi 为 {got}，抽中为 {drawn}",
        i=i,
        got=float(pi[i]),
        drawn=bool(drawn[i]),
    )
