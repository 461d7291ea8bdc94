import literal_order as literal
import numpy as np
import pytest
from small_vectors import lognormal_pi

from fairlot._base.errors import InvalidInput
from fairlot.sampling import order_probabilities as module
from fairlot.sampling.order_probabilities import (
    order_inclusion_probabilities,
    pareto_joint,
    sequential_poisson_joint,
    successive_joint,
)

JOINTS = {
    "pareto": pareto_joint,
    "sequential_poisson": sequential_poisson_joint,
    "successive": successive_joint,
}
every = pytest.mark.parametrize("design", JOINTS)
VECTORS = {
    "few": lognormal_pi(40, 8),
    "most": lognormal_pi(40, 30),
    "far-apart": np.array([1e-12, 0.5, 0.5 - 1e-12, 1 - 1e-9, 1e-9]),
    "one-or-the-other": np.array([1 - 1e-15, 1e-15]),
    "nearly-all": np.full(25, 0.96),
    "one-of-ten": np.array([0.9999] * 9 + [0.0009]),
}
vectors = pytest.mark.parametrize("pi", VECTORS.values(), ids=VECTORS)
FIVE = np.array([0.1, 0.3, 0.45, 0.55, 0.6])  # n = 2


@every
def test_corners(design):
    for pi in ([1.0], [1.0, 0.0], [0.5, 0.5, 1.0], [0.25] * 4, [1e-7, 1.0]):
        want = np.round(pi) if pi == [1e-7, 1.0] else pi
        got = order_inclusion_probabilities(pi, design=design)
        np.testing.assert_allclose(got, want, rtol=0, atol=1e-15)
    assert order_inclusion_probabilities([1 - 1e-7] * 2, design=design).tolist() == [1.0, 1.0]


@every
def test_two_units_by_hand(design):
    """The smaller of two ranks: P(u_0 / p < u_1 / q) = p / 2q, or a beta integral of the others."""
    p, q = 0.25, 0.75
    odds = (p / (1 - p)) / (q / (1 - q))
    want = {
        "sequential_poisson": p / (2 * q),
        "pareto": odds * (odds - 1 - np.log(odds)) / (odds - 1) ** 2,
        "successive": np.log(1 - p) / (np.log(1 - p) + np.log(1 - q)),
    }[design]
    got = order_inclusion_probabilities([p, q], design=design)
    np.testing.assert_allclose(got, [want, 1 - want], rtol=1e-13)


@every
def test_the_definition_by_quadpack(design):
    got = order_inclusion_probabilities(FIVE, design=design)
    want = [literal.probability_of_all(design, FIVE, 2, [i]) for i in range(5)]
    np.testing.assert_allclose(got, want, rtol=0, atol=1e-10)
    i, j = np.triu_indices(5, 1)
    got = JOINTS[design](FIVE)(i, j)
    want = [literal.probability_of_all(design, FIVE, 2, [a, b]) for a, b in zip(i, j, strict=True)]
    np.testing.assert_allclose(got, want, rtol=0, atol=1e-10)


@vectors
@every
def test_they_add_up(design, pi):
    """The size is fixed: units add up to n, and the pairs of a unit to n - 1 times its own."""
    n = round(pi.sum())
    exact = order_inclusion_probabilities(pi, design=design)
    assert exact.sum() == pytest.approx(n, abs=1e-12)
    inner = np.flatnonzero(pi < 1)
    i, j = np.nonzero(~np.eye(inner.size, dtype=bool))
    rows = np.bincount(i, JOINTS[design](pi[inner])(i, j))
    want = (n - np.count_nonzero(pi == 1) - 1) * exact[inner]
    np.testing.assert_allclose(rows, want, rtol=0, atol=1e-12)


@vectors
@every
def test_finer_panels_change_nothing(design, pi, monkeypatch):
    coarse = order_inclusion_probabilities(pi, design=design)
    monkeypatch.setattr(module, "PANEL", 0.25)
    monkeypatch.setattr(module, "SPREAD", 0.5)
    fine = order_inclusion_probabilities(pi, design=design)
    np.testing.assert_allclose(coarse, fine, rtol=0, atol=1e-13)


@every
def test_pairs_in_any_order(design):
    i, j = np.triu_indices(5, 1)
    joint = JOINTS[design](FIVE)
    shuffled = np.random.default_rng(0).permutation(i.size)
    np.testing.assert_array_equal(joint(i, j)[shuffled], joint(i[shuffled], j[shuffled]))
    np.testing.assert_allclose(joint(j, i), joint(i, j), rtol=1e-13)


def test_pairs_of_one_draw_never_meet():
    i, j = np.triu_indices(4, 1)
    for joint in JOINTS.values():
        assert joint(np.full(4, 0.25))(i, j).tolist() == [0.0] * 6


def test_the_misses_said_in_the_docstrings():
    six, many = np.array([0.07, 0.17, 0.41, 0.61, 0.83, 0.91]), lognormal_pi(300, 45)
    for design, on_six, on_many in [
        ("sequential_poisson", 0.060, 0.010),
        ("pareto", 0.013, 0.000027),
        ("successive", 0.030, 0.0016),
    ]:
        for pi, miss in ((six, on_six), (many, on_many)):
            worst = np.abs(order_inclusion_probabilities(pi, design=design) - pi).max()
            assert worst == pytest.approx(miss, rel=0.05)


def test_an_unknown_design_is_refused():
    with pytest.raises(InvalidInput, match="design is 'brewer'; want one of pareto, sequential"):
        order_inclusion_probabilities([0.5, 0.5], design="brewer")


def test_compiled_is_plain(monkeypatch):
    nodes = module._nodes(FIVE, 2, module._RANKS["pareto"])
    i, j = np.triu_indices(5, 1)
    compiled = nodes.number, module._drawn(2, nodes), module._both_drawn(2, nodes, i, j)
    for name in ("_numbers", "_drawn", "_both_drawn", "_without", "_fewer_without"):
        kernel = getattr(module, name)
        monkeypatch.setattr(module, name, getattr(kernel, "py_func", kernel))
    plain = (
        module._numbers(nodes.below),
        module._drawn(2, nodes),
        module._both_drawn(2, nodes, i, j),
    )
    for ours, theirs in zip(compiled, plain, strict=True):
        np.testing.assert_array_equal(ours, theirs)
