from fractions import Fraction
from importlib import import_module

import literal_spatial as literal
import numba
import numpy as np
import pytest
from every_way import every_way
from frames_in_space import PLACES, dyadic, rows

from fairlot._base.chance import Given
from fairlot._base.errors import InvalidInput
from fairlot.sampling import PermanentNumbers, overlap, srs
from fairlot.sampling.spatial_balance import spatial_balance

MODULE = import_module("fairlot.sampling.scps")
scps = MODULE.scps
TREE = import_module("fairlot.sampling.kd_tree")
REPEATS = 10 if not numba.config.DISABLE_JIT else 2

SMALL = {
    "halves": (["1/2"] * 4, [0, 1, 3, 7]),
    "small and large": (["1/4", "3/4", "5/8", "3/8"], [0, 1, 3, 7]),
    "out of order": (["1/8", "1/2", "1/8", "1/4"], [7, 0, 3, 1]),
    "certain and impossible": (["1/2", 1, "1/4", 0, "1/4"], [0, 1, 2, 4, 8]),
    "ties": (["1/4", "3/4", "1/2", "3/8", "1/8"], [0, 1, -1, 1, 2]),
    "one spot": (["3/4", "3/4", "1/4", "1/2", "3/4"], [0, 0, 0, 0, 0]),
    "many neighbours": (["1/8"] * 8, [5, 0, 1, 7, 2, 3, 9, 4]),
    "no whole sum": (["1/2", "1/4", "1/8", "3/4", "1/8"], [0, 5, 1, 3, 2]),
    "less than one": (["1/8", "1/4", "1/8"], [0, 5, 1]),
}
small = pytest.mark.parametrize(
    ("pi", "line"), [([*map(Fraction, pi)], line) for pi, line in SMALL.values()], ids=SMALL
)


def drawn(pi, where, u):
    """The drawn positions when unit i has the number u[i]."""
    pi = np.array([float(p) for p in pi])
    return scps(pi, where, rng=Given([int(x * 2**64) for x in u])).index.tolist()


@small
def test_every_way_is_the_literal_one_and_pi_is_exact(pi, line):
    place, sizes, realised = [(x,) for x in line], set(), [Fraction(0)] * len(pi)
    for chance, index, numbers in every_way(lambda number: literal.scps(pi, place, number)):
        u = [numbers.get(i, Fraction(0)) for i in range(len(pi))]
        assert drawn(pi, line, u) == index
        sizes.add(len(index))
        for i in index:
            realised[i] += chance
    assert realised == pi
    total = sum(pi)
    assert sizes <= {total.__floor__(), total.__ceil__()}


@pytest.mark.parametrize("kind", PLACES)
@pytest.mark.parametrize("units", [1, 2, 5, 40])
def test_literal_draw_by_draw(kind, units):
    rng = np.random.default_rng(units)
    for _ in range(REPEATS):
        pi, where = dyadic(rng, units, parts=8), PLACES[kind](rng, units)
        u = [Fraction(x) for x in rng.random(units)]
        place = [[Fraction(x) for x in row] for row in rows(where)]
        if kind in ("line", "plane", "space", "five columns", "a line in the plane"):
            place = rows(where)  # no ties, so rounded distances stand in the same order
        want = literal.scps([Fraction(p) for p in pi], place, lambda i, u=u: lambda a, _: u[i] < a)
        assert drawn(pi, where, u) == want


def test_small_probabilities_need_many_neighbours():
    rng = np.random.default_rng(6)
    pi, where = [Fraction(1, 32)] * 64, rng.random((64, 2))
    u = [Fraction(x) for x in rng.random(64)]
    want = literal.scps(pi, rows(where), lambda i: lambda a, _: u[i] < a)
    assert drawn(pi, where, u) == want


@pytest.mark.parametrize("number", [0.0, 1 - 2**-53])
@pytest.mark.parametrize("seed", range(5))
def test_the_size_is_kept_by_the_worst_numbers(number, seed):
    """Rounding leaves the last units next to 0 or 1, where such numbers would decide wrongly."""
    rng = np.random.default_rng(seed)
    pi = rng.random(50)
    pi *= 20 / pi.sum()
    where = rng.random((50, 2))
    assert len(drawn(pi, where, [Fraction(number)] * 50)) == 20


@pytest.mark.parametrize(("d", "draws"), [(1, 15), (2, 15), (3, 20), (5, 50)])
def test_samples_are_spread(d, draws):
    """By far better than srs: six standard errors of the difference happen once in 10^9 times."""
    rng = np.random.default_rng(d)
    pi, where = np.full(300, 0.1), rng.random((300, d))
    spread = [spatial_balance(scps(pi, where, rng=rng), where) for _ in range(draws)]
    random = [spatial_balance(srs(pi, rng=rng), where) for _ in range(draws)]
    error = np.sqrt((np.var(spread) + np.var(random)) / (draws - 1))
    assert np.mean(random) - np.mean(spread) > 6 * error


def test_kept_numbers_coordinate():
    """Fresh numbers would share 22 or 23 units; twice as many would be six deviations more."""
    where = np.random.default_rng(7).random((1000, 2))
    numbers = PermanentNumbers([f"u{i}" for i in range(1000)], b"key")
    first = scps(np.full(1000, 0.15), where, rng=numbers)
    second = scps(np.tile([0.1, 0.2], 500), where, rng=numbers)
    shared = overlap(first, second)
    assert shared.common > 2 * shared.independent
    assert scps(np.full(1000, 0.15), where, rng=numbers).index.tolist() == first.index.tolist()


@pytest.mark.parametrize(
    ("where", "message"),
    [
        ([[1, 2], [3, np.inf], [5, 6]], r"coordinates\[1\]\[1\] is inf"),
        ([1, 2], "coordinates has 2 entries for 3 units"),
        (np.empty((3, 0)), r"coordinates has shape \(3, 0\)"),
    ],
)
def test_what_is_no_place(where, message):
    with pytest.raises(InvalidInput, match=message):
        scps([0.5, 0.25, 0.25], where, rng=np.random.default_rng(0))


def test_what_is_given_stays_as_it_is():
    where = np.random.default_rng(3).random((50, 2))
    before = where.copy()
    scps([0.5] * 50, where, rng=np.random.default_rng(0))
    assert np.array_equal(where, before)


def test_compiled_and_plain_draw_alike(monkeypatch):
    rng = np.random.default_rng(4)
    frames = [(dyadic(rng, 70), PLACES[kind](rng, 70)) for kind in PLACES]

    def indices():
        rngs = [np.random.default_rng(2) for _ in frames]
        return [scps(*one, rng=rng).index.tolist() for one, rng in zip(frames, rngs, strict=True)]

    compiled = indices()
    for module in (MODULE, TREE):
        for name, value in vars(module).items():
            monkeypatch.setattr(module, name, getattr(value, "py_func", value))
    for name in ("nearest", "remove"):
        monkeypatch.setattr(MODULE, name, getattr(TREE, name))
    assert indices() == compiled


@pytest.mark.slow
def test_a_large_frame_keeps_its_size():
    rng = np.random.default_rng(5)
    where = np.concatenate([rng.random((150_000, 2)), np.zeros((50_000, 2))])
    pi = dyadic(rng, 200_000, parts=1 << 20)
    assert len(scps(pi, where, rng=rng)) == pi.sum()
