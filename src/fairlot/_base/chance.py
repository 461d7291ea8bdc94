"""One door for chance: ``random(n)`` gives n floats in [0, 1), ``words(n)`` gives n uint64.

A design never draws by itself; it asks an object with these two methods. A NumPy generator, the
published stream of a public draw, kept numbers and arrays written by hand all pass through here.
"""

from collections.abc import Sequence
from threading import Lock
from typing import Any, Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from fairlot._base.errors import InvalidInput

__all__ = ["Chance", "Given", "as_chance", "parts"]

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
            raise InvalidInput(
                "asked for {n} words, {left} are left",
                zh="要 {n} 个随机数，只剩 {left} 个",
                n=n,
                left=left,
            )
        self._at += n
        return self._words[self._at - n : self._at]

    def random(self, n: int) -> NDArray[np.float64]:
        """Return the next n words as floats: the top 53 bits of each."""
        top = self.words(n) >> np.uint64(64 - FLOAT_BITS)
        return top.astype(np.float64) * 2.0**-FLOAT_BITS


class _Columns:
    """Numbers of all units, drawn from one chance as columns and shared by groups of units.

    The k-th request of a group for a kind of number is answered from the k-th column of that kind,
    at the group's own units; so it matters neither how many groups there are nor who asks first.
    """

    def __init__(self, chance: Chance, units: int) -> None:
        self._chance = chance
        self._units = units
        self._drawn: dict[str, list[NDArray[Any]]] = {"random": [], "words": []}
        self._lock = Lock()

    def column(self, kind: str, k: int) -> NDArray[Any]:
        drawn = self._drawn[kind]
        with self._lock:
            while len(drawn) <= k:
                drawn.append(getattr(self._chance, kind)(self._units))
        return drawn[k]


class _Part:
    """The numbers of one group of units."""

    def __init__(self, columns: _Columns, units: NDArray[np.int64]) -> None:
        self._columns = columns
        self._units = units
        self._asked = {"random": 0, "words": 0}

    def _next(self, kind: str, n: int) -> NDArray[Any]:
        if n > self._units.size:
            raise InvalidInput(
                "asked for {n} numbers at once, the group has {units} units",
                zh="一次要 {n} 个随机数，而该组只有 {units} 个单位",
                n=n,
                units=self._units.size,
            )
        k = self._asked[kind]
        self._asked[kind] += 1
        return self._columns.column(kind, k)[self._units[:n]]

    def random(self, n: int) -> NDArray[np.float64]:
        return self._next("random", n)

    def words(self, n: int) -> NDArray[np.uint64]:
        return self._next("words", n)


class _Checked:
    """A source made by others: kernels trust numbers, so each is looked at before."""

    def __init__(self, source: Chance) -> None:
        self._source = source

    def random(self, n: int) -> NDArray[np.float64]:
        u = np.asarray(self._source.random(n))
        _refuse_other_numbers("random", u, n, "f", "floats in [0, 1)")
        if n and not (u.min() >= 0 and u.max() < 1):
            outside = int(np.argmax(~((u >= 0) & (u < 1))))
            raise InvalidInput(
                "rng.random({n})[{i}] is {got}; want 0 <= u < 1",
                zh="rng.random({n})[{i}] 为 {got}，应不小于 0 且小于 1",
                n=n,
                i=outside,
                got=float(u[outside]),
            )
        return u.astype(np.float64, copy=False)

    def words(self, n: int) -> NDArray[np.uint64]:
        words = np.asarray(self._source.words(n))
        _refuse_other_numbers("words", words, n, "u", "uint64")
        return words.astype(np.uint64, copy=False)


def _refuse_other_numbers(name: str, numbers: NDArray[Any], n: int, kind: str, want: str) -> None:
    if numbers.shape != (n,) or numbers.dtype.kind != kind:
        raise InvalidInput(
            "rng.{name}({n}) gave {got} of shape {shape}; want {n} {want}",
            zh="rng.{name}({n}) 给出形状为 {shape} 的 {got}，应为 {n} 个 {want}",
            name=name,
            n=n,
            got=str(numbers.dtype),
            shape=numbers.shape,
            want=want,
        )


def as_chance(rng: object) -> Chance:
    """Return ``rng`` as a :class:`Chance`; a NumPy generator is wrapped, anything else refused.

    An object with ``chance()``, like kept numbers, gives a fresh reader from its first number on.
    """
    if isinstance(rng, np.random.Generator):
        return _Numpy(rng)
    if callable(fresh := getattr(rng, "chance", None)):
        return as_chance(fresh())
    if isinstance(rng, Given | _Part | _Checked):
        return rng
    if isinstance(rng, Chance):
        return _Checked(rng)
    raise InvalidInput(
        "rng is {got}; want numpy.random.Generator or an object with random(n) and words(n)",
        zh="rng 为 {got}，应为 numpy.random.Generator 或带有 random(n) 与 words(n) 的对象",
        got=type(rng).__name__,
    )


def parts(rng: object, groups: Sequence[NDArray[np.int64]]) -> list[Any]:
    """Return an ``rng`` for each group of units, the same whatever order the groups are used in.

    A NumPy generator is split into children, one a group. Of anything else every group reads the
    numbers of its own units: unit i consumes the i-th number of each column.

    >>> two = parts(Given([1 << 61, 2 << 61, 3 << 61]), [np.array([1]), np.array([0, 2])])
    >>> two[1].random(2), two[0].random(1)
    (array([0.125, 0.375]), array([0.25]))
    """
    if isinstance(rng, np.random.Generator):
        return list(rng.spawn(len(groups)))
    columns = _Columns(as_chance(rng), sum(group.size for group in groups))
    return [_Part(columns, group) for group in groups]
