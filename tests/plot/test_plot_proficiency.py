"""The pictures of a round hold what its levels hold, in both languages."""

import matplotlib as mpl
import numpy as np
import pandas as pd
import pytest
from matplotlib.figure import Figure

from fairlot import plot
from fairlot._base.errors import FairlotError, InvalidInput
from fairlot.plot import words
from fairlot.proficiency import Scheme, mandel, repeatability, score_round, trend, youden

mpl.use("agg")

SCHEME = """
spec = "fairlot.pt/v1"
provider = "example provider"
round = "PT-1"
title = "lead"
issued = 2026-06-30
[[measurands]]
name = "Pb"
unit = "mg/kg"
value = { method = "reference", x_pt = "10", u = "0.05" }
sigma = { method = "fixed", sigma_pt = "0.5" }
"""
VALUES = ("10.1", "9.8", "11.2", "8.1", "10.0", "<11", "10.4", "900")


def scored(scheme=SCHEME):
    labs = [f"L{i}" for i in range(len(VALUES))]
    rows = {"lab": labs, "measurand": "Pb", "value": VALUES, "U": "0.3", "k": "2"}
    return score_round(pd.DataFrame(rows), Scheme.parse(scheme))


ROUND = scored()
LEVEL = ROUND.levels[0]
CELLS = dict(
    zip("ABCDE", [[1.0, 1.2], [1.1, 1.2], [1.0, 1.1], [1.1, 1.3], [1.8, 1.9]], strict=True)
)


def axis():
    return Figure().subplots()


def test_a_bar_a_score_in_the_colour_and_hatch_of_its_grade():
    ax = plot.scores(LEVEL, axis(), lab="L2")
    assert [bar.get_height() for bar in ax.patches] == pytest.approx(
        [-3.8, -0.4, 0, 0.2, 0.8, 2.4, 1780]
    )
    assert [bar.get_hatch() for bar in ax.patches] == ["xxx", "", "", "", "", "///", "xxx"]
    assert [label.get_text() for label in ax.get_xticklabels()] == [
        "L3", "L1", "L4", "L0", "L6", "L2", "L7"]  # fmt: skip
    assert ax.get_ylim() == (-6, 6)
    ring = ax.lines[-1]
    assert (ring.get_xdata()[0], ring.get_ydata()[0]) == (5, pytest.approx(2.4))


def test_results_stand_in_order_with_what_was_reported_of_their_uncertainty():
    ax = plot.results(LEVEL, axis())
    points = [line for line in ax.lines if line.get_marker() in ("o", "v", "*")]
    assert [line.get_ydata()[0] for line in points] == [
        8.1, 9.8, 10, 10.1, 10.4, 11, 11.2, 12.09]  # fmt: skip
    assert "".join(line.get_marker() for line in points) == "ooooovo*"
    flat = {line.get_ydata()[0] for line in ax.lines if len(line.get_ydata()) == 2}
    assert flat == {8.5, 9.0, 10.0, 11.0, 11.5}


def test_the_density_is_one_and_its_modes_are_marked():
    ax = plot.density(LEVEL, axis(), h=0.2)
    curve, rug, modes = ax.lines[:3]
    assert np.trapezoid(curve.get_ydata(), curve.get_xdata()) == pytest.approx(1, abs=0.02)
    assert len(rug.get_xdata()) == 6  # neither the limit nor the blunder
    assert modes.get_xdata()[0] == pytest.approx(8.1)
    assert ax.lines[3].get_xdata()[0] == 10


def test_a_level_without_a_value_is_drawn_without_limits():
    experts = SCHEME.replace(
        'method = "reference", x_pt = "10", u = "0.05"', 'method = "experts", labs = ["L0", "L9"]'
    )
    (level,) = scored(experts).levels
    assert level.ruler is None
    assert not list(plot.scores(level, axis()).patches)
    points = [
        line for line in plot.results(level, axis()).lines if line.get_marker() in ("o", "v", "*")
    ]
    assert len(points) == len(VALUES)
    assert plot.density(level, axis()).lines


def test_one_number_has_no_density():
    table = pd.DataFrame({"lab": ["L0"], "measurand": "Pb", "value": ["10"]})
    (level,) = score_round(table, Scheme.parse(SCHEME)).levels
    assert [line.get_label() for line in plot.density(level, axis()).lines] == ["assigned value"]


def test_limits_of_z_prime_are_those_of_its_own_unit():
    wide = SCHEME.replace('u = "0.05"', 'u = "0.3"').replace(
        'unit = "mg/kg"', 'unit = "mg/kg"\nscore = "z_prime"'
    )
    (level,) = scored(wide).levels
    unit = (0.5**2 + 0.3**2) ** 0.5
    ax = plot.results(level, axis())
    flat = {round(line.get_ydata()[0], 9) for line in ax.lines if len(line.get_ydata()) == 2}
    assert flat == {10.0, *(round(10 + k * unit, 9) for k in (-3, -2, 2, 3))}


def test_youden_is_its_points_and_its_ellipse():
    x, y = np.arange(6.0), np.array([0.2, 0.9, 2.1, 2.8, 4.2, 5.0])
    ax = plot.youden(x, y, axis())
    assert ax.lines[2].get_ydata().tolist() == y.tolist()
    np.testing.assert_array_equal(ax.lines[3].get_data(), youden(x, y).ellipse())


@pytest.mark.parametrize(("of", "lines"), [("h", 4), ("k", 2)])
def test_mandel_is_a_bar_a_laboratory_and_its_lines(of, lines):
    found = mandel(CELLS)
    ax = plot.mandel(found, axis(), of=of)
    assert [bar.get_height() for bar in ax.patches] == getattr(found, of).tolist()
    assert len(ax.lines) == lines


def test_repeatability_is_its_points_and_two_limits():
    found = repeatability(CELLS)
    ax = plot.repeatability(found, axis())
    assert ax.lines[0].get_ydata().tolist() == found.s.tolist()
    np.testing.assert_array_equal(ax.lines[1].get_data(), found.limit(0.05))
    np.testing.assert_array_equal(ax.lines[2].get_data(), found.limit(0.01))


def test_a_trend_is_a_column_a_round():
    later = scored(SCHEME.replace("PT-1", "PT-2").replace("2026", "2027"))
    ax = plot.trend(trend([later, ROUND], "L2", "Pb"), axis())
    assert [label.get_text() for label in ax.get_xticklabels()] == ["PT-1", "PT-2"]
    assert ax.lines[0].get_ydata().tolist() == pytest.approx([2.4, 2.4])


def has_chinese():
    try:
        words.font("zh")
    except FairlotError:
        return False
    return True


PICTURES = {
    "scores": lambda ax, lang: plot.scores(LEVEL, ax, lang=lang),
    "results": lambda ax, lang: plot.results(LEVEL, ax, lang=lang),
    "density": lambda ax, lang: plot.density(LEVEL, ax, lang=lang),
    "youden": lambda ax, lang: plot.youden(range(5), range(5), ax, lang=lang),
    "repeatability": lambda ax, lang: plot.repeatability(repeatability(CELLS), ax, lang=lang),
    "trend": lambda ax, lang: plot.trend(trend([ROUND], "L2", "Pb"), ax, lang=lang),
}


@pytest.mark.skipif(not has_chinese(), reason="no font with Chinese characters is installed")
@pytest.mark.parametrize("picture", PICTURES.values(), ids=PICTURES)
def test_chinese_words_in_a_font_that_has_them(picture):
    ax = picture(axis(), "zh")
    assert any("\u4e00" <= letter <= "\u9fff" for letter in ax.get_ylabel())
    assert ax.yaxis.label.get_fontproperties().get_name() in words.CHINESE


@pytest.mark.parametrize("picture", [*PICTURES.values(), lambda ax, lang: plot.mandel(
    mandel(CELLS), ax, lang=lang)])  # fmt: skip
def test_another_language_is_refused(picture):
    with pytest.raises(InvalidInput, match="lang is 'fr'; want one of en, zh"):
        picture(axis(), "fr")
