"""How many units to draw for a wanted half-width of the interval.

Whatever the estimate, the half-width falls as n grows, so the smallest n that reaches the wish is
found by halving. For a mean it is ``z * sqrt(deff * S^2 * (1/n - 1/N))`` (Cochran 1977, chapter 4).
"""

import math
from bisect import bisect_left
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from numbers import Real
from statistics import NormalDist

import numpy as np

from fairlot._base import check
from fairlot._base.errors import Infeasible, InvalidInput
from fairlot.sampling.allocation import read_strata
from fairlot.sampling.written_numbers import Number

__all__ = ["SampleSize", "sample_size_mean", "sample_size_proportion", "sample_size_stratified"]

MET = 1 + 1e-9  # a wish is met when it is met to nine figures: sqrt and z are not exact
MOST = 1 << 40  # a sample never is as large, and a population as large is infinite


@dataclass(frozen=True)
class SampleSize:
    """A sample size, and the half-width of the interval that it gives."""

    n: int
    half_width: float


def sample_size_mean(
    half_width: float,
    *,
    sd: float,
    N: int | None = None,  # noqa: N803
    deff: float = 1.0,
    level: float = 0.95,
) -> SampleSize:
    """Return the smallest sample that gives the mean to within ``half_width``.

    half_width  wanted half-width of the normal interval, in the unit of ``sd``; for a total of N
                units, the half-width of the total divided by N
    sd          standard deviation of the units (with N - 1 below), guessed or from an earlier year
    N           number of units, for the finite population correction; None for a large population
    deff        design effect: variance of the design divided by that of srs of the same size
    level       confidence of the interval

    The half-width is that of the true ``sd``; an estimated one scatters about it.

    430 nursery beds, the mean of 19 seedlings within 10 % at z = 2 (Cochran 1977, chapter 4):

    >>> sample_size_mean(1.9, sd=85.6**0.5, N=430, level=0.9544).n
    78
    """
    sd, deff = _number("sd", sd), _positive("deff", deff)
    size = _population(N)
    z = _normal(level)
    return _smallest(lambda n: z * math.sqrt(deff * sd * sd * _shortage(n, size)), half_width, size)


def sample_size_proportion(
    half_width: float,
    *,
    p: float = 0.5,
    N: int | None = None,  # noqa: N803
    deff: float = 1.0,
    level: float = 0.95,
    exact: bool = False,
) -> SampleSize:
    """Return the smallest sample that gives a proportion to within ``half_width``.

    half_width  wanted half-width, such as 0.03
    p           the proportion expected; 0.5 is the most demanding
    N           number of units, for the finite population correction; None for a large population
    deff        design effect: variance of the design divided by that of srs of the same size
    level       confidence of the interval
    exact       half the length of the Clopper-Pearson interval at a count of ``n p`` instead of the
                normal half-width; right also for rare cases (p = 0 or 1 too). It knows no finite
                population, so leave ``N`` out: the sample is then large enough for any N

    The blood groups of 3,200 islanders, to within 5 % at z = 2 (Cochran 1977, chapter 4):

    >>> sample_size_proportion(0.05, level=0.9544).n
    400
    >>> sample_size_proportion(0.05, N=3200, level=0.9544).n
    356
    >>> sample_size_proportion(0.05, exact=True).n
    402
    """
    _refuse_percent(half_width)
    p, deff, size = _number("p", p, most=1), _positive("deff", deff), _population(N)
    if exact:
        _refuse_population(size)
        tail = _tail(level)
        return _smallest(lambda n: _clopper_pearson(n / deff, p, tail), half_width, MOST)
    variance = p * (1 - p) * (size / (size - 1) if 1 < size < MOST else 1)
    return sample_size_mean(half_width, sd=math.sqrt(variance), N=N, deff=deff, level=level)


def sample_size_stratified(
    half_width: float,
    *,
    N: Iterable[Number],  # noqa: N803
    S: Iterable[Number],  # noqa: N803
    method: str = "neyman",
    cost: Iterable[Number] | None = None,
    lower: int | Iterable[int] = 1,
    deff: float = 1.0,
    level: float = 0.95,
) -> SampleSize:
    """Return the smallest sample that, allocated by ``method``, gives the total to ``half_width``.

    half_width  wanted half-width of the normal interval of the *total*; for a mean or a proportion,
                its half-width times the sum of N
    N           (H,) number of units in each stratum
    S           (H,) standard deviation in each (N - 1 below); sqrt(p (1 - p) N / (N - 1)) for a proportion
    method      of :func:`~fairlot.sampling.allocation.allocate`, but for "power"; ``cost`` and
                ``lower`` go there too
    deff        design effect inside strata
    level       confidence of the interval

    Uses whole allocations, with the finite population correction of every stratum. (By "proportional"
    a smaller n may do now and then, because largest remainders are not monotone.) Raises Infeasible
    when even all units of the strata that may be drawn do not do.

    64 cities in two strata, standard error of the total 1372 (Cochran 1977, chapter 5):

    >>> cities = {"N": [16, 48], "S": [53843**0.5, 5581**0.5], "level": 0.9544}
    >>> sample_size_stratified(2 * 1372, **cities, method="proportional").n
    24
    >>> sample_size_stratified(2 * 1372, **cities).n
    18
    """
    _refuse_power(method)
    weight = S if method in ("neyman", "optimal") else None
    strata = read_strata(N, method=method, S=weight, cost=cost, power=None, lower=lower, upper=None)
    size = np.array(strata.size, dtype=np.float64)
    spread = check.numbers("S", S, units=size.size, of=check.STRATA)  # type: ignore[arg-type]
    z = _normal(level) * math.sqrt(_positive("deff", deff))

    own = size * spread > 0

    def reached(n: int) -> float:
        with np.errstate(divide="ignore"):  # a stratum without units leaves the total unknown
            short = 1 / strata.shared(n)[own] - 1 / size[own]
        return z * math.sqrt(float(((size * spread)[own] ** 2 * short).sum()))

    return _smallest(reached, half_width, strata.room, sum(strata.least))


def _smallest(
    reached: Callable[[int], float], wish: float, most: int, least: int = 1
) -> SampleSize:
    """Return the smallest n from ``least`` to ``most`` that reaches the wish."""
    wish = _positive("half_width", wish)
    sizes = range(max(least, 1), most)  # the last one is left when none before it is enough
    n = max(least, 1) + bisect_left(sizes, -wish * MET, key=lambda n: -reached(n))
    if reached(n) > wish * MET:
        raise Infeasible(
            "half_width {wish} is out of reach: all {n} units that may be drawn give {got}",
            zh="半宽 {wish} 无法达到：可抽的 {n} 个单位全部抽取时为 {got}",
            wish=wish,
            n=n,
            got=reached(n),
            because=[f"at most {n} units"],
        )
    return SampleSize(n, reached(n))


def _shortage(n: int, size: int) -> float:
    return 1 / n - (1 / size if size < MOST else 0)


def _clopper_pearson(n: float, p: float, tail: float) -> float:
    """Return half the length of the interval at a count of n p, through beta quantiles."""
    from scipy.special import betaincinv

    x = n * p
    low = betaincinv(x, n - x + 1, tail) if x > 0 else 0.0
    high = betaincinv(x + 1, n - x, 1 - tail) if x < n else 1.0
    return float(high - low) / 2


def _normal(level: float) -> float:
    return -NormalDist().inv_cdf(_tail(level))


def _tail(level: float) -> float:
    _refuse_no_number("level", level)
    if not 0 < level < 1:
        raise InvalidInput(
            "level is {got}; want a number between 0 and 1, such as 0.95",
            zh="level 为 {got}，应在 0 与 1 之间，如 0.95",
            got=level,
        )
    return (1 - level) / 2


def _number(name: str, value: float, most: float = math.inf) -> float:
    _refuse_no_number(name, value)
    if not (0 <= value <= most and math.isfinite(value)):
        raise InvalidInput(
            "{name} is {got}; want a number from 0 to {most}",
            zh="{name} 为 {got}，应为 0 至 {most} 的数",
            name=name,
            got=value,
            most=most,
        )
    return float(value)


def _positive(name: str, value: float) -> float:
    _refuse_no_number(name, value)
    if not 0 < value < math.inf:
        raise InvalidInput(
            "{name} is {got}; want a number above 0",
            zh="{name} 为 {got}，应为大于 0 的数",
            name=name,
            got=value,
        )
    return float(value)


def _population(size: int | None) -> int:
    if size is None:
        return MOST
    return min(check.at_least("N", size, 1), MOST)


def _refuse_no_number(name: str, value: object) -> None:
    if not isinstance(value, Real):
        raise InvalidInput(
            "{name} is {got!r}; want a number",
            zh="{name} 为 {got!r}，应为数字",
            name=name,
            got=value,
        )


def _refuse_percent(half_width: float) -> None:
    if _positive("half_width", half_width) >= 1:
        raise InvalidInput(
            "half_width is {got}; for a proportion want a number below 1, such as 0.03 for 3 %",
            zh="half_width 为 {got}，比例的半宽应小于 1，如 3 % 写作 0.03",
            got=half_width,
        )


def _refuse_population(size: int) -> None:
    if size < MOST:
        raise InvalidInput(
            "N is {got}, but exact knows no finite population; leave N out, or use exact=False",
            zh="N 为 {got}，但 exact 不考虑有限总体；请不给 N，或用 exact=False",
            got=size,
        )


def _refuse_power(method: str) -> None:
    if method == "power":
        raise InvalidInput(
            "method is 'power', which has a half-width for every stratum and none for the total;"
            " use sample_size_mean stratum by stratum",
            zh="method 为 'power'：它要求的是各层的精度而非总量的精度，请逐层使用 sample_size_mean",
        )
