from importlib import import_module

import numpy as np
import pytest
from frames_in_space import PLACES

from fairlot._base.errors import InvalidInput

MODULE = import_module("fairlot.sampling.kd_tree")
LEAF, grow, located, nearest, remove = (
    getattr(MODULE, name) for name in ("LEAF", "grow", "located", "nearest", "remove")
)
every_kind = pytest.mark.parametrize("kind", PLACES)


def a_tree(kind, units, seed=0):
    rng = np.random.default_rng(seed)
    return grow(located(PLACES[kind](rng, units), units), rng.permutation(units).astype(np.uint64))


def by_number(tree):
    return tree.point[tree.seat]


def found_near(tree, k, room):
    found, apart = np.empty(room, dtype=np.int64), np.empty(room)
    count = nearest(tree, k, found, apart)
    return list(zip(apart[:count].tolist(), found[:count].tolist(), strict=True))


def truly_near(tree, point, alive, k, room):
    gaps = np.zeros(len(point))
    for c in range(point.shape[1]):
        gaps += (point[:, c] - point[k, c]) ** 2
    others = [j for j in np.flatnonzero(alive) if j != k]
    others.sort(key=lambda j: (gaps[j], tree.key[j]))
    return [(gaps[j], j) for j in others[:room]]


@every_kind
@pytest.mark.parametrize("units", [1, 2, 3, LEAF, LEAF + 1, 2 * LEAF + 1, 150])
def test_the_nearest_are_the_nearest(kind, units):
    tree = a_tree(kind, units)
    for k in range(units):
        for room in (1, 3, units):
            want = truly_near(tree, by_number(tree), np.ones(units, bool), k, room)
            assert found_near(tree, k, room) == want


@every_kind
def test_the_nearest_of_those_left(kind):
    units = 120
    tree = a_tree(kind, units, seed=1)
    point, alive = by_number(tree).copy(), np.ones(units, bool)
    rng = np.random.default_rng(2)
    for gone in rng.permutation(units):
        remove(tree, gone)
        alive[gone] = False
        for k in (gone, *rng.integers(0, units, 2)):
            assert found_near(tree, k, 4) == truly_near(tree, point, alive, k, 4)
    assert np.array_equal(by_number(tree), point)


@every_kind
def test_numbers_name_the_units_they_were(kind):
    where = located(PLACES[kind](np.random.default_rng(3), 77), 77)
    tree = grow(where.copy(), np.arange(77, dtype=np.uint64))
    assert sorted(tree.key.tolist()) == list(range(77))
    assert np.array_equal(by_number(tree), where[tree.key])


def test_whoever_is_left_fills_the_first_seats():
    """A node with few units is a leaf, so the last units are found in one look."""
    tree = a_tree("plane", 1000)
    for gone in np.random.default_rng(4).permutation(1000)[: 1000 - LEAF]:
        remove(tree, gone)
    assert tree.seats[1].tolist() == [0, LEAF]
    assert MODULE._leaf_of(tree.seats, 500, 1000) == 1


@pytest.mark.parametrize("kind", ["few spots", "one spot"])
def test_a_crowd_on_one_spot_is_not_looked_through(kind, monkeypatch):
    units = 2000
    tree = a_tree(kind, units)
    looks = []
    plain = getattr(MODULE._before, "py_func", MODULE._before)
    monkeypatch.setattr(MODULE, "_before", lambda *pairs: looks.append(1) or plain(*pairs))
    found, apart = np.empty(1, dtype=np.int64), np.empty(1)
    for k in range(0, units, 20):
        looks.clear()
        assert getattr(nearest, "py_func", nearest)(tree, k, found, apart) == 1
        assert len(looks) <= units // 10
        remove(tree, found[0])


def test_compiled_and_plain_are_alike(monkeypatch):
    def run():
        tree = a_tree("grid", 90)
        seen = []
        for gone in np.random.default_rng(5).permutation(90):
            seen.append(found_near(tree, gone, 5))
            remove(tree, gone)
        return seen, [part.tolist() for part in tree[:-2]]

    compiled = run()
    for name, value in vars(MODULE).items():
        monkeypatch.setattr(MODULE, name, getattr(value, "py_func", value))
    monkeypatch.setitem(globals(), "nearest", MODULE.nearest)
    monkeypatch.setitem(globals(), "remove", MODULE.remove)
    assert run() == compiled


def test_distances_that_would_overflow_are_refused():
    where = np.array([[0.0, 0.0], [0.0, -2e150]])
    with pytest.raises(InvalidInput, match=r"coordinates\[1, 1\] is -2e\+150; want at most"):
        located(where, 2)
    assert np.array_equal(located(where / 2, 2), where / 2)
