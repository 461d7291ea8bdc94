"""Joint probabilities for all pairs or for the pairs asked about.

A design answers for different units that chance decides; here the certain and the impossible ones
are added, the diagonal, and independence between strata.
"""

from collections.abc import Hashable, Iterator, Sequence
from contextlib import nullcontext
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from fairlot._base import check
from fairlot._base.arrays import Floats, Ints
from fairlot._base.errors import InvalidInput, within
from fairlot.sampling.joint import Joint, PairProbability
from fairlot.sampling.joint_approximations import APPROXIMATIONS
from fairlot.sampling.joint_designs import known_design, prepared
from fairlot.sampling.sample import inside

__all__ = ["joint_probabilities"]

BLOCK = 1 << 18
"""Pairs looked at together: some twenty arrays of 2 MB."""

DENSE_MOST = 20_000
"""Units of a whole matrix: 3.2 GB."""


def joint_probabilities(
    pi: ArrayLike,
    *,
    design: str = "conditional_poisson",
    units: ArrayLike | None = None,
    pairs: tuple[ArrayLike, ArrayLike] | None = None,
    strata: ArrayLike | Sequence[Hashable] | None = None,
) -> Joint:
    """Return how likely two units are to be drawn together.

    pi      (N,) probabilities as given to the design; for a fixed size, their sum is whole
    design  name of a design, ``"tille"`` or ``"tille/1"`` as a sample bears it, or of an
            approximation: hajek, hartley_rao, deville, brewer_donadio_{9, 10, 11, 18}
    units   (m,) positions: only the pairs among them, (m, m)
    pairs   two arrays of P positions: only these pairs, (P,), in O(N + P) memory
    strata  (N,) labels, when the design is drawn in each stratum by itself

    Exact for any size: srs, bernoulli, poisson, systematic, conditional_poisson, sampford, tille,
    midzuno and pivotal (along the order of the units). Exact for few units in a stratum: brewer
    (20 that chance decides), pareto, sequential_poisson and successive (10,000, by quadrature to
    1e-10; their diagonal is the true probability, which is not ``pi``). The approximations are for
    designs near conditional_poisson. ``zeros`` counts pairs that never come together.

    After preparing a design (O(N) or one sort) .1 to .6 us a pair; 1000 units of an order design
    take 20 s for all pairs, 300 take half a second.

    Raises InvalidInput with what is wrong, and for a design that cannot answer says what can.

    >>> pi = [0.5, 0.5, 0.25, 0.75, 1.0]
    >>> joint = joint_probabilities(pi, design="systematic")
    >>> print(joint)
    5 x 5 joint probabilities, systematic, exact; 3 pairs never come together
    >>> joint.values[0]
    array([0.5 , 0.  , 0.25, 0.25, 0.5 ])
    >>> joint_probabilities(pi, design="tille/1", pairs=([0, 1], [1, 4])).values
    array([0.15, 0.5 ])
    """
    pi = check.probabilities(pi)
    if units is not None and pairs is not None:
        raise InvalidInput("give units or pairs, not both", zh="units 与 pairs 只能给出其一")
    name = known_design(design)
    frame = _Frame.of(pi, name, _groups(strata, pi.size))
    if pairs is not None:
        values, zeros = frame.row(*_pairs(pairs, pi.size))
    else:
        values, zeros = frame.matrix(_units(units, pi.size))
    return Joint(values, frame.pi, name, name not in APPROXIMATIONS, zeros)


@dataclass(frozen=True, eq=False)
class _Frame:
    """All units: those that chance decides by stratum and place in it, the others in stratum -1."""

    pi: Floats
    stratum: Ints
    place: Ints
    strata: list[PairProbability]

    @classmethod
    def of(cls, pi: Floats, design: str, groups: list[tuple[str, Ints]]) -> "_Frame":
        frame = cls(pi.copy(), np.full(pi.size, -1), np.zeros(pi.size, dtype=np.int64), [])
        for label, units in groups:
            with within(f"stratum {label}", f"层 {label}") if label else nullcontext():
                frame.pi[units], pair = prepared(pi[units], design)
            decided = units[inside(pi[units])]
            frame.stratum[decided] = len(frame.strata)
            frame.place[decided] = np.arange(decided.size)
            frame.strata.append(pair)
        return frame

    def row(self, i: Ints, j: Ints) -> tuple[Floats, int]:
        values = np.empty(i.size)
        zeros = 0
        for start in range(0, i.size, BLOCK):
            block = slice(start, start + BLOCK)
            values[block], never = self._together(i[block], j[block])
            zeros += never
        return values, zeros

    def matrix(self, units: Ints) -> tuple[Floats, int]:
        values = np.empty((units.size, units.size))
        np.fill_diagonal(values, self.pi[units])
        zeros = 0
        for a, b in _upper(units.size):
            values[a, b], never = self._together(units[a], units[b])
            values[b, a] = values[a, b]
            zeros += never
        return values, zeros

    def _together(self, i: Ints, j: Ints) -> tuple[Floats, int]:
        """Return the probabilities of a block of pairs, and how many never come together."""
        values = self.pi[i] * self.pi[j]
        same = i == j
        values[same] = self.pi[i[same]]
        possible = (values > 0) & ~same
        near = np.flatnonzero((self.stratum[i] == self.stratum[j]) & ~same)
        near = near[self.stratum[i[near]] >= 0]
        for stratum, some in _by_code(self.stratum[i[near]]):
            at = near[some]
            values[at] = self.strata[stratum](self.place[i[at]], self.place[j[at]])
        return values, int(np.count_nonzero(possible & (values <= 0)))


def _by_code(code: Ints) -> Iterator[tuple[int, Ints]]:
    """Yield each code with the positions that bear it."""
    order = np.argsort(code, kind="stable")
    for some in np.split(order, np.flatnonzero(np.diff(code[order])) + 1):
        if some.size:
            yield int(code[some[0]]), some


def _upper(size: int) -> Iterator[tuple[Ints, Ints]]:
    """Yield the pairs a < b of positions row by row, in blocks of about BLOCK pairs."""
    rows = max(1, BLOCK // max(size, 1))
    for start in range(0, size, rows):
        row = np.arange(start, min(start + rows, size))
        length = size - 1 - row
        a = np.repeat(row, length)
        place = np.arange(a.size) - np.repeat(np.cumsum(length) - length, length)
        yield a, a + 1 + place


def _groups(strata: ArrayLike | Sequence[Hashable] | None, units: int) -> list[tuple[str, Ints]]:
    if strata is None:
        return [("", np.arange(units))]
    labels, code = check.codes("strata", strata, units)
    return [(repr(labels[k]), some) for k, some in _by_code(code)]


def _units(units: ArrayLike | None, size: int) -> Ints:
    chosen = np.arange(size) if units is None else _positions("units", units, size)
    if chosen.size > DENSE_MOST:
        raise InvalidInput(
            "a matrix of {got} units needs {gigabytes:.0f} GB, at most {most} units are answered;"
            " give units or pairs",
            zh="{got} 个单位的矩阵需要 {gigabytes:.0f} GB，至多 {most} 个单位；请给出 units 或 pairs",
            got=chosen.size,
            gigabytes=chosen.size**2 * 8e-9,
            most=DENSE_MOST,
        )
    return chosen


def _pairs(pairs: tuple[ArrayLike, ArrayLike], size: int) -> tuple[Ints, Ints]:
    i, j = (_positions("pairs", side, size) for side in pairs)
    check.same_length("pairs[1]", j.size, i.size)
    return i, j


def _positions(name: str, values: ArrayLike, size: int) -> Ints:
    array = np.asarray(values)
    if array.ndim != 1 or (array.size and array.dtype.kind not in "iu"):
        raise InvalidInput(
            "{name} is {got} of shape {shape}; want a row of whole numbers",
            zh="{name} 为形状 {shape} 的 {got}，应为一行整数",
            name=name,
            got=array.dtype,
            shape=array.shape,
        )
    if array.size and not (array.min() >= 0 and array.max() < size):
        k = int(np.argmax((array < 0) | (array >= size)))
        raise InvalidInput(
            "{name}[{k}] is {got}; want a position below {size}",
            zh="{name}[{k}] 为 {got}，应为小于 {size} 的位置",
            name=name,
            k=k,
            got=int(array[k]),
            size=size,
        )
    return array.astype(np.int64)
