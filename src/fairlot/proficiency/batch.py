"""Many measurands in one call: their results in one flat array, and where each one begins.

Every estimator of this room takes a sample (anything one-dimensional) or a :class:`Batch`, and
gives back one result: of numbers for a sample, of arrays, one entry a measurand, for a batch.
"""

import os
from collections.abc import Callable, Hashable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from fairlot._base import check
from fairlot._base.arrays import Floats, Ints, own, sealed
from fairlot._base.coding import coded
from fairlot._base.errors import InvalidInput
from fairlot._kernels.compile import kernel

__all__ = ["Batch", "in_parts", "per_measurand", "sample_or_batch"]

WORTH_A_THREAD = 50_000
"""Results a thread should have to work on: handing over costs some 50 microseconds."""


@dataclass(frozen=True, eq=False)
class Batch:
    """The results of g measurands (or levels): ``values[starts[i]:starts[i + 1]]`` are those of i.

    ``labels`` name the measurands. Nobody writes to the arrays.
    """

    values: Floats
    starts: Ints
    labels: tuple[Hashable, ...]

    @classmethod
    def of(cls, samples: Mapping[Any, ArrayLike] | Iterable[ArrayLike]) -> "Batch":
        """Return the batch of samples, each at least one finite number.

        >>> Batch.of({"Pb": [1.0, 2.0, 4.0], "Cd": [3.0]}).sizes
        array([3, 1])
        """
        named = dict(samples if isinstance(samples, Mapping) else enumerate(samples))
        if not named:
            raise InvalidInput("a batch of no measurands", zh="没有任何检测参数")
        parts = [check.numbers(f"x[{label}]", part) for label, part in named.items()]
        starts = np.cumsum([0, *(part.size for part in parts)])
        return cls(own(np.concatenate(parts)), own(starts, np.int64), tuple(named))

    @classmethod
    def by(cls, values: ArrayLike, labels: Iterable[Hashable]) -> "Batch":
        """Return the batch of a long table: a value and the name of its measurand on each row.

        >>> batch = Batch.by([1.0, 3.0, 2.0], ["Pb", "Cd", "Pb"])
        >>> batch.labels, batch.values
        (('Pb', 'Cd'), array([1., 2., 3.]))
        """
        array = check.numbers("x", values)
        names, places = coded(labels)
        check.same_length("labels", places.size, array.size)
        order = np.argsort(places, kind="stable")
        starts = np.cumsum([0, *np.bincount(places, minlength=len(names))])
        return cls(own(array[order]), own(starts, np.int64), tuple(names))

    def __len__(self) -> int:
        return len(self.labels)

    @property
    def sizes(self) -> Ints:
        """The number of results of each measurand, p."""
        return np.diff(self.starts)

    @cached_property
    def ordered(self) -> Floats:
        """The values, ascending within each measurand."""
        array = self.values.copy()
        in_parts(_sort, self, array)
        return sealed(array)


@kernel
def _sort(starts: Ints, first: int, last: int, array: Floats) -> None:
    for i in range(first, last):
        array[starts[i] : starts[i + 1]].sort()


def sample_or_batch(x: ArrayLike | Batch) -> tuple[Batch, bool]:
    """Return ``x`` as a batch, and whether it was one; a sample becomes a batch of one."""
    if isinstance(x, Batch):
        return x, True
    values = own(check.numbers("x", x))
    return Batch(values, own([0, values.size], np.int64), ("x",)), False


def per_measurand(column: NDArray[Any], many: bool) -> Any:
    """Return a column of results: itself for a batch, its only entry as a plain number else."""
    return sealed(column) if many else column.item()


def in_parts(loop: Callable[..., None], batch: Batch, *columns: Any) -> None:
    """Run ``loop(starts, first, last, *columns)`` over the measurands, on several threads if worth it.

    The loop is a kernel, which holds no lock, and writes only to the entries of its measurands:
    how the work is divided cannot change a result.
    """
    threads = min(_allowed(), 1 + batch.values.size // WORTH_A_THREAD, len(batch))
    if threads == 1:
        loop(batch.starts, 0, len(batch), *columns)
        return
    cuts = np.searchsorted(batch.starts, np.linspace(0, batch.values.size, 4 * threads + 1)[1:-1])
    bounds = list(pairwise([0, *cuts.tolist(), len(batch)]))
    with ThreadPoolExecutor(threads) as pool:
        for done in [pool.submit(loop, batch.starts, a, b, *columns) for a, b in bounds if a < b]:
            done.result()


def _allowed() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
