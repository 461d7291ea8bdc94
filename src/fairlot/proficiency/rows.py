"""The numbers of a score, row by row: one for each result, or one for each measurand."""

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np

from fairlot._base import check
from fairlot._base.arrays import Flags, Floats, Ints
from fairlot._base.errors import InvalidInput
from fairlot.proficiency.batch import Batch
from fairlot.proficiency.decimals import Decimals

__all__ = ["Column", "Rows", "not_negative", "not_zero", "positive"]


@dataclass(frozen=True, eq=False)
class Column:
    """Numbers, and which of them belongs to each row; ``place`` is None for one a row."""

    numbers: Decimals
    place: Ints | None = None

    @property
    def floats(self) -> Floats:
        """The nearest double on each row."""
        floats = self.numbers.floats
        return floats if self.place is None else floats[self.place]

    def exact(self, row: int) -> Fraction:
        """Return the number on a row exactly."""
        return self.numbers.exact(row if self.place is None else int(self.place[row]))

    def negated(self) -> "Column":
        """Return the column times -1."""
        return Column(self.numbers.negated(), self.place)


@dataclass(frozen=True, eq=False)
class Rows:
    """The results x of a sample or a batch, and what else stands on their rows."""

    x: Column
    starts: Ints

    @classmethod
    def of(cls, x: Any) -> "Rows":
        """Return the rows of x, a sample (text and decimals too) or a Batch."""
        if isinstance(x, Batch):
            return cls(Column(Decimals.of("x", x.values)), x.starts)
        numbers = Decimals.of("x", x)
        return cls(Column(numbers), np.array([0, numbers.floats.size]))

    @classmethod
    def each(cls, name: str, values: Any) -> "Rows":
        """Return the rows of one number a measurand."""
        numbers = Decimals.of(name, values)
        return cls(Column(numbers), np.arange(numbers.floats.size + 1))

    def per_measurand(self, name: str, values: Any) -> Column:
        """Return one number a measurand, or one for all, on the rows of its results."""
        numbers, measurands = Decimals.of(name, values), self.starts.size - 1
        if numbers.floats.size == 1:
            return Column(numbers, np.zeros(self.starts[-1], dtype=np.int64))
        check.same_length(name, numbers.floats.size, measurands, ("measurands", "检测参数"))
        return Column(numbers, np.repeat(np.arange(measurands), np.diff(self.starts)))

    def ones(self) -> Column:
        """Return 1 on every row."""
        return self.per_measurand("1", 1.0)

    def per_result(self, name: str, values: Any) -> Column:
        """Return one number a result: as many as x has, or a Batch of the same sizes as x."""
        same = isinstance(values, Batch) and np.array_equal(values.starts, self.starts)
        numbers = Decimals.of(name, values.values if same else values)
        check.same_length(name, numbers.floats.size, int(self.starts[-1]), ("results", "结果"))
        return Column(numbers)


def positive(name: str, column: Column) -> Column:
    """Return the column; refuse 0 and less."""
    floats = column.numbers.floats
    _refuse_first(name, floats, ~(floats > 0), "a number above 0", "大于 0 的数")
    return column


def not_negative(name: str, column: Column) -> Column:
    """Return the column; refuse less than 0."""
    floats = column.numbers.floats
    _refuse_first(name, floats, ~(floats >= 0), "0 or more", "不小于 0 的数")
    return column


def not_zero(name: str, column: Column) -> Column:
    """Return the column; refuse 0."""
    floats = column.numbers.floats
    _refuse_first(name, floats, floats == 0, "a number other than 0", "不为 0 的数")
    return column


def _refuse_first(name: str, floats: Floats, broken: Flags, want: str, want_zh: str) -> None:
    if broken.any():
        i = int(np.argmax(broken))
        raise InvalidInput(
            "{name}[{i}] is {got}; want {want}",
            zh="{name}[{i}] 为 {got}，应为{want_zh}",
            name=name, i=i, got=float(floats[i]), want=want, want_zh=want_zh,
        )  # fmt: skip
