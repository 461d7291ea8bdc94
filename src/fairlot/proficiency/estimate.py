"""What every estimator of location and scale gives back."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from fairlot._base.arrays import Flags, Floats, Ints
from fairlot.proficiency.batch import Batch, per_measurand

__all__ = ["Estimate", "estimate"]

OF_A_MEAN = "mean_sd/1"


@dataclass(frozen=True, eq=False)
class Estimate:
    """A location and a scale: numbers for a sample, arrays, one entry a measurand, for a batch.

    x_star      location, in the unit of the results
    s_star      scale as a standard deviation, same unit; 0.0 where there is none
    p           number of results
    algorithm   name and version
    edition     whose constants and rules, such as "exact" or "iso2022"
    iterations  steps that were taken; 0 for a closed formula
    converged   False where the iteration was broken off: do not use the numbers
    no_scale    True where s_star is 0.0: too many equal results, or a single one; nothing may be
                divided by it
    """

    x_star: Any
    s_star: Any
    p: Any
    algorithm: str
    edition: str
    iterations: Any
    converged: Any
    no_scale: Any

    @property
    def u_xpt(self) -> Any:
        """Standard uncertainty of ``x_star`` as an assigned value: ``1.25 s_star / sqrt(p)``.

        ISO 13528:2022 7.7.3, formula (6); of the arithmetic mean ``s / sqrt(p)``. 0.0 without a
        scale, which is no statement about the value.
        """
        factor = 1.0 if self.algorithm == OF_A_MEAN else 1.25
        u = factor * self.s_star / np.sqrt(self.p)
        return u if np.ndim(u) else float(u)


def estimate(
    batch: Batch,
    many: bool,
    x_star: Floats,
    s_star: Floats,
    *,
    algorithm: str,
    edition: str = "exact",
    iterations: Ints | None = None,
    converged: Flags | None = None,
) -> Estimate:
    """Return the columns of a batch as an :class:`Estimate`; a closed formula has converged."""
    steps = np.zeros(len(batch), np.int64) if iterations is None else iterations
    done = np.ones(len(batch), np.bool_) if converged is None else converged
    columns = (x_star, s_star, batch.sizes, steps, done, s_star == 0.0)
    x, s, p, taken, reached, flat = (per_measurand(column, many) for column in columns)
    return Estimate(x, s, p, algorithm, edition, taken, reached, flat)
