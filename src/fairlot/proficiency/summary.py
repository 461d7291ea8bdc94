"""The simple statistics of a measurand side by side."""

from dataclasses import dataclass
from typing import Any

from numpy.typing import ArrayLike

from fairlot.proficiency.batch import Batch, per_measurand, sample_or_batch
from fairlot.proficiency.classical import mean_sd
from fairlot.proficiency.mad_e import mad_e
from fairlot.proficiency.n_iqr import n_iqr

__all__ = ["Summary", "robust_summary"]


@dataclass(frozen=True, eq=False)
class Summary:
    """Numbers for a sample, arrays, one entry a measurand, for a batch; in the unit of the results.

    A scale of 0.0 is no scale: too many equal results, or a single one.
    """

    p: Any
    mean: Any
    sd: Any
    median: Any
    mad_e: Any
    n_iqr_type6: Any
    n_iqr_type7: Any
    edition: str
    algorithm: str = "robust_summary/1"


def robust_summary(x: ArrayLike | Batch, *, edition: str = "exact") -> Summary:
    """Return p, mean, sd, median, MADe, and nIQR by both quartile rules.

    x        a sample (p,) or a :class:`Batch`
    edition  "exact" or "iso2022", as in :func:`mad_e` and :func:`n_iqr`, whose refusals it shares

    >>> summary = robust_summary([1.0, 2.0, 3.0, 5.0, 90.0])
    >>> summary.mean, summary.median, round(summary.mad_e, 3)
    (20.2, 3.0, 2.965)
    """
    batch, many = sample_or_batch(x)
    plain, median = mean_sd(batch), mad_e(batch, edition=edition)
    ranges = [n_iqr(batch, quartiles=rule, edition=edition).s_star for rule in ("type6", "type7")]
    columns = (plain.p, plain.x_star, plain.s_star, median.x_star, median.s_star, *ranges)
    p, mean, sd, middle, scale, type6, type7 = (per_measurand(column, many) for column in columns)
    return Summary(p, mean, sd, middle, scale, type6, type7, edition)
