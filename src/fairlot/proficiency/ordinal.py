"""Results that are words: ordered like - + ++, or without order like the name of a species."""

from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from fairlot._base.arrays import Ints, sealed
from fairlot._base.coding import coded
from fairlot._base.errors import InvalidInput

__all__ = ["Nominal", "Ordinal", "category_distances", "coded_in", "nominal", "ordinal"]


@dataclass(frozen=True, eq=False)
class Nominal:
    """Results in categories without order.

    categories  in order of first appearance, counts of each
    mode        the categories that occur most often: several when as often
    variation   ``K / (K - 1) (1 - sum share^2)``: 0 all alike, 1 all K as often; 0 for K = 1
    """

    categories: tuple[Any, ...]
    counts: Ints
    mode: tuple[Any, ...]
    variation: float
    algorithm: str = "nominal/1"


@dataclass(frozen=True, eq=False)
class Ordinal:
    """Results in ordered categories.

    categories   in their order, counts of each
    mode         the categories that occur most often: several when as often
    median_low, median_high  the middle result, or the two beside the middle: there is no mean of
                 two words
    variation    ``4 / (K - 1) sum F_k (1 - F_k)``, F cumulative shares: 0 all alike, 1 half in each
                 extreme
    """

    categories: tuple[Any, ...]
    counts: Ints
    mode: tuple[Any, ...]
    median_low: Any
    median_high: Any
    variation: float
    algorithm: str = "ordinal/1"


def nominal(x: Iterable[Hashable]) -> Nominal:
    """Summarise results in categories without order.

    x  (p,) the category of each result

    ISO 13528:2022 11. Light, Margolin (1971), doi:10.1080/01621459.1971.10482297.

    >>> found = nominal(["E. coli", "E. coli", "Salmonella", "E. coli"])
    >>> found.mode, found.variation
    (('E. coli',), 0.75)
    """
    categories, codes = coded(x)
    _refuse_none(codes)
    counts = np.bincount(codes)
    k, shares = len(categories), counts / codes.size
    variation = k / (k - 1) * (1 - float(shares @ shares)) if k > 1 else 0.0
    return Nominal(tuple(categories), sealed(counts), _mode(categories, counts), variation)


def ordinal(x: Iterable[Hashable], categories: Sequence[Hashable]) -> Ordinal:
    """Summarise results in ordered categories.

    x           (p,) the category of each result
    categories  two or more, from lowest to highest; may hold some that nobody reported

    Raises InvalidInput for a result in none of the categories. Numbers as names of categories are
    not computed with.

    ISO 13528:2022 11. Blair, Lacy (2000), Statistics of ordinal variation,
    doi:10.1177/0049124100028003001.

    >>> found = ordinal(["-", "+", "+", "++", "+", "-"], ["-", "+", "++", "+++"])
    >>> found.mode, found.median_low, found.counts
    (('+',), '+', array([2, 3, 1, 0]))
    """
    names = tuple(categories)
    codes = coded_in(x, names)
    counts = np.bincount(codes, minlength=len(names))
    ordered = np.sort(codes)
    low, high = (int(ordered[k]) for k in ((codes.size - 1) // 2, codes.size // 2))
    share = np.cumsum(counts)[:-1] / codes.size
    variation = 4 * float(share @ (1 - share)) / (len(names) - 1)
    return Ordinal(names, sealed(counts), _mode(names, counts), names[low], names[high], variation)


def category_distances(
    x: Iterable[Hashable], assigned: Hashable, categories: Sequence[Hashable]
) -> Ints:
    """Return how many categories each result lies above the assigned one, below it negative.

    >>> category_distances(["-", "+", "+++"], "+", ["-", "+", "++", "+++"])
    array([-1,  0,  2])
    """
    names = tuple(categories)
    return sealed(coded_in(x, names) - coded_in([assigned], names)[0])


def coded_in(x: Iterable[Hashable], categories: tuple[Hashable, ...]) -> Ints:
    """Return the place of each result among two or more distinct categories."""
    places = {category: k for k, category in enumerate(categories)}
    if len(places) < max(2, len(categories)):
        raise InvalidInput(
            "{got} categories, {distinct} distinct; want 2 or more, each once",
            zh="{got} 个类别，其中不同的 {distinct} 个；应有 2 个以上且互不相同",
            got=len(categories),
            distinct=len(places),
        )
    results = list(x)
    codes = np.array([places.get(result, -1) for result in results], dtype=np.int64)
    _refuse_none(codes)
    if codes.min() < 0:
        i = int(np.argmin(codes))
        raise InvalidInput(
            "x[{i}] is {got!r}; want one of {want}",
            zh="x[{i}] 为 {got!r}，应为以下之一：{want}",
            i=i,
            got=results[i],
            want=", ".join(map(str, categories)),
        )
    return codes


def _mode(categories: Sequence[Any], counts: Ints) -> tuple[Any, ...]:
    return tuple(categories[k] for k in np.flatnonzero(counts == counts.max()).tolist())


def _refuse_none(codes: Ints) -> None:
    if not codes.size:
        raise InvalidInput("x is empty; want results", zh="x 为空，应有结果")
