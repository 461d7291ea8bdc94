import tracemalloc

import literal_order as literal
import numpy as np
import pytest
from small_vectors import lognormal_pi

from fairlot._base.errors import Infeasible, InvalidInput
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


@pytest.mark.parametrize(
    ("design", "pi"),
    [
        ("sequential_poisson", [0.99, 0.99, 0.4, 0.4, 0.4, 0.4, 0.42]),
        ("successive", [0.995, 0.995, 0.3, 0.3, 0.3, 0.3, 0.4, 0.41]),
    ],
)
def test_two_nearly_certain_units_are_positively_correlated(design, pi):
    """As the docstrings say: these two designs are not negatively associated, by QUADPACK too."""
    pi = np.array(pi)
    one = order_inclusion_probabilities(pi, design=design)[0]
    both = JOINTS[design](pi)(np.array([0]), np.array([1]))[0]
    assert both > one * one + 5e-5
    assert both == pytest.approx(literal.probability_of_all(design, pi, 4, [0, 1]), abs=1e-10)
    assert one == pytest.approx(literal.probability_of_all(design, pi, 4, [0]), abs=1e-10)


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


def numbers_below(below):
    """The distribution of the number of independent events, one event after the other."""
    number = np.ones(1)
    for p in below:
        number = np.append(number * (1 - p), 0) + np.append(0, number * p)
    return number


BELOW = {
    "few": np.array([0.0, 1e-300, 0.2, 0.5, 0.5, 0.97, 1.0]),
    "near-certain": np.r_[np.full(30, 1 - 1e-12), 0.5, 0.25],
    "more-units-than-angles": np.tile([0.01, 0.3, 0.5, 0.7, 0.999], 120),
}


@pytest.mark.parametrize("below", BELOW.values(), ids=BELOW)
def test_numbers_of_all_but_two_by_adding_one_event_after_the_other(below):
    for number in np.unique(np.clip(int(below.sum()) + np.arange(-12, 13), 0, below.size - 2)):
        at = module._angles(below, int(number))
        for i, j in ((0, 1), (2, 3), (below.size - 1, below.size // 2)):
            want = numbers_below(np.delete(below, [i, j]))[:number].sum()
            got = module._fewer_without(below[[i]], below[[j]], at)[0]
            assert got == pytest.approx(want, rel=0, abs=2e-14)
    assert at.fall.size < 80


@pytest.mark.parametrize("below", BELOW.values(), ids=BELOW)
def test_what_is_beyond_belief_is_rare(below):
    number = numbers_below(below)
    for k in range(below.size + 1):
        tail = number[k:].sum() if k > below.sum() else number[: k + 1].sum()
        assert tail <= np.exp(-module._rarity(k, below)) + 1e-13


def kinked(units):
    """Half of the ranks may be the last one drawn, each with a kink of its own."""
    pi = np.random.default_rng(1).uniform(0.6, 0.998, units)
    return pi + (np.floor(pi.sum()) - pi.sum()) / units


def test_short_panels_have_few_nodes():
    nodes = module._nodes(
        kinked(2000), round(kinked(2000).sum()), module._RANKS["sequential_poisson"]
    )
    assert nodes.t.size < 3000


@pytest.mark.slow
def test_thousands_of_kinks(monkeypatch):
    """And in memory of a few frames."""
    pi = kinked(2000)
    tracemalloc.start()
    coarse = order_inclusion_probabilities(pi, design="sequential_poisson")
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 2e6
    assert coarse.sum() == pytest.approx(pi.sum(), abs=1e-11)
    monkeypatch.setattr(module, "SPREAD", 0.5)
    fine = order_inclusion_probabilities(pi, design="sequential_poisson")
    np.testing.assert_allclose(coarse, fine, rtol=0, atol=1e-13)


def test_more_than_minutes_are_refused():
    for compute in (
        lambda pi: order_inclusion_probabilities(pi, design="sequential_poisson"),
        sequential_poisson_joint,
    ):
        with pytest.raises(Infeasible, match="want a product of at most 1000000000: take") as no:
            compute(kinked(60_000))
        assert no.value.units == 60_000
        assert "节点" in no.value.text("zh")


def test_compiled_is_plain():
    below = BELOW["few"]
    fall = np.linspace(0, 1.9, 9)
    turn = np.sin(fall)
    at = module._Angles(fall, turn, np.cos(fall), -turn)
    for name, given in (
        ("_characteristic", (below, fall, turn)),
        ("_fewer_without", (below, below[::-1].copy(), at)),
    ):
        kernel = getattr(module, name)
        plain = getattr(kernel, "py_func", kernel)
        np.testing.assert_array_equal(kernel(*given), plain(*given))
