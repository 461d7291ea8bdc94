"""Whether laboratories with different methods measure the same thing."""

from collections.abc import Hashable, Iterable, Iterator
from dataclasses import dataclass
from itertools import combinations
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from fairlot._base.arrays import Floats, sealed
from fairlot._base.errors import InvalidInput
from fairlot.proficiency.batch import Batch
from fairlot.proficiency.cells import means, variances
from fairlot.proficiency.significance import holm
from fairlot.proficiency.stability import welch

__all__ = ["MethodPair", "Subgroups", "method_subgroups"]


@dataclass(frozen=True)
class MethodPair:
    """Two methods: the difference of their means, and Welch's p-value adjusted by Holm."""

    one: Any
    other: Any
    difference: float
    p_value: float


@dataclass(frozen=True, eq=False)
class Subgroups:
    """The groups, and three tests that they are alike.

    labels      methods of two results or more
    sizes, means, medians, sds  of each
    p_means     Welch's test of equal means; NaN where a group does not scatter
    p_ranks     Kruskal-Wallis test, which a wild result cannot sway; NaN when all are equal
    p_spreads   test of equal spreads about the medians (Brown and Forsythe); NaN without scatter
    pairs       two methods at a time
    left_out    methods of a single result
    """

    labels: tuple[Any, ...]
    sizes: Any
    means: Floats
    medians: Floats
    sds: Floats
    p_means: float
    p_ranks: float
    p_spreads: float
    pairs: tuple[MethodPair, ...]
    left_out: tuple[Any, ...]
    algorithm: str = "method_subgroups/1"


def method_subgroups(x: ArrayLike, methods: Iterable[Hashable]) -> Subgroups:
    """Test whether the results of several methods agree in location and in spread.

    x        (p,) results of one measurand, one a laboratory
    methods  (p,) the method of each

    Methods that differ should not share a consensus value (ISO 13528:2022 7.7). Raises InvalidInput
    when fewer than two methods have two results or more.

    Welch (1951), On the comparison of several mean values, Biometrika 38, doi:10.2307/2332579.
    Kruskal, Wallis (1952), doi:10.1080/01621459.1952.10483441. Brown, Forsythe (1974),
    doi:10.1080/01621459.1974.10482955.

    >>> found = method_subgroups([5.0, 5.2, 5.1, 6.0, 6.3, 6.1], ["AAS"] * 3 + ["ICP"] * 3)
    >>> found.p_means < 0.01, found.p_spreads > 0.1
    (True, True)
    """
    batch = Batch.by(x, methods)
    parts = np.split(batch.values, batch.starts[1:-1])
    named = dict(zip(batch.labels, parts, strict=True))
    groups = {label: part for label, part in named.items() if part.size > 1}
    if len(groups) < 2:
        raise InvalidInput(
            "{got} methods have two results or more; want at least 2",
            zh="有两个及以上结果的方法为 {got} 个，至少应有 2 个",
            got=len(groups),
        )
    kept = Batch.of(groups)
    averages, squares = means(kept), variances(kept)
    medians = np.array([np.median(part) for part in groups.values()])
    return Subgroups(
        kept.labels,
        kept.sizes,
        sealed(averages),
        sealed(medians),
        sealed(np.sqrt(squares)),
        *_tests(groups),
        tuple(_pairs(kept, averages, squares)),
        tuple(label for label in named if label not in groups),
    )


def _tests(groups: dict[Any, Floats]) -> tuple[float, float, float]:
    from scipy import stats

    parts = list(groups.values())
    pooled = np.concatenate(parts)
    scatter = all(np.ptp(part) > 0 for part in parts)
    p_means = stats.f_oneway(*parts, equal_var=False).pvalue if scatter else np.nan
    p_ranks = stats.kruskal(*parts).pvalue if np.ptp(pooled) > 0 else np.nan
    away = [np.abs(part - np.median(part)) for part in parts]
    spread = any(np.ptp(part) > 0 for part in away)
    p_spreads = stats.f_oneway(*away).pvalue if spread else np.nan
    return float(p_means), float(p_ranks), float(p_spreads)


def _pairs(kept: Batch, averages: Floats, squares: Floats) -> Iterator[MethodPair]:
    """Yield every two methods of which one at least scatters."""
    sizes, u = kept.sizes.tolist(), np.sqrt(squares / kept.sizes)
    couples = [(i, j) for i, j in combinations(range(len(kept)), 2) if u[i] + u[j] > 0]
    apart = [float(averages[i] - averages[j]) for i, j in couples]
    p_values = [
        welch(away, float(u[i]), float(u[j]), sizes[i], sizes[j])[2]
        for away, (i, j) in zip(apart, couples, strict=True)
    ]
    for (i, j), away, p in zip(couples, apart, holm(p_values).tolist(), strict=True):
        yield MethodPair(kept.labels[i], kept.labels[j], away, p)
