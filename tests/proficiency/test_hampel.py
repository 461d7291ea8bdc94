from fractions import Fraction

import literal_differences as literal
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from samples_of_results import KINDS, hundredths, sample

from fairlot._base.errors import InvalidInput
from fairlot.proficiency import Batch, hampel, q_method
from fairlot.proficiency.hampel import _nearest_root, _root_right

CLOSE = 1e-12  # of the scale


def test_corners():
    got = hampel([1.0, 3.0])
    assert (got.x_star, got.s_star) == (2.0, q_method([1.0, 3.0]).s_star)
    assert got.u_xpt == pytest.approx(1.25 * got.s_star / np.sqrt(2))
    flat = hampel([5.1, 5.1, 5.1])
    assert (flat.x_star, flat.s_star, flat.no_scale) == (5.1, 0.0, True)


def test_inside_the_first_bend_it_is_the_mean():
    x = [9.0, 9.4, 10.1, 10.2, 10.9]
    assert hampel(x).x_star == pytest.approx(np.mean(x), rel=1e-15)


def test_a_result_far_out_weighs_nothing():
    x = [9.8, 9.9, 10.0, 10.1, 10.3]
    assert hampel([*x, 1e9]).x_star == hampel([*x, 1e300]).x_star
    assert hampel([*x, 1e9]).x_star == pytest.approx(np.mean(x), rel=1e-14)


def test_symmetric_results_give_their_centre():
    x = np.array([-9.0, -2.0, -1.0, -0.5, 0.5, 1.0, 2.0, 9.0])
    assert hampel(x).x_star == 0.0
    assert hampel(x + 1024).x_star == 1024.0


def test_of_two_roots_equally_near_it_is_the_median():
    y = np.array([-3.75, -3.5, -1.25, -1.0, 0.0, 0.25, 3.0, 3.0, 3.25])
    total = float(sum(map(literal.psi, map(Fraction, y.tolist()))))
    assert total == _root_right(y, total) == _root_right(-y[::-1], -total) == 0.5
    assert _nearest_root(y) == 0.0 == literal.hampel(y.tolist(), 1)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("p", [2, 3, 12, 31])
@pytest.mark.parametrize("seed", [0, 1])
def test_it_is_the_nearest_of_all_roots(kind, p, seed):
    x = sample(kind, p, seed)
    got = hampel(x)
    if not got.no_scale:
        want = float(literal.hampel(x.tolist(), got.s_star))
        assert got.x_star == pytest.approx(want, rel=0, abs=CLOSE * got.s_star + 1e-15 * abs(want))


@given(st.lists(st.integers(-40, 40), min_size=1, max_size=12))
def test_any_pulls(eighths):
    """With a scale so small that pulls may balance far out, or nowhere near the median."""
    y = np.sort(np.array(eighths) / 8)
    y -= (y[(y.size - 1) // 2] + y[y.size // 2]) / 2
    assert _nearest_root(y) == pytest.approx(float(literal.hampel(y.tolist(), 1)), abs=1e-11)


@given(hundredths(2), st.randoms(), st.sampled_from([2.0**-30, 1.0, 2.0**40]))
def test_rows_origin_and_unit_do_not_matter(x, random, unit):
    whole = np.round(100 * np.array(x))
    before = hampel(whole)
    random.shuffle(shuffled := whole.tolist())
    after = hampel((np.array(shuffled) + 2.0**20) * unit)
    want = (before.x_star + 2.0**20) * unit
    assert after.x_star == pytest.approx(want, rel=1e-12)


def test_the_location_of_replicates_is_that_of_the_means():
    x, sent = np.array([9.0, 11.0, 10.5, 10.5, 10.2, 12.0]), list("aabbcd")
    got = hampel(x, laboratory=sent)
    means = [10.0, 10.5, 10.2, 12.0]
    assert got.s_star == q_method(x, laboratory=sent).s_star
    assert got.x_star == pytest.approx(float(literal.hampel(means, got.s_star)), rel=1e-14)
    assert (got.p, got.u_xpt) == (4, 1.25 * got.s_star / 2)


def test_a_batch_is_its_samples():
    samples = {p: sample("outliers", p, 1) for p in (3, 9, 40)}
    sent = np.concatenate([np.arange(p) % (p - 1) for p in samples])
    got = hampel(Batch.of(samples), laboratory=sent)
    alone = [hampel(x, laboratory=np.arange(p) % (p - 1)) for p, x in samples.items()]
    assert got.x_star.tolist() == [one.x_star for one in alone]
    assert got.p.tolist() == [2, 8, 39]


def test_one_laboratory_is_refused():
    with pytest.raises(InvalidInput, match="x has 1 laboratories; q_method wants at least 2"):
        hampel([1.0])
