"""The local cube: probabilities exact, size and balance as the cube's, neighbours kept apart."""

from fractions import Fraction
from importlib import import_module

import literal_cube as literal
import numpy as np
import pytest
from balanced_frames import KINDS, as_floats, frame, missed, odd, words
from every_way import every_way
from hypothesis import given, settings
from hypothesis import strategies as st

from fairlot._base.chance import Given
from fairlot._base.errors import InvalidInput
from fairlot.sampling import cube_columns, cube_flight, kd_tree
from fairlot.sampling.cube import cube
from fairlot.sampling.local_cube import local_cube

MODULE = import_module("fairlot.sampling.local_cube")

F = Fraction

EXACT = {
    "no column": (
        [F(1, 5), F(1, 2), F(3, 10), F(2, 5), F(3, 5)],
        [[]] * 5,
        [[1], [2], [4], [7], [8]],
    ),
    "one column": (
        [F(1, 5), F(1, 2), F(3, 10), F(2, 5), F(3, 5), F(1, 2), F(1, 2)],
        [[1], [4], [2], [3], [7], [5], [1]],
        [[0, 0], [3, 1], [2, 5], [7, 2], [1, 8], [6, 6], [9, 4]],
    ),
    "two columns": (
        [F(1, 4), F(1, 3), F(2, 3), F(3, 4), F(1, 2), F(1, 5), F(3, 10)],
        [[1, 9], [4, 2], [2, 2], [3, 5], [7, 1], [5, 3], [2, 8]],
        [[0, 0], [3, 1], [2, 5], [7, 2], [1, 8], [6, 6], [9, 4]],
    ),
    "a grid, with ties and a pair on one point": (
        [F(1, 2)] * 6,
        [[1], [1], [2], [2], [3], [3]],
        [[0, 0], [0, 1], [1, 0], [1, 1], [2, 0], [2, 0]],
    ),
    "a sum that is not whole": (
        [F(1, 3), F(1, 2), F(1, 5), F(3, 5)],
        [[1], [2], [4], [3]],
        [[1], [2], [4], [7]],
    ),
    "certain and impossible": (
        [F(1), F(1, 2), F(0), F(1, 4), F(3, 4), F(1, 2)],
        [[9], [1], [8], [2], [4], [3]],
        [[1], [2], [4], [7], [8], [9]],
    ),
}

exactly = pytest.mark.parametrize(("pi", "x", "where"), EXACT.values(), ids=EXACT.keys())


def listed(pi, where):
    """The units in the order in which the tree numbers them."""
    inside = np.flatnonzero([0 < p < 1 for p in pi])
    points = np.array(where, dtype=float)[inside]
    tree = kd_tree.grow(points, np.arange(inside.size, dtype=np.uint64))
    return inside[tree.key.astype(np.int64)].tolist()


@exactly
@pytest.mark.parametrize("seed", range(3))
def test_every_way_is_the_literal_one_and_pi_is_exact(pi, x, where, seed):
    """Whatever units the first numbers choose, the second keep every pi."""
    picks = [F(int(u), 1 << 20) for u in np.random.default_rng(seed).integers(0, 1 << 20, len(pi))]
    order = listed(pi, where)
    inside = [k for k in range(len(pi)) if 0 < pi[k] < 1]
    first = words(dict(zip(inside, picks, strict=False)), len(pi))
    total = [F(0)] * len(pi)
    ways = every_way(lambda number: literal.local_cube(pi, x, where, order, picks, number))
    for chance, index, numbers in ways:
        numbers_given = Given([*first, *words(numbers, len(pi))])
        assert tuple(local_cube(*as_floats(pi, x), where, rng=numbers_given).index) == index
        for k in index:
            total[k] += chance
    assert total == pi


@settings(max_examples=60, deadline=None)
@given(st.integers(5, 40), st.integers(0, 4), st.integers(0, 2**32), st.sampled_from(KINDS))
def test_size_and_bound_of_every_draw(units, columns, seed, kind):
    pi, x = frame(units, columns, seed)
    x = odd(kind, pi, x, seed)
    where = np.random.default_rng(seed).integers(0, 9, (units, 2))
    sample = local_cube(pi, x, where, rng=np.random.default_rng(seed))
    assert len(sample) == round(pi.sum())
    assert (missed(sample, x) < columns + 1).all()


def crowding(sample, where):
    """Mean squared deviation from 1 of the sum of pi nearest to each drawn unit (Voronoi)."""
    apart = np.sum((where[:, None] - where[sample.index]) ** 2, axis=2)
    owned = np.bincount(apart.argmin(axis=1), sample.pi, len(sample))
    return np.mean((owned - 1) ** 2)


def test_the_sample_is_spread():
    """Stevens, Olsen (2004): Voronoi cells of a spread sample hold nearly one expected unit."""
    pi, x = frame(300, 2)
    where = np.random.default_rng(5).random((300, 2))
    local, free = [], []
    for seed in range(20):
        rng = np.random.default_rng(seed)
        local.append(crowding(local_cube(pi, x, where, rng=rng), where))
        free.append(crowding(cube(pi, x, rng=rng), where))
    assert max(local) < np.mean(free)
    assert np.mean(local) < 0.7 * np.mean(free)


def test_two_neighbours_of_a_half_never_come_together():
    pi = np.full(20, 0.5)
    for seed in range(50):
        index = local_cube(
            pi, np.empty((20, 0)), np.arange(20) // 2 * 100, rng=np.random.default_rng(seed)
        ).index
        assert (index // 2).tolist() == list(range(10))


def test_nothing_is_left_to_chance():
    assert local_cube([1.0, 0.0], [1, 2], [3, 4], rng=np.random.default_rng(0)).index.tolist() == [
        0
    ]


@pytest.mark.parametrize(
    ("where", "message"),
    [
        ([[1, 2], [3, np.nan], [5, 6]], r"coordinates\[1\]\[1\] is nan"),
        ([1, 2], "coordinates has 2 entries for 3 units"),
        (np.empty((3, 0)), r"coordinates has shape \(3, 0\)"),
    ],
)
def test_what_is_no_place(where, message):
    with pytest.raises(InvalidInput, match=message):
        local_cube([0.5, 0.25, 0.25], [1, 2, 3], where, rng=np.random.default_rng(0))


def test_compiled_and_plain_draw_alike(monkeypatch):
    frames = [(*frame(25, p, p), np.random.default_rng(p).random((25, 2))) for p in (0, 1, 4)]

    def indices():
        rngs = [np.random.default_rng(2) for _ in frames]
        return [
            local_cube(*one, rng=rng).index.tolist() for one, rng in zip(frames, rngs, strict=True)
        ]

    compiled = indices()
    for module in (cube_flight, cube_columns, kd_tree, MODULE, import_module(cube.__module__)):
        for name, value in vars(module).items():
            monkeypatch.setattr(module, name, getattr(value, "py_func", value))
    assert indices() == compiled
