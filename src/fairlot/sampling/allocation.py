"""How many units to draw in each stratum.

The shares are proportional to a weight of the stratum, within bounds:

============== ================================ =============================================
method         weight of stratum h              whole numbers
============== ================================ =============================================
proportional   N_h                              largest remainders
dhondt         N_h                              highest N_h / (n_h + 1), seat after seat
webster        N_h                              highest N_h / (n_h + 1/2), seat after seat
neyman         N_h S_h                          those of least sum of weight^2 / n_h
optimal        N_h S_h / sqrt(cost_h)           the same
power          N_h^power S_h                    the same
============== ================================ =============================================
"""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from fairlot._base import check
from fairlot._base.arrays import Ints
from fairlot._base.errors import Infeasible, InvalidInput
from fairlot.sampling.allocation_rounding import DIVISORS, by_priority, largest_remainder
from fairlot.sampling.clipping import shown
from fairlot.sampling.sizes import read_column
from fairlot.sampling.written_numbers import Number, between_0_and_1, whole

__all__ = ["Strata", "allocate", "read_strata"]

WANTS = {
    "proportional": ("", ""),
    "dhondt": ("", ""),
    "webster": ("", ""),
    "neyman": ("S", "S"),
    "optimal": ("S cost", "S cost"),
    "power": ("power", "S power"),
}  # what a method needs, and what it may be given


def allocate(
    N: Iterable[Number],  # noqa: N803
    n: int,
    *,
    method: str = "proportional",
    S: Iterable[Number] | None = None,  # noqa: N803
    cost: Iterable[Number] | None = None,
    power: Number | None = None,
    lower: int | Iterable[int] = 1,
    upper: int | Iterable[int] | None = None,
) -> Ints:
    """Divide a sample of ``n`` among strata in whole numbers, between ``lower`` and ``upper``.

    N       (H,) size of each stratum: its number of units, or another measure of size >= 0 (then
            give ``upper``)
    n       whole number of units to draw in all
    method  "proportional", "dhondt", "webster", "neyman", "optimal" or "power"
    S       (H,) standard deviation in each stratum; for "power" the coefficients of variation
            (all alike when left out)
    cost    (H,) cost of observing one unit, above 0, for "optimal"
    power   from 0 (alike precise in every stratum) to 1 (precise for the whole), for "power"
    lower   least number, one for all (a smaller stratum is taken whole) or (H,); 2 where a variance
            is to be estimated in each stratum
    upper   most units, one for all or (H,); the number of units ``N`` when left out

    Returns (H,) int64 with sum ``n``. "neyman", "optimal" and "power" are best among all whole
    numbers within the bounds, not roundings of the best fractions: no other allocation has a
    smaller ``sum weight_h^2 / n_h`` (for "optimal": none of no higher cost has a smaller
    ``sum N_h^2 S_h^2 / n_h``). Ties go to the larger weight, then to the earlier stratum. A stratum
    of weight 0 gets its lower bound. All comparisons are of fractions; only a power that is no
    multiple of 1/2 is computed in floats. O(H log H), whatever n.

    Raises InvalidInput for values that cannot be used and Infeasible, with the numbers, when the
    bounds leave no room for n.

    Neyman by priorities: Wright (2012), doi:10.1080/00031305.2012.733679; with bounds: Friedrich,
    Münnich, de Vries, Wagner (2015), doi:10.1016/j.csda.2015.06.003. Power: Bankier (1988),
    The American Statistician 42(3), 174-177. Divisors: Balinski, Young (1982), Fair Representation.

    16 large and 48 smaller cities (Cochran 1977, chapter 5), and three strata of Wright (2017,
    doi:10.1016/j.spl.2017.04.026):

    >>> allocate([16, 48], 24)
    array([ 6, 18])
    >>> allocate([16, 48], 24, method="neyman", S=[232.04, 74.71])
    array([12, 12])
    >>> allocate([47, 61, 41], 10, method="neyman", S=[10, 6, 4], lower=[1, 2, 3], upper=[5, 6, 4])
    array([4, 3, 3])
    """
    n = whole(n)
    strata = read_strata(N, method=method, S=S, cost=cost, power=power, lower=lower, upper=upper)
    _refuse_no_room(n, strata)
    return strata.shared(n)


@dataclass(frozen=True, eq=False)
class Strata:
    """What an allocation has to go by; ``square`` holds the squares of the weights."""

    method: str
    size: list[Fraction]
    square: list[Fraction]
    least: list[int]
    most: list[int]

    @property
    def room(self) -> int:
        """The largest sample: a stratum of weight 0 stays on its lower bound."""
        tops = zip(self.square, self.least, self.most, strict=True)
        return sum(most if square else least for square, least, most in tops)

    def shared(self, n: int) -> Ints:
        """Return the allocation of ``n``, which lies between ``sum(least)`` and ``room``."""
        if self.method in DIVISORS:
            divisor = DIVISORS[self.method]
            counts = by_priority(self.square, n, self.least, self.most, divisor)
        else:
            counts = largest_remainder(self.size, n, self.least, self.most)
        return np.array(counts, dtype=np.int64)


def read_strata(
    N: Iterable[Number],  # noqa: N803
    *,
    method: str,
    S: Iterable[Number] | None,  # noqa: N803
    cost: Iterable[Number] | None,
    power: Number | None,
    lower: int | Iterable[int],
    upper: int | Iterable[int] | None,
) -> Strata:
    """Check the arguments of :func:`allocate`."""
    size = _column("N", N)
    square = _squares(size, method, S=S, cost=cost, power=power)
    if upper is None:
        most = _whole_column("N", size, len(size))
    else:
        most = _whole_column("upper", upper, len(size))
    least = _least(lower, most)
    if upper is not None:
        _refuse_crossed(lower, upper)
    return Strata(method, size, square, least, most)


def _squares(
    size: list[Fraction],
    method: str,
    *,
    S: Iterable[Number] | None,  # noqa: N803
    cost: Iterable[Number] | None,
    power: Number | None,
) -> list[Fraction]:
    """Return the squares of the strata's weights, which are fractions where the weights are not."""
    _refuse_other_arguments(method, {"S": S, "cost": cost, "power": power})
    deviation = [Fraction(1)] * len(size) if S is None else _column("S", S, len(size))
    price = [Fraction(1)] * len(size) if cost is None else _column("cost", cost, len(size))
    _refuse_free(price)
    q = Fraction(1) if power is None else between_0_and_1("power", power)
    return [_to_the(N, 2 * q) * s**2 / c for N, s, c in zip(size, deviation, price, strict=True)]


def _to_the(size: Fraction, q: Fraction) -> Fraction:
    if not size:
        return size
    return size**q.numerator if q.denominator == 1 else Fraction(math.pow(size, q))


def _column(name: str, values: Iterable[Number], strata: int | None = None) -> list[Fraction]:
    numbers, scale, code = read_column(name, values)
    if strata is not None:
        check.same_length(name, code.size, strata, check.STRATA)
    return [Fraction(numbers[k], scale) for k in code.tolist()]


def _whole_column(name: str, values: int | Iterable[Number], strata: int) -> list[int]:
    if not isinstance(values, Iterable):
        return [check.at_least(name, values, 0)] * strata
    numbers = _column(name, values, strata)
    for h, number in enumerate(numbers):
        if number.denominator != 1:
            raise InvalidInput(
                "{name}[{h}] is {got}; want a whole number of units",
                zh="{name}[{h}] 为 {got}，应为单位的整数个数",
                name=name,
                h=h,
                got=shown(number),
            )
    return [int(number) for number in numbers]


def _refuse_crossed(lower: int | Iterable[int], upper: int | Iterable[int]) -> None:
    """Refuse one lower bound for all above one upper bound for all."""
    if not isinstance(lower, Iterable) and not isinstance(upper, Iterable) and lower > upper:
        raise InvalidInput(
            "lower is {lower}, above upper {upper}",
            zh="lower 为 {lower}，高于 upper {upper}",
            lower=lower,
            upper=upper,
        )


def _least(lower: int | Iterable[int], most: list[int]) -> list[int]:
    least = _whole_column("lower", lower, len(most))
    if not isinstance(lower, Iterable):
        return [min(pair) for pair in zip(least, most, strict=True)]
    for h, pair in enumerate(zip(least, most, strict=True)):
        if pair[0] > pair[1]:
            raise InvalidInput(
                "lower[{h}] is {lower}, above upper[{h}] {upper}",
                zh="lower[{h}] 为 {lower}，高于 upper[{h}] {upper}",
                h=h,
                lower=pair[0],
                upper=pair[1],
            )
    return least


def _refuse_other_arguments(method: str, given: dict[str, object]) -> None:
    if method not in WANTS:
        raise InvalidInput(
            "method is {got!r}; want one of {want}",
            zh="method 为 {got!r}，应为 {want} 之一",
            got=method,
            want=", ".join(WANTS),
        )
    needs, takes = WANTS[method]
    for name, value in given.items():
        missing = value is None and name in needs.split()
        if missing or (value is not None and name not in takes.split()):
            raise InvalidInput(
                "method {method!r} takes {takes}; {name} is {got}",
                zh="方法 {method!r} 使用 {takes_zh}，{got_zh} {name}",
                method=method,
                takes=takes.replace(" ", " and ") or "N alone",
                takes_zh="N" + "".join(f"、{other}" for other in takes.split()),
                name=name,
                got="missing" if missing else "given",
                got_zh="缺少" if missing else "不应给出",
            )


def _refuse_free(price: list[Fraction]) -> None:
    if not all(price):
        raise InvalidInput(
            "cost[{h}] is 0; want a number above 0",
            zh="cost[{h}] 为 0，应为大于 0 的数",
            h=price.index(Fraction(0)),
        )


def _refuse_no_room(n: int, strata: Strata) -> None:
    least, most = sum(strata.least), strata.room
    if n < least:
        raise Infeasible(
            "n is {n}; the lower bounds of the {strata} strata add up to {least}",
            zh="n 为 {n}，而 {strata} 个层的下限之和为 {least}",
            n=n,
            strata=len(strata.size),
            least=least,
            because=[f"lower bounds add up to {least}"],
        )
    if n > most:
        raise Infeasible(
            "n is {n}; at most {most} can be drawn: {positive} of {strata} strata have a weight"
            " above 0, each up to its upper bound, the others their lower bound",
            zh="n 为 {n}，至多可抽 {most}：{strata} 个层中 {positive} 个的权重大于 0，各以上限为限，"
            "其余各取下限",
            n=n,
            most=most,
            positive=sum(map(bool, strata.square)),
            strata=len(strata.size),
            because=[f"upper bounds add up to {most}"],
        )
