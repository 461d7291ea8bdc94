"""The pictures hold what the results say, in both languages."""

import matplotlib as mpl
import numpy as np
import pytest
from matplotlib.figure import Figure

from fairlot import plot
from fairlot._base.errors import FairlotError, InvalidInput
from fairlot.plot import words
from fairlot.sampling import audit_design, joint_probabilities, poisson

mpl.use("agg")

PI = np.array([0.2, 0.5, 0.3, 0.6, 0.4])
AUDIT = audit_design(poisson, PI, 100, np.random.default_rng(1))


def axis():
    return Figure().subplots()


def has_chinese():
    try:
        words.font("zh")
    except FairlotError:
        return False
    return True


def test_a_point_for_each_unit_at_its_deviation():
    ax = plot.frequencies(AUDIT, axis())
    points = ax.lines[-1].get_xydata()
    assert points.tolist() == np.column_stack([PI, AUDIT.frequency - PI]).tolist()
    assert ax.get_title() == "poisson/1, 100 draws"


def test_the_band_holds_what_chance_allows():
    ax = plot.frequencies(AUDIT, axis())
    corners = ax.collections[0].get_paths()[0].vertices
    at_half = corners[np.isclose(corners[:, 0], 0.5), 1]
    # Binomial(100, 1/2): 0.05 % lie below 34 and 0.05 % above 66.
    assert sorted(np.unique(np.round(at_half, 9))) == pytest.approx([-0.16, 0.16])


def test_a_joint_matrix_is_shown_over_the_products():
    joint = joint_probabilities(PI, design="conditional_poisson")
    shown = plot.joint(joint, axis()).images[0].get_array()
    i, j = np.triu_indices(5, 1)
    assert np.asarray(shown)[i, j] == pytest.approx(joint.values[i, j] / (PI[i] * PI[j]))
    assert np.isnan(np.diag(np.asarray(shown).astype(float))).all()


def test_pairs_that_never_come_together_are_black():
    joint = joint_probabilities(PI, design="pivotal")
    black = np.asarray(plot.joint(joint, axis()).images[1].get_array())
    assert ((black == 1) == (joint.values == 0)).all()
    assert (joint.values == 0).any()


@pytest.mark.skipif(not has_chinese(), reason="no font with Chinese characters is installed")
def test_chinese_words_in_a_font_that_has_them():
    ax = plot.frequencies(AUDIT, axis(), lang="zh")
    assert ax.get_xlabel() == "入样概率"
    assert ax.xaxis.label.get_fontproperties().get_name() in words.CHINESE


def test_without_a_chinese_font_it_says_so(monkeypatch):
    monkeypatch.setattr(words, "CHINESE", ("No Such Font",))
    words.font.cache_clear()
    with pytest.raises(FairlotError, match="no font with Chinese characters") as caught:
        plot.frequencies(AUDIT, axis(), lang="zh")
    words.font.cache_clear()
    assert "未安装" in caught.value.text("zh")


def test_impossible_units_are_no_pairs_that_avoid_each_other():
    matrix = joint_probabilities([0.5, 0.5, 0.0], design="conditional_poisson")
    ax = plot.joint(matrix, axis())
    black = np.asarray(ax.images[1].get_array())
    assert (black == 1).tolist() == [[False, True, False], [True, False, False], [False] * 3]


def test_refusals():
    with pytest.raises(InvalidInput, match="lang is 'fr'; want one of en, zh"):
        plot.frequencies(AUDIT, axis(), lang="fr")
    pairs = joint_probabilities(PI, design="pivotal", pairs=([0], [1]))
    with pytest.raises(InvalidInput, match=r"matrix has shape \(1,\); want a square one"):
        plot.joint(pairs, axis())
