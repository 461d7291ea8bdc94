import literal_differences as literal
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from samples_of_results import KINDS, hundredths, sample

from fairlot._base.errors import InvalidInput
from fairlot.proficiency import Batch, q_method

CLOSE = 1e-12


def replicates(p, seed):
    """Laboratories that sent from one to many results each, at least two of them."""
    rng = np.random.default_rng([p, seed])
    return np.r_[0, 1, rng.geometric(0.2, p - 2)]


def test_two_results():
    """H1 has one step, at 2; its middle is at a half, and a quarter is half way there."""
    got = q_method([1.0, 3.0])
    assert got.difference == 1.0
    assert got.s_star == pytest.approx(1 / (np.sqrt(2) * 0.31863936396437514), rel=1e-14)
    assert (got.algorithm, got.edition, got.p) == ("q_method/1", "iso2022", 2)


def test_all_equal_has_no_scale():
    got = q_method([5.1, 5.1, 5.1])
    assert (got.s_star, got.no_scale, got.factor) == (0.0, True, 0.0)
    assert q_method([0.0, 0.0]).no_scale
    assert q_method([5.1, 5.1, 5.1], laboratory=["a", "b", "b"]).no_scale


def test_one_result_off_still_has_a_scale():
    """Nine of ten equal leave H1(0) = 0.8; the step at 1 has its middle at 0.9, and 0.85 is wanted."""
    got = q_method([5.0] * 9 + [6.0])
    assert got.difference == pytest.approx(0.85 / 0.9, rel=1e-14)
    assert got.no_scale is False


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("p", [2, 3, 12, 31, 64])
def test_it_is_the_quantile_of_all_differences(kind, p):
    x = sample(kind, p, 0)
    assert q_method(x).s_star == pytest.approx(literal.q_method(x), rel=CLOSE, abs=0)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("p", [3, 12, 31, 64])
def test_a_pair_of_laboratories_counts_once(kind, p):
    x, sent = sample(kind, p, 0), replicates(p, 0)
    want = literal.q_method(x, sent)
    assert q_method(x, laboratory=sent).s_star == pytest.approx(want, rel=CLOSE, abs=0)


@given(hundredths(3), st.data())
def test_replicates_among_ties(x, data):
    sent = data.draw(st.lists(st.integers(0, 5), min_size=len(x) - 2, max_size=len(x) - 2))
    want = literal.q_method(x, [0, 1, *sent])
    got = q_method(x, laboratory=[0, 1, *sent])
    assert got.s_star == pytest.approx(want, rel=CLOSE, abs=0)
    assert got.p == len({0, 1, *sent})


@given(hundredths(2))
def test_a_result_each_is_no_replicate(x):
    names = [f"L{i}" for i in range(len(x))]
    assert q_method(x, laboratory=names).s_star == pytest.approx(q_method(x).s_star, rel=CLOSE)


@given(hundredths(2, 15))
def test_everybody_twice_the_same_changes_nothing(x):
    twice = q_method(x * 2, laboratory=[*range(len(x))] * 2)
    assert twice.s_star == pytest.approx(q_method(x).s_star, rel=CLOSE, abs=0)


def test_equal_differences_are_one_step_however_they_are_rounded():
    """3.4 - 3.1 and 3.7 - 3.4 differ by 4e-16; counted as two steps the scale would be another."""
    decimals = [3.1, 3.4, 3.7, 4.0, 4.9]
    whole = [31.0, 34.0, 37.0, 40.0, 49.0]
    assert len(set(np.diff(decimals[:4]).tolist())) > 1
    assert 10 * q_method(decimals).s_star == pytest.approx(q_method(whole).s_star, rel=1e-14)


@pytest.mark.parametrize("far", [1e9, 1e300])
def test_a_result_far_out_does_not_make_others_equal(far):
    x = [1.0, 1.1, 1.3, 1.4, 1.8, 1.9, 2.5]
    assert q_method([*x, far]).s_star == pytest.approx(q_method([*x, 99.0]).s_star, rel=1e-14)


def test_most_results_may_be_zero():
    """A typical result of 0 has no roundings: only what is equal is one step."""
    x = [0.0] * 6 + [0.1, 0.2, 0.4]
    assert q_method(x).s_star == pytest.approx(literal.q_method(x), rel=CLOSE)


def test_a_chain_of_ties_is_one_step():
    """Differences that creep from one to the next within the tolerance, up and down."""
    tie = 2.0**-50
    x = np.array([0.0, 0.25, 0.25 + 0.8 * tie, 0.25 + 1.6 * tie, 1.0])
    assert q_method(x).s_star == pytest.approx(literal.q_method(x), rel=CLOSE)
    near_zero = np.array([0.5, 0.5 + 0.8 * tie, 0.5 + 1.6 * tie, 0.5 + 2.4 * tie, 1.0])
    assert q_method(near_zero).s_star == pytest.approx(literal.q_method(near_zero), rel=CLOSE)


@given(hundredths(2), st.randoms(), st.sampled_from([2.0**-30, 1.0, 2.0**40]))
def test_rows_origin_and_unit_do_not_matter(x, random, unit):
    whole = np.round(100 * np.array(x))
    random.shuffle(shuffled := whole.tolist())
    moved = (np.array(shuffled) + 2.0**30) * unit
    assert q_method(moved).s_star == pytest.approx(q_method(whole).s_star * unit, rel=1e-14, abs=0)


def test_a_batch_is_its_samples():
    samples = {p: sample("tenths", p, 1) for p in (3, 9, 40)}
    sent = {p: replicates(p, 1) for p in samples}
    plain = q_method(Batch.of(samples))
    assert plain.s_star.tolist() == [q_method(x).s_star for x in samples.values()]
    joined = q_method(Batch.of(samples), laboratory=np.concatenate(list(sent.values())))
    alone = [q_method(samples[p], laboratory=sent[p]) for p in samples]
    assert joined.s_star.tolist() == [got.s_star for got in alone]
    assert joined.p.tolist() == [got.p for got in alone]


def test_refusals():
    with pytest.raises(
        InvalidInput, match="x has 1 laboratories; q_method wants at least 2"
    ) as one:
        q_method([1.0, 2.0], laboratory=["a", "a"])
    assert one.value.text("zh") == "x 的实验室只有 1 个，q_method 至少需要 2 个"
    with pytest.raises(InvalidInput, match="x has 1 laboratories"):
        q_method([1.0])
    with pytest.raises(InvalidInput, match="laboratory has 3 entries for 2 units"):
        q_method([1.0, 2.0], laboratory=["a", "b", "c"])
