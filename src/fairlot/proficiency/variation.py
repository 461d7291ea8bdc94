"""Analysis of variation of words between groups: ORDANOVA for ordered ones, CATANOVA for others."""

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from fairlot._base import check
from fairlot._base.arrays import Floats, Ints
from fairlot._base.chance import as_chance
from fairlot._base.coding import coded
from fairlot._base.errors import InvalidInput
from fairlot._kernels.compile import kernel
from fairlot.proficiency.ordinal import coded_in

__all__ = ["Catanova", "Ordanova", "catanova", "ordanova"]

REPS = 9999
BLOCK = 1 << 20
"""Random numbers asked for at once."""
SAME = 1e-12
"""Variations that differ by less are equal but for rounding."""

Groups = Mapping[Any, Iterable[Hashable]]


@dataclass(frozen=True)
class Ordanova:
    """Variation of ordered categories, on a scale from 0 to 1: total = within + between.

    p_value  chance of as much variation between, if groups did not matter
    reps     rearrangements that it was counted in; exact at any level that (reps + 1) divides
    no_scale all results are alike, and p_value is 1
    """

    total: float
    within: float
    between: float
    p_value: float
    reps: int
    no_scale: bool
    algorithm: str = "ordanova/1"


@dataclass(frozen=True)
class Catanova:
    """Variation of categories without order: total = within + between, sums as for counts.

    r2       between over total; NaN when all are alike
    c        ``(n - 1) (K - 1) r2``, about chi-square with df degrees of freedom
    """

    total: float
    within: float
    between: float
    r2: float
    c: float
    df: int
    p_value: float
    no_scale: bool
    algorithm: str = "catanova/1"


def ordanova(
    groups: Groups, categories: Sequence[Hashable], *, rng: object, reps: int = REPS
) -> Ordanova:
    """Compare the variation between groups, such as laboratories or methods, with that within.

    groups      by name, the category of each of its results
    categories  from lowest to highest
    rng         anything with ``random(n)``; deals the results out to the groups anew
    reps        rearrangements

    The p-value counts rearrangements with as much variation between, and the one observed: whatever
    the distribution, it is at most alpha with chance alpha at most when the results of all groups
    are exchangeable.

    Gadrich, Bashkansky (2012), ORDANOVA: analysis of ordinal variation, Journal of Statistical
    Planning and Inference 142(12), doi:10.1016/j.jspi.2012.06.004.

    >>> groups = {"A": ["-"] * 4, "B": ["++"] * 4}
    >>> found = ordanova(groups, ["-", "+", "++"], rng=np.random.default_rng(1))
    >>> found.total, found.within, found.p_value < 0.05
    (1.0, 0.0, True)
    """
    results, group, sizes = _flat(groups)
    names = tuple(categories)
    codes = coded_in(results, names)
    reps = check.at_least("reps", reps, 1)
    scale = 4 / (len(names) - 1) / codes.size
    table = _table(codes, group, len(names), sizes.size)
    share = np.cumsum(table.sum(axis=0))[:-1] / codes.size
    total = scale * codes.size * float(share @ (1 - share))
    between = scale * _between(codes, group, sizes, len(names))
    as_much = _count(codes, group, sizes, len(names), between / scale, rng, reps)
    within = max(total - between, 0.0)
    return Ordanova(total, within, between, (1 + as_much) / (1 + reps), reps, total == 0)


def catanova(groups: Groups) -> Catanova:
    """Compare the variation of categories without order between groups with that within.

    groups  by name, the category of each of its results

    The chi-square distribution is a good one where counts expected are 5 or more.

    Light, Margolin (1971), An analysis of variance for categorical data, Journal of the American
    Statistical Association 66, doi:10.1080/01621459.1971.10482297.

    >>> found = catanova({"A": ["x"] * 6 + ["y"] * 2, "B": ["x"] * 2 + ["y"] * 6})
    >>> found.r2, found.c, round(found.p_value, 3)
    (0.25, 3.75, 0.053)
    """
    from scipy import stats

    results, group, sizes = _flat(groups)
    categories, codes = coded(results)
    table = _table(codes, group, len(categories), sizes.size).astype(np.float64)
    n, column = codes.size, table.sum(axis=0)
    total = n / 2 - float(column @ column) / (2 * n)
    within = n / 2 - float(((table**2).sum(axis=1) / sizes).sum()) / 2
    if len(categories) == 1:
        return Catanova(0.0, 0.0, 0.0, float("nan"), float("nan"), 0, 1.0, True)
    r2 = (total - within) / total
    c, df = (n - 1) * (len(categories) - 1) * r2, (len(categories) - 1) * (sizes.size - 1)
    p_value = float(stats.chi2.sf(c, df))
    return Catanova(total, within, total - within, r2, c, df, p_value, False)


def _flat(groups: Groups) -> tuple[list[Hashable], Ints, Ints]:
    """Return all results, the group of each, and the sizes of two or more groups."""
    parts = {name: list(part) for name, part in groups.items()}
    empty = next((name for name, part in parts.items() if not part), None)
    if len(parts) < 2 or empty is not None:
        raise InvalidInput(
            "{got} groups, {empty} of them without results; want 2 or more, each with results",
            zh="{got} 组，其中无结果的：{empty}；应有 2 组以上且均有结果",
            got=len(parts),
            empty="none" if empty is None else empty,
        )
    sizes = np.array([len(part) for part in parts.values()])
    results = [result for part in parts.values() for result in part]
    return results, np.repeat(np.arange(sizes.size), sizes), sizes


def _table(codes: Ints, group: Ints, categories: int, groups: int) -> Ints:
    counts = np.bincount(group * categories + codes, minlength=groups * categories)
    return counts.reshape(groups, categories)


def _count(
    codes: Ints, group: Ints, sizes: Ints, categories: int, seen: float, rng: object, reps: int
) -> int:
    """Return how many rearrangements vary between groups as much as was seen."""
    chance, n, found = as_chance(rng), codes.size, 0
    each = max(1, BLOCK // n)
    for done in range(0, reps, each):
        u = chance.random(min(each, reps - done) * n).reshape(-1, n)
        found += _as_much(codes.copy(), group, sizes, categories, seen * (1 - SAME), u)
    return found


@kernel
def _as_much(codes: Ints, group: Ints, sizes: Ints, categories: int, seen: float, u: Floats) -> int:
    found = 0
    for row in u:
        for i in range(codes.size - 1, 0, -1):
            j = int(row[i] * (i + 1))
            codes[i], codes[j] = codes[j], codes[i]
        if _between(codes, group, sizes, categories) >= seen:
            found += 1
    return found


@kernel
def _between(codes: Ints, group: Ints, sizes: Ints, categories: int) -> float:
    """Return ``sum n_i (F_ik - F_k)^2`` over groups i and categories k."""
    below = np.zeros((sizes.size, categories))
    for i in range(codes.size):
        below[group[i], codes[i]] += 1.0
    found = 0.0
    share = 0.0
    for k in range(categories - 1):
        for g in range(sizes.size):
            share += below[g, k] / codes.size
        for g in range(sizes.size):
            if k > 0:
                below[g, k] += below[g, k - 1]
            found += sizes[g] * (below[g, k] / sizes[g] - share) ** 2
    return found
