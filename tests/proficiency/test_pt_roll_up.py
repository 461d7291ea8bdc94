"""Many scores of a laboratory: sums, J scores, and the verdict of its grades."""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from fairlot._base.errors import InvalidInput
from fairlot.proficiency import (
    Z_GRADING,
    Batch,
    TooFew,
    TooMany,
    VerdictRule,
    combined_scores,
    grade,
    j_score,
    roll_up,
)

CHINESE = Z_GRADING.labelled("满意", "可疑", "不满意")
SCORE_OF = {"满意": "1", "可疑": "2.5", "不满意": "-4"}
USUAL = VerdictRule((("不合格", (TooMany("不满意"), TooMany("可疑", 2))),), "合格")
LADDER = VerdictRule(
    (("不合格", (TooFew("可疑", "0.5"),)), ("有问题", (TooFew("满意", Fraction(4, 5)),))), "合格"
)
LABELS = st.lists(st.sampled_from(sorted(SCORE_OF)), min_size=1, max_size=8)


def grades(labels):
    return grade([SCORE_OF[label] for label in labels], CHINESE)


def verdict(labels, rule):
    (found,) = roll_up(["A"] * len(labels), grades(labels), rule).verdict
    return found


# Sums


@given(st.lists(st.floats(-5, 5), min_size=1, max_size=20))
def test_sums_by_their_definitions(z):
    found, n = combined_scores(z), len(z)
    ssz = sum(value**2 for value in z)
    assert found.rsz == pytest.approx(sum(z) / n**0.5, abs=1e-12)
    assert found.ssz == pytest.approx(ssz)
    assert found.rlp == pytest.approx((ssz / n) ** 0.5)
    assert found.mean_abs == pytest.approx(sum(map(abs, z)) / n)
    assert found.ssz_p == pytest.approx(stats.chi2.sf(ssz, n))
    assert found.n == n


def test_opposite_scores_cancel_in_one_sum_and_not_in_the_other():
    found = combined_scores([2.5, -2.5])
    assert (found.rsz, found.ssz) == (0.0, 12.5)


def test_laboratories_side_by_side():
    z = [[0.5, -1.2], [2.3], [0.1, 1.7, 3.0]]
    many = combined_scores(Batch.of(z))
    for i, part in enumerate(z):
        one = combined_scores(part)
        assert (many.rsz[i], many.ssz_p[i], many.rlp[i]) == (one.rsz, one.ssz_p, one.rlp)
    joined = j_score(Batch.of(z))
    np.testing.assert_array_equal(joined, np.concatenate([j_score(part) for part in z]))


@pytest.mark.parametrize(
    ("z", "want"),
    [
        ([0.99, 1.0, -1.0], [0, 2, -2]),
        ([1.0, 1.5, 1.999, 1.0], [2, 4, 6, 8]),
        ([2.0, 2.999, 3.0], [4, 8, 16]),
        ([2.0, 0.5, 2.0], [4, 0, 4]),
        ([2.0, -1.0, -2.0, 1.0], [4, -2, -6, 2]),
        ([-3.0, 0.0], [-8, 0]),
    ],
)
def test_j_scores_by_hand(z, want):
    assert j_score(z).tolist() == want
    assert j_score([-value for value in z]).tolist() == [-value for value in want]


# Verdicts


@pytest.mark.parametrize(
    ("labels", "want"),
    [
        (["满意"], "合格"),
        (["满意", "可疑"], "合格"),
        (["可疑", "可疑"], "不合格"),
        (["满意", "不满意"], "不合格"),
        (["满意"] * 20 + ["可疑"], "合格"),
    ],
)
def test_the_usual_rule(labels, want):
    assert verdict(labels, USUAL) == want


@pytest.mark.parametrize(
    ("satisfied", "want"), [(5, "合格"), (4, "合格"), (3, "有问题"), (0, "有问题")]
)
def test_a_share_is_met_exactly(satisfied, want):
    assert verdict(["满意"] * satisfied + ["可疑"] * (5 - satisfied), LADDER) == want


def test_the_worst_step_that_holds_decides():
    assert verdict(["不满意"] * 3 + ["满意"] * 2, LADDER) == "不合格"
    assert verdict(["不满意"] * 2 + ["满意"] * 2, LADDER) == "有问题"


def test_a_third_of_three_is_not_below_a_third():
    rule = VerdictRule((("不合格", (TooFew("满意", Fraction(1, 3)),)),), "合格")
    assert verdict(["满意", "可疑", "可疑"], rule) == "合格"
    assert verdict(["满意", "可疑", "可疑", "可疑"], rule) == "不合格"


@pytest.mark.parametrize("rule", [USUAL, LADDER])
@given(LABELS, st.data())
def test_a_worse_result_never_brings_a_better_verdict(rule, labels, data):
    i = data.draw(st.integers(0, len(labels) - 1))
    worse = data.draw(st.sampled_from(CHINESE.labels[CHINESE.labels.index(labels[i]) :]))
    after = verdict([*labels[:i], worse, *labels[i + 1 :]], rule)
    rank = rule.verdicts.index
    assert rank(after) <= rank(verdict(labels, rule))


@given(st.lists(st.tuples(st.sampled_from("ABC"), st.sampled_from(sorted(SCORE_OF))), min_size=1))
def test_each_laboratory_has_the_verdict_of_its_own_rows(rows):
    names, labels = zip(*rows, strict=True)
    found = roll_up(names, grades(labels), USUAL)
    assert found.laboratories == list(dict.fromkeys(names))
    for name, got, count in zip(found.laboratories, found.verdict, found.counts, strict=True):
        own = [label for other, label in rows if other == name]
        bad, doubtful = own.count("不满意"), own.count("可疑")
        assert got == ("不合格" if bad or doubtful >= 2 else "合格")
        assert count.tolist() == [own.count(label) for label in CHINESE.labels]


def test_a_verdict_says_why():
    found = roll_up(["A", "A", "B"], grades(["可疑", "不满意", "满意"]), USUAL)
    assert found.because == [USUAL.steps[0][1], ()]
    assert [each.text("zh") for each in found.because[0]] == [
        "不满意及以下达 1 项", "可疑及以下达 2 项",
    ]  # fmt: skip
    assert USUAL.steps[0][1][1].text() == "2 or more 可疑 or worse"
    assert LADDER.steps[0][1][0].text() == "share of 可疑 or better below 0.5"
    assert LADDER.steps[0][1][0].text("zh") == "可疑及以上的比例低于 0.5"


@pytest.mark.parametrize(
    ("condition", "words"),
    [
        (TooMany("有问题"), "the rule names the grade '有问题'"),
        (TooMany("可疑", 0), "count is 0"),
        (TooFew("满意", 0), "share is 0"),
        (TooFew("满意", "1.01"), "share is '1.01'"),
        (TooFew("满意", "most"), "share is 'most'"),
    ],
)
def test_a_rule_that_makes_no_sense_is_refused(condition, words):
    rule = VerdictRule((("不合格", (condition,)),), "合格")
    with pytest.raises(InvalidInput, match=words):
        roll_up(["A"], grades(["满意"]), rule)


def test_every_grade_needs_its_laboratory():
    with pytest.raises(InvalidInput, match="laboratories has 1 entries for 2 grades"):
        roll_up(["A"], grades(["满意", "满意"]), USUAL)
