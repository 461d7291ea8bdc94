import math
from importlib import import_module

import literal_robust as literal
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import norm

from fairlot._base.errors import InvalidInput
from fairlot.proficiency import Batch, algorithm_a, huber, mad_e

# By their full names: the room hands out the function under the module's name.
MODULE = import_module("fairlot.proficiency.algorithm_a")
FIGURES = import_module("fairlot.proficiency.third_figure")
FACTOR = MODULE.FACTOR

COPPER = [2.9, 3.1, 3.4, 3.4, 3.7, 3.7, 2.8, 2.5, 2.4, 2.4, 2.7, 2.2, 5.28, 3.37, 3.03, 3.03, 28.95,
          3.77, 3.4, 2.2, 3.5, 3.6, 3.7, 3.7]  # fmt: skip
EDITIONS = pytest.mark.parametrize("edition", FACTOR)

whole = st.integers(-9, 9)
spread = st.integers(-(2**20), 2**20).map(lambda k: k / 64)
samples = st.lists(st.one_of(whole.map(float), spread), min_size=2, max_size=40)


def converged(x, edition="exact"):
    return algorithm_a(x, edition=edition, stop="converged")


def is_a_fixed_point(x, found, factor):
    """One step of the algorithm, in extended precision, leaves it where it is."""
    y = np.asarray(x, np.longdouble)
    t, s = literal._step(y, np.longdouble(found.x_star), np.longdouble(found.s_star), factor)
    assert abs(t - found.x_star) <= 1e-12 * found.s_star + 4e-16 * abs(y).max()
    assert abs(s - found.s_star) <= 1e-12 * found.s_star + 4e-16 * abs(y).max()


@EDITIONS
@given(samples)
def test_a_step_leaves_the_fixed_point_where_it_is(edition, x):
    found = converged(x, edition)
    assert found.converged
    if not found.no_scale:
        is_a_fixed_point(x, found, FACTOR[edition])


@EDITIONS
@given(st.lists(whole.map(float), min_size=2, max_size=25))
def test_it_is_where_the_printed_iteration_ends(edition, x):
    """Whole numbers bring ties at the median, at the limits, and every way to collapse."""
    found = converged(x, edition)
    origin, t, s, rested = literal.algorithm_a(x, FACTOR[edition], steps=20_000)
    if found.no_scale:
        assert s < 1e-3 * max(map(abs, x)) + 1e-300  # on its way to 0, if slowly
    elif rested:
        assert float(s) == pytest.approx(found.s_star, rel=1e-11)
        assert float(origin + t) == pytest.approx(found.x_star, abs=1e-11 * found.s_star)


@pytest.mark.parametrize(
    ("x", "none"),
    [
        ([5.0] * 9 + [4.0, 4.5, 5.5, 6.0], True),  # 12 / 1.134^2 > 2.25 * 4
        ([5.0] * 9 + [5.1, 5.2, 5.5, 6.0], False),  # all on one side pull the mean along
        ([5.0] * 7 + [4.0, 4.5, 4.6, 5.5, 6.0, 6.1], False),  # MADe is 0, and there is a scale
        ([5.0] * 8 + [4.0, 4.5, 5.5, 6.0], False),  # exactly two thirds
        ([1.0, 1.0, 2.0, 2.0], False),
        ([1.0, 1.0], True),
        ([3.0], True),
    ],
)
def test_collapse_is_found_by_counting(x, none):
    found = converged(x, "iso2022")
    assert found.no_scale is none
    assert (found.s_star == 0.0) is none
    assert algorithm_a(x, edition="iso2022").no_scale is none
    if none:
        assert (found.x_star, found.iterations, found.converged) == (np.median(x), 0, True)


def test_without_outliers_it_is_mean_and_sd():
    x = [9.0, 10.0, 11.0]
    assert converged(x).x_star == 10.0
    assert converged(x).s_star == pytest.approx(FACTOR["exact"], rel=1e-15)


def test_the_exact_factor_is_that_of_clipped_normal_results():
    k = 1.5
    theta = 2 * norm.cdf(k) - 1
    squares = theta + (1 - theta) * k**2 - 2 * k * norm.pdf(k)
    assert FACTOR["exact"] == pytest.approx(1 / math.sqrt(squares), rel=1e-14)


def test_an_outlier_can_go_anywhere():
    far = [*COPPER[:16], 1e9, *COPPER[17:]]
    assert converged(far).x_star == pytest.approx(converged(COPPER).x_star, rel=1e-12)
    assert converged(far).s_star == pytest.approx(converged(COPPER).s_star, rel=1e-12)


@given(samples, st.randoms(use_true_random=False), st.integers(-40, 40))
def test_row_order_and_unit_change_no_digit(x, random, power):
    found = converged(x)
    moved = converged([value * 2.0**power for value in random.sample(x, len(x))])
    assert (moved.x_star, moved.s_star) == (found.x_star * 2.0**power, found.s_star * 2.0**power)


@given(samples, st.integers(-(2**20), 2**20))
def test_another_origin_moves_the_mean_alone(x, origin):
    found, moved = converged(x), converged([value + origin for value in x])
    assert moved.s_star == pytest.approx(found.s_star, rel=1e-12)
    assert moved.x_star - origin == pytest.approx(found.x_star, abs=1e-9)


def test_the_third_figure_depends_on_the_unit():
    """What the docstring warns of, and what the fixed point does not do."""
    units = [1.0, 1.7, 3.1, 5.3, 7.9]
    for stop, differ in (("third_figure", True), ("converged", False)):
        scales = [
            algorithm_a([u * value for value in COPPER], edition="iso2022", stop=stop).s_star / u
            for u in units
        ]
        assert (max(scales) - min(scales) > 1e-6) is differ


@pytest.mark.parametrize("seed", range(60))
def test_the_printed_rule_stops_where_decimals_say(seed):
    """Python writes the doubles with three figures; random results meet no halves."""
    rng = np.random.default_rng(seed)
    x = rng.standard_t(3, rng.integers(3, 40)) * 10 ** rng.uniform(-3, 3) + rng.choice([0, 50.0])
    found = algorithm_a(x, edition="iso2022")
    t, s, steps = literal.printed_algorithm_a(x)
    assert found.iterations == steps
    assert found.x_star == pytest.approx(t, abs=1e-12 * (s + 50))
    assert found.s_star == pytest.approx(s, rel=1e-12)


@pytest.mark.parametrize(
    ("value", "figures"),
    [(0.0, (0, 0)), (1.0, (100, -2)), (-1.0, (-100, -2)), (9.996, (100, -1)), (9.994, (999, -2)),
     (123456.0, (123, 3)), (2.5e-9, (250, -11)), (1e300, (100, 298)), (1e-310, (0, 0))],
)  # fmt: skip
def test_three_figures(value, figures):
    assert FIGURES.three_figures(value) == figures


# The scale held


@given(samples, st.sampled_from([0.5, 3.0, 100.0]))
def test_with_the_scale_held_it_is_hubers_location(x, scale):
    held = algorithm_a(x, scale=scale)
    assert held.x_star == huber(x, k=1.5, scale=scale).x_star
    assert (held.s_star, held.algorithm) == (scale, "algorithm_a_fixed_scale/1")


def test_the_scale_may_come_from_another_estimator_of_the_batch():
    batch = Batch.of([COPPER, COPPER[:9]])
    scale = mad_e(batch).s_star
    found = algorithm_a(batch, scale=scale)
    assert found.s_star.tolist() == scale.tolist()
    assert found.x_star[1] == algorithm_a(COPPER[:9], scale=scale[1]).x_star


# Results and refusals


def test_a_batch_gives_to_every_measurand_what_it_has_alone():
    rng = np.random.default_rng(5)
    parts = [rng.standard_t(2, p).round(2) for p in (1, 2, 3, 8, 41, 200)] + [[1.0] * 5]
    for edition in FACTOR:
        found = algorithm_a(Batch.of(parts), edition=edition)
        for i, part in enumerate(parts):
            alone = algorithm_a(part, edition=edition)
            for name in ("x_star", "s_star", "u_xpt", "p", "iterations", "converged", "no_scale"):
                assert getattr(found, name)[i] == getattr(alone, name), name


def test_the_result_wears_its_edition():
    found = algorithm_a(COPPER, edition="iso2022")
    assert (found.algorithm, found.edition) == ("algorithm_a/1", "iso2022")
    assert found.u_xpt == 1.25 * found.s_star / math.sqrt(24)


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (lambda: algorithm_a(COPPER, edition="2022"), "edition is '2022'; want one of exact, iso"),
        (lambda: algorithm_a(COPPER, stop="soon"), "stop is 'soon'; want one of converged, third"),
        (lambda: algorithm_a(COPPER, scale=-0.5), r"scale\[0\] is -0.5; want a number of at least"),
        (lambda: algorithm_a([1.0, math.inf]), r"x\[1\] is inf; want a finite number"),
    ],
)
def test_refusals_name_what_they_got(call, said):
    with pytest.raises(InvalidInput, match=said):
        call()
