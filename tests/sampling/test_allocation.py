from fractions import Fraction
from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fairlot._base.errors import Infeasible, InvalidInput
from fairlot.sampling.allocation import allocate
from fairlot.sampling.allocation_rounding import (
    DIVISORS,
    _first_seats,
    by_priority,
    largest_remainder,
)


def refusal(*args, kind=InvalidInput, **kwargs):
    with pytest.raises(kind) as caught:
        allocate(*args, **kwargs)
    assert caught.value.text("zh") != str(caught.value)
    return str(caught.value)


@st.composite
def strata(draw):
    """Weights, bounds and an n that they allow."""
    rows = draw(
        st.lists(
            st.tuples(st.integers(0, 30), st.integers(0, 3), st.integers(0, 6)),
            min_size=1,
            max_size=5,
        ).filter(lambda rows: any(w for w, _, _ in rows))
    )
    weight, least, more = map(list, zip(*rows, strict=True))
    most = [a + b for a, b in zip(least, more, strict=True)]
    room = sum(up if w else low for w, low, up in zip(weight, least, most, strict=True))
    return weight, least, most, draw(st.integers(sum(least), room))


def every(least, most, n):
    """All allocations of n within the bounds."""
    ranges = [range(low, up + 1) for low, up in zip(least, most, strict=True)]
    return [a for a in product(*ranges) if sum(a) == n]


class TestProportional:
    def test_exact_shares_stay(self):
        assert allocate([10, 20, 70], 10).tolist() == [1, 2, 7]

    def test_ties_go_to_the_larger_then_to_the_earlier(self):
        assert allocate([5, 5, 15], 5, lower=0).tolist() == [1, 1, 3]
        assert allocate([1, 3], 2, lower=0).tolist() == [0, 2]  # 1/2 and 3/2
        assert allocate([5, 5], 3).tolist() == [2, 1]

    def test_bounds_push_the_others(self):
        assert allocate([3, 3, 94], 10, lower=2).tolist() == [2, 2, 6]
        assert allocate([1, 1, 98], 10, lower=0, upper=[10, 10, 4]).tolist() == [3, 3, 4]

    def test_a_small_stratum_is_taken_whole(self):
        assert allocate([1, 9, 9], 6, lower=2).tolist() == [1, 3, 2]
        assert allocate([0, 9, 9], 6, lower=2).tolist() == [0, 3, 3]

    @given(strata())
    def test_quota(self, case):
        weight, least, most, n = case
        got = allocate(weight, n, lower=least, upper=most).tolist()
        assert sum(got) == n
        assert all(a <= x <= b for a, x, b in zip(least, got, most, strict=True))
        # Each is the share of one multiplier, within its bounds, rounded down or up.
        low, high = Fraction(0), Fraction(10**6)
        for _ in range(80):
            x = (low + high) / 2
            total = sum(min(max(x * w, a), b) for w, a, b in zip(weight, least, most, strict=True))
            low, high = (x, high) if total < n else (low, x)
        for w, a, b, seats in zip(weight, least, most, got, strict=True):
            assert abs(seats - min(max(high * w, a), b)) < 1 + 1e-9


class TestOptimal:
    def test_wright_2017(self):
        got = allocate([47, 61, 41], 10, method="neyman", S=[10, 6, 4], lower=[1, 2, 3],
                       upper=[5, 6, 4])  # fmt: skip
        variance = sum(
            N * (N - n) * S**2 / n
            for N, n, S in zip([47, 61, 41], got.tolist(), [10, 6, 4], strict=True)
        )
        assert got.tolist() == [4, 3, 3]
        assert variance == pytest.approx(101290.3333, abs=5e-5)

    def test_cochran_1977(self):
        spread = [53843**0.5, 5581**0.5]
        assert allocate([16, 48], 24, method="neyman", S=spread).tolist() == [12, 12]

    @pytest.mark.parametrize("method", ["neyman", "optimal"])
    @given(case=strata(), cost=st.lists(st.integers(1, 9), min_size=5, max_size=5))
    def test_no_other_is_better(self, method, case, cost):
        weight, least, most, n = case
        cost = cost[: len(weight)] if method == "optimal" else [1] * len(weight)
        least = [max(low, 1) if w else low for w, low in zip(weight, least, strict=True)]
        most = [max(pair) for pair in zip(least, most, strict=True)]
        n = min(
            max(n, sum(least)),
            sum(b if w else a for w, a, b in zip(weight, least, most, strict=True)),
        )
        given_cost = {"cost": cost} if method == "optimal" else {}
        got = allocate(weight, n, method=method, S=[2] * len(weight), lower=least, upper=most,
                       **given_cost)  # fmt: skip

        def variance(a):
            return sum(Fraction(w * w, k) for w, k in zip(weight, a, strict=True) if w)

        def price(a):
            return sum(c * k for w, c, k in zip(weight, cost, a, strict=True) if w)

        own = variance(got.tolist()), price(got.tolist())
        for other in every(least, most, n):
            assert variance(other) >= own[0] or price(other) > own[1]

    def test_cost_moves_the_sample(self):
        same = {"S": [1, 1], "method": "optimal"}
        assert allocate([100, 100], 30, **same, cost=[1, 4]).tolist() == [20, 10]
        assert allocate([100, 100], 30, **same, cost=[1, 1]).tolist() == [15, 15]

    def test_no_spread_gets_the_lower_bound(self):
        assert allocate([50, 50], 10, method="neyman", S=[0, 3], lower=2).tolist() == [2, 8]


class TestPower:
    def test_one_is_neyman_and_zero_is_equal(self):
        size, spread = [900, 90, 9], [2, 3, 1]
        neyman = allocate(size, 60, method="neyman", S=spread).tolist()
        assert allocate(size, 60, method="power", power=1, S=spread).tolist() == neyman
        assert allocate([900, 90, 30], 60, method="power", power=0).tolist() == [20, 20, 20]

    def test_square_root(self):
        assert allocate([400, 100], 30, method="power", power="0.5").tolist() == [20, 10]

    def test_any_power(self):
        assert allocate([1000, 8], 11, method="power", power=1 / 3, upper=99).tolist() == [9, 2]

    def test_an_empty_stratum(self):
        assert allocate([9, 0], 2, method="power", power="0.3").tolist() == [2, 0]


def highest_claims(square, n, least, most, divisor):
    """Seat after seat, looking at all strata each time."""
    seats = list(least)
    while sum(seats) < n:
        claims = [
            (divisor(had) / s, -s, h)
            for h, (s, had, up) in enumerate(zip(square, seats, most, strict=True))
            if s and had < up
        ]
        seats[min(claims)[2]] += 1
    return seats


class TestDivisors:
    @given(strata(), st.sampled_from(["dhondt", "webster", "neyman"]))
    def test_definition(self, case, method):
        weight, least, most, n = case
        square = [Fraction(w * w) for w in weight]
        want = highest_claims(square, n, least, most, DIVISORS[method])
        extra = {"S": [1] * len(weight)} if method == "neyman" else {}
        assert allocate(weight, n, method=method, lower=least, upper=most, **extra).tolist() == want

    @pytest.mark.parametrize("method", ["dhondt", "webster", "neyman"])
    def test_large_samples_start_near_the_end(self, method):
        rng = np.random.default_rng(3)
        square = [Fraction(int(w)) ** 2 for w in rng.integers(1, 10**6, 40)]
        most = rng.integers(50, 900, 40).tolist()
        want = highest_claims(square, 5000, [3] * 40, most, DIVISORS[method])
        assert by_priority(square, 5000, [3] * 40, most, DIVISORS[method]) == want
        first = _first_seats(square, 5000, [3] * 40, most, DIVISORS[method])
        assert all(had <= seats for had, seats in zip(first, want, strict=True))
        assert 5000 - sum(first) <= 2 * 40

    def test_a_textbook(self):
        votes = [340_000, 280_000, 160_000, 60_000]
        assert allocate(votes, 7, method="dhondt", lower=0).tolist() == [3, 3, 1, 0]
        assert allocate(votes, 7, method="webster", lower=0).tolist() == [3, 2, 1, 1]

    def test_sizes_may_be_revenues(self):
        got = allocate(["1", "2.5", 6.5], 10, method="dhondt", upper=[9, 9, 9])
        assert got.tolist() == [1, 2, 7]


class TestRefuses:
    def test_bounds_that_leave_no_room(self):
        assert refusal([5, 5, 5], 2, kind=Infeasible) == (
            "n is 2; the lower bounds of the 3 strata add up to 3"
        )
        assert refusal([5, 5, 0], 11, kind=Infeasible) == (
            "n is 11; at most 10 can be drawn: 2 of 3 strata have a weight above 0,"
            " each up to its upper bound, the others their lower bound"
        )
        with pytest.raises(Infeasible) as caught:
            allocate([5, 5], 11)
        assert caught.value.because == ["upper bounds add up to 10"]

    def test_crossed_bounds(self):
        want = "lower[1] is 3, above upper[1] 2"
        assert refusal([5, 5], 5, lower=[1, 3], upper=[5, 2]) == want
        for kind in (int, np.int64):
            got = refusal([5, 5], 5, lower=kind(3), upper=kind(2))
            assert got == "lower is 3, above upper 2"

    def test_sizes_that_are_no_numbers_of_units(self):
        want = "N[1] is 2.5; want a whole number of units"
        assert refusal([5, 2.5], 3) == want
        want = "upper[1] is 2.5; want a whole number of units"
        assert refusal([5, 5], 3, upper=[5, 2.5]) == want
        want = "lower is 1.5; want a whole number of at least 0"
        assert refusal([5, 5], 3, lower=1.5) == want
        assert refusal([5, float("nan")], 3) == "N[1] is nan; want a finite number >= 0"
        assert refusal([], 3) == "N is empty; want one number per unit"
        assert refusal([4, 4], 2.0) == "n is 2.0; want a whole number"

    def test_methods_and_what_they_take(self):
        assert refusal([5, 5], 3, method="gut").startswith("method is 'gut'; want one of proport")
        assert refusal([5, 5], 3, method="neyman") == "method 'neyman' takes S; S is missing"
        want = "method 'proportional' takes N alone; S is given"
        assert refusal([5, 5], 3, S=[1, 1]) == want
        want = "method 'optimal' takes S and cost; cost is missing"
        assert refusal([5, 5], 3, method="optimal", S=[1, 1]) == want

    @pytest.mark.parametrize(
        ("given", "want"),
        [
            ({"method": "neyman"}, "方法 'neyman' 使用 N、S，缺少 S"),
            ({"S": [1, 1]}, "方法 'proportional' 使用 N，不应给出 S"),
            ({"method": "optimal", "S": [1, 1]}, "方法 'optimal' 使用 N、S、cost，缺少 cost"),
        ],
    )
    def test_what_methods_take_in_chinese(self, given, want):
        with pytest.raises(InvalidInput) as caught:
            allocate([5, 5], 3, **given)
        assert caught.value.text("zh") == want

    def test_columns_of_another_length(self):
        want = "S has 1 entries for 2 strata"
        assert refusal([5, 5], 3, method="neyman", S=[1]) == want

    def test_values(self):
        want = "cost[1] is 0; want a number above 0"
        assert refusal([5, 5], 3, method="optimal", S=[1, 1], cost=[1, 0]) == want
        want = "power is 2; want a number in [0, 1]"
        assert refusal([5, 5], 3, method="power", power=2) == want


def test_the_result_is_a_column_of_integers():
    got = allocate([5, 5], 3)
    assert got.dtype == np.int64
    assert got.shape == (2,)


def test_remainders_are_compared_exactly():
    m = 10**17  # shares differ by less than a double sees
    shares = largest_remainder([Fraction(m), Fraction(m + 1), Fraction(m)], 1, [0] * 3, [9] * 3)
    assert shares == [0, 1, 0]
