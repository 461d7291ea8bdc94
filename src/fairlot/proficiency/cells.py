"""Replicates: a laboratory, an item or a group is one cell with its results."""

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from fairlot._base.arrays import Floats, Ints
from fairlot._base.errors import InvalidInput
from fairlot.proficiency.batch import Batch

__all__ = ["Cells", "as_cells", "means", "usual_size", "variances"]

Cells = Batch | Mapping[Any, ArrayLike] | Iterable[ArrayLike]
"""Results by cell: by name, one row a cell, or ``Batch.by(values, laboratories)``."""


def as_cells(results: Cells, least: int, *, replicated: bool = False) -> Batch:
    """Return the results as a batch of at least so many cells, ``replicated`` ones if asked."""
    batch = results if isinstance(results, Batch) else Batch.of(results)
    count = int(np.count_nonzero(batch.sizes > 1)) if replicated else len(batch)
    if count < least:
        raise InvalidInput(
            "{got} cells with {each} or more results; want at least {least}",
            zh="有 {each} 个及以上结果的单元为 {got} 个，至少应有 {least} 个",
            got=count,
            each=2 if replicated else 1,
            least=least,
        )
    return batch


def means(batch: Batch) -> Floats:
    """Return the mean of each cell, as far from 0 as it may lie."""
    base = batch.values[batch.starts[:-1]]
    away: Floats = np.add.reduceat(_away(batch, base), batch.starts[:-1])
    found: Floats = base + away / batch.sizes
    return found


def variances(batch: Batch) -> Floats:
    """Return the variance of each cell, with n - 1; NaN for a cell of one result."""
    squares: Floats = np.add.reduceat(_away(batch, means(batch)) ** 2, batch.starts[:-1])
    squares[batch.sizes == 1] = np.nan
    return squares / np.maximum(batch.sizes - 1, 1)


def _away(batch: Batch, base: Floats) -> Floats:
    return batch.values - np.repeat(base, batch.sizes)


def usual_size(sizes: Ints) -> int:
    """Return the number of results that most cells have, the greater of two as common.

    ISO 5725-2:2019 7.3: where a few cells have lost a result, tests use this number for all.
    """
    counts = np.bincount(sizes)
    return int(np.flatnonzero(counts == counts.max())[-1])
