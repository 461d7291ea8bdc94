"""Any design lifted to strata."""

import numpy as np
import pandas as pd
import pytest

from fairlot._base.chance import Given
from fairlot._base.errors import InvalidInput
from fairlot.sampling import (
    D,
    cube,
    local_pivotal,
    nested_pivotal,
    pivotal,
    poisson,
    srs,
    stratified,
    systematic,
)

PI = np.array([0.5, 0.25, 0.5, 0.25, 0.25, 0.25])
STRATA = ["a", "b", "a", "b", "b", "b"]


def generator():
    return np.random.default_rng(2)


def test_the_numbers_of_a_unit_are_its_own():
    """A Poisson draw looks only at its unit's number, so strata cannot matter."""
    words = [1 << 62, 1 << 60, 1 << 63, 1 << 61, 1 << 63, 1 << 59]
    lifted = stratified(poisson, STRATA)(PI, rng=Given(words))
    assert lifted.index.tolist() == poisson(PI, rng=Given(words)).index.tolist() == [0, 1, 3, 5]


def test_each_stratum_has_its_size():
    for seed in range(20):
        sample = stratified(pivotal, STRATA)(PI, rng=np.random.default_rng(seed))
        assert [sum(STRATA[i] == s for i in sample.index) for s in "ab"] == [1, 1]
    assert sample.design == "stratified(pivotal/1)"


def test_rows_of_other_arguments_go_with_their_units():
    seen = {}

    def spy(pi, x, k, *, rng, z):
        seen[tuple(x)] = (k, tuple(z))
        return srs(pi, rng=rng)

    x = np.arange(6) * 10
    stratified(spy, STRATA)(PI, x, 3, rng=generator(), z=list("uvwxyz"))
    assert seen == {(0, 20): (3, ("u", "w")), (10, 30, 40, 50): (3, ("v", "x", "y", "z"))}


FORMS = {
    "array": np.asarray,
    "list": lambda rows: rows.tolist(),
    "frame": pd.DataFrame,
}


@pytest.mark.parametrize("form", FORMS.values(), ids=FORMS)
@pytest.mark.parametrize(("design", "name"), [(cube, "x"), (local_pivotal, "coordinates")])
def test_a_table_goes_with_its_units_whatever_holds_it(design, name, form):
    pi, x = np.full(40, 0.25), np.random.default_rng(3).random((40, 2))
    strata = pd.Series(["a"] * 20 + ["b"] * 20, index=np.arange(40) + 7)
    plain = stratified(design, strata.tolist())(pi, x, rng=generator())
    for args, named in (((form(x),), {}), ((), {name: form(x)})):
        other = stratified(design, strata)(pd.Series(pi), *args, rng=generator(), **named)
        assert other.index.tolist() == plain.index.tolist()


def test_what_is_cut_and_what_is_passed_on():
    seen = []

    def spy(pi, *args, rng):
        seen.append(args)
        return srs(pi, rng=rng)

    labels, short, option = [1, "1"], (1, 2, 3), ("linear", 0.5)
    column = pd.Series([5, 6], index=[8, 9])
    stratified(spy, [1, 2])([1, 1], labels, short, option, column, "ab", 2.0, rng=generator())
    assert [(*map(list, args[:1]), *args[1:3], list(args[3]), *args[4:]) for args in seen] == [
        ([1], short, option, [5], "ab", 2.0),
        (["1"], short, option, [6], "ab", 2.0),
    ]


def test_rows_of_different_lengths_are_left_to_the_design_to_refuse():
    with pytest.raises(InvalidInput, match="stratum 1: x is ndarray; want numbers"):
        stratified(cube, [1, 1])([0.5, 0.5], [[1], [1, 2]], rng=generator())


@pytest.mark.parametrize("rows", [np.arange(4), list(range(4)), pd.DataFrame({"x": range(4)})])
def test_a_column_of_another_length_is_refused(rows):
    lifted = stratified(cube, list("aaaabbbb"))
    with pytest.raises(InvalidInput, match="argument 1 has 4 rows for 8 units") as caught:
        lifted([0.5] * 8, rows, rng=generator())
    assert caught.value.text("zh").startswith("argument 1 有 4 行，而单位有 8 个")
    with pytest.raises(InvalidInput, match="x has 4 rows for 8 units"):
        lifted([0.5] * 8, x=rows, rng=generator())


def test_a_masked_column_keeps_its_mask():
    x = np.ma.array(np.arange(4.0), mask=[0, 0, 0, 1])
    with pytest.raises(InvalidInput, match=r"stratum 'b': x\[1\] is masked"):
        stratified(cube, list("aabb"))([0.5] * 4, x, rng=generator())


@pytest.mark.parametrize(("design", "told"), [("srs", "str"), (STRATA, "list")])
def test_what_is_no_design(design, told):
    with pytest.raises(InvalidInput, match=f"design is {told}; want a function"):
        stratified(design, srs)


def test_whole_numerators_are_lifted():
    numerators = np.array([D // 2, D // 2, D // 4, D // 4, D // 2, D, 0], dtype=np.uint64)
    strata = pd.Series(["a", "a", "b", "b", "b", "b", "c"])
    columns = (["x"] * 7, pd.Series(["s", "t"] * 3 + ["s"]), np.arange(7) % 3)
    sample = stratified(nested_pivotal, strata)(numerators, *columns, rng=generator())
    assert sample.pi.tolist() == (numerators / D).tolist()
    assert [int(np.sum(strata[sample.index] == s)) for s in "abc"] == [1, 2, 0]
    numbers = np.random.default_rng(1).integers(0, 2**64, 5 * 7, dtype=np.uint64)
    both = stratified(nested_pivotal, ["all"] * 7)(numerators, *columns, rng=Given(numbers))
    assert (
        both.index.tolist()
        == nested_pivotal(numerators, *columns, rng=Given(numbers)).index.tolist()
    )


def test_the_range_is_the_design_to_check_and_named_with_the_stratum():
    with pytest.raises(InvalidInput, match=r"stratum 'b': pi\[1\] is 1.5; want 0 <= pi <= 1"):
        stratified(srs, list("aabb"))([0.5, 0.5, 0.5, 1.5], rng=generator())
    with pytest.raises(InvalidInput, match=r"pi\[2\] is nan; want a finite number"):
        stratified(srs, list("aabb"))([0.5, 0.5, np.nan, 0.5], rng=generator())
    with pytest.raises(InvalidInput, match="pi is 0 for all 2 units"):
        stratified(srs, list("ab"))([0.0, 0.0], rng=generator())


def test_a_stratum_without_probability_is_passed_over():
    pi = np.where(np.array(STRATA) == "b", PI, 0)
    assert len(stratified(systematic, STRATA)(pi, rng=generator())) == 1
    words = [1 << 62, 1 << 60, 1 << 63, 1 << 61, 1 << 63, 1 << 59]
    lifted = stratified(poisson, STRATA)(pi, rng=Given(words))
    assert lifted.index.tolist() == poisson(pi, rng=Given(words)).index.tolist() == [1, 3, 5]


def test_a_refusal_names_the_stratum():
    pi = PI.copy()
    pi[1] = 0.5
    with pytest.raises(InvalidInput, match=r"stratum 'b': pi adds up to 1.25") as caught:
        stratified(pivotal, STRATA)(pi, rng=generator())
    assert caught.value.text("zh").startswith("层 'b'：pi 之和为 1.25")


@pytest.mark.parametrize(
    ("strata", "message"),
    [
        (["a", "b"], "strata has 2 entries for 6 units"),
        (["a", None, "a", "b", "b", "b"], r"strata\[1\] is None; want a label"),
    ],
)
def test_broken_strata_are_refused(strata, message):
    with pytest.raises(InvalidInput, match=message):
        stratified(srs, strata)(PI, rng=generator())


@pytest.mark.parametrize("threads", [1.5, "2", True])
def test_threads_are_a_whole_number(threads):
    with pytest.raises(InvalidInput, match="want a whole number of at least 1"):
        stratified(srs, STRATA, threads=threads)


def test_threads_are_at_least_one():
    with pytest.raises(InvalidInput, match="threads is 0; want a whole number of at least 1"):
        stratified(srs, STRATA, threads=0)
