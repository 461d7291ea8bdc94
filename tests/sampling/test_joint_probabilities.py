"""Joint probabilities of all designs through one door: certain units, parts, pairs and strata."""

import tracemalloc
from importlib import import_module
from itertools import combinations

import numpy as np
import pytest

from fairlot._base.errors import InvalidInput
from fairlot.sampling.joint import Joint
from fairlot.sampling.joint_approximations import APPROXIMATIONS
from fairlot.sampling.joint_designs import EXACT, ORDER, ORDER_MOST, RANDOM_SIZE
from fairlot.sampling.order_probabilities import order_inclusion_probabilities

# The room has a function of that name.
module = import_module("fairlot.sampling.joint_probabilities")
joint_probabilities, pair_probability = module.joint_probabilities, module.pair_probability

PI = np.array([0.4, 1.0, 0.25, 0.0, 0.6, 0.75, 1.0, 0.5, 0.5])
EQUAL = np.array([0.5, 1.0, 0.5, 0.0, 0.5, 0.5, 1.0, 0.5, 0.5])
KNOWN = [*EXACT, *APPROXIMATIONS]


def pi_for(design):
    return EQUAL if design in ("srs", "bernoulli") else PI


# What holds for every design


@pytest.mark.parametrize("design", KNOWN)
def test_certain_and_impossible_units_stand_in_the_matrix(design):
    joint = joint_probabilities(pi := pi_for(design), design=design)
    values = joint.values
    np.testing.assert_array_equal(values, values.T)
    np.testing.assert_array_equal(np.diagonal(values), joint.pi)
    np.testing.assert_array_equal(values[1], joint.pi)
    np.testing.assert_array_equal(values[3], 0)
    assert joint.pi[[1, 3, 6]].tolist() == [1, 0, 1]
    assert joint.exact == (design in EXACT)
    if design not in ORDER:
        assert joint.pi.tolist() == pi.tolist()


@pytest.mark.parametrize("design", [name for name in EXACT if name not in RANDOM_SIZE])
def test_rows_add_up_to_a_fixed_size(design):
    """sum_j pi_ij = n pi_i, of the true probabilities."""
    joint = joint_probabilities(pi_for(design), design=design)
    n = round(pi_for(design).sum())
    np.testing.assert_allclose(joint.values.sum(axis=1), n * joint.pi, rtol=0, atol=1e-10)


@pytest.mark.parametrize("design", KNOWN)
def test_units_and_pairs_are_parts_of_the_matrix(design, monkeypatch):
    pi = pi_for(design)
    whole = joint_probabilities(pi, design=design).values
    monkeypatch.setattr(module, "BLOCK", 5)
    np.testing.assert_array_equal(joint_probabilities(pi, design=design).values, whole)
    units = np.array([5, 1, 0, 3, 8])
    part = joint_probabilities(pi, design=design, units=units)
    np.testing.assert_allclose(part.values, whole[np.ix_(units, units)], rtol=0, atol=1e-15)
    i, j = np.array([0, 5, 1, 2, 3, 7, 8]), np.array([5, 0, 1, 1, 4, 7, 0])
    pairs = joint_probabilities(pi, design=design, pairs=(i, j))
    np.testing.assert_allclose(pairs.values, whole[i, j], rtol=0, atol=1e-15)


@pytest.mark.parametrize("design", KNOWN)
def test_nobody_is_left_to_chance(design):
    values = joint_probabilities([1, 0, 1], design=design).values
    assert values.tolist() == [[1, 0, 1], [0, 0, 0], [1, 0, 1]]


@pytest.mark.parametrize("design", [name for name in KNOWN if name not in RANDOM_SIZE])
def test_one_of_several_has_no_companion(design):
    """Size 1 by chance: every pair of uncertain units is exactly 0, by approximation too."""
    joint = joint_probabilities([0.25, 1, 0.25, 0.25, 0.25], design=design)
    np.testing.assert_allclose(joint.values[0], [0.25, 0.25, 0, 0, 0], atol=1e-10)
    assert joint.values[0, 2:].tolist() == [0, 0, 0]
    assert joint.zeros == 6


@pytest.mark.parametrize("design", [name for name in KNOWN if name not in RANDOM_SIZE])
def test_a_fixed_size_needs_a_whole_sum(design):
    with pytest.raises(InvalidInput, match=r"pi adds up to 1\.75"):
        joint_probabilities([0.5, 0.5, 0.75], design=design)


# Designs


def test_order_designs_are_told_by_their_true_probabilities():
    for design in ORDER:
        joint = joint_probabilities(PI, design=design)
        want = order_inclusion_probabilities(PI, design=design)
        np.testing.assert_allclose(joint.pi, want, rtol=0, atol=1e-12)
        assert not np.array_equal(joint.pi, PI)


def test_poisson_needs_no_whole_sum():
    pi = np.array([0.5, 0.5, 0.75])
    joint = joint_probabilities(pi, design="poisson")
    np.testing.assert_allclose(joint.values[~np.eye(3, dtype=bool)], np.outer(pi, pi)[~np.eye(3, dtype=bool)])  # fmt: skip
    assert joint.zeros == 0


def test_a_design_may_be_named_as_a_sample_names_it():
    named, plain = (joint_probabilities(PI, design=name) for name in ("tille/1", "tille"))
    assert named.design == plain.design == "tille"
    np.testing.assert_array_equal(named, plain)
    strata = np.array([0, 1, 0, 1, 0, 1, 0, 1, 1])
    pi = np.array([0.5, 1.0, 0.25, 0.0, 0.25, 0.5, 1.0, 0.75, 0.75])
    named, plain = (
        joint_probabilities(pi, design=name, strata=strata)
        for name in ("stratified(tille/1)", "tille")
    )
    np.testing.assert_array_equal(named, plain)


def test_pairs_are_broadcast():
    """A column and a row ask for a matrix, and a pair counts once, as in the matrix."""
    units = np.arange(PI.size)
    joint = joint_probabilities(PI, design="systematic", pairs=(units[:, None], units))
    whole = joint_probabilities(PI, design="systematic")
    np.testing.assert_array_equal(joint, whole)
    assert joint.zeros == whole.zeros > 0


@pytest.mark.parametrize("design", KNOWN)
def test_the_function_gives_what_the_matrix_holds(design):
    pi = pi_for(design)
    i, j = (side.ravel() for side in np.indices((pi.size, pi.size)))
    values = pair_probability(pi, design=design)(i, j).reshape(pi.size, pi.size)
    whole = joint_probabilities(pi, design=design).values
    np.testing.assert_allclose(values, whole, rtol=0, atol=1e-15)


@pytest.mark.parametrize(
    ("design", "hint"),
    [
        ("nested_pivotal/1", "take nested_pivotal_joint"),
        ("random_pivotal", "take 'hartley_rao'"),
        ("local_pivotal/1", r"estimate variances with local_mean_variance\(x\)"),
        ("stratified_cube/1", r"estimate variances with balanced_variance\(x\)"),
        ("stratified(cube/1)", "strata are not given; give strata"),
        ("stratified(srs/1)", "strata are not given; give strata"),
        ("tille/2", "want one of bernoulli, brewer, "),
        ("", "want one of "),
    ],
)
def test_who_cannot_answer_says_what_can(design, hint):
    with pytest.raises(InvalidInput, match=hint) as refused:
        joint_probabilities(PI, design=design)
    assert refused.value.text("zh") != refused.value.text("en")


# Zeros


@pytest.mark.parametrize("design", ["systematic", "pivotal", "tille", "midzuno"])
def test_zeros_are_counted_once_a_pair(design):
    pi = np.array([0.3, 0.5, 0.2, 0.95, 0.05, 0.4, 0.6, 1, 0])
    joint = joint_probabilities(pi, design=design)
    possible = [pair for pair in combinations(range(9), 2) if pi[list(pair)].all()]
    assert joint.zeros == sum(joint.values[pair] == 0 for pair in possible)
    i, j = np.array(possible).T
    assert joint_probabilities(pi, design=design, pairs=(i, j)).zeros == joint.zeros
    units = [0, 1, 2, 8]
    among = [pair for pair in possible if set(pair) <= set(units)]
    part = joint_probabilities(pi, design=design, units=units)
    assert part.zeros == sum(joint.values[pair] == 0 for pair in among)


@pytest.mark.parametrize("design", ["systematic", "pivotal"])
def test_sums_that_meet_leave_no_dust(design):
    """0.2 + 0.7 + ... in floats miss whole numbers by 1e-17: nobody divides by that."""
    values = joint_probabilities([0.2, 0.7, 0.8, 0.5, 0.4, 0.4], design=design).values
    assert not ((values > 0) & (values < 1e-12)).any()


# Strata


def test_strata_are_independent():
    pi = np.array([0.5, 0.25, 0.5, 0.75, 1.0, 0.3, 0.7, 0.4, 0.6])
    strata = np.array(list("aababccbb"))
    pi[strata == "a"] = [0.5, 0.25, 0.25]
    pi[strata == "b"] = [0.5, 1.0, 0.4, 0.1]
    joint = joint_probabilities(pi, design="tille", strata=strata)
    want = np.outer(pi, pi)
    for label in "abc":
        own = np.flatnonzero(strata == label)
        want[np.ix_(own, own)] = joint_probabilities(pi[own], design="tille").values
    np.testing.assert_allclose(joint.values, want, rtol=0, atol=1e-15)
    # Three pairs in a (size 1), three in b (one beside the certain unit), one in c.
    assert joint.zeros == 7


def test_a_broken_stratum_is_named():
    with pytest.raises(InvalidInput, match=r"stratum 'b': pi adds up to 0\.75"):
        joint_probabilities([0.5, 0.5, 0.75], strata=["a", "a", "b"], design="tille")
    with pytest.raises(InvalidInput, match="strata has 2 entries for 3 units"):
        joint_probabilities([0.5, 0.5, 1], strata=["a", "a"], design="tille")


def test_small_designs_are_small_by_stratum():
    strata, pi = np.repeat(np.arange(20), 4), np.tile([0.2, 0.4, 0.6, 0.8], 20)
    joint = joint_probabilities(pi, design="brewer", strata=strata)
    np.testing.assert_allclose(joint.values.sum(axis=1), 40 * pi, rtol=1e-13)
    with pytest.raises(InvalidInput, match="up to 20 uncertain units, got 80"):
        joint_probabilities(pi, design="brewer")


# Size


@pytest.mark.parametrize(
    "design",
    ["tille", "systematic", "hajek", pytest.param("conditional_poisson", marks=pytest.mark.slow)],
)
def test_pairs_of_many_units_need_little_memory(design):
    """N^2 floats would be 80 GB; the frame is .8 MB, and so are the pairs."""
    units, n = 100_000, 15_000
    rng = np.random.default_rng(6)
    pi = rng.uniform(0.05, 0.25, units)
    pi *= n / pi.sum()
    i, j = rng.integers(0, units, (2, 100_000))
    joint_probabilities(pi[:1000] / pi[:1000].sum() * 5, design=design, pairs=([0], [1]))
    tracemalloc.start()
    values = joint_probabilities(pi, design=design, pairs=(i, j)).values
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert most < 50e6
    assert np.mean(values) == pytest.approx(0.15**2, rel=0.05)


def test_a_matrix_that_fits_nowhere_is_refused():
    with pytest.raises(InvalidInput, match=r"30000 units needs 7 GB.*give units or pairs"):
        joint_probabilities(np.full(30_000, 0.5), design="srs")


@pytest.mark.parametrize("design", ORDER)
def test_an_order_design_of_too_many_units_is_refused(design):
    with pytest.raises(
        InvalidInput, match=r"up to 10000 uncertain units, got 10002; use design 'brewer_don"
    ):
        joint_probabilities(np.full(ORDER_MOST + 2, 0.5), design=design, pairs=([0], [1]))


# Bad input


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"units": [0, 9]}, r"units\[1\] is 9; want a position below 9"),
        ({"units": [-1]}, r"units\[0\] is -1"),
        ({"units": [0.5]}, "units holds float64; want whole numbers"),
        ({"units": [[0]]}, r"units have shape \(1, 1\); want a row"),
        ({"pairs": ([0, 1], [2, 3, 4])}, r"pairs have shapes \(2,\) and \(3,\)"),
        ({"pairs": ([0], [9])}, r"pairs\[1\]\[0\] is 9; want a position below 9"),
        ({"pairs": ([0], [1]), "units": [0]}, "give units or pairs, not both"),
    ],
)
def test_positions_are_checked(given, message):
    with pytest.raises(InvalidInput, match=message):
        joint_probabilities(PI, design="tille", **given)


@pytest.mark.parametrize("pi", [[0.5, np.nan], [0.5, 1.5], [0, 0]])
def test_probabilities_are_checked(pi):
    with pytest.raises(InvalidInput, match=r"^pi"):
        joint_probabilities(pi, design="tille")


# The answer


def test_no_units_and_no_pairs_are_an_empty_answer():
    assert joint_probabilities(PI, design="tille", units=[]).values.shape == (0, 0)
    assert joint_probabilities(PI, design="tille", pairs=([], [])).values.shape == (0,)


def test_a_joint_is_an_array_and_says_what_it_is():
    values = np.array([[0.5, 0.0], [0.0, 0.5]])
    joint = Joint(values, np.array([0.5, 0.5]), "tille", True, 1)
    assert np.asarray(joint) is values or np.shares_memory(np.asarray(joint), values)
    assert np.array(joint, dtype=np.float32, copy=True).dtype == np.float32
    assert str(joint) == ("2 x 2 joint probabilities, tille, exact; 1 pair never comes together")
    assert "approximate; 0 pairs never come together" in str(
        joint_probabilities(PI, design="hajek")
    )
    assert joint.text("zh") == "2 x 2 个联合入样概率，tille，精确；1 对单位不会同时抽中"
    assert joint_probabilities(PI, design="hajek").text("zh").count("近似") == 1


def test_the_callers_probabilities_are_not_touched():
    pi = PI.copy()
    joint = joint_probabilities(pi, design="tille")
    joint.pi[:] = 0
    assert pi.tolist() == PI.tolist()


NEAR = [1e-12, 0.5, 0.5, 1 - 1e-12]


@pytest.mark.parametrize("design", ORDER)
def test_what_is_nearly_impossible_is_neither_negative_nor_zero(design):
    joint = joint_probabilities(NEAR, design=design)
    assert joint.values.min() > 0
    assert joint.zeros == 0


@pytest.mark.parametrize("design", ["tille", "midzuno"])
def test_elimination_refuses_what_floats_lose(design):
    with pytest.raises(InvalidInput, match="set it to 0 or 1"):
        joint_probabilities([1e-300, 0.5, 0.5, 1 - 1e-16], design=design)


@pytest.mark.parametrize("design", [None, joint_probabilities])
def test_a_design_is_named(design):
    with pytest.raises(InvalidInput, match=r"design is .*; want the name of one, .*, tille"):
        joint_probabilities(NEAR, design=design)


@pytest.mark.parametrize("pairs", [[(0, 1), (2, 3), (0, 3)], 3])
def test_pairs_are_two_sides(pairs):
    with pytest.raises(InvalidInput, match=r"want two, pairs=\(i, j\)"):
        joint_probabilities(NEAR, pairs=pairs)
