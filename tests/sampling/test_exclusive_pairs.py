"""Pairs that never come together, and what is refused because of them."""

import numpy as np
import pytest

from fairlot import sampling
from fairlot._base.errors import InvalidInput
from fairlot.sampling import Sample, exclusive_pairs, joint_probabilities, total

NAMES = ["sen_yates_grundy", "horvitz_thompson"]
QUARTER = np.full(40, 0.25)


def draw(design, pi, k=1):
    return getattr(sampling, design)(pi, rng=np.random.default_rng(k))


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("design", ["pivotal", "systematic"])
def test_zeros_of_the_frame_are_counted_though_none_was_drawn(design, name):
    sample = draw(design, QUARTER)
    zeros = joint_probabilities(QUARTER, design=design).zeros
    with pytest.raises(InvalidInput, match=f"under {design}/1: {zeros}, .*'hansen_hurwitz'") as e:
        total(np.ones(len(sample)), sample, variance=name)
    i, j = e.value.example
    assert joint_probabilities(QUARTER, design=design, pairs=([i], [j])).values == 0
    assert ("not safe either" in str(e.value)) == (design == "systematic")
    assert total(np.ones(len(sample)), sample, variance="hansen_hurwitz").se == 0


@pytest.mark.parametrize("design", ["pivotal", "systematic", "tille"])
def test_of_large_frames_the_pairs_of_the_drawn_are_looked_at(design, monkeypatch):
    monkeypatch.setattr(exclusive_pairs, "WHOLE", 4)
    pi = np.array([0.1, 0.1, 0.9, 0.9, 0.3, 0.7] * 2) if design != "tille" else SMALL
    sample = draw(design, pi)
    least = "1" if design == "tille" else "[0-9]+"
    with pytest.raises(InvalidInput, match=f": {least} or more, such as"):
        total(np.ones(len(sample)), sample, variance="sen_yates_grundy")


SMALL = np.array([0.05, 0.05, 0.95, 0.97, 0.98])
"""Tillé's elimination: the small units share one place."""


@pytest.mark.parametrize("design", ["tille", "midzuno"])
def test_the_smallest_two_exclude_each_other_if_any_do(design):
    rng = np.random.default_rng(5)
    seen = set()
    for _ in range(200):
        units = int(rng.integers(4, 7))
        pi = sampling.inclusion_probabilities(rng.lognormal(0, 1.5, units), 3)
        inside = np.flatnonzero(pi < 1)
        if inside.size < 2 or round(pi[inside].sum()) < 2:
            continue
        joint = joint_probabilities(pi, design=design)
        low = inside[np.argsort(pi[inside])[:2]]
        assert (joint.values[low[0], low[1]] == 0) == (joint.zeros > 0)
        seen.add(joint.zeros > 0)
    assert seen == {True, False}


@pytest.mark.parametrize(
    "design", ["tille", "midzuno", "conditional_poisson", "sampford", "pareto"]
)
def test_without_such_a_pair_there_is_an_estimate(design):
    pi = np.array([0.4, 0.5, 0.6, 0.5, 0.4, 0.6])
    sample = draw(design, pi)
    assert np.isfinite(total([1, 5, 2], sample, variance="sen_yates_grundy").variance)


def test_strata_are_looked_at_by_themselves():
    sample = Sample(np.array([0, 2, 4, 6]), np.full(8, 0.5), "stratified(pivotal/1)")
    with pytest.raises(InvalidInput, match=": 4, such"):
        total(np.ones(4), sample, variance="sen_yates_grundy", strata=[1, 1, 1, 1, 2, 2, 2, 2])
    own = Sample(sample.index, sample.pi, "stratified(tille/1)")
    estimate = total([1, 2, 3, 5], own, variance="sen_yates_grundy", strata=np.arange(8) // 4)
    assert estimate.variance > 0
