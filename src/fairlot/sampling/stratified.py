"""Any design in every stratum by itself.

Each stratum reads its own numbers, so the sample is the same for any number of threads, and a
stratum's outcome does not depend on the others.
"""

from collections.abc import Callable, Hashable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from fairlot._base import check
from fairlot._base.arrays import Floats, Ints
from fairlot._base.chance import Chance, parts
from fairlot._base.errors import InvalidInput, within
from fairlot._kernels import kernel
from fairlot.sampling.sample import Sample

__all__ = ["stratified"]

Design = Callable[..., Sample]


def stratified(
    design: Design, strata: ArrayLike | Sequence[Hashable], *, threads: int = 1
) -> Design:
    """Return ``design`` lifted to strata: a function of the same shape that draws in each of them.

    design   any ``(pi, ..., *, rng) -> Sample``
    strata   (N,) labels; only which units share one matters
    threads  how many strata are drawn side by side; the sample is the same for any number

    Arguments after ``pi`` that are arrays with N rows are cut to the units of each stratum, others
    are passed on as they are. What ``design`` promises holds in every stratum: a design of fixed
    size needs a whole sum of ``pi`` in each, which may be 0. Of a NumPy generator each stratum gets
    a child; of any other chance, the numbers of its own units.

    >>> from fairlot.sampling import srs
    >>> pi, strata = [0.5, 0.5, 0.25, 0.25, 0.25, 0.25], ["a", "a", "b", "b", "b", "b"]
    >>> sample = stratified(srs, strata)(pi, rng=np.random.default_rng(1))
    >>> len(sample), sample.design
    (2, 'stratified(srs/1)')
    """

    if threads < 1:
        raise InvalidInput(
            "threads is {got}; want at least 1", zh="threads 为 {got}，至少为 1", got=threads
        )

    def lifted(pi: ArrayLike, *args: Any, rng: object, **kwargs: Any) -> Sample:
        array = check.probabilities(pi)
        labels, code = check.codes("strata", strata, array.size)
        units, cuts = _grouped(code, len(labels))
        groups = np.split(units, cuts)
        own = np.split(array[units], cuts)  # gathered once: memory is read in order from here on

        def draw(label: Any, units: Ints, own: Floats, chance: Chance) -> Sample:
            cut = [_cut(one, units, array.size) for one in args]
            named = {key: _cut(one, units, array.size) for key, one in kwargs.items()}
            with within(f"stratum {label!r}", f"层 {label!r}"):
                return design(own, *cut, rng=chance, **named)

        # Numbers are divided among all strata, also those that need none: a unit keeps its own.
        every = zip(labels, groups, own, parts(rng, groups), strict=True)
        work = [stratum for stratum in every if stratum[2].any()]
        with ThreadPoolExecutor(threads) as pool:
            samples = list((pool.map if threads > 1 else map)(draw, *zip(*work, strict=True)))
        chosen = np.zeros(array.size, dtype=bool)
        for (_, units, _, _), sample in zip(work, samples, strict=True):
            chosen[units[sample.index]] = True
        return Sample(np.flatnonzero(chosen), array, f"stratified({samples[0].design})")

    return lifted


@kernel
def _grouped(code: Ints, groups: int) -> tuple[Ints, Ints]:
    """Return the units group by group, rising inside, and where each group but the first begins."""
    first = np.zeros(groups + 1, dtype=np.int64)
    for c in code:
        first[c + 1] += 1
    first = np.cumsum(first)
    units = np.empty_like(code)
    place = first.copy()
    for i in range(code.size):
        units[place[code[i]]] = i
        place[code[i]] += 1
    return units, first[1:-1]


def _cut(value: Any, units: Ints, size: int) -> Any:
    """Cut what has one row per unit to the units of a stratum."""
    if isinstance(value, np.ndarray | list | tuple) and len(value) == size:
        return np.asarray(value)[units]
    return value
