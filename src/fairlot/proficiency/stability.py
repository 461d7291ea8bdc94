"""Stability: whether the items kept their value until the round was over."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import sqrt

import numpy as np

from fairlot._base.errors import InvalidInput
from fairlot.proficiency.criterion import Number, exactly, tolerated

__all__ = ["Stability", "stability", "welch"]

NAN = float("nan")


@dataclass(frozen=True)
class Stability:
    """The means before and after, and how far they may lie apart.

    y1_mean, y2_mean  mean of the item means before and after
    difference        ``abs(y1_mean - y2_mean)``
    limit             0.3 sigma_pt or 0.1 delta_E
    stable            ``difference <= limit``, decided in decimals
    u1, u2            standard uncertainties of the means; NaN when unknown
    limit_expanded    ``limit + 2 sqrt(u1^2 + u2^2)``; NaN when an uncertainty is unknown
    stable_expanded   ``difference <= limit_expanded``; as the basic criterion when unknown
    t, df, p_value    Welch's test that both means are equal; NaN when unknown or without scatter
    """

    y1_mean: float
    y2_mean: float
    difference: float
    limit: float
    stable: bool
    u1: float
    u2: float
    limit_expanded: float
    stable_expanded: bool
    t: float
    df: float
    p_value: float
    edition: str = "iso13528:2022"
    algorithm: str = "stability/1"


Results = Number | Sequence[Number] | Sequence[Sequence[Number]]


def stability(
    y1: Results, y2: Results, *, sigma_pt: Number | None = None, delta_e: Number | None = None
) -> Stability:
    """Compare the mean of the items after the round with that before it.

    y1        before: item means, or items in replicates, or the mean alone
    y2        after, in the same way; a mean alone has no uncertainty to expand the limit by
    sigma_pt  standard deviation for proficiency assessment, in the unit of the results; or
    delta_e   maximum permitted error

    Replicates of an item are not independent of each other: they count by their mean.

    ISO 13528:2022 B.4 to B.6.

    >>> stability([10.0, 10.1, 9.9], [10.3, 10.2, 10.4], sigma_pt=1).stable
    True
    """
    limit = tolerated(sigma_pt, delta_e)
    one, two = _items("y1", y1), _items("y2", y2)
    mean1, mean2 = (sum(items) / Fraction(len(items)) for items in (one, two))
    difference = abs(mean1 - mean2)
    u1, u2 = _u(one), _u(two)
    expanded = float(limit) + 2 * sqrt(u1**2 + u2**2)
    stable = difference <= limit
    return Stability(
        float(mean1),
        float(mean2),
        float(difference),
        float(limit),
        stable,
        u1,
        u2,
        expanded,
        stable or float(difference) <= expanded,
        *welch(float(mean1 - mean2), u1, u2, len(one), len(two)),
    )


def _items(name: str, given: Results) -> list[Fraction]:
    """Return the means of the items."""
    if isinstance(given, str) or not np.iterable(given):
        return [exactly(name, given)]
    means = [_mean(f"{name}[{i}]", item) for i, item in enumerate(given)]
    if not means:
        raise InvalidInput("{name} is empty; want results", zh="{name} 为空，应有结果", name=name)
    return means


def _mean(name: str, item: Number | Sequence[Number]) -> Fraction:
    if isinstance(item, str) or not np.iterable(item):
        return exactly(name, item)
    results = [exactly(f"{name}[{j}]", value) for j, value in enumerate(item)]
    if not results:
        raise InvalidInput("{name} is empty; want results", zh="{name} 为空，应有结果", name=name)
    return sum(results) / Fraction(len(results))


def _u(items: list[Fraction]) -> float:
    n = len(items)
    if n == 1:
        return NAN
    mean = sum(items) / Fraction(n)
    return sqrt(sum((item - mean) ** 2 for item in items) / (n * (n - 1)))


def welch(away: float, u1: float, u2: float, n1: int, n2: int) -> tuple[float, float, float]:
    """Return t, its degrees of freedom and its p-value for two means of n results each."""
    from scipy import stats

    both = u1**2 + u2**2
    if not both > 0:
        return NAN, NAN, NAN
    df = both**2 / (u1**4 / (n1 - 1) + u2**4 / (n2 - 1))
    t = away / sqrt(both)
    return t, df, 2 * float(stats.t.sf(abs(t), df))
