"""The variance of a stratified draw: strata are drawn independently, so their variances add up."""

from collections.abc import Hashable, Iterator

import numpy as np

from fairlot._base import check
from fairlot._base.arrays import Floats, Ints
from fairlot._base.errors import within
from fairlot.sampling.codes import Labels, by_code
from fairlot.sampling.pair_variance import Variance
from fairlot.sampling.sample import Sample

__all__ = ["collapse", "drawn_by_stratum", "in_strata"]

ENOUGH = 2


def in_strata(variance: Variance, strata: Labels, frame: int) -> Variance:
    """Return ``variance`` lifted: estimated in each stratum by itself, and added up.

    strata  (N,) labels of all units of the frame
    frame   N

    A stratum from which only units of probability 1 were drawn adds nothing. One where
    ``variance`` cannot be estimated, such as one with a single drawn unit, is named.
    """

    def of_drawn(y: Floats, pi: Floats, units: Ints) -> float:
        total = 0.0
        for label, part in drawn_by_stratum(units, strata, frame):
            if np.any(pi[part] < 1):
                with within(f"stratum {label!r}", f"层 {label!r}"):
                    total += variance(y[part], pi[part], units[part])
        return total

    return of_drawn


def drawn_by_stratum(
    units: Ints, strata: Labels | None, frame: int
) -> Iterator[tuple[Hashable, Ints]]:
    """Yield each label with the places of its units in ``units``; without strata, one None for all.

    >>> [(label, part.tolist()) for label, part in drawn_by_stratum(np.array([1, 2, 3]), list("aabb"), 4)]
    [('a', [0]), ('b', [1, 2])]
    """
    if strata is None:
        yield None, np.arange(units.size)
        return
    labels, code = check.codes("strata", strata, frame)
    for k, part in by_code(code[units], len(labels)):
        yield labels[k], part


def collapse(strata: Labels, sample: Sample) -> Ints:
    """Return strata joined, in the order of their labels, until each has two drawn units.

    strata  (N,) labels
    return  (N,) numbers of the joint strata

    Counted are drawn units that chance decided. The differences between joined strata go into the
    variance, so it is overstated; the less so, the more alike the neighbours in the order of labels
    are. Wolter (2007), Introduction to Variance Estimation, 2.5, doi:10.1007/978-0-387-35099-8.

    >>> sample = Sample(np.array([0, 2, 4, 5]), np.full(8, 0.5), "stratified(srs/1)")
    >>> collapse([1, 1, 2, 2, 3, 3, 3, 3], sample).tolist()
    [0, 0, 0, 0, 1, 1, 1, 1]
    """
    labels, code = check.codes("strata", strata, sample.pi.size)
    decided = sample.index[sample.pi[sample.index] < 1]
    joint = np.zeros(len(labels), dtype=np.int64)
    group = seen = 0
    for k, count in enumerate(np.bincount(code[decided], minlength=len(labels))):
        joint[k] = group
        seen += count
        if seen >= ENOUGH:
            group, seen = group + 1, 0
    # What is left at the end goes to the last that is complete.
    joint[joint == group] = max(group - 1, 0)
    return joint[code]
