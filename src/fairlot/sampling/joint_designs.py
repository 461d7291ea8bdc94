"""Which designs know their joint probabilities, and what to do about the others."""

from collections.abc import Callable

import numpy as np

from fairlot._base import check
from fairlot._base.arrays import Floats, Ints
from fairlot._base.errors import InvalidInput
from fairlot.sampling.brewer import joint as brewer
from fairlot.sampling.conditional_poisson import joint as conditional_poisson
from fairlot.sampling.joint import PairProbability
from fairlot.sampling.joint_approximations import APPROXIMATIONS
from fairlot.sampling.midzuno import joint as midzuno
from fairlot.sampling.order_probabilities import (
    order_inclusion_probabilities,
    pareto_joint,
    sequential_poisson_joint,
    successive_joint,
)
from fairlot.sampling.pivotal import joint as pivotal
from fairlot.sampling.poisson import joint as poisson
from fairlot.sampling.sampford import joint as sampford
from fairlot.sampling.sample import inside
from fairlot.sampling.srs import joint as srs
from fairlot.sampling.systematic import joint as systematic
from fairlot.sampling.tille import joint as tille

__all__ = ["EXACT", "NEVER_TOGETHER", "ORDER", "RANDOM_SIZE", "known_design", "name_of", "prepared"]

EXACT: dict[str, Callable[[Floats], PairProbability]] = {
    "bernoulli": poisson,
    "brewer": brewer,
    "conditional_poisson": conditional_poisson,
    "midzuno": midzuno,
    "pareto": pareto_joint,
    "pivotal": pivotal,
    "poisson": poisson,
    "sampford": sampford,
    "sequential_poisson": sequential_poisson_joint,
    "srs": srs,
    "successive": successive_joint,
    "systematic": systematic,
    "tille": tille,
}
RANDOM_SIZE = ("bernoulli", "poisson")
NEVER_TOGETHER = ("midzuno", "pivotal", "systematic", "tille")
"""Where two units may exclude each other though two places or more are left to chance."""
ORDER = ("pareto", "sequential_poisson", "successive")

RANDOM_ORDER = (
    "its order is random, so that there is no formula; take 'hartley_rao' or 'brewer_donadio_18'",
    "其次序随机，联合概率没有公式；可用 'hartley_rao' 或 'brewer_donadio_18'",
)
SPREAD = (
    "it keeps neighbours apart, so that pi alone says nothing about pairs; estimate variances with"
    " local_mean_variance(x), or draw with conditional_poisson",
    "该设计使相邻单位难以同时抽中，仅凭 pi 无法得知联合概率；"
    "请用 local_mean_variance(x) 估计方差，或改用 conditional_poisson 抽样",
)
BALANCED = (
    "it depends on the balancing x too, so that pi alone says nothing about pairs; estimate"
    " variances with balanced_variance(x), or draw with conditional_poisson",
    "该设计还取决于平衡变量 x，仅凭 pi 无法得知联合概率；"
    "请用 balanced_variance(x) 估计方差，或改用 conditional_poisson 抽样",
)
INSTEAD = {
    "nested_pivotal": (
        "its joint probabilities depend on the groups too; take nested_pivotal_joint",
        "其联合概率还取决于分组；请用 nested_pivotal_joint",
    ),
    "random_pivotal": RANDOM_ORDER,
    "random_systematic": RANDOM_ORDER,
    **dict.fromkeys(("local_cube", "local_pivotal", "scps"), SPREAD),
    **dict.fromkeys(("cube", "stratified_cube"), BALANCED),
}

ORDER_MOST = 10_000
"""Units of an order design: preparing takes O(N^2), here some 10 s."""

DUST = 2.0**-53
"""Floats place sums up to n to n times this, so that units which only touch seem to overlap."""


def name_of(design: str) -> tuple[str, bool]:
    """Return the name as a sample bears it, without strata, and whether it was drawn in strata.

    >>> name_of("stratified(srs/1)")
    ('srs/1', True)
    """
    inner = design.removeprefix("stratified(")
    return inner.removesuffix(")"), inner != design


def known_design(design: str, *, in_strata: bool) -> str:
    """Return the name of a design or approximation without its version; refuse with a hint."""
    known = ", ".join([*EXACT, *APPROXIMATIONS])
    if not isinstance(design, str):
        raise InvalidInput(
            "design is {got!r}; want the name of one, such as 'tille': one of {known}",
            zh="design 为 {got!r}，应为设计的名称，如 'tille'：{known} 之一",
            got=getattr(design, "__name__", design),
            known=known,
        )
    versioned, drawn_in_strata = name_of(design)
    name = versioned.removesuffix("/1")
    if drawn_in_strata and not in_strata:
        raise InvalidInput(
            "design is {got!r} and strata are not given; give strata, a label for each unit",
            zh="design 为 {got!r} 而未给出 strata；请为每个单位给出层的标签",
            got=design,
        )
    if name in EXACT or name in APPROXIMATIONS:
        return name
    hint, hint_zh = INSTEAD.get(name, (f"want one of {known}", f"应为 {known} 之一"))
    raise InvalidInput(
        "design is {got!r}; {hint}",
        zh="design 为 {got!r}；{hint_zh}",
        got=design,
        hint=hint,
        hint_zh=hint_zh,
    )


def prepared(pi: Floats, design: str) -> tuple[Floats, PairProbability]:
    """Return what each unit is drawn with, and the pairs of those that chance decides.

    A sample of fixed size with one place left to chance has no pairs: exactly 0, not nearly.
    """
    decided = pi[inside(pi)]
    if design in RANDOM_SIZE:
        return pi, EXACT[design](decided)
    n = check.fixed_size(pi) - np.count_nonzero(pi >= 1)
    if design in ORDER:
        _refuse_many(decided.size, design)
        own = order_inclusion_probabilities(pi, design=design)
    else:
        own = pi
    if n <= 1:
        return own, _never
    pair = (EXACT | APPROXIMATIONS)[design](decided)
    return own, _without_dust(pair, n * DUST) if design == "systematic" else pair


def _never(i: Ints, j: Ints) -> Floats:
    return np.zeros(i.size)


def _refuse_many(units: int, design: str) -> None:
    if units > ORDER_MOST:
        raise InvalidInput(
            "{design} has joint probabilities up to {most} uncertain units, got {got};"
            " use design 'brewer_donadio_18' (approximate), or draw with conditional_poisson",
            zh="{design} 的联合概率至多适用于 {most} 个不确定单位，现有 {got} 个；"
            "可用近似 design 'brewer_donadio_18'，或改用 conditional_poisson 抽样",
            design=design,
            most=ORDER_MOST,
            got=units,
        )


def _without_dust(pair: PairProbability, dust: float) -> PairProbability:
    def clean(i: Ints, j: Ints) -> Floats:
        values = pair(i, j)
        values[values <= dust] = 0
        return values

    return clean
