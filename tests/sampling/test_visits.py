"""Visits that came to nothing: bounds hold whatever the missing do, the model when it is right."""

from itertools import product

import numpy as np
import pandas as pd
import pytest
from literal_designs import conditional_poisson, srs

from fairlot._base.errors import InvalidInput
from fairlot.sampling.dispositions import DISPOSITIONS
from fairlot.sampling.intervals import exact_interval
from fairlot.sampling.sample import Sample
from fairlot.sampling.srs import srs as draw_srs
from fairlot.sampling.totals import mean
from fairlot.sampling.visits import prevalence

SAMPLE = Sample(np.array([1, 3, 4, 6, 8, 9]), np.full(12, 0.5), "srs/1")


def table(*rows):
    return pd.DataFrame(rows, columns=["unit", "disposition", "found"])


ALL = table(
    (1, "visited", 1),
    (3, "out_of_frame", None),
    (4, "refused", None),
    (6, "closed", 0),
    (8, "visited", 0),
)


def test_bounds_count_the_missing_as_none_or_all():
    found = prevalence(SAMPLE, ALL)
    assert (found.low.value, found.high.value) == (0.2, 0.8)
    assert found.missing == ((4, "refused"), (6, "closed"), (9, "not_visited"))
    assert found.dispositions == {
        "visited": 2, "out_of_frame": 1, "refused": 1, "closed": 1, "not_visited": 1,
    }  # fmt: skip
    assert found.if_none.tolist() == [True, False, False, False, False, False]
    assert found.if_all.tolist() == [True, False, True, True, False, True]
    assert found.refused.value == 0.25


def test_nobody_missing_is_the_plain_mean():
    results = table(*((int(i), "visited", int(i == 4)) for i in SAMPLE.index))
    found = prevalence(SAMPLE, results)
    plain = mean([0, 0, 1, 0, 0, 0], SAMPLE)
    assert found.low == found.high == found.weighted == plain
    assert found.missing == ()
    assert "nobody is missing" in str(found)
    assert "无缺失" in found.text("zh")


def test_order_of_rows_does_not_matter():
    a, b = prevalence(SAMPLE, ALL), prevalence(SAMPLE, ALL.iloc[::-1])
    assert (a.low, a.high, a.weighted, a.missing) == (b.low, b.high, b.weighted, b.missing)


def test_who_does_not_belong_leaves_the_denominator():
    results = table((1, "visited", 1), (3, "no_such_activity", None), (4, "注销", 0))
    found = prevalence(SAMPLE, results)
    assert found.low.value == pytest.approx(1 / 4)
    assert found.high.value == 1


def test_bounds_hold_whatever_the_missing_are():
    """Missing units may violate or not, and belong or not: the full answer lies between."""
    found = prevalence(SAMPLE, ALL)
    for fates in product(["yes", "no", "gone"], repeat=3):
        y, domain = [1, 0, *[0] * 4], [True, False, *[True] * 4]
        for place, fate in zip((2, 3, 5), fates, strict=True):
            y[place], domain[place] = int(fate == "yes"), fate != "gone"
        value = mean(y, SAMPLE, domain=domain, variance=None).value
        assert found.low.value <= value <= found.high.value


def test_the_weighted_share_by_hand():
    pi = np.full(12, 0.5)
    pi[1] = pi[4] = 0.25
    sample = Sample(SAMPLE.index, pi, "poisson/1")
    classes = ["x"] * 6 + ["y"] * 6
    results = table(
        (1, "visited", 1), (3, "visited", 0), (4, "closed", 0), (6, "visited", 0), (8, "visited", 1)
    )
    # class x: weights 4, 2 known of 10; class y: 2, 2 known of 6
    violating, size = 10 * 4 / 6 + 6 * 2 / 4, 10 + 6
    found = prevalence(sample, results, classes=classes)
    assert found.weighted.value == pytest.approx(violating / size)
    assert found.weighted.method == "conservative; model: alike in a class, visited or missing"


def responses(sample, y, chance, rng):
    answered = rng.random(sample.index.size) < chance[sample.index]
    rows = [
        (int(i), "visited" if a else "not_found", int(y[i]) if a else None)
        for i, a in zip(sample.index, answered, strict=True)
    ]
    return table(*rows)


def test_the_weighted_share_and_its_variance_are_right_when_the_model_is():
    """2000 draws: both within 5 standard errors, that of a variance being sqrt(2 / 2000) of it."""
    rng = np.random.default_rng(5)
    classes = np.arange(200) % 2
    y = rng.random(200) < np.where(classes, 0.6, 0.2)
    chance = np.where(classes, 0.9, 0.5)
    pi = np.full(200, 0.4)
    found = [
        prevalence(sample, responses(sample, y, chance, rng), classes=classes).weighted
        for sample in (draw_srs(pi, rng=rng) for _ in range(2000))
    ]
    values = np.array([each.value for each in found])
    assert abs(values.mean() - y.mean()) < 5 * values.std() / np.sqrt(2000)
    variance = np.mean([each.variance for each in found])
    assert abs(variance / values.var() - 1) < 5 * np.sqrt(2 / 2000)


@pytest.mark.parametrize(
    "design", [srs(6, 3), conditional_poisson([0.2, 0.3, 0.45, 0.5, 0.7, 0.85], 3)]
)
def test_the_ends_estimate_the_ends(design):
    """Over all samples, ``low`` and ``high`` are the Hajek means with the missing filled in."""
    away = {1: "refused", 4: "closed"}
    y = np.array([1, 0, 0, 1, 0, 1])
    for sample, _ in design.samples():
        rows = [
            (int(i), away.get(i, "visited"), None if i in away else int(y[i])) for i in sample.index
        ]
        found = prevalence(sample, table(*rows), variance=None)
        for end, filled in ((found.low, 0), (found.high, 1)):
            full = [filled if i in away else y[i] for i in sample.index]
            assert end.value == mean(full, sample, variance=None).value


def test_a_class_without_anyone_known_has_no_model():
    classes = [0] * 4 + [1] * 5 + [2] * 3
    found = prevalence(SAMPLE, table((1, "visited", 1), (8, "visited", 0)), classes=classes)
    assert found.weighted is None
    assert str(found.unweighted) == "nobody is known in the class of 9; join it with another class"
    assert "no share by a model" in str(found)
    assert "与其他类合并" in found.text("zh")


def test_nobody_gone_to_yet():
    found = prevalence(SAMPLE, table())
    assert (found.low.value, found.high.value, found.refused) == (0, 1, None)
    assert len(found.missing) == 6


def test_known_ones_that_do_not_belong_give_no_model():
    found = prevalence(SAMPLE, table((1, "out_of_frame", None)))
    assert found.weighted is None
    assert "belongs" in str(found.unweighted)


def test_ends_go_to_the_exact_interval():
    found = prevalence(SAMPLE, ALL)
    low, high = (exact_interval(flags, SAMPLE) for flags in (found.if_none, found.if_all))
    assert low.low <= high.low
    assert low.high <= high.high


def test_every_word_of_the_table_is_read():
    words = [(name, word) for name, each in DISPOSITIONS.items() for word in (name, *each)]
    for name, word in words:
        results = table((1, f" {word} ", 0))
        assert prevalence(SAMPLE, results).dispositions[name] == 1
    wide = table((1, "通过登记的住所（经营场所）无法联系", None))
    assert prevalence(SAMPLE, wide).missing[0] == (1, "not_found")


IDS = [f"S{i}" for i in range(12)]


@pytest.mark.parametrize(
    ("results", "message"),
    [
        (
            table(("S1", "visited", 1), ("S2", "visited", 0)),
            "row 2: 'S2' was not drawn; a substitute is not part of the sample",
        ),
        (table(("S99", "visited", 1)), "row 1: 'S99' was not drawn"),
        (table(("S1", "visited", 1), ("S1", "visited", 0)), "row 2: 'S1' stands in row 1 already"),
        (
            table(("S1", "looked at", 1)),
            "row 1: disposition of 'S1' is 'looked at'; want one of visited,",
        ),
        (table(("S1", None, 1)), "row 1: disposition of 'S1' is None"),
        (table(("S1", "visited", None)), "row 1: 'S1' is visited and found is None; want 0 or 1"),
        (table(("S1", "visited", 2)), "found is 2; want 0 or 1"),
        (table(("S1", "visited", "yes")), "found is 'yes'; want 0 or 1"),
        (table(("S1", "refused", 1)), "'S1' is refused and found is 1; want nothing or 0"),
        (table().drop(columns="found"), "results have no column 'found'"),
    ],
)
def test_bad_results_are_named_by_row(results, message):
    with pytest.raises(InvalidInput, match=message) as told:
        prevalence(SAMPLE, results, ids=IDS)
    assert told.value.text("zh") != str(told.value)


def test_ids_are_distinct():
    with pytest.raises(InvalidInput, match=r"ids\[2\] and ids\[1\] are both 'b'"):
        prevalence(SAMPLE, ALL, ids=["a", "b", "b", *IDS[3:]])


def test_the_text_gives_bounds_first_and_who_is_missing():
    found = prevalence(SAMPLE, ALL)
    lines = found.text("en").splitlines()
    assert lines[0] == "violators: 20.0 % if none of 3 missing violates, 80.0 % if all do"
    assert lines[-3:] == ["missing, closed: 6", "missing, refused: 4", "missing, not visited: 9"]
    assert found.text("zh").splitlines()[-1] == "缺失（尚未检查）：9"
    frame = found.to_frame()
    assert frame["what"].tolist() == ["low", "high", "weighted", "refused"]
    assert frame["share"].tolist() == pytest.approx([0.2, 0.8, found.weighted.value, 0.25])
