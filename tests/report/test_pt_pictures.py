"""The pictures of a report show what the levels hold, at the places where it belongs."""

import re

import numpy as np
import pytest
from pt_worlds import EARLIER, LABS, ROUND, SCHEME, row, scored, uncertain

from fairlot.proficiency import trend
from fairlot.proficiency.pictured import reach, tone
from fairlot.report.pt_frame import BOTTOM, LEFT, RIGHT, TOP, Frame, shown, ticks
from fairlot.report.pt_pairs import (
    mandel_pictures,
    repeatability_picture,
    trend_picture,
    youden_picture,
)
from fairlot.report.pt_pictures import density_picture, results_picture, scores_picture

LEVELS = {(level.measurand, level.level): level for level in ROUND.levels}
S1, S2, CD, HG = (LEVELS[key] for key in (("Pb", "S1"), ("Pb", "S2"), ("Cd", "S1"), ("Hg", "S1")))
BAR = re.compile(r"M(\S+) (\S+)H(\S+)V(\S+)H\S+Z")


def path(picture, kind):
    return "".join(d for name, d in picture.paths if name == kind)


def test_corners_of_the_frame_and_its_border():
    frame = Frame((0, 10), (-3, 3))
    assert [frame.across(x) for x in (0, 5, 10, 99)] == [LEFT, (LEFT + RIGHT) / 2, RIGHT, RIGHT]
    assert [frame.up(y) for y in (-3, 3, -99)] == [BOTTOM, TOP, BOTTOM]
    assert frame.level(4) == ""
    assert frame.upright(5) == f"M{(LEFT + RIGHT) / 2:.1f} {TOP}V{BOTTOM}"


@pytest.mark.parametrize("scale", [1e-9, 1e-3, 1.0, 7.3, 1e6])
@pytest.mark.parametrize("low", [-3.0, 0.0, 1.7])
def test_ticks_are_round_inside_and_few(low, scale):
    ends = low * scale, (low + 1.37) * scale
    found = ticks(*ends)
    values = [value for value, _ in found]
    assert 2 <= len(found) <= 7
    assert ends[0] <= values[0] < values[-1] <= ends[1]
    steps = np.diff(values)
    assert np.allclose(steps, steps[0])
    assert f"{steps[0]:.0e}"[0] in "125"
    assert [float(text) for _, text in found] == pytest.approx(values)


def test_numbers_are_shown_with_their_digits():
    assert [shown(x) for x in (None, 0, 0.1, 21.6, 85.4001, 123456.7, -0.00012345)] == [
        "", "0", "0.1", "21.6", "85.4", "123457", "-0.0001234"]  # fmt: skip


def test_tones_of_two_and_of_four_grades():
    assert [tone(code, 2) for code in (-1, 0, 1)] == ["g-", "g0", "g2"]
    assert [tone(code, 4) for code in range(4)] == ["g0", "g1", "g1", "g2"]


def test_a_bar_a_scored_laboratory_as_high_as_its_score():
    picture = scores_picture(S1)
    bars = sorted(
        (float(b[0]), float(b[3])) for name, d in picture.paths if name.startswith("bar")
        for b in BAR.findall(d)
    )  # fmt: skip
    scores = sorted(one.score for one in S1.first)
    top = reach(scores, [2, 3])
    frame = Frame((0, len(scores)), (-top, top))
    assert [y for _, y in bars] == [float(f"{frame.up(score):.1f}") for score in scores]
    assert [name for _, name, _ in picture.names] == [
        one.result.lab for one in sorted(S1.first, key=lambda one: one.score)]  # fmt: skip
    grades = {"bar g0": "满意", "bar g1": "可疑", "bar g2": "不满意"}
    for kind, label in grades.items():
        assert path(picture, kind).count("Z") == sum(one.grade == label for one in S1.first)


def test_a_bar_that_goes_on_has_a_point_at_the_border():
    picture = scores_picture(S2)
    assert path(picture, "cut").count("Z") == 1
    assert max(abs(one.score) for one in S2.first) > 1000
    assert [text for _, text in picture.rows] == ["0", "2", "-2", "3", "-3"]


def test_scores_reach_some_way_beyond_the_limit():
    assert reach([0.1], [2, 3]) == 3.75
    assert reach([4], [2, 3]) == 4.2
    assert reach([-100], [2, 3]) == 6


def test_a_dot_a_number_a_triangle_a_limit_a_line_an_uncertainty():
    picture = results_picture(CD)
    dots = sum(d.count("M") for name, d in picture.paths if name.startswith("dot"))
    assert (dots, path(picture, "below").count("Z"), path(picture, "u").count("M")) == (11, 1, 12)
    assert set(picture.marks) == set(LABS)
    assert path(picture, "band")
    assert path(picture, "x_pt")


def test_a_level_without_a_value_has_results_and_no_scores():
    assert scores_picture(HG) is None
    picture = results_picture(HG)
    assert not path(picture, "x_pt")
    assert set(picture.marks) == set(LABS) - {"Q08"}
    assert youden_picture(S1, HG) is None


def test_the_density_is_of_what_the_statistics_are_made_of():
    picture = density_picture(S2)
    assert path(picture, "rug").count("M") == 11  # the blunder of Q11 is left out
    assert picture.notes
    assert "Q11" in picture.marks


def test_youden_has_a_dot_a_laboratory_in_both_and_an_ellipse():
    picture = youden_picture(S1, S2)
    assert sum(d.count("M") for name, d in picture.paths if name.startswith("dot")) == 12
    assert path(picture, "ellipse")
    assert set(picture.marks) == set(LABS)


def test_replicates_give_mandel_and_repeatability_and_single_results_do_not():
    h, k = mandel_pictures(S1)
    assert sum(d.count("Z") for name, d in h.paths if name.startswith("bar")) == 12
    assert next(text for _, text in k.rows).startswith("0")
    assert repeatability_picture(S1)
    assert mandel_pictures(S2) is None
    assert repeatability_picture(S2) is None


def test_the_trend_has_a_column_a_round_and_a_dot_a_score():
    found = trend([ROUND, EARLIER], "Q00", "Pb")
    assert found.rounds == ("PT-0", "PT-1")
    picture = trend_picture(found, [2, 3], 3)
    assert [name for _, name in picture.columns] == ["PT-0", "PT-1"]
    assert sum(d.count("M") for name, d in picture.paths if name.startswith("dot")) == 4
    assert trend_picture(trend([ROUND], "Q00", "Hg"), [2, 3], 3) is None


@pytest.mark.parametrize("text", ["10", "0", "-5"])
def test_equal_results_are_drawn_too(text):
    given = [row(lab, "Pb", level, text) for lab in LABS for level in ("S1", "S2")]
    own = SCHEME.replace(
        'method = "fixed", sigma_pt = "0.4"', 'method = "round", lower = "1", upper = "2"', 1
    )
    one, other = scored(own, given).levels
    assert one.ruler is None
    assert results_picture(one)
    assert density_picture(one)
    fixed = SCHEME.replace('"algorithm_a"', '"reference", x_pt = "10"')
    one, other = scored(fixed, given).levels
    for picture in (scores_picture(one), results_picture(one), density_picture(one),
                    youden_picture(one, other)):  # fmt: skip
        assert "nan" not in "".join(d for _, d in picture.paths)


def test_two_laboratories_and_one_are_drawn_as_far_as_they_go():
    fixed = SCHEME.replace('"algorithm_a"', '"reference", x_pt = "10"')
    (one,) = scored(fixed, [row("Q00", "Pb", "S1", "10")]).levels
    assert scores_picture(one)
    assert density_picture(one) is None
    assert mandel_pictures(one) is None


def test_many_laboratories_are_drawn_without_names():
    given = [row(f"Q{i:03d}", "Pb", "S1", f"{10 + i / 100:.2f}") for i in range(61)]
    (one,) = scored(SCHEME, given).levels
    assert scores_picture(one).names == ()
    assert results_picture(one).names == ()
    assert len(scores_picture(one).marks) == 61


def test_the_last_limit_is_that_of_the_worst_grade_of_two_as_of_three():
    (level,) = uncertain("14").levels
    kinds = [[name for name, d in scores_picture(one).paths if name.startswith("limit") and d]
             for one in (level, S1)]  # fmt: skip
    assert kinds == [["limit0", "limit2"], ["limit0", "limit1", "limit2"]]
