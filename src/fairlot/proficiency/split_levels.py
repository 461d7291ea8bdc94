"""Split levels: laboratories get one of several samples by lot, so that a copied result shows.

Whoever does not know which sample a colleague got cannot copy his result unseen.
"""

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from fairlot._base import check
from fairlot._base.arrays import Floats, Ints
from fairlot._base.chance import as_chance
from fairlot._base.coding import coded
from fairlot._base.errors import InvalidInput
from fairlot.proficiency.significance import holm, level_of

__all__ = ["WrongLevel", "split_levels", "wrong_level"]


@dataclass(frozen=True)
class WrongLevel:
    """A result that belongs to a sample which its laboratory did not get.

    level, other  what it got, and the level that the result is near to
    z, z_other    against either
    p_value       chance of an honest result so near to another level; p_adjusted by Holm
    """

    laboratory: Any
    level: Any
    other: Any
    z: float
    z_other: float
    p_value: float
    p_adjusted: float
    algorithm: str = "wrong_level/1"


def split_levels(
    laboratories: Iterable[str], levels: Sequence[Hashable] = ("A", "B"), *, rng: object
) -> dict[str, Any]:
    """Return which level each laboratory gets, drawn by lot.

    laboratories  names, each once; their order does not matter
    levels        two or more; those named first go to one laboratory more where it does not divide
    rng           anything with ``random(n)``, the stream of a public draw included; the laboratory
                  of the i-th name in order has the i-th number

    Every allocation with these numbers is equally likely.

    >>> dealt = split_levels(["x", "y", "z", "w"], rng=np.random.default_rng(2026))
    >>> sorted(dealt.values())
    ['A', 'A', 'B', 'B']
    """
    names = list(laboratories)
    distinct = sorted(set(names))
    if len(distinct) < len(names) or not names or len(set(levels)) < max(2, len(levels)):
        raise InvalidInput(
            "{got} laboratories, {distinct} distinct, and {levels} levels; want each once, and 2 "
            "different levels or more",
            zh="{got} 个机构（不同的 {distinct} 个）、{levels} 个水平；机构不得重复，水平应有 2 个以上且互不相同",
            got=len(names),
            distinct=len(distinct),
            levels=len(levels),
        )
    order = np.argsort(as_chance(rng).random(len(distinct)), kind="stable")
    dealt = {distinct[k]: levels[i % len(levels)] for i, k in enumerate(order.tolist())}
    return {name: dealt[name] for name in names}


def wrong_level(
    x: ArrayLike,
    laboratories: Sequence[Any],
    allocated: Sequence[Hashable],
    *,
    x_pt: Mapping[Any, float],
    sigma_pt: Mapping[Any, float] | float,
    alpha: float = 0.01,
) -> tuple[WrongLevel, ...]:
    """Return the laboratories whose result is that of another level than their own.

    x, laboratories  (p,) results, and who reported them
    allocated        (p,) the level that each laboratory got
    x_pt             assigned value of each level
    sigma_pt         standard deviation of honest results, for all levels or for each
    alpha            chance that an honest round accuses anybody at all, at most

    The chance holds for results that are normal about the assigned value of their own level with
    sigma_pt, whether independent or not. Levels less than some 6 sigma_pt apart can hardly show
    anything.

    >>> found = wrong_level([10.1, 9.8, 12.0], ["x", "y", "z"], ["A", "A", "A"],
    ...                     x_pt={"A": 10.0, "B": 12.0}, sigma_pt=0.2)
    >>> [(one.laboratory, one.other) for one in found]
    [('z', 'B')]
    """
    values = check.numbers("x", x)
    level_of(alpha)
    levels, places = coded(allocated)
    for name, got in (("laboratories", len(laboratories)), ("allocated", places.size)):
        check.same_length(name, got, values.size, ("results", "结果"))
    _refuse_unknown(levels, x_pt)
    levels += [level for level in x_pt if level not in levels]
    centres = check.numbers("x_pt", [x_pt[level] for level in levels])
    sigmas = _sigmas(levels, sigma_pt)
    p_values, other = _chances(values, places, centres, sigmas)
    adjusted = holm(p_values)
    z = (values[:, None] - centres[None, :]) / sigmas[None, :]
    return tuple(
        WrongLevel(
            laboratories[i],
            levels[places[i]],
            levels[other[i]],
            float(z[i, places[i]]),
            float(z[i, other[i]]),
            float(p_values[i]),
            float(adjusted[i]),
        )
        for i in np.flatnonzero(adjusted <= alpha).tolist()
    )


def _chances(x: Floats, own: Ints, centres: Floats, sigmas: Floats) -> tuple[Floats, Ints]:
    """Return the chance that an honest result is as near to any other level, and the nearest."""
    from scipy.special import ndtr

    rows = np.arange(x.size)
    away = np.abs(x[:, None] - centres[None, :])
    away[rows, own] = np.inf
    nearest = away.argmin(axis=1)
    d, at = away[rows, nearest][:, None], centres[own][:, None]
    sigma = sigmas[own][:, None]
    within = ndtr((centres[None, :] + d - at) / sigma) - ndtr((centres[None, :] - d - at) / sigma)
    within[rows, own] = 0.0
    return np.minimum(within.sum(axis=1), 1.0), nearest


def _sigmas(levels: list[Any], sigma_pt: Mapping[Any, float] | float) -> Floats:
    if not isinstance(sigma_pt, Mapping):
        sigma_pt = dict.fromkeys(levels, sigma_pt)
    _refuse_unknown(levels, sigma_pt)
    sigmas = check.numbers("sigma_pt", [sigma_pt[level] for level in levels])
    if not sigmas.min() > 0:
        k = int(np.argmin(sigmas))
        raise InvalidInput(
            "sigma_pt of level {level} is {got}; want a number above 0",
            zh="水平 {level} 的 sigma_pt 为 {got}，应大于 0",
            level=levels[k],
            got=float(sigmas[k]),
        )
    return sigmas


def _refuse_unknown(levels: list[Any], known: Mapping[Any, float]) -> None:
    strange = next((level for level in levels if level not in known), None)
    if strange is not None or len(known) < 2:
        raise InvalidInput(
            "level {got!r} is none of {want}; want two levels or more, each with its value",
            zh="水平 {got!r} 不在 {want} 之中；应有两个以上水平并逐一给出数值",
            got=strange,
            want=", ".join(map(str, known)),
        )
