"""The picture of coverage: exact places, honest choice of bars, text that cannot break it."""

import re
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st
from notice_record import COVERAGE, coverage_csv, guarded

from fairlot._base.errors import InvalidInput
from fairlot.report import coverage_svg
from fairlot.report.picture import LABELS, PLOT, Segment, picture
from fairlot.report.tables import read_coverage

SVG = "{http://www.w3.org/2000/svg}"


def laid_out(*rows):
    return picture(read_coverage(coverage_csv(rows)))


def tree(*rows):
    return ElementTree.fromstring(coverage_svg(coverage_csv(rows)))


def labels(root):
    return [text.text for text in root.iter(f"{SVG}text") if "end" in text.get("class", "").split()]


def plain(n, drawn=15):
    return [f"B{i:03d},100,100,0,0,15,100,{drawn},{drawn},0.{drawn}00" for i in range(n)]


def city(n):
    return f"*,{100 * n},{100 * n},0,0,{15 * n},{100 * n},{15 * n},{15 * n},0.1500"


def test_places_along_a_bar_by_hand():
    # 35 % at most, so the axis runs to 40 % in steps of 10: one site of 20 takes 60 % * 5/40.
    made = laid_out("310101,22,20,2,3,1,20,5,5,0.3500", "*,22,20,2,3,1,20,5,5,0.3500")
    bar = made.bars[0]
    assert bar.segments == (
        Segment("counted", "22.00%", "15.00%"),
        Segment("full", "37.00%", "22.50%"),
        Segment("lot", "59.50%", "15.00%"),
    )
    assert bar.floor == "44.50%"
    assert made.ticks == (
        ("22.00%", "0%"), ("37.00%", "10%"), ("52.00%", "20%"), ("67.00%", "30%"), ("82.00%", "40%"),
    )  # fmt: skip


def test_bars_stand_in_the_order_of_the_file_with_the_city_last():
    root = tree("Z,10,10,0,0,2,10,2,2,0.2000", "*,20,20,0,0,4,20,4,4,0.2000",
                "A,10,10,0,0,2,10,2,2,0.2000")  # fmt: skip
    assert labels(root) == ["Z", "20.00%", "A", "20.00%", "全市 City", "20.00%"]


def test_picture_speaks_to_those_who_cannot_see_it():
    root = tree(*COVERAGE)
    named = root.get("aria-labelledby").split()
    told = {child.get("id"): child.text for child in root if child.get("id")}
    assert root.get("role") == "img"
    assert [*told] == named
    assert "3 of 3 bureaux reach their floor; the city stands at 22.58%" in told["coverage-desc"]
    assert "3 个监管机关中 3 个达到下限；全市 22.58%" in told["coverage-desc"]


def test_bureau_below_its_floor_is_marked_by_a_sign_and_not_by_colour_alone():
    text = coverage_svg(
        coverage_csv(["A,20,20,0,0,3,20,3,2,0.1000", "*,20,20,0,0,3,20,3,2,0.1000"])
    )
    assert "✗ 10.00%" in text
    assert "0 of 1 bureaux" in text
    assert "✗" not in coverage_svg(coverage_csv())


def test_sixty_bureaux_are_all_drawn():
    assert len(labels(tree(*plain(60), city(60)))) == 2 * 61


def test_of_sixty_one_the_twenty_with_least_margin_are_drawn_and_it_says_so():
    tight = [f"T{i:03d},100,100,0,0,15,100,15,15,0.1500" for i in range(19)]
    below = "LOW,100,100,0,0,15,100,15,14,0.1400"
    root = tree(*plain(41, drawn=20), *tight, below, city(61))
    assert labels(root)[::2] == ["LOW", *(f"T{i:03d}" for i in range(19)), "全市 City"]
    told = [text.text for text in root.iter(f"{SVG}text")]
    assert "仅列余量最小的 20 个（共 61 个）" in told
    assert "the 20 of 61 with the least margin" in told


def test_bureau_with_nothing_to_cover_has_no_bar_and_no_share():
    made = laid_out("A,3,0,0,0,0,0,0,0,", city(1))
    assert made.bars[0].segments == ()
    assert made.bars[0].bureau.percent == "–"


def test_long_id_is_shortened_in_the_middle():
    name = "ward/of-chicago:0042"
    made = laid_out(f"{name},100,100,0,0,15,100,15,15,0.1500", city(1))
    assert made.bars[0].label == "ward…:0042"


@pytest.mark.parametrize("name", ["<b>&", '\'"x"', "a\x0b\x1b\u202e", "{{7*7}}", "\ufffe"])
def test_any_id_leaves_the_picture_well_formed(name):
    quoted = '"' + guarded(name).replace('"', '""') + '"'
    root = tree(f"{quoted},100,100,0,0,15,100,15,15,0.1500", city(1))
    assert labels(root)[0] == re.sub("[\x0b\x1b\u202e\ufffe]", "\ufffd", name)


@given(
    st.lists(
        st.tuples(*[st.integers(0, 400)] * 5).map(
            lambda n: (n[0] + n[1] + n[2], n[1], min(n[3], n[2]), n[4], n[2])
        ),
        min_size=1,
        max_size=12,
    )
)
def test_no_bar_and_no_mark_leaves_the_axis(numbers):
    rows = [
        f"B{i},{base},{base},{counted},{full},{floor},{base},{drawn},{drawn},0.1"
        for i, (base, counted, full, floor, drawn) in enumerate(numbers)
    ]
    made = laid_out(*rows, city(1))
    for bar in made.bars:
        ends = [float(s.x[:-1]) + float(s.width[:-1]) for s in bar.segments]
        starts = [float(s.x[:-1]) for s in bar.segments]
        # Places are told to two decimals, so two of them add up to within one hundredth.
        assert all(abs(a - b) <= 0.0101 for a, b in zip(ends, starts[1:], strict=False))
        assert max([float(bar.floor[:-1]), *ends]) <= LABELS + PLOT + 0.0101
        assert len(bar.segments) == sum(
            n > 0 for n in (bar.bureau.counted, bar.bureau.take_all,
                            bar.bureau.drawn - bar.bureau.take_all)
        )  # fmt: skip
    assert len(made.ticks) <= 6


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"bureau_id,roster\r\n", "lacks the columns base, counted"),
        (coverage_csv(["A,1,1,0,0,0,1,0,many,0.0"]), "line 2: drawn is 'many'; want a whole number"),
        (coverage_csv(["A,1,1,0,0,-1,1,0,0,0.0"]), "line 2: floor is '-1'; want a whole number"),
        (coverage_csv(["A,1,1,0,0,0,1,0,0,NaN"]), "line 2: share is 'NaN'; want a plain decimal"),
        (coverage_csv(["A,1,1,0,0"]), "line 2: floor is ''; want a whole number"),
        (coverage_csv(COVERAGE[:-1]), r"no single row \* for the city"),
        (coverage_csv([COVERAGE[-1]] * 2), r"no single row \* for the city"),
        (b"\xff\xfe", "is not UTF-8"),
    ],
)  # fmt: skip
def test_coverage_that_cannot_be_drawn_is_refused(data, message):
    with pytest.raises(InvalidInput, match=rf"coverage\.csv.*{message}") as caught:
        coverage_svg(data)
    assert "coverage.csv" in caught.value.text("zh")
    assert caught.value.text("zh") != caught.value.text("en")
