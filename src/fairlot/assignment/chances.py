"""What is published before the lottery: the exact chance of every officer on every seat."""

from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from fairlot._base.arrays import Flags, Floats, Ints, own
from fairlot._base.errors import InvalidInput
from fairlot.assignment.network import WHOLE
from fairlot.assignment.problem import Problem

__all__ = ["Bias", "Chances", "Columns"]


@dataclass(frozen=True, eq=False)
class Bias:
    """What repair does to the chances, as ``lotteries`` showed.

    change     (edges,) mean of the lotteries: by how much the chance of an edge is moved
    error      (edges,) standard error of ``change``
    moved      places changed by repair, of all places
    lotteries  how many were held
    """

    change: Floats
    error: Floats
    moved: float
    lotteries: int

    def __post_init__(self) -> None:
        for name in ("change", "error"):
            object.__setattr__(self, name, own(getattr(self, name), np.float64))


@dataclass(frozen=True, eq=False)
class Columns:
    """Whole assignments of which the lottery of a combinatorial problem draws one.

    officer  (columns, places) position of the officer on every place
    weight   (columns,) chance of the column in grains; they add up to ``WHOLE``
    """

    officer: Ints
    weight: Ints

    def __post_init__(self) -> None:
        object.__setattr__(self, "officer", _whole("columns", self.officer))
        object.__setattr__(self, "weight", _whole("weight", self.weight))


@dataclass(frozen=True, eq=False)
class Chances:
    """Exact chances: ``numerator[e] / 2^30`` that the officer of edge ``e`` takes its seat.

    problem    the problem they are for; edges in the order of ``problem.idx``
    numerator  (edges,) whole; a seat's add up to its quota, an officer's to the expected load,
               both exactly
    design     the algorithm and its version
    discount   (officers,) the factor that equal shares are multiplied by: 1 for an officer with
               time to spare, less for one whom many seats want (where all loads are given, only
               the ratios mean something)
    residual   the largest relative amount by which the balance missed a limit before rounding
    rounds     iterations of the balance
    vanished   chances strictly between 0 and 1 that no whole number of grains could keep there
    columns    the assignments of the lottery of a combinatorial problem, None otherwise
    bias       what repairs do to the chances of a combinatorial problem too great for columns

    The arrays are copied unless nobody can write to them. Raises InvalidInput for numerators,
    columns or weights that are not whole.
    """

    problem: Problem
    numerator: Ints
    design: str
    discount: Floats
    residual: float = 0.0
    rounds: int = 0
    vanished: int = 0
    columns: Columns | None = field(default=None, repr=False)
    bias: Bias | None = field(default=None, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "numerator", _whole("numerator", self.numerator))
        object.__setattr__(self, "discount", own(self.discount, np.float64))

    @cached_property
    def p(self) -> Floats:
        """The chances as floats, (edges,)."""
        return self.numerator / WHOLE

    @cached_property
    def forced(self) -> Flags:
        """Pairs of every assignment, (edges,)."""
        return np.equal(self.numerator, WHOLE)

    @cached_property
    def impossible(self) -> Flags:
        """Eligible pairs of no assignment, (edges,)."""
        return np.equal(self.numerator, 0)

    @cached_property
    def load(self) -> Floats:
        """The expected number of places of every officer, (officers,)."""
        people = len(self.problem.officers)
        return np.bincount(self.problem.idx, self.p, people).astype(np.float64)

    def to_frame(self) -> pd.DataFrame:
        """Return one row per eligible pair: site_id, seat, officer_id, numerator, p."""
        problem, seat = self.problem, self.problem.edge_seat
        return pd.DataFrame(
            {
                "site_id": np.array(problem.tasks, dtype=object)[problem.seat_task[seat]],
                "seat": problem.seat_kind[seat].astype(object),
                "officer_id": np.array(problem.officers, dtype=object)[problem.idx],
                "numerator": self.numerator,
                "p": self.p,
            }
        )


def _whole(name: str, values: ArrayLike) -> Ints:
    array = np.asarray(values)
    if array.size and array.dtype.kind not in "iu":
        raise InvalidInput(
            "{name} holds {got}; want whole numbers",
            zh="{name} 为 {got}，应为整数",
            name=name,
            got=array.dtype,
        )
    return own(array, np.int64)
