"""Homogeneity: whether the items of a round differ by more than the scheme can bear."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import sqrt

from fairlot._base import check
from fairlot._base.errors import InvalidInput
from fairlot.proficiency.cochran import Cochran, cochran
from fairlot.proficiency.criterion import Number, exactly, tolerated

__all__ = [
    "Anova",
    "Homogeneity",
    "between_items",
    "expanded_factors",
    "homogeneity",
    "replicates",
]

ALPHA = 0.05
NAN = float("nan")


@dataclass(frozen=True)
class Anova:
    """One-way analysis of variance between items: F beside its critical value at 5 %."""

    ms_between: float
    ms_within: float
    f: float
    f_critical: float
    p_value: float


@dataclass(frozen=True)
class Homogeneity:
    """Variation within and between g items of m results each; NaN where m = 1 tells nothing.

    mean                  general mean
    s_x                   standard deviation of the item means
    s_w                   within-item standard deviation
    s_s2_raw              between-item variance as it comes out, negative perhaps
    s_s                   between-item standard deviation, 0 for a negative variance; the standard
                          uncertainty of the assigned value from inhomogeneity
    limit                 0.3 sigma_pt or 0.1 delta_E
    sufficient            ``s_s <= limit``, decided in decimals
    f1, f2                factors of the expanded criterion
    limit_expanded        ``sqrt(f1 limit^2 + f2 s_w^2)``
    sufficient_expanded   ``s_s <= limit_expanded``; with m = 1 as the basic criterion
    anova                 the F test of the same; None with m = 1
    cochran               the test for an item whose results differ too much, to be looked at
                          first; None with m = 1
    """

    g: int
    m: int
    mean: float
    s_x: float
    s_w: float
    s_s2_raw: float
    s_s: float
    limit: float
    sufficient: bool
    f1: float
    f2: float
    limit_expanded: float
    sufficient_expanded: bool
    anova: Anova | None
    cochran: Cochran | None
    edition: str = "iso13528:2022"
    algorithm: str = "homogeneity/1"


def homogeneity(
    items: Iterable[Sequence[Number]],
    *,
    sigma_pt: Number | None = None,
    delta_e: Number | None = None,
) -> Homogeneity:
    """Compare the scatter between items with 0.3 sigma_pt, or 0.1 delta_E.

    items     (g, m) results of g >= 2 items in m replicates, in the unit of sigma_pt
    sigma_pt  standard deviation for proficiency assessment; or
    delta_e   maximum permitted error

    ``s_s^2 = s_x^2 - s_w^2 / m``. Without replicates s_s is s_x, an upper bound. The expanded
    criterion allows for the chance in g items: fewer of them are let through more easily. Means
    and variances are computed in decimals from what was written, so that a result at the limit is
    decided as by hand. Raises InvalidInput for items of unequal numbers of results, by row.

    ISO 13528:2022 B.2, B.3. Fearn, Thompson (2001), A new test for sufficient homogeneity,
    Analyst 126, doi:10.1039/b103812p.

    >>> found = homogeneity([[5.1, 5.2], [5.0, 5.1], [5.3, 5.2]], sigma_pt=0.3)
    >>> found.s_s, found.sufficient
    (0.08660254037844387, True)
    """
    limit = tolerated(sigma_pt, delta_e)
    rows = replicates("items", items)
    g, m = len(rows), len(rows[0])
    s_x2, s_w2, s_s2 = _scatter(rows)
    f1, f2 = expanded_factors(g, m) if m > 1 else (NAN, NAN)
    bound = f1 * float(limit) ** 2 + f2 * float(s_w2)
    sufficient = s_s2 <= limit**2
    return Homogeneity(
        g,
        m,
        float(_mean([*map(_mean, rows)])),
        sqrt(s_x2),
        sqrt(s_w2) if m > 1 else NAN,
        float(s_s2),
        sqrt(max(s_s2, Fraction(0))),
        float(limit),
        sufficient,
        f1,
        f2,
        sqrt(bound),
        float(s_s2) <= bound if m > 1 else sufficient,
        _anova(m * s_x2, s_w2, g, m) if m > 1 else None,
        cochran([list(map(float, row)) for row in rows]) if m > 1 else None,
    )


def between_items(items: Iterable[Sequence[Number]]) -> float:
    """Return s_s of items in replicates, whatever they are held to; 0 for a negative variance."""
    return sqrt(max(_scatter(replicates("items", items))[2], Fraction(0)))


def _scatter(rows: Sequence[Sequence[Fraction]]) -> tuple[Fraction, Fraction, Fraction]:
    """Return s_x^2, s_w^2 and s_s^2."""
    m = len(rows[0])
    s_x2 = _variance([*map(_mean, rows)])
    s_w2 = _mean([*map(_variance, rows)]) if m > 1 else Fraction(0)
    return s_x2, s_w2, s_x2 - s_w2 / m


def expanded_factors(g: int, m: int = 2) -> tuple[float, float]:
    """Return F1 and F2 of the expanded criterion for g items in m replicates.

    F1 is ``chi2(0.95; g - 1) / (g - 1)``, F2 is ``(F(0.95; g - 1, g (m - 1)) - 1) / m``: ISO
    13528:2022 Table B.1 prints both for m = 2, to two decimals.

    >>> "{:.2f} {:.2f}".format(*expanded_factors(10))
    '1.88 1.01'
    """
    from scipy import stats

    g, m = check.at_least("g", g, 2), check.at_least("m", m, 2)
    f1 = float(stats.chi2.isf(ALPHA, g - 1)) / (g - 1)
    return f1, (float(stats.f.isf(ALPHA, g - 1, g * (m - 1))) - 1) / m


def _anova(between: Fraction, within: Fraction, g: int, m: int) -> Anova:
    from scipy import stats

    degrees = g - 1, g * (m - 1)
    f = float(between / within) if within else (float("inf") if between else NAN)
    critical, p_value = float(stats.f.isf(ALPHA, *degrees)), float(stats.f.sf(f, *degrees))
    return Anova(float(between), float(within), f, critical, p_value)


def replicates(name: str, rows: Iterable[Sequence[Number]]) -> list[list[Fraction]]:
    """Return two or more rows of as many results each, in decimals."""
    table = [
        [exactly(f"{name}[{i}][{j}]", value) for j, value in enumerate(row)]
        for i, row in enumerate(rows)
    ]
    m = len(table[0]) if table else 0
    odd = next((i for i, row in enumerate(table) if len(row) != m), None)
    if len(table) < 2 or not m or odd is not None:
        raise InvalidInput(
            "{name} has {rows} rows, row {i} of {got} results; want 2 rows or more, each of {m}",
            zh="{name} 有 {rows} 行，第 {i} 行有 {got} 个结果；应有 2 行以上，每行 {m} 个",
            name=name,
            rows=len(table),
            i=odd or 0,
            got=len(table[odd or 0]) if table else 0,
            m=max(m, 1),
        )
    return table


def _mean(values: Sequence[Fraction]) -> Fraction:
    return sum(values, Fraction(0)) / len(values)


def _variance(values: Sequence[Fraction]) -> Fraction:
    mean = _mean(values)
    return sum(((value - mean) ** 2 for value in values), Fraction(0)) / (len(values) - 1)
