from collections import Counter
from fractions import Fraction
from importlib import import_module
from itertools import permutations

import literal_spatial as literal
import numba
import numpy as np
import pytest
from every_way import every_way
from frames_in_space import PLACES, dyadic, rows

from fairlot._base.chance import Given
from fairlot._base.errors import InvalidInput
from fairlot.sampling import srs
from fairlot.sampling.spatial_balance import spatial_balance

pytestmark = pytest.mark.once

MODULE = import_module("fairlot.sampling.local_pivotal")
local_pivotal = MODULE.local_pivotal
TREE = import_module("fairlot.sampling.kd_tree")
REPEATS = 20 if not numba.config.DISABLE_JIT else 3

SMALL = {
    "halves": (["1/2"] * 4, [0, 1, 3, 7]),
    "small and large": (["1/4", "3/4", "5/8", "3/8"], [0, 1, 3, 7]),
    "one of four": (["1/8", "1/2", "1/8", "1/4"], [0, 1, 3, 7]),
    "certain and impossible": (["1/2", 1, "1/4", 0, "1/4"], [0, 1, 2, 4, 8]),
    "five": (["1/4", "3/4", "1/2", "3/8", "1/8"], [0, 1, 3, 7, 12]),
}
small = pytest.mark.parametrize(
    ("pi", "line"), [([*map(Fraction, pi)], line) for pi, line in SMALL.values()], ids=SMALL
)


def words_for(order):
    """Words that put the units in this order and draw no lots."""
    words = np.empty(len(order), dtype=np.uint64)
    words[list(order)] = np.arange(len(order), dtype=np.uint64) << np.uint64(32)
    return words


def drawn(pi, where, words, u):
    """The drawn positions when unit i has word i and the number u[i]."""
    numbers = [int(x * 2**64) for x in u]
    pi = np.array([float(p) for p in pi])
    return local_pivotal(pi, where, rng=Given([*words, *numbers])).index.tolist()


def ways(pi, line, order):
    place = [(x,) for x in line]
    units = range(len(pi))
    return every_way(lambda number: literal.local_pivotal(pi, place, order, units, number))


@small
def test_every_way_is_the_literal_one(pi, line):
    for order in permutations(range(len(pi))):
        for _, index, numbers in ways(pi, line, order):
            u = [numbers.get(i, Fraction(0)) for i in range(len(pi))]
            assert drawn(pi, line, words_for(order), u) == index


@small
def test_over_all_orders_it_is_lpm2_exactly(pi, line):
    """Waiting for the turn of the other is as good as a fresh choice, and pi is exact."""
    chances, orders = Counter(), list(permutations(range(len(pi))))
    for order in orders:
        for chance, index, _ in ways(pi, line, order):
            chances[tuple(index)] += chance / len(orders)
    assert chances == literal.lpm2(pi, [(x,) for x in line])
    for i, p in enumerate(pi):
        assert sum(chance for index, chance in chances.items() if i in index) == p


@pytest.mark.parametrize("kind", PLACES)
@pytest.mark.parametrize("units", [1, 2, 5, 60])
def test_literal_draw_by_draw(kind, units):
    rng = np.random.default_rng(units)
    for _ in range(REPEATS):
        pi, where = dyadic(rng, units), PLACES[kind](rng, units)
        words, u = rng.integers(0, 1 << 64, units, dtype=np.uint64), rng.random(units)
        # Few lots, so that positions have to decide too.
        words &= np.uint64(0xFFFFFFFF00000003)
        order, lot = np.argsort(words, kind="stable"), words & np.uint64(3)
        want = literal.local_pivotal(
            pi.tolist(), rows(where), order.tolist(), [*zip(lot, range(units), strict=True)],
            lambda i, u=u: lambda p, q: u[i] < p / q,
        )  # fmt: skip
        assert drawn(pi, where, words, [Fraction(x) for x in u]) == want


def test_the_order_of_the_rows_does_not_matter():
    rng = np.random.default_rng(1)
    pi, where = dyadic(rng, 80), rng.integers(0, 6, (80, 2))
    words, u = rng.integers(0, 1 << 64, 80, dtype=np.uint64), rng.random(80)
    want = drawn(pi, where, words, [Fraction(x) for x in u])
    for _ in range(5):
        other = rng.permutation(80)
        index = drawn(pi[other], where[other], words[other], [Fraction(x) for x in u[other]])
        assert sorted(other[index].tolist()) == want


@pytest.mark.parametrize("scale", [1e-140, 1.0, 1e140])
def test_of_a_lonely_pair_exactly_one_is_drawn(scale):
    spots = np.repeat(np.random.default_rng(2).random((50, 2)) * 10, 2, axis=0)
    spots[1::2] += 1e-6
    for seed in range(10):
        index = local_pivotal([0.5] * 100, spots * scale, rng=np.random.default_rng(seed)).index
        assert (index // 2).tolist() == list(range(50))


@pytest.mark.parametrize(("d", "draws"), [(1, 15), (2, 15), (3, 20), (5, 50)])
def test_samples_are_spread(d, draws):
    """By far better than srs: six standard errors of the difference happen once in 10^9 times."""
    rng = np.random.default_rng(d)
    pi, where = np.full(300, 0.1), rng.random((300, d))
    spread = [spatial_balance(local_pivotal(pi, where, rng=rng), where) for _ in range(draws)]
    random = [spatial_balance(srs(pi, rng=rng), where) for _ in range(draws)]
    error = np.sqrt((np.var(spread) + np.var(random)) / (draws - 1))
    assert np.mean(random) - np.mean(spread) > 6 * error


@pytest.mark.parametrize(
    ("where", "message"),
    [
        ([[1, 2], [3, np.nan], [5, 6]], r"coordinates\[1\]\[1\] is nan"),
        ([1, 2], "coordinates has 2 entries for 3 units"),
        (np.empty((3, 0)), r"coordinates has shape \(3, 0\)"),
        ([1e200, 0, 0], r"coordinates\[0, 0\] is 1e\+200; want at most 1e\+150"),
        (["a", "b", "c"], "coordinates is list; want numbers"),
    ],
)
def test_what_is_no_place(where, message):
    with pytest.raises(InvalidInput, match=message):
        local_pivotal([0.5, 0.25, 0.25], where, rng=np.random.default_rng(0))


def test_what_is_given_stays_as_it_is():
    where = np.random.default_rng(3).random((50, 2))
    before = where.copy()
    local_pivotal([0.5] * 50, where, rng=np.random.default_rng(0))
    assert np.array_equal(where, before)


def test_compiled_and_plain_draw_alike(monkeypatch):
    rng = np.random.default_rng(4)
    frames = [(dyadic(rng, 70), PLACES[kind](rng, 70)) for kind in PLACES]

    def indices():
        rngs = [np.random.default_rng(2) for _ in frames]
        return [
            local_pivotal(*one, rng=rng).index.tolist()
            for one, rng in zip(frames, rngs, strict=True)
        ]

    compiled = indices()
    for module in (MODULE, TREE):
        for name, value in vars(module).items():
            monkeypatch.setattr(module, name, getattr(value, "py_func", value))
    for name in ("nearest", "remove"):
        monkeypatch.setattr(MODULE, name, getattr(TREE, name))
    assert indices() == compiled


@pytest.mark.slow
def test_a_large_frame_keeps_its_promises():
    rng = np.random.default_rng(5)
    where = np.concatenate([rng.random((150_000, 2)), np.full((50_000, 2), 5.0)])
    pi = dyadic(rng, 200_000, parts=1 << 20)
    sample = local_pivotal(pi, where, rng=rng)
    assert len(sample) == pi.sum()
    # A crowd on a far spot is settled by itself, but for one unit.
    assert abs((sample.index >= 150_000).sum() - pi[150_000:].sum()) < 1
