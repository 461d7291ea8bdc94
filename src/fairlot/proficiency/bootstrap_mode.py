"""The highest mode as a location, with its standard error by the bootstrap."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from fairlot._base import check
from fairlot._base.arrays import Floats, Ints
from fairlot._base.chance import as_chance
from fairlot._kernels.compile import kernel
from fairlot.proficiency.batch import Batch, in_parts, per_measurand, sample_or_batch
from fairlot.proficiency.density import highest, turns
from fairlot.proficiency.enough import enough
from fairlot.proficiency.kde_modes import bandwidths, kde_modes

__all__ = ["ModeEstimate", "bootstrap_mode"]


@dataclass(frozen=True, eq=False)
class ModeEstimate:
    """The mode of one sample (numbers), or of each measurand of a batch (arrays).

    x_star  the highest mode, in the unit of the results
    u_xpt   its standard error, that is the standard uncertainty as an assigned value
    h       bandwidth
    p       number of results
    reps    samples that were drawn
    """

    x_star: Any
    u_xpt: Any
    h: Any
    p: Any
    reps: int
    algorithm: str = "bootstrap_mode/1"


def bootstrap_mode(
    x: ArrayLike | Batch, *, h: ArrayLike, reps: int = 1000, rng: object
) -> ModeEstimate:
    """Return the highest mode of the kernel density and its bootstrap standard error.

    x     (p,) results, p at least 2, or a batch of such samples
    h     bandwidth, as for :func:`kde_modes`; kept for every sample drawn
    reps  how many samples are drawn, at least 2
    rng   asked ``reps`` times for a number a result; the k-th picks among the ascending results of
          its measurand, so that the order of rows does not matter

    The standard error is that of the modes of ``reps`` samples of p results drawn with replacement.
    Where two groups are about equally strong it is as large as their distance: look at
    :func:`kde_modes` first. Raises InvalidInput for another h or too few results.

    >>> x = [9.7, 9.8, 9.9, 9.9, 10.0, 10.0, 10.1, 10.1, 10.2, 10.4, 12.0]
    >>> found = bootstrap_mode(x, h=0.2, rng=np.random.default_rng(1))
    >>> round(found.x_star, 3), round(found.u_xpt, 2)
    (9.989, 0.12)

    ISO 13528:2022 7.7.6, 10.3 and E.6; Efron (1979), Bootstrap methods: another look at the
    jackknife, Annals of Statistics 7(1), 1-26, doi:10.1214/aos/1176344552.
    """
    batch, many = sample_or_batch(x)
    width, chance = bandwidths(h, batch), as_chance(rng)
    enough("bootstrap_mode", batch.sizes, batch.labels, 2)
    modes = np.empty((check.at_least("reps", reps, 2), len(batch)))
    for drawn in modes:
        in_parts(_again, batch, batch.ordered, width, chance.random(batch.values.size), drawn)
    spread = np.std(modes, axis=0, ddof=1)
    columns = (kde_modes(batch, h=width).mode, spread, width, batch.sizes)
    x_star, u_xpt, h, p = (per_measurand(column, many) for column in columns)
    return ModeEstimate(x_star, u_xpt, h, p, len(modes))


@kernel
def _again(
    starts: Ints,
    first: int,
    last: int,
    ordered: Floats,
    width: Floats,
    chance: Floats,
    mode: Floats,
) -> None:
    for i in range(first, last):
        x = ordered[starts[i] : starts[i + 1]]
        times = np.zeros(x.size)
        for number in chance[starts[i] : starts[i + 1]]:
            times[int(number * x.size)] += 1.0
        again, weight = x[times > 0], times[times > 0]
        found = np.empty(2 * again.size)
        n_modes = turns(again, weight, width[i], found)
        mode[i] = highest(again, weight, width[i], found, n_modes)
