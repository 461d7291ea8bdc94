"""Exact intervals cover at least as often as they say: every sample and every V is listed."""

from collections import defaultdict
from fractions import Fraction
from functools import cache
from itertools import combinations, pairwise, permutations, product

import numba
import numpy as np
import pytest
from every_way import every_way
from literal_designs import Enumerated, conditional_poisson, poisson, sampford, srs
from literal_order import probability_of_all
from literal_pivotal import draw
from scipy.stats import binom, hypergeom
from small_vectors import lognormal_pi

from fairlot._base.errors import Infeasible, InvalidInput
from fairlot.sampling import intervals, weighted_tails
from fairlot.sampling.conditional_poisson import conditional_poisson as draw_conditional_poisson
from fairlot.sampling.intervals import exact_interval
from fairlot.sampling.order_probabilities import order_inclusion_probabilities
from fairlot.sampling.pivotal import pivotal, random_pivotal
from fairlot.sampling.poisson import poisson as draw_poisson
from fairlot.sampling.sampford import sampford as draw_sampford
from fairlot.sampling.sample import Sample
from fairlot.sampling.srs import srs as draw_srs
from fairlot.sampling.stratified import stratified
from fairlot.sampling.weighted_tails import weighted_limits

pytestmark = pytest.mark.once

LEVELS = (0.8, 0.95)
SPREAD = [Fraction(k, 20) for k in (1, 3, 5, 8, 10, 14, 19)]


def in_order(pi):
    chances = defaultdict(Fraction)
    for chance, index, _ in every_way(lambda number: draw(pi, [number(i) for i in range(len(pi))])):
        chances[tuple(sorted(index))] += chance
    return {sample: float(chance) for sample, chance in chances.items()}


def enumerated(name, chances, pi):
    design = Enumerated(name, len(pi), chances)
    design.pi = np.array(pi, dtype=float)
    return design


def every_pivotal(pi):
    return enumerated("pivotal", in_order(pi), pi)


def every_random_pivotal(pi):
    """The mean over all orders."""
    total = defaultdict(float)
    for order in permutations(range(len(pi))):
        for sample, chance in in_order([pi[i] for i in order]).items():
            total[tuple(sorted(order[i] for i in sample))] += chance
    return enumerated("random_pivotal", total, pi)


def every_pareto(pi):
    n = round(sum(pi))
    samples = combinations(range(len(pi)), n)
    chances = {sample: probability_of_all("pareto", pi, n, sample) for sample in samples}
    return enumerated("pareto", chances, pi)


def in_two_strata(one, other):
    """Both drawn independently, the units of one before those of the other."""
    chances = {
        (*a, *(i + one.pi.size for i in b)): p * q
        for (a, p), (b, q) in product(one.chances.items(), other.chances.items())
    }
    return Enumerated(f"stratified({one.name}/1)", one.pi.size + other.pi.size, chances)


SMALL = {
    "srs 8, 3": lambda: srs(8, 3),
    "srs 9, 1": lambda: srs(9, 1),
    "srs 6, 5": lambda: srs(6, 5),
    "poisson": lambda: poisson([0.02, 0.1, 0.3, 0.5, 0.6, 0.8, 0.97]),
    "poisson, rare": lambda: poisson([0.01] * 3 + [0.05] * 3),
    "conditional poisson": lambda: conditional_poisson(
        [0.03, 0.1, 0.2, 0.3, 0.5, 0.6, 0.7, 0.9], 4
    ),
    "conditional poisson, 1": lambda: conditional_poisson([0.01, 0.02, 0.2, 0.3, 0.4], 1),
    "conditional poisson, all but 1": lambda: conditional_poisson([0.01, 0.02, 0.2, 0.3, 0.9], 4),
    "sampford": lambda: sampford([0.05, 0.1, 0.2, 0.3, 0.5, 0.4, 0.7, 0.75], 3),
    "pareto": lambda: every_pareto([0.07, 0.17, 0.41, 0.61, 0.83, 0.91]),
    "pivotal": lambda: every_pivotal(SPREAD),
    "pivotal, backwards": lambda: every_pivotal(SPREAD[::-1]),
    "random pivotal": lambda: every_random_pivotal([*SPREAD[:3], Fraction(11, 20), Fraction(1)]),
    "with certain and impossible": lambda: every_pivotal([1, 0, *SPREAD, 1, 0]),
    "strata": lambda: in_two_strata(srs(5, 2), srs(3, 1)),
    "strata of unequal pi": lambda: in_two_strata(
        conditional_poisson([0.1, 0.3, 0.7, 0.9], 2), conditional_poisson([0.04, 0.5, 0.5], 1)
    ),
}


def least_coverage(design, level):
    """The least probability, over all sets V of violators, that the interval holds |V|."""
    name = design.name if design.name.endswith(")") else f"{design.name}/1"

    @cache
    def interval(sample, found):
        drawn = Sample(np.array(sample, dtype=np.int64), design.pi, name)
        return exact_interval([unit in found for unit in sample], drawn, level=level)

    able = np.flatnonzero(design.pi > 0).tolist()
    least = 1.0
    for v in (v for size in range(len(able) + 1) for v in combinations(able, size)):
        covered = sum(
            p
            for sample, p in design.chances.items()
            for each in [interval(sample, tuple(sorted({*v} & {*sample})))]
            if each.low <= len(v) <= each.high
        )
        least = min(least, covered)
    return least


@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize("make", SMALL.values(), ids=SMALL.keys())
def test_no_set_of_violators_is_missed_too_often(make, level):
    assert least_coverage(make(), level) >= level - 1e-12


FIXED = [name for name in SMALL if "poisson" not in name or "conditional" in name]


def test_every_design_that_is_called_strongly_rayleigh_is_listed():
    assert {SMALL[name]().name for name in FIXED} >= set(intervals.RAYLEIGH)


@pytest.mark.parametrize("name", FIXED)
def test_the_bound_lies_above_every_tail(name):
    """For every V and every x: P(X <= x) as listed, and the bound for V."""
    design = SMALL[name]()
    units = np.flatnonzero((design.pi > 0) & (design.pi < 1)).tolist()
    pi = np.diagonal(design.joint)  # as listed: Pareto has others than it aims at
    samples = {sample: {*sample} & {*units} for sample in design.chances}
    n = len(next(iter(samples.values())))
    for v in (v for size in range(len(units) + 1) for v in combinations(units, size)):
        out = [i for i in units if i not in v]
        for x in range(max(0, n - len(out)), min(n, len(v)) + 1):
            rest = pi[[*v[x:], *out[n - x :]]]
            bound = intervals._strongly_rayleigh(pi[list(v[:x])], rest, n)[len(v) - x]
            tail = sum(p for s, p in design.chances.items() if len(samples[s] & {*v}) <= x)
            assert tail <= bound + 1e-12


def test_the_bound_is_reached():
    """One unit drawn: exactly. Few violators of equal pi: nearly, it is the binomial tail."""
    one = intervals._strongly_rayleigh(np.empty(0), np.array([0.1, 0.2, 0.3, 0.25]), 1)
    np.testing.assert_allclose(one, [1, 0.9, 0.7, 0.4, 0.15])
    many = intervals._strongly_rayleigh(np.empty(0), np.full(900, 0.1), 100)
    np.testing.assert_allclose(many[:100], 0.9 ** np.arange(100))
    found = intervals._strongly_rayleigh(np.full(2, 0.1), np.full(900, 0.1), 100)[28:60]
    np.testing.assert_allclose(found, binom.cdf(2, np.arange(30, 62), 0.1), rtol=1e-12)


def test_pareto_is_judged_by_the_chances_it_really_gives():
    target = np.array([0.07, 0.17, 0.41, 0.61, 0.83, 0.91])
    seen, known = intervals._seen(
        np.array([True, False, True]), Sample(np.array([0, 2, 5]), target, "pareto/1")
    )
    exact = order_inclusion_probabilities(target)
    assert known == 0
    assert [part.tolist() for part in seen] == [
        exact[units].tolist() for units in ([0, 5], [2], [1, 3, 4])
    ]
    assert np.abs(exact - target).max() > 0.01


@pytest.mark.parametrize("sign", [1, -1])
def test_the_set_that_is_rejected_last_has_the_largest_factors(sign):
    own, rest, rate = np.array([0.3, 0.05]), np.array([0.02, 0.4, 0.1, 0.7, 0.15]), 0.12
    got = weighted_tails._logs(own, rest, rate, sign)
    for k in range(6):
        of = [np.concatenate([own, rest[list(part)]]) for part in combinations(range(5), k)]
        count = np.minimum(1 / own, 1 / rate).sum()
        every = [
            np.log(1 - p + p * np.exp(sign * rate * np.minimum(1 / p, 1 / rate))).sum() for p in of
        ]
        assert got[k] == pytest.approx(max(every) - sign * rate * count, rel=1e-12)


@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize("make", SMALL.values(), ids=SMALL.keys())
def test_nor_with_a_weighted_count_that_shares_the_level(monkeypatch, make, level):
    monkeypatch.setattr(intervals, "MANY", 0)
    assert least_coverage(make(), level) >= level - 1e-12


def weighted_coverage(design, tail):
    """The least probability, over all V, that the weighted limits hold |V|, each end by itself."""
    able = np.flatnonzero((design.pi > 0) & (design.pi < 1)).tolist()
    least = [1.0, 1.0]
    for v in (v for size in range(len(able) + 1) for v in combinations(able, size)):
        covered = np.zeros(2)
        for sample, p in design.chances.items():
            own, clean = [i for i in v if i in sample], [i for i in able if i in {*sample} - {*v}]
            rest = [i for i in able if i not in sample]
            low, high = weighted_limits(*(design.pi[part] for part in (own, clean, rest)), tail)
            covered += p * np.array([low <= len(v), len(v) <= high])
        least = np.minimum(least, covered)
    return least


@pytest.mark.parametrize("tail", [0.3, 0.1, 0.025])
@pytest.mark.parametrize("name", ["poisson, rare", "conditional poisson, all but 1", "pivotal"])
def test_each_end_of_the_weighted_limits_holds(name, tail):
    assert np.all(weighted_coverage(SMALL[name](), tail) >= 1 - tail - 1e-12)


def test_a_weighted_count_is_shorter_where_many_are_drawn_with_pi_that_differ():
    """And still covers: ``binom.sf(25, 200, 0.05)`` is 1e-5, its square 1e-10."""
    rng = np.random.default_rng(3)
    pi = lognormal_pi(4000, 600)
    violators = (rng.random(4000) < 0.2).astype(float)
    sample = pivotal(pi, rng=rng)
    both = exact_interval(violators[sample.index], sample)
    assert both.method == "strongly Rayleigh bound and weighted count"
    assert misses(pivotal, pi, violators, rng, 200) <= 25
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(intervals, "MANY", np.inf)
        plain = exact_interval(violators[sample.index], sample)
    assert both.high - both.low < 0.7 * (plain.high - plain.low)


def ends(units, n, level=0.95):
    """Both ends for x = 0, ..., n of a simple random sample."""
    sample = Sample(np.arange(n), np.full(units, n / units), "srs/1")
    found = [exact_interval([1] * x + [0] * (n - x), sample, level=level) for x in range(n + 1)]
    return np.array([(each.low, each.high) for each in found])


def test_simple_random_samples_of_up_to_forty_units():
    for units in range(2, 41):
        for n in range(1, units):
            low, high = ends(units, n).T[:, :, None]
            a = np.arange(units + 1)
            chance = hypergeom.pmf(np.arange(n + 1)[:, None], units, a, n)
            covered = np.sum(chance * ((low <= a) & (a <= high)), axis=0)
            assert covered.min() >= 0.95 - 1e-12, (units, n)


@pytest.mark.parametrize(
    ("units", "n", "x"), [(7, 3, 1), (200, 30, 0), (2000, 300, 12), (54321, 999, 998)]
)
def test_ends_of_a_simple_random_sample_are_the_last_that_are_not_rejected(units, n, x):
    sample = Sample(np.arange(n), np.full(units, n / units), "srs/1")
    interval = exact_interval([1] * x + [0] * (n - x), sample)
    fewest, most = interval.low, interval.high
    assert hypergeom.cdf(x, units, most, n) > 0.025 >= hypergeom.cdf(x, units, most + 1, n)
    assert hypergeom.sf(x - 1, units, fewest, n) > 0.025
    assert x == 0 or hypergeom.sf(x - 1, units, fewest - 1, n) <= 0.025


def test_a_unit_drawn_with_certainty_is_known_and_an_impossible_one_not_covered():
    sample = Sample(np.array([0, 1, 4]), np.array([1.0, 1.0, 0.0, 0.5, 0.5]), "pivotal/1")
    interval = exact_interval([1, 0, 0], sample)
    assert (interval.low, interval.high) == (1, 2)
    assert (interval.covered.units, interval.covered.never) == (4, 1)
    assert interval.share == (0.25, 0.5)


def test_a_census_leaves_nothing_open():
    interval = exact_interval([1, 0], Sample(np.arange(2), np.ones(2), "srs/1"))
    assert (interval.low, interval.high) == (1, 1)


def test_an_empty_poisson_sample_says_little():
    sample = Sample(np.arange(0), np.full(20, 0.1), "poisson/1")
    interval = exact_interval([], sample)
    assert (interval.low, interval.high) == (0, 20)
    sample = Sample(np.arange(0), np.full(60, 0.1), "bernoulli/1")
    assert exact_interval([], sample).high == 35  # .9^35 = .0250, .9^36 = .0225


def test_more_were_drawn_than_anyone_expects():
    sample = Sample(np.arange(5), np.full(5, 0.01), "poisson/1")
    interval = exact_interval([1] * 5, sample)
    assert (interval.low, interval.high) == (5, 5)


def test_what_was_not_seen_is_among_those_hard_to_draw():
    pi = np.array([0.015] * 20 + [0.97] * 10)
    sample = Sample(np.arange(19, 29), pi, "conditional_poisson/1")
    interval = exact_interval([0] * 10, sample)
    assert (interval.low, interval.high) == (
        0,
        19,
    )  # all of them; and not the one left of .97: .985^19 .03 = .0225
    nearly = exact_interval([0] * 9 + [1], sample)
    assert nearly.low == 1


def test_longer_is_surer():
    sample = Sample(np.arange(10), lognormal_pi(80, 10), "sampford/1")
    found = [1, 0, 0, 1] + [0] * 6
    widths = [exact_interval(found, sample, level=level) for level in (0.5, 0.9, 0.95, 0.999)]
    assert all(a.low >= b.low and a.high <= b.high for a, b in pairwise(widths))
    assert widths[0].high - widths[0].low < widths[-1].high - widths[-1].low


DRAWN = {
    "poisson": draw_poisson,
    "conditional_poisson": draw_conditional_poisson,
    "sampford": draw_sampford,
    "pivotal": pivotal,
    "random_pivotal": random_pivotal,
}


def misses(design, pi, violators, rng, draws):
    missed = 0
    for _ in range(draws):
        sample = design(pi, rng=rng)
        interval = exact_interval(violators[sample.index], sample)
        missed += not interval.low <= violators.sum() <= interval.high
    return missed


@pytest.mark.skipif(numba.config.DISABLE_JIT, reason="minutes; plain == compiled elsewhere")
@pytest.mark.parametrize("design", DRAWN.values(), ids=DRAWN.keys())
@pytest.mark.parametrize("worst", [False, True])
def test_larger_frames_are_covered(design, worst):
    """``binom.sf(46, 400, 0.05)`` is 7e-8: eleven right cases fail once in 10^6 runs."""
    rng = np.random.default_rng(20240601)
    pi = lognormal_pi(150, 24)
    violators = np.zeros(150)
    violators[np.argsort(pi)[:30] if worst else rng.permutation(150)[:30]] = 1
    assert misses(design, pi, violators, rng, 400) <= 46


def test_strata_are_covered():
    rng = np.random.default_rng(7)
    strata = np.repeat(np.arange(4), [10, 20, 30, 40])
    violators = (rng.random(100) < 0.2).astype(float)
    design = stratified(draw_srs, strata)
    assert misses(design, np.full(100, 0.2), violators, rng, 400) <= 46


@pytest.mark.parametrize(
    "design",
    [
        "systematic/1",
        "cube/1",
        "nested_pivotal/1",
        "brewer/1",
        "stratified(pareto/1)",
        "stratified(scps/1)",
    ],
)
def test_what_is_not_proven_is_refused_and_says_what_is(design):
    sample = Sample(np.arange(2), np.full(4, 0.5), design)
    with pytest.raises(Infeasible, match="conditional_poisson.*approximate_interval") as told:
        exact_interval([0, 1], sample)
    assert design in told.value.text("zh")


@pytest.mark.parametrize(
    ("found", "message"),
    [
        ([0, 2], r"found\[1\] is 2.0; want 0 or 1"),
        ([0], "found has 1 entries for 2 units"),
        ([0, np.nan], r"found\[1\] is nan"),
    ],
)
def test_found_is_zero_or_one_for_each_drawn_unit(found, message):
    with pytest.raises(InvalidInput, match=message):
        exact_interval(found, Sample(np.arange(2), np.full(4, 0.5), "srs/1"))


@pytest.mark.parametrize("level", [0, 1, 95, float("nan")])
def test_a_level_lies_between_none_and_all(level):
    with pytest.raises(InvalidInput, match="level is"):
        exact_interval([0, 1], Sample(np.arange(2), np.full(4, 0.5), "srs/1"), level=level)


def test_the_kernel_is_the_same_compiled_and_plain():
    plain = getattr(intervals._added_until, "py_func", intervals._added_until)
    own, rest = np.array([0.3, 0.1]), np.linspace(0.05, 0.4, 30)
    for x, level in ((-1, 0.5), (1, 0.9), (2, 0.025), (2, 1e-30)):
        assert intervals._added_until(own, rest, x, level) == plain(own, rest, x, level)
