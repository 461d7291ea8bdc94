"""How near a sample comes to totals that are known: the report to read after a balanced draw."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike

from fairlot._base.arrays import Floats
from fairlot._base.errors import InvalidInput
from fairlot.sampling.columns import table, titles
from fairlot.sampling.sample import Sample

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Balance", "balance"]


@dataclass(frozen=True, eq=False)
class Balance:
    """Known totals beside those that a sample would estimate.

    columns    names of the variables, or their places
    total      (p,) sum of each over the frame
    estimate   (p,) sum of x / pi over the sample (Horvitz-Thompson)
    deviation  (p,) estimate / total - 1; NaN where the total is 0
    """

    columns: tuple[Any, ...]
    total: Floats
    estimate: Floats
    deviation: Floats

    def to_frame(self) -> "pd.DataFrame":
        """Return one row per variable."""
        import pandas as pd

        numbers = {name: getattr(self, name) for name in ("total", "estimate", "deviation")}
        return pd.DataFrame(numbers, index=pd.Index(self.columns, name="column"))


def balance(sample: Sample, x: ArrayLike) -> Balance:
    """Compare the totals of ``x`` with their estimates from ``sample``.

    x  (N, p) variables of all units of the frame, any units, or (N,) for one; a data frame gives
       them names. A unit of probability 0 counts in the total but never in an estimate

    Raises InvalidInput.

    >>> sample = Sample(np.array([0, 3]), np.full(4, 0.5), "cube/1")
    >>> balance(sample, [1, 2, 3, 4]).to_frame().reset_index()
       column  total  estimate  deviation
    0       0   10.0      10.0        0.0
    """
    if not isinstance(sample, Sample):
        raise InvalidInput(
            "sample is {got}; want a Sample first: balance(sample, x)",
            zh="sample 为 {got}，第一个参数应为 Sample：balance(sample, x)",
            got=type(sample).__name__,
        )
    known = table("x", x, rows=sample.pi.size, fewest=0)
    total = known.sum(axis=0)
    estimate = sample.weights @ known[sample.index]
    with np.errstate(divide="ignore", invalid="ignore"):
        deviation = np.where(total == 0, np.nan, estimate / total - 1)
    return Balance(tuple(titles(x, known.shape[1])), total, estimate, deviation)
