"""Quotas per bureau in whole numbers, and one exact inclusion probability per site.

For every bureau b with N_b sites in operation, T_b of them taken whole::

    floor_b   = ceil(bureau_floor * N_b) - joint visits that count
    quota_b   = max(floor_b, T_b + what the smallest chances add up to)
                or T_b + ceil(bureau_floor * (N_b - T_b)), where key sectors do not count
    pi_i      = 1, 0, or clip(lambda_b * w_i, pi_floor, pi_ceiling), summing to quota_b
    a_i       = pi_i in units of 2^-40, summing to quota_b * 2^40: these whole numbers define pi

Never per cell: on the example roster a ceiling per (bureau, sector, class) would draw 38 %.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from math import ceil, floor

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from fairlot._base.errors import InvalidInput, within
from fairlot.planning import rules
from fairlot.planning.terms import Terms
from fairlot.sampling import D, clip_probabilities, numerators

__all__ = ["Bureau", "Quotas", "quotas"]


@dataclass(frozen=True, slots=True)
class Bureau:
    """One bureau's numbers: sites, what is fixed, its bounds and its quota."""

    bureau_id: str
    roster: int
    base: int
    counted: int
    take_all: int
    open: int
    floor: int
    ceiling: int
    quota: int


@dataclass(frozen=True, slots=True)
class Quotas:
    """A probability for every site and a quota for every bureau, each with its reason.

    ``frame`` has one row a site in canonical order: site_id, bureau_id, sector, credit_class,
    rule, detail, numerator (pi in units of 2^-40) and pi (its exact value as a float).
    ``bureaux`` has one row a bureau, as :class:`Bureau`.
    """

    frame: pd.DataFrame
    bureaux: pd.DataFrame

    @property
    def n(self) -> int:
        """The number of sites that will be drawn."""
        return sum(self.bureaux["quota"].tolist())


def quotas(plan: Terms, sites: pd.DataFrame) -> Quotas:
    """Return quotas and probabilities for sites in canonical order (see ``deciding``)."""
    if sites.empty:
        raise InvalidInput("the roster has no sites", zh="名录库没有机构")
    rule, detail = rules.apply(plan, sites)
    bureaux = _raised_for_city(plan, [_bureau(plan, *each) for each in _by_bureau(sites, rule)])
    multiple = {c: Fraction(plan.weights.of(c)) for c in sites["credit_class"].unique()}
    weights = np.array([multiple[c] for c in sites["credit_class"]], dtype=object)
    numerator = np.zeros(len(sites), dtype=np.uint64)
    rows = {b: np.asarray(at) for b, at in sites.groupby("bureau_id").indices.items()}
    for bureau in bureaux:
        _fill(plan, bureau, rows[bureau.bureau_id], rule, weights, numerator)
    told, detail = _with_zeros(rule, detail, numerator, weights)
    frame = sites[["site_id", "bureau_id", "sector", "credit_class"]].assign(
        rule=told, detail=detail, numerator=numerator, pi=numerator / D
    )
    return Quotas(frame, pd.DataFrame(bureaux))


def _by_bureau(
    sites: pd.DataFrame, rule: NDArray[np.str_]
) -> Iterator[tuple[str, dict[str, int], int]]:
    """Yield every bureau with the number of its sites under each rule, and in all."""
    for bureau_id, rows in pd.Series(rule).groupby(sites["bureau_id"], sort=True):
        counts = {str(name): int(n) for name, n in rows.value_counts().items()}
        yield str(bureau_id), counts, len(rows)


def _bureau(plan: Terms, bureau_id: str, under: dict[str, int], roster: int) -> Bureau:
    """Set the bounds and the quota of one bureau; refuse bounds that contradict each other."""
    take_all = under.get("listed", 0) + under.get("key", 0)
    weighted = under.get("weighted", 0)
    base = _base(plan, bureau_id, roster - under.get("excluded", 0))
    share = Fraction(plan.ratio.bureau_floor)
    least = ceil(Fraction(plan.bounds.pi_floor) * weighted)
    if plan.ratio.key_sectors_count_toward_ratio:
        at_least = max(0, ceil(share * base) - under.get("counted", 0))
        quota = max(at_least, take_all + least)
    else:
        rest = max(0, ceil(share * (base - take_all)) - under.get("counted", 0))
        at_least = take_all + rest
        quota = take_all + max(rest, least)
    ceiling = floor(Fraction(plan.ratio.bureau_ceiling) * base)
    bureau = Bureau(
        bureau_id,
        roster,
        base,
        under.get("counted", 0),
        take_all,
        weighted,
        at_least,
        ceiling,
        quota,
    )
    _refuse_contradiction(bureau)
    return bureau


def _base(plan: Terms, bureau_id: str, operating: int) -> int:
    """The number the shares are taken of: sites in operation, or as fixed by the plan."""
    if plan.ratio.denominator_date == "draw":
        return operating
    if bureau_id not in plan.ratio.denominators:
        raise InvalidInput(
            "the plan fixes denominators but gives none for bureau {bureau}; its roster has {got}",
            zh="方案规定了抽查基数，但没有监管机关 {bureau} 的基数（名录库现有 {got} 家）",
            bureau=bureau_id, got=operating,
        )  # fmt: skip
    return plan.ratio.denominators[bureau_id]


def _refuse_contradiction(bureau: Bureau) -> None:
    numbers = {"bureau": bureau.bureau_id, "base": bureau.base, "quota": bureau.quota,
               "take_all": bureau.take_all, "ceiling": bureau.ceiling, "open": bureau.open}  # fmt: skip
    if bureau.take_all > bureau.ceiling:
        raise InvalidInput(
            "bureau {bureau}: {take_all} sites must be taken whole, but the ceiling allows "
            "{ceiling} of {base}",
            zh="监管机关 {bureau}：必查 {take_all} 家，但上限只允许 {base} 家中的 {ceiling} 家",
            **numbers,
        )
    if bureau.quota > bureau.ceiling:
        raise InvalidInput(
            "bureau {bureau}: at least {quota} of {base} sites must be drawn, at most {ceiling} may",
            zh="监管机关 {bureau}：{base} 家中至少应抽 {quota} 家，但最多只能抽 {ceiling} 家",
            **numbers,
        )
    if bureau.quota > bureau.take_all + bureau.open:
        raise InvalidInput(
            "bureau {bureau}: {quota} sites must be drawn, but only {take_all} taken whole and "
            "{open} others can be",
            zh="监管机关 {bureau}：应抽 {quota} 家，但可抽的只有必查 {take_all} 家和其他 {open} 家",
            **numbers,
        )


def _raised_for_city(plan: Terms, bureaux: list[Bureau]) -> list[Bureau]:
    """Raise quotas until the city's own floor is met, in proportion to the room that is left."""
    base, drawn = sum(b.base for b in bureaux), sum(b.quota for b in bureaux)
    own = ceil(Fraction(plan.ratio.city_floor) * base)
    if plan.ratio.district_draws_count_toward_city:
        counted = sum(b.counted for b in bureaux)
        target = max(drawn, own - counted)
    else:
        target = drawn + own
    ceiling = floor(Fraction(plan.ratio.city_ceiling) * base)
    room = [min(b.ceiling, b.take_all + b.open) - b.quota for b in bureaux]
    if target > min(ceiling, drawn + sum(room)):
        raise InvalidInput(
            "the city: {target} of {base} sites must be drawn (districts {drawn}, city floor "
            "{own}), but at most {ceiling} may and {can} can be",
            zh="全市：{base} 家中应抽 {target} 家（各区 {drawn}，市级下限 {own}），"
            "但上限为 {ceiling} 家，可抽 {can} 家",
            target=target, base=base, drawn=drawn, own=own, ceiling=ceiling, can=drawn + sum(room),
        )  # fmt: skip
    more = _largest_remainder(target - drawn, room)
    return [_replace_quota(b, b.quota + extra) for b, extra in zip(bureaux, more, strict=True)]


def _replace_quota(bureau: Bureau, quota: int) -> Bureau:
    fields = {name: getattr(bureau, name) for name in Bureau.__slots__}
    return Bureau(**{**fields, "quota": quota})


def _largest_remainder(n: int, sizes: list[int]) -> list[int]:
    """Share n among sizes in proportion, whole numbers, none above its size; ties go first."""
    if n == 0:
        return [0] * len(sizes)
    whole = [n * size // sum(sizes) for size in sizes]
    remainder = [n * size % sum(sizes) for size in sizes]
    for i in sorted(range(len(sizes)), key=lambda i: -remainder[i])[: n - sum(whole)]:
        whole[i] += 1
    return whole


def _fill(
    plan: Terms,
    bureau: Bureau,
    rows: NDArray[np.intp],
    rule: NDArray[np.str_],
    weights: NDArray[np.object_],
    numerator: NDArray[np.uint64],
) -> None:
    """Write the numerators of one bureau's sites."""
    numerator[rows[np.isin(rule[rows], ("listed", "key"))]] = D
    some = rows[rule[rows] == "weighted"]
    n = bureau.quota - bureau.take_all
    if n == 0:
        return
    with within(f"bureau {bureau.bureau_id}", f"监管机关 {bureau.bureau_id}"):
        pi = clip_probabilities(
            weights[some].tolist(),
            n,
            floor=Fraction(plan.bounds.pi_floor),
            ceiling=Fraction(plan.bounds.pi_ceiling),
        )
    numerator[some] = numerators(pi, n)


def _with_zeros(
    rule: NDArray[np.str_],
    detail: NDArray[np.object_],
    numerator: NDArray[np.uint64],
    weights: NDArray[np.object_],
) -> tuple[NDArray[np.object_], NDArray[np.object_]]:
    """Give the sites that the quota itself left at zero their own rule."""
    left = (rule == "weighted") & (numerator == 0)
    no_weight = left & (weights == 0).astype(bool)
    told = np.select([no_weight, left], ["no_weight", "quota_met"], rule).astype(object)
    return told, np.where(left, "", detail)
