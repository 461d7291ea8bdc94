import math
from fractions import Fraction

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fairlot._base.errors import InvalidInput
from fairlot.sampling import D, clip_probabilities, inclusion_probabilities, numerators, sizes

QUARTER, THIRD, HALF = Fraction(1, 4), Fraction(1, 3), Fraction(1, 2)


def refusal(function, *args, **kwargs):
    with pytest.raises(InvalidInput) as caught:
        function(*args, **kwargs)
    return str(caught.value)


def by_bisection(weights, n, floor, ceiling):
    """lambda from the definition alone: halve an interval until it is short enough."""

    def total(x):
        return sum(min(max(x * w, f), c) for w, f, c in zip(weights, floor, ceiling, strict=True))

    low, high = Fraction(0), 1 / min(w for w in weights if w)
    for _ in range(80):
        middle = (low + high) / 2
        low, high = (middle, high) if total(middle) < n else (low, middle)
    return [
        float(min(max(high * w, f), c)) for w, f, c in zip(weights, floor, ceiling, strict=True)
    ]


unit = st.tuples(
    st.sampled_from([Fraction(w) for w in ("0", "1", "1.5", "2", "4", "1000")]),
    st.sampled_from([Fraction(0), Fraction(0), Fraction(1, 10), THIRD]),
    st.sampled_from([Fraction(1), Fraction(1), Fraction(9, 10), HALF, THIRD]),
)


@st.composite
def quotas(draw):
    """Units and an n that their floors, ceilings and weights allow."""
    units = draw(st.lists(unit, min_size=1, max_size=12).filter(lambda u: any(w for w, _, _ in u)))
    least = math.ceil(sum(f for _, f, _ in units))
    most = math.floor(sum(c if w else f for w, f, c in units))
    if least > most:
        return draw(quotas())
    weights, floor, ceiling = map(list, zip(*units, strict=True))
    return weights, floor, ceiling, draw(st.integers(least, most))


class TestClip:
    @given(quotas())
    def test_definition(self, quota):
        weights, floor, ceiling, n = quota
        pi = clip_probabilities(weights, n, floor=floor, ceiling=ceiling)
        assert sum(pi) == n
        bounds = zip(weights, floor, ceiling, pi, strict=True)
        inside = [(w, p) for w, f, c, p in bounds if f < p < c]
        # One lambda serves all units that touch no bound; it explains the others too.
        assert len({p / w for w, p in inside}) <= 1
        for p, q in zip(pi, by_bisection(weights, n, floor, ceiling), strict=True):
            assert float(p) == pytest.approx(q, rel=1e-12, abs=1e-15)

    def test_a_weight_too_large_makes_certain_units_in_turn(self):
        # 100 passes 1 at once; only after it has left does 10 pass 1 as well.
        assert clip_probabilities([1, 1, 1, 10, 100], 3) == [THIRD, THIRD, THIRD, 1, 1]

    def test_all_units(self):
        assert clip_probabilities([5, 1, 0.25], 3) == [1, 1, 1]

    def test_no_unit(self):
        assert clip_probabilities([5, 1], 0) == [0, 0]

    def test_the_floors_alone(self):
        assert clip_probabilities([5, 1], 1, floor="0.5") == [HALF, HALF]

    def test_weight_zero_stays_on_its_floor(self):
        assert clip_probabilities([0, 1, 1], 1) == [0, HALF, HALF]
        assert clip_probabilities([0, 1, 1], 2, floor=[HALF, 0, 0]) == [HALF, *[3 * HALF / 2] * 2]

    def test_numbers_are_taken_as_they_are_written(self):
        assert clip_probabilities(["0.1", "0.2"], 1) == [THIRD, 2 * THIRD]
        assert clip_probabilities([0.1, 0.2], 1) == [THIRD, 2 * THIRD]
        tenth = Fraction(0.1)  # not 1/10
        assert clip_probabilities([0.1, "0.2"], 1)[0] == tenth / (tenth + Fraction("0.2"))

    @pytest.mark.parametrize(
        "weights",
        [
            np.array([1, 2], dtype=np.int8),
            np.array([1, 2], dtype=np.float32),
            [np.int64(1), np.float32(2)],
            pd.Series([1, 2]),
            (Fraction(1), "2"),
        ],
    )
    def test_columns_of_many_kinds(self, weights):
        pi = clip_probabilities(weights, 1)
        assert pi == [THIRD, 2 * THIRD]
        assert {type(p.numerator) for p in pi} == {int}

    def test_whole_numbers_of_numpy_do_not_overflow(self):
        huge = np.full(3, 2**62, dtype=np.int64)
        assert clip_probabilities(list(huge), 2) == [2 * THIRD] * 3

    def test_units_alike_share_one_fraction(self):
        pi = clip_probabilities([1, 3] * 500, 10)
        assert len({id(p) for p in pi}) == 2


class TestClipRefuses:
    @pytest.mark.parametrize(
        ("weight", "shown"),
        [
            (float("nan"), "nan"),
            (float("inf"), "inf"),
            (-1, "-1"),
            (-0.5, "-0.5"),
            ("５", "'５'"),
            ("1e3", "'1e3'"),
            ("", "''"),
            (None, "None"),
            (1j, "1j"),
        ],
    )
    def test_what_is_no_weight(self, weight, shown):
        expected = f"weight[2] is {shown}; want a finite number >= 0"
        assert refusal(clip_probabilities, [1, 2, weight, 3], 1) == expected

    def test_nan_in_an_array(self):
        weights = np.array([1.0, np.nan, np.nan])
        expected = "weight[1] is nan; want a finite number >= 0"
        assert refusal(clip_probabilities, weights, 1) == expected

    def test_an_all_zero_stratum(self):
        expected = "weight is 0 for all 3 units; want at least one above 0"
        assert refusal(clip_probabilities, [0, 0.0, "0"], 1) == expected

    def test_no_units(self):
        assert refusal(clip_probabilities, [], 0) == "weight is empty; want one number per unit"

    @pytest.mark.parametrize(("n", "shown"), [(1.5, "1.5"), (2.0, "2.0"), ("2", "'2'")])
    def test_n_that_is_not_whole(self, n, shown):
        expected = f"n is {shown}; want a whole number"
        assert refusal(clip_probabilities, [1, 1], n) == expected

    def test_more_than_can_be_drawn(self):
        assert refusal(clip_probabilities, [1, 1, 0], 3) == (
            "n is 3; at most 2 can be drawn: 2 of 3 units have weight above 0, each up to its ceiling"
        )

    def test_more_than_the_ceilings(self):
        assert refusal(clip_probabilities, [1, 2], 2, ceiling="0.75") == (
            "n is 2; at most 1.5 can be drawn:"
            " 2 of 2 units have weight above 0, each up to its ceiling"
        )

    def test_less_than_the_floors(self):
        expected = "n is 0; the floors of the 2 units add up to 0.5"
        assert refusal(clip_probabilities, [1, 2], 0, floor="0.25") == expected
        expected = "n is -1; the floors of the 2 units add up to 0"
        assert refusal(clip_probabilities, [1, 2], -1) == expected

    def test_a_floor_above_its_ceiling(self):
        expected = "floor[1] is 0.5, above ceiling[1] 0.25"
        got = refusal(clip_probabilities, [1, 2], 1, floor="0.5", ceiling=[1, "0.25"])
        assert got == expected

    def test_bounds_that_are_no_probability(self):
        expected = "ceiling[0] is 1.5; want a number in [0, 1]"
        assert refusal(clip_probabilities, [1, 2], 1, ceiling="1.5") == expected
        expected = "floor[1] is -1; want a finite number >= 0"
        assert refusal(clip_probabilities, [1, 2], 1, floor=[0, -1]) == expected

    def test_numbers_are_shown_as_given(self):
        expected = "floor[0] is 0.9, above ceiling[0] 1/3"
        got = refusal(clip_probabilities, [1, 2], 1, floor=0.9, ceiling=Fraction(1, 3))
        assert got == expected

    def test_bounds_of_another_length(self):
        expected = "floor has 3 numbers; want one, or one for each of the 2 units"
        assert refusal(clip_probabilities, [1, 2], 1, floor=[0, 0, 0]) == expected

    @pytest.mark.parametrize("function", [clip_probabilities, inclusion_probabilities])
    @pytest.mark.parametrize(
        ("size", "told"),
        [
            (np.ones((2, 2)), "has shape (2, 2); want one number per unit"),
            (np.array(5.0), "has shape (); want one number per unit"),
            (5, "is 5; want one number per unit"),
            (None, "is None; want one number per unit"),
            ("12", "is '12'; want one number per unit"),
            ([[1, 2], [3, 4]], "is list; want one number per unit"),
            (np.array([1, 2], "timedelta64[ns]"), "is timedelta64[ns]; want one number per unit"),
            (np.ma.array([1, 2], mask=[0, 1])[1:], "[0] is masked; want a value, or leave it out"),
        ],
    )
    def test_what_is_no_column(self, function, size, told):
        with pytest.raises(InvalidInput) as caught:
            function(size, 1)
        assert str(caught.value).removeprefix("weight").removeprefix("size").lstrip() == told
        assert caught.value.text("zh") != str(caught.value)

    def test_in_chinese_too(self):
        with pytest.raises(InvalidInput) as caught:
            clip_probabilities([1, -2], 1)
        assert caught.value.text("zh") == "weight[1] 为 -2，应为不小于 0 的有限数"


class TestInclusionProbabilities:
    # Exact values of an independent program with sixty digits.
    @pytest.mark.parametrize(
        ("size", "n", "want"),
        [
            ([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 100], 10, [1 / 3, 2 / 3, *[1] * 9]),
            ([0, 0, 5, 5, 5, 1000, 20], 2, [0, 0, 1 / 7, 1 / 7, 1 / 7, 1, 4 / 7]),
            ([0, 0, 5, 5, 5, 1000, 20], 4, [0, 0, 2 / 3, 2 / 3, 2 / 3, 1, 1]),
            ([1000, 300, 90, 30, 10, 5, 5, 5], 5, [1, 1, 1, 1, 0.4, 0.2, 0.2, 0.2]),
        ],
    )
    def test_take_all_by_steps(self, size, n, want):
        assert inclusion_probabilities(size, n).tolist() == want

    @given(st.lists(st.floats(0, 1e300), min_size=1, max_size=9), st.data())
    def test_each_float_is_the_exact_fraction_rounded(self, size, data):
        possible = sum(x > 0 for x in size)
        if not possible:
            return
        n = data.draw(st.integers(0, possible))
        want = [p.numerator / p.denominator for p in clip_probabilities(size, n)]
        assert inclusion_probabilities(size, n).tolist() == want

    def test_it_speaks_of_sizes(self):
        expected = "size[0] is nan; want a finite number >= 0"
        assert refusal(inclusion_probabilities, [math.nan, 1], 1) == expected
        expected = "size is 0 for all 1 units; want at least one above 0"
        assert refusal(inclusion_probabilities, [0], 1) == expected

    def test_no_more_than_positive(self):
        expected = "n is 3; want 0 to 2: 2 of 3 units have size above 0"
        assert refusal(inclusion_probabilities, [1, 0, 2], 3) == expected
        expected = "n is -1; want 0 to 2: 2 of 3 units have size above 0"
        assert refusal(inclusion_probabilities, np.array([1, 0, 2]), -1) == expected

    def test_nobody_and_everybody(self):
        for size in (np.array([0.5, 0, 3]), [Fraction(1, 3), 0, 3], np.array([1, 0, 3])):
            assert inclusion_probabilities(size, 0).tolist() == [0, 0, 0]
            assert inclusion_probabilities(size, 2).tolist() == [1, 0, 1]

    def test_the_input_is_left_alone(self):
        size = np.array([5.0, 1.0, 1.0, 0.25])
        size.setflags(write=False)
        assert inclusion_probabilities(size, 2)[0] == 1

    def test_columns_that_are_not_plain(self):
        want = [0.25, 0.25, 0.5, 1]
        every = np.array([1, 9, 1, 9, 2, 9, 100, 9])
        for size in (every[::2], pd.Series(every)[::2], np.array([1, 1, 2, 100], np.uint8)):
            assert inclusion_probabilities(size, 2).tolist() == want
        for wide in (np.float32, np.uint64, object):
            assert inclusion_probabilities(np.array([1, 1, 2, 100], wide), 2).tolist() == want
        assert inclusion_probabilities((x for x in [1, 1, 2, 100]), 2).tolist() == want


finite = st.one_of(
    st.floats(0, allow_infinity=False),
    st.floats(0.5, 4).map(lambda x: x * 2.0**-3),
    st.sampled_from([0.0, -0.0, 5e-324, 1.0, 3.0, 2.0**52, 1.7e308]),
)


def by_fractions(size, n, alpha=0, cutoff=None):
    """Unit after unit, from the largest on, straight from the definition."""
    left, rest = n, sum(size)
    pi = [Fraction(0)] * len(size)
    for i in sorted(range(len(size)), key=size.__getitem__, reverse=True):
        share = left * size[i] / rest if rest else 0
        if (cutoff is not None and size[i] >= cutoff) or (
            left and size[i] and share >= min(1, 1 - alpha)
        ):
            pi[i], left, rest = Fraction(1), left - 1, rest - size[i]
        else:
            break
    return [p or (left * x / rest if left else Fraction(0)) for p, x in zip(pi, size, strict=True)]


@st.composite
def wishes(draw, sizes):
    size = draw(st.lists(sizes, min_size=1, max_size=12).filter(any))
    return size, draw(st.integers(0, sum(x > 0 for x in size)))


class TestColumns:
    """The quick path for NumPy columns gives what fractions give, to the last bit."""

    @given(wishes(finite))
    def test_floats(self, wish):
        size, n = wish
        want = [float(p) for p in by_fractions(list(map(Fraction, size)), n)]
        assert inclusion_probabilities(np.array(size), n).tolist() == want

    @given(wishes(st.one_of(st.integers(0, 9), st.integers(0, 2**53))))
    def test_whole_numbers(self, wish):
        size, n = wish
        want = [float(p) for p in by_fractions(list(map(Fraction, size)), n)]
        assert inclusion_probabilities(np.array(size), n).tolist() == want

    def test_whole_numbers_beyond_doubles(self):
        size = np.array([2**53 + 1, 2**53, 2**53 + 1, 2**62])
        want = [float(p) for p in by_fractions([Fraction(int(x)) for x in size], 2)]
        assert inclusion_probabilities(size, 2).tolist() == want
        assert inclusion_probabilities(size.tolist(), 2).tolist() == want

    @pytest.mark.parametrize("draw", ["lognormal", "pareto", "random"])
    def test_long_columns(self, draw):
        rng = np.random.default_rng(5)
        args = {"lognormal": (0, 3), "pareto": (0.7,), "random": ()}[draw]
        size = getattr(rng, draw)(*args, 3000)
        want = [float(p) for p in by_fractions(list(map(Fraction, size.tolist())), 900)]
        assert inclusion_probabilities(size, 900).tolist() == want

    def test_a_share_of_exactly_one_is_certain(self):
        # When 100 and 10 are taken, 5 are left to draw from 45: 9 is certain, as 5 * 9 = 45.
        for tenth in (1, Fraction(1, 10)):
            size = [tenth * x for x in [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 100]]
            assert (inclusion_probabilities(size, 7) == 1).sum() == 3
        assert (inclusion_probabilities(np.array([1, 1, 1, 3]), 2) == 1).sum() == 1
        assert (inclusion_probabilities(np.full(3, 0.1), 3) == 1).all()

    def test_a_share_of_nearly_one_is_not(self):
        half = 2**39
        assert inclusion_probabilities(np.array([2 * half, half, half]), 2)[0] == 1
        nearly = inclusion_probabilities(np.array([2 * half - 1, half, half]), 2)
        assert nearly[0] == (4 * half - 2) / (4 * half - 1) < 1
        assert nearly[1] > 0.5

    def test_ties_of_rounding_are_decided_exactly(self):
        # 3/16 of a number of 53 bits often lies in the middle between two doubles.
        size = np.array([2.0**52 + k for k in range(1, 16)])
        size = np.append(size, 2.0**56 - size.sum())
        exact = by_fractions(list(map(Fraction, size.tolist())), 3)
        assert any((p * 2**55).denominator > 1 for p in exact)
        assert inclusion_probabilities(size, 3).tolist() == list(map(float, exact))

    def test_bad_numbers_are_named_by_their_place(self):
        for bad, shown in ((np.nan, "nan"), (np.inf, "inf"), (-2.5, "-2.5")):
            expected = f"size[2] is {shown}; want a finite number >= 0"
            assert refusal(inclusion_probabilities, np.array([1, 2, bad, bad]), 1) == expected
        expected = "size[1] is -3; want a finite number >= 0"
        assert refusal(inclusion_probabilities, np.array([1, -3]), 1) == expected
        expected = "size is empty; want one number per unit"
        assert refusal(inclusion_probabilities, np.array([]), 1) == expected

    def test_compiled_is_plain(self):
        size = np.random.default_rng(1).lognormal(0, 20, 500)
        size[:3] = 0, 5e-324, 1e-310
        add, share = sizes._sum_by_exponent, sizes._share
        plain_add, plain_share = (getattr(kernel, "py_func", kernel) for kernel in (add, share))
        count, sums = add(size, 1e-300, 1e20)
        plain_count, plain_sums = plain_add(size, 1e-300, 1e20)
        assert count == plain_count
        np.testing.assert_array_equal(sums, plain_sums)
        shares, plain_shares = np.empty((2, 500))
        with np.errstate(all="ignore"):
            share(size, 0.1, 1e-19, 1e9, shares)
            plain_share(size, 0.1, 1e-19, 1e9, plain_shares)
        np.testing.assert_array_equal(shares, plain_shares)


class TestNearlyCertain:
    @given(
        wishes(st.one_of(st.integers(0, 20), st.fractions(0, 30, max_denominator=7))),
        st.sampled_from(["0", "0.05", "0.5", "1"]),
        st.sampled_from([None, 3, "12.5"]),
    )
    def test_definition(self, wish, alpha, cutoff):
        size, n = wish
        least = None if cutoff is None else Fraction(cutoff)
        if least is not None and sum(x >= least for x in size) > n:
            with pytest.raises(InvalidInput):
                inclusion_probabilities(size, n, alpha=alpha, cutoff=cutoff)
            return
        want = by_fractions(list(map(Fraction, size)), n, Fraction(alpha), least)
        got = inclusion_probabilities(size, n, alpha=alpha, cutoff=cutoff)
        assert got.tolist() == list(map(float, want))
        doubles = np.array(list(map(float, size)))
        want = by_fractions(list(map(Fraction, doubles.tolist())), n, Fraction(alpha), least)
        got = inclusion_probabilities(doubles, n, alpha=alpha, cutoff=cutoff)
        assert got.tolist() == list(map(float, want))

    def test_ties_go_by_position(self):
        # One of the two fours is enough: the share of the other falls to 2 / 3.
        got = inclusion_probabilities([0, 4, 1, 4, 0], 2, alpha="0.12")
        assert got.tolist() == [0, 1, 0.2, 0.8, 0]

    def test_alpha_one_takes_the_largest(self):
        assert inclusion_probabilities([1, 5, 3, 5], 3, alpha=1).tolist() == [0, 1, 1, 1]

    def test_the_cutoff_itself_is_certain(self):
        size = np.array([0.1, 0.3, 0.2])
        assert inclusion_probabilities(size, 1, cutoff=0.3).tolist() == [0, 1, 0]
        # The float 0.3 is below three tenths.
        assert inclusion_probabilities(size, 1, cutoff="0.3")[1] < 1

    @pytest.mark.parametrize("alpha", [-0.1, 1.5, "x", None, math.nan])
    def test_it_refuses_what_is_no_alpha(self, alpha):
        expected = f"alpha is {alpha!r}; want a number in [0, 1]"
        assert refusal(inclusion_probabilities, [1, 2], 1, alpha=alpha) == expected

    @pytest.mark.parametrize("cutoff", [0, -1, "x", math.inf])
    def test_it_refuses_what_is_no_cutoff(self, cutoff):
        expected = f"cutoff is {cutoff!r}; want a finite number above 0"
        assert refusal(inclusion_probabilities, [1, 2], 1, cutoff=cutoff) == expected

    def test_it_refuses_more_certain_units_than_n(self):
        expected = "2 units have a size of at least the cutoff 3; n is 1"
        assert refusal(inclusion_probabilities, [1, 3, 4], 1, cutoff=3) == expected


class TestClipLong:
    def test_many_different_floats(self):
        rng = np.random.default_rng(8)
        weights = rng.lognormal(0, 2, 400)
        floor, ceiling = rng.random(400) * 0.2, 0.3 + rng.random(400) * 0.7
        pi = clip_probabilities(weights, 120, floor=floor, ceiling=ceiling)
        assert sum(pi) == 120
        parts = zip(weights.tolist(), floor.tolist(), ceiling.tolist(), pi, strict=True)
        inside = {p / Fraction(w) for w, f, c, p in parts if f < p < c}
        assert len(inside) == 1
        (x,) = inside
        for w, f, c, p in zip(weights, floor, ceiling, pi, strict=True):
            assert p == min(max(x * Fraction(w), Fraction(f)), Fraction(c))

    def test_a_guess_that_doubles_cannot_make(self):
        # The sum stays at 1 between the first two units' ceiling and the third's floor.
        pi = clip_probabilities([1e300, 1e300, 1e-300], 1, ceiling=["0.5", "0.5", 1])
        assert pi[:2] != [HALF, HALF]
        assert sum(pi) == 1
        flat = clip_probabilities([10**400, 10**400, 1], 2, floor=[0, 0, 0])
        assert flat[2] > 0
        assert sum(flat) == 2


class TestNumerators:
    @given(quotas())
    def test_definition(self, quota):
        weights, floor, ceiling, n = quota
        pi = clip_probabilities(weights, n, floor=floor, ceiling=ceiling)
        a = numerators(pi, n).tolist()
        assert sum(a) == n * D
        up = [x - p * D for x, p in zip(a, pi, strict=True)]
        assert all(-1 < e < 1 for e in up)
        # Whoever was rounded up has a remainder at least as large as whoever was rounded down.
        remainders = [(-(p * D % 1), i, e > 0) for i, (p, e) in enumerate(zip(pi, up, strict=True))]
        raised = [rounded_up for remainder, _, rounded_up in sorted(remainders) if remainder]
        assert raised == sorted(raised, reverse=True)

    def test_ties_go_by_position_also_between_different_fractions(self):
        # D is 1 mod 3, so 1/3 leaves 1/3 and 2/3 leaves 2/3; 1/6 and 2/3 both leave 2/3.
        pi = [Fraction(1, 6), Fraction(2, 3), Fraction(2, 3), HALF]
        down = [math.floor(p * D) for p in pi]
        assert numerators(pi, 2).tolist() == [down[0] + 1, down[1] + 1, *down[2:]]
        pi = [pi[1], pi[2], pi[0], HALF]
        down = [math.floor(p * D) for p in pi]
        assert numerators(pi, 2).tolist() == [down[0] + 1, down[1] + 1, *down[2:]]

    def test_remainders_are_compared_exactly(self):
        # Neighbours in a Farey sequence: they differ by the product of two denominators.
        m = 2**50
        less, more = Fraction(m, 2 * m + 1), Fraction(m + 1, 2 * m + 3)
        remainders = [less, more, 1 - less, 1 - more, *[QUARTER] * 4]
        pi = [(D // 8 - (i == 0) * 3 + r) / D for i, r in enumerate(remainders)]
        up = [x - math.floor(p * D) for x, p in zip(numerators(pi, 1).tolist(), pi, strict=True)]
        assert up == [0, 1, 1, 1, 0, 0, 0, 0]

    def test_certainty_stays(self):
        assert numerators([Fraction(0), Fraction(1), HALF, HALF], 2).tolist() == [
            0,
            D,
            D // 2,
            D // 2,
        ]

    def test_the_type_is_the_published_one(self):
        assert numerators([HALF, HALF], 1).dtype == np.uint64

    def test_it_refuses_another_sum(self):
        assert refusal(numerators, [HALF, THIRD], 1) == "pi adds up to 5/6; want n = 1"

    def test_it_refuses_floats(self):
        expected = "pi[1] is 0.5; want a Fraction in [0, 1]"
        assert refusal(numerators, [Fraction(1), 0.5, 0.5], 2) == expected

    def test_it_refuses_what_is_no_probability(self):
        expected = "pi[0] is Fraction(3, 2); want a Fraction in [0, 1]"
        assert refusal(numerators, [3 * HALF, HALF], 2) == expected

    def test_it_refuses_nothing_at_all(self):
        assert refusal(numerators, [], 0) == "pi is empty; want one Fraction per unit"

    def test_it_refuses_to_make_a_possible_unit_impossible(self):
        tiny = Fraction(1, 4 * D)
        expected = f"pi[2] is {tiny}, which rounds to 0 over 2^40"
        assert refusal(numerators, [HALF, HALF - tiny, tiny], 1) == expected

    def test_it_refuses_to_make_an_uncertain_unit_certain(self):
        tiny = Fraction(1, 4 * D)
        expected = f"pi[0] is {1 - tiny}, which rounds to 1 over 2^40"
        assert refusal(numerators, [1 - tiny, HALF, HALF + tiny], 2) == expected
