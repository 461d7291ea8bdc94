"""How much two samples share, and how much they should."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from fairlot._base import check
from fairlot._base.arrays import Floats, Ints
from fairlot._base.errors import InvalidInput
from fairlot.sampling.permanent import places
from fairlot.sampling.sample import Sample

__all__ = ["Overlap", "expected_overlap", "overlap"]


@dataclass(frozen=True)
class Overlap:
    """What two samples share, beside what is expected.

    common       units in both
    n_a, n_b     sizes of the samples
    positive     expected number of common units of Poisson samples from the same numbers
    independent  of any samples from fresh numbers
    negative     of Poisson samples from shifted or opposite numbers
    """

    common: int
    n_a: int
    n_b: int
    positive: float
    independent: float
    negative: float

    @property
    def share(self) -> float:
        """The part of the second sample that was in the first; NaN when the second is empty."""
        return self.common / self.n_b if self.n_b else float("nan")


def overlap(
    a: Sample,
    b: Sample,
    *,
    ids_a: Sequence[str] | None = None,
    ids_b: Sequence[str] | None = None,
) -> Overlap:
    """Count the units that two samples share, beside what is expected.

    a, b          the samples
    ids_a, ids_b  distinct ids of the two frames; without them both samples are of the same frame

    O(N).

    >>> pi = np.array([0.5, 0.5, 1.0, 0.0])
    >>> a, b = (Sample(np.array(index), pi, "pivotal/1") for index in ([0, 2], [1, 2]))
    >>> overlap(a, b)
    Overlap(common=1, n_a=2, n_b=2, positive=2.0, independent=1.5, negative=1.0)
    """
    at_a, at_b = _matched(a.pi.size, b.pi.size, ids_a, ids_b)
    in_a, in_b = np.zeros(a.pi.size, dtype=bool), np.zeros(b.pi.size, dtype=bool)
    in_a[a.index] = in_b[b.index] = True
    pi_a, pi_b = a.pi[at_a], b.pi[at_b]
    expected = {name: float(together(pi_a, pi_b).sum()) for name, together in _TOGETHER.items()}
    return Overlap(int(np.sum(in_a[at_a] & in_b[at_b])), len(a), len(b), **expected)


def expected_overlap(pi_a: ArrayLike, pi_b: ArrayLike, *, coordination: str) -> float:
    """Return how many units two samples of the same frame are expected to share.

    pi_a, pi_b    (N,) the probabilities of the two draws
    coordination  "positive": from the same numbers, ``sum min(pi_a, pi_b)``;
                  "independent": ``sum pi_a pi_b``;
                  "negative": from numbers shifted by ``pi_a`` or flipped,
                  ``sum max(0, pi_a + pi_b - 1)``

    Exact for Poisson samples, and "independent" for any. No two designs with these ``pi`` can share
    more than "positive" or less than "negative"; those of fixed size come near.

    >>> pi = [0.75, 0.5, 0.25]
    >>> [expected_overlap(pi, pi, coordination=word) for word in ("positive", "negative")]
    [1.5, 0.5]
    """
    if coordination not in _TOGETHER:
        raise InvalidInput(
            "coordination is {got!r}; want one of {want}",
            zh="coordination 为 {got!r}，应为 {want} 之一",
            got=coordination,
            want=", ".join(_TOGETHER),
        )
    a, b = check.probabilities(pi_a, name="pi_a"), check.probabilities(pi_b, name="pi_b")
    check.same_length("pi_b", b.size, a.size)
    return float(_TOGETHER[coordination](a, b).sum())


def _least(a: Floats, b: Floats) -> Floats:
    return np.maximum(a + b - 1, 0.0)


_TOGETHER: dict[str, Callable[[Floats, Floats], Floats]] = {
    "positive": np.minimum,
    "independent": np.multiply,
    "negative": _least,
}


def _matched(
    size_a: int, size_b: int, ids_a: Sequence[str] | None, ids_b: Sequence[str] | None
) -> tuple[Ints, Ints]:
    """Return the positions of the units that are in both frames."""
    if ids_a is None or ids_b is None:
        if ids_a is not ids_b or size_a != size_b:
            raise InvalidInput(
                "frames of {size_a} and {size_b} units; want ids of both to match them by",
                zh="两个名录分别有 {size_a} 与 {size_b} 个单位，需给出双方编号以便匹配",
                size_a=size_a,
                size_b=size_b,
            )
        same = np.arange(size_a)
        return same, same
    places_a, places_b = places(ids_a), places(ids_b)
    check.same_length("ids_a", len(places_a), size_a)
    check.same_length("ids_b", len(places_b), size_b)
    pairs = [(at, places_b[id]) for id, at in places_a.items() if id in places_b]
    at_a, at_b = np.array(pairs, dtype=np.int64).reshape(-1, 2).T
    return at_a, at_b
