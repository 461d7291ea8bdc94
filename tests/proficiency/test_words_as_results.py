"""Ordinal and nominal results: literal counts, exact rearrangements, stated rates."""

from itertools import permutations
from statistics import median_high, median_low, multimode

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fairlot._base.errors import InvalidInput
from fairlot.proficiency import catanova, category_distances, nominal, ordanova, ordinal

SCALE = ("-", "+-", "+", "++")
WORDS = st.lists(st.sampled_from(SCALE), min_size=1, max_size=20)
GROUPS = st.lists(WORDS, min_size=2, max_size=4)


@given(WORDS)
def test_an_ordinal_summary_counts_and_never_computes(x: list[str]) -> None:
    found, ranks = ordinal(x, SCALE), [SCALE.index(word) for word in x]
    assert found.counts.tolist() == [x.count(word) for word in SCALE]
    assert set(found.mode) == set(multimode(x))
    assert found.median_low == SCALE[median_low(ranks)]
    assert found.median_high == SCALE[median_high(ranks)]
    shares = [np.mean(np.array(ranks) <= k) for k in range(3)]
    assert found.variation == pytest.approx(sum(4 / 3 * f * (1 - f) for f in shares))
    assert (found.variation == 0) == (len(set(x)) == 1)


@given(WORDS)
def test_a_nominal_summary_counts(x: list[str]) -> None:
    found = nominal(x)
    assert dict(zip(found.categories, found.counts.tolist(), strict=True)) == {
        word: x.count(word) for word in x
    }
    assert set(found.mode) == set(multimode(x))
    assert 0 <= found.variation <= 1 + 1e-12


def test_the_ends_of_variation() -> None:
    assert ordinal(["-", "++"] * 3, SCALE).variation == 1
    assert nominal(["a", "b", "c"]).variation == pytest.approx(1)
    assert nominal(["a", "a"]).variation == 0


@given(WORDS, st.sampled_from(SCALE))
def test_distances_are_signed_steps(x: list[str], assigned: str) -> None:
    want = [SCALE.index(word) - SCALE.index(assigned) for word in x]
    assert category_distances(x, assigned, SCALE).tolist() == want


@pytest.mark.parametrize(
    ("x", "categories", "says"),
    [
        (["-", "weak"], SCALE, r"x\[1\] is 'weak'; want one of"),
        ([], SCALE, "x is empty"),
        (["-"], ["-"], "1 categories"),
        (["-"], ["-", "-"], "2 categories, 1 distinct"),
    ],
)
def test_what_is_no_category_is_refused(x, categories, says) -> None:
    with pytest.raises(InvalidInput, match=says):
        ordinal(x, categories)


def between_of(groups: list[list[str]]) -> float:
    """Gadrich and Bashkansky (2012): the mean square of cumulative shares about the total ones."""
    everyone = [SCALE.index(word) for group in groups for word in group]
    found = 0.0
    for k in range(len(SCALE) - 1):
        share = np.mean(np.array(everyone) <= k)
        for group in groups:
            own = np.mean([SCALE.index(word) <= k for word in group])
            found += len(group) * (own - share) ** 2
    return found * 4 / (len(SCALE) - 1) / len(everyone)


@given(GROUPS)
def test_total_variation_is_within_and_between(groups: list[list[str]]) -> None:
    found = ordanova(dict(enumerate(groups)), SCALE, rng=np.random.default_rng(1), reps=5)
    everyone = [word for group in groups for word in group]
    within = sum(len(g) * ordinal(g, SCALE).variation for g in groups) / len(everyone)
    assert found.total == pytest.approx(ordinal(everyone, SCALE).variation)
    assert found.between == pytest.approx(between_of(groups), abs=1e-12)
    assert found.within == pytest.approx(within, abs=1e-12)
    assert found.no_scale == (len(set(everyone)) == 1)
    assert 1 / 6 <= found.p_value <= 1


def test_the_p_value_is_the_share_of_all_rearrangements() -> None:
    groups = [["-", "-", "+"], ["+", "++"]]
    everyone = [word for group in groups for word in group]
    all_of_them = [between_of([list(o[:3]), list(o[3:])]) for o in permutations(everyone)]
    exact = np.mean(np.array(all_of_them) >= between_of(groups) - 1e-12)
    found = ordanova(dict(enumerate(groups)), SCALE, rng=np.random.default_rng(2), reps=20_000)
    assert found.p_value == pytest.approx(exact, abs=4 * (0.25 / 20_000) ** 0.5)


@pytest.mark.once
def test_equal_groups_differ_as_often_as_said() -> None:
    rng = np.random.default_rng(4)
    p_values = []
    for _ in range(1000):
        words = rng.choice(SCALE, size=(3, 8), p=[0.1, 0.2, 0.3, 0.4]).tolist()
        p_values.append(ordanova(dict(enumerate(words)), SCALE, rng=rng, reps=99).p_value)
    for alpha in (0.05, 0.2):
        assert np.mean(np.array(p_values) <= alpha) < alpha + 4 * (alpha / 1000) ** 0.5


@given(GROUPS)
def test_catanova_is_what_the_formulas_say(groups: list[list[str]]) -> None:
    found = catanova(dict(enumerate(groups)))
    everyone = [word for group in groups for word in group]
    unlike = [sum(a != b for a in g for b in g) / (2 * len(g)) for g in (everyone, *groups)]
    assert found.total == pytest.approx(unlike[0])
    assert found.within == pytest.approx(sum(unlike[1:]))
    if not found.no_scale:
        assert found.r2 + 1e-12 >= 0
        assert found.c == pytest.approx(
            (len(everyone) - 1) * (len(set(everyone)) - 1) * found.between / found.total
        )


def test_a_group_without_results_is_refused() -> None:
    with pytest.raises(InvalidInput, match="2 groups, B of them"):
        catanova({"A": ["x"], "B": []})
    with pytest.raises(InvalidInput, match="1 groups"):
        catanova({"A": ["x"]})
