import literal_conditional_poisson as literal
import numpy as np
import pytest

from fairlot._base.chance import Given
from fairlot._base.errors import InvalidInput
from fairlot.sampling.conditional_poisson import decide
from fairlot.sampling.sampford import _falls_on, _leading, _place, joint, sampford

PI = np.array([0.04, 0.31, 0.5, 0.72, 0.63, 0.8])
ODDS = PI / (1 - PI)


def given(first, u):
    """The numbers of two columns, as words."""
    column = np.full(len(u), first)
    return Given((np.concatenate([column, u]) * 2.0**64).astype(np.uint64))


@pytest.mark.parametrize(
    ("pi", "index"),
    [([1.0], [0]), ([0.0, 1.0], [1]), ([1e-9, 1.0], [1]), ([1 - 1e-9, 0.0], [0])],
)
def test_nothing_left_to_chance(pi, index):
    assert sampford(pi, rng=np.random.default_rng(1)).index.tolist() == index


@pytest.mark.parametrize("u", [0.0, 0.5, 1 - 2.0**-53])
def test_size_and_certainties_hold_for_numbers_at_the_border(u):
    pi = np.concatenate([[0.0, 1.0], PI, PI])
    chosen = sampford(pi, rng=given(u, np.full(14, u))).index
    assert len(chosen) == 7
    assert 1 in chosen


def test_one_of_few_is_drawn_by_the_first_number():
    draws = [sampford([0.2, 0.5, 0.3], rng=given(first, np.zeros(3))).index.tolist()
             for first in (0.0, 0.19, 0.21, 0.69, 0.71, 0.99)]  # fmt: skip
    assert draws == [[0], [0], [1], [1], [2], [2]]


def test_first_number_falls_on_each_unit_as_often_as_its_weight_says():
    running = np.array([3.0, 3.0, 4.0, 8.0])
    got = [_falls_on(running, (k + 0.5) / 800) for k in range(800)]
    assert np.bincount(got).tolist() == [300, 0, 100, 400]
    assert _falls_on(running, 1 - 2.0**-53) == 3


def test_first_unit_has_its_share_of_all_samples():
    # Of a sample s the unit i in it came first with the share (1 - pi_i) / sum_s (1 - pi).
    want = np.zeros(6)
    for s, probability in literal.sampford(PI, 3).items():
        for i in s:
            want[i] += probability * (1 - PI[i]) / (3 - PI[list(s)].sum())
    got = np.diff(_leading(ODDS, 3), prepend=0)
    np.testing.assert_allclose(got / got.sum(), want, rtol=1e-13)


def test_first_unit_and_the_rest_make_sampford():
    leading = np.diff(_leading(ODDS, 3), prepend=0)
    got = dict.fromkeys(literal.sampford(PI, 3), 0.0)
    for i, weight in enumerate(leading / leading.sum()):
        others = np.delete(np.arange(6), i)
        for s, probability in literal.conditional_poisson(ODDS[others], 2).items():
            got[tuple(sorted([i, *others[list(s)].tolist()]))] += weight * probability
    assert got == pytest.approx(literal.sampford(PI, 3), rel=1e-13)


@pytest.mark.parametrize("seed", range(20))
def test_draw_is_the_first_unit_and_the_rest(seed):
    rng = np.random.default_rng(seed)
    first, u = rng.random(), rng.random(6)
    i = _falls_on(_leading(ODDS, 3), first)
    chosen = np.arange(6) == i
    decide(np.delete(ODDS, i), 2, u, ~chosen, chosen)
    assert sampford(PI, rng=given(first, u)).index.tolist() == np.flatnonzero(chosen).tolist()


def test_place_of_the_first_unit_among_the_open_ones():
    flags = np.array([False, True, False, True, True])
    assert [_place(flags, k) for k in range(3)] == [1, 3, 4]


@pytest.mark.parametrize("pi", [[0.5, 0.7], [0.5, -0.5], [0.5, float("inf")]])
def test_bad_probabilities_are_refused(pi):
    with pytest.raises(InvalidInput, match="pi"):
        sampford(pi, rng=np.random.default_rng(1))


def test_joint_probabilities_are_those_of_all_samples():
    want = literal.inclusion(literal.sampford(PI, 3), 6)
    np.testing.assert_allclose(np.diag(want), PI, rtol=1e-13)
    i, j = np.nonzero(~np.eye(6, dtype=bool))
    np.testing.assert_allclose(joint(PI)(i, j), want[i, j], rtol=1e-13)


@pytest.mark.parametrize(("pi", "want"), [([0.25, 0.75], 0.0), ([1 - 1e-9, 1 - 2e-9], 1.0)])
def test_joint_probabilities_of_one_unit_and_of_all(pi, want):
    assert joint(np.array(pi))(np.array([0]), np.array([1])).tolist() == [want]


def test_pairs_of_many_units_add_up():
    pi = np.tile(PI, 500)
    others = np.arange(1, pi.size)
    row = joint(pi)(np.zeros_like(others), others)
    assert row.sum() == pytest.approx(1499 * pi[0], rel=1e-12)


@pytest.mark.slow
def test_a_hundred_thousand_units():
    pi = np.tile(PI, 17_000)
    assert len(sampford(pi, rng=np.random.default_rng(1))) == 51_000
