"""Quotas per bureau in whole numbers, and one exact inclusion probability per site.

For every bureau b with N_b sites in operation, T_b of them taken whole::

    floor_b   = ceil(bureau_floor * N_b) - joint visits that count, or, where key sectors do not
                count, all key sites + ceil(bureau_floor * others) - joint visits to others
    quota_b   = max(floor_b, T_b + what the smallest chances add up to)
    pi_i      = 1, 0, or clip(lambda_b * w_i, pi_floor, pi_ceiling), summing to quota_b
    a_i       = pi_i in units of 2^-40, summing to quota_b * 2^40: these whole numbers define pi

Never per cell: on the example roster a ceiling per (bureau, sector, class) would draw 38 %.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from math import ceil, floor

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from fairlot._base.arrays import Flags
from fairlot._base.errors import InvalidInput, within
from fairlot.planning import rules
from fairlot.planning.terms import Terms
from fairlot.sampling import D, clip_probabilities, numerators

__all__ = ["Bureau", "Quotas", "quotas"]

NAMES = {"site": "site_id", "class": "credit_class"}


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
    ``bureaux`` has one row a bureau, as :class:`Bureau`. ``city`` is the number of sites that the
    city's own floor asks to be drawn.
    """

    frame: pd.DataFrame
    bureaux: pd.DataFrame
    city: int

    @property
    def n(self) -> int:
        """The number of sites that will be drawn."""
        return sum(self.bureaux["quota"].tolist())


def quotas(plan: Terms, standings: pd.DataFrame) -> Quotas:
    """Return quotas and probabilities for ``standings`` in canonical order (see ``deciding``)."""
    if standings.empty:
        raise InvalidInput("the roster has no sites", zh="名录库没有机构")
    _refuse_strange_denominators(plan, standings)
    rule = standings["rule"].to_numpy(object)
    weights = standings["weight"].to_numpy(object)
    above = {w: Fraction(w) > 0 for w in set(weights)}
    weighty = np.array([above[w] for w in weights])
    tallies = _tallies(standings, weighty)
    bureaux, city = _raised_for_city(plan, [_bureau(plan, *each) for each in tallies])
    numerator = np.zeros(len(standings), dtype=np.uint64)
    rows = {b: np.asarray(at) for b, at in standings.groupby("bureau_id").indices.items()}
    for bureau in bureaux:
        _fill(plan, bureau, rows[bureau.bureau_id], rule, weights, numerator)
    told, detail = _with_zeros(rule, standings["detail"].to_numpy(object), numerator, weighty)
    frame = standings[["site", "bureau_id", "sector", "class"]].rename(columns=NAMES)
    frame = frame.assign(rule=told, detail=detail, numerator=numerator, pi=numerator / D)
    return Quotas(frame, pd.DataFrame(bureaux), city)


@dataclass(frozen=True, slots=True)
class _Tally:
    """How many sites of a bureau stand under each rule; the key sites among them apart."""

    of: Mapping[tuple[str, bool, bool], int]  # rule, key, weight above 0

    def __call__(self, *names: str, key: bool | None = None, weighty: bool | None = None) -> int:
        return sum(
            n
            for (rule, is_key, has_weight), n in self.of.items()
            if rule in names and key in (None, is_key) and weighty in (None, has_weight)
        )


def _tallies(standings: pd.DataFrame, weighty: Flags) -> Iterator[tuple[str, _Tally]]:
    """Yield every bureau, by id, with its tally."""
    under: dict[str, Counter[tuple[str, bool, bool]]] = defaultdict(Counter)
    columns = (standings[name].tolist() for name in ("bureau_id", "rule", "key"))
    for bureau, *row in zip(*columns, weighty.tolist(), strict=True):
        under[bureau][tuple(row)] += 1
    for bureau in sorted(under):
        yield bureau, _Tally(under[bureau])


def _bureau(plan: Terms, bureau_id: str, n: _Tally) -> Bureau:
    """Set the bounds and the quota of one bureau; refuse bounds that contradict each other."""
    every = tuple(rules.RULES)
    base = _base(plan, bureau_id, n(*every) - n("excluded"))
    take_all = n("listed", "key")
    low, high = Fraction(plan.bounds.pi_floor), Fraction(plan.bounds.pi_ceiling)
    floor_ = _floor(plan, base, n)
    bureau = Bureau(
        bureau_id=bureau_id,
        roster=n(*every),
        base=base,
        counted=n("counted"),
        take_all=take_all,
        open=floor(n("weighted", weighty=True) * high + n("weighted", weighty=False) * low),
        floor=floor_,
        ceiling=floor(Fraction(plan.ratio.bureau_ceiling) * base),
        quota=max(floor_, take_all + ceil(low * n("weighted"))),
    )
    _refuse_contradiction(bureau)
    return bureau


def _floor(plan: Terms, base: int, n: _Tally) -> int:
    """The least number to draw: the share of the roster, or all key sites and that of the rest."""
    share = Fraction(plan.ratio.bureau_floor)
    if plan.ratio.key_sectors_count_toward_ratio:
        return max(0, ceil(share * base) - n("counted"))
    key = n(*(rule for rule in rules.RULES if rule != "excluded"), key=True)
    rest = ceil(share * max(0, base - key)) - n("counted", key=False)
    return n("listed", "key", key=True) + max(0, rest)


def _refuse_strange_denominators(plan: Terms, standings: pd.DataFrame) -> None:
    strange = sorted(set(plan.ratio.denominators) - set(standings["bureau_id"]))
    if strange:
        raise InvalidInput(
            "the plan fixes a denominator for {list}, which the roster does not know",
            zh="方案为 {list} 规定了抽查基数，但名录中没有该监管机关",
            list=", ".join(strange),
        )


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


def _raised_for_city(plan: Terms, bureaux: list[Bureau]) -> tuple[list[Bureau], int]:
    """Raise quotas until the city's own floor is met, in proportion to the room that is left.

    Return them with the number of sites that the city asks to be drawn in all.
    """
    base, drawn = sum(b.base for b in bureaux), sum(b.quota for b in bureaux)
    counted = sum(b.counted for b in bureaux)
    own = max(0, ceil(Fraction(plan.ratio.city_floor) * base) - counted)
    city = own if plan.ratio.district_draws_count_toward_city else drawn + own
    ceiling = floor(Fraction(plan.ratio.city_ceiling) * base)
    room = [min(b.ceiling, b.take_all + b.open) - b.quota for b in bureaux]
    target = max(drawn, city)
    if target > min(ceiling, drawn + sum(room)):
        raise InvalidInput(
            "the city: {target} of {base} sites must be drawn (districts {drawn}, city floor "
            "{own}), but at most {ceiling} may and {can} can be",
            zh="全市：{base} 家中应抽 {target} 家（各区 {drawn}，市级下限 {own}），"
            "但上限为 {ceiling} 家，可抽 {can} 家",
            target=target, base=base, drawn=drawn, own=own, ceiling=ceiling, can=drawn + sum(room),
        )  # fmt: skip
    more = _largest_remainder(target - drawn, room)
    return [replace(b, quota=b.quota + extra) for b, extra in zip(bureaux, more, strict=True)], city


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
    rule: NDArray[np.object_],
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
    rule: NDArray[np.object_],
    detail: NDArray[np.object_],
    numerator: NDArray[np.uint64],
    weighty: Flags,
) -> tuple[NDArray[np.object_], NDArray[np.object_]]:
    """Give the sites that the quota itself left at zero their own rule."""
    left = (rule == "weighted") & (numerator == 0)
    no_weight = left & ~weighty
    told = np.select([no_weight, left], ["no_weight", "quota_met"], rule).astype(object)
    return told, np.where(left, "", detail)
