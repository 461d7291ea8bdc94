import math
from statistics import NormalDist

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fairlot._base.errors import Infeasible, InvalidInput
from fairlot.sampling.allocation import allocate
from fairlot.sampling.sample_size import (
    SampleSize,
    sample_size_mean,
    sample_size_proportion,
    sample_size_stratified,
)

TWO_SIGMA = 2 * NormalDist().cdf(2) - 1
CITIES = {"N": [16, 48], "S": [53843**0.5, 5581**0.5], "level": TWO_SIGMA}


def refusal(function, *args, kind=InvalidInput, **kwargs):
    with pytest.raises(kind) as caught:
        function(*args, **kwargs)
    assert caught.value.text("zh") != str(caught.value)
    return str(caught.value)


class TestPublished:
    """Cochran (1977), Sampling Techniques, third edition, worked with z = 2."""

    def test_blood_groups(self):
        assert sample_size_proportion(0.05, level=TWO_SIGMA).n == 400
        assert sample_size_proportion(0.05, N=3200, level=TWO_SIGMA).n == 356

    def test_nursery_beds(self):
        got = sample_size_mean(1.9, sd=math.sqrt(85.6), N=430, level=TWO_SIGMA)
        assert got.n == 78

    def test_cities(self):
        # Standard errors of the total with n = 24: 1372 in proportion, 1044 at best.
        for method, error in (("proportional", 1372), ("neyman", 1044)):
            got = sample_size_stratified(2 * (error + 0.5), **CITIES, method=method)
            assert got.n == 24
            assert got.half_width / 2 == pytest.approx(error, abs=0.5)

    def test_opinion_polls(self):
        assert sample_size_proportion(0.03).n == 1068


class TestMean:
    @given(
        st.floats(0.01, 5), st.floats(0.1, 10), st.none() | st.integers(1, 5000), st.floats(0.5, 4)
    )
    def test_smallest(self, wish, sd, size, deff):
        got = sample_size_mean(wish, sd=sd, N=size, deff=deff)
        z = NormalDist().inv_cdf(0.975)

        def half_width(n):
            return z * sd * math.sqrt(deff * (1 / n - (1 / size if size else 0)))

        assert got.half_width == pytest.approx(half_width(got.n), rel=1e-9, abs=1e-12)
        assert got.half_width <= wish * (1 + 1e-9)
        assert got.n == 1 or half_width(got.n - 1) > wish

    def test_all_units_give_the_mean_itself(self):
        assert sample_size_mean(1e-9, sd=3, N=50) == SampleSize(50, 0.0)
        assert sample_size_mean(1, sd=0) == SampleSize(1, 0.0)

    def test_the_design_effect_multiplies(self):
        assert sample_size_mean(0.1, sd=1, deff=2).n == math.ceil(2 * (1.959964 / 0.1) ** 2)


class TestProportion:
    def test_one_unit(self):
        assert sample_size_proportion(0.1, N=1).n == 1

    def test_the_finite_population_correction_is_that_of_proportions(self):
        size, n = 200, 90
        s2 = 0.3 * 0.7 * size / (size - 1)
        wish = NormalDist().inv_cdf(0.975) * math.sqrt(s2 * (1 / n - 1 / size))
        assert sample_size_proportion(wish, p=0.3, N=size).n == n

    @pytest.mark.parametrize(
        ("wish", "p"), [(0.05, 0.5), (0.02, 0.01), (0.05, 0), (0.05, 1), (0.1, 0.25)]
    )
    def test_clopper_pearson(self, wish, p):
        from scipy.stats import beta

        got = sample_size_proportion(wish, p=p, exact=True)

        def half_length(n):
            low = beta.ppf(0.025, n * p, n - n * p + 1) if p > 0 else 0
            high = beta.ppf(0.975, n * p + 1, n - n * p) if p < 1 else 1
            return (high - low) / 2

        assert got.half_width == pytest.approx(half_length(got.n), rel=1e-9)
        assert half_length(got.n) <= wish < half_length(got.n - 1)

    def test_exact_covers_rare_cases_with_more_units(self):
        assert sample_size_proportion(0.02, p=0.01, exact=True).n > (
            sample_size_proportion(0.02, p=0.01).n
        )


class TestStratified:
    @pytest.mark.parametrize("method", ["neyman", "proportional", "webster", "dhondt"])
    def test_the_half_width_is_that_of_the_allocation(self, method):
        size, spread = np.array([40, 300, 90]), np.array([9.0, 2.0, 5.0])
        got = sample_size_stratified(150, N=size, S=spread, method=method, lower=2)

        def half_width(n):
            extra = {"S": spread} if method == "neyman" else {}
            a = allocate(size, n, method=method, lower=2, **extra)
            return 1.959963984540054 * math.sqrt(((size * spread) ** 2 * (1 / a - 1 / size)).sum())

        assert got.half_width == pytest.approx(half_width(got.n), rel=1e-12)
        assert half_width(got.n) <= 150 < half_width(got.n - 1)

    def test_cost(self):
        same = {"N": [100, 100], "S": [3, 3]}
        neyman = sample_size_stratified(100, **same)
        optimal = sample_size_stratified(100, **same, method="optimal", cost=[1, 9])
        assert optimal.n > neyman.n

    def test_all_units(self):
        assert sample_size_stratified(1e-6, N=[3, 4], S=[1, 2]) == SampleSize(7, 0.0)

    def test_empty_strata_and_strata_without_spread(self):
        got = sample_size_stratified(20, N=[0, 30, 5], S=[1, 2, 0])
        assert got.half_width <= 20


class TestRefuses:
    def test_numbers(self):
        assert refusal(sample_size_mean, 0, sd=1) == "half_width is 0; want a number above 0"
        assert refusal(sample_size_mean, 1, sd=-1) == "sd is -1; want a number from 0 to inf"
        assert refusal(sample_size_mean, 1, sd=1, deff=0) == "deff is 0; want a number above 0"
        assert (
            refusal(sample_size_mean, 1, sd=1, N=0) == "N is 0; want a whole number of at least 1"
        )
        assert (
            refusal(sample_size_mean, 1, sd=1, N=2.5)
            == "N is 2.5; want a whole number of at least 1"
        )
        want = "p is 1.5; want a number from 0 to 1"
        assert refusal(sample_size_proportion, 0.1, p=1.5) == want
        want = "level is 1; want a number between 0 and 1, such as 0.95"
        assert refusal(sample_size_mean, 1, sd=1, level=1) == want
        assert refusal(sample_size_mean, math.nan, sd=1).startswith("half_width is nan")

    @pytest.mark.parametrize("exact", [False, True])
    def test_percent(self, exact):
        want = "half_width is 3; for a proportion want a number below 1, such as 0.03 for 3 %"
        assert refusal(sample_size_proportion, 3, exact=exact) == want

    def test_what_is_no_number(self):
        assert refusal(sample_size_proportion, "3") == "half_width is '3'; want a number"
        assert refusal(sample_size_mean, 1, sd="1") == "sd is '1'; want a number"
        assert refusal(sample_size_mean, 1, sd=1, level=None) == "level is None; want a number"

    def test_exact_with_a_population(self):
        want = "N is 500, but exact knows no finite population; leave N out, or use exact=False"
        assert refusal(sample_size_proportion, 0.1, N=500, exact=True) == want

    def test_power_has_no_total(self):
        got = refusal(sample_size_stratified, 1, N=[5], S=[1], method="power")
        assert got.startswith("method is 'power'")

    def test_what_cannot_be_reached(self):
        got = refusal(sample_size_mean, 1e-30, sd=1, kind=Infeasible)
        assert got.startswith("half_width 1e-30 is out of reach")

    def test_columns(self):
        want = "S has 1 entries for 2 strata"
        assert refusal(sample_size_stratified, 1, N=[5, 5], S=[1]) == want
        assert refusal(sample_size_stratified, 1, N=[5], S=[1], method="gut").startswith(
            "method is"
        )
