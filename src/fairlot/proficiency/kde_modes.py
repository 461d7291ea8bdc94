"""Modes of the results: the hills of their Gaussian kernel density, and who stands on each."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from fairlot._base import check
from fairlot._base.arrays import Floats, Ints, sealed
from fairlot._base.errors import InvalidInput
from fairlot._kernels.compile import kernel
from fairlot.proficiency.batch import Batch, in_parts, per_measurand, sample_or_batch
from fairlot.proficiency.density import height, highest, turns

__all__ = ["Modes", "bandwidths", "kde_modes"]

ROOT = np.sqrt(2 * np.pi)
MEASURANDS = ("measurands", "检测参数")


@dataclass(frozen=True, eq=False)
class Modes:
    """The modes of one sample, or of each measurand of a batch: then one entry a measurand.

    mode       the highest mode, in the unit of the results
    n_modes    how many there are
    modes      all of them, ascending
    densities  the density at each, per unit of the results
    shares     the share of the results on each hill, from one antimode to the next: an outlier has
               a hill of its own, with a share of 1 / p
    h          bandwidth
    p          number of results
    """

    mode: Any
    n_modes: Any
    modes: Floats | tuple[Floats, ...]
    densities: Floats | tuple[Floats, ...]
    shares: Floats | tuple[Floats, ...]
    h: Any
    p: Any
    algorithm: str = "kde_modes/1"


def kde_modes(x: ArrayLike | Batch, *, h: ArrayLike) -> Modes:
    """Return the modes of the kernel density ``1 / (p h) sum phi((t - x_i) / h)``.

    x  (p,) results, or a batch of such samples
    h  bandwidth in the unit of the results, above 0; for a batch one, or one a measurand. Clause
       10.3 has ``0.9 s_star / p^0.2`` for a look, and ``0.75 sigma_pt`` or ``0.25 delta_E`` to see
       groups that matter

    Every mode is found, however far out: within one bandwidth of each result the slope is followed
    in steps of h / 8, and where it turns the place is solved for to rounding; two turns closer than
    a step are seen by their inflection. O(p^2) at worst. Raises InvalidInput for another h.

    >>> found = kde_modes([9.8, 9.9, 10.0, 10.1, 12.0, 12.1], h=0.3)
    >>> found.n_modes, np.round(found.modes, 3), np.round(found.shares, 3)
    (2, array([ 9.95, 12.05]), array([0.667, 0.333]))

    ISO 13528:2022 10.3.
    """
    batch, many = sample_or_batch(x)
    width = bandwidths(h, batch)
    n_modes, mode = np.empty(len(batch), np.int64), np.empty(len(batch))
    hills = [np.empty(batch.values.size) for _ in range(3)]
    in_parts(_every, batch, batch.ordered, width, n_modes, mode, *hills)
    modes, densities, shares = (_ragged(batch, column, n_modes, many) for column in hills)
    highest, n, width, p = (per_measurand(c, many) for c in (mode, n_modes, width, batch.sizes))
    return Modes(highest, n, modes, densities, shares, width, p)


def bandwidths(h: ArrayLike, batch: Batch) -> Floats:
    """Return one bandwidth a measurand, each above 0."""
    if np.ndim(h) == 0:
        h = np.full(len(batch), h)
    given = check.numbers("h", h, units=len(batch), of=MEASURANDS)
    if given.min() <= 0:
        i = int(given.argmin())
        raise InvalidInput(
            "h of {label} is {got}; want a bandwidth above 0",
            zh="{label} 的 h 为 {got}，带宽应大于 0",
            label=batch.labels[i],
            got=float(given[i]),
        )
    return given


def _ragged(batch: Batch, column: Floats, n_modes: Ints, many: bool) -> Any:
    ends = batch.starts[:-1] + n_modes
    parts = tuple(sealed(column[a:b].copy()) for a, b in zip(batch.starts[:-1], ends, strict=True))
    return parts if many else parts[0]


@kernel
def _every(
    starts: Ints, first: int, last: int, ordered: Floats, width: Floats, n_modes: Ints,
    mode: Floats, modes: Floats, densities: Floats, shares: Floats,
) -> None:  # fmt: skip
    for i in range(first, last):
        x, h = ordered[starts[i] : starts[i + 1]], width[i]
        each, found = np.full(x.size, 1 / x.size), np.empty(2 * x.size)
        n_modes[i] = turns(x, each, h, found)
        mode[i] = highest(x, each, h, found, n_modes[i])
        before = 0
        for k in range(n_modes[i]):
            end = x.size if k == n_modes[i] - 1 else np.searchsorted(x, found[2 * k + 1])
            modes[starts[i] + k] = found[2 * k]
            densities[starts[i] + k] = height(x, each, h, found[2 * k]) / (h * ROOT)
            shares[starts[i] + k] = (end - before) / x.size
            before = end
