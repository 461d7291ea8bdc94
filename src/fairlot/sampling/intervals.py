"""Exact intervals for the number of violators: they cover it at least as often as they say.

Let V be the violators that chance may decide on and X how many of them are drawn. An interval
holds every number ``|V|`` of which some V, in keeping with what was seen, makes X neither too
small nor too large: ``P(X <= x)`` and ``P(X >= x)`` above (1 - level) / 2. The true V is left out
with probability 1 - level at most, whatever it is, however few units are drawn.

srs                 X is hypergeometric: the interval of Clopper and Pearson.
Poisson, Bernoulli  X is a sum of independent outcomes, of known probabilities.
strongly Rayleigh   X is distributed *like* such a sum, whatever V: the polynomial of X keeps only
                    real roots when the variables of V are set equal, the others to 1 (Borcea,
                    Brändén, Liggett 2009). Its mean is ``sum_V pi`` and it has at most
                    ``min(|V|, n)`` terms; more of it is not needed, see :func:`_at_most`. Conditional
                    Poisson, Sampford and Pareto sampling are strongly Rayleigh (Brändén, Jonasson
                    2012). So is pivotal sampling in any order: a duel makes the mixture of what
                    follows if i goes on and j is decided, and of the same with i and j exchanged,
                    and such mixtures stay strongly Rayleigh (Borcea, Brändén, Liggett 2009, partial
                    symmetrization). In random order it is a mixture of designs with the same pi,
                    each within the bounds. So are strata drawn independently: polynomials multiply.

Where pi differ and many are drawn, the count alone cannot tell many violators that are hard to draw
from few that are easy; then a weighted count shares the level with it, half each, see
:mod:`~fairlot.sampling.weighted_tails`.

Clopper, Pearson (1934), Biometrika 26(4), doi:10.1093/biomet/26.4.404. Borcea, Brändén, Liggett
(2009), Negative dependence and the geometry of polynomials, Journal of the AMS 22(2),
doi:10.1090/S0894-0347-08-00618-8. Brändén, Jonasson (2012), Negative dependence in sampling,
Scandinavian Journal of Statistics 39(4), doi:10.1111/j.1467-9469.2011.00766.x.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from fairlot._base import check
from fairlot._base.arrays import Flags, Floats
from fairlot._base.errors import Infeasible, InvalidInput
from fairlot._kernels import kernel
from fairlot.sampling.design_variance import design_of
from fairlot.sampling.estimate import LEVEL, Covered, covered_by
from fairlot.sampling.order_probabilities import order_inclusion_probabilities
from fairlot.sampling.sample import Sample, inside
from fairlot.sampling.weighted_tails import weighted_limits

__all__ = ["Interval", "exact_interval", "level_between", "zeros_and_ones"]

SLACK = 1e-7
"""A tail is held against (1 - level) / 2 less this share of it: rounding can only widen."""

MANY = 300
"""Where fewer are drawn than this, the plain count alone gives the shorter interval as a rule."""
DIFFER = 1.25
"""So does it where no pi is more than so many times another."""

INDEPENDENT = ("bernoulli", "poisson")
RAYLEIGH = ("conditional_poisson", "pareto", "pivotal", "random_pivotal", "sampford", "srs")
PROVEN = tuple(sorted(INDEPENDENT + RAYLEIGH))

AtMost = Callable[[Floats, Floats, int], Floats]
"""From pi of the violators drawn, pi of the undrawn units, rising, and n: the greatest probability
that no more violators are drawn, when the first 0, 1, 2... of the undrawn violate too."""


@dataclass(frozen=True)
class Interval:
    """Between how many violators there are among the units that could be drawn.

    low, high  numbers of violators, both ends included; whole numbers when exact
    level      the interval covers the true number at least this often when exact, else about
    exact      whether that is proven for every population and every sample size
    method     how it was made
    found      drawn violators, those drawn with certainty included
    n          drawn units
    design     name and version of the design
    covered    whom it is about
    """

    low: float
    high: float
    level: float
    exact: bool
    method: str
    found: int
    n: int
    design: str
    covered: Covered

    @property
    def share(self) -> tuple[float, float]:
        """Both ends as shares of the covered units."""
        return self.low / self.covered.units, self.high / self.covered.units

    def __str__(self) -> str:
        low, high = (f"{end:.1%}".replace("%", " %") for end in self.share)
        sure = "at least" if self.exact else "about"
        return (
            f"{self.low:.6g} to {self.high:.6g} violators ({low} to {high}) with {sure} "
            f"{self.level:.6g} confidence, {self.method}; found {self.found} among {self.n} drawn; "
            f"{self.covered}"
        )


def exact_interval(found: ArrayLike, sample: Sample, *, level: float = LEVEL) -> Interval:
    """Return an interval for the number of violators that covers it at least ``level`` of the time.

    found   (n,) 1 for each drawn unit that violates, 0 for the others, in order of ``sample.index``
    sample  by one of the designs that this is proven for, also in strata: srs, Poisson, Bernoulli,
            conditional Poisson, Sampford, Pareto, pivotal in given or random order

    It is about the units with pi > 0, see ``Interval.covered``; violators among units with pi = 1
    are known and added. Nothing is approximate and no n is too small: from one drawn unit it is
    wide, and right. The price of unequal pi is length: violators that were not seen may be those
    that were hardest to draw. A stratified simple random sample is treated like one of unequal pi; take
    the units of one stratum as a sample by themselves for its hypergeometric interval.

    Raises InvalidInput with index, got and wanted; Infeasible for other designs, whose tails are not
    known to be bounded, and for Pareto in strata, and says what can be done instead. O(N log N):
    .1 ms at N = 100, .4 s at 10^6; Poisson O(N (found + 1)), Pareto as
    :func:`~fairlot.sampling.order_inclusion_probabilities`.

    >>> sample = Sample(np.arange(30), np.full(200, 0.15), "srs/1")
    >>> print(exact_interval([0] * 30, sample))  # doctest: +NORMALIZE_WHITESPACE
    0 to 21 violators (0.0 % to 10.5 %) with at least 0.95 confidence, hypergeometric; found 0 among
    30 drawn; all 200 units of the frame
    >>> exact_interval([1] * 3 + [0] * 27, sample).share
    (0.03, 0.25)
    """
    flags = zeros_and_ones("found", found, len(sample))
    tail = (1 - level_between(level)) / 2 * (1 - SLACK)
    method, limits = _proven(sample)
    seen, known = _seen(flags, sample)
    if seen.differ:
        method, limits = f"{method} and weighted count", _of_both(limits)
    low, high = limits(seen, tail)
    return Interval(
        known + low,
        known + high,
        level,
        True,
        method,
        int(np.count_nonzero(flags)),
        len(sample),
        sample.design,
        covered_by(sample),
    )


class _Seen(NamedTuple):
    """Probabilities of the units that chance decides on, by what was seen of them."""

    violators: Floats
    clean: Floats
    rest: Floats  # not drawn

    @property
    def opposite(self) -> "_Seen":
        return _Seen(self.clean, self.violators, self.rest)

    @property
    def differ(self) -> bool:
        """Whether a weighted count helps: told by pi alone, so that the level holds."""
        pi = np.concatenate(self)
        return bool(pi.size and pi.sum() >= MANY and pi.max() > DIFFER * pi.min())


Limits = Callable[[_Seen, float], tuple[int, int]]


def _seen(flags: Flags, sample: Sample) -> tuple[_Seen, int]:
    """Return what was seen of the units that chance decides on, and the violators among the others."""
    pi = order_inclusion_probabilities(sample.pi) if _is_pareto(sample) else sample.pi
    decided = sample.pi[sample.index] < 1
    rest = inside(sample.pi)
    rest = rest[~np.isin(rest, sample.index)]
    violators, clean = (pi[sample.index[decided & (flags == flag)]] for flag in (True, False))
    return _Seen(violators, clean, pi[rest]), int(np.count_nonzero(flags & ~decided))


def _proven(sample: Sample) -> tuple[str, Limits]:
    design, stratified = design_of(sample)
    if design not in PROVEN or (stratified and _is_pareto(sample)):
        raise Infeasible(
            "no exact interval is proven after {design}; one is after {proven}, also in strata but "
            "for pareto; take approximate_interval, or a stratum or bureau drawn so by itself",
            zh="{design} 之后没有已证明的精确区间；{proven}（除 pareto 外也可分层）之后有；"
            "请用 approximate_interval，或对单独如此抽取的层或辖区求区间",
            design=sample.design,
            proven=", ".join(PROVEN),
        )
    if design in INDEPENDENT:
        return "Poisson-binomial", _of_independent
    if design == "srs" and not stratified:
        return "hypergeometric", _of_fixed_size(_hypergeometric)
    return "strongly Rayleigh bound", _of_fixed_size(_strongly_rayleigh)


def _is_pareto(sample: Sample) -> bool:
    return design_of(sample)[0] == "pareto"


def _of_fixed_size(at_most: AtMost) -> Limits:
    """Few violators drawn are many clean units drawn: one tail serves both ends.

    Of all sets V of one size the one with the smallest pi has the greatest chance to be drawn no
    more often than it was, as both tails below only fall when the mean rises.
    """

    def most(seen: _Seen, tail: float) -> int:
        n = seen.violators.size + seen.clean.size
        likely = at_most(seen.violators, np.sort(seen.rest), n) > tail
        return seen.violators.size + int(np.flatnonzero(likely)[-1])

    def limits(seen: _Seen, tail: float) -> tuple[int, int]:
        units = sum(part.size for part in seen)
        return units - most(seen.opposite, tail), most(seen, tail)

    return limits


def _hypergeometric(own: Floats, rest: Floats, n: int) -> Floats:
    """Return ``P(X <= x)`` for x, x + 1, ... violators: one more raises X above x when X is x and the
    newcomer is among the n - x other units drawn.

    Summed up in logarithms of small ratios: those of factorials would lose nine digits of 10^6.
    """
    x, others = own.size, n - own.size
    units = others + own.size + rest.size
    size = x + np.arange(rest.size)
    ratio = (size + 1) / (size + 1 - x) * (units - size - others) / (units - size)
    drawn = np.arange(x)
    start = np.log((n - drawn) / (units - drawn)).sum()
    exactly = np.exp(start + np.concatenate([[0.0], np.cumsum(np.log(ratio))])[:-1])
    return 1 - np.concatenate([[0.0], np.cumsum(exactly * others / (units - size))])


def _strongly_rayleigh(own: Floats, rest: Floats, n: int) -> Floats:
    """Return bounds on ``P(X <= x)``, x = own.size, when X is like a sum of independent outcomes.

    Of such sums with mean m and t terms the binomial one is most often at most x, if x <= m - 1:
    Hoeffding (1956), On the distribution of the number of successes in independent trials, Annals
    of Mathematical Statistics 27(3), doi:10.1214/aoms/1177728178, theorem 4. Beyond that, one term
    at least fails with probability t - m at most, and none of V is drawn with at most the product
    of 1 - pi (negative association). Drawn for sure are as many of V as there are too few others.
    """
    from scipy.special import betainc

    units = n + rest.size
    size = own.size + np.arange(rest.size + 1)
    sure = np.maximum(0, n - (units - size))
    trials = np.minimum(size, n) - sure
    mean = np.clip(own.sum() + np.concatenate([[0.0], np.cumsum(rest)]) - sure, 0, trials)
    x = own.size - sure
    bound = np.ones(size.size)
    far = mean >= x + 1
    t, k = trials[far], x[far]
    bound[far] = betainc(t - k, k + 1.0, 1 - mean[far] / t)
    one_fails = np.where(x < trials, trials - mean, 1.0)
    none = np.cumprod(1 - np.concatenate([[0.0], rest])) if own.size == 0 else 1.0
    return np.minimum(np.minimum(bound, one_fails), none)


def _of_independent(seen: _Seen, tail: float) -> tuple[int, int]:
    """Limits from the distribution of X itself; it falls when any unit leaves V."""
    x, rest = seen.violators.size, np.sort(seen.rest)
    low = _added_until(seen.violators, rest[::-1].copy(), x - 1, 1 - tail)
    high = _added_until(seen.violators, rest, x, tail) - 1
    return x + min(low, rest.size), x + high


def _of_both(plain: Limits) -> Limits:
    def limits(seen: _Seen, tail: float) -> tuple[int, int]:
        one, other = plain(seen, tail / 2), weighted_limits(*seen, tail / 2)
        low, high = max(one[0], other[0]), min(one[1], other[1])
        # They cross only where the true number is missed by one of them anyway.
        return min(low, high), max(low, high)

    return limits


@kernel
def _added_until(own: Floats, rest: Floats, x: int, level: float) -> int:
    """Return how many of ``rest`` to add until P(at most x drawn) is ``level`` or less.

    One more than there are when all of them do not suffice.
    """
    chance = np.zeros(x + 1)  # to draw 0, 1, ... x
    chance[:1] = 1.0
    for p in own:
        _add(chance, p)
    for k in range(rest.size):
        if chance.sum() <= level:
            return k
        _add(chance, rest[k])
    return rest.size + int(chance.sum() > level)


@kernel
def _add(chance: Floats, p: float) -> None:
    for k in range(chance.size - 1, 0, -1):
        chance[k] = chance[k] * (1 - p) + chance[k - 1] * p
    chance[:1] *= 1 - p


def level_between(level: float) -> float:
    """Refuse a level of confidence that is none."""
    if not 0 < level < 1:
        raise InvalidInput(
            "level is {got}; want one between 0 and 1, such as 0.95",
            zh="置信水平为 {got}，应在 0 与 1 之间，例如 0.95",
            got=level,
        )
    return level


def zeros_and_ones(name: str, values: ArrayLike, units: int) -> Flags:
    """Return one flag per drawn unit; refuse anything but 0 and 1.

    >>> zeros_and_ones("found", [0, 1], 2).tolist()
    [False, True]
    """
    if np.size(values) == units == 0:
        return np.zeros(0, dtype=np.bool_)
    array = check.numbers(name, values, units=units)
    odd = (array != 0) & (array != 1)
    if np.any(odd):
        i = int(np.argmax(odd))
        raise InvalidInput(
            "{name}[{i}] is {got}; want 0 or 1",
            zh="{name}[{i}] 为 {got}，应为 0 或 1",
            name=name,
            i=i,
            got=float(array[i]),
        )
    return np.asarray(array == 1)
