"""The cube method keeps its promises: probabilities exactly, size always, balance within a bound."""

from fractions import Fraction
from importlib import import_module

import literal_cube as literal
import numba
import numpy as np
import pandas as pd
import pytest
from balanced_frames import KINDS, as_floats, frame, missed, odd, words
from every_way import every_way
from hypothesis import given, settings
from hypothesis import strategies as st

from fairlot._base.chance import Given
from fairlot._base.errors import InvalidInput
from fairlot.sampling import cube_columns, cube_flight
from fairlot.sampling.cube import cube
from fairlot.sampling.order import pareto

F = Fraction

EXACT = {
    "no column": ([F(1, 5), F(1, 2), F(3, 10), F(2, 5), F(3, 5)], [[]] * 5),
    "one column": (
        [F(1, 5), F(1, 2), F(3, 10), F(2, 5), F(3, 5), F(1, 2), F(1, 2)],
        [[1], [4], [2], [3], [7], [5], [1]],
    ),
    "two columns": (
        [F(1, 4), F(1, 3), F(2, 3), F(3, 4), F(1, 2), F(1, 5), F(3, 10)],
        [[1, 9], [4, 2], [2, 2], [3, 5], [7, 1], [5, 3], [2, 8]],
    ),
    "equal pi, many ties": ([F(1, 2)] * 6, [[1], [1], [2], [2], [3], [3]]),
    "a sum that is not whole": ([F(1, 3), F(1, 2), F(1, 5), F(3, 5)], [[1], [2], [4], [3]]),
    "certain and impossible": (
        [F(1), F(1, 2), F(0), F(1, 4), F(3, 4), F(1, 2)],
        [[9], [1], [8], [2], [4], [3]],
    ),
    "columns that say nothing new": (
        [F(1, 4), F(1, 2), F(1, 2), F(3, 4), F(1, 2), F(1, 2)],
        [[1, 0, 3, 6], [2, 0, 1, 2], [2, 0, 4, 8], [3, 0, 1, 2], [2, 0, 5, 10], [2, 0, 9, 18]],
    ),
    "one unit": ([F(1, 3)], [[2]]),
}

exactly = pytest.mark.parametrize(("pi", "x"), EXACT.values(), ids=EXACT.keys())


# Probabilities


@exactly
def test_every_way_is_the_literal_one_and_pi_is_exact(pi, x):
    total = [F(0)] * len(pi)
    for chance, index, numbers in every_way(lambda number: literal.cube(pi, x, number)):
        sample = cube(*as_floats(pi, x), rng=Given(words(numbers, len(pi))))
        assert tuple(sample.index) == index
        for k in index:
            total[k] += chance
    assert total == pi


@exactly
def test_no_unit_gives_two_numbers(pi, x):
    for _, _, numbers in every_way(lambda number: literal.cube(pi, x, number)):
        assert len(numbers) <= sum(0 < p < 1 for p in pi)


def test_many_units_go_the_literal_way():
    units = 60
    rng = np.random.default_rng(4)
    pi = [F(int(a), 20) for a in rng.integers(1, 20, units)]
    x = rng.integers(1, 50, (units, 3)).tolist()
    numbers = [F(int(u), 1 << 40) for u in rng.integers(0, 1 << 40, units)]
    want = literal.cube(pi, x, lambda k: lambda p, q: numbers[k] < p / q)
    got = cube(*as_floats(pi, x), rng=Given([int(u * 2**64) for u in numbers]))
    assert tuple(got.index) == want


# Size and balance


@settings(max_examples=60, deadline=None)
@given(
    st.integers(5, 40),
    st.integers(0, 5),
    st.integers(0, 2**32),
    st.booleans(),
    st.sampled_from(KINDS),
)
def test_size_and_bound_of_every_draw(units, columns, seed, heavy, kind):
    pi, x = frame(units, columns, seed, heavy=heavy)
    x = odd(kind, pi, x, seed)
    sample = cube(pi, x, rng=np.random.default_rng(seed))
    assert len(sample) == round(pi.sum())
    assert (missed(sample, x) < columns + 1).all()


@pytest.mark.parametrize("seed", range(20))
def test_a_size_that_is_not_whole_is_rounded_down_or_up(seed):
    pi, x = frame(30, 2, seed)
    sample = cube(pi * 0.97, x, rng=np.random.default_rng(seed))
    assert len(sample) in (np.floor(pi.sum() * 0.97), np.ceil(pi.sum() * 0.97))


@pytest.mark.parametrize("seed", range(20))
def test_two_crossing_margins_are_exact(seed):
    """Counts of rows and columns of a table make corners whole: no landing is needed."""
    rows, columns = np.repeat(np.arange(4), 10), np.tile(np.arange(5), 8)
    x = np.column_stack([rows == k for k in range(4)] + [columns == k for k in range(5)]) / 2
    sample = cube(np.full(40, 0.5), x, rng=np.random.default_rng(seed))
    assert np.bincount(rows[sample.index]).tolist() == [5] * 4
    assert np.bincount(columns[sample.index]).tolist() == [4] * 5


def test_the_flight_keeps_the_balance_to_rounding():
    units = 300 if numba.config.DISABLE_JIT else 30_000
    pi, x = frame(units, 6, 2, heavy=True)
    psi, everyone = pi.copy(), np.arange(units)
    ready = cube_columns.columns(pi, x, everyone)
    purse = cube_flight.empty_purse(np.random.default_rng(1).random(units))
    cube_flight.fly(ready, 7, psi, everyone, purse, True)
    assert np.count_nonzero((psi > 0) & (psi < 1)) <= 7
    assert psi.sum() == pytest.approx(pi.sum(), rel=1e-12)
    assert x.T @ (psi / pi) == pytest.approx(x.sum(axis=0), rel=1e-10)


def test_balance_beats_what_does_not_balance():
    pi, x = frame(500, 3)
    rngs = [np.random.default_rng(seed) for seed in range(30)]
    balanced = np.mean([missed(cube(pi, x, rng=rng), x) for rng in rngs], axis=0)
    free = np.mean([missed(pareto(pi, rng=rng), x) for rng in rngs], axis=0)
    assert (balanced < free / 3).all()


@pytest.mark.parametrize("kept", [1, 2, 3])
def test_the_landing_keeps_the_first_columns(kept):
    pi, x = frame(40, 3)
    psi, everyone = pi.copy(), np.arange(40)
    ready = cube_columns.columns(pi, x, everyone)
    purse = cube_flight.empty_purse(np.random.default_rng(1).random(40))
    cube_flight.fly(ready, 4, psi, everyone, purse, True)
    cube_flight.fly(ready, kept, psi, everyone, purse, False)
    known = np.column_stack([pi, x])
    gap = known.T @ (psi / pi) / known.sum(axis=0) - 1
    assert gap[:kept] == pytest.approx(np.zeros(kept), abs=1e-12)
    assert (np.abs(gap[kept:]) > 1e-6).all()


# Columns that say nothing new


@pytest.mark.parametrize(
    "more",
    [
        lambda pi, x: np.zeros_like(pi),
        lambda pi, x: 7 * pi,
        lambda pi, x: x[:, 0],
        lambda pi, x: x @ [2.0, -3.0] + pi,
    ],
    ids=["zero", "proportional to pi", "a copy", "a combination"],
)
def test_a_superfluous_column_changes_nothing(more):
    pi, x = frame(200, 2)
    for seed in range(20):
        plain = cube(pi, x, rng=np.random.default_rng(seed))
        wider = cube(pi, np.column_stack([x, more(pi, x)]), rng=np.random.default_rng(seed))
        assert wider.index.tolist() == plain.index.tolist()


def test_units_of_measurement_do_not_matter():
    pi, x = frame(200, 2)
    plain = cube(pi, x, rng=np.random.default_rng(1))
    other = cube(pi, x * [2.0**40, 2.0**-40], rng=np.random.default_rng(1))
    assert other.index.tolist() == plain.index.tolist()


def test_equal_probabilities_and_a_constant_column():
    sample = cube(np.full(100, 0.25), np.ones(100), rng=np.random.default_rng(0))
    assert len(sample) == 25


# Shapes and refusals


def test_one_column_may_be_a_list_and_none_an_empty_table():
    pi, x = frame(20, 1)
    as_list = cube(pi, x[:, 0].tolist(), rng=np.random.default_rng(1))
    as_frame = cube(pi, pd.DataFrame({"area": x[:, 0]}), rng=np.random.default_rng(1))
    assert as_list.index.tolist() == as_frame.index.tolist()
    assert len(cube(pi, np.empty((20, 0)), rng=np.random.default_rng(1))) == round(pi.sum())


@pytest.mark.parametrize(
    ("x", "message"),
    [
        ([[1.0, 2.0], [3.0, np.nan], [1.0, 1.0]], r"x\[1\]\[1\] is nan; want a finite number"),
        (pd.DataFrame({"a": [1, 2, 3], "b": [1, -np.inf, 3]}), r"x\['b'\]\[1\] is -inf"),
        ([1.0, 2.0], "x has 2 entries for 3 units"),
        (np.ones((3, 2, 2)), r"x has shape \(3, 2, 2\); want one row per unit"),
        (["a", "b", "c"], "x is list; want numbers"),
        (np.array([1j, 2, 3]), "x is ndarray; want numbers"),
        ([1e308, 1e308, 1e308], "column 0 of x is too large"),
        ([[0.0, 1e307], [0.0, -1e307], [0.0, 8e307]], "column 1 of x is too large"),
    ],
)
def test_what_cannot_be_balanced_on(x, message):
    with pytest.raises(InvalidInput, match=message) as caught:
        cube([0.5, 0.1, 0.4], x, rng=np.random.default_rng(0))
    assert caught.value.text("zh") != caught.value.text("en")


# The flight's own pieces


def a_basis(vectors):
    """A basis with units 0, 1, ... in it, and their weights."""
    basis = cube_flight.empty_basis(len(vectors[0]))
    for k, vector in enumerate(vectors):
        basis.line[cube_flight.ENTERING] = vector
        assert cube_flight.settle(basis, k, cube_flight.aim(basis))
    return basis


def test_a_drifted_inverse_is_renewed():
    basis = a_basis([[1.0, 2.0, 0.5], [1.0, -1.0, 2.0], [1.0, 0.25, 1.0]])
    want = basis.square.copy()
    basis.square[cube_flight.INVERSE] += 1e-3
    basis.line[cube_flight.ENTERING] = [1.0, 0.5, 0.75]
    cube_flight.aim(basis)
    vectors = basis.square[cube_flight.VECTOR]
    assert vectors @ want[cube_flight.INVERSE] == pytest.approx(np.eye(3), abs=1e-12)
    assert vectors @ basis.square[cube_flight.INVERSE] == pytest.approx(np.eye(3), abs=1e-12)
    along = basis.line[cube_flight.COORDINATE] @ vectors
    assert along == pytest.approx(basis.line[cube_flight.ENTERING], abs=1e-15)


@pytest.mark.parametrize("number", [0.0, 0.3, 0.75, 1 - 2**-53])
def test_a_step_decides_somebody_and_leaves_nobody_outside(number):
    psi = np.array([0.2, 0.7, 0.5, 0.1])
    others, direction = np.array([1, cube_flight.EMPTY, 3]), np.array([-1.5, 9.0, 0.5])
    cube_flight.step(others, direction, 0, 1.0, psi, number)
    assert psi[2] == 0.5
    assert np.isin(psi[[0, 1, 3]], (0.0, 1.0)).any()
    assert ((psi >= 0) & (psi <= 1)).all()


def test_compiled_and_plain_draw_alike(monkeypatch):
    frames = [frame(25, columns, columns, heavy=True) for columns in (0, 1, 4)]
    compiled = [cube(pi, x, rng=np.random.default_rng(2)).index.tolist() for pi, x in frames]
    for module in (cube_flight, cube_columns):
        for name, value in vars(module).items():
            monkeypatch.setattr(module, name, getattr(value, "py_func", value))
    monkeypatch.setattr(import_module("fairlot.sampling.cube"), "fly", cube_flight.fly)
    plain = [cube(pi, x, rng=np.random.default_rng(2)).index.tolist() for pi, x in frames]
    assert plain == compiled
