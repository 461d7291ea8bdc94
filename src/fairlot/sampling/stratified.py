"""Any design in every stratum by itself.

Each stratum reads its own numbers, so the sample is the same for any number of threads, and a
stratum's outcome does not depend on the others.
"""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from fairlot._base import check
from fairlot._base.arrays import Floats, Ints
from fairlot._base.chance import Chance, parts
from fairlot._base.errors import InvalidInput, within
from fairlot.sampling.codes import Labels, grouped
from fairlot.sampling.sample import Sample

__all__ = ["stratified"]

Design = Callable[..., Sample]


def stratified(design: Design, strata: Labels, *, threads: int = 1) -> Design:
    """Return ``design`` lifted to strata: a function of the same shape that draws in each of them.

    design   any ``(pi, ..., *, rng) -> Sample``
    strata   (N,) labels; only which units share one matters
    threads  how many strata are drawn side by side; the sample is the same for any number

    ``pi`` is what ``design`` takes there, so that nested_pivotal is lifted too, with its whole
    numerators. Arguments after it that are arrays, lists or pandas columns have N rows and are cut
    to the units of each stratum; others, tuples too, are passed on as they are. What ``design`` promises holds in
    every stratum: a design of fixed size needs a whole sum of ``pi`` in each, which may be 0. Of a
    NumPy generator each stratum gets a child; of any other chance, the numbers of its own units.
    What ``design`` refuses is told with the stratum, and with positions inside it.

    >>> from fairlot.sampling import srs
    >>> pi, strata = [0.5, 0.5, 0.25, 0.25, 0.25, 0.25], ["a", "a", "b", "b", "b", "b"]
    >>> sample = stratified(srs, strata)(pi, rng=np.random.default_rng(1))
    >>> len(sample), sample.design
    (2, 'stratified(srs/1)')
    """
    check.function("design", design, "(pi, ..., *, rng) -> Sample")
    threads = check.at_least("threads", threads, 1)

    def lifted(pi: ArrayLike, *args: Any, rng: object, **kwargs: Any) -> Sample:
        column = _finite(pi)
        size = column.size
        labels, code = check.codes("strata", strata, size)
        order, first = grouped(code, len(labels))
        groups = np.split(order, first[1:-1])
        # Gathered and converted once: memory is read in order from here on.
        own = np.split(column[order], first[1:-1])
        cuts = [_cutter(f"argument {k}", one, size) for k, one in enumerate(args, 1)]
        named = {key: _cutter(key, one, size) for key, one in kwargs.items()}

        def draw(label: Any, units: Ints, own: Any, chance: Chance) -> Sample:
            rows = [cut(units) for cut in cuts]
            named_rows = {key: cut(units) for key, cut in named.items()}
            with within(f"stratum {label!r}", f"层 {label!r}"):
                return design(own, *rows, rng=chance, **named_rows)

        # Numbers are divided among all strata, also those that need none: a unit keeps its own.
        every = zip(labels, groups, own, parts(rng, groups), strict=True)
        work = [stratum for stratum in every if stratum[2].any()]
        check.not_all_zero("pi", work, size)
        with ThreadPoolExecutor(threads) as pool:
            samples = list((pool.map if threads > 1 else map)(draw, *zip(*work, strict=True)))
        return _joined([units for _, units, _, _ in work], samples, size)

    return lifted


def _finite(pi: ArrayLike) -> Floats | Ints:
    """Return ``pi`` as finite floats, or as the whole numbers it is made of."""
    floats, given = check.numbers("pi", pi), np.asarray(pi)
    return given if given.dtype.kind in "iu" else floats


def _cutter(name: str, value: Any, size: int) -> Callable[[Ints], Any]:
    """Return what cuts ``value`` to some units; a tuple is an option, whatever its length."""
    if not isinstance(value, list) and not (hasattr(value, "__array__") and np.shape(value)):
        return lambda units: value
    if len(value) != size:
        raise InvalidInput(
            "{name} has {got} rows for {want} units; an option that is no column goes in a tuple",
            zh="{name} 有 {got} 行，而单位有 {want} 个；不是列的选项请用元组",
            name=name,
            got=len(value),
            want=size,
        )
    return (_listed(value) if isinstance(value, list) else np.asanyarray(value)).__getitem__


def _listed(values: list[Any]) -> NDArray[Any]:
    """Return numbers, or rows of them, as such; anything else as objects, so that 1 stays no "1"."""
    try:
        array = np.asarray(values)
    except ValueError:  # rows of different lengths, for the design to refuse
        array = np.empty(0, dtype=object)
    return array if array.dtype.kind in "biuf" else np.fromiter(values, object, len(values))


def _joined(groups: list[Ints], samples: list[Sample], size: int) -> Sample:
    """Return the samples of groups of units as one; units of no group have probability 0."""
    chosen, pi = np.zeros(size, dtype=bool), np.zeros(size)
    for units, sample in zip(groups, samples, strict=True):
        chosen[units[sample.index]] = True
        pi[units] = sample.pi
    return Sample(np.flatnonzero(chosen), pi, f"stratified({samples[0].design})")
