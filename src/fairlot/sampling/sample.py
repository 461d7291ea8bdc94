"""What a design gives back: who was drawn, and with which probabilities."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

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
    pi      (N,) the probability each unit of the frame had
    design  name and version of the algorithm

    It refuses to exist when a unit is drawn twice, or when a unit of probability 0 is drawn or one
    of probability 1 is not. Both arrays are its own and read-only.

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
        index = np.array(_plain("index", self.index, "iu"), dtype=np.int64)
        given = _plain("pi", self.pi, "f").astype(np.float64, copy=False)
        _refuse_bad_index(index, given.size)
        pi = np.empty(given.size)  # of NumPy's making: large ones get large pages
        outside, certain = _copied(given, pi)
        impossible, drawn_certain = _impossible_and_certain(index, pi)
        if outside or impossible or drawn_certain != certain:
            _refuse_broken_certainty(index, pi)
        for name, own in (("index", index), ("pi", pi)):
            own.setflags(write=False)
            object.__setattr__(self, name, own)

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
    index: Ints = np.flatnonzero(chosen) if chosen.dtype == np.bool_ else chosen.astype(np.int64)
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


def _plain(name: str, given: ArrayLike, kinds: str) -> NDArray[Any]:
    array = np.asarray(given)
    if array.ndim != 1 or (array.size and array.dtype.kind not in kinds):
        raise InvalidInput(
            "{name} is {got} of shape {shape}; want {want}",
            zh="{name} 为 {got}，形状 {shape}；应为一维{want_zh}",
            name=name,
            got=str(array.dtype),
            shape=array.shape,
            want={"index": "positions, one whole number per drawn unit",
                  "pi": "probabilities, one float per unit"}[name],
            want_zh={"index": "整数位置，每个被抽单位一个", "pi": "浮点概率，每个单位一个"}[name],
        )  # fmt: skip
    return array


def _refuse_bad_index(index: Ints, units: int) -> None:
    broken = np.flatnonzero(index[1:] <= index[:-1])
    if broken.size:
        k = int(broken[0]) + 1
        raise InvalidInput(
            "index[{k}] is {got} after {before}; want rising positions",
            zh="index[{k}] 为 {got}，前一个为 {before}；位置应递增",
            k=k,
            got=int(index[k]),
            before=int(index[k - 1]),
        )
    if index.size and not (index[0] >= 0 and index[-1] < units):
        raise InvalidInput(
            "index runs from {low} to {high}; want positions from 0 to {last}",
            zh="index 从 {low} 到 {high}，应在 0 到 {last} 之间",
            low=int(index[0]),
            high=int(index[-1]),
            last=units - 1,
        )


@kernel
def _copied(given: Floats, pi: Floats) -> tuple[int, int]:
    """Copy, and count what is no probability and what is 1: one pass over a frame of up to 10^7."""
    outside = 0
    certain = 0
    for i in range(given.size):
        p = given[i]
        pi[i] = p
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


def _refuse_broken_certainty(index: Ints, pi: Floats) -> None:
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
