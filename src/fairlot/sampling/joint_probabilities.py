"""Joint probabilities for all pairs or for the pairs asked about.

A design answers for different units that chance decides; here the certain and the impossible ones
are added, the diagonal, and independence between strata.
"""

from collections.abc import Hashable, Sequence
from contextlib import nullcontext
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from fairlot._base import check
from fairlot._base.arrays import Flags, Floats, Ints
from fairlot._base.errors import InvalidInput, within
from fairlot.sampling.codes import by_code
from fairlot.sampling.joint import (
    Joint,
    PairProbability,
    Pairs,
    count_pairs,
    each_pair,
    pair_positions,
    positions,
)
from fairlot.sampling.joint_approximations import APPROXIMATIONS
from fairlot.sampling.joint_designs import known_design, prepared
from fairlot.sampling.sample import inside

__all__ = ["joint_probabilities", "pair_probability"]

BLOCK = 1 << 18
"""Pairs looked at together: some twenty arrays of 2 MB."""

DENSE_MOST = 20_000
"""Units of a whole matrix: 3.2 GB."""


def joint_probabilities(
    pi: ArrayLike,
    *,
    design: str = "conditional_poisson",
    units: ArrayLike | None = None,
    pairs: Pairs | None = None,
    strata: ArrayLike | Sequence[Hashable] | None = None,
) -> Joint:
    """Return how likely two units are to be drawn together.

    pi      (N,) probabilities as given to the design; for a fixed size, their sum is whole
    design  name of a design, ``"tille"``, ``"tille/1"`` or, with ``strata``,
            ``"stratified(tille/1)"`` as a sample bears it, or of an approximation: hajek,
            hartley_rao, deville, brewer_donadio_{9, 10, 11, 18}
    units   (m,) positions: only the pairs among them, (m, m)
    pairs   two arrays of positions, of one shape or broadcast to one: only these pairs, in that
            shape and O(N + P) memory for P of them
    strata  (N,) labels, when the design is drawn in each stratum by itself

    Exact for any size: srs, bernoulli, poisson, systematic, conditional_poisson, sampford, tille,
    midzuno and pivotal (along the order of the units). Exact for few units in a stratum: brewer
    (20 that chance decides), pareto, sequential_poisson and successive (10,000, by quadrature to
    1e-10; their diagonal is the true probability, which is not ``pi``). The approximations are for
    designs near conditional_poisson. ``zeros`` counts pairs that never come together.

    After preparing a design (O(N) or one sort) .1 to .6 us a pair; 1000 units of an order design
    take 20 s for all pairs, 300 take half a second.

    Raises InvalidInput with what is wrong, and for a design that cannot answer says what can.
    :func:`pair_probability` gives the function that answers, for more pairs than fit anywhere.

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
    frame = _prepared(pi, design, strata)
    if pairs is not None:
        values, zeros = frame.of_pairs(*pair_positions(_two_sides(pairs), pi.size))
    else:
        values, zeros = frame.matrix(_units(units, pi.size))
    return Joint(values, frame.pi, frame.design, frame.design not in APPROXIMATIONS, zeros)


def pair_probability(
    pi: ArrayLike,
    *,
    design: str = "conditional_poisson",
    strata: ArrayLike | Sequence[Hashable] | None = None,
) -> PairProbability:
    """Return the function that tells how likely pairs of units are drawn together.

    pi, design, strata  as in :func:`joint_probabilities`

    It takes two arrays of P positions of the frame and gives (P,) probabilities, ``pi`` where the
    two are one unit; it holds O(N), so that pairs can be asked about in blocks without end. The
    positions are not checked. ``sen_yates_grundy_variance`` and ``horvitz_thompson_variance`` take it as ``joint``.

    >>> together = pair_probability([0.5, 0.5, 0.25, 0.75, 1.0], design="tille")
    >>> together(np.array([0, 1]), np.array([1, 4]))
    array([0.15, 0.5 ])
    """
    return _prepared(check.probabilities(pi), design, strata).together


def _prepared(pi: Floats, design: str, strata: ArrayLike | Sequence[Hashable] | None) -> "_Frame":
    name = known_design(design, in_strata=strata is not None)
    return _Frame.of(pi, name, _groups(strata, pi.size))


@dataclass(frozen=True, eq=False)
class _Frame:
    """All units: those that chance decides by stratum and place in it, the others in stratum -1."""

    design: str
    pi: Floats
    stratum: Ints
    place: Ints
    strata: list[PairProbability]

    @classmethod
    def of(cls, pi: Floats, design: str, groups: list[tuple[str, Ints]]) -> "_Frame":
        none, start = np.full(pi.size, -1), np.zeros(pi.size, dtype=np.int64)
        frame = cls(design, pi.copy(), none, start, [])
        for label, units in groups:
            with within(f"stratum {label}", f"层 {label}") if label else nullcontext():
                frame.pi[units], pair = prepared(pi[units], design)
            decided = units[inside(pi[units])]
            frame.stratum[decided] = len(frame.strata)
            frame.place[decided] = np.arange(decided.size)
            frame.strata.append(pair)
        return frame

    def of_pairs(self, i: Ints, j: Ints) -> tuple[Floats, int]:
        """Return the probabilities in the shape of i and j, and how many pairs never meet."""
        shape, i, j = i.shape, i.ravel(), j.ravel()
        values = np.empty(i.size)
        for start in range(0, i.size, BLOCK):
            block = slice(start, start + BLOCK)
            values[block] = self.together(i[block], j[block])
        return values.reshape(shape), count_pairs(i, j, self._never(i, j, values))

    def matrix(self, units: Ints) -> tuple[Floats, int]:
        values = np.empty((units.size, units.size))
        np.fill_diagonal(values, self.pi[units])
        zeros = 0
        for a, b in each_pair(units.size, BLOCK):
            i, j = units[a], units[b]
            values[a, b] = values[b, a] = both = self.together(i, j)
            zeros += int(np.count_nonzero(self._never(i, j, both)))
        return values, zeros

    def together(self, i: Ints, j: Ints) -> Floats:
        """Return the probabilities of a block of pairs."""
        values = self.pi[i] * self.pi[j]
        same = i == j
        values[same] = self.pi[i[same]]
        own = self.stratum[i]
        near = np.flatnonzero((own == self.stratum[j]) & (own >= 0) & ~same)
        for stratum, some in by_code(own[near], len(self.strata)):
            at = near[some]
            values[at] = self.strata[stratum](self.place[i[at]], self.place[j[at]])
        return values

    def _never(self, i: Ints, j: Ints, values: Floats) -> Flags:
        never: Flags = (values <= 0) & (self.pi[i] > 0) & (self.pi[j] > 0) & (i != j)
        return never


def _groups(strata: ArrayLike | Sequence[Hashable] | None, units: int) -> list[tuple[str, Ints]]:
    if strata is None:
        return [("", np.arange(units))]
    labels, code = check.codes("strata", strata, units)
    return [(repr(labels[k]), some) for k, some in by_code(code, len(labels))]


def _two_sides(pairs: Pairs) -> Pairs:
    parts = len(pairs) if hasattr(pairs, "__len__") else 1
    if parts != 2:
        raise InvalidInput(
            "pairs has {got} parts; want two, pairs=(i, j) with an array of positions on each side",
            zh="pairs 有 {got} 部分，应为两部分：pairs=(i, j)，两侧各为一个位置数组",
            got=parts,
        )
    return pairs


def _units(units: ArrayLike | None, size: int) -> Ints:
    chosen = np.arange(size) if units is None else positions("units", units, size)
    if chosen.ndim != 1:
        raise InvalidInput(
            "units have shape {got}; want a row of positions",
            zh="units 的形状为 {got}，应为一行位置",
            got=chosen.shape,
        )
    if chosen.size > DENSE_MOST:
        raise InvalidInput(
            "a matrix of {got} units needs {gigabytes:.0f} GB, at most {most} units are answered;"
            " give units or pairs, or take pair_probability",
            zh="{got} 个单位的矩阵需要 {gigabytes:.0f} GB，至多 {most} 个单位；"
            "请给出 units 或 pairs，或用 pair_probability",
            got=chosen.size,
            gigabytes=chosen.size**2 * 8e-9,
            most=DENSE_MOST,
        )
    return chosen
