"""The stratified cube: counts of strata floor or ceiling, probabilities exact, balance bounded."""

from fractions import Fraction
from importlib import import_module

import literal_cube as literal
import numba
import numpy as np
import pytest
from balanced_frames import KINDS, as_floats, frame, missed, odd, words
from every_way import every_way
from hypothesis import given, settings
from hypothesis import strategies as st

from fairlot._base.chance import Given
from fairlot._base.errors import FairlotError, InvalidInput
from fairlot.sampling import cube_columns, cube_flight
from fairlot.sampling.cube import cube
from fairlot.sampling.stratified_cube import stratified_cube

MODULE = import_module("fairlot.sampling.stratified_cube")

F = Fraction

EXACT = {
    "no column": ([F(1, 5), F(1, 2), F(3, 10), F(2, 5), F(3, 5)], [[]] * 5, "aabab"),
    "whole counts": (
        [F(1, 2), F(1, 4), F(1, 4), F(1, 3), F(1, 3), F(1, 3)],
        [[1], [4], [2], [3], [7], [5]],
        "aaabbb",
    ),
    "no whole count": (
        [F(1, 4), F(1, 3), F(2, 3), F(3, 4), F(1, 2), F(1, 5), F(3, 10)],
        [[1], [4], [2], [3], [7], [5], [2]],
        "aababca",
    ),
    "two columns": (
        [F(1, 4), F(1, 3), F(2, 3), F(3, 4), F(1, 2), F(1, 5), F(3, 10)],
        [[1, 9], [4, 2], [2, 2], [3, 5], [7, 1], [5, 3], [2, 8]],
        "bbaaaba",
    ),
    "one unit a stratum": ([F(1, 2)] * 6, [[1], [1], [2], [2], [3], [3]], "abcdef"),
    "a sum that is not whole": ([F(1, 3), F(1, 2), F(1, 5), F(3, 5)], [[1], [2], [4], [3]], "aabb"),
    "certain and impossible": (
        [F(1), F(1, 2), F(0), F(1, 4), F(3, 4), F(1, 2)],
        [[9], [1], [8], [2], [4], [3]],
        "abbaab",
    ),
    "ties": ([F(1, 2)] * 8, [[1], [1], [2], [2], [3], [3], [5], [5]], "aaabbbcc"),
}

exactly = pytest.mark.parametrize(("pi", "x", "strata"), EXACT.values(), ids=EXACT.keys())


def counts_hold(sample, strata, slack=1e-9):
    names, code = np.unique(strata, return_inverse=True)
    expected = np.bincount(code, sample.pi, names.size)
    got = np.bincount(code[sample.index], minlength=names.size)
    return ((got >= np.floor(expected + slack)) & (got <= np.ceil(expected - slack))).all()


@exactly
def test_every_way_is_the_literal_one_and_pi_is_exact(pi, x, strata):
    total = [F(0)] * len(pi)
    ways = every_way(lambda number: literal.stratified_cube(pi, x, strata, number))
    for chance, index, numbers in ways:
        given_words = Given(words(numbers, len(pi)))
        sample = stratified_cube(*as_floats(pi, x), list(strata), rng=given_words)
        assert tuple(sample.index) == index
        assert counts_hold(sample, list(strata))
        for k in index:
            total[k] += chance
    assert total == pi


@settings(max_examples=80, deadline=None)
@given(
    st.integers(5, 60),
    st.integers(0, 4),
    st.integers(1, 20),
    st.integers(0, 2**32),
    st.sampled_from(KINDS),
)
def test_counts_and_bound_of_every_draw(units, columns, groups, seed, kind):
    pi, x = frame(units, columns, seed)
    x = odd(kind, pi, x, seed)
    strata = np.random.default_rng(seed).integers(0, groups, units)
    sample = stratified_cube(pi, x, strata, rng=np.random.default_rng(seed))
    assert len(sample) == round(pi.sum())
    assert counts_hold(sample, strata)
    assert (missed(sample, x) < 2 * (columns + 1)).all()


@pytest.mark.parametrize("seed", range(10))
def test_whole_counts_are_exact_though_the_sums_carry_rounding_errors(seed):
    rng = np.random.default_rng(seed)
    pi, strata = np.concatenate([rng.dirichlet(np.ones(9)) for _ in range(30)]), np.arange(270) // 9
    pi[::9] += 1e-8 * (pi[::9] < 0.9)
    sample = stratified_cube(pi, rng.lognormal(size=(270, 2)), strata, rng=rng)
    assert np.bincount(strata[sample.index]).tolist() == [1] * 30


def test_thousands_of_strata():
    units, groups = (200, 50) if numba.config.DISABLE_JIT else (20_000, 4_000)
    pi, x = frame(units, 3, 1)
    strata = np.random.default_rng(2).integers(0, groups, units)
    sample = stratified_cube(pi, x, strata, rng=np.random.default_rng(3))
    assert counts_hold(sample, strata)
    assert (missed(sample, x) < 8).all()


def test_balance_is_as_good_as_without_strata():
    """Many strata cost next to nothing: the landing is for the whole frame, not for each."""
    pi, x = frame(600, 2, 1)
    strata = np.arange(600) % 150
    gaps = {True: [], False: []}
    for seed in range(40):
        rng = np.random.default_rng(seed)
        gaps[True].append(missed(stratified_cube(pi, x, strata, rng=rng), x))
        gaps[False].append(missed(cube(pi, x, rng=rng), x))
    assert np.mean(gaps[True]) < 3 * np.mean(gaps[False])


def test_one_stratum_is_the_cube():
    pi, x = frame(80, 2)
    for seed in range(10):
        one = stratified_cube(pi, x, ["all"] * 80, rng=np.random.default_rng(seed))
        assert len(one) == round(pi.sum())
        assert (missed(one, x) < 3).all()


def test_the_order_and_names_of_strata():
    pi, x = frame(50, 2)
    code = (np.arange(50) * 3 + 5) % 7
    by_code = stratified_cube(pi, x, code, rng=np.random.default_rng(1))
    by_name = stratified_cube(pi, x, [f"s{c}" for c in code], rng=np.random.default_rng(1))
    assert by_code.index.tolist() == by_name.index.tolist()


@pytest.mark.parametrize(
    ("strata", "message"),
    [
        (["a", "b"], "strata has 2 entries for 3 units"),
        (["a", None, "b"], r"strata\[1\] is None; want a label"),
    ],
)
def test_strata_that_are_none(strata, message):
    with pytest.raises(InvalidInput, match=message):
        stratified_cube([0.5, 0.25, 0.25], [1, 2, 3], strata, rng=np.random.default_rng(0))


def test_a_broken_count_is_not_given_out():
    with pytest.raises(FairlotError, match="drew 0 units of stratum 'a', promised 1.0"):
        MODULE._keep_promise(
            np.array([False, False, True, True]),
            np.full(4, 0.5),
            np.array([0, 0, 1, 1]),
            ["a", "b"],
        )


def test_compiled_and_plain_draw_alike(monkeypatch):
    frames = [(*frame(30, columns, columns), np.arange(30) % 7) for columns in (0, 1, 4)]

    def indices():
        rngs = [np.random.default_rng(2) for _ in frames]
        return [
            stratified_cube(*one, rng=rng).index.tolist()
            for one, rng in zip(frames, rngs, strict=True)
        ]

    compiled = indices()
    for module in (cube_flight, cube_columns, MODULE):
        for name, value in vars(module).items():
            monkeypatch.setattr(module, name, getattr(value, "py_func", value))
    assert indices() == compiled
