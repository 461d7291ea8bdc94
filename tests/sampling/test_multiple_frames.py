"""Overlapping rosters: unbiased over every pair of samples, whatever overlaps."""

from itertools import product

import numpy as np
import pytest
from literal_designs import conditional_poisson, poisson, srs

from fairlot._base.errors import InvalidInput
from fairlot.sampling.frames import combine_frames
from fairlot.sampling.sample import Sample

LISTS = [["a", "b", "c", "d", "b"], ["c", "e", "b", "f"]]
Y = dict(zip("abcdef", [3.0, -1.0, 4.0, 1.5, 9.0, 2.0], strict=True))
DESIGNS = [conditional_poisson([0.2, 0.3, 0.4, 0.5, 0.6], 2), poisson([0.1, 0.5, 0.5, 0.9])]
WAYS = {
    "single_frame": {},
    "multiplicity": {},
    "hartley": {"shares": [0.3, 0.7]},
}


def every_pair(lists=LISTS, designs=DESIGNS):
    for draws in product(*(design.samples() for design in designs)):
        yield [sample for sample, _ in draws], np.prod([p for _, p in draws])


def expected(method, function, **more):
    return sum(
        p * function(combine_frames(samples, LISTS, method=method, **more))
        for samples, p in every_pair()
    )


@pytest.mark.parametrize(("method", "more"), WAYS.items())
def test_the_total_is_unbiased(method, more):
    def total(both):
        return both.total([Y[unit] for unit in both.units], variance=None).value

    assert expected(method, total, **more) == pytest.approx(sum(Y.values()), abs=1e-12)


@pytest.mark.parametrize(("method", "more"), WAYS.items())
def test_every_unit_counts_once(method, more):
    for unit in Y:

        def weight(both, unit=unit):
            return sum(both.weights[i] for i, each in enumerate(both.units) if each == unit)

        assert expected(method, weight, **more) == pytest.approx(1, abs=1e-12)


def test_the_variance_is_unbiased_where_that_of_each_frame_is():
    designs = [srs(5, 3), srs(4, 2)]

    def total(samples, variance):
        both = combine_frames(samples, LISTS, method="multiplicity")
        return both.total([Y[unit] for unit in both.units], variance=variance)

    draws = list(every_pair(designs=designs))
    values = np.array([total(samples, None).value for samples, _ in draws])
    chances = np.array([p for _, p in draws])
    estimates = [total(samples, "sen_yates_grundy").variance for samples, _ in draws]
    assert chances @ estimates == pytest.approx(chances @ (values - sum(Y.values())) ** 2)


def test_shares_by_hand():
    samples = [
        Sample(np.array([1, 2]), np.full(5, 0.4), "srs/1"),
        Sample(np.array([0, 2]), np.full(4, 0.5), "srs/1"),
    ]
    # b has three records, c two
    single = combine_frames(samples, LISTS)
    assert single.units == ("b", "c", "c", "b")
    np.testing.assert_allclose(single.weights, [1 / 1.3, 1 / 0.9, 1 / 0.9, 1 / 1.3])
    equal = combine_frames(samples, LISTS, method="multiplicity")
    np.testing.assert_allclose(equal.share, [1 / 3, 1 / 2, 1 / 2, 1 / 3])
    hartley = combine_frames(samples, LISTS, method="hartley", shares=[1, 3])
    np.testing.assert_allclose(hartley.share, [1 / 5, 1 / 4, 3 / 4, 3 / 5])
    assert single.frame.tolist() == [0, 0, 1, 1]
    assert single.to_frame()["pi"].tolist() == pytest.approx([0.4, 0.4, 0.5, 0.5])


def test_a_record_that_cannot_be_drawn_carries_nothing():
    samples = [
        Sample(np.array([0]), np.array([0.5, 0.5, 0.0]), "srs/1"),
        Sample(np.array([0]), np.array([1.0, 0.0]), "srs/1"),
    ]
    both = combine_frames(samples, [["a", "b", "c"], ["c", "d"]], method="multiplicity")
    assert both.share.tolist() == [1.0, 1.0]
    assert (both.covered.units, both.covered.never) == (3, 1)


def test_one_list_with_duplicates_is_one_frame():
    """Sirken: y over the number of records, and Horvitz-Thompson over records."""
    design = srs(4, 2)
    lists = [["a", "b", "a", "a"]]
    totals = [
        p
        * combine_frames([s], lists, method="multiplicity")
        .total([{"a": 6.0, "b": 1.0}[lists[0][i]] for i in s.index], variance=None)
        .value
        for s, p in design.samples()
    ]
    assert sum(totals) == pytest.approx(7)


def test_the_mean_of_a_constant_is_the_constant():
    samples = [next(iter(design.samples()))[0] for design in (srs(5, 3), srs(4, 2))]
    estimate = combine_frames(samples, LISTS).mean([2.5] * 5)
    assert estimate.value == pytest.approx(2.5)
    assert estimate.variance == pytest.approx(0)
    assert estimate.design == "srs/1 + srs/1"
    assert estimate.ci is None


def test_nobody_drawn_has_a_total_and_no_mean():
    nobody = Sample(np.arange(0), np.full(3, 0.5), "poisson/1")
    both = combine_frames([nobody], [["a", "b", "c"]])
    assert both.total([], variance=None).value == 0
    with pytest.raises(InvalidInput, match="nobody was drawn"):
        both.mean([])


SAMPLES = [
    Sample(np.array([1, 2]), np.full(5, 0.4), "srs/1"),
    Sample(np.array([0]), np.full(4, 0.25), "srs/1"),
]


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"method": "none"}, "method is 'none'; want one of single_frame"),
        ({"ids": LISTS[:1]}, "ids has 1 entries for 2 units"),
        ({"ids": [LISTS[0], LISTS[1][:2]]}, r"ids\[1\] has 2 entries for 4 units"),
        ({"method": "hartley", "shares": [1, 0]}, r"shares\[1\] is 0.0; want a positive"),
        ({"method": "hartley"}, "shares"),
    ],
)
def test_bad_frames_are_named(given, message):
    with pytest.raises(InvalidInput, match=message):
        combine_frames(**{"samples": SAMPLES, "ids": LISTS, **given})


def test_one_unit_has_one_outcome():
    both = combine_frames(SAMPLES, LISTS)
    with pytest.raises(InvalidInput, match=r"y\[2\] is 5.0 and y\[1\] is 4.0, both of 'c'"):
        both.total([1, 4, 5])


def test_strata_are_given_frame_by_frame():
    with pytest.raises(InvalidInput, match="strata has 1 entries for 2 units"):
        combine_frames(SAMPLES, LISTS).total([1, 4, 4], strata=[None])
