"""Laboratories that sent several results of a measurand."""

from collections.abc import Hashable, Sequence

import numpy as np
from numpy.typing import ArrayLike

from fairlot._base import check
from fairlot._base.arrays import Ints, own
from fairlot.proficiency.batch import Batch

__all__ = ["Laboratories", "laboratories", "laboratory_means"]

Laboratories = ArrayLike | Sequence[Hashable] | None


def laboratories(batch: Batch, laboratory: Laboratories) -> tuple[Ints, Ints]:
    """Return the code of the laboratory of each value, none for None, and how many each measurand has.

    >>> laboratories(Batch.of([[1.0, 2.0, 3.0]]), ["a", "b", "a"])
    (array([0, 1, 0]), array([2]))
    """
    if laboratory is None:
        return np.empty(0, dtype=np.int64), batch.sizes
    names, sent = check.codes("laboratory", laboratory, batch.values.size)
    pairs = np.unique(_measurand(batch) * len(names) + sent)
    return sent, np.bincount(pairs // len(names), minlength=len(batch))


def laboratory_means(batch: Batch, sent: Ints) -> Batch:
    """Return the batch with each laboratory's mean in place of its results."""
    if not sent.size:
        return batch
    pairs, place = np.unique(_measurand(batch) * (int(sent.max()) + 1) + sent, return_inverse=True)
    means = np.bincount(place, weights=batch.values) / np.bincount(place)
    measurand = pairs // (int(sent.max()) + 1)
    starts = np.searchsorted(measurand, np.arange(len(batch) + 1))
    return Batch(own(means), own(starts, np.int64), batch.labels)


def _measurand(batch: Batch) -> Ints:
    return np.repeat(np.arange(len(batch)), batch.sizes)
